"""What the tests share: the shared folder, JupyterLab, a browser, and how hard hypothesis tries."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

import hmcpsi_data

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"

settings.register_profile("local", max_examples=50, deadline=None, print_blob=True)
settings.register_profile(
    "ci", max_examples=500, deadline=None, print_blob=True, derandomize=True, database=None
)
settings.register_profile("quick", max_examples=5, deadline=None)  # many places: bench/places.py
settings.load_profile("ci" if IN_CI else "local")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the browser tests to one worker, which begins with them."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_collection_finish() -> None:
    """Let `hmcpsi_data.tables` be the function again, which the doctests hide with the room."""
    hmcpsi_data.tables = sys.modules["hmcpsi_data.tables.record"].tables


def without(reason: str) -> None:
    """Skip what cannot run here; in CI nothing may be skipped."""
    if IN_CI:
        pytest.fail(f"{reason} In CI this must not be missing.", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the founding documents, which are not part of the repository."""
    folder = Path(os.environ.get("HMCPSI_SHARED") or ROOT.parent / "shared")
    if not (folder / "documents").is_dir():
        without("No shared folder beside the project; HMCPSI_SHARED names one elsewhere.")
    return folder


@pytest.fixture(scope="session")
def weasyprint():
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        without(f"WeasyPrint needs: apt install libpango-1.0-0 libpangoft2-1.0-0 ({error}).")


@pytest.fixture(scope="session")
def browser():
    lab = pytest.importorskip("lab", reason="playwright is missing")
    executable = lab.find_chromium()
    if executable is None:
        without("No Chromium for the browser tests: apt install chromium, or set HMCPSI_CHROMIUM.")
    with lab.chromium(executable) as running:
        yield running


@pytest.fixture(scope="session")
def browser_context(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    yield context
    context.close()


@pytest.fixture(scope="session")
def lab_server(browser, tmp_path_factory):
    """A JupyterLab on a copy of the notebooks, so that nothing in the repository changes."""
    import lab

    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    with lab.serve(root) as server:
        yield server
