"""The whole record as tables to read: what it holds, from whom, and where sources disagree."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record import describe
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import facts, joined_facts, theme_history
from hmcpsi_data.record.filters import Wanted, among, choose, yes_or_no
from hmcpsi_data.record.joins import look_up, span
from hmcpsi_data.record.ratings import ratings, undisputed
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.show.sourced import dates, in_words, shown, whose_words
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.tables.record import tables as all_tables
from hmcpsi_data.words import BASES, FACTS, MISSING, TIERS, count_of, listed

__all__ = [
    "comparisons", "comparisons_made", "conflicts", "coverage_matrix", "evidence", "glossary",
    "inspected", "record", "recurring", "reliability", "sources", "tables", "tensions", "unread",
]  # fmt: skip

_MEASURES = {
    "rating": "quality on a scale",
    "progress": "progress on a scale",
    "percentage": "percentages",
    "narrative": "words, no ratings",
}
_STATED = ("frameworks", "aspects", "ratings", "rating_sources", "distributions", "actions",
           "responses", "findings", "measures")  # fmt: skip


def record(record: RecordLike = None) -> Shown:
    """How much the tables hold of each framework, from overall ratings to numbers.

    Examples
    --------
    >>> record().frame.set_index("Framework").loc["Follow-ups 2010-12", "Overall ratings"]
    'none'
    """
    opened = as_record(record)
    known = coverage(record=opened)
    against = int(known["status"].eq("contradicted").sum())
    known = known[known["status"].isin(["stated", "derived"])]
    words = (
        f"{len(known):,} ratings of {known['area_id'].nunique()} units are known, "
        f"{known['status'].eq('derived').sum()} of them derived; {against} more contradicted and "
        "not counted. What is not known is not Poor."
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

    Parameters
    ----------
    area : str or list of str, optional
        Only these Areas, as for `ratings`; all of which anything is known, where not given.

    Examples
    --------
    >>> coverage_matrix("Leicestershire").frame.loc[0, "Ratings of parts"]
    '14 aspects'
    """
    opened = as_record(record)
    frame = describe.coverage_matrix(area, opened)
    cells = frame.drop(columns=["Area", "Round"])
    n = cells.melt()["value"].value_counts()
    known = int(n.drop([*MISSING.values()], errors="ignore").sum())
    words = (
        f"Something is known in {known:,} of {cells.size:,} cells. In "
        f"{n.get(MISSING['not_found'], 0):,} it was not found in the sources, in "
        f"{n.get(MISSING['not_in_framework'], 0):,} it is not in the framework, and "
        f"{n.get(MISSING['not_applicable'], 0):,} do not apply: the Area was not in being or was "
        "not inspected (such rounds share a row). None of them means Poor."
    )
    title = "What is known of each Area in each round"
    return Shown(frame, title, words, tiles=cells.columns, head=2, record=opened)


def recurring(framework: Wanted = describe.AREA_INSPECTIONS, record: RecordLike = None) -> Shown:
    """What recurs among the issues of several Areas.

    Parameters
    ----------
    framework : str or list of str, optional
        The frameworks whose issues are counted: those of the Area inspections since 2016, where not
        given; all, where None.
    """
    opened = as_record(record)
    rows = describe.recurring(framework, opened)
    n = int(rows["n_known"].max()) if len(rows) else 0
    headings = {"theme": "Theme", "n_areas": f"Areas (of {n})", "n_issues": "Issues"}
    words = (
        f"Issues are known of {n} Areas, and of most of them not all, so these are minimum "
        "figures. That an issue belongs to a theme is our judgement."
    )
    title = "Themes of issues to address"
    return shown(rows, headings | {"areas": "Which Areas"}, title, words, opened)


def evidence(theme: Wanted, kind: Wanted = None, record: RecordLike = None) -> Shown:
    """The evidence on a theme or several: what is said, in whose words, and where.

    Parameters
    ----------
    theme : str or list of str
        Identifiers or titles of themes.
    kind : str or list of str, optional
        Only these kinds of statement, as for `facts`.

    Examples
    --------
    >>> evidence(["disclosure", "victim_letters"]).title
    'Evidence: Victim letters and Disclosure'
    """
    opened = as_record(record)
    rows = theme_history(theme, opened)
    kinds = among("kind", kind, FACTS, "help(facts)")
    titles = opened.table("themes").set_index("theme_id")["title"]
    chosen = [one for one in titles.index if one in (choose("theme", theme, opened) or [])]
    rows = rows[rows["kind"].isin(kinds)] if kinds is not None else rows
    rows = rows.assign(
        when=dates(rows),
        kind=rows["kind"].map(FACTS).fillna(rows["kind"]),
        area=rows["area"].fillna("all Areas"),
        whose=whose_words(rows),
    )
    headings = {"when": "Date", "area": "Area", "kind": "Kind", "text": "What is said, in short"}
    if len(chosen) > 1:
        headings = {"theme": "Theme", **headings}
    pieces = count_of(len(rows), "piece")
    words = f"{pieces} of evidence. The link to the theme is our judgement."
    title = f"Evidence: {listed(titles[chosen].tolist())}"
    return shown(rows, headings | {"whose": "In whose words"}, title, words, opened, head=2)


