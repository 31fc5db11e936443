"""Adding a document in a real JupyterLab: a real upload, real clicks, and who can use it."""

import json
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import Notebook, Server
from playwright.sync_api import BrowserContext, expect

import hmcpsi_data as hd
from hmcpsi_data.documents.example import invented_notice

PATIENT = {"timeout": 60_000}
HOSTILE = invented_notice().replace("Late flying carpets", "<img src=x onerror=window.hacked=1>")

pytestmark = pytest.mark.browser


@pytest.fixture
def notebook(browser_context: BrowserContext, lab_server: Server, tmp_path: Path):
    """A notebook with the explorer, and beside it the explorer of ratings, not run yet."""
    mine = json.dumps(str(tmp_path / "mine"))
    cells = [
        f"from hmcpsi_data.explorers import AddDocument, RatingsExplorer\nmine = {mine}",
        "desk = AddDocument(folder=mine)\ndesk",
    ]
    stored = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    stored.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    (lab_server.root / "adding").mkdir(exist_ok=True)
    nbformat.write(stored, lab_server.root / "adding" / "add.ipynb")
    opened = Notebook.open(browser_context.new_page(), lab_server, "adding/add.ipynb")
    opened.restart_and_run_all()
    assert opened.errors() == []
    yield opened
    assert opened.outside == []
    opened.close()


def test_a_document_is_uploaded_corrected_accepted_and_found(notebook: Notebook, tmp_path: Path):
    page, root = notebook.page, notebook.page.locator('.hx[aria-label="Add a document"]')
    status, error = root.locator(".hx-status"), root.get_by_role("alert")
    expect(status).to_have_text("No document yet", **PATIENT)

    notice = tmp_path / "notice.txt"
    notice.write_text(HOSTILE, encoding="utf-8")
    root.get_by_label("Document", exact=True).set_input_files(notice)
    expect(root.locator(".hx-words")).to_contain_text('"CPS Inventshire" is not known', **PATIENT)

    root.get_by_label("An Area that no table knows").select_option("yes")
    expect(status).to_have_text("11 things read, 1 left out", **PATIENT)
    expect(root.locator(".hx-table")).to_contain_text("<img src=x", **PATIENT)
    assert page.evaluate("() => window.hacked === undefined")

    root.get_by_label("Row", exact=True).select_option("ratings 3")
    expect(root.get_by_label("Value", exact=True)).to_have_value("Poor", **PATIENT)
    root.get_by_label("Value", exact=True).fill("Splendid")
    root.get_by_role("button", name="Put the value").click()
    expect(status).to_contain_text("1 corrected by you", **PATIENT)
    root.get_by_role("button", name="Accept", exact=True).click()
    expect(error).to_contain_text('"Splendid" is not on the scale', **PATIENT)

    root.get_by_label("Value", exact=True).fill("Fair")
    root.get_by_role("button", name="Put the value").click()
    expect(status).to_contain_text("2 corrected by you", **PATIENT)
    root.get_by_role("button", name="Accept", exact=True).click()
    expect(status).to_contain_text("added to your folder", **PATIENT)
    expect(error).to_be_hidden()
    expect(root.locator(".hx-table")).to_contain_text("Ratings of Inventshire in your folder")

    mine = tmp_path / "mine"
    assert hd.check(mine).empty
    assert hd.ratings("Inventshire", folder=mine)["rating"].tolist() == [
        "Fair", "Good", "Fair", "Fair",
    ]  # fmt: skip
    found = notebook.evaluate(
        "RatingsExplorer(folder=mine, area=desk.added.area_id).view['status']"
    )
    assert found.startswith("4 of ")

    violations = Axe().run(page, context=".hx").response["violations"]
    grave = [rule["id"] for rule in violations if rule["impact"] in ("serious", "critical")]
    assert grave == []
    assert page.evaluate("() => window.hacked === undefined")
