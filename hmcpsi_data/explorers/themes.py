"""Themes round by round, in whose words: the whole record, and the rounds side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data import pictures
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several, Text
from hmcpsi_data.explorers.filtered import Filtered, keys, sourced
from hmcpsi_data.explorers.view import View, call, opener
from hmcpsi_data.html import html_table, tile
from hmcpsi_data.record.facts import RoundHead, about, facts, round_head, statements_in_words
from hmcpsi_data.record.filters import options
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import FACTS, SPEAKERS, count_of

__all__ = ["FourRounds", "ThemeExplorer"]

# The four rounds that this project began with, and the control of the Area of each.
_FOUR = {"2005-06": "area_2006", "2010-12": "area_2010", "2016-19": "area_2016",
         "2021-22": "area_2022"}  # fmt: skip
_ASKED = ("theme", "kind", "speaker", "search", "tier", "basis")
_TOP = ("victim_letters", "disclosure")  # which this project is about
_MOST = 3  # statements that a cell shows
_STATEMENT = ("row_id", "kind")  # what tells statements apart
_CELL = (
    "vertical-align:top;text-align:left;padding:4px 8px;width:21%;border-left:2px dashed #59595B"
)
_NAME = "vertical-align:top;text-align:left;padding:4px 8px 4px 0;width:14%"
_ROUND: dict[str, Any] = {"everything": "All Areas", "more": True, "filters": False}
_NOTHING = (
    "Nothing is found in these rounds. Choose others under More filters, Rounds; or take a filter "
    "away, or press Clear."
)
_UNUSED = "Not used while one Area is chosen for all rounds"


class _OfThemes(Filtered):
    """Statements that belong to a theme; which do is this project's judgement."""

    FUNCTION = staticmethod(facts)
    QUERY = "theme_ids != ''"
    KEY = _STATEMENT

    search = Search()
    kind = Several("Kind of statement", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)

    @classmethod
    def words(cls, record: Record) -> pd.DataFrame:
        """Each statement in words."""
        return record.once(_statements)


