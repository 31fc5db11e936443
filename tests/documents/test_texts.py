"""Invented texts in the forms of each framework, read as their gold list has them."""

from collections import Counter
from itertools import product

import pytest
from gold import score, texts

import hmcpsi_data as hd

TEXTS = {gold.name: gold for gold in texts()}


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_is_invented_and_nothing_lost_in_silence(name):
    gold = TEXTS[name]
    document = hd.read_document(gold.text, name)
    made = score(gold, document)
    assert (made.invented, made.silent, made.missed) == ([], [], [])
    assert (document.area, document.framework_id, document.published) == gold.front


def test_the_texts_are_many_and_half_of_them_came_before_the_reader():
    when = Counter(gold.when for gold in TEXTS.values())
    assert when.total() >= 44
    assert min(when["before"], when["after"]) >= 20
    assert all("invented" in gold.text.casefold() for gold in TEXTS.values())


def test_what_is_of_another_area_a_list_of_the_scale_or_no_inspection_of_the_cps():
    doubts = hd.read_document(TEXTS["scope_columns"].text).problems.query("table == 'ratings'")
    assert doubts["value"].dropna().tolist() == ["Good", "Fair"]
    assert len(doubts) == 4
    listed = hd.read_document(TEXTS["proposals"].text).problems
    assert listed.query("locator in ['L5', 'L6', 'L7', 'L8']").empty
    for name in ("shopping", "schools", "joint"):
        (row,) = hd.read_document(TEXTS[name].text).problems.itertuples()
        assert "nothing here looks like an inspection of the CPS" in row.why


NOTICE = "Overall Performance Assessment of CPS Northmarch (invented)\n14 March 2006\n\n{}"
SECTIONS = "Area Assurance Inspection: CPS Northmarch (invented)\n22 March 2017\n\n{}"
ANSWER = "CPS response to the HMCPSI Area Assurance inspection of CPS Northmarch (invented)\n\n{}"
FOLLOW_UP = "Follow-up inspection of CPS Northmarch (invented)\n\nJuly 2010\n\n{}"


def claims(front, body, table):
    """The claims of one table, and those of them that are certain."""
    found = hd.read_document(front.format(body)).claims
    found = found[found["table"].eq(table)]
    return found, found[found["certain"]]


BODIES = [
    "Disclosure: Poor\nLeadership: Good\nCustody time limits: Fair",
    "Aspect\tRating\nDisclosure\tPoor\nLeadership\tGood",
    "\n| Aspect | Rating |\n| --- | --- |\n| Disclosure | Poor |\n| Leadership | Good |",
    "- Disclosure - 'Poor';\n- Leadership - 'Good'; and\n- Custody time limits - 'Fair'.",
    "Aspect Rating\nDisclosure........Poor\nLeadership........Good",
    "Critical aspects\nDisclosure: Poor\nOther defining aspects\nLeadership: Good",
    "Disclosure was rated as Poor. Inspectors rated leadership as Good.",
]
# Sentences and headings beside ratings that say whose or of when they are, or nothing known.
BESIDE = [
    *("In 2003:", "Results of CPS Southmarch", "Elsewhere, at Southmarch:", "Kent Police"),
    *("Possible results (an example):", "Draft ratings", "Self-assessment", "Mr Smith wrote:"),
    *("The panel of users voted.", "Source: staff survey", "The Area makes this claim."),
    *("These are the ratings of a neighbouring force", "No ratings were given yet."),
    *("Our solicitors see it like this.", "These ratings are provisional.", "What we hope for"),
]


# each form beside two of the words, each of the words beside one of the forms
@pytest.mark.parametrize(
    ("body", "beside"), [(BODIES[at % len(BODIES)], beside) for at, beside in enumerate(BESIDE)]
)
def test_ratings_beside_words_that_are_not_known_are_doubtful(body, beside):
    for gap in ("\n", "\n\n"):
        found, certain = claims(NOTICE, f"{beside}{gap}{body}", "ratings")
        assert certain.empty
        assert set(found["value"].dropna()) >= {"Poor", "Good"}


def test_ratings_before_such_words_are_doubtful_too():
    for body, behind in product(BODIES[:2], [*BESIDE[-8:], "(Self-assessed)", "all as in 2001"]):
        assert claims(NOTICE, f"{body}\n\n{behind}", "ratings")[1].empty, behind


