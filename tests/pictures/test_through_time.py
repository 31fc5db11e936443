"""Crosswalks, themes, rounds, Areas through time: what they join, what they never join."""

import re
from html import unescape

import pytest
from matplotlib.lines import Line2D
from reading_pictures import Seen, colour, count, four, invented_comparison, invented_crosswalk

import hmcpsi_data as hd
from hmcpsi_data import explorers
from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.palette import QUALITY
from hmcpsi_data.pictures import (
    crosswalk_picture,
    four_rounds,
    interval_picture,
    lineage_picture,
    theme_matrix,
    timeline_picture,
)
from hmcpsi_data.words import RELATIONS

# Old and new aspects ----------------------------------------------------------------------------


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
    assert seen.bold() == {"Aspect c <i>", "Aspect y <i>", "Aspect z <i>"}
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
        crosswalk_picture(hd.Crosswalk(rows.iloc[1:]))


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


# Themes and rounds ------------------------------------------------------------------------------


def evidence(*themes):
    rows = hd.theme_history(list(themes) or hd.load("themes")["theme_id"].tolist())
    return rows[rows["kind"].ne("rating") | rows["value"].notna()]


def test_a_theme_has_a_marker_and_a_number_for_each_kind_of_evidence_in_each_round():
    rows = evidence()
    seen = Seen(theme_matrix(rows))
    same = dict.fromkeys(["issue", "recommendation", "aspect_for_improvement"], "action")
    same |= {"commitment": "response", "direction": "finding", "comparison": "finding"}
    cells = rows.assign(kind=rows["kind"].replace(same)).dropna(subset="round")
    cells = cells.groupby(["kind", "theme", "round"]).size()
    wanted = {f"{kind} {theme} {name}" for kind, theme, name in cells.index}
    drawn = [a for a in seen.markers() if not a.get_label().startswith("legend")]
    assert {a.get_label() for a in drawn} == wanted
    assert len({a.get_marker() for a in seen.markers()}) == len(seen.texts("legend")) == 6
    order = hd.load("frameworks")["round"].drop_duplicates()
    assert " ".join(seen.texts("round")) == " ".join(order[order.isin(rows["round"])])
    assert sum(int(text.replace(",", "")) for text in seen.texts("number")) == cells.sum()

    one = evidence("disclosure")
    assert theme_matrix(one).title == f"Disclosure: in {one['round'].nunique()} of 12 rounds"
    of_round = theme_matrix(rows[rows["round"].eq(rows["round"].iloc[0])])
    assert of_round.title.endswith(" themes in 1 of 1 round")
    with pytest.raises(UnknownValueError):
        theme_matrix(theme="nonsense")


def plain(html):
    return unescape(re.sub("<[^>]*>", "", html.replace("<br>", "|")))


def test_the_picture_of_the_rounds_says_what_the_screen_says():
    html = explorers.FourRounds().shown["table"]
    picture = four_rounds(four())
    seen = Seen(picture)
    _, *heads = re.findall('<th scope="col"[^>]*>(.*?)</th>', html)
    drawn = "".join("".join(seen.texts("round")).split())
    for head in heads:
        assert all(line.replace(" ", "") in drawn for line in plain(head).split("|"))
    themes = [plain(head) for head in re.findall('<th scope="row"[^>]*>(.*?)</th>', html)]
    assert themes == picture.table["Theme"].unique().tolist()
    assert len(picture.words) == 1 + len(themes)
    lines = [plain(line) for line in re.findall("<p [^>]*>(.*?)</p>", html)]
    shown = picture.table.groupby(["Theme", "Round"], sort=False).head(3)
    assert lines == (shown["Said"] + " " + shown["Of what"]).tolist()
    assert all(f"({text})" in picture.alt for text in shown["Of what"])
    assert len([a for a in seen.named("break") if isinstance(a, Line2D)]) == 3
    tiles = {(a.get_label().removeprefix("tile "), colour(a)) for a in seen.named("tile ")}
    assert tiles > {("Poor", QUALITY["Poor"]), ("Achieved", "#06312D"), ("Issue", "#FFFFFF")}


def test_the_rounds_show_the_themes_and_columns_that_are_asked_for():
    columns = {"2005-06": ["leicestershire_1999"], "2021-22": ["north_east_2011"]}
    picture = four_rounds(hd.facts(theme="disclosure"), theme="disclosure", columns=columns)
    assert picture.table["Theme"].unique().tolist() == ["Disclosure"]
    heads = Seen(picture).texts("round")
    assert heads[0] == "2006 Leicestershire"
    assert "2021 North East" in heads  # published in October 2021
    assert "2016" not in " ".join(heads)
    with pytest.raises(HmcpsiError, match="facts"):
        four_rounds(hd.load("themes"))


# Areas ------------------------------------------------------------------------------------------


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
    for whole, n in ((True, 69), (False, 7)):
        picture = lineage_picture("Leicestershire", whole=whole)
        seen = Seen(picture)
        assert seen.bold() == set(family)
        assert len(seen.texts("label")) == n
        assert picture.title == "Leicestershire became East Midlands"
        assert "5: Derbyshire, Leicestershire" in picture.alt


def test_inspections_of_an_area_stand_below_each_other_with_a_break_at_each_change():
    picture = timeline_picture("Leicestershire")
    seen = Seen(picture)
    assert picture.title == "Leicestershire: 6 inspections, 5 breaks, no trend"
    assert seen.names("tile ") == ["tile Fair", "tile Poor", "tile Fair"]
    assert count(seen.texts("break label")) == {
        "other framework: not a trend": 4,
        "other framework and other unit: not a trend": 1,
    }
    assert picture.table["When"].tolist()[0] == "June 2005 to December 2005 (fieldwork)"
    assert not [a for a in seen.figure.findobj(Line2D) if a.get_label() != "break"]
    essex = timeline_picture("Essex").table.set_index("When")
    assert essex.loc["2007 (assessment)", ["Other source says", "Other source"]].tolist() == [
        "Fair or Good", "Public Finance, 14 March 2008",
    ]  # fmt: skip
    assert "Other source" not in picture.table
    rows = hd.timeline("Leicestershire", kind="rating")
    rows = rows[rows["kind"].ne("break")].head(2)  # a cell that begins like a break is data
    picture = timeline_picture(rows.assign(what="break: other framework, says the data"))
    assert not Seen(picture).texts("break label")
    assert "break: other framework, says the data" in picture.table["What else"].iloc[0]
