"""What is drawn: the word, its colour, place and number; what is joined, and what never is."""

import re
from collections import Counter

import pandas as pd
import pytest
import reading_pictures as reading
from afcharts.af_colours import get_af_colours
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from reading_pictures import Seen, aap, colour, opa

import hmcpsi_data as hd
from hmcpsi_data import pictures
from hmcpsi_data.errors import FrameworkError, HmcpsiError, UnknownValueError
from hmcpsi_data.palette import PAPER, PROGRESS, QUALITY, contrast, look
from hmcpsi_data.pictures import area_map, crosswalk_picture, theme_matrix, tile_matrix, unit_strips
from hmcpsi_data.words import RELATIONS


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
    assert Counter(seen.texts("word Good")) == {"Good": 7}
    tiles = Counter((a.get_label().removeprefix("tile "), colour(a)) for a in seen.named("tile "))
    numbers = {"Excellent": 2, "Good": 7, "Fair": 5, "Poor": 1}  # Fair overall among them
    assert tiles == {(word, QUALITY[word]): n for word, n in numbers.items()}
    heights = [label.get_position()[1] for label in seen.named("label")]
    assert heights == sorted(heights)
    told = " ".join(seen.texts("label"))
    places = [told.find(one) for one in hd.aspects("opa_2005").query("level == 'aspect'")["label"]]
    assert -1 not in places
    assert places == sorted(places)
    # what is missing is hatched and says why, each kind in its own way
    seen = Seen(tile_matrix(reading.invented(2)))
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
    picture = pictures.paired_matrix(opa(), aap())
    seen = Seen(picture)
    assert seen.texts("break label") == ["other criteria, other unit: not a trend"]
    (line,) = seen.figure.findobj(Line2D)
    assert (line.get_label(), line.get_linestyle()) == ("break", "--")
    assert not seen.figure.findobj(PathPatch)
    lefts = [tile.get_x() < line.get_xdata()[0] for tile in seen.named("tile ")]
    assert lefts == [True] * 15 + [False] * 11
    told = ["7 Good and 2 Excellent of 14 aspects", "3 Good of 7 criteria", "not a trend"]
    assert [words for words in told if words not in picture.alt] == []
    later = hd.ratings("Leicestershire", framework="aei_2008")
    same_unit = Seen(pictures.paired_matrix(opa(), later))
    assert same_unit.texts("break label") == ["other criteria: not a trend"]
    both = pd.concat([opa(), aap()])  # which have no matrix, as one framework has no break
    wrong = [(tile_matrix, [both]), (area_map, [hd.coverage()])]
    wrong += [(pictures.paired_matrix, [opa(), other]) for other in (both, opa())]
    for draw, given in wrong:
        with pytest.raises(FrameworkError):
            draw(*given)


def test_a_strip_has_a_square_for_each_aspect_or_area_from_worst_to_best():
    seen = Seen(unit_strips(pd.concat([opa(), aap()])))
    squares = seen.named("unit ")
    names = ["unit Poor"] + ["unit Fair"] * 4 + ["unit Good"] * 7 + ["unit Excellent"] * 2
    assert [s.get_label() for s in sorted(squares[:14], key=lambda s: s.get_x())] == names
    assert len(squares) == 14 + 5 + 4 + 7
    assert all(colour(s) == QUALITY[s.get_label().removeprefix("unit ")] for s in squares)
    told = ["1 Poor", "4 Fair", "7 Good", "2 Excellent", "1 Fair", "4 Good"]
    assert seen.texts("count")[:6] == told
    assert seen.texts("break label") == ["another framework or inspection: not to be compared"]
    (line,) = [a for a in seen.named("break") if a.get_label() == "break"]
    assert line.get_linestyle() == "--"
    seen = Seen(pictures.distribution_strips(hd.national("opa_2005").query("n_units == 42")))
    assert seen.texts("count") == ["4 Poor", "18 to 25 Fair", "10 to 17 Good", "3 Excellent"]
    certain = {"unit Poor": 4, "unit Fair": 18, "unit Good": 10, "unit Excellent": 3}
    assert Counter(seen.names("unit ")) == certain  # the hatched ones lie between the bounds
    assert Counter(seen.names("open ")) == {"open Fair": 7, "open Good": 7}


