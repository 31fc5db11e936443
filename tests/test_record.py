"""The wider record: pinned by framework and tier, nobody's word passed off, nothing made up."""

import csv
from collections import Counter

import pandas as pd
import pytest
from editing import Copy
from reading_pictures import named

import hmcpsi_data as hd
from hmcpsi_data.actions import issues
from hmcpsi_data.path import area_path
from hmcpsi_data.pictures import (
    area_map,
    distribution_strips,
    path_picture,
    theme_matrix,
    tile_matrix,
    unit_strips,
)
from hmcpsi_data.pictures.maps import areas_missing_from_maps
from hmcpsi_data.recurring import recurring
from hmcpsi_data.show import record
from hmcpsi_data.timeline import timeline
from hmcpsi_data.views import counted
from hmcpsi_data.wording import number_in_words, record_in_words

SPEAKS = [
    "ratings",
    "rating_sources",
    "profile_counts",
    "distributions",
    "actions",
    "responses",
    "findings",
    "measures",
]


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "data")


def facts(shared, name):
    with (shared / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# How much there is ---------------------------------------------------------------------------


def test_the_ratings_by_framework_and_tier():
    rated = hd.ratings().dropna(subset="rating")
    assert rated.groupby(["framework_id", "tier"]).size().to_dict() == {
        ("opa_2005", "inspectorate"): 15,
        ("opa_2005", "parliament"): 1,
        ("opa_2005", "press_and_other"): 30,
        ("opa_2007", "press_and_other"): 10,
        ("aei_2008", "inspectorate"): 1,
        ("aei_2008", "inspected_body"): 12,
        ("aei_2008", "press_and_other"): 1,
        ("aei_2008_london_borough", "press_and_other"): 29,
        ("area_inspection_2011_15", "press_and_other"): 1,
        ("aap_pilot_2016", "inspectorate"): 18,
        ("aap_2016", "inspectorate"): 33,
        ("aap_2016", "inspected_body"): 8,
    }


def test_the_issues_answers_findings_and_numbers_by_tier():
    found = {}
    for name in ("actions", "responses", "findings", "measures"):
        tier = hd.load("sources").set_index("source_id")["tier"]
        found[name] = Counter(hd.load(name)["source_id"].map(tier))
    assert found == {
        "actions": Counter(inspected_body=68, inspectorate=17, press_and_other=10),
        "responses": Counter(inspected_body=56, press_and_other=2),
        "findings": Counter(inspectorate=57, inspected_body=36, press_and_other=19),
        "measures": Counter(
            inspectorate=79, inspected_body=50, parliament=153, press_and_other=109
        ),
    }


def test_overall_ratings_known_by_name_of_the_two_rounds_of_all_areas():
    for framework, words in {
        "opa_2005": {"Poor": 4, "Fair": 4, "Good": 1, "Excellent": 3},
        "opa_2007": {"Poor": 2, "Fair": 3, "Good": 1},
    }.items():
        rows = hd.coverage(framework).query("level == 'overall' and kind == 'area'")
        assert len(rows) == 42
        stated = rows[rows["status"].isin(["stated", "derived"])]
        assert stated["rating"].value_counts().to_dict() == words


def test_every_rating_of_the_facts_has_one_home(shared):
    """A rating, a further source of one, or a finding in words: nothing lost, nothing twice."""
    rows = facts(shared, "ratings")
    prose = [row for row in rows if row["level"] == "prose"]
    rated = [row for row in rows if row["level"] != "prose"]
    groups = {(r["framework"], r["area"], r["level"], r["label"].casefold()) for r in rated}
    ratings, further = hd.load("ratings"), hd.load("rating_sources")
    known = ratings[ratings["rating"].notna()]
    assert len(known) + (further["says"] == "same").sum() == len(rated)
    assert len(known) <= len(groups)
    called = hd.load("findings")["subject"].str.contains(": called |: Poor by derivation").sum()
    assert called == len(prose) - 1  # one stands among the findings of a founding document
    ours_ = hd.load("findings").query("basis == 'derived'")["subject"]
    assert not ours_.str.contains("called").any()  # nobody called it so
    bases = Counter(row["basis"] for row in rated)
    ours = Counter([*known["basis"], *further.loc[further["says"] == "same", "basis"]])
    # the response of 2016 tells the inspectorate's ratings: second hand in our tables
    ours["stated"] += 4
    ours["second_hand"] -= 4
    assert ours == bases


def test_every_further_fact_has_its_row(shared):
    assert len(hd.load("actions").query("kind == 'issue'")) == len(
        facts(shared, "issues_and_responses")
    )
    measures = hd.load("measures")
    sources = set(measures["source_id"])
    wanted = {row["source_id"].lower() for row in facts(shared, "measures")}
    assert wanted <= sources
    assert measures["subject"].eq("Funding of the Area").sum() == len(facts(shared, "area_funding"))
    known = set(hd.load("sources")["source_id"])
    used = {
        one.strip().lower()
        for name in ("ratings", "measures", "issues_and_responses", "follow_up_progress",
                     "national_distributions", "area_funding", "area_workload")
        for row in facts(shared, name)
        for one in row["source_id"].split(";")
    }  # fmt: skip
    assert used <= known


# Whose word it is ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SPEAKS)
def test_nothing_of_the_press_is_shown_as_the_word_of_the_inspectorate(name):
    rows = hd.load(name)
    tier = rows["source_id"].map(hd.load("sources").set_index("source_id")["tier"])
    press = rows[tier == "press_and_other"]
    assert set(press["speaker"]) <= {"press_and_other", "project"}
    ours = rows["speaker"] == "project"
    assert (rows.loc[~ours, "speaker"] == tier[~ours]).all()
    assert set(rows.loc[ours, "basis"]) <= {"derived", "inferred"}


def test_a_derived_rating_is_marked_as_ours_and_says_how():
    derived = hd.ratings(basis="derived")
    assert derived["speaker"].eq("project").all()
    assert derived["note"].str.startswith("Derived").all()
    assert derived["rating_as_printed"].isna().all()
    suffolk = hd.ratings("Suffolk", framework="opa_2005", level="aspect")
    assert suffolk["rating"].value_counts().to_dict() == {"Good": 12, "Excellent": 2}
    assert suffolk["basis"].value_counts().to_dict() == {"derived": 12, "stated": 2}


def test_two_sources_that_agree_are_one_rating():
    humberside = hd.ratings("Humberside", framework="opa_2005")
    assert humberside[["rating", "n_sources"]].values.tolist() == [["Excellent", 2]]
    assert hd.load("ratings")["rating_id"].is_unique
    further = hd.load("rating_sources")
    own = hd.load("ratings").set_index("rating_id")["source_id"]
    assert (further["rating_id"].map(own) != further["source_id"]).all()


# What is contradicted ------------------------------------------------------------------------


def test_essex_2007_is_seen_as_contradicted_and_by_whom():
    essex = hd.ratings("Essex", framework="opa_2007")
    assert essex[["rating", "basis", "tier"]].values.tolist() == [
        ["Poor", "contradicted", "press_and_other"]
    ]
    assert counted(essex).empty
    other = hd.load("rating_sources").query("says == 'otherwise'")
    assert other[["rating_id", "source_id"]].values.tolist() == [["essex_opa_2007_overall", "s010"]]
    row = hd.coverage("opa_2007").query("area == 'Essex' and level == 'overall'").iloc[0]
    assert row["status"] == "contradicted"


def test_no_chart_and_no_count_takes_a_contradicted_row(copy):
    """An invented copy in which the Poor aspect of 2006, and more, is contradicted."""
    line = copy.line("ratings", rating="Poor", inspection_id="leicestershire_opa_2005")
    rating_id = copy.records("ratings")[line - 2][1]["rating_id"]
    copy.put("ratings", line, basis="contradicted")
    rows = hd.ratings("Leicestershire", framework="opa_2005", folder=copy.folder)
    assert "Poor" in set(rows["rating"])
    assert "Poor" not in tile_matrix(rows).words
    assert named(tile_matrix(rows), "tile Poor") == []
    assert "Poor" not in unit_strips(rows).words
    assert "Poor" not in record_in_words(rows, copy.folder)
    areas = hd.areas(copy.folder).set_index("area_id")["n_ratings"]
    assert (
        areas["leicestershire_1999"]
        == hd.areas().set_index("area_id")["n_ratings"].loc["leicestershire_1999"] - 1
    )
    seen = hd.coverage("opa_2005", "measure", copy.folder).query("area == 'Leicestershire'")
    assert seen.loc[seen["measure"] == "aspect_rating", "n"].item() == 13
    known = hd.coverage("opa_2005", folder=copy.folder).set_index("rating_id")
    assert known.loc[rating_id, "status"] == "contradicted"
    told = timeline("Leicestershire", "none", kind="rating", folder=copy.folder)["what"]
    assert any("Poor, contradicted: not counted" in what for what in told)
    assert any(what.startswith("13 aspects: Fair 4, Good 7, Excellent 2") for what in told)


def test_the_maps_and_strips_of_the_record_count_no_contradicted_row():
    picture = area_map(hd.coverage("opa_2007"))
    assert picture.words.count("Poor 2") == 1
    assert len(named(picture, "tile Poor")) == 2
    assert len(named(picture, "tile contradicted")) == 1
    rows = hd.ratings(framework="opa_2007", level="overall")
    assert len(named(unit_strips(rows), "unit ")) == len(rows) - 1
    assert "Essex" not in repr(tile_matrix(rows))
    essex = area_path("Essex")
    assert essex.loc[essex["framework_id"] == "opa_2007", "overall"].isna().all()


# The national picture ------------------------------------------------------------------------


def bounds(framework, n_units):
    found = hd.national(framework).query("n_units == @n_units")
    return {row.rating: (row.n_low, row.n_high) for row in found.itertuples()}


def test_what_follows_for_2005_06_is_bounds_and_never_a_number():
    assert bounds("opa_2005", 42) == {
        "Poor": (4, 4), "Fair": (18, 25), "Good": (10, 17), "Excellent": (3, 3)
    }  # fmt: skip
    open_ = hd.national("opa_2005").query("n_units == 42 and n_low < n_high")
    assert open_["n"].isna().all()
    assert set(open_["basis"]) == {"derived"}


def test_the_bounds_are_what_the_published_facts_allow():
    """Counted out over all divisions of the 35 Areas that are neither Poor nor Excellent."""
    allowed = [
        (good, 35 - good)
        for good in range(36)
        if good >= 10 and 35 - good >= 7 and 4 + 35 - good > 42 / 2
    ]
    good, fair = zip(*allowed, strict=True)
    known = bounds("opa_2005", 42)
    assert known["Good"] == (min(good), max(good))
    assert known["Fair"] == (min(fair), max(fair))


def test_the_published_distributions():
    exact = {key: low for key, (low, high) in bounds("opa_2007", 42).items() if low == high}
    assert exact == {"Poor": 2, "Fair": 20, "Good": 15, "Excellent": 5}
    assert bounds("aei_2008_london_borough", 20) == {
        "Poor": (12, 12), "Fair": (7, 7), "Good": (1, 1), "Excellent": (0, 0)
    }  # fmt: skip
    assert hd.national("aap_2016").empty
    assert hd.national("aap_2016").dtypes.equals(hd.national().dtypes)


def test_no_more_units_are_known_by_name_than_the_distribution_has():
    named_ = hd.national().dropna(subset="n_named")
    assert (named_["n_named"] <= named_["n_high"]).all()


def test_a_strip_draws_a_square_for_each_unit_and_hatches_what_is_open():
    picture = distribution_strips(hd.national("opa_2005").query("n_units == 42"))
    assert len(named(picture, "unit Fair")) == 18
    assert len(named(picture, "open Fair")) == len(named(picture, "open Good")) == 7
    assert len(named(picture, "unit Poor")) == 4
    assert named(picture, "open Poor") == []
    assert "42" in picture.words
    both = distribution_strips(hd.national(["opa_2005", "opa_2007"]))
    assert len(named(both, "break label")) == 1


# Maps and paths ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("framework", "tiles"), [("opa_2005", 42), ("opa_2007", 42), ("aap_2016", 14)]
)
def test_a_map_has_a_tile_for_each_area_and_its_words_stand_in_them(framework, tiles):
    known = hd.coverage(framework)
    picture = area_map(known)
    boxes = named(picture, "area ")
    places = {(round(box.get_x(), 1), round(box.get_y(), 1)) for box in boxes}
    assert len(boxes) == len(places) == tiles
    words = Counter(text.get_label().removeprefix("word ") for text in named(picture, "word "))
    level = "overall" if framework.startswith("opa") else "section"
    shown = known[(known["level"] == level) & (known["kind"] == "area")]
    rated = shown[shown["status"].isin(["stated", "derived"])]["rating"].value_counts()
    assert {word: words[word] for word in rated.index} == rated.to_dict()
    assert "which does not mean Poor" in picture.subtitle
    assert len(picture.table.frame) == len(shown[shown["area_id"] != "london_1999"]) or tiles == 42