@pytest.mark.parametrize("body", BODIES)
def test_what_stands_below_its_own_name_or_year_is_certain(body):
    for lead in ("The ratings:", "Results of CPS Northmarch", "In 2006:"):
        certain = claims(NOTICE, f"{lead}\n{body}", "ratings")[1]
        assert set(certain["value"]) >= {"Poor", "Good"}


PLAIN = [
    ("The Area was rated as 'good' overall.", "ratings", {"Good"}),
    ("Inspectors rated public confidence as Good.", "ratings", {"Good"}),
    ("Rating | Section\nGood | Public confidence", "ratings", {"Good"}),
    ("In the year ended March 2016 the Area employed 98 staff, and handled 21,004 cases.",
     "measures", {"98", "21004"}),
]  # fmt: skip


def test_plain_sentences_and_rows_are_certain():
    for body, table, values in PLAIN:
        certain = claims(SECTIONS, body, table)[1]
        assert set(certain["value"]) == values
        assert {row.get("period") for row in certain["row"]} <= {None, "2015-04/2016-03"}


SAID = "Public confidence was rated as Poor"
POOR = [
    *(f'"{SAID}," said the union.', f'The union said: "We are worried. {SAID}. That is bad."'),
    *(f"> {SAID}.", f"Extract\n\n{SAID}.", f"{SAID}. The score was wrong."),
    *(f"{SAID} in most Areas.", f"{SAID} by its own staff.", f"{SAID} until 2012."),
    *(f"{SAID}, the magistrates felt.", f"{SAID} by mistake.", f"{SAID} (see the note below)."),
    *(f"Last time inspectors were strict. {SAID}.", f"{SAID}, subject to confirmation."),
    *(f"{SAID}. This was changed to Good.", f"The mayor denies it.\n\n{SAID}."),
    *(f"We believe {SAID.lower()}.", f"It is not true that {SAID.lower()}."),
    *("Newspapers: public confidence rated Poor", "They rated public confidence as Poor."),
    *("Was public confidence rated as Poor?", "Public confidence should be rated as Poor."),
    *("Public confidence in Southmarch was rated as Poor.", "Public confidence: Poor (2003)"),
    *("Public confidence and the police were rated as Poor.", "Public confidence - Poor or better"),
    "All four sections were rated as 'poor' in the last report.",
    "Overall the Area was rated as Poor by The Northmarch Gazette.",
    "Section | Public confidence\nRating | Poor",
    "Public confidence | High quality casework\nPoor | Poor",
    "Section | Draft rating | Final rating\nPublic confidence | Good | Poor",
    "Section | Rating | Source\nPublic confidence | Poor | Police",
    "Section\t2017\t2020 (target)\nPublic confidence\tGood\tPoor",
    "\tCPS Northmarch\tCPS Southmarch\nSection\t2017\t2017\nPublic confidence\tFair\tPoor",
    "Poor\nPublic confidence\nGood\nContinuously improving",
]
GOOD = [
    "Disclosure\nPoor\nLeadership\nGood\nCustody time limits\nFair",
    *("The unit was rated as 'good' overall.", "The Area was 'Good' for public confidence."),
    "Public confidence was rated as Good; high quality casework as Good.",
    "The sections were assessed as follows: Public confidence - 'Good'.",
    *("- Poor for disclosure\n- Good for leadership", "12 'Good'\n3 'Fair'", "12\tGood\n3\tFair"),
    *("Twelve 'Good'\nThree 'Fair'", "The Area received 12 'Good', 2 'Fair' and 1 'Poor'."),
    *("Excellent (2), Good (7), Fair (4), Poor (1)", "Aspects rated Good: 12"),
    "Of the fourteen aspects seven were Good, four Fair and three Poor.",
    "Aspect\tRating\nDisclosure\tPoor (staff view)\nMedian\tGood\n\nA survey",
    "Aspect\tRating\nDisclosure\tPoor\nLeadership\tGood\nSource\tStaff survey",
]
ACTIONS = [
    *("We recommend that the Area writes to victims.", "Recommendations\n\n7. Keep logs."),
    "The recommendations were (1) keep logs, (2) read files and (3) write letters.",
    "Recommendations: 1. Keep logs. 2. Read files. 3. Write letters.",
    "Recommendations 1 and 2: Keep logs and read files.",
    "Recommendations for CPS Southmarch\n\n1. Keep logs.",
    "Recommendations of the 2012 report\n\n1. Keep logs.",
    "Recommendations (superseded)\n\n1. Keep logs.",
    "Recommendations\n\nSouthmarch:\n\n1. Keep logs.",
    "Recommendations\n\n1. Keep logs.\n\n(These were withdrawn in 2016.)",
    "The inspectorate wrote to the courts service.\n\nRecommendations\n\n1. Open at nine.",
    "No recommendations were made:\n\n1. Keep logs.",
    "Issues to address\n\n1. Keep logs.\nCPS response: First\n1. Train clerks.\n\n2. Read files.",
    "HMICFRS\nRecommendation 1: Rooms should be warm.",
    "Recommendation\tResponse\tDate\nKeep logs.\tAgreed.\tMay\nRead files.\tNo.\t",
    "The inspectors made one recommendation, that it should train staff.",
    *("Recommendation 1: Police should send files.", "Recommendation 1: Keep logs. Withdrawn."),
]
ACHIEVED = [
    *("1. Keep logs - Achieved", "The recommendation on logs was assessed as 'Achieved'."),
    "No.\tRecommendation\tSelf-assessment\n1\tKeep logs\tAchieved",
    "No.\tRecommendation\tProgress\n1\tKeep logs\tAchieved\n\nThese marks are provisional.",
    "Progress in other Areas\n\nNo.\tRecommendation\tProgress\n1\tKeep logs\tAchieved",
    "The Area has achieved two of the four recommendations.",
]
ANSWERS = [
    "Recommendation 1: Logs should be kept (paragraph 4.5).\nAccepted.",
    "Recommendations\n\n1. Keep logs.\nAccepted.\n2. Read files.\nNot accepted.",
    "Issues to address\n\n1. Keep logs.\nPolice response: Agreed.",
    "We accept recommendation 2.",
    "Recommendation\tResponse\nKeep logs.\tAgreed.\nRead files.\tNot agreed.",
    "2012 recommendations\n\n1. Keep logs.\nCPS Response: Kept.",
]
FORTY = [
    *("Kent Police employed 40 staff.", "The Area needs 40 staff.", "It had hoped for 40 staff."),
    *("The Area aims to reach 40 % of its victims.", "The Area has between 10 and 40 staff."),
    *("The Area has 10-40 staff.", "Inspectors examined not 40 files but a few."),
    *("Inspectors did not examine 40 files.", "Up to 40 cases a day are handled."),
    *("The Area has 40 fewer staff.", "Inspectors examined 40 files of the police."),
    *("The Area employed 40 staff, the union said.", "The mayor spoke. It employed 40 staff."),
    *("National figures\n\nThe Area employed 40 staff.", "> The Area employed 40 staff."),
    *("The Area employed 40 staff. This is false.", "The police saved £40."),
    *("It had 40 staff in 2003.", "It had 40 staff, against 50 nationally."),
]
# Front, table, texts, and a value that one of the doubts has.
DOUBTS = [
    *[(SECTIONS, "ratings", body, "Poor") for body in POOR],
    *[(NOTICE, "ratings", body, "Good") for body in GOOD],
    *[(SECTIONS, "actions", body, None) for body in ACTIONS],
    *[(FOLLOW_UP, "actions", body, "Achieved") for body in ACHIEVED],
    *[(ANSWER, "responses", body, None) for body in ANSWERS],
    *[(SECTIONS, "measures", body, "40") for body in FORTY],
]


@pytest.mark.parametrize(("front", "table", "body", "value"), DOUBTS)
def test_what_is_of_others_or_says_any_more_than_a_plain_form_is_doubtful(
    front, table, body, value
):
    found, certain = claims(front, body, table)
    assert certain.empty
    assert len(found)
    values = set(found["value"].dropna())
    assert value in values if value else "Achieved" not in values


@pytest.mark.parametrize("last", ["Jane Smith\nChief Crown Prosecutor", "Responses\n\nWe agree."])
def test_a_signature_or_a_heading_is_no_answer(last):
    assert claims(ANSWER, f"Issues to address\n\n1. Keep logs.\n\n{last}", "responses")[0].empty
