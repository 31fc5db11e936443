"""What leaves the workbook can be read back, is the same each time, and is written whole or not."""

import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.tables.description import table, table_names

FORMULAS = ["=1+1", "+1", "-1", "@A1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\n=1", "{=1}"]
FORMATS = ("csv", "xlsx", "ods", "sqlite", "parquet", "sssom")
SHIPPED = {name: hd.load(name) for name in table_names()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "whole"
    hd.export(folder)
    return folder


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A record with texts that begin like formulas, and with few changes."""
    folder = hd.copy_data(tmp_path_factory.mktemp("mine") / "data")
    themes = SHIPPED["themes"].copy()
    themes.loc[: len(FORMULAS) - 1, "title"] = FORMULAS
    for name, frame in {"themes": themes, "changes": SHIPPED["changes"][:40]}.items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\r\n")
    return hd.Record(folder)


def read_csv(folder, name):
    dtypes = {field.name: field.dtype for field in table(name).fields}
    path = folder / "tables" / f"{name}.csv"
    return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("name", table_names())
def test_a_table_reads_back_as_it_was(whole, name):
    known = SHIPPED[name]
    pd.testing.assert_frame_equal(read_csv(whole, name), known)
    found = pd.read_parquet(whole / "parquet" / f"{name}.parquet")
    pd.testing.assert_frame_equal(found.convert_dtypes(), known.convert_dtypes())
    with closing(sqlite3.connect(whole / "hmcpsi.sqlite")) as database:
        found = pd.read_sql(f'SELECT * FROM "{name}"', database)
    pd.testing.assert_frame_equal(found.astype(known.dtypes.to_dict()), known)


def in_words(cell):
    """A cell as it must come back: numbers by value, truth values and texts as texts."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and not pd.isna(cell):
        return f"{cell:g}"
    marks = {"[x]": "", "%": "per cent", True: "true", False: "false"}
    return "" if pd.isna(cell) else marks.get(cell, cell)


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_each_sheet_of_a_spreadsheet_reads_back_cell_by_cell(whole, ending):
    sheets = pd.read_excel(
        whole / f"hmcpsi.{ending}", sheet_name=None, header=None, dtype=object, engine="calamine"
    )
    wanted = {name: frame for name, frame in SHIPPED.items() if len(frame)}
    for name in ("ratings", "actions"):
        wanted[f"{name}_joined"] = pd.read_csv(whole / f"{name}.csv", dtype=object)
    assert len(sheets) == len(wanted) + (3 if ending == "xlsx" else 1)
    for name, frame in wanted.items():
        cells = sheets[name].to_numpy()
        head = next(n for n, row in enumerate(cells) if list(row) == list(frame))
        found = [[in_words(cell) for cell in row] for row in cells[head + 1 :]]
        assert found == [[in_words(cell) for cell in row] for row in frame.to_numpy()], name


def test_the_same_input_gives_the_same_bytes_and_nothing_in_a_spreadsheet_is_calculated(
    mine, tmp_path
):
    written = [hd.export(tmp_path / name, area="Essex", record=mine) for name in ("once", "again")]
    assert {path.suffix for path in written[0]} >= {".csv", ".xlsx", ".ods", ".sqlite", ".tsv"}
    for first, second in zip(*written, strict=True):
        assert (first.name, first.read_bytes()) == (second.name, second.read_bytes())
    book = zipfile.ZipFile(tmp_path / "once" / "hmcpsi.xlsx")
    names = [name for name in book.namelist() if "worksheets/sheet" in name]
    cells = "".join(book.read(name).decode() for name in names)
    assert not re.search("<f[ >]", cells)
    assert re.search(r'<c r="[A-Z]+[0-9]+"[^>]*(?<!t="s")><v>[0-9]', cells)
    ods = zipfile.ZipFile(tmp_path / "once" / "hmcpsi.ods")
    first, content = ods.infolist()[0], ods.read("content.xml").decode()
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert ("table:formula" in content, "=1+1" in content) == (False, True)


def test_the_joined_tables_carry_their_sources_and_the_files_say_what_they_are(whole):
    for name in ("ratings", "actions"):
        found = pd.read_csv(whole / f"{name}.csv", dtype=str)
        assert len(found) == len(SHIPPED[name])
        assert found["source_title"].notna().all()
        assert {"source_publisher", "source_address", "source_published"} <= set(found)
    text = (whole / "README.md").read_text(encoding="utf-8")
    for words in ("no trend", "Open Government Licence", "To cite", hd.data_version(), "as text"):
        assert words in text
    described = json.loads((whole / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    files = {path.name for path in (whole / "tables").glob("*.csv")}
    assert {one["path"] for one in described["resources"]} == files
    paths, links = sorted((whole / "crosswalks").glob("*.sssom.tsv")), SHIPPED["crosswalk"]
    assert len(paths) == len(links[["source_set", "target_set"]].drop_duplicates())
    assert sum(len(hd.Crosswalk.from_sssom(path).to_frame()) for path in paths) == len(links)


@pytest.mark.parametrize(
    "filters",
    [{"area": "Leicestershire"}, {"framework": "aei_2008"}, {"theme": "disclosure"},
     {"area": "South West", "framework": "aip_2021"}],
)  # fmt: skip
def test_a_filter_keeps_every_statement_it_finds_and_what_that_refers_to(filters, tmp_path):
    hd.export(tmp_path / "one", ["csv", "sqlite"], **filters)
    kept = {name: read_csv(tmp_path / "one", name) for name in table_names()}
    for name, rows in hd.facts(**filters).query("table != 'area_lineage'").groupby("table"):
        assert set(rows["row_id"]) <= set(kept[name][table(name).primary_key[0]]), name
        assert len(kept[name]) < len(SHIPPED[name]), name
    with closing(sqlite3.connect(tmp_path / "one" / "hmcpsi.sqlite")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        keys = [database.execute(f'PRAGMA foreign_key_list("{name}")') for name in table_names()]
        assert sum(len(key.fetchall()) for key in keys) > 20
    for name, key in (("ratings", "rating_id"), ("actions", "action_id")):
        assert set(pd.read_csv(tmp_path / "one" / f"{name}.csv")[key]) == set(kept[name][key])
    # what was answered and promised comes along
    asked = set(kept["actions"]["action_id"])
    answered = set(SHIPPED["responses"]["action_id"])
    assert set(kept["responses"]["action_id"]) == asked & answered
    assert set(kept["evidence"].query("table == 'actions'")["row_id"]) <= asked
    text = (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
    for name, frame in kept.items():  # each table says whether it is whole, and is as it says
        which = "all" if len(frame) == len(SHIPPED[name]) else "selected"
        assert f"| {name} | {len(frame):,} | {which} |" in text, name
    assert "`changes`, the history of all data" in " ".join(text.split())


@pytest.mark.parametrize("name", FORMATS)
def test_a_disk_that_takes_no_more_is_one_sentence_and_leaves_nothing_behind(
    name, mine, tmp_path, capfd
):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, limits[1]))
    try:
        with pytest.raises(hd.HmcpsiError, match=r"x cannot be written \(File too large\)\. "):
            hd.export(tmp_path / "x", name, area="Essex", record=mine)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (list(tmp_path.iterdir()), capfd.readouterr().err) == ([], "")


def test_a_wrong_format_filter_or_place_is_a_sentence_and_touches_nothing(tmp_path):
    for formats in ("xls", ["csv", "docx"], [], 3, [None]):
        with pytest.raises(hd.UnknownValueError, match="formats") as told:
            hd.export(tmp_path / "x", formats)
        assert told.value.known == FORMATS
    (tmp_path / "mine").mkdir()
    for name in ("mine/notes.txt", "file"):
        (tmp_path / name).write_text("mine")
    wrong = {tmp_path / "mine": "is not empty", tmp_path / "file": "is not a folder"}
    for folder, words in (wrong | dict.fromkeys([None, 3, "\0"], "folder")).items():
        with pytest.raises(hd.HmcpsiError, match=words):
            hd.export(folder, "csv")
    with pytest.raises(hd.HmcpsiError, match="Nothing is left"):
        hd.export(tmp_path / "x", "csv", area="Essex", theme="custody_time_limits")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine", "notes.txt"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_spreadsheets(whole, tmp_path):
    for kind in ("xlsx", "ods"):
        file = shutil.copy(whole / f"hmcpsi.{kind}", tmp_path / f"{kind}.{kind}")
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        command += ["--convert-to", "csv", "--outdir", str(tmp_path), str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        assert "no trend" in (tmp_path / f"{kind}.csv").read_text(encoding="utf-8")
