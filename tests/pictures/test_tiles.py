"""Tiles and strips: the word, its colour and its place, and counts out of the whole framework."""

import pandas as pd
import pytest
from afcharts.af_colours import get_af_colours
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from reading_pictures import Seen, aap, colour, count, invented, opa

import hmcpsi_data as hd
from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.palette import PAPER, PROGRESS, QUALITY, contrast, look
from hmcpsi_data.pictures import (
    area_map,
    distribution_strips,
    paired_matrix,
    tile_matrix,
    unit_strips,
)


def test_the_palette_is_that_of_the_analysis_function_and_words_can_be_read_on_it():
    assert list(QUALITY.values()) == get_af_colours("sequential", number_of_colours=4)
    assert all(look(word, hd.Record()).fill == fill for word, fill in (QUALITY | PROGRESS).items())
    words = [*QUALITY, *PROGRESS, "not rated", "contradicted", "of nobody"]
    for drawn in map(look, words):
        behind = [drawn.fill] if not drawn.hatch else [PAPER, drawn.stripes]
        assert min(contrast(drawn.ink, colour) for colour in behind) >= 4.5, drawn
    tiles = Seen(tile_matrix(opa().head(12).assign(rating=words))).named("tile ")
    assert len(tiles) >= 12
    assert min(contrast(to_hex(tile.get_edgecolor()), PAPER) for tile in tiles) >= 3


def test_every_tile_has_its_word_its_colour_and_its_place_as_printed():
    seen = Seen(tile_matrix(opa()))
    assert count(seen.texts("word Good")) == {"Good": 7}
    tiles = count((a.get_label().removeprefix("tile "), colour(a)) for a in seen.named("tile "))
    numbers = {"Excellent": 2, "Good": 7, "Fair": 5, "Poor": 1}  # Fair overall among them
    assert tiles == {(word, QUALITY[word]): n for word, n in numbers.items()}
    heights = [label.get_position()[1] for label in seen.named("label")]
    assert heights == sorted(heights)
    told = " ".join(seen.texts("label"))
    places = [told.find(one) for one in hd.aspects("opa_2005").query("level == 'aspect'")["label"]]
    assert -1 not in places
    assert places == sorted(places)


def test_what_is_missing_is_hatched_and_says_why_each_kind_in_its_own_way():
    seen = Seen(tile_matrix(invented(2)))
    kinds = {"not rated", "not found", "not in framework", "not applicable"}
    hatched = {artist.get_label(): artist.get_hatch() for artist in seen.named("hatch ")}
    assert set(hatched) == {f"hatch tile {kind}" for kind in kinds}
    assert len(set(hatched.values())) == 4
    for kind in kinds:
        assert set(" ".join(seen.texts(f"word {kind}")).split()) == set(kind.split())
        assert seen.named(f"tile {kind}")[0].get_linestyle() == "--"


@pytest.mark.parametrize(
    ("area", "framework", "level", "told", "when"),
    [
        ("Leicestershire", "opa_2005", "aspect", "1 of 14 aspects Poor; 13 not shown",
         "; fieldwork June 2005 to December 2005."),
        ("Thames and Chiltern", "aap_2016", "section", "1 of 4 sections Poor; 3 not found", ""),
        ("Essex", "opa_2007", "overall", "overall contradicted", "; assessment 2007."),
    ],
)  # fmt: skip
def test_counts_are_out_of_the_whole_framework_and_say_what_is_missing(
    area, framework, level, told, when
):
    rows = hd.ratings(area, framework, level=level, rating="Poor")
    picture = tile_matrix(rows)
    assert picture.title == f"{area}: {told}"
    assert told in picture.alt
    assert when in picture.subtitle  # a year of assessment is no fieldwork
    assert level != "aspect" or "14 aspects: 1 Poor and 13 not shown." in unit_strips(rows).sentence


def test_what_the_record_does_not_hold_is_not_found_and_never_not_shown():
    rows = hd.ratings(framework="aap_2016")  # whose criteria were printed for one Area each
    sections = rows[rows["level"].eq("section")]
    unknown = 4 * rows["inspection_id"].nunique() - sections["rating"].notna().sum()
    picture = tile_matrix(rows)
    assert len(Seen(picture).named("tile not found")) == unknown > 0
    assert "not shown" not in [*Seen(picture).names("tile "), picture.alt]
    assert "of 13 ratings of criteria" in picture.title


@pytest.mark.parametrize("draw", [tile_matrix, area_map])
def test_a_contradicted_rating_is_no_word_of_the_scale_and_its_table_names_both_sides(draw):
    rows = hd.ratings(framework="opa_2007") if draw is tile_matrix else hd.coverage("opa_2007")
    picture = draw(rows)
    assert Seen(picture).names("hatch tile contr") == ["hatch tile contradicted"]
    table = picture.table.set_index("Area")
    assert table.loc["Essex", ["Other source says", "Other source"]].tolist() == [
        "Fair or Good", "Public Finance, 14 March 2008",
    ]  # fmt: skip
    assert table.loc["Kent", "Other source"] == ""
    assert "Other source" not in draw(rows[rows["area"].ne("Essex")]).table


