"""What consistent rules say: the known Areas, data that narrow, reasons, smallest changes."""

import csv
import dataclasses
import re
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from editing import Copy
from hypothesis import given
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data.assessment import (
    AssessmentRule,
    RuleError,
    assessed,
    consistent_rules,
    overall,
    profile,
    sections,
    sensitivity,
    what_if,
)
from hmcpsi_data.assessment_changes import smallest_changes
from hmcpsi_data.assessment_clause import SCALE
from hmcpsi_data.assessment_framework import Framework, read_framework
from hmcpsi_data.assessment_profiles import known_areas
from hmcpsi_data.assessment_ruleset import RuleSet
from hmcpsi_data.assessment_ways import ALL, ONE
from hmcpsi_data.errors import DataError, FrameworkError, HmcpsiError, UnknownValueError

OPA = read_framework()
RULES = consistent_rules()
SHORT_OF = {one: one.removeprefix("opa_2005_") for one in OPA.labels}
RECONSTRUCTION = "not the inspectorate's rule"

words = st.sampled_from(SCALE)
profiles = st.fixed_dictionaries(dict.fromkeys(OPA.labels, words))


def invented(folder, area, overall, ratings, *, count=None):
    """Add the ratings of an inspection to a copy of the data; Warwickshire has none of its own."""
    copy = folder if isinstance(folder, Copy) else Copy(folder)
    inspection = f"{area}_opa_2005"
    like = dict(copy.records("inspections")[0][1])
    like |= {"inspection_id": inspection, "area_id": f"{area}_1999"}
    _append(copy, "inspections", like)
    rating = dict(copy.records("ratings")[0][1])
    for aspect_id, word in {"opa_2005_overall": overall, **ratings}.items():
        name = f"{inspection}_{aspect_id.removeprefix('opa_2005_')}"
        new = {"rating_id": name, "inspection_id": inspection, "aspect_id": aspect_id}
        _append(copy, "ratings", rating | new | {"rating": word, "rating_as_printed": word})
    if count:
        said = dict(copy.records("profile_counts")[0][1])
        scope, word, relation, n = count
        new = {"profile_count_id": f"{inspection}_count", "inspection_id": inspection}
        new |= {"scope": scope, "rating": word, "relation": relation, "n": str(n)}
        _append(copy, "profile_counts", said | new)
    return copy.folder


def _append(copy, name, row):
    with copy.path(name).open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(row), lineterminator="\n").writerow(row)


# What is known --------------------------------------------------------------------------------


def test_the_known_areas_get_their_words_under_every_consistent_rule():
    assert overall(profile("Leicestershire")).possible == ("Fair",)
    assert overall(profile("Suffolk")).possible == ("Excellent",)
    frame = hd.ratings("Leicestershire", framework="opa_2005")
    assert overall(frame).possible == ("Fair",)


def test_areas_known_in_part_can_get_theirs():
    for area in RULES.areas:
        kinds, back = RULES.rules.kinds(OPA.groups, area.completions(OPA))
        fits = kinds[:, np.unique(back)] == SCALE.index(area.overall)
        assert fits.any(axis=1).all(), area.area
    parts = {one.area: one for one in RULES.areas if not one.whole(OPA)}
    assert set(parts) == {"Essex", "Sussex", "West Midlands"}
    essex = parts["Essex"].completions(OPA)
    assert (essex.sum(axis=1)[:, 0] == 4).all()
    assert (essex[:, 0, 0] >= 1).all()
    assert (parts["West Midlands"].completions(OPA)[:, 0, 2] >= 3).all()


def test_how_many_of_how_many_agree():
    assert (len(RULES), RULES.of) == (2952, 8456)
    checks = RULES.checks
    assert checks["what"].tolist()[:5] == [
        "Leicestershire", "Suffolk", "Essex", "Sussex", "West Midlands",
    ]  # fmt: skip
    assert checks["left"].is_monotonic_decreasing
    assert checks["left"].iat[-1] == len(RULES)
    assert (checks["agree"] >= checks["left"]).all()
    assert (checks["agree"] <= RULES.of).all()


def test_the_distribution_asks_that_each_word_that_occurred_be_possible():
    told = RULES.checks[RULES.checks["what"] == "all Areas"]
    assert set(told["rating"]) == set(SCALE)
    only_fair = AssessmentRule.read("Fair needs all aspects Poor or better")
    found = consistent_rules(rules=[only_fair]).checks.set_index(["what", "rating"])["agree"]
    assert found["all Areas", "Fair"] == 1
    assert found["all Areas", "Excellent"] == found["all Areas", "Poor"] == 0


