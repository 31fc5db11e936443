"""Each job that the workbook is for, done with clicks and keys in a real JupyterLab."""

import csv
import re

import pytest
from lab import Notebook
from playwright.sync_api import expect

from hmcpsi_data.documents import invented_notice

pytestmark = pytest.mark.browser

ESSEX = re.compile(r"^\d ratings?; 1 contradicted by another source")

EXPLORERS = (
    "FourRounds",
    "RatingsExplorer",
    "ActionsExplorer",
    "ComparisonExplorer",
    "CrosswalkExplorer",
    "AreaPage",
    "AssessmentExplorer",
    "AddDocument",
)


@pytest.fixture(scope="module")
def notebook(browser_context, lab_server):
    """One notebook with every explorer that the jobs need, run."""
    cells = ["from hmcpsi_data import explorers\nknown = {}"]
    cells += [f"known['{name}'] = explorers.{name}()\nknown['{name}']" for name in EXPLORERS]
    opened = Notebook.make(browser_context.new_page(), lab_server, "jobs.ipynb", cells)
    yield opened
    assert opened.errors() == []
    assert opened.outside == []
    opened.close()


@pytest.fixture
def screen(notebook):
    """Gives an explorer by its name, as it was at the start."""

    def give(name):
        found = notebook.explorer(EXPLORERS.index(name))
        found.button("Reset").click()
        found.settled()
        return found

    return give


def rows_of(saved):
    with saved.path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_which_aspects_were_poor_and_who_says_so(screen):
    ratings = screen("RatingsExplorer")
    ratings.choose("Area", "Leicestershire")
    ratings.choose("Framework", "OPA 2005-06")
    ratings.tick("Rating", "Poor")
    expect(ratings.status).to_contain_text("1 rating")
    expect(ratings.sentence).to_contain_text("1 of 14 aspects Poor")
    row = ratings.row("Managing magistrates' courts cases")
    expect(row).to_contain_text("Poor")
    expect(row).to_contain_text("inspectorate")
    expect(row).to_contain_text("line 2")


def test_b_what_became_of_recommendation_3(screen):
    actions = screen("ActionsExplorer")
    actions.choose("Area", "Leicestershire")
    actions.tick("Kind", "recommendation")
    row = actions.table.locator("tbody tr").filter(has_text="recommendation 3")
    expect(row).to_contain_text("Substantial progress")


def test_c_all_issues_on_disclosure_are_saved_as_csv_and_read_back(screen):
    actions = screen("ActionsExplorer")
    actions.tick("Kind", "issue to address")
    actions.choose("Theme", "Disclosure")
    actions.settled()
    saved = rows_of(actions.save("Table (CSV)"))
    assert len(saved) == int(actions.status.inner_text().split()[0])
    assert {row["round"] for row in saved} <= {"2016 pilots", "2016-19", "2021-22"}
    assert {"East Midlands", "South West"} <= {row["area"] for row in saved}
    assert {row["kind"] for row in saved} == {"issue"}
    assert all(row["source_id"] for row in saved)


def test_d_2006_against_2016_and_why_that_is_no_trend(screen):
    compared = screen("ComparisonExplorer")
    expect(compared.root.get_by_role("note")).to_contain_text("nothing about better or worse")
    compared.open_more()
    compared.tick("Verdict", "below the old range")
    compared.settled()
    row = compared.row("Communication with victims")
    expect(row).to_contain_text("Poor")
    expect(row).to_contain_text("Fair")


def test_e_a_link_is_changed_seen_saved_and_loaded_back(screen, tmp_path):
    crosswalk = screen("CrosswalkExplorer")
    page = crosswalk.page
    first = crosswalk.table.get_by_label("At most: ").first
    before = first.input_value()
    first.fill("0.95" if before != "0.95" else "0.9")
    page.keyboard.press("Tab")
    expect(crosswalk.status).to_contain_text("1 changed by you")
    expect(crosswalk.table).to_contain_text("What changes:")
    saved = crosswalk.save("Crosswalk (CSV)")
    kept = tmp_path / saved.suggested_filename
    saved.save_as(kept)
    crosswalk.button("Undo").click()
    expect(crosswalk.status).not_to_contain_text("changed by you")
    crosswalk.open_more()
    crosswalk.root.get_by_label("Load your crosswalk").set_input_files(kept)
    expect(crosswalk.status).to_contain_text("1 changed by you")
    crosswalk.button("Undo").click()
    expect(crosswalk.status).not_to_contain_text("changed by you")
    with page.expect_download() as download:
        crosswalk.root.get_by_role("button", name="Crosswalk (SSSOM)").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("#")
    assert "subject_id\t" in text


