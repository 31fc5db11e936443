"""Crosswalks as the bytes of a file that a person saves, sends on, and opens again.

A CSV file is likely to be opened in a spreadsheet, which would compute a text that begins like a
formula. Such a text gets an apostrophe in front when it is saved, and loses it when it is opened,
as by `Crosswalk.to_csv` and `Crosswalk.from_csv`; so what was saved comes back as it was. An SSSOM
file is written as its standard has it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_cells import LONGEST_CELL
from hmcpsi_data.crosswalk_table import SOURCE, TARGET, shielded
from hmcpsi_data.errors import CrosswalkError, HmcpsiError, quote

__all__ = ["opened", "saved"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # spreadsheets write one
_SHOWN = 5  # faults of a file that are told, of perhaps thousands


def saved(crosswalk: Crosswalk, kind: str) -> bytes:
    """The file of a crosswalk.

    Parameters
    ----------
    crosswalk : Crosswalk
        Valid, if it is to be SSSOM.
    kind : {"csv", "sssom"}
        CSV with the columns of the table ``crosswalk``, or SSSOM as a table with tabs.

    Examples
    --------
    >>> saved(Crosswalk.load("opa_2005", "opa_2007"), "csv")[:35]
    b'crosswalk_id,source_set,source_aspe'
    """
    if kind == "csv":
        frame = shielded(crosswalk.to_frame())
        return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crosswalk.sssom.tsv"
        crosswalk.to_sssom(path)
        return path.read_bytes()


def opened(
    name: str, data: bytes, aspects: pd.DataFrame, folder: str | Path | None = None
) -> Crosswalk:
    """The crosswalk in a file, CSV or SSSOM by what it looks like.

    It need not be valid, since it can be mended; but it must be about one pair of sets that are
    known.

    Parameters
    ----------
    name : str
        What the file is called, for the error.
    data : bytes
        Its content.
    aspects : pandas.DataFrame
        The aspects that are known, as for `Crosswalk`.
    folder : path, optional
        As for `load`.

    Raises
    ------
    HmcpsiError
        Where it cannot be read, with what is wrong with it.

    Examples
    --------
    >>> from hmcpsi_data import load
    >>> shipped = Crosswalk.load("opa_2005", "opa_2007")
    >>> found = opened("mine.csv", saved(shipped, "csv"), load("aspects"))
    >>> found.to_frame().equals(shipped.to_frame())
    True
    """
    data = data.removeprefix(_BYTE_ORDER_MARK)
    first = data.lstrip()[:1000].partition(b"\n")[0]
    is_sssom = first.startswith(b"#") or b"\t" in first
    read = Crosswalk.from_sssom if is_sssom else Crosswalk.from_csv
    frame = _read(read, _plain_name(name), data)
    _refuse(frame, aspects)
    return Crosswalk(frame, folder, aspects)


def _read(read: Callable[[Path], Crosswalk], name: str, data: bytes) -> pd.DataFrame:
    """The table in a file; of its faults, the first few."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            return read(path).to_frame()
        except CrosswalkError as error:
            more = len(error.problems) - _SHOWN
            told = CrosswalkError(error.fault, error.problems.head(_SHOWN), error.counted)
            rest = f"\n  and {more} more" if more > 0 else ""
            raise HmcpsiError(f"{quote(name)} was not opened. {told}{rest}") from None
        except HmcpsiError as error:
            raise HmcpsiError(f"{quote(name)} was not opened. {error}") from None


def _refuse(frame: pd.DataFrame, aspects: pd.DataFrame) -> None:
    """Refuse what cannot be shown, or mended row by row."""
    pairs = frame[["source_set", "target_set"]].drop_duplicates()
    told = [f"{quote(a)} to {quote(b)}" for a, b in pairs.fillna("").itertuples(index=False)]
    if len(told) != 1:
        some = f": {'; '.join(told[:_SHOWN])}" if told else ""
        raise HmcpsiError(f"The file is about {len(told)} pairs of sets{some}. Keep one of them.")
    sizes = [int(aspects["set_id"].eq(set_id).sum()) for set_id in pairs.iloc[0].fillna("")]
    if not all(sizes):
        remedy = 'load("aspect_sets") lists all sets; with others, use Crosswalk(frame, aspects).'
        raise HmcpsiError(f"The file joins {told[0]}, and one of these sets is not known. {remedy}")
    most = (sizes[0] + 1) * (sizes[1] + 1)
    if len(frame) > most:
        raise HmcpsiError(f"The file has {len(frame)} rows; between these sets {most} are enough.")
    texts = frame.select_dtypes("string")
    longest = texts.apply(lambda column: column.str.len()).max()
    if longest.max() > LONGEST_CELL:
        column = longest.idxmax()
        raise HmcpsiError(f"A cell of {column} is longer than {LONGEST_CELL} letters. Shorten it.")
    for row in frame.loc[frame[SOURCE].isna() & frame[TARGET].isna()].index[:1]:
        raise HmcpsiError(f"Row {row} names no aspect at all. Name one, or take the row away.")


def _plain_name(name: str) -> str:
    """A name that any folder takes."""
    plain = re.sub(r"[^\w.-]+", "_", Path(name).name, flags=re.ASCII)
    return plain[-60:].lstrip(".") or "file"
