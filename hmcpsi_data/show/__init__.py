"""Tables to read in a notebook, as HTML with words, sources and links; as plain text elsewhere."""

from typing import Any

import pandas as pd

from hmcpsi_data.documents.document import Document
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.html import Shown
from hmcpsi_data.method.compare import changes as what_changes
from hmcpsi_data.method.compare import compare
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import facts, joined_facts, theme_history
from hmcpsi_data.record.filters import Wanted, among, choose, only
from hmcpsi_data.record.joins import look_up, span
from hmcpsi_data.record.ratings import ratings, undisputed
from hmcpsi_data.record.sources import lines_in_words
from hmcpsi_data.show.area_page import AreaPage, area
from hmcpsi_data.show.sourced import asked_for, conflicts, dates, shown, tensions, whose_words
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.record import tables as all_tables
from hmcpsi_data.words import BASES, FACTS, MISSING, POLARITIES, TIERS, count_of, listed

__all__ = [
    "AreaPage", "Shown", "area", "changes", "claims", "comparisons", "comparisons_made",
    "conflicts", "coverage_matrix", "evidence", "findings", "glossary",
    "numbers", "record", "recurring", "reliability", "sensitivity", "tables", "tensions", "unread",
]  # fmt: skip

_GIVES = {
    "rating": "quality on a scale",
    "progress": "progress on a scale",
    "percentage": "percentages",
    "narrative": "words, no ratings",
}


def record(record: RecordLike = None) -> Shown:
    """How much the tables hold of each framework, from overall ratings to numbers."""
    opened = as_record(record)
    frameworks, stated = opened.table("frameworks"), opened.once(joined_facts)
    known = coverage(record=opened)
    against = int(known["status"].eq("contradicted").sum())
    known = only(known, {"status": ["stated", "derived"]})
    is_overall, is_sector = known["level"].eq("overall"), known["kind"].eq("sector")
    # an issue to which a source holds two Areas, as Merseyside and Cheshire in 2010, counts once
    issues = only(stated, {"kind": ["issue"]}).drop_duplicates(["source_id", "locator", "what"])

    def number(rows: pd.DataFrame) -> pd.Series:
        n = frameworks["framework_id"].map(rows["framework_id"].value_counts())
        return n.astype("Int64").astype("string")

    of_units = (" of " + frameworks["n_units"].astype("string")).fillna("")
    sectors = ("; " + number(known[is_sector]) + " sectors").fillna("")
    columns = {
        "Framework": frameworks["short_title"],
        "Overall ratings": number(known[is_overall & ~is_sector]) + of_units + sectors,
        "Ratings of parts": number(known[~is_overall]),
        "Progress": number(only(stated, {"kind": ["progress"]})),
        "Issues": number(issues),
        "Findings": number(only(stated, {"kind": ["finding", "comparison"]})),
        "Numbers": number(only(stated, {"kind": ["measure"]})),
    }
    followed = asked_for(opened.table("actions").dropna(subset="progress"))
    n, derived = known["area_id"].nunique(), known["status"].eq("derived").sum()
    words = (
        f"{len(known):,} ratings of {n} units are known, {derived} of them derived; {against} more "
        f"contradicted and not counted. Progress was rated on {listed(followed) or 'nothing'}. "
        "What is not known is not Poor."
    )
    frame = pd.DataFrame(columns).fillna("none")
    return Shown(frame, "What the record holds of each framework", words)


def reliability(record: RecordLike = None) -> Shown:
    """Whose publication the ratings that count rest on, and how it carries them."""
    rows = undisputed(ratings(record=record)).dropna(subset="rating")
    tier = pd.Categorical(rows["tier"].map(TIERS), [*TIERS.values()])
    basis = pd.Categorical(rows["basis"].map(BASES), [*BASES.values()])
    frame = pd.crosstab(tier, basis, rownames=["Published by"], colnames=[None])
    frame = frame.rename(index=str, columns=str).assign(all=frame.sum(axis=1)).reset_index()
    words = f"{len(rows):,} ratings that count, each once, however many sources give it."
    note = (
        "Stated in prose: a sentence says it. Second hand: a later document repeats it. Derived: "
        "it follows from what sources state, and nobody printed it."
    )
    return Shown(frame, "What the ratings rest on", words, note)


def coverage_matrix(area: Wanted = None, record: RecordLike = None) -> Shown:
    """How much is known, by Area, round and kind of measure, and why the rest is not."""
    opened = as_record(record)
    rows = coverage(by="measure", record=opened)
    known = rows["status"].eq("known")
    told = rows["n"].astype("string").where(known, rows["status"].replace(MISSING))
    heading = rows["measure"].str.replace("_", " ").str.capitalize()
    rows = rows.assign(told=told, heading=heading, Area=rows["area"], Round=rows["round"])
    chosen = rows.loc[known, "area_id"].unique().tolist()
    rows = only(rows, {"area_id": chosen if area is None else choose("area", area, opened)})
    keys = ["area_id", "Area", "framework_id", "Round", "heading"]
    frame = rows.set_index(keys)["told"].unstack(sort=False).rename_axis(columns=None)
    frame = frame.reset_index().drop(columns=["area_id", "framework_id"])
    words = "A number is how many are known; a word says why none is. None of them means Poor."
    title = "What is known of each Area in each round"
    return Shown(frame, title, words, tiles=frame.columns[2:], head=2, record=opened)