def test_any_numbers_of_areas_can_be_had_once_each_word_is_possible():
    # So the distribution asks for no more: Areas of which nothing is known can have any profile.
    assert (RULES.tally.max(axis=0) == len(RULES)).all()
    assert "Essex, Sussex and the published numbers of Areas take no rule away." in repr(RULES)
    told = hd.national("opa_2005")
    named = [area.overall for area in known_areas(OPA)]
    for _, rows in told.groupby("scope"):
        rows = rows.set_index("rating")
        if rows["n_units"].iat[0] == 42:
            assert all(rows.loc[word, "n_high"] >= named.count(word) for word in SCALE)


def test_what_the_rules_disagree_about_adds_up():
    found = RULES.disagreements()
    by_question = found.groupby("question", sort=False)[["n_rules", "n_family"]].sum()
    assert (by_question["n_rules"] == len(RULES)).all()
    assert (by_question["n_family"] == RULES.of).all()
    agreement = RULES.agreement().set_index("n_words")["n_profiles"]
    assert agreement.sum() == 12320
    assert agreement[1] > 0


def test_the_caveat_names_the_areas_and_stands_in_every_result():
    assert RULES.caveat == (
        "Reconstruction: consistent with the known Areas (Leicestershire and Suffolk; in part "
        "Essex, Sussex and West Midlands); not the inspectorate's rule."
    )
    changed = profile("Leicestershire", disclosure="Excellent")
    for result in (overall(changed), what_if(changed), RULES, sections()):
        assert RECONSTRUCTION in repr(result)
        assert RECONSTRUCTION.replace("'", "&#x27;") in result._repr_html_()
    said = overall(changed)
    frames = [said.frame, said.aspects, said.reasons, what_if(changed).frame, assessed(changed)]
    frames += [RULES.checks, RULES.disagreements(), RULES.agreement(), sections().frame]
    for frame in [*frames, sensitivity(changed)]:
        assert frame["caveat"].str.contains(RECONSTRUCTION).all()
    assert "(East Midlands and Wessex)" in sections().caveat
    assert "no probability" in RULES.words


# Data that narrow -----------------------------------------------------------------------------


def test_an_area_added_to_the_data_narrows_the_rules_without_code(tmp_path):
    good = profile("Leicestershire", managing_magistrates_courts_cases="Fair")
    assert overall(good).possible == ("Fair", "Good")
    ratings = OPA.checked(good)
    folder = invented(tmp_path / "data", "warwickshire", "Good", ratings)
    assert [fault.problem for fault in _faults(folder)] == []
    found = consistent_rules(folder=folder)
    assert 0 < len(found) < len(RULES)
    assert "Warwickshire" in found.caveat
    assert overall(good, folder=folder).possible == ("Good",)
    assert overall(profile("Warwickshire", folder=folder), found).possible == ("Good",)
    assert len(consistent_rules()) == len(RULES)


def test_an_area_known_in_part_narrows_where_it_can(tmp_path):
    # Poor with all critical aspects Good: only many Poor ones can have done that.
    ratings = dict.fromkeys(sorted(OPA.critical), "Good")
    count = ("all", "Poor", "exactly", 4)
    folder = invented(tmp_path / "data", "warwickshire", "Poor", ratings, count=count)
    found = consistent_rules(folder=folder)
    assert 0 < len(found) < len(RULES)
    assert set(found.rules.table["many_poor"]) == {"at most Poor with more than 3 aspects Poor"}


def test_no_consistent_rule_is_a_result_that_says_so(tmp_path):
    ratings = OPA.checked(profile("Leicestershire"))
    folder = invented(tmp_path / "data", "warwickshire", "Excellent", ratings)
    found = consistent_rules(folder=folder)
    assert len(found) == 0
    assert found.words.startswith("None of the 8,456 rules")
    said, ways = overall(ratings, found), what_if(ratings, "Good", found)
    assert said.possible == ()
    assert said.words == ways.words == found.words
    assert ways.frame.empty
    assert (assessed(ratings, rules=found)["part"] == "aspect").all()


def test_statements_that_contradict_each_other_are_an_error_that_names_the_area(tmp_path):
    ratings = dict.fromkeys(list(OPA.labels)[:3], "Poor")
    count = ("all", "Poor", "at_most", 2)
    folder = invented(tmp_path / "data", "warwickshire", "Poor", ratings, count=count)
    with pytest.raises(DataError, match="warwickshire_opa_2005 contradicts"):
        consistent_rules(folder=folder)


def test_a_contradicted_rating_counts_as_not_known(tmp_path):
    copy = Copy(tmp_path / "data")
    line = copy.line("ratings", rating_id="leicestershire_opa_2005_leadership")
    copy.put("ratings", line, basis="contradicted")
    known = {one.area: one for one in known_areas(OPA, copy.folder)}
    assert len(known["Leicestershire"].profile) == 13
    with pytest.raises(FrameworkError, match="Known in full: Suffolk"):
        profile("Leicestershire", folder=copy.folder)


