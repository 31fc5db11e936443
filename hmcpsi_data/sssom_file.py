"""Files of the Simple Standard for Sharing Ontological Mappings (SSSOM), as tables and back.

A file has a header in YAML, each line behind a ``#``, and then a table with tabs. Of YAML it reads
what such headers are made of: texts, also folded ones, lists and mappings, one level deep. A slot
that the header gives for all mappings is given to each of them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.crosswalk_table import delimited, problem_table, put
from hmcpsi_data.errors import CrosswalkError, quote
from hmcpsi_data.reading import file_state

__all__ = ["BUILT_IN", "Faults", "Header", "prefixes", "read", "write"]

BUILT_IN = {
    "linkml": "https://w3id.org/linkml/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PROPAGATED = (
    "subject_source", "object_source", "curation_rule_text", "mapping_date", "subject_type",
    "object_type",
)  # fmt: skip

_REQUIRED = ["subject_id", "predicate_id", "object_id", "mapping_justification"]
_KEY = re.compile(r"(?P<key>[A-Za-z_][\w.-]*):(?:[ ]+(?P<value>.*))?")
_PLAIN = re.compile(r"[A-Za-z][\w./:()-]*(?:[ ,]+[\w./()-]+)*")
_NO_TEXT = {"true", "false", "null", "yes", "no", "on", "off"}

Header = dict[str, Any]


class Faults(list):
    """Problems of a file, line by line."""

    def add(self, line: int, problem: str, remedy: str) -> None:
        """Add a problem of a line."""
        self.append(("sssom", line, None, None, problem, remedy))

    def refuse(self, path: Path) -> None:
        """Raise them all, if there are any."""
        if self:
            fault = f"{path.name} cannot be read as a crosswalk."
            raise CrosswalkError(fault, problem_table(self), counted="line")


def read(path: Path) -> tuple[Header, pd.DataFrame]:
    """The header of a file and its mappings, all text, with the line of each as the index.

    Raises
    ------
    CrosswalkError
        Where a line cannot be understood or a mapping lacks what every mapping has; all such lines
        are listed.
    DataError
        Where there is no such file.
    """
    file_state(path)
    faults = Faults()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(1, f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.")
        faults.refuse(path)
    lines = text.split("\n")
    n_header = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = _header(lines[:n_header], faults)
    mappings = _table("\n".join(lines[n_header:]), n_header, faults)
    faults.refuse(path)
    for slot in _PROPAGATED:
        if slot in header and slot not in mappings:
            mappings[slot] = _joined(header[slot]) or None
    _check_mappings(header, mappings, faults)
    faults.refuse(path)
    return header, mappings


def prefixes(header: Header) -> dict[str, str]:
    """The addresses that prefixes stand for: those of the standard, and those of the header."""
    return BUILT_IN | (header.get("curie_map") or {})


def write(path: Path, header: Header, mappings: pd.DataFrame) -> None:
    """Write a header and mappings; columns without any value are left out."""
    kept = mappings.dropna(axis=1, how="all")
    lines = "".join(f"#{line}\n" for line in _header_lines(header))
    put(path, lines + delimited(kept, "\t"))


def _header(lines: list[str], faults: Faults) -> Header:
    """The slots of a header: texts, lists of texts, and mappings of texts."""
    bare = [line[1:].rstrip() for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in bare if line), default=0)
    header: Header = {}
    starts: dict[str, int] = {}
    key = None
    for number, line in enumerate((line[margin:] for line in bare), start=1):
        inner = line.strip()
        match = _KEY.fullmatch(line)
        if not inner:
            continue
        if match and match["key"] in header:
            problem = f"The slot {quote(match['key'])} is there twice."
            faults.add(number, problem, "Keep one of them.")
        elif match:
            key = match["key"]
            header[key], starts[key] = _scalar(match["value"] or ""), number
        elif key is None or not (line.startswith(" ") or inner.startswith("-")):
            problem = f"{quote(inner)} is no slot of a header."
            faults.add(number, problem, "Write it as name: value.")
        else:
            try:
                header[key] = _added(header[key], inner)
            except TypeError:
                problem = f"{quote(inner)} does not go with what stands before it."
                remedy = "Let the slot be a text, a list or a mapping, not two of them."
                faults.add(number, problem, remedy)
    _check_slots(header, starts, faults)
    return header


def _check_slots(header: Header, starts: dict[str, int], faults: Faults) -> None:
    """Find slots that mappings are read with and that are of another kind."""
    if "curie_map" in header and not _is_prefix_map(header["curie_map"]):
        problem = "curie_map is no mapping of prefixes to addresses."
        remedy = "Put each prefix on a line of its own below it, as prefix: address."
        faults.add(starts["curie_map"], problem, remedy)
    for slot in (slot for slot in _PROPAGATED if slot in header):
        values = header[slot] if isinstance(header[slot], list) else [header[slot]]
        if not all(isinstance(value, str) for value in values):
            remedy = "Write it as name: value, or as a list of texts."
            faults.add(starts[slot], f"{slot} is neither a text nor a list of texts.", remedy)


def _is_prefix_map(value: Any) -> bool:
    addresses = value.values() if isinstance(value, dict) else [None]
    return value == "" or all(isinstance(address, str) for address in addresses)


def _added(value: Any, line: str) -> Any:
    """The value of a slot with one more line; a TypeError where the two do not go together."""
    is_item = line == "-" or line.startswith("- ")
    text = line[1:].strip() if is_item else line
    pair = _KEY.fullmatch(text)
    entry = {pair["key"]: _scalar(pair["value"] or "")} if pair else None
    if is_item:
        if value and not isinstance(value, list):
            raise TypeError(value)
        return [*(value or []), entry or _scalar(text)]
    if entry is None or (value and isinstance(value, str)):
        return _folded(value, line)
    if value and isinstance(value, list):
        return [*value[:-1], value[-1] | entry]
    return (value or {}) | entry


def _folded(value: Any, line: str) -> Any:
    """The value with a line that continues its last text."""
    if value and isinstance(value, list):
        return [*value[:-1], _folded(value[-1], line)]
    if value and isinstance(value, dict):
        last = next(reversed(value))
        return value | {last: _folded(value[last], line)}
    return f"{value or ''} {line}".strip()


def _scalar(text: str) -> Any:
    """A text without its quotes, a list of such texts in brackets, or an empty mapping."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(item.strip()) for item in text[1:-1].split(",") if item.strip()]
    return {} if text == "{}" else _unquoted(text)


