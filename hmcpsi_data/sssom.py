"""Crosswalks in the vocabulary of SSSOM, and the cardinality of mappings.

What SSSOM has a slot for goes there: the aspects, their sets, the justification (`comment`), who
curated and reviewed it, the rule of curation. The predicate follows from the relation (equal is
``skos:exactMatch``, source_within_target ``skos:broadMatch``, source_contains_target
``skos:narrowMatch``, overlaps ``skos:relatedMatch``, undetermined ``skos:mappingRelation``), and an
aspect without counterpart is mapped to ``sssom:NoTermFound`` by ``skos:mappingRelation``: nothing
is found by any relation. A remainder says only that there is no exact match, and what is
undetermined uses ``rdfs:seeAlso``, which claims no mapping. Everything else travels in extension
slots that the header declares, so that nothing is lost. Identifiers get addresses that end in
``.invalid``: they identify, they lead nowhere, and they are nobody else's.

Cardinality, predicate and labels are computed for the file and never read from it; a predicate that
contradicts the relation beside it is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote as percent_encoded

import numpy as np
import pandas as pd

from hmcpsi_data.crosswalk_chain import COMPOSED
from hmcpsi_data.crosswalk_table import (
    CONTAINS,
    EQUAL,
    MAPPED,
    NO_COUNTERPART,
    OVERLAPS,
    REMAINDER,
    SOURCE,
    TARGET,
    UNDETERMINED,
    WITHIN,
    Parts,
    columns,
    objects,
    set_pair,
)
from hmcpsi_data.description import package
from hmcpsi_data.errors import UnknownValueError, quote
from hmcpsi_data.sssom_file import BUILT_IN, Faults, Header, prefixes, read, write

__all__ = ["NO_TERM", "cardinality", "from_sssom", "mappings", "to_sssom"]

NO_TERM = "sssom:NoTermFound"

_BASE = "https://hmcpsi-data.invalid/"
_PREFIXES = {
    "workbook_aspect": f"{_BASE}aspect/",
    "workbook_set": f"{_BASE}set/",
    "workbook_slot": f"{_BASE}slot/",
}
_PREDICATES = {
    EQUAL: "skos:exactMatch",
    WITHIN: "skos:broadMatch",
    CONTAINS: "skos:narrowMatch",
    OVERLAPS: "skos:relatedMatch",
    UNDETERMINED: "skos:mappingRelation",
}
_OF_STATUS = {
    REMAINDER: "skos:exactMatch",
    NO_COUNTERPART: "skos:mappingRelation",
    UNDETERMINED: "rdfs:seeAlso",
}

# columns of a crosswalk that SSSOM has a slot for; those of the second group hold several values
_SLOTS = {"justification": "comment"}
_LISTS = {
    "curated_by": "author_label",
    "reviewed_by": "reviewer_label",
    "curation_rule": "curation_rule_text",
}
_DAYS = {"curated_on": "mapping_date", "reviewed_on": "review_date"}
_SHARES = ("share_low", "share_high")
_ORDER = [
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "author_label", "reviewer_label", "subject_source", "object_source",
    "mapping_cardinality", "mapping_date", "review_date", "curation_rule_text", "comment",
]  # fmt: skip


def cardinality(found: pd.DataFrame, scope: Sequence[str] = ()) -> pd.Series:
    """The cardinality of each mapping among the others, as SSSOM defines it.

    Parameters
    ----------
    found : pandas.DataFrame
        Mappings with `subject_id` and `object_id`.
    scope : list of str
        Slots that must agree for two mappings to be counted together; all are without it.

    Returns
    -------
    pandas.Series
        1:1, 1:n (the subject has several objects), n:1 (the object has several subjects) or n:n;
        1:0, 0:1 and 0:0 where one side is ``sssom:NoTermFound``, which counts for no other mapping.

    Examples
    --------
    >>> found = pd.DataFrame({"subject_id": ["a", "a", "b"], "object_id": ["x", "y", NO_TERM]})
    >>> list(cardinality(found))
    ['1:n', '1:n', '1:0']
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


