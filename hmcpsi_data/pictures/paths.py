"""The path of an Area, inspection by inspection, with a break where yardstick or unit changes."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.pictures.counting import sources
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tiles import tile_table
from hmcpsi_data.views import ratings
from hmcpsi_data.wording import BASES, SPEAKERS, Folder

__all__ = ["path_picture"]

_WHEN, _WHERE, _TILE, _BREAK = 110.0, 210.0, 96.0, 30.0
_TEXT = MARGIN + _WHEN + _WHERE + _TILE + 20


def path_picture(
    steps: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """The inspections of an Area one below the other, never joined by a line.

    Parameters
    ----------
    steps : pandas.DataFrame
        What `hmcpsi_data.path.area_path` returns.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `load`.

    Returns
    -------
    Picture
        The overall rating stands in a tile; where there is none its place says so. Between two
        inspections of another framework or another unit stands a labelled break.

    Examples
    --------
    >>> from hmcpsi_data.path import area_path
    >>> print(path_picture(area_path("Gwent")).words)
    2010-02, Gwent, AEI 2008-10: overall Poor. 2011-04-01: Dyfed-Powys, Gwent, North Wales and \
South Wales merged into Cymru-Wales. Break: other framework and other unit, not a trend. \
2016-08-17, Cymru-Wales, Area Assurance pilots 2016: 7 criteria: Poor 1, Fair 3, Good 2, \
Excellent 1; 2 pilot scores: Fair 1, Good 1. Break: other framework, not a trend. 2021-10, \
Cymru-Wales, Area inspection 2022: Code compliant cases (magistrates' courts): 100%, baseline \
2021-22; Code compliant cases (RASSO): 100%, baseline 2021-22; Code compliant cases (Crown \
Court): 91.7%, baseline 2021-22.
    """
    rows = steps.astype(object).where(steps.notna(), None).to_dict("records")
    words = " ".join(filter(None, map(_told, rows))) or "No step is known."
    first = rows[0]["area"] if rows else "Nothing"
    breaks = sum(bool(row["changed"]) for row in rows)
    title = title or f"{first}: {breaks} break{'s' * (breaks != 1)} in the path, no direction"
    subtitle = subtitle or (
        "What is known at each inspection, in the order of time. A dashed line is a break: another "
        "framework or another unit."
    )
    rated = ratings(folder=folder)
    rated = rated.loc[rated["inspection_id"].isin(steps["inspection_id"]), ["n_sources"]]
    source = source or sources(_sourced(rows), rated, folder=folder)
    with styled():
        figure = _draw(rows, (title, subtitle, source))
    frame = pd.DataFrame(
        [
            (
                row["when"],
                row["area"],
                row["framework"] or "change of borders",
                row["overall"] or "",
                row["what"] or "",
                _said(row),
                row["changed"] or "",
            )
            for row in rows
        ],
        columns=["When", "Unit", "Framework", "Overall", "What else", "Said by", "Changed"],
    )
    table = tile_table(frame, title, "", source, row_headers=2)
    return Picture(figure, title, subtitle, words, table, source)


def _sourced(rows: list[dict]) -> pd.DataFrame:
    ids = [one for row in rows for one in str(row["source_id"]).split("; ")]
    return pd.DataFrame({"source_id": pd.array(ids, dtype="string")})


def _told(row: dict) -> str:
    broken = f"Break: {row['changed']}, not a trend. " if row["changed"] else ""
    overall = f"overall {row['overall']}" if row["overall"] else ""
    what = "; ".join(filter(None, (overall, row["what"])))
    where = f", {row['area']}, {row['framework']}" if row["framework"] else ""
    return f"{broken}{row['when']}{where}: {what}."


def _said(row: dict) -> str:
    speakers = ", ".join(SPEAKERS[one] for one in str(row["speaker"]).split("; "))
    bases = [BASES[one] for one in str(row["basis"]).split("; ") if one != "stated"]
    return f"{speakers}{f' ({chr(44).join(bases)})' if bases else ''}"


def _lines(row: dict) -> tuple[str, ...]:
    """What stands beside the tile: the counts or numbers, then who says so."""
    room = WIDTH - MARGIN - _TEXT
    told = filter(None, (row["what"] or "").split("; "))
    parts = [text for part in told for text in wrap(part, room, NOTE)]
    return (*parts, *wrap(f"said by: {_said(row)}", room, NOTE))


def _high(row: dict) -> float:
    where = wrap(f"{row['area']}, {row['framework'] or 'borders'}", _WHERE - 12, LABEL, True)
    return max(34.0, len(_lines(row)) * line(NOTE), len(where) * line(LABEL)) + 14


def _draw(rows: list[dict], texts: tuple[str, str, str]) -> Figure:
    breaks = sum(bool(row["changed"]) for row in rows)
    page = Page(*texts, sum(map(_high, rows)) + breaks * _BREAK + 8)
    y = page.top
    for row in rows:
        if row["changed"]:
            label = f"{row['changed']}: not a trend"
            page.text(MARGIN, y + _BREAK / 2, label, WORD, bold=True, name="break label")
            start = MARGIN + width(label, WORD, True) + 10
            ends = [(start, y + _BREAK / 2), (WIDTH - MARGIN, y + _BREAK / 2)]
            page.line(ends, "break", style=(0, (5, 4)), thick=1.4)
            y += _BREAK
        high = _high(row)
        middle = y + high / 2
        page.block(MARGIN, middle, wrap(row["when"], _WHEN - 8, LABEL), name="when")
        if row["framework"]:
            where = wrap(f"{row['area']}, {row['framework']}", _WHERE - 12, LABEL, True)
            page.block(MARGIN + _WHEN, middle, where, bold=True, name="where")
            left = MARGIN + _WHEN + _WHERE
            if row["overall"]:
                page.tile(left, middle - 16, _TILE, 32, row["overall"])
            else:
                none = wrap("no overall rating", _TILE - 6, NOTE)
                page.block(left + _TILE / 2, middle, none, NOTE, align="center", name="none")
            page.block(_TEXT, middle, _lines(row), NOTE, name="what")
        else:
            room = WIDTH - 2 * MARGIN - _WHEN
            page.block(MARGIN + _WHEN, middle, wrap(row["what"], room, LABEL), name="borders")
        y += high
    return page.figure
