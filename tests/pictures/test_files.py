"""What all pictures share: nothing is cut, files and HTML, threads, and nothing outside changes."""

import base64
import hashlib
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

import hmcpsi_data as hd
from hmcpsi_data import pictures
from hmcpsi_data.errors import HmcpsiError

PICTURES = {
    "one Area": lambda: pictures.tile_matrix(reading.opa()),
    "two levels": lambda: pictures.tile_matrix(reading.aap()),
    "14 Areas, sections": lambda: pictures.tile_matrix(
        reading.invented(reading.aap().head(4), reading.AREAS[:14])
    ),
    "42 Areas": lambda: pictures.tile_matrix(reading.invented(reading.opa(), reading.AREAS)),
    "all of one framework": lambda: pictures.tile_matrix(hd.ratings(framework="aap_2016")),
    "strips": lambda: pictures.unit_strips(hd.ratings()),
    "commitments": lambda: pictures.unit_strips(hd.actions(each="commitment")),
    "distributions": lambda: pictures.distribution_strips(hd.national()),
    "paired": lambda: pictures.paired_matrix(reading.opa(), reading.aap()),
    "themes": pictures.theme_matrix,
    "four rounds": lambda: pictures.four_rounds(reading.four()),
    "crosswalk": lambda: pictures.crosswalk_picture(reading.invented_crosswalk(), aspect="c"),
    "intervals": lambda: pictures.interval_picture(reading.invented_comparison()),
    "lineage": lambda: pictures.lineage_picture("Wiltshire", whole=True),
    "one path": lambda: pictures.timeline_picture("Leicestershire"),
    "map of 42": lambda: pictures.area_map(hd.coverage("opa_2005")),
    "map of 14": lambda: pictures.area_map(hd.coverage("aap_2016")),
    "hostile links": lambda: pictures.crosswalk_picture(
        reading.invented_crosswalk(label=reading.HOSTILE.replace("\x00", ""))
    ),
}
ROWS = {
    pictures.tile_matrix: (reading.opa, "label area rating framework"),
    pictures.unit_strips: (reading.opa, "area rating framework"),
    pictures.interval_picture: (
        reading.invented_comparison,
        "target observed caveat known_predecessors",
    ),
    pictures.theme_matrix: (lambda: hd.theme_history("disclosure"), "theme round area"),
    pictures.four_rounds: (lambda: hd.facts(theme="disclosure").head(9), "what value round area"),
    pictures.timeline_picture: (lambda: hd.timeline("Gwent"), "what when area framework"),
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
    tree = ElementTree.fromstring(picture.svg())
    assert not [element for element in tree.iter() if element.tag.endswith("script")]
    html = picture.html()
    assert "<table" in html
    assert "<script" not in html
    assert picture.alt
    assert picture.sentence in picture.alt
    assert isinstance(repr(picture), str)


def test_pictures_can_be_drawn_in_several_threads_at_once():
    makers = [PICTURES[name] for name in ("one Area", "crosswalk", "lineage", "intervals")] * 3
    alone = [make().svg() for make in makers[:4]] * 3

    def files(make):
        picture = make()
        return picture.svg(), picture.png(1)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(files, makers))
    assert [svg for svg, _ in together] == alone
    assert len({png for _, png in together}) == 4


def test_the_svg_keeps_its_text_and_is_the_same_each_time_and_in_each_process():
    picture = pictures.tile_matrix(reading.opa())
    svg = picture.svg()
    assert svg == picture.svg() == pictures.tile_matrix(reading.opa()).svg()
    written = [element.text for element in ElementTree.fromstring(svg).iter() if element.text]
    assert reading.count(written)["Good"] == 7
    assert picture.alt in written
    assert b"<dc:date>" not in svg
    code = (
        "import hashlib, sys, hmcpsi_data as hd; from hmcpsi_data.pictures import tile_matrix;"
        "svg = tile_matrix(hd.ratings('Leicestershire', framework='opa_2005')).svg();"
        "print(hashlib.sha256(svg).hexdigest(), 'matplotlib.pyplot' in sys.modules)"
    )
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout.split() == [hashlib.sha256(svg).hexdigest(), "False"], done.stderr


def test_a_png_has_two_dots_for_each_pixel_of_the_page_and_says_what_it_shows():
    picture = pictures.unit_strips(reading.opa())
    png = picture.png()
    assert int.from_bytes(png[16:20], "big") == 1800
    assert picture.title.encode() in png
    assert int.from_bytes(picture.png(scale=1)[16:20], "big") == 900


