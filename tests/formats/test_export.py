"""What leaves the workbook can be read back, is the same each time, and is written whole or not."""

import json
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.formats import FORMATS, export
from hmcpsi_data.tables.description import table, table_names

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "\n=1+1",
    "{=1+1}",
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The whole record in every format."""
    folder = tmp_path_factory.mktemp("export") / "whole"
    export(folder)
    return folder


@pytest.fixture(scope="module")
def crafted(tmp_path_factory):
    """A folder whose texts begin like formulas, and its export."""
    home = tmp_path_factory.mktemp("crafted")
    mine = hd.copy_data(home / "mine")
    path = mine / "themes.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[: len(FORMULAS) - 1, "title"] = FORMULAS
    frame.to_csv(path, index=False, lineterminator="\r\n")
    export(home / "out", ["xlsx", "ods"], record=mine)
    return home / "out"


def read_csv(path: Path, name: str) -> pd.DataFrame:
    dtypes = {field.name: field.dtype for field in table(name).fields}
    return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("name", table_names())
def test_a_table_reads_back_from_csv_as_it_was(whole, name):
    pd.testing.assert_frame_equal(read_csv(whole / "tables" / f"{name}.csv", name), hd.load(name))


@pytest.mark.parametrize("name", table_names())
def test_a_table_reads_back_from_parquet_as_it_was(whole, name):
    found = pd.read_parquet(whole / "parquet" / f"{name}.parquet")
    pd.testing.assert_frame_equal(found.convert_dtypes(), hd.load(name).convert_dtypes())


def test_the_database_holds_every_row_and_its_references_are_kept(whole):
    database = sqlite3.connect(whole / "hmcpsi.sqlite")
    try:
        for name in table_names():
            (n,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            assert n == len(hd.load(name)), name
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        poor = database.execute("SELECT count(*) FROM ratings WHERE rating = 'Poor'").fetchone()
        assert poor == (int(hd.load("ratings")["rating"].eq("Poor").sum()),)
    finally:
        database.close()


def test_the_spreadsheets_hold_every_row_as_text(whole):
    shared = zipfile.ZipFile(whole / "hmcpsi.xlsx").read("xl/sharedStrings.xml").decode()
    sheets = zipfile.ZipFile(whole / "hmcpsi.xlsx").namelist()
    assert "leicestershire_opa_2005_overall" in shared
    assert sum(name.startswith("xl/tables/") for name in sheets) >= len(table_names()) - 1
    ods = zipfile.ZipFile(whole / "hmcpsi.ods").read("content.xml").decode()
    for rating_id in hd.load("ratings")["rating_id"]:
        assert rating_id in shared
        assert rating_id in ods


def test_nothing_in_a_spreadsheet_is_calculated(crafted):
    book = zipfile.ZipFile(crafted / "hmcpsi.xlsx")
    cells = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert cells
    assert not any("<f>" in sheet or "<f " in sheet for sheet in cells)
    ods = zipfile.ZipFile(crafted / "hmcpsi.ods").read("content.xml").decode()
    assert "table:formula" not in ods
    assert "=1+1" in ods


def test_the_crosswalks_come_back_from_sssom(whole):
    paths = sorted((whole / "crosswalks").glob("*.sssom.tsv"))
    links = hd.load("crosswalk")
    assert len(paths) == len(links[["source_set", "target_set"]].drop_duplicates())
    back = [hd.Crosswalk.from_sssom(path).to_frame() for path in paths]
    assert sum(map(len, back)) == len(links)


def test_the_joined_tables_carry_their_sources(whole):
    for name, whole_frame in (("ratings", hd.ratings()), ("actions", hd.actions())):
        found = pd.read_csv(whole / f"{name}.csv", dtype=str)
        assert len(found) == len(whole_frame)
        assert found["source_title"].notna().all()
        assert {"source_publisher", "source_address", "source_published"} <= set(found)


def test_the_readme_says_what_may_not_be_done_and_how_to_cite(whole):
    text = (whole / "README.md").read_text(encoding="utf-8")
    for words in ("no trend", "Open Government Licence", "To cite", hd.data_version()):
        assert words in text


def test_the_data_package_describes_the_files_beside_it(whole):
    described = json.loads((whole / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    assert {one["path"] for one in described["resources"]} == {
        path.name for path in (whole / "tables").glob("*.csv")
    }


def test_the_same_input_gives_the_same_bytes(whole, tmp_path):
    export(tmp_path / "again")
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    again = tmp_path / "again"
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    different = [str(f) for f in files if (whole / f).read_bytes() != (again / f).read_bytes()]
    assert different == []


def test_a_filter_keeps_what_belongs_together(tmp_path):
    export(tmp_path / "one", "csv", area="South West", framework="aip_2021")
    tables = tmp_path / "one" / "tables"
    inspections = read_csv(tables / "inspections.csv", "inspections")
    assert inspections["inspection_id"].tolist() == ["south_west_aip_2021"]
    actions = read_csv(tables / "actions.csv", "actions")
    assert set(actions["inspection_id"]) == {"south_west_aip_2021"}
    responses = read_csv(tables / "responses.csv", "responses")
    assert set(responses["action_id"]) <= set(actions["action_id"])
    assert len(read_csv(tables / "areas.csv", "areas")) == len(hd.load("areas"))
    links = read_csv(tables / "evidence.csv", "evidence")
    of_actions = links.loc[links["table"].eq("actions"), "row_id"]
    assert set(of_actions) <= set(actions["action_id"])


def test_a_theme_keeps_what_is_linked_to_it(tmp_path):
    export(tmp_path / "one", "csv", theme="disclosure")
    kept = read_csv(tmp_path / "one" / "tables" / "ratings.csv", "ratings")["rating_id"]
    links = hd.load("evidence").query("theme_id == 'disclosure' and table == 'ratings'")["row_id"]
    assert sorted(kept) == sorted(links)


@pytest.mark.parametrize("formats", ["xls", ["csv", "docx"], [], 3, [None]])
def test_an_unknown_format_is_refused_with_what_there_is(formats, tmp_path):
    with pytest.raises(hd.UnknownValueError, match="formats") as told:
        export(tmp_path / "x", formats)
    assert "csv" in told.value.known
    assert list(tmp_path.iterdir()) == []


def test_a_filter_that_selects_nothing_writes_nothing(tmp_path):
    with pytest.raises(hd.HmcpsiError, match="othing"):
        export(tmp_path / "x", "csv", area="Cumbria", framework="aei_2008")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(hd.HmcpsiError, match="is not empty"):
        export(tmp_path / "mine", "csv")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(hd.HmcpsiError, match="is not a folder"):
        export(tmp_path / "file", "csv")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine", "notes.txt"]


@pytest.mark.parametrize("folder", [None, 3, "\0"])
def test_no_folder_at_all_is_a_sentence(folder):
    with pytest.raises(hd.HmcpsiError):
        export(folder, "csv")


def test_a_writer_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(hd.HmcpsiError, match="No space left"):
        export(tmp_path / "x", ["csv", "sqlite"])
    assert list(tmp_path.iterdir()) == []


def test_all_formats_are_offered():
    assert FORMATS == ("csv", "xlsx", "ods", "sqlite", "parquet", "sssom")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_libreoffice_opens_the_spreadsheets(whole, tmp_path, ending):
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(whole / f"hmcpsi.{ending}")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    assert (tmp_path / "hmcpsi.pdf").stat().st_size > 10_000
