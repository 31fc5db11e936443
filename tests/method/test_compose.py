"""Crosswalks turned round, put one after the other, and with an aspect taken out."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import FEW, aspects, crosswalk, crosswalks, names, plain, ratings, row, share, world

from hmcpsi_data.errors import CrosswalkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk

EQUAL, WITHIN, CONTAINS, OVERLAPS, UNDETERMINED = (
    "equal", "source_within_target", "source_contains_target", "overlaps", "undetermined",
)  # fmt: skip
ENDS = ["source_aspect_id", "target_aspect_id"]
JUDGED = [*ENDS, "status", "relation"]
WHY = "Only this test says so."


def moved(found):
    """A crosswalk from "new" to "last" like one from "old" to "new"."""
    frame = found.to_frame().drop(columns="crosswalk_id")
    frame = frame.replace({"source_set": {"old": "new"}, "target_set": {"new": "last"}})
    for end, before, after in zip(ENDS, ("old", "new"), ("new", "last"), strict=True):
        frame[end] = frame[end].str.replace(before, after)
    n = [len(side) for side in found.labels]
    return Crosswalk(frame, aspects(new=n[0], last=n[1]), world())


def later(*rows, new=2, last=2):
    """A crosswalk from "new" to "last", written as one from "old" to "new"."""
    return moved(crosswalk(*rows, old=new, new=last))


LATER = later(row("old_a", "new_a"), row("old_b", "new_b"))


def test_relations_compose_as_the_table_in_the_docs_says():
    page = Path(__file__).parents[2] / "docs" / "1-method.md"
    short = {"within": WITHIN, "contains": CONTAINS}
    table = [
        [short.get(cell.strip("* "), cell.strip("* ")) for cell in line.strip("|").split("|")]
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    (_, *across), *rows = table
    assert len(across) == len(rows) == 5
    second = {over: later(row("old_a", "new_a", relation=over), new=1, last=1) for over in across}
    for down, *cells in rows:
        first = crosswalk(row("old_a", "new_a", relation=down), old=1, new=1)
        for over, composed in zip(across, cells, strict=True):
            assert plain(first.then(second[over]).to_frame(), "relation") == [[composed]]


def test_bounds_are_products_summed_over_paths_and_clipped():
    links = row("old_a", "new_a", **share(0.4, 0.8)), row("old_a", "new_b", **share(0.2, 0.6))
    second = later(
        *(row(one, "new_a", **share(0.5, 1)) for one in ("old_a", "old_b")),
        *(row(one, None, "remainder", **share(0, 0.5)) for one in ("old_a", "old_b")),
        last=1,
    )
    shares = crosswalk(*links, old=1).then(second).to_frame()[["share_low", "share_high"]]
    assert shares.astype(float).round(9).to_numpy().tolist() == [[0.3, 1.0], [0.0, 0.7]]


@pytest.mark.parametrize("third", [0.333333333, 0.33333333366])
def test_shares_that_are_rounded_chain(third):
    """Thirds, a little too small or too large: valid alone, and valid one after the other (g03)."""
    rows = [row(one, to, **share(third)) for one in names("old", 3) for to in names("new", 3)]
    chained = crosswalk(*rows[:3], old=1, new=3).then(later(*rows, new=3, last=3))
    assert chained.is_valid()
    shares = chained.to_frame()[["share_low", "share_high"]].astype(float).to_numpy()
    assert shares.shape == (3, 2)
    assert abs(shares - 1 / 3).max() < 1e-8


@pytest.mark.parametrize(
    ("relation", "rationale", "confidence", "expected"),
    [
        (WITHIN, "wording", "medium", [WITHIN, "wording", "medium"]),
        (OVERLAPS, "meaning", "low", [UNDETERMINED, None, "low"]),
        (WITHIN, "wording", None, [WITHIN, "wording", None]),
        (EQUAL, None, "high", [WITHIN, None, "high"]),
    ],
)
def test_parallel_paths_keep_what_they_agree_on(relation, rationale, confidence, expected):
    about = {"relation": WITHIN, "rationale": "wording", "confidence": "high"}
    more = {"relation": relation, "rationale": rationale, "confidence": confidence}
    first = crosswalk(row("old_a", "new_a", **about), row("old_a", "new_b", **about), old=1)
    second = later(row("old_a", "new_a", **about), row("old_b", "new_a", **more), last=1)
    assert plain(first.then(second).to_frame(), "relation", "rationale", "confidence") == [expected]


def test_a_chain_says_that_nobody_judged_it_and_by_which_way_it_goes():
    judged = {"curated_by": "me", "reviewed_on": "2026-01-01", "curated_on": "2026-01-01"}
    found = crosswalk(row("old_a", "new_a", **judged), row("old_b", "new_b")).then(LATER)
    said = ["source_set", "target_set", "basis", "speaker", "curation_rule", *judged, "reviewed_by"]
    assert plain(found.to_frame(), *said, "justification") == [
        ["old", "last", "inferred", "project", "composed", None, None, None, None,
         "Follows from the crosswalks old to new and new to last; not judged by itself."]
    ] * 2  # fmt: skip


def test_dead_ends_undetermined_cases_and_what_is_not_reached():
    first = crosswalk(
        row("old_a", "new_a", confidence="high"),
        row("old_a", None, "remainder", confidence="low", rationale="meaning"),
        row("old_b", "new_b", relation=WITHIN),
        row("old_c", None, "undetermined", confidence="low"),
        row("old_d", "new_c", "undetermined"),
        row("old_e", None, "no_counterpart", confidence="medium"),
        row(None, "new_d", "undetermined"),
        old=5,
        new=4,
    )
    second = later(
        row("old_a", "new_a", confidence="medium"),
        row("old_b", None, "no_counterpart"),
        row("old_c", "new_b"),
        row("old_d", "new_c"),
        row(None, "new_d", "no_counterpart"),
        new=4,
        last=4,
    )
    found = first.then(second)
    assert found.is_valid()
    assert plain(found.to_frame(), *JUDGED, "confidence", "share_low", "share_high") == [
        ["old_a", "last_a", "mapped", UNDETERMINED, "medium", 0.0, 1.0],
        ["old_a", None, "remainder", None, "low", 0.0, 1.0],
        ["old_b", None, "no_counterpart", None, None, None, None],
        ["old_c", None, "undetermined", UNDETERMINED, "low", 1.0, 1.0],
        ["old_d", "last_b", "undetermined", UNDETERMINED, None, 1.0, 1.0],
        ["old_e", None, "no_counterpart", None, "medium", None, None],
        [None, "last_c", "undetermined", UNDETERMINED, None, None, None],
        [None, "last_d", "no_counterpart", None, None, None, None],
    ]
    assert found.to_frame()["rationale"].dropna().tolist() == ["meaning"]


def test_only_crosswalks_that_meet_in_one_set_follow_each_other():
    first = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    with pytest.raises(CrosswalkError, match="old to new cannot be followed by Crosswalk old to"):
        first.then(first)
    with pytest.raises(CrosswalkError, match="do not meet in one set"):
        first.then(later(row("old_a", "new_a"), new=1, last=1))
    for strange in (None, LATER.to_frame(), "last"):
        with pytest.raises(CrosswalkError, match=r"not by .*\. Crosswalk.load gives one"):
            first.then(strange)


def test_the_inverse_turns_relations_and_knows_no_shares():
    found = crosswalk(
        row("old_a", "new_a", relation=WITHIN, **share(0.2, 0.8)),
        row("old_a", None, "remainder"),
        row("old_b", None, "no_counterpart"),
        row(None, "new_b", "no_counterpart"),
    ).inverse()
    assert plain(found.to_frame(), *JUDGED, "share_high") == [
        ["new_a", "old_a", "mapped", CONTAINS, None],
        [None, "old_b", "no_counterpart", None, None],
        ["new_b", None, "no_counterpart", None, None],
    ]


def test_what_was_linked_to_a_lost_aspect_alone_is_lost_and_the_rest_keeps_its_other_links():
    found = crosswalk(
        row("old_a", "new_a", **share(0.5)),
        row("old_a", "new_b", **share(0.3)),
        row("old_a", None, "remainder", **share(0.2)),
        row("old_b", "new_a", **share(1), curated_by="me"),
        row("old_c", "new_a", **share(0.4, 0.6)),
        row("old_c", "new_b", **share(0.4, 0.6)),
        old=3,
    )
    by = "a user of the workbook"
    shown = [*ENDS, "status", "share_low", "share_high", "justification", "curated_by"]
    assert plain(found.without("new_a", WHY).to_frame(), *shown) == [
        ["old_a", "new_b", "mapped", 0.3, 0.3, None, None],
        ["old_a", None, "remainder", 0.2, None, None, None],
        ["old_c", "new_b", "mapped", 0.4, 0.6, None, None],
        [None, "new_a", "no_counterpart", None, None, WHY, by],
        ["old_b", None, "no_counterpart", None, None, WHY, by],
        ["old_c", None, "remainder", None, None, WHY, by],
    ]
    assert plain(found.without("old_b", WHY).to_frame(), *ENDS, "status")[-1] == [
        "old_b", None, "no_counterpart",
    ]  # fmt: skip
    for strange in ("old_z", None, 5, ["old_a"], pd.NA, found.to_frame()):
        with pytest.raises(UnknownValueError, match=r"aspect_id .* is not known"):
            found.without(strange, "Why.")
    for strange in (None, "  ", 5):
        with pytest.raises(HmcpsiError, match="A justification is needed"):
            found.without("old_a", strange)


@FEW
@given(crosswalks(), crosswalks(), st.sampled_from([*names("old", 3), *names("new", 3)]))
def test_whatever_is_made_of_a_crosswalk_is_valid_and_works(found, other, aspect):
    inverse = found.inverse()
    assert inverse.diagnose().empty
    assert (inverse.source_set, inverse.target_set) == ("new", "old")
    kept = found.to_frame().query("status != 'remainder'")
    shared = kept["relation"].eq(EQUAL) & kept["target_aspect_id"].duplicated(keep=False)
    kept["relation"] = kept["relation"].mask(shared.fillna(False), UNDETERMINED)
    again = inverse.inverse().to_frame()
    assert plain(again, *JUDGED, "confidence") == plain(kept, *JUDGED, "confidence")
    assert inverse.to_frame()[["share_low", "share_high"]].isna().all(axis=None)

    mine = found.without(aspect, WHY)
    assert mine.diagnose().empty
    side = ENDS[aspect.startswith("new")]
    assert mine.to_frame().query(f"{side} == @aspect")["status"].tolist() == ["no_counterpart"]
    once, twice = (
        one.to_frame().sort_values("crosswalk_id", ignore_index=True)
        for one in (mine, mine.without(aspect, WHY))
    )
    pd.testing.assert_frame_equal(once, twice)

    chained = found.then(moved(other))
    assert chained.is_valid()
    assert (chained.source_set, chained.target_set) == ("old", "last")
    assert chained.translate(ratings("Weak", "Strong", None))["n_known"].max() <= 2
