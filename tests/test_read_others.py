"""What is said of another Area, another year, or of no Area is no rating; all of it is invented."""

import pytest

import hmcpsi_data as hd

OPA = "Invented notice\n\nOverall Performance Assessment of CPS Dorset\n\n18 April 2007\n\n"
TABLE = "Aspect\tAssessment\nLeadership\tGood\nDisclosure\tFair\n"


def found(document):
    return [tuple(row) for row in document.ratings[["label", "rating"]].values.tolist()]


@pytest.mark.parametrize(
    "sentence",
    [
        "CPS Devon and Cornwall was rated Good overall.",
        "Neighbouring CPS Wiltshire was assessed as Poor for disclosure.",
        "Leadership was rated Good in CPS Gloucestershire.",
        "An Area is rated Poor overall where two aspects are rated Poor.",
        "Nationally, Leadership was rated as 'Fair' in most Areas.",
        "Four Areas were rated Good for leadership.",
        "Leadership should be rated Good.",
        "The draft report rated Leadership as 'Good'.",
        "The Area rated itself Good for disclosure.",
        "Leadership and Disclosure were rated Good or better.",
        "Disclosure was rated Good by the courts.",
        "Leadership was rated Good in 2005 and is now Fair.",
        "Leadership was rated Good for its first half year.",
        "Disclosure was rated as 'Fair' in the first quarter.",
        "The Area was rated Good.",
        "CPS Dorset was assessed as Poor.",
        "The Area was rated Good during the first six months.",
        "CPS Dorset rated Good for leadership and Poor for disclosure",
    ],
)
def test_a_sentence_that_rates_another_thing_is_a_problem_and_no_rating(sentence):
    document = hd.read_document(OPA + sentence)
    assert document.ratings.empty
    assert set(document.problems["locator"]) == {"L7"}


def test_a_sentence_that_names_its_own_area_is_read():
    document = hd.read_document(
        f"{OPA}CPS Dorset was rated Good overall. The Leadership aspect was rated 'Fair'."
    )
    assert found(document) == [("overall", "Good"), ("Leadership", "Fair")]
    assert document.problems.empty


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("CPS Wiltshire", "ratings below the name of another Area"),
        ("Annex B: the OPA of 2005", "ratings below the year of an earlier inspection"),
        ("Self-assessment by managers", "ratings that are not the inspectors' own and final ones"),
    ],
)
def test_a_heading_can_say_that_a_table_is_of_something_else(heading, reason):
    other = "Managing resources\tPoor\nDelivering change\tPoor\n"
    for between in (f"{heading}\nAspect\tAssessment\n", f"{heading}\n"):
        document = hd.read_document(f"{OPA}{TABLE}\n{between}{other}")
        assert found(document) == [("Leadership", "Good"), ("Disclosure", "Fair")]
        assert reason in set(document.problems["reason"])
    alone = hd.read_document(f"{OPA}{heading}\n\n{TABLE}")
    assert alone.ratings.empty
    assert alone.problems["reason"].tolist() == [reason]


@pytest.mark.parametrize("heading", ["Assessment of performance in 2005-06", "CPS Dorset"])
def test_a_heading_of_this_inspection_stands_in_no_way(heading):
    document = hd.read_document(f"{OPA}{heading}\n\n{TABLE}")
    assert found(document) == [("Leadership", "Good"), ("Disclosure", "Fair")]
    assert document.problems.empty


@pytest.mark.parametrize(
    ("title", "framework"),
    [
        ("Area effectiveness inspection of CPS Cumbria\n\n10 June 2009", "aei_2008"),
        (
            "Area Inspection Programme baseline report: CPS Mersey Cheshire\n\n9 June 2022",
            "aip_2021",
        ),
    ],
)
def test_a_report_that_looks_back_on_another_inspection_is_none_of_that_kind(title, framework):
    past = "It was rated Good in the OPA of 2005, and again by Area Assurance in 2016."
    document = hd.read_document(f"Invented\n\n{title}\n\n{past}\n")
    assert (document.kind, document.framework_id) == ("unknown", framework)
    assert document.ratings.empty


def test_a_table_of_several_areas_names_no_area_of_the_document():
    document = hd.read_document(
        "Invented review of custody time limits\n\nAugust 2010\n\n"
        "Area\tRating\nCPS Kent\tGood\nCPS Essex\tFair\nCPS Surrey\tPoor\n"
    )
    assert document.area is None
    assert document.ratings.empty
    assert document.problems["locator"].tolist() == ["L6-L8"]


def test_a_raised_number_after_a_word_is_a_footnote():
    document = hd.read_document(
        "<html><body><p>Invented</p><h1>Overall Performance Assessment of CPS Kent</h1>"
        "<p>14 March 2006</p><table><tr><th>Aspect</th><th>Assessment</th></tr>"
        "<tr><td>Leadership</td><td>Good<sup>1</sup></td></tr>"
        "<tr><td>Disclosure<sup>2</sup></td><td>Fair</td></tr></table></body></html>"
    )
    assert found(document) == [("Leadership", "Good"), ("Disclosure", "Fair")]
    assert document.problems.empty


def test_a_number_that_ran_into_the_word_is_a_footnote_too():
    document = hd.read_document(f"{OPA}Aspect\tAssessment\nLeadership\tGood1\nDisclosure\tFair\n")
    assert found(document) == [("Leadership", "Good"), ("Disclosure", "Fair")]


def test_a_rating_in_brackets_at_the_end_of_a_point():
    document = hd.read_document(f"{OPA}- Leadership (Good)\n- Disclosure (Fair)\n")
    assert found(document) == [("Leadership", "Good"), ("Disclosure", "Fair")]


def test_the_date_of_a_list_above_a_table_is_no_year_of_old():
    document = hd.read_document(f"{OPA}OPA of CPS Dorset, 2006-03-14\n\n{TABLE}")
    assert found(document) == [("Leadership", "Good"), ("Disclosure", "Fair")]
