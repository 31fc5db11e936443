"""Crosswalks in the Simple Standard for Sharing Ontological Mappings (SSSOM), and back.

What SSSOM has a slot for goes there, everything else into extension slots that the header declares.
Cardinality and labels are computed for the file and never read from it.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import Any
from urllib.parse import quote as percent_encoded

import numpy as np
import pandas as pd

from hmcpsi_data.errors import UnknownValueError, quote
from hmcpsi_data.method import links
from hmcpsi_data.tables.description import package

NO_TERM = "sssom:NoTermFound"
_BUILT_IN = {
    "linkml": "https://w3id.org/linkml/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_BASE = "https://hmcpsi-data.invalid/"  # it leads nowhere, and is nobody else's
_PREFIXES = {f"workbook_{kind}": f"{_BASE}{kind}/" for kind in ("aspect", "set", "slot")}

# status and relation: the predicate, which is read as the first that has it. What is undetermined
# claims no mapping, a remainder no exact match, and no counterpart is found by any relation.
_PREDICATES: dict[tuple[str | None, str | None], str] = {
    ("mapped", "equal"): "skos:exactMatch",
    ("mapped", "source_within_target"): "skos:broadMatch",
    ("mapped", "source_contains_target"): "skos:narrowMatch",
    ("mapped", "overlaps"): "skos:relatedMatch",
    ("mapped", "undetermined"): "skos:mappingRelation",
    ("undetermined", "undetermined"): "rdfs:seeAlso",
    ("remainder", None): "skos:exactMatch",
    ("no_counterpart", None): "skos:mappingRelation",
}
# column of a crosswalk: the slot of SSSOM, which holds a text, several values or a whole day
_SLOTS = {
    "justification": ("comment", "text"),
    "curated_by": ("author_label", "values"),
    "reviewed_by": ("reviewer_label", "values"),
    "curation_rule": ("curation_rule_text", "values"),
    "curated_on": ("mapping_date", "day"),
    "reviewed_on": ("review_date", "day"),
}
_ORDER = [
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "author_label", "reviewer_label", "subject_source", "object_source",
    "mapping_cardinality", "mapping_date", "review_date", "curation_rule_text", "comment",
]  # fmt: skip
_REQUIRED = ["subject_id", "predicate_id", "object_id", "mapping_justification"]
_CURIES = ["subject_id", "object_id", "mapping_justification"]
_SOURCES = ["subject_source", "object_source"]
_PROPAGATED = [*_SOURCES, "curation_rule_text", "mapping_date"]  # of the header, to each mapping
_LONGEST_HEADER = 100_000  # characters: reading YAML takes its time

Header = dict[str, Any]
Fault = tuple[int | None, str, str]  # the line, the problem, the remedy


def _expanded(curie: str, known: dict[str, str]) -> str:
    prefix, _, name = curie.partition(":")
    return known.get(prefix, f"{prefix}:") + name


# by predicate, as an address, its first status and relation
_READ_AS = {_expanded(curie, _BUILT_IN): of for of, curie in reversed(_PREDICATES.items())}


def cardinality(found: pd.DataFrame) -> pd.Series:
    """The cardinality of each mapping among the others; ``sssom:NoTermFound`` is 0."""
    ends = found[["subject_id", "object_id"]]
    lost = ends.isin([NO_TERM])
    real = ends[~lost.any(axis=1)]
    n_objects, n_subjects = (
        real.groupby(side)[other].transform("nunique").reindex(found.index, fill_value=1)
        for side, other in (("subject_id", "object_id"), ("object_id", "subject_id"))
    )
    left = np.select([lost["subject_id"], n_subjects > 1], ["0", "n"], "1")
    right = np.select([lost["object_id"], n_objects > 1], ["0", "n"], "1")
    return pd.Series(left, found.index, dtype="string") + ":" + right


def mappings(parts: links.Parts) -> pd.DataFrame:
    """The rows of a valid crosswalk as SSSOM mappings, in their order."""
    frame = parts.frame
    judged = zip(frame["status"], frame["relation"].astype(object), strict=True)
    chained = frame["curation_rule"].eq(links.COMPOSED).fillna(False)
    justified = np.where(chained, "semapv:MappingChaining", "semapv:ManualMappingCuration")
    made = pd.DataFrame(
        {
            "predicate_id": [_PREDICATES[s, None if pd.isna(r) else r] for s, r in judged],
            "mapping_justification": justified,
            **{slot: frame[name] for name, (slot, _) in _SLOTS.items()},
            **{f"ext_{name}": frame[name] for name in _extensions()},
        }
    ).astype("string")
    sides = ("subject", parts.sources), ("object", parts.targets)
    for (side, aspects), end, set_of in zip(sides, links.ENDS, links.SETS, strict=True):
        made[f"{side}_id"] = ("workbook_aspect:" + frame[end]).fillna(NO_TERM)
        made[f"{side}_label"] = frame[end].map(aspects.set_index("aspect_id")["label"])
        made[f"{side}_source"] = "workbook_set:" + frame[set_of]
    for slot, kind in _SLOTS.values():
        if kind == "values":  # a bar stands between two of them
            made[slot] = made[slot].str.replace(r"([\\|])", r"\\\1", regex=True)
        elif kind == "day":  # SSSOM knows no other dates
            made[slot] = made[slot].where(made[slot].str.fullmatch(r"\d{4}-\d{2}-\d{2}").eq(True))
    made["mapping_cardinality"] = cardinality(made)
    return made[[*_ORDER, *(f"ext_{name}" for name in _extensions())]].astype("string")


def _extensions() -> list[str]:
    """Columns of a crosswalk that travel in extension slots, sorted as SSSOM wants them."""
    kept = {name for name, (_, kind) in _SLOTS.items() if kind != "day"}
    return sorted({*links.columns()} - {*links.SETS, *links.ENDS} - kept)


def to_sssom(parts: links.Parts, shipped: bool) -> str:
    """The text of the file of a valid crosswalk, as `Crosswalk.to_sssom` describes."""
    import yaml  # only SSSOM needs it

    made, described = mappings(parts), package()
    old, new = map(str, links.set_pair(parts.frame))
    whose = "this project's own judgement" if shipped else "the judgement of those who made them"
    days = made[["mapping_date", "review_date"]].max().dropna()
    made = made.dropna(axis=1, how="all")
    used = [name for name in _extensions() if f"ext_{name}" in made]
    number = {"type_hint": "xsd:double"}
    header: Header = {
        "sssom_version": "1.1",
        "curie_map": _PREFIXES,
        "mapping_set_id": f"{_BASE}crosswalk/{percent_encoded(old, '')}/{percent_encoded(new, '')}",
        "mapping_set_version": described["version"] if shipped else None,
        "mapping_set_title": f"Crosswalk from {old} to {new}",
        "mapping_set_description": f"The links are {whose} and no finding of the inspectorate.",
        "creator_label": parts.frame["curated_by"].dropna().unique().tolist(),
        "license": described["licenses"][0]["path"],
        "publication_date": days.max() if len(days) else None,
        "comment": described["attribution"],
        "extension_definitions": [
            {"slot_name": f"ext_{name}", "property": f"workbook_slot:{name}"}
            | (number if name in links.SHARES else {})
            for name in used
        ],
    }
    given = {slot: value for slot, value in header.items() if value}
    text = yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=10**6)
    lines = "".join(f"#{line}\r\n" for line in text.rstrip("\n").split("\n"))
    return lines + delimited(made, "\t")


def delimited(frame: pd.DataFrame, separator: str) -> str:
    """The text of a CSV or TSV file; with these ends of lines every odd cell is quoted."""
    return frame.astype("string").to_csv(sep=separator, index=False, lineterminator="\r\n")


def from_sssom(name: str, data: bytes) -> pd.DataFrame:
    """The table of the crosswalk in a file, as `Crosswalk.from_sssom` describes."""
    header, found = read_mappings(name, data)
    faults: list[Fault] = []
    known = _BUILT_IN | (header.get("curie_map") or {})
    for slot in (slot for slot in _SOURCES if slot not in found):
        problem = f"{slot} stands neither in the header nor in a column."
        faults.append((None, problem, f"Write {slot}: the set, into the header."))
        found[slot] = ""  # told once
    linked = {*found.loc[found["object_id"].ne(NO_TERM).fillna(False), "subject_id"].dropna()}
    prefixes = pd.concat([found[slot] for slot in _CURIES]).dropna().sort_index(kind="stable")
    prefixes = prefixes.str.split(":").str[0].drop_duplicates()
    for line, prefix in prefixes[~prefixes.isin([*known])].items():
        problem = f"The prefix {quote(prefix)} is not declared."
        faults.append((line, problem, "Add it to curie_map in the header."))
    rows = []
    for line, cells in zip(found.index, links.plain_rows(found), strict=True):
        given = {slot: cell for slot, cell in cells.items() if cell is not None}
        wrong = [(line, *told) for told in _contradictions(given, known)]
        faults += wrong
        if not wrong:
            rows.append(_row(given, known, given["subject_id"] in linked))
    _refuse(name, faults)
    return pd.DataFrame(rows, columns=links.columns(), dtype=object)


def read_mappings(name: str, data: bytes) -> tuple[Header, pd.DataFrame]:
    """The header of a file and its mappings, all text, with the line of each as the index."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        _refuse(name, [(1, f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.")])
    n_header = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = _header(name, lines[:n_header])
    found = _table(name, "\n".join(lines[n_header:]), n_header + 1)
    for slot in (slot for slot in _PROPAGATED if slot in header and slot not in found):
        values = header[slot] if isinstance(header[slot], list) else [header[slot]]
        if all(isinstance(value, str) for value in values):
            found[slot] = "|".join(values) or None
    return header, found


