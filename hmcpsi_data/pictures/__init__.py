"""Pictures: a table goes in, a figure with its words and its table comes out.

Each function takes a table (or names, for the rows of the record) and returns a `Picture`. It shows
itself in a notebook as an image with a text alternative, one sentence, and the same content as a
table; ``picture.svg()`` and ``picture.png()`` give the files. Nothing here uses pyplot or changes a
setting of matplotlib for others.

- `tile_matrix`: ratings of one framework, the word in each tile
- `paired_matrix`: two frameworks side by side, split by a labelled break
- `unit_strips`: a square for each aspect, each action by its progress, each promise by its state
- `distribution_strips`: published distributions, with bounds where only bounds follow
- `crosswalk_picture`: what became of the aspects of an old set
- `interval_picture`: translated old ratings beside the new ones
- `timeline_picture`: one Area from inspection to inspection, with its breaks
- `lineage_picture`: the Areas through time
- `theme_matrix`: themes by round, a marker for each kind of evidence
- `four_rounds`: what was said of each theme in each round, word by word
- `area_map`: a tile for each Area of England and Wales with its word, or "not found"

Colours say nothing that words do not say as well. Matplotlib and afcharts come with
``pip install "hmcpsi_data[notebooks]"``.
"""

from importlib.util import find_spec

for _name in ("matplotlib", "afcharts"):
    if find_spec(_name) is None:
        raise ImportError(
            f'Pictures need {_name}, which pip install "hmcpsi_data[notebooks]" installs.',
            name=_name,
        )

# ruff: noqa: E402 (what is missing is said before it is missed)
from hmcpsi_data.pictures.breaks import interval_picture, timeline_picture
from hmcpsi_data.pictures.links import crosswalk_picture, lineage_picture
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.rounds import four_rounds, theme_matrix
from hmcpsi_data.pictures.strips import distribution_strips, unit_strips
from hmcpsi_data.pictures.tiles import area_map, paired_matrix, tile_matrix

__all__ = [
    "Picture", "area_map", "crosswalk_picture", "distribution_strips", "four_rounds",
    "interval_picture", "lineage_picture", "paired_matrix", "theme_matrix", "tile_matrix",
    "timeline_picture", "unit_strips",
]  # fmt: skip
