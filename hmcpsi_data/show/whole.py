"""The whole record, and single inspections, as tables to read: what is said, by whom, and when."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record import describe
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import facts, joined_facts, theme_history
from hmcpsi_data.record.filters import Wanted, choose
from hmcpsi_data.record.joins import look_up
from hmcpsi_data.record.ratings import ratings, undisputed
from hmcpsi_data.record.sources import citations
from hmcpsi_data.show.sourced import asked_for, dated, dates, shown, whose_words
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.record import tables as all_tables
from hmcpsi_data.words import BASES, FACTS, MISSING, POLARITIES, TIERS, count_of, listed

_MEASURES = {
    "rating": "quality on a scale",
    "progress": "progress on a scale",
    "percentage": "percentages",
    "narrative": "words, no ratings",
}


def record(record: RecordLike = None) -> Shown:
    """How much the tables hold of each framework, from overall ratings to numbers.

    >>> record().frame.set_index("Framework").loc["Follow-ups 2010-12", "Overall ratings"]
    'none'
    """
    opened = as_record(record)
    known = coverage(record=opened)
    against = int(known["status"].eq("contradicted").sum())
    known = known[known["status"].isin(["stated", "derived"])]
    followed = asked_for(opened.table("actions").dropna(subset="progress"))
    words = (
        f"{len(known):,} ratings of {known['area_id'].nunique()} units are known, "
        f"{known['status'].eq('derived').sum()} of them derived; {against} more contradicted and "
        f"not counted. Progress was rated on {listed(followed) or 'nothing'}. "
        "What is not known is not Poor."
    )
    title = "What the record holds of each framework"
    return Shown(describe.overview(opened), title, words, record=opened)


def reliability(record: RecordLike = None) -> Shown:
    """Whose publication the ratings that count rest on, and how it carries them."""
    opened = as_record(record)
    rows = undisputed(ratings(record=opened)).dropna(subset="rating")
    counts = pd.crosstab(rows["tier"], rows["basis"])
    counts = counts.reindex(index=[one for one in TIERS if one in counts.index])
    counts = counts.reindex(columns=[one for one in BASES if one in counts.columns])
    counts = counts.assign(all=counts.sum(axis=1)).rename(index=TIERS, columns=BASES)
    frame = counts.rename_axis(index="Published by", columns=None).reset_index()
    words = f"{len(rows):,} ratings that count, each once, however many sources give it."
    note = (
        "Stated in prose: a sentence says it. Second hand: a later document repeats it. Derived: "
        "it follows from what sources state, and nobody printed it."
    )
    return Shown(frame, "What the ratings rest on", words, note, record=opened)


def coverage_matrix(area: Wanted = None, record: RecordLike = None) -> Shown:
    """What is known, by Area, round and kind of measure, and why the rest is not.

    Of these Areas, as for `ratings`; where none is given, of all of which anything is known.

    >>> coverage_matrix("Leicestershire").frame.loc[0, "Ratings of parts"]
    '14 aspects'
    """
    opened = as_record(record)
    frame = describe.coverage_matrix(area, opened)
    cells = frame.drop(columns=["Area", "Round"])
    n = cells.melt()["value"].value_counts().reindex([*MISSING.values()], fill_value=0)
    absent = ", ".join(f"{word} {n[word]:,}" for word in n.index if n[word])
    words = (
        f"Something is known in {cells.size - n.sum():,} of {cells.size:,} cells; the others: "
        f"{absent}. Rounds that do not apply share a row. None of them means Poor."
    )
    title = "What is known of each Area in each round"
    return Shown(frame, title, words, tiles=cells.columns, head=2, record=opened)


def recurring(record: RecordLike = None) -> Shown:
    """What recurs among the issues of several Areas in the Area inspections since 2016."""
    opened = as_record(record)
    rows = describe.recurring(record=opened)
    n = int(rows["n_known"].max()) if len(rows) else 0
    columns = {
        "Theme": rows["theme"],
        f"Areas (of {n})": rows["n_areas"],
        "Issues": rows["n_issues"],
        "Which Areas": rows["areas"],
    }
    words = (
        f"Issues are known of {n} Areas, and of most of them not all, so these are minimum "
        "figures. That an issue belongs to a theme is our judgement."
    )
    return shown(columns, rows, "Themes of issues to address", words, opened)


def evidence(theme: Wanted, record: RecordLike = None) -> Shown:
    """The evidence on a theme or several: what is said, in whose words, and where.

    >>> evidence(["disclosure", "victim_letters"]).title
    'Evidence: Victim letters and Disclosure'
    """
    opened = as_record(record)
    rows, chosen = theme_history(theme, opened), choose("theme", theme, opened) or []
    titles = opened.table("themes").set_index("theme_id")["title"]
    titles = titles[titles.index.isin(chosen)]
    columns = {
        "Theme": rows["theme"] if len(titles) > 1 else None,
        "Date": dates(rows),
        "Area": rows["area"].fillna("all Areas"),
        "Kind": rows["kind"].map(FACTS).fillna(rows["kind"]),
        "What is said, in short": rows["text"],
        "In whose words": whose_words(rows),
    }
    pieces = count_of(len(rows), "piece")
    words = f"{pieces} of evidence. The link to the theme is our judgement."
    return shown(columns, rows, f"Evidence: {listed(titles.tolist())}", words, opened, head=2)


def conflicts(area: Wanted = None, record: RecordLike = None) -> Shown:
    """Ratings on which sources do not agree, with both sides; none of them is counted.

    >>> conflicts().frame[["Area", "One source says", "Another source says"]].values.tolist()
    [['Essex', 'Poor', 'Fair or Good']]
    """
    opened = as_record(record)
    rows = ratings(area, record=opened)
    rows = rows[rows["says_otherwise"].notna()].reset_index(drop=True)
    columns = {
        "Area": rows["area"],
        "Framework": rows["framework"],
        "What was rated": rows["label"],
        "One source says": rows["rating"],
    }
    words = f"{count_of(len(rows), 'rating')}, shown with both sides and counted nowhere."
    title = "Ratings on which sources do not agree"
    return shown(columns, rows, title, words, opened, head=3)


def tensions(area: Wanted = None, record: RecordLike = None) -> Shown:
    """Statements of the documents that do not fit together, side by side, unsettled."""
    opened = as_record(record)
    frame, areas = opened.once(_pairs)
    chosen = choose("area", area, opened)
    if chosen is not None:
        frame = frame[areas.isin(chosen).any(axis=1)]
    words = f"{count_of(len(frame), 'pair')}. The pairing is ours; each statement is its source's."
    return Shown(frame, "Statements that do not fit together", words, record=opened)


def _pairs(record: Record) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both statements of each tension in words, and the Areas that they are about."""
    rows, known = record.table("tensions"), record.once(joined_facts)
    known = known.drop_duplicates(["table", "row_id"]).set_index(["table", "row_id"])
    pairs = [pd.MultiIndex.from_frame(rows[[f"{n}_table", f"{n}_id"]]) for n in ("first", "second")]
    first, second = (known.reindex(pair).set_axis(rows.index) for pair in pairs)
    same = first["source_id"].eq(second["source_id"]) & (first["locator"] != second["locator"])
    both = first.assign(locator=first["locator"] + ";" + second["locator"])
    apart = _each_once(citations(first, record), citations(second, record))
    several = first["area"].ne(second["area"]) & first["area"].notna() & second["area"].notna()
    one, another = (
        of["text"].mask(several, of["area"] + ": " + of["text"]) for of in (first, second)
    )
    frame = {
        "Subject": rows["subject"],
        "One statement": one,
        "Another statement": another,
        "How they differ": rows["explanation"],
        "Date": _each_once(dates(first), dates(second)),
        "Sources": citations(both, record).where(same.fillna(False), apart),
    }
    return pd.DataFrame(frame), pd.concat([first["area_id"], second["area_id"]], axis=1)