def test_a_rating_that_another_source_disputes_counts_as_not_known(tmp_path):
    copy = Copy(tmp_path / "data")
    other = dict(copy.records("rating_sources")[0][1])
    other |= {"rating_id": "leicestershire_opa_2005_leadership", "says": "otherwise"}
    _append(copy, "rating_sources", other)
    known = {one.area: one for one in known_areas(OPA, copy.folder)}
    assert len(known["Leicestershire"].profile) == 13
    assert len(consistent_rules(folder=copy.folder)) >= len(RULES)


def test_a_count_of_a_word_that_the_scale_lacks_is_an_error_that_names_it(tmp_path):
    copy = Copy(tmp_path / "data")
    copy.put("profile_counts", copy.line("profile_counts", n="4"), rating="Great")
    with pytest.raises(DataError, match="Great is no word of the scale"):
        consistent_rules(folder=copy.folder)


def _faults(folder):
    problems = hd.check(folder)
    return list(problems) if not isinstance(problems, pd.DataFrame) else list(problems.itertuples())


def test_rules_of_ones_own_are_told_as_such():
    good = RULES.rules.rule(0)
    assert consistent_rules(rules=good).words.startswith("The one rule that was given agrees")
    assert overall(profile("Suffolk"), consistent_rules(rules=good)).words.startswith(
        "Overall Excellent under the one consistent rule."
    )
    bad = AssessmentRule.read("Fair needs no critical aspect Poor")
    both = consistent_rules(rules=[good, bad])
    assert both.words.startswith("1 of the 2 rules that were given agrees with all that is known.")
    none = consistent_rules(rules=[bad, bad])
    assert none.words.startswith("None of the 2 rules that were given agrees")
    assert "family" not in both.words + none.words
    assert none.caveat.startswith("Reconstruction: no rule is consistent with the known Areas (Lei")


def test_without_any_known_area_the_caveat_says_none(tmp_path):
    copy = Copy(tmp_path / "data")
    for line, row in copy.records("ratings"):
        if row["inspection_id"].endswith("opa_2005") and not row["rating_id"].endswith("overall"):
            copy.put("ratings", line, basis="inferred")
    copy.path("profile_counts").write_text(
        copy.path("profile_counts").read_text("utf-8").splitlines()[0] + "\n", "utf-8"
    )
    found = consistent_rules(folder=copy.folder)
    assert len(found) == found.of
    assert "the known Areas (none)" in found.caveat
    with pytest.raises(FrameworkError, match="None of the 14 aspects of Suffolk is known"):
        profile("Suffolk", folder=copy.folder)


# One profile ----------------------------------------------------------------------------------


@given(profiles, st.sampled_from(list(OPA.labels)), words)
def test_a_better_rating_never_narrows_from_above_or_widens_below(ratings, aspect_id, word):
    first, second = sorted([ratings[aspect_id], word], key=SCALE.index)
    worse = overall(ratings | {aspect_id: first}, RULES).possible
    better = overall(ratings | {aspect_id: second}, RULES).possible
    assert SCALE.index(worse[0]) <= SCALE.index(better[0])
    assert SCALE.index(worse[-1]) <= SCALE.index(better[-1])


@given(profiles)
def test_the_words_are_those_of_the_rules_one_by_one(ratings):
    said = overall(ratings, RULES)
    assert said.frame["n_rules"].sum() == len(RULES)
    labels = {OPA.labels[key]: word for key, word in ratings.items()}
    critical = [OPA.labels[key] for key in OPA.critical]
    for number in range(0, len(RULES), 500):
        assert RULES.rules.rule(number).rate(labels, critical) in said.possible


@given(profiles)
def test_every_rule_that_stops_short_has_a_reason_and_its_aspects(ratings):
    said = overall(ratings, RULES)
    short = said.frame[said.frame["rating"] != SCALE[-1]]
    assert set(said.reasons["rating"]) == set(short["rating"])
    assert said.reasons["aspects"].str.len().gt(0).all()
    for rating, rows in said.reasons.groupby("rating"):
        n = said.frame.set_index("rating").loc[rating, "n_rules"]
        assert (rows["n_rules"] <= n).all()
        assert rows["n_rules"].sum() >= n
    best = said.aspects["rating"] == SCALE[-1]
    assert (said.aspects.loc[best, "alone_rules"] == 0).all()


@given(profiles)
def test_bettering_the_aspects_of_a_reason_takes_the_reason_away(ratings):
    ids = {label: key for key, label in OPA.labels.items()}
    for reason in overall(ratings, RULES).reasons.itertuples():
        named = [ids[label] for label in reason.aspects.split("; ")]
        better = overall(ratings | dict.fromkeys(named, "Excellent"), RULES).reasons
        assert not ((better["rating"] == reason.rating) & (better["line"] == reason.line)).any()


@given(profiles)
def test_no_sentence_reads_badly(ratings):
    said = [overall(ratings, RULES).words]
    said += [what_if(ratings, target, RULES).words for target in SCALE]
    for text in said:
        assert not re.search(r"\b1 (\w+-?critical )?(rules|aspects|sets)\b|None|nan|  |\.\.", text)
        assert not re.search(r"(of|under) 0\b|one of (the 1|[^(]{0,99}\(one)", text)
        assert text[0].isupper()
        assert text.endswith(".")
    assert re.match(r"Overall (Poor|Fair|Good|Excellent) under", said[0])


