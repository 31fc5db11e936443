"""New ratings beside translated old ones, on an invented record and on the shipped one."""

import pandas as pd
import pytest
from invented import (
    RANKS,
    WORDS,
    inspection,
    made,
    rated,
    ratings,
    recoded,
    row,
    scale,
    tables,
    world,
)

from hmcpsi_data.errors import (
    AreaNotInBeingError,
    CrosswalkError,
    FrameworkError,
    HmcpsiError,
    UnknownValueError,
)
from hmcpsi_data.method.compare import (
    changes,
    compare,
    latest_ratings,
    rated_areas,
    set_pairs,
    side_by_side,
)
from hmcpsi_data.method.crosswalk import Crosswalk

NEW_ONES = {"new_a": "Strong", "new_b": "Strong"}
NORTH = {"old_a": "Plain", "old_b": "Strong", "old_c": "Superb"}
SOUTH = {"old_a": "Weak", "old_b": "Weak", "old_c": "Plain"}
TITLES = ("Old aspects", "New criteria", "Subjects of progress", "Subjects in prose")
INTERVAL = ["worst", "best", "lower_median", "upper_median"]


@pytest.fixture
def invented(tmp_path):
    """A comparison of invented ratings of Northmark, Southmark and the Bothmark of later."""

    def compared(north=NORTH, south=None, new=NEW_ONES, more=(), **other):
        rows = [
            *rated("north_one", north or {}),
            *rated("south_one", south or {}),
            *rated("both_two", new, source_id="leaflet"),
            *more,
        ]
        record = made(tmp_path, **tables(ratings=rows, **other))
        found = compare("old", "new", "Bothmark", record=record)
        return found.set_index("target_aspect_id")

    return compared


def cells(found, target, *columns):
    return [None if pd.isna(found.at[target, c]) else found.at[target, c] for c in columns]


def test_the_columns_are_those_of_the_contract_also_by_the_titles_of_the_sets():
    found = compare("old", "new", "Bothmark", record=world())
    assert list(found.columns) == [
        "target_aspect_id", "target", "observed", *INTERVAL, "n_links", "relation", "confidence",
        "known_predecessors", "open", "verdict", "origin", "caveat", "source_id", "locator",
        "old_source_id", "old_locator",
    ]  # fmt: skip
    assert found["target"].tolist() == ["New A", "New B"]
    assert found["origin"].unique().tolist() == ["translated"]
    assert found["caveat"].str.contains("judgement and no finding.*no trend").all()
    for column in ("observed", *INTERVAL, "verdict", "known_predecessors"):
        assert found[column].dtype == "string"  # no order spans both scales
    titled = compare("Old aspects", "new criteria", "bothmark_2005", record=world())
    pd.testing.assert_frame_equal(titled, found)


def test_what_is_missing_is_told_apart(invented):
    links = [row(old, "new_a", confidence="low") for old in NORTH]
    found = invented(crosswalk=[*links, row(None, "new_b", "no_counterpart")])
    assert cells(found, "new_b", "n_links", "verdict", "open") == [0, "no old counterpart", False]
    found = invented(crosswalk=[*links, row(None, "new_b", "undetermined")])
    assert cells(found, "new_b", "verdict", "open") == ["old rating not known", True]
    found = invented(north={})
    assert found["verdict"].tolist() == ["old rating not known"] * 2
    assert found["old_source_id"].isna().all()
    found = invented(new={"new_b": "Strong"})
    assert cells(found, "new_a", "observed", "verdict", "source_id") == [None, None, None]
    assert cells(found, "new_a", "worst") == ["Plain"]


@pytest.mark.parametrize(
    ("given", "words", "is_open"),
    [
        ({}, "1 of 2 (Northmark), 30% of the 2011 population", [True, True]),
        ({"north": {}}, "0 of 2", [True, True]),
        ({"area_lineage": []}, "0 of 0", [True, True]),
        ({"south": SOUTH}, "2 of 2 (Northmark, Southmark)", [False, False]),
        ({"south": {"old_a": "Weak"}}, "2 of 2 (Northmark, Southmark)", [False, True]),
    ],
)
def test_it_says_how_many_predecessors_are_known_and_what_stays_open(
    invented, given, words, is_open
):
    found = invented(**given)
    assert found["known_predecessors"].unique().tolist() == [words]
    assert found["open"].tolist() == is_open
    remains = found["caveat"].str.endswith("the full range of that scale remains possible.")
    assert remains.tolist() == is_open


def test_the_ratings_of_all_predecessors_count_together(invented):
    found = invented(south=SOUTH)
    assert cells(found, "new_a", *INTERVAL) == ["Weak", "Plain", "Weak", "Plain"]


