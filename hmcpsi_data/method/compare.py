"""An observed new rating beside the translated old ones: where it stands, never "improved"."""

from typing import Any

import pandas as pd

from hmcpsi_data.errors import AreaNotInBeingError, FrameworkError, HmcpsiError, quote
from hmcpsi_data.method.crosswalk import Crosswalk, one_set
from hmcpsi_data.method.links import TARGET, plain_rows, refusal
from hmcpsi_data.method.translate import INTERVAL
from hmcpsi_data.record.areas import days, find_area, in_being, population_share
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.tables.record import Record, RecordLike, as_record

_INSIDE, _ABOVE, _BELOW = "inside the old range", "above it", "below it"
_NO_COUNTERPART, _NOT_KNOWN = "no old counterpart", "old rating not known"
VERDICTS = (_INSIDE, _ABOVE, _BELOW, _NO_COUNTERPART, _NOT_KNOWN)
VERDICT_WORDS = {verdict: verdict.replace(" it", " the old range") for verdict in VERDICTS}
_COLUMNS = [
    TARGET, "target", "observed", *INTERVAL, "n_links", "relation", "confidence",
    "known_predecessors", "open", "verdict", "origin", "caveat", "source_id", "locator",
]  # fmt: skip
_REASONS = {
    "progress": "measures progress, and progress on a recommendation is no quality of work",
    "percentage": "measures in percentages and has no rating words",
    "narrative": "speaks in prose and has no rating words",
}
_OPEN = " Not all old ratings are known, so the full range of that scale remains possible."


def compare(
    source: str = "opa_2005",
    target: str = "aap_2016_east_midlands",
    area: str = "East Midlands",
    crosswalk: Crosswalk | None = None,
    record: RecordLike = None,
) -> pd.DataFrame:
    """New ratings of an Area beside the range of its translated old ones.

    Parameters
    ----------
    source, target : str
        The old and the new set of aspects, by identifier or title.
    area : str
        An Area under the new framework; the old ratings are its own or those of its predecessors.
    crosswalk : Crosswalk, optional
        One of your own, from `source` to `target`.
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        What `Crosswalk.translate` gives, with the new rating published last (`observed`, with its
        `source_id` and `locator`), of how many old Areas ratings are known (`known_predecessors`),
        and where the new one stands (`verdict`, empty where none is known). What cannot be compared
        is a `FrameworkError`, what does not fit a `CrosswalkError`.

    Examples
    --------
    >>> compared = compare()
    >>> compared.loc[1, ["target", "observed", "worst", "best", "verdict"]].tolist()
    ['Resources systematically managed', 'Fair', 'Good', 'Good', 'below it']
    """
    opened = as_record(record)
    sets = [one_set(asked, opened) for asked in (source, target)]
    old, new = _frameworks(sets, opened)
    if crosswalk is None:
        crosswalk = Crosswalk.load(sets[0], sets[1], opened)
    if not isinstance(crosswalk, Crosswalk) or [crosswalk.source_set, crosswalk.target_set] != sets:
        asked = f"A crosswalk of your own is a Crosswalk from {' to '.join(sets)}"
        raise refusal(f"{asked}, not {quote(crosswalk)}. Crosswalk(frame) makes one.")
    try:
        area_id = find_area(area, on=new["in_force_from"], record=opened)
    except AreaNotInBeingError:
        if new["in_force_to"] is None:
            raise
        area_id = find_area(area, on=new["in_force_to"], record=opened)
    before = _before(area_id, old["in_force_from"], opened)
    known = opened.once(_latest)
    known = known[known["set_id"].eq(sets[0]) & known["area_id"].isin(before["predecessor_id"])]
    # one profile per Area, whichever inspections its ratings come from
    table = crosswalk.translate(known.assign(inspection_id=known["area_id"]), by=None)
    observed = latest_ratings(sets[1], area_id, opened).set_index("aspect_id")
    for column, of in (("observed", "rating"), ("source_id", "source_id"), ("locator", "locator")):
        table[column] = table[TARGET].map(observed[of])
    rated = before[before["predecessor_id"].isin(known["area_id"])]
    if not 0 < len(rated) == len(before):
        table["open"] |= table["n_links"].gt(0)
    table["verdict"] = _verdicts(table, old["framework_id"], new["framework_id"])
    named, people = ", ".join(rated["predecessor"]), rated["share"].sum(skipna=False)
    table["known_predecessors"] = f"{len(rated)} of {len(before)}" + f" ({named})" * bool(named)
    if 0 < len(rated) < len(before) and pd.notna(people):
        table["known_predecessors"] += f", {people:.0%} of the 2011 population"
    table["caveat"] = table["caveat"].where(~table["open"], table["caveat"] + _OPEN)
    texts = [*INTERVAL, "observed", "known_predecessors", "source_id", "locator"]
    return table.astype(dict.fromkeys(texts, "string"))[_COLUMNS]