def test_rules_that_lift_say_what_keeps_them_from_the_next_word():
    lifted = AssessmentRule.read("""
        Excellent needs at least 1 critical aspect Excellent
        Good needs all critical aspects Good or better
        Fair needs at least 3 critical aspects Fair or better
        from Fair to Good with at least 9 non-critical aspects Good or better
        at most Fair with any non-critical aspect below Good
    """)
    one = consistent_rules(rules=[lifted])
    assert len(one) == 1
    ratings = dict.fromkeys(OPA.labels, "Good") | {"opa_2005_leadership": "Fair"}
    ratings |= {"opa_2005_managing_resources": "Excellent"}
    said = overall(ratings, one)
    assert said.possible == ("Good",)
    assert said.reasons[["line", "aspects"]].to_numpy().tolist() == [
        ["Good needs all critical aspects Good or better", "Leadership"]
    ]
    by_lift = AssessmentRule.read("""
        Good needs all critical aspects Good or better
        Fair needs at least 3 critical aspects Fair or better
        from Good to Excellent with at least 2 aspects Excellent
        at most Fair with any non-critical aspect below Good
    """)
    one = consistent_rules(rules=[by_lift])
    assert len(one) == 1
    said = overall(dict.fromkeys(OPA.labels, "Good"), one)
    assert said.reasons["line"].tolist() == [
        "from Good to Excellent with at least 2 aspects Excellent"
    ]
    assert said.reasons["aspects"].str.count("; ").tolist() == [13]


# Not all known --------------------------------------------------------------------------------


@given(profiles, st.lists(st.sampled_from(list(OPA.labels)), min_size=1, max_size=3, unique=True))
def test_where_some_are_not_known_every_completion_counts(ratings, unknown):
    said = overall({k: w for k, w in ratings.items() if k not in unknown}, RULES, in_part=True)
    given_as_missing = overall(ratings | dict.fromkeys(unknown), RULES, in_part=True)
    pd.testing.assert_frame_equal(said.frame, given_as_missing.frame)
    filled = [
        OPA.counts(ratings | dict(zip(unknown, words, strict=True)))
        for words in product(SCALE, repeat=len(unknown))
    ]
    outcomes = RULES.rules.outcomes(OPA.groups, np.array(filled))
    expected = {w: int((outcomes == n).any(axis=1).sum()) for n, w in enumerate(SCALE)}
    assert dict(zip(said.frame["rating"], said.frame["n_rules"], strict=True)) == {
        word: n for word, n in expected.items() if n
    }
    assert said.aspects["rating"].isna().sum() == len(unknown)
    assert said.aspects["holds_rules"].isna().all()
    assert said.reasons.empty
    assert (
        f"{len(unknown)} of the 14 aspects {'is' if len(unknown) == 1 else 'are'} not" in said.words
    )


def test_an_area_known_in_part_can_be_asked_for_and_filled_up():
    essex = profile("Essex", in_part=True)
    assert essex.dropna().to_dict() == {
        "Managing resources": "Poor", "Securing community confidence": "Poor",
    }  # fmt: skip
    said = overall(essex, in_part=True)
    assert said.possible == ("Poor", "Fair", "Good")
    assert "No rule gives Excellent, whatever they were." in said.words
    taken = assessed(essex, in_part=True)
    assert taken["part"].value_counts().to_dict() == {"aspect": 14, "overall": 3}
    rest = {SHORT_OF[one]: "Good" for one in OPA.labels if OPA.labels[one] not in essex.dropna()}
    filled = profile("Essex", **rest)
    assert filled.notna().all()
    assert overall(filled).frame["n_rules"].sum() == len(RULES)
    assert profile("west_midlands_1999", in_part=True).notna().sum() == 3
    for call in (overall, what_if, assessed, sensitivity):
        with pytest.raises(FrameworkError, match="12 of the 14 aspects have no rating"):
            call(essex)
    with pytest.raises(FrameworkError, match="1 of the 14 aspects has no rating: Disclosure"):
        profile("Suffolk", disclosure=None)
    assert profile("Suffolk", in_part=True, disclosure=None).isna().sum() == 1


def test_numbers_of_rules_are_written_in_tables_as_in_sentences():
    said = overall(profile("Leicestershire"))
    rules = consistent_rules()
    assert said.table().frame["Rules"].tolist() == ["2,952"]
    assert said.reasons_table().frame["Rules"].tolist() == ["1,340", "952", "804", "804", "536"]
    for table in (rules.table(), rules.disagreements_table()):
        shown = table.frame.filter(regex="rules|family|agree|Left|Of").astype("string")
        assert not shown.apply(lambda cells: cells.str.contains(r"\d{4}")).any(axis=None)


