"""A public function gives a result or an `HmcpsiError`, whatever comes in, and never a warning."""

import inspect
import warnings

import pandas as pd

import hmcpsi_data as hd

TEXTS = ["", "wrong word", "no_such_thing", "\u00ad\u200b", "a\x00b\x1b[2J", "=1+1", "x" * 5000]
TEXTS += ["<b onclick=x>Good</b>", b"Good"]
THINGS = [None, [], [None], {"a": 1}, 5, 2.5, float("nan"), pd.NA, True, len, object()]
FRAMES = [pd.DataFrame(), pd.DataFrame({"a": [1]}), pd.Series(["Good"], dtype="string")]


def faults(function, given=None, skip=()):
    """A line for each parameter and value that make a function fail with another error."""
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in skip or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        for value in TEXTS + THINGS + FRAMES:
            told = f"{function.__name__}({name}={value!r:.40})"
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    function(**{**(given or {}), name: value})
            except hd.HmcpsiError as error:
                found += [] if str(error).strip() else [f"{told}: an error without words"]
            except Exception as error:
                found.append(f"{told}: {type(error).__name__}: {error}"[:200])
    return found
