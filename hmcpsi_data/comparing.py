"""An observed new rating beside the translated old ones of the same Area.

The two frameworks stay apart: the old ratings are a range of words on their own scale, and the
verdict says where the new word stands among these words. It never says improved or declined.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np
import pandas as pd

from hmcpsi_data.area import AreaNotInBeingError, days, find_area, in_being
from hmcpsi_data.choosing import choose
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_table import MAPPED, SOURCE, TARGET, objects, problem_table
from hmcpsi_data.errors import CrosswalkError, FrameworkError, UnknownValueError
from hmcpsi_data.lineage import population_share
from hmcpsi_data.locators import merged
from hmcpsi_data.tables import load
from hmcpsi_data.views import look_up, ratings

__all__ = ["VERDICTS", "VERDICT_WORDS", "compare"]

_Folder = str | os.PathLike[str] | None

_INSIDE, _ABOVE, _BELOW = "inside the old range", "above it", "below it"
_NO_COUNTERPART, _NOT_KNOWN = "no old counterpart", "old rating not known"
VERDICTS = (_INSIDE, _ABOVE, _BELOW, _NO_COUNTERPART, _NOT_KNOWN)
"""Where a new rating stands, as the data say it."""

VERDICT_WORDS = {verdict: verdict.replace(" it", " the old range") for verdict in VERDICTS}
"""The verdicts in words that can be read alone: "it" is the old range."""

_COLUMNS = [
    TARGET, "target", "observed", "worst", "best", "lower_median", "upper_median", "n_links",
    "relation", "confidence", "known_predecessors", "open", "verdict", "origin", "caveat",
    "source_id", "locator", "old_source_id", "old_locator",
]  # fmt: skip
_PLACES = ["source_id", "locator", "old_source_id", "old_locator"]
_TEXTS = ["worst", "best", "lower_median", "upper_median"]
_REASONS = {
    "progress": "measures progress, and progress on a recommendation is no quality of work",
    "percentage": "measures in percentages and has no rating words",
    "narrative": "speaks in prose and has no rating words",
}
_OPEN = " Not all old ratings are known, so the full range of that scale remains possible."


class _Old(NamedTuple):
    """The old Areas behind a new one: their known ratings, and how many of them are known."""

    ratings: pd.DataFrame
    complete: bool
    words: str


def compare(
    source: str = "opa_2005",
    target: str = "aap_2016_east_midlands",
    area: str = "East Midlands",
    crosswalk: Crosswalk | None = None,
    folder: _Folder = None,
) -> pd.DataFrame:
    """New ratings of an Area beside the range of its translated old ones.

    Parameters
    ----------
    source, target : str
        The old and the new set of aspects, by identifier or title.
    area : str
        The Area that the new framework inspected, by identifier or name. The old ratings are those
        of its predecessors when the old framework was in force, or its own if it was in being then.
    crosswalk : Crosswalk, optional
        One of your own, from `source` to `target`. Without it, the one in the data folder.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per target aspect. Where an aspect of an Area was rated more than once, the rating
        published last counts, and a contradicted one counts as not known.

        observed
            The new rating; empty where none is known.
        worst, best, lower_median, upper_median, n_links, relation, confidence, origin
            As for `Crosswalk.translate`, over all known predecessors together.
        known_predecessors
            How many of the predecessors have any known rating in the old set, which, and how many
            of the people of 2011 lived there.
        open
            Whether the full range remains possible, because a predecessor or one of its ratings is
            not known, no predecessor is, or a link is undetermined.
        verdict
            Where the new word stands among the old ones, see `VERDICTS`. Empty where an old range
            is known and no new rating is observed: no word of the list says that, and nothing
            follows from it.
        caveat
            What the row does not say.
        source_id, locator
            Where the new rating stands; empty where none is known.
        old_source_id, old_locator
            Where the old ratings stand that the row translates, if it is one source; empty where
            none is known or they are of several sources.

    Raises
    ------
    FrameworkError
        Where one of the two does not rate, the source began after the target, or the two scales do
        not use the same words.
    AreaNotInBeingError
        Where the Area was not in being under the new framework; its successor is named.
    CrosswalkError
        Where a crosswalk of your own is not valid or joins other sets.
    UnknownValueError
        Where a set, an Area, or a crosswalk between the sets is not known.

    Examples
    --------
    >>> found = compare()
    >>> found.loc[:1, ["target", "observed", "worst", "best", "verdict"]]
                                 target observed worst  best               verdict
    0       Effectiveness of leadership     Good  Good  Good  inside the old range
    1  Resources systematically managed     Fair  Good  Good              below it
    >>> found["known_predecessors"].unique().tolist()
    ['1 of 5 (Leicestershire), 22% of the 2011 population']
    """
    source, target = (choose("set_id", [asked], folder)[0] for asked in (source, target))
    frameworks = _frameworks([source, target], folder)
    _refuse_other_kinds(frameworks)
    _refuse_back_in_time(frameworks)
    crosswalk = _crosswalk(source, target, crosswalk, folder)
    old_start, new_start = objects(frameworks)["in_force_from"]
    area_id = _area_under(area, new_start, objects(frameworks)["in_force_to"][1], folder)
    before = _before(area_id, old_start, folder)
    known = _latest(ratings(set_id=[source, target], folder=folder))
    old = _old(before, known[known["set_id"].eq(source)])
    table = crosswalk.translate(old.ratings, by=None)
    observed = known[known["set_id"].eq(target) & known["area_id"].eq(area_id)]
    observed = observed.set_index("aspect_id")
    for column, of in (("observed", "rating"), ("source_id", "source_id"), ("locator", "locator")):
        table[column] = table[TARGET].map(observed[of])
    table = table.join(_old_places(crosswalk.to_frame(), old.ratings), on=TARGET)
    doubtful = table["n_links"].gt(0) & (not old.complete)
    table["open"] = table["open"] | doubtful
    table["verdict"] = _verdicts(table, frameworks["framework_id"])
    table["known_predecessors"] = old.words
    table["caveat"] = table["caveat"].where(~table["open"], table["caveat"] + _OPEN)
    words = [*_TEXTS, "observed", "verdict", "known_predecessors", *_PLACES]
    types = dict.fromkeys(words, "string")
    return table.astype(types)[_COLUMNS]


def _area_under(area: str, start: str | None, end: str | None, folder: _Folder) -> str:
    """The Area of that name in being when the framework began, or else when it ended."""
    try:
        return find_area(area, on=start, folder=folder)
    except AreaNotInBeingError:
        if pd.isna(end):
            raise
        try:
            return find_area(area, on=end, folder=folder)
        except UnknownValueError:
            pass
        raise


def _frameworks(sets: list[str], folder: _Folder) -> pd.DataFrame:
    """The frameworks of the sets, one row per set."""
    columns = ["framework_id"]
    ids = look_up(pd.Series(sets), "aspect_sets", columns, folder)["framework_id"]
    columns = ["short_title", "measure_kind", "in_force_from", "in_force_to"]
    return look_up(ids, "frameworks", columns, folder).assign(framework_id=ids, set_id=sets)


def _refuse_other_kinds(frameworks: pd.DataFrame) -> None:
    others = frameworks[frameworks["measure_kind"].ne("rating")]
    if len(others):
        source, target = frameworks["set_id"]
        reasons = [f"{f.short_title} {_REASONS[f.measure_kind]}" for f in others.itertuples()]
        problem = f"{source} and {target} cannot be compared: {' and '.join(reasons)}."
        remedy = (
            f'Crosswalk.load("{source}", "{target}") links their subjects, '
            "theme_history(theme) tells what each said."
        )
        raise FrameworkError(frameworks["framework_id"], problem, remedy)


def _refuse_back_in_time(frameworks: pd.DataFrame) -> None:
    began = [None if pd.isna(on) else days(on).first for on in frameworks["in_force_from"]]
    if None not in began and began[0] > began[1]:
        (source, target), names = frameworks["set_id"], frameworks["short_title"]
        since = frameworks["in_force_from"]
        problem = (
            f"{source} and {target} cannot be compared in this order: {names[0]} (since {since[0]})"
            f" began after {names[1]} (since {since[1]}), and its Areas have no predecessors there."
        )
        remedy = f'Call compare("{target}", "{source}", area): the old set comes first.'
        raise FrameworkError(frameworks["framework_id"], problem, remedy)


def _crosswalk(source: str, target: str, crosswalk: Crosswalk | None, folder: _Folder) -> Crosswalk:
    if crosswalk is None:
        return Crosswalk.load(source, target, folder)
    if not isinstance(crosswalk, Crosswalk):
        fault = f"A crosswalk of your own is a Crosswalk, not {type(crosswalk).__name__}."
        raise CrosswalkError(f"{fault} Crosswalk(frame) makes one.", problem_table([]))
    if (crosswalk.source_set, crosswalk.target_set) != (source, target):
        fault = (
            f"The crosswalk leads from {crosswalk.source_set} to {crosswalk.target_set}, asked "
            f"was {source} to {target}. Name its sets as source and target."
        )
        raise CrosswalkError(fault, problem_table([]))
    return crosswalk


def _before(area_id: str, on: str | None, folder: _Folder) -> pd.DataFrame:
    """The Area itself, if it was in being then, or its predecessors, with their shares of it.

    Where nothing is known of when that was, it is taken to be the Area itself.
    """
    areas = load("areas", folder)
    own = areas[areas["area_id"].eq(area_id)]
    if on is None or in_being(own, days(on)).all():
        itself = {"predecessor_id": own["area_id"], "predecessor": own["name"], "share": 1.0}
        return pd.DataFrame(itself)
    return population_share(area_id, on=on, folder=folder)


def _old(before: pd.DataFrame, found: pd.DataFrame) -> _Old:
    """What is known of the Areas of before."""
    found = found[found["area_id"].isin(before["predecessor_id"])]
    known = before[before["predecessor_id"].isin(found["area_id"])]
    names = f" ({', '.join(known['predecessor'])})" if len(known) else ""
    words = f"{len(known)} of {len(before)}{names}"
    people = known["share"].sum(skipna=False)
    if 0 < len(known) < len(before) and pd.notna(people):
        words += f", {people:.0%} of the 2011 population"
    # one profile per Area, whichever inspections its ratings come from
    complete = 0 < len(known) == len(before)
    return _Old(found.assign(inspection_id=found["area_id"]), complete, words)


def _latest(found: pd.DataFrame) -> pd.DataFrame:
    """For each Area and aspect the known rating that was published last."""
    known = found[found["rating"].notna() & found["basis"].ne("contradicted")]
    in_time = known.sort_values("published", kind="stable", na_position="first")
    return in_time.drop_duplicates(["area_id", "aspect_id"], keep="last")


def _old_places(links: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Source and lines of the old ratings behind each target, where they are of one source."""
    taking_part = links["status"].eq(MAPPED) & links["share_high"].fillna(1).gt(0)
    ends = links.loc[taking_part, [SOURCE, TARGET]].drop_duplicates()
    rows = ends.merge(known, left_on=SOURCE, right_on="aspect_id")
    found = {}
    for target, of_target in rows.groupby(TARGET):
        source_ids = of_target["source_id"].unique()
        if len(source_ids) == 1:
            lines = of_target["locator"]
            found[target] = source_ids[0], merged(lines) if lines.notna().all() else None
    places = pd.DataFrame.from_dict(found, orient="index", dtype=object)
    return places.reindex(columns=[0, 1]).set_axis(["old_source_id", "old_locator"], axis=1)


def _verdicts(table: pd.DataFrame, frameworks: pd.Series) -> np.ndarray:
    """Where each observed word stands among the words of the old range."""
    words = table["worst"].cat.categories
    place = words.get_indexer(table["observed"])
    strange = table["observed"].notna() & (place < 0) & (len(words) > 0)
    if strange.any():
        source, target = frameworks
        word = table.loc[strange, "observed"].iloc[0]
        problem = f"{word} of {target} is no word of the scale of {source}."
        raise FrameworkError([source, target], problem, "Compare scales that use the same words.")
    worst, best = table["worst"].cat.codes, table["best"].cat.codes
    cases = {
        _NO_COUNTERPART: table["n_links"].eq(0) & ~table["open"],
        _NOT_KNOWN: worst < 0,
        "": place < 0,
        _ABOVE: place > best,
        _BELOW: place < worst,
    }
    conditions = [np.asarray(case, dtype=bool) for case in cases.values()]
    found = np.select(conditions, list(cases), _INSIDE).astype(object)
    return np.where(found == "", None, found)