def test_what_made_leicestershire_fair():
    said = overall(profile("Leicestershire"))
    assert said.frame["n_rules"].tolist() == [2952]
    first = said.reasons.iloc[0]
    assert first["line"] == "at most Fair with any non-critical aspect Poor"
    assert first["aspects"] == "Managing magistrates' courts cases"
    holds = said.aspects.set_index("label")["holds"]
    assert holds["Managing magistrates' courts cases"] == "nearly all rules"
    assert holds["The service to victims and witnesses"] == "some rules"
    assert holds["Leadership"] == "no rule"
    assert "all 2,952 consistent rules" in said.words


@given(profiles, st.sampled_from(list(OPA.labels)))
def test_what_one_aspect_does_alone_is_counted(ratings, aspect_id):
    said = overall(ratings, RULES, target="Excellent").aspects.set_index("aspect_id")
    before = RULES.rules.outcomes(OPA.groups, OPA.counts(ratings)[None])
    after = RULES.rules.outcomes(OPA.groups, OPA.counts(ratings | {aspect_id: "Excellent"})[None])
    assert said.loc[aspect_id, "alone_rules"] == ((after == 3) & (before < 3)).sum()


@given(profiles, words)
def test_the_target_changes_what_is_said_of_aspects_and_nothing_else(ratings, target):
    first, second = overall(ratings, RULES), overall(ratings, RULES, target=target)
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert (first.words, first.caveat) == (second.words, second.caveat)
    reached = second.frame["rating"].map(SCALE.index) >= SCALE.index(target)
    short = int(second.frame.loc[~reached, "n_rules"].sum())
    assert second.aspects["holds_rules"].max() <= short
    assert second.aspects["alone_rules"].max() <= short
    assert (second.aspects["holds_rules"].max() > 0) == (short > 0)


# Smallest changes -----------------------------------------------------------------------------


def brute(framework, ratings, reached):
    """All smallest sets by trying every profile that is nowhere worse."""
    ids, scale = list(ratings), framework.scale
    options = [range(scale.index(ratings[one]), len(scale)) for one in ids]
    start = tuple(option[0] for option in options)
    good = []
    for places in product(*options):
        words = {one: scale[at] for one, at in zip(ids, places, strict=True)}
        if reached[framework.lattice.index(framework.counts(words)[None])[0]]:
            good.append(places)
    if not good:
        return None
    changed = [sum(a != b for a, b in zip(start, one, strict=True)) for one in good]
    few = [one for one, n in zip(good, changed, strict=True) if n == min(changed)]
    least = [
        one for one in few
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True))
                   for other in few)
    ]  # fmt: skip
    moves = set()
    for places in least:
        way: dict[tuple, int] = {}
        for one, before, after in zip(ids, start, places, strict=True):
            if before != after:
                move = framework.group(one), before, after
                way[move] = way.get(move, 0) + 1
        moves.add(frozenset(way.items()))
    return moves


def small(n_critical, n_other):
    ids = [f"x_{n}" for n in range(n_critical + n_other)]
    labels = dict(zip(ids, ids, strict=True))
    return Framework("x", "opa_2005", SCALE, labels, frozenset(ids[:n_critical]))


SMALL = small(2, 2)


@given(
    st.lists(words, min_size=4, max_size=4),
    st.lists(st.integers(0, len(SMALL.lattice) - 1), min_size=1, max_size=3),
)
def test_the_smallest_changes_are_those_that_trying_everything_finds(ratings, corners):
    ids = dict(zip(SMALL.labels, ratings, strict=True))
    # reached is everything that dominates one of a few profiles: any monotone set is like that
    reached = np.zeros(len(SMALL.lattice), dtype=bool)
    reached[corners] = True
    below, above = SMALL.lattice.steps()
    while True:
        more = reached.copy()
        np.logical_or.at(more, above, reached[below])
        if (more == reached).all():
            break
        reached = more
    found = smallest_changes(SMALL, ids, reached)
    expected = brute(SMALL, ids, reached)
    assert found is not None
    assert {frozenset(way.items()) for way in found} == expected
    assert len(found) == len(expected)


def test_where_no_change_is_enough_there_is_none():
    never = np.zeros(len(SMALL.lattice), dtype=bool)
    assert smallest_changes(SMALL, dict.fromkeys(SMALL.labels, "Poor"), never) is None
    top = dict.fromkeys(SMALL.labels, "Excellent")
    assert smallest_changes(SMALL, top, ~never) == [{}]