def test_the_table_of_a_map_has_the_sections_in_the_order_of_its_tiles():
    known = hd.coverage("aap_2016")
    sections = known.loc[known["level"] == "section", "label"].drop_duplicates().tolist()
    frame = area_map(known).table.frame
    for area, rows in frame.groupby("Area"):
        assert rows["Rated"].tolist() == sections, area
    assert frame["Area"].tolist() == sorted(frame["Area"])


def test_every_area_has_a_place_on_a_map():
    assert areas_missing_from_maps() == []


def test_london_has_a_tile_also_where_the_thirteen_areas_of_2011_are_shown():
    picture = area_map(hd.coverage("area_inspection_2011_15"))
    assert len(named(picture, "area ")) == 13
    assert "area london_1999" in {box.get_label() for box in named(picture, "area ")}
    assert "1 of 13 Areas" in picture.title


@pytest.mark.parametrize("framework", ["aei_2008_london_borough", "aap_pilot_2016"])
def test_a_map_with_nothing_to_show_says_why(framework):
    picture = area_map(hd.coverage(framework))
    assert picture.words.endswith(": no Area with an overall rating or sections to show.")
    assert named(picture, "area ") == []


def test_one_of_a_thing_is_not_said_in_the_plural():
    assert path_picture(area_path("South West")).title.startswith("South West: 1 break in")
    told = area_path("Bedfordshire")["what"].dropna().tolist()
    assert any("1 aspect: Excellent 1" in what for what in told)


