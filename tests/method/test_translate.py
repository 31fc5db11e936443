"""Ratings of one framework in their order, and translated: by hand and by brute force."""

import itertools
from functools import partial

import invented
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import INTERVAL, WORDS, aspects, crosswalk, names, plain, ratings, row, share, world

from hmcpsi_data.errors import FrameworkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method import scales
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.ratings import ratings as joined

RECORD = world()
counts, dominance, lower_median, ordered, range_of, upper_median = (
    partial(getattr(scales, name), record=RECORD) for name in scales.__all__
)
SUMMARIES = [ordered, counts, lower_median, upper_median, range_of]
FRAME = ratings("Strong", "Weak")


def test_ratings_of_one_framework_get_the_order_of_its_scale():
    rated = ordered(ratings("Strong", None, "Weak"))
    assert rated.cat.ordered
    assert list(rated.cat.categories) == WORDS
    assert (rated > "Plain").tolist() == [True, False, False]
    once = FRAME.assign(rating=ordered(FRAME))
    lost = FRAME.assign(rating=pd.Categorical(FRAME["rating"], categories=["Weak", "Strong"]))
    for again in (once, lost):
        pd.testing.assert_series_equal(ordered(again), once["rating"])
    assert ordered(once.assign(basis=["contradicted", None])).isna().tolist() == [True, False]
    turned, frame = invented.recoded((4, 3, 2, 1)), ratings("Weak", "Superb", "Superb")
    assert scales.range_of(frame, turned) == ("Superb", "Weak")
    assert scales.lower_median(frame, turned) == "Superb"


def test_rule_1_two_frameworks_are_never_put_into_one_order():
    other, linked = FRAME.assign(framework_id="round_two"), [row("old_a", "new_a")]
    own = crosswalk(*linked, old=1, new=1)
    for function in (*SUMMARIES, own.translate, own.sensitivity):
        with pytest.raises(FrameworkError, match=r"one and round_two .* equal words") as caught:
            function(pd.concat([FRAME[:1], other[:1]]))
        assert set(caught.value.frameworks) == {"round_one", "round_two"}
        assert "compare(source, target, area)" in str(caught.value)
    for strange, says in (
        (other, "equal words do not make equal scales"),
        (pd.concat([FRAME, FRAME]), "old_a is there twice in one profile"),
        (FRAME.drop(columns="aspect_id"), 'no column "aspect_id"'),
    ):
        with pytest.raises(FrameworkError, match=says):
            dominance(strange, FRAME)
    for frame in (RECORD.table("ratings"), joined(record=RECORD)):
        assert frame["rating"].dtype == "string"  # loaded as words without an order


@pytest.mark.parametrize(
    ("strange", "kind", "says"),
    [
        (ratings("Stronge", "Plain"), UnknownValueError, 'is not known. Did you mean "Strong"'),
        (ratings("Stronge", "Bad", "Bad"), UnknownValueError, '"Stronge" (1 row), "Bad" (2 rows).'),
        (FRAME.assign(rating=[("a",), ("b",)]), UnknownValueError, 'load("scales")'),
        (FRAME.drop(columns="framework_id"), FrameworkError, "Start from ratings(), or fill fra"),
        (FRAME.assign(framework_id=[None, "x"]), FrameworkError, "or fill framework_id."),
        (FRAME.assign(framework_id="round_none"), UnknownValueError, 'framework "round_none" is'),
        (FRAME.assign(framework_id=5), UnknownValueError, 'load("frameworks")'),
        (FRAME.assign(framework_id="round_three"), FrameworkError, "no scale: its measure is narr"),
        (None, FrameworkError, "Ratings are a DataFrame with no column twice, and a framewo"),
        (FRAME.drop(columns="rating"), FrameworkError, 'no column "rating". Start from ratings()'),
        (pd.concat([FRAME, FRAME], axis=1), FrameworkError, "with no column twice"),
    ],
)
def test_what_is_no_table_of_ratings_is_refused(strange, kind, says):
    for summary in SUMMARIES:
        with pytest.raises(kind) as caught:
            summary(strange)
        assert says in str(caught.value)


