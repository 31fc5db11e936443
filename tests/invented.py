"""An invented record, and invented crosswalks and ratings, for tests only.

Two invented inspectorates rated two invented Areas, Northmark and Southmark, which merged into
Bothmark in 2005. Nobody ever said any of it.
"""

from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import strategies as st

from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.tables.description import table, table_names
from hmcpsi_data.tables.record import Record

FRAMEWORK = "round_one"
WORDS = ["Weak", "Plain", "Strong", "Superb"]
OUTSIDE = "Not looked at"  # a word that stands outside the order of the scale
RELATIONS = ["source_within_target", "source_contains_target", "overlaps", "undetermined"]
CONFIDENCES = ["high", "medium", "low"]
RATIONALES = ["wording", "meaning", "function"]
SHARES = {"share_low": "Float64", "share_high": "Float64"}


def names(set_id: str, n: int) -> list[str]:
    """Identifiers of the aspects of a set."""
    return [f"{set_id}_{letter}" for letter in "abcdefghijklmnop"[:n]]


def aspects(**sizes: int) -> pd.DataFrame:
    """The aspects of some sets, given as the sizes by name."""
    ids = [(set_id, name) for set_id, n in sizes.items() for name in names(set_id, n)]
    return pd.DataFrame(ids, columns=["set_id", "aspect_id"])


def row(source: str | None, target: str | None, status: str = "mapped", **more) -> dict:
    """One row between the sets "old" and "new"."""
    relation = {"mapped": "overlaps", "undetermined": "undetermined"}.get(status)
    ends = {"source_aspect_id": source, "target_aspect_id": target}
    filled = {"share_low": None, "share_high": None, "relation": relation, **more}
    return {"source_set": "old", "target_set": "new", **ends, "status": status, **filled}


def crosswalk(*rows: dict, old: int = 2, new: int = 2) -> Crosswalk:
    """A crosswalk between two sets of that many aspects."""
    frame = pd.DataFrame(rows).astype(SHARES)
    return Crosswalk(frame, aspects(old=old, new=new), world())


def ratings(*words: str | None, set_id: str = "old") -> pd.DataFrame:
    """One profile of ratings of the first aspects of a set."""
    return pd.DataFrame(
        {
            "framework_id": FRAMEWORK,
            "aspect_id": names(set_id, len(words)),
            "rating": pd.array(words, dtype="string"),
        }
    )


# An invented record ------------------------------------------------------------------------------


def made(folder: Path, **rows: list[dict]) -> Record:
    """A record of these rows by table; every other table is empty."""
    for name in table_names():
        frame = pd.DataFrame(rows.get(name, []), columns=table(name).columns, dtype=object)
        frame.to_csv(folder / table(name).file, index=False, lineterminator="\r\n")
    return Record(folder)


def scale(scale_id: str, words: list[str], ranks: list[int]) -> list[dict]:
    """The rows of a scale, with a word outside its order."""
    pairs = [*zip(words, ranks, strict=True), (OUTSIDE, None)]
    return [{"scale_id": scale_id, "value": word, "rank": rank} for word, rank in pairs]


def rated(inspection: str, words: dict[str, str | None], **more) -> list[dict]:
    """Rows of ratings of one inspection, by aspect."""
    return [
        {
            "rating_id": f"{inspection}_{aspect}",
            "inspection_id": inspection,
            "aspect_id": aspect,
            "rating": word,
            "basis": "stated",
            "speaker": "inspectorate",
            "source_id": "paper",
            "locator": f"L{n}",
            **more,
        }
        for n, (aspect, word) in enumerate(words.items(), start=1)
    ]


def inspection(inspection_id: str, area_id: str, framework_id: str, published: str) -> dict:
    """A row of an inspection."""
    return {
        "inspection_id": inspection_id,
        "area_id": area_id,
        "framework_id": framework_id,
        "title": inspection_id,
        "published": published,
    }


def _framework(framework_id: str, kind: str, start: str, end: str | None) -> dict:
    return {
        "framework_id": framework_id,
        "title": framework_id.replace("_", " ").title(),
        "short_title": framework_id.replace("_", " ").title(),
        "round": start[:4],
        "measure_kind": kind,
        "scale_id": {"rating": "words", "progress": "steps"}.get(kind),
        "in_force_from": start,
        "in_force_to": end,
    }