def mappings(parts: Parts) -> pd.DataFrame:
    """The rows of a valid crosswalk as SSSOM mappings, in their order."""
    frame = parts.frame
    source_set, target_set = set_pair(frame)
    slots = {
        "subject_id": ("workbook_aspect:" + frame[SOURCE]).fillna(NO_TERM),
        "subject_label": _labels(frame[SOURCE], parts.sources),
        "predicate_id": frame["status"].map(_OF_STATUS).fillna(frame["relation"].map(_PREDICATES)),
        "object_id": ("workbook_aspect:" + frame[TARGET]).fillna(NO_TERM),
        "object_label": _labels(frame[TARGET], parts.targets),
        "mapping_justification": _how(frame["curation_rule"]),
        "subject_source": f"workbook_set:{source_set}",
        "object_source": f"workbook_set:{target_set}",
        **{slot: frame[name].map(_escaped, na_action="ignore") for name, slot in _LISTS.items()},
        **{slot: frame[name].where(_is_day(frame[name])) for name, slot in _DAYS.items()},
        **{slot: frame[name] for name, slot in _SLOTS.items()},
        **{f"ext_{name}": frame[name].astype("string") for name in _extensions()},
    }
    found = pd.DataFrame(slots)
    found["mapping_cardinality"] = cardinality(found)
    return found[[*_ORDER, *(f"ext_{name}" for name in _extensions())]]


def to_sssom(parts: Parts, path: Path, licence: str | None) -> None:
    """Write a valid crosswalk, as `Crosswalk.to_sssom` describes."""
    found = mappings(parts)
    used = [name for name in _extensions() if found[f"ext_{name}"].notna().any()]
    pair = set_pair(parts.frame)
    header: Header = {
        "sssom_version": "1.1",
        "curie_map": _PREFIXES,
        "mapping_set_id": f"{_BASE}crosswalk/{'/'.join(percent_encoded(s, '') for s in pair)}",
        "mapping_set_title": f"Crosswalk from {pair[0]} to {pair[1]}",
        "license": licence or package()["licenses"][0]["path"],
        "extension_definitions": [_definition(name) for name in used],
    }
    write(path, header, found)


def from_sssom(path: Path) -> pd.DataFrame:
    """The table of the crosswalk in a file, as `Crosswalk.from_sssom` describes."""
    header, found = read(path)
    faults = Faults()
    known = prefixes(header)
    linked = set(found.loc[found["object_id"].ne(NO_TERM), "subject_id"])
    rows = []
    for line, *values in zip(found.index, *objects(found).values(), strict=True):
        pairs = zip(found.columns, values, strict=True)
        given = {slot: value for slot, value in pairs if value is not None}
        for problem, remedy in _contradictions(given, known):
            faults.add(line, problem, remedy)
        rows.append(_row(given, known, given.get("subject_id") in linked))
    faults.refuse(path)
    return pd.DataFrame(rows, columns=columns(), dtype=object)


def _row(given: dict[str, str], known: dict[str, str], linked: bool) -> dict[str, str | None]:
    """One mapping as a row of a crosswalk."""
    source, target = (_local(given.get(f"{s}_id"), known) for s in ("subject", "object"))
    status, relation = _judgement(given, known, linked)
    return {
        **{name: given.get(f"ext_{name}") for name in _extensions()},
        **{name: given.get(slot) for name, slot in _SLOTS.items()},
        **{name: _unescaped(given.get(slot)) for name, slot in _LISTS.items()},
        **{name: given.get(f"ext_{name}", given.get(slot)) for name, slot in _DAYS.items()},
        "source_set": _local(given.get("subject_source"), known),
        SOURCE: source,
        "target_set": _local(given.get("object_source"), known),
        TARGET: target,
        "status": status,
        "relation": relation,
    }