@given(profiles, st.sampled_from(SCALE))
def test_every_way_leads_there_and_none_is_longer_than_it_must_be(ratings, target):
    found = what_if(ratings, target, RULES).frame
    for under, rows in found.groupby("under"):
        for _, moves in rows.groupby("way"):
            assert _reaches(_moved(ratings, moves), target, under)
            for at, row in enumerate(moves.itertuples()):
                if SCALE.index(row.after) - SCALE.index(row.before) > 1:
                    less = moves.copy()
                    less.iloc[at, less.columns.get_loc("choose")] -= 1
                    one = dict(zip(moves.columns, row[1:], strict=True))
                    one |= {"choose": 1, "after": SCALE[SCALE.index(row.after) - 1]}
                    less = pd.concat([less, pd.DataFrame([one])])
                    assert not _reaches(_moved(ratings, less), target, under)


def _moved(ratings, moves):
    ids = {label: key for key, label in OPA.labels.items()}
    changed, used = dict(ratings), set()
    for move in moves.itertuples():
        free = [ids[one] for one in move.aspects.split("; ") if ids[one] not in used]
        for aspect_id in free[: move.choose]:
            changed[aspect_id] = move.after
            used.add(aspect_id)
    return changed


def _reaches(ratings, target, under):
    counts = OPA.counts(ratings)[None]
    possible = RULES.rules.outcomes(OPA.groups, counts)
    return (possible.min() if under == ALL else possible.max()) >= SCALE.index(target)


def test_what_would_have_made_leicestershire_good():
    found = what_if(profile("Leicestershire"), "Good")
    sure = found.frame[found.frame["under"] == ALL]
    assert sure["choose"].sum() == 4
    assert sure["after"].unique().tolist() == ["Good"]
    perhaps = found.frame[found.frame["under"] == ONE]
    assert (perhaps.groupby("way")["choose"].sum() == 1).all()
    assert perhaps["way"].nunique() == 4
    alone = perhaps[perhaps["aspects"] == "Managing magistrates' courts cases"]
    assert alone[["before", "after"]].to_numpy().tolist() == [["Poor", "Fair"]]


def tried(ratings, target, under):
    """The smallest sets of at most two changes of the fourteen aspects, by trying them all."""
    for size in (1, 2):
        found = []
        for some in combinations(ratings, size):
            better = [SCALE[SCALE.index(ratings[one]) + 1 :] for one in some]
            found += [dict(zip(some, words, strict=True)) for words in product(*better)]
        counts = np.array([OPA.counts(ratings | change) for change in found])
        outcomes = RULES.rules.outcomes(OPA.groups, counts)
        reached = (outcomes.min(axis=0) if under == ALL else outcomes.max(axis=0)) >= target
        enough = [change for change, ok in zip(found, reached, strict=True) if ok]
        if enough:
            return [
                one for one in enough
                if not any(
                    other != one and other.keys() == one.keys()
                    and all(SCALE.index(other[k]) <= SCALE.index(one[k]) for k in one)
                    for other in enough
                )
            ]  # fmt: skip
    return None


def spelt_out(ratings, rows):
    """The sets of changes that the ways of a what-if stand for."""
    ids, found = {label: key for key, label in OPA.labels.items()}, []
    for _, moves in rows.groupby("way"):
        sets = [{}]
        for move in moves.itertuples():
            names = [ids[one] for one in move.aspects.split("; ")]
            assert all(ratings[one] == move.before for one in names)
            sets = [
                one | dict.fromkeys(some, move.after)
                for one in sets
                for some in combinations([n for n in names if n not in one], move.choose)
            ]
        found += sets
    return found


@given(
    st.lists(st.sampled_from(("Good", "Good", "Excellent", "Fair")), min_size=14, max_size=14),
    st.sampled_from(("Good", "Excellent")),
)
def test_the_sets_of_the_fourteen_aspects_are_those_that_trying_everything_finds(chosen, target):
    ratings = dict(zip(OPA.labels, chosen, strict=True))
    said = what_if(ratings, target, RULES)
    for under, rows in said.frame.groupby("under"):
        sets, expected = spelt_out(ratings, rows), tried(ratings, SCALE.index(target), under)
        if expected is None:
            assert min(map(len, sets)) > 2
            continue
        assert sorted(sorted(one.items()) for one in sets) == sorted(
            sorted(one.items()) for one in expected
        )
        in_words = "one possible set" if len(sets) == 1 else f"{len(sets):,} possible sets"
        rules = under if under == ALL else "at least one consistent rule"
        assert re.search(rf"Under {rules}, {target} needs [^(]* \({in_words}\)", said.words)


def test_ways_are_told_apart_in_words():
    fair = dict.fromkeys(OPA.labels, "Fair")
    words = what_if(fair, "Excellent").words
    assert (
        "(55 possible sets): the 5 Fair critical aspects (4 to Good, 1 to Excellent) and the 9"
        in words
    )
    words = what_if(profile("Leicestershire")).words
    assert (
        "(3 possible sets): The service to victims and witnesses (Fair to Good), Managing" in words
    )
    assert words.endswith("(Poor to Fair); or 1 further set.")
    never = AssessmentRule.read("Fair needs no critical aspect Poor")
    assert _words_of(never, "Good") == "No betterment reaches Good under any consistent rule."


