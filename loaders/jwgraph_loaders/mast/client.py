"""Query MAST through `astroquery.mast`, with time-outs and retries, and send the token only to MAST.

`astroquery` builds the requests and follows the pages. This module configures its HTTP session to fix what it leaves
open: it sets no time-out, polls a running query without a pause, sends the cookie with the token on every redirect,
and logs request headers at level DEBUG.
"""

from __future__ import annotations

import os
import random
import re
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from jwgraph.errors import RefusedError, SourceError, UsageError
from jwgraph_loaders.mast.resume import Table
from jwgraph_loaders.text import quoted

SERVER_VARIABLE = "JWGRAPH_MAST"
KEY_VARIABLE = "MAST_API_TOKEN"
TOKENS_PAGE = "https://auth.mast.stsci.edu/tokens"

_TOKEN = re.compile(r"[!#-+\--:<-\[\]-~]+", re.ASCII)  # characters allowed in a cookie, RFC 6265
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Patience:
    """Retries and time limits for requests to MAST; times in seconds.

    Attributes
    ----------
    attempts
        Maximum number of attempts per request.
    first, longest
        Pause before the second attempt, and the longest pause; pauses double and are shortened at random by up to half.
    answer
        Maximum time without data from the server on one request.
    running
        Pause before polling a running query again.
    all_pages
        Maximum time for one attempt, including all its pages and all polls of a running query.
    """

    attempts: int = 5
    first: float = 1.0
    longest: float = 60.0
    answer: float = 180.0
    running: float = 1.0
    all_pages: float = 600.0

    def pause(self, attempt: int, wanted: float = 0.0) -> float:
        """Return the pause after an attempt (counted from 1); `wanted` is the pause requested by the server."""
        # Random, so that clients which failed at the same time do not retry at the same time.
        grown = self.first * 2.0 ** (attempt - 1) * random.SystemRandom().uniform(0.5, 1.0)
        return min(self.longest, max(grown, wanted))


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a reply; `cut` is True if MAST has, or may have, more rows."""

    table: Table
    cut: bool


MAX_PAGES = 200
"""Maximum pages in one answer (ten million rows); astroquery continues for as long as MAST reports more."""


class MastError(SourceError):
    """A request to MAST failed; the message is a clause without advice on what to do next."""


class LastingError(MastError):
    """MAST returns nothing that can be loaded, such as a web page; further requests would fail too."""


class _PassingError(Exception):
    """An attempt failed and may be retried; the message is a clause, `wanted` the pause requested by the server."""

    def __init__(self, clause: str, wanted: float = 0.0) -> None:
        super().__init__(clause)
        self.wanted = wanted


def address() -> str:
    """Return the address of MAST, without trailing slash: `JWGRAPH_MAST`, else `conf.server` of astroquery.

    Raises
    ------
    UsageError
        The address does not use https. Plain http is allowed for this machine only, since it would expose the token.
    """
    given = os.environ.get(SERVER_VARIABLE, "").strip() or str(_mast().conf.server)
    try:
        parts = urlsplit(given)
        fit = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        fit = fit and bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        raise UsageError(f"{SERVER_VARIABLE} is no address: {quoted(given, 60)}.") from None
    if not fit or parts.username or parts.password:
        raise UsageError(f"{SERVER_VARIABLE} must be https://HOST, or http:// of this machine, and is not.")
    return given.rstrip("/")


def _token() -> str | None:
    token = os.environ.get(KEY_VARIABLE, "").strip()
    if token and not _TOKEN.fullmatch(token):
        # The HTTP library rejects such a header with a message that shows the token.
        raise UsageError(f"{KEY_VARIABLE} holds characters that no token has; copy it again from {TOKENS_PAGE}.")
    return token or None


def _mast() -> Any:
    # Users cannot act on the warnings that astroquery issues on import.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from astroquery import mast
    return mast


class _Door(HTTPAdapter):
    """The only adapter of a session: connects to one server, with a time-out and the token, if any.

    The token is added to requests only here; neither the session nor astroquery stores it.
    """

    def __init__(self, timeout: float, token: str | None) -> None:
        super().__init__()
        self._timeout = timeout
        self._cookie = token and f"mast_token={token}"

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; the session calls this for each step of a redirect too."""
        kwargs["timeout"] = self._timeout
        if self._cookie:
            # The cookie that astroquery's own `login` sets.
            others = request.headers.get("Cookie")
            request.headers["Cookie"] = f"{others}; {self._cookie}" if others else self._cookie
        return super().send(request, *args, **kwargs)


