"""Invented sets of aspects, crosswalks and ratings, for tests only."""

from fractions import Fraction
from itertools import pairwise

import pandas as pd
from hypothesis import strategies as st

from hmcpsi_data.crosswalk import Crosswalk

FRAMEWORK = "opa_2005"
WORDS = ["Poor", "Fair", "Good", "Excellent"]
RELATIONS = ["source_within_target", "source_contains_target", "overlaps", "undetermined"]
CONFIDENCES = ["high", "medium", "low"]
RATIONALES = ["wording", "meaning", "function"]


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
    frame = pd.DataFrame(rows).astype({"share_low": "Float64", "share_high": "Float64"})
    return Crosswalk(frame, aspects=aspects(old=old, new=new))


def ratings(*words: str | None, set_id: str = "old") -> pd.DataFrame:
    """One profile of ratings of the first aspects of a set."""
    return pd.DataFrame(
        {
            "framework_id": FRAMEWORK,
            "aspect_id": names(set_id, len(words)),
            "rating": pd.array(words, dtype="string"),
        }
    )


@st.composite
def profiles(draw, n: int, set_id: str = "old") -> pd.DataFrame:
    """Ratings of a whole set, some of them missing."""
    return ratings(*draw(st.lists(st.sampled_from([*WORDS, None]), min_size=n, max_size=n)))


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
    frame = pd.DataFrame(rows).assign(source_set=sets[0], target_set=sets[1])
    frame = frame.astype({"share_low": "Float64", "share_high": "Float64"})
    return Crosswalk(frame, aspects=aspects(**dict(zip(sets, (old, new), strict=True))))
