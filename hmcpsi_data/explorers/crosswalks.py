"""Two sets of aspects and a crosswalk between them: to compare ratings, and to edit its links."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, ClassVar

import pandas as pd

from hmcpsi_data import pictures
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers import view
from hmcpsi_data.explorers.base import Choice, Explorer, File, Option, Search, Several
from hmcpsi_data.html import html_table
from hmcpsi_data.method import compare
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.editor import Editor, opened
from hmcpsi_data.record.filters import search
from hmcpsi_data.record.joins import span
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import MISSING, RELATIONS, count_of

_FIRST = "leicestershire_1999"
_NONE, _EDITED = "no new rating", "changed by you"
_STATUS = {"remainder": "a part has no home", "no_counterpart": "no counterpart"}
_ENDS = ["source_aspect_id", "target_aspect_id"]
# what can be edited: the heading, the column, and the list or the width of the box
_FIELDS: dict[str, tuple[str, Mapping[str, str] | int]] = {
    "Relation": ("relation", RELATIONS),
    "At least": ("share_low", 4),
    "At most": ("share_high", 4),
    "Confidence": ("confidence", {"high": "high", "medium": "medium", "low": "low"}),
    "Why": ("justification", 50),
}


class _OfPairs(Explorer):
    """An explorer of the crosswalks between two sets, those of the record or your own."""

    SIDES: ClassVar[list[str]] = ["source_set"]

    search = Search()
    pair = Choice("Sets", "The old set of aspects, and the new one", everything=None, filters=False)

    def __init__(
        self, crosswalk: Crosswalk | None = None, record: RecordLike = None, **values: Any
    ) -> None:
        own = {} if crosswalk is None else {_pair(crosswalk): crosswalk}
        self._editors: dict[str, Editor] = {}
        self._shipped = {_pair(one): one for one in compare.set_pairs(record)}
        self._known = own | self._shipped | own  # your own stands first
        super().__init__(record, **values)

    @property
    def _chosen(self) -> str:
        return self.pair if self.pair in self._known else next(iter(self._known))

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk of the chosen pair."""
        return self._known[self._chosen]

    def _areas(self) -> dict[str, str]:
        """The Areas with ratings in the first of the sides that has any."""
        sets = (str(getattr(self.crosswalk, side)) for side in self.SIDES)
        rated = (self.once(one, partial(compare.rated_areas, one, self.record)) for one in sets)
        return next(filter(None, rated), {})

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The pairs of sets, and Areas with ratings in those of the chosen one."""
        pairs = [(key, " to ".join(one.titles), None) for key, one in self._known.items()]
        return {"pair": pairs, "area": [(key, name, None) for key, name in self._areas().items()]}


class ComparisonExplorer(_OfPairs):
    """New ratings of an Area beside the range of the old ones that a crosswalk links to them.

    >>> ComparisonExplorer(verdict="below it").frame["target"].tolist()
    ['Resources systematically managed', 'Communication with victims']
    """

    TITLE = "Two sets of ratings side by side"
    NOTE = (
        "Two frameworks are two yardsticks: that a new rating stands above or below old ones says "
        "nothing about better or worse. Old ratings get here by a crosswalk, which is this "
        "project's judgement."
    )
    SIDES: ClassVar[list[str]] = ["target_set", "source_set"]

    area = Choice("Area", "Areas with new ratings", everything=None, filters=False)
    verdict = Several("Verdict", "Where the new rating stands; none ticked shows all", more=True)

    def _compared(self) -> tuple[pd.DataFrame, str]:
        asked = self.crosswalk, self.area, self.record
        return self.once((self.pair, self.area), partial(compare.side_by_side, *asked))

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The pairs of sets, the Areas of the chosen one, and the verdicts with their counts."""
        n = Counter(self._compared()[0].get("verdict", ()) if self.area else ())
        verdicts = [(one, words, n[one]) for one, words in compare.VERDICT_WORDS.items()]
        return {**super().controls(), "verdict": verdicts}

    def show(self) -> view.View:
        """The comparison as far as it fits all filters, or why there is none."""
        areas = self._areas()
        if self.area not in areas and self.pair != self._values.get("pair"):
            self._assign({"area": next(iter(areas), None)})
        whole, reason = self._compared()
        if reason:
            return view.View(pd.DataFrame(), "nothing to compare", self._code(), reason, html="")
        frame = whole[whole["verdict"].isin(self.verdict)] if self.verdict else whole
        frame = search(frame, self.search)
        name = areas.get(str(self.area), self.in_words("area"))
        words = frame["observed"].fillna(MISSING["not_found"])
        none, low, high = _absent(frame), frame["lower_median"], frame["upper_median"]
        relations = frame["relation"].replace(RELATIONS, regex=True)
        verdicts = frame["verdict"].map(compare.VERDICT_WORDS).fillna(_NONE)
        columns = {
            "New aspect": frame["target"],
            "New rating": words,
            "Verdict": verdicts,
            "Old, worst": frame["worst"].fillna(none),
            "Old, best": frame["best"].fillna(none),
            "Old, median": low.where(low.eq(high), low + " to " + high).fillna(none),
            "Links": frame["n_links"].astype("string") + (": " + relations).fillna(""),
            "Confidence": frame["confidence"],
            "Source": citations(frame, self.record),
            "link": addresses(frame, self.record),
            "cited": f"{name}, " + frame["target"] + ": " + words,
        }
        told = ", ".join(f"{n} {words}" for words, n in Counter(verdicts).most_common())
        told = f"Of {count_of(len(frame), 'new aspect')}: {told}"
        old = ", ".join(whole["known_predecessors"].dropna().unique())
        caveat = max(whole["caveat"].dropna(), key=len, default="")  # it says what is still open
        drawn = frame.assign(verdict=frame["verdict"].fillna(_NONE))
        return view.View(
            frame,
            f"{len(frame)} of {count_of(len(whole), 'new aspect')}, {name}",
            self._code(),
            f"{told}. Old Areas known: {old}. {caveat}" if len(frame) else view.NOTHING,
            rows=pd.DataFrame(columns, frame.index),
            caption="New ratings beside the range of the old ones, translated",
            tiles=("New rating", "Old, worst", "Old, best"),
            picture=partial(pictures.interval_picture, drawn, record=self.record),
            picture_key=(self.pair, self.area, *frame.index) if len(frame) else None,
        )

    def _code(self) -> str:
        chosen = self.crosswalk
        shipped = chosen is self._shipped.get(self._chosen)
        own = "" if shipped else f", crosswalk={_as_code(chosen)}"
        code = f"hd.compare({chosen.source_set!r}, {chosen.target_set!r}, {self.area!r}{own})"
        code += f".query('verdict in {self.verdict}')" if self.verdict else ""
        return f"explorers.search({code}, {self.search!r})" if self.search else code


