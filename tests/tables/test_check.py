"""What `check` finds in a broken folder, and that it never breaks itself."""

import json
import os
import re
from functools import cache
from typing import NamedTuple

import pytest
from editing import Copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data.tables.description import DESCRIPTION_FILE, shipped_folder, table_names

COLUMNS = ["file", "row", "column", "value", "problem", "remedy"]
filled = bool


class Found(NamedTuple):
    """One row of `check`; of the two sentences only words that must be in them."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    problem: str
    remedy: str


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "data")


def found(copy):
    """What check finds in a copy that it does not find in the shipped data themselves."""
    return [problem for problem in _found(copy.folder) if problem not in _found_before()]


@cache
def _found_before():
    """Nothing, once `test_the_shipped_data_have_no_problems` passes."""
    return _found(shipped_folder())


def _found(folder):
    frame = hd.check(folder).astype(object)
    return [Found(*row) for row in frame.where(frame.notna(), None).itertuples(index=False)]


# One cell: the table, what its row has, the cells to change, the first of which is named, and of
# the problem and the remedy the words that must be in them.
READ = "doc_opa_2006"  # a document that was read as a whole
# fmt: off
CELLS = {
    "word where a whole number belongs": ("scales", {}, {"rank": "first"},
        '"first" is not a whole number', "digits"),
    "nan where a number belongs": ("measures", {}, {"value": "NaN"},
        '"NaN" is not a number', "as in 21.4"),
    "word where a truth value belongs": ("scales", {}, {"is_open": "perhaps"},
        "not true or false", "Write true or"),
    "required cell that is empty": ("offices", {}, {"place": ""},
        "the cell is empty", "Fill it in. The place."),
    "value that is not allowed": ("offices", {}, {"role": "attic"},
        "not one of main_office, office", "one of"),
    "value of the wrong form": ("sources", {}, {"address": "ftp://a.b"},
        "not a web address", "http://"),
    "number below its minimum": ("scales", {}, {"rank": "0"},
        '"0" is not at least 1', "Write a number at"),
    "share above its maximum": ("crosswalk", {"share_high": filled}, {"share_high": "1.5"},
        '"1.5" is not from 0 to 1', "Write a number from 0 to 1"),
    "dangling foreign key": ("offices", {}, {"area_id": "atlantis_1999"},
        "not in area_id of areas.csv", "areas.csv"),
    "dangling key into its own table": ("aspects", {}, {"parent_id": "nothing"},
        "not in aspect_id of", "aspects.csv"),
    "date that is not in the calendar": ("sources", {"published_precision": "day"},
        {"published": "2005-13-45"},
        "not in the calendar", "YYYY-MM-DD"),
    "thirtieth of february": ("sources", {"published_precision": "day"},
        {"published": "2006-02-30"},
        "not in the calendar", "YYYY-MM-DD"),
    "date in words": ("sources", {"published_precision": "day"}, {"published": "14 March 2006"},
        "is not a date", "Write a date as YYYY"),
    "precision that the date has not": ("sources", {"published_precision": "day"},
        {"published_precision": "month"},
        'is precise to the day, and here stands "month"', "Put the one right"),
    "precision without a date": ("sources", {"published": ""}, {"published_precision": "day"},
        '"day" is given without a date in published', "Give the date"),
    "date without a precision": ("sources", {"published_precision": "day"},
        {"published_precision": ""},
        'is precise to the day, and here stands ""', "Put the one right"),
    "period that ends before it begins": (
        "inspections", {"fieldwork_precision": "month", "fieldwork_to": filled},
        {"fieldwork_from": "2031-01"},
        '"2031-01" is after fieldwork_to', "Put the one right"),
    "malformed locator": ("findings", {"source_id": READ}, {"locator": "line 22"},
        "is not a locator such as L22", "Write a locator such"),
    "reversed locator": ("findings", {"source_id": READ}, {"locator": "L12-L10"},
        "runs backwards", "as in L22 or L20-L22"),
    "locator that counts from zero": ("findings", {"source_id": READ}, {"locator": "L0"},
        '"L0" is not a locator', "Write a locator such"),
    "locator beyond the end of its document": ("findings", {"source_id": READ},
        {"locator": "L3;L99999"},
        "lies beyond the", "as in L22 or L20-L22"),
    "page of a document that has none": ("findings", {"source_id": READ}, {"locator": "p3 L1"},
        "which is no PDF and has none", "as in L22 or L20-L22"),
    "lines that are named twice": ("findings", {"source_id": READ}, {"locator": "L3;L3"},
        "names the same lines twice", "as in L22 or L20-L22"),
    "missing locator": ("findings", {"source_id": READ}, {"locator": ""},
        "that carry the fact are not given", "as in L22 or L20-L22"),
    "locator of a date beyond the end of its document": ("sources", {"published_locator": filled},
        {"published_locator": "L99999"},
        "lies beyond the", "Give the"),
    "document read as a whole without its length": ("sources", {"sha256": filled}, {"n_lines": ""},
        "read as a whole", "Fill in sha256, n_lines"),
    "rating outside its scale": ("ratings", {"rating": "Good"}, {"rating": "Brilliant"},
        "not on the scale", "Write one of"),
    "rating from a scale of progress": ("ratings", {"rating": "Good"}, {"rating": "Achieved"},
        "not on the scale", "Write one of"),
    "rating in a framework without a scale": ("ratings", {"missing": "not_in_framework"},
        {"rating": "Good", "missing": ""},
        "aip_2021 has no scale", "Empty the cell"),
    "progress outside its scale": ("actions", {"progress": filled}, {"progress": "Good"},
        "not on the scale", "Write one of Achiev"),
    "progress without a follow up": ("actions", {"progress": ""}, {"progress": "Achieved"},
        "without the follow-up that rated it", "follow_up_inspection_id"),
    "framework with an unknown scale": ("frameworks", {"scale_id": filled},
        {"scale_id": "no_scale"},
        "not in scale_id of scales.csv", "add the row to scales.csv"),
    "rating that is empty without a reason": ("ratings", {"missing": filled}, {"missing": ""},
        "neither a rating nor a reason", "not mean"),
    "rating beside a reason for its absence": ("ratings", {"rating": "Good"},
        {"missing": "not_found"},
        '"not_found" stands beside the rating "Good"', "Empty one of the two"),
    "rating of an aspect of another framework": (
        "ratings", {"inspection_id": "leicestershire_opa_2005"},
        {"aspect_id": "aap_2016_sections_public_confidence"},
        "framework aap_2016, the inspection to opa_2005", "Name an"),
    "evidence that leads nowhere": ("evidence", {"table": "ratings"}, {"row_id": "nothing"},
        "not in rating_id of ratings.csv", "ratings"),
    "evidence in a table that does not exist": ("evidence", {"table": "ratings"},
        {"table": "opinions"},
        "is not one of ratings, ", "one of"),
    "space at the end of a cell": ("aspect_sets", {}, {"note": "word "},
        '"word " has white space at its start or end', "Remove the white"),
    "no break space at the start of a cell": ("aspect_sets", {}, {"note": "\xa0word"},
        "has white space at its start or end", "Remove the white"),
    "formula": ("aspect_sets", {}, {"note": "=1+1"},
        '"=1+1" looks like a formula', "Put a word first"),
    "command that a spreadsheet would run": ("aspect_sets", {}, {"note": "@SUM(A1)"},
        "looks like a formula", "Put a word first"),
    "line break in a cell": ("aspect_sets", {}, {"note": "one\ntwo"},
        '"one\\ntwo" holds the invisible character U+000A', "Remove it"),
    "escape sequence": ("aspect_sets", {}, {"note": "\x1b[2Jgone"},
        '"\\x1b[2Jgone" holds the invisible character', "Remove it"),
    "character that turns the direction of text": ("aspect_sets", {}, {"note": "a\u202eb"},
        "holds the invisible character U+202E", "Remove it"),
    "letter that was read in a wrong encoding": ("aspect_sets", {},
        {"note": "the caf\xc3\xa9 case"},
        '"\xc3\xa9" in', "Write it"),
    "apostrophe that was read in a wrong encoding": ("aspect_sets", {},
        {"note": "the Area\xe2\u20ac\u2122s plan"},
        "is a damaged letter", "a wrong encoding"),
    "replacement character": ("aspect_sets", {}, {"note": "the Area\ufffds plan"},
        "where a character was lost", "what the source has"),
    "question mark in a word": ("aspect_sets", {}, {"note": "the Area?s plan"},
        '"a?s" in', "what the source has"),
    "error of a spreadsheet": ("aspect_sets", {}, {"note": "#REF!"},
        '"#REF!" is an error of a spreadsheet', "the value that was there"),
    "column too narrow for a spreadsheet": ("aspect_sets", {}, {"note": "########"},
        "is an error of a spreadsheet", "the value that was there"),
    "full width formula": ("aspect_sets", {}, {"note": "\uff1dHYPERLINK(1)"},
        "looks like a formula", "Put a word first"),
    "month that a spreadsheet made": ("aspect_sets", {}, {"note": "Jun-05"},
        "is what a spreadsheet makes of a date", "Write it as YYYY-MM-DD"),
    "date that a spreadsheet rewrote": ("sources", {"published_precision": "day"},
        {"published": "14/03/2006"},
        "is what a spreadsheet makes of a date", "Write it as YYYY-MM-DD"),
    "date as the days of a spreadsheet": ("sources", {"published_precision": "day"},
        {"published": "38790", "published_precision": ""},
        "is not a date as YYYY", "Write a date as YYYY"),
    "month zero": ("sources", {"published_precision": "month"}, {"published": "2005-00"},
        "not in the calendar", "YYYY-MM"),
    "number that a spreadsheet rewrote": ("measures", {"value": "31726"}, {"value": "3.1726E+04"},
        "is what a spreadsheet makes of a number", "Write its digits"),
    "aspect that does not say whether it is critical": ("aspects", {"is_critical": "true"},
        {"is_critical": ""},
        "it is empty, although opa_2005 says of other aspects", "Write true or false"),
    "mapped pair of the review without a relation": (
        "crosswalk_review", {"first_status": "mapped", "second_status": "mapped"},
        {"first_relation": ""},
        "it is empty although first_status is mapped", "Give the relation"),
    "number where the source has words": ("measures", {"qualifier": "words"}, {"value": "33"},
        "beside the qualifier words", "words in"),
    "measure without number or words": ("measures", {"qualifier": "more_than"}, {"value": ""},
        "no number", "Give the number"),
    "bounds out of order": ("distributions", {"distribution_id": "opa_2005_all", "rating": "Fair"},
        {"n_low": "26"},
        "do not agree", "Give bounds"),
    "contradiction without the source that says otherwise": (
        "ratings", {"rating": "Good", "inspection_id": "leicestershire_opa_2005"},
        {"basis": "contradicted"},
        "no row of rating_sources.csv says otherwise", "Show the conflict"),
    "conflict that the rating does not show": ("ratings", {"basis": "contradicted"},
        {"basis": "stated"},
        "although a source says otherwise", "Show the conflict"),
    "parent of another framework": (
        "aspects", {"parent_id": "aap_2016_sections_success_of_cps_people"},
        {"parent_id": "opa_2005_overall"},
        '"opa_2005_overall" does not stand above', "Name a section"),
    "relation of what has no counterpart": ("crosswalk", {"status": "no_counterpart"},
        {"relation": "overlaps"},
        "status no_counterpart does not go with relation overlaps", "Give a mapped row"),
}
# fmt: on


@pytest.mark.parametrize("broken", CELLS)
def test_check_names_a_cell_with_a(broken, copy):
    table, wanted, cells, problem, remedy = CELLS[broken]
    line = copy.line(table, **wanted)
    copy.put(table, line, **cells)
    (found_there,) = found(copy)
    column, value = next(iter(cells.items()))
    assert found_there[:4] == (f"{table}.csv", line, column, value or None)
    assert problem in found_there.problem
    assert remedy in found_there.remedy


BREAKS = {}


def a(broken):
    """Register a way to break a folder, which returns what check has to find."""
    BREAKS[broken.__name__] = broken
    return broken


# The form of a file


@a
def missing_file(copy):
    copy.path("offices").unlink()
    return Found("offices.csv", None, None, None, "is missing from the folder", "Put the file back")


@a
def folder_in_place_of_a_file(copy):
    copy.path("offices").unlink()
    copy.path("offices").mkdir()
    return Found("offices.csv", None, None, None, "not a file", "Put the CSV file here")


@a
def empty_file(copy):
    copy.path("offices").write_bytes(b"")
    return Found("offices.csv", None, None, None, "the file is empty", "Put the table back")


@a
def missing_column(copy):
    copy.write("offices", [[*row[:2], *row[3:]] for row in copy.read("offices")])
    return Found("offices.csv", 1, "role", None, '"role" is missing', "Add it")


@a
def additional_column(copy):
    rows = copy.read("offices")
    copy.write("offices", [[*rows[0], "colour"], *([*row, "red"] for row in rows[1:])])
    return Found("offices.csv", 1, "colour", "colour", '"colour" is not known', "Remove it")


@a
def column_that_is_there_twice(copy):
    copy.write("offices", [[*row, row[0]] for row in copy.read("offices")])
    return Found("offices.csv", 1, "area_id", "area_id", "is there 2 times", "Keep one")


@a
def misordered_column(copy):
    copy.write("offices", [[row[1], row[0], *row[2:]] for row in copy.read("offices")])
    return Found("offices.csv", 1, None, None, "not in their order", "in this order")


@a
def missing_header(copy):
    _, *rows = copy.read("offices")
    copy.write("offices", rows)
    value = rows[0][0]
    return Found("offices.csv", 1, None, value, "not the header", "Start the file with the line")


@a
def byte_order_mark(copy):
    copy.edit("offices", lambda data: b"\xef\xbb\xbf" + data)
    return Found("offices.csv", 1, None, None, "byte order mark", "UTF-8 without a byte order")


@a
def file_in_utf_16(copy):
    copy.edit("offices", lambda data: data.decode("utf-8").encode("utf-16"))
    return Found("offices.csv", 1, None, None, "byte order mark of UTF-16", "UTF-8")


@a
def file_in_latin_1(copy):
    copy.edit("offices", lambda data: data + b"x_1999,Caf\xe9,office,s1,,stated,project\r\n")
    line = copy.path("offices").read_bytes().count(b"\n")
    return Found("offices.csv", line, None, "é", "the byte E9 is not UTF-8", "UTF-8")


@a
def nul_byte(copy):
    copy.edit("offices", lambda data: data.replace(b"Leicester,", b"Lei\0cester,", 1))
    line = copy.path("offices").read_bytes().split(b"\0")[0].count(b"\n") + 1
    return Found("offices.csv", line, None, None, "NUL byte", "UTF-8")


@a
def quote_that_is_never_closed(copy):
    line = len(copy.read("offices")) + 1
    copy.edit("offices", lambda data: data + b'leicestershire_1999,"Leicester\r\n')
    return Found("offices.csv", line, None, None, "this is no CSV", "straight double quotes")


@a
def row_with_too_many_cells(copy):
    rows = copy.read("offices")
    copy.write("offices", [rows[0], [*rows[1], "one more"], *rows[2:]])
    return Found("offices.csv", 2, None, "one more", "8 cells, the header 7", "double quotes")


@a
def row_with_too_few_cells(copy):
    rows = copy.read("offices")
    copy.write("offices", [rows[0], rows[1][:-1], *rows[2:]])
    return Found("offices.csv", 2, None, None, "6 cells, the header 7", "a comma for each empty")


@a
def row_without_values(copy):
    line = len(copy.read("offices")) + 1
    copy.edit("offices", lambda data: data + b",,,,,,\r\n")
    return Found("offices.csv", line, None, None, "the row has no values", "Remove the row")


@a
def file_that_no_table_knows(copy):
    (copy.folder / "Ratings 2.csv").write_text("a,b\n")
    return Found(
        "Ratings 2.csv", None, None, None, "belongs to no table", "Leave it if it is yours"
    )


@a
def description_of_its_own(copy):
    path = copy.folder / DESCRIPTION_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("integer", "string", 1))
    return Found(DESCRIPTION_FILE, None, None, None, "differs from the description", "Put it")


# Types, constraints and keys


@a
def duplicate_key(copy):
    rows = copy.read("offices")
    copy.write("offices", [*rows, rows[1]])
    key = ", ".join([rows[1][0], rows[1][1], rows[1][3]])
    problem = f'"{key}" stands already in line 2'
    columns = "area_id, place, source_id"
    return Found("offices.csv", len(rows) + 1, columns, key, problem, "Keep one of")


def read_as_a_whole(copy):
    return {row["source_id"] for _, row in copy.records("sources") if row["sha256"]}


@a
def locator_in_a_source_that_was_not_read(copy):
    whole = read_as_a_whole(copy)
    line = copy.line("aspects", source_id=lambda source: source not in whole)
    copy.put("aspects", line, locator="L1")
    return Found("aspects.csv", line, "locator", "L1", "was not read as a whole", "Give the")


@a
def tension_that_leads_nowhere(copy):
    name = copy.records("tensions")[0][1]["first_table"]
    line = copy.put("tensions", 2, first_id="nothing")
    return Found("tensions.csv", line, "first_id", "nothing", f"of {name}.csv", "Put it right")


@a
def rating_told_again_under_another_identifier(copy):
    line, rating = copy.records("ratings")[1]
    last = copy.add("ratings", **(rating | {"rating_id": "told_again"}))
    aspect = rating["aspect_id"]
    problem = f'"{aspect}" stands already in line {line}, with the same inspection_id source_id'
    return Found("ratings.csv", last, "aspect_id", aspect, problem, "Keep one")


@a
def number_of_an_action_that_stands_twice(copy):
    (first, action), (line, _) = [
        (line, action)
        for line, action in copy.records("actions")
        if action["kind"] == "recommendation"
    ][:2]
    copy.put("actions", line, number=action["number"])
    problem = f"stands already in line {first}, with the same inspection_id kind"
    return Found("actions.csv", line, "number", action["number"], problem, "Keep one")


@a
def rating_that_is_not_the_one_printed(copy):
    line = copy.line("ratings", rating_as_printed=lambda printed: printed == "Good")
    copy.put("ratings", line, rating="Fair")
    problem = '"Fair" stands beside "Good" as printed'
    return Found("ratings.csv", line, "rating", "Fair", problem, "Put the one right")


@a
def number_that_is_not_the_one_printed(copy):
    line = copy.line("measures", value_as_printed=lambda printed: printed == "31,726")
    copy.put("measures", line, value="31762")
    problem = '"31762" stands beside "31,726" as printed'
    return Found("measures.csv", line, "value", "31762", problem, "Put the one right")


@a
def set_with_another_number_of_aspects(copy):
    line = copy.line("aspect_sets", set_id=lambda set_id: set_id == "opa_2005")
    copy.put("aspect_sets", line, n_aspects="15")
    problem = "should have 15 aspects; aspects.csv has 14"
    return Found("aspect_sets.csv", line, "n_aspects", "15", problem, "Put the number right")


@a
def rank_that_stands_twice(copy):
    line = copy.line("scales", value=lambda value: value == "Good")
    copy.put("scales", line, rank="4")
    problem = '"4" stands already in line 2, with the same scale_id'
    return Found("scales.csv", line, "rank", "4", problem, "put them right")


@a
def action_whose_theme_has_no_evidence(copy):
    (line, action), *_ = copy.records("actions")
    linked = {(row["theme_id"], row["row_id"]) for _, row in copy.records("evidence")}
    themes = (row["theme_id"] for _, row in copy.records("themes"))
    theme = next(theme for theme in themes if (theme, action["action_id"]) not in linked)
    copy.put("actions", line, theme_id=theme)
    problem = f'"{theme}" has no row in evidence.csv'
    remedy = f"Add the row {theme},actions,{action['action_id']}"
    return Found("actions.csv", line, "theme_id", theme, problem, remedy)


@a
def text_without_end(copy):
    copy.put("aspect_sets", 3, note="x" * 10_000_000)
    problem = "a cell is longer than 131072 characters"
    return Found("aspect_sets.csv", 3, None, None, problem, "Shorten the cell")


@a
def second_response_to_one_issue(copy):
    (line, first), *_ = copy.records("responses")
    copy.put("responses", line + 1, action_id=first["action_id"])
    action = first["action_id"]
    problem = f'"{action}" stands already in line {line}, with the same source_id'
    return Found("responses.csv", line + 1, "action_id", action, problem, "Keep one of the rows")


@a
def inspection_outside_the_life_of_its_area(copy):
    line = copy.line("inspections", fieldwork_from=filled, area_id="leicestershire_1999")
    copy.put("inspections", line, note="", fieldwork_precision="month")
    copy.put("inspections", line, fieldwork_from="2016-05", fieldwork_to="2016-06")
    problem = "lies outside the life of leicestershire_1999, 1999-04-01 to 2011-03-31"
    return Found("inspections.csv", line, "fieldwork_from", "2016-05", problem, "Name the Area of")


@a
def distribution_that_does_not_add_up(copy):
    line = copy.line("distributions", distribution_id="opa_2007_all", rating="Fair")
    copy.put("distributions", line, n="21", n_low="21", n_high="21")
    first = copy.line("distributions", distribution_id="opa_2007_all")
    return Found("distributions.csv", first, "n_units", "42", "add up to 43", "Put the bounds")


@a
def aspect_that_is_its_own_parent(copy):
    line = copy.line("aspects", parent_id="aap_2016_sections_success_of_cps_people")
    own = copy.read("aspects")[line - 1][0]
    copy.put("aspects", line, parent_id=own)
    return Found("aspects.csv", line, "parent_id", own, "does not stand above", "Name a section")


@a
def lineage_that_runs_backwards(copy):
    old, new = "leicestershire_1999", "east_midlands_2011"
    line = copy.line("area_lineage", predecessor_id=old)
    copy.put("area_lineage", line, predecessor_id=new, successor_id=old)
    words = '"east_midlands_2011" ended on no day, and "leicestershire_1999" began on 1999-04-01'
    return Found("area_lineage.csv", line, "predecessor_id", new, words, "Let the successor")


@a
def crosswalk_that_passes_an_aspect_over(copy):
    line = copy.line("crosswalk", status="no_counterpart", source_aspect_id=filled)
    source = copy.records("crosswalk")[line - 2][1]["source_aspect_id"]
    rows = copy.read("crosswalk")
    copy.write("crosswalk", [*rows[: line - 1], *rows[line:]])
    return Found("crosswalk.csv", None, None, None, f"{source} appears in no row", "Link it, or")


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS.keys())
def test_check_names_place_value_and_remedy_of_a(broken, copy):
    expected = broken(copy)
    before = copy.snapshot()
    (problem,) = found(copy)
    assert problem[:4] == expected[:4]
    assert expected.problem in problem.problem
    assert expected.file in problem.problem
    assert expected.remedy in problem.remedy
    assert problem.problem.endswith(".")
    assert copy.snapshot() == before, "check changed the folder"


UNSEEN = (
    "\u00ad\u200b\u200c\u200d\u061c\U000e0041\u2060\u3164\ufe0f\u180e\u034f\u00a0\ue000\x85\u202e"
)


def test_a_character_that_nobody_sees_is_named_with_its_row(copy):
    for line, character in enumerate(UNSEEN, 2):
        copy.put("areas", line, note=f"Cum{character}bria")
    named = [(row.row, re.search(r"U\+[0-9A-F]+", row.problem)[0]) for row in found(copy)]
    assert named == [(line, f"U+{ord(one):04X}") for line, one in enumerate(UNSEEN, 2)]


@pytest.mark.parametrize(
    "text", ["na\u00efve", "\u00a3430 a case", "Caf\u00e9 \u2019n\u2019", "C. 5?"]
)
def test_letters_and_signs_that_are_right_are_no_problem(text, copy):
    copy.put("aspect_sets", 2, note=text)
    assert found(copy) == []


def test_an_inspection_outside_the_life_of_its_area_may_be_explained(copy):
    line = copy.line("inspections", fieldwork_from=filled, area_id="leicestershire_1999")
    copy.put("inspections", line, fieldwork_precision="month", note="Visited again later.")
    copy.put("inspections", line, fieldwork_from="2016-05", fieldwork_to="2016-06")
    assert found(copy) == []


def test_the_crosswalk_is_judged_by_its_own_checker_and_named_by_line(copy):
    line = copy.line("crosswalk", status="mapped", relation="overlaps", share_low=filled)
    copy.put("crosswalk", line, share_low="1", share_high="0.5")
    assert {(row.file, row.row) for row in found(copy)} >= {("crosswalk.csv", line)}


# Sums


@pytest.fixture
def mine(tmp_path):
    return hd.copy_data(tmp_path / "mine")


def test_rows_that_were_cut_are_told_by_their_number(mine):
    path = mine / "commitments.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:4], *lines[9:]]))
    (problem,) = _found(mine)
    assert problem.file == "commitments.csv"
    assert "5 fewer than datapackage.json says" in problem.problem


def test_an_edit_is_told_apart_from_a_cut_and_may_be_meant(mine):
    path = mine / "offices.csv"
    path.write_bytes(path.read_bytes().replace(b"Leicester,", b"Leichester,", 1))
    (problem,) = _found(mine)
    assert "the file was edited" in problem.problem
    assert "python -m hmcpsi_data codebook --write" in problem.remedy
    assert cli.main(["codebook", "--write", "--data", str(mine)]) == 0
    assert _found(mine) == []


@pytest.mark.parametrize("sums", [{"bytes": "many"}, {"rows": "x"}, {"hash": 5}, {"rows": None}])
def test_a_sum_that_is_none_is_a_problem_and_no_traceback(sums, mine):
    path = mine / DESCRIPTION_FILE
    described = json.loads(path.read_bytes())
    described["resources"][0] |= sums
    path.write_text(json.dumps(described))
    (problem,) = _found(mine)
    assert problem.file == "sources.csv"


def test_the_shipped_data_have_no_problems():
    assert _found_before() == []


def test_no_problems_come_with_the_same_columns_and_types_as_many(copy):
    none = hd.check(copy.folder)
    copy.put("scales", 2, rank="first")
    one = hd.check(copy.folder)
    assert list(none.columns) == list(one.columns) == COLUMNS
    assert none.dtypes.astype(str).to_list() == one.dtypes.astype(str).to_list()
    assert str(one["row"].dtype) == "Int64"


def test_problems_come_by_file_then_line(copy):
    copy.put("offices", 3, role="attic")
    copy.put("offices", 2, role="cellar")
    copy.put("scales", 2, rank="first")
    assert [(row.file, row.row) for row in found(copy)] == [
        ("scales.csv", 2), ("offices.csv", 2), ("offices.csv", 3)
    ]  # fmt: skip


def test_a_cell_with_two_faults_is_named_once(copy):
    copy.put("offices", 2, role=" attic")
    (problem,) = found(copy)
    assert "white space" in problem.problem


def test_a_missing_table_brings_no_further_problems_in_those_that_refer_to_it(copy):
    copy.path("sources").unlink()
    assert [row.file for row in found(copy)] == ["sources.csv"]


def test_lines_are_counted_as_an_editor_counts_them_after_a_line_break_in_a_cell(copy):
    copy.put("aspect_sets", 2, note="one\ntwo")
    copy.put("aspect_sets", 3, n_aspects="-1")
    assert [row.row for row in found(copy)] == [2, 4]


def test_a_table_without_rows_is_no_problem(copy):
    copy.write("offices", copy.read("offices")[:1])
    assert found(copy) == []


@pytest.mark.parametrize("number", ["-5", "+1.5", "-21.4%", "+1,000"])
def test_a_number_with_a_sign_is_no_formula(copy, number):
    copy.put("aspect_sets", 2, note=number)
    assert found(copy) == []


def test_the_days_of_an_area_may_be_known_less_precisely_than_they_are_written(copy):
    line = copy.line("areas", valid_from_precision="day")
    copy.put("areas", line, valid_from_precision="month")
    assert found(copy) == []


def test_a_folder_needs_no_description_and_may_hide_files(copy):
    (copy.folder / DESCRIPTION_FILE).unlink()
    (copy.folder / ".DS_Store").write_bytes(b"\0")
    assert found(copy) == []


def test_a_folder_that_is_not_there_is_one_problem(tmp_path):
    problems = hd.check(tmp_path / "nowhere")
    assert problems["problem"].tolist() == [f"{tmp_path / 'nowhere'}: there is no such folder."]


def test_a_folder_that_cannot_be_is_one_problem():
    (problem,) = hd.check("x" * 5000)["problem"]
    assert problem.endswith("the folder cannot be read (File name too long).")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes.")
def test_pipes_loops_and_odd_names_do_not_stop_the_check(copy):
    copy.path("offices").unlink()
    os.mkfifo(copy.path("offices"))
    copy.path("methods").unlink()
    copy.path("methods").symlink_to(copy.path("methods"))
    odd = os.fsdecode(os.fsencode(copy.folder) + b"/odd\xff.csv")
    with open(odd, "wb"):  # noqa: PTH123
        pass
    deep = "[" * 100_000 + "]" * 100_000
    (copy.folder / DESCRIPTION_FILE).write_text(deep)
    assert {row.file for row in found(copy)} == {
        "offices.csv", "methods.csv", "odd\ufffd.csv", DESCRIPTION_FILE
    }  # fmt: skip


def test_paths_and_addresses_in_a_folder_are_not_followed(copy, monkeypatch):
    description = json.loads((copy.folder / DESCRIPTION_FILE).read_bytes())
    for resource, path in zip(
        description["resources"], ["http://127.0.0.1:9/x.csv", "../secret.csv"], strict=False
    ):
        resource["path"] = path
    (copy.folder / DESCRIPTION_FILE).write_text(json.dumps(description))
    (copy.folder.parent / "secret.csv").write_text("secret\n")

    def refuse(*args, **kwargs):
        raise AssertionError("check opened a connection")

    monkeypatch.setattr("socket.socket.connect", refuse)
    (problem,) = found(copy)
    assert problem.file == DESCRIPTION_FILE


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """One folder for all examples of a property, which puts back what it breaks."""
    return Copy(tmp_path_factory.mktemp("scratch") / "data")


# Bytes of any kind, and text that keeps a file readable while it breaks what the file says.
PATCHES = st.binary(max_size=4) | st.text(',;"\r\n\tL-=0129a \u00e9\u202e', max_size=8).map(
    str.encode
)


@st.composite
def mutations(draw):
    """A function that changes some bytes of a file, and the file to change."""
    name = draw(st.sampled_from(table_names()))
    places = st.tuples(st.floats(0, 1), st.integers(0, 20), PATCHES)
    edits = draw(st.lists(places, min_size=1, max_size=5))

    def change(data):
        for place, length, new in edits:
            at = int(place * len(data))
            data = data[:at] + new + data[at + length :]
        return data

    return name, change


def refusal(name, folder):
    """The error with which load refuses a table, if it does; any other error is a failure."""
    try:
        hd.load(name, folder)
    except hd.DataError as error:
        return error
    return None


@settings(
    max_examples=max(50, settings.default.max_examples // 5),  # each reads all tables
    suppress_health_check=[HealthCheck.too_slow],
)
@given(mutations())
def test_no_change_of_bytes_makes_check_or_load_fail_unclearly(scratch, mutation):
    name, change = mutation
    original = scratch.path(name).read_bytes()
    try:
        scratch.edit(name, change)
        problems = hd.check(scratch.folder)
        assert list(problems.columns) == COLUMNS
        assert not problems["problem"].str.contains("could not be checked").any()
        assert problems[["file", "problem", "remedy"]].notna().all(axis=None)
        if (refused := refusal(name, scratch.folder)) is not None:
            assert refused.file == f"{name}.csv"
            assert (problems["file"] == refused.file).any(), "load found what check did not"
    finally:
        scratch.path(name).write_bytes(original)


def test_what_load_refuses_check_names_in_the_same_words(copy):
    copy.put("scales", 2, rank="first")
    with pytest.raises(hd.DataError) as error:
        hd.load("scales", copy.folder)
    (problem,) = found(copy)
    assert (error.value.problem, error.value.remedy) == (problem.problem, problem.remedy)
