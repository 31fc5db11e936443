"""Tables for readers: whole words, headings of their own, and numbers that agree with the data."""

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import mapped, results, show
from hmcpsi_data.palette import QUALITY
from hmcpsi_data.tiles import MISSING, tile_table


def test_a_long_identifier_may_break_and_an_address_stays_whole():
    frame = pd.DataFrame({"Source": ["doc_opa_2006, L9;L11"]})
    links = {"Source": {"doc_opa_2006, L9;L11": "https://example.org/a_b;L1"}}
    html = tile_table(frame, "One", links=links)._repr_html_()
    assert "doc_<wbr>opa_<wbr>2006, L9;<wbr>L11" in html
    assert 'href="https://example.org/a_b;L1"' in html


def test_a_date_stays_in_one_line():
    frame = pd.DataFrame({"When": ["2004-04 to 2005-03"], "What": ["Nos 12-13 of 2006"]})
    html = tile_table(frame, "One")._repr_html_()
    kept = '<span style="white-space:nowrap">{}</span>'
    assert f"{kept.format('2004-04')} to {kept.format('2005-03')}" in html
    assert "Nos 12-13 of 2006" in html


def test_inspections_of_an_area_stand_in_the_order_of_the_rounds():
    frame = show.inspected(["Leicestershire", "East Midlands"]).frame
    assert frame["Area"].tolist() == ["Leicestershire"] * 4 + ["East Midlands"] * 2
    assert frame["Framework"].tolist()[:4] == [
        "OPA 2006", "OPA 2007", "AEI 2008-10", "Follow-up 2010",
    ]  # fmt: skip
    assert frame["Where from"].iloc[0] == "doc_opa_2006, L9;L11"
    assert show.inspected("Gwent").words == "1 inspection of 1 unit under 1 framework."


SOURCED = [
    show.inspected("Leicestershire"),
    show.evidence("disclosure"),
    show.conflicts(),
    results.rated("leicestershire_opa_2007"),
    results.issues("south_west_aap_pilot_2016"),
]


@pytest.mark.parametrize("table", SOURCED, ids=[table.title for table in SOURCED])
def test_a_source_leads_to_its_page_and_says_its_title(table):
    sources = hd.load("sources").set_index("source_id")
    pages = [places for heading, places in table.links.items() if heading in table.frame]
    assert pages
    assert all(pages)
    for told, place in (item for of in pages for item in of.items()):
        of = sources.loc[told.partition(",")[0].partition(";")[0]]
        assert place.address in (of["address"], of["archived_address"])
        assert place.title == of["title"]
    html = table._repr_html_()
    assert 'href="http' in html
    assert "no address" not in html


def test_a_contradicted_rating_is_no_tile_of_its_word():
    table = results.rated("essex_opa_2007")
    assert table.frame["Rating"].tolist() == ["contradicted: Poor"]
    assert QUALITY["Poor"] not in table._repr_html_()


def test_every_issue_says_where_it_stands():
    where = results.issues("east_midlands_aap_2016").frame["Where from"]
    assert where.iloc[0] == "doc_aap_response_2016, L26; answer L27"
    inspections = hd.load("inspections")["inspection_id"]
    for one in inspections[inspections.isin(hd.load("actions")["inspection_id"])]:
        assert results.issues(one).frame["Where from"].ne("").all(), one


def test_how_many_sources_there_are_is_told_with_what_is_left_out():
    told = show.sources().words
    used = len(show.sources().frame)
    assert told.startswith(f"{used} sources of what inspections found, ")
    assert used < len(hd.load("sources"))
    assert told.endswith("Sources of names and borders alone are not among them.")


