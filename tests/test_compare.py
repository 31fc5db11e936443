"""New ratings beside translated old ones: verdicts, predecessors, and what cannot be compared."""

import shutil

import pandas as pd
import pytest
from invented import WORDS

from hmcpsi_data import compare, load
from hmcpsi_data.area import AreaNotInBeingError
from hmcpsi_data.comparing import VERDICTS
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.description import shipped_folder
from hmcpsi_data.errors import AmbiguousAreaError, CrosswalkError, FrameworkError, UnknownValueError

OLD, NEW = "opa_2005", "aap_2016_east_midlands"
COLUMNS = [
    "target_aspect_id",
    "target",
    "observed",
    "worst",
    "best",
    "lower_median",
    "upper_median",
    "n_links",
    "relation",
    "confidence",
    "known_predecessors",
    "open",
    "verdict",
    "origin",
    "caveat",
    "source_id",
    "locator",
    "old_source_id",
    "old_locator",
]
LEADERS = ["derbyshire", "leicestershire", "lincolnshire", "northamptonshire", "nottinghamshire"]


@pytest.fixture
def folder(tmp_path):
    """A copy of the data with nothing but the founding inspections, to add invented ratings to."""
    folder = shutil.copytree(shipped_folder(), tmp_path / "data")
    founding = ["leicestershire_opa_2005", "east_midlands_aap_2016"]
    ratings = load("ratings")
    ratings[ratings["inspection_id"].isin(founding)].to_csv(folder / "ratings.csv", index=False)
    return folder


def add(folder, inspection, area, framework, published, ratings, basis="stated"):
    """Invented ratings of an invented inspection, of aspects by the end of their name."""
    inspections, known = load("inspections", folder), load("ratings", folder)
    one = {
        "inspection_id": inspection,
        "area_id": area,
        "framework_id": framework,
        "title": inspection,
        "published": published,
    }
    inspections = pd.concat([inspections, pd.DataFrame([one])])
    inspections.drop_duplicates("inspection_id").to_csv(folder / "inspections.csv", index=False)
    rows = [
        {
            "rating_id": f"{inspection}_{aspect}_{n}",
            "inspection_id": inspection,
            "aspect_id": aspect,
            "rating": word,
            "source_id": "doc_opa_2006",
            "basis": basis,
            "speaker": "inspectorate",
        }
        for n, (aspect, word) in enumerate(ratings.items())
    ]
    pd.concat([known, pd.DataFrame(rows)]).to_csv(folder / "ratings.csv", index=False)


def row_of(found, aspect):
    (one,) = found[found["target_aspect_id"] == f"{NEW}_{aspect}"].to_dict("records")
    return one


def test_the_columns_are_those_of_the_contract():
    found = compare()
    assert list(found.columns) == COLUMNS
    assert found["target_aspect_id"].tolist() == [
        a for a in load("aspects")["aspect_id"] if a.startswith(f"{NEW}_")
    ]
    assert set(found["verdict"].dropna()) <= set(VERDICTS)
    assert found["origin"].unique().tolist() == ["translated"]
    assert found["caveat"].str.contains("judgement and no finding").all()
    assert found["caveat"].str.contains("no trend").all()


def test_east_midlands_against_leicestershire(folder):
    found = compare(folder=folder)
    shares = "1 of 5 (Leicestershire), 22% of the 2011 population"
    assert found["known_predecessors"].unique().tolist() == [shares]
    assert found["open"].all()
    assert found["caveat"].str.endswith("the full range of that scale remains possible.").all()
    resources = row_of(found, "resources_systematically_managed")
    assert [resources[c] for c in ("observed", "worst", "best")] == ["Fair", "Good", "Good"]
    assert resources["verdict"] == "below it"
    leadership = row_of(found, "effectiveness_of_leadership")
    assert leadership["verdict"] == "inside the old range"


def test_each_row_says_where_its_new_rating_and_its_old_ones_stand():
    found = compare()
    new = load("ratings").set_index("aspect_id")
    for row in found.itertuples():
        assert (row.source_id, row.locator) == (
            new.at[row.target_aspect_id, "source_id"], new.at[row.target_aspect_id, "locator"],
        )  # fmt: skip
    resources = row_of(found, "resources_systematically_managed")
    assert (resources["old_source_id"], resources["old_locator"]) == ("doc_opa_2006", "L24")
    victims = row_of(found, "communication_with_victims")
    assert (victims["old_source_id"], victims["old_locator"]) == ("doc_opa_2006", "L23")


def test_where_old_ratings_are_of_two_sources_none_is_named(folder):
    aspect = "opa_2005_managing_resources"
    add(folder, "invented", "derbyshire_1999", OLD, "2006-03-15", {aspect: "Good"})
    ratings = load("ratings", folder)
    ratings.loc[ratings["inspection_id"] == "invented", "source_id"] = "doc_fu_2010"
    ratings.to_csv(folder / "ratings.csv", index=False)
    found = row_of(compare(folder=folder), "resources_systematically_managed")
    assert pd.isna(found["old_source_id"])
    assert pd.isna(found["old_locator"])
    assert found["source_id"] == "doc_aap_2016"