def test_progress_and_commitments_have_strips_and_colours_of_their_own():
    picture = unit_strips(hd.actions())
    squares = Seen(picture).named("unit ")
    assert len(squares) == 9
    assert {colour(square) for square in squares} <= set(PROGRESS.values()) - set(QUALITY.values())
    assert picture.title.endswith("5 Substantial progress and 2 Achieved of 9 actions")
    told = "Leicestershire and Rutland, follow-up: recommendations: 3 Substantial progress and 1 "
    assert picture.words[0] == f"{told}Achieved."
    assert "Leicestershire; as at July 2010." in picture.subtitle
    picture = unit_strips(hd.actions("South West", each="commitment"))
    seen = Seen(picture)
    assert picture.title == "5 done, 6 under way and 3 promised of 14 commitments"
    assert len(seen.named("unit ")) == 14
    fills = {colour(a) for a in seen.named("unit done")}
    assert not fills & {*QUALITY.values(), *PROGRESS.values()}
    assert {a.get_hatch() for a in seen.named("hatch unit under way")} == {"//////"}
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


def test_links_have_one_width_and_the_style_of_their_relation_and_what_has_none_says_so():
    open_row = ("f", None, "undetermined", "undetermined")
    picture = crosswalk_picture(reading.invented_crosswalk(more=[open_row]))
    seen = Seen(picture)
    links = seen.named("link ")
    assert {link.get_linewidth() for link in links} == {links[0].get_linewidth()}
    styles = {link.get_label().split()[1]: str(link.get_linestyle()) for link in links}
    assert set(styles) == set(RELATIONS)
    assert len(set(styles.values())) == 5
    assert seen.texts("legend") == list(RELATIONS.values())
    assert Counter(seen.texts("absent")) == {
        "no counterpart": 2, "part of it has no counterpart": 1, "undetermined": 1,
    }  # fmt: skip
    assert all(tag.get_linestyle() == "--" for tag in seen.named("tag "))
    lacking = ("old side: Aspect d", "new side: Aspect w")
    assert {f"No counterpart, {side} <i>." for side in lacking} < {*picture.words}
    assert "Aspect d &lt;i&gt;" in picture.html()
    # one aspect stands out with its counterparts
    seen = Seen(crosswalk_picture(reading.invented_crosswalk(), aspect="c"))
    bold = {t.get_text() for t in seen.named("label") if t.get_fontweight() == "bold"}
    assert bold == {"Aspect c <i>", "Aspect y <i>", "Aspect z <i>"}
    links = seen.named("link ")
    colours = {link.get_edgecolor() for link in links if " c " in link.get_label()}
    others = {link.get_edgecolor() for link in links} - colours
    assert len(colours) == len(others) == 1
    with pytest.raises(HmcpsiError, match="Start from"):
        crosswalk_picture(hd.load("crosswalk"))
    rows = hd.Crosswalk.load("opa_2005", "aap_2016_sections").to_frame()
    with pytest.raises(HmcpsiError, match="not valid"):
        crosswalk_picture(hd.Crosswalk(rows.iloc[1:]))


