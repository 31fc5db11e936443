"""What consistent rules say: the family, the known Areas, data that narrow, reasons, ways."""

import re
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from editing import Copy
from hypothesis import given
from hypothesis import strategies as st
from invented import FEW

from hmcpsi_data.assessment import consistent_rules, overall, profile, sensitivity, what_if
from hmcpsi_data.assessment.rules import FAMILY, SCALE, Lattice, Rules, family
from hmcpsi_data.errors import DataError, FrameworkError, HmcpsiError, UnknownValueError
from hmcpsi_data.tables.record import Record

RULES = consistent_rules()
LABELS = dict(RULES.aspects.labels)
IDS = {label: key for key, label in LABELS.items()}
CRITICAL = [key for key in LABELS if key in RULES.aspects.critical]
RECONSTRUCTION = "not the inspectorate's rule"
CALLS = [overall, what_if, sensitivity]
ALL, ONE = "all consistent rules", "at least one consistent rule"

words = st.sampled_from(SCALE)
profiles = st.fixed_dictionaries(dict.fromkeys(LABELS, words))


def holds(clause, of):
    meant = {"critical": of[0], "other": of[1], "all": of[0] + of[1]}[clause.scope]
    place = SCALE.index(clause.level)
    n = sum((SCALE.index(word) < place) == clause.below for word in meant)
    return n >= (len(meant) if clause.n is None else clause.n)


def plainly(rules, number, of):
    """The word that one rule gives, the slow and plain way."""
    steps = [line[at] for line, at in zip(FAMILY.values(), rules.choice[number], strict=True)]
    hit = [one for one in steps if one and all(holds(clause, of) for clause in one.clauses)]
    needs, result = {one.level for one in hit if one.kind == "need"}, 0
    while result < 3 and SCALE[result + 1] in needs:
        result += 1
    lifts = sorted(SCALE.index(one.level) for one in hit if one.kind == "lift")
    for place in lifts:
        result += result == place - 1
    return min([result, *(SCALE.index(one.level) for one in hit if one.kind == "limit")])


def groups_of(given_ratings):
    critical = [word for key, word in given_ratings.items() if key in CRITICAL]
    return critical, [word for key, word in given_ratings.items() if key not in CRITICAL]


def counts_of(*several):
    counted = [[list(map(of.count, SCALE)) for of in groups_of(one)] for one in several]
    return np.array(counted, dtype=np.int16)


def test_the_family_is_whole_no_two_rules_agree_on_all_and_none_punishes_a_better_rating():
    """Proved, not sampled: over all profiles, along every single step up."""
    members, lattice = family((5, 9)), Lattice((5, 9))
    assert len(members) == 8456 == len(RULES.family)
    assert len(members) < np.prod([len(line) for line in FAMILY.values()])
    kinds, back = members.kinds(lattice.counts)
    assert len(np.unique(kinds, axis=0)) == len(members)
    assert set(back) == set(range(kinds.shape[1]))
    for group, word in product(range(2), range(3)):
        below = np.flatnonzero(lattice.counts[:, group, word])
        better = lattice.counts[below].copy()
        better[:, group, word] -= 1
        better[:, group, word + 1] += 1
        pairs = np.unique(np.stack([back[below], back[lattice.index(better)]]), axis=1)
        assert (kinds[:, pairs[1]] >= kinds[:, pairs[0]]).all()


@given(st.integers(0, 8455), profiles)
def test_many_rules_at_once_say_what_one_rule_says(number, given_ratings):
    kinds, _ = Rules(RULES.family.choice[[number]]).kinds(counts_of(given_ratings))
    assert kinds[0, 0] == plainly(RULES.family, number, groups_of(given_ratings))


def test_how_many_rules_agree_and_the_known_areas_get_their_words():
    assert len(RULES) == 2952
    frame = RULES.frame
    assert [*frame["what"]] == ["Leicestershire", "Suffolk", "Essex", "Sussex", "West Midlands"]
    assert frame["agree"].tolist()[:2] == [6696, 3752]
    assert frame["left"].is_monotonic_decreasing
    assert frame["left"].iat[-1] == len(RULES)
    assert frame["source"].str.len().gt(0).all()
    assert (RULES.tally().max(axis=0) == len(RULES)).all()
    n_words = (RULES.tally() > 0).sum(axis=1)
    assert np.bincount(n_words).tolist() == [0, 3205, 5219, 3616, 280]
    assert overall(profile("Leicestershire")).possible == ("Fair",)
    assert overall(profile("Suffolk")).possible == ("Excellent",)
    for area in RULES.areas:
        outcomes = RULES.outcomes(area.completions(RULES.aspects))
        assert (outcomes == SCALE.index(area.overall)).any(axis=1).all(), area.area


