"""Tiles and strips: the word, its colour and its place, and counts out of the whole framework."""

import pandas as pd
import pytest
from afcharts.af_colours import get_af_colours
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from reading_pictures import AREAS, Seen, aap, colour, count, invented, opa

import hmcpsi_data as hd
from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.palette import PAPER, PROGRESS, QUALITY, contrast, look
from hmcpsi_data.pictures import distribution_strips, paired_matrix, tile_matrix, unit_strips


def test_the_palette_is_that_of_the_analysis_function():
    assert list(QUALITY.values()) == get_af_colours("sequential", number_of_colours=4)


def test_the_record_s_own_scales_give_each_shipped_word_its_colour():
    record = hd.Record()
    for word, fill in (QUALITY | PROGRESS).items():
        assert look(word, record).fill == fill


@pytest.mark.parametrize("word", [*QUALITY, *PROGRESS, "not rated", "contradicted", "of nobody"])
def test_words_can_be_read_on_their_tiles_and_tiles_be_told_from_paper(word):
    drawn = look(word)
    behind = [drawn.fill] if not drawn.hatch else [PAPER, drawn.stripes]
    assert min(contrast(drawn.ink, colour) for colour in behind) >= 4.5
    (tile,) = Seen(tile_matrix(opa().head(1).assign(rating=word))).named("tile ")
    assert contrast(to_hex(tile.get_edgecolor()), PAPER) >= 3


def test_every_tile_has_its_word_and_the_colour_of_its_word():
    seen = Seen(tile_matrix(opa()))
    assert count(seen.texts("word Good")) == {"Good": 7}
    tiles = count((a.get_label().removeprefix("tile "), colour(a)) for a in seen.named("tile "))
    numbers = {"Excellent": 2, "Good": 7, "Fair": 5, "Poor": 1}  # Fair overall among them
    assert tiles == {(word, QUALITY[word]): n for word, n in numbers.items()}


def test_aspects_stand_in_the_order_as_printed_from_top_to_bottom():
    seen = Seen(tile_matrix(opa()[lambda frame: frame["level"] == "aspect"]))
    labels = seen.named("label")
    heights = [label.get_position()[1] for label in labels]
    assert heights == sorted(heights)
    told = " ".join(label.get_text() for label in labels)
    for aspect in hd.aspects("opa_2005").query("level == 'aspect'")["label"]:
        place = told.find(aspect)
        assert place >= 0
        told = told[place + len(aspect) :]


def test_critical_aspects_say_so_in_words():
    picture = tile_matrix(opa())
    assert " ".join(Seen(picture).texts("label")).count("(critical)") == 5
    assert (picture.table["Critical"] == "critical").sum() == 5
    assert "of the 5 critical ones 1 Fair and 4 Good" in picture.alt
    assert "critical" not in tile_matrix(aap()).alt


def test_what_is_missing_is_hatched_and_says_why_each_kind_in_its_own_way():
    seen = Seen(tile_matrix(invented(opa(), [AREAS[0]] * 5)))
    kinds = {"not rated", "not found", "not in framework", "not applicable"}
    hatched = {artist.get_label(): artist.get_hatch() for artist in seen.named("hatch ")}
    assert set(hatched) == {f"hatch tile {kind}" for kind in kinds}
    assert len(set(hatched.values())) == 4
    for kind in kinds:
        assert set(" ".join(seen.texts(f"word {kind}")).split()) == set(kind.split())
        assert seen.named(f"tile {kind}")[0].get_linestyle() == "--"


def test_counts_are_out_of_all_aspects_of_the_framework_and_say_what_is_not_shown():
    poor = tile_matrix(hd.ratings("Leicestershire", framework="opa_2005", rating="Poor"))
    assert poor.title == "Leicestershire: 1 of 14 aspects Poor; 13 not shown"
    assert "1 of 14 aspects Poor; 13 not shown" in poor.alt
    strips = unit_strips(hd.ratings("Leicestershire", framework="opa_2005", rating="Poor"))
    assert strips.sentence == "Leicestershire, OPA 2005-06, 14 aspects: 1 Poor; 13 not shown."
    sections = tile_matrix(hd.ratings("Thames and Chiltern", framework="aap_2016", level="section"))
    assert sections.title == "Thames and Chiltern: 1 of 4 sections Poor; 3 not found"