def test_what_is_outside_the_order_or_missing_is_left_out_and_counted_by_kind():
    assert scales.scale("round_one", RECORD) == (WORDS, [invented.OUTSIDE])
    frame = ratings("Superb", invented.OUTSIDE, None, None, None)
    frame["missing"] = [None, None, "not_rated", "not_found", "not_rated"]
    counted = counts(frame)
    assert plain(counted, "rating", "n")[:4] == [[word, int(word == "Superb")] for word in WORDS]
    rest = [[invented.OUTSIDE, None, 1], [None, "not_found", 1], [None, "not_rated", 2]]
    assert sorted(plain(counted[4:], "rating", "missing", "n"), key=str) == sorted(rest, key=str)
    assert counted.dtypes.astype(str).tolist() == ["string", "string", "Int64"]
    assert range_of(frame) == ("Superb", "Superb")


@given(invented.PROFILES, invented.PROFILES, st.sampled_from(invented.RANKS))
def test_every_summary_is_the_one_of_the_definition_whatever_the_ranks(one, other, ranks):
    """A monotone recoding of ranks changes nothing."""
    record, frame = invented.recoded(ranks), ratings(*one)
    places = [WORDS.index(word) for word in one if word]
    medians = weighted_medians(places, [1] * len(places))
    expected = [WORDS[at] for at in (min(places), max(places), *medians)] if places else [pd.NA] * 4
    found = scales.range_of(frame, record)
    found += scales.lower_median(frame, record), scales.upper_median(frame, record)
    assert list(map(str, found)) == list(map(str, expected))
    counted = scales.ordered(frame, record).value_counts()
    assert counted.to_dict() == {word: one.count(word) for word in WORDS}
    pairs = [(WORDS.index(a), WORDS.index(b)) for a, b in zip(one, other, strict=True) if a and b]
    better, worse = any(a > b for a, b in pairs), any(a < b for a, b in pairs)
    said = {(True, True): "crosses", (True, False): "dominates", (False, True): "is dominated"}
    relation = said.get((better, worse), "equal") if pairs else pd.NA
    assert str(scales.dominance(frame, ratings(*other)[::-1], record)) == str(relation)


def test_the_shipped_and_those_of_progress_have_an_order_and_without_a_rating_is_no_summary():
    found = scales.counts(joined("Leicestershire", framework="opa_2005", level="aspect"))
    assert plain(found, "rating", "n") == [["Poor", 1], ["Fair", 4], ["Good", 7], ["Excellent", 2]]
    assert scales.scale("follow_up_2010")[1] == ["No longer applicable"]
    progress = ratings("Done", "Begun").assign(framework_id="follow_up")
    assert range_of(progress) == ("Begun", "Done")
    nothing = FRAME.iloc[:0]
    assert lower_median(nothing) is upper_median(nothing) is pd.NA
    assert range_of(nothing) == (pd.NA, pd.NA)
    assert counts(nothing).empty
    assert scales.require_one_framework(nothing) is pd.NA
    assert dominance(FRAME, ratings("Strong").assign(aspect_id="old_z")) is pd.NA


SPLIT = crosswalk(
    row("old_a", "new_a", **share(0.5, 0.9)),
    row("old_a", "new_b", **share(0.1, 0.5)),
    row("old_b", "new_b", confidence="low"),
)
WHOLE = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
PROFILE = ratings("Weak", "Superb")


def test_a_translated_rating_is_a_range_of_words_or_open_and_says_what_it_is():
    found = SPLIT.translate(PROFILE)
    told = [*INTERVAL, "target_set", "target", "relation", "origin", "framework_id"]
    assert plain(found, *told) == [
        [*["Weak"] * 4, "new", "new_a", "overlaps", "translated", invented.FRAMEWORK],
        ["Weak", *["Superb"] * 3, "new", "new_b", "overlaps", "translated", invented.FRAMEWORK],
    ]
    assert "origin" not in joined(record=world())  # rule 5: never the default view
    (caveat,) = found["caveat"].unique()
    assert "which is a judgement and no finding of the inspectorate" in caveat
    assert "on the scale of Round One; the new scale is another one, and this is no trend" in caveat
    types = found.drop(columns=INTERVAL).dtypes.astype(str)
    numbers = {"n_links": "Int64", "n_known": "Int64", "open": "boolean"}
    assert types.to_dict() == dict.fromkeys(types.index, "string") | numbers
    nothing = ratings("Weak").iloc[:0].assign(inspection_id="")
    bare = WHOLE.translate(nothing.drop(columns="inspection_id"))
    for found in (bare, WHOLE.translate(nothing, None)):
        assert list(found["worst"].cat.categories) == WORDS
        assert plain(found, "worst", "n_known", "open") == [[None, 0, True]] * 2
    assert len(WHOLE.translate(nothing)) == 0
    assert WHOLE.sensitivity(nothing)["lower_median"].sum() == 0


