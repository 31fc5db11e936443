"""What leaves the workbook can be read back, is the same each time, and is written whole or not."""

import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.tables.description import table, table_names

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "\n=1+1",
    "{=1+1}",
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The whole record in every format."""
    folder = tmp_path_factory.mktemp("export") / "whole"
    hd.export(folder)
    return folder


@pytest.fixture(scope="module")
def crafted(tmp_path_factory):
    """An export of texts that begin like formulas."""
    home = tmp_path_factory.mktemp("crafted")
    mine = hd.copy_data(home / "mine")
    frame = pd.read_csv(mine / "themes.csv", dtype=str, keep_default_na=False)
    frame.loc[: len(FORMULAS) - 1, "title"] = FORMULAS
    frame.to_csv(mine / "themes.csv", index=False, lineterminator="\r\n")
    hd.export(home / "out", ["xlsx", "ods"], record=mine)
    return home / "out"


def read_csv(folder: Path, name: str) -> pd.DataFrame:
    dtypes = {field.name: field.dtype for field in table(name).fields}
    path = folder / "tables" / f"{name}.csv"
    return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("name", table_names())
def test_a_table_reads_back_as_it_was(whole, name):
    known = hd.load(name)
    pd.testing.assert_frame_equal(read_csv(whole, name), known)
    found = pd.read_parquet(whole / "parquet" / f"{name}.parquet")
    pd.testing.assert_frame_equal(found.convert_dtypes(), known.convert_dtypes())
    database = sqlite3.connect(whole / "hmcpsi.sqlite")
    try:
        found = pd.read_sql(f'SELECT * FROM "{name}"', database)
    finally:
        database.close()
    pd.testing.assert_frame_equal(found.astype(known.dtypes.to_dict()), known)


def test_the_database_keeps_its_references(whole):
    database = sqlite3.connect(whole / "hmcpsi.sqlite")
    try:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        keys = [database.execute(f'PRAGMA foreign_key_list("{name}")') for name in table_names()]
        assert sum(len(key.fetchall()) for key in keys) > 20
    finally:
        database.close()


def in_words(cell):
    """A cell as it must come back: numbers by value, truth values and texts as texts."""
    if pd.isna(cell) or cell == "[x]":  # the mark of an empty cell in the xlsx
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    is_number = isinstance(cell, int | float)
    return f"{cell:g}" if is_number else {"%": "per cent"}.get(cell, cell)


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_each_sheet_of_a_spreadsheet_reads_back_cell_by_cell(whole, ending):
    sheets = pd.read_excel(
        whole / f"hmcpsi.{ending}", sheet_name=None, header=None, dtype=object, engine="calamine"
    )
    filled = [name for name in table_names() if len(hd.load(name))]
    wanted = {name: hd.load(name) for name in filled}
    for name in ("ratings", "actions"):
        wanted[f"{name}_joined"] = pd.read_csv(whole / f"{name}.csv", dtype=object)
    assert len(sheets) == len(wanted) + (3 if ending == "xlsx" else 1)
    for name, frame in wanted.items():
        cells = sheets[name].to_numpy()
        head = next(n for n, row in enumerate(cells) if list(row) == list(frame))
        found = [[in_words(cell) for cell in row] for row in cells[head + 1 :]]
        assert found == [[in_words(cell) for cell in row] for row in frame.to_numpy()], name


def test_nothing_in_a_spreadsheet_is_calculated(crafted):
    book = zipfile.ZipFile(crafted / "hmcpsi.xlsx")
    cells = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert cells
    assert not any("<f>" in sheet or "<f " in sheet for sheet in cells)
    ods = zipfile.ZipFile(crafted / "hmcpsi.ods").read("content.xml").decode()
    assert "table:formula" not in ods
    assert "=1+1" in ods


def test_the_crosswalks_come_back_from_sssom(whole):
    paths, links = sorted((whole / "crosswalks").glob("*.sssom.tsv")), hd.load("crosswalk")
    assert len(paths) == len(links[["source_set", "target_set"]].drop_duplicates())
    assert sum(len(hd.Crosswalk.from_sssom(path).to_frame()) for path in paths) == len(links)


def test_the_joined_tables_carry_their_sources(whole):
    for name, known in (("ratings", hd.ratings()), ("actions", hd.actions())):
        found = pd.read_csv(whole / f"{name}.csv", dtype=str)
        assert len(found) == len(known)
        assert found["source_title"].notna().all()
        assert {"source_publisher", "source_address", "source_published"} <= set(found)


def test_readme_and_data_package_say_what_is_there_and_what_may_not_be_done(whole):
    text = (whole / "README.md").read_text(encoding="utf-8")
    for words in ("no trend", "Open Government Licence", "To cite", hd.data_version()):
        assert words in text
    described = json.loads((whole / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    files = {path.name for path in (whole / "tables").glob("*.csv")}
    assert {one["path"] for one in described["resources"]} == files


def test_the_same_input_gives_the_same_bytes(whole, tmp_path):
    again = tmp_path / "again"
    hd.export(again)
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert [f for f in files if (whole / f).read_bytes() != (again / f).read_bytes()] == []


def test_a_filter_keeps_what_belongs_together(tmp_path):
    one = tmp_path / "one"
    hd.export(one, "csv", area="South West", framework="aip_2021")
    assert read_csv(one, "inspections")["inspection_id"].tolist() == ["south_west_aip_2021"]
    actions = read_csv(one, "actions")
    assert set(actions["inspection_id"]) == {"south_west_aip_2021"}
    assert set(read_csv(one, "responses")["action_id"]) == set(actions["action_id"])
    assert len(read_csv(one, "areas")) == len(hd.load("areas"))
    links = read_csv(one, "evidence").query("table == 'actions'")
    assert set(links["row_id"]) <= set(actions["action_id"])


def test_a_theme_keeps_what_is_linked_to_it(tmp_path):
    hd.export(tmp_path / "one", "csv", theme="disclosure")
    kept = read_csv(tmp_path / "one", "ratings")["rating_id"]
    links = hd.load("evidence").query("theme_id == 'disclosure' and table == 'ratings'")["row_id"]
    assert sorted(kept) == sorted(links)
    assert len(read_csv(tmp_path / "one", "commitments"))


@pytest.mark.parametrize("formats", ["xls", ["csv", "docx"], [], 3, [None]])
def test_an_unknown_format_is_refused_with_what_there_is(formats, tmp_path):
    with pytest.raises(hd.UnknownValueError, match="formats") as told:
        hd.export(tmp_path / "x", formats)
    assert told.value.known == ("csv", "xlsx", "ods", "sqlite", "parquet", "sssom")
    assert list(tmp_path.iterdir()) == []


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_what_cannot_be_written_is_a_sentence_and_leaves_nothing_behind(tmp_path, monkeypatch):
    with pytest.raises(hd.HmcpsiError, match="Nothing is left"):
        hd.export(tmp_path / "x", "csv", area="Cumbria", framework="aei_2008")
    for folder in (None, 3, "\0"):
        with pytest.raises(hd.HmcpsiError):
            hd.export(folder, "csv")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(hd.HmcpsiError, match="No space left"):
        hd.export(tmp_path / "x", ["csv", "sqlite"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir()
    for name in ("mine/notes.txt", "file"):
        (tmp_path / name).write_text("mine")
    for name, words in (("mine", "is not empty"), ("file", "is not a folder")):
        with pytest.raises(hd.HmcpsiError, match=words):
            hd.export(tmp_path / name, "csv")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine", "notes.txt"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_libreoffice_opens_the_spreadsheets(whole, tmp_path, ending):
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(whole / f"hmcpsi.{ending}")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    assert (tmp_path / "hmcpsi.pdf").stat().st_size > 10_000


@pytest.mark.parametrize("filters", [{"area": "Essex"}, {"theme": "disclosure"}])
def test_a_selection_opens_in_a_spreadsheet_with_numbers_as_numbers(filters, tmp_path):
    hd.export(tmp_path / "out", formats="xlsx", **filters)
    book = zipfile.ZipFile(tmp_path / "out" / "hmcpsi.xlsx")
    sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
    assert "measures" in book.read("xl/workbook.xml").decode()
    assert any(re.search(r'<c r="[A-Z]+[0-9]+"[^>]*(?<!t="s")><v>[0-9]', one) for one in sheets)
