"""An invented record, crosswalks and ratings, for tests only: nobody ever said any of it."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.tables.description import table, table_names
from hmcpsi_data.tables.record import Record

FRAMEWORK = "round_one"
WORDS = ["Weak", "Plain", "Strong", "Superb"]
OUTSIDE = "Not looked at"  # a word that stands outside the order of the scale
RELATIONS = ["source_within_target", "source_contains_target", "overlaps", "undetermined"]
INTERVAL = ["worst", "best", "lower_median", "upper_median"]
# Ranks in the order of the words: other scales that say the same.
RANKS = [(-5, 0, 7, 8), (1, 2, 3, 40), (0, 1, 2, 3), (-900, -899, 5, 10**6)]


def names(set_id: str, n: int) -> list[str]:
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


def share(low: float, high: float | None = None) -> dict:
    return {"share_low": low, "share_high": low if high is None else high}


def crosswalk(*rows: dict, old: int = 2, new: int = 2) -> Crosswalk:
    """A crosswalk between two sets of that many aspects."""
    return Crosswalk(pd.DataFrame(rows), aspects(old=old, new=new), world())


def ratings(*words: str | None) -> pd.DataFrame:
    """One profile of ratings of the first aspects of the old set."""
    rated = {"aspect_id": names("old", len(words)), "rating": pd.array(words, dtype="string")}
    return pd.DataFrame({"framework_id": FRAMEWORK, **rated})


def plain(frame: pd.DataFrame, *columns: str) -> list[list]:
    """The cells of some columns, None where one is empty."""
    cells = frame[list(columns)].astype(object)
    return cells.where(cells.notna(), None).to_numpy().tolist()


def made(folder: Path, **rows: list[dict]) -> Record:
    """A record of these rows by table; every other table is empty."""
    for name in table_names():
        frame = pd.DataFrame(rows.get(name, []), columns=table(name).columns, dtype=object)
        frame.to_csv(folder / table(name).file, index=False)
    return Record(folder)


def scale(scale_id: str, words: list[str], ranks: list[int]) -> list[dict]:
    pairs = [*zip(words, ranks, strict=True), (OUTSIDE, None)]
    return [{"scale_id": scale_id, "value": word, "rank": rank} for word, rank in pairs]


def scales(ranks: Sequence[int]) -> list[dict]:
    return [*scale("words", WORDS, [*ranks]), *scale("steps", ["Begun", "Done"], [1, 2])]


def rated(inspection: str, words: dict[str, str | None], **more) -> list[dict]:
    said = {"basis": "stated", "speaker": "inspectorate", "source_id": "paper"}
    return [
        {"rating_id": f"{inspection}_{aspect}", "inspection_id": inspection, "aspect_id": aspect,
         "rating": word, "locator": f"L{n}", **said, **more}
        for n, (aspect, word) in enumerate(words.items(), start=1)
    ]  # fmt: skip


def inspection(*cells: str | None) -> dict:
    (row,) = _table("inspection_id area_id framework_id published", cells)
    return row | {"title": cells[0]}


_AREAS = {
    "northmark_1990": ("Northmark", "1990-04-01", "2004-12-31", ["F1"]),
    "southmark_1990": ("Southmark", "1990-04-01", "2004-12-31", ["F2"]),
    "bothmark_2005": ("Bothmark", "2005-01-01", None, ["F1", "F2"]),
    "eastmark_1990": ("Eastmark", "1990-04-01", None, ["F3"]),
}
_FRAMEWORKS = {
    "round_one": ("rating", "words", "2001-01", "2002-12"),
    "follow_up": ("progress", "steps", "2003-01", "2003-12"),
    "round_two": ("rating", "words", "2006-01", "2007-12"),
    "round_three": ("narrative", None, "2010-01", None),
}
_SETS = {
    "old": ("round_one", "Old aspects", 3),
    "new": ("round_two", "New criteria", 2),
    "talk": ("round_three", "Subjects in prose", 1),
    "steps": ("follow_up", "Subjects of progress", 1),
}
_ABOUT_LINKS = "confidence rationale basis speaker curated_by curated_on reviewed_by reviewed_on"
_SAID = "medium wording inferred project nobody 2026-01-02 somebody 2026-02-03"
_JUDGED = dict(zip(_ABOUT_LINKS.split(), _SAID.split(), strict=True))
_LINKS = [
    row("old_a", "new_a", relation="equal", **share(1)),
    row("old_b", "new_b", relation="source_within_target", **share(1)),
    row("old_c", "new_b", **share(0.2, 0.8)),
    row("old_c", None, "remainder", **share(0.2, 0.8)),
]


def _table(columns: str, *rows: tuple) -> list[dict]:
    return [dict(zip(columns.split(), row, strict=True)) for row in rows]


def tables(**other: list[dict]) -> dict[str, list[dict]]:
    """The rows of the invented record by table; those given take the place of its own."""
    titled = {key: key.replace("_", " ").title() for key in _FRAMEWORKS}
    named = [(one, set_id) for set_id, (*_, size) in _SETS.items() for one in names(set_id, size)]
    rows = {
        "sources": _table("source_id title publisher tier",
            *((one, one, "Nobody", "inspectorate") for one in ("paper", "leaflet"))),
        "frameworks": _table(
            "framework_id title short_title round measure_kind scale_id in_force_from in_force_to",
            *((key, titled[key], titled[key], start[:4], kind, scale_id, start, end)
              for key, (kind, scale_id, start, end) in _FRAMEWORKS.items())),
        "scales": scales((1, 2, 3, 4)),
        "aspect_sets": _table("set_id framework_id title n_aspects",
            *((key, *told) for key, told in _SETS.items())),
        "aspects": _table("aspect_id set_id level label position",
            ("old_overall", "old", "overall", "Overall", 0),
            *((one, set_id, "aspect", one.replace("_", " ").title(), n)
              for n, (one, set_id) in enumerate(named, start=1))),
        "areas": _table("area_id name kind valid_from valid_to",
            *((key, name, "area", *span) for key, (name, *span, _) in _AREAS.items())),
        "area_names": _table("area_id name", *((key, told[0]) for key, told in _AREAS.items())),
        "area_lineage": _table("predecessor_id successor_id date event quality",
            *((one, "bothmark_2005", "2005-01-01", "merged", "seen_verbatim")
              for one in ("northmark_1990", "southmark_1990"))),
        "area_forces": _table("area_id pfa_code force",
            *((key, code, code) for key, (*_, codes) in _AREAS.items() for code in codes)),
        "forces": _table("pfa_code force population_2011",
            ("F1", "F1", 300), ("F2", "F2", 700), ("F3", "F3", 100)),
        "inspections": [
            inspection("north_one", "northmark_1990", "round_one", "2001-05"),
            inspection("south_one", "southmark_1990", "round_one", "2001-06"),
            inspection("both_two", "bothmark_2005", "round_two", "2006-07"),
        ],
        "ratings": [
            *rated("north_one", {"old_a": "Plain", "old_b": "Strong", "old_c": "Superb"}),
            *rated("both_two", {"new_a": "Strong", "new_b": "Strong"}, source_id="leaflet"),
        ],
        "crosswalk": [
            link | _JUDGED | {"crosswalk_id": f"link_{n}", "justification": f"Invented reason {n}."}
            for n, link in enumerate(_LINKS)
        ],
    }  # fmt: skip
    return rows | other


@cache
def recoded(ranks: tuple[int, ...]) -> Record:
    """The invented record with other ranks of its words."""
    with TemporaryDirectory() as folder:  # read once, when it is opened
        return made(Path(folder), **tables(scales=scales(ranks)))


def world() -> Record:
    """The invented record."""
    return recoded((1, 2, 3, 4))


_USUAL = settings().max_examples
FEW = settings(max_examples=min(_USUAL, max(10, _USUAL // 10)))  # of several crosswalks each
HALF = settings(max_examples=_USUAL // 2)  # each tries all corners of the shares
PROFILES = st.tuples(*[st.sampled_from([*WORDS, None])] * 4)  # words of four aspects
_STEPS = 40  # bounds of shares are so many parts of a whole
_CUTS = st.lists(st.integers(0, 20), min_size=3, max_size=3).map(sorted)
_WIDTHS = st.lists(st.sampled_from([0, 1, 2, None]), min_size=8, max_size=8)
_OTHER_KINDS = ["rest", "doubt", "equal", "no_counterpart", "undetermined"]
_KINDS = st.sampled_from(["links"] * 5 + _OTHER_KINDS)
_ABOUT = st.builds(
    dict,
    confidence=st.sampled_from(["high", "medium", "low"]),
    rationale=st.sampled_from(["wording", "meaning", "function"]),
    relation=st.sampled_from(RELATIONS),
)


def _bounds(cuts: list[int], widths: list[int | None], n: int) -> list[dict]:
    """Bounds of n shares that can add up to 1, some of them not known."""
    parts = [2 * (b - a) for a, b in pairwise([0, *cuts[: n - 1], 20])]
    bounds = []
    for part, low, high in zip(parts, widths, widths[4:], strict=False):
        least = None if low is None else part * low // 2 / _STEPS
        most = None if high is None else (part + (_STEPS - part) * high // 2) / _STEPS
        bounds.append({"share_low": least, "share_high": most})
    return bounds


@st.composite
def links(draw, old: int = 3, new: int = 3) -> list[dict]:
    """The rows of a valid crosswalk between two sets of that many aspects."""
    targets, rows = names("new", new), []
    for source in names("old", old):
        kind, about = draw(_KINDS), draw(_ABOUT)
        some = draw(st.lists(st.sampled_from(targets), min_size=1, max_size=3, unique=True))
        if kind in ("no_counterpart", "undetermined"):
            rows.append(about | row(source, None, kind))
        elif kind == "equal":
            rows.append(row(source, some[0], **about | {"relation": "equal"}))
        else:
            links = [row(source, target, **about) for target in some]
            if kind == "doubt":
                links[-1] |= {"status": "undetermined", "relation": "undetermined"}
            if kind == "rest":
                links.append(about | row(source, None, "remainder"))
            bounds = _bounds(draw(_CUTS), draw(_WIDTHS), len(links))
            rows += [link | bound for link, bound in zip(links, bounds, strict=True)]
    reached = {one["target_aspect_id"] for one in rows}
    for target in (one for one in targets if one not in reached):
        rows.append(row(None, target, draw(st.sampled_from(["no_counterpart", "undetermined"]))))
    return rows


def crosswalks(old: int = 3, new: int = 3):
    return links(old, new).map(lambda rows: crosswalk(*rows, old=old, new=new))
