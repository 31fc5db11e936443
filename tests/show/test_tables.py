"""Tables to read: whole words, human sources, dates of rows, counts that agree with the data."""

import inspect
import math
import re
from functools import partial

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import show
from hmcpsi_data.words import MISSING

CROSSWALK = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands")
INSPECTIONS = hd.load("inspections")
OF_ONE = [show.findings, show.numbers]
TAKEN = {name: [*inspect.signature(vars(show)[name]).parameters] for name in show.__all__}
OF_ALL = [vars(show)[n] for n, taken in TAKEN.items() if taken in (["record"], ["area", "record"])]
OF_ALL.remove(show.area)


@pytest.mark.parametrize("function", [*OF_ALL, *OF_ONE], ids=lambda one: one.__name__)
def test_a_table_leaves_no_cell_unsaid_and_its_rows_are_dated(function):
    ids = INSPECTIONS.drop_duplicates("framework_id")["inspection_id"]
    for inspection in ids if function in OF_ONE else [None]:
        shown = function(*filter(None, [inspection]))
        html = shown._repr_html_()
        assert not [bad for bad in ("<NA>", "&lt;NA&gt;", ">nan<", "\u00ad") if bad in html]
        if inspection == "leicestershire_opa_2005":
            column = "Period" if function is show.numbers else "Date"
            assert shown.frame[column].str.contains(r"\d{4}").all()
            title = INSPECTIONS.set_index("inspection_id")["title"][inspection]
            pd.testing.assert_frame_equal(function(title).frame, shown.frame)
        assert len(shown.frame) or inspection


def test_nothing_that_a_person_could_type_ends_in_a_bare_error():
    for call in (
        *OF_ONE, show.evidence, show.coverage_matrix, show.conflicts, show.tensions, show.area,
        show.claims, partial(show.sensitivity, CROSSWALK), partial(show.changes, CROSSWALK),
    ):  # fmt: skip
        for wrong in (5, {"a": 1}, pd.DataFrame({"a": [1]}), "nonsense", ["nonsense"], math.nan):
            with pytest.raises(hd.HmcpsiError):
                call(wrong)
    with pytest.raises(hd.UnknownValueError, match="Did you mean"):
        show.findings("leicestershire_opa_2005", "strenght")
    for wrong in (None, [], pd.NA, "leicestershire_opa_2006"):
        with pytest.raises(hd.UnknownValueError, match=r"^inspection "):
            show.numbers(wrong)


def test_sources_are_told_as_people_know_them_one_of_a_table_once_and_both_of_a_conflict():
    shown = show.evidence("disclosure")  # on either side, in the order of dates
    assert not shown.frame["Source"].isin(hd.load("sources")["source_id"]).any()
    assert 'href="http' in shown._repr_html_()
    assert {"finding: strength", "finding: weakness"} <= {*shown.frame["Kind"]}
    assert shown.frame["Date"].str.extract(r"(\d{4})")[0].dropna().is_monotonic_increasing
    shown = show.findings("leicestershire_opa_2005")
    (source,) = shown.frame["Source"].unique()
    assert shown._repr_html_().count(source.split(",")[0]) == 1
    assert shown.frame["Lines"].str.match(r"\d+").all()
    conflict = show.conflicts().frame.set_index("Area").loc["Essex"]
    assert conflict["Another source says"] == "Fair or Good"
    assert conflict["Source"] != conflict["Other source"]


def test_the_record_and_the_matrix_count_what_coverage_knows_and_why_the_rest_is_not():
    table = show.record().frame.set_index("Framework")
    assert re.fullmatch(r"\d+ of 42; 3 sectors", table.loc["OPA 2007", "Overall ratings"])
    numbers = table.replace(r"none| of \d+", "", regex=True)
    numbers = {name: cells.str.findall(r"\d+").explode() for name, cells in numbers.items()}
    sums = {name: cells.dropna().astype(int).sum() for name, cells in numbers.items()}
    known = hd.coverage()["status"].isin(["stated", "derived"]).sum()
    assert sums["Overall ratings"] + sums["Ratings of parts"] == known
    # one review of 2010 stands under Merseyside and under Cheshire: its two issues count once
    assert sums["Issues"] == hd.load("actions")["kind"].eq("issue").sum() - 2
    frame = show.coverage_matrix("Leicestershire").frame.set_index("Round")
    assert frame.index.tolist() == hd.load("frameworks")["round"].tolist()
    asked = ["Aspect rating", "Recommendation", "Aspect for improvement", "Issue"]
    assert frame.loc["2008-10", asked].tolist() == ["not found", "4", "5", "not found"]
    known = hd.coverage(by="measure").query("status == 'known'")
    cells = show.coverage_matrix().frame.drop(columns=["Area", "Round"]).melt()["value"]
    assert cells.str.isdigit().sum() == len(known)
    assert (cells.str.isdigit() | cells.isin([*MISSING.values(), "contradicted"])).all()


def test_what_recurs_counts_areas_and_the_glossary_explains_what_the_notebooks_take_for_granted():
    rows = show.recurring().frame
    (of,) = (name for name in rows if name.startswith("Areas"))
    assert rows[of].is_monotonic_decreasing
    assert rows[of].max() <= int(re.search(r"\d+", of)[0])
    assert (rows["Which Areas"].str.count(", ") + 1 == rows[of]).all()
    assert "England and Wales" not in " ".join(rows["Which Areas"])
    frame = show.glossary().frame.set_index("Term")
    terms = ["CPS", "HMCPSI", "HRS", "Bundling", "GFS", "DCV", "VCL", "WCU", "RASSO", "OPA"]
    words = frame.loc[[*terms, "Full Code test", "Threshold test"], "What it is, in our words"]
    assert words.str.len().gt(15).all()


def test_draws_add_up_and_only_what_another_crosswalk_changes_is_told():
    opa = hd.ratings("Leicestershire", framework="opa_2005", level="aspect")
    frame = show.sensitivity(CROSSWALK, opa, draws=500).frame
    assert (frame.groupby("New aspect")["Draws"].sum() == 500).all()
    mine = CROSSWALK.without("opa_2005_disclosure", "Only this test says so.")
    frame = show.changes(CROSSWALK, mine).frame
    assert 0 < len(frame) < 7
    assert (frame["With the first"] != frame["With the other"]).all()
    with pytest.raises(hd.HmcpsiError, match="other sets"):
        show.changes(CROSSWALK, hd.Crosswalk.load("opa_2005", "opa_2007"))
