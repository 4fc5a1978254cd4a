"""HTTP requests to MAST: time-outs, retries, and the token, which is sent to no other server."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from jwgraph._version import __version__
from jwgraph.errors import RefusedError, SourceError, UsageError
from jwgraph.settings import LOOPBACK, TOKEN
from jwgraph_loaders.text import quoted

TOKENS_PAGE = "https://auth.mast.stsci.edu/tokens"

_TOKEN = re.compile(r"[!#-+\--:<-\[\]-~]+", re.ASCII)  # characters allowed in a cookie, RFC 6265

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Retries and time limits for requests to MAST; times in seconds.

    Attributes
    ----------
    attempts
        Maximum number of attempts.
    first_pause, longest_pause
        Pause before the second attempt, and the longest pause. Pauses double, and up to `first_pause` is added at
        random.
    timeout
        Maximum time without data from the server.
    poll_pause
        Pause before polling a running query again.
    attempt_time
        Maximum time for one attempt at a query, including all its pages and polls.
    """

    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 60.0
    timeout: float = 180.0
    poll_pause: float = 1.0
    attempt_time: float = 600.0

    def pause(self, state: RetryCallState) -> float:
        """Return the pause after a failed attempt: exponential, or longer if the server requests it."""
        error = state.outcome.exception() if state.outcome else None
        wanted = error.retry_after if isinstance(error, TransientError) else 0.0
        # Random, so that clients which failed at the same time do not retry at the same time.
        backoff = wait_exponential(self.first_pause, self.longest_pause) + wait_random(0, self.first_pause)
        return min(self.longest_pause, max(backoff(state), wanted))


class MastError(SourceError):
    """A request to MAST failed; the message is a clause without advice on what to do next."""


class HttpError(MastError):
    """MAST answers with an HTTP error that asking again would not change."""

    def __init__(self, status: int) -> None:
        super().__init__(f"MAST answered HTTP {status}")
        self.status = status


class UnavailableError(MastError):
    """All attempts at a request failed; it may succeed later."""


class LastingError(MastError):
    """MAST returns nothing that can be loaded, such as a web page; further requests would fail too."""


class TransientError(Exception):
    """An attempt failed and may be retried; the message is a clause.

    Attributes
    ----------
    retry_after
        Pause requested by the server, in seconds; 0 if it requests no pause.
    """

    def __init__(self, clause: str, retry_after: float = 0.0) -> None:
        super().__init__(clause)
        self.retry_after = retry_after


