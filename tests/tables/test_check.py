"""What `check` finds in a broken folder, and that it never breaks itself."""

import json
import os
import re

import pytest
from editing import Copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data.tables.description import DESCRIPTION_FILE, shipped_folder, table, table_names
from hmcpsi_data.tables.record import sum_problems

COLUMNS = ["file", "row", "column", "value", "problem", "remedy"]
READ = "doc_opa_2006"  # a document that was read as a whole
UNREAD = set(hd.load("sources").query("sha256.isna()")["source_id"])
filled = bool


def found(folder):
    """The rows of `check`, each with a problem that ends as a sentence and with a remedy."""
    frame = hd.check(folder)
    assert list(frame.columns) == COLUMNS
    assert frame["problem"].str.fullmatch(r"(?s).+\.").all()
    assert frame["remedy"].str.len().gt(5).all()
    return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False))


def assert_told(folder, expected, length):
    """The problems are in these places, first cells of their rows, and have these words."""
    problems = {tuple(row[:length]): row.problem for row in found(folder)}
    assert problems.keys() == expected.keys()
    for place, words in expected.items():
        assert words in problems[place]


def test_the_shipped_data_have_no_problems_whose_sets_and_distributions_add_up():
    assert found(shipped_folder()) == []
    aspects, sets = hd.load("aspects"), hd.load("aspect_sets").set_index("set_id")
    counted = aspects[~aspects["level"].isin(["overall", "pilot_score"])]["set_id"].value_counts()
    said = sets["n_aspects"].dropna()
    assert counted.reindex(said.index).fillna(0).tolist() == said.tolist()
    rows = hd.load("distributions").dropna(subset=["n_low", "n_high"])
    assert rows["n"].fillna(rows["n_low"]).between(rows["n_low"], rows["n_high"]).all()
    sums = rows.groupby("distribution_id").agg({"n_low": "sum", "n_high": "sum", "n_units": "max"})
    assert sums["n_units"].between(sums["n_low"], sums["n_high"]).all()