def _words_of(rule, target):
    """The words about a rule that no data stand behind."""
    alone = RuleSet.of([rule])
    asked = dataclasses.replace(RULES, family=alone, rules=alone)
    return what_if(dict.fromkeys(OPA.labels, "Fair"), target, asked).words


def test_fewer_aspects_never_do_under_all_rules():
    ratings = OPA.checked(profile("Leicestershire"))
    for three in combinations(ratings, 3):
        assert not _reaches(ratings | dict.fromkeys(three, "Excellent"), "Good", ALL)


def test_what_the_answer_hangs_on_is_asked_choice_by_choice():
    whole = profile("Leicestershire")
    found = sensitivity(whole)
    assert (found.groupby("question")["n_rules"].sum() == len(RULES)).all()
    most = found.set_index("choice")
    weak = [one for one in most.index if one.endswith("non-critical aspects below Good")]
    assert most.loc[weak, "all_rules"].tolist() == [3, 2, 2]
    assert found["all_rules"].max() == 4
    assert (found["at_least_one"] <= found["all_rules"]).all()
    assert found["caveat"].str.contains(RECONSTRUCTION).all()
    one = AssessmentRule.read("Fair needs all critical aspects Fair or better")
    alone = consistent_rules(rules=[one])
    assert sensitivity(whole, rules=alone).empty


# Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [overall, what_if, assessed])
def test_unknown_and_missing_aspects_and_ratings_are_named(call):
    whole = profile("Leicestershire").to_dict()
    with pytest.raises(UnknownValueError, match='rating "Great" is not known'):
        call(whole | {"Leadership": "Great"})
    with pytest.raises(UnknownValueError, match=r'"Leadershop" is not known. Did you mean "Lead'):
        call(whole | {"Leadershop": "Good"})
    del whole["Disclosure"]
    with pytest.raises(FrameworkError, match="1 of the 14 aspects has no rating: Disclosure"):
        call(whole)
    with pytest.raises(FrameworkError, match="Leadership is there twice"):
        call(whole | {"opa_2005_leadership": "Good"})
    rows = hd.ratings("Leicestershire", framework="opa_2005")
    with pytest.raises(FrameworkError, match="there twice"):
        call(pd.concat([rows, rows]))


@pytest.mark.parametrize(
    "given",
    [None, 3, "Leicestershire", "ab", ["Good"] * 14, object(), pd.DataFrame({"a": [1]})],
)
@pytest.mark.parametrize("call", [overall, what_if, assessed, sensitivity])
def test_what_is_no_profile_is_refused_in_words(call, given):
    with pytest.raises(HmcpsiError, match=r"is no profile\. Give a rating|lacks the column"):
        call(given)


@pytest.mark.parametrize(
    "word", ["good", " Good", "Outstanding", "Achieved", 3, True, ["Good"] * 2, ""]
)
def test_a_rating_of_another_scale_is_named(word):
    with pytest.raises(UnknownValueError, match=r"rating .* is not known"):
        overall(profile("Leicestershire").to_dict() | {"Disclosure": word})


def test_labels_are_known_as_people_type_them():
    whole = profile("Leicestershire").to_dict()
    word = whole.pop("Managing magistrates' courts cases")
    typed = whole | {"managing  Magistrates\u2019 courts cases ": word}
    assert overall(typed).words == overall(profile("Leicestershire")).words
    pairs = [*whole.items(), ("Disclosure", "Poor")]
    with pytest.raises(FrameworkError, match="Disclosure is there twice"):
        overall(pairs)
    own = profile("Leicestershire")
    with pytest.raises(FrameworkError, match="Disclosure is there twice"):
        overall(pd.concat([own, own[["Disclosure"]]]))


def test_rows_of_ratings_are_of_one_inspection_and_of_this_framework():
    rows = hd.load("ratings")
    own = rows[rows["inspection_id"] == "leicestershire_opa_2005"]
    assert overall(own).words == overall(profile("Leicestershire")).words
    with pytest.raises(FrameworkError, match="aap_2016, and the rules are of opa_2005") as caught:
        overall(hd.ratings("East Midlands", framework="aap_2016"))
    assert set(caught.value.frameworks) == {"opa_2005", "aap_2016"}
    with pytest.raises(FrameworkError, match="ratings of 2 inspections"):
        overall(hd.ratings(["Essex", "Sussex"], framework="opa_2005"))


