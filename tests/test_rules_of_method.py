"""The nine rules of method, one section each. A test here fails when its rule is broken.

The rules stand in the design brief. Most are tested in depth elsewhere; this is the place to see
that each of them holds.
"""

import re

import pandas as pd
import pytest
from invented import WORDS, crosswalk, ratings, row

import hmcpsi_data
from hmcpsi_data import (
    Crosswalk,
    CrosswalkError,
    FrameworkError,
    UnknownValueError,
    codebook,
    compare,
    crosswalk_chain,
    load,
    ordered,
    theme_history,
)
from hmcpsi_data import ratings as shipped_ratings
from hmcpsi_data.comparing import VERDICTS
from hmcpsi_data.crosswalk_chain import COMPOSITION
from hmcpsi_data.ordinal import counts, dominance, lower_median, range_of, upper_median

OLD, NEW = "opa_2005", "aap_2016_east_midlands"
SETS = load("crosswalk")[["source_set", "target_set"]].drop_duplicates()
SHIPPED = [Crosswalk.load(*pair) for pair in SETS.itertuples(index=False)]
PAIRS = SETS.agg(" to ".join, axis=1).tolist()

# ------------------------------------------------ 1. a rating belongs to its framework


def test_1_ratings_are_loaded_without_an_order():
    for frame in (load("ratings"), shipped_ratings()):
        assert frame["rating"].dtype == "string"


@pytest.mark.parametrize(
    "function", [ordered, counts, lower_median, upper_median, range_of, Crosswalk.translate]
)
def test_1_two_frameworks_are_never_put_into_one_order(function):
    both = shipped_ratings(level=["aspect", "criterion"])
    arguments = (Crosswalk.load(OLD, NEW), both) if function is Crosswalk.translate else (both,)
    with pytest.raises(FrameworkError) as caught:
        function(*arguments)
    assert {"opa_2005", "aap_2016"} <= set(caught.value.frameworks)
    assert "compare(source, target, area)" in str(caught.value)


def test_1_equal_words_do_not_make_equal_scales():
    good = shipped_ratings(framework="opa_2005", rating="Good").iloc[:1]
    also_good = shipped_ratings(framework="aap_2016", rating="Good").iloc[:1]
    with pytest.raises(FrameworkError, match="equal words do not make equal scales"):
        dominance(good, also_good)


# ------------------------------------------------ 2. no arithmetic on ordinal ratings


def test_2_every_summary_is_a_word_or_a_count():
    frame = ratings("Poor", "Excellent", "Good", "Good")
    assert {lower_median(frame), upper_median(frame), *range_of(frame)} <= set(WORDS)
    assert counts(frame)["n"].dtype == "Int64"
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b")).translate(frame[:2])
    for name in ("worst", "best", "lower_median", "upper_median"):
        assert list(found[name].cat.categories) == WORDS


def test_2_an_ordered_rating_has_no_mean():
    with pytest.raises(TypeError):
        ordered(ratings("Poor", "Good")).mean()


def test_2_a_missing_rating_is_not_poor():
    frame = ratings("Good", None)
    assert range_of(frame) == ("Good", "Good")
    assert counts(frame).query("rating == 'Poor'")["n"].item() == 0


# ------------------------------------------------ 3. the crosswalk is a judgement and says so


@pytest.mark.parametrize("shipped", SHIPPED, ids=PAIRS)
def test_3_every_row_says_whose_judgement_it_is_and_why(shipped):
    frame = shipped.to_frame()
    said = ["rationale", "confidence", "justification", "curation_rule", "curated_by",
            "curated_on", "reviewed_by", "reviewed_on"]  # fmt: skip
    assert frame[said].notna().all(axis=None)
    assert frame["speaker"].unique().tolist() == ["project"]
    assert frame["basis"].unique().tolist() == ["inferred"]


@pytest.mark.parametrize("shipped", SHIPPED, ids=PAIRS)
def test_3_every_aspect_of_both_sets_appears(shipped):
    frame, aspects = shipped.to_frame(), load("aspects").query("level != 'overall'")
    for side in ("source", "target"):
        known = aspects.loc[aspects["set_id"] == getattr(shipped, f"{side}_set"), "aspect_id"]
        assert set(known) == set(frame[f"{side}_aspect_id"].dropna())