# The table, what its row has, the cells to change (the first is named), and words of the problem.
# fmt: off
CELLS = [
    ("scales", {"value": "Poor"}, {"rank": "first"}, '"first" is not a whole number'),
    ("scales", {"value": "Fair"}, {"is_open": "perhaps"}, "not true or false"),
    ("offices", {}, {"place": ""}, "the cell is empty"),
    ("offices", {}, {"role": "attic"}, "not one of main_office, office"),
    ("sources", {}, {"address": "ftp://a.b"}, "not a web address"),
    ("scales", {"value": "Poor"}, {"rank": "0"}, '"0" is not at least 1'),
    ("crosswalk", {"target_set": "aip_2021_subjects", "share_high": filled},
     {"share_high": "1.5"}, '"1.5" is not from 0 to 1'),
    ("offices", {}, {"area_id": "atlantis_1999"}, "not in area_id of areas.csv"),
    ("sources", {"published_precision": "day"}, {"published": "2006-02-30"}, "not in the calendar"),
    ("sources", {"published_precision": "day"},
     {"published_precision": "month"}, "is precise to the day, not"),
    ("sources", {"published": ""}, {"published_precision": "day"}, "without a date in published"),
    ("inspections", {"fieldwork_precision": "month", "fieldwork_to": filled},
     {"fieldwork_from": "2031-01"}, "is after fieldwork_to"),
    ("findings", {"source_id": READ}, {"locator": "line 22"}, "is not a locator such as L22"),
    ("findings", {"source_id": READ}, {"locator": "L12-L10"}, "runs backwards"),
    ("findings", {"source_id": READ}, {"locator": "L3;L99999"}, "lies beyond "),
    ("findings", {"source_id": READ}, {"locator": "p3 L1"}, "which is no PDF"),
    ("findings", {"source_id": READ}, {"locator": "L3;L3"}, "names the same lines twice"),
    ("findings", {"source_id": READ}, {"locator": ""}, "that carry the fact are not given"),
    ("sources", {"sha256": filled}, {"n_lines": ""}, "read as a whole"),
    ("ratings", {"rating": "Good"}, {"rating": "Brilliant"}, "not on the scale"),
    ("ratings", {"missing": "not_in_framework"},
     {"rating": "Good", "missing": ""}, "no inspection under"),
    ("actions", {"progress": ""}, {"progress": "Achieved"}, "no inspection under"),
    ("actions", {"progress": filled}, {"progress": "Good"}, "not on the scale"),
    ("frameworks", {"framework_id": "aap_pilot_2016"}, {"scale_id": "no_scale"}, "not in scale_id"),
    ("ratings", {"missing": filled}, {"missing": ""}, "neither a rating nor a reason"),
    ("ratings", {"rating": "Good"}, {"missing": "not_found"}, "nor a reason in missing, or both"),
    ("ratings", {"inspection_id": "leicestershire_opa_2005"},
     {"aspect_id": "aap_2016_sections_public_confidence"}, "and the inspection to opa_2005"),
    ("evidence", {"table": "ratings"}, {"row_id": "nothing"}, "not in rating_id of"),
    ("evidence", {"table": "ratings"}, {"table": "opinions"}, "is not one of ratings, "),
    ("aspect_sets", {}, {"note": "word "}, '"word " has white space at'),
    ("aspect_sets", {}, {"note": "\xa0word"}, "has white space at its start"),
    ("aspect_sets", {}, {"note": "=1+1"}, '"=1+1" looks like a formula'),
    ("aspect_sets", {}, {"note": "\x1b[2Jgone"}, '"\\x1b[2Jgone" holds the invisible'),
    ("aspect_sets", {}, {"note": "the caf\xc3\xa9 case"}, '"\xc3\xa9" is'),
    ("aspect_sets", {}, {"note": "the Area\xe2\u20ac\u2122s plan"}, "is a damaged letter"),
    ("aspect_sets", {}, {"note": "the Area?s plan"}, '"a?s" stands where'),
    ("aspect_sets", {}, {"note": "#REF!"}, '"#REF!" is an error of a spreadsheet'),
    ("aspect_sets", {}, {"note": "\uff1dHYPERLINK(1)"}, "looks like a formula"),
    ("aspect_sets", {}, {"note": "Jun-05"}, "spreadsheet makes of a date"),
    ("sources", {"published_precision": "month"}, {"published": "2005-00"}, "not in the calendar"),
    ("measures", {"value": "31726"}, {"value": "3.1726E+04"}, "spreadsheet makes of a number"),
    ("aspects", {"is_critical": "true"}, {"is_critical": ""}, "although opa_2005 says it"),
    ("crosswalk_review", {"first_status": "mapped", "second_status": "mapped"},
     {"first_relation": ""}, "it is empty although first_status"),
    ("measures", {"qualifier": "words"}, {"value": "33"}, "does not go with the"),
    ("measures", {"qualifier": "more_than"}, {"value": ""}, "does not go with"),
    ("ratings", {"rating": "Good", "inspection_id": "leicestershire_opa_2005"},
     {"basis": "contradicted"}, "whether a source says"),
    ("ratings", {"basis": "contradicted"}, {"basis": "stated"}, "whether a source says"),
    ("crosswalk", {"status": "no_counterpart"},
     {"relation": "overlaps"}, "does not go with relation overlaps"),
    ("aspects", {"source_id": UNREAD.__contains__}, {"locator": "L1"}, "was not read as a whole"),
    ("tensions", {}, {"first_id": "nothing"}, "is not in"),
    ("measures", {"value_as_printed": "6,782"}, {"value": "6872"}, 'beside "6,782" as printed'),
    ("ratings", {"rating_as_printed": "Good"}, {"rating": "Fair"}, 'beside "Good" as printed'),
    ("scales", {"value": "Good"}, {"rank": "4"}, "in line 2, with the same scale_id"),
    ("area_lineage", {"predecessor_id": "leicestershire_1999"},
     {"predecessor_id": "east_midlands_2011", "successor_id": "leicestershire_1999"},
     "it ended on no day, and its"),
    ("inspections", {"fieldwork_from": filled, "area_id": "leicestershire_1999"},
     {"fieldwork_from": "2016-05", "fieldwork_to": "", "fieldwork_precision": "month", "note": ""},
     "outside the life of leicestershire_1999, 1999-04-01 to"),
]
# fmt: on
SEVERAL = 2  # so many folders; what would be told of more than its own cell goes into another


