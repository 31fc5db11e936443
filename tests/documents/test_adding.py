"""A document is added to a folder of one's own: all of it or nothing, and nothing twice."""

import csv
import pathlib
import shutil

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import invented_notice
from hmcpsi_data.documents.rows import TABLES
from hmcpsi_data.tables.description import shipped_folder

NOTICE = invented_notice()


@pytest.fixture
def mine(tmp_path):
    return hd.copy_data(tmp_path / "mine")


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A folder to which the invented notice was added, and what adding it said."""
    folder = hd.copy_data(tmp_path_factory.mktemp("once") / "mine")
    return folder, hd.add_document(NOTICE, folder, new_area=True)


@pytest.fixture
def after(once, tmp_path):
    """The same folder, to change."""
    return pathlib.Path(shutil.copytree(once[0], tmp_path / "after"))


def renamed(folder: pathlib.Path, name: bytes, invented: bytes) -> None:
    """Give a real Area an invented name, so that nothing is said of it."""
    for file in ("areas.csv", "area_names.csv"):
        (folder / file).write_bytes((folder / file).read_bytes().replace(name, invented))


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    """Every file below a folder; what is left of a change would show here."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_adding_says_what_was_added_and_left_out_and_keeps_the_words_of_the_document_out(once):
    folder, added = once
    assert added.counts == {
        "sources": 1, "areas": 1, "inspections": 1, "aspect_sets": 1,
        "aspects": 3, "ratings": 4, "actions": 2, "responses": 2, "measures": 2,
    }  # fmt: skip
    assert added.problems["locator"].tolist() == ["L12"]
    assert (added.area_id, added.inspection_id) == ("inventshire_2016", "inventshire_aap_2016")
    assert repr(added).endswith("measures 2. 1 line left out.")
    assert hd.check(folder).empty
    found = hd.ratings("Inventshire", record=folder)
    assert sorted(found["rating"]) == ["Fair", "Fair", "Good", "Poor"]
    text = b"".join(contents(folder).values()).decode().casefold()
    sentences = [line.strip().casefold() for line in NOTICE.splitlines() if len(line) > 40]
    assert [line for line in sentences if line in text] == []


def test_headers_quoted_as_by_r_and_columns_in_another_order(mine):
    for path in mine.glob("*.csv"):
        frame = pd.read_csv(path, dtype="string", keep_default_na=False)
        frame = frame[frame.columns[::-1]]
        frame.to_csv(path, index=False, quoting=csv.QUOTE_ALL, lineterminator="\n")
    added = hd.add_document(NOTICE, mine, new_area=True)
    assert added.counts["ratings"] == 4
    assert len(hd.load("actions", mine)) == len(hd.load("actions")) + 2


def as_page(text):
    """The same words as an HTML page."""
    return f"<html><body>{''.join(f'<p>{line}</p>' for line in text.split(chr(10)))}</body></html>"


def test_the_same_publication_adds_nothing_twice(once):
    before = contents(once[0])
    for form in (NOTICE, NOTICE + "\nA later copy.\n", as_page(NOTICE)):
        with pytest.raises(hd.HmcpsiError, match=r"already, as doc_invent.*Nothing was added"):
            hd.add_document(form, once[0])
    assert contents(once[0]) == before


@pytest.mark.shared
def test_a_founding_document_is_in_the_data_already_as_a_text_and_as_a_page(shared, mine):
    text = (shared / "documents" / "opa-2006-leicestershire.txt").read_text(encoding="utf-8")
    empty = "CPS Response to the Area Assurance inspection of CPS East Midlands\n\n{} November 2016"
    before = contents(mine)
    for form, told in (
        (text, "already, as doc_opa_2006"),
        (as_page(text), "already, as doc_opa_2006"),
        (empty.format(29), "already, as doc_aap_response_2016"),
        (empty.format(30), "Nothing in this document is new"),
    ):
        with pytest.raises(hd.HmcpsiError, match=f"{told}.* Nothing was added"):
            hd.add_document(form, mine)
    assert contents(mine) == before


def test_only_what_is_new_is_added_and_what_is_said_again_or_otherwise_is_told(after):
    more = NOTICE.replace("in three courts.", "in three courts. It has 21 offices.")
    added = hd.add_document(more, after)
    assert added.counts == {"sources": 1, "measures": 1}
    assert (added.area_id, added.inspection_id) == ("inventshire_2016", "inventshire_aap_2016")
    before = hd.load("ratings", after)
    other = NOTICE.replace("Care of dragons\tPoor", "Care of dragons\tGood")
    told = "It contradicts inventshire_aap_2016_care_of_dragons from doc_inventshire"
    with pytest.raises(hd.HmcpsiError, match=told):
        hd.add_document(other, after)
    added = hd.add_document(other.replace("29 November 2016", "8 December 2016"), after)
    assert added.counts == {"sources": 1, "rating_sources": 3}
    pd.testing.assert_frame_equal(hd.load("ratings", after), before)
    assert len(hd.ratings("Inventshire", record=after)) == 4
    reasons = added.problems.set_index("locator")["reason"]
    assert reasons["L11"].startswith(told)
    assert "stays as it is" in reasons["L18"]
    assert hd.check(after).empty


