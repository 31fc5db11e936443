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


@pytest.mark.parametrize("other", ["HMICFRS", "Ofsted", "HM Inspectorate of Probation"])
def test_a_page_of_the_cps_may_name_other_inspectorates(other):
    document = hd.read_document(
        f"CPS Northmarch Area Assurance Inspection (invented)\n\n5 May 2017\n\n{other} was "
        f"thanked.\n\nLetters followed {other}.\n\nPublic confidence was rated as 'Good'.\n"
    )
    assert document.is_inspection
    assert document.claims["value"].dropna().tolist() == ["Good"]


@pytest.mark.parametrize(
    "title",
    ["HMICFRS and HMCPSI: a joint inspection of CPS Northmarch",
     "Joint inspection by HMICFRS and HM Crown Prosecution Service Inspectorate: CPS Northmarch"],
)  # fmt: skip
def test_a_joint_inspection_of_the_cps_is_ours(title):
    document = hd.read_document(
        f"{title} (invented)\n\n5 May 2017\n\nPublic confidence was rated as 'Good'.\n"
    )
    assert (document.is_inspection, document.area) == (True, "CPS Northmarch")


@pytest.mark.parametrize("line", ["Fieldwork 6 November 2017", "Fieldwork\n6 November 2017"])
def test_a_day_of_fieldwork_is_no_day_of_publication(line):
    document = hd.read_document(f"Area Assurance Inspection: CPS Northmarch (invented)\n{line}\n")
    assert document.published in {None, "2017"}
    assert document.published_basis in {None, "inferred"}


@pytest.mark.parametrize(
    "title",
    ["HMCPSI: inspection of the Public Prosecution Service for Northern Ireland",
     "HM Crown Prosecution Service Inspectorate: follow-up inspection of the PPS"],
)  # fmt: skip
def test_other_prosecutors_are_not_the_cps(title):
    document = hd.read_document(f"{title} (invented)\n\n5 May 2017\n\nLeadership | Good\n")
    assert not document.is_inspection


@pytest.mark.parametrize(
    "title", ["Ofsted inspects a school near CPS Northmarch", "HMICFRS: an inspection of police"]
)
def test_a_page_of_another_inspectorate_gives_no_claim(title):
    document = hd.read_document(
        f"{title} (invented)\n\n5 May 2017\n\nBehaviour | Good\nTeaching | Poor\nThe CPS came.\n"
    )
    assert not document.is_inspection
    assert len(document.claims) == 1
    with pytest.raises(hd.HmcpsiError, match="Nothing here looks like an inspection of the CPS"):
        document.rows()