def test_ratings_are_strings_so_that_no_order_spans_both_scales():
    found = compare()
    for column in ("observed", "worst", "best", "lower_median", "upper_median", "verdict"):
        assert found[column].dtype == "string"


@pytest.mark.parametrize(
    ("observed", "verdict"),
    [("Poor", "below it"), ("Fair", "inside the old range"), ("Excellent", "above it")],
)
def test_the_verdict_says_where_the_new_word_stands(folder, observed, verdict):
    ratings = load("ratings", folder)
    aspect = f"{NEW}_performance_data"
    ratings.loc[ratings["aspect_id"] == aspect, "rating"] = observed
    ratings.to_csv(folder / "ratings.csv", index=False)
    one = row_of(compare(folder=folder), "performance_data")
    assert (one["worst"], one["best"]) == ("Fair", "Fair")
    assert (one["observed"], one["verdict"]) == (observed, verdict)


def test_without_links_there_is_no_old_counterpart():
    found = compare(target="aap_2016_wessex", area="Wessex")
    values = found[found["target"] == "Commitment to CPS values"].iloc[0]
    assert values["n_links"] == 0
    assert values["verdict"] == "no old counterpart"
    assert not values["open"]


def test_without_old_ratings_they_are_not_known(folder):
    found = compare(target="aap_2016_wessex", area="Wessex", folder=folder)
    linked = found[found["n_links"] > 0]
    assert linked["verdict"].unique().tolist() == ["old rating not known"]
    assert linked["open"].all()
    assert found["known_predecessors"].unique().tolist() == ["0 of 3"]


def test_without_a_new_rating_there_is_no_verdict():
    found = compare("opa_2005", "opa_2007", "Leicestershire")
    assert found["known_predecessors"].unique().tolist() == ["1 of 1 (Leicestershire)"]
    unknown = found[found["observed"].isna() & found["worst"].notna()]
    assert unknown["verdict"].isna().all()


def test_all_known_predecessors_count_together(folder):
    aspect = "opa_2005_managing_resources"
    for name, word in zip(LEADERS, ["Poor", None, "Fair", "Good", "Excellent"], strict=True):
        if word:
            add(folder, f"{name}_x", f"{name}_1999", OLD, "2006-03", {aspect: word})
    found = compare(folder=folder)
    one = row_of(found, "resources_systematically_managed")
    assert [one[c] for c in ("worst", "best")] == ["Poor", "Excellent"]
    assert (one["lower_median"], one["upper_median"]) == ("Good", "Good")
    assert one["known_predecessors"].startswith("5 of 5 (Derbyshire, Leicestershire, ")
    assert "population" not in one["known_predecessors"]
    assert not one["open"]
    assert row_of(found, "effectiveness_of_leadership")["open"]


def test_two_of_five_say_how_many_people_they_serve(folder):
    rated = {"opa_2005_managing_resources": "Poor"}
    add(folder, "nottinghamshire_x", "nottinghamshire_1999", OLD, "2006-03", rated)
    found = compare(folder=folder)
    assert found["known_predecessors"].unique().tolist() == [
        "2 of 5 (Leicestershire, Nottinghamshire), 47% of the 2011 population"
    ]


def test_the_rating_published_last_counts_and_a_contradicted_one_does_not(folder):
    area, aspect = "leicestershire_1999", "opa_2005_managing_resources"
    add(folder, "later", area, OLD, "2006-12", {aspect: "Fair"})
    add(folder, "earlier", area, OLD, "2005-12", {aspect: "Poor"})
    add(folder, "disputed", area, OLD, "2007-01", {aspect: "Excellent"}, "contradicted")
    one = row_of(compare(folder=folder), "resources_systematically_managed")
    assert (one["worst"], one["best"]) == ("Fair", "Fair")
    assert one["verdict"] == "inside the old range"


def test_sections_can_be_compared_as_well():
    found = compare(target="aap_2016_sections")
    assert found["observed"].tolist() == ["Good", "Fair", "Fair", "Fair"]
    assert found["n_links"].sum() > 4


def test_an_old_area_raises_and_names_its_successor():
    with pytest.raises(AreaNotInBeingError) as caught:
        compare(area="Leicestershire")
    assert caught.value.relatives == ("east_midlands_2011",)
    assert "East Midlands" in str(caught.value)


