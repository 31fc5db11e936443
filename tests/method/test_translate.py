"""Translated ratings: ranges and medians by hand and by brute force, groups, draws, refusals."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import (
    FRAMEWORK,
    HALF,
    INTERVAL,
    PROFILES,
    RANKS,
    WORDS,
    aspects,
    crosswalk,
    links,
    names,
    plain,
    ratings,
    recoded,
    row,
    share,
    world,
)

from hmcpsi_data.errors import FrameworkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.ratings import ratings as joined

SPLIT = crosswalk(
    row("old_a", "new_a", **share(0.5, 0.9)),
    row("old_a", "new_b", **share(0.1, 0.5)),
    row("old_b", "new_b", confidence="low"),
)
WHOLE = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
PROFILE = ratings("Weak", "Superb")


def test_a_translated_rating_is_a_range_of_words_that_says_what_it_is():
    found = SPLIT.translate(PROFILE)
    told = [*INTERVAL, "target_set", "target", "relation", "origin", "framework_id"]
    assert plain(found, *told) == [
        [*["Weak"] * 4, "new", "new_a", "overlaps", "translated", FRAMEWORK],
        ["Weak", *["Superb"] * 3, "new", "new_b", "overlaps", "translated", FRAMEWORK],
    ]
    assert "origin" not in joined(record=world())  # rule 5: never the default view
    (caveat,) = found["caveat"].unique()
    assert "which is a judgement and no finding of the inspectorate" in caveat
    assert "on the scale of Round One; the new scale is another one, and this is no trend" in caveat
    types = found.drop(columns=INTERVAL).dtypes.astype(str)
    numbers = {"n_links": "Int64", "n_known": "Int64", "open": "boolean"}
    assert types.to_dict() == dict.fromkeys(types.index, "string") | numbers


def test_confidence_is_the_lowest_relations_stand_once_and_the_unmapped_are_named():
    for lowest, confidences in (
        ("medium", ("high", "medium")), ("low", ("medium", "low")), (None, ("high", None)),
    ):  # fmt: skip
        rows = [
            row(f"old_{x}", "new_a", confidence=c) for x, c in zip("ab", confidences, strict=True)
        ]
        rows.append(row("old_c", "new_a", relation="source_within_target", confidence="high"))
        rows += [row("old_d", None, "no_counterpart"), row("old_e", None, "no_counterpart")]
        found = crosswalk(*rows, old=5, new=1).translate(PROFILE)
        assert plain(found, "confidence", "relation", "unmapped") == [
            [lowest, "overlaps; source_within_target", "old_d; old_e"]
        ]


def test_what_rounding_leaves_of_a_share_is_no_weight():
    tiny = row("old_a", "new_b", **share(0, 1e-16))
    found = crosswalk(row("old_a", "new_a", **share(1)), tiny, row("old_b", "new_a"))
    assert plain(found.translate(PROFILE), *INTERVAL)[1] == ["Weak", "Weak", None, None]
    drawn = found.sensitivity(PROFILE, draws=10)
    assert drawn.loc[drawn["target"] == "new_b", "lower_median"].sum() == 0


def test_ratings_of_other_aspects_of_the_framework_are_passed_over():
    more = pd.concat([PROFILE, ratings("Weak").assign(aspect_id="old_overall")])
    overall = pd.DataFrame([{"set_id": "old", "aspect_id": "old_overall", "level": "overall"}])
    found = Crosswalk(SPLIT.to_frame(), pd.concat([aspects(old=2, new=2), overall]), world())
    pd.testing.assert_frame_equal(found.translate(more), SPLIT.translate(PROFILE))


def weighted_medians(places, weights):
    """Lower and upper weighted median by their definition, None where all weights are 0."""
    total = sum(weights)
    if total == 0:
        return None
    pairs = list(zip(places, weights, strict=True))
    lower = min(r for r in range(4) if 2 * sum(w for p, w in pairs if p <= r) >= total)
    upper = max(r for r in range(4) if 2 * sum(w for p, w in pairs if p >= r) >= total)
    return lower, upper


def corners_of(pairs):
    """All corners of the shares within bounds that add up to a whole: all but one at a bound."""
    for free, (low, high) in enumerate(pairs):
        for ends in itertools.product(*pairs[:free], *pairs[free + 1 :]):
            if low <= 40 - sum(ends) <= high:
                yield [*ends[:free], 40 - sum(ends), *ends[free:]]


def reachable(rows):
    """The least and the greatest share of each link over all admissible ones, in fortieths."""
    ranges, by_source = {}, itertools.groupby(rows, key=lambda one: one["source_aspect_id"])
    for source, of_source in by_source:
        of_source, pairs = list(of_source), []
        for one in of_source:
            low, high = one["share_low"], one["share_high"]
            pairs.append((0 if low is None else low * 40, 40 if high is None else high * 40))
        pairs = [tuple(map(round, pair)) for pair in pairs]
        for one, *shares in zip(of_source, *corners_of(pairs), strict=True):
            ranges[source, one["target_aspect_id"]] = min(shares), max(shares)
    return ranges


def by_definition(rows, words, target):
    """All that is said of one target, by brute force over the corners of the shares."""
    of_target = [one for one in rows if one["target_aspect_id"] == target]
    sources = [
        one["source_aspect_id"]
        for one in of_target
        if one["status"] == "mapped" and one["share_high"] != 0
    ]
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


@HALF
@given(links(), PROFILES, st.sampled_from(RANKS))
def test_every_interval_is_the_one_of_the_definition_whatever_the_ranks(rows, profile, ranks):
    """No monotone recoding of ranks changes a result, and every draw is within the interval."""
    found = Crosswalk(pd.DataFrame(rows), aspects(old=3, new=3), recoded(ranks))
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


def test_many_inspections_at_once_equal_each_by_itself():
    random = np.random.default_rng(0)
    each = [ratings(*random.choice([*WORDS, None], 2)) for _ in range(20)]
    together = pd.concat(
        [p.assign(inspection_id=f"i{n:02}") for n, p in enumerate(each)], ignore_index=True
    )
    alone = pd.concat([SPLIT.translate(p) for p in each], ignore_index=True)
    at_once = SPLIT.translate(together.sample(frac=1, random_state=1))
    at_once = at_once.sort_values("inspection_id", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(at_once.drop(columns="inspection_id"), alone)


def test_inspections_of_one_group_weigh_equally_and_a_group_is_a_column_more():
    one, other = ratings("Weak", "Weak"), ratings("Strong", "Strong")
    both = pd.concat([one.assign(inspection_id="x"), other.assign(inspection_id="y")])
    found = WHOLE.translate(both, by=None)
    assert plain(found, *INTERVAL, "open")[0] == ["Weak", "Strong", "Weak", "Strong", False]
    assert WHOLE.translate(both[:3], by=None)["open"].tolist() == [False, True]
    assert "inspection_id" not in found
    by_area = WHOLE.translate(both.assign(area_id=["n", "n", "s", "s"]), by="area_id")
    assert by_area.columns.tolist() == ["area_id", *found.columns]
    assert plain(by_area, "area_id", "best") == [
        ["n", "Weak"], ["n", "Weak"], ["s", "Strong"], ["s", "Strong"],
    ]  # fmt: skip
    for name in found.columns:
        with pytest.raises(HmcpsiError, match=f'by "{name}" is a column of the result'):
            WHOLE.translate(both.assign(**{name: both.get(name, "x")}), by=name)
    for strange in (["area_id"], 5, pd.DataFrame(), "area"):
        with pytest.raises(UnknownValueError, match=r"by .* is not known"):
            WHOLE.translate(PROFILE, by=strange)


def test_two_ratings_of_one_aspect_in_one_inspection_are_refused():
    twice = pd.concat([ratings("Weak", "Strong"), ratings("Plain")])
    with pytest.raises(FrameworkError, match="old_a has two different ratings in one insp"):
        WHOLE.translate(twice.assign(inspection_id="i_1"))
    agreeing = pd.concat([ratings("Weak", "Strong"), ratings("Weak")])
    assert WHOLE.translate(agreeing)["n_known"].tolist() == [1, 1]


def test_without_any_rating_nothing_is_known_and_everything_open():
    nothing = ratings("Weak").iloc[:0].assign(inspection_id="")
    for found in (
        WHOLE.translate(nothing.drop(columns="inspection_id")),
        WHOLE.translate(nothing, None),
    ):
        assert list(found["worst"].cat.categories) == WORDS
        assert plain(found, "worst", "n_known", "open") == [[None, 0, True]] * 2
    assert len(WHOLE.translate(nothing)) == 0
    assert WHOLE.sensitivity(nothing)["lower_median"].sum() == 0


def test_ratings_of_another_framework_or_of_no_set_are_refused():
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
    [
        [(0, 1), (0, 1), (0, 1)],
        [(0.1, 0.6), (0.2, 0.9), (0, 0.5)],
        [(0, 0.5), (0, 0.5), (0, 0.5)],
        [(0, 1), (0, 0.3), (0, 0.1), (0, 1)],
        [(0.1, 0.5), (0, 0.4), (0.1, 0.5)],
        [(0, 1), (0, 1), (0, 1), *[(0, 0.12)] * 5],
    ],
)
def test_shares_are_drawn_uniformly(pairs):
    """The part of draws above a share of 0.3 is that of plain rejection from the simplex."""
    low, high = np.array(pairs, dtype=float).T
    random = np.random.default_rng(2)
    plainly = random.dirichlet(np.ones(len(pairs)), size=400_000)
    plainly = plainly[((plainly >= low) & (plainly <= high)).all(axis=1), 0]
    weak, *_, superb = drawn_medians(pairs, 40_000)
    assert weak + superb == 40_000
    assert weak / 40_000 == pytest.approx((plainly > 0.3).mean(), abs=0.015)


@pytest.mark.parametrize(
    "pairs",
    [[(1, 1)], [(0.4, 0.4), (0.6, 0.6)], [(0, 1e-12), (0, 1)], [(0, 0.34)] * 3,
     [(0, 1.0)] * 6 + [(0, 0.02)] * 6 + [(0, 0.2)] * 3],
)  # fmt: skip
def test_shares_that_leave_little_choice_are_drawn_too(pairs):
    assert sum(drawn_medians(pairs, 1000)) == 1000


def test_sensitivity_counts_the_draws_of_a_seed_in_which_a_word_is_the_median():
    halves = crosswalk(row("old_a", "new_a"), row("old_b", "new_a"), new=1)
    found = halves.sensitivity(PROFILE, draws=7)
    numbers = [[7, 0], [0, 0], [0, 0], [0, 7]]
    assert plain(found, "target_aspect_id", "target", "label", "lower_median", "upper_median",
                 "draws") == [
        ["new_a", "new_a", word, *n, 7] for word, n in zip(WORDS, numbers, strict=True)
    ]  # fmt: skip
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