def test_a_map_of_two_frameworks_is_refused():
    with pytest.raises(hd.FrameworkError):
        area_map(hd.coverage(["opa_2005", "opa_2007"]))


def test_leicestershires_path_breaks_at_every_change_of_framework_and_unit():
    steps = area_path("Leicestershire")
    inspected = steps[steps["framework"].notna()]
    assert inspected[["framework_id", "overall"]].fillna("").values.tolist() == [
        ["opa_2005", "Fair"],
        ["opa_2007", "Poor"],
        ["aei_2008", "Fair"],
        ["follow_up_2010", ""],
        ["aap_2016", ""],
        ["aip_2021", ""],
    ]
    assert inspected["changed"].tolist()[1:] == [
        *["other framework"] * 3, "other framework and other unit", "other framework"
    ]  # fmt: skip
    picture = path_picture(steps)
    assert len(named(picture, "break label")) == 5
    assert [one.get_label() for one in named(picture, "tile ")] == [
        "tile Fair", "tile Poor", "tile Fair"
    ]  # fmt: skip
    assert "79.7%" in picture.words


def test_a_map_says_how_many_areas_are_known_in_full_of_those_that_were_inspected():
    title = area_map(hd.coverage("aap_2016")).title
    assert title == "Area Assurance 2016: all sections of 5 of 12 Areas are known, some of 1 more"
    assert area_map(hd.coverage("opa_2005")).title.endswith("of 12 of 42 Areas are known")


