"""What holds of every crosswalk, tried on invented ones."""

import itertools
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from invented import (
    CONFIDENCES,
    RELATIONS,
    WORDS,
    aspects,
    crosswalks,
    names,
    profiles,
    ratings,
    row,
)

from hmcpsi_data import guard, load
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.errors import CrosswalkError
from hmcpsi_data.guard import scale
from hmcpsi_data.ordinal import counts, dominance, lower_median, ordered, upper_median

SCALES = load("scales")
SHIPPED = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
SOURCES = load("aspects").query("set_id == 'opa_2005' and level == 'aspect'")["aspect_id"].array
INTERVAL = ["worst", "best", "lower_median", "upper_median"]
STATUSES = ["mapped", "remainder", "no_counterpart", "undetermined", "perhaps", None]


def cells(*values):
    return st.sampled_from(values)


ANY_ROW = st.builds(
    row,
    cells(*names("old", 2), *names("old", 2), "old_overall", "old_z", None),
    cells(*names("new", 2), *names("new", 2), "new_z", None, None),
    cells(*STATUSES[:4], *STATUSES),
    relation=cells("equal", *RELATIONS, "alike", None, None),
    share_low=cells(None, None, None, -0.5, 0, 0.4, 1.0),
    share_high=cells(None, None, None, 0.4, 0.6, 1.0, 1.5),
    confidence=cells(*CONFIDENCES, None, "sure"),
    rationale=cells("wording", None),
    source_set=cells(*["old"] * 9, "older"),
)


def broken_rows(rows, known):
    """The rows that break each rule, found one by one without pandas: (check, row) pairs."""
    first = rows[0]["source_set"], rows[0]["target_set"]
    found = set()
    for n, one in enumerate(rows):
        source, target, status = (
            one[k] for k in ("source_aspect_id", "target_aspect_id", "status")
        )
        relation, low, high = one["relation"], one["share_low"] or 0, one["share_high"]
        high = 1 if high is None else high
        of_source = [r for r in rows if source and r["source_aspect_id"] == source]
        of_target = [r for r in rows if target and r["target_aspect_id"] == target]

        def breaks(check, wrong, n=n):
            if wrong:
                found.add((check, n))

        breaks("sets", (one["source_set"], one["target_set"]) != first)
        breaks(
            "values",
            status not in STATUSES[:4]
            or relation not in ("equal", *RELATIONS, None)
            or one["confidence"] not in (*CONFIDENCES, None),
        )
        if status == "mapped":
            breaks("relation", relation is None)
            breaks("ends", not (source and target))
        elif status == "remainder":
            breaks("relation", relation is not None)
            breaks("ends", not source or bool(target))
        elif status == "no_counterpart":
            breaks("relation", relation is not None)
            breaks("ends", bool(source) == bool(target))
        elif status == "undetermined":
            breaks("relation", relation != "undetermined")
            breaks("ends", not (source or target))
        for end, set_id in ((source, first[0]), (target, first[1])):
            breaks("ids", end is not None and known[set_id] and end not in known[set_id])
        key = (source, target, None if source and target else status)
        keys = [
            (
                r["source_aspect_id"],
                r["target_aspect_id"],
                None if r["source_aspect_id"] and r["target_aspect_id"] else r["status"],
            )
            for r in rows
        ]
        breaks("duplicate", keys.count(key) > 1)
        breaks("shares", not -1e-9 <= low <= high + 1e-9 <= 1 + 2e-9)
        lows = sum(r["share_low"] or 0 for r in of_source)
        highs = sum(1 if r["share_high"] is None else r["share_high"] for r in of_source)
        breaks("sum", of_source and not (lows <= 1 + 1e-9 and highs >= 1 - 1e-9))
        breaks("equal", len(of_source) > 1 and any(r["relation"] == "equal" for r in of_source))
        for group in (of_source, of_target):
            statuses = {r["status"] for r in group}
            linked = statuses & {"mapped", "undetermined", "remainder"}
            breaks("no_counterpart", "no_counterpart" in statuses and linked)
        statuses = {r["status"] for r in of_source}
        breaks("remainder", status == "remainder" and not statuses & {"mapped", "undetermined"})
    return found