def test_two_frameworks_are_split_by_a_labelled_dashed_break_and_nothing_joins_them():
    picture = paired_matrix(opa(), aap())
    seen = Seen(picture)
    assert seen.texts("break label") == ["other criteria, other unit: not a trend"]
    (line,) = seen.figure.findobj(Line2D)
    assert (line.get_label(), line.get_linestyle()) == ("break", "--")
    assert not seen.figure.findobj(PathPatch)
    lefts = [tile.get_x() < line.get_xdata()[0] for tile in seen.named("tile ")]
    assert lefts == [True] * 15 + [False] * 11
    assert "1 Poor, 4 Fair, 7 Good and 2 Excellent of 14 aspects" in picture.alt
    assert "1 Poor, 3 Fair and 3 Good of 7 criteria" in picture.alt
    assert "not a trend" in picture.alt
    same_unit = Seen(paired_matrix(opa(), hd.ratings("Leicestershire", framework="aei_2008")))
    assert same_unit.texts("break label") == ["other criteria: not a trend"]
    both = pd.concat([opa(), aap()])  # which have no matrix, as one framework has no break
    wrong = [(tile_matrix, [both]), (area_map, [hd.coverage()])]
    for draw, given in [*wrong, (paired_matrix, [opa(), both]), (paired_matrix, [opa(), opa()])]:
        with pytest.raises(FrameworkError):
            draw(*given)


def test_a_strip_has_a_square_for_each_aspect_or_area_from_worst_to_best():
    seen = Seen(unit_strips(pd.concat([opa(), aap()])))
    squares = seen.named("unit ")
    numbers = {"Poor": 1, "Fair": 4, "Good": 7, "Excellent": 2}
    names = [f"unit {word}" for word, n in numbers.items() for _ in range(n)]
    assert [s.get_label() for s in squares][:14] == names
    assert len(squares) == 14 + 5 + 4 + 7
    assert all(colour(s) == QUALITY[s.get_label().removeprefix("unit ")] for s in squares)
    lefts = [s.get_x() for s in squares[:14]]
    assert lefts == sorted(lefts)
    told = ["1 Poor", "4 Fair", "7 Good", "2 Excellent", "1 Fair", "4 Good"]
    assert seen.texts("count")[:6] == told
    assert seen.texts("break label") == ["another framework or inspection: not to be compared"]
    (line,) = [a for a in seen.named("break") if a.get_label() == "break"]
    assert line.get_linestyle() == "--"
    seen = Seen(distribution_strips(hd.national("opa_2005").query("n_units == 42")))
    assert seen.texts("count") == ["4 Poor", "18 to 25 Fair", "10 to 17 Good", "3 Excellent"]
    certain = {"unit Poor": 4, "unit Fair": 18, "unit Good": 10, "unit Excellent": 3}
    assert count(seen.names("unit ")) == certain  # the hatched ones lie between the bounds
    assert count(seen.names("open ")) == {"open Fair": 7, "open Good": 7}


def test_progress_and_commitments_have_strips_and_colours_of_their_own():
    picture = unit_strips(hd.actions())
    squares = Seen(picture).named("unit ")
    assert len(squares) == 9
    assert {colour(square) for square in squares} <= set(PROGRESS.values()) - set(QUALITY.values())
    assert picture.title.endswith("5 Substantial progress and 2 Achieved of 9 actions")
    title = "Leicestershire and Rutland, follow-up"
    assert picture.words[0] == f"{title}: recommendations: 3 Substantial progress and 1 Achieved."
    assert picture.words[1].startswith(f"{title}: aspects for improvement: 2 Limited progress, 2 ")
    assert "Leicestershire; as at July 2010." in picture.subtitle
    picture = unit_strips(hd.actions("South West", each="commitment"))
    seen = Seen(picture)
    assert picture.title == "5 done, 6 under way and 3 promised of 14 commitments"
    assert len(seen.named("unit ")) == 14
    fills = {colour(a) for a in seen.named("unit done")}
    assert not fills & {*QUALITY.values(), *PROGRESS.values()}
    assert {a.get_hatch() for a in seen.named("hatch unit under way")} == {"//////"}
    strips = set(picture.table["Strip"].str.rpartition(": ")[2])
    assert {"training", "monitoring", "engagement"} < strips
    both = Seen(unit_strips(hd.actions(["South West", "East Midlands"], each="commitment")))
    assert len(both.texts("break label")) == 1


def test_each_area_has_a_place_on_the_map_and_what_is_not_known_or_has_none_says_so():
    rows = hd.coverage("opa_2007")
    picture = area_map(rows)
    seen = Seen(picture)
    assert len(seen.named("area ")) == 42
    rows = rows.query("kind == 'area' and level == 'overall'")
    known = rows["status"].isin(["stated", "derived"])
    assert len(seen.named("tile not found")) == rows["status"].eq("not_found").sum()
    assert picture.title == f"OPA 2007: {known.sum()} of 42 overall assessments are known"
    assert "; 1 contradicted, 35 not found." in picture.words[0]
    assert picture.words[-1] == "Not found says nothing about an Area."
    new = area_map(hd.coverage("aap_2016"))
    since = Seen(new)
    assert (len(since.named("area ")), len(since.named("tile "))) == (14, 14 * 4)
    assert "Without a place" not in picture.alt + new.alt
    ids, names = ["kent_1999", "wold_1999", "fen_1999"], ["Kent", "Wold", "Fen"]
    own = area_map(rows.head(3).assign(area_id=ids, area=names))
    assert "Without a place on the map, in the table only: Wold and Fen." in own.words
    assert len(own.table) - len(Seen(own).named("area ")) == 2
