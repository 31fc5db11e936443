"""Numbers in digits and in words."""

from __future__ import annotations

__all__ = ["NUMBER", "number"]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN = "|".join(_TENS)
_BELOW_HUNDRED = rf"(?:(?:{_TEN})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|{_ONE})"

NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}(?![0-9])(?:\.[0-9]{1,4})?|[0-9]{1,9}(?:\.[0-9]{1,4})?"
    rf"|(?:(?:{_BELOW_HUNDRED}|a) hundred(?: and {_BELOW_HUNDRED})?)|{_BELOW_HUNDRED})"
)


def number(words: str) -> float | None:
    """The number that digits or words mean.

    Examples
    --------
    >>> number("31,726"), number("Twenty-two"), number("one hundred and five"), number("few")
    (31726.0, 22.0, 105.0, None)
    """
    words = words.casefold().strip()
    if words[:1].isdigit():
        return float(words.replace(",", ""))
    total = 0
    parts = words.replace("-", " ").split()
    for part in parts:
        if part == "hundred":
            total = max(total, 1) * 100
        elif part in _WORDS:
            total += _WORDS[part]
        elif part not in {"and", "a"}:
            return None
    return float(total) if parts else None
