"""The explorer that adds a document: it proposes, a person corrects and accepts, all is inert."""

import pytest

import hmcpsi_data as hd
from hmcpsi_data.documents.example import invented_notice
from hmcpsi_data.explorers import AddDocument

NOTICE = invented_notice()


def upload(explorer, data: bytes, name="notice.txt"):
    content = {"do": "file", "name": "file", "file": name, "size": len(data)}
    explorer._message(content, [data])


@pytest.fixture
def explorer(tmp_path):
    found = AddDocument(folder=tmp_path / "mine")
    upload(found, NOTICE.encode())
    found.set(new="yes")
    return found


def test_it_starts_without_a_document_and_with_closed_buttons():
    explorer = AddDocument()
    assert explorer.view["status"] == "No document yet"
    assert explorer.closed() == {"put", "drop", "accept"}


def test_an_upload_is_shown_beside_its_lines(explorer):
    assert explorer.view["status"] == "11 things read, 1 left out"
    shown = explorer.frame.set_index("what")
    assert shown.loc["Care of dragons", ["value", "locator", "words"]].tolist() == [
        "Poor", "L11", "Care of dragons Poor",
    ]  # fmt: skip


def test_an_area_that_is_not_known_is_said_and_can_be_chosen(tmp_path):
    explorer = AddDocument(NOTICE)
    assert explorer.rows is None
    assert '"CPS Inventshire" is not known' in explorer.view["words"]
    explorer.set(area="cymru_wales_2011")
    assert set(explorer.rows["inspections"]["area_id"]) == {"cymru_wales_2011"}


def test_what_is_not_clear_names_the_controls_that_help_and_not_only_the_code():
    explorer = AddDocument()
    upload(explorer, b"a text that names no Area", "notice.txt")
    assert 'the controls under "What the document does not make clear"' in explorer.view["words"]
    groups = {control.get("group") for control in explorer.controls}
    assert "What the document does not make clear" in groups


def test_a_cell_is_corrected_and_the_note_says_what_it_was(explorer):
    explorer.set(row="ratings 3", column="rating")
    assert explorer.state["value"] == "Poor"
    explorer.set(value="Fair")
    explorer._message({"do": "put"})
    assert explorer.error == ""
    row = explorer.rows["ratings"].iloc[3]
    assert row["rating"] == "Fair"
    assert row["note"].endswith("Corrected by a person: rating was Poor.")
    assert explorer.view["status"].endswith("1 corrected by you")


def test_a_value_that_cannot_stand_there_changes_nothing(explorer):
    explorer.set(row="responses 0", column="commitment", value="magic")
    explorer._message({"do": "put"})
    assert '"magic" cannot stand in commitment. Write training,' in explorer.error
    assert explorer.rows["responses"]["commitment"].isna().all()


def test_row_column_and_value_can_be_set_at_once(explorer):
    explorer.set(row="responses 1", column="commitment", value="training")
    explorer.act("put")
    assert explorer.rows["responses"]["commitment"].iloc[1] == "training"


def test_a_row_is_left_out_with_what_rests_on_it(explorer):
    explorer.set(row="actions 0")
    explorer._message({"do": "drop"})
    assert (len(explorer.rows["actions"]), len(explorer.rows["responses"])) == (1, 1)
    explorer.set(row="ratings 3")
    explorer._message({"do": "drop"})
    assert len(explorer.rows["aspects"]) == 2
    assert explorer.rows["aspect_sets"]["n_aspects"].tolist() == [2]


def test_accepting_adds_the_rows_once_to_a_folder_that_it_makes(explorer, tmp_path):
    explorer._message({"do": "accept"})
    assert explorer.error == ""
    assert explorer.added.area_id == "inventshire_2016"
    assert hd.check(tmp_path / "mine").empty
    assert "Ratings of Inventshire in your folder" in explorer.view["table"]
    assert explorer.closed() == {"put", "drop", "accept"}


def test_what_cannot_be_added_is_a_sentence_in_place(explorer, tmp_path):
    explorer._message({"do": "accept"})
    upload(explorer, NOTICE.encode())
    explorer._message({"do": "accept"})
    assert "already, as doc_inventshire_response_" in explorer.error
    assert len(hd.load("inspections", tmp_path / "mine")) == len(hd.load("inspections")) + 1


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02" * 50, b"%PDF-1.7 broken"])
def test_a_file_that_cannot_be_read_leaves_the_one_before(explorer, data):
    before = explorer.view["table"]
    upload(explorer, data, "bad.pdf")
    assert explorer.error
    assert "Traceback" not in explorer.error
    assert explorer.view["table"] == before
    assert explorer.document.name == "notice.txt"


def test_html_in_a_document_and_in_its_name_is_inert(tmp_path):
    explorer = AddDocument(folder=tmp_path / "mine")
    text = NOTICE.replace("Care of dragons", "<img src=x onerror=alert(1)>")
    text = text.replace("Very good", "<script>alert(1)</script> Very good")
    upload(explorer, text.encode(), "<script>alert(1)</script>.txt")
    explorer.set(new="yes")
    for act in (None, "accept"):
        if act:
            explorer._message({"do": act})
        shown = explorer._repr_html_() + explorer.view["table"]
        assert "<script" not in shown
        assert "<img src=x" not in shown
    assert explorer.error == ""
    assert "<script" not in explorer.view["code"]


def test_a_formula_is_text_in_the_download():
    explorer = AddDocument()
    explorer._desk.read(NOTICE)
    explorer.document.ratings.loc[3, "label"] = "=1+1"
    explorer.set(new="yes")
    _, content = explorer.download("csv")
    assert b"\n=1+1" not in content
    assert b",=1+1" not in content


def test_a_path_is_read_as_well_as_an_upload(tmp_path):
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    explorer = AddDocument(new="yes")
    explorer.set(path=str(tmp_path / "notice.txt"))
    assert len(explorer.rows["ratings"]) == 4
    explorer.set(path=str(tmp_path / "nothing.txt"))
    assert explorer.error


def test_reset_takes_the_document_away(explorer):
    explorer._message({"do": "reset"})
    assert explorer.view["status"] == "No document yet"
    assert explorer.document is None


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    hd.copy_data("~/mine")
    assert AddDocument(folder="~/mine").folder == "~/mine"
    assert AddDocument(folder="~/nowhere").folder is None
