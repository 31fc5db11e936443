"""Tiles and strips: the word, its colour and its place, the words of the picture, its files."""

import re

import pandas as pd
import pytest
from afcharts.af_colours import get_af_colours
from matplotlib.colors import to_hex
from reading_pictures import (
    aap,
    colour,
    count,
    invented,
    named,
    names,
    old_areas,
    opa,
    texts,
)

import hmcpsi_data as hd
from hmcpsi_data import show
from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.palette import PAPER, PROGRESS, QUALITY, contrast
from hmcpsi_data.pictures import tile_matrix, unit_strips
from hmcpsi_data.pictures.looks import look

HOSTILE = """<script>alert("x")</script> & 'q' $\\alpha_2$ \x00 ]]> 你""" + "Longword" * 30


def test_the_palette_is_that_of_the_analysis_function():
    assert list(QUALITY.values()) == get_af_colours("sequential", number_of_colours=4)


@pytest.mark.parametrize("word", [*QUALITY, *PROGRESS, "not rated", "a word of nobody"])
def test_words_can_be_read_on_their_tiles_and_tiles_be_told_from_paper(word):
    drawn = look(word)
    behind = [drawn.fill] if not drawn.hatch else [PAPER, drawn.hatch_colour]
    assert min(contrast(drawn.ink, colour) for colour in behind) >= 4.5
    (tile,) = named(tile_matrix(opa().head(1).assign(rating=word)), "tile ")
    assert contrast(to_hex(tile.get_edgecolor()), PAPER) >= 3


def test_every_tile_has_its_word_and_the_colour_of_its_word():
    picture = tile_matrix(opa())
    assert count(texts(picture, "word Good")) == {"Good": 7}
    tiles = count((a.get_label().removeprefix("tile "), colour(a)) for a in named(picture, "tile "))
    numbers = {"Excellent": 2, "Good": 7, "Fair": 5, "Poor": 1}  # Fair overall among them
    assert tiles == {(word, QUALITY[word]): n for word, n in numbers.items()}


def test_aspects_stand_in_the_order_as_printed_from_top_to_bottom():
    picture = tile_matrix(opa()[lambda frame: frame["level"] == "aspect"])
    labels = named(picture, "label")
    heights = [label.get_position()[1] for label in labels]
    assert heights == sorted(heights)
    told = " ".join(label.get_text() for label in labels)
    for aspect in hd.aspects("opa_2005").query("level == 'aspect'")["label"]:
        place = told.find(aspect)
        assert place >= 0
        told = told[place + len(aspect) :]


def test_critical_aspects_say_so_in_words():
    picture = tile_matrix(opa())
    assert " ".join(texts(picture, "label")).count("(critical)") == 5
    assert (picture.table.frame["Critical"] == "critical").sum() == 5
    assert "of the critical ones Fair 1, Good 4 of 5" in picture.words
    assert "critical" not in tile_matrix(aap()).words


def test_what_is_missing_is_hatched_and_says_why_each_kind_in_its_own_way():
    picture = tile_matrix(invented(opa(), ["One Area"] * 5))
    kinds = {"not rated", "not found", "not in framework", "not applicable"}
    hatched = {artist.get_label(): artist.get_hatch() for artist in named(picture, "hatch ")}
    assert set(hatched) == {f"hatch tile {kind}" for kind in kinds}
    assert len(set(hatched.values())) == 4
    for kind in kinds:
        assert set(" ".join(texts(picture, f"word {kind}")).split()) == set(kind.split())
        assert named(picture, f"tile {kind}")[0].get_linestyle() == "--"


def test_what_is_not_in_the_table_is_not_taken_for_poor():
    frame = invented(opa(), ["North", "South"])
    chosen = frame.drop(frame.index[[3, 20]])
    picture = tile_matrix(chosen)
    assert len(named(picture, "tile not shown")) == 2
    assert "not shown" not in picture.words


def test_two_sources_that_do_not_agree_are_both_shown():
    row = opa().head(1)
    both = pd.concat([row, row.assign(rating="Good")])
    assert names(tile_matrix(both), "tile ") == ["tile Fair or Good"]


def test_ratings_of_two_frameworks_have_no_matrix():
    with pytest.raises(FrameworkError, match=r"opa_2005 and aap_2016"):
        tile_matrix(pd.concat([opa(), aap()]))