def test_confidence_is_the_lowest_the_unmapped_are_named_and_what_has_no_weight_is_passed_over():
    rest = [row("old_c", "new_a", relation="source_within_target", confidence="high")]
    rest += [row(f"old_{x}", None, "no_counterpart") for x in "de"]
    for one, other, lowest in (
        ("high", "medium", "medium"), ("medium", "low", "low"), ("high", None, None),
    ):  # fmt: skip
        first = row("old_a", "new_a", confidence=one), row("old_b", "new_a", confidence=other)
        found = crosswalk(*first, *rest, old=5, new=1).translate(PROFILE)
        assert plain(found, "confidence", "relation", "unmapped") == [
            [lowest, "overlaps; source_within_target", "old_d; old_e"]
        ]
    more = pd.concat([PROFILE, ratings("Weak").assign(aspect_id="old_overall")])
    overall = pd.DataFrame([{"set_id": "old", "aspect_id": "old_overall", "level": "overall"}])
    found = Crosswalk(SPLIT.to_frame(), pd.concat([aspects(old=2, new=2), overall]), world())
    pd.testing.assert_frame_equal(found.translate(more), SPLIT.translate(PROFILE))
    tiny = row("old_a", "new_b", **share(0, 1e-16))
    found = crosswalk(row("old_a", "new_a", **share(1)), tiny, row("old_b", "new_a"))
    assert plain(found.translate(PROFILE), *INTERVAL)[1] == ["Weak", "Weak", None, None]
    drawn = found.sensitivity(PROFILE, draws=10)
    assert drawn.loc[drawn["target"] == "new_b", "lower_median"].sum() == 0


def weighted_medians(places, weights):
    """Lower and upper weighted median by their definition, None where all weights are 0."""
    total = sum(weights)
    pairs = list(zip(places, weights, strict=True))
    lower = min(r for r in range(4) if 2 * sum(w for p, w in pairs if p <= r) >= total)
    upper = max(r for r in range(4) if 2 * sum(w for p, w in pairs if p >= r) >= total)
    return (lower, upper) if total else None


def reachable(rows):
    """The least and greatest share of each link, in fortieths: at a corner all but one are ends."""
    ranges, by_source = {}, itertools.groupby(rows, key=lambda one: one["source_aspect_id"])
    for source, of_source in by_source:
        of_source, corners = list(of_source), []
        lows = [round(40 * (one["share_low"] or 0)) for one in of_source]
        highs = [40 if one["share_high"] is None else one["share_high"] * 40 for one in of_source]
        pairs = list(zip(lows, map(round, highs), strict=True))
        for free, (low, high) in enumerate(pairs):
            for ends in itertools.product(*pairs[:free], *pairs[free + 1 :]):
                if low <= 40 - sum(ends) <= high:
                    corners.append([*ends[:free], 40 - sum(ends), *ends[free:]])
        for one, shares in zip(of_source, zip(*corners, strict=True), strict=True):
            ranges[source, one["target_aspect_id"]] = min(shares), max(shares)
    return ranges


def by_definition(rows, words, target):
    """All that is said of one target, by brute force over the corners of the shares."""
    of_target = [one for one in rows if one["target_aspect_id"] == target]
    taking = [one for one in of_target if one["status"] == "mapped" and one["share_high"] != 0]
    sources = [one["source_aspect_id"] for one in taking]
    known = [source for source in sources if words[source]]
    places = [WORDS.index(words[source]) for source in known]
    ranges = reachable([one for one in rows if one["source_aspect_id"]])
    box = itertools.product(*(ranges[source, target] for source in known))
    medians = [found for found in (weighted_medians(places, weights) for weights in box) if found]
    ends = [min(places), max(places)] if places else [None] * 2
    ends += [min(m[0] for m in medians), max(m[1] for m in medians)] if medians else [None] * 2
    doubtful = any(one["status"] == "undetermined" for one in of_target)
    interval = [None if place is None else WORDS[place] for place in ends]
    return [*interval, len(sources), len(known), len(known) < len(sources) or doubtful]


