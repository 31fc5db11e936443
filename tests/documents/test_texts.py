"""Invented texts in the forms of each framework, read as their gold list has them.

Half of the texts were written before the reader, half after it; each says which.
"""

from collections import Counter

import pytest
from gold import score, texts

import hmcpsi_data as hd

TEXTS = texts()


@pytest.mark.parametrize("gold", TEXTS, ids=lambda gold: gold.name)
def test_nothing_is_invented_and_nothing_lost_in_silence(gold):
    document = hd.read_document(gold.text, gold.name)
    made = score(gold, document)
    assert made.invented == []
    assert made.silent == []
    assert made.missed == []


@pytest.mark.parametrize("gold", TEXTS, ids=lambda gold: gold.name)
def test_area_framework_and_date(gold):
    document = hd.read_document(gold.text, gold.name)
    assert (document.area, document.framework_id, document.published) == gold.front


def test_the_texts_are_many_and_half_of_them_came_before_the_reader():
    when = Counter(gold.when for gold in TEXTS)
    assert when.total() >= 44
    assert when["before"] >= 20
    assert when["after"] >= 20
    assert all("invented" in gold.text.casefold() for gold in TEXTS)


def read(name):
    return hd.read_document(next(gold.text for gold in TEXTS if gold.name == name))


def test_the_column_of_another_area_proposes_no_row():
    doubts = read("scope_columns").problems.query("table == 'ratings'")
    assert doubts["value"].dropna().tolist() == ["Good", "Fair"]
    assert len(doubts) == 4


def test_a_list_of_the_scale_is_no_doubt():
    assert read("proposals").problems.query("locator in ['L5', 'L6', 'L7', 'L8']").empty


def test_a_direction_of_travel_is_a_question_with_its_word():
    asked = read("travel").problems.set_index("what")
    assert asked.loc["direction of travel", ["value", "locator"]].tolist() == ["Improved", "L5"]


@pytest.mark.parametrize("name", ["shopping", "schools", "joint"])
def test_what_is_no_inspection_of_the_cps_gives_one_sentence(name):
    (row,) = read(name).claims.itertuples()
    assert not row.certain
    assert "nothing here looks like an inspection of the CPS" in row.why


LEADS = [
    "In 2003:",
    "Results of the 2003 inspection were these:",
    "Results of CPS Southmarch",
    "In CPS Southmarch the results were:",
    "Elsewhere, at Southmarch:",
    "Possible results (an example):",
    "These were the scores in 2003.",
    "CPS Southmarch was inspected as well.",
    *("Kent Police", "Draft ratings", "Earlier ratings", "What a rating looks like", "In Essex:"),
    *("Self-assessment", "The national picture"),
]
BODIES = [
    "Disclosure: Poor\nLeadership: Good\nCustody time limits: Fair",
    "Aspect\tRating\nDisclosure\tPoor\nLeadership\tGood",
    "\n| Aspect | Rating |\n| --- | --- |\n| Disclosure | Poor |\n| Leadership | Good |",
    "- Disclosure - 'Poor';\n- Leadership - 'Good'; and\n- Custody time limits - 'Fair'.",
    "Disclosure\nPoor\nLeadership\nGood\nCustody time limits\nFair",
    "Aspect Rating\nDisclosure........Poor\nLeadership........Good",
    "Critical aspects\nDisclosure: Poor\nOther defining aspects\nLeadership: Good",
    "Disclosure was rated as Poor. Inspectors rated leadership as Good.",
    "- Poor for disclosure\n- Good for leadership",
]
NOTICE = "Overall Performance Assessment of CPS Northmarch (invented)\n14 March 2006\n\n{}\n{}"


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("body", BODIES)
def test_what_stands_below_another_year_area_or_example_is_doubtful(lead, body):
    document = hd.read_document(NOTICE.format(lead, body))
    assert document.ratings.empty
    doubts = document.problems.query("table == 'ratings'")
    assert set(doubts["value"].dropna()) >= {"Poor", "Good"}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("lead", ["The ratings:", "Results of CPS Northmarch", "In 2006:"])
def test_what_stands_below_its_own_name_or_year_is_certain(lead, body):
    ratings = hd.read_document(NOTICE.format(lead, body)).ratings
    assert set(ratings["rating"]) >= {"Poor", "Good"}


