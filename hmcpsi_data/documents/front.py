"""What a document is: its kind, Area, framework and date; what cannot be told is asked for."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from hmcpsi_data.documents.claims import Claims, stems
from hmcpsi_data.documents.text import MONTH, Text, dates, either, financial_years
from hmcpsi_data.errors import AreaNotInBeingError, HmcpsiError
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.tables.record import Record

NO_INSPECTION = "nothing here looks like an inspection of the CPS"
_TITLE_LINES, _TITLE_LENGTH, _LONGEST_TITLE = 14, 300, 160
_BOROUGHS = "aei_2008_london_borough"

_PROGRAMME = either(r"area inspection programme|AIP|baseline (?:report|inspection)")
_EFFECTIVENESS = either(r"area effectiveness inspections?")
KINDS = {
    "response": either(
        r"response\b.{0,80}\b(?:HMCPSI|inspect\w*|programme|report|review)"
        r"|(?:HMCPSI|inspection|programme|report)\b.{0,80}\bresponse"
        r"|^(?:the )?CPS(?: \w+){0,4} response"
    ),
    "follow_up": either(
        r"follow(?:ing)?[- ]?up (?:\w+ ){0,3}?(?:inspection|report|review|visit|of)"
        r"|progress against (?:the )?(?:\w+ )?(?:recommendations|aspects)"
    ),
    "opa": either(r"overall performance assessments?|OPAs?"),
    "area_assurance": either(r"area assurance|AAP"),
    "area_inspection": either(rf"{_PROGRAMME.pattern}|{_EFFECTIVENESS.pattern}|borough of"),
}
_BY_CPS = either(r"^(?:the )?(?:CPS|area|our)(?: area)? (?:initial )?response")
_FOLLOW_UP = either(r"follow(?:ing)?[- ]?up|(?:phase|round) (?:[2-9]|two)|second phase")
_THIRD_PHASE = either(r"phase (?:3|three)|third phase")
_PILOT = either(r"pilot\w*")

_OURS = re.compile(r"(?i:\bCPS\b|\bHMCPSI\b|HM ?CPSi|Crown Prosecution Service)")
_CPS = re.compile(r"\bCPS\b|Crown Prosecution Service(?! Inspectorate)")
_HMCPSI = re.compile(r"(?i:HM ?CPSI)|Crown Prosecution Service Inspectorate")
_OTHERS = re.compile(
    r"\b(?:Ofsted|Estyn|HMICFRS|HMIC|HMIP|HMI Pris\w+|Constabulary|CQC|Probation|Prisons|Fire"
    r"|Care Quality Commission|Care Inspectorate|Food Standards|food hygiene)\b"
)
_OTHER_PROSECUTORS = re.compile(
    r"\b(?:Public Prosecution Service|PPS|PPSNI|Northern Ireland|Crown Office|COPFS)\b"
)

_STATED = either(r"embargo\w*|publi(?:shed|cation)|issued|released?|dated?")
_ELSE = either(r"updated|amended|reviewed|modified|accessed|printed on|fieldwork|on.site|visited")
_ANSWERED = either(r"respon\w+|repl(?:y|ied)|answer\w*")
_BARE = re.compile(r"[\W\d]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?[\W\d]*", re.IGNORECASE)
_FIELDWORK = either(r"fieldwork|visit(?:s|ed)?|inspect(?:ed|ion)|follow-up|as at|finalised|on.site")
_AHEAD = either(r"will|by|until|before|Act|plan\w*|due|expected|target|since|budget")
_OF_NONE = either(r"(?:all|every|each|other|most) (?:\w+ )?areas?|not|never")
_NOT_INSPECTED = either(r"(?:not|never) (?:been )?inspected")
_YEAR = re.compile(r"(?<![\w/-])(?:19[89]|20[0-4])[0-9]\b(?![-/][0-9])")

_SUFFIX = re.compile(
    r"(?! Area (?:Inspection|Assurance|Effectiveness|Performance)\b)(?: CPS(?: Area)?\b| Area\b)"
)
_IN_FULL = re.compile(r"Crown Prosecution Service,? (?:in |for )?$")
_PLACE = r"[A-Z][\w'-]+(?: (?:and|&|[A-Z][\w'-]+)){0,6}"
_BOROUGH = re.compile(
    rf"\b(?:London )?[Bb]orough(?: unit)? of (?P<of>{_PLACE})"
    rf"|\b(?!The |London |CPS |This |Each )(?P<name>{_PLACE}) (?:London )?[Bb]orough\b"
)
_NO_AREA = (
    "Area Areas HQ Headquarters People Response Direct Inspectorate Communications Press Values "
    "National Board Policy Lawyers Staff Prosecutors Act Core Casework Report Website Inspection "
    "Self Chief Performance Quality Public In Baseline Follow Overall Annual Handling Management "
    "Use Review Reviews Inspections"
).replace(" ", "|")
_UNKNOWN_AREA = re.compile(
    rf"\bCPS (?!(?i:{_NO_AREA}|The|And|Of|London)\b)([A-Z][\w'-]+"
    rf"(?:(?: and| &| of| the| of the|,)? (?!(?i:{_NO_AREA}|{MONTH})\b)[A-Z][\w'-]+){{0,5}})"
)


@dataclass
class Answer:
    """What one question about a document is answered with; `why` it is not, or not surely."""

    question: str
    value: str | None = None
    lines: tuple[int, ...] = ()
    basis: str | None = None
    rivals: tuple[str, ...] = ()
    why: str = ""


@dataclass
class Front:
    """What a document is; `why_not` is empty where it is about an inspection of the CPS."""

    kind: str
    area: Answer
    framework: Answer
    published: Answer
    area_id: str | None = None
    inspection_id: str | None = None
    why_not: str = ""

    @property
    def answers(self) -> list[Answer]:
        """The answers to all questions."""
        return [self.area, self.framework, self.published]


def read_front(claims: Claims, record: Record) -> Front:
    """What the document is, from its title, its claims and the record."""
    text = claims.text
    title = [*text.filled()][:_TITLE_LINES]
    front = Front("unknown", Answer("area"), Answer("framework"), Answer("published"))
    titles = (text.words[line] for line in title)
    heading = "\n".join(one for one in titles if _is_head(one) or len(one) > _LONGEST_TITLE)
    of_cps, ours, others = (one.search(heading) for one in (_CPS, _OURS, _OTHERS))
    # ours is what names the CPS before any other, and a joint inspection of it
    first = ours and (not others or ours.start() < others.start())
    joint = of_cps and _HMCPSI.search(heading)
    if not (first or joint) or (_OTHER_PROSECUTORS.search(heading) and not of_cps):
        front.why_not = NO_INSPECTION
        return front
    front.kind = _kind(text, title)
    front.published = _published(text, title, front.kind)
    front.area = _area(claims, title, record)
    front.framework = _framework(claims, title, front, record)
    framework, date = front.framework.value, front.published.value or ""
    row = None if framework is None else claims.words.frameworks.loc[framework]
    if front.area.value:
        try:
            front.area_id = area_on(front.area.value, date, row, record)
        except HmcpsiError as error:
            front.area.why = error.problem.removeprefix("area ")
    area_id, known = front.area_id or "", record.table("inspections")
    same_month = known["published"].str[:7].eq(date[:7]).fillna(False)
    known = known[known["area_id"].eq(area_id) & same_month]
    if not framework and not front.framework.rivals and len(known) == 1:
        framework = str(known["framework_id"].iloc[0])
        front.framework = Answer("framework", framework, (), "inferred")
    if framework:
        front.inspection_id = inspection_of(area_id, framework, date, record)
    return front


def _is_head(words: str) -> bool:
    return len(words) < _LONGEST_TITLE and not words.endswith((".", "?", ","))


def _kind(text: Text, title: list[int]) -> str:
    """The kind whose words weigh most; a line of the title weighs more than one below."""
    scores = dict.fromkeys(KINDS, 0)
    for line in text.filled():
        words = text.words[line][:_TITLE_LENGTH]
        weight = 1 if line > title[-1] else 6 if _is_head(text.words[line]) else 2
        if weight == 1 and _BY_CPS.match(words):
            scores["response"] += 4
        for kind, pattern in KINDS.items():
            if (weight > 1 or kind != "response") and pattern.search(words):
                scores[kind] += weight
    if scores["response"] >= 6:
        return "response"
    if scores["follow_up"] >= 4 and scores["follow_up"] >= scores["opa"] / 2:
        return "follow_up"
    best = max(("opa", "area_assurance", "area_inspection", "follow_up"), key=scores.__getitem__)
    return best if scores[best] >= 2 else "unknown"


def _published(text: Text, title: list[int], kind: str) -> Answer:
    """The date that a title states, or else the year that is told beside words of fieldwork."""
    found: list[tuple[tuple[bool, ...], str, int]] = []
    line_before = ""
    for line in title:
        words = text.words[line][:_TITLE_LENGTH]
        for date in dates(words):
            before, after = words[: date.start], words[date.end :]
            bare, head = bool(_BARE.fullmatch(before + after)), _is_head(words)
            of = f"{before} {line_before if bare else ''}"
            if _ELSE.search(of) or (kind != "response" and _ANSWERED.search(of)):
                continue
            stated = bare or bool(head and _STATED.search(before))
            spoken = "today" in words.casefold() or (not before.strip() and after[:1] in {*".,:"})
            if stated or spoken or head:
                found.append(((stated, spoken, date.precision == "day"), date.iso, line))
        line_before = words
    if found:
        _, iso, line = max(found, key=lambda one: one[0])
        return Answer("published", iso, (line,), "stated")
    years: dict[str, list[int]] = {}  # beside words of fieldwork
    for sentence in text.sentences:
        words = sentence.plain[:1_000]
        in_field = _FIELDWORK.search(words) and not _OF_NONE.search(words)
        for match in _YEAR.finditer(words) if in_field else ():
            if not _AHEAD.search(words[max(0, match.start() - 40) : match.start()]):
                years.setdefault(match[0], []).append(sentence.place(match.start()))
    if years:
        year = max(years)
        return Answer("published", year, tuple(years[year]), "inferred")
    return Answer("published", why="no date of publication is stated")


def area_pattern(record: Record) -> re.Pattern[str]:
    """Any name of an Area, without "CPS" and "Area"; ``record.once`` makes it once."""
    names = [*record.table("areas")["name"], *record.table("area_names")["name"]]
    bare = {_bare(str(name)) for name in names} - {""}
    pattern = "|".join(
        re.escape(name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", r"[-/ ]")
        for name in sorted(bare, key=lambda name: (-len(name), name)) or ["(?!)"]
    )
    return re.compile(rf"(?<![\w-])(?i:{pattern})(?![\w-])")


def _area(claims: Claims, title: list[int], record: Record) -> Answer:
    """The name as printed, with its line, in the title or else below; asked where there are two."""
    text, pattern = claims.text, record.once(area_pattern)
    read = [line for line in text.filled()
            if line not in claims.used and not _NOT_INSPECTED.search(text.words[line])]  # fmt: skip
    title = [line for line in read if line <= title[-1]]
    for line in title:
        if match := _BOROUGH.search(text.words[line]):
            return Answer("area", match.group(), (line,), "stated")
    for lines in (title, read):
        names: dict[str, tuple[str, int]] = {}  # each as it is printed first
        for line in lines:
            for name in _named(text.words[line], pattern):
                names.setdefault(_bare(name), (name, line))
        known = bool(names)
        for line in title:
            for match in _UNKNOWN_AREA.finditer(text.words[line]):
                own = not stems(match[1]) & claims.words.common
                if own and not any(one in match[1].casefold() for one in names):
                    names.setdefault(match[1].casefold(), (f"CPS {match[1]}", line))
        longest = [one for name, one in names.items()
                   if not any(name in other for other in names if other != name)]  # fmt: skip
        if longest:
            printed, at = zip(*longest, strict=True)
            if len(longest) == 1 or not known:  # of names that no table has, the first counts
                return Answer("area", printed[0], at[:1], "stated")
            return Answer("area", None, at, None, printed[:5], "several Areas are named")
    return Answer("area", why="no Area is named")


def _named(words: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for match in pattern.finditer(words):
        before, after = words[: match.start()], words[match.end() :]
        if not match[0][0].isupper():
            continue
        if before.endswith("CPS "):
            yield f"CPS {match.group()}"
        elif suffix := _SUFFIX.match(after):
            yield match.group() + suffix.group()
        elif after.startswith(" Area ") or _IN_FULL.search(before):
            yield match.group()


def _plain_name(name: str) -> str:
    borough = _BOROUGH.fullmatch(name)
    return (borough["of"] or borough["name"] if borough else name).replace("/", " ")


def _bare(name: str) -> str:
    """A name without "CPS" and "Area"."""
    return re.sub(r"(?i)^CPS |(?: CPS)?(?: Area)?$", "", _plain_name(name)).casefold()


def area_on(name: str, published: str | None, framework: Any, record: Record) -> str:
    """The Area of that name on a date, or else under a framework: a report may come out late."""
    limits = [] if framework is None else [framework["in_force_to"], framework["in_force_from"]]
    missed: list[AreaNotInBeingError] = []
    for on in [day for day in (published, *limits) if pd.notna(day) and day] or [None]:
        try:
            return find_area(_plain_name(str(name)), on=on, record=record)
        except AreaNotInBeingError as error:
            missed.append(error)
    raise missed[0]


def in_force(framework: Any, date: str, late: int = 0) -> bool:
    """Whether a framework was in force in the year of a date, or so many years before."""
    first, last = framework["in_force_from"][:4], framework["in_force_to"]
    return first <= date[:4] and (pd.isna(last) or int(date[:4]) <= int(last[:4]) + late)


def inspection_of(area_id: str, framework: str, date: str, record: Record) -> str | None:
    """The inspection that the record has of an Area under a framework at about that date."""
    known = record.table("inspections")
    known = known[known["area_id"].eq(area_id) & known["framework_id"].eq(framework)]
    for inspection, published in known[["inspection_id", "published"]].itertuples(index=False):
        if not date or pd.isna(published) or abs(int(published[:4]) - int(date[:4])) <= 1:
            return str(inspection)
    return None


def _framework(claims: Claims, title: list[int], front: Front, record: Record) -> Answer:
    """The framework by words of the title, by the date, and by the labels that are rated."""
    text, frameworks, date = claims.text, claims.words.frameworks, front.published.value
    rated = [{one.framework_id for one in claim.known} for claim in claims.of("ratings")]
    votes = Counter(framework for one in rated for framework in one)
    heads = [line for line in title if _is_head(text.words[line])]
    candidates, lines = _by_words(text, title, heads, front, record)

    def in_time(pool: list[str], day: str | None, late: int = 0) -> list[str]:
        return [one for one in pool if day and in_force(frameworks.loc[one], day, late)]

    stated = bool(candidates)
    if rated and not stated:
        of_ratings = frameworks.index[frameworks["measure_kind"].eq("rating")]
        candidates = in_time(of_ratings.to_list(), date, 1)
    if not candidates:
        return Answer("framework", why="nothing tells under which one the Area was inspected")
    plain = [line for line in heads if line not in claims.used and len(text.cells[line]) < 2]
    years = {year for line in plain for year, *_ in financial_years(text.words[line])}
    for year in years if len(years) == 1 else ():
        round_ = f"{year}-{(year + 1) % 100:02}"
        for one in candidates:
            if frameworks.loc[one, "round"] == round_:
                return Answer("framework", one, lines, "stated")
        if not date:
            rivals = tuple(in_time(candidates, str(year + 1)))
            why = f"which assessment {round_} means is asked"
            return Answer("framework", None, lines, None, rivals, why)
    fitting = in_time(candidates, date, 1)
    if date and not fitting:
        why = f"{', '.join(candidates)} was not in force then"
        return Answer("framework", None, lines, None, tuple(candidates), why)
    pool = chosen = fitting or candidates
    most = max(votes[one] for one in pool)
    by_label = [one for one in pool if votes[one] == most]
    for better in (by_label, in_time(pool, date), [one for one in pool if one != _BOROUGHS]):
        chosen = [one for one in chosen if one in better] or chosen
    no_pilot = stated and chosen[0] == "aap_2016" and not any(map(_PILOT.search, text.words))
    if len(chosen) > 1 and not no_pilot:
        return Answer("framework", None, lines, None, tuple(chosen), "several come into question")
    basis = "stated" if lines and len(candidates) == 1 else "inferred"
    rivals = tuple(one for one in pool if one != chosen[0])
    return Answer("framework", chosen[0], lines, basis, rivals)


def _by_words(
    text: Text, title: list[int], heads: list[int], front: Front, record: Record
) -> tuple[list[str], tuple[int, ...]]:
    """The frameworks that the words of a document name, and the line."""

    def first(pattern: re.Pattern[str], lines: list[int]) -> tuple[int, ...]:
        found = (one for one in lines if pattern.search(text.words[one][:_TITLE_LENGTH]))
        return next(((one,) for one in found), ())

    kind, everywhere = front.kind, [*text.filled()]
    inspected = kind in {"area_inspection", "unknown"}
    areas, printed = record.table("areas"), front.area.value or ""
    boroughs = areas.loc[areas["kind"].eq("london_borough"), "name"].str.casefold()
    borough = inspected and ("orough" in printed or _bare(printed) in set(boroughs))
    programme = kind not in {"opa", "area_assurance"} and first(_PROGRAMME, title)
    assured = first(KINDS["area_assurance"], title if inspected else everywhere)
    rules = [  # the first whose words stand there counts
        ([_BOROUGHS], borough and front.area.lines),
        (["aip_2025"], first(_THIRD_PHASE, heads) and programme),
        (["aip_2021_follow_up"], programme and first(_FOLLOW_UP, heads)),
        (["aip_2021"], programme),
        (["follow_up_2010"], kind == "follow_up" and first(KINDS["follow_up"], everywhere)),
        (["opa_2005", "opa_2007"], kind == "opa" and first(KINDS["opa"], everywhere)),
        (["aap_pilot_2016"], assured and first(_PILOT, heads)),
        (["aap_2016", "aap_pilot_2016"], first(KINDS["area_assurance"], title) or assured),
        (["aei_2008"], first(_EFFECTIVENESS, title)),
        (["aip_2021"], kind == "response" and first(_PROGRAMME, everywhere)),
    ]
    return next(((meant, lines) for meant, lines in rules if lines), ([], ()))