@pytest.mark.parametrize("suffix", [".png", ".PNG", ".svg", ".csv", ".xlsx"])
def test_a_picture_is_saved_by_the_ending_of_the_name(tmp_path, suffix):
    picture = pictures.unit_strips(reading.opa())
    path = picture.save(tmp_path / f"strips{suffix}")
    saved = path.read_bytes()
    if suffix == ".svg":
        assert saved == picture.svg()
    elif suffix == ".csv":
        assert saved.startswith(b"Strip,Rating,Number\r\n")
    elif suffix == ".xlsx":
        with ZipFile(path) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
        assert all(f">{word}<" in texts for word in picture.table["Rating"])
        assert escape(picture.title) in texts
    else:
        assert saved == picture.png()
    assert picture.save(path) == path
    assert path.read_bytes() == saved
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("name", "told"),
    [("a.xlx", 'Did you mean ".xlsx"'), ("a", "not known"), ("gone/a.csv", "cannot be written"),
     (".", "not known"), (None, "not known"), ("a\0.csv", "is no file|cannot be written")],
)  # fmt: skip
def test_what_cannot_be_saved_is_told_and_leaves_nothing(tmp_path, monkeypatch, name, told):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HmcpsiError, match=told):
        pictures.unit_strips(reading.opa()).save(name)
    assert not list(tmp_path.iterdir())


def test_a_formula_is_saved_as_text_and_every_script_stands_in_the_table(tmp_path):
    texts = ["=1+1", "@x", "\u05d0\u05d1\u05d2", "\u0627\u0644", "\u4f60"]
    picture = pictures.tile_matrix(reading.opa().head(5).assign(label=texts, is_critical=False))
    assert picture.png(1).startswith(b"\x89PNG")
    assert picture.table["Aspect"].tolist() == texts
    saved = picture.save(tmp_path / "a.csv").read_text("utf-8")
    assert "'=1+1" in saved
    assert "'@x" in saved


def test_a_notebook_gets_an_image_with_alt_one_sentence_and_its_table():
    picture = pictures.tile_matrix(reading.opa())
    html = picture._repr_html_()
    alt = re.search(r'alt="([^"]*)"', html).group(1)
    assert alt == f"{picture.title}. {picture.alt}"
    assert f">{picture.sentence}<br><small>Save: <a download=" in html
    assert all(f".{kind}" in html for kind in ("png", "svg", "csv", "xlsx"))
    assert f"<br>Cite: {escape(picture.citation)}</small>" in html
    assert picture.title in picture.citation
    assert picture.citation.endswith(f"version {hd.data_version()}. {picture.source}")
    (saved,) = re.findall('href="data:text/csv;charset=utf-8;base64,([^"]*)"', html)
    pd.testing.assert_frame_equal(
        pd.read_csv(BytesIO(base64.b64decode(saved)), keep_default_na=False),
        picture.table,
        check_dtype=False,
    )
    assert "<summary" in html
    assert "The same as a table</summary>" in html
    image = re.search(r"data:image/svg\+xml;base64,([^\"]*)", html).group(1)
    assert base64.b64decode(image) == picture.svg()
    assert repr(picture).splitlines()[:2] == [picture.title, picture.alt]
    assert "<details>" not in picture.html(table=False)
    assert "<figcaption" not in picture.html(sentence=False)
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


WRONG = [
    None, [], (), {}, 5, True, "nonsense", ["nonsense"], ("a", "b"), float("nan"),
    pd.DataFrame({"a": [1]}), pd.DataFrame(),
]  # fmt: skip
RIGHT = {
    "left": reading.opa(),
    "right": reading.aap(),
    "crosswalk": ("opa_2005", "opa_2007"),
    "events": "Gwent",
    "statements": hd.facts(theme="disclosure"),
}


@pytest.mark.parametrize("name", sorted(set(pictures.__all__) - {"Picture"}))
def test_what_nobody_can_draw_is_refused_in_a_sentence(name):
    draw = getattr(pictures, name)
    parameters = inspect.signature(draw).parameters
    needed = {
        key: RIGHT.get(key, reading.opa())
        for key, one in parameters.items()
        if one.default is one.empty
    }
    for key in parameters:
        for wrong in WRONG:
            try:
                drawn = draw(**{**needed, key: wrong})
            except HmcpsiError as error:
                drawn = str(error)
            assert isinstance(drawn, pictures.Picture | str), (key, wrong)
            assert str(drawn), (key, wrong)
