"""The record as a site of plain files, which asks nothing of any other place."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from hmcpsi_data import show
from hmcpsi_data.errors import need
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.filters import searched
from hmcpsi_data.record.joins import SEPARATOR
from hmcpsi_data.record.ratings import areas, ratings
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.description import carried, package
from hmcpsi_data.tables.record import Record, RecordLike, as_record, data_version
from hmcpsi_data.tables.writing import new_folder
from hmcpsi_data.words import BASES, HOW_TO_CITE, KINDS, LEVELS, MISSING, SPEAKERS, TIERS

__all__ = ["build"]

_HERE = Path(__file__).parent
_TABLES = {
    "ratings": (
        "Ratings",
        "A rating belongs to its framework: ratings of two are no trend. Missing is not Poor.",
        "area rating aspect framework round level when speaker tier basis says_otherwise source",
    ),
    "actions": (
        "Issues and recommendations",
        "Progress is not quality. Whether promises were kept is mostly not in these sources.",
        "area kind topic theme framework round when progress answer tier source",
    ),
}
_HEADINGS = {
    "aspect": "What is rated",
    "topic": "What was asked",
    "when": "Date",
    "speaker": "In whose words",
    "tier": "Published by",
    "says_otherwise": "Another source says",
    "answer": "Answer of the CPS",
}
_NO_FILTERS = {"aspect", "topic", "when", "says_otherwise", "answer", "source"}
_WORDS = {"kind": KINDS, "level": LEVELS, "speaker": SPEAKERS, "tier": TIERS, "basis": BASES}
# what the script is told of some columns beside heading and filter
_MORE: dict[str, dict[str, Any]] = {
    "rating": {"sorts": False},  # ratings of two frameworks have no common order
    "source": {"link": "address"},
    "theme": {"several": True},
    "when": {"order": "date"},
}
_LISTS = {
    "articles.html": ("Articles", "Each asks one question and answers it."),
    "areas.html": ("Areas", "An Area without a page has no inspection here."),
    "themes.html": ("Themes", "The themes, and what is linked to them, are our own grouping."),
}
# filters that the address of a table may name by identifier: where their words stand
_NAMED = {"area": "name", "framework": "short_title", "theme": "title"}
_NOTEBOOK_LINK = r'href="(?:\.\./notebooks/)?([0-9]{2}-[a-z0-9-]+)\.ipynb'
_NOTEBOOK = ".anchor-link, .prompt { display: none; }"
# how to start a notebook is said on each of its pages, and below what runs
_TO_RUN = re.compile(r"<p>(?:<em>)?You can read this page as it is\..*?Run All Cells\S*</p>")
_AT_REST = (
    "<p>Nothing runs on this site: what is said of filters, choices and cells to open is so in the "
    'notebooks. Here <a href="ratings.html">ratings</a> and <a href="actions.html">issues</a> can '
    "be filtered.</p>"
)


def build(folder: str | os.PathLike[str], record: RecordLike = None) -> Path:
    """Build the site into a new or empty folder or over an older site; give the page to open."""
    need("nbconvert", "The site", "notebooks")
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
        if place != "index.html":
            lists["articles.html"].append((place, title))
        yield place, title, body, {"style": _NOTEBOOK}
    known = areas(record=record)
    known = known[known["n_inspections"].gt(0)].sort_values("area")
    years = known["valid_from"].str[:4], known["valid_to"].str[:4]
    lived = " (" + (years[0] + " to " + years[1]).fillna("since " + years[0]) + ")"
    # of a unit that is no Area it is not known
    known["entry"] = known["area"] + lived.where(known["kind"].eq("area"), "")
    for area_id, name, entry in known[["area_id", "area", "entry"]].itertuples(index=False):
        page, place = show.area(area_id, record=record), f"areas/{area_id}.html"
        lists["areas.html"].append((place, entry))
        yield place, name, page.article, {"style": page.style}
    for theme_id, title in record.table("themes")[["theme_id", "title"]].itertuples(index=False):
        place, shown = f"themes/{theme_id}.html", show.evidence(theme_id, record=record)
        lists["themes.html"].append((place, title))
        yield place, title, f"<h1>{escape(title)}</h1>{shown.html()}", {}
    for place, (title, words) in _LISTS.items():
        rows = "".join(
            f'<li><a href="{escape(to)}">{escape(text)}</a></li>' for to, text in lists[place]
        )
        body = f'<h1>{title}</h1><p>{escape(words)}</p><ul class="columns">{rows}</ul>'
        yield place, title, body, {}
    for name, (title, words, _) in _TABLES.items():
        body = (
            f'<h1>{title}</h1><p>{words}</p><div data-table="{name}"><p>The table needs a browser '
            'with JavaScript; the <a href="areas.html">Areas</a> hold the same.</p></div>'
        )
        yield f"{name}.html", title, body, {"scripts": ["data.js", "tables.js"]}
    yield "method.html", "How it works", _documentation(record), {}


def _page_of(stem: str) -> str:
    return "index.html" if stem.startswith("00-") else f"{stem}.html"


def _articles() -> Iterator[tuple[str, str, str]]:
    """The notebooks without their code: place, title and body, the start page first."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_output_prompt=True, mathjax_url=""
    )
    for path in sorted(carried("notebooks").glob("[0-9]*.ipynb")):
        body, _ = exporter.from_filename(str(path))
        body = re.sub(r' · <a href="\.\./CONTRIBUTING[^>]*>report an error</a>', "", body)
        body = re.sub(r'href="\.\./[A-Za-z/.-]+(#[^"]*)?"', 'href="method.html"', body)
        title, body = _readable(_TO_RUN.sub("", _TO_RUN.sub(_AT_REST, body, count=1)))
        yield _page_of(path.stem), title or path.stem, body


