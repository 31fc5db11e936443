"""`python -m hmcpsi_data` prints what people can read and ends with the right status."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data.documents import invented_notice
from hmcpsi_data.tables.description import markdown


def test_check_says_how_much_was_checked_or_prints_each_problem_with_its_remedy(copy, capsys):
    assert cli.main(["check", str(copy.folder)]) == 0
    assert capsys.readouterr().out == "No problems.\n"
    copy.put("scales", 3, rank="first", value="Gut\u2019")
    copy.put("aspect_sets", 2, note="\x1b[2J\u202e")
    assert cli.main(["check", str(copy.folder)]) == 1
    out = capsys.readouterr().out
    assert 'scales.csv, line 3, column rank: "first" is not a whole number, as 31726.' in out
    assert out.replace("\n", "").replace("\u2019", "").isprintable()
    assert out.endswith(f"{out.count(chr(10)) - 1} problems.\n")


def test_a_terminal_of_few_letters_and_a_reader_who_stops_early_see_no_traceback(copy):
    copy.put("scales", 3, value="Gut\u2019")
    command = [sys.executable, "-m", "hmcpsi_data", "check", str(copy.folder)]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert r"Gut\u2019" in done.stdout
    header, *rows = copy.read("evidence")
    copy.write("evidence", [header, *([*row, "x"] for row in rows)])  # many problems
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_codebook_sources_and_the_page_of_an_area_are_printed_or_saved(tmp_path, capsys):
    assert cli.main(["codebook"]) == cli.main(["sources"]) == 0
    first, *lines, last = capsys.readouterr().out.removeprefix(markdown()).splitlines()
    assert first.split("  ")[0] == hd.citations(hd.load("sources"))[0]
    assert last == f"{len(lines) + 1} sources."
    page = tmp_path / "page.html"
    assert cli.main(["area", "Essex", "--out", str(page)]) == 0
    assert "<h1>CPS Essex</h1>" in page.read_text(encoding="utf-8")


def test_what_cannot_be_done_is_one_sentence_and_ends_with_1(capsys):
    for arguments, told in (
        (["codebook", "--version", "2026.11.29"], "Add --write"),
        (["codebook", "--write", "--data", "nosuch"], "there is no such folder"),
        (["sources", "nosuch"], "there is no such folder"),
        (["read", __file__, "--data", "nosuch"], "there is no such folder"),
        (["read", "no such file.txt"], "no such file.txt"),
        (["add", __file__, "--data", "nosuch"], "There is no folder"),
        (["area", "Essex", "--out", __file__], "exists already and stays as it is"),
        (["area", "Essex", "--out", "page.doc"], "is neither .html nor .pdf"),
    ):
        assert cli.main(arguments) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert told in err


def test_without_a_command_all_are_listed_and_a_wrong_one_says_how_to_call(capsys):
    assert cli.main([]) == 2
    told = capsys.readouterr().err
    assert all(f"\n    {name} " in told for name in ("check", "export", "site", "area", "lab"))
    for arguments in (["chek"], ["check", "--colour"]):
        with pytest.raises(SystemExit, match="2"):
            cli.main(arguments)
        told += capsys.readouterr().err
    assert told.count("usage: python -m hmcpsi_data") == 3


class Site(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        page, _, asked = self.path.partition("?url=")
        copies = {"kept": f"https://web.archive.org/2020/{unquote(asked)}", "odd": "javascript:1"}
        urls = [url for word, url in copies.items() if word in asked]
        told = json.dumps({"archived_snapshots": {"closest": {"url": urls[0]}} if urls else {}})
        self.send_response({"/there": 200, "/moved": 301, "/shut": 403, "/a": 200}.get(page, 404))
        self.send_header("Location", "/there")
        self.end_headers()
        self.wfile.write(b"not json" if "broken" in asked else told.encode())


def test_each_address_is_asked_and_lost_ones_get_a_copy(copy, capsys, monkeypatch):
    header, *rows = copy.read("sources")
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}/"
        pages = ("there", "moved", "shut", "gone", "kept", "odd", "broken")
        addresses = [*(site + one for one in pages), "file:///etc/passwd", "http://127.0.0.1:9/"]
        for row, address in zip(rows, [*addresses, *[""] * len(rows)], strict=False):
            row[header.index("address")] = address
        copy.write("sources", [header, *rows])
        monkeypatch.setattr(cli, "ARCHIVE", f"{site}a?url=")
        assert cli.main(["sources", str(copy.folder), "--links"]) == 0
        server.shutdown()
    *lines, last = capsys.readouterr().out.splitlines()
    cited = hd.citations(hd.load("sources", copy.folder)[["source_id"]], copy.folder)
    states = ["there", "there", "refused", *["not there"] * 4, "no answer", "no answer"]
    states[4] += f", a copy: https://web.archive.org/2020/{site}kept"
    assert lines == ["  ".join(row) for row in zip(cited, addresses, states, strict=False)]
    assert last == "9 sources."


def test_a_document_is_read_and_added(tmp_path, capsys):
    notice, mine = tmp_path / "notice.txt", str(hd.copy_data(tmp_path / "mine"))
    notice.write_text(invented_notice(), encoding="utf-8")
    (tmp_path / "list.txt").write_text("milk\neggs\nbread\n")
    for command in ("read", "add"):
        assert cli.main([command, str(tmp_path / "list.txt"), "--data", mine]) == 1
        assert "".join(capsys.readouterr()).startswith("Nothing here looks like an inspection of")
    assert cli.main(["read", str(notice)]) == 0
    assert '"CPS Inventshire" is not known' in capsys.readouterr().out
    assert cli.main(["add", str(notice), "--data", mine, "--new-area"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Left out, L12: Late flying carpets Very good")
    assert "ratings 4, actions 2, responses 2, measures 2. 1 line left out." in out
    assert hd.check(mine).empty
    assert cli.main(["add", str(notice), "--data", mine, "--new-area"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
