"""Every row has its own date by one rule, and a contradicted rating has both sides, everywhere."""

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data import show
from hmcpsi_data.record.facts import statements_in_words
from hmcpsi_data.tables.record import Record

DATE = ["date", "date_precision", "date_kind"]
DATED = {
    "ratings": (hd.ratings(), *DATE),
    "facts": (hd.facts(), *DATE),
    "theme_history": (hd.theme_history(hd.load("themes")["theme_id"]), *DATE),
    "coverage": (hd.coverage().dropna(subset="rating_id"), *DATE),
    "actions": (hd.actions(), "asked_on", "asked_on_precision", "asked_on_kind"),
    "timeline": (hd.timeline().replace("not dated", pd.NA), "when", "precision", "date_kind"),
}
SIDES = ["says_otherwise", "otherwise_source_id"]
INSPECTION = {
    "fieldwork_from": "", "fieldwork_to": "", "fieldwork_precision": "", "published": "",
    "published_precision": "", "data_from": "", "data_to": "", "data_precision": "",
}  # fmt: skip


@pytest.mark.parametrize("view", DATED)
def test_every_date_has_a_precision_and_a_kind_and_is_written_no_finer(view):
    rows, date, *others = DATED[view]
    assert all(rows[date].notna().equals(rows[other].notna()) for other in others)
    assert rows[date].notna().mean() > 0.9
    kinds = {"stated", "publication", "fieldwork", "assessment", "data", "source"}
    assert set(rows[others[1]].dropna()) <= kinds
    length = rows[others[0]].map({"day": 10, "month": 7, "year": 4})
    last = rows[date].dropna().str.rpartition(" to ")[2].str.len()
    assert (last >= length[last.index]).all()


def test_a_rating_has_the_same_date_in_every_view():
    known = hd.ratings().set_index("rating_id")[DATE]
    fact = hd.facts(kind="rating").set_index("row_id")[DATE]
    covered = hd.coverage().dropna(subset="rating_id").set_index("rating_id")[DATE]
    pd.testing.assert_frame_equal(fact.loc[known.index], known, check_names=False)
    pd.testing.assert_frame_equal(covered, known.loc[covered.index], check_names=False)
    events = hd.timeline(kind="rating")
    events = events.assign(row_id=events["row_ids"].str.split("; ")).explode("row_id")
    told = events.set_index("row_id")["when"].replace("not dated", pd.NA)
    assert told.loc[known.index].fillna("").tolist() == known["date"].fillna("").tolist()
    # a year that is only that of the assessment is called so, and gives way to a publication
    rated = hd.ratings(framework="opa_2007", level="overall").set_index("area")
    assert rated.loc["Essex", ["date", "date_kind"]].tolist() == ["2007", "assessment"]
    assert rated.loc["Kent", ["date", "date_kind"]].tolist() == ["2008-03", "publication"]


DATES = [
    ({"fieldwork": "2005-06 2005-12 month", "published": "2006-03-14 day"},
     ["2005-06 to 2005-12", "month", "fieldwork"]),
    ({"fieldwork": "2009 2010 year", "published": "2010-03 month"},
     ["2009 to 2010", "year", "fieldwork"]),
    ({"fieldwork": "2010 2010 year", "published": "2010-10-06 day"},
     ["2010-10-06", "day", "publication"]),
    ({"fieldwork": "2007 2007 year", "published": "2008-03 month"}, ["2007", "year", "fieldwork"]),
    ({"data": "2009-04 2010-03 month"}, ["2009-04 to 2010-03", "month", "data"]),
    ({}, ["2006-03-14", "day", "source"]),
]  # fmt: skip


def test_the_fieldwork_goes_first_but_where_the_publication_is_the_better_date_of_its_year(
    tmp_path,
):
    """An invented copy in which an inspection has one date after the other."""
    copy = Copy(tmp_path / "data")
    line = copy.line("inspections", inspection_id="leicestershire_opa_2005")
    for cells, expected in DATES:
        row = dict(INSPECTION)
        for name, words in cells.items():
            *dates, row[f"{name}_precision"] = words.split(" ")
            ends = [f"{name}_from", f"{name}_to"] if dates[1:] else [name]
            row |= dict(zip(ends, dates, strict=True))
        copy.put("inspections", line, **row)
        record = Record(copy.folder)
        asked = {"area": "Leicestershire", "framework": "opa_2005", "record": record}
        for rows in (hd.ratings(**asked), hd.facts(kind="finding", **asked)):
            assert rows.iloc[0][DATE].tolist() == expected


def test_wherever_a_contradicted_rating_stands_the_other_side_stands_with_it():
    views = [
        hd.ratings("Essex", framework="opa_2007"),
        hd.facts("Essex", framework="opa_2007", basis="contradicted"),
        hd.coverage("opa_2007").query("status == 'contradicted'"),
        hd.timeline("Essex", relatives="none", basis="contradicted"),
    ]
    said = "Poor, contradicted (another source says Fair or Good): not counted"
    assert views[3]["what"].tolist() == [f"Overall performance assessment: {said}"]
    for rows in views:
        assert rows[SIDES].values.tolist() == [["Fair or Good", "s010"]]
        assert hd.citations(rows).tolist() == [
            "Gazette (Colchester), 2007; contradicted by Public Finance, 14 March 2008"
        ]
    for rows in (hd.ratings(), hd.facts(), hd.coverage()):
        against = rows["basis"].eq("contradicted").fillna(False).tolist()
        assert [rows[side].notna().tolist() for side in SIDES] == [against] * 2
    assert set(SIDES) <= set(hd.theme_history("disclosure"))
    rows = hd.coverage("opa_2007", by="measure").query("area == 'Essex'").set_index("measure")
    assert rows.loc["overall_rating", ["n", "status"]].tolist() == [0, "contradicted"]
    assert "contradicted" in show.coverage_matrix("Essex").frame["Overall rating"].tolist()


def test_a_request_is_answered_also_where_its_answer_states_no_state():
    record = Record()
    issues = hd.facts("South West", framework="aap_pilot_2016", kind="issue", record=record)
    told = statements_in_words(issues, record)["about"]
    assert told.str.endswith("→ answered").all()
