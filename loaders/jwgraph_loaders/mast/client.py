"""Query MAST's Portal API: search Observations, list their products, and get keywords of exposures.

The service is documented at <https://mast.stsci.edu/api/v0/>. The requests are those of `astroquery.mast` (a test
compares them); astroquery itself gives no public access to its HTTP session, which has no time-out, polls a running
query without a pause, and sends the token on every redirect.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import requests

from jwgraph_loaders.mast.resume import Table
from jwgraph_loaders.mast.session import LastingError, MastSession, TransientError

PAGE_ROWS = 50_000
"""Rows per page; the most that MAST returns."""

MAX_PAGES = 200
"""Maximum pages in one answer (ten million rows)."""

_INVOKE = "/api/v0/invoke"
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/plain"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a reply; `cut` is True if MAST has, or may have, more rows."""

    table: Table
    cut: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of an answer; `announced` is the number of rows of all pages, `limit` the number of rows in a page."""

    columns: list[str]
    rows: list[dict[str, object]]
    pages: int
    announced: int
    limit: int


class Client:
    """Client for the Portal API.

    Parameters
    ----------
    session
        Sends the requests.
    """

    def __init__(self, session: MastSession) -> None:
        self._session = session

    def search(self, filters: Sequence[Mapping[str, object]]) -> Answer:
        """Search Observations (`Mast.Caom.Filtered`); an empty answer is valid.

        Raises
        ------
        MastError
            All attempts failed, or MAST does not return data.
        RefusedError
            MAST refuses the request.
        """
        params = {"columns": "*", "filters": filters}
        return self._session.retry(lambda _last: self._query("Mast.Caom.Filtered", params))

    def products(self, obsids: Sequence[int], *, may_be_empty: bool = False) -> Answer:
        """List the products of Observations (`Mast.Caom.Products`); raises the errors of `search`.

        Unless an answer may be empty, it is then retried: executed Observations have files, and an overloaded server
        also replies without rows. For a single Observation, an empty answer to the last attempt is accepted.
        """
        params = {"obsid": ",".join(map(str, obsids))}

        def attempt(last: bool) -> Answer:
            answer = self._query("Mast.Caom.Products", params)
            if not answer.table.rows and not may_be_empty and not (last and len(obsids) == 1):
                raise TransientError("MAST lists no file for executed Observations")
            return answer

        return self._session.retry(attempt)

    def keywords(self, instrument: str, file_sets: Sequence[str]) -> Answer:
        """Return the keywords of exposures (`Mast.Jwst.Filtered.<Instrument>`); raises the errors of `search`.

        Parameters
        ----------
        instrument
            Name of the instrument in that of the service, such as Nircam.
        file_sets
            Exposures: names of files up to the detector.
        """
        service, params = self.keyword_query(instrument, file_sets)
        return self._session.retry(lambda _last: self._query(service, params))

    @staticmethod
    def keyword_query(instrument: str, file_sets: Sequence[str]) -> tuple[str, dict[str, object]]:
        """Return service and parameters of a query for keywords."""
        # Instruments have different columns, and MAST refuses those that it does not know.
        params: dict[str, object] = {
            "columns": "*",
            "filters": [{"paramName": "fileSetName", "values": list(file_sets)}],
        }
        return f"Mast.Jwst.Filtered.{instrument}", params

    def reply(self, service: str, params: Mapping[str, object]) -> dict[str, Any]:
        """Return the first page of a query, as MAST sends it; raises the errors of `search`."""
        request = self._request(service, params) | {"page": 1, "cacheBreaker": str(uuid4())}
        deadline = time.monotonic() + self._session.policy.attempt_time
        return self._session.retry(lambda _last: self._reply(request, deadline))

    def _query(self, service: str, params: Mapping[str, object]) -> Answer:
        """Request all pages of a query once."""
        columns: dict[str, None] = {}
        rows: list[dict[str, object]] = []
        announced, limit = 0, PAGE_ROWS
        for page in self._pages(service, params):
            columns |= dict.fromkeys(page.columns)
            rows += page.rows
            announced = max(announced, page.announced)
            limit = min(limit, page.limit)
        columns.pop("_selected_", None)
        table = Table(tuple(columns), [[row.get(column) for column in columns] for row in rows])
        # If all pages are full, the result may be complete or truncated.
        full = bool(rows) and len(rows) % limit == 0
        return Answer(table, cut=full or len(rows) < announced)

    def _pages(self, service: str, params: Mapping[str, object]) -> Iterator[_Page]:
        deadline = time.monotonic() + self._session.policy.attempt_time
        request = self._request(service, params)
        # MAST caches answers; all pages and polls of an attempt belong to the same one.
        breaker = str(uuid4())
        for number in range(1, MAX_PAGES + 1):
            page = _parsed(self._reply(request | {"page": number, "cacheBreaker": breaker}, deadline))
            yield page
            if number >= page.pages:
                return
        raise LastingError("MAST announces more pages than it returns")

    @staticmethod
    def _request(service: str, params: Mapping[str, object]) -> dict[str, object]:
        return {"service": service, "params": params, "format": "json", "pagesize": PAGE_ROWS}

    def _reply(self, request: Mapping[str, object], deadline: float) -> dict[str, Any]:
        """Request one page, and poll while the query is running."""
        body = f"request={quote(json.dumps(request))}"
        while time.monotonic() < deadline:
            reply = _json(self._session.post(_INVOKE, data=body, headers=_HEADERS))
            status = reply.get("status")
            if status == "COMPLETE":
                return reply
            if status != "EXECUTING":
                raise TransientError(f"MAST says {self._session.quote(reply.get('msg') or status)}")
            time.sleep(self._session.policy.poll_pause)
        raise TransientError("MAST did not answer in time")


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        reply = response.json()
    except requests.JSONDecodeError:
        raise TransientError("the answer of MAST is broken off") from None
    except RecursionError:
        reply = None
    if not isinstance(reply, dict):
        raise _no_protocol()
    return reply


def _parsed(reply: dict[str, Any]) -> _Page:
    try:
        paging = reply.get("paging") or {}
        return _Page(
            columns=[str(field["name"]) for field in reply["fields"]],
            rows=[dict(row) for row in reply["data"]],
            pages=int(paging.get("pagesFiltered") or 1),
            announced=int(paging.get("rowsFiltered") or 0),
            # The server may limit pages to fewer rows than requested.
            limit=int(paging.get("pageSize") or PAGE_ROWS),
        )
    except (AttributeError, LookupError, TypeError, ValueError):
        raise _no_protocol() from None


def _no_protocol() -> TransientError:
    return TransientError("the answer of MAST is not what its protocol says")