def test_few_aspects_of_many_areas_change_places_and_a_crowd_is_turned():
    sections = aap()[lambda frame: frame["level"] == "section"]
    picture = tile_matrix(invented(sections, old_areas()[:14]))
    assert " ".join(texts(picture, "column")).startswith("The success of CPS people")
    assert {word.get_rotation() for word in named(picture, "word ")} == {0}
    crowd = tile_matrix(invented(opa(), old_areas()))
    assert {word.get_rotation() for word in named(crowd, "word ")} == {90}
    assert len(named(crowd, "tile ")) == 42 * 15


def test_a_strip_has_a_square_for_each_aspect_from_worst_to_best():
    picture = unit_strips(opa()[lambda frame: frame["level"] == "aspect"])
    squares = named(picture, "unit ")
    assert [s.get_label() for s in squares][:14] == [
        f"unit {word}" for word, n in {"Poor": 1, "Fair": 4, "Good": 7, "Excellent": 2}.items()
        for _ in range(n)
    ]  # fmt: skip
    assert len(squares) == 14 + 5
    assert all(colour(s) == QUALITY[s.get_label().removeprefix("unit ")] for s in squares)
    lefts = [s.get_x() for s in squares[:14]]
    assert lefts == sorted(lefts)
    assert texts(picture, "count") == [
        "Poor 1",
        "Fair 4",
        "Good 7",
        "Excellent 2",
        "Fair 1",
        "Good 4",
    ]
    assert not named(picture, "break")


def test_progress_has_strips_and_colours_of_its_own():
    picture = unit_strips(hd.load("actions"))
    squares = named(picture, "unit ")
    assert len(squares) == 9
    assert {colour(square) for square in squares} <= set(PROGRESS.values()) - set(QUALITY.values())
    assert picture.words == (
        "Recommendations: Substantial progress 3, Achieved 1 of 4. "
        "Aspects for improvement: Limited progress 2, Substantial progress 2, Achieved 1 of 5."
    )


def test_strips_of_two_frameworks_are_split_and_one_strip_cannot_hold_both():
    both = pd.concat([opa(), aap()])
    picture = unit_strips(both)
    assert texts(picture, "break label") == ["another framework: not a trend"]
    (line,) = [a for a in named(picture, "break") if a.get_label() == "break"]
    assert line.get_linestyle() == "--"
    with pytest.raises(FrameworkError, match="All"):
        unit_strips({"All": both})


def test_each_inspection_and_each_follow_up_has_strips_of_its_own():
    second = opa().assign(inspection_id="invented")
    picture = unit_strips(pd.concat([opa(), second]))
    strips = picture.table.frame["Strip"].drop_duplicates()
    assert len(strips) == 4
    assert strips.iloc[2] == "Leicestershire, OPA 2006 (invented), 14 aspects"
    actions = hd.load("actions")
    later = actions.assign(follow_up_inspection_id="invented")
    strips = unit_strips(pd.concat([actions, later])).table.frame["Strip"].unique().tolist()
    assert len(strips) == 4
    assert strips[-1] == "invented: Aspects for improvement"


def test_overall_ratings_alone_have_a_strip():
    overall = invented(opa().head(1), old_areas())
    picture = unit_strips(overall)
    assert len(named(picture, "unit ")) == 42
    assert picture.title.startswith("OPA 2006, 42 overall assessments: ")


@pytest.mark.parametrize("draw", [tile_matrix, unit_strips])
def test_an_empty_choice_gives_a_picture_that_says_so(draw):
    picture = draw(opa().iloc[:0])
    assert "chosen" in texts(picture)[0]
    assert "shown" in picture.words
    assert picture.png().startswith(b"\x89PNG")


def test_the_headline_of_progress_counts_every_strip_and_the_subtitle_names_the_area():
    drawn = unit_strips(hd.load("actions").dropna(subset="progress"))
    assert drawn.title == "Of 9: 2 Achieved, 5 Substantial progress, 2 Limited progress"
    assert "Leicestershire" in drawn.subtitle


def test_links_and_folds_leave_the_notebook_alone():
    drawn = unit_strips(hd.load("actions").dropna(subset="progress"))
    assert drawn.html().count("<summary data-lm-suppress-shortcuts") == 1
    links = re.findall("<a [^>]*>", show.sources()._repr_html_())
    assert links
    assert all('target="_blank" rel="noopener noreferrer"' in link for link in links)
