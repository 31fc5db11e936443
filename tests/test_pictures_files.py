"""What all pictures share: nothing is cut, files and HTML, and nothing outside changes."""

import base64
import gc
import hashlib
import os
import re
import subprocess
import sys
import weakref
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from reading_pictures import (
    LABELS,
    aap,
    count,
    invented,
    invented_comparison,
    invented_crosswalk,
    layout_faults,
    old_areas,
    opa,
    texts,
)

import hmcpsi_data as hd
from hmcpsi_data.pictures import (
    Picture,
    crosswalk_picture,
    interval_picture,
    lineage_picture,
    paired_matrix,
    theme_evidence,
    theme_matrix,
    tile_matrix,
    unit_strips,
)
from hmcpsi_data.pictures.letters import Letters
from hmcpsi_data.pictures.page import Page

HOSTILE = """<script>alert("x")</script> & 'q' $\\alpha_2$ \x00 ]]> 你""" + "Longword" * 30


def lineage(area=None, **how):
    return lineage_picture(hd.load("areas"), hd.load("area_lineage"), area, **how)


PICTURES = {
    "one Area": lambda: tile_matrix(opa()),
    "two levels": lambda: tile_matrix(aap()),
    "no ratings": lambda: tile_matrix(hd.ratings("South West", framework="aip_2021")),
    "four Areas": lambda: tile_matrix(invented(opa(), old_areas()[:4])),
    "14 Areas, sections": lambda: tile_matrix(invented(aap().head(4), old_areas()[:14])),
    "14 Areas, two levels": lambda: tile_matrix(invented(aap(), old_areas()[:14])),
    "42 Areas, one rating": lambda: tile_matrix(invented(opa().head(1), old_areas())),
    "42 Areas": lambda: tile_matrix(invented(opa(), old_areas())),
    "hostile": lambda: tile_matrix(opa().assign(label=HOSTILE, area=HOSTILE, rating=HOSTILE)),
    "strips": lambda: unit_strips(hd.ratings()),
    "progress": lambda: unit_strips(hd.load("actions")),
    "strips of 42 Areas": lambda: unit_strips({"all": invented(opa(), old_areas())}),
    "paired": lambda: paired_matrix(opa(), aap()),
    "paired, many": lambda: paired_matrix(
        invented(opa(), old_areas()[:3]), invented(aap(), ["East Midlands", "Wessex"])
    ),
    "paired, a crowd": lambda: paired_matrix(invented(opa(), old_areas()[:14]), aap()),
    "themes": theme_matrix,
    "one theme": lambda: theme_matrix(theme_evidence("disclosure")),
    "crosswalk": lambda: crosswalk_picture(invented_crosswalk(), labels=LABELS, aspect="c"),
    "intervals": lambda: interval_picture(invented_comparison()),
    "lineage": lambda: lineage("Wiltshire"),
    "one family": lambda: lineage("East Midlands", whole=False),
    "no theme": lambda: theme_matrix(theme_evidence([])),
    "no crosswalk": lambda: crosswalk_picture(hd.load("crosswalk").head(0)),
    "no comparison": lambda: interval_picture(invented_comparison().head(0)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_cut_and_nothing_lies_on_something_else(name):
    picture = PICTURES[name]()
    assert not list(layout_faults(picture))
    assert picture.figure.get_figwidth() * 96 <= 900
    assert all(text.size >= 12 for text in picture.figure.findobj(Letters))  # 9 points
    assert picture.svg() == PICTURES[name]().svg()
    assert picture.png().startswith(b"\x89PNG")
    assert "<table" in picture.html()
    assert mpl.rcParams["svg.fonttype"] == "path"


def test_letters_take_the_room_that_was_measured():
    page = Page("", "", "", body=60, width=400)
    page.text(30, page.top + 30, "Handling sensitive cases, jab", 14)
    (text,) = page.figure.findobj(Letters)
    canvas = FigureCanvasAgg(page.figure)
    canvas.draw()
    dark = np.argwhere(np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2) < 128)
    box = text.get_window_extent()
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0)
    assert box.x0 <= left <= box.x0 + 3
    assert box.x1 - 3 <= right <= box.x1
    assert canvas.get_width_height()[1] - box.y1 <= top
    assert bottom <= canvas.get_width_height()[1] - box.y0