@pytest.mark.parametrize("n", range(SEVERAL))
def test_each_of_many_cells_is_named_with_its_fault_and_nothing_else(n, copy):
    expected = {}
    for name, wanted, cells, words in CELLS[n::SEVERAL]:
        line = next(
            line
            for line, row in copy.records(name)
            if not any((f"{name}.csv", line) == place[:2] for place in expected)
            and all(w(row[c]) if callable(w) else row[c] == w for c, w in wanted.items())
        )
        copy.put(name, line, **cells)
        column, value = next(iter(cells.items()))
        expected[f"{name}.csv", line, column, value or None] = words
    before = copy.snapshot()
    assert_told(copy.folder, expected, 4)
    assert copy.snapshot() == before, "check changed the folder"


def test_what_stands_twice_is_named_by_the_later_row(copy):
    offices, rating = copy.read("offices"), copy.records("ratings")[1][1]
    copy.write("offices", [*offices, offices[1]])
    again = copy.add("ratings", **(rating | {"rating_id": "told_again"}))
    actions = [one for one in copy.records("actions") if one[1]["kind"] == "recommendation"]
    (first, action), (second, _), *_ = actions
    copy.put("actions", second, number=action["number"])
    copy.put("responses", 3, action_id=copy.records("responses")[0][1]["action_id"])
    rows = copy.read("crosswalk")
    line = copy.line("crosswalk", status="no_counterpart", source_aspect_id=filled)
    copy.write("crosswalk", [*rows[: line - 1], *rows[line:]])
    same = "it stands already in line {}, with the same {}."
    expected = {
        ("offices.csv", len(offices) + 1): "it stands already in line 2.",
        ("ratings.csv", again): same.format(3, "inspection_id source_id"),
        ("actions.csv", second): same.format(first, "inspection_id kind"),
        ("responses.csv", 3): same.format(2, "source_id"),
        ("crosswalk.csv", None): "appears in no row",
    }
    assert_told(copy.folder, expected, 2)


UNSEEN = "\u00ad\u200b\u200d\u061c\U000e0041\u2060\u3164\ufe0f\u180e\u034f\u00a0\ue000\x85\u202e\0"


def test_a_character_that_nobody_sees_is_named_with_its_row(copy):
    for line, character in enumerate(UNSEEN, 2):
        copy.put("areas", line, note=f"Cum{character}bria")
    named = [(row.row, re.search(r"U\+[0-9A-F]+", row.problem)[0]) for row in found(copy.folder)]
    assert named == [(line, f"U+{ord(one):04X}") for line, one in enumerate(UNSEEN, 2)]


def test_what_is_right_is_no_problem(copy):
    texts = ["na\u00efve \u00a3430", "Caf\u00e9 \u2019n\u2019 C. 5?"]
    texts += ["-5", "+1.5", "-21.4%", "+1,000"]
    for line, text in enumerate(texts, 2):
        copy.put("aspect_sets", line, note=text)
    copy.put("areas", copy.line("areas", valid_from_precision="day"), valid_from_precision="month")
    line = copy.line("inspections", fieldwork_from=filled, area_id="leicestershire_1999")
    copy.put("inspections", line, fieldwork_precision="month", note="Visited again later.")
    copy.put("inspections", line, fieldwork_from="2016-05", fieldwork_to="2016-06")
    copy.write("offices", copy.read("offices")[:1])
    (copy.folder / DESCRIPTION_FILE).unlink()
    assert found(copy.folder) == []


