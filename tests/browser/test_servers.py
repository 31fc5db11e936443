"""The servers listen on this computer alone and ask for a token; the app needs no network."""

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from lab import free_port, running

import hmcpsi_data as hd
from hmcpsi_data import errors
from hmcpsi_data import lab as jupyter
from hmcpsi_data.explorers import RatingsExplorer


@pytest.mark.browser
def test_the_app_opens_each_explorer_without_a_network_and_to_nobody_without_the_token(
    tmp_path, browser
):
    command = ["hmcpsi_data", "app", "--no-browser", f"--port={free_port()}"]
    own = {"JUPYTER_DATA_DIR": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path)}
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
    with running(command, tmp_path, own) as address:
        page.goto(address)
        page.get_by_role("heading", name="What did inspectors say").wait_for(timeout=120_000)
        page.get_by_role("tab", name="Ratings").click()
        page.get_by_role("heading", name=RatingsExplorer.TITLE).wait_for(timeout=60_000)
        assert [url for url in asked if not re.match(r"http://127\.0\.0\.1|data:|blob:", url)] == []
        with urllib.request.urlopen(address.partition("?")[0], timeout=60) as answer:
            assert "login" in answer.url
            assert b"What did inspectors say" not in answer.read()
    page.close()


def test_without_voila_the_app_is_a_sentence(monkeypatch):
    monkeypatch.setattr(errors, "find_spec", lambda _: None)
    with pytest.raises(hd.HmcpsiError, match=r'pip install "hmcpsi_data\[app\]"'):
        jupyter.open_app()


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
            assert jupyter.START.encode() in answer.read()
        port = f":{int(re.search(r'(?<=:)[0-9]+(?=/)', address)[0]):04X}"
        tables = [path for path in Path("/proc/net").glob("tcp*") if path.is_file()]  # of Linux
        listed = [line.split() for path in tables for line in path.read_text().splitlines()]
    places = {row[1] for row in listed if row[1].endswith(port) and row[3] == "0A"}
    assert places <= {f"0100007F{port}"}, "not 127.0.0.1"


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_only_where_root_starts_it(monkeypatch, tmp_path, user, allowed):
    (tmp_path / jupyter.START).touch()
    commands = []
    monkeypatch.setattr(jupyter.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(jupyter, "serve", lambda command, *_: commands.append(command) or 0)
    jupyter.main(str(tmp_path))
    (command,) = commands
    assert ("--allow-root" in command) is allowed
    assert not [one for one in command if "token" in one or "password" in one]