def test_the_svg_keeps_its_text_and_is_the_same_each_time_and_in_each_process():
    picture = tile_matrix(opa())
    svg = picture.svg()
    assert svg == picture.svg() == tile_matrix(opa()).svg()
    written = [element.text for element in ElementTree.fromstring(svg).iter() if element.text]
    assert count(written)["Good"] == 7
    assert picture.words in written
    assert b"<dc:date>" not in svg
    code = (
        "import hashlib, sys, hmcpsi_data as hd; from hmcpsi_data.pictures import tile_matrix;"
        "svg = tile_matrix(hd.ratings('Leicestershire', framework='opa_2005')).svg();"
        "print(hashlib.sha256(svg).hexdigest(), 'matplotlib.pyplot' in sys.modules)"
    )
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout.split() == [hashlib.sha256(svg).hexdigest(), "False"], done.stderr


def test_a_png_is_as_wide_on_the_screen_as_the_page_and_says_what_it_shows():
    picture = unit_strips(opa())
    png = picture.png()
    assert int.from_bytes(png[16:20], "big") == 900
    assert picture.title.encode() in png
    assert int.from_bytes(picture.png(dpi=192)[16:20], "big") == 1800


def test_the_style_of_a_reader_neither_changes_a_picture_nor_is_changed():
    before = tile_matrix(opa())
    files = before.svg(), before.png()
    theirs = {"text.color": "red", "savefig.bbox": "tight", "figure.facecolor": "black",
              "svg.fonttype": "path", "patch.linewidth": 9, "path.sketch": (9, 9, 9)}  # fmt: skip
    with mpl.rc_context(theirs):
        kept = dict(mpl.rcParams)
        again = tile_matrix(opa())
        assert (again.svg(), again.png()) == files
        assert dict(mpl.rcParams) == kept


def test_a_notebook_gets_an_image_with_alt_its_words_and_its_table():
    picture = tile_matrix(opa())
    html = picture._repr_html_()
    alt = re.search(r'alt="([^"]*)"', html).group(1)
    assert alt == f"{picture.title}. {picture.words}"
    assert "Poor 1, Fair 4, Good 7, Excellent 2 of 14 aspects" in alt
    assert f'<figcaption style="padding:4px 0">{picture.words}</figcaption>' in html
    assert html.count("<tr>") == 16
    image = re.search(r"data:image/svg\+xml;base64,([^\"]*)", html).group(1)
    assert base64.b64decode(image) == picture.svg()
    assert "<details>" not in picture.html(table=False)
    assert 'src="data:image/png;base64,' in picture.html("png")


def test_as_text_a_picture_is_its_title_its_words_and_its_table():
    told = repr(tile_matrix(aap()))
    assert told.splitlines()[:2] == [tile_matrix(aap()).title, tile_matrix(aap()).words]
    assert "Communication with victims" in told
    assert " at 0x" not in told


@pytest.mark.parametrize("draw", [tile_matrix, unit_strips])
def test_text_from_data_is_only_text(draw):
    frame = opa().assign(label=HOSTILE, area=HOSTILE, framework=HOSTILE, rating=HOSTILE)
    picture = draw(frame)
    html = picture.html("svg")
    assert "<script" not in html.split("base64,")[0] + html.split('" alt=', 1)[1]
    assert "$\\alpha_2$" in " ".join(texts(picture))
    tree = ElementTree.fromstring(picture.svg())
    assert not [element for element in tree.iter() if element.tag.endswith("script")]
    assert picture.png().startswith(b"\x89PNG")
    assert isinstance(repr(picture), str)


def test_drawing_leaves_the_table_as_it_was():
    frame = opa()
    before = frame.copy()
    tile_matrix(frame)
    unit_strips(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_a_figure_that_nobody_keeps_is_gone():
    picture = tile_matrix(opa())
    picture.html()
    figure = weakref.ref(picture.figure)
    assert isinstance(picture, Picture)
    del picture
    gc.collect()
    assert figure() is None
