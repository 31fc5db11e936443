"""Whether the addresses of sources still answer: all of this package that asks the network."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pandas as pd

from hmcpsi_data.tables.record import RecordLike, as_record

ARCHIVE = "https://archive.org/wayback/available?url="  # says which copy of an address it has
_AGENT = {"User-Agent": "hmcpsi_data (checks the addresses of its sources)"}
_SECONDS = 15
_AT_ONCE = 8
_LONGEST = 1_000_000  # bytes of an answer of the archive


def addresses_checked(record: RecordLike = None, archive: str = ARCHIVE) -> pd.DataFrame:
    """Ask each address of a source whether it is still there, one row per address.

    `state` is "there", "not there", "refused", "no answer", or "not checked" where there is no
    network; `answer` its number; `archived` the copy of a lost one that `archive` names.
    """
    sources = as_record(record).table("sources")
    found = sources.loc[sources["address"].notna(), ["source_id", "address", "archived_address"]]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(_ask, found["address"]))
        found = found.reset_index(drop=True)
        found["state"] = pd.array([state for state, _ in answers], dtype="string")
        found["answer"] = pd.array([number for _, number in answers], dtype="Int64")
        if found["answer"].isna().all():
            found["state"] = "not checked"
        lost = found["state"].isin(["not there", "no answer"]) & found["archived_address"].isna()
        copies = pool.map(lambda address: _archived(archive, address), found["address"][lost])
        found["archived"] = pd.Series(list(copies), found.index[lost], "string")
    return found.drop(columns="archived_address").astype({"state": "string", "archived": "string"})


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


def _archived(archive: str, address: str) -> str | None:
    try:
        asked = archive + urllib.parse.quote(address, safe="")
        request = urllib.request.Request(asked, headers=_AGENT)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            found = json.loads(answer.read(_LONGEST))["archived_snapshots"]["closest"]["url"]
        return found if str(found).startswith(("http://", "https://")) else None
    except (OSError, ValueError, LookupError, TypeError, HTTPException, RecursionError):
        return None
