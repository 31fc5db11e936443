"""A real JupyterLab on 127.0.0.1, and Chromium to drive it, for the browser tests."""

import ast
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from playwright.sync_api import Browser, Download, Locator, Page, sync_playwright

SECONDS = 60
CHROMIUM_FLAGS = ["--no-sandbox", "--no-first-run"] + [
    f"--disable-{what}"
    for what in ("gpu", "quic", "background-networking", "component-update", "sync")
]
# No news, saved every two seconds without a question, and all cells in the page.
SAVING = {"autosaveInterval": 2, "lastModifiedCheckMargin": 60_000}
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": SAVING,
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
FOLDERS = ("_CONFIG", "_DATA", "_RUNTIME", "LAB_SETTINGS", "LAB_WORKSPACES")
OPTIONS = """--no-browser --allow-root --ServerApp.ip=127.0.0.1 --ServerApp.port_retries=0
--LabApp.expose_app_in_browser=True --LabApp.extension_manager=readonly --LabApp.news_url=
--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate
--FileContentsManager.pre_save_hook=hmcpsi_data.lab.keep_words""".split()  # noqa: SIM905 (so many words read best as words)
INSIDE = re.compile("(http|ws)://127.0.0.1:|data:|blob:|about:")
CURRENT = "const notebook = window.jupyterapp.shell.currentWidget;"


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("HMCPSI_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:  # which ends what it started
        yield playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)


@contextlib.contextmanager
def serve(root: Path) -> Iterator[SimpleNamespace]:
    """Start JupyterLab with folders of its own, so that nothing of the user's counts or changes."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        overrides = home / "_CONFIG/labconfig/default_setting_overrides.json"
        overrides.parent.mkdir(parents=True)
        overrides.write_text(json.dumps(SETTINGS), encoding="utf-8")
        port, token = free_port(), secrets.token_hex(16)
        here = [f"--ServerApp.port={port}", f"--ServerApp.root_dir={root}"]
        here += [f"--IdentityProvider.token={token}"]
        own = {f"JUPYTER{name}_DIR": str(home / name) for name in FOLDERS}
        own["IPYTHONDIR"] = str(home / "ipython")
        with running(["jupyterlab", *OPTIONS, *here], home, own):
            address = f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}&reset"
            yield SimpleNamespace(root=root, url=address.format)


@contextlib.contextmanager
def running(module: list[str], home: Path, own: dict[str, str]) -> Iterator[str]:
    """Start a server in a folder, with these variables, and give the address that it prints."""
    log, deadline = home / "server.log", time.monotonic() + 2 * SECONDS
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", *module], cwd=home, env=os.environ | own, stdout=stream,
            stderr=stream, start_new_session=True,
        )  # fmt: skip
    try:
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\S+", log.read_text())):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"The server did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield found[0]
    finally:
        for how in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(process.pid, how)
                process.wait(15)
                break


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Notebook:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.outside: list[str] = []  # requests that left 127.0.0.1
        page.on("request", lambda r: INSIDE.match(r.url) or self.outside.append(r.url))

    @classmethod
    def open(cls, page: Page, server: SimpleNamespace, path: str) -> "Notebook":
        """Open a notebook and wait for its kernel; run nothing."""
        notebook = cls(page)
        page.set_default_timeout(SECONDS * 1000)
        page.goto(server.url(path))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        notebook.wait_idle()
        return notebook

    @classmethod
    def make(cls, page: Page, server: SimpleNamespace, path: str, cells: list[str]) -> "Notebook":
        new = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
        new.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
        nbformat.write(new, server.root / path)
        notebook = cls.open(page, server, path)
        notebook.restart_and_run_all()
        return notebook

    def explorer(self, place: int) -> "Screen":
        """One of the explorers of the notebook, counted from 0 from the top."""
        root = self.page.locator(".hx").nth(place)
        root.locator(".hx-tools").wait_for()
        return Screen(self, root)

    def wait_idle(self) -> None:
        kernel = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
        self.page.wait_for_function(f"() => {kernel}?.status === 'idle'")

    def command(self, name: str) -> None:
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def save(self) -> None:
        self.command("docmanager:save")
        self.page.wait_for_function(f"() => {{ {CURRENT} return !notebook.context.model.dirty; }}")

    def restart_and_run_all(self) -> None:
        run = "window.jupyterapp.commands.execute('notebook:restart-run-all')"
        self.page.evaluate(
            f"() => {{ window.ran = 0; {run}.finally(() => {{ window.ran = 1; }}); }}"
        )
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function("() => window.ran")
        self.wait_idle()

    def cells(self) -> list[dict[str, Any]]:
        cells = "[...notebook.content.model.cells].map(cell => cell.toJSON())"
        return self.page.evaluate(f"() => {{ {CURRENT} return {cells}; }}")

    def errors(self) -> list[str]:
        outputs = [output for cell in self.cells() for output in cell.get("outputs", [])]
        return [f"{one['ename']}: {one['evalue']}" for one in outputs if "ename" in one]

    def evaluate(self, expression: str) -> Any:
        """Give the value (of a kind that JSON knows) of a Python expression in the kernel."""
        asked = {"value": f"__import__('json').dumps({expression})"}
        found = self.page.evaluate(
            f"""async user_expressions => {{
                {CURRENT}
                const reply = await notebook.sessionContext.session.kernel.requestExecute({{
                    code: '', silent: true, store_history: false, user_expressions}}).done;
                return reply.content.user_expressions.value;
            }}""",
            asked,
        )
        assert found["status"] == "ok", found
        return json.loads(ast.literal_eval(found["data"]["text/plain"]))

    def close(self) -> None:
        self.page.evaluate(f"() => {{ {CURRENT} return notebook.sessionContext.shutdown(); }}")
        self.page.close()


class Screen:
    def __init__(self, notebook: Notebook, root: Locator) -> None:
        self.notebook, self.root, self.page = notebook, root, notebook.page
        self.status, self.sentence = root.locator(".hx-status"), root.locator(".hx-sentence")
        self.table, self.error = root.locator(".hx-table"), root.get_by_role("alert")
        self.more = root.get_by_role("button", name=re.compile("^More filters"))

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def row(self, text: str) -> Locator:
        return self.table.locator("tbody tr").filter(has_text=text).first

    def choose(self, label: str, option: str) -> None:
        control = self.root.get_by_label(label, exact=True)
        texts = control.locator("option").all_inner_texts()  # with a count behind the words
        control.select_option(index=[text.split(" (")[0] for text in texts].index(option))

    def tick(self, label: str, option: str) -> None:
        group = self.root.get_by_role("group", name=label, exact=True)
        menu = group.locator("summary")
        if menu.count() and not group.locator("details[open]").count():
            menu.click()
        group.get_by_label(option).first.check()

    def open_more(self) -> None:
        if self.more.count() and self.more.get_attribute("aria-expanded") != "true":
            self.more.click()

    def reset(self) -> None:
        opened = self.root.locator(".hx-tools [aria-expanded=true]")
        while opened.count():
            opened.last.click()
        self.button("Reset").click()
        self.settled()

    def settled(self) -> None:
        answered = "root => root.dataset.open !== 'yes'"
        self.page.wait_for_function(answered, arg=self.root.element_handle())

    def save(self, label: str) -> Download:
        if not self.button(label).is_visible():
            self.button("Save").click()
        with self.page.expect_download() as download:
            self.button(label).click()
        return download.value
