"""Speed of pictures: words and table at once, and the drawing against a bare matplotlib figure.

The bare way puts as many tiles and words on axes and saves them as an inline figure would be, as a
PNG with a tight box. A picture is the SVG that an explorer shows, with everything round it.
"""

from io import BytesIO

from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from run import Result, best

from hmcpsi_data import actions, compare, coverage, ratings
from hmcpsi_data.pictures import (
    area_map,
    crosswalk_picture,
    interval_picture,
    lineage_picture,
    theme_matrix,
    tile_matrix,
    unit_strips,
)

OPA, KNOWN, COMPARED = ratings("Leicestershire", "opa_2005"), coverage("aap_2016"), compare()
PICTURES = {
    "tile matrix": lambda: tile_matrix(OPA),
    "unit strips": lambda: unit_strips(OPA),
    "progress": lambda: unit_strips(actions()),
    "crosswalk": lambda: crosswalk_picture(("opa_2005", "aap_2016_east_midlands")),
    "intervals": lambda: interval_picture(COMPARED),
    "family": lambda: lineage_picture("Leicestershire"),
    "themes": theme_matrix,
    "map": lambda: area_map(KNOWN),
}


def bare(tiles, words):
    """An inline figure of as many tiles and words."""
    figure = Figure(figsize=(9, 6), dpi=96)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    for n in range(max(tiles, words)):
        place = (n % 12 / 12, n // 12 / 40)
        if n < tiles:
            axes.add_patch(Rectangle(place, 0.06, 0.02))
        if n < words:
            axes.text(*place, "Good", fontsize=9)
    figure.savefig(BytesIO(), format="png", bbox_inches="tight")


def run():
    """Each picture against a bare figure of its size."""
    for name, make in PICTURES.items():
        picture = make()
        figure = picture.figure()
        tiles, words = (len(figure.findobj(kind)) for kind in (Patch, Text))
        drawn, plain = best(picture.svg), best(lambda t=tiles, w=words: bare(t, w))
        yield Result(f"{name}, words and table", best(make) / plain, 1)
        yield Result(f"{name}, drawn in {drawn * 1000:.0f} ms", drawn / plain, 0.5)
