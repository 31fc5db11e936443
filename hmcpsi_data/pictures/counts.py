"""Counts: a square for each aspect, action or Area; and themes by round, a marker for each kind."""

from collections.abc import Mapping
from functools import partial
from itertools import accumulate
from math import ceil
from typing import Any

import pandas as pd

from hmcpsi_data.palette import PAPER, Look, look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture, nothing
from hmcpsi_data.record.facts import theme_history
from hmcpsi_data.record.filters import choose
from hmcpsi_data.record.joins import look_up, round_order, scales
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, KINDS, STATES, count_of, date_in_words, listed

_SIDE, _BETWEEN, _GAP, _SQUARE, _ACROSS = 222.0, 22.0, 4.0, 26.0, 18
_PROMISE = "#801650"
_PROMISES = {
    "done": Look(_PROMISE, PAPER),
    "under way": Look(hatch="//////", stripes=_PROMISE),
    "promised": Look(),
}
_OPEN = Look(hatch="////", dashed=True)
_BREAK = "another framework or inspection: not to be compared"


def unit_strips(rows: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """A strip for each set of ratings, actions or commitments, with breaks between frameworks.

    Rows of `hmcpsi_data.ratings` are split by inspection and level, with a further strip for the
    critical aspects; rows of `hmcpsi_data.actions` by inspection and kind.

    >>> from hmcpsi_data import ratings
    >>> print(unit_strips(ratings("Leicestershire", "opa_2005")).alt)
    Leicestershire, OPA 2005-06, 14 aspects: 1 Poor, 4 Fair, 7 Good and 2 Excellent. \
Leicestershire, OPA 2005-06, critical aspects: 1 Fair and 4 Good.
    """
    record = as_record(record)
    needed = ["inspection_id", "area", "framework_id", "framework", "source_id"]
    rows = say.need(rows, needed, "ratings() or actions()")
    kind, measure, when = "Rating", "Quality", ""
    if "commitment_id" in rows and rows["commitment_id"].notna().any():
        kind, measure = "State", "Commitments, their state in the words of the CPS"
        rows = rows.dropna(subset="commitment_id")
        inspection, of = rows["inspection_id"], rows["commitment_kind"]
        words = rows["state"].map(STATES).fillna("no state given")
    elif "progress" in rows:
        kind, measure = "Progress", "Progress, which is not quality"
        rows = rows.dropna(subset="progress")
        inspection, of = rows["follow_up_inspection_id"], rows["kind"].map(say.plural)
        words, days = rows["progress"], rows["progress_as_at"].dropna().sort_values().unique()
        when = f"; as at {listed([date_in_words(day) for day in days])}"
    if rows.empty:
        return nothing(record)
    if kind == "Rating":
        squares = _rated(rows, record)
        n = squares["part"].nunique()
        title = f"{n} frameworks, each on its own scale: counts, no trend" if n > 1 else ""
    else:  # they have no levels: all of them together
        label = look_up(inspection, "inspections", "title", record) + ": " + of
        squares = rows.assign(label=label, part=inspection, word=words)
        what = {"State": "commitment", "Progress": "action"}[kind]
        title = say.counts(words, _order(record), say.plural(what, len(rows)))
    cells = squares.groupby(["part", "label", "word"], sort=False).size().reset_index(name="most")
    subtitle = f"{measure}: a square for each, lowest word first. {say.about(rows, 3)}{when}."
    return _strips(cells.assign(least=cells["most"]), kind, title, subtitle, rows, record)


def _rated(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Ratings by inspection and level, and the critical ones once more."""
    rows = say.need(rows, ["level", "rating", "set_id", "aspect_id"], "ratings()")
    below = rows[rows["level"] != "overall"]
    if below.empty:
        sizes = rows.groupby("framework_id")["level"].transform("size")
        told = [count_of(n, "overall assessment") for n in sizes]
        label = rows["framework"] + ", " + told
        return rows.assign(label=label, part=rows["framework_id"], word=say.words_of(rows))
    keys = ["inspection_id", "set_id", "level"]
    tiles = say.completed(below, below[keys].drop_duplicates(), record)
    name = tiles["inspection_id"].map(say.named(below, below["area"] + ", " + below["framework"]))
    sizes = tiles.groupby(keys)["word"].transform("size")
    told = [f", {n} {say.plural(level, n)}" for n, level in zip(sizes, tiles["level"], strict=True)]
    part = tiles["inspection_id"].map(below.groupby("inspection_id")["framework_id"].first())
    critical = tiles.assign(label=name + ", critical " + tiles["level"].map(say.plural), part=part)
    both = [tiles.assign(label=name + told, part=part), critical[tiles["critical"]]]
    return pd.concat(both).sort_index(kind="stable")  # each strip, then its critical ones


def distribution_strips(rows: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """How many units had each overall rating: filled squares are certain, hatched ones possible.

    The rows are those of `hmcpsi_data.national`.

    >>> from hmcpsi_data import national
    >>> print(distribution_strips(national("opa_2005").query("n_units == 42")).alt)
    OPA 2005-06, all 42 Areas: 4 Poor, 18 to 25 Fair, 10 to 17 Good and 3 Excellent.
    """
    record = as_record(record)
    columns = ["framework", "framework_id", "scope", "rating", "n_low", "n_high"]
    rows = say.need(rows, [*columns, "basis"], "national()")
    rows = rows[rows["basis"].ne("contradicted").fillna(True)]
    if rows.empty:
        return nothing(record)
    label = rows["framework"] + ", " + rows["scope"]
    names = {"framework_id": "part", "rating": "word", "n_low": "least", "n_high": "most"}
    cells = rows.rename(columns=names).assign(label=label)
    frameworks = listed(rows["framework"].unique().tolist())
    title = f"{frameworks}: published counts, no trend" if label.nunique() > 1 else ""
    subtitle = (
        "Overall ratings: a filled square for each unit, lowest word first. Hatched squares lie "
        "between the bounds; not all of them can be true at once."
    )
    return _strips(cells, "Rating", title, subtitle, rows, record)


def _order(record: Record) -> list[str]:
    """All words that squares can have, the lowest of a scale first."""
    return [*_PROMISES, *(word for scale in record.once(scales).values() for word in scale)]


def _strips(
    cells: pd.DataFrame, kind: str, title: str, subtitle: str, rows: pd.DataFrame, record: Record
) -> Picture:
    """Strips with breaks between them; of a word `least` squares are certain, `most` possible."""
    order = say.in_order(cells["word"], [*_order(record), *say.ABSENT])
    ends = zip(cells["least"], cells["most"], strict=True)
    cells = cells.assign(
        number=[f"{a:,}" if a == b else f"{a:,} to {b:,}" for a, b in ends],
        turn=cells.groupby(["part", "label"], sort=False).ngroup(),
        rank=cells["word"].map(order.index),
    ).sort_values(["turn", "rank"])
    cells["told"] = cells["number"] + " " + cells["word"]
    strips = [*cells.groupby(["part", "label"], sort=False)]
    words = [f"{name}: {listed(part['told'].tolist())}." for (_, name), part in strips]
    table = {"Strip": cells["label"], kind: cells["word"], "Number": cells["number"]}
    if "basis" in cells:
        table["Basis"] = cells["basis"].map(BASES)

    def body(page: paper.Page) -> float:
        y, before = 0.0, cells["part"].iat[0]
        for (part, label), strip in strips:
            if part != before:
                before = part
                ends = (paper.MARGIN, y), (paper.WIDTH - paper.MARGIN, y)
                page.line(*ends, "break", style=paper.BREAK)
                page.text(paper.MARGIN, y + 13, _BREAK, paper.WORD, bold=True, name="break label")
                y += 30
            name = paper.Words(label, _SIDE - 20, bold=True, name="strip")
            high = page.row(y, {paper.MARGIN: name}, at=0)
            y = max(y + high, _draw(page, strip, y)) + 16
        return y

    title, source = title or words[0].removesuffix("."), say.sources(rows, record)
    frame = pd.DataFrame(table).reset_index(drop=True)
    return Picture(title, subtitle, source, words, frame, body, (kind,), record=record)


def _draw(page: paper.Page, strip: pd.DataFrame, y: float) -> float:
    """The squares of a strip, below them their numbers and words, and where they end."""
    pile, step = max(ceil(strip["most"].sum() / _ACROSS), 1), _SQUARE + _GAP
    texts = [paper.Words(told, 240, paper.WORD, name="count") for told in strip["told"]]
    high = pile * step + max(text.height for text in texts) + 8
    left = x = paper.MARGIN + _SIDE
    columns = strip["word"], strip["least"], strip["most"], texts
    for word, least, most, text in zip(*columns, strict=True):
        wide = max(ceil(most / pile) * step - _GAP, text.width)
        if x > left and x + wide > paper.WIDTH - paper.MARGIN:
            x, y = left, y + high
        certain = _PROMISES.get(word) or look(word, page.record)
        for unit in range(most):
            column, row = divmod(unit, pile)
            drawn, name = (certain, "unit") if unit < least else (_OPEN, "open")
            place = (x + column * step, y + row * step)
            page.box(*place, _SQUARE, _SQUARE, drawn, f"{name} {word}")
        text.draw(page, x, y + pile * step)
        x += wide + _BETWEEN
    return y + high


# Themes by round; kind: its words, its marker, the colour of its marker
_KINDS = {
    "rating": ("rating", "s", "#12436D"),
    "progress": ("progress", "D", "#0E5A53"),
    "action": ("issue or recommendation", "^", "#801650"),
    "response": ("answer of the CPS", "v", "#3D3D3D"),
    "finding": ("finding in words", "o", "#FFFFFF"),
    "measure": ("number", "P", "#3D3D3D"),
}
_SAME = dict.fromkeys(KINDS, "action") | {"commitment": "response"}
_NAME, _SLOT = 200.0, 24.0
_RULE: dict[str, Any] = {"thick": 0.6, "colour": "#BFBFBF"}


def theme_matrix(
    evidence: pd.DataFrame | None = None,
    *,
    theme: str | list[str] | None = None,
    record: RecordLike = None,
) -> Picture:
    """Themes by round: a marker and a number for each kind of evidence; of ratings, those given.

    The evidence is that of `hmcpsi_data.theme_history` or `hmcpsi_data.facts`; all of it where
    none is given. `theme` leaves out the rows of all other themes.

    >>> theme_matrix(theme="victim_letters").title
    'Victim letters: in 7 of 12 rounds'
    """
    record = as_record(record)
    titles = record.table("themes").set_index("theme_id")["title"]
    if evidence is None:
        evidence = theme_history(list(titles), record=record)
    evidence = say.need(evidence, ["kind", "round", "value", "area", "theme_ids"], "facts()")
    if "theme" not in evidence:
        each = evidence.assign(theme=evidence["theme_ids"].str.split("; ")).explode("theme")
        evidence = each.assign(theme=each["theme"].map(titles)).dropna(subset="theme")
    if (chosen := choose("theme", theme, record)) is not None:
        evidence = evidence[evidence["theme"].isin(titles[chosen])]
    evidence = evidence[evidence["kind"].ne("rating") | evidence["value"].notna()]
    known = evidence.dropna(subset="round")
    if known.empty:
        return nothing(record)
    kinds = known["kind"].replace(_SAME)
    kinds = kinds.where(kinds.isin(_KINDS), "finding")  # comparisons, directions of travel
    rounds = round_order(record)
    cells = known.assign(
        theme=pd.Categorical(known["theme"], say.in_order(known["theme"], titles)),
        round=pd.Categorical(known["round"], say.in_order(known["round"], rounds)),
        kind=pd.Categorical(kinds, list(_KINDS)),
    )
    n = cells.groupby(["theme", "round", "kind"], observed=True).size()
    there = n.unstack("kind").reset_index().groupby("theme", observed=True)["round"].agg(list)
    heads = {one: say.who(known[known["round"].eq(one)]) for one in cells["round"].cat.categories}
    of_kind = n.groupby("kind", observed=True).sum().items()
    told = ", ".join(f"{_KINDS[str(kind)][0]} {number:,}" for kind, number in of_kind)
    pieces = count_of(len(known), "piece of evidence", "pieces of evidence")
    what = f"{count_of(len(there), 'theme')}, {count_of(len(heads), 'round')}, {pieces}"
    told_of = "; ".join(f"{theme} in {listed(of)}" for theme, of in there.items())
    words = [f"{what}: {told}.", f"{told_of}."]
    if without := len(evidence) - len(known):
        words.append(f"Of no round: {without:,} more.")
    most = there.map(len).max()
    often = there.index[there.map(len).eq(most)].tolist()
    who = listed(often) if len(often) < 4 else f"{len(often)} of {len(there)} themes"
    columns = {kind: name.capitalize() for kind, (name, *_) in _KINDS.items()}
    table = n.unstack("kind", fill_value=0).reset_index()
    table = table.rename(columns=columns | {"theme": "Theme", "round": "Round"})
    title = f"{who}: in {most} of {count_of(len(rounds), 'round')}"
    subtitle = (
        "Marker: kind of evidence; number: how many. Rounds differ in framework and in unit: where "
        "a subject comes up is no measure of how well it was done."
    )
    source = "What belongs to a theme is this project's judgement; its rows name sources."
    body = partial(_draw_themes, n=n.to_dict(), heads=heads)
    return Picture(title, subtitle, source, words, table, body, head=2, record=record)


def _draw_themes(page: paper.Page, n: Mapping[Any, int], heads: Mapping[str, str]) -> float:
    """The cells of themes and rounds; a column is as wide as its kinds and its heading need."""
    there = {key[1:] for key in n}
    kinds = {one: [kind for kind in _KINDS if (one, kind) in there] for one in heads}
    wides = {}
    for one, who in heads.items():
        words = [paper.width(word, bold=True) for word in (*one.split(), *who.split())]
        wides[one] = max(12 + _SLOT * len(kinds[one]), 8 + max(words, default=0))
    left = paper.MARGIN + _NAME
    page.width = max(paper.WIDTH, left + sum(wides.values()) + paper.MARGIN)
    signs = {
        words: {"shape": shape, "colour": colour, "name": f"legend {shape}"}
        for words, shape, colour in _KINDS.values()
    }
    top = y = page.legend(signs)
    how: dict[str, Any] = {"align": "center"}
    lefts = dict(zip(wides, accumulate([left, *wides.values()]), strict=False))
    tops, units = {}, {}
    for one, x in lefts.items():
        tops[x] = paper.Words(one, wides[one] - 4, bold=True, name="round", **how)
        units[x] = paper.Words(heads[one], wides[one] - 4, paper.NOTE, name="who", **how)
    y += page.row(y, tops, at=0) + 4
    y += page.row(y, units, at=0) + 4
    for theme in dict.fromkeys(theme for theme, *_ in n):
        page.line((paper.MARGIN, y), (page.width - paper.MARGIN, y), "rule", **_RULE)
        high = page.row(y, {paper.MARGIN: paper.Words(theme, _NAME - 10, name="label")}, least=42)
        middle = y + high / 2
        for one, x in lefts.items():
            marks = [kind for kind in kinds[one] if (theme, one, kind) in n]
            if not marks:
                page.text(x + wides[one] / 2, middle, "none", paper.NOTE, name="none", **how)
            for kind in marks:
                at = x + 6 + (kinds[one].index(kind) + 0.5) * (wides[one] - 12) / len(kinds[one])
                _, sign, colour = _KINDS[kind]
                page.marker(at, middle - 8, sign, colour, f"{kind} {theme} {one}")
                number = f"{n[theme, one, kind]:,}"
                page.text(at, middle + 9, number, paper.NOTE, name="number", **how)
        y += high
    page.split([*lefts.values()][1:], top, y)
    return y
