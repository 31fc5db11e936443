"""One page on one Area, for a meeting or a committee: everything on record, on a sheet or two."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.html import STYLE, link, tile
from hmcpsi_data.record import describe
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.areas import find_area, lineage
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.joins import look_up
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.show.sourced import SEVERAL, dated, rating_words, shown, whose_words
from hmcpsi_data.show.whole import conflicts, tensions
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.writing import write_file
from hmcpsi_data.words import KINDS, MISSING, count_of, date_in_words, listed

__all__ = ["AreaPage", "area"]

_STYLE = """
.hm-area { max-width: 62rem; line-height: 1.4; }
.hm-area h2 { font-size: 1.2em; margin: 1em 0 .3em; border-bottom: 2px solid currentColor; }
.hm-area h3 { font-size: 1.05em; margin: .8em 0 .2em; }
.hm-area p, .hm-area ul { margin: .3em 0; }
.hm-area .hm-break { border-top: 2px dashed currentColor; padding-top: .2em; font-style: italic; }
@media print { @page { size: A4; margin: 10mm 12mm; } body { margin: 0 !important; }
  .hm-area { font-size: 8pt; max-width: none; line-height: 1.25; }
  .hm-area h1 { font-size: 1.5em; margin: 0 0 .2em; }
  .hm-area p, .hm-area ul { margin: .1em 0; } .hm-area ul { columns: 2; padding-left: 1.2em; }
  .hm-area table { font-size: 7.5pt; width: 100%; }
  .hm-area :is(th, td) { padding: 0 3px !important; }
  .hm-area :is(h2, h3) { break-after: avoid; margin: .4em 0 .1em; }
  .hm-area tr { break-inside: avoid; } }
