"""The explorer of the assessment: every control, what it shows, and what can be taken away."""

import io

import pandas as pd
import pytest
from editing import Copy

from hmcpsi_data import assessment
from hmcpsi_data.assessment import consistent_rules, overall, profile, what_if
from hmcpsi_data.errors import FrameworkError, HmcpsiError, UnknownValueError
from hmcpsi_data.explorers import AssessmentExplorer
from hmcpsi_data.explorers.assessment import _squares
from hmcpsi_data.explorers.explorer import Explorer

SCALE = ("Poor", "Fair", "Good", "Excellent")


@pytest.fixture
def no_pictures(monkeypatch):
    """Pictures have tests of their own, and take time."""

    def draw(explorer):
        """Draw nothing."""

    monkeypatch.setattr(Explorer, "_draw", draw)


def aspects_of(explorer):
    return [one["name"] for one in explorer.controls if one["group"]]


def run(code):
    """What the lines give where they are pasted, and nothing else is known."""
    lines, _, last = code.rpartition("\n")
    known = {}
    exec(lines, known)
    return eval(last, known)


def table(explorer, title):
    found = {one.title: one for one in explorer._now.tables()}
    return found[title].frame


def test_it_starts_from_leicestershire_as_rated():
    explorer = AssessmentExplorer()
    own = profile("Leicestershire")
    labels = {one["name"]: one["label"] for one in explorer.controls}
    assert len(aspects_of(explorer)) == 14
    for name in aspects_of(explorer):
        assert explorer.state[name] == own[labels[name]]
    assert explorer.view["status"] == "Fair by reconstruction: Leicestershire as it was rated"
    assert explorer.closed() == {"own"}
    groups = [one["group"] for one in explorer.controls if one["group"]]
    assert groups == ["Critical aspects"] * 5 + ["Non-critical aspects"] * 9


@pytest.mark.usefixtures("no_pictures")
def test_every_value_of_every_control_shows_what_its_code_and_its_csv_hold():
    explorer = AssessmentExplorer()
    for control in explorer.controls:
        if control["kind"] == "hidden":
            continue
        for value, _ in control["options"]:
            explorer.reset()
            explorer.set(**{control["name"]: value})
            assert explorer.error == ""
            assert explorer.caveat.startswith(explorer.view["code"].splitlines()[2][2:])
            given = run(explorer.view["code"])
            pd.testing.assert_frame_equal(given, explorer.frame, obj=str((control["name"], value)))
    _, data = explorer.download("csv")
    saved = pd.read_csv(io.BytesIO(data), dtype="string", keep_default_na=False, na_values=[""])
    assert list(saved) == list(explorer.frame)
    assert saved["caveat"].str.contains("not the inspectorate's rule").all()


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("word", SCALE)
def test_what_is_shown_is_what_overall_and_what_if_say(word):
    explorer = AssessmentExplorer(target="Excellent")
    for name in aspects_of(explorer):
        explorer.set(**{name: word})
        said = overall({one: explorer.state[one] for one in aspects_of(explorer)})
        ways = what_if({one: explorer.state[one] for one in aspects_of(explorer)}, "Excellent")
        status = explorer.view["status"].partition(" by reconstruction: ")[0]
        assert status.replace(" or ", ", ").split(", ") == [*said.possible]
        assert explorer.view["words"] == said.words
        assert table(explorer, "Possible overall ratings")["Overall"].tolist() == [*said.possible]
        if len(ways.frame):
            assert len(table(explorer, "The shortest ways to Excellent")) == len(ways.frame)
        rows = table(explorer, "The fourteen ratings and what they do")
        assert rows["Rating"].tolist() == said.aspects["rating"].tolist()


def test_another_area_brings_its_ratings_and_changes_are_told():
    explorer = AssessmentExplorer()
    explorer.set(disclosure="Poor")
    assert (
        explorer.view["status"]
        == "Fair by reconstruction: Leicestershire with 1 rating changed by you"
    )
    explorer.state = explorer.state | {"area": "suffolk_opa_2005"}  # as the front end does it
    assert explorer.view["status"] == "Excellent by reconstruction: Suffolk as it was rated"
    assert explorer.state["disclosure"] == "Good"
    explorer.set(leadership="Poor", disclosure="Fair")
    assert explorer.view["status"].endswith("Suffolk with 2 ratings changed by you")
    rows = table(explorer, "The fourteen ratings and what they do").set_index("Aspect")
    assert rows.loc["Leadership", "As rated"] == "changed by you, was Good"
    assert rows["As rated"].eq("as rated").sum() == 12
    assert explorer.closed() == set()
    explorer._message({"do": "own"})
    assert explorer.view["status"] == "Excellent by reconstruction: Suffolk as it was rated"
    explorer.reset()
    assert explorer.view["status"] == "Fair by reconstruction: Leicestershire as it was rated"