def test_the_matrix_names_what_is_known_and_why_the_rest_is_not():
    table = show.coverage_matrix(["Leicestershire", "East Midlands"])
    frame = table.frame.set_index(["Area", "Round"])
    assert frame.loc[("Leicestershire", "2005-06"), "Ratings of parts"] == "14 aspects"
    assert frame.loc[("East Midlands", "2016"), "Ratings of parts"] == "4 sections, 7 criteria"
    asked = frame.loc[("Leicestershire", "2009"), "Asked for"].replace("\u00ad", "")
    assert asked == "4 recommendations, 5 aspects for improvement"
    assert frame.loc[("East Midlands", "2016"), "Overall rating"] == "not in framework"
    assert frame.loc[("Leicestershire", "2007"), "Ratings of parts"] == "not found"


def test_the_matrix_counts_every_cell_once():
    table = show.coverage_matrix()
    known = hd.coverage(by="measure")
    some = known[known["area_id"].isin(known.loc[known["status"] == "known", "area_id"])]
    n_rows = some[["area_id", "framework_id"]].drop_duplicates().shape[0]
    assert f"of {n_rows * len(table.tiles)} cells" in table.words
    found = table.frame[list(table.tiles)].melt()["value"]
    n_known = int((~found.isin(MISSING.values())).sum())
    assert table.words.startswith(f"Something is known in {n_known} of ")


def test_evidence_says_its_kind_in_words_of_readers():
    kinds = show.evidence("victim_letters").frame["Kind"].unique().tolist()
    wanted = {"rating: Poor", "issue", "answer: promised", "number", "finding: weakness"}
    assert wanted <= set(kinds)
    assert not [kind for kind in kinds if kind.startswith(("action", "measure", "number:"))]


def test_a_label_is_printed_twice_only_where_it_differs():
    assert "As printed" not in results.rated("east_midlands_aap_2016", "criterion").frame
    assert "As printed" in results.rated("east_midlands_aap_2016", "section").frame


def test_the_record_says_how_many_ratings_are_contradicted():
    n = int(hd.load("ratings")["basis"].eq("contradicted").sum())
    assert f"; {n} more contradicted and counted nowhere" in show.record().words


@pytest.mark.parametrize(
    "term",
    ["CPS", "HMCPSI", "Full Code test", "Threshold test", "HRS", "Bundling", "GFS", "DCV", "VCL",
     "WCU", "RASSO", "OPA"],
)  # fmt: skip
def test_the_glossary_explains_what_the_notebooks_take_for_granted(term):
    frame = show.glossary().frame.set_index("Term")
    assert len(frame.loc[term, "What it is, in our words"]) > 15
    assert frame.index.is_unique


def crosswalk():
    return hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands")


def test_what_a_map_leaves_out_is_named_in_full():
    frame = mapped.reach(crosswalk()).frame.set_index("Side")
    assert frame["Aspects"].tolist() == [14, 7]
    assert frame.loc["old", "Without counterpart"].count(";") == 4
    assert frame.loc["new", "Without counterpart"] == "none"


def test_the_draws_of_what_hangs_on_the_shares_add_up():
    opa = hd.ratings("Leicestershire", framework="opa_2005", level="aspect")
    table = mapped.sway(crosswalk(), opa, draws=500)
    assert table.words == "In 500 draws the middle changes for 1 of 7 new aspects."
    assert sum(map(int, table.frame["Draws"])) == 500


def test_only_what_another_map_changes_is_told():
    frame = crosswalk().to_frame()
    ours = frame["source_aspect_id"] == "opa_2005_disclosure"
    absent = frame[ours & (frame["status"] == "remainder")].copy()
    absent[["status", "share_low", "share_high"]] = ["no_counterpart", None, None]
    mine = hd.Crosswalk(pd.concat([frame[~ours], absent]))
    table = mapped.changes(hd.compare(), hd.compare(crosswalk=mine))
    assert table.words == "2 of 7 new aspects come out another way."
    shown = table.frame.set_index("New aspect")
    magistrates = shown.loc["Case preparation and progress (magistrates' courts)"]
    assert magistrates["As shipped"] == "Poor to Good, median Poor to Fair, 3 links"
    assert magistrates["With the other map"] == "Poor to Fair, median Poor, 2 links"
    assert "no trend" in table.source
