"""The timeline of an Area: every event in its place, every break marked, nothing left out."""

from itertools import pairwise

import pandas as pd

from hmcpsi_data import load, timeline
from hmcpsi_data.record.areas import days

LEICESTERSHIRE = timeline("leicestershire_1999")


def of_kind(kind, frame=LEICESTERSHIRE):
    return frame[frame["kind"] == kind]


def test_data_fieldwork_and_publication_stand_apart_with_their_precision():
    found = LEICESTERSHIRE[LEICESTERSHIRE["inspection_id"] == "leicestershire_opa_2005"]
    found = found[found["kind"].isin(["data", "fieldwork", "publication"])]
    assert found[["when", "precision", "basis", "speaker", "locator"]].values.tolist() == [
        ["2004-04 to 2005-03", "month", "inferred", "project", "L38;L67"],
        ["2005-06 to 2005-12", "month", "stated", "inspectorate", "L61"],
        ["2006-03-14", "day", "stated", "inspectorate", "L5"],
    ]


def test_events_stand_in_the_order_of_the_last_day_they_can_mean():
    when = timeline()["when"].replace("not dated", "9999").str.split(" to ").str[-1]
    last = [days(date).last for date in when]
    assert last == sorted(last)


def test_between_two_frameworks_or_units_stands_a_break():
    for area in load("areas")["area_id"][::6]:
        before, broken = None, False
        for row in timeline(area, relatives="family").itertuples():
            if row.kind == "break":
                assert row.what.startswith("break: other ")
                broken = True
            elif pd.notna(row.inspection_id) and row.kind != "number":
                now = row.framework_id, row.area_id
                assert broken == (before is not None and now != before)
                before, broken = now, False


def test_a_break_names_what_changed_and_what_a_follow_up_counts_of_an_earlier_one_makes_none():
    frameworks = ["OPA 2005-06", "OPA 2007", "AEI 2008-10", "Follow-ups 2010-12",
                  "Area Assurance 2016-19", "Area inspections 2021-22"]  # fmt: skip
    expected = [f"other framework ({one}, then {other})" for one, other in pairwise(frameworks)]
    expected[3] += ", other unit (Leicestershire, then East Midlands)"
    told = [f"break: {one}: not a trend" for one in expected]
    assert of_kind("break")["what"].tolist() == told
    assert of_kind("break")["speaker"].eq("project").all()
    what = LEICESTERSHIRE["what"].tolist()
    (made,) = (n for n, one in enumerate(what) if one.startswith("Recommendations made in"))
    assert made < what.index(told[2])


def test_relatives_are_there_as_wanted():
    wanted = {"none": {"self"}, "line": {"self", "predecessor"}, "family": {"self", "predecessor"}}
    for relatives, relations in wanted.items():
        found = timeline("east_midlands_2011", relatives=relatives)
        assert set(found["relation"].dropna()) == relations
        assert ("leicestershire_opa_2005" in set(found["inspection_id"])) == (relatives != "none")


def test_a_change_of_borders_is_one_event_for_all_who_take_part():
    for area in ("leicestershire_1999", "derbyshire_1999", "east_midlands_2011"):
        (what,) = of_kind("borders", timeline(area, relatives="none"))["what"]
        assert what.endswith("Nottinghamshire merged into East Midlands")
    london = of_kind("borders", timeline("london_north_2017", relatives="none"))
    assert london[["when", "precision", "what"]].values.tolist() == [
        ["2017-04-01", "month", "London divided into London North and London South"]
    ]
    yorkshire = timeline("yorkshire_and_humberside_2011", kind="borders", relatives="none")
    assert yorkshire["what"].str.endswith("(by elimination or at second hand)").all()


def test_counts_are_those_of_the_documents():
    south_west = timeline("south_west_2011")
    for kind, line, expected in (
        ("rating", LEICESTERSHIRE, [
            "Overall: Fair", "14 aspects: Poor 1, Fair 4, Good 7, Excellent 2", "Overall: Poor",
            "Overall: Fair", "4 sections: Fair 3, Good 1", "7 criteria: Poor 1, Fair 3, Good 3",
        ]),
        ("request", LEICESTERSHIRE, [
            "4 recommendations", "5 aspects for improvement",
            "10 issues to address, 10 answered with 20 commitments",
        ]),
        ("request", south_west, [
            "3 issues to address, 3 answered",
            "3 issues to address, 3 answered with 14 commitments",
        ]),
        ("rating", south_west, [
            "Overall: Poor", "7 criteria: Poor 1, Fair 5, Good 1", "2 pilot scores: Fair 1, Good 1",
            "9 subjects named, none rated",
        ]),
    ):  # fmt: skip
        assert of_kind(kind, line)["what"].tolist() == expected
    assert [what.split(" of AEI 2008-10: ") for what in of_kind("follow_up")["what"]] == [
        ["Progress on 4 recommendations", "Substantial progress 3, Achieved 1"],
        ["Progress on 5 aspects for improvement",
         "Limited progress 2, Substantial progress 2, Achieved 1"],
    ]  # fmt: skip
    assert of_kind("promise", south_west)["when"].tolist() == ["2021-12", "2022-06-27"]


def test_every_row_of_the_tables_is_in_an_event():
    found = timeline()
    assert (found["kind"] == "publication").sum() == load("inspections")["published"].notna().sum()
    assert (found["kind"] == "promise").sum() == load("commitments")["date"].notna().sum()
    assert (found["kind"] == "number").sum() == load("measures")["area_id"].notna().sum()
    changed = found[found["kind"] == "borders"]
    assert changed["area_ids"].str.count("; ").sum() == len(load("area_lineage"))
    assert set(found["inspection_id"].dropna()) == set(load("inspections")["inspection_id"])
    assert found[["source_id", "speaker", "basis", "when", "what"]].notna().all().all()


def test_the_inspectorates_own_comparisons_and_directions_of_travel_are_events_of_their_own():
    directions, told = (of_kind(kind, timeline()) for kind in ("direction", "comparison"))
    assert directions["what"].str.startswith("Direction of travel of 13 aspects: ").tolist() == [
        True
    ]
    compared = load("findings").query("kind == 'comparison'")["finding_id"]
    assert sorted(told["row_ids"].str.split("; ").explode()) == sorted(compared)
    assert not pd.concat([directions, told])["speaker"].eq("project").any()
