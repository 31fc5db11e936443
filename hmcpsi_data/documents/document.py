"""What is read from one publication."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from hmcpsi_data.documents.rows import Rows

__all__ = ["COLUMNS", "KINDS", "Document", "frame"]

KINDS = ("opa", "follow_up", "area_assurance", "response", "unknown")

# The columns of each table, with their pandas types, also where the table is empty.
COLUMNS = {
    "ratings": {
        "label": "string",
        "level": "string",
        "is_critical": "boolean",
        "rating": "string",
        "locator": "string",
    },
    "actions": {
        "kind": "string",
        "number": "Int64",
        "text": "string",
        "progress": "string",
        "locator": "string",
    },
    "responses": {"number": "Int64", "text": "string", "locator": "string"},
    "measures": {
        "value": "Float64",
        "unit": "string",
        "period": "string",
        "locator": "string",
    },
    "forces": {"force": "string", "force_as_printed": "string", "locator": "string"},
    "problems": {"locator": "string", "text": "string", "reason": "string"},
}


def frame(name: str, rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """One of the tables of a `Document`, with its columns and types.

    Examples
    --------
    >>> frame("responses").dtypes.astype(str).to_dict()
    {'number': 'Int64', 'text': 'string', 'locator': 'string'}
    """
    rows = list(rows)
    return pd.DataFrame(
        {
            column: pd.array([row.get(column) for row in rows], dtype=dtype)
            for column, dtype in COLUMNS[name].items()
        }
    )


@dataclass(frozen=True, eq=False)
class Document:
    """What was read from one publication, each row with the lines that carry it.

    Columns named `text`, and `lines`, hold words of the document. They are for the reader in front
    of it and are not written into any table of the project.

    Attributes
    ----------
    name : str
        Name of the file, or "text" or "bytes".
    sha256 : str
        Of the bytes as given; of a text, of its UTF-8.
    lines : tuple of str
        The text as read, which locators count from 1; in a PDF page by page.
    pages : tuple of int
        How many of the lines each page of a PDF has; empty for other formats.
    kind : str
        "opa", "follow_up", "area_assurance", "response" or "unknown".
    framework_id : str or None
        The inspection framework, None where the document does not make it clear.
    area : str or None
        The Area's name as printed.
    area_id : str or None
        The Area that goes by that name at the date; None where none or several do.
    published : str or None
        Date of publication, ISO 8601, as precise as known.
    published_precision : str or None
        "day", "month" or "year".
    published_basis : str or None
        "stated", or "inferred" from other dates in the text.
    published_locator : str or None
        The lines that the date was read from.
    ratings : pandas.DataFrame
        `label` as printed, `level` ("overall", "section", "criterion" or "aspect"), `is_critical`
        where the document says so, `rating` in the spelling of the scale, `locator`. In a follow-up
        an overall rating is that of the inspection that it follows.
    actions : pandas.DataFrame
        `kind` ("recommendation", "aspect_for_improvement" or "issue"), `number`, `text`, `progress`
        in the spelling of the scale, `locator`.
    responses : pandas.DataFrame
        `number` of the action that is answered, `text`, `locator`.
    measures : pandas.DataFrame
        `value`, `unit`, `period` (an ISO 8601 date or interval), `locator`.
    forces : pandas.DataFrame
        Police forces that the Area serves: `force` as in the table `forces`, `force_as_printed`,
        `locator`.
    problems : pandas.DataFrame
        What looked like data and was not understood, and so was left out: `locator`, `text`,
        `reason`.
    """

    name: str
    sha256: str
    lines: tuple[str, ...] = field(repr=False)
    pages: tuple[int, ...] = field(default=(), repr=False)
    kind: str = "unknown"
    framework_id: str | None = None
    area: str | None = None
    area_id: str | None = None
    published: str | None = None
    published_precision: str | None = None
    published_basis: str | None = None
    published_locator: str | None = None
    ratings: pd.DataFrame = field(default_factory=partial(frame, "ratings"), repr=False)
    actions: pd.DataFrame = field(default_factory=partial(frame, "actions"), repr=False)
    responses: pd.DataFrame = field(default_factory=partial(frame, "responses"), repr=False)
    measures: pd.DataFrame = field(default_factory=partial(frame, "measures"), repr=False)
    forces: pd.DataFrame = field(default_factory=partial(frame, "forces"), repr=False)
    problems: pd.DataFrame = field(default_factory=partial(frame, "problems"), repr=False)

    def rows(
        self,
        folder: str | os.PathLike[str] | None = None,
        *,
        area: str | None = None,
        framework: str | None = None,
        published: str | None = None,
        new_area: bool = False,
    ) -> Rows:
        """The rows of the document in the shape of the tables, with ids, ready for `add_document`.

        Labels are matched with the aspects that the folder knows; labels that no set has make a new
        one. What only a person can judge (themes, kinds of commitment) stays empty, and topics say
        that nobody has put them into words yet. Of the document's wording the rows hold labels,
        words of the scales, and up to six key words.

        Parameters
        ----------
        folder : path, optional
            The data folder with the Areas, frameworks and aspects that are known, as for `load`.
        area, framework, published : str, optional
            The Area, the framework and the date of publication, where the document does not make
            them clear.
        new_area : bool
            Whether to make a row in ``areas`` for an Area that no table knows.

        Returns
        -------
        Rows
            A dict of tables by name, each with exactly the columns of the description, also when
            empty; its `problems` say what was left out.

        Raises
        ------
        HmcpsiError
            Where the Area, the framework or a date that is needed is not known.
        """
        from hmcpsi_data.documents.rows import rows_of

        known = {"area": area, "framework": framework, "published": published}
        return rows_of(self, folder, **known, new_area=new_area)

    def words(self, locator: str) -> list[str]:
        """The lines that a locator names, as read.

        Raises
        ------
        LocatorError
            Where the locator cannot be read or names a line that is not there.

        Examples
        --------
        >>> Document("text", "", ("one", "two", "three")).words("L1;L3")
        ['one', 'three']
        """
        from hmcpsi_data.errors import LocatorError, quote
        from hmcpsi_data.locators import parse

        found = []
        for page, first, last in parse(locator):
            start, count = 0, len(self.lines)
            if page is not None or self.pages:
                known = page is not None and page <= len(self.pages)
                start = sum(self.pages[: page - 1]) if known else 0
                count = self.pages[page - 1] if known else 0
            if last > count:
                raise LocatorError(
                    f"the locator {quote(locator)} names lines that {quote(self.name)} lacks"
                )
            found += self.lines[start + first - 1 : start + last]
        return found
