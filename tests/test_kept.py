"""What is kept is given again as long as the files stay as they are, and no longer."""

import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.errors import DataError
from hmcpsi_data.kept import kept


@pytest.fixture
def made():
    """A function whose results are kept, and the list of its calls."""
    calls = []

    @kept("ratings", "scales")
    def words(folder, framework=None):
        calls.append(framework)
        return hd.load("ratings", folder)["rating"].tolist()

    return words, calls


def test_it_is_made_once_for_each_question_and_folder(made, tmp_path):
    words, calls = made
    folder = Copy(tmp_path / "data").folder
    assert words(folder) is words(folder)
    assert words(folder, "opa_2005") is words(folder, "opa_2005")
    assert calls == [None, "opa_2005"]
    assert words(None) is not words(folder)
    assert calls == [None, "opa_2005", None]


def test_a_change_in_a_file_is_seen_at_once(made, tmp_path):
    words, _ = made
    copy = Copy(tmp_path / "data")
    before = words(copy.folder)
    assert before[0] == "Fair"
    copy.put("ratings", 2, rating="Good")
    assert words(copy.folder)[0] == "Good"
    assert before[0] == "Fair"


def test_ratings_follow_a_change_of_what_they_are_joined_with(tmp_path):
    copy = Copy(tmp_path / "data")
    assert "Invented" not in set(hd.ratings(folder=copy.folder)["framework"])
    copy.put("frameworks", 2, short_title="Invented")
    assert "Invented" in set(hd.ratings(folder=copy.folder)["framework"])


def test_changing_what_ratings_gives_changes_no_later_answer():
    first = hd.ratings()
    word = first.loc[0, "rating"]
    first["rating"] = "changed"
    first.loc[0, "area"] = "changed"
    again = hd.ratings()
    assert again.loc[0, "rating"] == word
    assert "changed" not in set(again["area"])


def test_a_table_that_is_gone_is_an_error_and_not_what_was_kept(made, tmp_path):
    words, _ = made
    folder = Copy(tmp_path / "data").folder
    words(folder)
    (folder / "scales.csv").unlink()
    with pytest.raises(DataError, match=r"scales\.csv"):
        words(folder)