def _unquoted(text: str) -> str:
    """A text without its quotes."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return json.loads(text)
        except ValueError:
            return text[1:-1]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def _joined(value: Any) -> str:
    return "|".join(value) if isinstance(value, list) else value


def _header_lines(header: Header) -> list[str]:
    lines = []
    for key, value in header.items():
        if isinstance(value, dict):
            lines += [f"{key}:", *(f"  {k}: {_written(v)}" for k, v in value.items())]
        elif isinstance(value, list):
            lines.append(f"{key}:")
            for item in value:
                pairs = item.items() if isinstance(item, dict) else [(None, item)]
                parts = [f"{k}: {_written(v)}" if k else _written(v) for k, v in pairs]
                lines += [f"{'    ' if n else '  - '}{part}" for n, part in enumerate(parts)]
        else:
            lines.append(f"{key}: {_written(value)}")
    return lines


def _written(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _NO_TEXT and not text.endswith(":")
    return text if plain else json.dumps(text, ensure_ascii=False)


def _table(text: str, n_header: int, faults: Faults) -> pd.DataFrame:
    """The mappings, with the lines on which they start as the index."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    columns, rows, lines, line = [], [], [], n_header + 1
    try:
        for row in reader:
            if not columns:
                columns = row
            elif row and len(row) != len(columns):
                problem = f"The line has {len(row)} cells, the header of the table {len(columns)}."
                faults.add(line, problem, "Put one tab between two cells.")
            elif row:
                rows.append(row)
                lines.append(line)
            line = n_header + 1 + reader.line_num
    except csv.Error as error:
        faults.add(line, f"The line cannot be read ({error}).", "Close every quote.")
    for name in (name for name in _REQUIRED if name not in columns):
        problem = f"The column {quote(name)} is missing."
        faults.add(n_header + 1, problem, "Add it; every mapping has it.")
    if len(set(columns)) < len(columns):
        faults.add(n_header + 1, "A column is there twice.", "Keep one of them.")
        return pd.DataFrame()
    found = pd.DataFrame(rows, columns=columns, index=lines, dtype="string")
    return found.mask(found.eq(""))


def _check_mappings(header: Header, mappings: pd.DataFrame, faults: Faults) -> None:
    """Find mappings without an end, a predicate or a justification, and undeclared prefixes."""
    known = prefixes(header)
    for row in mappings.reindex(columns=[*_REQUIRED, "subject_type", "object_type"]).itertuples():
        for slot in _REQUIRED:
            value, side = getattr(row, slot), slot.removesuffix("_id")
            if pd.isna(value):
                if getattr(row, f"{side}_type", None) != "rdfs literal":
                    faults.add(row.Index, f"{slot} is empty.", "Give it, as prefix:name.")
            elif value.partition(":")[0] not in known or ":" not in value:
                problem = f"The prefix of {slot} {quote(value)} is not declared."
                faults.add(row.Index, problem, "Add it to curie_map in the header.")