class ThemeExplorer(_OfThemes):
    """Where a subject comes up, and what was said of it, filtered as by `hmcpsi_data.facts`.

    >>> explorer = ThemeExplorer(theme="Custody time limits", tier="inspectorate")
    >>> explorer.frame[["round", "area", "kind"]].values.tolist()
    [['2005-06', 'Leicestershire', 'rating']]
    """

    TITLE = "Themes that return"
    NOTE = (
        "Rounds differ in framework and in unit: how often a subject comes up says nothing about "
        "how well it was done. Which evidence belongs to a theme is this project's judgement."
    )
    FACETS = ("theme", "round", "area", "kind", "speaker", "tier", "basis")

    theme = Choice("Theme", "Or choose a cell of the table", everything="All themes")
    round = Choice("Round", "Or choose a cell of the table", everything="All rounds")
    area = Choice("Area", "The Area it was said of", everything="All Areas", more=True)

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Choose the theme and the round of a cell."""
        if command != "open":
            super().act(command, details, data)
        self.theme, _, self.round = str(details.get("cell", "")).partition(" ")

    def show(self) -> View:
        """The matrix of all that fits the other filters, and below it the chosen evidence."""
        frame = self.rows(**self.asking)
        read = self.read(frame).sort_values("place")
        frame = frame.loc[read.index]
        theme = self.in_words("theme") if self.theme else "all themes"
        return self.answer(
            frame,
            f"{count_of(len(frame), 'statement')}: {theme}, {self.round or 'all rounds'}",
            _counted(frame),
            read,
            caption="Evidence of what is chosen",
            tiles=("Said",),
            fold=("Area, round", "Date"),
            before=self._matrix(self.rows(**self.asking | {"theme": None, "round": None})),
            page=f"themes/{self.theme}.html" if self.on() == ["theme"] else "",
            picture=lambda: self._picture(frame) if len(frame) else None,
            picture_key=tuple(sorted(frame["row_id"])),
        )

    def _matrix(self, fits: pd.DataFrame) -> str:
        """Themes down, rounds across; each cell a button that chooses it."""
        themes = fits["theme_ids"].str.split("; ").explode()
        n = Counter(zip(themes, fits["round"].reindex(themes.index), strict=True))
        rounds = [one for one, *_ in options("round", self.record) if one in {r for _, r in n}]

        def cell(theme: str, one: str, words: str, name: str, tag: str = "td") -> str:
            pressed = (theme, one) == (self.theme or "", self.round or "")
            state = f'aria-pressed="{str(pressed).lower()}"'
            return f"<{tag}>{opener(f'{theme} {one}', words, name, state, words)}</{tag[:2]}>"

        heads = [cell("", "", "All", "all themes, all rounds", 'th scope="col"')]
        heads += [cell("", one, one, f"all themes, {one}", 'th scope="col"') for one in rounds]
        body = ""
        for theme, title, _ in options("theme", self.record):
            cells = [cell(theme, "", title, f"{title}, all rounds", 'th scope="row"')]
            for one in rounds:
                k, name = n[theme, one], f"{title}, {one}: {n[theme, one]}"
                cells.append(cell(theme, one, str(k), name) if k else "<td><small>0</small></td>")
            body += f"<tr>{''.join(cells)}</tr>"
        return (
            '<div class="hx-box"><table class="hx-grid hx-matrix"><caption style="text-align:left">'
            f"Number of statements by theme and round</caption><thead><tr>{''.join(heads)}</tr>"
            f"</thead><tbody>{body}</tbody></table></div>"
        )

    def _picture(self, frame: pd.DataFrame) -> Any:
        themes = self.record.table("themes").set_index("theme_id")["title"]
        each = frame.assign(theme=frame["theme_ids"].str.split("; ")).explode("theme")
        each["theme"] = each["theme"].map(themes)
        return pictures.theme_matrix(each, theme=self.theme, record=self.record)


class FourRounds(_OfThemes):
    """What was said of each theme in each round, in whose words, and what became of it.

    Columns are rounds, each with its own Area, framework and dates, rows are themes. Filters are as
    for `hmcpsi_data.facts`; `area` brings the Areas before and after it, `area_2006`, `area_2010`,
    `area_2016` and `area_2022` choose round by round.

    >>> rounds = FourRounds(theme="disclosure", kind="rating")
    >>> rounds.frame[["round", "area", "what", "value"]].values.tolist()
    [['2005-06', 'Leicestershire', 'Disclosure', 'Good']]
    """

    TITLE = "What did inspectors say, round by round?"
    NOTE = (
        "Each round has its own framework and unit: read across for a subject, never as a trend. "
        "Which statements belong to a theme is this project's judgement."
    )
    FACETS = ("theme", "kind", "speaker", "tier", "basis")

    theme = Several("Theme", "The subjects that are shown, one row each")
    area = Choice("Area", "One Area with those before and after it, in all rounds",
                  everything="An Area for each round")  # fmt: skip
    round = Several("Rounds", "None ticked shows these four", more=True, filters=False)
    area_2006 = Choice("Area in 2006", _UNUSED, default="leicestershire_1999", **_ROUND)
    area_2010 = Choice("Area in 2010", _UNUSED, default="leicestershire_1999", **_ROUND)
    area_2016 = Choice("Area in 2016", _UNUSED, default="east_midlands_2011", **_ROUND)
    area_2022 = Choice("Area in 2022", _UNUSED, default="south_west_2011", **_ROUND)
    cell = Text("Open cell", kind="hidden", filters=False)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of statements that each would give, of an Area with its line."""
        lists, families = self.record.once(_lists), self.record.once(_families)
        asked = {name: self.values[name] for name in _ASKED}
        rounds = list(self._columns(self.values))
        n = Counter(super().ask(round=rounds, **asked)["area_id"].dropna())
        areas = [
            (key, name, sum(n[one] for one in families[key])) for key, name, _ in lists["area"]
        ]
        return {**lists, **super().controls(), "area": areas}

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Open or close a cell."""
        if command != "open":
            super().act(command, details, data)
        wanted = str(details.get("cell", ""))
        self.cell = None if wanted == self.cell else wanted

    def _columns(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """By round that is shown, the Areas whose statements stand in its column; none for all."""
        known = [one for one, *_ in options("round", self.record)]
        shown = [one for one in known if one in (values["round"] or _FOUR)] or known
        if values["area"] is not None:
            return dict.fromkeys(shown, self.record.once(_families)[values["area"]])
        return {one: list(filter(None, [values.get(_FOUR.get(one, ""))])) for one in shown}

    def _questions(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What is asked of the public function, once for each round."""
        asked = {name: values[name] for name in _ASKED}
        columns = self._columns(values).items()
        return [{"area": areas or None, "round": one, **asked} for one, areas in columns]

    def ask(self, **values: Any) -> pd.DataFrame:
        """The statements in the columns that are shown, as far as they belong to a theme."""
        parts = [super(FourRounds, self).ask(**one) for one in self._questions(values)]
        return pd.concat(parts, ignore_index=True)

    def code(self) -> str:
        """The calls that give the same statements, one for each round."""
        asked = self._questions(self.values)
        lines = "".join(f"    {call('hd.facts', **one, record=self.record)},\n" for one in asked)
        return f'pd.concat([\n{lines}]).query("{self.QUERY}")'

    def show(self) -> View:
        """The table of rounds, with the evidence of the cell that is open."""
        frame = self.rows(**self.asking)
        heads = {
            one: self.once((one, *areas), partial(round_head, one, areas, self.record))
            for one, areas in self._columns(self.values).items()
        }
        read = self.read(frame).sort_values("place")
        shown = frame.loc[read.index]
        cells: dict[str, list[list[Any]]] = {}
        columns = (shown[one] for one in ("theme_ids", "round", "area"))
        for ids, one, *line in zip(*columns, read["Said"], read["told"], read.index, strict=True):
            for theme in ids.split("; "):
                cells.setdefault(f"{theme} {one}", []).append(line)
        themes = {key: title for key, title, _ in options("theme", self.record)}
        wanted = [key for key in themes if not self.theme or key in self.theme]
        n = Counter(key.partition(" ")[0] for key in cells)
        told_of = sorted(filter(n.get, wanted), key=lambda one: (one not in _TOP, -n[one]))
        html = f'<th scope="col" role="columnheader" style="{_NAME}">Theme</th>'
        for head in heads.values():
            lines = "".join(f"<br><small>{escape(line)}</small>" for line in head.lines)
            words = f"<strong>{escape(head.title)}</strong>{lines}"
            html += f'<th scope="col" role="columnheader" style="{_CELL}">{words}</th>'
        html = f'<thead><tr role="row">{html}</tr></thead><tbody>'
        cell, evidence = str(self.cell or ""), ""
        key, _, one = cell.partition(" ")
        if opened := [place for *_, place in cells.get(cell, ())]:
            evidence = self._evidence(frame.loc[opened], f"{themes[key]}: {heads[one].title}")
        for theme in told_of:
            html += self._row(theme, themes[theme], heads, cells, evidence)
        counts = Counter(frame.loc[frame["kind"].eq("progress"), "value"].dropna())
        told = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
        told = f"Progress on what was asked: {told}. " if told else ""
        told += "Open a cell to see whose words they are, where they stand and what was answered."
        status = f"{len(told_of)} of {count_of(len(wanted), 'theme')}"
        return self.answer(
            frame,
            f"{status}, {count_of(len(frame), 'statement')}",
            told,
            read,
            _NOTHING,
            html='<table class="hx-grid hx-rounds" role="table" aria-label="Themes by round" '
            'style="border-collapse:collapse;table-layout:fixed;width:100%">'
            f"{html}</tbody></table>",
            picture=lambda: pictures.four_rounds(
                frame,
                theme=self.theme or None,
                columns=self._columns(self.values),
                record=self.record,
            ),
            picture_key=tuple(frame["row_id"]),
            on_screen=False,
        )

    def _row(
        self, theme: str, title: str, heads: Mapping[str, RoundHead], cells: Any, evidence: str
    ) -> str:
        """A theme with its cells, and under it the evidence of the one that is open."""
        html = f'<th scope="row" role="rowheader" style="{_NAME}">{escape(title)}</th>'
        below = ""
        for one, head in heads.items():
            label = escape("\n".join([head.title, *head.lines]))  # where a head has no room
            html += f'<td role="cell" data-label="{label}" style="{_CELL}">'
            rows, key = cells.get(f"{theme} {one}"), f"{theme} {one}"
            if not rows:
                html += "<small>none found</small></td>"
                continue
            for area, word, told, _ in rows[:_MOST]:
                what = escape(f"{area}: {told}" if len(head.areas) > 1 else told)
                words = f"{tile(word, self.record)} {what}"
                html += f'<p style="margin:0 0 3px;line-height:1.3">{words}</p>'
            more = f"+ {len(rows) - _MOST} more" if len(rows) > _MOST else ""
            name = f"Evidence: {title}, {head.title}, {count_of(len(rows), 'statement')}"
            state = f'class="hx-open" aria-expanded="{str(self.cell == key).lower()}"'
            html += f"{opener(key, more or 'Evidence', name, state, more)}</td>"
            if self.cell == key:
                below = f'<td role="cell" colspan="{len(heads) + 1}">{evidence}</td>'
                below = f'<tr role="row" class="hx-evidence">{below}</tr>'
        return f'<tr role="row">{html}</tr>{below}'

    def _evidence(self, statements: pd.DataFrame, caption: str) -> str:
        """The statements of one cell, each answer once, right behind the request it answers."""
        answers = self.record.once(_answers)
        answers = answers[answers["answers"].isin(statements["row_id"])]
        others = statements[~statements["row_id"].isin(answers["row_id"])]
        known = pd.concat([others, answers], ignore_index=True)
        place = {row_id: n for n, row_id in enumerate(statements["row_id"])}
        places = known["answers"].map(place).fillna(known["row_id"].map(place))
        known = known.iloc[places.argsort(kind="stable")]
        read = self.read(known)
        shown = read[["Said", "Of what", "In whose words", "Source"]]
        links = {"Source": read["link"]}
        return html_table(shown, caption, tiles=["Said"], links=links, record=self.record)