def _refuse(name: str, faults: Sequence[Fault]) -> None:
    if faults:
        raise links.refusal(f"{name} cannot be read as a crosswalk.", faults, counted="line")


def _header(name: str, lines: list[str]) -> Header:
    import yaml  # only SSSOM needs it

    text = dedent("\n".join(line[1:].rstrip() for line in lines))
    try:
        fault = f"longer than {_LONGEST_HEADER:,} characters"
        if len(text) <= _LONGEST_HEADER:  # texts, and lists and dictionaries of them
            header = yaml.load(text, yaml.BaseLoader) or {}
            fault = "" if isinstance(header, dict) else "no list of slots"
    except RecursionError:
        fault = "nested too deeply"
    except yaml.YAMLError as error:
        fault = f"no YAML ({getattr(error, 'problem', None) or 'unreadable'})"
    if fault:
        remedy = "Write each slot that the mappings need as name: value."
        _refuse(name, [(1, f"The header is {fault}.", remedy)])
    _refuse(name, list(_wrong_slots(header)))
    return {slot: "" if value in ("null", "~") else value for slot, value in header.items()}


def _wrong_slots(header: Header) -> Iterator[Fault]:
    """Slots that mappings are read with and that are of another kind."""
    addresses = header.get("curie_map") or {}
    if not isinstance(addresses, dict) or not all(isinstance(a, str) for a in addresses.values()):
        problem = "curie_map is no mapping of prefixes to addresses."
        yield 1, problem, "Put each prefix on a line of its own below it, as prefix: address."
        return
    for prefix in (p for p in _BUILT_IN if addresses.get(p, _BUILT_IN[p]) != _BUILT_IN[p]):
        bound = f"bound to {quote(addresses[prefix])}, and the standard binds it to"
        problem = f"The prefix {prefix} is {bound} {_BUILT_IN[prefix]}."
        yield 1, problem, "Correct the address, or give another prefix."


