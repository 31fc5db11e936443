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
    assert (made.invented, made.silent, made.missed) == ([], [], [])
    assert (document.area, document.framework_id, document.published) == gold.front


def test_the_texts_are_many_and_half_of_them_came_before_the_reader():
    when = Counter(gold.when for gold in TEXTS)
    assert when.total() >= 44
    assert when["before"] >= 20
    assert when["after"] >= 20
    assert all("invented" in gold.text.casefold() for gold in TEXTS)


def read(name):
    return hd.read_document(next(gold.text for gold in TEXTS if gold.name == name))


def test_the_column_of_another_area_proposes_no_row_and_a_list_of_the_scale_is_no_doubt():
    doubts = read("scope_columns").problems.query("table == 'ratings'")
    assert doubts["value"].dropna().tolist() == ["Good", "Fair"]
    assert len(doubts) == 4
    assert read("proposals").problems.query("locator in ['L5', 'L6', 'L7', 'L8']").empty


COUNTS = [
    "The Area received 12 'Good', 2 'Fair' and 1 'Poor'.",
    "12 'Good'\n3 'Fair'",
    "Twelve 'Good'\nThree 'Fair'",
    "12\tGood\n3\tFair",
    "Excellent (2), Good (7), Fair (4), Poor (1)",
    "Of the fourteen aspects seven were Good, four Fair and three Poor.",
    "Aspects rated Good: 12",
]


@pytest.mark.parametrize("name", ["shopping", "schools", "joint"])
def test_what_is_no_inspection_of_the_cps_gives_one_sentence(name):
    (row,) = read(name).claims.itertuples()
    assert not row.certain
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
    "Disclosure\nPoor\nLeadership\nGood\nCustody time limits\nFair",
    "Aspect Rating\nDisclosure........Poor\nLeadership........Good",
    "Critical aspects\nDisclosure: Poor\nOther defining aspects\nLeadership: Good",
    "Disclosure was rated as Poor. Inspectors rated leadership as Good.",
    "- Poor for disclosure\n- Good for leadership",
]
# Sentences and headings beside ratings that say whose or of when they are, or nothing known.
BESIDE = [
    *("In 2003:", "Results of CPS Southmarch", "Elsewhere, at Southmarch:", "Kent Police"),
    *("Possible results (an example):", "Draft ratings", "Self-assessment", "Mr Smith wrote:"),
    *("The panel of users voted.", "Source: staff survey", "The Area makes this claim."),
    *("These are the ratings of a neighbouring force", "No ratings were given yet."),
    *("Our solicitors see it like this.", "These ratings are provisional.", "What we hope for"),
]


# each form beside three of the words, each of the words beside one or two of the forms
PAIRS = [
    (body, BESIDE[(3 * at + n) % len(BESIDE)]) for at, body in enumerate(BODIES) for n in range(3)
]


@pytest.mark.parametrize(("body", "beside"), PAIRS)
def test_ratings_beside_words_that_are_not_known_are_doubtful(body, beside):
    for gap in ("\n", "\n\n"):
        found, certain = claims(NOTICE, f"{beside}{gap}{body}", "ratings")
        assert certain.empty
        assert set(found["value"].dropna()) >= {"Poor", "Good"}


@pytest.mark.parametrize("behind", [*BESIDE[-8:], "(Self-assessed)", "all as in 2001"])
def test_ratings_before_such_words_are_doubtful_too(behind):
    for body in BODIES[:2]:
        assert claims(NOTICE, f"{body}\n\n{behind}", "ratings")[1].empty


@pytest.mark.parametrize("body", BODIES[:-1])
def test_what_stands_below_its_own_name_or_year_is_certain(body):
    for lead in ("The ratings:", "Results of CPS Northmarch", "In 2006:"):
        certain = claims(NOTICE, f"{lead}\n{body}", "ratings")[1]
        assert set(certain["value"]) >= {"Poor", "Good"}