def test_area_and_ratings_can_be_given_together():
    explorer = AssessmentExplorer(area="suffolk_opa_2005", leadership="Fair", target="Excellent")
    assert explorer.state["leadership"] == "Fair"
    assert explorer.state["disclosure"] == "Good"
    assert "profile('Suffolk', leadership='Fair'), target='Excellent'" in explorer.view["code"]


def test_the_caveat_always_stands_there_and_shares_are_words():
    explorer = AssessmentExplorer(service_to_victims_and_witnesses="Excellent")
    assert explorer.caveat.startswith("Reconstruction: consistent with the known Areas (Leic")
    assert "not the inspectorate's rule" in explorer.caveat
    assert "no probability" in explorer.caveat
    assert explorer.download("svg")[1].count(b"not the inspectorate") == 2  # seen, and described
    assert "not the inspectorate" in explorer._now.picture().words
    shares = table(explorer, "Possible overall ratings")["Given by"]
    assert shares.str.contains("rule").all()
    assert "%" not in repr(explorer)
    assert explorer.view["cite"].count("doc_opa_2006") == 1
    assert "by reconstruction" in explorer.view["cite"]


def test_the_picture_follows_the_ratings_only_and_shows_every_possible_word():
    explorer = AssessmentExplorer()
    drawn = explorer.picture_serial
    explorer.set(target="Excellent")
    assert explorer.picture_serial == drawn
    explorer.set(service_to_victims_and_witnesses="Excellent")
    assert explorer.picture_serial == drawn + 1
    assert "<img" in explorer.picture
    picture = explorer._now.picture()
    told = picture.table.frame
    of_rules = told[told["Strip"].str.startswith("Overall")]
    assert (
        tuple(of_rules["Rating"])
        == overall({one: explorer.state[one] for one in aspects_of(explorer)}).possible
    )
    assert of_rules["Number"].sum() == 20
    for kind in ("svg", "png"):
        name, data = explorer.download(kind)
        assert name.endswith(kind)
        assert len(data) > 1000


def test_squares_show_every_word_and_never_more_than_there_are():
    assert _squares({"Fair": 999, "Good": 1}).count("Good") == 1
    assert len(_squares({"Poor": 1, "Fair": 1, "Good": 9998})) == 20
    assert _squares({"Fair": 3}) == ["Fair"] * 3


def test_an_unknown_value_is_a_sentence_and_the_view_stays():
    explorer = AssessmentExplorer()
    before = explorer.view
    explorer.state = explorer.state | {"disclosure": "Great"}
    assert '"Great" is not known' in explorer.error
    assert explorer.view["table"] == before["table"]
    with pytest.raises(UnknownValueError, match="Great"):
        explorer.set(disclosure="Great")
    with pytest.raises(UnknownValueError, match="disclosures"):
        explorer.set(disclosures="Good")
    explorer.reset()
    assert explorer.error == ""


def test_no_consistent_rule_is_told_in_the_view(tmp_path):
    copy = Copy(tmp_path / "data")
    line = copy.line("ratings", rating_id="leicestershire_opa_2005_overall")
    copy.put("ratings", line, rating="Excellent", rating_as_printed="Excellent")
    line = copy.line("ratings", rating_id="suffolk_opa_2005_overall")
    copy.put("ratings", line, rating="Poor", rating_as_printed="Poor")
    assert len(consistent_rules(folder=copy.folder)) == 0
    explorer = AssessmentExplorer(copy.folder)
    assert explorer.error == ""
    assert explorer.view["status"] == "No answer: Leicestershire as it was rated"
    assert explorer.view["words"].startswith("None of the 8,456 rules")
    explorer.set(disclosure="Poor")
    assert explorer.error == ""