class CrosswalkExplorer(_OfPairs):
    """The links of a crosswalk, edited in their rows; nothing that is shipped changes.

    A `crosswalk` of your own stands first; the attribute is the edited one, for everything else.

    >>> CrosswalkExplorer(pair="opa_2005 to opa_2007").shown["status"]
    '20 of 20 rows, valid'
    """

    TITLE = "A crosswalk, to look at and to edit"
    NOTE = (
        "The links are this project's judgement and no finding of the inspectorate. Your changes "
        "are marked as yours and stay in this notebook until you save them."
    )
    BUTTONS = (("undo", "Undo", "Take the last change back"),)
    SAVES: ClassVar[dict[str, str]] = Explorer.SAVES | {
        "csv": "Crosswalk (CSV)",
        "sssom": "Crosswalk (SSSOM)",
    }

    aspect = Choice("Aspect", "One aspect of either set", everything="All aspects")
    area = Choice("Translate ratings of", everything=None, filters=False, default=_FIRST)
    file = File("Load your crosswalk", accept=".csv,.tsv,.sssom", more=True)

    @property
    def editor(self) -> Editor:
        """What edits the crosswalk that is shown; edits are told from what is shipped."""
        if (pair := self._chosen) not in self._editors:
            self._editors[pair] = Editor(self._known[pair], self._shipped.get(pair))
        return self._editors[pair]

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk that is shown, as edited."""
        return self.editor.crosswalk

    @property
    def _labels(self) -> dict[str, str]:
        return self.crosswalk.labels[0] | self.crosswalk.labels[1]

    @property
    def _n_changed(self) -> int:
        return len(self.editor.edited) + self.editor.n_dropped

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The pairs of sets, the aspects of the chosen one, and Areas with old ratings."""
        aspects = [(key, label, None) for key, label in self._labels.items()]
        return {**super().controls(), "aspect": aspects}

    def reset(self) -> None:
        """Put the links back as well as the controls; Undo brings the edits back."""
        if self._n_changed:
            self.editor.replace(self._known[self._chosen])
        super().reset()
        self._refresh(again=True)

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Edit, drop or add a row, undo, or take a file."""
        value = details.get("value")
        if command == "edit":
            heading = str(details.get("field"))
            column, _ = _FIELDS[heading]
            try:
                self.editor.change(int(details["row"]), **{column: value})
            except HmcpsiError as error:
                raise HmcpsiError(str(error).replace(column, heading)) from None
        elif command == "drop":
            self.editor.drop(int(details["row"]))
        elif command == "add" and value and self.aspect:
            old = self.aspect in self.crosswalk.labels[0]
            near, far = ("source", "target") if old else ("target", "source")
            far = far if value in self._labels else "status"
            self.editor.add(**{near: self.aspect, far: value})
        elif command == "undo":
            self.editor.undo()
        elif command == "file":
            found = opened(str(details.get("file")), data, record=self.record)
            self._known.setdefault(_pair(found), found)
            self._offer()
            if _pair(found) != self.pair:
                self._assign({"pair": _pair(found), "aspect": None})
            self.editor.replace(found)  # Undo takes it back
        elif command != "add":
            super().act(command, details, data)

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """The edited crosswalk as csv, sssom or xlsx, its picture as png or svg."""
        title = f"crosswalk {_pair(self.crosswalk)}"
        if kind == "csv":
            return view.file_name(title, kind), self.crosswalk.to_csv().encode()
        if kind == "sssom":
            return view.file_name(title, "sssom.tsv"), self.crosswalk.to_sssom().encode()
        return super().download(kind)

    def show(self) -> view.View:
        """The rows with their controls, what is wrong, and what translation makes of them."""
        chosen, labels, areas = self.crosswalk, self._labels, self._areas()
        if self.aspect not in labels:
            self._assign({"aspect": None})
        if self.area not in areas:
            self._assign({"area": next(iter(areas), None)})
        whole = pd.DataFrame.from_dict(self.editor.rows, orient="index", dtype=object)
        whole["old"], whole["new"] = (whole[end].map(labels) for end in _ENDS)
        whole["status in words"] = whole["status"].map(_STATUS).fillna(whole["status"])
        whole["relation in words"] = whole["relation"].map(RELATIONS)
        rows = whole[whole[_ENDS].eq(self.aspect).any(axis=1)] if self.aspect else whole
        rows = search(rows, self.search)
        valid = "valid" + f", {self._n_changed} {_EDITED}" * bool(self._n_changed)
        above, below, changed = "", "", {}
        if not chosen.is_valid():
            problems = chosen.diagnose()
            valid = f"not valid: {count_of(len(problems), 'problem')}"
            above = _wrong(problems, labels)
        elif self.area:
            below, moved = self.once((chosen, self.area), lambda: self._translated(areas))
            ends = whole[_ENDS[1]]
            changed = {n: _changed(moved, ends[n]) for n in self.editor.edited}
        links = int(whole["status"].eq("mapped").sum())
        draw = partial(pictures.crosswalk_picture, chosen, aspect=self.aspect, record=self.record)
        return view.View(
            chosen.to_frame(),
            f"{len(rows)} of {count_of(len(whole), 'row')}, {valid}",
            self._code(),
            f"{count_of(links, 'link')}; the other rows say what has no counterpart.",
            html=above + self._table(rows, changed) + self._adder() + below,
            picture=draw if chosen.is_valid() else None,
            picture_key=(self.aspect, chosen),
        )

    def _table(self, rows: pd.DataFrame, changed: Mapping[Any, str]) -> str:
        """The links as rows of controls; below an edited one stands what it changes."""
        old, new = rows["old"].fillna("no old aspect"), rows["new"].fillna(rows["status in words"])
        edited = rows.index.isin([*self.editor.edited])
        marked = old.mask(edited, old + f" ({_EDITED})")
        cells = {"Old aspect": marked, "Relation": rows["relation"], "New aspect": new}
        cells |= {heading: rows[column] for heading, (column, _) in _FIELDS.items()}
        cells[""] = pd.Series([{"Drop": "drop"}] * len(rows), rows.index, dtype=object)
        return view.edit_table(
            f"Links between {' and '.join(self.crosswalk.titles)}",
            pd.DataFrame(cells, dtype=object),
            {heading: how for heading, (_, how) in _FIELDS.items()},
            names=old + " to " + new + ", row " + rows.index.astype(str),
            under=changed,
        )

    def _code(self) -> str:
        """The Python that gives the same crosswalk; one that was edited carries all its rows."""
        chosen = self.crosswalk
        if self._n_changed or self._chosen not in self._shipped:
            return _as_code(chosen)
        ends = {"source": chosen.source_set, "target": chosen.target_set}
        return view.call("hd.Crosswalk.load", **ends, record=self.record)

    def _adder(self) -> str:
        if self.aspect is None:
            return "<p>To add a link, choose an aspect above.</p>"
        old, new = self.crosswalk.labels
        others = {"": "choose …"} | (new if self.aspect in old else old)
        others["no_counterpart"] = "nothing: it has no counterpart"
        name = f"Add a link of {self._labels[self.aspect]} with"
        return f"<p>{escape(name)} {view.drop_down({'do': 'add'}, '', others, name)}</p>"

    def _translated(self, areas: Mapping[str, str]) -> tuple[str, pd.DataFrame]:
        """What the crosswalk makes of an Area's old ratings, and where the shipped one differs."""
        chosen = self.crosswalk
        known = compare.latest_ratings(str(chosen.source_set), self.area, self.record)
        now, shipped = chosen.translate(known, by=None), self._shipped.get(self._chosen, chosen)
        shown = now[["target", "worst", "best", "lower_median", "upper_median"]].astype("string")
        shown = shown.apply(lambda cells: cells.fillna(_absent(now)))
        shown.columns = ["New aspect", "Worst", "Best", "Lower median", "Upper median"]
        caption = f"What the old ratings of {areas[self.area]} come to through these links"
        html = html_table(shown, caption, tiles=shown.columns[1:], record=self.record)
        return html, compare.changes(shipped.translate(known, by=None), now)


