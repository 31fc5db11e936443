"""From old to new: links of a crosswalk, ranges of translated ratings, Areas through time."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import chain, pairwise, product
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.method.compare import VERDICT_WORDS
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.palette import INK, OUTLINE, Look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture, nothing
from hmcpsi_data.record.areas import find_area, lineage
from hmcpsi_data.record.joins import records, scales, span
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.words import MISSING, RELATIONS, count_of, date_in_words, listed

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
_TAG, _FAMILY_GAP = paper.LINE * paper.NOTE + 6, 8.0
_LACK = Look(hatch="///", dashed=True)

_Link = tuple[int, str, str, str]  # a column, a label in it, one in the next, the kind of link


def _draw(
    page: paper.Page, heads: Sequence[Sequence[str]], families: Sequence[Sequence[Sequence[str]]],
    links: Sequence[_Link], labels: Mapping[str, str], kinds: Mapping[str, str], wide: float,
    pad: float, bold: Collection[str] = (), tags: Mapping[str, str] = {},
) -> float:  # fmt: skip
    """Columns of labels, in families below each other, and links; `tags` are what a label lacks."""
    how: dict[str, Any] = {"thick": 1.7, "colour": paper.LINK}
    y = page.legend({kinds[k]: {"name": f"legend {k}", "style": _STYLES[k], **how} for k in kinds})
    step = (paper.WIDTH - 2 * paper.MARGIN - wide) / max(len(heads) - 1, 1)
    lefts = [paper.MARGIN + n * step for n in range(len(heads))]
    texts = [paper.Words(head, wide, paper.WORD, bold=True, name="head") for head in heads]
    y += page.row(y, dict(zip(lefts, texts, strict=True)), at=0) + 12
    words, high = {}, {}
    for key in chain(*chain(*families)):
        ink = INK if not bold or key in bold else OUTLINE
        words[key] = paper.Words(labels[key], wide, bold=key in bold, colour=ink, name="label")
        high[key] = words[key].height + _TAG * (key in tags) + pad
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
                    room = paper.width(tag, paper.NOTE) + 12
                    page.box(x, below, room, _TAG - 4, _LACK, f"tag {tag}")
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


# Crosswalks: what an aspect lacks, by the status of its row
_LACKS = {
    "no_counterpart": "no counterpart",
    "undetermined": "undetermined",
    "remainder": "part of it has no counterpart",
}


def crosswalk_picture(
    crosswalk: Crosswalk | tuple[str, str], *, aspect: str | None = None, record: RecordLike = None
) -> Picture:
    """Two columns of aspects, in the order as printed, and the links between them.

    It is a valid `hmcpsi_data.Crosswalk`, or that of an old and a new set. The links of `aspect`,
    which may be of either set, stand out from the others.

    >>> crosswalk_picture(("opa_2005", "aap_2016_east_midlands")).title
    'Of 14 old aspects, 2 equal to a new one and 5 without a counterpart'
    """
    record = as_record(record)
    if isinstance(crosswalk, tuple) and len(crosswalk) == 2:
        crosswalk = Crosswalk.load(*crosswalk, record=record)
    if not isinstance(crosswalk, Crosswalk):
        raise HmcpsiError(f"{quote(crosswalk)} is no crosswalk. Start from Crosswalk.load().")
    reach = crosswalk.coverage().to_dict("records")
    (olds, news), names = crosswalk.labels, crosswalk.titles
    labels = olds | news
    if aspect is not None and str(aspect) not in labels:
        raise UnknownValueError("aspect", aspect, list(labels), 'load("aspects")')
    columns = ["source_aspect_id", "target_aspect_id", "relation", "status", "confidence"]
    rows = crosswalk.to_frame()[columns].astype("string").fillna("").reset_index(drop=True)
    old, new, relation, status, confidence = (rows[name] for name in columns)
    linked = rows[old.ne("") & new.ne("")].iloc[:, :3]
    links = [(0, *link) for link in linked.itertuples(index=False, name=None)]
    lacks = status.map(_LACKS)
    tags: Any = lacks.set_axis(old.where(old.ne(""), new)).dropna().to_dict()
    n = Counter(kind for *_, kind in links)
    kinds = {key: words for key, words in RELATIONS.items() if key != "undetermined" or n[key]}
    chosen = {key for link in links if aspect in link[1:3] for key in link[1:3]}
    table = {
        "Old": old.map(labels).fillna(""),
        "Relation": relation.map(RELATIONS).fillna(lacks),
        "New": new.map(labels).fillna(""),
        "Confidence": confidence,
    }
    body = partial(
        _draw, heads=[[name] for name in names], families=[[list(olds), list(news)]], links=links,
        labels=labels, kinds=kinds, wide=290, pad=17, tags=tags,
        bold=chosen | {aspect} if aspect else (),
    )  # fmt: skip
    parts = ", ".join(f"{n[key]} {words}" for key, words in RELATIONS.items() if n[key]) or "none"
    of, to = count_of(len(olds), "old aspect"), count_of(len(news), "new aspect")
    words = [f"{count_of(len(links), 'link')} from {of} to {to}: {parts}."]
    lacking = dict(zip(("without", "undetermined", "remainder"), _LACKS.values(), strict=True))
    for side, age in zip(reach, ("old", "new"), strict=True):
        known = {tag: side[one] for one, tag in lacking.items() if pd.notna(side[one])}
        words += [f"{tag.capitalize()}, {age} side: {told}." for tag, told in known.items()]
    alone = len(olds.keys() - {before for _, before, *_ in links})
    title = f"Of {of}, {n['equal']} equal to a new one and {alone} without a counterpart"
    subtitle = f"From: {names[0]}. To: {names[1]}. The length of a link means nothing."
    source = "The links are this project's judgement; the data justify each in a sentence."
    return Picture(title, subtitle, source, words, pd.DataFrame(table), body, record=record)


_BAND, _OPEN, _NONE = Look("#DCE6F0"), Look("#DCE6F0", dashed=True), _LACK
_SIDE, _ZONE, _TILE = 230.0, 332.0, 92.0
_COMPARED = [
    "target_aspect_id", "target", "observed", "worst", "best", "lower_median", "upper_median",
    "open", "verdict", "known_predecessors", "caveat",
]  # fmt: skip


def interval_picture(comparison: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """For each new aspect the range of the old ratings that lead to it, and its own rating.

    The comparison is what `hmcpsi_data.compare` returns. A range that may be wider, since not all
    ratings are known, has a dashed outline.
    """
    record = as_record(record)
    given = say.need(comparison, _COMPARED, "compare()").reset_index(drop=True)
    if given.empty:
        return nothing(record)
    verdict = given["verdict"].replace(VERDICT_WORDS).fillna("no new rating")
    observed = given["observed"].fillna(MISSING["not_found"])
    old = span(given["worst"], given["best"])
    told = old.mask(given["open"].eq(True), old + " (open)")
    table = {
        "New aspect": given["target"],
        "Old range": told.fillna(verdict),
        "Median": span(given["lower_median"], given["upper_median"]).fillna(""),
        "New rating": observed,
        "Verdict": verdict,
    }
    n = Counter(verdict)
    verdicts = [f"{n[one]} {one}" for one in say.in_order(n, VERDICT_WORDS.values())]
    each = given["target"] + ": old " + told.fillna("none") + ", new " + observed
    caveats = " ".join(given["caveat"].dropna().unique())
    caveat = " ".join(dict.fromkeys(re.split(r"(?<=\.) ", caveats)))  # each sentence once
    of = ", ".join(given["known_predecessors"].dropna().unique())
    used = {*given["worst"].dropna(), *given["best"].dropna()}
    known = (scale for scale in record.once(scales).values() if used.issubset(scale))
    scale = next(known, sorted(used))  # lowest first
    rows = records(given.assign(verdict=verdict, observed=observed, range=old))
    title, tiles = f"Of {count_of(len(rows), 'new aspect')}: {', '.join(verdicts)}", ("New rating",)
    subtitle = (
        "Band: from the worst to the best of the old ratings that a new aspect is linked to. "
        f"Diamond: their median.{f' Old Areas known: {of}.' if of else ''}"
    )
    body, words = partial(_draw_bands, rows=rows, scale=scale), [f"{'; '.join(each)}.", caveat]
    return Picture(title, subtitle, caveat, words, pd.DataFrame(table), body, tiles, record=record)


def _draw_bands(page: paper.Page, rows: list[dict[str, Any]], scale: list[str]) -> float:
    start, step = paper.MARGIN + _SIDE + 14, _ZONE / max(len(scale), 1)
    middle, tile, verdict = start + _ZONE + 20, start + _ZONE + 40, start + _ZONE + _TILE + 52
    signs: dict[str, Any] = {
        "range of old ratings": _BAND,
        "open: not all old ratings known": _OPEN,
        "median, or both ends of it": {"shape": "D", "colour": INK, "name": "legend median"},
        "no old rating": _NONE,
    }
    top = page.legend(signs)
    label = "other criteria, other scale: not a trend"
    page.text(middle, top + 8, label, paper.WORD, bold=True, align="center", name="break label")
    sides = {start: "Old ratings, translated", tile: "New ratings"}
    heads = {x: paper.Words(one, _ZONE, paper.WORD, bold=True) for x, one in sides.items()}
    y = top + 20 + page.row(top + 20, heads)
    how: dict[str, Any] = {"align": "center", "name": "position"}
    words = [paper.Words(word, step - 4, paper.WORD, **how) for word in scale]
    y += page.row(y + 4, {start + 2 + n * step: one for n, one in enumerate(words)}, at=0) + 18
    for row in rows:
        tall = paper.tile_height(row["observed"], _TILE)
        room = paper.WIDTH - paper.MARGIN - verdict
        cells = {
            paper.MARGIN: paper.Words(row["target"], _SIDE, name="label"),
            verdict: paper.Words(row["verdict"], room, paper.NOTE, name="verdict"),
        }
        high = page.row(y, cells, least=max(46, tall))
        page.tile(tile, y + (high - tall) / 2, _TILE, tall, row["observed"])
        _draw_band(page, start, y + high / 2, row, scale)
        y += high + 4
    page.split([middle], top + 20, y)
    return y


def _draw_band(page: paper.Page, x: float, y: float, row: dict[str, Any], scale: list[str]) -> None:
    name, step = row["target_aspect_id"], _ZONE / max(len(scale), 1)
    how: dict[str, Any] = {"align": "center"}
    if row["range"] is None:
        page.box(x, y - 17, _ZONE, 34, _NONE, f"none {name}")
        page.text(x + _ZONE / 2, y, row["verdict"], paper.WORD, name="none", **how)
        return
    low, best = scale.index(row["worst"]), scale.index(row["best"])
    drawn = _OPEN if row["open"] else _BAND
    page.box(x + low * step, y - 17, (best - low + 1) * step, 34, drawn, f"band {name}")
    page.text(x + (low + best + 1) / 2 * step, y - 4, row["range"], paper.WORD, name="range", **how)
    ends = (scale.index(row[f"{end}_median"]) for end in ("lower", "upper"))
    places = [(x + (end + 0.5) * step, y + 17) for end in ends]
    for place in dict.fromkeys(places):
        page.marker(*place, "D", INK, f"median {name}")
    page.line(places[0], places[-1], f"medians {name}", thick=3, colour=INK, above=True)


_LINEAGE = {
    "seen_verbatim": "named in a source",
    "secondary": "by elimination or second-hand",
    "same": "the same Area goes on",
}


def lineage_picture(area: str | None = None, *, record: RecordLike = None) -> Picture:
    """A column for each day on which Areas began, and a line from each Area to what became of it.

    Of an Area, by identifier or name, its family is drawn; all families where none is given.

    >>> lineage_picture("Leicestershire").title
    'Leicestershire became East Midlands'
    """
    record = as_record(record)
    area_id = find_area(area, record=record) if area is not None else None
    units, pairs = record.table("areas"), record.table("area_lineage")
    units = units.sort_values("name", key=lambda name: name.str.casefold())
    names = dict(zip(units["area_id"], units["name"], strict=True))
    areas = units[units["kind"].eq("area")]
    columns, heads = [], []
    days = areas[["valid_from", "valid_from_precision"]].dropna().sort_values("valid_from")
    for day, precision in days.drop_duplicates("valid_from").to_numpy():
        there = areas["valid_from"].le(day) & areas["valid_to"].fillna("9999").ge(day)
        columns.append(areas.loc[there, "area_id"].tolist())
        heads.append((f"{there.sum()} Areas", f"from {date_in_words(day, precision)}"))
    ends = pairs[["predecessor_id", "successor_id", "quality"]].to_numpy()
    kinds = {(key, key): "same" for key in names} | {(old, new): kind for old, new, kind in ends}
    families: list[list[str]] = []  # in the order of the second column
    for key in [area_id] if area_id else [*chain(*columns[1:2], *columns)]:
        if not any(key in family for family in families):
            families.append(lineage(key, record)["area_id"].tolist())
    shown = {*chain(*families)}
    links = [
        (n, old, new, kinds[old, new])
        for n, (before, after) in enumerate(pairwise(columns))
        for old, new in product(before, after)
        if (old, new) in kinds and old in shown
    ]
    rows = pairs[pairs["predecessor_id"].isin(shown)].reset_index(drop=True)
    table = {
        "Area": rows["predecessor_id"].map(names),
        "Became": rows["successor_id"].map(names),
        "Date": list(map(date_in_words, rows["date"], rows["date_precision"])),
        "Event": rows["event"],
        "Pair": rows["quality"].map(_LINEAGE).fillna(rows["quality"]),
    }
    first, *later = [str(len(keys)) for keys in columns] or ["0"]
    title = f"{first} Areas became {', then '.join(later) or 'no other'}"
    words = [f"{listed([' '.join(head) for head in heads])}."]
    if area_id:
        of = lineage(area_id, record).set_index("relation")["area"]
        told = {"predecessor": "was made from", "successor": "became"}
        fate = [f"{told[one]} {listed(of[[one]].tolist())}" for one in told if one in of]
        title = f"{of['self']} {' and '.join(fate) or 'stands alone'}"
        for (_, since), keys in zip(heads, columns, strict=True):
            if known := [names[key] for key in keys if key in shown]:
                words.append(f"Of this family {since}, {len(known)}: {', '.join(known)}.")
    body = partial(
        _draw, heads=heads, links=links, labels=names, kinds=_LINEAGE, wide=236, pad=2,
        families=[[[k for k in keys if k in family] for keys in columns] for family in families],
    )  # fmt: skip
    subtitle = "Areas of the CPS by the day from which they stood; a renaming makes no new Area."
    source, frame = "Sources: pair by pair in the table area_lineage.", pd.DataFrame(table)
    return Picture(title, subtitle, source, words, frame, body, record=record)