def conflicts(area: Wanted = None, record: RecordLike = None) -> Shown:
    """Ratings on which sources do not agree, with both sides; none of them is counted.

    Parameters
    ----------
    area : str or list of str, optional
        Only these Areas, as for `ratings`.

    Examples
    --------
    >>> conflicts().frame[["Area", "One source says", "Another source says"]].values.tolist()
    [['Essex', 'Poor', 'Fair or Good']]
    """
    opened = as_record(record)
    rows = ratings(area, record=opened)
    rows = rows[rows["says_otherwise"].notna()].reset_index(drop=True)
    headings = {
        "area": "Area",
        "framework": "Framework",
        "label": "What is rated",
        "rating": "One source says",
    }
    rows = rows.assign(when=dates(rows))
    words = f"{count_of(len(rows), 'rating')}, shown with both sides and counted nowhere."
    title = "Ratings on which sources do not agree"
    return shown(rows, headings, title, words, opened, head=3)


def tensions(area: Wanted = None, record: RecordLike = None) -> Shown:
    """Statements of the documents that do not fit together, side by side, unsettled.

    Parameters
    ----------
    area : str or list of str, optional
        Only those about these Areas, as for `ratings`.
    """
    opened = as_record(record)
    rows, known = opened.table("tensions"), opened.once(joined_facts)
    known = known.drop_duplicates(["table", "row_id"]).set_index(["table", "row_id"])
    first, second = (
        known.reindex(pd.MultiIndex.from_frame(rows[[f"{side}_table", f"{side}_id"]])).set_axis(
            rows.index
        )
        for side in ("first", "second")
    )
    lines = [one["locator"] for one in (first, second)]
    same = first["source_id"].eq(second["source_id"]) & (lines[0] != lines[1]).fillna(False)
    both = first.assign(locator=lines[0] + ";" + lines[1])
    apart = zip(citations(first, opened), citations(second, opened), strict=True)
    cited = pd.Series(["\n".join(dict.fromkeys(pair)) for pair in apart], rows.index)
    frame = pd.DataFrame(
        {
            "Subject": rows["subject"],
            "One statement": first["text"],
            "Another statement": second["text"],
            "How they differ": rows["explanation"],
            "Date": [
                "\n".join(dict.fromkeys(pair))
                for pair in zip(dates(first), dates(second), strict=True)
            ],
            "Sources": citations(both, opened).where(same, cited),
        }
    )
    chosen = choose("area", area, opened)
    if chosen is not None:
        frame = frame[first["area_id"].isin(chosen) | second["area_id"].isin(chosen)]
    words = f"{count_of(len(frame), 'pair')}. The pairing is ours; each statement is its source's."
    return Shown(frame, "Statements that do not fit together", words, record=opened)


def comparisons(record: RecordLike = None) -> Shown:
    """What the results of each framework may be compared with, and what must not be done."""
    opened = as_record(record)
    rows = opened.table("frameworks")
    rows = rows.assign(kind=rows["measure_kind"].map(_MEASURES)).drop(columns="source_id")
    headings = {
        "short_title": "Framework",
        "kind": "What it gives",
        "may_be_compared_with": "May be compared with",
        "usage_warning": "Take care",
    }
    return shown(rows, headings, "What may be compared, and what may not", record=opened)


def comparisons_made(area: Wanted = None, record: RecordLike = None) -> Shown:
    """The inspectorate's own comparisons of its results, each with its source.

    Parameters
    ----------
    area : str or list of str, optional
        Only these Areas, as for `ratings`.
    """
    opened = as_record(record)
    rows = facts(area, kind="comparison", record=opened)
    findings = opened.table("findings").set_index("finding_id")
    told = findings.loc[rows["row_id"], ["direction", "comparator", "voice"]].set_axis(rows.index)
    rows = rows.assign(
        area=rows["area"].fillna("all"),
        when=dates(rows),
        how=told["direction"].fillna("not said"),
        against=told["comparator"].fillna("not said"),
        who=told["voice"].fillna(whose_words(rows)),
    )
    headings = {
        "area": "Area",
        "when": "Date",
        "what": "What was compared",
        "how": "Found to be",
        "against": "Against",
        "who": "In whose words",
    }
    words = (
        f"{count_of(len(rows), 'comparison')}, as the sources tell them; this workbook compares "
        "no ratings of two frameworks, because criteria, scales and Areas changed."
    )
    return shown(rows, headings, "Comparisons that the inspectorate made", words, opened, head=2)