def test_an_area_known_in_part_leaves_the_rest_open_until_it_is_set():
    explorer = AssessmentExplorer(area="west_midlands_opa_2005")
    options = dict(next(one for one in explorer.controls if one["name"] == "area")["options"])
    assert options["leicestershire_opa_2005"] == "Leicestershire (Fair)"
    assert options["essex_opa_2005"] == "Essex (Poor; 2 of 14 known)"
    assert set(options.values()) >= {"Suffolk (Excellent)", "Sussex (Good; 1 of 14 known)"}
    assert explorer.error == ""
    status = "Poor, Fair, Good or Excellent by reconstruction: West Midlands as far as it is known"
    assert explorer.view["status"] == status
    assert "11 of the 14 aspects are not known." in explorer.view["words"]
    assert explorer.view["words"].endswith(
        "West Midlands was rated Fair (3 of 14 aspects known, at least 3 critical aspects Good)."
    )
    rows = table(explorer, "The fourteen ratings and what they do").set_index("Aspect")
    assert rows["Rating"].eq("not known").sum() == 11
    assert list(rows) == ["Kind", "Rating", "As rated"]
    assert "profile('west_midlands_1999', in_part=True)" in explorer.view["code"]
    pd.testing.assert_frame_equal(run(explorer.view["code"]), explorer.frame)
    picture = explorer._now.picture()
    assert picture.words.startswith("3 of 14 aspects: Good 3 of 3. 3 of 5 critical aspects: Good")

    explorer.set(disclosure="Poor", leadership="")
    assert explorer.view["status"].endswith("West Midlands with 2 ratings set by you")
    rows = table(explorer, "The fourteen ratings and what they do").set_index("Aspect")
    assert rows.loc["Disclosure", "As rated"] == "set by you, was not known"
    assert rows.loc["Leadership", "As rated"] == "taken as not known by you, was Good"
    pd.testing.assert_frame_equal(run(explorer.view["code"]), explorer.frame)

    explorer.set(**dict.fromkeys(aspects_of(explorer), "Good"))
    assert (
        explorer.view["status"]
        == "Good by reconstruction: West Midlands with 11 ratings set by you"
    )
    assert "in_part" not in explorer.view["code"]
    assert len(table(explorer, "The fourteen ratings and what they do").columns) == 6
    pd.testing.assert_frame_equal(run(explorer.view["code"]), explorer.frame)


def test_with_no_rating_at_all_there_are_words_and_a_table_but_no_picture():
    explorer = AssessmentExplorer()
    explorer.set(**dict.fromkeys(aspects_of(explorer), ""))
    assert explorer.error == ""
    assert explorer.view["words"].startswith("14 of the 14 aspects are not known.")
    assert explorer.picture == ""
    pd.testing.assert_frame_equal(run(explorer.view["code"]), explorer.frame)
    with pytest.raises(HmcpsiError, match="no picture of this"):
        explorer.download("png")


def test_the_code_of_a_folder_of_ones_own_names_it(tmp_path):
    copy = Copy(tmp_path / "data")
    line = copy.line("ratings", rating_id="leicestershire_opa_2005_leadership")
    copy.put("ratings", line, rating="Excellent", rating_as_printed="Excellent")
    explorer = AssessmentExplorer(copy.folder)
    assert explorer.state["leadership"] == "Excellent"
    pd.testing.assert_frame_equal(run(explorer.view["code"]), explorer.frame)


def test_without_any_known_area_it_says_so(tmp_path):
    copy = Copy(tmp_path / "data")
    for line, row in copy.records("ratings"):
        if "_opa_2005_" in row["rating_id"] and not row["rating_id"].endswith("overall"):
            copy.put("ratings", line, basis="inferred")
    for line, _ in copy.records("profile_counts"):
        copy.put("profile_counts", line, set_id="aei_2008")
    with pytest.raises(FrameworkError, match="nothing to start from"):
        AssessmentExplorer(copy.folder)


def test_before_it_is_run_it_shows_words_and_tables_without_controls():
    stored = AssessmentExplorer()._repr_html_()
    assert "<select" not in stored
    assert "<button" not in stored
    assert stored.count("<table") == 3
    assert "not the inspectorate" in stored


def test_everything_public_is_explained():
    for name in assessment.__all__:
        assert getattr(assessment, name).__doc__ or name == "CRITICAL_FAMILY", name