def test_every_result_says_that_it_is_a_reconstruction_and_is_the_callers_own():
    assert RULES.caveat == (
        "Our reconstruction: consistent with the known Areas (Leicestershire and Suffolk; in part "
        "Essex, Sussex and West Midlands); not the inspectorate's rule."
    )
    assert "not a probability" in RULES.words
    changed = profile("Leicestershire", disclosure="Excellent")
    said = overall(changed)
    for result in (RULES, said, what_if(changed), sensitivity(changed)):
        assert RECONSTRUCTION in repr(result)
        assert RECONSTRUCTION.replace("'", "&#x27;") in result._repr_html_()
    for frame in (RULES.frame, said.frame, what_if(changed).frame, said.aspects, said.reasons):
        assert frame["caveat"].str.contains(RECONSTRUCTION).all()
    frame = consistent_rules().frame
    frame.loc[0, "rating"] = changed[:] = "Poor"
    assert consistent_rules().frame.loc[0, "rating"] == "Fair"
    assert profile("Leicestershire").nunique() == 4


def invented(tmp_path, word, given_ratings, count=None):
    """A copy of the data with one more Area: Inventshire, which nobody ever inspected."""
    copy, inspection = Copy(tmp_path), {"inspection_id": "inventshire_opa_2005"}

    def like(table, /, **cells):
        copy.add(table, **(copy.records(table)[0][1] | cells))

    like("areas", area_id="inventshire_1999", name="Inventshire")
    like("inspections", area_id="inventshire_1999", **inspection)
    for n, (aspect_id, rating) in enumerate({"opa_2005_overall": word, **given_ratings}.items()):
        cells = {"rating_id": f"x_{n}", "rating": rating, "rating_as_printed": rating}
        like("ratings", aspect_id=aspect_id, **inspection, **cells)
    if count:
        cells = dict(zip(("scope", "rating", "relation", "n"), count, strict=True))
        like("profile_counts", profile_count_id="x", **inspection, **cells)
    return Record(copy.folder)


def by_aspect(labelled):
    return {IDS[label]: word for label, word in labelled.items()}


def test_an_area_added_to_the_data_narrows_the_rules_without_code_to_none_if_need_be(tmp_path):
    good = profile("Leicestershire", managing_magistrates_courts_cases="Fair")
    assert overall(good).possible == ("Fair", "Good")
    record = invented(tmp_path / "some", "Good", by_aspect(good))
    found = consistent_rules(record)
    assert 0 < len(found) < len(RULES)
    assert "Inventshire" in found.caveat
    assert overall(good, record=record).possible == ("Good",)
    assert overall(profile("Inventshire", record=record), found).possible == ("Good",)
    assert len(consistent_rules()) == len(RULES)
    given_ratings = by_aspect(profile("Leicestershire"))
    found = consistent_rules(invented(tmp_path / "none", "Excellent", given_ratings))
    assert len(found) == 0
    assert found.words.startswith("None of the 8,456 rules")
    assert "no rule is consistent" in found.caveat
    for call in CALLS:
        result = call(given_ratings, rules=found)
        assert result.words == found.words
        assert result.frame.empty


def test_an_area_known_in_part_narrows_where_it_can_and_an_unread_count_is_told(tmp_path):
    # Poor with all critical aspects Good: only many Poor ones can have done that.
    good, four = dict.fromkeys(CRITICAL, "Good"), ("all", "Poor", "exactly", "4")
    found = consistent_rules(invented(tmp_path / "read", "Poor", good, four))
    assert 0 < len(found) < len(RULES)
    assert (found.rules.choice[:, -1] == 1).all()
    for count in ("all Great exactly 4", "some Poor exactly 4", "all Poor about 4"):
        scope, word, relation, _ = told = count.split()
        with pytest.raises(DataError, match=f"{relation} 4 {word} .{scope}. cannot be read"):
            consistent_rules(invented(tmp_path / count, "Poor", good, told))


def test_a_contradicted_or_disputed_rating_counts_as_not_known(tmp_path):
    copy, rating = Copy(tmp_path / "data"), "leicestershire_opa_2005_{}".format
    copy.put("ratings", copy.line("ratings", rating_id=rating("leadership")), basis="contradicted")
    other = {"rating_id": rating("disclosure"), "says": "otherwise"}
    copy.add("rating_sources", **copy.records("rating_sources")[0][1] | other)
    record = Record(copy.folder)
    known = profile("Leicestershire", in_part=True, record=record)
    assert set(known[known.isna()].index) == {"Leadership", "Disclosure"}
    with pytest.raises(FrameworkError, match="Known in full: Suffolk"):
        profile("Leicestershire", record=record)
    assert len(consistent_rules(record)) >= len(RULES)


