"""The server of `make lab` listens on this computer alone and asks for its token."""

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hmcpsi_data import lab

pytest.importorskip("jupyterlab")
running = pytest.importorskip("lab", reason="playwright is missing").running
LISTENING = "0A"  # as /proc/net/tcp writes it


def test_it_listens_on_this_computer_alone_and_answers_only_with_its_token(tmp_path):
    own = {f"JUPYTER_{name}_DIR": str(tmp_path) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = ["hmcpsi_data", "lab", "workbook", "--no-browser"]
    with running(command, tmp_path, own) as address:
        place, _, token = address.partition("?token=")
        assert len(token) >= 32
        contents = re.sub(r"(?<=\d/).*", "api/contents", place)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(contents, timeout=60)
        with urllib.request.urlopen(f"{contents}?token={token}", timeout=60) as answer:
            assert lab.START.encode() in answer.read()
        port = f":{int(re.search(r'(?<=:)[0-9]+(?=/)', address)[0]):04X}"
        tables = [path for path in Path("/proc/net").glob("tcp*") if path.is_file()]  # of Linux
        listed = [line.split() for path in tables for line in path.read_text().splitlines()]
    places = {row[1] for row in listed if row[1].endswith(port) and row[3] == LISTENING}
    assert places <= {f"0100007F{port}"}, "not 127.0.0.1"


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_only_where_root_starts_it(monkeypatch, tmp_path, user, allowed):
    (tmp_path / lab.START).touch()
    commands = []
    monkeypatch.setattr(lab.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(lab, "serve", lambda command, *_: commands.append(command) or 0)
    lab.main(str(tmp_path))
    (command,) = commands
    assert ("--allow-root" in command) is allowed
    assert not [one for one in command if "token" in one or "password" in one]
