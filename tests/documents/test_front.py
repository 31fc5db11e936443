"""What a document is: its framework by its Area, labels and words; whose inspection it is."""

import pytest

import hmcpsi_data as hd

BOROUGH = "aei_2008_london_borough"
ROWS = "Pre-charge advice and decisions | Good\nThe prosecution of cases at court | Fair\n"
OWN = "Managing performance to improve | Poor\n"  # a label of boroughs alone


@pytest.mark.parametrize(
    ("area", "rows", "framework", "basis"),
    [
        ("the CPS in the borough of Northmarch", ROWS, BOROUGH, "stated"),
        ("the CPS in the borough of Northmarch", ROWS + OWN, BOROUGH, "stated"),
        ("CPS Northmarch", ROWS + OWN, BOROUGH, "inferred"),
        ("CPS Northmarch", ROWS, "aei_2008", "inferred"),
    ],
)
def test_a_london_borough_has_its_own_set(area, rows, framework, basis):
    document = hd.read_document(f"Invented: inspection of {area}\n\n5 May 2010\n\n{rows}")
    asked = document.answers.set_index("question").loc["framework"]
    assert (document.framework_id, asked["basis"]) == (framework, basis)
    assert len(document.claims.query("table == 'ratings'")) == rows.count("\n")


def test_an_area_that_the_record_has_as_a_borough_needs_no_such_word():
    document = hd.read_document("Invented: inspection of CPS Brent\n\n5 May 2010\n")
    assert (document.area_id, document.framework_id) == ("brent_2009", BOROUGH)


@pytest.mark.parametrize(
    "title",
    ["HMICFRS and HMCPSI: a joint inspection of CPS Northmarch (invented)",
     "Joint inspection by HMICFRS and HM Crown Prosecution Service Inspectorate: CPS Northmarch",
     "CPS Northmarch Area Assurance Inspection (invented)\n\nHMICFRS was thanked"],
)  # fmt: skip
def test_a_joint_inspection_or_one_that_names_other_inspectorates_is_ours(title):
    document = hd.read_document(
        f"{title}\n\n5 May 2017\n\nPublic confidence was rated as 'Good'.\n"
    )
    assert (document.is_inspection, document.area) == (True, "CPS Northmarch")
    assert document.claims["value"].eq("Good").any()


ASSURANCE = "Area Assurance Inspection: CPS Northmarch\n5 May 2017\n"
RATED = "\nPublic confidence was rated as 'Good'.\n"
OPA = "Overall Performance Assessment of CPS Southmarch"


@pytest.mark.parametrize(
    ("text", "question", "value", "asked"),
    [
        (f"CPS Southmarch\nCPS Cymru-Wales\nCPS London North\n\n{ASSURANCE}{RATED}", "area", None,
         "several Areas are named"),
        ("Area Assurance Inspection: CPS Wessex and CPS Kent\n5 May 2017\n", "area", None,
         "several Areas are named"),
        (f"HMCPSI: Area Assurance Inspection\n5 May 2017\n{RATED}", "area", None,
         "no Area is named"),
        (f"HMCPSI: Area Assurance\nCPS Southmarch was not inspected\n{RATED}", "area", None,
         "no Area is named"),
        ("Area Assurance Inspection: CPS Northmarch\nIt was not inspected in 2016.\n", "published",
         None, "no date of publication"),
        (f"{ASSURANCE}\nCPS response published 7 June 2017\n", "published", "2017-05-05", ""),
        (f"Response of the CPS: 7 June 2017\n{ASSURANCE}{RATED}", "published", "2017-05-05", ""),
        (f"{OPA}\nMarch 2007\nAspect\tOPA 2005-06\tOPA 2006-07\nLeadership\tGood\tFair\n",
         "framework", "opa_2007", ""),
        (f"{OPA}\n\nAspect\t2005-06\t2006-07\nLeadership\tGood\tFair\n",
         "framework", None, "several come into question"),
        (f"{ASSURANCE.replace('2017', '2016')}\nA pilot of digital courts began.\n",
         "framework", None, "several come into question"),
        (f"Pilot {ASSURANCE.replace('2017', '2016')}{RATED}", "framework", "aap_pilot_2016", ""),
    ],
)  # fmt: skip
def test_what_the_front_cannot_tell_is_asked_and_not_guessed(text, question, value, asked):
    document = hd.read_document(text)
    answer = document.answers.set_index("question").loc[question].fillna("")
    assert answer["value"] == (value or "")
    assert asked in answer["why"]
    doubts = document.problems.query("table == 'document'")["what"].tolist()
    assert (question in doubts) == bool(asked)


@pytest.mark.parametrize("line", ["Fieldwork 6 November 2017", "Fieldwork\n6 November 2017"])
def test_a_day_of_fieldwork_is_no_day_of_publication(line):
    document = hd.read_document(f"Area Assurance Inspection: CPS Northmarch (invented)\n{line}\n")
    assert document.published in {None, "2017"}
    assert document.published_basis in {None, "inferred"}


@pytest.mark.parametrize(
    "title",
    ["HMCPSI: inspection of the Public Prosecution Service for Northern Ireland",
     "HM Crown Prosecution Service Inspectorate: follow-up inspection of the PPS",
     "Ofsted inspects a school near CPS Northmarch", "HMICFRS: an inspection of police",
     "CQC: a hospital in Northmarch", "HM Inspectorate of Probation: Northmarch",
     "Inspection of a hospital in Northmarch", "HMIC: the police of Northmarch, after a CPS visit"],
)  # fmt: skip
def test_a_page_of_another_inspectorate_gives_one_sentence_and_no_claim(title):
    document = hd.read_document(
        f"{title} (invented)\n\n5 May 2017\n\nLeadership | Good\nDisclosure | Poor\nThe CPS came.\n"
    )
    assert not document.is_inspection
    assert len(document.claims) == 1
    with pytest.raises(hd.HmcpsiError, match="Nothing here looks like an inspection of the CPS"):
        document.rows()


@pytest.mark.parametrize("same", ["1. Letters must be sent.\nCPS response: They are.\n", ""])
def test_of_two_answers_with_one_number_none_is_certain(same):
    document = hd.read_document(
        "CPS response to the Area Assurance Inspection of CPS Wessex\n5 May 2017\n\n"
        f"Recommendations\n\n{same}\nIssues to address\n\n"
        "1. Files must be read in time.\nCPS response: A register is kept.\n"
    )
    assert len(document.responses) == (not same)
    assert len(document.claims.query("table == 'responses'")) == 1 + bool(same)
    assert document.rows()["responses"]["response_id"].is_unique
