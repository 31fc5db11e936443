"""What is written is there as a whole or not at all, whoever reads or is killed meanwhile."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.tables.description import shipped_folder
from hmcpsi_data.tables.writing import appended, new_folder, own_folder, replace_folder, write_file

TESTS = Path(__file__).resolve().parents[1]
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no locks of folders.")


def contents(folder):
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def named(folder):
    return sorted(path.name for path in folder.iterdir())


def with_word(folder, word):
    """Two tables with a word in them, by which a reader sees which state of the folder it has."""
    files = {}
    for name, column in (("offices", b"role"), ("themes", b"title")):
        header, first, rest = (folder / f"{name}.csv").read_bytes().split(b"\r\n", 2)
        cells = first.split(b",")
        cells[header.split(b",").index(column)] = word.encode()
        files[f"{name}.csv"] = b"\r\n".join([header, b",".join(cells), rest])
    return files


def words_of(folder):
    record = hd.Record(folder)
    return record.table("offices")["role"][0], record.table("themes")["title"][0]


@pytest.fixture(params=["exchange", "two renamings"])
def way(request, monkeypatch):
    """Both ways of putting a folder in the place of another."""
    if request.param == "two renamings":
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    return request.param


def test_the_copy_holds_all_tables_and_their_description(tmp_path):
    (tmp_path / "a" / "mine").mkdir(parents=True)  # a place that is empty is free, too
    mine = hd.copy_data(tmp_path / "a" / "mine")
    shipped = contents(shipped_folder())
    assert contents(mine) == {n: shipped[n] for n in shipped if n.endswith((".csv", ".json"))}
    assert named(tmp_path / "a") == ["mine"]
    assert hd.check(mine).empty


def test_what_is_no_free_place_or_no_folder_of_ones_own_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for place, told in {
        "": "is not empty, and nothing in it was touched",
        "file": "cannot be written",
        "link": "cannot be written",
        "file/below": "cannot be written",
        "x" * 5000: "cannot be written",
        "a\0b": "is no folder",
        7: "is no folder",
    }.items():
        with pytest.raises(hd.HmcpsiError, match=told):
            hd.copy_data(place)
    for place in ("", "no such folder/a.csv", "x" * 300, "a\0b", 7):
        with pytest.raises(hd.HmcpsiError, match=r"cannot be written|is no file"):
            write_file(place, "x")
    assert (tmp_path / "file").read_text() == "mine"
    assert named(tmp_path) == ["file", "link"]
    (tmp_path / "packaged").symlink_to(shipped_folder())
    for folder, told in {
        shipped_folder(): "data of the package are not changed",
        tmp_path / "packaged": "data of the package are not changed",
        tmp_path / "nowhere": "There is no folder",
        tmp_path: r"is no data folder: it lacks sources\.csv",
        None: "is no data folder",
    }.items():
        with pytest.raises(hd.HmcpsiError, match=told):
            own_folder(folder)


def test_a_folder_of_the_same_kind_is_replaced_and_no_other(way, tmp_path):
    for word in ("old", "new"):
        with new_folder(tmp_path / "site", "site", "index") as (new, target):
            (new / "index").write_text(word)
            (new / word).write_text("")
    assert target == tmp_path / "site"
    assert named(target) == ["index", "new"]
    (target / "index").unlink()
    told = "holds something that is no site, and nothing in it"
    with pytest.raises(hd.HmcpsiError, match=told), new_folder(target, "site", "index"):
        pass
    assert named(tmp_path) == ["site"]


def test_rows_and_sums_move_together_and_another_cut_is_still_told(way, mine):
    commitments = mine / "commitments.csv"
    commitments.write_bytes(b"".join(commitments.read_bytes().splitlines(keepends=True)[:-2]))
    before = contents(mine)
    (mine / "my notes.txt").write_text("mine")
    cells = ["kent_1999", "Maidstone", "office", "s001", None, "inferred", "project"]
    added = pd.DataFrame([cells], columns=hd.load("offices").columns)
    content = appended(before["offices.csv"], added)
    assert replace_folder(mine, {"offices.csv": content}) == mine
    after, row = contents(mine), b"kent_1999,Maidstone,office,s001,,inferred,project\r\n"
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"offices.csv", "datapackage.json", "my notes.txt"}
    assert after["offices.csv"] == before["offices.csv"] + row
    assert hd.check(mine)["file"].tolist() == ["commitments.csv"]
    assert hd.data_version(mine).startswith(f"{hd.data_version()}+")
    assert named(mine.parent) == ["mine"]


def test_what_is_written_is_seen_by_who_reads_the_folder_of_the_environment(mine, monkeypatch):
    monkeypatch.setenv("HMCPSI_DATA", str(mine))
    monkeypatch.chdir(mine)  # the folder of the process may be the one that is replaced
    assert "attic" not in set(hd.load("offices")["role"])
    replace_folder(".", with_word(mine, "attic"))
    assert hd.load("offices")["role"][0] == hd.load("offices", ".")["role"][0] == "attic"


@pytest.mark.parametrize("error", [hd.HmcpsiError("It is no attic."), KeyboardInterrupt()])
def test_a_check_that_refuses_and_a_person_who_interrupts_change_nothing(error, mine):
    before = contents(mine.parent)

    def refuse(record):
        assert record.table("offices")["role"][0] == "attic"
        raise error

    with pytest.raises(type(error)):
        replace_folder(mine, with_word(mine, "attic"), refuse)
    assert contents(mine.parent) == before


def test_links_are_refused_or_not_followed_and_a_strangers_change_is_only_read(mine, tmp_path):
    outside = tmp_path / "outside"
    (mine / ".hmcpsi-change" / "new").mkdir(parents=True)
    (mine / ".hmcpsi-change" / "ready").write_text("")
    outside.mkdir()
    (outside / "precious.txt").write_text("precious")
    (mine / "documents").symlink_to(outside)
    before = contents(tmp_path)
    hd.check(mine)
    for name in (".mine.hmcpsi-new", ".mine.hmcpsi-old"):
        (tmp_path / name).symlink_to(outside)
        replace_folder(mine, {"offices.csv": (mine / "offices.csv").read_bytes()})
    assert contents(tmp_path) == before
    assert named(tmp_path) == ["mine", "outside"]
    for name in ("scales.csv", "datapackage.json"):
        (mine / name).rename(outside / name)
        (mine / name).symlink_to(outside / name)
        before = contents(tmp_path)
        with pytest.raises(hd.HmcpsiError, match="is a link, and links are not written to"):
            replace_folder(mine, {"offices.csv": b"x"})
        assert contents(tmp_path) == before
        (outside / name).replace(mine / name)


@unix
@pytest.mark.parametrize("what", ["data", "folder", "file"])
def test_a_writer_that_dies_or_is_refused_at_any_step_leaves_all_before_or_after(what, tmp_path):
    for way in ("exchange", "two renamings"):
        (home := tmp_path / way).mkdir()
        command = [sys.executable, str(TESTS / "dying.py"), what, way, str(home)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        steps, _, rest = done.stdout.partition(" ")
        assert (int(steps) > 4, rest, done.stderr) == (True, "steps\n", ""), done.stdout


@unix
def test_a_second_writer_is_refused_and_what_a_dead_one_left_is_found_or_removed(mine, caplog):
    import fcntl

    lock = os.open(mine.parent, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(hd.HmcpsiError, match=r"Another change of .* is under way"):
        replace_folder(mine, with_word(mine, "attic"))
    os.close(lock)
    for word, ending in (("attic", "new"), ("cellar", "old")):
        shutil.copytree(mine, mine.with_name(f".mine.hmcpsi-{ending}"))
        replace_folder(mine, with_word(mine, word))
        assert (words_of(mine), named(mine.parent)) == ((word, word), ["mine"])
        assert f".mine.hmcpsi-{ending}, is removed" in caplog.messages[-1]
    mine.rename(mine.with_name(".mine.hmcpsi-old"))  # between two renamings
    with pytest.raises(hd.DataError, match=r"was not put back from .*\.mine\.hmcpsi-old"):
        hd.Record(mine)
    replace_folder(mine, with_word(shipped_folder(), "attic"))
    assert words_of(mine) == ("attic", "attic")
    assert "back as it was before" in caplog.messages[-1]


WRITER = """
import ctypes, sys
from pathlib import Path
from hmcpsi_data.tables.writing import replace_folder
if sys.argv[2] == "two renamings":
    ctypes.CDLL = lambda *args, **more: object()
