"""Pictures: a table goes in, a figure with its words and its table comes out.

Each function returns a `Picture`. It shows itself in a notebook as an image with a text
alternative, its words, and the same content as a table; ``picture.svg()`` and ``picture.png()``
give the files. Nothing here uses pyplot or changes a setting of matplotlib for others.

- `tile_matrix`: ratings of one framework, the word in each tile
- `paired_matrix`: two frameworks side by side, split by a labelled break
- `unit_strips`: a square for each aspect, or for each action by its progress
- `theme_matrix`: themes by round, a marker for each kind of evidence
- `crosswalk_picture`: what became of the aspects of an old set
- `interval_picture`: translated old ratings beside the new ones
- `lineage_picture`: the Areas through time
- `area_map`: a tile for each Area of England and Wales with its word, or "not found"
- `distribution_strips`: published distributions, with bounds where only bounds follow
- `path_picture`: one Area from inspection to inspection, with its breaks

Colours say nothing that words do not say as well. Matplotlib and afcharts come with
``pip install "hmcpsi_data[notebooks]"``.
"""

# ruff: noqa: E402 (what is missing is said before it is missed)
from hmcpsi_data.extras import require

require("Pictures", "notebooks", "matplotlib", "afcharts")

from hmcpsi_data.pictures.distributions import distribution_strips
from hmcpsi_data.pictures.intervals import interval_picture
from hmcpsi_data.pictures.lineage import lineage_picture
from hmcpsi_data.pictures.links import crosswalk_picture
from hmcpsi_data.pictures.maps import area_map
from hmcpsi_data.pictures.matrix import paired_matrix, tile_matrix
from hmcpsi_data.pictures.paths import path_picture
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.strips import unit_strips
from hmcpsi_data.pictures.themes import theme_evidence, theme_matrix

__all__ = [
    "Picture",
    "area_map",
    "crosswalk_picture",
    "distribution_strips",
    "interval_picture",
    "lineage_picture",
    "paired_matrix",
    "path_picture",
    "theme_evidence",
    "theme_matrix",
    "tile_matrix",
    "unit_strips",
]
