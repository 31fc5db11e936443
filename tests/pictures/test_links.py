"""Crosswalks and translated ratings: line styles, bands, breaks, and what has no counterpart."""

import re

import pytest
from matplotlib.lines import Line2D
from reading_pictures import Seen, colour, count, invented_comparison, invented_crosswalk

import hmcpsi_data as hd
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.palette import QUALITY
from hmcpsi_data.pictures import crosswalk_picture, interval_picture
from hmcpsi_data.words import RELATIONS


def test_links_have_one_width_and_the_style_of_their_relation():
    seen = Seen(crosswalk_picture(invented_crosswalk()))
    links = seen.named("link ")
    assert {link.get_linewidth() for link in links} == {links[0].get_linewidth()}
    styles = {link.get_label().split()[1]: str(link.get_linestyle()) for link in links}
    assert set(styles) == set(RELATIONS)
    assert len(set(styles.values())) == 5
    assert {a.get_label().split()[1] for a in seen.named("legend ")} == set(RELATIONS)
    assert seen.texts("legend") == list(RELATIONS.values())


def test_what_has_no_counterpart_is_shown_in_its_place_on_both_sides():
    picture = crosswalk_picture(invented_crosswalk(("f", None, "undetermined", "undetermined")))
    seen = Seen(picture)
    assert count(seen.texts("absent")) == {
        "no counterpart": 2, "part of it has no counterpart": 1, "undetermined": 1,
    }  # fmt: skip
    assert all(tag.get_linestyle() == "--" for tag in seen.named("tag "))
    assert "No counterpart, old side: Aspect d <i>." in picture.words
    assert "No counterpart, new side: Aspect w <i>." in picture.words
    assert "Aspect d &lt;i&gt;" in picture.html()


def test_one_aspect_can_stand_out_with_its_counterparts():
    seen = Seen(crosswalk_picture(invented_crosswalk(), aspect="c"))
    bold = {t.get_text() for t in seen.named("label") if t.get_fontweight() == "bold"}
    assert bold == {"Aspect c <i>", "Aspect y <i>", "Aspect z <i>"}
    links = seen.named("link ")
    colours = {link.get_edgecolor() for link in links if " c " in link.get_label()}
    others = {link.get_edgecolor() for link in links} - colours
    assert len(colours) == len(others) == 1


@pytest.mark.parametrize("given", [hd.load("crosswalk"), None, 5, []])
def test_what_is_no_crosswalk_or_no_valid_one_is_refused(given):
    with pytest.raises(HmcpsiError, match="Start from"):
        crosswalk_picture(given)
    rows = hd.Crosswalk.load("opa_2005", "aap_2016_sections").to_frame()
    with pytest.raises(HmcpsiError, match="not valid"):
        crosswalk_picture(hd.Crosswalk.from_frame(rows.iloc[1:]))


def test_a_band_reaches_from_the_worst_to_the_best_word_and_an_open_one_is_dashed():
    seen = Seen(interval_picture(invented_comparison()))
    centres = [t.get_position()[0] for t in seen.named("position")]
    assert seen.texts("position") == ["Poor", "Fair", "Good", "Excellent"]
    half = (centres[1] - centres[0]) / 2
    bands = {band.get_label()[-1]: band for band in seen.named("band ")}
    ends = {key: (band.get_x(), band.get_x() + band.get_width()) for key, band in bands.items()}
    assert ends["a"] == pytest.approx((centres[2] - half, centres[2] + half))
    assert ends["b"] == pytest.approx((centres[2] - half, centres[3] + half))
    assert ends["c"] == pytest.approx((centres[0] - half, centres[2] + half))
    medians = {key: [m.get_xdata()[0] for m in seen.named(f"median {key}")] for key in "abc"}
    assert medians["a"] == pytest.approx([centres[2]])
    assert medians["c"] == pytest.approx([centres[1], centres[2]])
    assert seen.texts("range") == ["Good", "Good to Excellent", "Poor to Good", "Fair"]
    assert {key: band.get_linestyle() for key, band in bands.items()} == {
        "a": "--", "b": "-", "c": "--", "f": "-",
    }  # fmt: skip
    assert seen.names("hatch none") == ["hatch none d", "hatch none e"]
    assert seen.texts("none") == ["no old counterpart", "old rating not known"]


def test_the_new_rating_stands_behind_the_break_in_its_own_colours():
    seen = Seen(interval_picture(invented_comparison()))
    assert seen.texts("break label") == ["other criteria, other scale: not a trend"]
    (line,) = [a for a in seen.named("break") if isinstance(a, Line2D)]
    tiles = seen.named("tile ")
    words = ["Good", "Fair", "Excellent", "Poor", "not found", "not found"]
    assert seen.names("tile ") == [f"tile {word}" for word in words]
    assert all(tile.get_x() > line.get_xdata()[0] for tile in tiles)
    assert [colour(tile) for tile in tiles[:2]] == [QUALITY["Good"], QUALITY["Fair"]]
    drawn = [*seen.named("band "), *seen.named("none ")]
    assert all(a.get_x() + a.get_width() < line.get_xdata()[0] for a in drawn)


def test_a_comparison_never_says_that_anything_rose_or_fell():
    picture = interval_picture(invented_comparison())
    told = " ".join([*Seen(picture).texts(), picture.alt, repr(picture)]).lower()
    assert not re.findall(r"improved|declined|rose|fell|better|worse\b", told)
    assert "Invented for a test; <b>no</b> trend." in picture.alt
    assert "no</b> trend" in " ".join(Seen(picture).texts())
    assert "&lt;b&gt;no" in picture.html()
    assert "1 of 5" in picture.subtitle
