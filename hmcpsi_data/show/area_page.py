"""One page on one Area, for a meeting or a committee: what is on record, on a sheet or two."""

import os
import re
from collections.abc import Iterable, Iterator
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
from hmcpsi_data.record.facts import both_sides, joined_facts
from hmcpsi_data.record.filters import only
from hmcpsi_data.record.joins import SEPARATOR, joined_cells, look_up, records, scales, span
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.show.sourced import asked_for, conflicts, shown, tensions, whose_words
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.writing import write_file
from hmcpsi_data.words import KINDS, LEVELS, MISSING, SEVERAL, count_of, date_in_words, listed

_STYLE = """
.hm-area { max-width: 62rem; line-height: 1.4; }
.hm-area :is(h2, h4) { font-size: 1.2em; margin: 1em 0 .3em; border-bottom: 2px solid; }
.hm-area :is(h3, h5) { font-size: 1.05em; margin: .8em 0 .2em; }
.hm-area > h3:first-child { font-size: 1.4em; }
.hm-area p, .hm-area ul { margin: .3em 0; }
.hm-area .hm-break { border-top: 2px dashed currentColor; padding-top: .2em; font-style: italic; }
@media print { @page { size: A4; margin: 8mm 10mm; } body { margin: 0 !important; }
  .hm-area { font: 9.5pt/1.12 Arial, "Liberation Sans", sans-serif; max-width: none; }
  .hm-area small { font-size: 1em; }
  .hm-area h1 { font-size: 1.5em; margin: 0 0 .2em; } .hm-area :is(h2, h3) { font-size: 1.1em; }
  .hm-area caption br { display: none; } .hm-area caption small::before { content: " · "; }
  .hm-area :is(caption, tbody th) { font-weight: normal !important; padding-bottom: 0 !important; }
  .hm-area :is(p, ul) { margin: 0; } .hm-area .hm-break { padding: 0; }
  .hm-area ul { columns: 2; padding-left: 1.2em; }
  .hm-area table { font-size: 1em; width: 100%; }
  .hm-area :is(th, td) { padding: 0 3px !important; }
  .hm-area :is(h2, h3) { break-after: avoid; margin: .25em 0 0; }
  .hm-area tr { break-inside: avoid; } .hm-area td[style*="background"] { white-space: nowrap; } }
"""
_BREAK = "Break: another framework. What stands above and below is not a trend."
_SAID = {
    "Direction of travel, which is no rating": {"kind": ["direction"]},
    "Strengths": {"kind": ["finding"], "value": ["strength"]},
    "Weaknesses": {"kind": ["finding"], "value": ["weakness"]},
    "Mixed": {"kind": ["finding"], "value": ["mixed"]},
    "Context": {"kind": ["finding"], "value": ["context"]},
    "The inspectorate's own comparison": {"kind": ["comparison"]},
    "Numbers": {"kind": ["measure"]},
}
_SOURCE_IDS = re.compile(r" \((?:s[0-9]{3}|\w+_[0-9_]+)(?:, \w+)*\)")  # sources stand below
_UNITS = {
    "london_borough": "a borough unit of CPS London, not an Area",
    "sector": "a part of CPS London, not an Area",
    "other": "not an Area",
}
_SEEN = {"nothing": "known by name only", "beginning": "only its beginning was seen"}


@dataclass(frozen=True, eq=False)
class AreaPage:
    """A page on one Area: `title`, `words`, and as HTML its `article` and `style`."""

    title: str
    words: str
    article: str
    style: str

    @property
    def body(self) -> str:
        """The article inside another page, with headings two levels lower."""
        return re.sub(r"(</?h)([123])>", lambda tag: f"{tag[1]}{int(tag[2]) + 2}>", self.article)

    @property
    def html(self) -> str:
        """The whole page, to be saved, sent or printed."""
        return (
            '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self.title)}: inspections of the CPS</title>"
            f"<style>body {{ font-family: system-ui, sans-serif; margin: 1rem; }}{self.style}"
            f'</style></head><body><main>{self.article}</main><footer class="hm-area">'
            f"{_paragraph(package()['attribution'])}</footer></body></html>\n"
        )

    def pdf(self, path: str | os.PathLike[str]) -> Path:
        """Write the page as a tagged PDF; needs WeasyPrint."""
        try:
            from weasyprint import HTML
        except (ImportError, OSError):
            told = 'A PDF needs WeasyPrint, which pip install "hmcpsi_data[pdf]" installs.'
            raise HmcpsiError(told, "Or print the HTML from a browser.") from None
        return write_file(path, HTML(string=self.html).write_pdf(pdf_variant="pdf/ua-1"))

    def __repr__(self) -> str:
        return f"{self.title}: {self.words}"

    def _repr_html_(self) -> str:
        return f"<style>{self.style}</style>{self.body}"