ROW = b"x_1999,Leicester,office,s1,,stated,project"
# fmt: off
BYTES = [
    ("the file is empty", lambda _: b"", None, None),
    ("the file is empty", lambda _: b"\r\n \r\n", None, None),
    ("starts with a byte order mark", lambda data: b"\xef\xbb\xbf" + data, 1, None),
    ("the byte FF is not UTF-8", lambda data: data.decode().encode("utf-16"), 1, None),
    ("the byte E9 is not UTF-8", lambda data: data + b"x,Caf\xe9\r\n", 5, None),
    ("this is no CSV", lambda data: data + b'"open', 5, None),
    ("larger than field limit (131072)", lambda data: data + b"x" * 10**7, 5, None),
    ("8 cells, the header 7", lambda data: data + ROW + b",more\r\n", 5, None),
    ("1 cell, the header 7", lambda data: data + b"a\r\n", 5, None),
    ('"role" is missing', lambda data: data.replace(b"role,", b"", 1), 1, "role"),
    ('"tint" is not known', lambda data: data.replace(b"\r", b",tint\r", 1), 1, "tint"),
    ('"role" is there twice', lambda data: data.replace(b"\r", b",role\r", 1), 1, "role"),
]
# fmt: on


@pytest.mark.parametrize(("words", "change", "row", "column"), BYTES)
def test_a_fault_in_the_form_of_a_file_is_told_alike_by_check_and_load(
    words, change, row, column, copy
):
    copy.write("offices", copy.read("offices")[:4])
    copy.edit("offices", change)
    (problem,) = found(copy.folder)
    assert tuple(problem[:3]) == ("offices.csv", row, column)
    assert words in problem.problem
    with pytest.raises(hd.DataError) as error:
        hd.load("offices", copy.folder)
    assert (error.value.problem, error.value.remedy) == (problem.problem, problem.remedy)