@FEW
@given(profiles, words, st.sampled_from([*combinations(LABELS, 1), *combinations(LABELS, 2)]))
def test_reasons_are_complete_and_what_is_not_known_is_every_word(given_ratings, target, some):
    said, place = overall(given_ratings, RULES, target), SCALE.index(target)
    assert set(said.reasons["rating"]) == {*said.frame["rating"]} - {SCALE[-1]}
    numbers = said.frame.set_index("rating")["n_rules"]
    for rating, rows in said.reasons.groupby("rating"):
        assert rows["n_rules"].max() <= numbers[rating] <= rows["n_rules"].sum()
    for reason in said.reasons.head(1).itertuples():  # bettering its aspects takes it away
        named = dict.fromkeys((IDS[label] for label in reason.aspects.split("; ")), "Excellent")
        rows = overall(given_ratings | named, RULES).reasons
        assert not (rows["rating"].eq(reason.rating) & rows["line"].eq(reason.line)).any()
    n_short = int(said.frame.loc[said.frame["rating"].map(SCALE.index) < place, "n_rules"].sum())
    assert said.aspects["holds_rules"].max() <= n_short
    assert (said.aspects["holds_rules"].max() > 0) == (n_short > 0)
    # what one aspect does alone
    bettered = given_ratings | {some[0]: "Excellent"}
    before, after = RULES.outcomes(counts_of(given_ratings, bettered)).T
    alone = said.aspects.set_index("aspect_id").loc[some[0], "alone_rules"]
    assert alone == ((after >= place) & (before < place)).sum()
    # every completion counts
    left = {key: word for key, word in given_ratings.items() if key not in some}
    said = overall(left, RULES, in_part=True)
    more = [dict(zip(some, each, strict=True)) for each in product(SCALE, repeat=len(some))]
    filled = [given_ratings | one for one in more]
    outcomes = RULES.outcomes(counts_of(*filled))
    expected = {word: int((outcomes == n).any(axis=1).sum()) for n, word in enumerate(SCALE)}
    found = said.frame.set_index("rating")["n_rules"].to_dict()
    assert found == {word: n for word, n in expected.items() if n}
    assert said.aspects["holds_rules"].isna().all()
    assert said.reasons.empty
    assert f"Of the 14 aspects {len(some)} are not known" in said.words


def test_what_made_leicestershire_fair_would_have_made_it_good_and_what_it_depends_on():
    said = overall(profile("Leicestershire"))
    assert said.reasons["n_rules"].tolist() == [1340, 952, 804, 804, 536]
    first, held = said.reasons.iloc[0], said.aspects.set_index("label")["holds"]
    assert first["line"] == "at most Fair with at least 1 non-critical aspect below Fair"
    assert first["aspects"] == "Managing magistrates' courts cases"
    assert held["Managing magistrates' courts cases"] == "nearly all rules"
    assert held["The service to victims and witnesses"] == "some rules"
    assert held["Leadership"] == "no rule"
    assert said.words.startswith("The overall rating could be Fair under all rules. Rules stop at")
    assert "2,952" in said._repr_html_()
    said = sensitivity(profile("Leicestershire"))
    assert said.words.startswith("On 5 of 9 questions the choice makes a difference")
    found = said.frame
    assert (found.groupby("question")["n_rules"].sum() == len(RULES)).all()
    assert found["all_rules"].max() == 4
    assert (found["at_least_one"] <= found["all_rules"]).all()
    frame = what_if(profile("Leicestershire"), "Good").frame
    sure, perhaps = (frame[frame["under"].eq(under)] for under in (ALL, ONE))
    assert sure["choose"].sum() == 4
    assert sure["after"].unique().tolist() == ["Good"]
    assert (perhaps.groupby("way")["choose"].sum() == 1).all()
    alone = perhaps[perhaps["aspects"].eq("Managing magistrates' courts cases")]
    assert alone[["before", "after"]].to_numpy().tolist() == [["Poor", "Fair"]]
    known, threes = by_aspect(profile("Leicestershire")), combinations(LABELS, 3)
    better = counts_of(*(known | dict.fromkeys(three, "Excellent") for three in threes))
    assert (RULES.outcomes(better) < 2).any(axis=0).all()