def side_by_side(
    crosswalk: Crosswalk, area: str, record: RecordLike = None
) -> tuple[pd.DataFrame, str]:
    """The comparison for an Area, or no rows and why there is none."""
    reason = f"no rating of {crosswalk.titles[1]} is known here."
    try:
        compared = compare(crosswalk.source_set, crosswalk.target_set, area, crosswalk, record)
        if compared["observed"].notna().any():
            return compared, ""
    except HmcpsiError as error:
        reason = error.problem
    return pd.DataFrame(), f"There is no comparison: {reason}"


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The new aspects that differ in two results of `compare` or `Crosswalk.translate`."""
    told = [name for name in (*INTERVAL, "n_links", "verdict") if name in before and name in after]
    then = before.set_index(TARGET)[["target", *told]].astype("string")
    now = after.set_index(TARGET).reindex(then.index)[["target", *told]].astype("string")
    moved = then.fillna("").ne(now.fillna("")).any(axis=1)
    return then.join(now[told].add_suffix("_after"))[moved].reset_index()


def set_pairs(record: RecordLike = None) -> list[Crosswalk]:
    """The crosswalks of a record, in their order."""
    opened = as_record(record)
    rows = opened.table("crosswalk").groupby(["source_set", "target_set"], sort=False)
    return [Crosswalk(of_pair, record=opened) for _, of_pair in rows]


def rated_areas(set_id: str, record: RecordLike = None) -> dict[str, str]:
    """The Areas of which a rating in a set is known, overall ones apart, by their names."""
    known = as_record(record).once(_latest)
    rated = known[known["set_id"].eq(set_id) & known["level"].ne("overall")]
    by_name = rated.sort_values(["area", "area_id"])
    return dict(zip(by_name["area_id"], by_name["area"], strict=True))


def latest_ratings(set_id: str, area_id: str, record: RecordLike = None) -> pd.DataFrame:
    """For each aspect of a set the known rating of an Area that was published last."""
    known = as_record(record).once(_latest)
    return known[known["set_id"].eq(set_id) & known["area_id"].eq(area_id)].copy()


def _latest(record: Record) -> pd.DataFrame:
    every = ratings(record=record)
    known = every[every["rating"].notna() & every["basis"].ne("contradicted")]
    in_time = known.sort_values("published", kind="stable", na_position="first")
    return in_time.drop_duplicates(["area_id", "aspect_id"], keep="last")


def _frameworks(sets: list[str], record: Record) -> list[dict[str, Any]]:
    """The frameworks of two sets, or the error that says why these cannot be compared."""
    known = record.table("aspect_sets").set_index("set_id").loc[sets]
    of_sets = record.table("frameworks").set_index("framework_id", drop=False)
    frameworks = plain_rows(of_sets.loc[known["framework_id"]])
    measures = [(one["short_title"], _REASONS.get(one["measure_kind"])) for one in frameworks]
    reasons = [f"{title} {without_words}" for title, without_words in measures if without_words]
    began = [one["in_force_from"] for one in frameworks]
    if not reasons and all(began) and days(began[0]).first > days(began[1]).first:
        old, new = (f"{one['short_title']} (since {one['in_force_from']})" for one in frameworks)
        reasons = [f"{old} began after {new}, and the old set comes first"]
    if reasons:
        pair = " and ".join(known["title"])
        links = f'Crosswalk.load("{sets[0]}", "{sets[1]}") links their subjects'
        raise FrameworkError(
            [one["framework_id"] for one in frameworks],
            f"{pair} cannot be compared: {' and '.join(reasons)}.",
            f"{links}, theme_history(theme) tells what each said.",
        )
    return frameworks


def _before(area_id: str, on: str | None, record: Record) -> pd.DataFrame:
    """The Area itself, if it was in being then, or its predecessors, with their shares of it."""
    areas = record.table("areas")
    own = areas[areas["area_id"].eq(area_id)]
    if on is None or in_being(own, days(on)).all():
        itself = {"predecessor_id": own["area_id"], "predecessor": own["name"], "share": 1.0}
        return pd.DataFrame(itself)
    return population_share(area_id, on=on, record=record)


def _verdicts(table: pd.DataFrame, old: str, new: str) -> pd.Series:
    words = table["worst"].cat.categories
    place = pd.Series(words.get_indexer(pd.Index(table["observed"])), table.index)
    strange = table.loc[table["observed"].notna() & (place < 0), "observed"]
    if len(strange) and len(words):
        problem = f"{strange.iloc[0]} of {new} is no word of the scale of {old}."
        raise FrameworkError([old, new], problem, "Compare scales that use the same words.")
    verdicts = pd.Series(_INSIDE, table.index, dtype="string")
    verdicts[place < table["worst"].cat.codes] = _BELOW
    verdicts[place > table["best"].cat.codes] = _ABOVE
    verdicts[place < 0] = None
    verdicts[table["worst"].isna()] = _NOT_KNOWN
    verdicts[table["n_links"].eq(0) & ~table["open"]] = _NO_COUNTERPART
    return verdicts
