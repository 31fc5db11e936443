"""Colours: the same colour for the same word everywhere, and never colour alone.

Ratings of quality take the sequential palette of the Government Analysis Function (as in the
package ``afcharts``), the darkest for Excellent. Progress has a palette of its own, ours, so that
nobody takes Achieved for Excellent. Neighbouring steps differ too little to be told apart by
colour: the word stands in every tile. What is missing is hatched.
"""

from __future__ import annotations

__all__ = ["INK", "OUTLINE", "PAPER", "PROGRESS", "QUALITY", "TINT", "contrast", "ink_on"]

QUALITY = {"Excellent": "#092135", "Good": "#12436D", "Fair": "#2073BC", "Poor": "#6BACE6"}
PROGRESS = {
    "Achieved": "#06312D",
    "Substantial progress": "#0E5A53",
    "Limited progress": "#28A197",
    "Not progressed": "#A3DDD7",
    "No longer applicable": "#FFFFFF",
}
INK, PAPER, OUTLINE = "#0B0C0C", "#FFFFFF", "#59595B"
TINT = "#DCE9F5"
"""Ground of what is known without being a rating, such as a count."""


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2, from 1 to 21.

    Examples
    --------
    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """The colour of letters that reads better on a tile.

    Examples
    --------
    >>> ink_on(QUALITY["Excellent"]), ink_on(QUALITY["Poor"])
    ('#FFFFFF', '#0B0C0C')
    """
    return max((PAPER, INK), key=lambda ink: contrast(ink, colour))
