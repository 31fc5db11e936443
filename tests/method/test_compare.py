"""New ratings beside translated old ones, on an invented record and on the shipped one."""

import invented
import pandas as pd
import pytest
from invented import WORDS, inspection, made, plain, rated, ratings, row, scale, tables, world

from hmcpsi_data import errors
from hmcpsi_data.errors import CrosswalkError, FrameworkError
from hmcpsi_data.method.compare import (
    VERDICTS,
    changes,
    compare,
    latest_ratings,
    rated_areas,
    side_by_side,
)
from hmcpsi_data.method.crosswalk import Crosswalk

NEW_ONES = {"new_a": "Strong", "new_b": "Strong"}
NORTH = {"old_a": "Plain", "old_b": "Strong", "old_c": "Superb"}
SOUTH = {"old_a": "Weak", "old_b": "Weak", "old_c": "Plain"}
SHIPPED = Crosswalk.load("old", "new", world())
FOUND = compare("old", "new", "Bothmark", record=world())


def beside(crosswalk=None, area="Bothmark", record=None):
    return compare("old", "new", area, crosswalk, record or world())


@pytest.fixture
def comparison(tmp_path):
    """A comparison of invented ratings of Northmark, Southmark and the Bothmark of later."""

    def compared(north=NORTH, south=None, new=NEW_ONES, more=(), **other):
        rows = [*rated("north_one", north), *rated("south_one", south or {})]
        rows += [*rated("both_two", new, source_id="leaflet"), *more]
        return beside(record=made(tmp_path, **tables(ratings=rows, **other)))

    return compared


def test_the_columns_are_those_of_the_contract_whatever_the_ranks_and_also_by_titles():
    assert list(FOUND.columns) == [
        "target_aspect_id", "target", "observed", *invented.INTERVAL, "n_links", "relation",
        "confidence", "known_predecessors", "open", "verdict", "origin", "caveat", "source_id",
        "locator",
    ]  # fmt: skip
    assert plain(FOUND, "target", "origin", "source_id", "locator") == [
        ["New A", "translated", "leaflet", "L1"], ["New B", "translated", "leaflet", "L2"],
    ]  # fmt: skip
    for column in ("observed", *invented.INTERVAL, "verdict", "known_predecessors"):
        assert FOUND[column].dtype == "string"  # no order spans both scales
    titled = compare("Old aspects", "new criteria", "bothmark_2005", record=world())
    others = (beside(record=invented.recoded(ranks)) for ranks in invented.RANKS)
    for same in (titled, *others, beside(SHIPPED)):
        pd.testing.assert_frame_equal(same, FOUND)


def test_verdicts_say_where_a_new_word_stands_and_tell_apart_what_is_missing(comparison):
    links = [row(old, "new_a", confidence="low") for old in NORTH]
    for status, told in (("no_counterpart", [0, "no old counterpart", False]),
                         ("undetermined", [0, "old rating not known", True])):  # fmt: skip
        own = Crosswalk(pd.DataFrame([*links, row(None, "new_b", status)]), record=world())
        assert plain(beside(own), "n_links", "verdict", "open")[1] == told
    found = comparison(north={})
    assert found["verdict"].tolist() == ["old rating not known"] * 2
    found = comparison(new={"new_b": "Strong"})
    assert plain(found, "observed", "verdict", "source_id", "worst")[0] == [None] * 3 + ["Plain"]
    for sources, verdict, worst in (  # which decide, never a median; the new word is Strong
        ("a", "above it", "Plain"), ("b", "inside the old range", "Strong"),
        ("c", "below it", "Superb"), ("ab", "inside the old range", "Plain"),
        ("ac", "inside the old range", "Plain"), ("bc", "inside the old range", "Strong"),
    ):  # fmt: skip
        links = [row(f"old_{x}", f"new_{'ab'[x in sources]}") for x in "abc"]
        found = beside(Crosswalk(pd.DataFrame(links), record=world()))
        assert plain(found, "verdict", "worst")[1] == [verdict, worst]


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
def test_it_says_how_many_predecessors_are_known_and_what_is_open(
    comparison, given, words, is_open
):
    found = comparison(**given)
    assert found["known_predecessors"].unique().tolist() == [words]
    assert found["open"].tolist() == is_open
    remains = found["caveat"].str.endswith(" the full range of that scale remains possible.")
    assert remains.tolist() == is_open
    if given.get("south") == SOUTH:  # all predecessors count together
        assert plain(found, *invented.INTERVAL)[0] == ["Weak", "Plain", "Weak", "Plain"]