SAID = "Public confidence was rated as Poor"
DOUBTFUL = [
    f'"{SAID}," said the union.',
    f'The union said: "We are worried. {SAID}. That is bad."',
    *(f"> {SAID}.", f"Extract\n\n{SAID}.", f"{SAID}. The score was wrong."),
    *(f"{SAID} in most Areas.", f"{SAID} by its own staff.", f"{SAID} until 2012."),
    *(f"{SAID}, the magistrates felt.", f"{SAID} by mistake.", f"{SAID} (see the note below)."),
    *(f"Last time inspectors were strict. {SAID}.", f"{SAID}, subject to confirmation."),
    *(f"{SAID}. This was changed to Good.", f"{SAID}. The survey had 40 answers."),
    *(f"Visitors filled in a card. {SAID}.", f"The mayor denies it.\n\n{SAID}."),
    *(f"We believe {SAID.lower()}.", f"It is not true that {SAID.lower()}."),
    "Newspapers: public confidence rated Poor",
    "The Area assessed public confidence as Poor.",
    "They rated public confidence as Poor.",
    "Was public confidence rated as Poor?",
    "Public confidence should be rated as Poor.",
    "Public confidence would have been rated Poor.",
    "Public confidence in Southmarch was rated as Poor.",
    "Public confidence and the police were rated as Poor.",
    "Inspectors in Southmarch rated public confidence as Poor.",
    "If staff had not left, public confidence would not have been rated as Poor.",
    "All four sections were rated as 'poor' in the last report.",
    "Overall the Area was rated as Poor by The Northmarch Gazette.",
    "Public confidence: Poor (2003)",
    "Public confidence: Poor (self-assessed)",
    "Public confidence - Poor or better",
    "What is a good Area?\n\nPublic confidence: Poor",
    "Section | Public confidence\nRating | Poor",
    "Public confidence | High quality casework\nPoor | Poor",
    "Section | Draft rating | Final rating\nPublic confidence | Good | Poor",
    "Section | Rating | Target\nPublic confidence | Fair | Poor",
    "Section | Rating | Source\nPublic confidence | Poor | Police",
    "Section | Rating (provisional)\nPublic confidence | Poor",
    "Section | Our rating\nPublic confidence | Poor",
    "Section\t2017\t2020 (target)\nPublic confidence\tGood\tPoor",
    "\tCPS Northmarch\tCPS Southmarch\nSection\t2017\t2017\nPublic confidence\tFair\tPoor",
    "Poor\nPublic confidence\nGood\nContinuously improving",
]


WORDED = [
    "The unit was rated as 'good' overall.",
    "The Area scored a 'Good' rating for public confidence.",
    "Public confidence was rated as Good; high quality casework as Good.",
    "The sections were assessed as follows: Public confidence - 'Good'.",
]
PLAIN = {
    "The Area was rated as 'fair' overall.": "Fair",
    "Inspectors rated public confidence as Good.": "Good",
    "Rating | Section\nGood | Public confidence": "Good",
}


@pytest.mark.parametrize("body", PLAIN)
def test_plain_sentences_and_rows_are_certain(body):
    assert set(claims(SECTIONS, body, "ratings")[1]["value"]) == {PLAIN[body]}


ACTIONS = [
    "We recommend that the Area writes to victims.",
    "The recommendations were (1) keep logs, (2) read files and (3) write letters.",
    "Recommendations: 1. Keep logs. 2. Read files. 3. Write letters.",
    "Recommendations 1 and 2: Keep logs and read files.",
    "Recommendations for CPS Southmarch\n\n1. Keep logs.",
    "Recommendations of the 2012 report\n\n1. Keep logs.",
    "Recommendations made by the CPS to the police\n\n1. Files should be complete.",
    "Recommendations (superseded)\n\n1. Keep logs.",
    "Recommendations\n\nSouthmarch:\n\n1. Keep logs.",
    "Recommendations\n\n7. Keep logs.",
    "Recommendations\n\n1. Keep logs.\n\n(These were withdrawn in 2016.)",
    "The inspectorate wrote to the courts service.\n\nRecommendations\n\n1. Open at nine.",
    "No recommendations were made:\n\n1. Keep logs.",
    "Issues raised by staff\n\n1. The canteen should open.",
    "Issues to address\n\n1. Keep logs.\nCPS response: First\n1. Train clerks.\n\n2. Read files.",
    "HMICFRS\nRecommendation 1: Rooms should be warm.",
    "Recommendation 1 (for HM Courts and Tribunals Service): Rooms should be warm.",
    "Recommendation\tResponse\tDate\nKeep logs.\tAgreed.\tMay\nRead files.\tNo.\t",
    "Recommendation\t\tResponse\nKeep logs.\t\tAgreed.\nRead files.\t\t",
]
PROGRESS = [
    "1. Keep logs - Achieved",
    "Recommendation 1: Keep logs.\nThe Area says: Achieved.",
    "The recommendation to keep logs was Achieved.",
    "The recommendation on logs was assessed as 'Achieved'.",
    "No.\tRecommendation\tSelf-assessment\n1\tKeep logs\tAchieved",
    "No.\tRecommendation\tProgress\n1\tKeep logs\tAchieved\n\nThese marks are provisional.",
    "Progress in other Areas\n\nNo.\tRecommendation\tProgress\n1\tKeep logs\tAchieved",
]


