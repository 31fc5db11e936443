"""Whether the addresses of sources still answer: all of this package that asks the network."""

from __future__ import annotations

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pandas as pd

from hmcpsi_data.tables.record import RecordLike, as_record

_AGENT = {"User-Agent": "hmcpsi_data (checks the addresses of its sources)"}
_SECONDS = 15
_AT_ONCE = 8


def addresses_checked(record: RecordLike = None) -> pd.DataFrame:
    """Ask each address of a source whether it is still there, one row per address.

    `state` is "there", "not there", "refused", "no answer", or "not checked" where there is no
    network; `answer` its number.
    """
    sources = as_record(record).table("sources")
    found = sources.loc[sources["address"].notna(), ["source_id", "address"]]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(_ask, found["address"]))
    found = found.reset_index(drop=True)
    found["state"] = pd.array([state for state, _ in answers], dtype="string")
    found["answer"] = pd.array([number for _, number in answers], dtype="Int64")
    if found["answer"].isna().all():
        found["state"] = "not checked"
    return found.astype({"state": "string"})


def _ask(address: str, method: str = "HEAD") -> tuple[str, int | None]:
    """The state and the number of the answer; who knows no HEAD is asked for the page."""
    try:
        request = urllib.request.Request(address, headers=_AGENT, method=method)
        if request.type not in ("http", "https"):
            return "no answer", None
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return "there", answer.status
    except urllib.error.HTTPError as error:
        error.close()
        if method == "HEAD" and error.code in (400, 403, 404, 405, 501):
            return _ask(address, "GET")
        return "not there" if error.code in (404, 410) else "refused", error.code
    except (OSError, ValueError, HTTPException):
        return "no answer", None
