"""What all pictures share: nothing is cut, files and HTML, threads, and nothing outside changes."""

import base64
import inspect
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import escape
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pandas as pd
import pytest
import reading_pictures as reading
from sweep import faults

import hmcpsi_data as hd
from hmcpsi_data import pictures
from hmcpsi_data.errors import HmcpsiError

HOSTILE = reading.HOSTILE.replace("\x00", "")
TILES = pictures.tile_matrix(reading.opa())
PICTURES = {
    "one Area": lambda: TILES,
    "42 Areas": lambda: pictures.tile_matrix(reading.invented(42)),
    "all of one framework": lambda: pictures.tile_matrix(hd.ratings(framework="aap_2016")),
    "strips": lambda: pictures.unit_strips(hd.ratings()),
    "commitments": lambda: pictures.unit_strips(hd.actions(each="commitment")),
    "distributions": lambda: pictures.distribution_strips(hd.national()),
    "paired": lambda: pictures.paired_matrix(reading.opa(), reading.aap()),
    "themes": pictures.theme_matrix,
    "crosswalk": lambda: pictures.crosswalk_picture(reading.invented_crosswalk(), aspect="c"),
    "intervals": lambda: pictures.interval_picture(reading.invented_comparison()),
    "lineage": lambda: pictures.lineage_picture("Wiltshire"),
    "map of 42": lambda: pictures.area_map(hd.coverage("opa_2005")),
    "map of 14": lambda: pictures.area_map(hd.coverage("aap_2016")),
    "hostile links": lambda: pictures.crosswalk_picture(reading.invented_crosswalk(HOSTILE)),
}
ROWS = {
    pictures.tile_matrix: (reading.opa, "label area rating framework"),
    pictures.unit_strips: (reading.opa, "area rating framework"),
    pictures.interval_picture: (reading.invented_comparison, "target observed caveat"),
    pictures.theme_matrix: (lambda: hd.theme_history("disclosure"), "theme round area"),
    pictures.area_map: (lambda: hd.coverage("opa_2007"), "area label framework"),
    pictures.distribution_strips: (hd.national, "scope framework rating"),
}


@pytest.mark.parametrize("draw", ROWS)
def test_no_rows_give_a_picture_that_says_so_and_hostile_ones_are_drawn_as_text(draw):
    rows, columns = ROWS[draw]
    none = draw(rows().head(0))
    assert none.figure()
    assert re.search("^No |^Nothing |: no ", none.title)
    nothing_is_cut(draw(rows().assign(**dict.fromkeys(columns.split(), reading.HOSTILE))))


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_cut_and_nothing_lies_on_something_else(name):
    nothing_is_cut(PICTURES[name]())


def nothing_is_cut(picture):
    seen = reading.Seen(picture)
    assert not list(seen.faults())
    assert all(text.get_fontsize() >= 9 for text in seen.named("") if hasattr(text, "get_fontsize"))
    assert all(getattr(text, "get_rotation", lambda: 0)() == 0 for text in seen.named(""))
    html = picture.html()
    (drawn,) = re.findall('data:image/svg.xml;base64,([^"]*)', html)
    assert base64.b64decode(drawn) == picture.svg()
    tree = ElementTree.fromstring(picture.svg())
    assert not [element for element in tree.iter() if element.tag.endswith("script")]
    assert "<table" in html
    assert "<script" not in html
    assert picture.sentence in picture.alt
    assert isinstance(repr(picture), str)


def test_pictures_can_be_drawn_in_several_threads_at_once():
    makers = [PICTURES[name] for name in ("one Area", "crosswalk", "intervals")] * 2
    alone = [make().svg() for make in makers]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda make: make().svg(), makers)) == alone
        assert len({*pool.map(lambda make: make().png(1), makers)}) == 3


def test_the_svg_keeps_its_text_and_is_the_same_each_time_and_in_each_process():
    svg = TILES.svg()
    written = [element.text for element in ElementTree.fromstring(svg).iter() if element.text]
    assert written.count("Good") == 7
    assert TILES.alt in written
    assert b"<dc:date>" not in svg
    code = """if True:
        import sys, hmcpsi_data as hd, hmcpsi_data.pictures as pictures
        rows = hd.ratings('Leicestershire', framework='opa_2005')
        sys.stdout.buffer.write(pictures.tile_matrix(rows).svg())
        sys.exit('matplotlib.pyplot' in sys.modules)"""
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    assert subprocess.check_output([sys.executable, "-c", code], env=env) == svg


