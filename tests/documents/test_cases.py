"""Texts that an earlier reader misread, in public forms; all of them are invented."""

import re

import pytest

import hmcpsi_data as hd

pytestmark = pytest.mark.shared
# What is certain in each text (label or unit with its value), and what is in doubt.
RIGHT = {
    "r01": ({}, {"overall": "Good"}),
    "r02": ({}, {}),
    "r03": ({}, {}),
    "r05": ({"criteria": "4"}, {"high quality casework": "Good", "continuously improving": "Good",
                                "success of CPS people": "Good", "public confidence": "Good"}),
    "r08": ({"Leadership": "Good", "Disclosure": "Fair"}, {}),
    "r11": ({}, {"offices": "2"}),
    "r12": ({}, {}),
    "r13": ({}, {"Case preparation and progression": "Fair", "public confidence": "Poor",
                 "communicating with victims": "Poor"}),
    "r14": ({"overall": "Good", "Custody time limits": "Excellent"}, {}),
    "r15": ({"GBP": "430", "full-time equivalents": "237", "GBP million": "2.5"}, {}),
}  # fmt: skip
FRONTS = {
    "r03": ("area_inspection", "aip_2021", "2022-02-17"),
    "r04": ("area_assurance", "aap_pilot_2016", "2016-08-17"),
    "r08": ("opa", "opa_2005", None),
    "r09": ("opa", None, None),
    "r10": ("area_assurance", "aap_2016", "2016-12"),
    "r11": ("area_assurance", "aap_2016", None),
    "r12": ("area_assurance", "aap_2016", None),
    "r16": ("area_inspection", "aip_2025", None),
    "r17": ("response", None, "2025-07-24"),
}


@pytest.fixture(scope="module")
def cases(shared):
    text = (shared / "cases" / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"\*\*(r\d+)\.\*\* .*?\n```text\n(.*?)```", text, re.DOTALL)
    files = {file.stem: file for file in (shared / "cases").glob("g*.txt")}
    return {name: hd.read_document(source) for name, source in (dict(found) | files).items()}


def said(frame):
    return dict(frame[["what", "value"]].astype(object).where(frame.notna(), None).values.tolist())


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_certain_and_what_is_in_doubt(case, cases):
    claims = cases[case].claims.query("table != 'document'")
    found = said(claims[claims["certain"]]), said(claims[~claims["certain"]])
    assert found == RIGHT[case]


def test_what_a_document_is_and_what_is_not_clear_is_asked_for_with_what_is_likeliest(cases):
    for case, front in FRONTS.items():
        document = cases[case]
        assert (document.kind, document.framework_id, document.published) == front
    asked = said(cases["r09"].problems)
    assert asked == {"framework": "opa_2007", "published": None}
    for case in ("r08", "r12"):
        assert said(cases[case].problems) == {"published": None}
    assert cases["r17"].area is None


@pytest.mark.parametrize(
    ("case", "table", "columns", "rows"),
    [
        ("r06", "actions", ["number"], [[1], [2]]),
        ("r06", "responses", ["text"], [["A team has been set up."], ["Lawyers are trained."]]),
        ("r07", "actions", ["locator"], [["L5;L7-L8"]]),
        ("r07", "responses", ["locator"], [["L10"]]),
        ("r15", "measures", ["value", "unit"],
         [[36_612_835, "GBP"], [237, "full-time equivalents"], [430, "GBP"], [2.5, "GBP million"]]),
        ("g01_single_quotes", "ratings", ["rating"], [["Good"], ["Fair"], ["Poor"]]),
        ("g01_single_quotes_sections", "ratings", ["rating"],
         [["Good"], ["Excellent"], ["Fair"], ["Good"]]),
        ("g05_key_areas", "measures", ["value", "unit", "locator"], [[14, "Areas", "L6"]]),
    ],
)  # fmt: skip
def test_the_rows_that_are_certain(case, table, columns, rows, cases):
    assert getattr(cases[case], table)[columns].values.tolist() == rows


def test_the_pilot_is_further_evidence_and_two_sentences_of_prose_rate(cases):
    rows = cases["r04"].rows()
    assert (len(rows["inspections"]), len(rows["ratings"])) == (0, 7)
    assert set(rows["ratings"]["rating_id"]) <= set(hd.load("ratings")["rating_id"])
    claims = cases["g07_prose_ratings"].claims.query("table == 'ratings'")
    found = claims[["locator", "what", "value"]].values.tolist()
    assert found == [[line, "management of resources", "Excellent"] for line in ("L3", "L5")]
