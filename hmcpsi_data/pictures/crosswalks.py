"""The crosswalk as a picture: what became of the aspects of an old set.

All links have the same width, because a share is a pair of bounds and no quantity; what a link says
stands in its line style.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.palette import Look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, line, width, wrap
from hmcpsi_data.pictures.page import LINK, MARGIN, QUIET, WIDTH, Page
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.sheet import Words, lines_told
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.words import RELATIONS, count_of

__all__ = ["crosswalk_picture"]

_STYLES: dict[str, Any] = dict(
    zip(RELATIONS, ("-", (0, (6, 2.5)), (0, (8, 2, 1.5, 2)), (0, (1.2, 1.6)), (0, (1.2, 5))),
        strict=True)
)  # fmt: skip
_ABSENT = {
    "no_counterpart": "no counterpart",
    "undetermined": "undetermined",
    "remainder": "part of it has no counterpart",
    "": "not declared",
}
_LABEL, _THICK, _FAN, _TAG = 290, 1.7, 5.0, line(NOTE) + 6
_LEFTS = (MARGIN, WIDTH - MARGIN - _LABEL)
_PAIR = [
    "source_set", "target_set", "source_aspect_id", "target_aspect_id", "status", "relation",
    "confidence",
]  # fmt: skip


def crosswalk_picture(
    crosswalk: Crosswalk | pd.DataFrame | tuple[str, str],
    *,
    aspect: str | None = None,
    record: RecordLike = None,
) -> Picture:
    """Two columns of aspects, in the order as printed, and the links between them.

    Parameters
    ----------
    crosswalk : Crosswalk, pandas.DataFrame or tuple of str
        A `hmcpsi_data.Crosswalk`, its rows, or the old and the new set.
    aspect : str, optional
        An aspect of either set whose links stand out from the others.
    record : Record or path, optional

    Raises
    ------
    HmcpsiError
        Where the rows are of several pairs of sets, or the aspect belongs to neither.

    Examples
    --------
    >>> crosswalk_picture(("opa_2005", "aap_2016_east_midlands")).title
    'Of 14 old aspects, 2 equal a new one and 5 have no counterpart'
    """
    record = as_record(record)
    if isinstance(crosswalk, tuple) and len(crosswalk) == 2:
        crosswalk = Crosswalk.load(*crosswalk, record=record)
    elif not isinstance(crosswalk, Crosswalk):
        rows = say.need(crosswalk, _PAIR, "Crosswalk.load(source, target)")
        pairs = rows[["source_set", "target_set"]].drop_duplicates()
        if len(pairs) > 1:
            told = "; ".join(f"{a} to {b}" for a, b in pairs.itertuples(index=False))
            raise HmcpsiError(f"A picture shows one pair of sets; these are several: {told}.")
        crosswalk = Crosswalk.from_frame(rows, record=record)
    aspects = [*crosswalk.labels[0], *crosswalk.labels[1]]
    if aspect is not None and str(aspect) not in aspects:
        raise UnknownValueError("aspect", aspect, aspects, 'load("aspects")')
    drawn = _Links(crosswalk, aspect)
    return Picture(
        title=drawn.headline(),
        subtitle=f"From: {drawn.names[0]}. To: {drawn.names[1]}. The length of a link means "
        "nothing.",
        source="The links are this project's judgement; the data justify each in a sentence.",
        words=drawn.sentences(),
        table=drawn.frame(),
        body=drawn,
        record=record,
    )


class _Links:
    """The aspects of two sets, where they stand, and what joins them."""

    width = WIDTH

    def __init__(self, crosswalk: Crosswalk, aspect: str | None) -> None:
        self.rows = crosswalk.to_frame()[_PAIR[2:]].astype("string").fillna("")
        self.aspect = aspect
        self.names = crosswalk.titles if len(self.rows) else ("nothing", "nothing")
        ends = (self.rows["source_aspect_id"], self.rows["target_aspect_id"])
        self.sides = [
            labels | {key: key for key in used if key and key not in labels}
            for labels, used in zip(crosswalk.labels, ends, strict=True)
        ]
        self.labels = self.sides[0] | self.sides[1]
        cells = zip(*ends, self.rows["relation"], strict=True)
        self.links = [(old, new, relation) for old, new, relation in cells if old and new]
        linked = {key for old, new, _ in self.links for key in (old, new)}
        self.absent = {key: _ABSENT[""] for key in self.labels if key not in linked} | {
            old or new: _ABSENT.get(status, status)
            for old, new, status in zip(*ends, self.rows["status"], strict=True)
            if not (old and new)
        }
        self.bold = {aspect}.union(*({a, b} for a, b, _ in self.links if aspect in (a, b)))
        self.lines = {key: wrap(s, _LABEL, bold=key in self.bold) for key, s in self.labels.items()}
        self.high = {
            key: len(lines) * line(LABEL) + _TAG * (key in self.absent) + 17
            for key, lines in self.lines.items()
        }
        used = {relation for *_, relation in self.links}
        told = {k: v for k, v in RELATIONS.items() if k != "undetermined" or k in used}
        self.legend = lines_told(told, _STYLES, _THICK)
        self.heads = [Words(name, _LABEL, WORD, bold=True, name="set") for name in self.names]
        self.head = self.legend.height + max(head.height for head in self.heads) + 12
        self.tall = max(sum(self.high[key] for key in side) for side in self.sides)
        self.height = self.head + self.tall

    def headline(self) -> str:
        if not self.sides[0]:
            return "No crosswalk is chosen"
        linked = {old for old, _, _ in self.links}
        alone = sum(key not in linked for key in self.sides[0])
        equal = sum(relation == "equal" for *_, relation in self.links)
        equals, have = "equals" if equal == 1 else "equal", "has" if alone == 1 else "have"
        old = count_of(len(self.sides[0]), "old aspect")
        return f"Of {old}, {equal} {equals} a new one and {alone} {have} no counterpart"

    def sentences(self) -> tuple[str, ...]:
        n = Counter(relation for *_, relation in self.links)
        parts = ", ".join(f"{n[key]} {words}" for key, words in RELATIONS.items() if n[key])
        new = count_of(len(self.sides[1]), "new aspect")
        said = f"{count_of(len(self.links), 'link')} from {len(self.sides[0])} old to {new}"
        told = [f"{said}: {parts}." if parts else f"{said}."]
        for side, name in zip(self.sides, ("old", "new"), strict=True):
            for words in dict.fromkeys(self.absent.values()):
                found = [label for key, label in side.items() if self.absent.get(key) == words]
                if found:
                    listing = ", ".join(found)
                    told.append(f"{words.capitalize()}, {name} side, {len(found)}: {listing}.")
        return tuple(told)

    def frame(self) -> pd.DataFrame:
        relations = zip(self.rows["relation"], self.rows["status"], strict=True)
        return pd.DataFrame(
            {
                "Old": [self.labels.get(key, "") for key in self.rows["source_aspect_id"]],
                "Relation": [RELATIONS.get(one) or _ABSENT.get(s, s) for one, s in relations],
                "New": [self.labels.get(key, "") for key in self.rows["target_aspect_id"]],
                "Confidence": self.rows["confidence"].tolist(),
            }
        )

    def draw(self, page: Page) -> None:
        self.legend.draw(page, MARGIN, page.top)
        middles: dict[str, float] = {}
        for side, head, left in zip(self.sides, self.heads, _LEFTS, strict=True):
            head.draw(page, left, page.top + self.legend.height, head.height)
            y = page.top + self.head
            slack = (self.tall - sum(self.high[key] for key in side)) / max(len(side), 1)
            for key in side:
                middles[key] = y + (self.high[key] - 9 + slack) / 2
                self._place(page, left, middles[key], key)
                y += self.high[key] + slack
        ends: list[dict[tuple[str, str], float]] = [{}, {}]
        for n in (0, 1):  # the links of an aspect leave it side by side, in the order of their ends
            for key in {link[n] for link in self.links}:
                own = [link for link in self.links if link[n] == key]
                own.sort(key=lambda link: middles[link[1 - n]])
                for place, link in enumerate(own):
                    off = (place - (len(own) - 1) / 2) * _FAN
                    ends[n][link[0], link[1]] = middles[key] + off
        for old, new, relation in self.links:
            ours = self.aspect in (None, old, new)
            start, end = (
                (_LEFTS[0] + _LABEL + 8, ends[0][old, new]),
                (_LEFTS[1] - 8, ends[1][old, new]),
            )
            style = _STYLES.get(relation, _STYLES["undetermined"])
            colour, above = LINK if ours else QUIET, self.aspect is not None and ours
            page.curve(start, end, f"link {relation} {old} {new}", style, _THICK, colour, above)

    def _place(self, page: Page, left: float, mid: float, key: str) -> None:
        """A label, and below it a hatched tag that says what it lacks."""
        lines, tag = self.lines[key], self.absent.get(key)
        mid -= _TAG / 2 if tag else 0
        page.block(left, mid, lines, bold=key in self.bold, name="label")
        if tag:
            y, drawn = mid + len(lines) * line(LABEL) / 2 + 2, Look(hatch="///", dashed=True)
            page.box(left, y, width(tag, NOTE) + 12, line(NOTE) + 2, drawn, f"tag {tag}")
            page.text(left + 6, y + line(NOTE) / 2 + 1, tag, NOTE, name="absent")