def test_3_silence_is_an_error():
    frame = SHIPPED[0].to_frame()
    lost = frame[frame["source_aspect_id"].ne("opa_2005_custody_time_limits").fillna(True)]
    with pytest.raises(CrosswalkError, match="opa_2005_custody_time_limits appears in no row"):
        Crosswalk(lost).translate(shipped_ratings(framework="opa_2005"))


def test_3_the_columns_are_those_of_the_codebook():
    described = codebook("crosswalk")
    assert list(SHIPPED[0].to_frame().columns) == described["field"].tolist()


# ------------------------------------------------ 4. what is valid


HALF = {"share_low": 0.5, "share_high": 0.5}
OTHER = row("old_b", "new_b")
INVALID = {
    "a pair twice": [row("old_a", "new_a"), row("old_a", "new_a"), OTHER],
    "an unknown id": [row("old_a", "new_a"), OTHER, row("old_b", "new_z")],
    "low above high": [row("old_a", "new_a", share_low=0.9, share_high=0.8), OTHER],
    "high above 1": [row("old_a", "new_a", share_high=1.1), OTHER],
    "lows above 1": [*(row("old_a", f"new_{t}", share_low=0.6) for t in "ab"), OTHER],
    "highs below 1": [row("old_a", "new_a", share_high=0.9), OTHER],
    "equal with company": [row("old_a", "new_a", relation="equal"), row("old_a", "new_b"), OTHER],
    "link and absence": [row("old_a", "new_a"), row("old_a", None, "no_counterpart"), OTHER],
}


@pytest.mark.parametrize("rows", INVALID.values(), ids=list(INVALID))
def test_4_one_checker_stands_behind_three_verbs(rows):
    found = crosswalk(*rows)
    assert not found.is_valid()
    assert len(found.diagnose())
    with pytest.raises(CrosswalkError) as caught:
        found.coverage()
    pd.testing.assert_frame_equal(caught.value.problems, found.diagnose())


def test_4_the_remainder_counts_towards_the_sum():
    rows = [row("old_a", "new_a", **HALF), row("old_b", "new_b")]
    assert not crosswalk(*rows).is_valid()
    assert crosswalk(*rows, row("old_a", None, "remainder", **HALF)).is_valid()


@pytest.mark.parametrize("shipped", SHIPPED, ids=PAIRS)
def test_4_what_is_shipped_is_valid(shipped):
    assert shipped.diagnose().empty


# ------------------------------------------------ 5. translated ratings are intervals


def test_5_translated_ratings_come_with_what_must_stand_beside_them():
    found = SHIPPED[0].translate(shipped_ratings("Leicestershire", framework="opa_2005"))
    beside = {"n_links", "n_known", "confidence", "unmapped", "open", "origin", "caveat"}
    assert beside <= set(found)
    assert found["origin"].eq("translated").all()
    assert found["caveat"].str.contains("judgement").all()
    assert found["unmapped"].str.contains("Custody time limits").all()


def test_5_worst_and_best_are_those_of_links_with_a_share():
    rows = [
        row("old_a", "new_a", share_low=0, share_high=0),
        row("old_a", "new_b"),
        row("old_b", "new_a"),
    ]
    found = crosswalk(*rows).translate(ratings("Poor", "Good"))
    assert found["worst"].tolist() == ["Good", "Poor"]


def test_5_partly_known_predecessors_leave_the_range_open():
    found = compare()
    partly = found["known_predecessors"].str.fullmatch(r"(\d+) of \1 .*").eq(False)
    assert found.loc[partly, "open"].all()
    assert found["known_predecessors"].str.match(r"\d of 5 \(.*Leicestershire").all()


def test_5_translated_is_never_the_default_view():
    assert "origin" not in shipped_ratings()
    assert len(shipped_ratings()) == len(load("ratings"))


# ------------------------------------------------ 6. verdicts from a fixed list


def test_6_verdicts_come_from_the_list():
    assert VERDICTS == (
        "inside the old range",
        "above it",
        "below it",
        "no old counterpart",
        "old rating not known",
    )
    for target, area in ((NEW, "East Midlands"), ("aap_2016_wessex", "Wessex")):
        assert set(compare(OLD, target, area)["verdict"].dropna()) <= set(VERDICTS)


def test_6_nothing_is_said_to_have_improved_or_declined():
    text = compare().to_csv()
    assert not re.search("improved|declined|better|worse", text.replace("to_improve", ""))


