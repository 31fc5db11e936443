"""Tables to read: whole words, human sources, dates of rows, counts that agree with the data."""

import pandas as pd
import pytest

from hmcpsi_data import show
from hmcpsi_data.errors import CrosswalkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import MISSING

RECORD = Record()
CROSSWALK = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
ONE_EACH = RECORD.table("inspections").drop_duplicates("framework_id")["inspection_id"].tolist()
OF_ONE = [show.findings, show.numbers]
OF_ALL = [
    show.record, show.reliability, show.coverage_matrix, show.recurring, show.conflicts,
    show.tensions, show.comparisons, show.comparisons_made, show.glossary, show.tables, show.unread,
]  # fmt: skip


@pytest.mark.parametrize("function", [*OF_ALL, *OF_ONE], ids=lambda one: one.__name__)
def test_a_table_leaves_no_cell_unsaid_and_its_rows_are_dated(function):
    inspections = ONE_EACH if function in OF_ONE else [None]
    for inspection in inspections:
        shown = function(*filter(None, [inspection]), record=RECORD)
        html = shown._repr_html_()
        assert not [bad for bad in ("<NA>", "&lt;NA&gt;", ">nan<", "\u00ad") if bad in html]
        assert "\u00ad" not in repr(shown)
        assert shown.title
        if inspection == "leicestershire_opa_2005":
            column = "Period" if function is show.numbers else "Date"
            assert shown.frame[column].str.contains(r"\d{4}").all()
        elif inspection is None:
            assert len(shown.frame)


@pytest.mark.parametrize(
    "call",
    [
        *OF_ONE, show.evidence, show.coverage_matrix, show.conflicts, show.tensions,
        show.area, show.claims, lambda one: show.sensitivity(CROSSWALK, one),
        lambda one: show.changes(CROSSWALK, one),
    ],
)  # fmt: skip
def test_nothing_that_a_person_could_type_ends_in_a_bare_error(call):
    for wrong in (5, {"a": 1}, pd.DataFrame({"a": [1]}), "nonsense", ["nonsense"], float("nan")):
        with pytest.raises((HmcpsiError, CrosswalkError)):
            call(wrong)
    with pytest.raises(UnknownValueError, match="Did you mean"):
        show.findings("leicestershire_opa_2005", "strenght")


def test_sources_are_told_as_people_know_them_one_of_a_table_once_and_both_of_a_conflict():
    ids = set(RECORD.table("sources")["source_id"])
    assert not show.evidence("disclosure").frame["Source"].isin(ids).any()
    assert 'href="http' in show.evidence("disclosure")._repr_html_()
    shown = show.findings("leicestershire_opa_2005")
    (source,) = shown.frame["Source"].unique()
    assert shown._repr_html_().count(source.split(",")[0]) == 1
    assert shown.frame["Lines"].str.match(r"\d+").all()
    conflict = show.conflicts().frame.set_index("Area").loc["Essex"]
    assert conflict["Another source says"] == "Fair or Good"
    assert conflict["Source"] != conflict["Other source"]
    assert show.conflicts("Suffolk").frame.empty


def test_the_evidence_on_a_theme_says_on_which_side_it_speaks_in_the_order_of_dates():
    rows = show.evidence("disclosure").frame
    sides = {"finding: strength", "finding: weakness", "progress: Substantial progress"}
    assert sides <= {*rows["Kind"]}
    years = rows["Date"].str.extract(r"(\d{4})")[0].dropna().astype(int)
    assert years.is_monotonic_increasing


def test_the_matrix_names_what_is_known_and_why_the_rest_is_not():
    frame = show.coverage_matrix(["Leicestershire", "East Midlands"]).frame.set_index("Round")
    asked = ["Recommendation", "Aspect for improvement", "Issue"]
    leicestershire = frame[frame["Area"].eq("Leicestershire")]
    assert leicestershire.loc["2005-06", "Aspect rating"] == "14"
    assert leicestershire.loc["2008-10", asked].tolist() == ["4", "5", "not found"]
    assert {"not in framework", "not found"} <= set(frame["Overall rating"])
    shown = show.coverage_matrix().frame
    areas = coverage(by="measure").query("status == 'known'")["area"].unique()
    assert set(shown["Area"]) == set(areas)
    cells = shown.drop(columns=["Area", "Round"]).melt()["value"]
    assert (cells.str.isdigit() | cells.isin([*MISSING.values(), "contradicted"])).all()


def test_the_glossary_explains_what_the_notebooks_take_for_granted():
    frame = show.glossary().frame.set_index("Term")
    terms = ["CPS", "HMCPSI", "HRS", "Bundling", "GFS", "DCV", "VCL", "WCU", "RASSO", "OPA"]
    words = frame.loc[[*terms, "Full Code test", "Threshold test"], "What it is, in our words"]
    assert words.str.len().gt(15).all()
    assert frame.index.is_unique


def test_draws_add_up_and_only_what_another_crosswalk_changes_is_told():
    opa = ratings("Leicestershire", framework="opa_2005", level="aspect")
    shown = show.sensitivity(CROSSWALK, opa, draws=500)
    assert shown.words.startswith("In 500 draws the middle changes for ")
    assert (shown.frame.groupby("New aspect")["Draws"].sum() == 500).all()
    with pytest.raises(HmcpsiError, match=r"several inspections|2 inspections"):
        show.sensitivity(CROSSWALK, pd.concat([opa, opa.assign(inspection_id="another")]))
    mine = CROSSWALK.without("opa_2005_disclosure", "Only this test says so.")
    frame = show.changes(CROSSWALK, mine).frame
    assert 0 < len(frame) < 7
    assert (frame["With the first"] != frame["With the other"]).all()
    with pytest.raises(HmcpsiError, match="other sets"):
        show.changes(CROSSWALK, Crosswalk.load("opa_2005", "opa_2007"))
