"""Whether the addresses of sources still answer, and which archive keeps those that do not.

Only the command ``python -m hmcpsi_data sources --links`` asks the network; everything else in this
package works without it.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import NamedTuple

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.tables.record import RecordLike, as_record

__all__ = ["ARCHIVE", "addresses_checked"]

ARCHIVE = "https://archive.org/wayback/available?url="
"""Where the Internet Archive says which copy of an address it has."""

_AGENT = {"User-Agent": "hmcpsi_data (checks the addresses of its sources)"}
_SECONDS = 15
_AT_ONCE = 8
_LONGEST = 1_000_000  # bytes of an answer of the archive


class _Answer(NamedTuple):
    """What an address said: a state for people, and the number of the answer, if there was any."""

    state: str
    number: int | None


def addresses_checked(record: RecordLike = None, archive: str = ARCHIVE) -> pd.DataFrame:
    """Ask each address of a source whether it is still there.

    One row per source that has an address: `source_id`, `address`, `state` ("there", "not there",
    "refused", "no answer", and "not checked" where no network is at hand), `answer` (Int64, the
    number of the answer) and `archived`: the copy that the service `archive` names where an address
    is lost and the table has none.
    """
    if not isinstance(archive, str) or not archive.startswith(("http://", "https://")):
        raise HmcpsiError(f"{quote(archive)} is no web address.", "Start it with https://.")
    sources = as_record(record).table("sources")
    asked = sources[sources["address"].notna()].reset_index(drop=True)
    known = asked["archived_address"].notna().tolist()
    addresses = asked["address"].tolist()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(_ask, addresses))
        if all(answer.number is None for answer in answers):
            answers = [_Answer("not checked", None)] * len(answers)
        lost = [
            address if answer.state in ("not there", "no answer") and not has else None
            for address, answer, has in zip(addresses, answers, known, strict=True)
        ]
        archived = list(pool.map(lambda address: address and _archived(archive, address), lost))
    return pd.DataFrame(
        {
            "source_id": asked["source_id"],
            "address": asked["address"],
            "state": pd.array([answer.state for answer in answers], dtype="string"),
            "answer": pd.array([answer.number for answer in answers], dtype="Int64"),
            "archived": pd.array(archived, dtype="string"),
        }
    )


def _ask(address: str, method: str = "HEAD") -> _Answer:
    """What one address says; those that know no HEAD are asked for the page."""
    try:
        request = urllib.request.Request(address, headers=_AGENT, method=method)
        if request.type not in ("http", "https"):
            return _Answer("no answer", None)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return _Answer("there", answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        if method == "HEAD" and error.code in (400, 403, 404, 405, 501):
            return _ask(address, "GET")
        return _Answer("not there" if error.code in (404, 410) else "refused", error.code)
    except (OSError, ValueError, HTTPException):
        return _Answer("no answer", None)


def _archived(archive: str, address: str) -> str | None:
    """The archived copy of an address, where the service names one."""
    try:
        asked = archive + urllib.parse.quote(address, safe="")
        request = urllib.request.Request(asked, headers=_AGENT)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            found = json.loads(answer.read(_LONGEST))["archived_snapshots"]["closest"]["url"]
        return found if str(found).startswith(("http://", "https://")) else None
    except (OSError, ValueError, LookupError, TypeError, HTTPException, RecursionError):
        return None
