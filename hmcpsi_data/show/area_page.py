"""One page on one Area, for a meeting or a committee: everything on record, on a sheet or two."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.html import STYLE, html_table, link, tile
from hmcpsi_data.record import describe
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.areas import find_area, lineage
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.joins import look_up
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.show.sourced import SEVERAL, dates, rating_words, whose_words
from hmcpsi_data.show.whole import conflicts, tensions
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS, MISSING, count_of, date_in_words, listed

__all__ = ["AreaPage", "area"]

_STYLE = """
.hm-area { max-width: 62rem; line-height: 1.4; }
.hm-area h2 { font-size: 1.2em; margin: 1em 0 .3em; border-bottom: 2px solid currentColor; }
.hm-area h3 { font-size: 1.05em; margin: .8em 0 .2em; }
.hm-area p, .hm-area ul { margin: .3em 0; }
.hm-area .hm-break { border-top: 2px dashed currentColor; padding-top: .2em; font-style: italic; }
@media print { @page { size: A4; margin: 12mm; } body { margin: 0 !important; }
  .hm-area { font-size: 8.5pt; max-width: none; line-height: 1.3; }
  .hm-area p, .hm-area ul { margin: .15em 0; } .hm-area ul { columns: 2; }
  .hm-area table { font-size: 8pt; width: 100%; }
  .hm-area :is(th, td) { padding: 1px 3px !important; }
  .hm-area :is(h2, h3) { break-after: avoid; margin: .5em 0 .1em; }
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
        target = Path(path)
        try:
            HTML(string=self.html).write_pdf(target, pdf_variant="pdf/ua-1")
        except OSError as error:
            raise HmcpsiError(
                f"{target} cannot be written ({error.strerror or error}).", "Give another file."
            ) from None
        return target

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
    area_id = find_area(area, record=opened)
    page = _Page(area_id, opened)
    body = "".join(
        [
            f'<article class="hm-area"><h1>CPS {escape(page.name)}</h1>',
            f"<p>{escape(page.introduction())}</p>",
            "<h2>What inspectors found</h2>",
            *page.inspections(),
            "<h2>What inspectors asked for, and what became of it</h2>",
            page.requests(),
            *page.disagreements(),
            "<h2>What is missing, and why</h2>",
            page.missing(),
            "<h2>Before and after</h2>",
            page.family(),
            "<h2>Sources</h2>",
            page.sources(),
            "</article>",
        ]
    )
    n = len(page.of_inspections)
    words = f"an Area {page.period()}; {count_of(n, 'inspection')} on record."
    return AreaPage(page.name, words, body, STYLE + _STYLE)


class _Page:
    """The parts of the page of one Area."""

    def __init__(self, area_id: str, record: Record) -> None:
        self.record, self.area_id = record, area_id
        self.kin = lineage(area_id, record)
        self.own = self.kin[self.kin["relation"].eq("self")].iloc[0]
        self.name = str(self.own["area"])
        self.facts = facts(area_id, record=record)
        self.ratings = ratings(area_id, record=record)
        self.actions = actions(area_id, record=record)
        rows = record.table("inspections")
        rows = rows[rows["area_id"].eq(area_id)]
        when = rows["published"].fillna(rows["fieldwork_from"]).fillna("9999")
        titles = look_up(rows["framework_id"], "frameworks", ["title"], record)["title"]
        rows = rows.assign(_when=when, framework=titles).sort_values("_when", kind="stable")
        self.of_inspections = rows

    def period(self) -> str:
        """From when to when it was an Area."""
        start, end = (date_in_words(self.own[name]) for name in ("valid_from", "valid_to"))
        return f"from {start} to {end}" if end else f"since {start}"

    def introduction(self) -> str:
        """What the Area is, in two or three sentences."""
        verb = "was" if pd.notna(self.own["valid_to"]) else "has been"
        words = (
            f"{self.name} {verb} an Area of the Crown Prosecution Service (CPS) {self.period()}."
        )
        if pd.notna(self.own["forces"]) and self.own["forces"]:
            forces = listed(str(self.own["forces"]).split("; "))
            words += f" It {'served' if verb == 'was' else 'serves'} these police forces: {forces}."
        n = len(self.of_inspections)
        if not n:
            return f"{words} No inspection of it is on record here; that is not Poor."
        return (
            f"{words} {count_of(n, 'inspection')} of it {'is' if n == 1 else 'are'} on record here."
            " Ratings belong to their framework: equal words of two frameworks are not equal."
        )

    def inspections(self) -> Iterator[str]:
        """Each inspection with its dates, ratings and findings, and a break between frameworks."""
        before = None
        for row in self.of_inspections.to_dict("records"):
            if before is not None and before != row["framework_id"]:
                yield f'<p class="hm-break">{_BREAK}</p>'
            before = row["framework_id"]
            yield f"<h3>{escape(row['framework'])}</h3><p>{escape(_when(row))}</p>"
            yield self._rated(row["inspection_id"])
            yield self._found(row["inspection_id"])
            yield self._cited(row["inspection_id"])
        if before is None:
            yield "<p>Nothing was found.</p>"

    def _rated(self, inspection_id: str) -> str:
        """The ratings of an inspection: the sentence, then each word with what it is about."""
        rows = self.ratings[self.ratings["inspection_id"].eq(inspection_id)]
        if rows.empty:
            return "<p>No rating is on record.</p>"
        words = describe.rated(rows, self.record)
        order = self.record.table("scales").sort_values("rank", kind="stable")["value"]
        rank = {word: place for place, word in enumerate(order.unique())}
        rows = rows.assign(word=rating_words(rows))
        rows = rows[rows["level"].ne("overall")]
        rows = rows.sort_values("word", key=lambda words: words.map(rank), kind="stable")
        parts = [f"<p>{escape(words)}</p>"]
        for word, of_word in rows.groupby("word", sort=False):
            labels = listed(of_word["label"].tolist())
            parts.append(f"<p>{tile(str(word), self.record)} {escape(labels)}</p>")
        return "".join(parts)

    def _found(self, inspection_id: str) -> str:
        """Findings, comparisons and numbers of an inspection."""
        rows = self.facts[self.facts["inspection_id"].eq(inspection_id)]
        found = rows[rows["kind"].eq("finding")]
        parts = []
        for value, heading in _ABOUT.items():
            items = found.loc[found["value"].eq(value), "what"]
            if len(items):
                told = "; ".join(escape(item) for item in items)
                parts.append(f"<p><strong>{heading} ({len(items)}):</strong> {told}.</p>")
        compared = rows.loc[rows["kind"].eq("comparison"), "what"]
        if len(compared):
            told = "; ".join(escape(item) for item in compared)
            parts.append(f"<p><strong>The inspectorate's own comparison:</strong> {told}.</p>")
        return "".join(parts)

    def _cited(self, inspection_id: str) -> str:
        """The sources of an inspection, and in whose words they are."""
        rows = self.facts[self.facts["inspection_id"].eq(inspection_id)]
        rows = rows[~rows["kind"].isin([*KINDS, "response", "commitment", "inspection"])]
        rows = rows[rows["kind"].ne("rating") | rows["value"].notna()]
        rows = rows.assign(_whose=whose_words(rows)).drop_duplicates(["source_id", "_whose"])
        cited, places = citations(rows[["source_id"]], self.record), addresses(rows, self.record)
        told = "; ".join(
            f"{link(cite, place)} ({escape(whose)})"
            for cite, place, whose in zip(cited, places, rows["_whose"], strict=True)
        )
        return f"<p><small>In whose words: {told}.</small></p>" if told else ""

    def requests(self) -> str:
        """Recommendations and issues with progress and answers."""
        turn = list(self.of_inspections["inspection_id"])
        rows = self.actions.sort_values(
            "inspection_id", key=lambda ids: ids.map(turn.index), kind="stable"
        )
        if rows.empty:
            return "<p>No recommendation or issue was found.</p>"
        counts = rows["kind"].value_counts(sort=False).items()
        asked = listed([count_of(n, KINDS[str(kind)], SEVERAL[str(kind)]) for kind, n in counts])
        answered = count_of(int(rows["answer"].notna().sum()), "answer")
        rated = int(rows["progress"].notna().sum())
        words = f"{asked}; {answered} of the CPS; " + (
            f"progress was rated for {rated}."
            if rated
            else "no follow-up that rated progress was found."
        )
        frame = pd.DataFrame(
            {
                "What was asked": rows["topic"],
                "Progress": rows["progress"].fillna(MISSING["not_found"]),
                "Kind": rows["kind"].map(KINDS),
                "Answer of the CPS": rows["answer"].fillna("no answer found"),
                "Monitored by": rows["monitored_by"].fillna("not stated"),
                "Under": rows["framework"],
                "Source": citations(rows, self.record),
            }
        )
        links = {"Source": addresses(rows, self.record)}
        caption = "Requests, progress and answers. Progress is not quality."
        table = html_table(
            frame.drop(columns=[] if rated else "Progress"),
            caption if rated else "Requests and answers",
            tiles=["Progress"],
            links=links,
            fold=["Kind", "Under"],
            record=self.record,
        )
        return f"<p>{escape(words)}</p>{table}"

    def disagreements(self) -> Iterator[str]:
        """Ratings and statements on which sources do not agree; nothing where they do."""
        both = [
            shown
            for shown in (conflicts(self.area_id, self.record), tensions(self.area_id, self.record))
            if len(shown.frame)
        ]
        if both:
            yield "<h2>Where sources do not agree</h2>"
        for shown in both:
            yield shown.html(style=False)

    def missing(self) -> str:
        """What was not found, framework by framework."""
        known = coverage(by="measure", record=self.record)
        known = known[known["area_id"].eq(self.area_id)]
        items = []
        for name, of in known.groupby("framework", sort=False):
            absent = [_MEASURES[one] for one in of.loc[of["status"].eq("not_found"), "measure"]]
            told = "nothing" if not of["status"].eq("known").any() else f"no {listed(absent)}"
            items += [f"<li>{escape(str(name))}: {told} found</li>"] if absent else []
        if not items:
            return "<p>Nothing that the frameworks measure is missing.</p>"
        return (
            "<p>It may exist, and missing is not Poor. What a framework does not measure is not "
            f"listed.</p><ul>{''.join(items)}</ul>"
        )

    def family(self) -> str:
        """Past and later Areas with their overall ratings."""
        relations = {"predecessor": "It was made from", "successor": "It became"}
        parts = []
        for relation, words in relations.items():
            kin = self.kin[self.kin["relation"].eq(relation)]
            if len(kin):
                names = [f"{one['area']} ({_span(one)})" for one in kin.to_dict("records")]
                parts.append(f"<p>{words}: {escape(listed(names))}.</p>")
        before = self.kin.loc[self.kin["relation"].eq("predecessor"), "area_id"]
        rows = ratings(before.tolist(), level="overall", record=self.record)
        if len(rows):
            rows = rows.assign(word=rating_words(rows))
            told = "; ".join(
                f"{escape(row['area'])}, {escape(row['framework'])}: "
                f"{tile(row['word'], self.record)}"
                for row in rows.to_dict("records")
            )
            parts.append(f"<p>Overall ratings of the earlier Areas, each for its own: {told}.</p>")
        return "".join(parts) or "<p>Its borders have not changed since it was made.</p>"

    def sources(self) -> str:
        """Every source of the page, in the order of dates."""
        rows = self.facts[~self.facts["kind"].eq("measure") | self.facts["inspection_id"].notna()]
        rows = rows.dropna(subset="source_id").drop_duplicates("source_id")
        rows = rows.assign(_when=dates(rows), _whose=whose_words(rows)).sort_values("date")
        cited, places = citations(rows[["source_id"]], self.record), addresses(rows, self.record)
        items = "".join(
            f"<li>{link(f'{cite}: {title}', place)}{'' if pd.notna(place) else ' (no link)'}</li>"
            for cite, title, place in zip(cited, rows["source_title"], places, strict=True)
        )
        return f"<ul>{items}</ul>" if items else "<p>None.</p>"


def _span(row: Mapping[Any, Any]) -> str:
    start, end = (date_in_words(row[name]) for name in ("valid_from", "valid_to"))
    return f"{start} to {end}" if end else f"since {start}"


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