def test_lines_are_spoken_of_only_where_a_source_was_read_line_by_line():
    own = "each row of the data names its own"
    assert area_map(hd.coverage("opa_2007")).source == f"Sources: 6; {own}."
    assert distribution_strips(hd.national()).source == f"Sources: 4; {own}."
    assert f"{own}; 1 of them with lines." in area_map(hd.coverage("opa_2005")).source
    assert f"{own}; 4 of them with lines." in path_picture(area_path("Leicestershire")).source


def test_a_picture_says_that_there_are_more_sources_than_it_counts():
    """The table of the same ratings counts all that say the same."""
    further = "Further sources of some ratings: table rating_sources."
    two = hd.ratings("Humberside", framework="opa_2005")
    assert two["n_sources"].tolist() == [2]
    assert tile_matrix(two).source.endswith(further)
    assert area_map(hd.coverage("opa_2005")).source.endswith(further)
    one = hd.ratings("Kent", framework="opa_2005")
    assert one["n_sources"].tolist() == [1]
    assert "Further" not in tile_matrix(one).source


def test_the_strips_name_bases_in_words_and_say_n_once():
    picture = distribution_strips(hd.national())
    assert set(picture.table.frame["Basis"]) == {"stated", "stated in prose", "derived"}
    assert "the four Areas that were Poor in 2005-06, N=4: Poor 0" in picture.words
    assert "all 42 Areas: Poor 4" in picture.words