def test_areas_are_filled_up_or_refused_in_words_and_labels_known_as_people_type_them():
    essex = profile("Essex", in_part=True)
    known = {"Managing resources": "Poor", "Securing community confidence": "Poor"}
    assert essex.dropna().to_dict() == known
    assert overall(essex, in_part=True).possible == ("Poor", "Fair", "Good")
    rest = {key.removeprefix("opa_2005_"): "Good" for key in LABELS if LABELS[key] not in known}
    assert profile("Essex", **rest).notna().all()
    for call in CALLS:
        with pytest.raises(FrameworkError, match="Without a rating are 12 of 14 aspects"):
            call(essex)
    with pytest.raises(FrameworkError, match="1 of 14 aspects: Disclosure"):
        profile("Suffolk", disclosure=None)
    assert profile("Suffolk", in_part=True, disclosure=None).isna().sum() == 1
    whole = profile("Leicestershire").to_dict()
    word = whole.pop("Managing magistrates' courts cases")
    typed = whole | {"managing  Magistrates\u2019 courts cases ": word}
    assert overall(typed).words == overall(profile("Leicestershire")).words
    for area, changes, says in (
        ("Essex", {}, "Known in full: Leicestershire and Suffolk"),
        ("Gwent", {}, "None of the 14 aspects of Gwent are known"),
        ("Atlantis", {}, "Atlantis"),
        ("Suffolk", {"disclosures": "Good"}, "disclosures"),
    ):
        with pytest.raises(HmcpsiError, match=says):
            profile(area, **changes)


def tried(given_ratings, target, under):
    """The smallest sets of at most two changes, by trying them all."""
    for size in (1, 2):
        found = []
        for some in combinations(given_ratings, size):
            better = [SCALE[SCALE.index(given_ratings[one]) + 1 :] for one in some]
            found += [dict(zip(some, words, strict=True)) for words in product(*better)]
        if not found:
            return None
        outcomes = RULES.outcomes(counts_of(*(given_ratings | change for change in found)))
        worst = outcomes.min(axis=0) if under == ALL else outcomes.max(axis=0)
        enough = [one for one, at in zip(found, worst, strict=True) if at >= SCALE.index(target)]
        if enough:
            return [one for one in enough if not any(less(other, one) for other in enough)]
    return None


def less(other, one):
    """Whether another set changes the same aspects and takes none further."""
    same = other != one and other.keys() == one.keys()
    return same and all(SCALE.index(other[key]) <= SCALE.index(one[key]) for key in one)


def spelt_out(given_ratings, rows):
    """The sets of changes that the ways of a what-if stand for."""
    found = []
    for _, moves in rows.groupby("way"):
        sets = [{}]
        for move in moves.itertuples():
            names = [IDS[one] for one in move.aspects.split("; ")]
            assert all(given_ratings[one] == move.before for one in names)
            sets = [
                one | dict.fromkeys(some, move.after)
                for one in sets
                for some in combinations([n for n in names if n not in one], move.choose)
            ]
        found += sets
    return found


@FEW
@given(
    st.lists(st.sampled_from(("Good", "Good", "Excellent", "Fair")), min_size=14, max_size=14),
    st.sampled_from(("Good", "Excellent")),
)
def test_the_ways_are_those_that_trying_everything_finds(chosen, target):
    given_ratings = dict(zip(LABELS, chosen, strict=True))
    said = what_if(given_ratings, target, RULES)
    for under, rows in said.frame.groupby("under"):
        sets, expected = spelt_out(given_ratings, rows), tried(given_ratings, target, under)
        if expected is None:
            assert min(map(len, sets)) > 2
            continue
        both = (sorted(sorted(one.items()) for one in several) for several in (sets, expected))
        assert len({*map(str, both)}) == 1
        n = rows["choose"][rows["way"] == 1].sum()
        assert re.search(rf"Under {under}, {target} needs {n} aspects? to be better: ", said.words)


@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_profile_no_target_or_no_rules_is_named(call):
    whole = profile("Leicestershire").to_dict()
    for word in ("Great", "good", " Good", 3, True, ["Good"] * 2, ""):
        with pytest.raises(UnknownValueError, match=r"rating .* is not known"):
            call(whole | {"Leadership": word})
    with pytest.raises(UnknownValueError, match=r'"Leadershop" is not known. Did you mean "Lead'):
        call(whole | {"Leadershop": "Good"})
    with pytest.raises(FrameworkError, match="1 of 14 aspects: Disclosure"):
        call(whole | {"Disclosure": pd.NA})  # never Poor
    with pytest.raises(FrameworkError, match="Leadership is there twice"):
        call(whole | {"opa_2005_leadership": "Good"})
    for wrong in (3, "Leicestershire", ["Good"] * 14):
        with pytest.raises(FrameworkError, match="is no profile"):
            call(wrong)
        with pytest.raises(HmcpsiError, match="is no set of consistent rules"):
            call(whole, rules=wrong)
        with pytest.raises(UnknownValueError, match="target"):
            call(whole, target=wrong)
