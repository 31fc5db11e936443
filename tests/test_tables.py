"""`load` gives each table as the description has it, or says what is wrong with the file."""

import csv
import os
import pickle

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.description import shipped_folder, table, table_names
from hmcpsi_data.errors import AmbiguousAreaError

TABLES = table_names()


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "data")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_and_types_of_the_description(name):
    loaded = hd.load(name)
    assert {column: str(dtype) for column, dtype in loaded.dtypes.items()} == {
        field.name: field.dtype for field in table(name).fields
    }
    assert list(loaded.columns) == list(table(name).columns)
    assert isinstance(loaded.index, pd.RangeIndex)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_holds_what_the_file_holds(name):
    with (shipped_folder() / table(name).file).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    loaded = hd.load(name)
    assert len(loaded) == len(rows)
    for field in table(name).fields:
        if field.type == "string":
            expected = [row[field.name] or None for row in rows]
            assert [None if pd.isna(x) else x for x in loaded[field.name]] == expected


@pytest.mark.parametrize("text", ["NA", "NaN", "null", "None", "N/A", "nan", "<NA>", "-"])
def test_text_that_others_take_for_nothing_survives(copy, text):
    copy.put("aspect_sets", 2, note=text)
    assert hd.load("aspect_sets", copy.folder).loc[0, "note"] == text


def test_an_empty_cell_is_not_available_whatever_its_type(copy):
    copy.put("scales", 2, rank="", locator="", is_open="")
    assert hd.load("scales", copy.folder).loc[0, ["rank", "locator", "is_open"]].isna().all()


def test_a_number_comes_as_a_number(copy):
    copy.put("measures", 2, value="-1.5e2")
    assert hd.load("measures", copy.folder).loc[0, "value"] == -150.0


def test_a_table_without_rows_keeps_its_types(copy):
    copy.write("scales", copy.read("scales")[:1])
    empty = hd.load("scales", copy.folder)
    assert len(empty) == 0
    assert empty.dtypes.equals(hd.load("scales").dtypes)


def test_columns_in_another_order_come_in_the_order_of_the_description(copy):
    copy.write("offices", [[*row[1:], row[0]] for row in copy.read("offices")])
    pd.testing.assert_frame_equal(hd.load("offices", copy.folder), hd.load("offices"))


def test_lines_without_values_are_left_out(copy):
    copy.edit("offices", lambda data: data.replace(b"\r\n", b"\r\n\r\n", 2) + b",,,,,,\r\n\r\n")
    pd.testing.assert_frame_equal(hd.load("offices", copy.folder), hd.load("offices"))


@pytest.mark.parametrize("name", TABLES)
def test_changing_a_table_in_place_never_changes_the_next_one(name):
    before = hd.load(name)
    spoilt = hd.load(name)
    spoilt.iloc[:, 0] = pd.NA
    spoilt.loc[0, spoilt.columns[1]] = pd.NA
    spoilt["new"] = 1
    spoilt.attrs["note"] = "mine"
    spoilt.index.name = "mine"
    spoilt.columns = [column.upper() for column in spoilt.columns]
    del spoilt["NEW"]
    after = hd.load(name)
    pd.testing.assert_frame_equal(after, before)
    assert after.attrs == {}


def test_writing_into_the_arrays_of_a_table_never_changes_the_next_one():
    before = hd.load("scales")
    spoilt = hd.load("scales")
    spoilt["value"].array[0] = "spoilt"
    spoilt["rank"].array[0] = 99
    spoilt["is_open"].array[0] = pd.NA
    pd.testing.assert_frame_equal(hd.load("scales"), before)


def test_a_changed_file_is_read_again(copy):
    assert hd.load("scales", copy.folder).loc[0, "value"] != "changed value"
    copy.put("scales", 2, value="changed value")
    assert hd.load("scales", copy.folder).loc[0, "value"] == "changed value"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell when a file was changed.")
