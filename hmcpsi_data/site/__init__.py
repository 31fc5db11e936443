"""The record as a site of plain files: it works from a disk, an attachment or any web server.

The pages are the notebooks without their code, a page for each Area and theme, and two tables with
search, filters and CSV. Nothing is asked of any other place: styles, pictures, script and data come
along.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data import show
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.formats import ATTRIBUTION
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.ratings import areas, ratings
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.changes import data_version
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.writing import new_folder
from hmcpsi_data.words import BASES, KINDS, SPEAKERS, TIERS

__all__ = ["build"]

_HERE = Path(__file__).parent
# column of the frame: its heading, and whether it is a filter
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


def build(folder: str | os.PathLike[str], record: RecordLike = None) -> Path:
    """Build the site into a new folder, as a whole or not at all.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, is empty, or holds a site that this function built.
    record : Record or path, optional
        A record of your own.

    Returns
    -------
    pathlib.Path
        The page to open first.

    Raises
    ------
    HmcpsiError
        Where nbconvert is missing, the folder holds something else, or it cannot be written.
    """
    try:
        import jinja2
        import nbconvert  # noqa: F401 - asked for here, so that a sentence comes first
    except ImportError:
        raise HmcpsiError(
            'The site needs nbconvert, which pip install "hmcpsi_data[notebooks]" installs.'
        ) from None
    opened = as_record(record)
    template = jinja2.Environment(autoescape=True).from_string(
        (_HERE / "page.html.j2").read_text(encoding="utf-8")
    )
    with new_folder(folder, "site", marker="tables.js") as (part, target):
        for name in ("site.css", "tables.js"):
            shutil.copyfile(_HERE / name, part / name)
        for place, page in _pages(opened):
            path = part / place
            path.parent.mkdir(exist_ok=True)
            text = template.render(
                page,
                up="../" * place.count("/"),
                here=place,
                attribution=ATTRIBUTION,
                version=data_version(opened),
            )
            path.write_text(text, encoding="utf-8", newline="\n")
        (part / "data.js").write_text(_data(opened), encoding="utf-8", newline="\n")
    return target / "index.html"


def _pages(record: Record) -> Iterator[tuple[str, dict[str, Any]]]:
    """The place of each page and what stands on it."""
    articles = list(_articles())
    for place, title, body in articles:
        yield place, {"title": title, "body": body, "style": _NOTEBOOK}
    listed = [(place, title) for place, title, _ in articles[1:]]
    yield "articles.html", _listing("Articles", listed, "Each asks one question and answers it.")

    known = areas(record=record)
    known = known[known["n_inspections"].gt(0)].sort_values("area")
    of_areas = []
    for area_id, name, since in known[["area_id", "area", "valid_from"]].itertuples(index=False):
        page = show.area(area_id, record=record)
        place = f"areas/{area_id}.html"
        of_areas.append((place, f"{name} (since {since[:4]})"))
        yield place, {"title": name, "body": page.body, "style": page.style}
    words = "Everything on record about one Area, on a page. An Area without a page was not found."
    yield "areas.html", _listing("Areas", of_areas, words)

    of_themes = []
    for theme_id, title in record.table("themes")[["theme_id", "title"]].itertuples(index=False):
        shown = show.evidence(theme_id, record=record)
        place = f"themes/{theme_id}.html"
        of_themes.append((place, title))
        body = f"<h1>{html.escape(title)}</h1>{shown._repr_html_()}"
        yield place, {"title": title, "body": body}
    words = "The themes, and what is linked to them, are this project's own grouping."
    yield "themes.html", _listing("Themes", of_themes, words)

    scripts = {"scripts": ["data.js", "tables.js"]}
    for name, title in (("ratings", "Ratings"), ("actions", "Issues and recommendations")):
        body = (
            f"<h1>{title}</h1><p>{_CAVEATS[name]}</p>"
            f'<div data-table="{name}"><p>The table needs a browser with JavaScript; '
            f'the <a href="areas.html">pages of the Areas</a> hold the same.</p></div>'
        )
        yield f"{name}.html", {"title": title, "body": body, **scripts}
    yield "method.html", {"title": "How it works", "body": _documentation()}


_CAVEATS = {
    "ratings": "A rating belongs to its framework; ratings of two frameworks are no trend. "
    "What is missing is not Poor.",
    "actions": "What inspectors asked for, and what came of it. Progress is not quality, and "
    "whether promises were kept is mostly not in these sources.",
}
_NOTEBOOK = """
.jp-Cell { margin: 1rem 0; } .jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser { display: none; }
.jp-OutputArea-output { overflow-x: auto; } .anchor-link { display: none; }
"""


def _articles() -> Iterator[tuple[str, str, str]]:
    """The notebooks without their code: place, title and body, the start page first."""
    from nbconvert import HTMLExporter

    inside = _HERE.parent / "notebooks"
    folder = inside if inside.is_dir() else _HERE.parent.parent / "notebooks"
    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_output_prompt=True, mathjax_url=""
    )
    for path in sorted(folder.glob("[0-9]*.ipynb")):
        body, _ = exporter.from_filename(str(path))
        body = re.sub(
            r'href="([0-9]{2}-[a-z0-9-]+)\.ipynb', lambda m: f'href="{_page_of(m[1])}', body
        )
        body = re.sub(r'href="\.\./([A-Za-z/.-]+)(#[^"]*)?"', 'href="method.html"', body)
        title = re.search(r"<h1[^>]*>(.*?)<", body, re.DOTALL)
        words = html.unescape(title[1]).strip() if title else path.stem
        yield _page_of(path.stem), words, body


def _page_of(stem: str) -> str:
    return "index.html" if stem.startswith("00-") else f"{stem}.html"


def _listing(title: str, links: list[tuple[str, str]], words: str) -> dict[str, Any]:
    rows = "".join(
        f'<li><a href="{html.escape(place)}">{html.escape(text)}</a></li>' for place, text in links
    )
    body = f'<h1>{title}</h1><p>{html.escape(words)}</p><ul class="columns">{rows}</ul>'
    return {"title": title, "body": body}


def _documentation() -> str:
    """The pages of docs/ in one, as the sdist and a checkout carry them."""
    import mistune

    inside = _HERE.parent / "docs"
    folder = inside if inside.is_dir() else _HERE.parent.parent / "docs"
    pages = sorted(folder.glob("*.md")) if folder.is_dir() else []
    if not pages:
        return "<h1>How it works</h1><p>The documentation stands in the repository.</p>"
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in pages)
    text = re.sub(r"(?m)^#", "##", text)
    text = re.sub(
        r"\(\.\./notebooks/([0-9]{2}-[a-z0-9-]+)\.ipynb\)", lambda m: f"({_page_of(m[1])})", text
    )
    text = re.sub(r"\[([^\]]+)\]\(\.\./[^)]*\)", r"\1", text)  # files of the repository
    return f"<h1>How it works</h1>{mistune.html(text)}"


def _data(record: Record) -> str:
    """The two tables as one JSON that the pages bring along."""
    rated = ratings(record=record)
    rated = rated.assign(
        rating=rated["rating"].fillna(rated["missing"].str.replace("_", " ")),
        date=rated["fieldwork"].fillna(rated["published"]),
        source=citations(rated, record=record),
        address=addresses(rated, record=record),
    )
    asked = actions(record=record)
    asked = asked.assign(
        kind=asked["kind"].map(KINDS),
        source=citations(asked, record=record),
        address=addresses(asked, record=record),
    )
    tables = {
        "ratings": _table(_in_words(rated), _RATINGS, "Ratings"),
        "actions": _table(_in_words(asked), _ACTIONS, "Issues and recommendations"),
    }
    # "<" is written so that no cell can end the script that holds it
    return f"window.HMCPSI = {json.dumps(tables, ensure_ascii=False)};\n".replace("<", "\\u003c")


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Codes as readers know them."""
    codes = {"speaker": SPEAKERS, "tier": TIERS, "basis": BASES}
    return frame.assign(
        **{name: frame[name].map(words) for name, words in codes.items() if name in frame}
    )


def _table(frame: pd.DataFrame, columns: dict[str, tuple[str, bool]], title: str) -> dict[str, Any]:
    names = [*columns, "address"]
    described: list[dict[str, Any]] = [
        {"name": name, "label": label, "filter": is_filter}
        for name, (label, is_filter) in columns.items()
    ]
    described[-1]["link"] = "address"
    described.append({"name": "address", "label": "Address", "filter": False, "hidden": True})
    rows = frame[names].astype(object).map(lambda cell: None if pd.isna(cell) else str(cell))
    return {"title": title, "columns": described, "rows": rows.to_numpy().tolist()}
