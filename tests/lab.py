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
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, Download, Locator, Page, sync_playwright

SECONDS = 60
# Chromium asks for nothing outside the machine, and starts as root in a container.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# No news, saved every two seconds, and all cells in the page, also those off the screen.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 2},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
CURRENT = "const notebook = window.jupyterapp.shell.currentWidget;"


def find_chromium() -> str | None:
    """Give the path of a Chromium or Chrome; HMCPSI_CHROMIUM names another."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    return os.environ.get("HMCPSI_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    """Start Chromium without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class Server:
    """A running JupyterLab."""

    root: Path
    address: str
    token: str

    def url(self, path: str) -> str:
        """Give the address of a file below the root, in a fresh workspace."""
        return f"{self.address}/lab/tree/{path}?token={self.token}&reset"


@contextlib.contextmanager
def serve(root: Path, python: str = sys.executable) -> Iterator[Server]:
    """Start JupyterLab with folders of its own, so that nothing of the user's counts or changes."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        overrides = home / "config/labconfig/default_setting_overrides.json"
        overrides.parent.mkdir(parents=True)
        overrides.write_text(json.dumps(SETTINGS), encoding="utf-8")
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        server = Server(root, f"http://127.0.0.1:{free_port()}", secrets.token_hex(16))
        log = home / "lab.log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [python, "-m", "jupyterlab", *options(server)],
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=os.environ | {name: str(home / path) for name, path in own.items()},
                start_new_session=True,
            )
        try:
            wait_for(server, process, log)
            yield server
        finally:
            stop(process)


def options(server: Server) -> list[str]:
    """Give JupyterLab's options: loopback only, no news, and reachable from a test."""
    return [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={server.address.rpartition(':')[2]}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={server.root}",
        f"--IdentityProvider.token={server.token}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=",
        "--FileContentsManager.pre_save_hook=hmcpsi_data.lab.keep_words",
    ]


def free_port() -> int:
    """Give a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server: Server, process: subprocess.Popen, log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{server.address}/api?token={server.token}", timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


def stop(process: subprocess.Popen) -> None:
    """End the server and its kernels."""
    kill = os.killpg if hasattr(os, "killpg") else os.kill
    with contextlib.suppress(ProcessLookupError):
        kill(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        kill(process.pid, signal.SIGKILL)
        process.wait()


@dataclass
class Notebook:
    """A notebook that is open in a page."""

    page: Page
    outside: list[str] = field(default_factory=list)  # requests that left 127.0.0.1

    @classmethod
    def open(cls, page: Page, server: Server, path: str) -> "Notebook":
        """Open a notebook below the server's root and wait for its kernel; run nothing."""
        notebook = cls(page)
        page.set_default_timeout(SECONDS * 1000)
        page.on("request", lambda request: notebook.note(request.url))
        page.goto(server.url(path))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        notebook.wait_idle()
        return notebook

    @classmethod
    def make(cls, page: Page, server: Server, path: str, cells: list[str]) -> "Notebook":
        """Write a notebook with these cells, open it and run it all."""
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

    def note(self, url: str) -> None:
        """Keep the address of a request that left the machine."""
        if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")):
            self.outside.append(url)

    def wait_idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(
            """() => {
                const notebook = window.jupyterapp?.shell.currentWidget;
                return notebook?.sessionContext?.session?.kernel?.status === 'idle';
            }"""
        )

    def restart_and_run_all(self) -> None:
        """Do what the menu's Restart Kernel and Run All Cells does, and wait for the end."""
        self.page.evaluate(
            """() => {
                window.ran = false;
                const { commands } = window.jupyterapp;
                commands.execute('notebook:restart-run-all').finally(() => { window.ran = true; });
            }"""
        )
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function("() => window.ran")
        self.wait_idle()

    def cells(self) -> list[dict[str, Any]]:
        """Give the cells with their outputs, as they would be stored now."""
        return self.page.evaluate(
            f"() => {{ {CURRENT} return [...notebook.content.model.cells].map(c => c.toJSON()); }}"
        )

    def errors(self) -> list[str]:
        """Name the cells that hold an error."""
        return [
            f"cell {number}: {output['ename']}: {output['evalue']}"
            for number, cell in enumerate(self.cells(), start=1)
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ]

    def evaluate(self, expression: str) -> Any:
        """Give the value (of a kind that JSON knows) of a Python expression in the kernel."""
        found = self.page.evaluate(
            f"""async expression => {{
                {CURRENT}
                const reply = await notebook.sessionContext.session.kernel.requestExecute({{
                    code: '', silent: true, store_history: false,
                    user_expressions: {{ value: `__import__('json').dumps(${{expression}})` }},
                }}).done;
                return reply.content.user_expressions.value;
            }}""",
            expression,
        )
        if found["status"] != "ok":
            raise RuntimeError(f"{found['ename']}: {found['evalue']}")
        return json.loads(ast.literal_eval(found["data"]["text/plain"]))

    def close(self) -> None:
        """End the kernel and close the page."""
        self.page.evaluate(f"() => {{ {CURRENT} return notebook.sessionContext.shutdown(); }}")
        self.page.close()


@dataclass
class Screen:
    """One explorer on the screen, as a person finds its parts."""

    notebook: Notebook
    root: Locator

    @property
    def page(self) -> Page:
        return self.notebook.page

    @property
    def status(self) -> Locator:
        return self.root.locator(".hx-status")

    @property
    def sentence(self) -> Locator:
        return self.root.locator(".hx-sentence")

    @property
    def table(self) -> Locator:
        return self.root.locator(".hx-table")

    @property
    def error(self) -> Locator:
        return self.root.get_by_role("alert")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def row(self, text: str) -> Locator:
        return self.table.locator("tbody tr").filter(has_text=text).first

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list by its words, without the count behind them."""
        control = self.root.get_by_label(label, exact=True)
        texts = control.locator("option").all_inner_texts()
        (place,) = [n for n, text in enumerate(texts) if text.split(" (")[0] == option][:1]
        control.select_option(index=place)

    def group(self, label: str) -> Locator:
        return self.root.get_by_role("group", name=label, exact=True)

    def tick(self, label: str, option: str) -> None:
        """Tick a box, in a menu that is opened where it is folded."""
        group = self.group(label)
        menu = group.locator("summary")
        if menu.count() and not group.locator("details[open]").count():
            menu.click()
        group.get_by_label(option).first.check()

    def open_more(self) -> None:
        """Open what stands under More filters."""
        opener = self.root.get_by_role("button", name=re.compile("^More filters"))
        if opener.count() and opener.get_attribute("aria-expanded") == "false":
            opener.click()

    def close_more(self) -> None:
        """Close it again."""
        opener = self.root.get_by_role("button", name=re.compile("^More filters"))
        if opener.count() and opener.get_attribute("aria-expanded") == "true":
            opener.click()

    def settled(self) -> None:
        """Wait until Python has answered everything."""
        self.page.wait_for_function(
            "root => root.dataset.open !== 'yes'", arg=self.root.element_handle()
        )

    def save(self, label: str) -> Download:
        """Save a file."""
        if not self.button(label).is_visible():
            self.button("Save").click()
        with self.page.expect_download() as download:
            self.button(label).click()
        return download.value