def test_f_one_page_on_south_west(screen):
    page = screen("AreaPage")
    page.choose("Area", "South West")
    expect(page.table).to_contain_text("letters to victims")
    expect(page.status).to_contain_text("South West")


def test_g_all_of_essex_with_its_conflict(screen):
    ratings = screen("RatingsExplorer")
    ratings.root.get_by_label("Area", exact=True).focus()
    ratings.page.keyboard.type("Essex")
    expect(ratings.status).to_have_text(ESSEX)
    expect(ratings.table).to_contain_text("contradicted: ")


def test_h_an_invented_notice_is_added_to_a_copy(screen, tmp_path):
    desk = screen("AddDocument")
    notice = tmp_path / "notice.txt"
    notice.write_text(invented_notice(), encoding="utf-8")
    desk.root.get_by_label("Document", exact=True).set_input_files(notice)
    expect(desk.row("Care of dragons")).to_contain_text("Poor")
    expect(desk.sentence).to_contain_text("Choose it in the lists above")
    desk.open_more()
    desk.choose("An Area that no table knows", "make it a new Area of mine")
    expect(desk.sentence).to_contain_text("Nothing is written yet")
    desk.button("Accept").click()
    expect(desk.error).to_contain_text("Folder of your copy: it is empty")
    box = desk.root.get_by_label("Folder of your copy")
    box.fill(str(tmp_path / "mine"))
    box.press("Enter")
    topic = desk.table.get_by_label("Topic: issue 1")
    topic.fill("Dragons are recorded on the day")
    topic.press("Tab")
    desk.button("Accept").click()
    expect(desk.status).to_contain_text("added to your copy", timeout=30_000)  # all is checked
    desk.table.get_by_role("button", name="Show Inventshire as it is now").click()
    expect(desk.table).to_contain_text("CPS Inventshire")
    assert desk.save("My copy (ZIP)").suggested_filename == "mine.zip"


def test_i_what_would_have_made_leicestershire_good(screen):
    assessment = screen("AssessmentExplorer")
    expect(assessment.status).to_have_text("Fair by reconstruction: Leicestershire as it was rated")
    expect(assessment.table).to_contain_text("Good needs")
    poor = assessment.table.get_by_label("Rating: Managing magistrates' courts cases")
    poor.select_option("Good")
    expect(assessment.status).to_contain_text("1 rating changed by you")
    expect(assessment.status).to_contain_text("Fair or Good")
    expect(assessment.table).to_contain_text("changed by you")
    assessment.button("Undo my changes").click()
    expect(assessment.status).to_contain_text("as it was rated")


def test_j_a_figure_is_cited(screen):
    ratings = screen("RatingsExplorer")
    ratings.choose("Area", "Leicestershire")
    ratings.choose("Framework", "OPA 2005-06")
    ratings.settled()
    ratings.button("Cite").click()
    expect(ratings.root).to_contain_text("The hmcpsi_data contributors (2026). Ratings:")
    ratings.button("Code").click()
    expect(ratings.root.locator("pre")).to_have_text(
        re.compile(r"hd\.ratings\(area='leicestershire_1999', framework='opa_2005'\)$")
    )


def test_the_main_screen_tells_what_was_said_in_each_round_in_whose_words_and_what_came_of_it(
    screen,
):
    rounds = screen("FourRounds")
    for heading in (
        "2006 Leicestershire",
        "2010 Leicestershire",
        "2016 East Midlands",
        "2022 South West",
    ):
        expect(rounds.table.locator("thead")).to_contain_text(heading)
    rounds.root.get_by_label("Search").fill("letters")
    rounds.settled()
    cell = rounds.table.get_by_role("button", name="Evidence: Victim letters, 2016 East Midlands")
    cell.focus()
    rounds.page.keyboard.press("Enter")
    evidence = rounds.table.locator(".hx-evidence")
    expect(evidence).to_contain_text("Poor")
    expect(evidence).to_contain_text("inspectorate")
    expect(evidence).to_contain_text("CPS")
    expect(evidence).to_contain_text("line 28")
    again = rounds.table.get_by_role("button", name="Evidence: Victim letters, 2016 East Midlands")
    expect(again).to_be_focused()
    expect(again).to_have_attribute("aria-expanded", "true")
    rounds.page.keyboard.press("ArrowRight")
    focused = rounds.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert "2022 South West" in focused
