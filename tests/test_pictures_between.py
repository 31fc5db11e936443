"""Pictures across frameworks and years: what they join, what they never join, and what they say."""

import itertools

import pandas as pd
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from reading_pictures import (
    aap,
    count,
    layout_faults,
    named,
    opa,
    texts,
)

import hmcpsi_data as hd
from hmcpsi_data.actions import issues
from hmcpsi_data.errors import FrameworkError, UnknownValueError
from hmcpsi_data.pictures import (
    lineage_picture,
    paired_matrix,
    theme_evidence,
    theme_matrix,
)
from hmcpsi_data.pictures.commitments import commitment_matrix
from hmcpsi_data.pictures.letters import Letters
from hmcpsi_data.pictures.themes import KINDS


def lineage(area=None, **how):
    return lineage_picture(hd.load("areas"), hd.load("area_lineage"), area, **how)


# ---------------------------------------------------------------- two frameworks


def test_two_frameworks_are_split_by_a_labelled_dashed_break_and_nothing_joins_them():
    picture = paired_matrix(opa(), aap())
    assert texts(picture, "break label") == ["other criteria, other unit: not a trend"]
    lines = picture.figure.findobj(Line2D)
    assert [line.get_label() for line in lines] == ["break"]
    assert lines[0].get_linestyle() == "--"
    assert not picture.figure.findobj(PathPatch)
    middle = lines[0].get_xdata()[0]
    lefts = [tile.get_x() < middle for tile in named(picture, "tile ")]
    assert lefts == [True] * 15 + [False] * 11
    assert "Poor 1, Fair 4, Good 7, Excellent 2 of 14 aspects" in picture.words
    assert "Poor 1, Fair 3, Good 3 of 7 criteria" in picture.words
    assert "not a trend" in picture.words


def test_the_break_names_another_unit_only_where_there_is_one():
    second = hd.ratings("Leicestershire", framework="aei_2008")
    assert texts(paired_matrix(opa(), second), "break label") == ["other criteria: not a trend"]


@pytest.mark.parametrize("right", [opa, lambda: pd.concat([opa(), aap()])])
def test_a_side_holds_one_framework_and_the_other_another(right):
    with pytest.raises(FrameworkError):
        paired_matrix(opa(), right())


# ---------------------------------------------------------------- themes


def test_a_theme_has_a_marker_and_a_number_for_each_kind_of_evidence_in_each_round():
    evidence = theme_evidence()
    picture = theme_matrix(evidence)
    evidence["kind"] = evidence["kind"].replace("commitment", "response")
    cells = evidence.dropna(subset="round").groupby(["kind", "theme", "round"]).size()
    markers = {f"{kind} {theme} {name}" for kind, theme, name in cells.index}
    drawn = [a for a in picture.figure.findobj(Line2D) if a.get_marker() not in ("None", None)]
    assert {a.get_label() for a in drawn if not a.get_label().startswith("legend")} == markers
    assert len({a.get_marker() for a in drawn}) == len(KINDS) == 6
    assert texts(picture, "legend") == [words for words, _, _ in KINDS.values()]
    order = hd.load("frameworks")["round"].drop_duplicates()
    rounds = order[order.isin(evidence["round"])]
    assert " ".join(texts(picture, "round")) == " ".join(rounds)
    numbers = [int(text) for text in texts(picture, "number")]
    assert sum(numbers) == cells.sum()


def test_the_headings_of_the_table_of_themes_keep_their_capitals():
    headings = list(theme_matrix().table.frame)
    assert "Answer of the CPS" in headings
    assert "Issue or recommendation" in headings


def test_the_evidence_of_all_themes_is_that_of_each_without_the_ratings_not_given():
    evidence = theme_evidence()
    links = hd.load("evidence")
    unrated = hd.load("ratings").query("rating.isna()")["rating_id"]
    wanted = links[~links["row_id"].isin(unrated)]
    assert count(evidence["theme_id"]) == count(wanted["theme_id"])
    one = evidence.query("theme_id == 'disclosure'").reset_index(drop=True)
    pd.testing.assert_frame_equal(one, theme_evidence("Disclosure"))


def test_victim_letters_and_disclosure_come_up_where_they_did():
    picture = theme_matrix(theme_evidence(["victim_letters", "disclosure"]))
    assert "Victim letters in 2005-06, 2016 pilots, 2016, 2022 and thematic" in picture.words
    founding = theme_evidence(["victim_letters", "disclosure"])
    founding = founding[founding["source_id"].str.startswith("doc_")]
    picture = theme_matrix(founding)
    assert "Victim letters in 2005-06, 2016 and 2022" in picture.words
    assert "Disclosure in 2005-06, 2010, 2016 and 2022" in picture.words
    letters = picture.table.frame.set_index("Theme").loc["Victim letters"]
    assert letters["Rating"] == "2016: 2"
    assert letters["Issue or recommendation"] == "2016: 2, 2022: 1"
    one = theme_matrix(founding[founding["round"] == "2010"])
    assert one.words.startswith("1 theme, 1 round, 1 piece of evidence: progress 1.")


def test_many_rounds_find_room():
    parts = [theme_evidence("disclosure").assign(round=str(year)) for year in range(2005, 2015)]
    picture = theme_matrix(pd.concat(parts))
    assert len(texts(picture, "round")) == 10
    assert not list(layout_faults(picture))


# ---------------------------------------------------------------- Areas through time


def test_42_areas_became_13_then_14():
    picture = lineage()
    assert picture.title == "42 Areas became 13, then 14"
    assert len(texts(picture, "area")) == 42 + 13 + 14
    kinds = count(link.get_label().split()[1] for link in named(picture, "link "))
    pairs = count(hd.load("area_lineage")["quality"])
    assert kinds == pairs | {"same": 1 + 12}  # London in 2011, all but London in 2017
    styles = {link.get_label().split()[1]: link.get_linestyle() for link in named(picture, "link ")}
    assert len(set(map(str, styles.values()))) == 3
    assert "from 2017-04 (known to the month)" in texts(picture, "head")
    assert "2017-04-01" not in picture.words


def test_links_of_areas_never_cross_within_a_column():
    links = []
    for link in named(lineage(), "link "):
        start, *_, end = link.get_path().vertices
        links.append((start[0] > 300, start[1], end[1]))
    for (column, a, b), (other, c, d) in itertools.combinations(links, 2):
        assert column != other or (a - c) * (b - d) >= 0


@pytest.mark.parametrize("whole", [True, False])
def test_the_family_of_an_area_stands_out_or_alone(whole):
    picture = lineage("Leicestershire", whole=whole)
    bold = {text.get_text() for text in named(picture, "area") if text.bold}
    assert bold == {
        "Derbyshire", "Leicestershire", "Lincolnshire", "Northamptonshire", "Nottinghamshire",
        "East Midlands",
    }  # fmt: skip
    assert len(texts(picture, "area")) == (69 if whole else 7)
    assert picture.title == "Leicestershire went into East Midlands, with 4 others"
    assert "5: Derbyshire, Leicestershire" in picture.words


def test_an_area_can_be_divided_and_an_unknown_one_is_an_error():
    title = lineage("london_1999").title
    assert title == "London was divided into London North and London South"
    with pytest.raises(UnknownValueError):
        lineage("Atlantis")


def test_the_kinds_of_commitment_stand_apart():
    figure = commitment_matrix(issues()).figure
    found = [text for text in figure.findobj(Letters) if text.get_label() == "kind"]
    spans = sorted((box.x0, box.x1) for box in (text.get_window_extent() for text in found))
    assert all(after[0] - before[1] >= 6 for before, after in itertools.pairwise(spans))