ANSWERS = [
    "Recommendation 1: Logs should be kept (paragraph 4.5).\nAccepted.",
    "Recommendations\n\n1. Keep logs.\nAccepted.\n2. Read files.\nNot accepted.",
    "Issues to address\n\n1. Keep logs.\nPolice response: Agreed.",
    "Recommendation\tResponse\nKeep logs.\tAgreed.\nRead files.\tNot agreed.",
    "We accept recommendation 2.",
    "Recommendations for all Areas\n\n1. Keep logs.\nCPS Response: Kept.",
    "2012 recommendations\n\n1. Keep logs.\nCPS Response: Kept.",
]
NUMBERS = [
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
OF_OTHERS = [
    "Recommendations for all Areas\n\n1. Keep logs.\nCPS Response: Kept.",
    "The inspectors made one recommendation, that it should train staff.",
]
TOLD = ["The Area has achieved two of the four recommendations."]
# Front, table, texts, and a value that one of the doubts has.
DOUBTS = [
    (SECTIONS, "ratings", WORDED, "Good"),
    (NOTICE, "ratings", COUNTS, "Good"),
    (SECTIONS, "ratings", DOUBTFUL, "Poor"),
    (SECTIONS, "actions", [*ACTIONS, *OF_OTHERS], None),
    (SECTIONS, "actions", TOLD, "Achieved"),
    (FOLLOW_UP, "actions", PROGRESS, "Achieved"),
    (ANSWER, "responses", ANSWERS, None),
    (SECTIONS, "measures", NUMBERS, "40"),
]


@pytest.mark.parametrize(
    ("front", "table", "body", "value"),
    [(front, table, body, value) for front, table, bodies, value in DOUBTS for body in bodies],
)
def test_what_is_of_others_or_says_any_more_than_a_plain_form_is_doubtful(
    front, table, body, value
):
    found, certain = claims(front, body, table)
    assert certain.empty
    assert len(found)
    values = set(found["value"].dropna())
    assert value in values if value else "Achieved" not in values
    assert "recommendation 3" not in set(found["what"]) or body in ACTIONS


@pytest.mark.parametrize("last", ["Jane Smith\nChief Crown Prosecutor", "Responses\n\nWe agree."])
def test_a_signature_or_a_heading_is_no_answer(last):
    assert claims(ANSWER, f"Issues to address\n\n1. Keep logs.\n\n{last}", "responses")[0].empty


def test_a_number_in_a_plain_statement_of_the_area_is_certain():
    words = "In the year ended March 2016 the Area employed 98 staff, and handled 21,004 cases."
    certain = claims(SECTIONS, words, "measures")[1]
    assert certain["value"].tolist() == ["98", "21004"]
    assert {row["period"] for row in certain["row"]} == {"2015-04/2016-03"}


def test_a_month_behind_the_name_of_an_area_is_no_part_of_it():
    document = hd.read_document("Overall Performance Assessment of CPS Northmarch, March 2006\n")
    assert (document.area, document.published) == ("CPS Northmarch", "2006-03")
