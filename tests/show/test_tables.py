"""Tables to read: whole words, human sources, dates of rows, counts that agree with the data."""

import pandas as pd
import pytest
from editing import Copy

from hmcpsi_data import show
from hmcpsi_data.errors import CrosswalkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.palette import QUALITY
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import FACTS, MISSING

RECORD = Record()
ONE_EACH = RECORD.table("inspections").drop_duplicates("framework_id")["inspection_id"].tolist()
OF_ONE = [show.rated, show.progress, show.issues, show.findings, show.numbers, show.methods]
OF_ALL = [
    show.record, show.reliability, show.coverage_matrix, show.recurring, show.conflicts,
    show.tensions, show.comparisons, show.comparisons_made, show.inspected, show.sources,
    show.glossary, show.tables,
]  # fmt: skip
WRONG = [5, {"a": 1}, pd.DataFrame({"a": [1]}), "nonsense", ["nonsense"], object(), float("nan")]


def crosswalk():
    return Crosswalk.load("opa_2005", "aap_2016_east_midlands")


@pytest.mark.parametrize("function", OF_ALL, ids=lambda one: one.__name__)
def test_a_table_of_the_whole_record_leaves_no_cell_unsaid(function):
    shown = function(record=RECORD)
    html = shown._repr_html_()
    assert "<NA>" not in html
    assert "&lt;NA&gt;" not in html
    assert "\u00ad" not in shown.frame.to_csv() + html
    assert "\u00ad" not in repr(shown)
    assert shown.title
    assert len(shown.frame) or function is show.comparisons_made


@pytest.mark.parametrize("function", OF_ONE, ids=lambda one: one.__name__)
def test_an_inspection_under_each_framework_can_be_shown(function):
    for inspection in ONE_EACH:
        html = function(inspection, record=RECORD)._repr_html_()
        assert "&lt;NA&gt;" not in html
        assert ">nan<" not in html


@pytest.mark.parametrize("function", OF_ONE, ids=lambda one: one.__name__)
@pytest.mark.parametrize("wrong", [None, *WRONG], ids=lambda wrong: type(wrong).__name__)
def test_an_unknown_inspection_is_refused_in_words(function, wrong):
    with pytest.raises(HmcpsiError, match="inspection"):
        function(wrong, record=RECORD)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: show.methods("leicestershire_opa_2005", "nonsense"), 'kind "nonsense"'),
        (lambda: show.findings("leicestershire_opa_2005", "strenght"), "Did you mean"),
        (lambda: show.rated("leicestershire_opa_2005", "nonsense"), 'level "nonsense"'),
        (lambda: show.evidence("disclosures"), "Did you mean"),
        (lambda: show.evidence("disclosure", "nonsense"), 'kind "nonsense"'),
        (lambda: show.evidence(None), "theme"),
        (lambda: show.recurring("nonsense"), "nonsense"),
        (lambda: show.area("Atlantis"), "Atlantis"),
        (lambda: show.coverage_matrix("Atlantis"), "Atlantis"),
    ],
)
def test_what_no_filter_knows_is_refused_with_the_nearest(call, words):
    with pytest.raises(UnknownValueError, match=words):
        call()


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: type(wrong).__name__)
@pytest.mark.parametrize(
    "call",
    [
        show.evidence, show.coverage_matrix, show.recurring, show.conflicts, show.tensions,
        show.comparisons_made, show.inspected, show.sources, show.area, show.reach, show.claims,
        lambda one: show.sensitivity(crosswalk(), one), lambda one: show.changes(crosswalk(), one),
    ],
)  # fmt: skip
def test_nothing_that_a_person_could_type_ends_in_a_bare_error(call, wrong):
    with pytest.raises((HmcpsiError, CrosswalkError)):
        call(wrong)


def test_sources_are_told_as_people_know_them():
    frame = show.inspected("Leicestershire").frame
    ids = set(RECORD.table("sources")["source_id"])
    assert not frame["Source"].isin(ids).any()
    assert not show.sources().frame["Title"].isin(ids).any()
    html = show.evidence("disclosure")._repr_html_()
    assert 'href="http' in html
    assert "no address" not in html


def test_one_source_of_a_whole_table_is_told_once_and_each_row_names_its_lines():
    shown = show.findings("leicestershire_opa_2005")
    source = shown.frame["Source"].unique()
    assert len(source) == 1
    assert shown._repr_html_().count(source[0].split(",")[0]) == 1
    assert shown.frame["Lines"].str.match(r"\d+").all()


def test_the_rating_is_the_second_column_and_a_contradicted_one_looks_like_none():
    assert list(show.rated("leicestershire_opa_2005").frame)[1] == "Rating"
    shown = show.rated("essex_opa_2007")
    assert shown.frame["Rating"].tolist() == ["contradicted: Poor"]
    assert shown.frame["Another source says"].notna().all()
    assert QUALITY["Poor"] not in shown._repr_html_()


@pytest.mark.parametrize("function", OF_ONE, ids=lambda one: one.__name__)
def test_every_row_of_an_inspection_is_dated_and_the_date_says_of_what_it_is(function):
    for inspection in ("leicestershire_opa_2005", "leicestershire_follow_up_2010"):
        frame = function(inspection, record=RECORD).frame
        column = "Period" if function is show.numbers else "Date"
        assert frame[column].str.contains(r"\d{4}").all()
    frame = show.rated("leicestershire_opa_2005").frame
    assert frame["Date"].unique().tolist() == ["June 2005 to December 2005 (fieldwork)"]


def test_a_contradicted_rating_has_both_sides_and_both_sources_wherever_it_stands():
    rated = show.rated("essex_opa_2007").frame.iloc[0]
    assert rated["Another source says"] == "Fair or Good"
    assert rated["Source"] != rated["Other source"]


