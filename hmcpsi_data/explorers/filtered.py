"""Explorers of one public function: options are counted in its rows, and rows have sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import pandas as pd

from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Option, Several, facets
from hmcpsi_data.explorers.saving import call
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import Record

__all__ = ["Filtered"]


class Filtered(Explorer):
    """An explorer of one public function of the record.

    A subclass names the function in `CALL` and asks it in `ask`; `FACETS` are the controls whose
    options are counted in what that gives.
    """

    CALL = ""
    FACETS: tuple[str, ...] = ()
    SITE: tuple[str, ...] = ()
    """The page of the site that shows the same, and the controls that it has as filters."""

    tier = Several("Published by", "Whose publication it is", more=True, quiet=True)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True)

    @classmethod
    def whole(cls, record: Record) -> pd.DataFrame | None:  # noqa: ARG003
        """The rows in which an option must stand somewhere to be offered; None offers all."""
        return None

    def ask(self, **values: Any) -> pd.DataFrame:
        """The rows that fit these arguments."""
        raise NotImplementedError

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of rows that each would give."""
        found = facets(self.rows(**self.asking), self.asking, self.rows, self.FACETS)
        return {name: self.offered(name, rows) for name, rows in found.items()}

    @property
    def asking(self) -> dict[str, Any]:
        """The arguments of the public function: what the controls hold, but for the picture."""
        return {name: value for name, value in self.values.items() if name != "picture"}

    def rows(self, **values: Any) -> pd.DataFrame:
        """What `ask` gives, asked once for a view: `show` and `controls` ask much the same."""
        key = repr(values)
        if key not in self._kept:
            self._kept[key] = self.ask(**values)
        return self._kept[key]

    def offered(self, name: str, rows: pd.DataFrame) -> list[Option]:
        """The options of a control, each with how many of the rows it would give."""
        known, counts = self.record.once(type(self)._known), self._controls[name].counts
        return [
            (value, label, n if counts else None)
            for value, label, n in options(name, self.record, rows)
            if known is None or value in known[name]
        ]

    @classmethod
    def _known(cls, record: Record) -> dict[str, set[Any]] | None:
        """The options that stand in any row at all."""
        whole = cls.whole(record)
        if whole is None:
            return None
        return {
            name: {value for value, _, n in options(name, record, whole) if n}
            for name in cls.FACETS
        }

    @property
    def code(self) -> str:
        """The call of the public function."""
        return call(self.CALL, **self.asking, record=self.record)

    @property
    def page(self) -> str:
        """The page of the site with the same view; empty where it has none."""
        on = [name for name in self._on() if name != "picture"]
        values = [self.values[name] for name in on]
        several = any(isinstance(value, list) and len(value) > 1 for value in values)
        # The site knows an Area by its name alone, so not one of two that bear the same.
        twins = "area" in on and "(" in self._in_words("area")
        if not self.SITE or several or twins or not set(on) <= set(self.SITE[1:]):
            return ""
        state = {"q" if name == "search" else name: self._in_words(name) for name in on}
        if self.values.get("level"):
            state["level"] = self.values["level"][0]  # the site tells it by its code
        return self.SITE[0] + ("#" + urlencode(state, quote_via=quote) if state else "")