class Client:
    """Client for the MAST services.

    Parameters
    ----------
    server
        Address of MAST, as returned by `address`.
    patience
        Retries and time limits.
    notice
        Called with the reason for a pause and its length.
    """

    def __init__(self, server: str, patience: Patience, notice: Callable[[str], None]) -> None:
        self._patience = patience
        self._notice = notice
        self._token = _token()
        self._known = self._token is None
        self._pages = 0
        mast = _mast()
        with mast.conf.set_temp("server", server):
            self._observations = mast.ObservationsClass()
        portal = self._observations._portal_api_connection
        # astroquery set these from the server address when it was imported.
        portal.MAST_REQUEST_URL = server + urlsplit(portal.MAST_REQUEST_URL).path
        portal.COLUMNS_CONFIG_URL = server + urlsplit(portal.COLUMNS_CONFIG_URL).path
        portal.PAGESIZE = self._limit = int(mast.conf.pagesize)
        portal.TIMEOUT = patience.all_pages
        self._portal = portal
        self._forget_columns()
        self._furnish(server, self._observations._session)

    def _furnish(self, server: str, session: requests.Session) -> None:
        # The only adapter, so that redirects to another host or to http fail.
        session.adapters.clear()
        session.mount(server + "/", _Door(self._patience.answer, self._token))
        # Do not use a proxy for connections to this machine.
        session.trust_env = urlsplit(server).hostname not in _LOOPBACK
        # Replaces astroquery's hook, which logs the request headers, including the token, at level DEBUG.
        session.hooks["response"] = [self._look]

    def _forget_columns(self) -> None:
        self._portal._column_configs = {}

    def search(self, criteria: Mapping[str, Sequence[object]]) -> Answer:
        """Search Observations (`Mast.Caom.Filtered`); an empty reply is a valid answer."""
        return self._ask(lambda: self._observations.query_criteria_async(**criteria))

    def products(self, obsids: Sequence[int]) -> Answer:
        """List the products of Observations (`Mast.Caom.Products`).

        An empty reply is retried: executed Observations have files, and an overloaded server also replies without
        rows. For a single Observation, an empty reply to the last attempt is accepted.
        """

        def listed() -> Any:
            return self._observations.get_product_list_async([str(obsid) for obsid in obsids])

        return self._ask(listed, some=self._patience.attempts if len(obsids) > 1 else self._patience.attempts - 1)

    def _ask(self, call: Callable[[], Any], *, some: int = 0) -> Answer:
        """Send a request until it succeeds; the first `some` attempts must return rows."""
        self._introduce()
        attempt = 1
        while True:
            self._pages = 0
            try:
                answer: Answer = self._once(lambda: self._answer(call()))
                if attempt <= some and not answer.table.rows:
                    raise _PassingError("MAST lists no file for executed Observations")
                return answer
            except _PassingError as error:
                if attempt == self._patience.attempts:
                    raise MastError(f"{error} (asked {attempt} times)") from None
                pause = self._patience.pause(attempt, error.wanted)
                self._notice(f"{error}; asked again in {pause:.0f} s")
            time.sleep(pause)
            attempt += 1

    def _introduce(self) -> None:
        """Check once that MAST accepts the token, since it silently ignores an invalid one."""
        if self._known:
            return
        self._known = True
        try:
            person = self._once(lambda: self._observations.session_info(verbose=False))
        except (_PassingError, MastError):
            # Do not retry this check: the searches that follow report any server problem.
            return
        if isinstance(person, dict) and person.get("anon") is True:
            raise self._refusal("it does not know the token")

    def _once(self, call: Callable[[], Any]) -> Any:
        """Make one attempt, and convert exceptions of the libraries to the errors of this module."""
        try:
            return call()
        except requests.HTTPError as error:
            raise self._status(error.response) from None
        except (requests.Timeout, TimeoutError):
            raise _PassingError("MAST did not answer in time") from None
        except requests.exceptions.InvalidSchema:
            raise LastingError("MAST sends the request on to another address, which is not followed") from None
        except requests.exceptions.JSONDecodeError:
            raise _PassingError("the answer of MAST is broken off") from None
        except requests.RequestException:
            raise _PassingError("the connection to MAST failed") from None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, _invalid_query()):
            # astroquery does not validate replies, so a malformed one fails anywhere in its code. Clear the column
            # configuration, which may be malformed too and would be reused by the next attempt.
            self._forget_columns()
            raise _PassingError("the answer of MAST is not what its protocol says") from None

    def _status(self, response: requests.Response) -> Exception:
        status = response.status_code
        if status >= 500 or status in (408, 425, 429):
            return _PassingError(f"MAST answered HTTP {status}", _retry_after(response))
        return MastError(f"MAST answered HTTP {status}")

    def _refusal(self, why: str) -> RefusedError:
        if self._token is None:
            return RefusedError(f"MAST refuses the request ({why}); set {KEY_VARIABLE} to a token from {TOKENS_PAGE}.")
        return RefusedError(
            f"MAST refuses the request ({why}): the token in {KEY_VARIABLE} has expired or is wrong; "
            f"set {KEY_VARIABLE} to another one from {TOKENS_PAGE}, or unset it."
        )

    def _look(self, response: requests.Response, *_args: Any, **_kwargs: Any) -> None:
        """Check every response before astroquery processes it."""
        if response.status_code in (401, 403):
            raise self._refusal(f"HTTP {response.status_code}")
        if response.status_code >= 300:
            return
        content = response.content
        if "html" in response.headers.get("Content-Type", "") or content[:64].lstrip().startswith(b"<"):
            raise LastingError("MAST answered with a web page instead of data (a login or maintenance page)")
        if len(content) < 4096 and b'"EXECUTING"' in content:
            # astroquery polls again without a pause.
            time.sleep(self._patience.running)
            return
        self._pages += 1
        if self._pages > MAX_PAGES:
            raise LastingError("MAST announces more pages than it returns")

    def _answer(self, responses: Sequence[requests.Response]) -> Answer:
        columns: dict[str, None] = {}
        rows: list[dict[str, object]] = []
        announced, limit = 0, self._limit
        for response in responses:
            reply = response.json()
            if reply["status"] != "COMPLETE":
                raise _PassingError(f"MAST says {self._quoted(reply.get('msg') or reply['status'])}")
            columns |= dict.fromkeys(str(field["name"]) for field in reply["fields"])
            rows += reply["data"]
            paging = reply.get("paging") or {}
            announced = max(announced, int(paging.get("rowsFiltered") or 0))
            # The server may limit pages to fewer rows than requested.
            limit = min(limit, int(paging.get("pageSize") or limit))
        columns.pop("_selected_", None)
        table = Table(tuple(columns), [[row.get(column) for column in columns] for row in rows])
        # If all pages are full, the result may be complete or truncated.
        full = bool(rows) and len(rows) % limit == 0
        return Answer(table, cut=full or len(rows) < announced)

    def _quoted(self, text: object) -> str:
        # Text from the server must not reveal the token.
        said = str(text)
        return quoted(said.replace(self._token, "…") if self._token else said, 120)


def _invalid_query() -> type[Exception]:
    """Return the exception that astroquery raises for a column missing from the column configuration."""
    from astroquery.exceptions import InvalidQueryError

    found: type[Exception] = InvalidQueryError
    return found


def _retry_after(response: requests.Response) -> float:
    """Return `Retry-After` in seconds; 0 if it is missing or is a date, since clocks differ."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