def test_another_description_or_order_of_columns_is_told_and_not_followed(copy, monkeypatch):
    path = copy.folder / DESCRIPTION_FILE
    described = json.loads(path.read_bytes())
    addresses = ["http://127.0.0.1:9/x.csv", "../secret.csv"]
    for resource, address in zip(described["resources"], addresses, strict=False):
        resource["path"] = address
    path.write_text(json.dumps(described))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it asked the network"))
    told = found(copy.folder)
    assert [row.file for row in told] == [DESCRIPTION_FILE] * 2
    assert all("is described otherwise than in this version" in row.problem for row in told)
    copy.write("offices", [[*row[1:], row[0]] for row in copy.read("offices")])
    (problem,) = [row for row in found(copy.folder) if row.file == "offices.csv"]
    assert "not in their order" in problem.problem
    assert hd.load("offices", copy.folder).equals(hd.load("offices"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes.")
def test_pipes_loops_and_folders_do_not_stop_the_check(copy):
    for name in ("offices", "methods", "themes", "unread_reports"):
        copy.path(name).unlink()
    os.mkfifo(copy.path("offices"))
    copy.path("methods").symlink_to(copy.path("methods"))
    copy.path("unread_reports").mkdir()
    (copy.folder / DESCRIPTION_FILE).write_text("[" * 100_000 + "]" * 100_000)
    expected = {
        "offices.csv": "this is not a file",
        "methods.csv": "cannot be read",
        "themes.csv": "is missing from the folder",
        "unread_reports.csv": "this is not a file",
        DESCRIPTION_FILE: "cannot be understood",
    }
    # not tables that refer to those which are not there
    assert_told(copy.folder, {(file,): words for file, words in expected.items()}, 1)
    record = hd.Record(copy.folder)
    assert len(record.table("scales")) > 0
    with pytest.raises(hd.DataError, match="is missing"):  # an error only for who asks for it
        record.table("themes")
    for folder, words in (("nowhere", "there is no such folder."), ("x" * 5000, "name too long).")):
        (problem,) = found(folder)
        assert problem.problem.endswith(words)


def test_a_cut_is_told_apart_from_an_edit_which_may_be_meant(mine):
    offices, commitments = mine / "offices.csv", mine / "commitments.csv"
    before, lines = offices.read_bytes(), commitments.read_bytes().splitlines(keepends=True)
    commitments.write_bytes(b"".join(lines[:4] + lines[9:]))
    offices.write_bytes(before + b"kent_1999,Ashford,office,s001,,inferred,project\r\n")
    cut, edit = sorted(row for row in found(mine) if "datapackage.json" in row.problem)
    assert (cut.file, edit.file) == (commitments.name, offices.name)
    assert f"has {len(lines) - 6} rows, and datapackage.json says {len(lines) - 1}" in cut.problem
    commitments.write_bytes(b"".join(lines))
    offices.write_bytes(before.replace(b"Leicester,", b"Leichester,"))
    (edit,) = found(mine)
    assert "python -m hmcpsi_data codebook --write" in edit.remedy
    assert cli.main(["codebook", "--write", "--data", str(mine)]) == 0
    assert found(mine) == []


def test_a_version_or_a_sum_that_was_changed_by_hand_is_told_in_a_copied_folder_too(mine):
    path, day = mine / DESCRIPTION_FILE, "2025-01-02T00:00:00Z"
    described = json.loads(path.read_bytes())
    for cells, words in (
        ({"version": "2025.01.02"}, "is not of the day"),
        ({"version": None}, "is not of the day"),
        ({"version": "2025.01.02", "created": day}, "does not go with the content"),
        ({"content": "0" * 64}, "does not go with the content"),
    ):
        path.write_text(json.dumps(described | cells))
        problems = list(sum_problems(hd.Record(mine)))
        assert words in problems[0].problem
        assert {problem.file for problem in problems} == {DESCRIPTION_FILE}
    assert [row.problem for row in found(mine)] == [problems[0].problem]
    wrong = [{"bytes": "many"}, {"rows": "x"}, {"hash": 5}, {"rows": None}]
    for resource, sums in zip(described["resources"], wrong, strict=False):
        resource |= sums
    path.write_text(json.dumps(described))
    assert {row.file for row in found(mine)} == {table(name).file for name in table_names()[:4]}


def test_problems_come_by_file_then_line_with_types_and_each_cell_once(copy):
    none = hd.check()
    copy.put("offices", 3, role="attic")
    copy.put("offices", 2, role=" cellar")
    copy.put("aspect_sets", 2, note="one\ntwo")
    copy.put("aspect_sets", 3, n_aspects="-1")  # line 4 of the file
    problems = hd.check(copy.folder)
    files = [*["aspect_sets.csv"] * 2, *["offices.csv"] * 2]
    assert (problems["file"].tolist(), problems["row"].tolist()) == (files, [2, 4, 2, 3])
    assert "white space" in problems["problem"][2]
    assert problems.dtypes.equals(none.dtypes)
    assert none["row"].dtype == "Int64"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """One folder, with the first rows of each table, for all examples of a property."""
    copy = Copy(tmp_path_factory.mktemp("scratch") / "data")
    for name in table_names():
        copy.write(name, copy.read(name)[:15])
    return copy


# Bytes of any kind, and text that keeps a file readable while it breaks what the file says.
TEXTS = st.text(',;"\r\n\tL-=0129a \u00e9\u202e', max_size=8).map(str.encode)
PATCHES = st.tuples(st.floats(0, 1), st.integers(0, 20), st.binary(max_size=4) | TEXTS)
FEWER = settings.default.max_examples // 2  # each reads all tables


@settings(max_examples=FEWER, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(table_names()), st.lists(PATCHES, min_size=1, max_size=5))
def test_no_change_of_bytes_makes_check_or_load_fail_unclearly(scratch, name, edits):
    data = original = scratch.path(name).read_bytes()
    for place, length, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + length :]
    try:
        scratch.path(name).write_bytes(data)
        told = {row.file for row in found(scratch.folder)}
        try:
            hd.load(name, scratch.folder)
        except hd.DataError:
            assert f"{name}.csv" in told  # load refuses nothing that check did not name
    finally:
        scratch.path(name).write_bytes(original)
