"""Things that sentences rate by name are read, praise and blame are not; all of it is invented."""

import pytest

import hmcpsi_data as hd

OPA = "Invented notice\n\nOverall Performance Assessment of CPS Kent\n\n14 March 2006\n\n"
AREA = "Area Assurance inspection of CPS Wessex\n\nInvented notice\n\n6 May 2017\n\n"


def found(document):
    return [
        (label, rating)
        for label, rating in document.ratings[["label", "rating"]].itertuples(index=False)
    ]


def pairs(text):
    """What a short form "Leadership Good; Disclosure Fair" means."""
    return [tuple(part.rsplit(" ", 1)) for part in text.split("; ")] if text else []


ASPECTS = """
In relation to Leadership, Disclosure and Custody time limits the Area was rated as 'Fair'.
Leadership Fair; Disclosure Fair; Custody time limits Fair

In relation to the service to victims and witnesses it was rated as \u2018Poor\u2019.
service to victims and witnesses Poor

Leadership and Disclosure were rated as Good. Delivering change was assessed as Poor.
Leadership Good; Disclosure Good; Delivering change Poor

The Area was rated as Excellent for Leadership and Good for Disclosure and Custody time limits.
Leadership Excellent; Disclosure Good; Custody time limits Good

Three aspects were rated Good: Leadership, Disclosure and Delivering change.
Leadership Good; Disclosure Good; Delivering change Good

Leadership received a rating of 'Good' and Disclosure was given a rating of 'Fair'.
Leadership Good; Disclosure Fair

Leadership and Disclosure were rated as 'Good' and 'Fair' respectively.
Leadership Good; Disclosure Fair

The Area was assessed as follows: Leadership - Good; Disclosure - Fair.
Leadership Good; Disclosure Fair

Leadership (Good), Managing resources (Fair) and Disclosure (Poor)
Leadership Good; Managing resources Fair; Disclosure Poor

Good: Leadership, Disclosure and Delivering change
Leadership Good; Disclosure Good; Delivering change Good
"""
ASPECTS = [block.split("\n") for block in ASPECTS.strip().split("\n\n")]


@pytest.mark.parametrize(("sentence", "expected"), ASPECTS)
def test_aspects_that_sentences_rate(sentence, expected):
    document = hd.read_document(OPA + sentence)
    assert found(document) == pairs(expected)
    assert set(document.ratings["level"]) == {"aspect"}
    assert document.problems.empty


def test_aspects_in_a_list_below_the_sentence_have_both_lines():
    document = hd.read_document(
        f"{OPA}The following aspects were assessed as Fair:\n\n- Leadership\n- Disclosure;\n\n"
        "The following aspects were assessed as 'Good':\n1. Nothing that is known\n"
    )
    assert document.ratings[["label", "locator"]].values.tolist() == [
        ["Leadership", "L7;L9"],
        ["Disclosure", "L7;L10"],
    ]


SECTIONS = """
Public Confidence was rated Fair, whereas the Success of CPS People was given a rating of Good.
Public Confidence section Fair; Success of CPS People section Good

With regard to Reviews and decisions and Public Confidence the Area was rated 'Fair'.
Reviews and decisions criterion Fair; Public Confidence section Fair

In relation to Leadership and management and Public Confidence the Area was rated as 'Fair'.
Leadership and management section Fair; Public Confidence section Fair

"""
SECTIONS = [block.split("\n") for block in SECTIONS.strip().split("\n\n")]


@pytest.mark.parametrize(("sentence", "expected"), SECTIONS)
def test_sections_and_criteria_that_sentences_rate(sentence, expected):
    document = hd.read_document(AREA + sentence)
    rows = document.ratings[["label", "level", "rating"]].itertuples(index=False)
    assert "; ".join(map(" ".join, rows)) == expected
    assert document.problems.empty


def test_a_list_of_points_that_begin_with_their_rating():
    points = "- Good for the Success of CPS People\n- Poor for Public Confidence\n"
    document = hd.read_document(f"{AREA}The Area was rated:\n\n{points}")
    assert document.ratings[["label", "rating", "locator"]].values.tolist() == [
        ["Success of CPS People", "Good", "L9"],
        ["Public Confidence", "Poor", "L10"],
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Leadership is excellent, yet disclosure remains poor.",
        "The Area is good at disclosure, and its leadership is fair.",
        "Leadership was not rated as 'Good', and Disclosure would have been rated as 'Fair'.",
        "In 2001 Leadership was rated as 'Good'.",
        "Each aspect is rated as Excellent, Good, Fair or Poor.",
        "Good for leadership and disclosure",
    ],
)
def test_praise_conditions_and_other_years_are_no_ratings_and_no_problems(sentence):
    document = hd.read_document(OPA + sentence)
    assert document.ratings.empty
    assert document.problems.empty


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Inspectors rated leadership as good and disclosure as poor.", ""),
        ("Leadership was rated Excellent and Disclosure Poor.", "Leadership Excellent"),
        ("A rating of Good went to Leadership, said the report.", ""),
        ("Leadership and tea were rated as 'Good'.", ""),
        ("Leadership, Disclosure and Delivering change were rated 'Good' and 'Fair'.", ""),
    ],
)
def test_what_may_be_a_rating_and_is_not_read_is_a_problem(sentence, expected):
    document = hd.read_document(OPA + sentence)
    assert found(document) == pairs(expected)
    assert set(document.problems["locator"]) == {"L7"}


def test_a_sentence_that_says_what_the_table_says_is_no_second_row():
    document = hd.read_document(
        f"{OPA}Inspectors rated the Area good for leadership and poor for disclosure.\n\n"
        "Aspect\tAssessment\nLeadership\tGood\nDisclosure\tPoor\n"
    )
    assert document.ratings[["label", "locator"]].values.tolist() == [
        ["Leadership", "L10"],
        ["Disclosure", "L11"],
    ]
    assert document.problems.empty
