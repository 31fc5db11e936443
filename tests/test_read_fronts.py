"""What a document is, where that is easily mistaken; every document here is invented."""

import pytest

import hmcpsi_data as hd

TABLE = "Criteria\tScore\nEffective leadership\tGood\nReviews and decisions\tFair\n"


def read(title, *lines):
    return hd.read_document("\n\n".join([title, "Invented for a test", *lines]))


@pytest.mark.parametrize(
    ("title", "lines", "framework", "problem"),
    [
        ("Area Assurance Programme pilot: CPS South West", ["3 May 2016"], "aap_pilot_2016", None),
        ("Area Assurance inspection of CPS Cymru-Wales",
         ["3 May 2016", "This inspection was one of two pilots."], "aap_pilot_2016", None),
        ("Area Assurance inspection of CPS Wessex",
         ["6 May 2017", "The programme follows two pilots of Area Assurance."], "aap_2016", "L7"),
        ("Area Assurance inspection of CPS Wessex",
         ["6 May 2017", "The Area takes part in a pilot of body cameras."], "aap_2016", None),
        ("CPS response to the Area Inspection Programme follow-up inspection of CPS South West",
         ["January 2025"], "aip_2021_follow_up", None),
        ("CPS response on the baseline report of the Area Inspection Programme: CPS South West",
         ["August 2022", "We look forward to the follow-up inspection."], "aip_2021", None),
        ("CPS response to the Area Inspection Programme report on CPS South West",
         ["August 2022", "We look forward to the follow-up inspection."], "aip_2021", "L7"),
        ("Follow-up inspection of CPS South West", ["28 January 2025"], None, "L1"),
        ("Overall Performance Assessment of CPS Kent", ["6 May 2010"], None, "L1"),
        ("Area effectiveness inspection of CPS Surrey", ["6 March 2009"], "aei_2008", None),
    ],
)  # fmt: skip
def test_a_framework_is_taken_for_no_other_without_a_word(title, lines, framework, problem):
    document = read(title, *lines)
    assert document.framework_id == framework
    assert document.problems["locator"].tolist() == ([problem] if problem else [])


def test_a_person_who_names_the_framework_settles_the_doubt():
    document = read(
        "Area Assurance inspection of CPS South West", "3 May 2016",
        "The pilot of the Area Assurance programme has seven criteria.", TABLE,
    )  # fmt: skip
    assert len(document.problems) == 1
    assert document.rows().problems["reason"].str.startswith("a pilot is named").tolist() == [True]
    rows = document.rows(framework="aap_pilot_2016")
    assert rows.problems.empty
    assert set(rows["inspections"]["framework_id"]) <= {"aap_pilot_2016"}
    assert rows["ratings"]["rating_id"].str.contains("aap_pilot_2016").all()


@pytest.mark.parametrize(
    ("title", "printed", "area_id"),
    [
        ("Inspection of CPS London Borough of Brent", "London Borough of Brent", "brent_2009"),
        ("Inspection of the Tower Hamlets borough, CPS London", "Tower Hamlets borough",
         "tower_hamlets_2009"),
        ("CPS HACKNEY: an inspection", "CPS HACKNEY", "hackney_2009"),
        ("CPS NORTH YORKSHIRE AREA", "CPS NORTH YORKSHIRE", "north_yorkshire_1999"),
        ("Inspection of CPS London Borough of Camden", "London Borough of Camden", None),
    ],
)  # fmt: skip
def test_boroughs_and_names_in_capitals(title, printed, area_id):
    document = read(title, "3 May 2009", "The overall rating of the unit was Poor.")
    assert document.area == printed
    assert document.area_id == area_id
    assert document.problems.empty == (area_id is not None)


def test_a_borough_has_ratings_of_its_own_framework():
    document = read(
        "Inspection of CPS London Borough of Brent", "3 May 2009",
        "The borough unit was rated as Poor overall.", "Aspect\tRating\nDisclosure\tFair",
    )  # fmt: skip
    assert document.framework_id == "aei_2008_london_borough"
    assert document.ratings[["label", "rating"]].values.tolist() == [
        ["overall", "Poor"],
        ["Disclosure", "Fair"],
    ]
    assert set(document.rows()["ratings"]["inspection_id"]) == {"brent_london_borough_2009"}


def test_a_response_in_capitals_is_read():
    title = "CPS RESPONSE TO HMCPSI AREA ASSURANCE INSPECTION OF CPS WESSEX"
    document = read(title, "ISSUES TO ADDRESS", "1. LETTERS SHOULD BE SHORT", "CPS RESPONSE: YES")
    assert (document.kind, document.area_id) == ("response", "wessex_2011")
    assert document.responses["number"].tolist() == [1]