_AREAS = {
    "northmark_1990": ("Northmark", "1990-04-01", "2004-12-31"),
    "southmark_1990": ("Southmark", "1990-04-01", "2004-12-31"),
    "bothmark_2005": ("Bothmark", "2005-01-01", None),
    "eastmark_1990": ("Eastmark", "1990-04-01", None),
}
_SETS = {
    "old": ("round_one", "Old aspects", 3),
    "new": ("round_two", "New criteria", 2),
    "talk": ("round_three", "Subjects in prose", 1),
    "steps": ("follow_up", "Subjects of progress", 1),
}


def tables(**other: list[dict]) -> dict[str, list[dict]]:
    """The rows of the invented record by table; those given take the place of its own."""
    named = [
        {
            "aspect_id": one,
            "set_id": set_id,
            "level": "aspect",
            "label": one.replace("_", " ").title(),
            "position": n,
        }
        for set_id, (_, _, size) in _SETS.items()
        for n, one in enumerate(names(set_id, size), start=1)
    ]
    overall = {"aspect_id": "old_overall", "set_id": "old", "level": "overall", "position": 0}
    links = [
        row("old_a", "new_a", relation="equal", share_low=1, share_high=1),
        row("old_b", "new_b", relation="source_within_target", share_low=1, share_high=1),
        row("old_c", "new_b", share_low=0.2, share_high=0.8),
        row("old_c", None, "remainder", share_low=0.2, share_high=0.8),
    ]
    links = [
        link
        | {
            "crosswalk_id": f"link_{n}",
            "confidence": "medium",
            "rationale": "wording",
            "justification": f"Invented reason {n}.",
            "curated_by": "nobody",
            "curated_on": "2026-01-02",
            "reviewed_by": "nobody else",
            "reviewed_on": "2026-02-03",
            "basis": "inferred",
            "speaker": "project",
        }
        for n, link in enumerate(links)
    ]
    rows = {
        "sources": [
            {"source_id": one, "title": one, "publisher": "Nobody", "tier": "inspectorate"}
            for one in ("paper", "leaflet")
        ],
        "frameworks": [
            _framework("round_one", "rating", "2001-01", "2002-12"),
            _framework("follow_up", "progress", "2003-01", "2003-12"),
            _framework("round_two", "rating", "2006-01", "2007-12"),
            _framework("round_three", "narrative", "2010-01", None),
        ],
        "scales": [
            *scale("words", WORDS, [1, 2, 3, 4]),
            *scale("steps", ["Begun", "Done"], [1, 2]),
        ],
        "aspect_sets": [
            {"set_id": set_id, "framework_id": framework, "title": title, "n_aspects": size}
            for set_id, (framework, title, size) in _SETS.items()
        ],
        "aspects": [{**overall, "label": "Overall"}, *named],
        "areas": [
            {"area_id": key, "name": name, "kind": "area", "valid_from": start, "valid_to": end}
            for key, (name, start, end) in _AREAS.items()
        ],
        "area_names": [{"area_id": key, "name": name} for key, (name, _, _) in _AREAS.items()],
        "area_lineage": [
            {
                "predecessor_id": one,
                "successor_id": "bothmark_2005",
                "date": "2005-01-01",
                "event": "merged",
                "quality": "seen_verbatim",
            }
            for one in ("northmark_1990", "southmark_1990")
        ],
        "area_forces": [
            {"area_id": area, "pfa_code": code, "force": code}
            for area, codes in {
                "northmark_1990": ["F1"],
                "southmark_1990": ["F2"],
                "bothmark_2005": ["F1", "F2"],
                "eastmark_1990": ["F3"],
            }.items()
            for code in codes
        ],
        "forces": [
            {"pfa_code": code, "force": code, "population_2011": people}
            for code, people in {"F1": 300, "F2": 700, "F3": 100}.items()
        ],
        "inspections": [
            inspection("north_one", "northmark_1990", "round_one", "2001-05"),
            inspection("south_one", "southmark_1990", "round_one", "2001-06"),
            inspection("both_two", "bothmark_2005", "round_two", "2006-07"),
        ],
        "ratings": [
            *rated("north_one", {"old_a": "Plain", "old_b": "Strong", "old_c": "Superb"}),
            *rated("both_two", {"new_a": "Strong", "new_b": "Strong"}, source_id="leaflet"),
        ],
        "crosswalk": links,
    }
    return rows | other