def test_new_labels_of_two_levels_make_two_sets(mine):
    document = hd.read_document(NOTICE)
    document = document.add("ratings", "L6", label="Public", level="aspect", rating="Good")
    assert hd.add_document(document, mine, new_area=True).counts["aspect_sets"] == 2
    assert hd.check(mine).empty
    later = NOTICE.replace("29 November", "8 December").replace("owls", "newts")
    assert hd.add_document(later, mine).counts == {"sources": 1, "rating_sources": 4}


def test_what_is_no_folder_of_ones_own_or_not_clear_is_refused_and_nothing_changes(mine, tmp_path):
    renamed(mine, b"Essex", b"Northmarch")
    folders = {
        shipped_folder(): "data of the package are not changed",
        tmp_path / "nowhere": r"copy_data\(",
        "a\0b": "is no data folder",
        None: "is no data folder",
    }
    asked = [
        ({}, r'"CPS Inventshire" is not known.*new_area=True'),
        ({"new_area": True, "published": "soon"}, "not a date"),
        ({"new_area": True, "framework": "opa_2005"}, r"opa_2005 was not in force .* 2016-11-29"),
        ({"area": "Northmarch"}, '"Northmarch" was not in being on 2016-11-29'),
        ({"area": "Northmarch", "new_area": True}, '"Northmarch" was not in being on 2016-11-29'),
    ]
    before = contents(mine), contents(shipped_folder())
    for folder, told in folders.items():
        with pytest.raises(hd.HmcpsiError, match=told):
            hd.add_document(NOTICE, folder, new_area=True)
    for known, told in asked:
        with pytest.raises(hd.HmcpsiError, match=told):
            hd.add_document(NOTICE, mine, **known)
    with pytest.raises(hd.HmcpsiError, match="Nothing here looks like an inspection of the CPS"):
        hd.add_document("A recipe for soup.\n\nTake two onions.\n", mine)
    number = {"value": 7, "unit": "courts", "period": "soon"}  # breaks a rule of the data
    document = hd.read_document(NOTICE).add("measures", "L14", **number)
    with pytest.raises(hd.HmcpsiError, match=r'nothing was added:\nmeasures.csv.*"soon"'):
        hd.add_document(document, mine, new_area=True)
    assert (contents(mine), contents(shipped_folder())) == before


def test_what_is_not_clear_can_be_given_and_a_report_may_follow_the_end_of_its_area(mine):
    renamed(mine, b"Essex", b"Northmarch")
    document = hd.read_document(
        "Invented\n\nFollow-up inspection of CPS Northmarch\n\nPublished 3 May 2011\n\n"
        "Recommendation | Progress\n1 Keep the logs | Achieved\n",
        record=mine,
    )
    rows = document.rows()
    assert rows["inspections"]["area_id"].eq("essex_1999").all()
    assert rows["actions"]["progress"].tolist() == ["Achieved"]
    rows = document.rows(area="Eastern", published="2011-12")
    assert rows["inspections"]["area_id"].tolist() == ["east_of_england_2011"]
    assert rows["sources"]["published"].tolist() == ["2011-12"]


@pytest.mark.parametrize(
    "name",
    ["../../outside.txt", "/etc/passwd", "=cmd|' /C calc'!A0.txt", "<img src=x>.html", "-rf.txt",
     "con\x1b[2J\u202etxt.exe.txt", "a" * 500 + ".txt", ".txt"],
)  # fmt: skip
def test_a_hostile_file_name_is_inert(name):
    rows = hd.read_document(NOTICE.encode(), name).rows(new_area=True)
    (stored,) = rows["sources"]["file_name"]
    assert 0 < len(stored) <= 120
    assert not set(stored) & set("/\\<>|=\x1b\u202e'!:")


def test_hostile_cells_of_a_document_are_inert_in_the_folder_and_a_theme_is_evidence(mine):
    label = "=HYPERLINK(1) <script>alert(1)</script>\u202e"
    document = hd.read_document(NOTICE.replace("Care of dragons", label), "../../outside.txt")
    doubt = document.claims.index[document.claims["value"].eq("Poor")].item()
    action = document.claims.index[document.claims["what"].eq("issue 2")].item()
    where = document.claims.loc[doubt, "locator"]
    cells = {"label": label, "level": "criterion", "rating": "Poor"}
    document = document.fill_in(action, theme_id="victim_letters", topic="=1+1")
    document = document.drop(doubt).add("ratings", where, **cells)
    assert tuple(document.rows(mine, new_area=True)) == TABLES
    outside = contents(mine.parent).keys()
    hd.add_document(document, mine, new_area=True)
    assert contents(mine.parent).keys() == outside
    assert hd.check(mine).empty
    assert "Inventshire" in hd.theme_history("victim_letters", mine)["area"].tolist()
    for name in ("ratings", "actions"):
        lines = (mine / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        cells = [cell for row in csv.reader(lines) for cell in row]
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
        assert not any("\u202e" in cell for cell in cells)
