"""The record as a site of plain files: it works from a disk, an attachment or any web server.

The notebooks without their code, a page for each Area and theme, and two tables with search,
filters and CSV. Nothing is asked of any other place: styles, pictures, script and data come along.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from html import escape, unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data import show
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.filters import searched
from hmcpsi_data.record.ratings import areas, ratings
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.changes import data_version
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.writing import new_folder
from hmcpsi_data.words import BASES, KINDS, SPEAKERS, TIERS

__all__ = ["build"]

_HERE = Path(__file__).parent
# column: its heading, and whether it is a filter
_RATINGS = {
    "area": ("Area", True),
    "rating": ("Rating", True),
    "aspect": ("What is rated", False),
    "framework": ("Framework", True),
    "round": ("Round", True),
    "level": ("Level", True),
    "date": ("Date", False),
    "speaker": ("In whose words", True),
    "tier": ("Published by", True),
    "basis": ("Basis", True),
    "says_otherwise": ("Another source says", False),
    "source": ("Source", False),
}
_ACTIONS = {
    "area": ("Area", True),
    "kind": ("Kind", True),
    "topic": ("What was asked", False),
    "theme": ("Theme", True),
    "framework": ("Framework", True),
    "round": ("Round", True),
    "progress": ("Progress", True),
    "answer": ("Answer of the CPS", False),
    "tier": ("Published by", True),
    "source": ("Source", False),
}
_WORDS = {"kind": KINDS, "speaker": SPEAKERS, "tier": TIERS, "basis": BASES}
# each table: its title, and what to bear in mind
_TREND = "A rating belongs to its framework: ratings of two are no trend. Missing is not Poor."
_PROGRESS = "Progress is not quality. Whether promises were kept is mostly not in these sources."
_TABLES = {"ratings": ("Ratings", _TREND), "actions": ("Issues and recommendations", _PROGRESS)}
_AREAS = "Everything on record about one Area. An Area without a page has no inspection here."
_THEMES = "The themes, and what is linked to them, are this project's own grouping."
_LISTS = {
    "articles.html": ("Articles", "Each asks one question and answers it."),
    "areas.html": ("Areas", _AREAS),
    "themes.html": ("Themes", _THEMES),
}
_NOTEBOOK = """
.jp-Cell { margin: 1rem 0; } .jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser { display: none; }
.jp-OutputArea-output { overflow-x: auto; } .anchor-link { display: none; }
"""


def build(folder: str | os.PathLike[str], record: RecordLike = None) -> Path:
    """Build the site into a new folder, all or nothing, and return the page to open first.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, is empty, or holds a site that this function built.
    record : Record or path, optional
        A record of your own.
    """
    if find_spec("nbconvert") is None:
        raise HmcpsiError(
            'The site needs nbconvert, which pip install "hmcpsi_data[notebooks]" installs.'
        )
    import jinja2

    opened = as_record(record)
    source = (_HERE / "page.html.j2").read_text(encoding="utf-8")
    template = jinja2.Environment(autoescape=True).from_string(source)
    template.globals.update(attribution=package()["attribution"], version=data_version(opened))
    with new_folder(folder, "site", marker="tables.js") as (part, target):
        for name in ("site.css", "tables.js", "figures.js"):
            shutil.copyfile(_HERE / name, part / name)
        for place, title, body, more in _pages(opened):
            path, up = part / place, "../" * place.count("/")
            path.parent.mkdir(exist_ok=True)
            text = template.render(title=title, body=body, here=place, up=up, **more)
            path.write_text(text, encoding="utf-8", newline="\n")
        (part / "data.js").write_text(_data(opened), encoding="utf-8", newline="\n")
    return target / "index.html"


def _pages(record: Record) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """The place, title and body of each page, and what else its template takes."""
    lists: dict[str, list[tuple[str, str]]] = {place: [] for place in _LISTS}
    for place, title, body in _articles():
        lists["articles.html"].append((place, title))
        yield place, title, body, {"style": _NOTEBOOK}
    known = areas(record=record)
    known = known[known["n_inspections"].gt(0)].sort_values("area")
    since = " (since " + known["valid_from"].str[:4] + ")"  # of a unit that is no Area: not known
    known["entry"] = known["area"] + since.where(known["kind"].eq("area"), "")
    for area_id, name, entry in known[["area_id", "area", "entry"]].itertuples(index=False):
        page, place = show.area(area_id, record=record), f"areas/{area_id}.html"
        lists["areas.html"].append((place, entry))
        yield place, name, page.body, {"style": page.style}
    for theme_id, title in record.table("themes")[["theme_id", "title"]].itertuples(index=False):
        place, shown = f"themes/{theme_id}.html", show.evidence(theme_id, record=record)
        lists["themes.html"].append((place, title))
        yield place, title, f"<h1>{escape(title)}</h1>{shown.html()}", {}
    for place, (title, words) in _LISTS.items():
        rows = (
            f'<li><a href="{escape(to)}">{escape(text)}</a></li>'
            for to, text in lists[place]
            if to != "index.html"
        )
        body = f'<h1>{title}</h1><p>{escape(words)}</p><ul class="columns">{"".join(rows)}</ul>'
        yield place, title, body, {}
    for name, (title, words) in _TABLES.items():
        body = (
            f'<h1>{title}</h1><p>{words}</p><div data-table="{name}"><p>The table needs a browser '
            'with JavaScript; the <a href="areas.html">pages of the Areas</a> hold the same.</p>'
            "</div>"
        )
        yield f"{name}.html", title, body, {"scripts": ["data.js", "tables.js"]}
    yield "method.html", "How it works", _documentation(), {}


def _files(name: str, pattern: str) -> list[Path]:
    """What a folder of the wheel holds, or else of the checkout."""
    inside = _HERE.parent / name
    return sorted((inside if inside.is_dir() else _HERE.parent.parent / name).glob(pattern))


def _page_of(stem: str) -> str:
    return "index.html" if stem.startswith("00-") else f"{stem}.html"


def _articles() -> Iterator[tuple[str, str, str]]:
    """The notebooks without their code: place, title and body, the start page first."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_output_prompt=True, mathjax_url=""
    )
    for path in _files("notebooks", "[0-9]*.ipynb"):
        body, _ = exporter.from_filename(str(path))
        body = re.sub(
            r'href="([0-9]{2}-[a-z0-9-]+)\.ipynb', lambda m: f'href="{_page_of(m[1])}', body
        )
        body = re.sub(r'href="\.\./([A-Za-z/.-]+)(#[^"]*)?"', 'href="method.html"', body)
        how_to_run = r"<p>(?:<em>)?You can read this page as it is\..*?</p>"  # a site runs nothing
        body = re.sub(how_to_run, "", body, flags=re.DOTALL)
        title = re.search(r"<h1[^>]*>(.*?)<", body, re.DOTALL)
        yield _page_of(path.stem), unescape(title[1]).strip() if title else path.stem, body


