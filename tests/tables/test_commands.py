"""`python -m hmcpsi_data` prints what people can read and ends with the right status."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data.documents import invented_notice
from hmcpsi_data.tables.addresses import addresses_checked
from hmcpsi_data.tables.codebook import markdown
from hmcpsi_data.tables.description import table_names


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "data")


def test_check_says_how_much_was_checked_or_prints_each_problem_with_its_remedy(copy, capsys):
    assert cli.main(["check", str(copy.folder)]) == 0
    rows = hd.tables()["rows"].sum()
    assert capsys.readouterr().out == f"No problems: {len(table_names())} tables, {rows} rows.\n"
    copy.put("scales", 3, rank="first", value="Gut\u2019")
    copy.put("aspect_sets", 2, note="\x1b[2J\u202e")
    assert cli.main(["check", str(copy.folder)]) == 1
    out = capsys.readouterr().out
    assert 'scales.csv, line 3, column rank: "first" is not a whole number. Write digits' in out
    assert out.replace("\n", "").replace("\u2019", "").isprintable()
    assert out.endswith(f"{out.count(chr(10)) - 1} problems.\n")


def test_a_terminal_of_few_letters_and_a_reader_who_stops_early_see_no_traceback(copy):
    copy.put("scales", 3, value="Gut\u2019")
    command = [sys.executable, "-m", "hmcpsi_data", "check", str(copy.folder)]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert r"Gut\u2019" in done.stdout
    for name in ("measures", "methods", "evidence", "crosswalk"):  # many problems
        copy.write(name, [copy.read(name)[0], *([*row, "x"] for row in copy.read(name)[1:])])
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_tables_codebook_sources_and_areas_are_printed(tmp_path, capsys):
    assert cli.main(["tables"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "rows", "columns", "title"]
    assert [line.split()[0] for line in lines[1:-1]] == list(table_names())
    assert lines[-1] == f"Version {hd.data_version()}"
    assert cli.main(["codebook"]) == cli.main(["codebook", "themes"]) == 0
    assert capsys.readouterr().out == markdown() + markdown("themes")
    assert cli.main(["sources"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == f"{len(lines)} sources."
    assert len(lines) == len(hd.load("sources"))
    page = tmp_path / "page.html"
    assert cli.main(["area", "South West"]) == cli.main(["area", "Essex", "--out", str(page)]) == 0
    assert "add --out page.html" in capsys.readouterr().out
    assert "<h1>CPS Essex</h1>" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["codebook", "rating"], 'Did you mean "ratings"'),
        (["codebook", "themes", "--write"], "Leave the table out"),
        (["codebook", "--version", "2026.11.29"], "Add --write"),
        (["codebook", "--write", "--data", "nosuch"], "there is no such folder"),
        (["sources", "nosuch"], "there is no such folder"),
        (["read", __file__, "--data", "nosuch"], "there is no such folder"),
        (["read", "no such file.txt"], "no such file.txt"),
        (["add", __file__, "--data", "nosuch"], "There is no folder"),
        (["area", "Essex", "--out", __file__], "exists already and stays as it is"),
        (["area", "Essex", "--out", "page.doc"], "is neither .html nor .pdf"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_ends_with_1(arguments, told, capsys):
    assert cli.main(arguments) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert told in err


def test_without_a_command_all_are_listed_and_a_wrong_one_says_how_to_call(capsys):
    assert cli.main([]) == 2
    told = capsys.readouterr().err
    assert told.startswith("usage: python -m hmcpsi_data")
    assert all(
        f"\n    {name} " in told for name in ("check", "export", "site", "area", "lab", "app")
    )
    for arguments in (["chek"], ["check", "--colour"]):
        with pytest.raises(SystemExit, match="2"):
            cli.main(arguments)
        assert capsys.readouterr().err.startswith("usage: python -m hmcpsi_data")


class Site(BaseHTTPRequestHandler):
    """Pages that are there, moved, shut or there for who asks for all, and an archive of some."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        page, _, asked = self.path.partition("?url=")
        states = {"/there": 200, "/moved": 301, "/whole": 200, "/shut": 403, "/archive": 200}
        copies = {"kept": f"https://web.archive.org/2020/{unquote(asked)}", "odd": "javascript:1"}
        urls = [url for word, url in copies.items() if word in asked]
        told = json.dumps({"archived_snapshots": {"closest": {"url": urls[0]}} if urls else {}})
        content = b"not json" if "broken" in asked else told.encode() if asked else b""
        self.send_response(states.get(page, 404))
        self.send_header("Location", "/there")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_HEAD(self):
        self.send_error(405) if self.path == "/whole" else self.do_GET()


def test_each_address_is_asked_lost_ones_get_a_copy_and_without_a_network_none_is_checked(
    copy, capsys, monkeypatch
):
    header, *rows = copy.read("sources")

    def put(*addresses):
        for row, address in zip(rows, [*addresses, *[""] * len(rows)], strict=False):
            row[header.index("address")] = address
            row[header.index("archived_address")] = ""
        copy.write("sources", [header, *rows])

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = f"http://127.0.0.1:{server.server_port}/"
        pages = ("there", "moved", "whole", "shut", "gone", "kept", "odd", "broken")
        put(*(site + page for page in pages), "ftp://a.test")
        found = addresses_checked(copy.folder, f"{site}archive?url=")
        server.shutdown()
    assert found["state"].tolist() == ["there"] * 3 + ["refused"] + ["not there"] * 4 + [
        "no answer"
    ]
    known = found["archived"].dropna()  # an address that would run something is none
    assert known.to_dict() == {5: f"https://web.archive.org/2020/{site}kept"}
    put(site, "file:///etc/passwd")  # nobody listens there any more
    monkeypatch.setattr(addresses_checked, "__defaults__", (None, site))
    assert cli.main(["sources", str(copy.folder), "--links"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("2 not checked.\n")
    named = hd.citations(hd.load("sources", copy.folder).head(2)[["source_id"]], copy.folder)
    assert [line.partition("  ")[0] for line in out.splitlines()[:2]] == named.tolist()
    assert "root" not in out


def test_a_document_is_read_and_added_and_cannot_steer_the_terminal(tmp_path, capsys):
    notice, odd = tmp_path / "notice.txt", tmp_path / "odd.txt"
    notice.write_text(invented_notice(), encoding="utf-8")
    payload = invented_notice().replace("Care of dragons", "Care\x1b[2J of \u202edragons")
    odd.write_text(payload, encoding="utf-8")
    assert cli.main(["read", str(notice), "--new-area"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("response, aap_2016, CPS Inventshire, published 2016-11-29: 23 lines\n")
    for words in ("ratings 4, actions 2, responses 2, measures 2", "doubtful (2)", "L12"):
        assert words in out
    assert cli.main(["read", str(notice)]) == cli.main(["read", str(odd), "--new-area"]) == 0
    out = capsys.readouterr().out
    assert '"CPS Inventshire" is not known' in out
    assert "certain (10)" in out
    assert out.replace("\n", "").isprintable()
    mine = str(hd.copy_data(tmp_path / "mine"))
    assert cli.main(["add", str(notice), "--data", mine, "--new-area"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Left out, L12: Late flying carpets Very good")
    assert "ratings 4, actions 2, responses 2, measures 2. 1 line left out." in out
    assert hd.check(mine).empty
    assert cli.main(["add", str(notice), "--data", mine, "--new-area"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