def _each_once(first: pd.Series, second: pd.Series) -> pd.Series:
    """Both cells below each other, or one where they agree."""
    return first.where(first.eq(second), first + "\n" + second)


def comparisons(record: RecordLike = None) -> Shown:
    """What the results of each framework may be compared with, and what must not be done."""
    opened = as_record(record)
    rows = opened.table("frameworks")
    columns = {
        "Framework": rows["short_title"],
        "What it gives": rows["measure_kind"].map(_MEASURES),
        "May be compared with": rows["may_be_compared_with"],
        "Take care": rows["usage_warning"],
    }
    return Shown(columns, "What may be compared, and what may not", record=opened)


def comparisons_made(record: RecordLike = None) -> Shown:
    """The inspectorate's own comparisons of its results, each with its source."""
    opened = as_record(record)
    rows = facts(kind="comparison", record=opened)
    told = look_up(rows["row_id"], "findings", ["direction", "comparator", "voice"], opened)
    columns = {
        "Area": rows["area"].fillna("all Areas"),
        "Date": dates(rows),
        "What was compared": rows["what"],
        "Found to be": told["direction"].fillna("not said"),
        "Against": told["comparator"].fillna("not said"),
        "In whose words": told["voice"].fillna(whose_words(rows)),
    }
    words = (
        f"{count_of(len(rows), 'comparison')}, as the sources tell them; this workbook compares "
        "no ratings of two frameworks, because criteria, scales and Areas changed."
    )
    return shown(columns, rows, "Comparisons that the inspectorate made", words, opened, head=2)


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> Shown:
    """Strengths, weaknesses and context in words; none of them is a rating.

    Parameters
    ----------
    inspection : str
        An `inspection_id`, or the title of an inspection; so for all functions of one inspection.
    polarity : str or list of str, optional
        Only strength, weakness, mixed or context.
    record : Record or path, optional
        Another data folder than the shipped one; so for all tables.

    Examples
    --------
    >>> findings("leicestershire_opa_2005", "mixed").frame["Finding"].tolist()
    ['Mixed outcomes of cases with advice before charge']
    """
    found = describe.findings(inspection, polarity, record)
    rows, title, opened = _of_one(inspection, found, record)
    n = rows["polarity"].value_counts()
    told = [f"{n[one]} {one}" for one in dict.fromkeys([*POLARITIES, *n.index]) if one in n]
    columns = {
        "Finding": rows["subject"],
        "Kind": rows["polarity"],
        "Compared with": rows["against"],
        "In whose words": rows["said_by"],
    }
    words = f"{', '.join(told) or 'No finding'}. A finding in words is not a rating."
    rows = dated(rows, "findings", opened)
    return shown(columns, rows, f"Findings in words: {title}", words, opened)


