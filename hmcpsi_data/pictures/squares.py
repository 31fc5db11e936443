"""How the squares of a strip stand: in groups of a word, in piles where there are many."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from hmcpsi_data.pictures.letters import WORD, width
from hmcpsi_data.pictures.looks import look
from hmcpsi_data.pictures.page import Page, line
from hmcpsi_data.tiles import MISSING

__all__ = ["GROUP_GAP", "SQUARE", "Plan", "draw_group", "plan_of"]

SQUARE, GROUP_GAP = 26.0, 22.0
_GAP = 4.0


class Plan(NamedTuple):
    """How the squares of a strip stand: their size, how many in a pile, and lines of groups."""

    square: float
    pile: int
    lines: list[list[str]]

    def wide(self, word: str, n: int) -> float:
        """How wide a group is: its squares, or its word and number."""
        across = ceil(n / self.pile) * (self.square + _GAP) - _GAP
        return max(across, width(f"{word} {n}", WORD))

    @property
    def high(self) -> float:
        """How high a line of groups is, with the words below it."""
        return self.pile * (self.square + _GAP) + line(WORD) + 8


def plan_of(groups: dict[str, int], room: float) -> Plan:
    """The largest squares, in the lowest piles, with which all groups stand in a line or two."""
    most = max(groups.values(), default=1)
    for square, piles in ((SQUARE, 3), (18.0, 6), (12.0, most)):
        for pile in range(1, min(piles, most) + 1):
            plan = Plan(square, pile, [[]])
            free = room
            for word, n in groups.items():
                wide = plan.wide(word, n)
                if wide > free and plan.lines[-1]:
                    plan.lines.append([])
                    free = room
                plan.lines[-1].append(word)
                free -= wide + GROUP_GAP
            if len(plan.lines) <= 1 + any(word in MISSING.values() for word in groups):
                return plan
    return plan


def draw_group(page: Page, x: float, y: float, word: str, number: int, plan: Plan) -> None:
    """The squares of one word, and below them the word and its number."""
    step = plan.square + _GAP
    for unit in range(number):
        across, down = divmod(unit, plan.pile)
        place = (x + across * step, y + down * step)
        page.box(*place, plan.square, plan.square, look(word), f"unit {word}")
    below = y + plan.pile * step + line(WORD) / 2
    page.text(x, below, f"{word} {number}", WORD, name="count")