"""
_BREAK = "Break: another framework. What stands above and below is not a trend."
_ABOUT = {
    "strength": "Strengths",
    "weakness": "Weaknesses",
    "mixed": "Strength and weakness at once",
    "context": "Context",
}
_MEASURES = {
    "overall_rating": "overall rating",
    "aspect_rating": "ratings of aspects",
    "pilot_score_rating": "pilot scores",
    "criterion_rating": "ratings of criteria",
    "section_rating": "ratings of sections",
    "progress_rating": "progress",
    "recommendation": "recommendations",
    "aspect_for_improvement": "aspects for improvement",
    "issue": "issues to address",
    "finding": "findings in words",
    "number": "numbers",
}
_SEEN = {"nothing": "known by name only", "beginning": "only its beginning was seen"}


@dataclass(frozen=True, eq=False)
class AreaPage:
    """A page on one Area.

    Attributes
    ----------
    title, words : str
        The name of the Area, and the page in a sentence.
    body, style : str
        The page as HTML without its frame, and its style sheet.
    """

    title: str
    words: str
    body: str
    style: str

    @property
    def html(self) -> str:
        """The whole page, to be saved, sent or printed."""
        return (
            '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self.title)}: inspections of the CPS</title>"
            f"<style>body {{ font-family: system-ui, sans-serif; margin: 1rem; }}{self.style}"
            f"</style></head><body><main>{self.body}</main></body></html>\n"
        )

    def pdf(self, path: str | os.PathLike[str]) -> Path:
        """Write the page as a tagged PDF.

        Raises
        ------
        HmcpsiError
            Where WeasyPrint or its libraries are missing, or the file cannot be written.
        """
        try:
            from weasyprint import HTML
        except (ImportError, OSError):
            raise HmcpsiError(
                "A PDF needs WeasyPrint, which is not installed or lacks its libraries.",
                "pip install weasyprint, or save the page as HTML and print it from a browser.",
            ) from None
        return write_file(path, HTML(string=self.html).write_pdf(pdf_variant="pdf/ua-1"))

    def __repr__(self) -> str:
        return f"{self.title}: {self.words}"

    def _repr_html_(self) -> str:
        return f"<style>{self.style}</style>{self.body}"


def area(area: str, record: RecordLike = None) -> AreaPage:
    """Everything on record about one Area, on a page.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    AreaPage
        It shows itself in a notebook; `html` is the page to save or to print.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        As for `find_area`.

    Examples
    --------
    >>> area("South West")
    South West: an Area since 1 April 2011; 3 inspections on record.
    """
    opened = as_record(record)
    page = _Page(find_area(area, record=opened), opened)
    parts = {
        "What inspectors found": page.inspections(),
        "What inspectors asked for, and what became of it": page.requests(),
        "Where sources do not agree": page.disagreements(),
        "What is missing, and why": page.missing(),
        "Before and after": page.family(),
        "Sources": page.sources(),
    }
    told = {heading: "".join(part) for heading, part in parts.items()}
    body = "".join(f"<h2>{heading}</h2>{part}" for heading, part in told.items() if part)
    head = f"<h1>CPS {escape(page.name)}</h1><p>{escape(page.introduction())}</p>"
    words = f"an Area {page.period}; {count_of(len(page.of), 'inspection')} on record."
    body = f'<article class="hm-area">{head}{body}</article>'
    return AreaPage(page.name, words, body, STYLE + _STYLE)


class _Page:
    """The parts of the page of one Area."""

    def __init__(self, area_id: str, record: Record) -> None:
        self.record, self.area_id = record, area_id
        self.kin = lineage(area_id, record)
        self.own = self.kin[self.kin["relation"].eq("self")].iloc[0]
        self.name, self.period = str(self.own["area"]), _span(self.own, "from ")
        self.facts = facts(area_id, record=record)
        self.ratings = ratings(area_id, record=record)
        rows = record.table("inspections")
        rows = rows[rows["area_id"].eq(area_id)]
        when = rows["published"].fillna(rows["fieldwork_from"]).fillna("9999")
        titles = look_up(rows["framework_id"], "frameworks", ["title"], record)["title"]
        self.of = rows.assign(_when=when, framework=titles).sort_values("_when", kind="stable")

    def introduction(self) -> str:
        """What the Area is, in two or three sentences."""
        was = pd.notna(self.own["valid_to"])
        words = (
            f"{self.name} {'was' if was else 'has been'} an Area of the Crown Prosecution Service "
            f"(CPS) {self.period}."
        )
        if pd.notna(self.own["forces"]) and self.own["forces"]:
            forces = str(self.own["forces"]).split("; ")
            named = "these police forces" if len(forces) > 1 else "this police force"
            words += f" It {'served' if was else 'serves'} {named}: {listed(forces)}."
        n = len(self.of)
        if not n:
            return f"{words} No inspection of it is on record here; that is not Poor."
        return (
            f"{words} {count_of(n, 'inspection')} of it {'is' if n == 1 else 'are'} on record here."
            " Ratings belong to their framework: equal words of two frameworks are not equal."
        )

    def inspections(self) -> Iterator[str]:
        """Each inspection with its dates, ratings and findings, and a break between frameworks."""
        before = None
        for row in self.of.to_dict("records"):
            if before is not None and before != row["framework_id"]:
                yield f'<p class="hm-break">{_BREAK}</p>'
            before = row["framework_id"]
            yield f"<h3>{escape(row['framework'])}</h3><p>{escape(_when(row))}</p>"
            yield from self._rated(row["inspection_id"])
            yield from self._found(row["inspection_id"])
        if before is None:
            yield "<p>Nothing was found.</p>"

    def _rated(self, inspection_id: str) -> Iterator[str]:
        """The ratings of an inspection: the sentence, then each word with what it is about."""
        rows = self.ratings[self.ratings["inspection_id"].eq(inspection_id)]
        if rows.empty:
            yield "<p>No rating is on record.</p>"
            return
        yield f"<p>{escape(describe.rated(rows, self.record))}</p>"
        order = self.record.table("scales").sort_values("rank", kind="stable")["value"]
        rank = {word: place for place, word in enumerate(order.unique())}
        rows = rows.assign(word=rating_words(rows))
        rows = rows[rows["level"].ne("overall")]
        rows = rows.sort_values("word", key=lambda words: words.map(rank), kind="stable")
        yield from self._tiles(rows["word"], rows["label"])

    def _tiles(self, words: pd.Series, labels: pd.Series) -> Iterator[str]:
        for word, of in labels.groupby(words, sort=False):
            yield f"<p>{tile(str(word), self.record)} {escape(listed(of.tolist()))}</p>"

    def _found(self, inspection_id: str) -> Iterator[str]:
        """Directions, findings, comparisons and numbers of an inspection, and who says them."""
        rows = self.facts[self.facts["inspection_id"].eq(inspection_id)]
        of = {kind: rows[rows["kind"].eq(kind)] for kind in rows["kind"].unique()}
        none = rows.head(0)
        if len(ways := of.get("direction", none)):
            yield (
                "<p><strong>Direction of travel</strong>, which the inspectorate stated beside the "
                "ratings and which is no rating:</p>"
            )
            yield from self._tiles(ways["value"], ways["what"])
        found = of.get("finding", none)
        for value, heading in _ABOUT.items():
            yield from _items(heading, found.loc[found["value"].eq(value), "what"])
        yield from _items("The inspectorate's own comparison", of.get("comparison", none)["what"])
        yield from _items("Numbers", of.get("measure", none)["text"])
        rows = rows[~rows["kind"].isin([*KINDS, "response", "commitment", "inspection"])]
        rows = rows[rows["kind"].ne("rating") | rows["value"].notna()]
        rows = rows.assign(whose=whose_words(rows)).drop_duplicates(["source_id", "whose"])
        cited, places = citations(rows[["source_id"]], self.record), addresses(rows, self.record)
        told = "; ".join(
            f"{link(cite, place)} ({escape(whose)})"
            for cite, place, whose in zip(cited, places, rows["whose"], strict=True)
        )
        if told:
            yield f"<p><small>In whose words: {told}.</small></p>"

    def requests(self) -> Iterator[str]:
        """Recommendations and issues with progress and answers."""
        turn = list(self.of["inspection_id"])
        rows = actions(self.area_id, record=self.record)
        rows = rows.sort_values("inspection_id", key=lambda ids: ids.map(turn.index), kind="stable")
        if rows.empty:
            yield "<p>No recommendation or issue was found.</p>"
            return
        counts = rows["kind"].value_counts(sort=False).items()
        asked = listed([count_of(n, KINDS[str(kind)], SEVERAL[str(kind)]) for kind, n in counts])
        answered = int(rows["answer"].notna().sum())
        answers = f"{count_of(answered, 'answer')} of the CPS" if answered else "no answer found"
        rated = int(rows["progress"].notna().sum())
        followed = f"progress was rated for {rated}"
        followed = followed if rated else "no follow-up that rated progress was found"
        rows = dated(rows, "actions", "action_id", self.record).assign(
            progress=rows["progress"].fillna(MISSING["not_found"]),
            kind=rows["kind"].map(KINDS),
            answer=rows["answer"].fillna("no answer found"),
            monitored_by=rows["monitored_by"].fillna("not stated"),
        )
        headings = {
            "topic": "What was asked",
            "progress": "Progress",
            "kind": "Kind",
            "answer": "Answer of the CPS",
            "monitored_by": "Monitored by",
            "framework": "Under",
        }
        caption = "Requests, progress and answers. Progress is not quality."
        if not rated:
            caption = "Requests and answers"
            del headings["progress"]
        yield shown(
            rows, headings, caption, f"{asked}; {answers}; {followed}.", self.record,
            tiles=["Progress"], fold=["Kind", "Answer of the CPS", "Monitored by", "Under"],
        ).html(style=False)  # fmt: skip

    def disagreements(self) -> Iterator[str]:
        """Ratings and statements on which sources do not agree; nothing where they do."""
        for told in (conflicts(self.area_id, self.record), tensions(self.area_id, self.record)):
            if len(told.frame):
                yield told.html(style=False)

    def missing(self) -> Iterator[str]:
        """What was not found, framework by framework, and the reports that might hold it."""
        known = coverage(by="measure", record=self.record)
        known = known[known["area_id"].eq(self.area_id)]
        items = []
        for name, of in known.groupby("framework", sort=False):
            absent = [_MEASURES[one] for one in of.loc[of["status"].eq("not_found"), "measure"]]
            told = f"no {listed(absent)}" if of["status"].eq("known").any() else "nothing"
            items += [f"{escape(str(name))}: {told} found"] if absent else []
        if items:
            yield (
                "<p>It may exist, and missing is not Poor. What a framework does not measure is "
                f"not listed.</p>{_list(items)}"
            )
        else:
            yield "<p>Nothing that the frameworks measure is missing.</p>"
        reports = self.record.table("unread_reports")
        reports = reports[reports["inspection_id"].isin(self.of["inspection_id"])]
        if len(reports):
            cited = citations(reports, self.record).fillna("not stated")
            named = [
                f"{link(one['title'], one['address'])} ({_SEEN.get(one['seen'], one['seen'])}): "
                f"{escape(one['closes'])}. Named in: {escape(source)}"
                for one, source in zip(reports.to_dict("records"), cited, strict=True)
            ]
            yield f"<p>Full reports not read here, and what each would tell:</p>{_list(named)}"

    def family(self) -> Iterator[str]:
        """Past and later Areas with their overall ratings."""
        alone = True
        for relation, words in {
            "predecessor": "It was made from",
            "successor": "It became",
        }.items():
            kin = self.kin[self.kin["relation"].eq(relation)]
            names = [f"{one['area']} ({_span(one)})" for one in kin.to_dict("records")]
            if names:
                alone = False
                yield f"<p>{words}: {escape(listed(names))}.</p>"
        before = self.kin.loc[self.kin["relation"].eq("predecessor"), "area_id"]
        rows = ratings(before.tolist(), level="overall", record=self.record)
        if len(rows):
            told = "; ".join(
                f"{escape(row['area'])}, {escape(row['framework'])}: "
                f"{tile(row['word'], self.record)}"
                for row in rows.assign(word=rating_words(rows)).to_dict("records")
            )
            yield f"<p>Overall ratings of the earlier Areas, each for its own: {told}.</p>"
        if alone:
            yield "<p>Its borders have not changed since it was made.</p>"

    def sources(self) -> Iterator[str]:
        """Every source of the page, in the order of dates, and under which licence it is used."""
        rows = self.facts[~self.facts["kind"].eq("measure") | self.facts["inspection_id"].notna()]
        rows = rows.dropna(subset="source_id").sort_values("date").drop_duplicates("source_id")
        cited, places = citations(rows[["source_id"]], self.record), addresses(rows, self.record)
        items = [
            f"{link(f'{cite}: {title}', place)}{'' if pd.notna(place) else ' (no link)'}"
            for cite, title, place in zip(cited, rows["source_title"], places, strict=True)
        ]
        yield _list(items) if items else "<p>None.</p>"
        yield f"<p><small>{escape(package()['attribution'])}</small></p>"


def _items(heading: str, told: pd.Series) -> Iterator[str]:
    """What an inspection found of one kind, in a paragraph; nothing where it found none."""
    if len(told):
        words = "; ".join(map(escape, told))
        yield f"<p><strong>{heading} ({len(told)}):</strong> {words}.</p>"


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _span(row: Any, start: str = "") -> str:
    """From when to when an Area was one."""
    first, last = (date_in_words(row[name]) for name in ("valid_from", "valid_to"))
    return f"{start}{first} to {last}" if last else f"since {first}"


def _when(row: Mapping[Any, Any]) -> str:
    """The dates of an inspection, each said to be what it is."""
    published = "Date of publication not found."
    if pd.notna(row["published"]):
        published = f"Published: {date_in_words(row['published'])}."
    if pd.isna(row["fieldwork_from"]):
        return published
    span = date_in_words(f"{row['fieldwork_from']} to {row['fieldwork_to']}")
    inferred = " (inferred)" if row["fieldwork_basis"] == "inferred" else ""
    return f"Fieldwork: {span}{inferred}. {published}"