def _judgement(
    given: dict[str, str], known: dict[str, str], linked: bool
) -> tuple[str, str | None]:
    """Status and relation of a mapping: as the extensions say, else as the predicate does."""
    predicate = _expanded(given["predicate_id"], known)
    if "ext_status" in given:
        return given["ext_status"], given.get("ext_relation")
    if given.get("object_id") == NO_TERM and linked:
        return REMAINDER, None
    if NO_TERM in (given.get("subject_id"), given.get("object_id")):
        return NO_COUNTERPART, None
    if predicate == _expanded(_OF_STATUS[UNDETERMINED], BUILT_IN):
        return UNDETERMINED, UNDETERMINED
    relations = {_expanded(curie, BUILT_IN): relation for relation, curie in _PREDICATES.items()}
    return MAPPED, relations.get(predicate, UNDETERMINED)


def _contradictions(given: dict[str, str], known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What keeps a mapping from being a row of a crosswalk, each with a remedy."""
    for side in ("subject", "object"):
        for slot in (f"{side}_id", f"{side}_source"):
            if slot not in given:
                yield f"{slot} is empty.", "Name the aspect and its set by their identifiers."
    if given.get("subject_id") == given.get("object_id") == NO_TERM:
        yield "Neither side has a term.", "Give one row to each aspect without counterpart."
    if "predicate_modifier" in given:
        yield "The mapping is negated.", "Remove it; a crosswalk lists what is linked."
    for name in _SHARES:
        if pd.isna(pd.to_numeric(given.get(f"ext_{name}", 0), errors="coerce")):
            yield f"{name} {quote(given[f'ext_{name}'])} is not a number.", "Write 0 to 1."
    status, relation = given.get("ext_status"), given.get("ext_relation")
    expected = _OF_STATUS.get(status, _PREDICATES.get(relation) if status == MAPPED else None)
    found = given["predicate_id"]
    if expected and _expanded(found, known) != _expanded(expected, BUILT_IN):
        said = relation or status
        yield f"{found} does not go with {said}.", f"Write {expected}, or correct ext_relation."


def _local(curie: str | None, known: dict[str, str]) -> str | None:
    """The identifier within the workbook; that of others stays as it is."""
    if curie is None or curie == NO_TERM:
        return None
    address = _expanded(curie, known)
    ours = next((base for base in _PREFIXES.values() if address.startswith(base)), "")
    return address[len(ours) :] if ours else curie


def _expanded(curie: str, known: dict[str, str]) -> str:
    prefix, _, name = curie.partition(":")
    return known.get(prefix, f"{prefix}:") + name


def _extensions() -> list[str]:
    """Columns of a crosswalk that travel in extension slots, sorted as SSSOM wants them."""
    elsewhere = {"source_set", SOURCE, "target_set", TARGET, *_SLOTS, *_LISTS}
    return sorted(set(columns()) - elsewhere)


def _definition(name: str) -> dict[str, str]:
    kind = {"type_hint": "xsd:double"} if name in _SHARES else {}
    return {"slot_name": f"ext_{name}", "property": f"workbook_slot:{name}", **kind}


def _entity(found: pd.DataFrame, side: str) -> pd.Series:
    """What stands on one side: an identifier or, of a literal, its label."""
    ids = found[f"{side}_id"].astype("string")
    return ids.fillna(found[f"{side}_label"]) if ids.isna().any() else ids


def _labels(ids: pd.Series, aspects: pd.DataFrame) -> pd.Series:
    return ids.map(aspects.set_index("aspect_id")["label"]).astype("string")


def _how(rules: pd.Series) -> np.ndarray:
    chained = rules.eq(COMPOSED).fillna(False)
    return np.where(chained, "semapv:MappingChaining", "semapv:ManualMappingCuration")


def _is_day(dates: pd.Series) -> pd.Series:
    return dates.str.fullmatch(r"\d{4}-\d{2}-\d{2}").fillna(False).astype(bool)


def _escaped(text: str) -> str:
    return re.sub(r"([\\|])", r"\\\1", text)


def _unescaped(text: str | None) -> str | None:
    """Several values as one text, and the characters that were escaped in it."""
    if text is None:
        return None
    return re.sub(r"\\([\\|])|(\|)", lambda found: found[1] or "; ", text)