def test_a_band_of_old_words_stands_before_the_break_and_the_new_rating_behind_it():
    picture = pictures.interval_picture(reading.invented_comparison())
    seen = Seen(picture)
    centres = [t.get_position()[0] for t in seen.named("position")]
    assert seen.texts("position") == ["Poor", "Fair", "Good", "Excellent"]
    half = (centres[1] - centres[0]) / 2
    bands = {band.get_label()[-1]: band for band in seen.named("band ")}
    for key, first, last in (("a", 2, 2), ("b", 2, 3), ("c", 0, 2)):
        ends = bands[key].get_x(), bands[key].get_x() + bands[key].get_width()
        assert ends == pytest.approx((centres[first] - half, centres[last] + half))
    medians = {key: [m.get_xdata()[0] for m in seen.named(f"median {key}")] for key in "ac"}
    assert medians["a"] == pytest.approx([centres[2]])
    assert medians["c"] == pytest.approx([centres[1], centres[2]])
    assert seen.texts("range") == ["Good", "Good to Excellent", "Poor to Good", "Fair"]
    styles = {key: band.get_linestyle() for key, band in bands.items()}
    assert styles == {"a": "--", "b": "-", "c": "--", "f": "-"}  # dashed: open
    assert seen.names("hatch none") == ["hatch none d", "hatch none e"]
    assert seen.texts("none") == ["no old counterpart", "old rating not known"]
    assert seen.texts("break label") == ["other criteria, other scale: not a trend"]
    (line,) = [a for a in seen.named("break") if isinstance(a, Line2D)]
    words = ["Good", "Fair", "Excellent", "Poor", "not found", "not found"]
    assert seen.names("tile ") == [f"tile {word}" for word in words]
    middle = line.get_xdata()[0]
    assert all(tile.get_x() > middle for tile in seen.named("tile "))
    drawn = [*seen.named("band "), *seen.named("none ")]
    assert all(a.get_x() + a.get_width() < middle for a in drawn)
    told = " ".join([*seen.texts(), picture.alt, repr(picture)])
    assert not re.findall(r"improved|declined|rose|fell|better|worse\b", told.lower())
    assert told.count("Invented for a test; <b>no</b> trend.") >= 2
    assert "1 of 5" in picture.subtitle


def test_a_theme_has_a_marker_and_a_number_for_each_kind_of_evidence_in_each_round():
    rows = hd.theme_history(hd.load("themes")["theme_id"].tolist())
    seen = Seen(theme_matrix(rows))
    rows = rows[rows["kind"].ne("rating") | rows["value"].notna()].dropna(subset="round")
    same = dict.fromkeys(["issue", "recommendation", "aspect_for_improvement"], "action")
    same |= {"commitment": "response", "direction": "finding", "comparison": "finding"}
    cells = rows.assign(kind=rows["kind"].replace(same)).groupby(["kind", "theme", "round"]).size()
    drawn = [a.get_label() for a in seen.markers() if not a.get_label().startswith("legend")]
    assert set(drawn) == {" ".join(key) for key in cells.index}
    assert len({a.get_marker() for a in seen.markers()}) == len(seen.texts("legend")) == 6
    order = hd.load("frameworks")["round"].drop_duplicates()
    assert " ".join(seen.texts("round")) == " ".join(order[order.isin(rows["round"])])
    assert sum(int(text.replace(",", "")) for text in seen.texts("number")) == cells.sum()
    one, facts = hd.theme_history("disclosure"), hd.facts(theme="disclosure")
    picture = theme_matrix(one)
    assert picture.title == f"Disclosure: in {one['round'].nunique()} of 12 rounds"
    assert theme_matrix(facts, theme="disclosure").title == picture.title
    of_round = theme_matrix(rows[rows["round"].eq(rows["round"].iloc[0])])
    assert of_round.title.endswith(" themes: in 1 of 12 rounds")
    with pytest.raises(UnknownValueError):
        theme_matrix(theme="nonsense")


def test_42_areas_became_13_then_14():
    picture = pictures.lineage_picture()
    seen = Seen(picture)
    assert picture.title == "42 Areas became 13, then 14"
    assert len(seen.texts("label")) == 42 + 13 + 14
    kinds = Counter(link.get_label().split()[1] for link in seen.named("link "))
    pairs = Counter(hd.load("area_lineage")["quality"])
    assert kinds == pairs | {"same": 1 + 12}  # London in 2011, all but London in 2017
    assert len({str(link.get_linestyle()) for link in seen.named("link ")}) == 3
    assert "from April 2017" in seen.texts("head")
    family = hd.lineage("Leicestershire")["area"]
    picture = pictures.lineage_picture("Leicestershire")
    assert sorted(Seen(picture).texts("label")) == sorted([*family, "East Midlands"])
    assert picture.title == "Leicestershire became East Midlands"
    assert "5: Derbyshire, Leicestershire" in picture.alt