def test_the_rating_published_last_counts_and_an_area_of_both_rounds_precedes_itself(
    comparison, tmp_path
):
    others = {"earlier": "2000-01", "later": "2002-05", "disputed": "2002-09", "undated": None}
    inspections = [inspection(n, "northmark_1990", "round_one", day) for n, day in others.items()]
    more = [
        *rated("earlier", {"old_a": "Weak"}),
        *rated("later", {"old_a": "Superb"}),
        *rated("disputed", {"old_a": "Strong"}, basis="contradicted"),
        *rated("undated", {"old_a": "Weak"}),
    ]
    found = comparison(inspections=tables()["inspections"] + inspections, more=more)
    assert plain(found, "worst", "best")[0] == ["Superb", "Superb"]
    inspections = [
        inspection("east_one", "eastmark_1990", "round_one", "2001-05"),
        inspection("east_two", "eastmark_1990", "round_two", "2006-07"),
    ]
    rows = [*rated("east_one", NORTH), *rated("east_two", NEW_ONES)]
    record = made(tmp_path, **tables(inspections=inspections, ratings=rows))
    found = beside(area="Eastmark", record=record)
    assert plain(found, "known_predecessors", "open") == [["1 of 1 (Eastmark)", False]] * 2


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("old", "steps", r"Old aspects and .* cannot be compared: Follow Up measures progress"),
        ("old", "talk", "Round Three speaks in prose and has no rating words"),
        ("steps", "talk", "measures progress, .* and Round Three speaks in prose"),
        ("new", "old", "Round Two .* began after Round One .*, and the old set comes first"),
    ],
)
def test_rule_9_other_kinds_of_measure_and_the_way_back_in_time_are_refused(source, target, reason):
    own = SHIPPED.inverse() if target == "old" else None
    with pytest.raises(FrameworkError, match=reason) as caught:
        compare(source, target, "Bothmark", own, world())
    assert len(caught.value.frameworks) == 2
    assert "theme_history(theme)" in str(caught.value)
    links = [row(f"old_{x}", f"{target}_a") | {"target_set": target} for x in "abc"]
    if source == "old":  # nothing but compare refuses
        found = Crosswalk(pd.DataFrame(links), record=world())
        assert found.coverage()["n_linked"].tolist() == [3, 1]
        assert len(found.translate(ratings("Weak", "Weak", "Weak"))) == 1
        assert found.inverse().is_valid()


def test_what_does_not_fit_is_refused_and_named(comparison):
    other = [*scale("words", WORDS, [1, 2, 3, 4]), *scale("others", ["Fine", "Finer"], [1, 2])]
    frameworks = tables()["frameworks"]
    frameworks[2]["scale_id"] = "others"
    with pytest.raises(FrameworkError, match="Fine of round_two is no word of the scale of round"):
        comparison(new={"new_a": "Fine"}, scales=other, frameworks=frameworks)
    with pytest.raises(errors.AreaNotInBeingError, match="Bothmark"):
        beside(area="Northmark")
    with pytest.raises(errors.UnknownValueError, match='crosswalk "old to old" is not known'):
        compare("old", "old", "Bothmark", record=world())
    for strange in ("odd", None, 5, [], ["old"]):
        with pytest.raises(errors.HmcpsiError, match="is not known"):
            compare(strange, "new", "Bothmark", record=world())
    for own, says in (
        (SHIPPED.to_frame(), r"is a Crosswalk from old to new, .* Crosswalk\(frame\) makes one"),
        (SHIPPED.inverse(), "from old to new, not .*Crosswalk new to old"),
        (Crosswalk(SHIPPED.to_frame().assign(status="perhaps"), record=world()), "row 0: status"),
    ):
        with pytest.raises(CrosswalkError, match=says):
            beside(own)
    mine = Crosswalk(SHIPPED.to_frame().assign(confidence="low"), record=world())
    assert beside(mine)["confidence"].tolist() == ["low", "low"]