def recurring(record: RecordLike = None) -> Shown:
    """What recurs among the issues of several Areas in the Area inspections since 2016."""
    opened = as_record(record)
    since_2016 = ["aap_pilot_2016", "aap_2016", "aip_2021"]
    issues = facts(kind="issue", framework=since_2016, record=opened)
    issues = issues[look_up(issues["area_id"], "areas", "kind", opened).eq("area")]
    links = issues.merge(opened.table("evidence")[["theme_id", "table", "row_id"]])
    rows = links.groupby("theme_id", as_index=False).agg(
        n_areas=("area", "nunique"),
        n_issues=("row_id", "nunique"),
        areas=("area", lambda names: ", ".join(sorted(names.unique()))),
    )
    rows["theme"] = look_up(rows["theme_id"], "themes", "title", opened)
    rows = rows.sort_values(["n_areas", "n_issues", "theme"], ascending=[False, False, True])
    n = issues["area"].nunique()
    frame = rows[["theme", "n_areas", "n_issues", "areas"]]
    frame.columns = ["Theme", f"Areas (of {n})", "Issues", "Which Areas"]
    words = (
        f"Issues are known of {n} Areas, and of most of them not all, so these are minimum "
        "figures. That an issue belongs to a theme is our judgement."
    )
    return Shown(frame, "Themes of issues to address", words)


def evidence(theme: Wanted, record: RecordLike = None) -> Shown:
    """The evidence on a theme or several: what is said, in whose words, and where."""
    opened = as_record(record)
    rows = theme_history(theme, opened).sort_values("date", kind="stable")
    sided = rows["kind"].isin(["finding", "progress", "direction"])
    side = (": " + rows["value"]).where(sided).fillna("")
    columns = {
        "Date": dates(rows),
        "Area": rows["area"].fillna("all Areas"),
        "Kind": rows["kind"].map(FACTS).fillna(rows["kind"]) + side,
        "What is said, in short": rows["text"],
        "In whose words": whose_words(rows),
    }
    words = f"{count_of(len(rows), 'piece')} of evidence. The link to the theme is our judgement."
    title = f"Evidence: {listed(sorted(rows['theme'].unique()))}"
    return shown(columns, rows, title, words, opened, head=2)


def comparisons(record: RecordLike = None) -> Shown:
    """What the results of each framework may be compared with, and what must not be done."""
    rows = as_record(record).table("frameworks")
    columns = {
        "Framework": rows["short_title"],
        "What it gives": rows["measure_kind"].map(_GIVES),
        "May be compared with": rows["may_be_compared_with"],
        "Take care": rows["usage_warning"],
    }
    return Shown(columns, "What may be compared, and what may not")


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


def unread(record: RecordLike = None) -> Shown:
    """Full reports that are known to exist and were not read, and what each would close."""
    rows = as_record(record).table("unread_reports")
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


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> Shown:
    """Strengths, weaknesses and context of an inspection in words; none of them is a rating.

    >>> findings("leicestershire_opa_2005", "mixed").frame["Finding"].tolist()
    ['Mixed outcomes of cases with advice before charge']
    """
    columns = ["direction", "comparator", "voice"]
    rows, title, opened = _of_one(inspection, "findings", columns, record)
    known = dict(zip(POLARITIES, POLARITIES, strict=True))
    rows = only(rows, {"value": among("polarity", polarity, known, 'codebook("findings")')})
    against = rows["direction"] + (" than " + rows["comparator"]).fillna("")
    n = rows["value"].value_counts()
    told = ", ".join(f"{n[one]} {one}" for one in POLARITIES if one in n)
    cells = {
        "Finding": rows["what"],
        "Kind": rows["value"],
        "Compared with": against.str.replace(r"(ed) than", r"\1 since", regex=True),
        "In whose words": whose_words(rows),
    }
    words = f"{told or 'No finding'}. A finding in words is not a rating."
    return shown(cells, rows, f"Findings in words: {title}", words, opened)