def _pair(crosswalk: Crosswalk) -> str:
    return f"{crosswalk.source_set} to {crosswalk.target_set}"


def _as_code(crosswalk: Crosswalk) -> str:
    return f'hd.Crosswalk.from_csv(b"""{crosswalk.to_csv()}""")'


def _absent(frame: pd.DataFrame) -> pd.Series:
    """Why nothing is translated: no old aspect is linked, or its rating was not found."""
    linked = frame["n_links"].ne(0)
    return linked.map({False: MISSING["not_applicable"], True: MISSING["not_found"]})


def _wrong(problems: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """What is wrong, with aspects by their labels and columns by their headings."""
    words = dict(labels) | {column: heading for heading, (column, _) in _FIELDS.items()}
    patterns = {rf"\b{one}\b": word for one, word in words.items()}
    told = problems[["problem", "remedy"]].replace(patterns, regex=True)
    told.columns = ["What is wrong", "What to do"]
    ends = problems[_ENDS].replace(labels).fillna("").to_numpy()
    told.insert(0, "Link", [" to ".join(filter(None, both)) for both in ends])
    return html_table(told, "What is wrong: nothing is translated before it is put right")


def _changed(moved: pd.DataFrame, target: str | None) -> str:
    rows = moved if target is None else moved[moved["target_aspect_id"].eq(target)]
    was, now = (
        span(rows[f"worst{side}"], rows[f"best{side}"]).fillna("not known")
        for side in ("", "_after")
    )
    told = "; ".join(rows["target"] + ": was " + was + ", now " + now)
    return f"What changes: {told or 'nothing in the translated ratings'}."