def test_a_picture_is_saved_by_the_ending_of_the_name_and_a_formula_as_text(tmp_path):
    texts = ["=1+1", "@x", "a \u05d0\u05d1", "b \u0627\u0644", "c \u4f60"]
    picture = pictures.tile_matrix(reading.opa().head(5).assign(label=texts, is_critical=False))
    assert picture.table["Aspect"].tolist() == texts
    saved = {}
    for suffix in (".PNG", ".svg", ".csv", ".xlsx") * 2:  # again, over itself
        content = picture.save(tmp_path / f"tiles{suffix}").read_bytes()
        assert saved.setdefault(suffix, content) == content
    assert len(list(tmp_path.iterdir())) == 4
    assert int.from_bytes(saved[".PNG"][16:20], "big") == 2 * 620  # dots for pixels of the page
    assert picture.title.encode() in saved[".PNG"]
    assert saved[".svg"] == picture.svg()
    assert saved[".csv"].startswith(b"Framework,Area,Level,Aspect,Critical,Rating\r\n")
    assert saved[".csv"].count(b",'") == 2
    with ZipFile(tmp_path / "tiles.xlsx") as book:
        shared = book.read("xl/sharedStrings.xml").decode()
    assert all(f">{text}<" in shared for text in texts)
    assert escape(picture.title) in shared
    other = pictures.tile_matrix(reading.opa().head(1).assign(label="\u4f60"))
    assert other.png(1).startswith(b"\x89PNG")
    with pytest.raises(HmcpsiError, match="choose CSV"):
        other.save(tmp_path / "other.xlsx")


@pytest.mark.parametrize(
    ("name", "told"),
    [("a.xlx", 'Did you mean ".xlsx"'), ("a", "not known"), ("gone/a.csv", "cannot be written"),
     (".", "not known"), (None, "not known"), ("a\0.csv", "is no file|cannot be written")],
)  # fmt: skip
def test_what_cannot_be_saved_is_told_and_leaves_nothing(tmp_path, monkeypatch, name, told):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HmcpsiError, match=told):
        TILES.save(name)
    assert not list(tmp_path.iterdir())


def test_a_notebook_gets_an_image_with_alt_one_sentence_and_its_table():
    html = TILES._repr_html_()
    assert f'alt="{TILES.title}. {TILES.alt}"' in html
    assert f">{TILES.sentence}<br><small>Save: <a download=" in html
    assert f"<br>Cite: {escape(TILES.citation)}</small>" in html
    assert TILES.title in TILES.citation
    assert TILES.citation.endswith(f"version {hd.data_version()}. {TILES.source}")
    (saved,) = re.findall('href="data:text/csv;charset=utf-8;base64,([^"]*)"', html)
    table = pd.read_csv(BytesIO(base64.b64decode(saved)), keep_default_na=False)
    pd.testing.assert_frame_equal(table, TILES.table, check_dtype=False)
    assert "The same as a table</summary>" in html
    assert repr(TILES).splitlines()[:2] == [TILES.title, TILES.alt]
    assert "<details>" not in TILES.html(table=False)
    assert "<figcaption" not in TILES.html(sentence=False)
    assert "overflow-x:auto" in html  # on a narrow screen, and never below nine tenths
    assert "max-width:620px;min-width:558px" in html


def test_an_own_folder_gives_names_and_colours_to_its_own_pictures(tmp_path):
    hd.copy_data(tmp_path / "own")
    for name, old, new in (
        ("frameworks", "OPA 2005-06", "Our own framework"),
        ("scales", "opa_2005_quality,Poor", "opa_2005_quality,Weak"),
        ("ratings", ",Poor,", ",Weak,"),
    ):
        path = tmp_path / "own" / f"{name}.csv"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    rows = hd.ratings("Leicestershire", framework="opa_2005", record=tmp_path / "own")
    picture = pictures.unit_strips(rows, record=tmp_path / "own")
    assert picture.sentence.startswith("Leicestershire, Our own framework, 14 aspects: 1 Weak, 4 ")
    (weak,) = reading.Seen(picture).named("unit Weak")
    assert reading.colour(weak) == "#6BACE6"


RIGHT = {"right": reading.aap(), "crosswalk": ("opa_2005", "opa_2007")}


@pytest.mark.parametrize("name", sorted(set(pictures.__all__) - {"Picture"}))
def test_what_nobody_can_draw_is_refused_in_a_sentence(name):
    draw = getattr(pictures, name)
    parameters = inspect.signature(draw).parameters.values()
    needed = [one.name for one in parameters if one.default is one.empty]
    assert faults(draw, {key: RIGHT.get(key, reading.opa()) for key in needed}) == []
