"""Themes, rounds, Areas through time: what they join, what they never join, what they say."""

import re
from html import unescape

import pytest
from matplotlib.lines import Line2D
from reading_pictures import Seen, colour, count, four

import hmcpsi_data as hd
from hmcpsi_data import explorers
from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.palette import QUALITY
from hmcpsi_data.pictures import four_rounds, lineage_picture, theme_matrix, timeline_picture


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


def test_one_theme_or_round_is_named_in_the_title_with_how_many_there_are():
    one = evidence("disclosure")
    picture = theme_matrix(one)
    assert picture.title == f"Disclosure: in {one['round'].nunique()} of 12 rounds"
    (first, *_) = evidence()["round"]
    of_round = theme_matrix(evidence()[lambda rows: rows["round"].eq(first)])
    assert of_round.title.endswith(" themes in 1 of 1 round")
    assert theme_matrix(one.head(0)).title == "No evidence is chosen"
    with pytest.raises(UnknownValueError):
        theme_matrix(theme="nonsense")


def plain(html):
    return unescape(re.sub("<[^>]*>", "", html.replace("<br>", "|")))


def test_the_picture_of_the_rounds_says_what_the_screen_says():
    explorer = explorers.FourRounds()
    html = explorer.shown["table"]
    picture = four_rounds(four())
    seen = Seen(picture)
    _, *heads = re.findall('<th scope="col"[^>]*>(.*?)</th>', html)
    drawn = "".join("".join(seen.texts("round")).split())
    for head in heads:
        for line in plain(head).split("|"):
            assert line.replace(" ", "") in drawn
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
    rows = hd.facts(theme="disclosure")
    columns = {"2005-06": ["leicestershire_1999"], "2021-22": []}
    picture = four_rounds(rows, theme="disclosure", columns=columns)
    assert picture.table["Theme"].unique().tolist() == ["Disclosure"]
    heads = Seen(picture).texts("round")
    assert heads[0] == "2006 Leicestershire"
    assert heads[1].startswith("2021-22 ")
    assert "2016" not in " ".join(heads)
    with pytest.raises(HmcpsiError, match="facts"):
        four_rounds(hd.load("themes"))


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


@pytest.mark.parametrize("whole", [True, False])
def test_the_family_of_an_area_stands_out_or_alone(whole):
    picture = lineage_picture("Leicestershire", whole=whole)
    seen = Seen(picture)
    bold = {t.get_text() for t in seen.named("label") if t.get_fontweight() == "bold"}
    assert bold == {
        "Derbyshire", "Leicestershire", "Lincolnshire", "Northamptonshire", "Nottinghamshire",
        "East Midlands",
    }  # fmt: skip
    assert len(seen.texts("label")) == (69 if whole else 7)
    assert picture.title == "Leicestershire became East Midlands"
    assert "5: Derbyshire, Leicestershire" in picture.alt


def test_inspections_of_an_area_stand_below_each_other_with_a_break_at_each_change():
    picture = timeline_picture("Leicestershire")
    seen = Seen(picture)
    assert picture.title == "Leicestershire: 6 inspections, 5 breaks, no trend"
    assert seen.names("tile ") == ["tile Fair", "tile Poor", "tile Fair"]
    labels = seen.texts("break label")
    assert count(labels) == {
        "other framework: not a trend": 4,
        "other framework and other unit: not a trend": 1,
    }
    assert picture.table["When"].tolist()[0] == "June 2005 to December 2005 (fieldwork)"
    assert not [a for a in seen.figure.findobj(Line2D) if a.get_label() not in ("break",)]
    essex = timeline_picture("Essex").table.set_index("When")
    assert essex.loc["2007 (assessment)", ["Other source says", "Other source"]].tolist() == [
        "Fair or Good",
        "Public Finance, 14 March 2008",
    ]
    assert "Other source" not in picture.table


def test_a_cell_that_begins_like_a_break_is_data():
    rows = hd.timeline("Leicestershire", kind="rating")
    rows = rows[rows["kind"].ne("break")].head(2)
    picture = timeline_picture(rows.assign(what="break: other framework, says the data"))
    assert not Seen(picture).texts("break label")
    assert "break: other framework, says the data" in picture.table["What else"].iloc[0]
