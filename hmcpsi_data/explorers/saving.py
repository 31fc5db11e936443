"""What can be taken away from an explorer: code that runs, files, and citations."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.formats import workbook
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, as_record

__all__ = ["call", "citation", "file_name", "runnable", "table_bytes"]

_FEW, _CITED = 6, 20  # sources that a citation names by titles; values that it cites one by one
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # a spreadsheet computes these
_ROOMS = ("assessment", "explorers", "pictures", "show")


def call(function: str, *, record: Record | None = None, **arguments: Any) -> str:
    """A call as a person would write it, without the arguments that filter nothing.

    Examples
    --------
    >>> call("hd.ratings", area=None, rating=["Poor"], critical=None)
    "hd.ratings(rating='Poor')"
    """
    if record is not None and record.folder != as_record(None).folder:
        arguments["record"] = os.fspath(record.folder)
    parts = []
    for name, value in arguments.items():
        if value is not None and value not in ("", []):
            one = value[0] if isinstance(value, list) and len(value) == 1 else value
            parts.append(f"{name}={one!r}")
    return f"{function}({', '.join(parts)})"


def runnable(code: str) -> str:
    """A call with the imports before it, so that it runs where it is pasted."""
    named = {"pd": "import pandas as pd", "hd": "import hmcpsi_data as hd"}
    lines = [line for name, line in named.items() if re.search(rf"\b{name}\.", code)]
    rooms = [room for room in _ROOMS if re.search(rf"\b{room}\.", code)]
    lines += [f"from hmcpsi_data import {', '.join(rooms)}"] if rooms else []
    return "\n".join([*lines, "", code]) if lines else code


def table_bytes(kind: str, frame: pd.DataFrame, title: str) -> bytes:
    """The frame as "csv", in which nothing is computed, or as "xlsx" under a title."""
    if kind == "csv":
        safe = frame.copy()
        for column in safe.select_dtypes(["object", "string"]).columns:
            texts = safe[column].astype("string")
            safe[column] = texts.mask(texts.str.match(_FORMULA).fillna(False), "'" + texts)
        return safe.to_csv(index=False, lineterminator="\r\n").encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        workbook(path, {"Table": (title, frame)}, "Selected: what an explorer showed.")
        return path.read_bytes()


def file_name(title: str, suffix: str) -> str:
    """A plain file name, such as hmcpsi-ratings.csv."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"hmcpsi-{words[:60].strip('-')}.{suffix}"


def citation(
    title: str,
    frame: pd.DataFrame,
    record: Record,
    values: Callable[[pd.DataFrame], pd.Series] | None = None,
) -> str:
    """A citation of what is shown: each value with publisher, date, line and address, and the data.

    Of more values than a person cites, the sources instead: a few by their titles, of many how
    many they are.
    """
    about = package()
    date = about["created"][:10]
    whole = (
        f"The hmcpsi_data contributors ({date[:4]}). {title.rstrip('.')}. In: {about['title']}, "
        f"version {about['version']}, data of {date}."
    )
    if values is not None and 0 < len(frame) <= _CITED:
        parts = (values(frame), citations(frame, record), addresses(frame, record))
        rows = zip(*(part.astype("string").fillna("") for part in parts), strict=True)
        lines = ["; ".join(part for part in row if part) + "." for row in rows]
        return "\n".join([*lines, f"{whole} {about['attribution']}"])
    cells = [frame[column].dropna() for column in frame if str(column).endswith("source_id")]
    ids = pd.concat(cells).str.split("; ").explode().unique() if cells else []
    named = [f"{len(ids)}, named in each row of the table"]
    if len(ids) <= _FEW:
        titles = record.table("sources").set_index("source_id")["title"]
        named = [str(titles.get(one, one)).rstrip(".") for one in ids]
    sources = f" Sources: {'; '.join(named)}." if named else ""
    return f"{whole}{sources} {about['attribution']}"
