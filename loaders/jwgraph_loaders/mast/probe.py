"""Ask MAST for one small public program, to compare its replies with what jwgraph relies on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from jwgraph.errors import RefusedError
from jwgraph.names.grammar import parse
from jwgraph_loaders.mast.client import Client
from jwgraph_loaders.mast.contents import DOWNLOAD, fetch
from jwgraph_loaders.mast.keywords import INSTRUMENTS
from jwgraph_loaders.mast.query import Query
from jwgraph_loaders.mast.session import MastError, MastSession, UnavailableError

PROGRAM = "2733"
"""Early Release Observations of the Southern Ring Nebula: public, two instruments."""

MISSING_FILE = "jw02733-o999_20220101t000000_image3_99999_asn.json"
UNKNOWN_SERVICE = "Mast.No.Such.Service"

Reply = dict[str, Any]


@dataclass(slots=True)
class Replies:
    """What MAST answered; None or empty where it was not asked or gave an error.

    Attributes
    ----------
    anonymous
        Whether MAST knows no token; None if the reply has no such field.
    search, products
        Replies of the search of the program, and of the product list of one Observation.
    keywords
        Replies of the keyword services, by name of the instrument.
    obsid
        The Observation whose products were listed.
    files
        Content of an association and of a pool of that list, by name.
    missing_file
        HTTP status for a file that MAST does not have.
    unknown_service
        `status` of the reply for a service that MAST does not have, or the error.
    errors
        What could not be asked, and why.
    """

    anonymous: bool | None = None
    search: Reply | None = None
    products: Reply | None = None
    keywords: dict[str, Reply] = field(default_factory=dict)
    obsid: int | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    missing_file: int | None = None
    unknown_service: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)


def ask(session: MastSession, program: str = PROGRAM) -> Replies:
    """Ask for the search, one product list, one association, one pool, keywords and two errors."""
    found = Replies()
    client = Client(session)
    with_errors = _Errors(found.errors)
    found.anonymous = with_errors("token", lambda: _anonymous(session))
    found.search = with_errors("search", lambda: client.reply(*_search(program)))
    found.obsid = _chosen(found.search)
    if found.obsid is not None:
        listing = partial(client.reply, "Mast.Caom.Products", {"obsid": str(found.obsid)})
        found.products = with_errors("list", listing)
    rows = _rows(found.products)
    for form in ("association", "pool"):
        for row in _first(rows, form):
            name, uri = str(row["productFilename"]), str(row.get("dataURI"))
            content = with_errors(form, partial(fetch, session, uri))
            found.files |= {name: content} if content else {}
    for instrument, file_set in _exposures(rows):
        reply = with_errors("keywords", partial(client.reply, *Client.keyword_query(instrument, [file_set])))
        found.keywords |= {instrument: reply} if reply else {}
    found.missing_file = with_errors("errors", lambda: _status(session))
    found.unknown_service = with_errors("errors", lambda: _unknown(client)) or ""
    return found


class _Errors:
    """Call functions, and note the errors of MAST."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        self._errors = errors

    def __call__(self, step: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except (MastError, RefusedError) as error:
            self._errors.append((step, str(error)))
            return None


def _anonymous(session: MastSession) -> bool | None:
    person = session.retry(lambda _last: session.get("/whoami", headers={"Accept": "application/json"})).json()
    anonymous = person.get("anon") if isinstance(person, dict) else None
    return anonymous if isinstance(anonymous, bool) else None


def _search(program: str) -> tuple[str, Reply]:
    return "Mast.Caom.Filtered", {"columns": "*", "filters": Query(program=program).filters()}


def _rows(reply: Reply | None) -> list[Reply]:
    data = reply.get("data") if reply else None
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _chosen(search: Reply | None) -> int | None:
    """Return the first Level 3 Observation, by name."""
    level3 = [row for row in _rows(search) if row.get("calib_level") == 3 and str(row.get("obsid")).isdecimal()]
    return min(((str(row.get("obs_id")), int(row["obsid"])) for row in level3), default=("", None))[1]


def _first(rows: Sequence[Reply], form: str) -> list[Reply]:
    return [row for row in rows if parse(str(row.get("productFilename"))).form == form][:1]


def _exposures(rows: Sequence[Reply]) -> Iterator[tuple[str, str]]:
    """Yield the first exposure of each instrument, with the name of the instrument."""
    seen = set()
    for row in rows:
        name = parse(str(row.get("productFilename")))
        instrument = INSTRUMENTS.get(name.detector[:3].lower())
        if name.form == "exposure" and instrument is not None and instrument not in seen:
            seen.add(instrument)
            yield instrument, name.obs_id.rpartition("_")[0]


def _status(session: MastSession) -> int:
    return session.status(f"{DOWNLOAD}?uri=mast:JWST/product/{MISSING_FILE}")


def _unknown(client: Client) -> str:
    try:
        client.reply(UNKNOWN_SERVICE, {})
    except UnavailableError as error:
        # The client takes it for a passing fault.
        return "ERROR" if "MAST says" in str(error) else str(error)
    return "COMPLETE"
