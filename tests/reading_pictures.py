"""Reading pictures by what is drawn, not by their pixels; and frames invented for them."""

import warnings

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.text import Text

import hmcpsi_data as hd

HOSTILE = (
    """<script>alert("x")</script> & 'q' $\\alpha_2$ \x00 ]]> \u05d0\u05d1\u05d2 \u202e """
    """=SUM(A1)\nbreak: no break 你""" + "Longword" * 30
)
MISSING = ["not_rated", "not_found", "not_in_framework", "not_applicable"]


class Seen:
    def __init__(self, picture):
        self.figure = picture.figure()

    def named(self, start):
        return [a for a in self.figure.findobj() if str(a.get_label()).startswith(start)]

    def names(self, start):
        return [artist.get_label() for artist in self.named(start)]

    def texts(self, name=""):
        found = self.figure.findobj(Text)
        return [t.get_text() for t in found if not name or t.get_label() == name]

    def markers(self):
        lines = self.figure.findobj(Line2D)
        return [line for line in lines if line.get_marker() not in ("None", None)]

    def faults(self):
        """What is cut off, what lies on something else, and which word is not inside its tile."""
        canvas = FigureCanvasAgg(self.figure)
        renderer = canvas.get_renderer()
        found = [text for text in self.figure.findobj(Text) if text.get_text()]
        told, tiles = [text.get_text() for text in found], self.named("tile ")
        with warnings.catch_warnings(), mpl.rc_context({"text.hinting": "no_hinting"}):
            warnings.simplefilter("ignore")  # as pictures are drawn
            texts = np.array([text.get_window_extent(renderer).extents for text in found])
        boxes = [tile.get_path().get_extents(tile.get_transform()).extents for tile in tiles]
        boxes = np.array(boxes).reshape(-1, 4)
        cut = ~_inside(texts, np.array([[0, 0, *canvas.get_width_height()]]))[:, 0]
        words = np.array([text.get_label().startswith("word ") for text in found], dtype=bool)
        dots = [
            (a.get_transform().transform(a.get_xydata())[0], a.get_markersize() * 96 / 144)
            for a in self.markers()
        ]
        signs = np.array([(*(at - h), *(at + h)) for at, h in dots]).reshape(-1, 4)
        faults = {
            "cut off": cut,
            "not in a tile": words & ~_inside(texts, boxes).any(axis=1),
            "on a tile": ~words & _overlap(texts, boxes).any(axis=1),
            "on a marker": _overlap(texts, signs).any(axis=1),
        }
        for fault, which in faults.items():
            yield from (f"{fault}: {told[n]}" for n in np.flatnonzero(which))
        for of, places in ((told, texts), (tiles, boxes)):
            for one, other in np.argwhere(np.triu(_overlap(places, places), 1)):
                yield f"on each other: {of[one]}, {of[other]}"


def _inside(inner, outer):
    """Whether each box lies in each other one; a box is left, bottom, right, top."""
    a, b = inner[:, None], outer[None]
    low = (a[..., :2] >= b[..., :2] - 0.5).all(axis=-1)
    return low & (a[..., 2:] <= b[..., 2:] + 0.5).all(axis=-1)


def _overlap(one, other):
    a, b = one[:, None], other[None]
    common = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    return (common > 0.75).all(axis=-1)


def colour(artist):
    return to_hex(artist.get_facecolor()).upper()


def opa():
    return hd.ratings("Leicestershire", framework="opa_2005")


def aap():
    return hd.ratings("East Midlands", framework="aap_2016")


def invented(n):
    """Ratings of so many Areas that never were; in the first of them each kind of missing once."""
    areas = [
        opa().assign(area=f"Woldshire {k}", area_id=f"area_{k}", inspection_id=f"invented_{k}")
        for k in range(n)
    ]
    areas[0].loc[[1, 2, 3, 4], ["rating", "missing"]] = [[pd.NA, kind] for kind in MISSING]
    return pd.concat(areas, ignore_index=True)


def invented_crosswalk(label=None, more=()):
    """A small crosswalk between two invented sets, with every kind of row."""
    rows = [
        ("a", "x", "mapped", "equal"), ("b", "y", "mapped", "source_within_target"),
        ("c", "y", "mapped", "source_contains_target"), ("c", "z", "mapped", "overlaps"),
        ("c", None, "remainder", None), ("d", None, "no_counterpart", None),
        (None, "w", "no_counterpart", None), ("e", "z", "mapped", "undetermined"),
    ]  # fmt: skip
    columns = ["source_aspect_id", "target_aspect_id", "status", "relation"]
    frame = pd.DataFrame([*rows, *more], columns=columns, dtype="string")
    frame = frame.assign(source_set="invented_old", target_set="invented_new", confidence="low")
    aspects = pd.DataFrame({"aspect_id": list("abcdefwxyz")})
    aspects["set_id"] = ["invented_old"] * 6 + ["invented_new"] * 4
    aspects["label"] = label or "Aspect " + aspects["aspect_id"] + " <i>"
    used = {*frame["source_aspect_id"], *frame["target_aspect_id"]}
    return hd.Crosswalk(frame, aspects[aspects["aspect_id"].isin(used)])


def invented_comparison():
    """What `compare` might return, with every verdict."""
    columns = "target_aspect_id target observed worst best lower_median upper_median n_links open"
    rows = [
        ("a", "Head", "Good", "Good", "Good", "Good", "Good", 1, True, "inside the old range"),
        ("b", "Resources", "Fair", "Good", "Excellent", "Good", "Excellent", 2, False, "below it"),
        ("c", "Reviews", "Excellent", "Poor", "Good", "Fair", "Good", 3, True, "above it"),
        ("d", "Letters", "Poor", None, None, None, None, 0, False, "no old counterpart"),
        ("e", "Data", None, None, None, None, None, 1, True, "old rating not known"),
        ("f", "Costs", None, "Fair", "Fair", "Fair", "Fair", 1, False, None),
    ]  # fmt: skip
    more = {"relation": "overlaps", "confidence": "low", "known_predecessors": "1 of 5",
            "origin": "translated", "caveat": "Invented for a test; <b>no</b> trend."}  # fmt: skip
    return pd.DataFrame(rows, columns=[*columns.split(), "verdict"]).assign(**more)