mine, names = Path(sys.argv[1]), ("offices.csv", "themes.csv")
found = [(mine / name).read_bytes() for name in names]
print("ready", flush=True)
while True:
    for word in (b"cellar", b"attic"):
        replace_folder(mine, dict(zip(names, [f.replace(b"attic", word) for f in found])))
"""
READER = """
import sys
from concurrent.futures import ThreadPoolExecutor
import hmcpsi_data as hd
words, shared = set(), hd.Record(sys.argv[1])
def words_of(record):
    return record.table("offices")["role"][0], record.table("themes")["title"][0]
def read(_):
    while len(words) < 2:
        words.add(words_of(hd.Record(sys.argv[1])))
        if len(set(words_of(shared))) > 1:
            words.add(words_of(shared))
with ThreadPoolExecutor(8) as pool:
    list(pool.map(read, range(8)))
print(*sorted(" and ".join(pair) for pair in words), sep=", ")
"""


def started(stack, code, *arguments):
    """A process that ends with the stack, whose output is read."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    stack.callback(process.kill)
    return process


@unix
@pytest.mark.parametrize("way", ["exchange", "two renamings"])
def test_32_threads_in_4_processes_see_a_folder_wholly_old_or_wholly_new(way, mine):
    replace_folder(mine, with_word(mine, "attic"))
    with contextlib.ExitStack() as stack:
        writer = started(stack, WRITER, mine, way)
        assert writer.stdout.readline() == "ready\n"
        for reader in [started(stack, READER, mine) for _ in range(4)]:
            assert reader.communicate()[0] == "attic and attic, cellar and cellar\n"
        assert writer.poll() is None


