"""Crosswalks and translated ratings: line styles, bands, breaks, and what has no counterpart."""

import re

import pandas as pd
import pytest
from matplotlib.lines import Line2D
from reading_pictures import (
    LABELS,
    colour,
    count,
    invented_comparison,
    invented_crosswalk,
    layout_faults,
    named,
    names,
    texts,
)

import hmcpsi_data as hd
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.palette import QUALITY
from hmcpsi_data.pictures import crosswalk_picture, interval_picture
from hmcpsi_data.pictures.letters import Letters
from hmcpsi_data.pictures.links import RELATIONS


def crosswalk(source, target):
    frame = hd.load("crosswalk")
    return frame[(frame["source_set"] == source) & (frame["target_set"] == target)]


def pairs():
    frame = hd.load("crosswalk")[["source_set", "target_set"]].drop_duplicates()
    return list(frame.itertuples(index=False, name=None))


# ---------------------------------------------------------------- crosswalk


def test_links_have_one_width_and_the_style_of_their_relation():
    picture = crosswalk_picture(invented_crosswalk(), labels=LABELS)
    links = named(picture, "link ")
    assert {link.get_linewidth() for link in links} == {links[0].get_linewidth()}
    styles = {link.get_label().split()[1]: link.get_linestyle() for link in links}
    assert styles == {relation: style for relation, (_, style) in RELATIONS.items()}
    assert len(set(map(str, styles.values()))) == 5
    legend = {line.get_label().split()[1] for line in named(picture, "legend ")}
    assert legend == set(RELATIONS)
    assert texts(picture, "legend") == [words for words, _ in RELATIONS.values()]


def test_what_has_no_counterpart_is_shown_in_its_place_on_both_sides():
    frame = pd.concat([invented_crosswalk(), invented_crosswalk().head(1)])
    frame.iloc[-1, frame.columns.get_loc("target_aspect_id")] = pd.NA
    frame.iloc[-1, frame.columns.get_loc("source_aspect_id")] = "f"
    frame.iloc[-1, frame.columns.get_loc("status")] = "undetermined"
    picture = crosswalk_picture(frame, labels=LABELS)
    tags = count(texts(picture, "absent"))
    assert tags == {"no counterpart": 2, "part of it has no counterpart": 1, "undetermined": 1}
    assert all(tag.get_linestyle() == "--" for tag in named(picture, "tag "))
    assert "No counterpart, old side, 1: Aspect d <i>." in picture.words
    assert "No counterpart, new side, 1: Aspect w <i>." in picture.words
    assert "Aspect d &lt;i&gt;" in picture.html()


def test_an_aspect_that_nobody_declared_says_so():
    frame = crosswalk("opa_2005", "aap_2016_sections")
    gone = frame[frame["source_aspect_id"] != "opa_2005_custody_time_limits"]
    picture = crosswalk_picture(gone)
    assert texts(picture, "absent").count("not declared") == 1
    assert "Not declared, old side, 1: Custody time limits." in picture.words


def test_one_aspect_can_stand_out_with_its_counterparts():
    picture = crosswalk_picture(invented_crosswalk(), aspect="c", labels=LABELS)
    bold = {t.get_text() for t in named(picture, "label") if t.bold}
    assert bold == {"Aspect c <i>", "Aspect y <i>", "Aspect z <i>"}
    colours = {
        link.get_edgecolor() for link in named(picture, "link ") if " c " in link.get_label()
    }
    others = {link.get_edgecolor() for link in named(picture, "link ")} - colours
    assert len(colours) == len(others) == 1


def test_a_picture_shows_one_pair_of_sets():
    with pytest.raises(ValueError, match="several: opa_2005 to"):
        crosswalk_picture(hd.load("crosswalk"))


@pytest.mark.parametrize(("source", "target"), pairs())
def test_the_shipped_crosswalk_has_a_line_for_each_link_and_a_row_for_each_judgement(
    source, target
):
    frame = crosswalk(source, target)
    picture = crosswalk_picture(frame)
    both = frame[["source_aspect_id", "target_aspect_id"]].notna().all(axis=1)
    assert len(named(picture, "link ")) == both.sum()
    assert len(picture.table.frame) == len(frame)
    assert not list(layout_faults(picture))


# ---------------------------------------------------------------- translated ratings