@cache
def world() -> Record:
    """The invented record."""
    with TemporaryDirectory() as folder:  # a record is read once, when it is opened
        return made(Path(folder), **tables())


RANKS = [(-5, 0, 7, 8), (1, 2, 3, 40), (0, 1, 2, 3), (-900, -899, 5, 10**6)]
"""Ranks in the order of the words: another scale that says the same."""


@cache
def recoded(ranks: tuple[int, ...]) -> Record:
    """The invented record with other ranks of its words."""
    scales = [*scale("words", WORDS, list(ranks)), *scale("steps", ["Begun", "Done"], [1, 2])]
    with TemporaryDirectory() as folder:
        return made(Path(folder), **tables(scales=scales))


# Strategies --------------------------------------------------------------------------------------


@st.composite
def profiles(draw, n: int, set_id: str = "old") -> pd.DataFrame:
    """Ratings of a whole set, some of them missing."""
    words = st.lists(st.sampled_from([*WORDS, None]), min_size=n, max_size=n)
    return ratings(*draw(words), set_id=set_id)


@st.composite
def shares(draw, n: int) -> list[tuple[float | None, float | None]]:
    """Bounds of n shares that can add up to 1, some of them not known."""
    cuts = sorted(draw(st.lists(st.integers(0, 20), min_size=n - 1, max_size=n - 1)))
    parts = [Fraction(b - a, 20) for a, b in pairwise([0, *cuts, 20])]
    steps = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])
    bounds = [(p * draw(steps), p + (1 - p) * draw(steps)) for p in parts]
    return [
        tuple(None if draw(st.integers(0, 4)) == 0 else float(bound) for bound in pair)
        for pair in bounds
    ]


@st.composite
def rows_of_source(draw, source: str, targets: list[str]) -> list[dict]:
    """The rows of one source in a valid crosswalk."""
    about = {
        "confidence": draw(st.sampled_from(CONFIDENCES)),
        "rationale": draw(st.sampled_from(RATIONALES)),
    }
    kind = draw(st.sampled_from(["links", "links", "links", "equal", "nowhere", "undetermined"]))
    if kind == "nowhere":
        return [row(source, None, "no_counterpart", **about)]
    if kind == "undetermined":
        return [row(source, None, "undetermined", **about)]
    if kind == "equal":
        return [row(source, draw(st.sampled_from(targets)), relation="equal", **about)]
    chosen = draw(st.lists(st.sampled_from(targets), min_size=1, max_size=3, unique=True))
    rows = [row(source, t, relation=draw(st.sampled_from(RELATIONS)), **about) for t in chosen]
    if draw(st.integers(0, 5)) == 0:
        rows[-1] |= {"status": "undetermined", "relation": "undetermined"}
    if draw(st.booleans()):
        rows.append(row(source, None, "remainder", **about))
    for one, (low, high) in zip(rows, draw(shares(len(rows))), strict=True):
        one |= {"share_low": low, "share_high": high}
    return rows


@st.composite
def crosswalks(draw, old: int = 3, new: int = 3, sets: tuple[str, str] = ("old", "new")):
    """Valid crosswalks between two sets of that many aspects."""
    sources, targets = (names(s, n) for s, n in zip(sets, (old, new), strict=True))
    rows = [one for source in sources for one in draw(rows_of_source(source, targets))]
    reached = {one["target_aspect_id"] for one in rows}
    for target in targets:
        if target not in reached:
            status = draw(st.sampled_from(["no_counterpart", "no_counterpart", "undetermined"]))
            rows.append(row(None, target, status))
    frame = pd.DataFrame(rows).assign(source_set=sets[0], target_set=sets[1]).astype(SHARES)
    return Crosswalk(frame, aspects(**dict(zip(sets, (old, new), strict=True))), world())
