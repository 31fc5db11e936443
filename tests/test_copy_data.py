"""A copy of the data is whole, one's own, and never in the place of anything."""

import pytest

import hmcpsi_data as hd
from hmcpsi_data.description import shipped_folder


def test_the_copy_holds_all_tables_and_their_description(tmp_path):
    mine = hd.copy_data(tmp_path / "a" / "mine")
    assert mine == tmp_path / "a" / "mine"
    shipped = {path.name: path.read_bytes() for path in shipped_folder().iterdir()}
    copied = {path.name: path.read_bytes() for path in mine.iterdir()}
    assert copied == {k: v for k, v in shipped.items() if k.endswith((".csv", ".json"))}
    assert hd.check(mine).empty
    assert list((tmp_path / "a").iterdir()) == [mine]


def test_an_empty_folder_is_taken(tmp_path):
    assert hd.check(hd.copy_data(tmp_path)).empty


def test_changing_the_copy_changes_nothing_else(tmp_path):
    before = hd.load("scales")
    mine = hd.copy_data(tmp_path / "mine")
    (mine / "scales.csv").write_text("nothing")
    assert hd.load("scales").equals(before)


@pytest.mark.parametrize("name", ["a.txt", ".hidden"])
def test_a_folder_that_holds_anything_is_refused_and_left_alone(name, tmp_path):
    (tmp_path / name).write_text("mine")
    with pytest.raises(hd.HmcpsiError, match="is not empty, and nothing in it was touched"):
        hd.copy_data(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(hd.HmcpsiError, match="is not a folder"):
        hd.copy_data(tmp_path / "file")
    with pytest.raises(hd.HmcpsiError, match=r"cannot be written|is not a folder"):
        hd.copy_data(tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("folder", [None, 7, "a\0b", "x" * 5000])
def test_what_is_no_folder_is_refused_in_a_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(hd.HmcpsiError):
        hd.copy_data(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_cannot_be_finished_leaves_nothing(tmp_path, monkeypatch):
    copied = []

    def full(source, target):
        copied.append(target)
        if len(copied) == 5:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(hd.HmcpsiError, match="No space left on device"):
        hd.copy_data(tmp_path / "mine")
    assert len(copied) == 5
    assert list(tmp_path.iterdir()) == []


def test_all_functions_take_the_copy_that_the_environment_names(tmp_path, monkeypatch):
    mine = hd.copy_data(tmp_path / "mine")
    for line, name in enumerate(["offices.csv", "scales.csv"]):
        path = mine / name
        path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[: 2 + line]))
    monkeypatch.setenv("HMCPSI_DATA", str(mine))
    assert (len(hd.load("offices")), len(hd.load("scales"))) == (1, 2)
