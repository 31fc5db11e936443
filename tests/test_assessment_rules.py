"""The rule language, and that no rule ever punishes a better rating: proved, not sampled."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmcpsi_data.assessment import AssessmentRule, Clause, RuleError
from hmcpsi_data.assessment_clause import SCALE
from hmcpsi_data.assessment_counts import Lattice, completions, compositions
from hmcpsi_data.assessment_family import CRITICAL_FAMILY, SECTION_FAMILY, family
from hmcpsi_data.assessment_rules import Step
from hmcpsi_data.assessment_ruleset import Groups, RuleSet
from hmcpsi_data.errors import UnknownValueError

OPA = Groups.critical_and_other(5, 9)
LABELS = [f"critical {n}" for n in range(5)] + [f"other {n}" for n in range(9)]
CRITICAL = LABELS[:5]
RULE = """
Excellent needs at least 1 critical aspect Excellent and no critical aspect below Good
Good needs at least 4 critical aspects Good or better
Fair needs at least 3 critical aspects Fair or better
from Good to Excellent with at least 2 aspects Excellent and no aspect below Good
from Fair to Good with at least half of the non-critical aspects Excellent
at most Fair with more than 2 non-critical aspects below Good
at most Good with any non-critical aspect Poor
at most Poor with most aspects Fair or worse
""".strip()

scopes = st.sampled_from(["critical", "other", "all"])
numbers = st.one_of(st.integers(0, 9), st.sampled_from(["half", "most", "all", "all but 1"]))
upward = st.one_of(
    st.builds(Clause, st.just("at least"), numbers.filter(lambda n: n != 0), scopes,
              st.sampled_from(SCALE), st.just("or better")),
    st.builds(Clause, st.just("at most"), st.integers(0, 9), scopes,
              st.sampled_from(SCALE[1:]), st.just("below")),
)  # fmt: skip
downward = st.builds(Clause, st.just("at least"), numbers.filter(lambda n: n != 0), scopes,
                     st.sampled_from(SCALE[1:]), st.just("below"))  # fmt: skip


def clauses(kind):
    return st.lists(kind, min_size=1, max_size=2).map(tuple)


@st.composite
def rules(draw):
    """Any rule that the language can say, monotone by construction."""
    steps = [Step("need", level, draw(clauses(upward))) for level in SCALE[:0:-1]]
    for level in draw(st.lists(st.sampled_from(SCALE[1:]), max_size=2)):
        steps.append(Step("lift", level, draw(clauses(upward))))
    for level in draw(st.lists(st.sampled_from(SCALE[1:]), max_size=2)):
        steps.append(Step("limit", level, draw(clauses(downward))))
    return AssessmentRule(tuple(steps))


profiles = st.lists(st.sampled_from(SCALE), min_size=14, max_size=14)


def counts_of(words):
    parts = [words[:5], words[5:]]
    return np.array([[[part.count(word) for word in SCALE] for part in parts]])


# The language ---------------------------------------------------------------------------------


def test_a_rule_says_itself_and_is_read_back():
    rule = AssessmentRule.read(RULE)
    assert rule.text() == RULE
    assert AssessmentRule.read(str(rule)) == rule


@pytest.mark.parametrize("name", ["critical", "section"])
def test_every_choice_of_a_family_is_read_back_from_its_words(name):
    noun = {"critical": ("aspect", "aspects"), "section": ("criterion", "criteria")}[name]
    declared = {"critical": CRITICAL_FAMILY, "section": SECTION_FAMILY}[name]
    texts = [text for _, choices in declared.values() for text in choices if text]
    assert len(texts) == len(set(texts)) > 15
    for text in texts:
        rule = AssessmentRule.read(text)
        assert AssessmentRule.read(rule.text(noun)) == rule


@given(rules())
def test_whatever_the_language_can_say_is_read_back(rule):
    assert AssessmentRule.read(rule.text()) == rule


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Good needs at most 2 critical aspects Good or better", "not monotone"),
        ("Good needs at least 2 critical aspects Good", "not monotone"),
        ("Good needs at least 2 critical aspects below Good", "not monotone"),
        ("from Fair to Good with any critical aspect Poor", "not monotone"),
        ("at most Fair with at least 2 critical aspects Excellent", "not monotone"),
        ("at most Fair with no critical aspect Poor", "not monotone"),
        ("Poor needs at least 1 critical aspect Fair or better", "worst word"),
        ("from Poor to Good with all critical aspects Excellent", "more than one word"),
        ("Good needs luck", "no clause of a rule"),
        ("Good needs fewer than 0 aspects below Good", "no number of aspects"),
        ("", "is no rule"),
        (None, "is no rule"),
        ("Good shall be Good", "no line of a rule"),
        ("Good needs all aspects Good or better\n" * 2, "two lines of needs"),
    ],
)
def test_what_is_no_monotone_rule_is_refused_in_words(text, words):
    with pytest.raises(RuleError, match=words) as caught:
        AssessmentRule.read(text)
    assert str(caught.value).endswith((".", ")."))


@pytest.mark.parametrize(
    "text",
    ["Great needs all aspects Good or better", "Good needs all aspects Great or better",
     "Good needs all crucial aspects Good or better"],
)  # fmt: skip
def test_an_unknown_word_is_named(text):
    with pytest.raises(UnknownValueError, match=r"(Great|crucial).* is not known"):
        AssessmentRule.read(text)


def test_a_rule_can_name_aspects_and_says_when_they_are_not_there():
    rule = AssessmentRule.read("Fair needs no of [Leadership; Disclosure] Poor")
    assert rule.rate({"Leadership": "Fair", "Disclosure": "Good"}) == "Fair"
    assert rule.rate({"Leadership": "Fair", "Disclosure": "Poor"}) == "Poor"
    with pytest.raises(UnknownValueError, match="Disclosure"):
        rule.rate({"Leadership": "Fair"})
    with pytest.raises(RuleError, match="does not tell apart"):
        RuleSet.of([rule]).outcomes(OPA, counts_of(["Good"] * 14))


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("line", ["Good needs {} Good or better", "at most Fair with {} Poor"])
def test_a_number_of_aspects_is_said_as_it_is_meant(line, number):
    clause = Clause("at least", number, "all", "Poor" if "Poor" in line else "Good",
                    "" if "Poor" in line else "or better")  # fmt: skip
    kind = "limit" if "Poor" in line else "need"
    text = Step(kind, "Fair" if kind == "limit" else "Good", (clause,)).text()
    assert AssessmentRule.read(text).steps[0].clauses == (clause,)
    assert ("1 aspects" in text) is False
    assert ("0 aspect " in text) is False


@pytest.mark.parametrize(
    ("compare", "number"),
    [("at least", -1), ("at most", "half"), ("at least", "few"), ("about", 1)],
)
def test_a_clause_that_counts_nothing_is_refused(compare, number):
    with pytest.raises(RuleError, match="no number of aspects"):
        Clause(compare, number, "all", "Good", "or better")


def test_a_step_of_no_known_kind_or_word_is_refused():
    clause = Clause.read("all aspects Good or better")
    with pytest.raises(RuleError, match='"cap" is no kind of step'):
        AssessmentRule((Step("cap", "Good", (clause,)),))
    with pytest.raises(UnknownValueError, match='"Great" is not known'):
        AssessmentRule((Step("need", "Great", (clause,)),))


def test_a_single_rule_takes_a_profile_as_it_is_given_and_no_other_words():
    rule = AssessmentRule.read(RULE)
    words = dict.fromkeys(LABELS, "Good")
    assert rule.rate(pd.Series(words), CRITICAL) == rule.rate(words, CRITICAL) == "Good"
    for word in ("Great", None, 3):
        with pytest.raises(UnknownValueError, match=r"rating .* is not known"):
            rule.rate(words | {LABELS[0]: word}, CRITICAL)
    with pytest.raises(UnknownValueError, match='critical aspect "x" is not known'):
        rule.rate(words, [*CRITICAL, "x"])
    assert rule.rate(words, LABELS[0]) == rule.rate(words, [LABELS[0]])
    for nothing in (None, {}, "Good"):
        with pytest.raises(RuleError, match="holds no rating"):
            rule.rate(nothing)


@pytest.mark.parametrize(
    ("number", "needs"),
    [("half", [1, 1, 2, 2, 3]), ("most", [1, 2, 2, 3, 3]), ("all", [1, 2, 3, 4, 5]),
     ("all but 1", [1, 1, 2, 3, 4]), (2, [2, 2, 2, 2, 2])],
)  # fmt: skip
def test_numbers_that_follow_from_how_many_there_are(number, needs):
    clause = Clause("at least", number, "all", "Good", "or better")
    assert [clause.need(n) for n in range(1, 6)] == needs


# All profiles ---------------------------------------------------------------------------------


def test_the_lattice_holds_every_profile_once():
    lattice = Lattice([5, 9], 4)
    assert len(lattice) == len(lattice.counts) == 56 * 220
    assert (lattice.counts.sum(axis=2) == [5, 9]).all()
    assert len(np.unique(lattice.counts.reshape(len(lattice), -1), axis=0)) == len(lattice)
    assert (lattice.index(lattice.counts) == np.arange(len(lattice))).all()


def test_the_steps_of_the_lattice_are_all_single_betterments():
    lattice = Lattice([2, 1], 3)
    below, above = lattice.steps()
    found = set(zip(below.tolist(), above.tolist(), strict=True))
    expected = set()
    for at, one in enumerate(lattice.counts):
        for group in range(2):
            for word in range(2):
                if one[group, word]:
                    other = one.copy()
                    other[group, word] -= 1
                    other[group, word + 1] += 1
                    expected.add((at, int(lattice.index(other[None])[0])))
    assert found == expected


def test_completions_are_all_that_agree_with_what_is_known():
    known = [np.array([1, 0]), np.array([0, 0])]
    found = {tuple(one.ravel().tolist()) for one in completions(known, [1, 2])}
    assert found == {(a, b, c, d) for a, b in [(2, 0), (1, 1)] for c, d in [(2, 0), (1, 1), (0, 2)]}
    assert compositions(0, 3).tolist() == [[0, 0, 0]]


def test_every_rule_of_the_family_is_monotone_over_all_profiles():
    members, lattice = family(), Lattice([5, 9], 4)
    assert len(members) > 5000
    for start in range(0, len(members), 1000):
        some = members.only(np.arange(start, min(start + 1000, len(members))))
        assert len(lattice.falls(lambda counts, some=some: some.outcomes(OPA, counts))) == 0


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_every_rule_for_sections_is_monotone_whatever_the_number_of_criteria(size):
    members, groups = family("section", (1, 2, 3, 4)), Groups.alike(size)
    lattice = Lattice([size], 4)
    assert len(lattice.falls(lambda counts: members.outcomes(groups, counts))) == 0


@given(rules())
def test_whatever_the_language_can_say_is_monotone(rule):
    members, lattice = RuleSet.of([rule]), Lattice([5, 9], 4)
    assert len(lattice.falls(lambda counts: members.outcomes(OPA, counts))) == 0


def test_the_proof_finds_a_rule_that_is_not_monotone():
    def exactly_two_good(counts):
        return counts[:, 0, 2] == 2

    found = Lattice([5, 9], 4).falls(exactly_two_good)
    assert len(found) > 0
    worse, better = found[0]
    assert exactly_two_good(worse[None])
    assert not exactly_two_good(better[None])


def test_no_two_rules_of_the_family_agree_on_every_profile():
    members = family()
    lattice = Lattice([5, 9], 4)
    kinds, back = members.kinds(OPA, lattice.counts)
    assert len(np.unique(kinds, axis=0)) == len(members)
    assert set(back) == set(range(kinds.shape[1]))
    everything = np.prod([len(choices) for _, choices in CRITICAL_FAMILY.values()])
    assert len(members) < everything  # some choices make others idle


def test_every_rule_gives_each_word_to_some_profile():
    kinds, _ = family().kinds(OPA, Lattice([5, 9], 4).counts)
    for level in range(4):
        assert (kinds == level).any(axis=1).all()


# Fast and plain agree -------------------------------------------------------------------------


@given(rules(), profiles)
def test_many_rules_at_once_say_what_one_rule_says(rule, words):
    (fast,) = RuleSet.of([rule]).outcomes(OPA, counts_of(words))[0]
    assert SCALE[fast] == rule.rate(dict(zip(LABELS, words, strict=True)), CRITICAL)


@given(st.integers(0, len(family()) - 1), profiles)
def test_the_family_says_what_its_rules_say(number, words):
    members = family()
    (fast,) = members.only(np.array([number])).outcomes(OPA, counts_of(words))[0]
    rule = members.rule(number)
    assert SCALE[fast] == rule.rate(dict(zip(LABELS, words, strict=True)), CRITICAL)


@given(st.lists(rules(), min_size=1, max_size=4))
def test_a_set_of_hand_written_rules_keeps_them(written):
    members = RuleSet.of(written)
    lattice = Lattice([5, 9], 4)
    for number, rule in enumerate(written):
        alone = RuleSet.of([rule]).outcomes(OPA, lattice.counts[::97])
        both = members.outcomes(OPA, lattice.counts[::97])[number]
        assert (alone[0] == both).all()
