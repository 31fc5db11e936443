"""Area Assurance: what its criteria can say about its sections.

No rule from criteria to sections was found, and no criterion is called critical. The family of
rules is again this project's own. Which criterion belongs to which section is derived from the
order in which the page on Wessex prints them. The criteria that were printed for an Area need not
be all there were: what follows here holds only if they were.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_consistent import joined
from hmcpsi_data.assessment_family import family
from hmcpsi_data.assessment_ruleset import Groups, RuleSet
from hmcpsi_data.guard import scale
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.views import look_up, ratings

__all__ = ["Sections", "sections"]

_Folder = str | os.PathLike[str] | None
_FRAMEWORK = "aap_2016"
_CAVEAT = (
    "Reconstruction: from the Areas whose criteria are known ({}); not the inspectorate's rule. It "
    "holds only if the printed criteria were all there were, which is not stated. Which criterion "
    "belongs to which section is derived from Wessex."
)


@dataclass(frozen=True, eq=False)
class Sections:
    """Sections whose criteria are known, and the rules that fit them.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per section of an Area: `area`, `section`, `rating`, `criteria` (their ratings, as
        printed in order), `majority` (the word of more than half of them, empty where none),
        `agree` (rules of the family that give the section its rating), `left` (rules that still
        agree with all sections of this Area so far) and `caveat`.
    rules : mapping of str to RuleSet
        For each Area the rules that agree with all its sections.
    together : RuleSet
        The rules that agree with the sections of all Areas.
    of : int
        How many rules the family has.
    words, caveat : str
        What follows, in words, and what must stand beside it.
    """

    frame: pd.DataFrame
    rules: Mapping[str, RuleSet]
    together: RuleSet
    of: int
    words: str
    caveat: str

    def table(self) -> TileTable:
        """The sections as a table to read."""
        headings = {
            "area": "Area", "section": "Section", "criteria": "Criteria",
            "majority": "Plain majority", "rating": "Section rated", "agree": "Rules that agree",
            "left": "Left",
        }  # fmt: skip
        shown = self.frame.assign(majority=self.frame["majority"].fillna("none"))
        title = f"What criteria can say about sections: {self.of} rules"
        return tile_table(
            shown, title, self.words, self.caveat, headings=headings,
            row_headers=2, tiles=("Section rated",),
        )  # fmt: skip

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def sections(folder: _Folder = None) -> Sections:
    """What rules from criteria to sections agree with, Area by Area.

    Parameters
    ----------
    folder : path, optional
        As for `load`.

    Returns
    -------
    Sections
        Areas in the order of their inspections; a section counts where all criteria that were
        printed for it are rated.

    Examples
    --------
    >>> found = sections()
    >>> east = found.frame[found.frame["area"] == "East Midlands"].set_index("section")
    >>> print(*east.loc["Public confidence", ["criteria", "rating", "agree"]])
    Poor Fair 0
    """
    words = tuple(scale(_FRAMEWORK, folder)[0])
    known = _known(folder)
    sizes = tuple(sorted({len(criteria) for *_, criteria in known}))
    members = family("section", sizes, words) if sizes else None
    rows, rules = [], {}
    caveat = _CAVEAT.format(joined(list(dict.fromkeys(area for area, *_ in known))) or "none")
    together = np.ones(len(members) if members else 0, dtype=bool)
    for area in dict.fromkeys(area for area, *_ in known):
        left = np.ones(len(members), dtype=bool)
        for _, section, rating, criteria in (one for one in known if one[0] == area):
            counts = np.array([[[criteria.count(word) for word in words]]], dtype=np.int16)
            outcome = members.outcomes(Groups.alike(len(criteria)), counts)[:, 0]
            agrees = outcome == words.index(rating)
            left &= agrees
            most = [word for word in words if 2 * criteria.count(word) > len(criteria)]
            n = int(agrees.sum()), int(left.sum())
            majority = most[0] if most else None
            rows.append((area, section, rating, ", ".join(criteria), majority, *n, caveat))
        rules[area] = members.only(left)
        together &= left
    columns = ["area", "section", "rating", "criteria", "majority", "agree", "left", "caveat"]
    texts = dict.fromkeys(set(columns) - {"agree", "left"}, "string")
    frame = pd.DataFrame(rows, columns=columns).astype(texts)
    of = len(members) if members else 0
    both = members.only(together) if members else RuleSet([], np.zeros((0, 0), np.int16))
    return Sections(frame, rules, both, of, _words(frame, rules, of), caveat)


def _known(folder: _Folder) -> list[tuple[str, str, str, list[str]]]:
    """Area, section, its rating and those of its criteria, where all printed ones are known."""
    rated = ratings(framework=_FRAMEWORK, folder=folder)
    rated["parent_id"] = look_up(rated["aspect_id"], "aspects", ["parent_id"], folder)["parent_id"]
    labels = load("aspects", folder).set_index("aspect_id")["label"]
    criteria, found = rated[rated["level"] == "criterion"], []
    sections = rated[(rated["level"] == "section") & rated["rating"].notna()]
    for row in sections.itertuples():
        own = criteria["inspection_id"].eq(row.inspection_id) & criteria["parent_id"].eq(
            row.aspect_id
        ).fillna(False)
        given = criteria.loc[own, "rating"]
        if len(given) and given.notna().all():
            found.append((row.area, labels[row.aspect_id], row.rating, given.tolist()))
    return found


def _words(frame: pd.DataFrame, rules: Mapping[str, RuleSet], of: int) -> str:
    if not of:
        return "Of no section are both its own rating and those of its criteria known."
    parts = []
    for area, rows in frame.groupby("area", sort=False):
        n, one = len(rules[area]), len(rows) == 1
        give = f"{n} of {of} rules give{'s' * (n == 1)}" if n else f"none of {of} rules gives"
        named = f"{area}: {give} "
        named += "its section its rating" if one else f"all {len(rows)} sections their rating"
        never = rows.loc[rows["agree"] == 0, "section"].tolist()
        if never:
            said = "no rule of the family gives its rating to"
            named = f"{area}: {said} {joined(never)} from the printed criteria alone"
        off = rows[(rows["agree"] > 0) & (rows["majority"] != rows["rating"]).fillna(False)]
        for row in off.itertuples():
            named += f"; {row.section} is {row.rating} from {row.criteria}, against the majority"
        parts.append(f"{named}.")
    return " ".join(parts)
