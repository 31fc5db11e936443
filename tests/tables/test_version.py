"""The version says which tables these are, a table what changed, the codebook what is in them."""

import json
import re

import pytest
from agreement import agreement, in_words
from editing import Copy
from frictionless import Package, system

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data.tables import description
from hmcpsi_data.tables.description import markdown, package, shipped_folder, table, table_names


def test_a_folder_with_other_tables_has_another_version(tmp_path):
    mine = hd.copy_data(tmp_path / "mine")
    assert hd.data_version(mine) == hd.data_version()
    (mine / "datapackage.json").unlink()  # then it is measured by that of this version
    assert hd.data_version(mine) == hd.data_version()
    path = mine / "offices.csv"
    path.write_bytes(path.read_bytes() + b"kent_1999,Maidstone,office,s001,,inferred,project\r\n")
    changed = hd.data_version(mine)
    assert re.fullmatch(re.escape(hd.data_version()) + r"\+[0-9a-f]{12}", changed)
    assert hd.data_version(hd.Record(mine)) == changed
    path.unlink()
    with pytest.raises(hd.DataError, match="is missing"):
        hd.data_version(mine)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A source checkout of which only the data and the change log matter."""
    copy = Copy(tmp_path / "data")
    (tmp_path / "pyproject.toml").write_text("")
    log = (shipped_folder().parent / "CHANGELOG.md").read_text(encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(log, encoding="utf-8")
    monkeypatch.setattr(description, "shipped_folder", lambda: copy.folder)
    return copy


def faults(copy):
    return hd.check(copy.folder)["problem"].tolist()


def test_the_page_is_written_and_a_changed_cell_told_until_sums_version_and_log_have_moved(
    checkout, capsys
):
    page = checkout.folder / "README.md"
    kept = "<!-- What follows is written by hand and kept. -->\n\n## Mine\n"
    page.write_text(f"old\n{kept}", encoding="utf-8")
    assert cli.main(["codebook", "--write"]) == 0
    assert page.read_text(encoding="utf-8") == f"{markdown()}\n{kept}"
    assert "README.md in" in capsys.readouterr().out
    assert faults(checkout) == []
    checkout.put("offices", 2, role="office")
    edited, stale = sorted(faults(checkout), key=lambda fault: "not those of" in fault)
    assert "the file was edited" in edited
    assert "the tables are not those of the version" in stale
    assert cli.main(["codebook", "--write"]) == 0
    assert faults(checkout) == [stale]
    assert "+" in hd.data_version(checkout.folder)
    assert cli.main(["codebook", "--write", "--version", "2031.02.03"]) == 0
    (missing,) = faults(checkout)
    assert 'CHANGELOG.md has no line "Data version 2031.02.03 (content ' in missing
    assert hd.data_version(checkout.folder) == "2031.02.03"
    log = checkout.folder.parent / "CHANGELOG.md"
    log.write_text(f"- {missing.split(chr(34))[1]}: an office\n", encoding="utf-8")
    assert faults(checkout) == []


def test_what_is_no_version_or_no_checkout_is_refused(checkout, capsys, tmp_path):
    for version in ("2031.02.32", "2031-02-03", "2031.02.03.0"):
        assert cli.main(["codebook", "--write", "--version", version]) == 1
        assert "is no version of the data" in capsys.readouterr().err
    for since in ("", 2026, [], "2026.11.29+1a2b"):
        with pytest.raises(hd.HmcpsiError, match="is no version"):
            hd.changes(since)
    (checkout.folder.parent / "pyproject.toml").unlink()
    own = str(Copy(tmp_path / "own").folder)
    for more in ([], ["--data", own, "--version", "2031.02.03"]):
        assert cli.main(["codebook", "--write", *more]) == 1
        assert "in a source checkout only" in capsys.readouterr().err


def test_changes_are_those_after_a_version(tmp_path):
    copy = Copy(tmp_path / "data")
    rows = [
        ["2031.02.03", "ratings", "a_b", "rating", "Good", "Fair", "s001", "Read again."],
        ["2031.10.01", "sources", "s001", "published", "2006", "2006-03", "", "Its month."],
        ["2031.10.01.2", "sources", "s002", "published", "", "2006-03", "", "Its month."],
    ]
    copy.write("changes", [copy.read("changes")[0], *rows])
    assert len(hd.changes(record=copy.folder)) == 3
    assert hd.changes("2031.02.03", copy.folder)["row_id"].tolist() == ["s001", "s002"]
    assert hd.changes("2031.10.01", copy.folder)["row_id"].tolist() == ["s002"]
    old = hd.changes("2000.01.01", hd.Record(copy.folder))["old"]
    assert old.isna().tolist() == [False, False, True]
    assert hd.check(copy.folder).empty


def test_the_last_change_of_a_value_is_what_stands_in_the_table_now():
    record = hd.Record()
    found = hd.changes(record=record)
    assert found["version"].max() <= hd.data_version(record)
    latest = found.drop_duplicates(["table", "row_id", "column"], keep="last")
    for change in latest.astype(object).where(latest.notna(), "").itertuples():
        cells = record.cells(change.table)
        at = [cells.header.index(name) for name in description.table(change.table).primary_key]
        rows = {", ".join(row[i] for i in at): row for row in cells.rows}
        now = rows[change.row_id][cells.header.index(change.column)]
        assert now == change.new, (change.table, change.row_id, change.column)


def test_frictionless_itself_finds_the_shipped_data_valid_by_both_versions_of_the_standard():
    for standard in ("v1", "v2"):
        with system.use_context(standards=standard):
            report = Package(str(shipped_folder() / "datapackage.json")).validate()
        assert report.valid, report.to_summary()
    described = json.loads((shipped_folder() / "datapackage.json").read_bytes())
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["profile"] == "tabular-data-package"
    assert described["contributors"]
    for resource in described["resources"]:
        assert resource["profile"] == "tabular-data-resource"
        assert {"hash", "bytes", "rows"} <= resource.keys()


def test_the_page_and_the_codebook_say_what_the_description_and_the_tables_do():
    page = (shipped_folder() / "README.md").read_text(encoding="utf-8")
    made, mark, by_hand = page.partition("\n<!-- What follows is written by hand and kept. -->\n")
    assert package()["attribution"] in made
    assert package()["licenses"][0]["path"] in made
    assert made == markdown(), "run: python -m hmcpsi_data codebook --write"
    assert mark
    _, _, by_hand = by_hand.partition("## Agreement of the two passes")
    written = [line for line in by_hand.splitlines() if line.startswith("| ")][2:]
    found = agreement(hd.Record())
    expected = [f"| {sets} | {' | '.join(map(in_words, of))} |" for sets, of in found.items()]
    assert written == expected
    review = hd.load("crosswalk_review")
    differ = int((~review["agreed"]).sum())
    assert f"differ in {differ} of its {len(review)}" in " ".join(by_hand.split())
    for name in table_names():
        book = hd.codebook(name)
        assert book["field"].tolist() == list(hd.load(name).columns)
        assert book.dtypes.equals(hd.codebook().dtypes)
        assert set(book.loc[book["key"], "field"]) == set(table(name).primary_key)
        assert f"(#{name})" in markdown()
        assert f"\n## {name}\n" in markdown()
    book = hd.codebook("ratings").set_index("field")
    assert (
        book.loc["missing", "allowed"] == "not_in_framework, not_rated, not_found, not_applicable"
    )
    assert book.loc["aspect_id", "references"] == "aspects.aspect_id"
    assert hd.codebook("scales").set_index("field").loc["is_open", "allowed"] == "true, false"
    for resource in package()["resources"]:
        for field in resource["schema"]["fields"]:
            constraints = field.get("constraints", {}).keys() - {"required"}
            assert constraints <= {"enum", "pattern", "minimum", "maximum"}
            assert table(resource["name"]).field(field["name"]).allowed or not constraints
    for grid in re.findall(r"(?:^\|.*\n)+", markdown(), re.M):  # no row is broken by its words
        assert len({line.replace(r"\|", "").count("|") for line in grid.splitlines()}) == 1