def _documentation() -> str:
    """The pages of docs/ in one."""
    import mistune

    text = "\n\n".join(path.read_text(encoding="utf-8") for path in _files("docs", "*.md"))
    text = text or "The documentation stands in the repository."
    text = re.sub(r"(?m)^#", "##", text)
    text = re.sub(
        r"\(\.\./notebooks/([0-9]{2}-[a-z0-9-]+)\.ipynb\)", lambda m: f"({_page_of(m[1])})", text
    )
    text = re.sub(r"\[([^\]]+)\]\(\.\./[^)]*\)", r"\1", text)  # files of the repository
    return f"<h1>How it works</h1>{mistune.html(text)}"


def _data(record: Record) -> str:
    """The two tables as one JSON that the pages bring along."""
    rated, asked = ratings(record=record), actions(record=record)
    # a search finds here what it finds in Python
    texts = {"ratings": searched(rated, record), "actions": searched(asked, record)}
    rated["rating"] = rated["rating"].fillna(rated["missing"].str.replace("_", " "))
    rated["date"] = rated["fieldwork"].fillna(rated["published"])
    tables = {}
    for name, frame, columns in (("ratings", rated, _RATINGS), ("actions", asked, _ACTIONS)):
        described = [
            # ratings of two frameworks have no common order
            {"name": column, "label": label, "filter": is_filter, "sorts": column != "rating"}
            for column, (label, is_filter) in columns.items()
        ]
        described[-1]["link"] = "address"
        described.append({"name": "address", "label": "Address", "filter": False, "hidden": True})
        frame = frame.assign(
            source=citations(frame, record=record), address=addresses(frame, record=record)
        )
        coded = {column: frame[column].map(_WORDS[column]) for column in _WORDS.keys() & {*columns}}
        cells = frame.assign(**coded)[[*columns, "address"]].astype(object)
        rows = [
            [None if pd.isna(cell) else str(cell) for cell in row]
            for row in cells.itertuples(index=False, name=None)
        ]
        about = {"title": _TABLES[name][0], "texts": texts[name].tolist()}
        tables[name] = about | {"columns": described, "rows": rows}
    # "<" is written so that no cell can end the script that holds it
    text = json.dumps(tables, ensure_ascii=False, allow_nan=False)
    return f"window.HMCPSI = {text};\n".replace("<", "\\u003c")