def _statements(record: Record) -> pd.DataFrame:
    """Every statement in words, what counts most first, by its key; `told` says what became."""
    frame = statements_in_words(facts(record=record), record)
    what, area, when = about(frame), frame["area"] + ", ", frame["round"]
    columns = {
        "Said": frame["word"],
        "Of what": what,
        "Area, round": area.fillna("") + when.fillna(""),
        "Date": dates(frame),
        "first": frame["date_from"].fillna(frame["date"]),
        "told": frame["about"],
    }
    where = area.fillna("") + (when + ", ").fillna("")
    cited = where + what.fillna("") + ": " + frame["word"]
    read = sourced(columns, frame, record, cited).set_axis(keys(frame, _STATEMENT))
    return read.assign(place=range(len(read)))


def _counted(frame: pd.DataFrame) -> str:
    """How many statements of each kind there are, and in whose words."""
    kinds = [f"{FACTS[kind]} {n}" for kind, n in Counter(frame["kind"]).most_common()]
    whose = [f"{SPEAKERS[who]} {n}" for who, n in Counter(frame["speaker"].dropna()).most_common()]
    return f"Kinds of statement: {', '.join(kinds)}. In whose words: {', '.join(whose)}."


def _lists(record: Record) -> dict[str, list[Option]]:
    """The lists that are always the same: rounds, Areas, and the Areas of each of the four."""
    whole = facts(record=record)
    lists = {name: options(name, record, whole) for name in ("round", "area")}
    for one, name in _FOUR.items():
        lists[name] = options("area", record, whole[whole["round"].eq(one)])
    return {name: [one for one in found if one[2]] for name, found in lists.items()}


def _families(record: Record) -> dict[str, list[str]]:
    """Each Area with all before and after it, in the order of time."""
    lineage = record.table("area_lineage")
    steps = [*zip(lineage["predecessor_id"], lineage["successor_id"], strict=True)]
    areas = record.table("areas").sort_values("valid_from", kind="stable")["area_id"]
    families = {}
    for area in areas:
        earlier, later = [area], [area]
        for at in earlier:
            earlier += [old for old, new in steps if new == at and old not in earlier]
        for at in later:
            later += [new for old, new in steps if old == at and new not in later]
        families[area] = [one for one in areas if one in earlier or one in later]
    return families


def _answers(record: Record) -> pd.DataFrame:
    """Every answer and every progress on record, by the request that it answers."""
    return facts(kind=["response", "progress"], record=record).dropna(subset="answers")
