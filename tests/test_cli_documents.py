"""`read` prints what a document says, `add` adds it, and both end with the right status."""

import pytest

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data.documents.example import invented_notice


@pytest.fixture
def notice(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text(invented_notice(), encoding="utf-8")
    return str(path)


def test_read_prints_rows_and_problems(notice, capsys):
    assert cli.main(["read", notice, "--new-area"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("response, aap_2016, CPS Inventshire, published 2016-11-29: 23 lines\n")
    assert "ratings (4)" in out
    assert "Care of dragons" in out
    assert "problems (1)" in out
    assert "L12" in out


def test_read_without_the_area_prints_what_was_read_and_what_is_missing(notice, capsys):
    assert cli.main(["read", notice]) == 0
    out = capsys.readouterr().out
    assert '"CPS Inventshire" is not known' in out
    assert "ratings (4)" in out


def test_add_says_what_was_added(notice, tmp_path, capsys):
    mine = hd.copy_data(tmp_path / "mine")
    assert cli.main(["add", notice, "--data", str(mine), "--new-area"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Left out, L12: Late flying carpets Very good")
    assert "ratings 4, actions 2, responses 2, measures 2. 1 line was left out." in out
    assert hd.check(mine).empty
    assert cli.main(["add", notice, "--data", str(mine), "--new-area"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_cannot_be_done_is_a_sentence_on_the_error_stream(notice, tmp_path, capsys):
    assert cli.main(["read", str(tmp_path / "no.txt")]) == 2
    assert cli.main(["add", notice, "--data", str(tmp_path / "no")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 2


def test_nothing_in_a_document_can_steer_the_terminal(tmp_path, capsys):
    text = invented_notice().replace("Care of dragons", "Care\x1b[2J of \u202edragons")
    (tmp_path / "odd.txt").write_text(text, encoding="utf-8")
    assert cli.main(["read", str(tmp_path / "odd.txt"), "--new-area"]) == 0
    assert capsys.readouterr().out.replace("\n", "").isprintable()
