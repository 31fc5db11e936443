"""Rules of method, each on invented data. A test here fails when its rule is broken.

The others stand where their functions are tested: 4 in `test_links`, 5 in `test_translate`, 7 in
`test_sssom`, 8 in `test_compose`.
"""

import itertools
import re

import pandas as pd
import pytest
from invented import WORDS, crosswalk, inspection, made, rated, ratings, row, scale, tables, world

from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.method import scales
from hmcpsi_data.method.compare import VERDICTS, compare, set_pairs
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.ratings import ratings as joined
from hmcpsi_data.tables.description import table

INTERVAL = ["worst", "best", "lower_median", "upper_median"]
SUMMARIES = [scales.ordered, scales.counts, scales.lower_median, scales.upper_median,
             scales.range_of]  # fmt: skip
SHIPPED = set_pairs()
LINKED = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))


# 1. A rating belongs to its framework ------------------------------------------------------------


def test_1_ratings_are_loaded_as_words_without_an_order():
    for frame in (world().table("ratings"), joined(record=world())):
        assert frame["rating"].dtype == "string"


@pytest.mark.parametrize("function", [*SUMMARIES, LINKED.translate, LINKED.sensitivity])
def test_1_two_frameworks_are_never_put_into_one_order(function):
    both = pd.concat([ratings("Strong"), ratings("Strong").assign(framework_id="round_two")])
    arguments = [world()] if function in SUMMARIES else []
    with pytest.raises(FrameworkError, match=r"round_one and round_two .* equal words") as caught:
        function(both, *arguments)
    assert set(caught.value.frameworks) == {"round_one", "round_two"}
    assert "compare(source, target, area)" in str(caught.value)


def test_1_equal_words_do_not_make_equal_scales():
    other = ratings("Strong").assign(framework_id="round_two")
    with pytest.raises(FrameworkError, match="equal words do not make equal scales"):
        scales.dominance(ratings("Strong"), other, world())
    with pytest.raises(FrameworkError, match="The ratings are of round_two"):
        LINKED.translate(other)


# 2. No arithmetic on ratings ---------------------------------------------------------------------


def test_2_every_summary_is_a_word_or_a_count():
    for words in itertools.product(WORDS, repeat=2):
        frame = ratings(*words)
        given = set(words)
        assert {scales.lower_median(frame, world()), scales.upper_median(frame, world())} <= given
        assert set(scales.range_of(frame, world())) <= given
    assert scales.counts(frame, world())["n"].dtype == "Int64"
    found = LINKED.translate(frame)
    for name in INTERVAL:
        assert list(found[name].cat.categories) == WORDS


def test_2_the_order_is_that_of_the_ranks_and_of_nothing_else(tmp_path):
    turned = [*scale("words", WORDS, [4, 3, 2, 1]), *scale("steps", ["Begun", "Done"], [1, 2])]
    record = made(tmp_path, **tables(scales=turned))
    frame = ratings("Weak", "Superb", "Superb")
    assert scales.range_of(frame, record) == ("Superb", "Weak")
    assert scales.lower_median(frame, record) == "Superb"


# 3. The crosswalk is a judgement and says so -----------------------------------------------------


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda one: f"{one.source_set} {one.target_set}")
def test_3_every_shipped_row_says_whose_judgement_it_is_and_why(shipped):
    frame = shipped.to_frame()
    said = ["rationale", "confidence", "justification", "curation_rule", "curated_by", "curated_on"]
    assert frame[said].notna().all(axis=None)
    assert (frame["reviewed_by"].isna() == frame["reviewed_on"].isna()).all()
    assert (
        frame["reviewed_on"].dropna() >= frame["curated_on"][frame["reviewed_on"].notna()]
    ).all()
    assert frame["speaker"].unique().tolist() == ["project"]
    assert frame["basis"].unique().tolist() == ["inferred"]
    assert list(frame.columns) == list(table("crosswalk").columns)


# 5. Translated ratings are intervals -------------------------------------------------------------


def test_5_translated_is_never_the_default_view():
    assert "origin" not in joined(record=world())
    assert len(joined(record=world())) == len(world().table("ratings"))


# 6. Verdicts from a fixed list -------------------------------------------------------------------


def verdict(folder, old, observed):
    """The verdict over three links into one criterion."""
    links = [row(f"old_{x}", "new_a") for x in "abc"] + [row(None, "new_b", "no_counterpart")]
    rows = [
        *rated("north_one", dict(zip(("old_a", "old_b", "old_c"), old, strict=True))),
        *rated("both_two", {"new_a": observed}),
    ]
    record = made(folder, **tables(crosswalk=links, ratings=rows))
    return compare("old", "new", "Bothmark", record=record)["verdict"].astype(object).tolist()


def test_6_every_new_word_beside_every_old_range(tmp_path):
    """Against the definition: worst and best, never a median, decide."""
    for old in (("Plain", "Strong", "Strong"), ("Weak", "Weak", "Strong"), ("Plain",) * 3):
        places = [WORDS.index(word) for word in old]
        for place, observed in enumerate(WORDS):
            expected = "inside the old range"
            if place > max(places):
                expected = "above it"
            elif place < min(places):
                expected = "below it"
            assert verdict(tmp_path, old, observed) == [expected, "no old counterpart"]
    assert verdict(tmp_path, (None,) * 3, "Weak")[0] == "old rating not known"
    assert pd.isna(verdict(tmp_path, ("Weak",) * 3, None)[0])


def test_6_verdicts_come_from_the_list_and_never_say_improved_or_declined():
    assert ", ".join(VERDICTS) == (
        "inside the old range, above it, below it, no old counterpart, old rating not known"
    )
    found = [compare(), compare(target="aap_2016_wessex", area="Wessex")]
    for one in found:
        assert set(one["verdict"].dropna()) <= set(VERDICTS)
        text = one.to_csv().replace("to_improve", "")
        assert not re.search("improve|decline|better|worse", text)


# 9. Other kinds of measure take part elsewhere ---------------------------------------------------


@pytest.mark.parametrize(("target", "kind"), [("steps", "progress"), ("talk", "prose")])
def test_9_only_compare_refuses_across_kinds_of_measure(target, kind):
    links = [row(f"old_{x}", f"{target}_a") | {"target_set": target} for x in "abc"]
    found = Crosswalk(pd.DataFrame(links), record=world())
    with pytest.raises(FrameworkError, match=f"cannot be compared: .*{kind}"):
        compare("old", target, "Bothmark", crosswalk=found, record=world())
    assert found.coverage()["n_linked"].tolist() == [3, 1]
    assert len(found.translate(ratings("Weak", "Weak", "Weak"))) == 1
    assert found.inverse().is_valid()


def test_9_progress_has_an_order_of_its_own_and_prose_has_none(tmp_path):
    record = made(
        tmp_path,
        **tables(
            inspections=[inspection("north_steps", "northmark_1990", "follow_up", "2003-05")],
            ratings=rated("north_steps", {"steps_a": "Done"}),
        ),
    )
    found = joined(record=record)
    assert scales.range_of(found, record) == ("Done", "Done")
    with pytest.raises(FrameworkError, match="has no scale: its measure is narrative"):
        scales.ordered(found.assign(framework_id="round_three"), record)