def test_a_conflict_shows_both_sides_and_both_sources():
    frame = show.conflicts().frame.set_index("Area")
    row = frame.loc["Essex"]
    assert (row["One source says"], row["Another source says"]) == ("Poor", "Fair or Good")
    assert row["Source"] != row["Other source"]
    assert show.conflicts("Suffolk").frame.empty


def test_statements_that_do_not_fit_stand_side_by_side():
    frame = show.tensions("South West").frame
    assert len(frame) >= 2
    assert frame[["One statement", "Another statement"]].notna().all(axis=None)


def test_every_row_of_evidence_has_its_own_date_and_none_is_a_round():
    frame = show.evidence("disclosure").frame
    assert "Round" not in frame
    assert frame["Date"].str.contains(r"\d{4}|not dated").all()
    wales = frame[frame["Area"].eq("South Wales")]
    assert wales["Date"].str.contains("2010").all()
    assert not wales["Date"].str.contains("2009").any()


def test_evidence_on_several_themes_names_them_all():
    shown = show.evidence(["disclosure", "victim_letters"], "rating")
    titles = RECORD.table("themes").set_index("theme_id")["title"]
    assert all(titles[one] in shown.title for one in ("disclosure", "victim_letters"))
    assert set(shown.frame["Theme"]) <= set(titles)
    assert set(shown.frame["Kind"]) == {FACTS["rating"]}


def test_issues_say_what_was_answered_and_who_monitors_it():
    frame = show.issues("south_west_aip_2021").frame
    assert len(frame) == 3
    assert frame["Monitored by"].ne("").all()
    assert frame["Answer of the CPS"].ne("no answer found").all()


def test_the_matrix_names_what_is_known_and_why_the_rest_is_not():
    frame = show.coverage_matrix(["Leicestershire", "East Midlands"]).frame
    assert "14 aspects" in frame["Ratings of parts"].tolist()
    assert "4 sections, 7 criteria" in frame["Ratings of parts"].tolist()
    assert "4 recommendations, 5 aspects for improvement" in frame["Asked for"].tolist()
    assert {"not in framework", "not found"} <= set(frame["Overall rating"])


def test_the_matrix_counts_every_cell_once():
    shown = show.coverage_matrix()
    cells = shown.frame.drop(columns=["Area", "Round"])
    known = int((~cells.melt()["value"].isin(MISSING.values())).sum())
    assert shown.words.startswith(f"Something is known in {known:,} of {cells.size:,} cells.")
    areas = coverage(by="measure").query("status == 'known'")["area"].unique()
    assert set(shown.frame["Area"]) == set(areas)


def test_the_record_says_how_many_ratings_are_contradicted():
    n = int(RECORD.table("ratings")["basis"].eq("contradicted").sum())
    assert f"{n} more contradicted and not counted" in show.record().words


def test_reliability_adds_up_to_the_ratings_that_count():
    frame = show.reliability().frame
    rows = ratings()
    counted = rows[rows["basis"].ne("contradicted")]["rating"].notna().sum()
    assert frame["all"].sum() == counted
    parts = frame.drop(columns=["Published by", "all"]).sum(axis=1)
    assert (parts == frame["all"]).all()


@pytest.mark.parametrize(
    "term",
    ["CPS", "HMCPSI", "Full Code test", "Threshold test", "HRS", "Bundling", "GFS", "DCV", "VCL",
     "WCU", "RASSO", "OPA"],
)  # fmt: skip
def test_the_glossary_explains_what_the_notebooks_take_for_granted(term):
    frame = show.glossary().frame.set_index("Term")
    assert len(frame.loc[term, "What it is, in our words"]) > 15
    assert frame.index.is_unique


def test_what_a_crosswalk_leaves_out_is_named_in_full():
    frame = show.reach(crosswalk()).frame.set_index("Side")
    assert frame["Aspects"].tolist() == [14, 7]
    assert frame.loc["new", "Without a counterpart"] == "none"
    assert frame.loc["old", "Without a counterpart"].count(";") == 14 - frame["Linked"].iloc[0] - 1


def test_draws_add_up_and_several_inspections_are_refused():
    opa = ratings("Leicestershire", framework="opa_2005", level="aspect")
    shown = show.sensitivity(crosswalk(), opa, draws=500)
    assert shown.words.startswith("In 500 draws the middle changes for ")
    assert (shown.frame.groupby("New aspect")["Draws"].sum() == 500).all()
    both = pd.concat([opa, opa.assign(inspection_id="another")])
    with pytest.raises(HmcpsiError, match=r"several inspections|2 inspections"):
        show.sensitivity(crosswalk(), both)


def test_only_what_another_crosswalk_changes_is_told():
    mine = crosswalk().without("opa_2005_disclosure", "Only this test says so.")
    shown = show.changes(crosswalk(), mine)
    assert 0 < len(shown.frame) < 7
    assert (shown.frame["With the first"] != shown.frame["With the other"]).all()
    other = Crosswalk.load("opa_2005", "opa_2007")
    with pytest.raises(HmcpsiError, match="other sets"):
        show.changes(crosswalk(), other)


def test_a_payload_in_the_data_runs_nothing(tmp_path):
    copy = Copy(tmp_path / "data")
    payload = "<img src=x onerror=alert(1)>"
    copy.put("findings", 2, subject=payload)
    copy.put("areas", copy.line("areas", area_id="leicestershire_1999"), name=payload)
    record = Record(copy.folder)
    for shown in (
        show.findings("leicestershire_opa_2005", record=record),
        show.inspected("leicestershire_1999", record=record),
        show.area("leicestershire_1999", record=record),
    ):
        assert "<img" not in shown._repr_html_()
    assert "<img" not in show.area("leicestershire_1999", record=record).html
