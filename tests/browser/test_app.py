"""The app: the explorers as one page that asks for nothing outside this computer."""

import re
import subprocess
import sys
import urllib.request

import pytest
from lab import free_port, start, stop

import hmcpsi_data as hd
from hmcpsi_data import errors, lab
from hmcpsi_data.explorers import RatingsExplorer


@pytest.mark.browser
def test_the_app_opens_each_explorer_without_a_network_and_to_nobody_without_the_token(
    tmp_path, browser
):
    command = [sys.executable, "-m", "hmcpsi_data", "app", "--no-browser", f"--port={free_port()}"]
    own = {"JUPYTER_DATA_DIR": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path)}
    with (tmp_path / "log").open("w") as log:
        process = start(command, log, own)
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
    try:
        seen = re.compile(r"http://127\.0\.0\.1\S+")
        while not (found := seen.search((tmp_path / "log").read_text())):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.5)
        page.goto(found[0])
        page.get_by_role("heading", name="What did inspectors say").wait_for(timeout=120_000)
        page.get_by_role("tab", name="Ratings").click()
        page.get_by_role("heading", name=RatingsExplorer.TITLE).wait_for(timeout=60_000)
        assert [url for url in asked if not re.match(r"http://127\.0\.0\.1|data:|blob:", url)] == []
        with urllib.request.urlopen(found[0].partition("?")[0], timeout=60) as answer:
            assert "login" in answer.url
            assert b"What did inspectors say" not in answer.read()
    finally:
        page.close()
        stop(process)


def test_without_voila_the_app_is_a_sentence(monkeypatch):
    monkeypatch.setattr(errors, "find_spec", lambda _: None)
    with pytest.raises(hd.HmcpsiError, match=r'pip install "hmcpsi_data\[app\]"'):
        lab.open_app()