def test_what_the_record_does_not_hold_is_not_found_and_never_not_shown():
    picture = tile_matrix(hd.ratings(framework="opa_2005"))
    assert "not shown" not in [*Seen(picture).names("tile "), picture.alt]
    assert Seen(picture).named("tile not found")
    frame = invented(opa(), AREAS[:2])
    left_out = tile_matrix(frame.drop(frame.index[[3, 20]]))
    assert len(Seen(left_out).named("tile not found")) == 3  # one of them is one of the invented


def test_a_contradicted_rating_is_no_word_of_the_scale_and_counted_nowhere():
    picture = tile_matrix(hd.ratings("Essex", framework="opa_2007"))
    assert picture.title == "Essex: overall contradicted"
    assert Seen(picture).names("hatch ") == ["hatch tile contradicted"]


def test_two_sources_that_do_not_agree_are_both_shown():
    row = opa().head(1)
    both = pd.concat([row, row.assign(rating="Good")])
    assert Seen(tile_matrix(both)).names("tile ") == ["tile Fair or Good"]


def test_ratings_of_two_frameworks_have_no_matrix():
    with pytest.raises(FrameworkError, match=r"opa_2005 and aap_2016"):
        tile_matrix(pd.concat([opa(), aap()]))


def test_words_stay_level_however_many_areas_there_are_and_no_heading_is_turned():
    sections = tile_matrix(invented(aap()[lambda frame: frame["level"] == "section"], AREAS[:14]))
    assert " ".join(Seen(sections).texts("column")).startswith("The success of CPS people")
    crowd = tile_matrix(invented(opa(), AREAS))
    seen = Seen(crowd)
    assert len(seen.named("tile ")) == 42 * 15
    assert {text.get_rotation() for text in seen.named("") if hasattr(text, "get_rotation")} == {0}
    assert crowd.figure().get_figwidth() * 96 > 900  # it is scrolled, not shrunk


def test_criteria_that_were_printed_for_one_area_are_sought_in_that_area_only():
    rows = hd.ratings(framework="aap_2016")
    sections = rows[rows["level"].eq("section")]
    unknown = 4 * rows["inspection_id"].nunique() - sections["rating"].notna().sum()
    picture = tile_matrix(rows)
    assert len(Seen(picture).named("tile not found")) == unknown > 0
    assert "of 13 ratings of criteria" in picture.title


@pytest.mark.parametrize("draw", [tile_matrix, unit_strips])
def test_an_area_by_name_gives_the_same_as_its_rows(draw):
    by_name = draw("Leicestershire", framework="opa_2005")
    assert by_name.svg() == draw(opa()).svg()


@pytest.mark.parametrize("draw", [tile_matrix, unit_strips])
def test_an_empty_choice_gives_a_picture_that_says_so(draw):
    picture = draw(opa().iloc[:0])
    assert "chosen" in picture.title
    assert "shown" in picture.alt
    assert picture.png().startswith(b"\x89PNG")


# ---------------------------------------------------------------- two frameworks


def test_two_frameworks_are_split_by_a_labelled_dashed_break_and_nothing_joins_them():
    picture = paired_matrix(opa(), aap())
    seen = Seen(picture)
    assert seen.texts("break label") == ["other criteria, other unit: not a trend"]
    lines = seen.figure.findobj(Line2D)
    assert [line.get_label() for line in lines] == ["break"]
    assert lines[0].get_linestyle() == "--"
    assert not seen.figure.findobj(PathPatch)
    middle = lines[0].get_xdata()[0]
    lefts = [tile.get_x() < middle for tile in seen.named("tile ")]
    assert lefts == [True] * 15 + [False] * 11
    assert "1 Poor, 4 Fair, 7 Good and 2 Excellent of 14 aspects" in picture.alt
    assert "1 Poor, 3 Fair and 3 Good of 7 criteria" in picture.alt
    assert "not a trend" in picture.alt


def test_the_break_names_another_unit_only_where_there_is_one():
    second = hd.ratings("Leicestershire", framework="aei_2008")
    seen = Seen(paired_matrix(opa(), second))
    assert seen.texts("break label") == ["other criteria: not a trend"]


@pytest.mark.parametrize("right", [opa, lambda: pd.concat([opa(), aap()])])
def test_a_side_holds_one_framework_and_the_other_another(right):
    with pytest.raises(FrameworkError):
        paired_matrix(opa(), right())


# ---------------------------------------------------------------- strips


