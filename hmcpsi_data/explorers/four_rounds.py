"""The rounds side by side: what was said of a subject in each, and what came of it.

Columns are rounds of inspection, each with its own Area, framework and dates; rows are themes; the
words themselves stand in the cells, ratings and progress as tiles. A click on a cell opens its
evidence under the row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Hidden, Option, Search, Several, facets
from hmcpsi_data.explorers.rounds_table import Column, Fact, in_order, rounds_table
from hmcpsi_data.explorers.rows import offered, with_rows
from hmcpsi_data.explorers.view import View, call
from hmcpsi_data.record.areas import family
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import Record, RecordLike
from hmcpsi_data.words import PLURALS, count_of, date_in_words, listed

__all__ = ["FourRounds"]

# The four rounds that this project began with, by framework: the control and the Area of each.
_FOUR = {
    "opa_2005": ("area_2006", "leicestershire_1999"),
    "follow_up_2010": ("area_2010", "leicestershire_1999"),
    "aap_2016": ("area_2016", "east_midlands_2011"),
    "aip_2021": ("area_2022", "south_west_2011"),
}


def _area_of(framework_id: str, year: int) -> Choice:
    """The control that chooses the Area of one round."""
    tip = "Not used while one Area is chosen for all rounds"
    return Choice(f"Area in {year}", tip, everything="All Areas", more=True, filters=False,
                  default=_FOUR[framework_id][1])  # fmt: skip


class FourRounds(Explorer):
    """What was said of each theme in each round, in whose words, and what became of it.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    **values
        Values of controls at the start: `area` (one Area and those before and after it, through
        all rounds), `theme`, `search`, `kind`, `speaker`, `round`, and the Areas round by round,
        `area_2006`, `area_2010`, `area_2016` and `area_2022`.

    Examples
    --------
    >>> rounds = FourRounds(theme="disclosure", kind="rating")
    >>> rounds.frame[["round", "area", "what", "value"]].values.tolist()
    [['2005-06', 'Leicestershire', 'Disclosure', 'Good']]
    """

    TITLE = "What did inspectors say, round by round?"
    NOTE = (
        "Each round has its own framework and its own unit: read across for a subject, never as a "
        "trend. Progress is not quality; 2022 gives no ratings. Which statements belong to a theme "
        "is this project's judgement."
    )
    SAVES = (("csv", "Table (CSV)"), ("png", "Picture (PNG)"), ("svg", "Picture (SVG)"))

    theme = Several("Theme", "The subjects that are shown, one row each")
    area = Choice(
        "Area",
        "One Area with those before and after it, in all rounds",
        everything="As chosen by round",
    )
    search = Search()
    kind = Several("Kind of statement", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)
    round = Several("Rounds", "None ticked shows these four", more=True, filters=False)
    area_2006 = _area_of("opa_2005", 2006)
    area_2010 = _area_of("follow_up_2010", 2010)
    area_2016 = _area_of("aap_2016", 2016)
    area_2022 = _area_of("aip_2021", 2022)
    cell = Hidden("Open cell")

    def __init__(self, record: RecordLike = None, **values: Any) -> None:
        self._families: dict[str, list[str]] = {}
        self._heads: dict[tuple[str, tuple[str, ...]], Column] = {}
        super().__init__(record, **values)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of statements that each would give."""
        values = self.values
        found = facets(self._facts(**values), values, self._facts, ["theme", "kind", "speaker"])
        known = self.record.once(_known)
        given = {
            name: offered(name, self.record, rows, known[name]) for name, rows in found.items()
        }
        return self.record.once(_lists) | given

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Open or close a cell."""
        if command != "open":
            super().act(command, details, data)
        wanted = str(details.get("cell", ""))
        self.cell = None if wanted == self.cell else wanted

    def _areas(self, values: Mapping[str, Any]) -> dict[str, list[str] | None]:
        """By round that is shown, the Areas whose statements stand in its column; None for all."""
        four = self.record.once(_four)
        wanted = values["round"] or four
        shown = [one for one, *_ in options("round", self.record) if one in wanted]
        if values["area"] is not None:
            return dict.fromkeys(shown, self._family(values["area"]))
        chosen = {one: values.get(four.get(one, "")) for one in shown}
        return {one: None if area is None else [area] for one, area in chosen.items()}

    def _family(self, area: str) -> list[str]:
        if area not in self._families:
            self._families[area] = family(area, self.record)
        return self._families[area]

    def _facts(self, **values: Any) -> pd.DataFrame:
        """The statements in the columns that are shown, of all that the public function gives."""
        wanted = {name: values[name] for name in ("theme", "kind", "speaker", "search")}
        parts = [
            facts(area=areas, round=rounds, **wanted, record=self.record)
            for areas, rounds in _together(self._areas(values))
        ]
        found = pd.concat(parts, ignore_index=True)
        return found[found["theme_ids"].ne("").fillna(False)].reset_index(drop=True)

    def show(self) -> View:
        """The table of rounds, with the evidence of the cell that is open."""
        areas = self._areas(self.values)
        frame = self._facts(**self.values)
        cells = _cells(frame)
        themes = {
            theme: title
            for theme, title, _ in options("theme", self.record)
            if not self.theme or theme in self.theme
        }
        n = Counter(theme for theme, _ in cells)
        # What comes back in most rounds stands first.
        shown = sorted((one for one in themes if n[one]), key=lambda one: -n[one])
        opened = self.cell if tuple((self.cell or " ").split(" ", 1)) in cells else None
        columns = [self._column(one, areas[one]) for one in areas]
        return View(
            frame=frame,
            status=f"{len(shown)} of {count_of(len(themes), 'theme')}, "
            f"{count_of(len(frame), 'statement')}",
            code=self._code(areas),
            sentence=_sentence(frame, themes, n, len(areas)),
            html=rounds_table(
                cells,
                {one: themes[one] for one in shown},
                columns,
                opened,
                self.record,
            ),
            picture=lambda: self._picture(frame),
            picture_key=tuple(frame["row_id"]),
            on_screen=False,
        )

    def _column(self, one: str, areas: list[str] | None) -> Column:
        """The head of a round, worked out once for the same Areas."""
        key = one, tuple(areas or ())
        if key not in self._heads:
            self._heads[key] = self._head(one, areas)
        return self._heads[key]

    def _head(self, one: str, areas: list[str] | None) -> Column:
        """Areas, framework, what it measures, and when it came out."""
        known = facts(area=areas, round=one, record=self.record)
        names = known["area"].dropna().unique().tolist()
        inspections = self.record.table("inspections").set_index("inspection_id")
        published = inspections["published"].reindex(known["inspection_id"].dropna().unique())
        dates = published.dropna().unique().tolist()
        year = dates[0][:4] if len(dates) == 1 and len(names) == 1 else one
        if not names:
            return Column(one, year, ("not inspected in this round, or not found",))
        frameworks = known["framework"].dropna().unique().tolist()
        title = f"{year} {listed(names) if len(names) < 3 else count_of(len(names), 'Area')}"
        lines = [listed(frameworks), _measured(known)]
        if len(dates) == 1:
            lines.append(f"published {date_in_words(dates[0])}")
        return Column(one, title, tuple(lines), len(names) > 1)

    def _code(self, areas: Mapping[str, list[str] | None]) -> str:
        """The calls that give the same statements, one for each Area with its rounds."""
        wanted = {name: getattr(self, name) for name in ("theme", "kind", "speaker", "search")}
        calls = [
            call("hd.facts", area=of, round=rounds, **wanted, record=self.record)
            for of, rounds in _together(areas)
        ]
        lines = ",\n    ".join(calls)
        code = calls[0] if len(calls) == 1 else f"pd.concat([\n    {lines},\n])"
        return f"{code}.query(\"theme_ids != ''\")"

    def _picture(self, frame: pd.DataFrame) -> Any:
        from hmcpsi_data.pictures import four_rounds

        return four_rounds(frame, record=self.record)


def _four(record: Record) -> dict[str, str]:
    """The controls that choose an Area, by their rounds."""
    rounds = record.table("frameworks").set_index("framework_id")["round"]
    return {rounds[key]: name for key, (name, _) in _FOUR.items() if key in rounds}


def _known(record: Record) -> dict[str, set]:
    return with_rows(["theme", "kind", "speaker"], record, facts(record=record))


def _lists(record: Record) -> dict[str, Sequence[Option]]:
    """The lists that are always the same: Areas, rounds, and the Areas of each of the four."""
    whole = facts(record=record)
    lists: dict[str, Sequence[Option]] = {
        "round": [one for one in options("round", record, whole) if one[2]],
        # An Area brings those before and after it with it: its own number would mislead.
        "area": [(area, name, None) for area, name, n in options("area", record, whole) if n],
    }
    for one, name in record.once(_four).items():
        of_round = whole[whole["round"].eq(one)]
        lists[name] = [option for option in options("area", record, of_round) if option[2]]
    return lists


def _together(
    areas: Mapping[str, list[str] | None],
) -> list[tuple[list[str] | None, list[str]]]:
    """The rounds that show the same Areas, so that they are asked for in one call."""
    rounds: dict[tuple[str, ...], list[str]] = {}
    for one, chosen in areas.items():
        rounds.setdefault(tuple(chosen or ()), []).append(one)
    return [(list(chosen) or None, of) for chosen, of in rounds.items()]


def _cells(frame: pd.DataFrame) -> dict[tuple[str, str], list[Fact]]:
    """The statements of each theme in each round, what counts most first."""
    cells: dict[tuple[str, str], list[Fact]] = {}
    for fact in in_order(frame).to_dict("records"):
        for theme in fact["theme_ids"].split("; "):
            cells.setdefault((theme, fact["round"]), []).append(fact)
    return cells


def _measured(known: pd.DataFrame) -> str:
    """What was measured in a round, in words."""
    n = Counter(known["kind"])
    told = []
    rated = known[known["kind"].eq("rating") & known["value"].notna()]
    of_level = rated["level"].value_counts()
    if of_level.get("overall") == 1:
        told.append(f"overall {rated.loc[rated['level'].eq('overall'), 'value'].iat[0]}")
        of_level = of_level.drop("overall")
    if len(of_level):
        levels = [
            count_of(of, str(level).replace("_", " "), PLURALS[str(level)])
            for level, of in of_level.items()
        ]
        told.append(f"{listed(levels)} rated")
    if n["progress"]:
        told.append(f"progress on {count_of(n['progress'], 'request')}")
    if not told:
        told.append("no ratings")
    if n["issue"]:
        told.append(count_of(n["issue"], "issue"))
    return ", ".join(told)


def _sentence(frame: pd.DataFrame, themes: Mapping[str, str], n: Counter[str], rounds: int) -> str:
    """What comes back in every round, and what became of what was asked for."""
    if frame.empty:
        return "Nothing was found. Take a filter away, or press Clear."
    back = [themes[one] for one in themes if n[one] == rounds and rounds > 1]
    more = [f"{len(back) - 6} more"] if len(back) > 7 else []
    named = listed([*(back[:6] if more else back), *more])
    told = f"In all {rounds} rounds: {named}. " if back else ""
    progress = Counter(frame.loc[frame["kind"].eq("progress"), "value"].dropna())
    if progress:
        words = ", ".join(f"{count} {word}" for word, count in sorted(progress.items()))
        told += f"Progress on what was asked for: {words}. "
    return f"{told}Open a cell to see whose words they are, where they stand and what was answered."
