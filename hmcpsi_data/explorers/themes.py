"""Themes round by round, in whose words: the whole record, and the rounds side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data import pictures
from hmcpsi_data.explorers.base import Choice, Option, Several, Text
from hmcpsi_data.explorers.filtered import Filtered, sourced
from hmcpsi_data.explorers.view import View, call, opener
from hmcpsi_data.html import html_table, tile
from hmcpsi_data.record.areas import lineage
from hmcpsi_data.record.facts import RoundHead, about, facts, round_head, statements_in_words
from hmcpsi_data.record.filters import options
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import FACTS, SPEAKERS, count_of

# The four rounds that this project began with, and the control of the Area of each.
_FOUR = {"2005-06": "area_2006", "2010-12": "area_2010", "2016-19": "area_2016",
         "2021-22": "area_2022"}  # fmt: skip
_ASKED = ("theme", "kind", "speaker", "search", "tier", "basis")
_TOP = ("victim_letters", "disclosure")  # which this project is about
_MOST = 3  # statements that a cell shows
_KEY = ["row_id", "kind"]  # what tells statements apart
_STYLE = "vertical-align:top;text-align:left;padding:4px 8px"
_CELL = f"{_STYLE};width:21%;border-left:2px dashed #59595B"
_NAME = f"{_STYLE} 4px 0;width:14%"
_ROUND: dict[str, Any] = {"everything": "All Areas", "more": True, "filters": False}
_UNUSED = "Not used while one Area is chosen for all rounds"


def _statements(record: Record) -> pd.DataFrame:
    """Every statement in words, what counts most first; `told` says what became of it too."""
    frame = statements_in_words(facts(record=record), record)
    what, area, when = about(frame), (frame["area"] + ", ").fillna(""), frame["round"]
    columns = {
        "Said": frame["word"],
        "Of what": what,
        "Area, round": area + when.fillna(""),
        "Date": dates(frame),
        "date": frame["date_from"].fillna(frame["date"]),
        "told": frame["about"],
        "place": range(len(frame)),
    }
    cited = area + (when + ", ").fillna("") + what.fillna("") + ": " + frame["word"]
    return sourced(columns, frame, record, cited).set_axis(frame.set_index(_KEY).index)


class _OfThemes(Filtered):
    """Statements that belong to a theme; which do is this project's judgement."""

    FUNCTION = staticmethod(facts)
    QUERY = "theme_ids != ''"
    KEY, WORDS = _KEY, staticmethod(_statements)

    kind = Several("Kind of statement", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)


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
        frame = self.rows(**self.values)
        read = self.read(frame).sort_values("place")
        frame = frame.loc[read.index]
        kinds = [f"{FACTS[one]} {n}" for one, n in Counter(frame["kind"]).most_common()]
        speakers = Counter(frame["speaker"].dropna()).most_common()
        whose = [f"{SPEAKERS[one]} {n}" for one, n in speakers]
        theme = self.in_words("theme") if self.theme else "all themes"
        draw = partial(pictures.theme_matrix, frame, theme=self.theme, record=self.record)
        return self.answer(
            frame,
            f"{count_of(len(frame), 'statement')}: {theme}, {self.round or 'all rounds'}",
            f"Kinds of statement: {', '.join(kinds)}. In whose words: {', '.join(whose)}.",
            read,
            caption="Evidence of what is chosen",
            tiles=("Said",),
            fold=("Area, round", "Date"),
            html=self._matrix(self.rows(**self.values | {"theme": None, "round": None})),
            page=f"themes/{self.theme}.html" if self.on() == ["theme"] else "",
            picture=lambda: draw() if len(frame) else None,
            picture_key=tuple(sorted(frame["row_id"])),
        )

    def _matrix(self, fits: pd.DataFrame) -> str:
        """Themes down, rounds across; each cell a button that chooses it."""
        themes = fits["theme_ids"].str.split("; ").explode()
        n = Counter(zip(themes, fits["round"].reindex(themes.index), strict=True))
        found = {one for _, one in n}
        rounds = [one for one, *_ in options("round", self.record) if one in found]

        def cell(theme: str, one: str, words: str, name: str, tag: str = "td") -> str:
            pressed = (theme, one) == (self.theme or "", self.round or "")
            state = f'aria-pressed="{str(pressed).lower()}"'
            return f"<{tag}>{opener(f'{theme} {one}', words, name, state, words)}</{tag[:2]}>"

        html = "<thead><tr>"
        for one in ["", *rounds]:
            name = f"all themes, {one or 'all rounds'}"
            html += cell("", one, one or "All", name, 'th scope="col"')
        html += "</tr></thead><tbody>"
        for theme, title, _ in options("theme", self.record):
            html += "<tr>" + cell(theme, "", title, f"{title}, all rounds", 'th scope="row"')
            for one in rounds:
                k, name = n[theme, one], f"{title}, {one}: {n[theme, one]}"
                html += cell(theme, one, str(k), name) if k else "<td><small>0</small></td>"
            html += "</tr>"
        return (
            '<div class="hx-box"><table class="hx-grid hx-matrix"><caption style="text-align:left">'
            f"Number of statements by theme and round</caption>{html}</tbody></table></div>"
        )