def numbers(inspection: str, record: RecordLike = None) -> Shown:
    """The numbers that stand in the publication of one inspection.

    >>> numbers("south_west_aip_2021").frame["As printed"].tolist()
    ['three', 'three-phase']
    """
    rows, title, opened = _of_one(inspection, describe.numbers(inspection, record), record)
    period, when = rows["period_in_words"], dates(dated(rows, "measures", opened))
    columns = {
        "What": rows["subject"],
        "Number": rows["value_in_words"],
        "Unit": rows["unit"],
        "As printed": rows["value_as_printed"],
        "Compared with": rows["comparator"],
        "Period": period.mask(period.eq("not stated"), period + "; " + when),
    }
    words = f"{count_of(len(rows), 'number')}. A number is not a rating."
    return shown(columns, rows, f"Numbers: {title}", words, opened)


def _of_one(
    inspection: str, rows: pd.DataFrame, record: RecordLike
) -> tuple[pd.DataFrame, str, Record]:
    """The rows of one inspection, its title, and the record."""
    opened = as_record(record)
    about = describe.inspection_of(inspection, opened)
    rows = rows[rows["inspection_id"].eq(about["inspection_id"])].reset_index(drop=True)
    return rows, str(about["title"]), opened


def unread(record: RecordLike = None) -> Shown:
    """Full reports that are known to exist and were not read, and what each would close."""
    opened = as_record(record)
    rows = opened.table("unread_reports")
    columns = {"Report": rows["title"], "What it would close": rows["closes"]}
    words = f"{count_of(len(rows), 'report')}; each is known from a page that names it."
    return Shown(columns, "Reports not read", words, links={"Report": rows["address"]})


def glossary(record: RecordLike = None) -> Shown:
    """Programmes, schemes, groups and terms of the documents, with what they are, in our words."""
    rows = as_record(record).table("programmes").drop_duplicates("programme_id")
    rows = rows.assign(term=rows["abbreviation"].fillna(rows["name"]))
    rows = rows.sort_values("term", key=lambda terms: terms.str.lower(), kind="stable")
    columns = {
        "Term": rows["term"],
        "In full": rows["name"].where(rows["abbreviation"].notna(), ""),
        "What it is, in our words": rows["what"],
    }
    return Shown(columns, "Glossary")


def tables(record: RecordLike = None) -> Shown:
    """The tables of the record: what one row is, how many there are, and the file."""
    rows = all_tables(record)
    columns = {
        "Table": rows["title"],
        "File": [table(name).file for name in rows["name"]],
        "Rows": rows["rows"],
        "Columns": rows["columns"],
        "What it holds": [table(name).description for name in rows["name"]],
    }
    words = f"{count_of(len(rows), 'table')} with {int(rows['rows'].sum()):,} rows in all."
    return Shown(columns, "The tables", words)