class MastSession:
    """HTTP session for one MAST server.

    Parameters
    ----------
    server
        Address of MAST, as returned by `jwgraph.settings.mast`.
    policy
        Retries and time limits.
    notice
        Called with the reason for a pause and its length.

    Raises
    ------
    UsageError
        `MAST_API_TOKEN` is not a token.
    """

    def __init__(self, server: str, policy: RetryPolicy, notice: Callable[[str], None]) -> None:
        self.policy = policy
        self._server = server
        self._notice = notice
        self._token = _token()
        self._token_checked = self._token is None
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"jwgraph/{__version__}"
        # The only adapter, so that redirects to another host or to http fail.
        self._session.adapters.clear()
        self._session.mount(server + "/", _MastAdapter(policy.timeout, self._token))
        # Do not use a proxy for connections to this machine.
        self._session.trust_env = urlsplit(server).hostname not in LOOPBACK

    def retry(self, attempt: Callable[[bool], T]) -> T:
        """Call a function until it raises no `TransientError`, with pauses; check the token before the first call.

        Parameters
        ----------
        attempt
            Sends its requests with `get` and `post`; its argument is True for the last attempt.

        Raises
        ------
        UnavailableError
            All attempts failed.
        RefusedError
            MAST does not accept the token.
        """
        if not self._token_checked:
            self._token_checked = True
            self.check_token()
        retrying = Retrying(
            stop=stop_after_attempt(self.policy.attempts),
            wait=self.policy.pause,
            retry=retry_if_exception_type(TransientError),
            before_sleep=self._announce,
            reraise=True,
        )
        try:
            return retrying(lambda: attempt(retrying.statistics["attempt_number"] == self.policy.attempts))
        except TransientError as error:
            raise UnavailableError(f"{error} (asked {self.policy.attempts} times)") from None

    def check_token(self) -> None:
        """Check that MAST accepts the token, if there is one, since it silently ignores an invalid one.

        Raises
        ------
        RefusedError
            It does not.
        """
        if self._token is None:
            return
        try:
            person = self.get("/whoami", headers={"Accept": "application/json"}).json()
        except (TransientError, MastError, ValueError, RecursionError):
            # Do not retry this check: the requests that follow report any server problem.
            return
        if isinstance(person, dict) and person.get("anon") is True:
            raise self._refusal("it does not know the token")

    def get(self, path: str, **options: Any) -> requests.Response:
        """Send one GET request; `path` begins with a slash, `options` are those of `requests`.

        Raises
        ------
        TransientError
            The attempt failed and may be retried.
        MastError
            MAST reports an error, or returns a web page.
        RefusedError
            MAST refuses the request.
        """
        return self._send("GET", path, options)

    def status(self, path: str) -> int:
        """Return the HTTP status of a GET request that MAST is expected to answer with an error; raises as `get`."""
        try:
            return self.get(path).status_code
        except HttpError as error:
            return error.status

    def post(self, path: str, **options: Any) -> requests.Response:
        """Send one POST request; otherwise like `get`."""
        return self._send("POST", path, options)

    def open(self, path: str, headers: dict[str, str]) -> requests.Response:
        """Send one GET request and leave the body to be read; the caller closes the response. Otherwise like `get`.

        A file may come from another https address, which does not get the token. HTTP 416 is no error here.
        """
        self._session.mount("https://", _MastAdapter(self.policy.timeout, None))
        return self._send("GET", path, {"headers": headers, "stream": True})

    def quote(self, text: object) -> str:
        """Quote text from the server for a message, without the token."""
        said = str(text)
        return quoted(said.replace(self._token, "…") if self._token else said, 120)

    def _send(self, method: str, path: str, options: dict[str, Any]) -> requests.Response:
        try:
            response = self._session.request(method, self._server + path, **options)
        except requests.Timeout:
            raise TransientError("MAST did not answer in time") from None
        except requests.exceptions.InvalidSchema:
            raise LastingError("MAST sends the request on to another address, which is not followed") from None
        except (requests.RequestException, ValueError):
            # ValueError: a redirect to an invalid address.
            raise TransientError("the connection to MAST failed") from None
        try:
            self._check(response, stream="stream" in options)
        except BaseException:
            response.close()
            raise
        return response

    def _check(self, response: requests.Response, *, stream: bool) -> None:
        status = response.status_code
        if stream and status == 416:
            # A part that is as long as the file: the caller decides.
            return
        if status in (401, 403):
            raise self._refusal(f"HTTP {status}")
        if status >= 500 or status in (408, 425, 429):
            raise TransientError(f"MAST answered HTTP {status}", _retry_after(response))
        if status >= 300:
            raise HttpError(status)
        page = "html" in response.headers.get("Content-Type", "")
        # The body of a file is not read here.
        if page or (not stream and response.content[:64].lstrip().startswith(b"<")):
            raise LastingError("MAST answered with a web page instead of data (a login or maintenance page)")

    def _refusal(self, why: str) -> RefusedError:
        if self._token is None:
            return RefusedError(f"MAST refuses the request ({why}); set {TOKEN.name} to a token from {TOKENS_PAGE}.")
        return RefusedError(
            f"MAST refuses the request ({why}): the token in {TOKEN.name} has expired or is wrong; "
            f"set {TOKEN.name} to another one from {TOKENS_PAGE}, or unset it."
        )

    def _announce(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        self._notice(f"{error}; asked again in {state.upcoming_sleep:.0f} s")


class _MastAdapter(HTTPAdapter):
    """The only adapter of a session: connects to one server, with a time-out and the token, if any.

    The token is added to requests only here, so that the session cannot send it elsewhere.
    """

    def __init__(self, timeout: float, token: str | None) -> None:
        super().__init__()
        self._timeout = timeout
        self._cookie = token and f"mast_token={token}"

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; the session calls this for each step of a redirect too."""
        kwargs["timeout"] = self._timeout
        if self._cookie:
            # The cookie that `Observations.login` of astroquery sets.
            others = request.headers.get("Cookie")
            request.headers["Cookie"] = f"{others}; {self._cookie}" if others else self._cookie
        return super().send(request, *args, **kwargs)


def _token() -> str | None:
    token = TOKEN.read().strip()
    if token and not _TOKEN.fullmatch(token):
        # The HTTP library rejects such a header with a message that shows the token.
        raise UsageError(f"{TOKEN.name} holds characters that no token has; copy it again from {TOKENS_PAGE}.")
    return token or None


def _retry_after(response: requests.Response) -> float:
    """Return `Retry-After` in seconds; 0 if it is missing or is a date, since clocks differ."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
