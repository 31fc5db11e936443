"""The explorer that adds a document: it proposes, a person corrects and accepts, all is inert."""

import io
import zipfile

import pytest

import hmcpsi_data as hd
from hmcpsi_data.documents import invented_notice
from hmcpsi_data.explorers import AddDocument

NOTICE = invented_notice()


def command(explorer, do, data=None, **details):
    """What the page sends for a button, a box or a file."""
    content = {"do": do, "asked": explorer.answered + 1, **details}
    explorer._command(content, [] if data is None else [data])


def upload(explorer, data, name="notice.txt"):
    command(explorer, "file", data, name="file", file=name, size=len(data))


@pytest.fixture
def explorer(tmp_path):
    found = AddDocument(folder=str(tmp_path / "mine"), new_area=True)
    upload(found, NOTICE.encode())
    assert found.error == ""
    return found


def test_it_starts_without_a_document_and_the_folder_box_is_empty_with_a_suggestion():
    explorer = AddDocument()
    assert explorer.shown["status"] == "No document yet"
    (box,) = [spec for spec in explorer.form if spec["name"] == "folder"]
    assert explorer.folder == ""
    assert "beside this notebook" in box["placeholder"]
    command(explorer, "accept")
    assert explorer.error == "Choose a document first."


def test_each_claim_stands_beside_its_lines_and_a_doubtful_one_says_why(explorer):
    claims = explorer.frame.set_index("what")
    dragons = claims.loc["Care of dragons"]
    assert (dragons["value"], dragons["locator"]) == ("Poor", "L11")
    carpets = claims.loc["Late flying carpets"]
    assert not carpets["certain"]
    assert "Doubtful: " in explorer.shown["table"]
    assert "area: " not in explorer.shown["table"]
    assert "Take it" in explorer.shown["table"]


def test_what_is_unclear_names_the_controls_and_not_the_code(explorer, tmp_path):
    command(explorer, "accept")
    other = NOTICE.replace("Inventshire", "Nowhereshire")
    unclear = AddDocument(other, record=tmp_path / "mine")
    sentence = unclear.shown["sentence"]
    assert "Nowhereshire" in sentence
    assert "Choose it in the lists above" in sentence
    assert "=" not in sentence
    unclear.area = "Inventshire"
    assert unclear.error == ""
    assert "lists above" not in unclear.shown["sentence"]


def test_topics_themes_kinds_and_ratings_are_corrected_and_what_cannot_stand_there_is_not(explorer):
    key = explorer.desk.rows["actions"]["action_id"].iloc[0]
    rating = explorer.desk.rows["ratings"]["rating_id"].iloc[3]
    for row, field, value in (
        (f"actions {key}", "Topic", "Dragons"),
        (f"actions {key}", "Theme", "disclosure"),
        (f"ratings {rating}", "Rating", "Fair"),
    ):
        command(explorer, "edit", row=row, field=field, value=value)
        assert explorer.error == ""
    first = explorer.desk.rows["actions"].iloc[0]
    assert (first["topic"], first["theme_id"]) == ("Dragons", "disclosure")
    changed = explorer.desk.rows["ratings"].iloc[3]
    assert changed["rating"] == "Fair"
    assert "Corrected by a person: rating was Poor." in changed["note"]
    command(explorer, "edit", row=f"actions {key}", field="Kind", value="magic")
    assert "magic" in explorer.error
    assert explorer.desk.rows["actions"]["kind"].iloc[0] == "issue"
    command(explorer, "row", table="ratings", what="Care of knights", value="Good", locator="L999")
    assert explorer.error
    assert len(explorer.desk.rows["ratings"]) == 4


def test_a_missed_row_is_added_with_its_lines_and_a_wrong_one_left_out(explorer):
    command(
        explorer, "row", table="ratings", what="Late flying carpets", value="Good", locator="L12"
    )
    assert explorer.error == ""
    assert len(explorer.desk.rows["ratings"]) == 5
    (number,) = explorer.frame.index[explorer.frame["what"].eq("Care of dragons")]
    command(explorer, "drop", row=int(number))
    assert "Care of dragons" not in set(explorer.frame["what"])
    assert len(explorer.desk.rows["ratings"]) == 4


def test_accepting_adds_the_rows_once_to_a_folder_that_it_makes_and_never_to_the_package(
    explorer, tmp_path
):
    explorer.folder = str(hd.Record().folder)
    command(explorer, "accept")
    assert explorer.error
    assert "Inventshire" not in set(hd.areas()["area"])
    explorer.folder = str(tmp_path / "mine")
    command(explorer, "accept")
    assert explorer.error == ""
    assert hd.check(tmp_path / "mine").empty
    assert set(hd.ratings("Inventshire", record=tmp_path / "mine")["area"]) == {"Inventshire"}
    command(explorer, "page")
    assert "CPS Inventshire" in explorer.shown["table"]
    name, data = explorer.download("zip")
    assert name == "mine.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "mine/ratings.csv" in archive.namelist()
    upload(explorer, NOTICE.encode())
    command(explorer, "accept")
    assert "already" in explorer.error


def test_a_file_that_cannot_be_read_leaves_the_one_before(explorer):
    before = explorer.shown["table"]
    for data in (b"", b"\x00\x01\x02" * 50, b"%PDF-1.7 broken"):
        upload(explorer, data, "bad.pdf")
        assert "still what was read in" in explorer.error
        assert "Traceback" not in explorer.error
        assert explorer.shown["table"] == before


def test_html_in_a_document_and_in_its_name_is_inert(tmp_path):
    explorer = AddDocument(folder=str(tmp_path / "mine"), new_area=True)
    text = NOTICE.replace("Care of dragons", "<img src=x onerror=alert(1)>")
    upload(explorer, text.encode(), "<b>name</b>.txt")
    page = explorer.shown["table"] + explorer._repr_html_()
    assert "<img" not in page
    assert "<b>name" not in page
