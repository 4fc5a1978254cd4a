"""Asks MAST by `astroquery.mast`, with patience: time-outs, retries, and a token that goes to MAST alone.

`astroquery` builds the requests and follows the pages. What it leaves open is settled here, on the session that it
asks through: it sets no time-out, polls a query that still runs without a pause, sends its cookie with the token
along with every redirect, and prints request headers when its log level is DEBUG.
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

_TOKEN = re.compile(r"[!#-+\--:<-\[\]-~]+", re.ASCII)  # what a cookie may hold, RFC 6265
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long MAST is waited for; all in seconds.

    Attributes
    ----------
    attempts
        How often one thing is asked for.
    first, longest
        The pause before the second attempt, and the longest one; pauses double, and are cut by up to a half at random.
    answer
        How long the server may be silent on one request.
    running
        The pause before a query that still runs is asked for again.
    all_pages
        How long one attempt may take, with all its pages and all the polls of a query that still runs.
    """

    attempts: int = 5
    first: float = 1.0
    longest: float = 60.0
    answer: float = 180.0
    running: float = 1.0
    all_pages: float = 600.0

    def pause(self, attempt: int, wanted: float = 0.0) -> float:
        """Return the pause after an attempt (counted from 1); `wanted` is what the server asked for."""
        # Many clients that failed together must not come back together.
        grown = self.first * 2.0 ** (attempt - 1) * random.SystemRandom().uniform(0.5, 1.0)
        return min(self.longest, max(grown, wanted))


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a reply; `cut` where MAST has more of them, or may have."""

    table: Table
    cut: bool


MAX_PAGES = 200
"""Pages of one answer: ten million rows, and astroquery goes on for as long as MAST tells of more."""


class MastError(SourceError):
    """MAST did not give what was asked for; the text is a clause, without what to do next."""


class LastingError(MastError):
    """MAST gives nothing that can be loaded, a web page say; there is no use in asking it for anything else now."""


class _PassingError(Exception):
    """An attempt failed and another may not; its text is a clause, `wanted` the pause the server asked for."""

    def __init__(self, clause: str, wanted: float = 0.0) -> None:
        super().__init__(clause)
        self.wanted = wanted


def address() -> str:
    """Return the address of MAST: of `JWGRAPH_MAST`, else astroquery's `conf.server`; without a slash at its end.

    Raises
    ------
    UsageError
        It is no https address. Plain http is for this machine only: the token would travel in the open.
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
        # A header of such characters fails deep in the library, and the message there shows the header.
        raise UsageError(f"{KEY_VARIABLE} holds characters that no token has; copy it again from {TOKENS_PAGE}.")
    return token or None


def _mast() -> Any:
    # What astroquery warns of when it is imported is nothing a user can do something about.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from astroquery import mast
    return mast


