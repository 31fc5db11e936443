"""Pictures: a table goes in, a figure with its words and its table comes out.

Each function returns a `Picture`, which shows itself in a notebook and saves itself. Colours say
nothing that words do not say as well.
"""

from importlib.util import find_spec

for _name in ("matplotlib", "afcharts"):
    if find_spec(_name) is None:
        _told = f'Pictures need {_name}, which pip install "hmcpsi_data[notebooks]" installs.'
        raise ImportError(_told, name=_name)

# ruff: noqa: E402 (what is missing is said before it is missed)
from hmcpsi_data.pictures.counts import distribution_strips, theme_matrix, unit_strips
from hmcpsi_data.pictures.links import crosswalk_picture, interval_picture, lineage_picture
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.tiles import area_map, paired_matrix, tile_matrix

__all__ = [
    "Picture", "area_map", "crosswalk_picture", "distribution_strips", "interval_picture",
    "lineage_picture", "paired_matrix", "theme_matrix", "tile_matrix", "unit_strips",
]  # fmt: skip
