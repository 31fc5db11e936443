"""Themes round by round, in whose words: the whole record, and the rounds side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data import pictures
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several, Text
from hmcpsi_data.explorers.filtered import Filtered, both_sides, sourced
from hmcpsi_data.explorers.view import View, call, opener
from hmcpsi_data.html import html_table, tile
from hmcpsi_data.record.areas import family
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.show.sourced import SEVERAL, dates
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import FACTS, KINDS, PLURALS, SPEAKERS, count_of, date_in_words, listed

__all__ = ["FourRounds", "ThemeExplorer", "in_words"]

# What counts most stands first; context comes last.
_ORDER = (
    "rating", "progress", "issue recommendation aspect_for_improvement", "weakness",
    "strength mixed", "measure", "response", "commitment", "context",
)  # fmt: skip
_RANK = {kind: place for place, kinds in enumerate(_ORDER) for kind in kinds.split()}
# The four rounds that this project began with, by framework, and the control of the Area of each.
_FOUR = {
    "opa_2005": "area_2006",
    "follow_up_2010": "area_2010",
    "aap_2016": "area_2016",
    "aip_2021": "area_2022",
}
_ASKED = ("theme", "kind", "speaker", "search", "tier", "basis")
_TOP = ("victim_letters", "disclosure")  # which this project is about
_MOST, _BACK = 3, 6  # statements that a cell shows, and themes that are named as coming back
_CELL = (
    "vertical-align:top;text-align:left;padding:4px 8px;width:21%;border-left:2px dashed #59595B"
)
_NAME = "vertical-align:top;text-align:left;padding:4px 8px 4px 0;width:14%"
_ROUND: dict[str, Any] = {"everything": "All Areas", "more": True, "filters": False}
_UNUSED = "Not used while one Area is chosen for all rounds"


class _OfThemes(Filtered):
    """Statements that belong to a theme; which do is this project's judgement."""

    FUNCTION = staticmethod(facts)
    QUERY = "theme_ids != ''"

    search = Search()
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
        frame = _in_order(self.rows(**self.asking))
        columns = {
            "Said": _word_of(frame),
            "Of what": _about(frame),
            "Area, round": (frame["area"] + ", ").fillna("") + frame["round"].fillna(""),
            "Date": dates(frame),
        }
        theme = self.in_words("theme") if self.theme else "all themes"
        return self.answer(
            frame,
            f"{count_of(len(frame), 'statement')}: {theme}, {self.round or 'all rounds'}",
            _counted(frame),
            columns,
            caption="Evidence of what is chosen",
            tiles=("Said",),
            fold=("Area, round", "Date"),
            order={"Date": lambda: frame["date_from"].fillna(frame["date"])},
            before=self._matrix(self.rows(**self.asking | {"theme": None, "round": None})),
            values=in_words,
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
        return pictures.theme_matrix(each, record=self.record)


class _Head(NamedTuple):
    """What stands above a round: its year and Area; framework, measure and date; all Areas."""

    title: str
    lines: list[str]
    areas: list[str]


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
        "Each round has its own framework and its own unit: read across for a subject, never as a "
        "trend. Progress is not quality; 2022 gives no ratings. Which statements belong to a theme "
        "is this project's judgement."
    )
    FACETS = ("theme", "kind", "speaker", "tier", "basis")

    theme = Several("Theme", "The subjects that are shown, one row each")
    area = Choice("Area", "One Area with those before and after it, in all rounds",
                  everything="A different Area in each round")  # fmt: skip
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
        four = self.record.once(_four)
        wanted = values["round"] or four
        shown = [one for one, *_ in options("round", self.record) if one in wanted]
        if values["area"] is not None:
            return dict.fromkeys(shown, self.record.once(_families)[values["area"]])
        return {one: list(filter(None, [values.get(four.get(one, ""))])) for one in shown}

    def _questions(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What is asked of the public function, once for all rounds that show the same Areas."""
        rounds: dict[tuple[str, ...], list[str]] = {}
        for one, areas in self._columns(values).items():
            rounds.setdefault(tuple(areas), []).append(one)
        asked = {name: values[name] for name in _ASKED}
        return [{"area": list(areas) or None, "round": of, **asked} for areas, of in rounds.items()]

    def ask(self, **values: Any) -> pd.DataFrame:
        """The statements in the columns that are shown, as far as they belong to a theme."""
        parts = [super(FourRounds, self).ask(**one) for one in self._questions(values)]
        return pd.concat(parts, ignore_index=True)

    def code(self) -> str:
        """The calls that give the same statements, one for each Area with its rounds."""
        asked = self._questions(self.values)
        calls = [call("hd.facts", **one, record=self.record) for one in asked]
        lines = ",\n    ".join(calls)
        code = calls[0] if len(calls) == 1 else f"pd.concat([\n    {lines},\n])"
        return f'{code}.query("{self.QUERY}")'

    def show(self) -> View:
        """The table of rounds, with the evidence of the cell that is open."""
        frame = self.rows(**self.asking)
        heads = {
            one: self.once((one, *areas), partial(self._head, one, areas))
            for one, areas in self._columns(self.values).items()
        }
        cells: dict[str, list[dict[Any, Any]]] = {}
        ordered = _in_order(frame)
        for row in ordered.assign(word=_word_of(ordered), what=_about(ordered)).to_dict("records"):
            for theme in row["theme_ids"].split("; "):
                cells.setdefault(f"{theme} {row['round']}", []).append(row)
        themes = {key: title for key, title, _ in options("theme", self.record)}
        wanted = [key for key in themes if not self.theme or key in self.theme]
        n = Counter(key.partition(" ")[0] for key in cells)
        shown = sorted(filter(n.get, wanted), key=lambda one: (one not in _TOP, -n[one]))
        html = f'<th scope="col" role="columnheader" style="{_NAME}">Theme</th>'
        for head in heads.values():
            lines = "".join(f"<br><small>{escape(line)}</small>" for line in head.lines)
            words = f"<strong>{escape(head.title)}</strong>{lines}"
            html += f'<th scope="col" role="columnheader" style="{_CELL}">{words}</th>'
        html = f'<thead><tr role="row">{html}</tr></thead><tbody>'
        html += "".join(self._row(theme, themes[theme], heads, cells) for theme in shown)
        back = [themes[one] for one in wanted if n[one] == len(heads) > 1]
        if len(back) > _BACK + 1:
            back = [*back[:_BACK], f"{len(back) - _BACK} more"]
        told = f"In all {len(heads)} rounds: {listed(back)}. " if back else ""
        if followed := _followed(frame, self.record):
            counts = Counter(frame.loc[frame["kind"].eq("progress"), "value"].dropna())
            words = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
            told += f"Progress on {listed([SEVERAL[kind] for kind in followed])}: {words}. "
        told += "Open a cell to see whose words they are, where they stand and what was answered."
        status = f"{len(shown)} of {count_of(len(wanted), 'theme')}"
        return self.answer(
            frame,
            f"{status}, {count_of(len(frame), 'statement')}",
            told,
            nothing="" if len(frame) else self._elsewhere(),
            html='<table class="hx-grid hx-rounds" role="table" aria-label="Themes by round" '
            f'style="border-collapse:collapse;table-layout:fixed;width:100%">{html}</tbody></table>',
            values=in_words,
            picture=lambda: pictures.four_rounds(frame, record=self.record),
            picture_key=tuple(frame["row_id"]),
            on_screen=False,
        )

    def _elsewhere(self) -> str:
        """Nothing is shown: where there is something of the Area that was chosen."""
        told = "Nothing was found. Take a filter away, or press Clear."
        if self.area is None:
            return told
        n = Counter(super().ask(area=self.record.once(_families)[self.area])["round"].dropna())
        rounds = [f"{one} ({count_of(n[one], 'statement')})" for one in sorted(n)]
        there = f"in {listed(rounds)}: choose that under More filters, Rounds" if rounds else "none"
        return f"{told} Of {self.in_words('area')} by themes there is {there}."

    def _row(self, theme: str, title: str, heads: Mapping[str, _Head], cells: Any) -> str:
        """A theme with its cells, and under it the evidence of the one that is open."""
        html = (
            f'<tr role="row"><th scope="row" role="rowheader" style="{_NAME}">{escape(title)}</th>'
        )
        evidence = ""
        for one, head in heads.items():
            told = escape("\n".join([head.title, *head.lines]))  # where there is no room for a head
            html += f'<td role="cell" data-label="{told}" style="{_CELL}">'
            rows, key = cells.get(f"{theme} {one}"), f"{theme} {one}"
            if not rows:
                html += "<small>none found</small></td>"
                continue
            html += "".join(self._line(row, len(head.areas) > 1) for row in rows[:_MOST])
            more = f"+ {len(rows) - _MOST} more" if len(rows) > _MOST else ""
            name = f"Evidence: {title}, {head.title}, {count_of(len(rows), 'statement')}"
            state = f'class="hx-open" aria-expanded="{str(self.cell == key).lower()}"'
            html += f"{opener(key, more or 'Evidence', name, state, more)}</td>"
            if self.cell == key:
                table = self._evidence(pd.DataFrame(rows), f"{title}: {head.title}")
                evidence = f'<td role="cell" colspan="{len(heads) + 1}">{table}</td>'
                evidence = f'<tr role="row" class="hx-evidence">{evidence}</tr>'
        return f"{html}</tr>{evidence}"

    def _line(self, row: Mapping[Any, Any], several: bool) -> str:
        """A statement: its word as a tile, what it is about, whose words, and what came of it."""
        what = f"{row['area']}: {row['what']}" if several and pd.notna(row["area"]) else row["what"]
        if row["speaker"] not in ("inspectorate", "project"):
            what += f" ({SPEAKERS.get(row['speaker'], row['speaker'])})"
        if row["kind"] in KINDS:
            what += f" \u2192 {self.record.once(_became).get(row['row_id'], 'no answer found')}"
        word = tile(row["word"], self.record)
        return f'<p style="margin:0 0 3px;line-height:1.3">{word} {escape(what)}</p>'

    def _evidence(self, statements: pd.DataFrame, caption: str) -> str:
        """The statements of one cell, each answer once, right behind the request it answers."""
        answers = self.record.once(_answers)
        answers = answers[answers["answers"].isin(statements["row_id"])]
        others = statements[~statements["row_id"].isin(answers["row_id"])]
        known = pd.concat([others, answers], ignore_index=True)
        behind = known["answers"].where(known.index >= len(others), known["row_id"])
        places = {row_id: place for place, row_id in enumerate(statements["row_id"])}
        known = known.iloc[behind.map(places).argsort(kind="stable")]
        table = sourced({"Said": _word_of(known), "Of what": _about(known)}, known, self.record)
        how: dict[str, Any] = {"tiles": ("Said",), "links": table["links"]}
        return html_table(table["rows"], caption, **how, record=self.record)

    def _head(self, one: str, areas: list[str]) -> _Head:
        """A round by all that is known of its Areas."""
        known = facts(area=areas or None, round=one, record=self.record)
        names = known["area"].dropna().unique().tolist()
        if not names:
            return _Head(one, ["not inspected in this round, or not found"], names)
        published = self.record.table("inspections").set_index("inspection_id")["published"]
        days = published.reindex(known["inspection_id"].dropna().unique()).dropna().unique()
        year = days[0][:4] if len(days) == len(names) == 1 else one
        whose = listed(names) if len(names) < 3 else count_of(len(names), "Area")
        lines = [listed([*known["framework"].dropna().unique()]), _measured(known, self.record)]
        lines += [f"published {date_in_words(days[0])}"] if len(days) == 1 else []
        return _Head(f"{year} {whose}", lines, names)


def in_words(statements: pd.DataFrame) -> pd.Series:
    """What each statement says, of whom and in which round, to be cited."""
    where = (statements["area"] + ", ").fillna("") + (statements["round"] + ", ").fillna("")
    return where + _about(statements).fillna("") + ": " + _word_of(statements)


def _in_order(statements: pd.DataFrame) -> pd.DataFrame:
    """What counts most first: ratings, progress, issues, weaknesses, strengths, the rest."""
    kinds = statements["kind"].where(statements["kind"].ne("finding"), statements["value"])
    return statements.iloc[kinds.map(_RANK).fillna(9).argsort(kind="stable")]


def _word_of(statements: pd.DataFrame) -> pd.Series:
    """The word that stands in the tile of each statement; of a conflict, both sides."""
    kind, value = statements["kind"].astype("string"), statements["value"].astype("string")
    words = kind.replace({"response": "answer", "measure": "number"}).str.replace("_", " ")
    words = words.mask(kind.eq("finding"), value.fillna("finding")).str.capitalize()
    words = words.mask(kind.isin(["rating", "progress"]), value.fillna("not rated"))
    return both_sides(words, statements)


def _about(statements: pd.DataFrame) -> pd.Series:
    """What each statement is about; a number with its figure and unit."""
    return statements["what"].mask(statements["kind"].eq("measure"), statements["text"])


def _counted(frame: pd.DataFrame) -> str:
    """What kinds of statement there are, by whom and about which Areas."""
    told = []
    for kind, n in Counter(frame["kind"]).most_common():
        first, gap, rest = FACTS[kind].partition(" ")
        several = FACTS[kind] if first.endswith("s") else f"{first}s{gap}{rest}"
        told.append(count_of(n, FACTS[kind], several))
    words, whose = listed(told), Counter(frame["speaker"].dropna())
    said_by = ", ".join(f"{name} {whose[key]}" for key, name in SPEAKERS.items() if whose[key])
    areas = sorted(frame["area"].dropna().unique())
    where = f" Areas: {', '.join(areas)}." if 0 < len(areas) <= 8 else ""
    return f"{words[:1].upper()}{words[1:]}. In whose words: {said_by}.{where}"


def _measured(known: pd.DataFrame, record: Record) -> str:
    """What was measured in a round, in words; of one inspection known in part, of how many."""
    rated = known[known["kind"].eq("rating") & known["value"].notna()]
    aspects = record.table("aspects").set_index("aspect_id")
    told, levels = [], []
    counts: Counter[str] = Counter(rated["level"].dropna())
    for level, n in counts.most_common():
        words, rows = (level.replace("_", " "), PLURALS[level]), rated[rated["level"].eq(level)]
        sets = aspects["set_id"].reindex(rows["aspect_id"]).dropna()
        whole = int((aspects["set_id"].isin(sets) & aspects["level"].eq(level)).sum())
        if level == "overall" and n == 1:
            told.append(f"overall {rows['value'].iat[0]}")
        elif rows["inspection_id"].nunique() == 1 and n < whole:
            levels.append(f"{n} of {count_of(whole, *words)}")
        else:
            levels.append(count_of(n, *words))
    if levels:
        told.append(f"{listed(levels)} {'known' if ' of ' in ''.join(levels) else 'rated'}")
    if followed := _followed(known, record):
        each = [count_of(n, KINDS[kind], SEVERAL[kind]) for kind, n in followed.items()]
        told.append(f"progress on {listed(each)}")
    issues = int(known["kind"].eq("issue").sum())
    return ", ".join((told or ["no ratings"]) + [count_of(issues, "issue")] * (issues > 0))


def _followed(statements: pd.DataFrame, record: Record) -> dict[str, int]:
    """By kind of request, of how many the progress was rated."""
    kinds = record.table("actions").set_index("action_id")["kind"]
    n = Counter(statements.loc[statements["kind"].eq("progress"), "answers"].map(kinds).dropna())
    return {kind: n[kind] for kind in KINDS if n[kind]}


def _four(record: Record) -> dict[str, str]:
    """The controls that choose an Area, by their rounds."""
    rounds = record.table("frameworks").set_index("framework_id")["round"]
    return {rounds[key]: name for key, name in _FOUR.items() if key in rounds}


def _families(record: Record) -> dict[str, list[str]]:
    """Each Area with those before and after it."""
    return {area: family(area, record) for area in record.table("areas")["area_id"]}


def _lists(record: Record) -> dict[str, list[Option]]:
    """The lists that are always the same: rounds, Areas, and the Areas of each of the four."""
    whole = facts(record=record)
    lists = {name: options(name, record, whole) for name in ("round", "area")}
    for one, name in record.once(_four).items():
        lists[name] = options("area", record, whole[whole["round"].eq(one)])
    return {name: [one for one in found if one[2]] for name, found in lists.items()}


def _answers(record: Record) -> pd.DataFrame:
    """Every answer and every progress on record, by the request that it answers."""
    return facts(kind=["response", "progress"], record=record).dropna(subset="answers")


def _became(record: Record) -> dict[str, str]:
    """What came of each request, in words: the progress a follow-up rated, else the answer."""
    known = record.once(_answers).dropna(subset="value")
    known = known.sort_values("kind", ascending=False, kind="stable")
    answered = "answered: " + known["value"].str.replace("_", " ")
    words = known["value"].where(known["kind"].eq("progress"), answered)
    return dict(zip(known["answers"], words, strict=True))  # progress goes over responses
