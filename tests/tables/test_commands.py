"""`python -m hmcpsi_data` prints what people can read and ends with the right status."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pandas as pd
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


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "hmcpsi_data", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def test_check_says_how_much_was_checked_or_prints_each_problem_with_its_remedy(copy, capsys):
    assert cli.main(["check", str(copy.folder)]) == 0
    rows = hd.tables()["rows"].sum()
    assert capsys.readouterr().out == f"No problems: {len(table_names())} tables, {rows} rows.\n"
    copy.put("scales", 3, rank="first")
    assert cli.main(["check", str(copy.folder)]) == 1
    assert capsys.readouterr().out == (
        'scales.csv, line 3, column rank: "first" is not a whole number. '
        "Write digits only, as in 31726.\n"
        "1 problem.\n"
    )


def test_a_reader_who_stops_early_sees_no_traceback(copy):
    for name in ("measures", "methods", "evidence", "crosswalk"):  # many problems
        copy.write(name, [copy.read(name)[0], *([*row, "x"] for row in copy.read(name)[1:])])
    command = [sys.executable, "-m", "hmcpsi_data", "check", str(copy.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_what_a_terminal_cannot_show_or_what_would_steer_it_is_escaped(copy):
    copy.put("scales", 3, value="Gut\u2019")
    copy.put("aspect_sets", 2, note="\x1b[2J\u202e")
    done = run("check", copy.folder, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (1, "")
    assert r"Gut\u2019" in done.stdout
    assert done.stdout.replace("\n", "").isprintable()


def test_tables_codebook_and_sources_are_printed(capsys):
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
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_ends_with_1(arguments, told, capsys):
    assert cli.main(arguments) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert told in err


@pytest.mark.parametrize("arguments", [[], ["chek"], ["check", "--colour"]])
def test_a_command_that_does_not_exist_ends_with_2_and_says_how_to_call(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m hmcpsi_data")


# Sources and their addresses


class Site(BaseHTTPRequestHandler):
    """Pages of every kind, and an archive that has a copy of some."""

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        if self.path == "/only-get":
            return self.answer(405)
        return self.do_GET()

    def do_GET(self):
        if self.path.startswith("/archive?url="):
            asked = unquote(self.path.removeprefix("/archive?url="))
            copies = {"kept": f"https://web.archive.org/web/2020/{asked}", "odd": "javascript:1"}
            url = next((copy for word, copy in copies.items() if word in asked), None)
            found = {"archived_snapshots": {"closest": {"url": url}} if url else {}}
            return self.answer(
                200, b"not json" if "broken" in asked else json.dumps(found).encode()
            )
        if self.path == "/moved":
            return self.answer(301, location="/there")
        if self.path == "/round":
            return self.answer(302, location="/round")
        if self.path == "/cut":
            return self.wfile.write(b"HT")
        return self.answer({"/there": 200, "/only-get": 200, "/shut": 403}.get(self.path, 404))

    def answer(self, number, content=b"", location=None):
        self.send_response(number)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def with_addresses(copy, addresses):
    header, *rows = copy.read("sources")
    at = header.index("address")
    for row, address in zip(rows, [*addresses, *[""] * len(rows)], strict=False):
        row[at] = address
        row[header.index("archived_address")] = ""
    copy.write("sources", [header, *rows])
    return copy.folder


def test_each_address_is_asked_and_lost_ones_get_a_copy_where_there_is_one(site, copy):
    states = {
        "there": "there", "moved": "there", "only-get": "there", "shut": "refused",
        "round": "refused", "gone": "not there", "kept": "not there", "odd": "not there",
        "broken": "not there", "cut": "no answer",
    }  # fmt: skip
    folder = with_addresses(copy, [f"{site}/{page}" for page in states])
    found = addresses_checked(folder, f"{site}/archive?url=")
    assert found["state"].tolist() == list(states.values())
    copies = dict(zip(states, found["archived"], strict=True))
    assert copies.pop("kept") == f"https://web.archive.org/web/2020/{site}/kept"
    assert all(pd.isna(one) for one in copies.values())


def test_without_a_network_it_says_not_checked(copy, capsys, monkeypatch):
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        port = server.server_port  # nobody listens there any more
    folder = with_addresses(copy, [f"http://127.0.0.1:{port}/a", "file:///etc/passwd"])
    monkeypatch.setattr(addresses_checked, "__defaults__", (None, f"http://127.0.0.1:{port}/"))
    assert cli.main(["sources", str(folder), "--links"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("2 not checked.\n")
    sources = hd.load("sources", folder).head(2)  # they are named as people know them
    named = hd.citations(sources[["source_id"]], folder)
    assert [line.partition("  ")[0] for line in out.splitlines()[:2]] == named.tolist()
    assert "root" not in out


# Documents


@pytest.fixture
def notice(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text(invented_notice(), encoding="utf-8")
    return str(path)


def test_read_prints_rows_problems_and_what_is_missing(notice, capsys):
    assert cli.main(["read", notice, "--new-area"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("response, aap_2016, CPS Inventshire, published 2016-11-29: 23 lines\n")
    for words in ("ratings 4, actions 2, responses 2, measures 2", "doubtful (2)", "L12"):
        assert words in out
    assert cli.main(["read", notice]) == 0
    out = capsys.readouterr().out
    assert '"CPS Inventshire" is not known' in out
    assert "certain (10)" in out


def test_add_says_what_was_added(notice, tmp_path, capsys):
    mine = hd.copy_data(tmp_path / "mine")
    assert cli.main(["add", notice, "--data", str(mine), "--new-area"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Left out, L12: Late flying carpets Very good")
    assert "ratings 4, actions 2, responses 2, measures 2. 1 line was left out." in out
    assert hd.check(mine).empty
    assert cli.main(["add", notice, "--data", str(mine), "--new-area"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_in_a_document_can_steer_the_terminal(tmp_path, capsys):
    text = invented_notice().replace("Care of dragons", "Care\x1b[2J of \u202edragons")
    (tmp_path / "odd.txt").write_text(text, encoding="utf-8")
    assert cli.main(["read", str(tmp_path / "odd.txt"), "--new-area"]) == 0
    assert capsys.readouterr().out.replace("\n", "").isprintable()