def test_what_are_no_rules_is_refused_in_words():
    text = "Fair needs no critical aspect Poor"
    for wrong in (text, 5, [text], [None]):
        with pytest.raises(RuleError, match=r"is no rule\. Make it with AssessmentRule.read"):
            consistent_rules(rules=wrong)
    with pytest.raises(RuleError, match="There is no rule"):
        consistent_rules(rules=[])
    other = AssessmentRule.read("High needs all aspects High", ("Low", "High"))
    with pytest.raises(RuleError, match="A rule is for the words Low, High"):
        consistent_rules(rules=[other])
    for wrong in ("x", [AssessmentRule.read(text)]):
        with pytest.raises(RuleError, match="is no set of consistent rules"):
            overall(profile("Suffolk"), wrong)
    with pytest.raises(UnknownValueError, match='set_id "None"'):
        consistent_rules(None)
    for wrong in (None, ["Good"], 3):
        with pytest.raises(UnknownValueError, match="target"):
            what_if(profile("Suffolk"), wrong)


def test_a_missing_rating_is_never_poor():
    whole = profile("Leicestershire")
    whole["Disclosure"] = pd.NA
    with pytest.raises(FrameworkError, match="1 of the 14 aspects has no rating: Disclosure"):
        overall(whole)


def test_other_sets_and_areas_are_refused_in_words():
    with pytest.raises(UnknownValueError, match="opa_2006"):
        consistent_rules("opa_2006")
    with pytest.raises(FrameworkError, match="critical"):
        consistent_rules("opa_2007")
    with pytest.raises(FrameworkError, match="Known in full: Leicestershire, Suffolk"):
        profile("Essex")
    with pytest.raises(UnknownValueError, match="Atlantis"):
        profile("Atlantis")
    with pytest.raises(UnknownValueError, match="target"):
        what_if(profile("Suffolk"), "Great")
    with pytest.raises(UnknownValueError, match="target"):
        overall(profile("Suffolk"), target="Great")
    with pytest.raises(UnknownValueError, match="disclosures"):
        profile("Suffolk", disclosures="Good")


# Sections of Area Assurance -------------------------------------------------------------------


def test_no_plain_majority_fits_wessex():
    found = sections().frame.set_index(["area", "section"])
    one = found.loc["Wessex", "Continuously improving"]
    assert one["criteria"] == "Good, Excellent, Good"
    assert (one["majority"], one["rating"]) == ("Good", "Excellent")
    assert 0 < found.loc["Wessex"]["left"].iat[-1] < sections().of


def test_east_midlands_shows_that_the_printed_criteria_were_hardly_all():
    found = sections()
    east = found.frame[found.frame["area"] == "East Midlands"].set_index("section")
    assert east.loc["Public confidence", "agree"] == 0
    assert len(found.rules["East Midlands"]) == len(found.together) == 0
    assert "no rule of the family gives its rating to Public confidence" in found.words
    assert "only if the printed criteria were all" in found.caveat


def test_the_plain_majority_is_no_average():
    found = sections().frame
    assert found["majority"].isin([*SCALE, pd.NA]).all()
    assert found.loc[found["criteria"] == "Poor, Fair, Good", "majority"].isna().all()


# Rules that name aspects ----------------------------------------------------------------------

NAMING = """
Excellent needs all critical aspects Good or better
Good needs at least 4 critical aspects Good or better and no of [Leadership; Disclosure] below Good
Fair needs all critical aspects Fair or better
at most Fair with any of [Managing magistrates' courts cases] Poor
"""


def test_rules_that_name_aspects_are_held_against_the_areas_and_proved_as_well():
    rule = AssessmentRule.read(NAMING)
    found = consistent_rules(rules=[rule])
    assert len(found) == 1
    assert found.framework.sizes == (4, 1, 7, 1, 1)
    assert len(found.framework.lattice) == 35 * 4 * 120 * 4 * 4
    falls = found.framework.lattice.falls(
        lambda counts: found.rules.outcomes(found.framework.groups, counts)
    )
    assert len(falls) == 0
    said = what_if(profile("Leicestershire"), "Good", found).frame
    assert set(said["aspects"]) == {"Managing magistrates' courts cases"}
    reasons = overall(profile("Leicestershire"), found).reasons
    assert reasons["aspects"].tolist() == ["Managing magistrates' courts cases"]


@given(profiles)
def test_rules_that_name_aspects_say_the_same_fast_and_plain(ratings):
    rule = AssessmentRule.read(NAMING)
    framework = OPA.naming([rule])
    labels = {OPA.labels[key]: word for key, word in ratings.items()}
    critical = [OPA.labels[key] for key in OPA.critical]
    fast = RuleSet.of([rule]).outcomes(framework.groups, framework.counts(ratings)[None])[0, 0]
    assert SCALE[fast] == rule.rate(labels, critical)


def test_a_rule_that_names_no_aspect_of_the_set_or_too_many_is_refused():
    with pytest.raises(UnknownValueError, match=r'"Leadershop" is not known. Did you mean "Lead'):
        consistent_rules(rules=[AssessmentRule.read("Fair needs no of [Leadershop] Poor")])
    lines = [f"at most Fair with any of [{one}] Poor" for one in OPA.labels.values()]
    with pytest.raises(RuleError, match="Name fewer aspects"):
        consistent_rules(rules=[AssessmentRule.read("\n".join(lines))])
