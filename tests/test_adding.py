"""A document is added to a folder of one's own: all of it or nothing, and nothing twice."""

import pathlib
import subprocess
import sys
import textwrap

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import adding, changing
from hmcpsi_data.changing import STAGE
from hmcpsi_data.description import shipped_folder, table_names
from hmcpsi_data.documents.example import invented_notice

NOTICE = invented_notice()


@pytest.fixture
def mine(tmp_path):
    return hd.copy_data(tmp_path / "mine")


@pytest.fixture(scope="module")
def document():
    return hd.read_document(NOTICE)


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    """Every file below a folder; what is left of a change would show here."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_adding_says_what_was_added_and_what_was_left_out(mine, document):
    added = hd.add_document(NOTICE, mine, new_area=True)
    assert added.counts == {
        "sources": 1, "areas": 1, "area_names": 1, "inspections": 1, "aspect_sets": 1,
        "aspects": 3, "ratings": 4, "actions": 2, "responses": 2, "measures": 2,
    }  # fmt: skip
    assert added.problems["locator"].tolist() == ["L12"]
    assert (added.area_id, added.inspection_id) == ("inventshire_2016", "inventshire_aap_2016")
    assert str(added).endswith("measures 2. 1 line was left out.")
    assert hd.check(mine).empty
    found = hd.ratings("Inventshire", folder=mine)
    assert found["rating"].tolist() == ["Fair", "Good", "Fair", "Poor"]
    source = hd.load("sources", mine).set_index("source_id").loc[added.source_id]
    assert (source["sha256"], source["n_lines"]) == (document.sha256, len(document.lines))


def test_adding_leaves_what_was_there_byte_by_byte(mine):
    before = contents(mine)
    hd.add_document(NOTICE, mine, new_area=True)
    after = contents(mine)
    assert after.keys() == before.keys()
    assert all(after[name].startswith(before[name]) for name in before)
    assert {name for name in before if after[name] == before[name]} >= {"crosswalk.csv"}


def test_a_file_without_a_last_line_end_is_not_spoilt(mine):
    path = mine / "ratings.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\r\n"))
    hd.add_document(NOTICE, mine, new_area=True)
    assert hd.check(mine).empty


def test_the_order_of_columns_of_the_file_is_kept(mine):
    frame = pd.read_csv(mine / "actions.csv", dtype="string", keep_default_na=False)
    frame[frame.columns[::-1]].to_csv(mine / "actions.csv", index=False)
    hd.add_document(NOTICE, mine, new_area=True)
    assert len(hd.load("actions", mine)) == len(hd.load("actions")) + 2


def test_the_words_of_the_document_stay_out(mine):
    hd.add_document(NOTICE, mine, new_area=True)
    text = b"".join(contents(mine).values()).decode().casefold()
    sentences = [line.strip().casefold() for line in NOTICE.splitlines() if len(line) > 40]
    assert len(sentences) >= 6
    assert [line for line in sentences if line in text] == []


def test_the_document_is_kept_only_where_that_is_asked_for(mine, document):
    added = hd.add_document(NOTICE, mine, new_area=True, keep_text=True)
    assert added.kept == mine / "documents" / f"{document.sha256}.txt"
    assert added.kept.read_text(encoding="utf-8") == NOTICE
    assert hd.check(mine).empty
    shown = hd.show_words(hd.ratings("Inventshire", folder=mine).iloc[3], mine, mine)
    assert shown.lines["text"].tolist() == ["Care of dragons\tPoor"]


def test_a_document_object_cannot_be_kept_without_its_content(mine, document):
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match="give the document as a path"):
        hd.add_document(document, mine, new_area=True, keep_text=True)
    assert contents(mine) == before


def test_the_same_document_is_refused_the_second_time(mine, tmp_path):
    hd.add_document(NOTICE, mine, new_area=True)
    before = contents(mine)
    other = tmp_path / "another name.txt"
    other.write_bytes(NOTICE.encode())
    with pytest.raises(hd.HmcpsiError, match="already, as doc_inventshire_response_"):
        hd.add_document(other, mine)
    assert contents(mine) == before


def test_a_second_source_that_says_the_same_is_further_evidence(mine):
    first = hd.add_document(NOTICE, mine, new_area=True)
    second = hd.add_document(NOTICE + "\nA later copy.\n", mine)
    assert second.counts == {"sources": 1, "rating_sources": 4, "measures": 2}
    further, ratings = hd.load("rating_sources", mine), hd.load("ratings", mine)
    further = further[further["source_id"].eq(second.source_id)]
    ratings = ratings[ratings["source_id"].eq(first.source_id)]
    assert further["rating_id"].tolist() == ratings["rating_id"].tolist()
    assert further["locator"].tolist() == ratings["locator"].tolist()
    assert set(further["says"]) == {"same"}
    left = second.problems[second.problems["reason"].str.contains("from doc_inventshire")]
    assert len(left) == 4  # two issues and two answers, which keep one source
    assert hd.check(mine).empty
    shown = hd.ratings("Inventshire", folder=mine)
    assert len(shown) == 4
    assert shown["n_sources"].tolist() == [2, 2, 2, 2]


def test_a_second_source_that_says_otherwise_changes_nothing_and_is_told(mine):
    first = hd.add_document(NOTICE, mine, new_area=True)
    before = hd.load("ratings", mine)
    other = NOTICE.replace("Care of dragons\tPoor", "Care of dragons\tGood")
    added = hd.add_document(other, mine)
    assert added.counts["rating_sources"] == 3
    pd.testing.assert_frame_equal(hd.load("ratings", mine), before)
    (reason,) = added.problems.loc[added.problems["text"].eq("Care of dragons: Good"), "reason"]
    assert reason.startswith("It contradicts inventshire_aap_2016_care_of_dragons, which has Poor")
    assert first.source_id in reason
    assert hd.check(mine).empty


def test_a_document_with_nothing_new_is_refused(mine):
    text = "CPS Response to the Area Assurance inspection of CPS East Midlands\n\nInvented.\n"
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match="Nothing in this document is new"):
        hd.add_document(text + "29 November 2016\n", mine)
    assert contents(mine) == before


def test_another_page_on_a_founding_document_is_a_further_source(mine):
    page = (
        "Area Assurance inspection of CPS East Midlands\n\nInvented page, 29 November 2016\n\n"
        "In relation to Public Confidence and Continuously Improving the Area was rated as 'Fair'."
        "\n\nCriteria\tScore\nPerformance data\tGood\nReviews and decisions\tGood\n"
    )
    added = hd.add_document(page, mine)
    assert added.counts == {"sources": 1, "rating_sources": 3}
    assert added.inspection_id == "east_midlands_aap_2016"
    assert added.problems["text"].tolist() == ["Performance data: Good"]
    assert hd.check(mine).empty


def test_what_is_new_in_a_second_document_can_be_added_alone(mine):
    hd.add_document(NOTICE, mine, new_area=True)
    later = NOTICE.replace("Care of dragons\tPoor", "Care of dragons\tPoor\nCare of owls\tGood")
    rows = hd.read_document(later).rows(mine)
    assert rows["inspections"].empty  # it is the inspection that is there
    owls = rows["aspects"]["label"].eq("Care of owls")
    known = hd.load("ratings", mine)["rating_id"]
    new = {
        "sources": rows["sources"],
        "aspect_sets": rows["aspect_sets"],
        "aspects": rows["aspects"],
        "ratings": rows["ratings"][~rows["ratings"]["rating_id"].isin(known)],
    }
    assert owls.sum() == 1
    added = hd.add_document(later, mine, rows=new)
    assert "Care of owls" in hd.ratings(added.area_id, folder=mine)["label"].tolist()
    assert hd.check(mine).empty


def test_the_data_of_the_package_are_not_changed():
    before = contents(shipped_folder())
    with pytest.raises(hd.HmcpsiError, match="data of the package are not changed"):
        hd.add_document(NOTICE, shipped_folder(), new_area=True)
    assert contents(shipped_folder()) == before


def test_the_data_of_the_package_are_not_changed_through_a_link(tmp_path):
    link = tmp_path / "link"
    try:
        link.symlink_to(shipped_folder(), target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(hd.HmcpsiError, match="data of the package are not changed"):
        hd.add_document(NOTICE, link, new_area=True)


@pytest.mark.parametrize("folder", ["nowhere", "a\0b", None, 7])
def test_a_folder_that_is_none_is_refused(folder, tmp_path):
    folder = tmp_path / folder if isinstance(folder, str) else folder
    with pytest.raises(hd.HmcpsiError, match=r"copy_data\("):
        hd.add_document(NOTICE, folder, new_area=True)


def test_a_folder_without_the_tables_is_refused(tmp_path):
    (tmp_path / "ratings.csv").write_text("rating_id\n")
    with pytest.raises(hd.HmcpsiError, match=r"is no data folder: it lacks sources\.csv"):
        hd.add_document(NOTICE, tmp_path, new_area=True)


def test_an_area_that_nobody_knows_is_refused_unless_it_may_be_made(mine):
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match=r'"CPS Inventshire" is not known.*new_area=True'):
        hd.add_document(NOTICE, mine)
    assert contents(mine) == before


def test_what_the_document_does_not_make_clear_can_be_given(mine):
    added = hd.add_document(NOTICE, mine, area="Cymru-Wales", published="2016-12")
    assert added.area_id == "cymru_wales_2011"
    inspection = hd.load("inspections", mine).set_index("inspection_id").loc[added.inspection_id]
    assert (inspection["published"], inspection["published_basis"]) == ("2016-12", "inferred")
    assert hd.check(mine).empty


def test_text_that_says_nothing_about_an_inspection_is_refused_with_what_to_give(mine):
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match="which Area it is about"):
        hd.add_document("A recipe for soup.\n\nTake two onions.\n", mine)
    assert contents(mine) == before


def test_a_row_that_breaks_a_rule_keeps_the_whole_document_out(mine, document):
    rows = document.rows(mine, new_area=True)
    rows["ratings"].loc[2, "locator"] = "L999"
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match=r"ratings\.csv.*L999.*beyond the 23 lines"):
        hd.add_document(document, mine, rows=rows)
    assert contents(mine) == before


def test_a_problem_that_the_folder_had_before_is_no_obstacle(mine):
    (mine / "my notes.txt").write_text("mine")
    assert len(hd.check(mine)) == 1
    hd.add_document(NOTICE, mine, new_area=True)
    assert hd.check(mine)["file"].tolist() == ["my notes.txt"]


def test_rows_of_other_tables_are_refused(mine, document):
    rows = {**document.rows(mine, new_area=True), "crosswalk": hd.load("crosswalk").head(1)}
    with pytest.raises(hd.HmcpsiError, match="cannot be added to crosswalk"):
        hd.add_document(document, mine, rows=rows)


def test_a_theme_that_a_person_gives_is_linked_as_evidence(mine, document):
    rows = document.rows(mine, new_area=True)
    rows["actions"].loc[1, "theme_id"] = "victim_letters"
    hd.add_document(document, mine, rows=rows)
    found = hd.theme_history("victim_letters", mine)
    assert "Inventshire" in found["area"].tolist()


@pytest.mark.parametrize("failing", range(6))
def test_where_a_file_cannot_be_put_in_its_place_nothing_is_changed(
    failing, mine, document, monkeypatch
):
    before, moved, real = contents(mine), [], pathlib.Path.replace

    def replace(self, target):
        if self.parent.name == "new":
            moved.append(self.name)
            if len(moved) == failing + 1:
                raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(pathlib.Path, "replace", replace)
    with pytest.raises(hd.HmcpsiError, match=r"Permission denied\). Nothing was changed"):
        hd.add_document(document, mine, new_area=True)
    assert len(moved) == failing + 1
    assert contents(mine) == before


@pytest.mark.parametrize("failing", [0, 3, 9])
def test_where_the_disk_is_full_nothing_is_changed(failing, mine, document, monkeypatch):
    before, n, real = contents(mine), [], changing._put

    def put(path, content):
        n.append(path)
        if len(n) > failing:
            raise OSError(28, "No space left on device")
        real(path, content)

    monkeypatch.setattr(changing, "_put", put)
    with pytest.raises(hd.HmcpsiError, match="No space left"):
        hd.add_document(document, mine, new_area=True)
    assert contents(mine) == before


def test_where_a_person_interrupts_nothing_is_changed(mine, document, monkeypatch):
    before, real = contents(mine), pathlib.Path.replace

    def replace(self, target):
        if self.parent.name == "new" and self.name == "ratings.csv":
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(pathlib.Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        hd.add_document(document, mine, new_area=True)
    assert contents(mine) == before


def test_where_putting_back_is_interrupted_too_the_next_one_puts_the_rest_back(
    mine, document, monkeypatch
):
    before, real = contents(mine), pathlib.Path.replace

    def replace(self, target):
        if self.name in ("ratings.csv", "again"):
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(pathlib.Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        hd.add_document(document, mine, new_area=True)
    monkeypatch.setattr(pathlib.Path, "replace", real)
    assert len(hd.load("ratings", mine)) == len(hd.load("ratings"))
    assert contents(mine) == before


KILLED = """
    import os, pathlib, sys
    import hmcpsi_data as hd
    from hmcpsi_data.documents.example import invented_notice
    real, moved = pathlib.Path.replace, []
    def replace(self, target):
        if self.parent.name == "new":
            moved.append(self)
            if len(moved) == {at}:
                os._exit(9)
        return real(self, target)
    pathlib.Path.replace = replace
    hd.add_document(invented_notice(), sys.argv[1], new_area=True)
