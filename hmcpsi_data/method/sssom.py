"""Crosswalks in the Simple Standard for Sharing Ontological Mappings (SSSOM), and back.

A file has a header in YAML, each line behind a ``#``, and then a table with tabs. What SSSOM has a
slot for goes there; everything else travels in extension slots that the header declares, so that
nothing is lost. The predicate follows from the relation. An aspect without counterpart is mapped to
``sssom:NoTermFound`` by ``skos:mappingRelation``: nothing is found by any relation. A remainder
says only that there is no exact match, and what is undetermined uses ``rdfs:seeAlso``, which claims
no mapping. Identifiers get addresses that end in ``.invalid``: they lead nowhere, and they are
nobody else's.

Cardinality, predicate and labels are computed for the file and never read from it. A predicate that
contradicts the relation beside it, or that is none of these, is an error: what somebody else means
by it is not ours to judge.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote as percent_encoded

import numpy as np
import pandas as pd

from hmcpsi_data.errors import UnknownValueError, quote
from hmcpsi_data.method import links
from hmcpsi_data.method.compose import COMPOSED
from hmcpsi_data.method.files import delimited
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
_BASE = "https://hmcpsi-data.invalid/"
_PREFIXES = {
    "workbook_aspect": f"{_BASE}aspect/",
    "workbook_set": f"{_BASE}set/",
    "workbook_slot": f"{_BASE}slot/",
}
_PREDICATES = {
    "equal": "skos:exactMatch",
    "source_within_target": "skos:broadMatch",
    "source_contains_target": "skos:narrowMatch",
    "overlaps": "skos:relatedMatch",
    "undetermined": "skos:mappingRelation",
}
_OF_STATUS = {
    "remainder": "skos:exactMatch",
    "no_counterpart": "skos:mappingRelation",
    "undetermined": "rdfs:seeAlso",
}
_KNOWN = dict.fromkeys([*_PREDICATES.values(), *_OF_STATUS.values()])

# columns of a crosswalk that SSSOM has a slot for; those of the second group hold several values
_SLOTS = {"justification": "comment"}
_LISTS = {
    "curated_by": "author_label",
    "reviewed_by": "reviewer_label",
    "curation_rule": "curation_rule_text",
}
_DAYS = {"curated_on": "mapping_date", "reviewed_on": "review_date"}
_ORDER = [
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "author_label", "reviewer_label", "subject_source", "object_source",
    "mapping_cardinality", "mapping_date", "review_date", "curation_rule_text", "comment",
]  # fmt: skip
_REQUIRED = ["subject_id", "predicate_id", "object_id", "mapping_justification"]
_SOURCES = ("subject_source", "object_source")
# slots of the header that are given to each mapping
_PROPAGATED = (*_SOURCES, "curation_rule_text", "mapping_date")

_LONGEST_HEADER = 100_000  # characters: reading YAML takes its time
_DEEPEST = 11

Header = dict[str, Any]
Fault = tuple[int | None, str, str]  # the line, the problem, the remedy


# What a mapping is -------------------------------------------------------------------------------


def cardinality(found: pd.DataFrame, scope: Sequence[str] = ()) -> pd.Series:
    """The cardinality of each mapping among the others, as SSSOM defines it.

    1:1, 1:n (the subject has several objects), n:1 (the object has several subjects) or n:n; 1:0,
    0:1 and 0:0 where one side is ``sssom:NoTermFound``, which counts for no other mapping. Only
    mappings that agree in the slots of the scope are counted together.
    """
    for slot in scope:
        if slot not in found:
            raise UnknownValueError("scope", slot, found.columns, "Crosswalk.cardinality()")
    ends = {side: _entity(found, side) for side in ("subject", "object")}
    lost, new = (ends[side].eq(NO_TERM).to_numpy(dtype=bool) for side in ("object", "subject"))
    real = found[list(scope)].assign(**ends)[~(lost | new)]
    several = {
        side: real.groupby([*scope, side], dropna=False)[other].transform("nunique").gt(1)
        for side, other in (("subject", "object"), ("object", "subject"))
    }
    label = np.where(several["object"], "n:", "1:") + np.where(several["subject"], "n", "1")
    one_sided = pd.Series(np.where(new, "0:", "1:") + np.where(lost, "0", "1"), index=found.index)
    one_sided[~(lost | new)] = label
    return one_sided.astype("string").rename("mapping_cardinality")


def _entity(found: pd.DataFrame, side: str) -> pd.Series:
    """What stands on one side: an identifier or, of a literal, its label."""
    ids = found[f"{side}_id"].astype("string")
    return ids.fillna(found[f"{side}_label"]) if ids.isna().any() else ids


def mappings(parts: links.Parts) -> pd.DataFrame:
    """The rows of a valid crosswalk as SSSOM mappings, in their order."""
    frame = parts.frame
    sides = dict(zip(("subject", "object"), (parts.sources, parts.targets), strict=True))
    slots: dict[str, Any] = {
        "predicate_id": frame["status"].map(_OF_STATUS).fillna(frame["relation"].map(_PREDICATES)),
        "mapping_justification": np.where(
            frame["curation_rule"].eq(COMPOSED).fillna(False),
            "semapv:MappingChaining",
            "semapv:ManualMappingCuration",
        ),
        **{slot: frame[name].map(_escaped, na_action="ignore") for name, slot in _LISTS.items()},
        **{slot: _days(frame[name]) for name, slot in _DAYS.items()},
        **{slot: frame[name] for name, slot in _SLOTS.items()},
        **{f"ext_{name}": frame[name].astype("string") for name in _extensions()},
    }
    for (side, aspects), end, set_id in zip(
        sides.items(), links.ENDS, links.set_pair(frame), strict=True
    ):
        labels = frame[end].map(aspects.set_index("aspect_id")["label"])
        slots |= {
            f"{side}_id": ("workbook_aspect:" + frame[end]).fillna(NO_TERM),
            f"{side}_label": labels.astype("string"),
            f"{side}_source": f"workbook_set:{set_id}",
        }
    made = pd.DataFrame(slots)
    made["mapping_cardinality"] = cardinality(made)
    return made[[*_ORDER, *(f"ext_{name}" for name in _extensions())]]


def _days(dates: pd.Series) -> pd.Series:
    """The dates that are whole days; SSSOM knows no others."""
    return dates.where(dates.str.fullmatch(r"\d{4}-\d{2}-\d{2}").fillna(False).astype(bool))


def _extensions() -> list[str]:
    """Columns of a crosswalk that travel in extension slots, sorted as SSSOM wants them."""
    return sorted(set(links.columns()) - {*links.SETS, *links.ENDS, *_SLOTS, *_LISTS})


def _escaped(text: str) -> str:
    return re.sub(r"([\\|])", r"\\\1", text)


def _unescaped(text: str) -> str:
    """Several values as one text, and the characters that were escaped in it."""
    return re.sub(r"\\([\\|])|(\|)", lambda found: found[1] or "; ", text)


# Writing -----------------------------------------------------------------------------------------


def to_sssom(parts: links.Parts, licence: str | None, shipped: bool) -> str:
    """The text of the file of a valid crosswalk, as `Crosswalk.to_sssom` describes."""
    import yaml  # only SSSOM needs it

    made = mappings(parts).dropna(axis=1, how="all")
    used = [name for name in _extensions() if f"ext_{name}" in made]
    header = _header_of(parts, licence, shipped, used)
    text = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=10**6)
    lines = "".join(f"#{line}\n" for line in text.rstrip("\n").split("\n"))
    return lines + delimited(made, "\t", "\n")


def _header_of(parts: links.Parts, licence: str | None, shipped: bool, used: list[str]) -> Header:
    """What the file says of the whole: whose judgement, by whom, when, under which licence."""
    frame, described = parts.frame, package()
    pair = [str(one) for one in links.set_pair(frame)]
    whose = "this project's own judgement" if shipped else "the judgement of those who made them"
    days = pd.concat([_days(frame[name]) for name in _DAYS]).dropna()
    number = {"type_hint": "xsd:double"}
    header: Header = {
        "sssom_version": "1.1",
        "curie_map": _PREFIXES,
        "mapping_set_id": f"{_BASE}crosswalk/{'/'.join(percent_encoded(s, '') for s in pair)}",
        "mapping_set_version": described["version"] if shipped else None,
        "mapping_set_title": f"Crosswalk from {pair[0]} to {pair[1]}",
        "mapping_set_description": f"The links are {whose} and no finding of the inspectorate.",
        "creator_label": frame["curated_by"].dropna().unique().tolist(),
        "license": licence or described["licenses"][0]["path"],
        "publication_date": days.max() if len(days) else None,
        "comment": described["attribution"],
        "extension_definitions": [
            {"slot_name": f"ext_{name}", "property": f"workbook_slot:{name}"}
            | (number if name in links.SHARES else {})
            for name in used
        ],
    }
    return {slot: value for slot, value in header.items() if value}


# Reading -----------------------------------------------------------------------------------------


def read_mappings(name: str, data: bytes) -> tuple[Header, pd.DataFrame]:
    """The header of a file and its mappings, all text, with the line of each as the index."""
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        fault = (1, f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.")
        _refuse(name, [fault])
    n_header = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    faults: list[Fault] = []
    header = _header(lines[:n_header], faults)
    found = _table("\n".join(lines[n_header:]), n_header, faults)
    _refuse(name, faults)
    for slot in (slot for slot in _PROPAGATED if slot in header and slot not in found):
        value = header[slot]
        found[slot] = ("|".join(value) if isinstance(value, list) else value) or None
    return header, found


def from_sssom(name: str, data: bytes) -> pd.DataFrame:
    """The table of the crosswalk in a file, as `Crosswalk.from_sssom` describes."""
    header, found = read_mappings(name, data)
    faults: list[Fault] = []
    known = _BUILT_IN | (header.get("curie_map") or {})
    for slot in (slot for slot in _SOURCES if slot not in found):
        problem = f"{slot} stands neither in the header nor in a column."
        faults.append((None, problem, f"Write {slot}: the set, into the header."))
        found[slot] = ""  # told once
    linked = set(found.loc[found["object_id"].ne(NO_TERM).fillna(False), "subject_id"].dropna())
    undeclared: dict[str, list[int]] = {}
    rows = []
    for line, *values in zip(found.index, *links.objects(found).values(), strict=True):
        pairs = zip(found.columns, values, strict=True)
        given = {slot: value for slot, value in pairs if value is not None}
        wrong = [(line, *told) for told in _contradictions(given, known)]
        faults += wrong
        for prefix in sorted(_prefixes(given) - set(known)):
            undeclared.setdefault(prefix, []).append(line)
        if not wrong:
            rows.append(_row(given, known, given["subject_id"] in linked))
    for prefix, at in undeclared.items():
        more = f" in {len(at)} mappings" if len(at) > 1 else ""
        problem = f"The prefix {quote(prefix)} is not declared{more}."
        faults.append((at[0], problem, "Add it to curie_map in the header."))
    _refuse(name, faults)
    return pd.DataFrame(rows, columns=links.columns(), dtype=object)


def _refuse(name: str, faults: Sequence[Fault]) -> None:
    """Raise all faults of a file, if there are any."""
    if faults:
        fault = f"{name[0].upper()}{name[1:]} cannot be read as a crosswalk."
        raise links.refusal(fault, faults, counted="line")


def _header(lines: list[str], faults: list[Fault]) -> Header:
    """The slots of a header: texts, and lists and mappings of them."""
    import yaml  # only SSSOM needs it

    class Texts(yaml.BaseLoader):
        """YAML as texts, lists and dictionaries of them, in which no name is there twice."""

        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.depth += 1
            if self.depth > _DEEPEST:
                raise RecursionError
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def construct_mapping(self, node: Any, deep: bool = True) -> dict:  # noqa: ARG002
            made = super().construct_mapping(node, deep=True)
            names = [key.value for key, _ in node.value]
            for key, _ in node.value if len(made) < len(names) else ():
                if names.count(key.value) > 1:
                    told = f"{quote(key.value)} is there twice"
                    raise yaml.constructor.ConstructorError(None, None, told, key.start_mark)
            return made

    bare = [line[1:].rstrip() for line in lines]
    margin = min((len(line) - len(line.lstrip(" ")) for line in bare if line.strip()), default=0)
    text = "\n".join(line[margin:] for line in bare)
    fewer = "Keep the slots that the mappings need."
    if len(text) > _LONGEST_HEADER:
        problem = f"The header has {len(text):,} characters, at most {_LONGEST_HEADER:,} are read."
        faults.append((1, problem, fewer))
        return {}
    try:
        loader = Texts(text)
        node = loader.get_single_node()
        header = loader.construct_document(node) if node else {}
    except RecursionError:
        faults.append((1, "The header is nested too deeply.", fewer))
        return {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        told = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        problem = f"The header is no YAML here ({told})."
        faults.append((mark.line + 1 if mark else 1, problem, "Write each slot as name: value."))
        return {}
    if not isinstance(header, dict):
        faults.append((1, "The header is no list of slots.", "Write each slot as name: value."))
        return {}
    lines_of = {key.value: key.start_mark.line + 1 for key, _ in node.value} if node else {}
    faults += _wrong_slots(header, lines_of)
    return {slot: "" if value in ("null", "~") else value for slot, value in header.items()}


def _wrong_slots(header: Header, lines_of: dict[str, int]) -> Iterator[Fault]:
    """Slots that mappings are read with and that are of another kind."""
    addresses, at = header.get("curie_map") or {}, lines_of.get("curie_map")
    if not isinstance(addresses, dict) or not all(isinstance(a, str) for a in addresses.values()):
        problem = "curie_map is no mapping of prefixes to addresses."
        yield at, problem, "Put each prefix on a line of its own below it, as prefix: address."
        return
    for prefix in (p for p in _BUILT_IN if addresses.get(p, _BUILT_IN[p]) != _BUILT_IN[p]):
        problem = (
            f"The prefix {prefix} is bound to {quote(addresses[prefix])}, and the standard "
            f"binds it to {_BUILT_IN[prefix]}."
        )
        yield at, problem, "Correct the address, or give another prefix."
    for slot in (slot for slot in _PROPAGATED if slot in header):
        values = header[slot] if isinstance(header[slot], list) else [header[slot]]
        if not all(isinstance(value, str) for value in values):
            remedy = "Write it as name: value, or as a list of texts."
            yield lines_of[slot], f"{slot} is neither a text nor a list of texts.", remedy


def _table(text: str, n_header: int, faults: list[Fault]) -> pd.DataFrame:
    """The mappings, with the lines on which they start as the index."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    names: list[str] = []
    rows, lines, line = [], [], n_header + 1
    try:
        for row in reader:
            if not names:
                names = row
            elif row and len(row) != len(names):
                problem = f"The line has {len(row)} cells, the header of the table {len(names)}."
                faults.append((line, problem, "Put one tab between two cells."))
            elif row:
                rows.append(row)
                lines.append(line)
            line = n_header + 1 + reader.line_num
    except csv.Error as error:
        faults.append((line, f"The line cannot be read ({error}).", "Close every quote."))
    for name in (name for name in _REQUIRED if name not in names):
        problem = f"The column {quote(name)} is missing."
        faults.append((n_header + 1, problem, "Add it; every mapping has it."))
    if len(set(names)) < len(names):
        faults.append((n_header + 1, "A column is there twice.", "Keep one of them."))
        return pd.DataFrame()
    found = pd.DataFrame(rows, columns=names, index=lines, dtype="string")
    return found.replace("", pd.NA)


