"""What is worked out from tables, kept until one of their files changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from hmcpsi_data.changing import finish
from hmcpsi_data.description import data_folder, table
from hmcpsi_data.reading import stamp

__all__ = ["kept"]

_Made = Callable[..., Any]


def kept(*names: str) -> Callable[[_Made], _Made]:
    """Keep what a function of a folder returns for as long as these tables stay as they are.

    Nobody may change what is returned: the next one who asks is given the same.

    Parameters
    ----------
    *names : str
        Every table that the function reads.

    Examples
    --------
    >>> calls = []
    >>> count = kept("scales")(lambda folder, word: calls.append(word) or len(calls))
    >>> count(None, "Good"), count(None, "Good"), count(None, "Poor")
    (1, 1, 2)
    """

    def keep(make: _Made) -> _Made:
        results: dict[tuple[Any, ...], tuple[list[tuple[int, ...]], Any]] = {}

        @wraps(make)
        def once(folder: str | os.PathLike[str] | None, *rest: Any) -> Any:
            finish(data_folder(folder))
            base = data_folder(folder).absolute()
            state = [stamp(base / table(name).file) for name in names]
            found = results.get((base, *rest))
            if found is None or found[0] != state:
                found = results[base, *rest] = (state, make(folder, *rest))
            return found[1]

        return once

    return keep
