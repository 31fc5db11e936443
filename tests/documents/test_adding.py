"""A document is added to a folder of one's own: all of it or nothing, and nothing twice."""

import csv
import pathlib

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import invented_notice
from hmcpsi_data.documents.rows import TABLES
from hmcpsi_data.tables.description import shipped_folder

NOTICE = invented_notice()
FOUNDING = ("doc_opa_2006", "doc_fu_2010", "doc_aap_2016", "doc_aap_response_2016",
            "doc_aip_response_2022")  # fmt: skip


@pytest.fixture
def mine(tmp_path):
    return hd.copy_data(tmp_path / "mine")


def renamed(folder: pathlib.Path, name: bytes, invented: bytes) -> None:
    """Give a real Area an invented name, so that nothing is said of it."""
    for file in ("areas.csv", "area_names.csv"):
        (folder / file).write_bytes((folder / file).read_bytes().replace(name, invented))


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    """Every file below a folder; what is left of a change would show here."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def plain(frame: pd.DataFrame, columns: list[str]) -> list[tuple]:
    cells = frame[columns].astype(object)
    return sorted(cells.where(cells.notna(), "").itertuples(index=False, name=None), key=str)


COMPARED = {
    "ratings": ["rating_id", "inspection_id", "aspect_id", "rating", "locator", "speaker", "basis"],
    "actions": ["action_id", "inspection_id", "kind", "number", "progress", "locator", "speaker"],
    "responses": ["response_id", "action_id", "number", "locator", "speaker"],
    "measures": ["value", "locator"],
}


@pytest.mark.shared
@pytest.mark.parametrize("doc", FOUNDING)
def test_the_rows_of_a_founding_document_are_those_of_the_data(doc, shared):
    sources = hd.load("sources").set_index("source_id")
    document = hd.read_document(shared / "documents" / sources.loc[doc, "file_name"])
    rows = document.rows()
    assert tuple(rows) == TABLES
    assert rows.problems.empty
    assert rows["inspections"].empty
    for name, columns in COMPARED.items():
        known = hd.load(name)
        known = known[known["source_id"].eq(doc)]
        known = known[known["rating"].notna()] if name == "ratings" else known
        assert plain(rows[name], columns) == plain(known, columns), name
        assert rows[name].dtypes.to_dict() == known.dtypes.to_dict()


def test_adding_says_what_was_added_and_what_was_left_out(mine):
    added = hd.add_document(NOTICE, mine, new_area=True)
    assert added.counts == {
        "sources": 1, "areas": 1, "area_names": 1, "inspections": 1, "aspect_sets": 1,
        "aspects": 3, "ratings": 4, "actions": 2, "responses": 2, "measures": 2,
    }  # fmt: skip
    assert added.problems["locator"].tolist() == ["L12"]
    assert (added.area_id, added.inspection_id) == ("inventshire_2016", "inventshire_aap_2016")
    assert str(added).endswith("measures 2. 1 line was left out.")
    assert hd.check(mine).empty
    found = hd.ratings("Inventshire", record=mine)
    assert sorted(found["rating"]) == ["Fair", "Fair", "Good", "Poor"]


def test_the_words_of_the_document_stay_out_unless_it_is_kept(mine, tmp_path):
    hd.add_document(NOTICE, mine, new_area=True)
    text = b"".join(contents(mine).values()).decode().casefold()
    sentences = [line.strip().casefold() for line in NOTICE.splitlines() if len(line) > 40]
    assert [line for line in sentences if line in text] == []
    other = hd.copy_data(tmp_path / "other")
    with pytest.raises(hd.HmcpsiError, match="give the document as a path"):
        hd.add_document(hd.read_document(NOTICE), other, new_area=True, keep_text=True)
    added = hd.add_document(NOTICE, other, new_area=True, keep_text=True)
    assert added.kept.read_text(encoding="utf-8") == NOTICE
    assert hd.check(other).empty


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_headers_quoted_as_by_r_and_columns_in_another_order(quoting, mine):
    for path in mine.glob("*.csv"):
        frame = pd.read_csv(path, dtype="string", keep_default_na=False)
        frame = frame[frame.columns[::-1]]
        frame.to_csv(path, index=False, quoting=quoting, lineterminator="\n")
    added = hd.add_document(NOTICE, mine, new_area=True)
    assert added.counts["ratings"] == 4
    assert len(hd.load("actions", mine)) == len(hd.load("actions")) + 2


def as_page(text):
    """The same words as an HTML page."""
    return (
        "<html><body>" + "".join(f"<p>{line}</p>" for line in text.split("\n")) + "</body></html>"
    )


@pytest.mark.parametrize("other", [NOTICE, NOTICE + "\nA later copy.\n", as_page(NOTICE)])
def test_the_same_publication_adds_nothing_twice(other, mine):
    hd.add_document(NOTICE, mine, new_area=True)
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match=r"already, as doc_inventshire.*Nothing was added"):
        hd.add_document(other, mine)
    assert contents(mine) == before


@pytest.mark.shared
def test_a_founding_document_is_in_the_data_already_as_a_text_and_as_a_page(shared, mine):
    text = (shared / "documents" / "opa-2006-leicestershire.txt").read_text(encoding="utf-8")
    empty = (
        "CPS Response to the Area Assurance inspection of CPS East Midlands\n\n29 November 2016\n"
    )
    before = contents(mine)
    for form, told in (
        (text, "already, as doc_opa_2006"),
        (as_page(text), "already, as doc_opa_2006"),
        (empty, "Nothing in this document is new"),
    ):
        with pytest.raises(hd.HmcpsiError, match=told):
            hd.add_document(form, mine)
    assert contents(mine) == before


def test_of_the_same_publication_with_more_only_what_is_new_is_added(mine):
    hd.add_document(NOTICE, mine, new_area=True)
    more = NOTICE.replace("in three courts.", "in three courts. It has 21 offices.")
    added = hd.add_document(more, mine)
    assert added.counts == {"sources": 1, "measures": 1}
    assert (added.area_id, added.inspection_id) == ("inventshire_2016", "inventshire_aap_2016")
    assert hd.check(mine).empty


def test_another_publication_that_says_the_same_is_a_further_source(mine):
    hd.add_document(NOTICE, mine, new_area=True)
    added = hd.add_document(NOTICE.replace("29 November 2016", "8 December 2016"), mine)
    assert added.counts == {"sources": 1, "rating_sources": 4}
    assert hd.check(mine).empty
    assert len(hd.ratings("Inventshire", record=mine)) == 4


def test_a_second_source_that_says_otherwise_changes_nothing_and_is_told(mine):
    hd.add_document(NOTICE, mine, new_area=True)
    before = hd.load("ratings", mine)
    other = NOTICE.replace("Care of dragons\tPoor", "Care of dragons\tGood")
    told = "It contradicts inventshire_aap_2016_care_of_dragons from doc_inventshire"
    with pytest.raises(hd.HmcpsiError, match=told):
        hd.add_document(other, mine)
    added = hd.add_document(other.replace("29 November 2016", "8 December 2016"), mine)
    assert added.counts["rating_sources"] == 3
    pd.testing.assert_frame_equal(hd.load("ratings", mine), before)
    (reason,) = added.problems.loc[added.problems["text"].eq("Care of dragons: Good"), "reason"]
    assert reason.startswith(told)


def test_the_data_of_the_package_and_strange_folders_are_refused(tmp_path):
    before = contents(shipped_folder())
    for folder, told in (
        (shipped_folder(), "data of the package are not changed"),
        (tmp_path / "nowhere", r"copy_data\("),
        ("a\0b", "is no data folder"),
        (None, "is no data folder"),
    ):
        with pytest.raises(hd.HmcpsiError, match=told):
            hd.add_document(NOTICE, folder, new_area=True)
    assert contents(shipped_folder()) == before


def test_what_the_document_does_not_make_clear_is_asked_for_and_can_be_given(mine):
    with pytest.raises(hd.HmcpsiError, match=r'"CPS Inventshire" is not known.*new_area=True'):
        hd.add_document(NOTICE, mine)
    with pytest.raises(hd.HmcpsiError, match="Nothing here looks like an inspection of the CPS"):
        hd.add_document("A recipe for soup.\n\nTake two onions.\n", mine)
    with pytest.raises(hd.HmcpsiError, match="not a date"):
        hd.add_document(NOTICE, mine, new_area=True, published="soon")
    renamed(mine, b"Cymru-Wales", b"Northmarch")
    before = set(hd.check(mine)["problem"])  # that files were edited
    added = hd.add_document(NOTICE, mine, area="Northmarch", published="2016-12")
    assert added.area_id == "cymru_wales_2011"
    assert set(hd.check(mine)["problem"]) <= before


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"framework": "opa_2005"}, r"opa_2005 was not in force .* 2016-11-29"),
        ({"area": "Northmarch"}, '"Northmarch" was not in being on 2016-11-29'),
        ({"area": "Northmarch", "new_area": True}, '"Northmarch" was not in being on 2016-11-29'),
    ],
)
def test_an_area_or_a_framework_of_another_time_is_asked_about(known, told, mine):
    renamed(mine, b"Essex", b"Northmarch")
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match=told):
        hd.add_document(NOTICE, mine, **{"new_area": "area" not in known, **known})
    assert contents(mine) == before


def test_a_row_that_breaks_a_rule_keeps_the_whole_document_out(mine):
    document = hd.read_document(NOTICE)
    rows = document.rows(mine, new_area=True)
    rows["ratings"].loc[2, "locator"] = "L999"
    before = contents(mine)
    with pytest.raises(hd.HmcpsiError, match=r"ratings\.csv.*L999.*beyond the 23 lines"):
        hd.add_document(document, mine, rows=rows)
    with pytest.raises(hd.HmcpsiError, match="cannot be added to crosswalk"):
        hd.add_document(document, mine, rows={**rows, "crosswalk": hd.load("crosswalk").head(1)})
    assert contents(mine) == before


def test_a_theme_that_a_person_gives_is_linked_as_evidence(mine):
    document = hd.read_document(NOTICE)
    rows = document.rows(mine, new_area=True)
    rows["actions"].loc[1, "theme_id"] = "victim_letters"
    hd.add_document(document, mine, rows=rows)
    assert "Inventshire" in hd.theme_history("victim_letters", mine)["area"].tolist()


@pytest.mark.parametrize(
    "name",
    ["../../outside.txt", "/etc/passwd", "=cmd|' /C calc'!A0.txt", "<img src=x>.html", "-rf.txt",
     "con\x1b[2J\u202etxt.exe.txt", "a" * 500 + ".txt", ".txt"],
)  # fmt: skip
def test_a_hostile_file_name_is_inert(name, mine, tmp_path):
    outside = {key for key in contents(tmp_path) if not key.startswith("mine")}
    added = hd.add_document(hd.read_document(NOTICE.encode(), name), mine, new_area=True)
    stored = hd.load("sources", mine).set_index("source_id").loc[added.source_id, "file_name"]
    assert stored
    assert len(stored) <= 120
    assert not set(stored) & set("/\\<>|=\x1b\u202e'!:")
    assert {key for key in contents(tmp_path) if not key.startswith("mine")} == outside


def test_hostile_cells_of_a_document_are_inert_in_the_folder(mine):
    label = "=HYPERLINK(1) <script>alert(1)</script>\u202e"
    document = hd.read_document(NOTICE.replace("Care of dragons", label))
    doubt = document.claims.index[document.claims["value"].eq("Poor")].item()
    where = document.claims.loc[doubt, "locator"]
    cells = {"label": label, "level": "criterion", "rating": "Poor"}
    document = document.drop(doubt).add("ratings", where, **cells)
    hd.add_document(document, mine, new_area=True)
    assert hd.check(mine).empty
    lines = (mine / "ratings.csv").read_text(encoding="utf-8").splitlines()
    cells = [cell for row in csv.reader(lines) for cell in row]
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    assert not any("\u202e" in cell for cell in cells)


def test_a_report_that_came_out_after_its_area_had_ended_has_rows(mine):
    renamed(mine, b"Essex", b"Northmarch")
    document = hd.read_document(
        "Invented\n\nFollow-up inspection of CPS Northmarch\n\nPublished 3 May 2011\n\n"
        "Recommendation | Progress\n1 Keep the logs | Achieved\n",
        record=mine,
    )
    rows = document.rows(mine)
    assert rows["inspections"]["area_id"].eq("essex_1999").all()
    assert rows["actions"]["progress"].tolist() == ["Achieved"]
