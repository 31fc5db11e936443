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
        ("CPS Brent", "", BOROUGH, "stated"),  # in the record
    ],
)
def test_a_london_borough_has_its_own_set(area, rows, framework, basis):
    document = hd.read_document(f"Invented: inspection of {area}\n\n5 May 2010\n\n{rows}")
    asked = document.answers.set_index("question").loc["framework"]
    assert (document.framework_id, asked["basis"]) == (framework, basis)
    assert len(document.claims.query("table == 'ratings'")) == rows.count("\n")


ASSURANCE = "Area Assurance Inspection: CPS Northmarch\n5 May 2017\n"
RATED = "\nPublic confidence was rated as 'Good'.\n"
OPA = "Overall Performance Assessment of CPS Southmarch"


@pytest.mark.parametrize(
    ("text", "question", "value", "asked"),
    [
        (f"CPS Southmarch\nCPS Cymru-Wales\nCPS London North\n\n{ASSURANCE}{RATED}", "area", None,
         "several Areas are named"),
        ("Area Assurance Inspection: CPS Wessex and CPS Kent\n", "area", None, "several Areas are"),
        (f"HMCPSI: Area Assurance\nCPS Southmarch was not inspected\n{RATED}", "area", None,
         "no Area is named"),
        (f"{ASSURANCE[:41]}\nIt was not inspected in 2016.\n", "published", None, "no date of"),
        (f"{ASSURANCE}\nCPS response published 7 June 2017\n", "published", "2017-05-05", ""),
        (f"Response of the CPS: 7 June 2017\n{ASSURANCE}{RATED}", "published", "2017-05-05", ""),
        (f"{ASSURANCE[:41]}\nFieldwork 6 November 2017\n", "published", "2017", ""),
        (f"{ASSURANCE[:41]}\nFieldwork\n6 November 2017\n", "published", None, "no date"),
        (f"{OPA}\nMarch 2007\nAspect\tOPA 2005-06\tOPA 2006-07\nLeadership\tGood\tFair\n",
         "framework", "opa_2007", ""),
        (f"{OPA}\n\nAspect\t2005-06\t2006-07\nLeadership\tGood\tFair\n",
         "framework", None, "several come into question"),
        (f"{ASSURANCE.replace('2017', '2016')}\nA pilot of digital courts began.\n",
         "framework", None, "several come into question"),
        (f"{OPA}, March 2006\n", "published", "2006-03", ""),
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


TITLES = {
    "HMICFRS and HMCPSI: a joint inspection of CPS Northmarch": True,
    "Joint inspection by HMICFRS and HM Crown Prosecution Service Inspectorate: CPS Ayton": True,
    "CPS Northmarch Area Assurance Inspection\n\nHMICFRS was thanked": True,
    "HMCPSI: inspection of the Public Prosecution Service for Northern Ireland": False,
    "HM Crown Prosecution Service Inspectorate: follow-up inspection of the PPS": False,
    "Ofsted inspects a school near CPS Northmarch": False,
    "HMICFRS: an inspection of police": False,
    "CQC: a hospital in Northmarch": False,
    "HM Inspectorate of Probation: Northmarch": False,
    "Inspection of a hospital in Northmarch": False,
    "HMIC: the police of Northmarch, after a CPS visit": False,
}


@pytest.mark.parametrize("title", TITLES)
def test_a_joint_inspection_is_ours_and_a_page_of_another_inspectorate_gives_no_claim(title):
    rows = "Leadership | Good\nDisclosure | Poor\nThe CPS came.\n"
    document = hd.read_document(f"{title} (invented)\n\n5 May 2017\n\n{rows}")
    assert document.is_inspection == TITLES[title]
    assert document.claims["table"].eq("ratings").sum() == 2 * TITLES[title]
    if not TITLES[title]:
        with pytest.raises(hd.HmcpsiError, match="Nothing here looks like an inspection of the CP"):
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