# Numbers, aggregates and issues --------------------------------------------------------------


def test_a_bound_stays_a_bound_and_words_stay_words():
    measures = hd.load("measures")
    bound = measures[measures["value_as_printed"] == ">94"].iloc[0]
    assert (bound["value"], bound["qualifier"]) == (94, "more_than")
    assert number_in_words(bound) == "more than 94% of cases"
    words = measures[measures["qualifier"].eq("words").fillna(False)]
    assert len(words) == 14
    assert words["value"].isna().all()
    assert measures.loc[measures["qualifier"].isna(), "value"].notna().all()


def test_a_bound_stays_a_bound_in_the_history_of_a_theme():
    """Also where the source prints the number and the bound apart."""
    told = hd.theme_history("staff_and_training").query("kind == 'measure'")["text"]
    assert "Fall in number of staff: more than 18%" in told.tolist()
    measures = hd.load("measures").set_index("measure_id")
    bounds = measures["qualifier"].isin(["more_than", "less_than", "about"])
    words = {"more_than": ": more than ", "less_than": ": less than ", "about": ": about "}
    seen = 0
    for theme in hd.load("themes")["theme_id"]:
        rows = hd.theme_history(theme).query("kind == 'measure'")
        for row in rows[rows["row_id"].map(bounds)].itertuples():
            assert words[measures.loc[row.row_id, "qualifier"]] in row.text
            seen += 1
    assert seen >= 7


def test_counts_of_a_follow_up_are_not_spread_over_items():
    actions = hd.load("actions")
    inspections = hd.load("inspections").set_index("inspection_id")["area_id"]
    assert set(actions.dropna(subset="progress")["inspection_id"].map(inspections)) == {
        "leicestershire_1999"
    }
    counts = hd.load("measures").query("framework_id == 'follow_up_2010'")
    bedfordshire = counts[counts["area_id"] == "bedfordshire_1999"]["value"]
    assert bedfordshire.tolist() == [2, 2, 6, 2, 1]


