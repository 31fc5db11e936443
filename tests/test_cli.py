"""`python -m hmcpsi_data` prints what people can read and ends with the right status."""

import os
import subprocess
import sys

import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data.codebook import markdown
from hmcpsi_data.description import table_names


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "data")


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "hmcpsi_data", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def test_check_of_sound_data_says_how_much_was_checked_and_ends_with_0(copy):
    done = run("check", copy.folder)
    rows = hd.tables()["rows"].sum()
    assert done.stdout == f"No problems: {len(table_names())} tables, {rows} rows.\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_check_of_broken_data_prints_each_problem_with_its_remedy_and_ends_with_1(copy):
    copy.put("scales", 3, rank="first")
    done = run("check", copy.folder)
    assert done.stdout == (
        'scales.csv, line 3, column rank: "first" is not a whole number. '
        "Write digits only, as in 31726.\n"
        "1 problem.\n"
    )
    assert done.returncode == 1


def test_a_reader_who_stops_early_sees_no_traceback(copy):
    copy.write("findings", [row[:-1] for row in copy.read("findings")])  # many problems
    for name in ("measures", "methods", "evidence", "crosswalk"):
        copy.write(name, [copy.read(name)[0], *([*row, "x"] for row in copy.read(name)[1:])])
    command = [sys.executable, "-m", "hmcpsi_data", "check", str(copy.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_check_of_a_file_says_that_it_is_no_folder(copy):
    done = run("check", copy.path("offices"))
    assert "this is not a folder" in done.stdout
    assert done.returncode == 1


def test_check_takes_the_folder_of_the_environment(copy):
    copy.path("offices").unlink()
    done = run("check", HMCPSI_DATA=str(copy.folder))
    assert "offices.csv: the file is missing" in done.stdout
    assert done.returncode == 1


def test_check_of_a_folder_that_is_not_there_ends_with_1(capsys, tmp_path):
    assert cli.main(["check", str(tmp_path / "nowhere")]) == 1
    assert "there is no such folder" in capsys.readouterr().out


def test_nothing_in_a_folder_can_steer_the_terminal(copy, capsys):
    copy.put("aspect_sets", 2, note="\x1b[2J\u202e")
    (copy.folder / "odd\x1b[31m.csv").write_text("")
    assert cli.main(["check", str(copy.folder)]) == 1
    assert capsys.readouterr().out.replace("\n", "").isprintable()


def test_what_a_terminal_cannot_show_is_escaped(copy):
    copy.put("scales", 3, value="Gut\u2019")
    done = run("check", copy.folder, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (1, "")
    assert r"Gut\u2019" in done.stdout


def test_check_without_frictionless_is_one_sentence_on_the_error_stream(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "frictionless", None)
    assert cli.main(["check"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert 'pip install "hmcpsi_data[check]"' in err


def test_tables_lists_the_tables(capsys):
    assert cli.main(["tables"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "rows", "columns", "title"]
    assert [line.split()[0] for line in lines[1:]] == list(table_names())


def test_tables_of_a_broken_folder_is_one_sentence_and_ends_with_2(copy):
    copy.put("scales", 2, rank="first")
    done = run("tables", copy.folder)
    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr.startswith("scales.csv, line 2, column rank:")
    assert done.stderr.count("\n") == 1


def test_codebook_prints_the_page_or_one_section_of_it(capsys):
    assert cli.main(["codebook"]) == 0
    assert capsys.readouterr().out == markdown()
    assert cli.main(["codebook", "themes"]) == 0
    assert capsys.readouterr().out == markdown("themes")


def test_codebook_of_an_unknown_table_names_the_nearest_and_ends_with_2(capsys):
    assert cli.main(["codebook", "rating"]) == 2
    assert 'Did you mean "ratings"' in capsys.readouterr().err


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A source checkout of which only the place of the data matters."""
    copy = Copy(tmp_path / "data")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(cli.description, "shipped_folder", lambda: copy.folder)
    return copy


def test_codebook_write_replaces_the_page_as_a_whole(checkout, capsys):
    page = checkout.folder / "README.md"
    page.write_text("old")
    assert cli.main(["codebook", "--write"]) == 0
    assert page.read_bytes() == markdown().encode()
    assert str(page) in capsys.readouterr().out
    assert not list(checkout.folder.glob("*.part"))


def test_codebook_write_leaves_the_old_page_where_it_cannot_write(checkout, monkeypatch, capsys):
    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    page = checkout.folder / "README.md"
    page.write_text("old")
    monkeypatch.setattr("pathlib.Path.replace", refuse)
    assert cli.main(["codebook", "--write"]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert page.read_text() == "old"
    assert not list(checkout.folder.glob("*.part"))


def test_codebook_writes_only_in_a_source_checkout(checkout, capsys):
    (checkout.folder.parent / "pyproject.toml").unlink()
    assert cli.main(["codebook", "--write"]) == 2
    assert "in a source checkout only" in capsys.readouterr().err


def test_codebook_is_written_as_a_whole_only(checkout, capsys):
    assert cli.main(["codebook", "themes", "--write"]) == 2
    assert "leave the table out" in capsys.readouterr().err


def test_the_version_is_that_of_the_package():
    assert run("--version").stdout.strip() == hd.__version__


@pytest.mark.parametrize("arguments", [[], ["chek"], ["tables", "a", "b"]])
def test_a_command_that_does_not_exist_ends_with_2_and_says_how_to_call(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m hmcpsi_data")