"""


@pytest.mark.parametrize("at", [1, 5, 10])
def test_a_process_that_is_killed_leaves_nothing_half_applied(at, mine):
    code = textwrap.dedent(KILLED.format(at=at))
    done = subprocess.run([sys.executable, "-c", code, str(mine)], check=False)
    assert done.returncode == 9
    assert (mine / STAGE).is_dir()
    # Whoever comes next, here the loader, finds it made ready and brings it to its end.
    assert hd.ratings("Inventshire", folder=mine)["rating"].tolist() == [
        "Fair", "Good", "Fair", "Poor",
    ]  # fmt: skip
    assert not (mine / STAGE).exists()
    assert hd.check(mine).empty


def test_a_process_that_is_killed_before_that_has_changed_nothing(mine):
    before = contents(mine)
    code = textwrap.dedent(KILLED.format(at=99)).replace(
        "pathlib.Path.replace = replace",
        "import hmcpsi_data.changing as c; put = c._put\n"
        "c._put = lambda p, content: os._exit(9) if p.name == 'almost' else put(p, content)",
    )
    done = subprocess.run([sys.executable, "-c", code, str(mine)], check=False)
    assert done.returncode == 9
    assert hd.check(mine).empty
    assert {k: v for k, v in contents(mine).items() if not k.startswith(STAGE)} == before


def test_two_changes_at_once_are_refused(mine, document):
    (mine / STAGE).mkdir()
    with pytest.raises(hd.HmcpsiError, match=r"Another change of .* is under way"):
        hd.add_document(document, mine, new_area=True)
    (mine / STAGE).rmdir()
    hd.add_document(document, mine, new_area=True)


def test_a_folder_that_may_not_be_written_is_refused(mine, document, monkeypatch):
    before, real = contents(mine), pathlib.Path.mkdir

    def mkdir(self, *args, **more):
        if self.name == STAGE:
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **more)

    monkeypatch.setattr(pathlib.Path, "mkdir", mkdir)
    with pytest.raises(hd.HmcpsiError, match=r"cannot be written .Permission denied"):
        hd.add_document(document, mine, new_area=True)
    assert contents(mine) == before


def test_without_frictionless_nothing_is_added_unchecked(mine, document, monkeypatch):
    before = contents(mine)
    monkeypatch.setitem(sys.modules, "frictionless", None)
    with pytest.raises(hd.HmcpsiError, match="Checking needs frictionless"):
        hd.add_document(document, mine, new_area=True)
    assert contents(mine) == before


HOSTILE = [
    "../../outside.txt",
    "/etc/passwd",
    "..\\..\\outside.txt",
    "=cmd|' /C calc'!A0.txt",
    "<img src=x onerror=alert(1)>.html",
    "con\x1b[2J\u202etxt.exe.txt",
    "a" * 500 + ".txt",
    "-rf.txt",
    ".txt",
    "",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_name_is_inert(name, mine, tmp_path):
    outside = contents(tmp_path)
    document = hd.read_document(NOTICE.encode(), name or "x")
    object.__setattr__(document, "name", name)
    added = hd.add_document(document, mine, new_area=True)
    stored = hd.load("sources", mine).set_index("source_id").loc[added.source_id, "file_name"]
    assert stored
    assert len(stored) <= 120
    assert not set(stored) & set("/\\<>|=\x1b\u202e'!:")
    assert hd.check(mine).empty
    new = contents(tmp_path)
    assert {key for key in new if not key.startswith("mine")} == {
        key for key in outside if not key.startswith("mine")
    }


def test_hostile_cells_of_a_document_are_inert_in_the_folder_and_in_exports(mine):
    from hmcpsi_data.explorers.export import csv_bytes

    document = hd.read_document(NOTICE)
    document.ratings.loc[3, "label"] = "=HYPERLINK(1)\t<script>alert(1)</script>\x1b\u202e"
    added = hd.add_document(document, mine, new_area=True)
    assert hd.check(mine).empty
    found = hd.ratings(added.area_id, folder=mine)
    labels = found["label"].tolist()
    assert "'=HYPERLINK(1) <script>alert(1)</script>" in labels
    for line in csv_bytes(found).decode().splitlines():
        assert not any(cell.startswith(("=", "+", "@")) for cell in line.split(","))


def test_every_table_that_can_get_rows_is_one_of_the_description():
    from hmcpsi_data.documents.rows import TABLES

    assert set(TABLES) <= set(table_names())
    order = [name for name in table_names() if name in TABLES]
    assert set(order) == set(TABLES)


def test_the_name_of_the_folder_for_documents_is_not_that_of_a_table():
    assert adding.KEPT not in table_names()