def area(area: str, record: RecordLike = None) -> AreaPage:
    """What was found and asked for in one Area, on a page that shows itself in a notebook.

    >>> area("South West")
    South West: an Area since 1 April 2011; 2 inspections on record.
    """
    opened = as_record(record)
    area_id = find_area(area, record=opened)
    kin = lineage(area_id, opened)
    exact = ["valid_from_precision", "valid_to_precision", "kind", "note", "part_of"]
    kin = kin.assign(**look_up(kin["area_id"], "areas", exact, opened))
    own = records(kin[kin["relation"].eq("self")])[0]
    said = only(opened.once(joined_facts), {"area_id": [area_id]})
    of = _inspected(area_id, opened)
    n = int(of["basis"].ne("inferred").sum())  # one that was only decided on is none
    sections: dict[str, Iterable[str]] = {
        "What inspectors found": _found(of, area_id, said, opened),
        "What inspectors asked for, and what became of it": _requests(area_id, opened),
        "Where sources do not agree": _disputed(area_id, opened),
        "What is missing, and why": _missing(of, area_id, opened),
        "Before and after": _family(kin, own, opened),
        "Sources": _sources(said, opened),
    }
    parts = {heading: "".join(pieces) for heading, pieces in sections.items()}
    body = "".join(f"<h2>{heading}</h2>{part}" for heading, part in parts.items() if part)
    head = f"<h1>CPS {escape(own['area'].removesuffix(' (CPS)'))}</h1>{_introduction(own, n)}"
    unit = _UNITS.get(own["kind"], f"an Area {_span(own, 'from ')}")
    words = f"{unit}; {count_of(n, 'inspection')} on record."
    article = f'<article class="hm-area">{head}{body}</article>'
    return AreaPage(own["area"], words, article, STYLE + _STYLE)


def _introduction(own: dict[str, Any], n: int) -> str:
    unit, was = _UNITS.get(own["kind"]), "was" if own["valid_to"] else "has been"
    words = f"{was} an Area of the Crown Prosecution Service (CPS) {_span(own, 'from ')}"
    words = f"{own['area']} {f'is {unit}' if unit else words}."
    if own["kind"] == "other" or not n:
        words += f" {_SOURCE_IDS.sub('', own['note'] or '')}".rstrip()
    if own["forces"]:
        words += f" Police forces: {listed(own['forces'].split('; '))}."
    words += f" Inspections of it on record here: {n}. A rating belongs to its framework: equal "
    return _paragraph(f"{words}words of two are not equal.")


def _inspected(area_id: str, opened: Record) -> pd.DataFrame:
    rows = only(opened.table("inspections"), {"area_id": [area_id]})
    framework = look_up(rows["framework_id"], "frameworks", ["title", "in_force_from"], opened)
    days = span(rows["fieldwork_from"], rows["fieldwork_to"])
    published = _in_words(rows["published"], rows["published_basis"]).fillna("not found")
    dates = ("Fieldwork: " + _in_words(days, rows["fieldwork_basis"]) + ". ").fillna("")
    dates += "Published: " + published + "."
    note = rows["note"].str.replace(_SOURCE_IDS, "", regex=True)
    when = rows["published"].fillna(rows["fieldwork_from"]).fillna(framework["in_force_from"] + "~")
    dates = dates.mask(rows["basis"].eq("inferred"), note)
    rows = rows.assign(framework=framework["title"], dates=dates, when=when)
    return rows.sort_values("when", kind="stable")


def _in_words(iso: pd.Series, basis: pd.Series) -> pd.Series:
    """ISO dates as people write them; of one that no source states, how it is known."""
    words = iso.map(date_in_words, na_action="ignore").astype("string")
    return words + (" (" + basis.where(basis.isin(["inferred", "derived"])) + ")").fillna("")