def test_a_figure_of_context_belongs_to_no_inspection():
    measures = hd.load("measures")
    context = measures[measures["framework_id"].isna()]
    assert len(context) == 221
    assert context["inspection_id"].isna().all()
    linked = hd.load("evidence").query("table == 'measures'")["row_id"]
    assert not set(linked) & set(context["measure_id"])


def test_what_recurs_counts_areas_and_says_of_how_many():
    found = recurring().set_index("theme_id")
    assert found.loc["charging_and_review", ["n_areas", "n_known"]].tolist() == [11, 14]
    assert found.loc["disclosure", "n_areas"] == 7
    assert found["n_areas"].max() <= 14
    assert "England and Wales" not in " ".join(found["areas"])


def test_the_record_by_framework_counts_what_coverage_knows():
    frame = record().frame.set_index("Framework")
    assert frame.loc["OPA 2007", ["Overall ratings", "Findings"]].tolist() == [
        "6 of 42; 3 sectors", "5"
    ]  # fmt: skip
    assert frame.loc["London boroughs 2010", "Overall ratings"] == "14 of 20"


def test_the_numbers_of_the_record_add_up_to_what_its_sentence_says():
    table = record()
    cells = table.frame["Overall ratings"].str.replace(r" of \d+", "", regex=True)
    n = cells.str.findall(r"\d+").explode().dropna().astype(int).sum()
    parts = pd.to_numeric(table.frame["Ratings of parts"].replace("none", "0")).sum()
    assert table.words.startswith(f"{n + parts} ratings")
    assert "; 1 more contradicted and counted nowhere" in table.words


def test_what_the_record_says_of_conflicts_follows_the_data(copy):
    line = copy.line("ratings", rating="Poor", inspection_id="leicestershire_opa_2005")
    copy.put("ratings", line, basis="contradicted")
    assert "; 2 more contradicted and counted nowhere" in record(copy.folder).words


def test_london_boroughs_and_sectors_are_units_of_their_own_kind():
    areas = hd.load("areas")
    assert areas["kind"].value_counts().to_dict() == {
        "area": 56, "london_borough": 14, "sector": 3, "other": 2
    }  # fmt: skip
    assert hd.find_area("Hounslow") == "hounslow_2009"
    assert hd.find_area("London South (sector)") == "london_south_sector_2007"
    assert hd.find_area("London South") == "london_south_2017"
    overall = hd.coverage("opa_2007").query("level == 'overall'")
    assert overall["kind"].value_counts().to_dict() == {"area": 42, "sector": 3}
    boroughs = hd.coverage("aei_2008_london_borough")
    assert boroughs["kind"].eq("london_borough").all()
    assert boroughs["area_id"].nunique() == 14


def test_what_gathers_several_units_is_no_row_of_coverage():
    """The twenty boroughs taken together and the service as a whole were not rated as one."""
    assert "other" not in set(hd.coverage()["kind"])
    for framework in ("follow_up_2010", "aip_2021", "thematic"):
        assert hd.coverage(framework).empty
        rated = hd.coverage(framework, by="measure").query("measure == 'overall_rating'")
        assert set(rated["status"]) == {"not_in_framework", "not_applicable"}


def test_what_is_criticised_without_a_rating_word_is_a_finding_and_no_rating():
    found = hd.load("findings").query("inspection_id == 'west_midlands_opa_2005'")
    assert found["aspect_id"].tolist() == [
        "opa_2005_ensuring_successful_outcomes", "opa_2005_disclosure"
    ]  # fmt: skip
    rated = set(hd.ratings("west_midlands_1999", framework="opa_2005")["aspect_id"])
    assert not set(found["aspect_id"]) & rated


def test_the_issues_of_the_record_are_in_the_tracker_and_the_themes():
    assert len(issues(each="issue")) == 86
    picture = theme_matrix()
    assert "Disclosure" in repr(picture)
    assert pd.notna(hd.theme_history("disclosure")["tier"]).all()