def test_a_strip_has_a_square_for_each_aspect_from_worst_to_best():
    seen = Seen(unit_strips(opa()[lambda frame: frame["level"] == "aspect"]))
    squares = seen.named("unit ")
    numbers = {"Poor": 1, "Fair": 4, "Good": 7, "Excellent": 2}
    names = [f"unit {word}" for word, n in numbers.items() for _ in range(n)]
    assert [s.get_label() for s in squares][:14] == names
    assert len(squares) == 14 + 5
    assert all(colour(s) == QUALITY[s.get_label().removeprefix("unit ")] for s in squares)
    lefts = [s.get_x() for s in squares[:14]]
    assert lefts == sorted(lefts)
    told = ["1 Poor", "4 Fair", "7 Good", "2 Excellent", "1 Fair", "4 Good"]
    assert seen.texts("count") == told
    assert not seen.named("break")


def test_progress_has_strips_and_colours_of_its_own_and_its_headline_counts_every_strip():
    picture = unit_strips(hd.actions())
    squares = Seen(picture).named("unit ")
    assert len(squares) == 9
    assert {colour(square) for square in squares} <= set(PROGRESS.values()) - set(QUALITY.values())
    assert picture.title == "Of 9: 2 Limited progress, 5 Substantial progress and 2 Achieved"
    assert picture.words == (
        "Recommendations: 3 Substantial progress and 1 Achieved.",
        "Aspects for improvement: 2 Limited progress, 2 Substantial progress and 1 Achieved.",
    )
    assert "Leicestershire; as at July 2010." in picture.subtitle


def test_commitments_have_a_strip_for_each_kind_and_looks_apart_from_ratings():
    picture = unit_strips(hd.actions("South West", each="commitment"))
    seen = Seen(picture)
    assert picture.title.endswith(": 5 done, 6 under way and 3 promised")
    assert len(seen.named("unit ")) == 14
    fills = {colour(a) for a in seen.named("unit done")}
    assert not fills & {*QUALITY.values(), *PROGRESS.values()}
    assert {a.get_hatch() for a in seen.named("hatch unit under way")} == {"//////"}
    assert set(picture.table["Strip"]) == {
        "Training", "Monitoring", "Review", "Guidance", "Resources", "Engagement",
    }  # fmt: skip
    both = Seen(unit_strips(hd.actions(["South West", "East Midlands"], each="commitment")))
    assert both.texts("break label") == ["another inspection: numbers are not to be compared"]


def test_strips_of_two_frameworks_are_split():
    both = pd.concat([opa(), aap()])
    seen = Seen(unit_strips(both))
    assert seen.texts("break label") == ["another framework: not a trend"]
    (line,) = [a for a in seen.named("break") if a.get_label() == "break"]
    assert line.get_linestyle() == "--"


def test_each_inspection_and_each_follow_up_has_strips_of_its_own():
    second = opa().assign(inspection_id="invented")
    strips = unit_strips(pd.concat([opa(), second])).table["Strip"].drop_duplicates()
    assert len(strips) == 4
    assert strips.iloc[2] == "Leicestershire, OPA 2005-06 (invented), 14 aspects"
    actions = hd.actions()
    later = actions.assign(follow_up_inspection_id="invented")
    strips = unit_strips(pd.concat([actions, later])).table["Strip"].unique().tolist()
    assert len(strips) == 4
    assert strips[-1] == "invented: Aspects for improvement"


def test_overall_ratings_alone_have_a_strip_and_large_numbers_have_commas():
    picture = unit_strips(invented(opa().head(1), AREAS))
    assert len(Seen(picture).named("unit ")) == 42
    assert picture.title.startswith("OPA 2005-06, 42 overall assessments: ")
    many = unit_strips(pd.concat([opa().head(1)] * 1200))
    assert Seen(many).texts("count") == ["1,200 Fair"]


def test_bounds_are_hatched_squares_and_a_range_in_words():
    picture = distribution_strips(hd.national("opa_2005").query("n_units == 42"))
    seen = Seen(picture)
    assert seen.texts("count") == ["4 Poor", "18 to 25 Fair", "10 to 17 Good", "3 Excellent"]
    assert count(seen.names("unit ")) == {
        "unit Poor": 4, "unit Fair": 18, "unit Good": 10, "unit Excellent": 3,
    }  # fmt: skip
    assert count(seen.names("open ")) == {"open Fair": 7, "open Good": 7}
    assert Seen(distribution_strips()).texts("break label") == [
        "another framework: not a trend"
    ] * 2  # fmt: skip
