"""What has been found so far in a document, and which of its lines are accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hmcpsi_data.documents.document import COLUMNS
from hmcpsi_data.documents.front import Front
from hmcpsi_data.documents.limits import MAX_PROBLEMS
from hmcpsi_data.documents.text import Text
from hmcpsi_data.documents.vocabulary import section_of
from hmcpsi_data.locators import lines_of

__all__ = ["Findings"]

_LONGEST_TEXT = 300


def _same(row: dict[str, object]) -> object:
    """What makes two ratings be of one thing."""
    if row["level"] == "overall":
        return "overall"
    label = str(row["label"])
    return section_of(label) or " ".join(re.findall(r"\w+", label.casefold()))


class Findings:
    """Rows for each table of a `Document`; `used` are the lines that are rows of tables."""

    def __init__(self, text: Text, front: Front) -> None:
        self.text = text
        self.front = front
        self.used: set[int] = set()
        self._rows: dict[str, list[tuple[int, dict[str, object]]]] = {name: [] for name in COLUMNS}

    def __len__(self) -> int:
        """How many rows and problems there are so far."""
        return sum(map(len, self._rows.values()))

    def add(self, table: str, lines: Iterable[int], **values: object) -> None:
        """A row, with the lines that carry it."""
        lines = sorted(set(lines))
        self._rows[table].append((lines[0], {**values, "locator": self.text.locator(lines)}))

    def problem(self, lines: Iterable[int], reason: str) -> None:
        """Something that looked like data and was not understood."""
        lines = sorted(set(lines))
        words = " / ".join(self.text.words[line] for line in lines if self.text.words[line])
        self.add("problems", lines, text=words[:_LONGEST_TEXT], reason=reason)

    def of(self, table: str) -> list[dict[str, object]]:
        """The rows of one table so far, in the order in which they were found."""
        return [row for _, row in self._rows[table]]

    def settle_ratings(self) -> None:
        """One row for a rating that is stated twice; none for one that is stated in two ways."""
        groups: dict[object, list[tuple[int, dict[str, object]]]] = {}
        for first, row in self._rows["ratings"]:
            groups.setdefault(_same(row), []).append((first, row))
        settled = []
        for found in groups.values():
            first, row = found[0]
            if len({other["rating"] for _, other in found}) > 1:
                lines = {line for _, other in found for line in self._lines(other["locator"])}
                words = ", ".join(f"{other['rating']} ({other['locator']})" for _, other in found)
                self.problem(lines, f"rated in two ways: {words}")
                continue
            if len(found) > 1:
                lines = {line for _, other in found for line in self._lines(other["locator"])}
                row = {**row, "locator": self.text.locator(lines)}
            settled.append((first, row))
        settled.sort(key=lambda found: found[0])
        self._rows["ratings"] = settled

    def _lines(self, locator: object) -> list[int]:
        return [self.text.index(page, line) for page, line in lines_of(str(locator))]

    def rows(self) -> dict[str, list[dict[str, object]]]:
        """The rows of every table; problems in the order of their lines."""
        problems = self._rows["problems"]
        problems.sort(key=lambda found: found[0])
        if len(problems) > MAX_PROBLEMS:
            more = len(problems) - MAX_PROBLEMS + 1
            first, row = problems[MAX_PROBLEMS - 1]
            reason = f"this and {more - 1} more, which are not listed"
            problems[MAX_PROBLEMS - 1 :] = [(first, {**row, "reason": reason})]
        return {name: self.of(name) for name in COLUMNS}