def test_the_rating_published_last_counts_and_a_contradicted_one_does_not(invented):
    others = {"earlier": "2000-01", "later": "2002-05", "disputed": "2002-09", "undated": None}
    inspections = tables()["inspections"]
    inspections += [
        inspection(name, "northmark_1990", "round_one", day) for name, day in others.items()
    ]
    more = [
        *rated("earlier", {"old_a": "Weak"}),
        *rated("later", {"old_a": "Superb"}),
        *rated("disputed", {"old_a": "Strong"}, basis="contradicted"),
        *rated("undated", {"old_a": "Weak"}),
    ]
    found = invented(inspections=inspections, more=more)
    assert cells(found, "new_a", "worst", "best") == ["Superb", "Superb"]


def test_each_row_says_where_its_new_rating_and_its_old_ones_stand(invented):
    places = ["source_id", "locator", "old_source_id", "old_locator"]
    assert cells(invented(), "new_a", *places) == ["leaflet", "L1", "paper", "L1"]
    assert cells(invented(), "new_b", *places) == ["leaflet", "L2", "paper", "L2-L3"]
    more = rated("south_one", {"old_a": "Weak"}, source_id="leaflet")
    assert cells(invented(more=more), "new_a", *places[2:]) == [None, None]
    more = rated("south_one", {"old_a": "Weak"}, locator=None)
    assert cells(invented(more=more), "new_a", *places[2:]) == ["paper", None]


def test_an_area_that_was_there_in_both_rounds_is_its_own_predecessor(tmp_path):
    inspections = [
        inspection("east_one", "eastmark_1990", "round_one", "2001-05"),
        inspection("east_two", "eastmark_1990", "round_two", "2006-07"),
    ]
    rows = [*rated("east_one", NORTH), *rated("east_two", NEW_ONES)]
    record = made(tmp_path, **tables(inspections=inspections, ratings=rows))
    found = compare("old", "new", "Eastmark", record=record)
    assert found["known_predecessors"].unique().tolist() == ["1 of 1 (Eastmark)"]
    assert not found["open"].any()


def test_recoding_the_ranks_changes_nothing():
    expected = compare("old", "new", "Bothmark", record=world())
    for ranks in RANKS:
        found = compare("old", "new", "Bothmark", record=recoded(ranks))
        pd.testing.assert_frame_equal(found, expected)


def test_an_ended_area_raises_and_names_its_successor():
    with pytest.raises(AreaNotInBeingError, match="Bothmark"):
        compare("old", "new", "Northmark", record=world())


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("old", "steps", "Follow Up measures progress"),
        ("new", "talk", "Round Three speaks in prose and has no rating words"),
        ("steps", "talk", "measures progress, .* and Round Three speaks in prose"),
    ],
)
def test_other_kinds_of_measure_are_refused_with_the_reason(source, target, reason):
    with pytest.raises(FrameworkError, match=reason) as caught:
        compare(source, target, "Bothmark", record=world())
    assert len(caught.value.frameworks) == 2
    titles = dict(zip(("old", "new", "steps", "talk"), TITLES, strict=True))
    assert f"{titles[source]} and {titles[target]} cannot be compared" in str(caught.value)
    assert "theme_history(theme)" in str(caught.value)


def test_a_comparison_back_in_time_is_refused_whatever_the_crosswalk():
    back = Crosswalk.load("old", "new", world()).inverse()
    for own in (back, None):
        with pytest.raises(FrameworkError, match="began after Round One") as caught:
            compare("new", "old", "Bothmark", crosswalk=own, record=world())
        assert caught.value.frameworks == ("round_two", "round_one")
        assert 'compare("old", "new", area)' in str(caught.value)


def test_words_that_the_old_scale_does_not_have_are_refused(invented):
    other = [*scale("words", WORDS, [1, 2, 3, 4]), *scale("others", ["Fine", "Finer"], [1, 2])]
    frameworks = tables()["frameworks"]
    frameworks[2]["scale_id"] = "others"
    with pytest.raises(
        FrameworkError, match="Fine of round_two is no word of the scale of round_one"
    ):
        invented(new={"new_a": "Fine"}, scales=other, frameworks=frameworks)


def test_an_unknown_set_pair_or_area_is_named():
    with pytest.raises(UnknownValueError, match='crosswalk "old to old" is not known'):
        compare("old", "old", "Bothmark", record=world())
    for strange in ("odd", None, 5, [], ["old"]):
        with pytest.raises(HmcpsiError, match="is not known"):
            compare(strange, "new", "Bothmark", record=world())
    for strange in ("Bothmerk", None, 5, []):
        with pytest.raises(HmcpsiError):
            compare("old", "new", strange, record=world())


def test_a_crosswalk_of_ones_own_works_like_a_shipped_one():
    shipped = Crosswalk.load("old", "new", world())
    expected = compare("old", "new", "Bothmark", record=world())
    found = compare("old", "new", "Bothmark", crosswalk=shipped, record=world())
    pd.testing.assert_frame_equal(found, expected)
    mine = Crosswalk(shipped.to_frame().assign(confidence="low"), record=world())
    found = compare("old", "new", "Bothmark", crosswalk=mine, record=world())
    assert found["confidence"].tolist() == ["low", "low"]
    for strange, says in (
        (shipped.to_frame(), r"not DataFrame\. Crosswalk\(frame\) makes one"),
        (shipped.inverse(), "leads from new to old, asked was old to new"),
        (Crosswalk(shipped.to_frame().assign(status="perhaps"), record=world()), "row 0: status"),
    ):
        with pytest.raises(CrosswalkError, match=says):
            compare("old", "new", "Bothmark", crosswalk=strange, record=world())