def test_a_file_changed_behind_its_date_is_read_again(copy):
    hd.load("scales", copy.folder)
    before = copy.path("scales").stat()
    copy.edit("scales", lambda data: data.replace(b"Poor", b"Puur"))
    os.utime(copy.path("scales"), ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "Puur" in set(hd.load("scales", copy.folder)["value"])


def test_a_tilde_is_the_home_folder(copy, monkeypatch):
    monkeypatch.setenv("HOME", str(copy.folder.parent))
    monkeypatch.setenv("USERPROFILE", str(copy.folder.parent))
    copy.put("scales", 2, value="Splendid")
    assert hd.load("scales", "~/data")["value"][0] == "Splendid"
    monkeypatch.setenv("HMCPSI_DATA", "~/data")
    assert hd.load("scales")["value"][0] == "Splendid"
    assert len(hd.check("~/data")) > 0


def test_the_same_relative_folder_means_another_one_elsewhere(copy, tmp_path, monkeypatch):
    other = Copy(tmp_path / "elsewhere" / "data")
    other.put("scales", 2, value="elsewhere")
    monkeypatch.chdir(tmp_path)
    here = hd.load("scales", "data")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert hd.load("scales", "data").loc[0, "value"] == "elsewhere"
    assert here.loc[0, "value"] != "elsewhere"


def test_the_folder_is_the_argument_else_the_environment_else_the_shipped_one(copy, monkeypatch):
    copy.put("scales", 2, value="from the copy")
    shipped = hd.load("scales").loc[0, "value"]
    monkeypatch.setenv("HMCPSI_DATA", str(copy.folder))
    assert hd.load("scales").loc[0, "value"] == "from the copy"
    assert hd.load("scales", shipped_folder()).loc[0, "value"] == shipped
    monkeypatch.setenv("HMCPSI_DATA", "")
    assert hd.load("scales").loc[0, "value"] == shipped


def test_a_folder_of_ones_own_is_read_with_the_types_of_this_version(copy):
    description = copy.folder / "datapackage.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace('"integer"', '"string"'), encoding="utf-8")
    assert str(hd.load("scales", copy.folder)["rank"].dtype) == "Int64"


@pytest.mark.parametrize("name", ["rating", "Ratings", "ratings.csv"])
def test_an_unknown_table_names_the_nearest(name):
    with pytest.raises(hd.UnknownValueError, match='Did you mean "ratings"') as error:
        hd.load(name)
    assert "tables() lists all that are" in str(error.value)


@pytest.mark.parametrize("name", [None, 3, ["ratings"], pd.NA])
def test_what_is_no_name_is_an_unknown_table(name):
    with pytest.raises(hd.UnknownValueError, match=r"^table .* is not known"):
        hd.load(name)


def test_a_missing_file_names_file_folder_and_remedy(copy):
    copy.path("scales").unlink()
    with pytest.raises(hd.DataError, match="Put the file back") as error:
        hd.load("scales", copy.folder)
    assert (error.value.file, error.value.row) == ("scales.csv", None)
    assert str(copy.folder) in str(error.value)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(hd.DataError, match="there is no such folder"):
        hd.load("scales", tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_named(copy):
    with pytest.raises(hd.DataError, match=r"this is not a folder. Give the folder") as error:
        hd.load("scales", copy.path("scales"))
    assert error.value.file == str(copy.path("scales"))


@pytest.mark.parametrize("folder", ["\0", "x" * 5000])
def test_a_folder_that_cannot_be_is_a_data_error(folder):
    with pytest.raises(hd.DataError):
        hd.load("scales", folder)


def test_a_word_where_a_number_belongs_names_line_column_value_and_remedy(copy):
    copy.put("scales", 4, rank="third")
    with pytest.raises(hd.DataError) as error:
        hd.load("scales", copy.folder)
    fault = error.value
    assert (fault.file, fault.row, fault.column, fault.value) == ("scales.csv", 4, "rank", "third")
    assert str(fault) == (
        'scales.csv, line 4, column rank: "third" is not a whole number. '
        "Write digits only, as in 31726."
    )


@pytest.mark.parametrize(
    "value", ["1_000", "\u0663", "1.0", "0x10", " 1", "1e3", "9" * 19, "9" * 5000]
)
def test_only_digits_make_a_whole_number(copy, value):
    copy.put("scales", 2, rank=value)
    with pytest.raises(hd.DataError, match="is not a whole number"):
        hd.load("scales", copy.folder)


@pytest.mark.parametrize(
    "value", ["NaN", "inf", "1,5", "1e999", "\u0663.\u0665", "1_0", "5 %", "--1"]
)
def test_only_finite_decimal_numbers_make_a_number(copy, value):
    copy.put("measures", 2, value=value)
    with pytest.raises(hd.DataError, match="is not a number"):
        hd.load("measures", copy.folder)


@pytest.mark.parametrize(
    ("change", "row", "fault"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, 1, "byte order mark"),
        (lambda data: data + b"\xff", 5, "the byte FF is not UTF-8"),
        (lambda data: data + b"\0", 5, "NUL"),
        (lambda _: b"", None, "empty"),
        (lambda _: b"\r\n \r\n", None, "empty"),
        (lambda data: data + b'"open', 5, "no CSV"),
        (lambda data: data + b"a,b,c,d,e,f,g,h\r\n", 5, "8 cells, the header 7"),
        (lambda data: data + b"a,b\r\n", 5, "2 cells, the header 7"),
        (lambda data: data.replace(b"role", b"part", 1), 1, '"role" is missing'),
        (lambda data: data.replace(b"\r\n", b",colour\r\n", 1), 1, '"colour" is not known'),
        (lambda data: data + b"a\r\n", 5, "1 cell, the header 7"),
    ],
)
def test_a_file_at_fault_names_the_line_and_the_fault(copy, change, row, fault):
    copy.write("offices", copy.read("offices")[:4])
    copy.edit("offices", change)
    with pytest.raises(hd.DataError, match=fault) as error:
        hd.load("offices", copy.folder)
    assert (error.value.file, error.value.row) == ("offices.csv", row)
    assert error.value.remedy


def test_a_cell_beyond_what_can_be_read_is_a_data_error(copy):
    limit = csv.field_size_limit(1000)
    try:
        copy.put("scales", 2, meaning="x" * 1001)
        with pytest.raises(hd.DataError, match="line 2: this is no CSV"):
            hd.load("scales", copy.folder)
    finally:
        csv.field_size_limit(limit)


def test_after_a_line_break_in_a_cell_lines_are_those_of_an_editor(copy):
    copy.put("scales", 2, meaning="one\ntwo")
    copy.put("scales", 3, rank="second")
    with pytest.raises(hd.DataError, match="line 4, column rank"):
        hd.load("scales", copy.folder)


def test_a_corrected_file_is_read_after_an_error(copy):
    copy.put("scales", 2, rank="first")
    with pytest.raises(hd.DataError):
        hd.load("scales", copy.folder)
    copy.put("scales", 2, rank="4")
    assert hd.load("scales", copy.folder).loc[0, "rank"] == 4


@pytest.mark.parametrize(
    "error",
    [
        hd.DataError("a.csv", 2, "b", "c", "is wrong", "Put it right."),
        hd.UnknownValueError("level", "x", ["aspect"], "tables()"),
        AmbiguousAreaError("area", "x", ["a", "b"], "areas()", ["1999", "2011"]),
    ],
)
def test_errors_survive_a_trip_to_another_process(error):
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), str(error))


def test_tables_lists_every_table_with_its_size_and_title():
    overview = hd.tables()
    assert overview["name"].tolist() == list(TABLES)
    assert overview["rows"].tolist() == [len(hd.load(name)) for name in TABLES]
    assert overview["columns"].tolist() == [hd.load(name).shape[1] for name in TABLES]
    assert overview["title"].notna().all()
    assert overview.dtypes.astype(str).tolist() == ["string", "Int64", "Int64", "string"]
