"""Columns joined by links of one width: an old set of aspects and a new one, Areas through time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import pairwise, product
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.palette import INK, OUTLINE, Look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.words import RELATIONS, count_of, date_in_words, listed

_DASHED, _DOTTED = (0, (6, 2.5)), (0, (1.2, 1.6))
_STYLES: dict[str, Any] = {
    "equal": "-",
    "source_within_target": _DASHED,
    "source_contains_target": (0, (8, 2, 1.5, 2)),
    "overlaps": _DOTTED,
    "undetermined": (0, (1.2, 5)),
    "seen_verbatim": "-",
    "secondary": _DASHED,
    "same": _DOTTED,
}
# what an aspect lacks, by the status of its row, and by the column of coverage() that names it
_LACKS = {
    "no_counterpart": "no counterpart",
    "undetermined": "undetermined",
    "remainder": "part of it has no counterpart",
}
_NAMED = {"without": "no_counterpart", "undetermined": "undetermined", "remainder": "remainder"}
_LINEAGE = {
    "seen_verbatim": "named in a source",
    "secondary": "by elimination or second-hand",
    "same": "the same Area goes on",
}
_TAG, _FAMILY_GAP = paper.line(paper.NOTE) + 6, 8.0
_LACK = Look(hatch="///", dashed=True)


class _Link(NamedTuple):
    """What joins a label of one column to a label of the next, and what kind of link it is."""

    column: int
    old: str
    new: str
    kind: str


def _draw(
    page: paper.Page, heads: Sequence[Sequence[str]], families: Sequence[Sequence[Sequence[str]]],
    links: Sequence[_Link], labels: Mapping[str, str], kinds: Mapping[str, str], *, wide: float,
    pad: float, bold: Collection[str], tags: Mapping[str, str],
) -> float:  # fmt: skip
    """Columns of labels, in families that stand below each other, and the links between them.

    Bold labels stand out with the links between them; `tags` are what a label lacks, `wide` is the
    room of a label and `pad` that between two of them.
    """
    how: dict[str, Any] = {"thick": 1.7, "colour": paper.LINK}
    y = page.legend({kinds[k]: {"name": f"legend {k}", "style": _STYLES[k], **how} for k in kinds})
    step = (paper.WIDTH - 2 * paper.MARGIN - wide) / max(len(heads) - 1, 1)
    lefts = [paper.MARGIN + n * step for n in range(len(heads))]
    texts = [paper.Words(head, wide, paper.WORD, bold=True, name="head") for head in heads]
    y += page.row(y, dict(zip(lefts, texts, strict=True)), at=0) + 12
    words = {}
    for key, label in labels.items():
        ink = INK if not bold or key in bold else OUTLINE
        words[key] = paper.Words(label, wide, bold=key in bold, colour=ink, name="label")
    high = {key: text.height + _TAG * (key in tags) + pad for key, text in words.items()}
    places: dict[tuple[int, str], float] = {}
    edges = list(lefts)
    for family in families:
        tall = max(sum(high[key] for key in keys) for keys in family)
        for n, keys in enumerate(family):
            slack, top = (tall - sum(high[key] for key in keys)) / max(len(keys), 1), y
            for key in keys:
                places[n, key] = top + (high[key] + slack) / 2
                edge = places[n, key] - (high[key] - pad) / 2
                words[key].draw(page, lefts[n], edge)
                if tag := tags.get(key):
                    x, below = lefts[n], edge + words[key].height + 2
                    page.box(
                        x, below, paper.width(tag, paper.NOTE) + 12, _TAG - 4, _LACK, f"tag {tag}"
                    )
                    page.text(x + 6, below + _TAG / 2 - 2, tag, paper.NOTE, name="absent")
                top += high[key] + slack
                edges[n] = max(edges[n], lefts[n] + words[key].width + 8)
        y += tall + _FAMILY_GAP
    for n, old, new, kind in links:
        ours = old in bold and new in bold
        ends = (edges[n], places[n, old]), (lefts[n + 1] - 8, places[n + 1, new])
        how |= {"style": _STYLES.get(kind, _DOTTED), "curved": True, "above": ours}
        how["colour"] = paper.QUIET if bold and not ours else paper.LINK
        page.line(*ends, f"link {kind} {old} {new}", **how)
    return y


def crosswalk_picture(
    crosswalk: Crosswalk | tuple[str, str], *, aspect: str | None = None, record: RecordLike = None
) -> Picture:
    """Two columns of aspects, in the order as printed, and the links between them.

    Parameters
    ----------
    crosswalk : Crosswalk or tuple of str
        A valid `hmcpsi_data.Crosswalk`, or the old and the new set.
    aspect : str, optional
        An aspect of either set whose links stand out from the others.
    record : Record or path, optional

    >>> crosswalk_picture(("opa_2005", "aap_2016_east_midlands")).title
    'Of 14 old aspects, 2 equal to a new one and 5 without a counterpart'
    """
    record = as_record(record)
    if isinstance(crosswalk, tuple) and len(crosswalk) == 2:
        crosswalk = Crosswalk.load(*crosswalk, record=record)
    if not isinstance(crosswalk, Crosswalk):
        raise HmcpsiError(f"{quote(crosswalk)} is no crosswalk. Start from Crosswalk.load().")
    reach = crosswalk.coverage().to_dict("records")
    sides, names = crosswalk.labels, crosswalk.titles
    labels = sides[0] | sides[1]
    if aspect is not None and str(aspect) not in labels:
        raise UnknownValueError("aspect", aspect, list(labels), 'load("aspects")')
    columns = ["source_aspect_id", "target_aspect_id", "relation", "status", "confidence"]
    rows = crosswalk.to_frame()[columns].astype("string").fillna("")
    old, new, relation, status, confidence = (rows[name] for name in columns)
    linked = rows[old.ne("") & new.ne("")].iloc[:, :3]
    links = [_Link(0, *link) for link in linked.itertuples(index=False, name=None)]
    lacks = status.map(_LACKS)
    tags = dict(zip(old.where(old.ne(""), new), lacks, strict=True))
    tags = {key: tag for key, tag in tags.items() if isinstance(tag, str)}
    n = Counter(link.kind for link in links)
    kinds = {key: words for key, words in RELATIONS.items() if key != "undetermined" or n[key]}
    chosen = {key for link in links if aspect in link[1:3] for key in link[1:3]}
    table = {
        "Old": old.map(labels).fillna(""),
        "Relation": relation.map(RELATIONS).fillna(lacks),
        "New": new.map(labels).fillna(""),
        "Confidence": confidence,
    }
    body = partial(
        _draw, heads=[[name] for name in names], families=[[list(side) for side in sides]],
        links=links, labels=labels, kinds=kinds, wide=290, pad=17, tags=tags,
        bold=chosen | {aspect} if aspect else (),
    )  # fmt: skip
    parts = ", ".join(f"{n[key]} {words}" for key, words in RELATIONS.items() if n[key])
    new_aspects = count_of(len(sides[1]), "new aspect")
    said = f"{count_of(len(links), 'link')} from {len(sides[0])} old to {new_aspects}"
    words = [f"{said}: {parts or 'none'}."]
    for side, age in zip(reach, ("old", "new"), strict=True):
        named = {key: side[column] for column, key in _NAMED.items() if pd.notna(side[column])}
        words += [f"{_LACKS[key].capitalize()}, {age} side: {all_}." for key, all_ in named.items()]
    alone = len(set(sides[0]) - {link.old for link in links})
    of = count_of(len(sides[0]), "old aspect")
    return Picture(
        f"Of {of}, {n['equal']} equal to a new one and {alone} without a counterpart",
        f"From: {names[0]}. To: {names[1]}. The length of a link means nothing.",
        "The links are this project's judgement; the data justify each in a sentence.",
        tuple(words),
        pd.DataFrame(table),
        body,
        record=record,
    )


def lineage_picture(
    area: str | None = None, *, whole: bool = False, record: RecordLike = None
) -> Picture:
    """A column for each day on which Areas began, and a line from each Area to what became of it.

    Parameters
    ----------
    area : str, optional
        An Area, by identifier or name, whose family stands out; all families where not given.
    whole : bool
        Whether the other families are drawn as well.
    record : Record or path, optional

    >>> lineage_picture().title
    '42 Areas became 13, then 14'
    >>> lineage_picture("Leicestershire").title
    'Leicestershire became East Midlands'
    """
    record = as_record(record)
    area_id = find_area(area, record=record) if area is not None else None
    areas, pairs = record.table("areas"), record.table("area_lineage")
    areas = areas[areas["kind"].eq("area")]
    areas = areas.sort_values("name", key=lambda name: name.str.casefold())
    names = dict(zip(areas["area_id"], areas["name"], strict=True))
    columns, heads = [], []
    days = areas[["valid_from", "valid_from_precision"]].dropna().sort_values("valid_from")
    for day, precision in days.drop_duplicates("valid_from").itertuples(index=False, name=None):
        there = areas["valid_from"].le(day) & areas["valid_to"].fillna("9999").ge(day)
        columns.append(areas.loc[there, "area_id"].tolist())
        heads.append((f"{there.sum()} Areas", f"from {date_in_words(day, precision)}"))
    ends = pairs[["predecessor_id", "successor_id", "quality"]].itertuples(index=False, name=None)
    kinds = {(key, key): "same" for key in names} | {(old, new): kind for old, new, kind in ends}
    links = [
        _Link(n, old, new, kinds[old, new])
        for n, (before, after) in enumerate(pairwise(columns))
        for old, new in product(before, after)
        if (old, new) in kinds
    ]
    families = _families(columns, links)
    own = next((family for family in families if area_id in family), set())
    families = [own] if own and not whole else families
    shown = set().union(*families)
    rows = pairs[pairs["predecessor_id"].isin(shown)].reset_index(drop=True)
    table = {
        "Area": rows["predecessor_id"].map(names),
        "Became": rows["successor_id"].map(names),
        "Date": list(map(date_in_words, rows["date"], rows["date_precision"])),
        "Event": rows["event"],
        "Pair": rows["quality"].map(_LINEAGE).fillna(rows["quality"]),
    }
    words = [f"{listed([' '.join(head) for head in heads])}."]
    for (_, since), keys in zip(heads, columns, strict=True):
        if found := [names[key] for key in keys if key in own]:
            words.append(f"Of this family {since}, {len(found)}: {', '.join(found)}.")
    body = partial(
        _draw, heads=heads, links=[link for link in links if link.old in shown], labels=names,
        families=[[[k for k in keys if k in family] for keys in columns] for family in families],
        kinds=_LINEAGE, wide=236, pad=2, bold=own, tags={},
    )  # fmt: skip
    first, *later = [str(len(keys)) for keys in columns] or ["0"]
    numbers = f"{first} Areas became {', then '.join(later) or 'no other'}"
    return Picture(
        _fate(area_id, pairs, names) if area_id else numbers,
        "Areas of the Crown Prosecution Service by the day from which they stood; a renaming makes "
        "no new Area.",
        "Sources: pair by pair in the table area_lineage.",
        tuple(words),
        pd.DataFrame(table),
        body,
        record=record,
    )


def _families(columns: Sequence[Sequence[str]], links: Sequence[_Link]) -> list[set[str]]:
    """Areas that are linked, however far; in the order of the middle column."""
    family = {key: {key} for keys in columns for key in keys}
    for link in links:
        both = family[link.old] | family[link.new]
        family |= dict.fromkeys(both, both)
    ordered = [*columns[min(1, len(columns) - 1)], *family] if columns else []
    return list({id(family[key]): family[key] for key in ordered}.values())


def _fate(area: str, pairs: pd.DataFrame, names: Mapping[str, str]) -> str:
    """What an Area was made of, and what became of it."""
    came = pairs.loc[pairs["successor_id"].eq(area), "predecessor_id"].map(names).tolist()
    went = pairs.loc[pairs["predecessor_id"].eq(area), "successor_id"].map(names).tolist()
    parts = [f"was made from {listed(came)}"] if came else []
    parts += [f"became {listed(went)}"] if went else []
    return f"{names.get(area, area)} {' and '.join(parts) or 'stands alone'}"
