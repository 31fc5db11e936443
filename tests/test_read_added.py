"""Invented documents that go into a folder although their form is unusual."""

import pytest
from papers import column, pdf

import hmcpsi_data as hd


def test_a_report_that_came_out_after_its_area_had_ended_has_rows():
    document = hd.read_document(
        "Invented\n\nFollow-up inspection of CPS Essex\n\nPublished 3 May 2011\n\n"
        "Recommendation | Progress\n1 Keep the logs | Achieved\n"
    )
    rows = document.rows()
    assert rows["inspections"]["area_id"].eq("essex_1999").all()
    assert rows["actions"]["progress"].tolist() == ["Achieved"]
    with pytest.raises(hd.HmcpsiError, match="not in being"):
        document.rows(area="essex_1999")


def test_the_bytes_of_a_pdf_need_no_name(tmp_path):
    mine = hd.copy_data(tmp_path / "mine")
    page = column(60, 800, ["Invented", "CPS Essex Overall Performance Assessment", "March 2006"])
    page += column(60, 700, ["Aspect", "Leadership", "Disclosure"])
    page += column(400, 700, ["Assessment", "Good", "Fair"])
    hd.add_document(pdf(page), mine)
    assert hd.load("sources", mine)["file_name"].iloc[-1] == "bytes.pdf"
    assert hd.check(mine).empty
