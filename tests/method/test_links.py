"""The one checker of a crosswalk: what it finds, in which rows, and how it says so."""

import pandas as pd
import pytest
from invented import aspects, crosswalk, made, plain, ratings, row, share, tables, world

from hmcpsi_data.errors import CrosswalkError
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
    ([A_TO_A, B_TO_B | {"status": "maped"}], {("values", 1)},
     'status "maped" is not known. Did you mean "mapped"?'),
    ([A_TO_A | {"rationale": "guess", "confidence": "sure"}, B_TO_B], {("values", 0)},
     'confidence "sure" is not known.'),
    ([A_TO_A, B_TO_B | {"status": None}], {("values", 1)}, "It has no status."),
    ([A_TO_A | {"relation": None}, B_TO_B], {("relation", 0)},
     "Status mapped does not go with relation none."),
    ([A_TO_A, B_NOWHERE | {"relation": "overlaps"}, NEW_B_NOWHERE], {("relation", 1)},
     "Status no_counterpart does not go with relation overlaps."),
    ([A_TO_A, row("old_a", None, "remainder", relation="equal"), B_TO_B],
     {("relation", 1), ("equal", 0), ("equal", 1)},
     "Status remainder does not go with relation equal."),
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
    ([A_TO_A | {"share_low": 0.9, "share_high": 0.2}, row("old_a", "new_b"), B_TO_B],
     {("shares", 0)}, "The shares from 0.9 to 0.2 are no part of a whole."),
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


def test_silence_is_an_error_that_names_the_aspect():
    problems = crosswalk(A_TO_A).diagnose()
    assert plain(problems, "check", "row", *ENDS, "problem") == [
        ["silence", None, "old_b", None, "old_b appears in no row."],
        ["silence", None, None, "new_b", "new_b appears in no row."],
    ]


def test_sets_without_aspects_are_named_and_overall_assessments_take_no_part():
    problems = Crosswalk(pd.DataFrame([A_TO_A]).replace("old", "odd"), record=world()).diagnose()
    assert problems["problem"].str.contains('the set "odd"').any()
    frame = pd.DataFrame(columns=list(A_TO_A))
    assert Crosswalk(frame).diagnose()["check"].tolist() == ["sets", "sets"]
    known = aspects(old=2, new=2).assign(level=["overall", "aspect", "aspect", "aspect"])
    problems = Crosswalk(pd.DataFrame([A_TO_A, B_TO_B]), known).diagnose()
    assert plain(problems, "check", "row") == [["ids", 0]]
    assert "overall assessment, which takes no part" in problems["problem"][0]


def test_tolerance_is_a_billionth():
    third = share(1 / 3)
    thirds = [row("old_a", t, **third) for t in ("new_a", "new_b")]
    rest = row("old_a", None, "remainder", **third)
    assert crosswalk(*thirds, rest, B_TO_B).is_valid()
    assert not crosswalk(*thirds, rest | {"share_low": 1 / 3 + 1e-8}, B_TO_B).is_valid()
    for slip, valid in ((5e-10, True), (5e-9, False)):
        for bound in ({"share_low": -slip}, {"share_high": 1 + slip}, {"share_high": 1 - slip}):
            assert crosswalk(A_TO_A | bound, B_TO_B).is_valid() is valid
        high = {"share_low": 0.5 + slip, "share_high": 0.5}
        other = row("old_a", "new_b", share_high=1)
        assert crosswalk(A_TO_A | high, other, B_TO_B).is_valid() is valid


@pytest.mark.parametrize(
    "operation",
    [
        Crosswalk.coverage, Crosswalk.cardinality, Crosswalk.inverse, lambda c: c.then(c),
        lambda c: c.without("old_a", "Invented."), lambda c: c.to_sssom("never.sssom.tsv"),
        lambda c: c.translate(ratings("Weak")), lambda c: c.sensitivity(ratings("Weak")),
    ],
)  # fmt: skip
def test_every_operation_refuses_with_all_offending_rows(operation, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    broken = crosswalk(A_TO_A | {"share_high": 1.2}, B_TO_B, B_NOWHERE)
    with pytest.raises(CrosswalkError) as caught:
        operation(broken)
    told = "Crosswalk old to new is not valid; diagnose() lists what is wrong:\n  row 0: The shares"
    assert str(caught.value).startswith(told)
    assert "\n  row 1: old_b to new_b" in str(caught.value)
    pd.testing.assert_frame_equal(caught.value.problems, broken.diagnose())
    assert not list(tmp_path.iterdir())


# The check of a data folder ----------------------------------------------------------------------


def links(**changed):
    """The links of the invented record, the third one changed."""
    rows = tables()["crosswalk"]
    return [*rows[:2], rows[2] | changed, *rows[3:]]


def told(folder, rows):
    record = made(folder, **tables(crosswalk=rows))
    return [(p.row, p.column, p.value, p.fault) for p in crosswalk_problems(record)]


def test_the_shipped_and_the_invented_record_have_no_problem():
    assert crosswalk_problems(world()) == crosswalk_problems(Record()) == []


def test_a_folder_is_told_its_problems_by_line_and_column(tmp_path):
    add_up = "the shares of old_c add up to 1.1 at least and 1.6 at most"
    assert told(tmp_path, links(share_low=0.9)) == [
        (4, "share_low", "0.9", "the shares from 0.9 to 0.8 are no part of a whole"),
        (4, "share_low", "0.9", add_up),
        (5, "share_low", "0.2", add_up),
    ]
    assert told(tmp_path, tables()["crosswalk"][:-2]) == [
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
        made(tmp_path, **tables())
        (tmp_path / f"{name}.csv").write_bytes(b"no,table\r\n1\r\n")
        assert crosswalk_problems(Record(tmp_path)) == []
