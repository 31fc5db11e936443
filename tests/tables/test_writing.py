"""What is written is there as a whole or not at all, whoever reads or is killed meanwhile."""

import contextlib
import ctypes
import os
import random
import shutil
import subprocess
import sys
import textwrap
import time

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.tables.description import shipped_folder
from hmcpsi_data.tables.writing import appended, own_folder, replace_folder, write_file

MOMENTS = 50 if os.environ.get("HMCPSI_TRUST") else 4


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def named(folder):
    return sorted(path.name for path in folder.iterdir())


def with_word(folder, word):
    """Two tables with a word in them, by which a reader sees which state of the folder it has."""
    files = {}
    for name, column in (("offices", b"role"), ("themes", b"title")):
        data = (folder / f"{name}.csv").read_bytes()
        header, first, rest = data.split(b"\r\n", 2)
        cells = first.split(b",")
        at = header.split(b",").index(column)
        cells[at] = word.encode()
        files[f"{name}.csv"] = b"\r\n".join([header, b",".join(cells), rest])
    return files


def words_of(folder):
    record = hd.Record(folder)
    return record.table("offices")["role"][0], record.table("themes")["title"][0]


@pytest.fixture
def mine(tmp_path):
    return hd.copy_data(tmp_path / "mine")


# A copy of the data


def test_the_copy_holds_all_tables_and_their_description(tmp_path):
    mine = hd.copy_data(tmp_path / "a" / "mine")
    assert mine == tmp_path / "a" / "mine"
    assert contents(mine) == {
        name: data
        for name, data in contents(shipped_folder()).items()
        if name.endswith((".csv", ".json"))
    }
    assert hd.check(mine).empty
    assert named(tmp_path / "a") == ["mine"]


def test_an_empty_folder_is_taken(tmp_path):
    assert hd.check(hd.copy_data(tmp_path)).empty


def test_changing_the_copy_changes_nothing_else(mine):
    before = hd.load("scales")
    (mine / "scales.csv").write_text("nothing")
    assert hd.load("scales").equals(before)


@pytest.mark.parametrize("name", ["a.txt", ".hidden"])
def test_a_folder_that_holds_anything_is_refused_and_left_alone(name, tmp_path):
    (tmp_path / name).write_text("mine")
    with pytest.raises(hd.HmcpsiError, match="is not empty, and nothing in it was touched"):
        hd.copy_data(tmp_path)
    assert named(tmp_path) == [name]


