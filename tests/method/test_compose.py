"""Crosswalks turned round, put one after the other, and with an aspect taken out."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import SHARES, aspects, crosswalk, crosswalks, names, profiles, row, world

from hmcpsi_data.errors import CrosswalkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk

EQUAL, WITHIN, CONTAINS, OVERLAPS, UNDETERMINED = (
    "equal", "source_within_target", "source_contains_target", "overlaps", "undetermined",
)  # fmt: skip
HALF = {"share_low": 0.5, "share_high": 0.5}


def later(*rows, new=2, last=2):
    """A crosswalk from "new" to "last", written as one from "old" to "new"."""
    frame = pd.DataFrame(rows).astype(SHARES)
    frame["target_aspect_id"] = frame["target_aspect_id"].str.replace("new", "last")
    frame["source_aspect_id"] = frame["source_aspect_id"].str.replace("old", "new")
    frame = frame.assign(source_set="new", target_set="last")
    return Crosswalk(frame, aspects(new=new, last=last), world())


LATER = later(row("old_a", "new_a"), row("old_b", "new_b"))


def shown(found, *columns):
    frame = found.to_frame()[list(columns)].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


def test_relations_compose_as_the_table_in_the_docs_says():
    page = Path(__file__).parents[2] / "docs" / "1-method.md"
    short = {"within": WITHIN, "contains": CONTAINS}
    table = [
        [short.get(cell.strip("* "), cell.strip("* ")) for cell in line.strip("|").split("|")]
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    (_, *across), *rows = table
    documented = {
        (down, over): composed
        for down, *cells in rows
        for over, composed in zip(across, cells, strict=True)
    }
    assert len(documented) == 25
    for (one, other), composed in documented.items():
        first = crosswalk(row("old_a", "new_a", relation=one), old=1, new=1)
        second = later(row("old_a", "new_a", relation=other), new=1, last=1)
        assert shown(first.then(second), "relation") == [[composed]]


def test_bounds_are_products_summed_over_paths_and_clipped():
    first = crosswalk(
        row("old_a", "new_a", share_low=0.4, share_high=0.8),
        row("old_a", "new_b", share_low=0.2, share_high=0.6),
        old=1,
    )
    second = later(
        *(row(one, "new_a", share_low=0.5, share_high=1) for one in ("old_a", "old_b")),
        *(row(one, None, "remainder", share_low=0, share_high=0.5) for one in ("old_a", "old_b")),
        last=1,
    )
    shares = first.then(second).to_frame()[["share_low", "share_high"]]
    assert shares.astype(float).round(9).to_numpy().tolist() == [[0.3, 1.0], [0.0, 0.7]]


@pytest.mark.parametrize("share", [0.333333333, 0.33333333366])
def test_shares_that_are_rounded_chain(share):
    """Thirds, a little too small or too large: valid alone, and valid one after the other."""
    third = {"share_low": share, "share_high": share}
    first = crosswalk(*(row("old_a", target, **third) for target in names("new", 3)), old=1, new=3)
    second = later(
        *(row(source, target, **third) for source in names("old", 3) for target in names("new", 3)),
        new=3, last=3,
    )  # fmt: skip
    assert first.is_valid()
    assert second.is_valid()
    chained = first.then(second)
    assert chained.is_valid()
    shares = chained.to_frame()[["share_low", "share_high"]].astype(float).to_numpy()
    assert shares.shape == (3, 2)
    assert abs(shares - 1 / 3).max() < 1e-8


def test_parallel_paths_keep_what_they_agree_on():
    about = {"rationale": "wording", "confidence": "high"}
    first = [row("old_a", "new_a", relation=WITHIN, **about),
             row("old_a", "new_b", relation=WITHIN, **about)]  # fmt: skip
    for relation, rationale, confidence, expected in (
        (WITHIN, "wording", "medium", [WITHIN, "wording", "medium"]),
        (OVERLAPS, "meaning", "low", [UNDETERMINED, None, "low"]),
        (WITHIN, "wording", None, [WITHIN, "wording", None]),
    ):
        second = later(
            row("old_a", "new_a", relation=WITHIN, **about),
            row("old_b", "new_a", relation=relation, rationale=rationale, confidence=confidence),
            last=1,
        )
        found = crosswalk(*first, old=1).then(second)
        assert shown(found, "relation", "rationale", "confidence") == [expected]


def test_a_chain_says_that_nobody_judged_it_and_by_which_way_it_goes():
    found = crosswalk(row("old_a", "new_a", curated_by="me"), row("old_b", "new_b")).then(LATER)
    frame = found.to_frame()
    text = "Follows from the crosswalks old to new and new to last; not judged by itself."
    assert frame["justification"].unique().tolist() == [text]
    assert frame["curation_rule"].unique().tolist() == ["composed"]
    assert frame["curated_by"].isna().all()
    assert (found.source_set, found.target_set) == ("old", "last")


def test_what_meets_an_absence_or_a_doubt_stays_so():
    first = crosswalk(row("old_a", "new_a"), row("old_a", "new_b"), row("old_b", "new_b"))
    second = later(
        row("old_a", "new_a"),
        row("old_b", None, "no_counterpart"),
        row(None, "new_b", "undetermined"),
    )
    columns = ["source_aspect_id", "target_aspect_id", "status", "relation"]
    assert shown(first.then(second), *columns) == [
        ["old_a", "last_a", "mapped", UNDETERMINED],
        ["old_a", None, "remainder", None],
        ["old_b", None, "no_counterpart", None],
        [None, "last_b", "undetermined", UNDETERMINED],
    ]
    doubt = crosswalk(
        row("old_a", None, "undetermined"), row("old_b", "new_b"), row("old_b", "new_a")
    )
    found = doubt.then(later(row("old_a", "new_a"), row("old_b", None, "undetermined"), last=1))
    assert shown(found, *columns[:3]) == [
        ["old_a", None, "undetermined"],
        ["old_b", None, "undetermined"],
        ["old_b", "last_a", "mapped"],
    ]


def test_what_goes_nowhere_keeps_what_was_said_of_it():
    about = {"rationale": "function", "confidence": "medium"}
    lost = row("old_b", None, "no_counterpart", **about)
    first = crosswalk(row("old_a", "new_a"), row("old_a", "new_b"), lost)
    assert shown(first.then(LATER), "status", "rationale", "confidence")[2:] == [
        ["no_counterpart", "function", "medium"]
    ]


def test_a_doubt_about_a_middle_aspect_is_one_about_what_it_leads_to():
    first = crosswalk(row("old_a", "new_a"), row(None, "new_b", "undetermined"), old=1)
    assert shown(first.then(LATER), "source_aspect_id", "target_aspect_id", "status") == [
        ["old_a", "last_a", "mapped"],
        [None, "last_b", "undetermined"],
    ]


def test_crosswalks_that_do_not_meet_cannot_follow_each_other():
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    with pytest.raises(CrosswalkError, match="they do not meet in one set"):
        found.then(found)
    with pytest.raises(CrosswalkError, match="they do not meet in one set"):
        found.then(later(row("old_a", "new_a"), new=1, last=1))
    for strange in (found.to_frame(), None, "opa_2007"):
        with pytest.raises(CrosswalkError, match="is followed by another one, not by"):
            found.then(strange)


THREE = [crosswalks(2, 2, ("s", "m")), crosswalks(2, 3, ("m", "t")), crosswalks(3, 2, ("t", "u"))]


@given(*THREE, profiles(2, "s"))
def test_what_is_composed_is_valid_translates_and_can_be_followed(first, second, third, profile):
    composed = first.then(second).then(third)
    assert composed.diagnose().empty
    assert len(composed.translate(profile)) == 2
    shares = composed.to_frame()[["share_low", "share_high"]].dropna()
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)


def test_the_inverse_turns_relations_and_knows_no_shares():
    found = crosswalk(
        row("old_a", "new_a", relation=WITHIN, share_low=0.2, share_high=0.8),
        row("old_a", None, "remainder"),
        row("old_b", None, "no_counterpart"),
        row(None, "new_b", "no_counterpart"),
    ).inverse()
    columns = ["source_aspect_id", "target_aspect_id", "status", "relation", "share_high"]
    assert shown(found, *columns) == [
        ["new_a", "old_a", "mapped", CONTAINS, None],
        [None, "old_b", "no_counterpart", None, None],
        ["new_b", None, "no_counterpart", None, None],
    ]


@given(crosswalks())
def test_the_inverse_is_valid_and_twice_gives_the_same_links(found):
    inverse = found.inverse()
    assert inverse.diagnose().empty
    assert (inverse.source_set, inverse.target_set) == ("new", "old")
    judged = ["source_aspect_id", "target_aspect_id", "status", "relation", "confidence"]
    again = inverse.inverse().to_frame()
    kept = found.to_frame().query("status != 'remainder'")
    shared = kept["relation"].eq(EQUAL) & kept["target_aspect_id"].duplicated(keep=False)
    kept["relation"] = kept["relation"].mask(shared.fillna(False), UNDETERMINED)
    pd.testing.assert_frame_equal(again[judged], kept[judged].reset_index(drop=True))
    assert inverse.to_frame()[["share_low", "share_high"]].isna().all(axis=None)


def test_what_was_linked_to_a_lost_source_alone_has_no_counterpart():
    found = crosswalk(
        row("old_a", "new_a"), row("old_a", "new_b"), row("old_a", None, "remainder"),
        row("old_b", "new_b"),
    ).without("old_a", "Only this test says so.")  # fmt: skip
    columns = ["source_aspect_id", "target_aspect_id", "status", "relation", "justification"]
    why = "Only this test says so."
    assert shown(found, *columns) == [
        ["old_b", "new_b", "mapped", OVERLAPS, None],
        ["old_a", None, "no_counterpart", None, why],
        [None, "new_a", "no_counterpart", None, why],
    ]
    assert found.to_frame()["curated_by"].tolist()[1] == "a user of the workbook"


def test_a_source_of_a_lost_target_keeps_its_other_links_and_has_a_remainder():
    found = crosswalk(
        row("old_a", "new_a", share_low=0.5, share_high=0.5),
        row("old_a", "new_b", share_low=0.3, share_high=0.3),
        row("old_a", None, "remainder", share_low=0.2, share_high=0.2),
        row("old_b", "new_a", share_low=1, share_high=1),
        row("old_c", "new_a", share_low=0.4, share_high=0.6),
        row("old_c", "new_b", share_low=0.4, share_high=0.6),
        old=3,
    ).without("new_a", "Only this test says so.")
    columns = ["source_aspect_id", "target_aspect_id", "status", "share_low", "share_high"]
    assert found.is_valid()
    assert shown(found, *columns) == [
        ["old_a", "new_b", "mapped", 0.3, 0.3],
        ["old_a", None, "remainder", 0.2, None],
        ["old_c", "new_b", "mapped", 0.4, 0.6],
        [None, "new_a", "no_counterpart", None, None],
        ["old_b", None, "no_counterpart", None, None],
        ["old_c", None, "remainder", None, None],
    ]


@given(crosswalks(), st.sampled_from([*names("old", 3), *names("new", 3)]))
def test_without_any_aspect_a_crosswalk_is_valid_and_says_so_of_it(found, aspect):
    mine = found.without(aspect, "Only this test says so.")
    assert mine.diagnose().empty
    side = "source_aspect_id" if aspect.startswith("old") else "target_aspect_id"
    rows = mine.to_frame().query(f"{side} == @aspect")
    assert rows["status"].tolist() == ["no_counterpart"]
    again = mine.without(aspect, "Only this test says so.").to_frame()
    frames = [
        one.sort_values("crosswalk_id", ignore_index=True) for one in (again, mine.to_frame())
    ]
    pd.testing.assert_frame_equal(*frames)


def test_an_unknown_aspect_or_no_reason_is_refused():
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    for strange in ("old_z", None, 5, ["old_a"]):
        with pytest.raises(UnknownValueError, match=r"aspect_id .* is not known"):
            found.without(strange, "Why.")
    for strange in (None, "  ", 5):
        with pytest.raises(HmcpsiError, match="A justification is needed"):
            found.without("old_a", strange)
