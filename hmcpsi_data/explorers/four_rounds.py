"""The rounds side by side: what was said of a subject in each, and what came of it.

Columns are rounds of inspection, each with its own Area, framework and dates; rows are themes; the
words themselves stand in the cells, ratings and progress as tiles. A click on a cell opens its
evidence under the row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.controls import Choice, Hidden, Option, Search, Several
from hmcpsi_data.explorers.filtered import Filtered
from hmcpsi_data.explorers.saving import call
from hmcpsi_data.explorers.themes import about, in_order, in_words, of_themes, word_of
from hmcpsi_data.explorers.view import View, drawn, sourced
from hmcpsi_data.html import html_table, tile
from hmcpsi_data.record.areas import family
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import Record, RecordLike
from hmcpsi_data.words import KINDS, PLURALS, SPEAKERS, count_of, date_in_words, listed

__all__ = ["FourRounds"]

# The four rounds that this project began with, by framework: the control and the Area of each.
_FOUR = {
    "opa_2005": ("area_2006", "leicestershire_1999"),
    "follow_up_2010": ("area_2010", "leicestershire_1999"),
    "aap_2016": ("area_2016", "east_midlands_2011"),
    "aip_2021": ("area_2022", "south_west_2011"),
}
_ASKED = ("theme", "kind", "speaker", "search", "tier", "basis")
_TOP = ("victim_letters", "disclosure")
_MOST = 3  # statements that a cell shows before it is opened
_CELL = (
    "vertical-align:top;text-align:left;padding:4px 8px;width:21%;border-left:2px dashed #59595B"
)
_NAME = "vertical-align:top;text-align:left;padding:4px 8px 4px 0;width:14%"
_LINE = "margin:0 0 3px;line-height:1.3"


def _area_of(framework_id: str, year: int) -> Choice:
    """The control that chooses the Area of one round."""
    tip = "Not used while one Area is chosen for all rounds"
    return Choice(f"Area in {year}", tip, everything="All Areas", more=True, filters=False,
                  default=_FOUR[framework_id][1])  # fmt: skip


class FourRounds(Filtered):
    """What was said of each theme in each round, in whose words, and what became of it.

    Parameters
    ----------
    **values
        Filters at the start, as for `hmcpsi_data.facts`; `area` brings those before and after it,
        `area_2006`, `area_2010`, `area_2016` and `area_2022` choose round by round.

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
    CALL = "hd.facts"
    FACETS = ("theme", "kind", "speaker", "tier", "basis")

    theme = Several("Theme", "The subjects that are shown, one row each")
    area = Choice("Area", "One Area with those before and after it, in all rounds",
                  everything="A different Area in each round")  # fmt: skip
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
        self._heads: dict[tuple[str, ...], _Column] = {}
        self._families: dict[str, tuple[str, ...]] = {}
        super().__init__(record, **values)

    @classmethod
    def whole(cls, record: Record) -> pd.DataFrame:
        """Every statement."""
        return facts(record=record)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of statements that each would give."""
        return {**self.record.once(_lists), "area": self._areas(), **super().controls()}

    def _areas(self) -> list[Option]:
        """All Areas, with the statements in the rounds shown of each and of those around it."""
        rounds = list(self._columns(self.values))
        asked = {name: self.values[name] for name in _ASKED}
        known = of_themes(facts(round=rounds, **asked, record=self.record))
        n = Counter(known["area_id"].dropna())
        return [
            (area, name, sum(n[one] for one in self._family(area)))
            for area, name, _ in self.record.once(_lists)["area"]
        ]

    def _family(self, area: str) -> tuple[str, ...]:
        """An Area with those before and after it."""
        if area not in self._families:
            self._families[area] = tuple(family(area, self.record))
        return self._families[area]

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Open or close a cell."""
        if command != "open":
            super().act(command, details, data)
        wanted = str(details.get("cell", ""))
        self.cell = None if wanted == self.cell else wanted

    def _columns(self, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """By round that is shown, the Areas whose statements stand in its column; none for all."""
        four = self.record.once(_four)
        wanted = values["round"] or four
        shown = [one for one, *_ in options("round", self.record) if one in wanted]
        if values["area"] is not None:
            return dict.fromkeys(shown, self._family(values["area"]))
        chosen = {one: values.get(four.get(one, "")) for one in shown}
        return {one: (area,) if area else () for one, area in chosen.items()}

    def _questions(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What is asked of the public function, once for all rounds that show the same Areas."""
        rounds: dict[tuple[str, ...], list[str]] = {}
        for one, areas in self._columns(values).items():
            rounds.setdefault(areas, []).append(one)
        asked = {name: values[name] for name in _ASKED}
        return [{"area": list(areas) or None, "round": of, **asked} for areas, of in rounds.items()]

    def ask(self, **values: Any) -> pd.DataFrame:
        """The statements in the columns that are shown, as far as they belong to a theme."""
        parts = [facts(**one, record=self.record) for one in self._questions(values)]
        return of_themes(pd.concat(parts, ignore_index=True)).reset_index(drop=True)

    @property
    def code(self) -> str:
        """The calls that give the same statements, one for each Area with its rounds."""
        calls = [call(self.CALL, **one, record=self.record) for one in self._questions(self.values)]
        lines = ",\n    ".join(calls)
        code = calls[0] if len(calls) == 1 else f"pd.concat([\n    {lines},\n])"
        return f"{code}.query(\"theme_ids != ''\")"

    def show(self) -> View:
        """The table of rounds, with the evidence of the cell that is open."""
        frame = self.rows(**self.asking)
        columns = [self._head(one, *areas) for one, areas in self._columns(self.values).items()]
        cells = _cells(frame)
        themes = {
            theme: title
            for theme, title, _ in options("theme", self.record)
            if not self.theme or theme in self.theme
        }
        n = Counter(theme for theme, _ in cells)
        # Letters and disclosure, which this project is about, and then what comes back most.
        shown = sorted(
            (one for one in themes if n[one]), key=lambda one: (one not in _TOP, -n[one])
        )
        rows = [self._row(theme, themes[theme], columns, cells) for theme in shown]
        heads = [f'<th scope="col" role="columnheader" style="{_NAME}">Theme</th>']
        heads += [one.head() for one in columns]
        return View(
            frame=frame,
            status=f"{len(shown)} of {count_of(len(themes), 'theme')}, "
            f"{count_of(len(frame), 'statement')}",
            code=self.code,
            sentence=_sentence(frame, themes, n, len(columns)) or self._elsewhere(),
            html='<table class="hx-grid hx-rounds" role="table" aria-label="Themes by round" '
            'style="border-collapse:collapse;table-layout:fixed;width:100%">'
            f'<thead><tr role="row">{"".join(heads)}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>",
            values=in_words,
            picture=drawn("four_rounds", frame, record=self.record),
            picture_key=tuple(frame["row_id"]),
            on_screen=False,
        )

    def _elsewhere(self) -> str:
        """Nothing is shown: where there is something of the Area that was chosen."""
        told = "Nothing was found. Take a filter away, or press Clear."
        if self.area is None:
            return told
        known = facts(area=list(self._family(self.area)), record=self.record)
        n = Counter(of_themes(known)["round"].dropna())
        rounds = [f"{one} ({count_of(n[one], 'statement')})" for one in sorted(n)]
        there = f"in {listed(rounds)}: choose that under More filters, Rounds" if rounds else "none"
        return f"{told} Of {self._in_words('area')} by themes there is {there}."

    def _head(self, one: str, *areas: str) -> _Column:
        """The head of a round, worked out once for the same Areas."""
        if (one, *areas) not in self._heads:
            known = facts(area=list(areas) or None, round=one, record=self.record)
            inspections = self.record.table("inspections").set_index("inspection_id")
            published = inspections["published"].reindex(known["inspection_id"].dropna().unique())
            dates = published.dropna().unique().tolist()
            self._heads[one, *areas] = _Column(one, known, dates, self.record)
        return self._heads[one, *areas]

    def _row(self, theme: str, title: str, columns: Sequence[_Column], cells: Any) -> str:
        """A theme with its cells, and under it the evidence of the one that is open."""
        html = f'<th scope="row" role="rowheader" style="{_NAME}">{escape(title)}</th>'
        evidence = ""
        for one in columns:
            statements = cells.get((theme, one.round))
            is_open = statements is not None and self.cell == f"{theme} {one.round}"
            html += one.cell(theme, title, statements, is_open, self.record)
            if is_open:
                table = _evidence(pd.DataFrame(statements), f"{title}: {one.title}", self.record)
                evidence = (
                    f'<tr role="row" class="hx-evidence"><td role="cell" '
                    f'colspan="{len(columns) + 1}">{table}</td></tr>'
                )
        return f'<tr role="row">{html}</tr>{evidence}'


class _Column:
    """One round as a column: what stands in its head, and how its cells are written."""

    def __init__(self, one: str, known: pd.DataFrame, dates: list[str], record: Record) -> None:
        names = known["area"].dropna().unique().tolist()
        self.round, self.several = one, len(names) > 1
        year = dates[0][:4] if len(dates) == 1 and len(names) == 1 else one
        if not names:
            self.title, self.lines = year, ["not inspected in this round, or not found"]
            return
        self.title = f"{year} {listed(names) if len(names) < 3 else count_of(len(names), 'Area')}"
        self.lines = [
            listed(known["framework"].dropna().unique().tolist()),
            _measured(known, record),
        ]
        if len(dates) == 1:
            self.lines.append(f"published {date_in_words(dates[0])}")

    def head(self) -> str:
        lines = "".join(f"<br><small>{escape(line)}</small>" for line in self.lines)
        title = f"<strong>{escape(self.title)}</strong>"
        return f'<th scope="col" role="columnheader" style="{_CELL}">{title}{lines}</th>'

    def cell(self, theme: str, title: str, statements: Any, is_open: bool, record: Record) -> str:
        """The first statements of a theme in this round, and the button that opens all."""
        told = escape("\n".join([self.title, *self.lines]))  # where there is no room for a head
        start = f'<td role="cell" data-label="{told}" style="{_CELL}">'
        if statements is None:
            return f"{start}<small>none found</small></td>"
        lines = "".join(self.line(row, record) for row in statements[:_MOST])
        more = len(statements) - _MOST
        name = f"{title}, {self.title}, {count_of(len(statements), 'statement')}"
        return (
            f'{start}{lines}<button type="button"{"" if more > 0 else " data-live"} '
            f'class="hx-open" data-cell="{escape(f"{theme} {self.round}")}" '
            f'aria-expanded="{str(is_open).lower()}" aria-label="Evidence: {escape(name)}">'
            f"{f'+ {more} more' if more > 0 else 'Evidence'}</button></td>"
        )

    def line(self, row: Mapping[Any, Any], record: Record) -> str:
        """A statement: its word as a tile, what it is about, whose words, and what came of it."""
        about = str(row["what"])
        if self.several and pd.notna(row["area"]):
            about = f"{row['area']}: {about}"
        if row["speaker"] not in ("inspectorate", "project"):
            about += f" ({SPEAKERS.get(row['speaker'], row['speaker'])})"
        if row["kind"] in KINDS:
            became = record.once(_became).get(row["row_id"], "no answer found")
            about += f" \u2192 {became}"
        return f'<p style="{_LINE}">{tile(row["word"], record)} {escape(about)}</p>'


def _four(record: Record) -> dict[str, str]:
    """The controls that choose an Area, by their rounds."""
    rounds = record.table("frameworks").set_index("framework_id")["round"]
    return {rounds[key]: name for key, (name, _) in _FOUR.items() if key in rounds}


def _lists(record: Record) -> dict[str, list[Option]]:
    """The lists that are always the same: rounds, Areas, and the Areas of each of the four."""
    whole = facts(record=record)
    lists = {name: options(name, record, whole) for name in ("round", "area")}
    for one, name in record.once(_four).items():
        lists[name] = options("area", record, whole[whole["round"].eq(one)])
    some: dict[str, list[Option]] = {
        name: [one for one in found if one[2]] for name, found in lists.items()
    }
    return some


def _cells(frame: pd.DataFrame) -> dict[tuple[str, str], list[dict[Any, Any]]]:
    """The statements of each theme in each round, what counts most first."""
    cells: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    ordered = in_order(frame)
    for row in ordered.assign(word=word_of(ordered), what=about(ordered)).to_dict("records"):
        for theme in row["theme_ids"].split("; "):
            cells.setdefault((theme, row["round"]), []).append(row)
    return cells


def _answers(record: Record) -> pd.DataFrame:
    """Every answer and every progress on record, by the request that it answers."""
    known = facts(kind=["response", "progress"], record=record)
    return known[known["answers"].notna()]


def _became(record: Record) -> dict[str, str]:
    """What came of each request, in words: the progress a follow-up rated, else the answer."""
    known = (
        record.once(_answers)
        .dropna(subset="value")
        .sort_values("kind", ascending=False, kind="stable")
    )
    words = known["value"].where(
        known["kind"].eq("progress"), "answered: " + known["value"].str.replace("_", " ")
    )
    return dict(zip(known["answers"], words, strict=True))  # progress goes over responses


def _evidence(statements: pd.DataFrame, caption: str, record: Record) -> str:
    """The statements of one cell, each answer once, right behind the request that it answers."""
    answers = record.once(_answers)
    answers = answers[answers["answers"].isin(statements["row_id"])]
    others = statements[~statements["row_id"].isin(answers["row_id"])]
    known = pd.concat([others, answers], ignore_index=True)
    behind = known["answers"].where(known.index >= len(others), known["row_id"])
    places = {row_id: place for place, row_id in enumerate(statements["row_id"])}
    known = known.iloc[behind.map(places).argsort(kind="stable")]
    columns = {"Said": word_of(known), "Of what": about(known)}
    table = sourced(columns, known, record)
    return html_table(table["rows"], caption, tiles=("Said",), links=table["links"], record=record)


def _measured(known: pd.DataFrame, record: Record) -> str:
    """What was measured in a round, in words."""
    n = Counter(known["kind"])
    rated = known[known["kind"].eq("rating") & known["value"].notna()]
    of_level = rated["level"].value_counts()
    told = []
    if of_level.get("overall") == 1:
        told.append(f"overall {rated.loc[rated['level'].eq('overall'), 'value'].iat[0]}")
        of_level = of_level.drop("overall")
    if len(of_level):
        levels = [_known_of(str(level), rated, record) for level in of_level.index]
        told.append(f"{listed(levels)} {'known' if ' of ' in ''.join(levels) else 'rated'}")
    if n["progress"]:
        told.append(f"progress on {count_of(n['progress'], 'recommendation')}")
    told = told or ["no ratings"]
    if n["issue"]:
        told.append(count_of(n["issue"], "issue"))
    return ", ".join(told)


def _known_of(level: str, rated: pd.DataFrame, record: Record) -> str:
    """How many of a level are rated; of one inspection, of how many its framework has."""
    found = rated[rated["level"].eq(level)]
    aspects = record.table("aspects").set_index("aspect_id")
    sets = aspects["set_id"].reindex(found["aspect_id"]).dropna().unique()
    whole = int((aspects["set_id"].isin(sets) & aspects["level"].eq(level)).sum())
    n, words = len(found), (level.replace("_", " "), PLURALS[level])
    one = found["inspection_id"].nunique() == 1 and n < whole
    return f"{n} of {count_of(whole, *words)}" if one else count_of(n, *words)


def _sentence(frame: pd.DataFrame, themes: Mapping[str, str], n: Counter[str], rounds: int) -> str:
    """What comes back in every round, and how far recommendations had got; empty for none."""
    if frame.empty:
        return ""
    back = [themes[one] for one in themes if n[one] == rounds and rounds > 1]
    if len(back) > 7:
        back = [*back[:6], f"{len(back) - 6} more"]
    told = f"In all {rounds} rounds: {listed(back)}. " if back else ""
    progress = Counter(frame.loc[frame["kind"].eq("progress"), "value"].dropna())
    if progress:
        words = ", ".join(f"{count} {word}" for word, count in sorted(progress.items()))
        told += f"Progress on recommendations: {words}. "
    return f"{told}Open a cell to see whose words they are, where they stand and what was answered."