def test_rated_areas_are_listed_and_side_by_side_gives_the_comparison_or_the_reason(tmp_path):
    assert rated_areas("old", world()) == {"northmark_1990": "Northmark"}
    assert rated_areas("talk", world()) == {}
    for _ in range(2):  # what is handed out is the caller's own
        latest = latest_ratings("old", "northmark_1990", world())
        assert latest["rating"].tolist() == ["Plain", "Strong", "Superb"]
        latest.loc[:, "rating"] = "XXX"
    assert latest_ratings("old", "southmark_1990", world()).empty
    found, reason = side_by_side(SHIPPED, "Bothmark", world())
    assert reason == ""
    pd.testing.assert_frame_equal(found, FOUND)
    broken = Crosswalk(SHIPPED.to_frame().assign(share_high=2), record=world())
    links = [row(f"old_{x}", "talk_a") | {"target_set": "talk"} for x in "abc"]
    talk = Crosswalk(pd.DataFrame(links), record=world())
    bare = made(tmp_path, **tables(ratings=rated("north_one", NORTH)))
    for own, area, record, says in (
        (SHIPPED, "Northmark", world(), 'area "Northmark"'),
        (broken, "Bothmark", world(), "Crosswalk old to new is not valid"),
        (talk, "Northmark", world(), "Old aspects and Subjects in prose cannot be compared"),
        (SHIPPED, "Bothmark", bare, "no rating of New criteria is known here."),
    ):
        found, reason = side_by_side(own, area, record)
        assert found.empty or record is bare
        assert reason.startswith(f"There is no comparison: {says}")


def test_changes_are_the_aspects_that_come_out_another_way():
    mine = SHIPPED.without("old_c", "Only this test says so.")
    after = beside(mine)
    told = [f"{name}{end}" for name in ("worst", "best", "n_links") for end in ("", "_after")]
    for frame in (after, after.iloc[::-1]):
        assert plain(changes(FOUND, frame), "target", *told) == [
            ["New B", "Strong", "Strong", "Superb", "Strong", "2", "1"]
        ]
    assert changes(FOUND, FOUND).empty
    profile = ratings("Plain", "Strong", "Superb")
    found = changes(SHIPPED.translate(profile), mine.translate(profile))
    assert found["best_after"].tolist() == ["Strong"]
    assert "verdict" not in found


def test_rule_6_shipped_ratings_are_compared_and_no_verdict_is_improved_or_declined():
    assert ", ".join(VERDICTS) == (
        "inside the old range, above it, below it, no old counterpart, old rating not known"
    )
    leicestershire = compare()
    for one in (leicestershire, compare(target="aap_2016_wessex", area="Wessex")):
        assert set(one["verdict"].dropna()) <= set(VERDICTS)
        text = one.to_csv().replace("to_improve", "")
        assert not any(word in text for word in ("improve", "decline", "better", "worse"))
    found = leicestershire.set_index("target")
    (shares,) = found["known_predecessors"].unique()
    assert shares == "1 of 5 (Leicestershire), 22% of the 2011 population"
    assert found["open"].all()
    assert found["verdict"].value_counts().to_dict() == {"inside the old range": 5, "below it": 2}
    one = found.loc["Resources systematically managed", ["observed", "worst", "best", "verdict"]]
    assert one.tolist() == ["Fair", "Good", "Good", "below it"]
    named = compare(target="aap_2016_sections", area="West Midlands")  # that of the new framework
    assert named["known_predecessors"].str.contains(" of 4").all()