@given(st.lists(ANY_ROW, min_size=1, max_size=6))
def test_the_three_verbs_agree_and_diagnose_lists_exactly_the_bad_rows(rows):
    overall = {"set_id": "old", "aspect_id": "old_overall", "level": "overall"}
    known = pd.concat([aspects(old=2, new=2), pd.DataFrame([overall])])
    frame = pd.DataFrame(rows).astype({"share_low": "Float64", "share_high": "Float64"})
    crosswalk = Crosswalk(frame, aspects=known)
    ids = {"old": names("old", 2), "new": names("new", 2), "older": []}
    expected = broken_rows(rows, ids)

    problems = crosswalk.diagnose()
    in_rows = problems.dropna(subset="row")
    assert set(zip(in_rows["check"], in_rows["row"], strict=True)) == expected
    silent = set(problems.loc[problems["check"].eq("silence"), "source_aspect_id"].dropna())
    named = {one["source_aspect_id"] for one in rows}
    assert silent == set(ids[rows[0]["source_set"]]) - named
    assert crosswalk.is_valid() == problems.empty
    assert problems["problem"].notna().all()
    assert problems["remedy"].notna().all()
    if problems.empty:
        crosswalk.coverage()
    else:
        with pytest.raises(CrosswalkError) as caught:
            crosswalk.coverage()
        pd.testing.assert_frame_equal(caught.value.problems, problems)


@given(crosswalks(), profiles(3))
def test_worst_to_best_contains_every_weighted_median(crosswalk, profile):
    interval = crosswalk.translate(profile)
    codes = {name: interval[name].cat.codes for name in INTERVAL}
    has_median = codes["lower_median"] >= 0
    assert (codes["worst"] <= codes["lower_median"])[has_median].all()
    assert (codes["lower_median"] <= codes["upper_median"]).all()
    assert (codes["upper_median"] <= codes["best"])[has_median].all()

    drawn = crosswalk.sensitivity(profile, draws=50)
    for name in ("lower_median", "upper_median"):
        often = drawn[name].to_numpy(dtype=int).reshape(len(interval), len(WORDS))
        target, place = np.nonzero(often)
        assert (codes["lower_median"].to_numpy()[target] <= place).all()
        assert (place <= codes["upper_median"].to_numpy()[target]).all()


@given(crosswalks(), profiles(3), st.data())
def test_adding_a_link_never_narrows_worst_to_best(crosswalk, profile, data):
    frame = crosswalk.to_frame()
    pairs = set(zip(frame["source_aspect_id"], frame["target_aspect_id"], strict=True))
    fixed = frame["relation"].eq("equal") | frame["status"].eq("no_counterpart")
    closed = set(frame.loc[fixed.fillna(False), "source_aspect_id"].dropna())
    free = [
        pair
        for pair in itertools.product(names("old", 3), names("new", 3))
        if pair not in pairs and pair[0] not in closed
    ]
    assume(free)
    source, target = data.draw(st.sampled_from(free))
    high = data.draw(st.sampled_from([None, 0.1, 1.0]))
    lost = frame["status"].eq("no_counterpart") & frame["target_aspect_id"].eq(target)
    link = pd.DataFrame([row(source, target, share_low=0.0, share_high=high)])
    more = pd.concat([frame[~lost.fillna(False)], link.astype(frame.dtypes[link.columns])])
    wider = Crosswalk(more, aspects=aspects(old=3, new=3))
    assert wider.diagnose().empty

    before, after = crosswalk.translate(profile), wider.translate(profile)
    known = before["worst"].notna()
    assert (after["worst"].cat.codes <= before["worst"].cat.codes)[known].all()
    assert (after["best"].cat.codes >= before["best"].cat.codes)[known].all()