def test_a_file_or_a_link_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for place in ("file", "link"):
        with pytest.raises(hd.HmcpsiError, match="is not a folder"):
            hd.copy_data(tmp_path / place)
    with pytest.raises(hd.HmcpsiError, match=r"cannot be written|is not a folder"):
        hd.copy_data(tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"
    assert named(tmp_path) == ["file", "link"]


@pytest.mark.parametrize("folder", [None, 7, [], "a\0b", "x" * 5000, pd.NA])
def test_what_is_no_folder_is_refused_in_a_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for call in (hd.copy_data, lambda f: replace_folder(f, {}), lambda f: write_file(f, "")):
        with pytest.raises(hd.HmcpsiError):
            call(folder)
    assert named(tmp_path) == []


def full_disk(monkeypatch, after):
    """From the given number of files on, nothing more can be written."""
    real, written = os.fsync, []

    def fsync(number):
        written.append(number)
        if len(written) > after:
            raise OSError(28, "No space left on device")
        real(number)

    monkeypatch.setattr("os.fsync", fsync)
    return written


def test_a_copy_that_cannot_be_finished_leaves_nothing(tmp_path, monkeypatch):
    full_disk(monkeypatch, after=4)
    with pytest.raises(hd.HmcpsiError, match=r"No space left on device\). Nothing was changed"):
        hd.copy_data(tmp_path / "mine")
    assert named(tmp_path) == []


# A changed folder in place of the old one


def test_all_files_are_replaced_and_the_sums_with_them(mine):
    before = contents(mine)
    (mine / "my notes.txt").write_text("mine")
    (mine / "documents").mkdir()
    added = pd.DataFrame([dict.fromkeys(hd.load("offices").columns)]).astype("string")
    added.loc[0, ["area_id", "place", "role", "source_id", "basis", "speaker"]] = [
        "kent_1999", "Maidstone", "office", "s001", "inferred", "project"
    ]  # fmt: skip
    content = appended(before["offices.csv"], added)
    kept = f"documents/{'0' * 64}.txt"
    assert replace_folder(mine, {"offices.csv": content, kept: b"an invented document"}) == mine
    after = contents(mine)
    assert {name for name in after if after[name] != before.get(name)} == {
        "offices.csv", "datapackage.json", kept, "my notes.txt"
    }  # fmt: skip
    assert after["offices.csv"].startswith(before["offices.csv"])
    assert hd.check(mine)["file"].tolist() == ["my notes.txt"]
    assert hd.data_version(mine).startswith(f"{hd.data_version()}+")
    assert named(mine.parent) == ["mine"]


def test_the_sums_of_other_tables_stay_so_that_a_cut_is_still_told(mine):
    path = mine / "commitments.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    replace_folder(mine, {"offices.csv": (mine / "offices.csv").read_bytes()})
    assert hd.check(mine)["file"].tolist() == ["commitments.csv"]


def test_what_is_written_is_seen_by_who_reads_the_folder_of_the_environment(mine, monkeypatch):
    monkeypatch.setenv("HMCPSI_DATA", str(mine))
    assert "attic" not in set(hd.load("offices")["role"])
    replace_folder(mine, with_word(mine, "attic"))
    assert hd.load("offices")["role"][0] == "attic"


def test_a_check_that_refuses_changes_nothing(mine):
    before = contents(mine)

    def refuse(record):
        assert record.table("offices")["role"][0] == "attic"
        raise hd.UnknownValueError("role", "attic", ["office"], "codebook()")

    with pytest.raises(hd.UnknownValueError, match="attic"):
        replace_folder(mine, with_word(mine, "attic"), refuse)
    assert contents(mine) == before
    assert named(mine.parent) == ["mine"]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_disk_changes_nothing(after, mine, monkeypatch):
    before = contents(mine)
    full_disk(monkeypatch, after)
    with pytest.raises(hd.HmcpsiError, match="No space left"):
        replace_folder(mine, with_word(mine, "attic"))
    assert contents(mine) == before
    assert named(mine.parent) == ["mine"]


def test_a_person_who_interrupts_changes_nothing(mine):
    before = contents(mine)

    def interrupt(record):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_folder(mine, with_word(mine, "attic"), interrupt)
    assert contents(mine) == before
    assert named(mine.parent) == ["mine"]


def test_the_working_folder_of_the_process_may_be_the_folder(mine, monkeypatch):
    monkeypatch.chdir(mine)
    replace_folder(".", with_word(mine, "attic"))
    assert hd.load("offices", ".")["role"][0] == "attic"


@pytest.fixture(params=["exchange", "two renamings"])
def way(request, monkeypatch):
    """Both ways of putting a folder in the place of another."""
    if request.param == "two renamings":
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    return request.param


def test_both_ways_of_replacing_a_folder_lead_to_the_same(way, mine):
    replace_folder(mine, with_word(mine, "attic"))
    assert words_of(mine) == ("attic", "attic")
    assert named(mine.parent) == ["mine"]


# Nothing outside the folder


@pytest.mark.parametrize(
    "name",
    [
        "../outside.csv",
        "/etc/passwd",
        "notes.txt",
        "datapackage.json",
        "documents/x.txt",
        "documents/../../x.txt",
        f"documents/{'0' * 64}.exe",
        "sub/scales.csv",
        "scales.csv\n",
        "",
    ],
)
def test_only_names_of_data_files_are_written(name, mine):
    before = contents(mine.parent)
    with pytest.raises(hd.HmcpsiError, match="is no file of a data folder"):
        replace_folder(mine, {name: b"x"})
    assert contents(mine.parent) == before


@pytest.mark.parametrize("name", ["scales.csv", "datapackage.json", "documents"])
def test_links_inside_the_folder_are_refused(name, mine, tmp_path):
    target = tmp_path / "outside"
    target.mkdir() if name == "documents" else target.write_bytes((mine / name).read_bytes())
    (mine / name).unlink(missing_ok=True)
    (mine / name).symlink_to(target)
    before = contents(tmp_path)
    kept = f"documents/{'0' * 64}.txt"
    with pytest.raises(hd.HmcpsiError, match="is a link, and links are not written to"):
        replace_folder(mine, {"offices.csv": b"x", kept: b"x"})
    assert contents(tmp_path) == before


def test_a_strangers_folder_with_a_crafted_change_is_read_and_nothing_is_written(mine, tmp_path):
    """What the first version took for a change to finish wrote over files outside the folder."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("precious")
    stage = mine / ".hmcpsi-change"
    (stage / "new").mkdir(parents=True)
    (stage / "ready").write_text("")
    (stage / "new" / "link").symlink_to(outside)
    (stage / "new" / "scales.csv").write_text("x")
    (mine / "documents").symlink_to(outside)
    before = contents(tmp_path)
    assert len(hd.load("scales", mine)) > 0
    hd.check(mine)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("suffix", [".hmcpsi-new", ".hmcpsi-old"])
def test_a_link_where_the_new_folder_would_be_made_is_refused(suffix, mine, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("precious")
    (tmp_path / f".mine{suffix}").symlink_to(outside)
    with pytest.raises(hd.HmcpsiError, match="is a link"):
        replace_folder(mine, {"offices.csv": b"x"})
    assert contents(outside) == {"precious.txt": b"precious"}


def test_the_data_of_the_package_are_not_changed(tmp_path):
    (tmp_path / "link").symlink_to(shipped_folder())
    for folder in (shipped_folder(), tmp_path / "link"):
        with pytest.raises(hd.HmcpsiError, match="data of the package are not changed"):
            own_folder(folder)


def test_what_is_no_data_folder_is_not_written_to(tmp_path):
    with pytest.raises(hd.HmcpsiError, match="There is no folder"):
        own_folder(tmp_path / "nowhere")
    with pytest.raises(hd.HmcpsiError, match=r"is no data folder: it lacks sources\.csv"):
        own_folder(tmp_path)


# Others beside


def started(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


HELD = """
    import sys
    from pathlib import Path
    from hmcpsi_data.tables.writing import replace_folder
    def wait(record):
        print("ready", flush=True)
        sys.stdin.readline()
    offices = Path(sys.argv[1], "offices.csv").read_bytes()
    replace_folder(sys.argv[1], {"offices.csv": offices}, wait)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a second writer out in another way.")
def test_a_second_writer_is_refused_while_one_is_at_work(mine):
    command = [sys.executable, "-c", textwrap.dedent(HELD), str(mine)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as first:
        assert first.stdout.readline() == "ready\n"
        with pytest.raises(hd.HmcpsiError, match=r"Another change of .* is under way"):
            replace_folder(mine, with_word(mine, "attic"))
        first.stdin.write("\n")
        first.stdin.flush()
        assert first.wait() == 0
    replace_folder(mine, with_word(mine, "attic"))
    assert words_of(mine) == ("attic", "attic")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a second writer out in another way.")
def test_the_next_writer_goes_on_after_one_that_was_killed_and_says_so(mine, caplog):
    command = [sys.executable, "-c", textwrap.dedent(HELD), str(mine)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as first:
        assert first.stdout.readline() == "ready\n"
        first.kill()
    assert named(mine.parent) == [".mine.hmcpsi-new", "mine"]
    replace_folder(mine, with_word(mine, "attic"))
    assert words_of(mine) == ("attic", "attic")
    assert named(mine.parent) == ["mine"]
    (told,) = caplog.messages
    assert "An earlier change of" in told
    assert ".mine.hmcpsi-new, is removed" in told


def test_a_folder_between_two_renamings_is_found_again(mine, caplog):
    mine.rename(mine.parent / ".mine.hmcpsi-old")
    with pytest.raises(hd.DataError, match=r"It was being replaced, and is .*\.mine\.hmcpsi-old"):
        hd.Record(mine)
    replace_folder(mine, with_word(shipped_folder(), "attic"))
    assert words_of(mine) == ("attic", "attic")
    assert named(mine.parent) == ["mine"]
    assert "back as it was before" in caplog.text


def test_what_is_left_after_the_second_of_two_renamings_is_removed(mine, caplog):
    shutil.copytree(mine, mine.parent / ".mine.hmcpsi-old")
    replace_folder(mine, with_word(mine, "attic"))
    assert words_of(mine) == ("attic", "attic")
    assert named(mine.parent) == ["mine"]
    assert ".mine.hmcpsi-old, is removed" in caplog.text


WRITER = """
    import ctypes, sys
    sys.path.insert(0, sys.argv[3])
    from pathlib import Path
    from tables_test_writing import with_word
    from hmcpsi_data.tables.writing import copy_data, replace_folder, write_file
    if sys.argv[2] == "two renamings":
        ctypes.CDLL = lambda *args, **more: object()
    mine = Path(sys.argv[1])
    print("ready", flush=True)
    for n in range(10_000):
        word = "attic" if n % 2 else "cellar"
        replace_folder(mine, with_word(mine, word))
        write_file(mine.parent / "one.txt", word * 100_000)
"""


@pytest.fixture
def writer(mine, tmp_path_factory):
    """Starts a process that changes the folder again and again."""
    home = tmp_path_factory.mktemp("module")
    shutil.copyfile(__file__, home / "tables_test_writing.py")

    @contextlib.contextmanager
    def running(way):
        with started(WRITER, mine, way, home) as process:
            try:
                assert process.stdout.readline() == "ready\n"
                yield process
            finally:
                process.kill()

    return running


def test_a_reader_beside_a_writer_sees_the_folder_wholly_old_or_wholly_new(way, mine, writer):
    original = words_of(mine)
    seen = {original}
    with writer(way) as process:
        while len(seen) < 3 and process.poll() is None:
            seen.add(words_of(mine))
    assert seen == {original, ("attic", "attic"), ("cellar", "cellar")}


def test_a_writer_that_is_killed_leaves_all_wholly_before_or_wholly_after(way, mine, writer):
    original = words_of(mine)
    moment = random.Random(20261129)
    for _ in range(MOMENTS):
        with writer(way) as process:
            until = time.monotonic() + moment.uniform(0, 0.3)
            while time.monotonic() < until and process.poll() is None:
                os.sched_yield() if hasattr(os, "sched_yield") else None
        replace_folder(mine, {"scales.csv": (shipped_folder() / "scales.csv").read_bytes()})
        assert words_of(mine) in [original, ("attic", "attic"), ("cellar", "cellar")]
        one = mine.parent / "one.txt"
        assert not one.exists() or one.read_text() in ("attic" * 100_000, "cellar" * 100_000)
        write_file(one, "attic" * 100_000)
        assert named(mine.parent) == ["mine", "one.txt"]


# One file


def test_a_file_is_written_whole_with_the_rights_of_the_one_before(tmp_path):
    path = write_file(tmp_path / "a b [1]*.csv", "one\r\n")
    path.chmod(0o640)
    write_file(str(path), b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o640)
    assert named(tmp_path) == [path.name]


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path, monkeypatch):
    path = write_file(tmp_path / "a.csv", "one")
    full_disk(monkeypatch, after=0)
    with pytest.raises(hd.HmcpsiError, match=r"No space left on device\). Nothing was changed"):
        write_file(path, "two")
    assert (path.read_text(), named(tmp_path)) == ("one", ["a.csv"])


@pytest.mark.parametrize("place", ["", "no such folder/a.csv", "x" * 300])
def test_a_place_that_cannot_be_written_is_a_sentence(place, tmp_path):
    with pytest.raises(hd.HmcpsiError, match="cannot be written"):
        write_file(tmp_path / place, "x")


def test_a_link_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "precious.txt").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path / "precious.txt")
    write_file(tmp_path / "link", "mine")
    assert (tmp_path / "precious.txt").read_text() == "precious"
    assert not (tmp_path / "link").is_symlink()


# Rows at the end


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_rows_go_to_the_end_of_a_file_whose_header_r_has_quoted(end, last):
    before = end.join([b'"b","a"', b'"x",1']) + (end if last else b"")
    rows = pd.DataFrame({"a": [2.5, None], "b": ['say "it", twice', "two\nlines"], "c": [0, 0]})
    after = appended(before, rows)
    added = b'"say ""it"", twice",2.5' + end + b'"two\nlines",' + end
    assert after == before + (b"" if last else end) + added


def test_rows_without_a_column_of_the_file_are_refused():
    with pytest.raises(hd.HmcpsiError, match='no column "b"'):
        appended(b"a,b\n", pd.DataFrame({"a": [1]}))
