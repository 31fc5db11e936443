"""Everything that a person could type, put into every parameter of a function.

Whatever comes in, a public function gives a result or an `HmcpsiError`: never a bare TypeError,
KeyError or AttributeError, and never a warning.
"""

import inspect
import warnings

import pandas as pd

import hmcpsi_data as hd

WRONG = {
    "None": None,
    "an empty text": "",
    "a wrong word": "wrong word",
    "an identifier of nothing": "no_such_thing",
    "invisible characters": "\u00ad\u200b",
    "a control character": "a\x00b\x1b[2J",
    "HTML": "<b onclick=x>Good</b>",
    "a formula": "=1+1",
    "a long text": "x" * 5000,
    "an empty list": [],
    "a list of None": [None],
    "a mapping": {"a": 1},
    "a number": 5,
    "a fraction": 2.5,
    "not a number": float("nan"),
    "missing": pd.NA,
    "True": True,
    "bytes": b"Good",
    "an empty frame": pd.DataFrame(),
    "a frame": pd.DataFrame({"a": [1]}),
    "a column": pd.Series(["Good"], dtype="string"),
    "a function": len,
    "an object": object(),
}


def faults(function, given=None, skip=()):
    """A line for each parameter and value that make a function fail with another error."""
    given = dict(given or {})
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in skip or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        for told, value in WRONG.items():
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    function(**{**given, name: value})
            except hd.HmcpsiError as error:
                if not str(error).strip():
                    found.append(f"{function.__name__}({name}={told}): an error without words")
            except Exception as error:
                kind = f"{type(error).__name__}: {error}"
                found.append(f"{function.__name__}({name}={told}): {kind:.160}")
    return found