def test_a_band_reaches_from_the_worst_to_the_best_word():
    picture = interval_picture(invented_comparison())
    centres = [t.get_position()[0] for t in named(picture, "position")]
    assert texts(picture, "position") == ["Poor", "Fair", "Good", "Excellent"]
    half = (centres[1] - centres[0]) / 2
    bands = {band.get_label()[-1]: band for band in named(picture, "band ")}
    ends = {key: (band.get_x(), band.get_x() + band.get_width()) for key, band in bands.items()}
    assert ends["a"] == pytest.approx((centres[2] - half, centres[2] + half))
    assert ends["b"] == pytest.approx((centres[2] - half, centres[3] + half))
    assert ends["c"] == pytest.approx((centres[0] - half, centres[2] + half))
    medians = {key: [m.get_xdata()[0] for m in named(picture, f"median {key}")] for key in "abc"}
    assert medians["a"] == pytest.approx([centres[2]])
    assert medians["c"] == pytest.approx([centres[1], centres[2]])
    assert texts(picture, "range") == ["Good", "Good to Excellent", "Poor to Good", "Fair"]


def test_an_open_range_has_no_ends_and_no_old_rating_is_hatched_with_words():
    picture = interval_picture(invented_comparison())
    band = {"a": named(picture, "band a")[0], "c": named(picture, "band c")[0]}
    for key in "ac":
        edges = named(picture, f"open {key}")
        assert len(edges) == 2
        assert all(edge.get_linestyle() == "--" for edge in edges)
        assert edges[0].get_xdata()[0] < band[key].get_x()
        assert edges[0].get_xdata()[1] > band[key].get_x() + band[key].get_width()
    assert not named(picture, "open b")
    assert names(picture, "hatch none") == ["hatch none d", "hatch none e"]
    assert texts(picture, "none") == ["no old counterpart", "old rating not known"]


def test_the_new_rating_stands_behind_the_break_in_its_own_colours():
    picture = interval_picture(invented_comparison())
    assert texts(picture, "break label") == ["other criteria, other scale: not a trend"]
    (line,) = [a for a in named(picture, "break") if isinstance(a, Line2D)]
    tiles = named(picture, "tile ")
    assert names(picture, "tile ") == [
        "tile Good", "tile Fair", "tile Excellent", "tile Poor", "tile not found",
        "tile not found",
    ]  # fmt: skip
    assert all(tile.get_x() > line.get_xdata()[0] for tile in tiles)
    assert [colour(tile) for tile in tiles[:2]] == [QUALITY["Good"], QUALITY["Fair"]]
    drawn = [*named(picture, "band "), *named(picture, "none ")]
    assert all(a.get_x() + a.get_width() < line.get_xdata()[0] for a in drawn)


def test_a_comparison_never_says_that_anything_rose_or_fell():
    picture = interval_picture(invented_comparison())
    told = " ".join([*texts(picture), picture.words, repr(picture)]).lower()
    words = re.findall(r"improved|declined|rose|fell|better|worse\b", told)
    assert not words
    assert "Invented for a test; <b>no</b> trend." in picture.words
    assert "no</b> trend" in " ".join(texts(picture))
    assert "&lt;b&gt;no" in picture.html()
    assert "1 of 5" in picture.subtitle


def test_the_old_scale_can_be_the_reader_s_own_or_that_of_the_column():
    frame = invented_comparison()
    other = ["Bad", "Poor", "Fair", "Good", "Excellent"]
    assert texts(interval_picture(frame, scale=other), "position") == other
    frame["worst"] = pd.Categorical(frame["worst"], categories=other, ordered=True)
    assert texts(interval_picture(frame), "position") == other


def test_a_picked_label_and_its_neighbours_stay_in_their_columns():
    for source, target in [("opa_2005", "aap_2016_east_midlands"), ("opa_2005", "opa_2007")]:
        frame = Crosswalk.load(source, target).to_frame()
        ends = pd.concat([frame["source_aspect_id"], frame["target_aspect_id"]]).dropna().unique()
        for aspect in ends:
            figure = crosswalk_picture(frame, aspect=aspect).figure
            for label in figure.findobj(Letters):
                if label.get_label() == "label":
                    assert label.get_window_extent().width <= 290, aspect