def test_a_file_is_written_whole_with_the_rights_of_the_one_before(tmp_path):
    path = write_file(tmp_path / "a b [1]*.csv", "one\r\n")
    path.chmod(0o640)
    write_file(str(path), b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o640)
    (tmp_path / "link").symlink_to(path)
    write_file(tmp_path / "link", "mine")  # a link is replaced and not followed
    assert (path.read_bytes(), (tmp_path / "link").is_symlink()) == (b"two", False)
    assert named(tmp_path) == [path.name, "link"]


@pytest.mark.parametrize(("end", "last"), [(b"\n", True), (b"\r\n", False)])
def test_rows_go_to_the_end_of_a_file_whose_header_r_has_quoted(end, last):
    before = end.join([b'"b","a","c"', b'"x",1,']) + (end if last else b"")
    rows = pd.DataFrame({"a": [2.5, None], "b": ['say "it", twice', "two\nlines"], "d": [0, 0]})
    rows["c"] = pd.array([True, None], dtype="boolean")
    added = b'"say ""it"", twice",2.5,true' + end + b'"two\nlines",,' + end
    assert appended(before, rows) == before + (b"" if last else end) + added


def test_what_is_cut_at_any_byte_broken_or_killed_is_told_as_in_make_trust(monkeypatch):
    monkeypatch.syspath_prepend(str(TESTS.parent / "bench"))
    folders = pytest.importorskip("trust_folders", reason="The benches are part of the source.")
    found = folders.cuts("offices")
    assert found.total() == len(hd.Record().content("offices.csv"))
    told = folders.broken("offices", sample=2, number=1)
    assert len(told) == 3
    assert {*found, *(how for _, how in told)} <= {"clear", "by sum"}
    writing = pytest.importorskip("trust_writing")
    for command in ("saving a crosswalk", "writing the codebook") if hasattr(os, "fork") else ():
        assert list(writing.deaths(command, moments=2)) == ["clear"] * 2, command