def results(rated):
    """What rests on ranks: words and the places of words."""
    given = rated.assign(rating=ordered(rated))
    few = given.assign(rating=given["rating"].where(given["rating"].isna(), "Fair"))
    interval = SHIPPED.translate(given)
    often = SHIPPED.sensitivity(given, draws=5)
    return [
        str(lower_median(given)),
        str(upper_median(given)),
        str(dominance(given, few)),
        counts(given)["n"].tolist(),
        [interval[name].cat.codes.tolist() for name in INTERVAL],
        often[["lower_median", "upper_median"]].to_numpy().tolist(),
    ]


@given(
    st.lists(st.sampled_from([*WORDS, None]), min_size=14, max_size=14),
    st.lists(st.integers(-1000, 10**6), min_size=4, max_size=4, unique=True).map(sorted),
)
def test_a_strictly_monotone_recoding_of_the_ranks_changes_no_result(words, ranks):
    place = SCALES.groupby("scale_id")["rank"].rank()
    recoded = SCALES.assign(rank=place.map(dict(enumerate(ranks, start=1))).astype("Int64"))

    def load_recoded(name, folder=None):
        return recoded if name == "scales" else load(name, folder)

    profile = ratings(*words).assign(aspect_id=SOURCES)
    expected = results(profile)
    with mock.patch.object(guard, "load", load_recoded):
        assert scale("opa_2005") == (WORDS, [])
        assert results(profile) == expected


@given(crosswalks())
def test_the_inverse_is_valid_and_twice_is_the_identity(crosswalk):
    inverse = crosswalk.inverse()
    assert inverse.diagnose().empty
    assert (inverse.source_set, inverse.target_set) == ("new", "old")
    assert inverse.inverse() is crosswalk
    judged = ["source_aspect_id", "target_aspect_id", "status", "relation", "confidence"]
    again = Crosswalk(inverse.to_frame(), aspects=aspects(old=3, new=3)).inverse().to_frame()
    kept = crosswalk.to_frame().query("status != 'remainder'")
    shared = kept["relation"].eq("equal") & kept["target_aspect_id"].duplicated(keep=False)
    kept["relation"] = kept["relation"].mask(shared.fillna(False), "undetermined")
    pd.testing.assert_frame_equal(again[judged], kept[judged].reset_index(drop=True))
    forth, back = crosswalk.to_frame(), inverse.to_frame()
    links = forth[forth["status"].eq("mapped")]
    ends = ["source_aspect_id", "target_aspect_id"]
    turned = back.loc[back["status"].eq("mapped"), ends[::-1]]
    assert set(map(tuple, links[ends].to_numpy())) == set(map(tuple, turned.to_numpy()))
    assert back[["share_low", "share_high"]].isna().all(axis=None)


@given(crosswalks(2, 2, ("s", "m")), crosswalks(2, 3, ("m", "t")), crosswalks(3, 2, ("t", "u")))
def test_composing_is_associative(first, second, third):
    left = first.then(second).then(third).to_frame()
    right = first.then(second.then(third)).to_frame()
    keys = ["source_aspect_id", "target_aspect_id", "status"]
    left, right = (frame.sort_values(keys, ignore_index=True) for frame in (left, right))
    pd.testing.assert_frame_equal(left, right, rtol=1e-9, atol=1e-9)


@given(crosswalks(2, 2, ("s", "m")), crosswalks(2, 3, ("m", "t")), profiles(2))
def test_what_is_composed_is_valid_and_translates(first, second, profile):
    composed = first.then(second)
    assert composed.diagnose().empty
    profile["aspect_id"] = names("s", 2)
    assert len(composed.translate(profile)) == 3
    frame = composed.to_frame()
    shares = frame[["share_low", "share_high"]].dropna()
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