class FourRounds(_OfThemes):
    """What was said of each theme in each round, in whose words, and what became of it.

    Filters are as for `hmcpsi_data.facts`; `area` brings the Areas before and after it, `area_2006`
    to `area_2022` choose round by round.

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
        """Rounds and Areas, which are always the same, and filters with their counts."""
        return {**self.record.once(_lists), **super().controls()}

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Open or close a cell."""
        if command != "open":
            super().act(command, details, data)
        wanted = str(details.get("cell", ""))
        self.cell = None if wanted == self.cell else wanted

    def _questions(self, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What is asked of the public function, once for each round that is shown."""
        area, known = values["area"], [one for one, *_ in options("round", self.record)]
        kin = self.once(("line", area), partial(lineage, area, self.record)) if area else None
        line = None if kin is None else kin.query("relation != 'sibling'")["area_id"].tolist()
        asked = {name: values[name] for name in _ASKED}
        for one in [one for one in known if one in (values["round"] or _FOUR)] or known:
            own = values.get(_FOUR.get(one, ""))
            yield {"area": line or (own and [own]), "round": one, **asked}

    def ask(self, **values: Any) -> pd.DataFrame:
        """The statements in the columns that are shown, as far as they belong to a theme."""
        parts = [super(FourRounds, self).ask(**one) for one in self._questions(values)]
        return pd.concat(parts, ignore_index=True)

    def code(self) -> str:
        """The calls that give the same statements, one for each round."""
        record, asked = self.record, self._questions(self.values)
        lines = "".join(f"    {call('hd.facts', **one, record=record)},\n" for one in asked)
        return f'pd.concat([\n{lines}]).query("{self.QUERY}")'

    def show(self) -> View:
        """The table of rounds, with the evidence of the cell that is open."""
        frame = self.rows(**self.values | {"cell": None})
        read = self.read(frame)
        heads = {}
        for asked in self._questions(self.values):
            one, areas = asked["round"], asked["area"] or []
            heads[one] = self.once((one, *areas), partial(round_head, one, areas, self.record))
        shown = frame[["theme_ids", "round", "area"]].join(read[["Said", "told", "place"]])
        cells: dict[tuple[str, str], list[Any]] = defaultdict(list)
        rows: Any = shown.sort_values("place").itertuples()
        for row in rows:
            for theme in row.theme_ids.split("; "):
                cells[theme, row.round].append(row)
        known = options("theme", self.record)
        themes = {key: title for key, title, _ in known if not self.theme or key in self.theme}
        n = Counter(theme for theme, _ in cells if theme in themes)
        html = f'<th scope="col" role="columnheader" style="{_NAME}">Theme</th>'
        for head in heads.values():
            lines = "".join(f"<br><small>{escape(line)}</small>" for line in head.lines)
            words = f"<strong>{escape(head.title)}</strong>{lines}"
            html += f'<th scope="col" role="columnheader" style="{_CELL}">{words}</th>'
        html = f'<thead><tr role="row">{html}</tr></thead><tbody>'
        for theme in sorted(n, key=lambda one: (one not in _TOP, -n[one], themes[one])):
            html += f'<tr role="row"><th scope="row" role="rowheader" style="{_NAME}">'
            html += f"{escape(themes[theme])}</th>"
            evidence = ""
            for one, head in heads.items():
                html += self._cell(theme, themes[theme], one, head, cells[theme, one])
                if self.cell == f"{theme} {one}":
                    statements = frame.loc[[row.Index for row in cells[theme, one]]]
                    told = self._evidence(statements, f"{themes[theme]}: {head.title}")
                    evidence = f'<td role="cell" colspan="{len(heads) + 1}">{told}</td>'
                    evidence = f'<tr role="row" class="hx-evidence">{evidence}</tr>'
            html += f"</tr>{evidence}"
        progress = Counter(frame.loc[frame["kind"].eq("progress"), "value"].dropna())
        told = ", ".join(f"{count} {word}" for word, count in sorted(progress.items()))
        told = f"Progress on what was asked: {told}. " if told else ""
        told += "Open a cell to see whose words they are, where they stand and what was answered."
        return self.answer(
            frame,
            f"{len(n)} of {count_of(len(themes), 'theme')}, {count_of(len(frame), 'statement')}",
            told,
            read[["cited"]],
            html='<table class="hx-grid hx-rounds" role="table" aria-label="Themes by round" '
            f'style="border-collapse:collapse;table-layout:fixed;width:100%">{html}</tbody></table>',
            picture=partial(pictures.theme_matrix, frame, theme=self.theme, record=self.record),
        )

    def _cell(self, theme: str, title: str, one: str, head: RoundHead, rows: list[Any]) -> str:
        """What counts most of a theme in a round, and what opens the evidence."""
        label = escape("\n".join([head.title, *head.lines]))  # where a head has no room
        html = f'<td role="cell" data-label="{label}" style="{_CELL}">'
        if not rows:
            return f"{html}<small>none found</small></td>"
        for row in rows[:_MOST]:
            what = escape(f"{row.area}: {row.told}" if len(head.areas) > 1 else row.told)
            words = f"{tile(row.Said, self.record)} {what}"
            html += f'<p style="margin:0 0 3px;line-height:1.3">{words}</p>'
        more = f"+ {len(rows) - _MOST} more" if len(rows) > _MOST else ""
        name = f"Evidence: {title}, {head.title}, {count_of(len(rows), 'statement')}"
        key = f"{theme} {one}"
        state = f'class="hx-open" aria-expanded="{str(self.cell == key).lower()}"'
        return f"{html}{opener(key, more or 'Evidence', name, state, more)}</td>"

    def _evidence(self, statements: pd.DataFrame, caption: str) -> str:
        """The statements of one cell, each answer once, right behind the request it answers."""
        answers = facts(kind=["response", "progress"], record=self.record)
        answers = answers[answers["answers"].isin(statements["row_id"])]
        others = statements[~statements["row_id"].isin(answers["row_id"])]
        known = pd.concat([others, answers], ignore_index=True)
        place = {row_id: n for n, row_id in enumerate(statements["row_id"])}
        places = known["answers"].map(place).fillna(known["row_id"].map(place))
        read = self.read(known.iloc[places.argsort(kind="stable")])
        shown = read[["Said", "Of what", "In whose words", "Source"]]
        how: dict[str, Any] = {"tiles": ["Said"], "links": {"Source": read["link"]}}
        return html_table(shown, caption, record=self.record, **how)


def _lists(record: Record) -> dict[str, list[Any]]:
    """All rounds and Areas, and those of each of the four rounds, with their statements."""
    whole = facts(record=record)
    of = {name: whole[whole["round"].eq(one)] for one, name in _FOUR.items()}
    areas = [(area, name, None) for area, name, _ in options("area", record)]
    lists: dict[str, list[Any]] = {name: options("area", record, of[name]) for name in of}
    # the line of an Area is shown too, so that a count of its own would mislead
    return {**lists, "round": options("round", record, whole), "area": areas}