class _Door(HTTPAdapter):
    """The only way out of a session: to one server, with a time-out, and with the token if there is one.

    The token is put into the request here and nowhere else: neither the session nor astroquery ever holds it.
    """

    def __init__(self, timeout: float, token: str | None) -> None:
        super().__init__()
        self._timeout = timeout
        self._cookie = token and f"mast_token={token}"

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; called by the session, for each step of a redirect too."""
        kwargs["timeout"] = self._timeout
        if self._cookie:
            # The cookie by which astroquery's own `login` sends it.
            others = request.headers.get("Cookie")
            request.headers["Cookie"] = f"{others}; {self._cookie}" if others else self._cookie
        return super().send(request, *args, **kwargs)


class Client:
    """A conversation with MAST.

    Parameters
    ----------
    server
        As `address` gives it.
    patience
        How long MAST is waited for.
    notice
        Is told why, and how long, a pause is made.
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
        # These were made of the server's address when astroquery was imported.
        portal.MAST_REQUEST_URL = server + urlsplit(portal.MAST_REQUEST_URL).path
        portal.COLUMNS_CONFIG_URL = server + urlsplit(portal.COLUMNS_CONFIG_URL).path
        portal.PAGESIZE = self._limit = int(mast.conf.pagesize)
        portal.TIMEOUT = patience.all_pages
        self._portal = portal
        self._forget_columns()
        self._furnish(server, self._observations._session)

    def _furnish(self, server: str, session: requests.Session) -> None:
        # No adapter but this one: a redirect to another host, or to http, finds no way.
        session.adapters.clear()
        session.mount(server + "/", _Door(self._patience.answer, self._token))
        # No proxy stands between this machine and itself.
        session.trust_env = urlsplit(server).hostname not in _LOOPBACK
        # astroquery's own hook writes the request's headers, and so the token, to the log at level DEBUG.
        session.hooks["response"] = [self._look]

    def _forget_columns(self) -> None:
        self._portal._column_configs = {}

    def search(self, criteria: Mapping[str, Sequence[object]]) -> Answer:
        """Search Observations: `Mast.Caom.Filtered`; a reply without rows is an answer."""
        return self._ask(lambda: self._observations.query_criteria_async(**criteria))

    def products(self, obsids: Sequence[int]) -> Answer:
        """List the products of Observations: `Mast.Caom.Products`.

        A reply without rows is asked for again: executed Observations have files, and it is what a server in trouble
        says, too. At the last attempt it is believed of a single Observation.
        """

        def listed() -> Any:
            return self._observations.get_product_list_async([str(obsid) for obsid in obsids])

        return self._ask(listed, some=self._patience.attempts if len(obsids) > 1 else self._patience.attempts - 1)

    def _ask(self, call: Callable[[], Any], *, some: int = 0) -> Answer:
        """Ask until there is an answer; the first `some` attempts have to give rows."""
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
        """Ask MAST, once, whether it knows the token: a bad one is taken as none, without a word."""
        if self._known:
            return
        self._known = True
        try:
            person = self._once(lambda: self._observations.session_info(verbose=False))
        except (_PassingError, MastError):
            # The searches tell what ails the server; this one question is not worth waiting for.
            return
        if isinstance(person, dict) and person.get("anon") is True:
            raise self._refusal("it does not know the token")

    def _once(self, call: Callable[[], Any]) -> Any:
        """Make one attempt; whatever the library raises comes out as one of the errors of this module."""
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
            # astroquery takes the reply as it comes; one that is not of the protocol fails somewhere in it. A table
            # of columns that was no such table would be kept for the next attempt.
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
        """Look at every response before astroquery does."""
        if response.status_code in (401, 403):
            raise self._refusal(f"HTTP {response.status_code}")
        if response.status_code >= 300:
            return
        content = response.content
        if "html" in response.headers.get("Content-Type", "") or content[:64].lstrip().startswith(b"<"):
            raise LastingError("MAST answered with a web page instead of data (a login or maintenance page)")
        if len(content) < 4096 and b'"EXECUTING"' in content:
            # astroquery asks again at once.
            time.sleep(self._patience.running)
            return
        self._pages += 1
        if self._pages > MAX_PAGES:
            raise LastingError("MAST tells of more pages than it gives")

    def _answer(self, responses: Sequence[requests.Response]) -> Answer:
        columns: dict[str, None] = {}
        rows: list[dict[str, object]] = []
        told, limit = 0, self._limit
        for response in responses:
            reply = response.json()
            if reply["status"] != "COMPLETE":
                raise _PassingError(f"MAST says {self._quoted(reply.get('msg') or reply['status'])}")
            columns |= dict.fromkeys(str(field["name"]) for field in reply["fields"])
            rows += reply["data"]
            paging = reply.get("paging") or {}
            told = max(told, int(paging.get("rowsFiltered") or 0))
            # A server may have a lower limit than the page that is asked for.
            limit = min(limit, int(paging.get("pageSize") or limit))
        columns.pop("_selected_", None)
        table = Table(tuple(columns), [[row.get(column) for column in columns] for row in rows])
        # Full pages may be all there is, or all that MAST gives.
        full = bool(rows) and len(rows) % limit == 0
        return Answer(table, cut=full or len(rows) < told)

    def _quoted(self, text: object) -> str:
        # What comes from outside must not bring the token back.
        said = str(text)
        return quoted(said.replace(self._token, "…") if self._token else said, 120)


def _invalid_query() -> type[Exception]:
    """Return what astroquery raises where the table of columns lacks one that is asked for."""
    from astroquery.exceptions import InvalidQueryError

    found: type[Exception] = InvalidQueryError
    return found


def _retry_after(response: requests.Response) -> float:
    """Return the seconds of `Retry-After`; 0 where there are none, or a date, which nobody's clock agrees on."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