def inspected(area: Wanted = None, record: RecordLike = None) -> Shown:
    """What was inspected, when, and under which framework: one row for each inspection.

    Parameters
    ----------
    area : str or list of str, optional
        Only these Areas, as for `ratings`; all, where not given.
    """
    opened = as_record(record)
    rows, frameworks = opened.table("inspections"), opened.table("frameworks")
    chosen = choose("area", area, opened)
    rows = rows if chosen is None else rows[rows["area_id"].isin(chosen)]
    place = pd.Index(frameworks["framework_id"]).get_indexer(rows["framework_id"])
    turn = pd.factorize(rows["area_id"])[0]
    rows = rows.assign(_turn=turn, _place=place).sort_values(["_turn", "_place"], kind="stable")
    of = look_up(rows["framework_id"], "frameworks", ["short_title", "measure_kind"], opened)
    rows = rows.assign(
        area=look_up(rows["area_id"], "areas", ["name"], opened)["name"],
        framework=of["short_title"],
        kind=of["measure_kind"].map(_MEASURES),
        fieldwork=_period(rows, "fieldwork"),
        data=_period(rows, "data"),
        published=in_words(rows["published"], "not found"),
    )
    headings = {
        "area": "Area",
        "framework": "Framework",
        "kind": "What it gives",
        "fieldwork": "Fieldwork",
        "published": "Published",
        "data": "Period of the data",
    }
    words = (
        f"{count_of(len(rows), 'inspection')} of {count_of(rows['area_id'].nunique(), 'unit')} "
        f"under {count_of(rows['framework_id'].nunique(), 'framework')}."
    )
    return shown(rows, headings, "Inspections and their frameworks", words, opened, head=2)


def _period(rows: pd.DataFrame, which: str) -> pd.Series:
    words = in_words(span(rows[f"{which}_from"], rows[f"{which}_to"]), "not stated")
    inferred = rows[f"{which}_basis"].eq("inferred").fillna(False).astype(bool)
    return words.where(~inferred, words + " (inferred)")


def sources(whole: bool = False, record: RecordLike = None) -> Shown:
    """The sources of what inspections found: who published what, when, and where it stands.

    Parameters
    ----------
    whole : bool
        Only the documents that were read as a whole, line by line.

    Examples
    --------
    >>> sources(whole=True).frame["Read"].unique().tolist()
    ['as a whole']
    """
    opened = as_record(record)
    rows = opened.table("sources")
    used = pd.concat([opened.table(name)["source_id"] for name in _STATED])
    rows = rows[rows["source_id"].isin(used)]
    if yes_or_no("whole", whole):
        rows = rows[rows["sha256"].notna()]
    n = rows["tier"].value_counts()
    by_tier = ", ".join(f"{TIERS[one]} {n[one]}" for one in TIERS if one in n)
    words = (
        f"{count_of(len(rows), 'source')} of what inspections found; "
        f"{rows['sha256'].notna().sum()} read line by line. Published by: {by_tier}. "
        "Sources of names and borders alone are left out."
    )
    address = addresses(rows, opened)
    frame = pd.DataFrame(
        {
            "Title": rows["title"],
            "Publisher": rows["publisher"],
            "Published by": rows["tier"].map(TIERS),
            "Date": in_words(rows["published"], "not found"),
            "Read": rows["sha256"].notna().map({True: "as a whole", False: "for single facts"}),
            "Online": address.notna().map({True: "yes", False: "not available online"}),
            "Identifier": rows["source_id"],
        }
    )
    return Shown(frame, "Sources", words, links={"Title": address}, record=opened)


def unread(record: RecordLike = None) -> Shown:
    """Full reports that are known to exist and were not read, and what each would close.

    Examples
    --------
    >>> unread().frame.columns.tolist()
    ['Report', 'What it would close']
    """
    opened = as_record(record)
    rows = opened.table("unread_reports")
    frame = pd.DataFrame({"Report": rows["title"], "What it would close": rows["closes"]})
    words = f"{count_of(len(rows), 'report')}; each is known from a page that names it."
    links = {"Report": rows["address"]}
    return Shown(frame, "Reports not read", words, links=links, record=opened)


def glossary(record: RecordLike = None) -> Shown:
    """Programmes, schemes, groups and terms of the documents, with what they are, in our words.

    Examples
    --------
    >>> glossary().frame.loc[0, ["Term", "In full"]].tolist()
    ['AAP', 'Area Assurance Programme']
    """
    opened = as_record(record)
    rows = opened.table("programmes").drop_duplicates("programme_id")
    letters = rows["abbreviation"]
    frame = pd.DataFrame(
        {
            "Term": letters.fillna(rows["name"]),
            "In full": rows["name"].where(letters.notna(), ""),
            "What it is, in our words": rows["what"],
        }
    ).sort_values("Term", key=lambda terms: terms.str.lower(), kind="stable")
    return Shown(frame, "Glossary", record=opened)


def tables(record: RecordLike = None) -> Shown:
    """The tables of the record: what one row is, how many there are, and the file.

    Examples
    --------
    >>> tables().frame["File"].str.endswith(".csv").all()
    np.True_
    """
    rows = all_tables(record)
    described = [table(name) for name in rows["name"]]
    frame = pd.DataFrame(
        {
            "Table": rows["title"],
            "File": [one.file for one in described],
            "Rows": rows["rows"],
            "Columns": rows["columns"],
            "What it holds": [one.description for one in described],
        }
    )
    words = f"{count_of(len(frame), 'table')} with {int(rows['rows'].sum()):,} rows in all."
    return Shown(frame, "The tables", words)
