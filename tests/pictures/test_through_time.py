"""Crosswalks, themes by round, Areas through time: what they join, what they never join."""

import re

import pytest
from matplotlib.lines import Line2D
from reading_pictures import Seen, colour, count, invented_comparison, invented_crosswalk

import hmcpsi_data as hd
from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.palette import QUALITY
from hmcpsi_data.pictures import (
    crosswalk_picture,
    interval_picture,
    lineage_picture,
    theme_matrix,
)
from hmcpsi_data.words import RELATIONS


def test_links_have_one_width_and_the_style_of_their_relation_and_what_has_none_says_so():
    picture = crosswalk_picture(invented_crosswalk(("f", None, "undetermined", "undetermined")))
    seen = Seen(picture)
    links = seen.named("link ")
    assert {link.get_linewidth() for link in links} == {links[0].get_linewidth()}
    styles = {link.get_label().split()[1]: str(link.get_linestyle()) for link in links}
    assert set(styles) == set(RELATIONS)
    assert len(set(styles.values())) == 5
    assert seen.texts("legend") == list(RELATIONS.values())
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


def test_what_is_no_crosswalk_or_no_valid_one_is_refused():
    for given in (hd.load("crosswalk"), None, 5, []):
        with pytest.raises(HmcpsiError, match="Start from"):
            crosswalk_picture(given)
    rows = hd.Crosswalk.load("opa_2005", "aap_2016_sections").to_frame()
    with pytest.raises(HmcpsiError, match="not valid"):
        crosswalk_picture(hd.Crosswalk.from_frame(rows.iloc[1:]))


def test_a_band_of_old_words_stands_before_the_break_and_the_new_rating_behind_it():
    picture = interval_picture(invented_comparison())
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
    tiles = seen.named("tile ")
    words = ["Good", "Fair", "Excellent", "Poor", "not found", "not found"]
    assert seen.names("tile ") == [f"tile {word}" for word in words]
    assert all(tile.get_x() > line.get_xdata()[0] for tile in tiles)
    assert [colour(tile) for tile in tiles[:2]] == [QUALITY["Good"], QUALITY["Fair"]]
    drawn = [*seen.named("band "), *seen.named("none ")]
    assert all(a.get_x() + a.get_width() < line.get_xdata()[0] for a in drawn)

    told = " ".join([*seen.texts(), picture.alt, repr(picture)])
    assert not re.findall(r"improved|declined|rose|fell|better|worse\b", told.lower())
    assert told.count("Invented for a test; <b>no</b> trend.") >= 2
    assert "&lt;b&gt;no" in picture.html()
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
    picture = lineage_picture()
    seen = Seen(picture)
    assert picture.title == "42 Areas became 13, then 14"
    assert len(seen.texts("label")) == 42 + 13 + 14
    kinds = count(link.get_label().split()[1] for link in seen.named("link "))
    pairs = count(hd.load("area_lineage")["quality"])
    assert kinds == pairs | {"same": 1 + 12}  # London in 2011, all but London in 2017
    styles = {link.get_label().split()[1]: link.get_linestyle() for link in seen.named("link ")}
    assert len(set(map(str, styles.values()))) == 3
    assert "from April 2017" in seen.texts("head")
    assert "1 April 2017" not in picture.alt
    family = hd.lineage("Leicestershire")["area"]
    picture = lineage_picture("Leicestershire")
    assert sorted(Seen(picture).texts("label")) == sorted([*family, "East Midlands"])
    assert picture.title == "Leicestershire became East Midlands"
    assert "5: Derbyshire, Leicestershire" in picture.alt