def test_pairs_of_sets_and_rated_areas_are_listed():
    (pair,) = set_pairs(world())
    assert (pair.source_set, pair.target_set) == ("old", "new")
    assert rated_areas("old", world()) == {"northmark_1990": "Northmark"}
    assert rated_areas("talk", world()) == {}
    latest = latest_ratings("old", "northmark_1990", world())
    assert latest["rating"].tolist() == ["Plain", "Strong", "Superb"]
    latest.loc[:, "rating"] = "XXX"
    assert latest_ratings("old", "northmark_1990", world())["rating"].tolist() != ["XXX"] * 3
    assert latest_ratings("old", "southmark_1990", world()).empty


def test_side_by_side_is_the_comparison_or_the_links_and_the_reason():
    crosswalk = Crosswalk.load("old", "new", world())
    found, reason = side_by_side(crosswalk, "Bothmark", world())
    assert reason == ""
    pd.testing.assert_frame_equal(found, compare("old", "new", "Bothmark", record=world()))
    found, reason = side_by_side(crosswalk, "Northmark", world())
    assert reason.startswith('There is no comparison: area "Northmark"')
    assert found["old_rating"].tolist() == ["Plain", "Strong", "Superb", "Superb"]
    assert found["source"].tolist() == ["Old A", "Old B", "Old C", "Old C"]
    assert found["target"].tolist()[:3] == ["New A", "New B", "New B"]
    assert found["old_locator"].tolist() == ["L1", "L2", "L3", "L3"]
    broken = Crosswalk(crosswalk.to_frame().assign(share_high=2), record=world())
    found, reason = side_by_side(broken, "Bothmark", world())
    assert reason.startswith("There is no comparison: Crosswalk old to new is not valid")
    assert found["old_rating"].isna().all()


def test_other_kinds_are_shown_as_links_with_the_titles_of_the_sets(tmp_path):
    links = [row(f"old_{x}", "talk_a") | {"target_set": "talk"} for x in "abc"]
    record = made(tmp_path, **tables(crosswalk=links))
    found, reason = side_by_side(Crosswalk.load("old", "talk", record), "Northmark", record)
    assert "Old aspects and Subjects in prose cannot be compared" in reason
    assert found["old_rating"].tolist() == ["Plain", "Strong", "Superb"]


def test_where_no_new_rating_is_known_the_links_say_so(tmp_path):
    record = made(tmp_path, **tables(ratings=rated("north_one", NORTH)))
    crosswalk = Crosswalk.load("old", "new", record)
    for area in ("Bothmark", "Northmark", "Nowhere"):
        found, reason = side_by_side(crosswalk, area, record)
        expected = "There is no comparison: no rating of New criteria is known here."
        assert reason == expected
        assert found["old_rating"].notna().any() == (area == "Northmark")


def test_changes_are_the_aspects_that_come_out_another_way():
    shipped = Crosswalk.load("old", "new", world())
    mine = shipped.without("old_c", "Only this test says so.")
    before, after = (
        compare("old", "new", "Bothmark", crosswalk=one, record=world()) for one in (shipped, mine)
    )
    found = changes(before, after)
    assert found["target"].tolist() == ["New B"]
    for name, was, is_now in (("worst", "Strong", "Strong"), ("best", "Superb", "Strong"),
                              ("n_links", "2", "1")):  # fmt: skip
        assert found[[name, f"{name}_after"]].to_numpy().tolist() == [[was, is_now]]
    assert changes(before, before).empty
    assert changes(before, after.iloc[::-1])["target"].tolist() == ["New B"]
    profile = ratings("Plain", "Strong", "Superb")
    told = changes(shipped.translate(profile), mine.translate(profile))
    assert told["best_after"].tolist() == ["Strong"]
    assert "verdict" not in told


def test_east_midlands_against_leicestershire():
    found = compare()
    shares = "1 of 5 (Leicestershire), 22% of the 2011 population"
    assert found["known_predecessors"].unique().tolist() == [shares]
    assert found["open"].all()
    assert found["verdict"].value_counts().to_dict() == {"inside the old range": 5, "below it": 2}
    one = found.set_index("target").loc["Resources systematically managed"]
    assert one[["observed", "worst", "best", "verdict"]].tolist() == [
        "Fair", "Good", "Good", "below it",
    ]  # fmt: skip
    assert one[["old_source_id", "old_locator"]].tolist() == ["doc_opa_2006", "L24"]


def test_a_name_of_two_areas_means_the_one_of_the_new_framework():
    found = compare(target="aap_2016_sections", area="West Midlands")
    assert found["known_predecessors"].str.contains(" of 4").all()