def numbers(inspection: str, record: RecordLike = None) -> Shown:
    """The numbers that stand in the publication of one inspection."""
    columns = ["value", "unit", "value_as_printed", "comparator", "period"]
    rows, title, opened = _of_one(inspection, "measures", columns, record)
    number, when = rows["value"].astype(object), dates(rows)
    period = rows["period"].fillna("not stated; " + when)  # in place of a column of dates
    cells = {
        "What": rows["what"],
        "Number": number.where(number.notna(), "given in words"),
        "Unit": rows["unit"],
        "As printed": rows["value_as_printed"],
        "Compared with": rows["comparator"],
        "Period": when.where(rows["date_kind"].eq("stated"), period),
    }
    words = f"{count_of(len(rows), 'number')}. A number is not a rating."
    return shown(cells, rows.drop(columns="date_kind"), f"Numbers: {title}", words, opened)


def _of_one(
    inspection: str, name: str, columns: list[str], record: RecordLike
) -> tuple[pd.DataFrame, str, Record]:
    """What a table states of one inspection, with more of its columns; its title; the record."""
    opened = as_record(record)
    titles: Any = opened.table("inspections").set_index("inspection_id")["title"].to_dict()
    chosen = among("inspection", [inspection], titles, 'load("inspections")') or []
    rows = only(opened.once(joined_facts), {"table": [name], "inspection_id": chosen})
    rows = rows.assign(**look_up(rows["row_id"], name, columns, opened)).reset_index(drop=True)
    return rows, listed([titles[one] for one in chosen]), opened


def sensitivity(
    crosswalk: Crosswalk, ratings: pd.DataFrame, draws: int = 10_000, record: RecordLike = None
) -> Shown:
    """For which new aspects the middle of the old ratings depends on how the shares are drawn."""
    drawn = _checked(crosswalk).sensitivity(ratings, draws)
    rows = drawn[drawn[["lower_median", "upper_median"]].max(axis=1) > 0]
    several = rows[rows["target"].duplicated(keep=False)]
    headings = {"target": "New aspect", "label": "Middle", "lower_median": "Draws"}
    if several["lower_median"].ne(several["upper_median"]).any():
        headings |= {"lower_median": "Draws, lower middle", "upper_median": "Draws, upper middle"}
    frame = several[[*headings]].rename(columns=headings)
    n, moved = (one["target_aspect_id"].nunique() for one in (drawn, several))
    words = f"In {draws:,} draws the middle changes for {moved} of {count_of(n, 'new aspect')}."
    title = "Where the middle of the old ratings depends on the shares"
    return Shown(frame, title, words, tiles=["Middle"], record=as_record(record))


def changes(crosswalk: Crosswalk, other: Crosswalk, record: RecordLike = None) -> Shown:
    """What another crosswalk between the same sets changes in the comparison of ratings.

    >>> shipped = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
    >>> changes(shipped, shipped).words
    'Nothing changes.'
    """
    sets = [(_checked(one).source_set, one.target_set) for one in (crosswalk, other)]
    if sets[0] != sets[1]:
        raise HmcpsiError("The two crosswalks are about other sets. Take one pair of sets.")
    before, after = (compare(*sets[0], crosswalk=one, record=record) for one in (crosswalk, other))
    rows = what_changes(before, after)
    columns = {
        "New aspect": rows["target"],
        "With the first": _ranges(rows, ""),
        "With the other": _ranges(rows, "_after"),
        "Verdict, first": rows["verdict"],
        "Verdict, other": rows["verdict_after"],
    }
    come = "comes" if len(rows) == 1 else "come"
    words = f"{len(rows)} of {count_of(len(before), 'new aspect')} {come} out differently."
    words = words if len(rows) else "Nothing changes."
    return Shown(columns, "What the other crosswalk changes", words)


def _ranges(rows: pd.DataFrame, end: str) -> pd.Series:
    whole = span(rows[f"worst{end}"], rows[f"best{end}"]).fillna("not known")
    middle = span(rows[f"lower_median{end}"], rows[f"upper_median{end}"]).fillna("not known")
    links = rows[f"n_links{end}"].map(lambda n: count_of(int(n), "link"))
    return whole + ", middle " + middle + ", " + links


def claims(document: Document) -> Shown:
    """What `read_document` read: each row, and what was left for a person to judge."""
    if not isinstance(document, Document):
        raise HmcpsiError("Give claims what read_document returns.")
    found = document.claims
    columns = {
        "What": found["what"],
        "Value": found["value"],
        "Table": found["table"],
        "Lines": found["locator"].map(lines_in_words, na_action="ignore"),
        "Read as": found["certain"].map({True: "certain", False: "doubtful"}),
        "Why": found["why"],
    }
    n = int(found["certain"].sum())
    left = count_of(len(found) - n, "claim")
    words = f"{count_of(n, 'row')} read, {left} left for a person to judge."
    return Shown(columns, f"What was read from {document.name}", words, tiles=["Value"])


def _checked(crosswalk: Crosswalk) -> Crosswalk:
    if not isinstance(crosswalk, Crosswalk):
        raise HmcpsiError("Give a Crosswalk, such as Crosswalk.load(old set, new set).")
    return crosswalk