def _table(name: str, text: str, start: int) -> pd.DataFrame:
    """The mappings, with the lines on which they start as the index."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    names: list[str] = []
    rows: dict[int, list[str]] = {}
    faults, line = [], start
    try:
        for row in reader:
            if not names:
                names = row
            elif row and len(row) != len(names):
                problem = f"The line has {len(row)} cells, the header of the table {len(names)}."
                faults.append((line, problem, "Put one tab between two cells."))
            elif row:
                rows[line] = row
            line = start + reader.line_num
    except csv.Error as error:
        faults.append((line, f"The line cannot be read ({error}).", "Close every quote."))
    for slot in (slot for slot in _REQUIRED if slot not in names):
        faults.append((start, f"The column {quote(slot)} is missing.", "Every mapping has it."))
    if len(set(names)) < len(names):
        faults.append((start, "A column is there twice.", "Keep one of them."))
    _refuse(name, faults)
    found = pd.DataFrame.from_dict(rows, "index", columns=names, dtype="string")
    return found.replace("", pd.NA)


def _contradictions(given: dict[str, str], known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What keeps a mapping from being a row of a crosswalk, each with a remedy."""
    for slot in (slot for slot in (*_REQUIRED, *_SOURCES) if slot not in given):
        yield f"{slot} is empty.", "Fill it, as prefix:name."
    if "predicate_modifier" in given:
        yield "The mapping is negated.", "Remove it; a crosswalk lists what is linked."
    predicate = given.get("predicate_id", "")
    expected = _PREDICATES.get((given.get("ext_status"), given.get("ext_relation")))
    if predicate and _expanded(predicate, known) not in _READ_AS:
        ours = dict.fromkeys(_PREDICATES.values())
        error = UnknownValueError("predicate_id", predicate, ours, "help(Crosswalk.from_sssom)")
        yield str(error), "What it means for ratings is for its author to say."
    elif predicate and expected and _expanded(predicate, known) != _expanded(expected, _BUILT_IN):
        problem = f"{predicate} does not go with ext_status and ext_relation."
        yield problem, f"Write {expected}, or correct these."


def _row(given: dict[str, str], known: dict[str, str], linked: bool) -> dict[str, str | None]:
    """One mapping as a row of a crosswalk: as the extensions say, else as the predicate does."""
    status, relation = _READ_AS[_expanded(given["predicate_id"], known)]
    if NO_TERM in (given["subject_id"], given["object_id"]):
        rest = given["object_id"] == NO_TERM and linked
        status, relation = "remainder" if rest else "no_counterpart", None
    if "ext_status" in given:
        status, relation = given["ext_status"], given.get("ext_relation")
    row = {name: given.get(f"ext_{name}") for name in _extensions()}
    for name, (slot, kind) in _SLOTS.items():
        text = given.get(slot, "")
        if kind == "values":  # several as one text, without what was escaped in it
            text = re.sub(r"\\([\\|])|(\|)", lambda bar: bar[1] or "; ", text)
        row[name] = row.get(name) or text
    row |= {"status": status, "relation": relation}
    named = [*zip(links.SETS, _SOURCES, strict=True), *zip(links.ENDS, _CURIES, strict=False)]
    for name, curie in ((name, given[slot]) for name, slot in named if given[slot] != NO_TERM):
        address = _expanded(curie, known)
        ours = next((base for base in _PREFIXES.values() if address.startswith(base)), None)
        row[name] = address.removeprefix(ours) if ours else curie  # others keep theirs
    return row