def _prefixes(given: dict[str, str]) -> set[str]:
    """The prefixes of the two ends and the justification; a predicate is looked up as a whole."""
    values = [given[slot] for slot in _REQUIRED if slot in given and slot != "predicate_id"]
    return {value.partition(":")[0] for value in values if ":" in value}


def _contradictions(given: dict[str, str], known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What keeps a mapping from being a row of a crosswalk, each with a remedy."""
    for slot in (slot for slot in (*_REQUIRED, *_SOURCES) if slot not in given):
        yield f"{slot} is empty.", "Fill it, as prefix:name."
    for slot in (slot for slot in _REQUIRED if ":" not in given.get(slot, ":")):
        if slot != "predicate_id":
            yield f"{slot} {quote(given[slot])} has no prefix.", "Write it as prefix:name."
    if given.get("subject_id") == given.get("object_id") == NO_TERM:
        yield "Neither side has a term.", "Give one row to each aspect without counterpart."
    if "predicate_modifier" in given:
        yield "The mapping is negated.", "Remove it; a crosswalk lists what is linked."
    for name in links.SHARES:
        share = given.get(f"ext_{name}")
        if share is not None and pd.isna(pd.to_numeric(share, errors="coerce")):
            yield f"{name} {quote(share)} is not a number.", "Write 0 to 1."
    if "predicate_id" in given:
        yield from _wrong_predicate(given, known)


def _wrong_predicate(given: dict[str, str], known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A predicate that no relation has, or another one than the relation beside it."""
    predicate = given["predicate_id"]
    if _expanded(predicate, known) not in {_expanded(one, _BUILT_IN) for one in _KNOWN}:
        listing = "help(Crosswalk.from_sssom)"
        error = UnknownValueError("predicate_id", predicate, _KNOWN, listing)
        yield str(error), "What it means for ratings is for its author to say."
        return
    status, relation = given.get("ext_status"), given.get("ext_relation")
    by_relation = _PREDICATES.get(relation or "") if status == "mapped" else None
    expected = _OF_STATUS.get(status or "", by_relation)
    if expected and _expanded(predicate, known) != _expanded(expected, _BUILT_IN):
        problem = f"{predicate} does not go with {relation or status}."
        yield problem, f"Write {expected}, or correct ext_relation."


def _row(given: dict[str, str], known: dict[str, str], linked: bool) -> dict[str, str | None]:
    """One mapping as a row of a crosswalk."""
    status, relation = _judgement(given, known, linked)
    return {
        **{name: given.get(f"ext_{name}") for name in _extensions()},
        **{name: given.get(slot) for name, slot in _SLOTS.items()},
        **{name: _unescaped(given.get(slot, "")) for name, slot in _LISTS.items()},
        **{name: given.get(f"ext_{name}", given.get(slot)) for name, slot in _DAYS.items()},
        "source_set": _local(given["subject_source"], known),
        links.SOURCE: _local(given["subject_id"], known),
        "target_set": _local(given["object_source"], known),
        links.TARGET: _local(given["object_id"], known),
        "status": status,
        "relation": relation,
    }


def _judgement(
    given: dict[str, str], known: dict[str, str], linked: bool
) -> tuple[str, str | None]:
    """Status and relation of a mapping: as the extensions say, else as the predicate does."""
    if "ext_status" in given:
        return given["ext_status"], given.get("ext_relation")
    if given["object_id"] == NO_TERM and linked:
        return "remainder", None
    if NO_TERM in (given["subject_id"], given["object_id"]):
        return "no_counterpart", None
    predicate = _expanded(given["predicate_id"], known)
    relations = {_expanded(curie, _BUILT_IN): relation for relation, curie in _PREDICATES.items()}
    if predicate not in relations:  # rdfs:seeAlso
        return "undetermined", "undetermined"
    return "mapped", relations[predicate]


def _local(curie: str, known: dict[str, str]) -> str | None:
    """The identifier within the workbook; that of others stays as it is."""
    if curie == NO_TERM:
        return None
    address = _expanded(curie, known)
    ours = next((base for base in _PREFIXES.values() if address.startswith(base)), "")
    return address[len(ours) :] if ours else curie


def _expanded(curie: str, known: dict[str, str]) -> str:
    prefix, _, name = curie.partition(":")
    return known.get(prefix, f"{prefix}:") + name