@invented.HALF
@given(invented.links(), invented.PROFILES, st.sampled_from(invented.RANKS))
def test_every_interval_is_the_one_of_the_definition_whatever_the_ranks(rows, profile, ranks):
    """No monotone recoding of ranks changes a result, and every draw is within the interval."""
    found = Crosswalk(pd.DataFrame(rows), aspects(old=3, new=3), invented.recoded(ranks))
    words, frame = dict(zip(names("old", 3), profile, strict=False)), ratings(*profile[:3])
    translated = plain(found.translate(frame), *INTERVAL, "n_links", "n_known", "open")
    assert translated == [by_definition(rows, words, target) for target in names("new", 3)]
    drawn = found.sensitivity(frame, draws=5)
    for n, (_, _, lowest, highest, *_) in enumerate(translated):
        lower, upper = drawn[["lower_median", "upper_median"]].to_numpy(int)[4 * n : 4 * n + 4].T
        if lowest is None or lower.sum() == 0:
            continue
        assert WORDS.index(lowest) <= np.flatnonzero(lower)[0]
        assert np.flatnonzero(upper)[-1] <= WORDS.index(highest)
        assert lower.sum() == upper.sum() <= 5


def test_inspections_stand_each_by_itself_or_weigh_equally_in_a_group():
    random = np.random.default_rng(0)
    each = [ratings(*random.choice([*WORDS, None], 2)) for _ in range(9)]
    together = pd.concat([p.assign(inspection_id=f"i{n}") for n, p in enumerate(each)])
    alone = pd.concat([SPLIT.translate(p) for p in each], ignore_index=True)
    shuffled = together.sample(frac=1, random_state=1, ignore_index=True)
    at_once = SPLIT.translate(shuffled)
    at_once = at_once.sort_values("inspection_id", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(at_once.drop(columns="inspection_id"), alone)
    one, other = ratings("Weak", "Weak"), ratings("Strong", "Strong")
    both = pd.concat([one.assign(inspection_id="x"), other.assign(inspection_id="y")])
    found = WHOLE.translate(both, by=None)
    assert plain(found, *INTERVAL, "open")[0] == ["Weak", "Strong", "Weak", "Strong", False]
    assert WHOLE.translate(both[:3], by=None)["open"].tolist() == [False, True]
    assert "inspection_id" not in found
    by_area = WHOLE.translate(both.assign(area_id=["n", "n", "s", "s"]), by="area_id")
    assert by_area.columns.tolist() == ["area_id", *found.columns]
    assert plain(by_area, "area_id", "best")[1:3] == [["n", "Weak"], ["s", "Strong"]]
    for name in found.columns:
        with pytest.raises(HmcpsiError, match=f'by "{name}" is a column of the result'):
            WHOLE.translate(both.assign(**{name: both.get(name, "x")}), by=name)
    for strange in (["area_id"], 5, pd.DataFrame(), "area"):
        with pytest.raises(UnknownValueError, match=r"by .* is not known"):
            WHOLE.translate(PROFILE, by=strange)


def test_ratings_of_another_framework_or_of_no_set_or_two_of_one_aspect_are_refused():
    twice = pd.concat([ratings("Weak", "Strong"), ratings("Plain")])
    with pytest.raises(FrameworkError, match="old_a has two different ratings in one insp"):
        WHOLE.translate(twice.assign(inspection_id="i_1"))
    agreeing = pd.concat([ratings("Weak", "Strong"), ratings("Weak")])
    assert WHOLE.translate(agreeing)["n_known"].tolist() == [1, 1]
    with pytest.raises(FrameworkError, match="The ratings are of round_two, the cross") as found:
        WHOLE.translate(PROFILE.assign(framework_id="round_two"))
    assert found.value.frameworks == ("round_two", "round_one")
    assert "ratings(framework='round_one'), or call compare(source, target, area)" in str(found)
    with pytest.raises(UnknownValueError, match=r'aspect_id "old_zz" .*aspects\("old"\)'):
        WHOLE.translate(ratings("Strong").assign(aspect_id="old_zz"))
    with pytest.raises(FrameworkError, match='no column "aspect_id"'):
        WHOLE.translate(PROFILE.drop(columns="aspect_id"))
    both = pd.concat([PROFILE.assign(inspection_id=one) for one in "xy"])
    for several in (both, both.rename(columns={"inspection_id": "area_id"})):
        with pytest.raises(HmcpsiError, match=r"of 2 inspections or Areas\. Pass those of one"):
            WHOLE.sensitivity(several)
    assert WHOLE.sensitivity(both[:2], draws=3)["lower_median"].sum() == 6


def drawn_medians(pairs, draws):
    """How often the share of the first link is the lesser or the greater half, beside 0.3."""
    ends = names("new", len(pairs))
    split = [row("old_a", end, **share(*pair)) for end, pair in zip(ends, pairs, strict=True)]
    fixed = [row("old_b", "new_a", **share(0.3)), row("old_b", None, "remainder", **share(0.7))]
    often = crosswalk(*split, *fixed, new=len(pairs)).sensitivity(PROFILE, draws=draws)
    return often.loc[often["target_aspect_id"] == "new_a", "lower_median"].tolist()


@pytest.mark.parametrize(
    "pairs",
    [[(0, 1)] * 3, [(0, 0.5)] * 3, [(0.1, 0.6), (0.2, 0.9), (0, 0.5)],
     [(0, 1), (0, 0.3), (0, 0.1), (0, 1)], [*[(0, 1)] * 3, *[(0, 0.12)] * 5]],
)  # fmt: skip
def test_shares_are_drawn_uniformly(pairs):
    """The part of draws above a share of 0.3 is that of plain rejection from the simplex."""
    low, high = np.array(pairs, dtype=float).T
    random = np.random.default_rng(2)
    plainly = random.dirichlet(np.ones(len(pairs)), size=400_000)
    plainly = plainly[((plainly >= low) & (plainly <= high)).all(axis=1), 0]
    weak, *_, superb = drawn_medians(pairs, 40_000)
    assert weak + superb == 40_000
    assert weak / 40_000 == pytest.approx((plainly > 0.3).mean(), abs=0.015)


def test_shares_that_leave_little_choice_are_drawn_too():
    many = [(0, 1.0)] * 6 + [(0, 0.02)] * 6 + [(0, 0.2)] * 3
    thirds = [(0, 0.34)] * 3
    for pairs in ([(1, 1)], [(0.4, 0.4), (0.6, 0.6)], [(0, 1e-12), (0, 1)], thirds, many):
        assert sum(drawn_medians(pairs, 1000)) == 1000


def test_sensitivity_counts_the_draws_of_a_seed_in_which_a_word_is_the_median():
    halves = crosswalk(row("old_a", "new_a"), row("old_b", "new_a"), new=1)
    found = halves.sensitivity(PROFILE, draws=7)
    told = ["target_aspect_id", "target", "label", "lower_median", "upper_median", "draws"]
    numbers = [[7, 0], [0, 0], [0, 0], [0, 7]]
    assert plain(found, *told) == [
        ["new_a", "new_a", word, *n, 7] for word, n in zip(WORDS, numbers, strict=True)
    ]
    half = row("old_b", "new_b", **share(0.5)), row("old_b", None, "remainder", **share(0.5))
    found = crosswalk(row("old_a", "new_a"), row("old_a", "new_b"), *half)
    first, again, other = (found.sensitivity(PROFILE, 10_000, seed) for seed in (0, 0, 1))
    weak, _, _, superb = first["lower_median"].tolist()[4:]
    assert weak + superb == 10_000
    assert abs(weak - 5_000) < 200
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)
    for name, wrong in [("draws", one) for one in (0, 1.5, True, None, [1])] + [("seed", -1)]:
        with pytest.raises(HmcpsiError, match=f"{name} is .*: give a whole number from [01] up"):
            found.sensitivity(PROFILE, **{name: wrong})