def _found(of: pd.DataFrame, area_id: str, said: pd.DataFrame, opened: Record) -> Iterator[str]:
    rated, before = _worded(ratings(area_id, record=opened)), None
    for row in records(of):
        inspection = {"inspection_id": [row["inspection_id"]]}
        if before not in (None, row["framework_id"]):
            yield f'<p class="hm-break">{_BREAK}</p>'
        before = row["framework_id"]
        yield f"<h3>{escape(row['framework'])}</h3>{_paragraph(row['dates'])}"
        rows = only(rated, inspection)
        sentence = describe.rated(rows, opened) if len(rows) else "No rating is on record."
        # a source may count ratings that it does not name
        counts = [
            f"{one['relation'].replace('_', ' ')} {one['n']} of {one['n_of']} {one['rating']}"
            for one in records(only(opened.table("profile_counts"), inspection))
        ]
        sentence += f" Counted by a source: {listed(counts)}." if counts else ""
        overall = rows["level"].eq("overall")
        tiles = "".join(f"{tile(word, opened)} " for word in rows["word"][overall])
        yield f"<p>{tiles}{escape(sentence)}</p>"
        # the sentence counts pilot scores and sections apart from the criteria
        apart = rows["level"].isin(["pilot_score", "section"])
        labels = rows["label"].mask(apart, rows["label"] + " (" + rows["level"].map(LEVELS) + ")")
        labels = labels.mask(rows["basis"].eq("derived").fillna(False), labels + " (derived)")
        parts = rows.assign(label=labels)[~overall]
        for word in dict.fromkeys([*opened.once(scales).get(before, []), *parts["word"]]):
            if names := parts["label"][parts["word"].eq(word)].tolist():
                yield f"<p>{tile(word, opened)} {escape(listed(names))}</p>"
        yield from _statements(only(said, inspection), opened)
    if of.empty:
        yield "<p>Nothing was found.</p>"


def _worded(rated: pd.DataFrame) -> pd.DataFrame:
    """Ratings with the `word` of each: the rating, why there is none, or both sides."""
    words = rated["rating"].fillna(rated["missing"].map(MISSING))
    return rated.assign(word=both_sides(words, rated))


def _statements(rows: pd.DataFrame, opened: Record) -> Iterator[str]:
    of_number = rows["kind"].eq("measure") & rows["date_kind"].eq("stated")
    days = rows["date"].where(of_number).map(date_in_words, na_action="ignore").astype("string")
    rows = rows.assign(told=rows["text"] + (" (" + days + ")").fillna(""))
    for heading, fits in _SAID.items():
        texts = only(rows, fits)["told"].drop_duplicates().map(escape)  # two sources may say it
        if len(texts):
            yield f"<p><strong>{heading} ({len(texts)}):</strong> {'; '.join(texts)}.</p>"
    rows = rows[~rows["kind"].isin([*KINDS, "response", "commitment", "inspection"])]
    rows = rows[rows["kind"].ne("rating") | rows["value"].notna()]
    rows = rows.assign(whose=whose_words(rows)).drop_duplicates(["source_id", "whose"])
    cited = citations(rows[["source_id", "otherwise_source_id"]], opened)
    links = map(link, cited, addresses(rows, opened))
    whose = [f"{to} ({escape(words)})" for to, words in zip(links, rows["whose"], strict=True)]
    if whose:
        yield f"<p><small>In whose words: {'; '.join(whose)}.</small></p>"


def _requests(area_id: str, opened: Record) -> Iterator[str]:
    rows = actions(area_id, record=opened).sort_values("asked_on", kind="stable")
    if rows.empty:
        yield "<p>No recommendation and no issue was found in words.</p>"
        return
    answered, rated = rows["answer"].count(), rows["progress"].count()
    columns = {
        "What was asked": rows["topic"],
        "Progress": rows["progress"].fillna(MISSING["not_found"]) if rated else None,
        "Kind": rows["kind"].map(KINDS),
        "Answer of the CPS": rows["answer"].fillna("no answer found"),
        "Monitored by": rows["monitored_by"].fillna("not stated"),
        "Under": rows["framework"],
    }
    answers = count_of(answered, "answer")
    words = f"{listed(asked_for(rows))}; {answers} of the CPS found; progress rated for {rated}."
    caption = "Requests, progress and answers. Progress is not quality."
    when = rows[["asked_on", "asked_on_precision", "asked_on_kind"]]
    rows = rows.assign(**when.set_axis(["date", "date_precision", "date_kind"], axis=1))
    look: dict[str, Any] = {"tiles": ["Progress"], "fold": [*columns][2:]}
    yield shown(columns, rows, caption, words, opened, **look).html(style=False)


def _disputed(area_id: str, opened: Record) -> Iterator[str]:
    if len((against := conflicts(area_id, opened)).frame):
        yield against.html(style=False)
    if len((pairs := tensions(area_id, opened)).frame):
        rows = pairs.frame.astype("string").apply(lambda cells: cells.map(escape))
        yield _paragraph(f"{pairs.title}: {pairs.words}")
        yield _list(
            f"<strong>{row['Subject']}.</strong> One: {row['One statement']}. Another: "
            f"{row['Another statement']}. {row['How they differ']} ({row['Date']}. "
            f"{row['Sources']}.)".replace("\n", "; ")
            for row in records(rows)
        )


