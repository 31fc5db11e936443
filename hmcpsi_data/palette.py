"""The look of a word: the same everywhere, in pictures and in tables, and never colour alone."""

from typing import Any, NamedTuple

# The sequential palette of the Government Analysis Function, the darkest for the highest word.
QUALITY = {"Excellent": "#092135", "Good": "#12436D", "Fair": "#2073BC", "Poor": "#6BACE6"}
# A palette of our own, so that nobody takes Achieved for Excellent.
PROGRESS = {
    "Achieved": "#06312D",
    "Substantial progress": "#0E5A53",
    "Limited progress": "#28A197",
    "Not progressed": "#A3DDD7",
    "No longer applicable": "#FFFFFF",
}
INK, PAPER, OUTLINE = "#0B0C0C", "#FFFFFF", "#59595B"
TINT = "#DCE9F5"  # ground of what is known without being a rating, such as a count


class Look(NamedTuple):
    """A tile: filled, or hatched (for matplotlib, as degrees of CSS, and as a sign without CSS)."""

    fill: str = PAPER
    ink: str = INK
    hatch: str = ""
    slant: int = 0
    sign: str = ""
    dashed: bool = False
    stripes: str = "#D9D9D9"


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _filled(colour: str) -> Look:
    return Look(colour, max((PAPER, INK), key=lambda ink: contrast(ink, colour)))


_MISSING = {
    "not in framework": Look(hatch="\\\\\\", slant=45, sign="\u25a7", dashed=True),
    "not rated": Look(hatch="|||", slant=90, sign="\u25a5", dashed=True),
    "not found": Look(hatch="///", slant=135, sign="\u25a8", dashed=True),
    "not applicable": Look(hatch="---", slant=0, sign="\u25a4", dashed=True),
    "not shown": Look(hatch="...", slant=0, sign="\u2026", dashed=True),
    "contradicted": Look(hatch="xxx", slant=45, sign="\u2260", dashed=True),
}
_SHIPPED = {word: _filled(colour) for word, colour in (QUALITY | PROGRESS).items()}


def look(word: str, record: Any = None) -> Look:
    """The tile of a word, by its rank in the scales of the record, else in the shipped ones."""
    of_record = {} if record is None else record.once(_looks)
    looks = _SHIPPED | of_record | _MISSING
    return looks.get("contradicted" if word.startswith("contradicted") else word, Look())


def _looks(record: Any) -> dict[str, Look]:
    """The look of each value by its rank and the number of ranks, in the longest of its scales."""
    frameworks = record.table("frameworks")
    progress = set(frameworks.loc[frameworks["measure_kind"].eq("progress"), "scale_id"].dropna())
    scales = record.table("scales").dropna(subset=["scale_id", "value"])
    looks: dict[str, Look] = {}
    for scale_id, rows in sorted(scales.groupby("scale_id"), key=lambda item: -len(item[1])):
        ramp = list((PROGRESS if scale_id in progress else QUALITY).values())[3::-1]
        ranked = rows.dropna(subset="rank").sort_values("rank")["value"].tolist()
        for rank, word in enumerate(ranked):
            share = rank / (len(ranked) - 1) if len(ranked) > 1 else 1.0
            looks.setdefault(word, _filled(_between(ramp, share)))
        for word in rows.loc[rows["rank"].isna(), "value"]:
            looks.setdefault(word, Look())
    return looks


def _between(ramp: list[str], share: float) -> str:
    """The colour at this share of the way along a ramp; its own colours at its own steps."""
    at = share * (len(ramp) - 1)
    low = min(int(at), len(ramp) - 2)
    ends = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in ramp[low : low + 2]]
    mixed = [round(a + (b - a) * (at - low)) for a, b in zip(*ends, strict=True)]
    return "#" + "".join(f"{channel:02X}" for channel in mixed)