@pytest.mark.parametrize(
    "words",
    [
        "Disclosure would have been rated Good.",
        "Inspectors in Southmarch rated disclosure as Good.",
        "According to the Area, disclosure was rated as Good.",
        '"Disclosure was rated as Good", the staff said.',
        "Disclosure was rated Good by staff.",
        "Disclosure was rated as Good, which the inspectorate has since withdrawn.",
        "Disclosure was rated as Good. This was later found to be wrong.",
        "Was disclosure rated as Good?",
        "Disclosure: Good (2003)",
        "Disclosure - Good or better",
        "Leadership was rated Good if one asks the police.",
        "They rated disclosure as Good.",
        "Disclosure was rated as Good in 2003.",
        "Overall the Area was rated as Good by The Northmarch Gazette.",
        "Leadership and the police were rated as Good.",
        "Aspect\tNorthmarch\tSouthmarch\nDisclosure\tGood\tPoor",
        "Aspect\tCPS Southmarch\t\n\t2003\t2006\nDisclosure\tGood\tPoor",
        "Aspect\tTarget\nDisclosure\tGood",
        "Aspect\tRating\nSouthmarch disclosure\tPoor",
        "Our ambitions\n\nDisclosure: Good\nLeadership: Fair",
        "Ratings given by the public\nDisclosure: Good\nLeadership: Fair",
        "Disclosure\tGood\nLeadership\tFair\n\nThese ratings are provisional.",
    ],
)
def test_what_says_more_than_a_label_and_a_rating_is_doubtful_and_proposed(words):
    document = hd.read_document(NOTICE.format("", words))
    assert document.ratings.empty
    assert document.problems["table"].eq("ratings").any()


SECTIONS = "Area Assurance Inspection: CPS Northmarch (invented)\n22 March 2017\n\n{}"
SAID = "Public confidence was rated as Poor"
DOUBTFUL = [
    f'"{SAID}," said the union.',
    f'The union said: "We are worried. {SAID}. That is bad."',
    f"The mayor says:\n\n{SAID}.",
    f"> {SAID}.",
    f"Extract\n\n{SAID}.",
    f"{SAID} in most Areas.",
    f"{SAID} by its own staff.",
    f"{SAID} until 2012.",
    f"{SAID}. This was changed to Good.",
    f"{SAID}. The score was wrong.",
    f"Last time inspectors were strict. {SAID}.",
    f"This is what the draft said.\n\n{SAID}.",
    "Newspapers: public confidence rated Poor",
    "The Area assessed public confidence as Poor.",
    "Public confidence should be rated as Poor.",
    "Public confidence in Southmarch was rated as Poor.",
    "If staff had not left, public confidence would not have been rated as Poor.",
    "All four sections were rated as 'poor' in the last report.",
    "Section | Public confidence\nRating | Poor",
    "Public confidence | High quality casework\nPoor | Poor",
    "Section | Draft rating | Final rating\nPublic confidence | Good | Poor",
    "Section | Rating | Target\nPublic confidence | Fair | Poor",
    "Section | Rating (provisional)\nPublic confidence | Poor",
    "Section\t2017\t2020 (target)\nPublic confidence\tGood\tPoor",
    "\tCPS Northmarch\tCPS Southmarch\nSection\t2017\t2017\nPublic confidence\tFair\tPoor",
    "Ratings of our neighbours\n\nPublic confidence: Poor",
    "The police rated us.\nSection | Rating\nPublic confidence | Poor",
    "Section | Rating\nPublic confidence | Poor\n\n* These ratings are provisional.",
]


@pytest.mark.parametrize("body", DOUBTFUL)
def test_what_says_any_more_than_what_was_rated_is_doubtful(body):
    document = hd.read_document(SECTIONS.format(body))
    assert document.ratings.empty
    assert "Poor" in set(document.problems.query("table == 'ratings'")["value"])


@pytest.mark.parametrize(
    ("body", "rating"),
    [
        ("The Area was rated as 'fair' overall.", "Fair"),
        ("The Area scored a 'Good' rating for public confidence.", "Good"),
        ("Inspectors rated public confidence as Good.", "Good"),
        ("Public confidence was rated as Good; high quality casework as Good.", "Good"),
        ("The sections were assessed as follows: Public confidence - 'Good'.", "Good"),
        ("Rating | Section\nGood | Public confidence", "Good"),
    ],
)
def test_plain_sentences_and_rows_are_certain(body, rating):
    assert set(hd.read_document(SECTIONS.format(body)).ratings["rating"]) == {rating}


@pytest.mark.parametrize(
    "body",
    [
        "We recommend that the Area writes to victims.",
        "Inspectors recommended that the Area writes to victims.",
        "Recommendations for CPS Southmarch\n\n1. Keep logs.",
        "Recommendations of the 2012 report\n\n1. Keep logs.",
        "Recommendations\n\nSouthmarch:\n\n1. Keep logs.",
        "Issues raised by staff\n\n1. The canteen should open.",
        "Recommendations\n\n7. Keep logs.",
    ],
)
def test_what_may_be_an_action_of_others_is_doubtful(body):
    document = hd.read_document(SECTIONS.format(body))
    assert document.actions.empty
    assert len(document.problems.query("table == 'actions'")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Recommendation 1: Keep logs - Achieved",
        "1. Keep logs - Achieved",
        "Recommendation 1: Keep logs.\nThe Area says: Achieved.",
        "No.\tRecommendation\tSelf-assessment\n1\tKeep logs\tAchieved",
        "Progress in other Areas\n\nNo.\tRecommendation\tProgress\n1\tKeep logs\tAchieved",
    ],
)
def test_progress_is_certain_only_in_a_row_or_on_a_line_of_its_own(body):
    document = hd.read_document(f"Follow-up inspection of CPS Northmarch\n\nJuly 2010\n\n{body}")
    assert document.actions.empty
    assert "Achieved" in set(document.problems.query("table == 'actions'")["value"])