def _measured(record: Record) -> pd.DataFrame:
    """What is known of each Area, of all that a framework is known to measure."""
    known = coverage(by="measure", record=record)
    used = record.table("framework_measures").query("status == 'used'")
    pairs = pd.MultiIndex.from_frame(used[["framework_id", "measure"]])
    measured = pd.MultiIndex.from_frame(known[["framework_id", "measure"]]).isin(pairs)
    return known[measured | known["measure"].isin(["finding", "number"])]


def _missing(of: pd.DataFrame, area_id: str, opened: Record) -> Iterator[str]:
    items: list[str] = []
    known = only(opened.once(_measured), {"area_id": [area_id]})
    for name, rows in known.groupby("framework", sort=False):
        measures = rows.loc[rows["status"].eq("not_found"), "measure"]
        absent = [SEVERAL.get(one, f"{one.replace('_', ' ')}s") for one in measures]
        any_known = rows["status"].isin(["known", "contradicted"]).any()
        told = f"no {listed(absent)}" if any_known else "nothing"
        items += [f"{escape(str(name))}: {told} found"] if absent else []
    numbers = opened.table("measures").query("unit == 'issues'")
    numbers = numbers[numbers["subject"].str.endswith("ssues to address")]
    raised = numbers.groupby("inspection_id")["value"].max().dropna()
    asked = opened.table("actions")["inspection_id"].tolist()
    for row in records(of[of["inspection_id"].isin(raised.index)]):
        n, every = asked.count(row["inspection_id"]), int(raised[row["inspection_id"]])
        told = f"{escape(row['framework'])}: {n} of {every} issues to address found"
        items += [told] if n < every else []
    if items:
        yield "<p>It may exist, and missing is not Poor. What a framework is not known to measure "
        yield f"is not listed.</p>{_list(items)}"
    reports = only(opened.table("unread_reports"), {"inspection_id": of["inspection_id"].tolist()})
    if len(reports):
        reports = reports.assign(cited=citations(reports, opened).fillna("not stated"))
        named = [
            f"{link(one['title'], one['address'])} ({_SEEN.get(one['seen'], one['seen'])}): "
            f"{escape(one['closes'])}. Named in: {escape(one['cited'])}"
            for one in records(reports)
        ]
        yield f"<p>Full reports not read here, and what each would tell:</p>{_list(named)}"


def _family(kin: pd.DataFrame, own: dict[str, Any], opened: Record) -> Iterator[str]:
    for relation, words in {"predecessor": "It was made from", "successor": "It became"}.items():
        related = records(kin[kin["relation"].eq(relation)])
        if names := [f"{one['area']} ({_span(one)})" for one in related]:
            yield _paragraph(f"{words}: {listed(names)}.")
    before = kin.loc[kin["relation"].eq("predecessor"), "area_id"].tolist()
    told = "; ".join(
        f"{escape(row['area'])}, {escape(row['framework'])}: {tile(row['word'], opened)}"
        for row in records(_worded(ratings(before, level="overall", record=opened)))
    )
    if told:
        yield f"<p>Overall ratings of the earlier Areas, each for its own: {told}.</p>"
    areas = opened.table("areas")
    named = areas.set_index("area_id")["name"]
    line = kin.loc[kin["relation"].ne("sibling"), "area_id"].tolist()
    for whole, parts in only(areas, {"part_of": line}).groupby("part_of"):
        yield _paragraph(
            f"Parts of {named[str(whole)]} were inspected on their own; what is said of a part "
            f"is not said of the whole. Ask for them by name: {listed(parts['name'].tolist())}."
        )
    if own["part_of"]:
        yield _paragraph(f"It was a part of {named[own['part_of']]}, which has a page of its own.")


def _sources(said: pd.DataFrame, opened: Record) -> Iterator[str]:
    rows = said[said["kind"].ne("measure") | said["inspection_id"].notna()].sort_values("date")
    ids = joined_cells(rows[["source_id", "otherwise_source_id"]].to_numpy().ravel())
    rows = pd.DataFrame({"source_id": ids.split(SEPARATOR)}, dtype="string")
    cited = citations(rows, opened) + ": " + look_up(rows["source_id"], "sources", "title", opened)
    yield _list(map(link, cited, addresses(rows, opened)))


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _span(row: dict[str, Any], start: str = "") -> str:
    ends = ("valid_from", "valid_to")
    first, last = (date_in_words(row[end], row[f"{end}_precision"]) for end in ends)
    return f"{start}{first} to {last}" if last else f"since {first}"