# ------------------------------------------------ 7. computed, never typed in


def test_7_predicates_cardinality_and_coverage_are_computed():
    frame = SHIPPED[0].to_frame()
    assert not {"predicate", "predicate_id", "cardinality", "coverage"} & set(frame)
    found = SHIPPED[0].cardinality()
    expected = {
        "equal": "skos:exactMatch",
        "source_within_target": "skos:broadMatch",
        "source_contains_target": "skos:narrowMatch",
        "overlaps": "skos:relatedMatch",
    }
    links = found[found["relation"].isin(list(expected))]
    assert links["predicate_id"].tolist() == links["relation"].map(expected).tolist()
    sides = SHIPPED[0].coverage()
    counted = sides["n_linked"] + sides["n_without"] + sides["n_undetermined"]
    assert counted.tolist() == sides["n_aspects"].tolist() == [14, 7]


@pytest.mark.parametrize("shipped", SHIPPED, ids=PAIRS)
def test_7_export_and_import_lose_nothing(shipped, tmp_path):
    path = tmp_path / "x.sssom.tsv"
    shipped.to_sssom(path)
    pd.testing.assert_frame_equal(Crosswalk.from_sssom(path).to_frame(), shipped.to_frame())


# ------------------------------------------------ 8. chaining


def test_8_relations_compose_as_the_rule_says():
    same = {"source_within_target", "source_contains_target"}
    for (first, second), composed in COMPOSITION.items():
        if "equal" in (first, second):
            assert composed == (second if first == "equal" else first)
        elif first == second and first in same:
            assert composed == first
        else:
            assert composed == "undetermined"
    assert len(COMPOSITION) == 25


def test_8_the_full_table_stands_in_the_docs():
    lines = crosswalk_chain.__doc__.split("\n")
    border = [n for n, line in enumerate(lines) if line.startswith("====")]
    cells = [line.split() for line in lines[border[0] + 1 : border[2]] if line[0] != "="]
    across, *rows = cells
    documented = {
        (down, over): composed
        for down, *found in rows
        for over, composed in zip(across[1:], found, strict=True)
    }
    assert documented == COMPOSITION


def test_8_bounds_are_products_summed_over_paths_and_clipped():
    first = crosswalk(
        row("old_a", "new_a", share_low=0.4, share_high=0.8),
        row("old_a", "new_b", share_low=0.2, share_high=0.6),
        old=1,
    )
    second = crosswalk(
        row("old_a", "new_a", share_low=0.5, share_high=1),
        row("old_a", None, "remainder", share_low=0, share_high=0.5),
        row("old_b", "new_a", share_low=0.5, share_high=1),
        row("old_b", None, "remainder", share_low=0, share_high=0.5),
        new=1,
    ).to_frame()
    renamed = second.drop(columns="crosswalk_id").replace({"new_a": "last_a", "new": "last"})
    renamed = renamed.replace({"old_a": "new_a", "old_b": "new_b", "old": "new"})
    ids = pd.DataFrame(
        {"set_id": ["new", "new", "last"], "aspect_id": ["new_a", "new_b", "last_a"]}
    )
    found = first.then(Crosswalk(renamed, aspects=ids)).to_frame()
    shares = found[["share_low", "share_high"]].astype(float).round(9).to_numpy().tolist()
    assert shares == [[0.3, 1.0], [0.0, 0.7]]


# ------------------------------------------------ 9. other kinds of measure take part elsewhere


@pytest.mark.parametrize("target", ["follow_up_2010_subjects", "aip_2021_subjects"])
def test_9_only_compare_refuses_across_kinds_of_measure(target):
    source = NEW if target == "aip_2021_subjects" else OLD
    with pytest.raises(FrameworkError, match="cannot be compared"):
        compare(source, target)
    assert Crosswalk.load(source, target).coverage()["n_linked"].gt(0).all()


def test_9_rounds_without_ratings_take_part_in_themes():
    kinds = {
        one.round: one.kind for theme in load("themes")["theme_id"]
        for one in theme_history(theme).itertuples() if one.round in ("2010", "2022")
    }  # fmt: skip
    assert set(kinds) == {"2010", "2022"}
    assert "rating" not in kinds.values()


def test_the_public_names_are_few():
    assert len(hmcpsi_data.__all__) <= 25
    with pytest.raises(UnknownValueError):
        hmcpsi_data.load("no such table")
