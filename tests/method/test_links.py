"""The table of a crosswalk: what its checker finds and how it says so, and what follows from it."""

import re
from pathlib import Path

import invented
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import aspects, crosswalk, crosswalks, names, plain, ratings, row, share, world

from hmcpsi_data.errors import CrosswalkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.links import crosswalk_problems
from hmcpsi_data.tables.record import Record

A_TO_A, B_TO_B = row("old_a", "new_a"), row("old_b", "new_b")
B_NOWHERE = row("old_b", None, "no_counterpart")
NEW_B_NOWHERE = row(None, "new_b", "no_counterpart")
SHARED = share(0.2, 0.4)
ENDS = ["source_aspect_id", "target_aspect_id"]

BAD = [
    ([A_TO_A, B_TO_B | {"target_set": "newer"}], {("sets", 1)},
     "It is not about old and new, as the first row is."),
    ([A_TO_A | {"relation": "overlap"}, B_TO_B], {("values", 0)},
     'relation "overlap" is not known. Did you mean "overlaps"?'),
    ([A_TO_A | {"rationale": "guess", "confidence": "sure"}, B_TO_B], {("values", 0)},
     'confidence "sure" is not known.'),
    ([A_TO_A, B_TO_B | {"status": None}], {("values", 1)}, "It has no status."),
    ([A_TO_A | {"relation": None}, B_TO_B], {("relation", 0)},
     "Status mapped does not go with relation none."),
    ([A_TO_A, B_NOWHERE | {"relation": "overlaps"}, NEW_B_NOWHERE], {("relation", 1)},
     "Status no_counterpart does not go with relation overlaps."),
    ([A_TO_A, row("old_b", "new_b", "undetermined", relation="overlaps")], {("relation", 1)},
     "Status undetermined does not go with relation overlaps."),
    ([A_TO_A, row("old_b", None), NEW_B_NOWHERE], {("ends", 1)},
     "Status mapped does not go with source old_b and target none."),
    ([row("old_aa", "new_a"), row("old_a", "new_a"), B_TO_B], {("ids", 0)},
     'source_aspect_id "old_aa" is not known. Did you mean "old_a"'),
    ([A_TO_A, A_TO_A | {"relation": "source_within_target"}, B_TO_B],
     {("duplicate", 0), ("duplicate", 1)}, "old_a to new_a is there more than once."),
    ([A_TO_A | {"share_high": 1.2}, B_TO_B], {("shares", 0)},
     "The shares from 0 to 1.2 are no part of a whole."),
    ([A_TO_A | SHARED, row("old_a", None, "remainder", **SHARED), B_TO_B],
     {("sum", 0), ("sum", 1)}, "The shares of old_a add up to 0.4 at least and 0.8 at most."),
    ([A_TO_A | {"relation": "equal"}, row("old_a", "new_b"), B_TO_B],
     {("equal", 0), ("equal", 1)}, "old_a is equal to one aspect and has another row as well."),
    ([A_TO_A, row("old_a", None, "no_counterpart"), B_TO_B],
     {("no_counterpart", 0), ("no_counterpart", 1)},
     "old_a to new_a: one aspect of this row has a link and also a row that says it has no"),
    ([A_TO_A, row("old_b", None, "remainder"), NEW_B_NOWHERE], {("remainder", 1)},
     "old_b has a remainder and no link."),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected", "sentence"), BAD)
def test_each_broken_rule_is_found_in_its_rows_with_a_remedy(rows, expected, sentence):
    broken = crosswalk(*rows)
    problems = broken.diagnose()
    assert not broken.is_valid()
    assert set(zip(problems["check"], problems["row"], strict=True)) == expected
    assert problems["problem"].str.contains(sentence, regex=False).any()
    assert problems["remedy"].str.endswith(".").all()
    assert problems["row"].is_monotonic_increasing
    for at, *ends in plain(problems, "row", *ENDS):
        assert ends == [rows[at][end] for end in ENDS]


def test_silence_and_sets_without_aspects_are_named_and_overall_assessments_take_no_part():
    problems = crosswalk(A_TO_A).diagnose()
    assert plain(problems, "check", "row", *ENDS, "problem") == [
        ["silence", None, "old_b", None, "old_b appears in no row."],
        ["silence", None, None, "new_b", "new_b appears in no row."],
    ]
    problems = Crosswalk(pd.DataFrame([A_TO_A]).replace("old", "odd"), record=world()).diagnose()
    assert problems["problem"].str.contains('the set "odd"').any()
    frame = pd.DataFrame(columns=list(A_TO_A))
    assert Crosswalk(frame).diagnose()["check"].tolist() == ["sets", "sets"]
    known = aspects(old=2, new=2).assign(level=["overall", "aspect", "aspect", "aspect"])
    problems = Crosswalk(pd.DataFrame([A_TO_A, B_TO_B]), known).diagnose()
    assert plain(problems, "check", "row") == [["ids", 0]]
    assert "overall assessment, which takes no part" in problems["problem"][0]


def test_tolerance_is_a_billionth():
    for slip, valid in ((5e-10, True), (5e-9, False)):
        for bound in ({"share_low": -slip}, {"share_high": 1 + slip}, {"share_high": 1 - slip}):
            assert crosswalk(A_TO_A | bound, B_TO_B).is_valid() is valid
        high = {"share_low": 0.5 + slip, "share_high": 0.5}
        other = row("old_a", "new_b", share_high=1)
        assert crosswalk(A_TO_A | high, other, B_TO_B).is_valid() is valid
        lows = row("old_a", "new_a", share_low=0.5), row("old_a", "new_b", share_low=0.5 + slip)
        assert crosswalk(*lows, B_TO_B).is_valid() is valid


def test_every_operation_refuses_with_all_offending_rows(tmp_path):
    broken, profile = crosswalk(A_TO_A | {"share_high": 1.2}, B_TO_B, B_NOWHERE), ratings("Weak")
    told = "Crosswalk old to new is not valid; diagnose() lists what is wrong:\n  row 0: The shares"
    for operation, *given_ in (
        (broken.coverage,), (broken.cardinality,), (broken.inverse,), (broken.then, broken),
        (broken.without, "old_a", "Invented."), (broken.to_sssom, tmp_path / "never.sssom.tsv"),
        (broken.translate, profile), (broken.sensitivity, profile),
    ):  # fmt: skip
        with pytest.raises(CrosswalkError) as caught:
            operation(*given_)
        assert str(caught.value).startswith(told)
        assert "\n  row 1: old_b to new_b" in str(caught.value)
        pd.testing.assert_frame_equal(caught.value.problems, broken.diagnose())
    assert not list(tmp_path.iterdir())


def links(**changed):
    rows = invented.tables()["crosswalk"]
    return [*rows[:2], rows[2] | changed, *rows[3:]]


def told(folder, rows):
    record = invented.made(folder, **invented.tables(crosswalk=rows))
    return [(p.row, p.column, p.value, p.fault) for p in crosswalk_problems(record)]


def test_a_folder_is_told_its_problems_by_line_and_column(tmp_path):
    assert crosswalk_problems(world()) == crosswalk_problems(Record()) == []
    add_up = "the shares of old_c add up to 1.1 at least and 1.6 at most"
    assert told(tmp_path, links(share_low=0.9)) == [
        (4, "share_low", "0.9", "the shares from 0.9 to 0.8 are no part of a whole"),
        (4, "share_low", "0.9", add_up),
        (5, "share_low", "0.2", add_up),
    ]
    assert told(tmp_path, invented.tables()["crosswalk"][:-2]) == [
        (None, None, None, "old_c appears in no row")
    ]
    places = [one[:3] for one in told(tmp_path, [*links(), links()[0]]) if "more than" in one[3]]
    assert places == [(line, "source_aspect_id", "old_a") for line in (2, 6)]
    (strange,) = told(tmp_path, links(target_aspect_id="old_a"))
    assert strange[0] == 4
    assert 'target_aspect_id "old_a" is not known' in strange[3]
    of_relation = [one[:3] for one in told(tmp_path, links(relation="equal"))]
    assert (4, "relation", "equal") in of_relation


def test_it_is_silent_where_other_checks_speak_or_a_table_cannot_be_read(tmp_path):
    for changed in ({"status": "perhaps"}, {"share_low": "half"}, {"share_high": 1.5},
                    {"source_aspect_id": "old_z"}, {"target_aspect_id": "new_z"}):  # fmt: skip
        assert told(tmp_path, links(**changed)) == []
    for name in ("crosswalk", "aspects"):
        invented.made(tmp_path, **invented.tables())
        (tmp_path / f"{name}.csv").write_bytes(b"no,table\r\n1\r\n")
        assert crosswalk_problems(Record(tmp_path)) == []


EQUAL = "equal"
WITHIN, CONTAINS, OVERLAPS, UNDETERMINED = invented.RELATIONS
JUDGED = [*ENDS, "status", "relation"]
WHY = "Only this test says so."


def moved(found, source="new", target="last"):
    """A crosswalk between two other sets like one from "old" to "new"."""
    frame = found.to_frame().drop(columns="crosswalk_id")
    frame = frame.assign(source_set=source, target_set=target)
    for end, before, after in zip(ENDS, ("old", "new"), (source, target), strict=True):
        frame[end] = frame[end].str.replace(before, after)
    sizes = dict(zip((source, target), map(len, found.labels), strict=True))
    return Crosswalk(frame, aspects(**sizes), world())


def later(*rows, new=2, last=2):
    """A crosswalk from "new" to "last", written as one from "old" to "new"."""
    return moved(crosswalk(*rows, old=new, new=last))


LATER = later(row("old_a", "new_a"), row("old_b", "new_b"))


def test_relations_compose_as_the_table_in_the_docs_says():
    page = (Path(__file__).parents[2] / "docs" / "1-method.md").read_text(encoding="utf-8")
    short = {"within": WITHIN, "contains": CONTAINS}
    grid = re.findall(r"^\| (.*) \|$", page.replace("**", ""), re.M)
    (_, *across), *rows = ([short.get(one, one) for one in line.split(" | ")] for line in grid)
    assert len(across) == len(rows) == 5
    second = {over: later(row("old_a", "new_a", relation=over), new=1, last=1) for over in across}
    for down, *cells in rows:
        first = crosswalk(row("old_a", "new_a", relation=down), old=1, new=1)
        for over, composed in zip(across, cells, strict=True):
            assert plain(first.then(second[over]).to_frame(), "relation") == [[composed]]


def test_bounds_are_products_summed_over_paths_and_clipped_and_rounded_ones_chain():
    links = row("old_a", "new_a", **share(0.4, 0.8)), row("old_a", "new_b", **share(0.2, 0.6))
    second = later(
        *(row(one, "new_a", **share(0.5, 1)) for one in ("old_a", "old_b")),
        *(row(one, None, "remainder", **share(0, 0.5)) for one in ("old_a", "old_b")),
        last=1,
    )
    shares = crosswalk(*links, old=1).then(second).to_frame()[["share_low", "share_high"]]
    assert shares.astype(float).round(9).to_numpy().tolist() == [[0.3, 1.0], [0.0, 0.7]]
    for third in (0.333333333, 0.33333333366):  # g03: a little too small or too large
        rows = [row(one, to, **share(third)) for one in names("old", 3) for to in names("new", 3)]
        chained = crosswalk(*rows[:3], old=1, new=3).then(later(*rows, new=3, last=3))
        assert chained.is_valid()
        shares = chained.to_frame()[["share_low", "share_high"]].astype(float).to_numpy()
        assert shares.shape == (3, 2)
        assert abs(shares - 1 / 3).max() < 1e-8


def test_parallel_paths_keep_what_they_agree_on():
    told = ["relation", "rationale", "confidence"]
    about = dict(zip(told, (WITHIN, "wording", "high"), strict=True))
    first = crosswalk(row("old_a", "new_a", **about), row("old_a", "new_b", **about), old=1)
    for other, expected in (
        ([WITHIN, "wording", "medium"], [WITHIN, "wording", "medium"]),
        ([OVERLAPS, "meaning", "low"], [UNDETERMINED, None, "low"]),
        ([WITHIN, "wording", None], [WITHIN, "wording", None]),
        ([EQUAL, None, "high"], [WITHIN, None, "high"]),
    ):
        further = row("old_b", "new_a", **dict(zip(told, other, strict=True)))
        second = later(row("old_a", "new_a", **about), further, last=1)
        assert plain(first.then(second).to_frame(), *told) == [expected]


def test_a_chain_says_that_nobody_judged_it_and_its_crosswalks_meet_in_one_set():
    judged = {"curated_by": "me", "reviewed_on": "2026-01-01", "curated_on": "2026-01-01"}
    first = crosswalk(row("old_a", "new_a", **judged), row("old_b", "new_b"))
    found = first.then(LATER)
    said = ["source_set", "target_set", "basis", "speaker", "curation_rule", *judged, "reviewed_by"]
    assert plain(found.to_frame(), *said, "justification") == [
        ["old", "last", "inferred", "project", "composed", None, None, None, None,
         "Follows from the crosswalks old to new and new to last; not judged by itself."]
    ] * 2  # fmt: skip
    unlike = later(row("old_a", "new_a"), new=1, last=1)
    for strange, says in (
        (first, "old to new cannot be followed by Crosswalk old to"),
        (unlike, "do not meet in one set"),
        *((one, r"not by .*\. Crosswalk.load gives one") for one in (None, LATER.to_frame(), "x")),
    ):
        with pytest.raises(CrosswalkError, match=says):
            first.then(strange)


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


def test_the_inverse_knows_no_shares_and_what_was_linked_to_a_lost_aspect_alone_is_lost():
    split = row("old_a", "new_a", relation=WITHIN, **share(0.2, 0.8))
    rest = row("old_a", None, "remainder")
    found = crosswalk(split, rest, B_NOWHERE, NEW_B_NOWHERE).inverse()
    assert plain(found.to_frame(), *JUDGED, "share_high") == [
        ["new_a", "old_a", "mapped", CONTAINS, None],
        [None, "old_b", "no_counterpart", None, None],
        ["new_b", None, "no_counterpart", None, None],
    ]
    split = [row("old_a", "new_a", **share(0.5)), row("old_a", "new_b", **share(0.3))]
    rest, whole = row("old_a", None, "remainder", **share(0.2)), row("old_b", "new_a", **share(1))
    halves = [row("old_c", one, **share(0.4, 0.6)) for one in ("new_a", "new_b")]
    found = crosswalk(*split, rest, whole | {"curated_by": "me"}, *halves, old=3)
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
    last = plain(found.without("old_b", WHY).to_frame(), *ENDS, "status")[-1]
    assert last == ["old_b", None, "no_counterpart"]
    for strange in ("old_z", None, 5, ["old_a"], pd.NA, found.to_frame()):
        with pytest.raises(UnknownValueError, match=r"aspect_id .* is not known"):
            found.without(strange, "Why.")
    for strange in (None, "  ", 5):
        with pytest.raises(HmcpsiError, match="A justification is needed"):
            found.without("old_a", strange)


@invented.FEW
@given(*[crosswalks()] * 3, st.sampled_from([*names("old", 3), *names("new", 3)]))
def test_whatever_is_made_of_a_crosswalk_is_valid_and_composing_is_associative(
    found, other, third, aspect
):
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

    chained, third = found.then(moved(other)), moved(third, "last", "end")
    assert chained.is_valid()
    assert (chained.source_set, chained.target_set) == ("old", "last")
    assert chained.translate(ratings("Weak", "Strong", None))["n_known"].max() <= 2
    first, second = (  # but for the bounds of shares, which are clipped at each step
        plain(one.to_frame().sort_values([*ENDS, "status"]), *JUDGED, "rationale", "confidence")
        for one in (chained.then(third), found.then(moved(other).then(third)))
    )
    assert first == second
