"""The crosswalk as a picture: what an aspect of one set became in another.

All links have the same width, because a share is a pair of bounds and no quantity; what a link says
stands in its line style. What has no counterpart is shown in its place, with words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, width, wrap
from hmcpsi_data.pictures.looks import Look
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import tile_table
from hmcpsi_data.wording import Folder, counted

__all__ = ["crosswalk_picture"]

# relation: its words, its line style, in the order of the legend
RELATIONS = {
    "equal": ("equal", "-"),
    "source_within_target": ("old lies within new", (0, (6, 2.5))),
    "source_contains_target": ("old contains new", (0, (8, 2, 1.5, 2))),
    "overlaps": ("overlap", (0, (1.2, 1.6))),
    "undetermined": ("undetermined", (0, (1.2, 5))),
}
_ABSENT = {
    "no_counterpart": "no counterpart",
    "undetermined": "undetermined",
    "remainder": "part of it has no counterpart",
    "": "not declared",
}
_LABEL, _ROW_GAP, _THICK, _FAN = 290, 9, 1.7, 5.0
_LINK, _QUIET = "#12436D", "#8C8C8C"


def crosswalk_picture(
    frame: pd.DataFrame,
    *,
    aspect: str | None = None,
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """Two columns of aspects, in the order as printed, and the links between them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of a crosswalk between two sets, with at least `source_set`, `source_aspect_id`,
        `target_set`, `target_aspect_id`, `status`, `relation` and `confidence`.
    aspect : str, optional
        An aspect of either set whose links stand out from the others.
    labels : mapping, optional
        Labels of aspects that the table ``aspects`` does not know.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `hmcpsi_data.load`; for titles, scales and sources.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        Where the rows are of several pairs of sets.
    """
    frame = frame.astype(object).where(frame.notna(), "")
    pairs = frame[["source_set", "target_set"]].drop_duplicates()
    if len(pairs) > 1:
        told = "; ".join(f"{a} to {b}" for a, b in pairs.itertuples(index=False))
        raise ValueError(f"One picture shows one pair of sets, these rows are of several: {told}.")
    sets = next(pairs.itertuples(index=False, name=None), ("", ""))
    titles = load("aspect_sets", folder).set_index("set_id")["title"]
    sides = [
        _aspects(frame, side, set_id, labels or {}, folder)
        for side, set_id in zip(("source", "target"), sets, strict=True)
    ]
    links = frame[(frame["source_aspect_id"] != "") & (frame["target_aspect_id"] != "")]
    absent = _absent(frame, sides)
    words = _in_words(links, sides, absent)
    title = title or _headline(links, sides)
    names = [str(titles.get(set_id, set_id)) for set_id in sets]
    subtitle = subtitle or f"From: {names[0]}. To: {names[1]}. The length of a link means nothing."
    source = (
        source or "The links are this project's judgement; the data justify each in a sentence."
    )
    with styled():
        figure = _draw(sides, names, links, absent, aspect, (title, subtitle, source))
    both = sides[0] | sides[1]
    shown = pd.DataFrame(
        {
            "Old": [both.get(k, "") for k in frame["source_aspect_id"]],
            "Relation": [
                RELATIONS[relation][0] if relation in RELATIONS else _ABSENT.get(status, status)
                for relation, status in zip(frame["relation"], frame["status"], strict=True)
            ],
            "New": [both.get(k, "") for k in frame["target_aspect_id"]],
            "Confidence": frame["confidence"].tolist(),
        }
    )
    return Picture(figure, title, subtitle, words, tile_table(shown, title, "", source), source)


def _aspects(
    frame: pd.DataFrame, side: str, set_id: str, labels: Mapping[str, str], folder: Folder
) -> dict[str, str]:
    """The aspects of one set with their labels, in the order as printed."""
    known = load("aspects", folder)
    known = known[(known["set_id"] == set_id) & (known["level"] != "overall")]
    known = known.sort_values("position", kind="stable")
    named = dict(zip(known["aspect_id"], known["label"], strict=True))
    for key in frame[f"{side}_aspect_id"]:
        if key:
            named.setdefault(key, key)
    return {key: labels.get(key, label) for key, label in named.items()}


def _absent(frame: pd.DataFrame, sides: list[dict[str, str]]) -> dict[str, str]:
    """What an aspect lacks, in words; nothing where all of it is linked."""
    said: dict[str, str] = {}
    linked: set[str] = set()
    columns = ["source_aspect_id", "target_aspect_id", "status"]
    for old, new, status in frame[columns].itertuples(index=False):
        if old and new:
            linked |= {old, new}
        else:
            said[old or new] = _ABSENT.get(status, status)
    for key in [*sides[0], *sides[1]]:
        if key not in linked:
            said.setdefault(key, _ABSENT[""])
    return said


def _headline(links: pd.DataFrame, sides: list[dict[str, str]]) -> str:
    if not (sides[0] or sides[1]):
        return "No crosswalk is chosen"
    linked = set(links["source_aspect_id"])
    alone = sum(key not in linked for key in sides[0])
    equal = int((links["relation"] == "equal").sum())
    return (
        f"Of {counted(len(sides[0]), 'old aspect')}, {equal} "
        f"{'equals' if equal == 1 else 'equal'} a new one "
        f"and {alone} {'has' if alone == 1 else 'have'} no counterpart"
    )


def _in_words(links: pd.DataFrame, sides: list[dict[str, str]], absent: dict[str, str]) -> str:
    n = Counter(links["relation"])
    parts = [f"{words} {n[key]}" for key, (words, _) in RELATIONS.items() if n[key]]
    new = counted(len(sides[1]), "new aspect")
    said = [f"{counted(len(links), 'link')} from {len(sides[0])} old to {new}"]
    said[0] += f": {', '.join(parts)}." if parts else "."
    for side, name in zip(sides, ("old", "new"), strict=True):
        for words in dict.fromkeys(absent.values()):
            found = [label for key, label in side.items() if absent.get(key) == words]
            if found:
                said.append(f"{words.capitalize()}, {name} side, {len(found)}: {', '.join(found)}.")
    return " ".join(said)


def _draw(
    sides: list[dict[str, str]],
    names: list[str],
    links: pd.DataFrame,
    absent: dict[str, str],
    aspect: str | None,
    texts: tuple[str, str, str],
) -> Figure:
    pairs = links[["source_aspect_id", "target_aspect_id"]].itertuples(index=False, name=None)
    chosen = {aspect}.union(*({*pair} for pair in pairs if aspect in pair))
    lines = {k: wrap(v, _LABEL, bold=k in chosen) for side in sides for k, v in side.items()}
    high = {
        key: len(lines[key]) * line(LABEL) + (line(NOTE) + 6) * (key in absent) + 8 for key in lines
    }
    heads = [wrap(name, _LABEL, WORD, True) for name in names]
    top = max((len(head) for head in heads), default=0) * line(WORD) + 12
    tall = [sum(high[key] + _ROW_GAP for key in side) for side in sides]
    legend = 40
    page = Page(*texts, legend + top + max(tall))
    _legend(page, set(links["relation"]))
    middles: dict[str, float] = {}
    for n, (side, head) in enumerate(zip(sides, heads, strict=True)):
        left = MARGIN if n == 0 else WIDTH - MARGIN - _LABEL
        y = page.top + legend + len(head) * line(WORD) / 2
        page.block(left, y, head, WORD, bold=True, name="set")
        slack = (max(tall) - tall[n]) / max(len(side), 1)
        y = page.top + legend + top
        for key in side:
            middles[key] = y + (high[key] + slack) / 2
            _place(page, left, middles[key], lines[key], absent.get(key), key in chosen)
            y += high[key] + slack + _ROW_GAP
    _links(page, links, middles, aspect)
    return page.figure


def _links(page: Page, links: pd.DataFrame, middles: dict[str, float], aspect: str | None) -> None:
    """The links; those of one aspect leave it side by side, in the order of their other ends."""
    rows = list(links[["source_aspect_id", "target_aspect_id", "relation"]].itertuples(index=False))
    ends: list[dict[tuple[str, str], float]] = [{}, {}]
    for n in (0, 1):
        for key in {row[n] for row in rows}:
            own = sorted((row for row in rows if row[n] == key), key=lambda r: middles[r[1 - n]])
            for place, row in enumerate(own):
                ends[n][row[0], row[1]] = middles[key] + (place - (len(own) - 1) / 2) * _FAN
    for old, new, relation in rows:
        stands_out = aspect in (None, old, new)
        page.curve(
            (MARGIN + _LABEL + 8, ends[0][old, new]),
            (WIDTH - MARGIN - _LABEL - 8, ends[1][old, new]),
            f"link {relation} {old} {new}",
            style=RELATIONS.get(relation, RELATIONS["undetermined"])[1],
            thick=_THICK,
            colour=_LINK if stands_out else _QUIET,
            above=aspect is not None and stands_out,
        )


def _place(
    page: Page, left: float, mid: float, lines: tuple[str, ...], tag: str | None, bold: bool
) -> None:
    """A label, and below it a hatched tag that says what it lacks."""
    high = len(lines) * line(LABEL)
    below = line(NOTE) + 6 if tag else 0
    page.block(left, mid - below / 2, lines, bold=bold, name="label")
    if tag:
        wide = width(tag, NOTE) + 12
        y = mid - below / 2 + high / 2 + 2
        page.box(left, y, wide, line(NOTE) + 2, Look(hatch="///", edge="--"), f"tag {tag}")
        page.text(left + 6, y + line(NOTE) / 2 + 1, tag, NOTE, name="absent")


def _legend(page: Page, used: set[str]) -> None:
    x = float(MARGIN)
    for relation, (words, style) in RELATIONS.items():
        if relation == "undetermined" and relation not in used:
            continue
        y = page.top + 8
        ends = [(x, y), (x + 44, y)]
        page.line(ends, f"legend {relation}", style=style, thick=_THICK, colour=_LINK)
        page.text(x + 52, y, words, WORD, name="legend")
        x += 52 + width(words, WORD) + 24