def test_a_name_of_two_areas_means_the_one_of_the_new_framework():
    found = compare(target="aap_2016_sections", area="West Midlands")
    assert found["known_predecessors"].str.contains(" of 4").all()


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("opa_2005", "follow_up_2010_subjects", "measures progress"),
        ("aap_2016_east_midlands", "aip_2021_subjects", "speaks in prose and has no rating words"),
    ],
)
def test_other_kinds_of_measure_are_refused_with_the_reason(source, target, reason):
    with pytest.raises(FrameworkError) as caught:
        compare(source, target)
    frameworks = dict(load("aspect_sets")[["set_id", "framework_id"]].to_numpy())
    assert caught.value.frameworks == (frameworks[source], frameworks[target])
    for part in (source, target, reason, "theme_history(theme)"):
        assert part in str(caught.value)


def test_a_comparison_back_in_time_is_refused_whatever_the_crosswalk():
    back = Crosswalk.load(OLD, NEW).inverse()
    with pytest.raises(FrameworkError, match="began after OPA 2006") as caught:
        compare(NEW, OLD, "Leicestershire", crosswalk=back)
    assert caught.value.frameworks == ("aap_2016", "opa_2005")
    assert f'compare("{OLD}", "{NEW}", area)' in str(caught.value)
    with pytest.raises(FrameworkError, match="began after"):
        compare(NEW, OLD, "Leicestershire")


def test_without_a_known_predecessor_the_full_range_remains_possible(folder):
    pairs = load("area_lineage")
    others = pairs[pairs["successor_id"] != "east_midlands_2011"]
    others.to_csv(folder / "area_lineage.csv", index=False)
    found = compare(folder=folder)
    assert found["known_predecessors"].unique().tolist() == ["0 of 0"]
    assert found["open"].tolist() == found["n_links"].gt(0).tolist()
    assert found.loc[found["open"], "verdict"].unique().tolist() == ["old rating not known"]


def test_words_that_the_old_scale_does_not_have_are_refused(folder):
    ratings = load("ratings", folder)
    ratings.loc[ratings["rating"] == "Good", "rating"] = "Fine"
    ratings.loc[ratings["inspection_id"] != "east_midlands_aap_2016", "rating"] = "Poor"
    ratings.to_csv(folder / "ratings.csv", index=False)
    with pytest.raises(
        FrameworkError, match="Fine of aap_2016 is no word of the scale of opa_2005"
    ):
        compare(folder=folder)


def test_an_unknown_set_pair_or_area_is_named():
    with pytest.raises(UnknownValueError, match="opa_2007 to aap_2016_wessex"):
        compare("opa_2007", "aap_2016_wessex", "Wessex")
    with pytest.raises(UnknownValueError, match='set_id "opa_2006"'):
        compare("opa_2006")
    with pytest.raises(UnknownValueError, match="East Middlands"):
        compare(area="East Middlands")
    assert issubclass(AmbiguousAreaError, UnknownValueError)


def test_a_crosswalk_of_ones_own_works_like_a_shipped_one(tmp_path):
    shipped = Crosswalk.load(OLD, NEW)
    pd.testing.assert_frame_equal(compare(crosswalk=shipped), compare())
    frame = shipped.to_frame()
    mine = frame["target_aspect_id"].str.endswith("performance_data").fillna(False)
    frame.loc[mine, "confidence"] = "low"
    Crosswalk(frame).to_csv(tmp_path / "mine.csv")
    Crosswalk(frame).to_sssom(tmp_path / "mine.sssom.tsv")
    for own in (
        Crosswalk(frame),
        Crosswalk.from_csv(tmp_path / "mine.csv"),
        Crosswalk.from_sssom(tmp_path / "mine.sssom.tsv"),
    ):
        assert row_of(compare(crosswalk=own), "performance_data")["confidence"] == "low"


def test_the_frame_of_a_crosswalk_is_not_yet_a_crosswalk():
    frame = Crosswalk.load("opa_2005", "aap_2016_east_midlands").to_frame()
    with pytest.raises(CrosswalkError, match=r"not DataFrame. Crosswalk\(frame\) makes one"):
        compare(crosswalk=frame)


def test_a_crosswalk_between_other_sets_is_refused():
    other = Crosswalk.load("opa_2005", "opa_2007")
    with pytest.raises(CrosswalkError, match="leads from opa_2005 to opa_2007, asked was opa_2005"):
        compare(crosswalk=other)


def test_an_invalid_crosswalk_is_refused_with_its_rows():
    frame = Crosswalk.load(OLD, NEW).to_frame()
    frame.loc[2, "status"] = "perhaps"
    with pytest.raises(CrosswalkError, match='row 2: status "perhaps" is not known'):
        compare(crosswalk=Crosswalk(frame))


@pytest.mark.parametrize("ranks", [[1, 2, 3, 40], [-5, 0, 7, 8]])
def test_recoding_the_ranks_changes_nothing(folder, ranks):
    expected = compare(folder=folder)
    scales = load("scales")
    places = scales["value"].map(dict(zip(WORDS, ranks, strict=True))).astype("Int64")
    recoded = scales.assign(rank=places.fillna(scales["rank"]))
    recoded.to_csv(folder / "scales.csv", index=False)
    pd.testing.assert_frame_equal(compare(folder=folder), expected)