def _readable(body: str) -> tuple[str, str]:
    """Title and text of a page: links lead to pages, tables have no empty head and scroll alone."""
    from bs4 import BeautifulSoup

    body = re.sub(_NOTEBOOK_LINK, lambda found: f'href="{_page_of(found[1])}', body)
    page = BeautifulSoup(body, "html.parser")
    for head in page.find_all(["th", "thead"]):
        if not head.get_text(strip=True):
            head.decompose() if head.name == "thead" else head.replace_with(page.new_tag("td"))
    for n, wide in enumerate(page.find_all("table"), start=1):
        if wide.find_parent(attrs={"role": "region"}) is None:
            label = wide.caption.get_text(" ", strip=True) if wide.caption else f"Table {n}"
            box = {"class": "box", "role": "region", "tabindex": "0", "aria-label": label}
            wide.wrap(page.new_tag("div", attrs=box))
    return next(page.h1.stripped_strings, "") if page.h1 else "", str(page)


def _documentation(record: Record) -> str:
    import mistune

    pages = sorted(carried("docs").glob("*.md"))
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in pages)
    text += f"\n\n# How to cite\n\n{HOW_TO_CITE} The data version is {data_version(record)}."
    text = re.sub(r"(?m)^#", "##", text)
    # other files of the repository
    text = re.sub(r"\[([^\]]+)\]\(\.\./(?!notebooks/)[^)]*\)", r"\1", text)
    return _readable(f"<h1>How it works</h1>{mistune.html(text)}")[1]


def _data(record: Record) -> str:
    rated, asked = ratings(record=record), actions(record=record)
    texts = {"ratings": searched(rated, record), "actions": searched(asked, record)}
    rated["rating"] = rated["rating"].fillna(rated["missing"].map(MISSING))
    for column in ("date", "date_precision", "date_kind"):  # not the date of a promise
        asked[column] = asked[column.replace("date", "asked_on")]
    ids: dict[str, Any] = dict(_WORDS)
    for name, title in _NAMED.items():
        ids[name] = record.table(f"{name}s").set_index(f"{name}_id")[title].to_dict()
    linked = asked["theme_ids"].fillna("").str.split(SEPARATOR)
    asked["theme"] = [SEPARATOR.join(ids["theme"].get(one, "") for one in of) for of in linked]
    tables = {}
    for name, frame in (("ratings", rated), ("actions", asked)):
        title, _, names = _TABLES[name]
        described: list[dict[str, Any]] = []
        for column in names.split():
            about = {"name": column, "label": _HEADINGS.get(column, column.capitalize())}
            about |= {"filter": column not in _NO_FILTERS, "sorts": True} | _MORE.get(column, {})
            described.append(about | ({"ids": ids[column]} if column in ids else {}))
        hidden = {f"{name[:-1]}_id": "Identifier", "date": "Date (ISO)", "address": "Address"}
        for column, label in hidden.items():
            described.append({"name": column, "label": label, "hidden": True})
        coded = {column: frame[column].map(_WORDS[column]) for column in {*_WORDS} & {*frame}}
        cells = frame.assign(
            source=citations(frame, record), address=addresses(frame, record), when=dates(frame)
        )
        cells = cells.assign(**coded)[[one["name"] for one in described]].astype(object)
        tables[name] = {
            "title": title,
            "version": data_version(record),
            "texts": texts[name].tolist(),
            "columns": described,
            "rows": cells.where(cells.notna(), None).to_numpy().tolist(),
        }
    # "<" is written so that no cell can end the script that holds it
    text = json.dumps(tables, ensure_ascii=False, allow_nan=False)
    return f"window.HMCPSI = {text};\n".replace("<", "\\u003c")
