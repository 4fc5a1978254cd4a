"""A replay of MAST's Portal API on loopback, as `astroquery.mast` 0.4.11 speaks it.

- `POST /portal/Mashup/Mashup.asmx/columnsconfig`, body `colConfigId=<service>`: a JSON object of columns, without a
  status; only astroquery asks for it, and learns which criteria are ranges and which have a separator.
- `POST /api/v0/invoke`, body `request=<quoted JSON>` with `service`, `params`, `format`, `pagesize`, `page` and
  `cacheBreaker`: `{"status", "msg", "data", "fields", "paging"}`.
- `GET /api/v0.1/Download/file?uri=mast:JWST/product/NAME`: the content of a file.
- `GET /whoami`: `{"anon": …}` by the cookie `mast_token`.

Faults are switched on by the number of the request, counted from 1, over all of them, or by the name of a file, for its
first downloads.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jwgraph_loaders.mast.contract import columns
from tests.support.mast.rows import Row

INVOKE = "/api/v0/invoke"
COLUMNS = "/portal/Mashup/Mashup.asmx/columnsconfig"
DOWNLOAD = "/api/v0.1/Download/file"
WHOAMI = "/whoami"

KEYWORDS = columns("keywords").service
SERVICES = (columns("search").service, columns("products").service, KEYWORDS)
TYPES = {
    name: columns(name).needed | columns(name).used | {"_selected_": "boolean"}
    for name in ("search", "products", "keywords")
}
RANGES = frozenset({"t_min", "t_max"})
# As in the reply of MAST that astroquery has among the data of its tests.
SEPARATORS = {"obs_collection": ";"}
CRITERIA = ("obs_collection", "proposal_id", "obs_id", "target_name", "calib_level", "obsid", *sorted(RANGES))
PAGE = "<!DOCTYPE html>\n<html><head><title>MAST is down for maintenance</title></head></html>"


class Fault(StrEnum):
    """What can go wrong with one request."""

    SILENT = "silent"
    ERROR_500 = "500"
    BUSY_503 = "503"
    CUT = "cut"
    BROKEN_JSON = "broken JSON"
    WEB_PAGE = "web page"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    EXECUTING = "executing"
    STATUS_ERROR = "status error"
    NO_PROTOCOL = "no protocol"
    DUPLICATES = "duplicates"
    NO_PARENT = "no parent"
    SOME_PARENTS = "some parents"
    EMPTY = "empty"
    REDIRECT = "redirect"


# What the reply itself is changed by; the others are of the transport.
_OF_ROWS = frozenset({Fault.DUPLICATES, Fault.NO_PARENT, Fault.SOME_PARENTS, Fault.EMPTY})


@dataclass(frozen=True)
class Seen:
    """A request that came."""

    path: str
    service: str
    params: Mapping[str, Any]
    page: int
    cookie: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def obsids(self) -> tuple[int, ...]:
        return tuple(int(obsid) for obsid in str(self.params.get("obsid", "")).split(",") if obsid)

    @property
    def file(self) -> str:
        """Name of the file asked for; empty for other requests."""
        parts = urlsplit(self.path)
        return parse_qs(parts.query)["uri"][0].rpartition("/")[2] if parts.path == DOWNLOAD else ""


@dataclass
class Replay:
    """The rows, the faults, and what was asked.

    `limit` is the most rows that a query gives, for all pages together; MAST's 50,000. With `admits` the paging says
    how many there would have been. `contents` has the files that can be downloaded, by name; `damaged` the faults of
    the first downloads of a file; `keywords` the rows of all keyword services.
    """

    observations: list[Row]
    products: list[Row]
    contents: dict[str, bytes] = field(default_factory=dict)
    keywords: list[Row] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    damaged: dict[str, list[Fault]] = field(default_factory=dict)
    limit: int | None = None
    admits: bool = True
    token: str | None = None
    elsewhere: str = ""
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Replay:
        replay = self

        class Handler(_Handler):
            pass

        Handler.replay = replay
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    def of(self, service: str) -> list[Seen]:
        """Return the requests for a service (`Filtered`, `Products`)."""
        return [seen for seen in self.seen if seen.service == f"Mast.Caom.{service}"]

    @property
    def files(self) -> list[str]:
        """Names of the files asked for, sorted."""
        return sorted(seen.file for seen in self.seen if seen.file)

    def fault(self, seen: Seen) -> Fault | None:
        """Return the fault of a request that has just come."""
        with self._lock:
            self.seen.append(seen)
            left = self.damaged.get(seen.file)
            return left.pop(0) if left else self.faults.get(len(self.seen))

    def wait(self) -> None:
        """Stay silent until the server ends, or for longer than any test waits."""
        self._ended.wait(5)

    def reply(self, seen: Seen, pagesize: int, fault: Fault | None) -> dict[str, Any]:
        """Return the reply to a query."""
        if fault is Fault.EXECUTING:
            return {"status": "EXECUTING", "msg": "", "data": [], "fields": []}
        if fault is Fault.STATUS_ERROR or not seen.service.startswith(SERVICES):
            return {"status": "ERROR", "msg": f"Timeout expired for {self.token}", "data": [], "fields": []}
        rows = _changed(list(self._rows(seen)), fault)
        total = len(rows)
        rows = rows[: self.limit]
        total_reported = total if self.admits else len(rows)
        page = rows[(seen.page - 1) * pagesize : seen.page * pagesize]
        pages = max(1, -(-len(rows) // pagesize))
        paging = {"page": seen.page, "pageSize": pagesize, "pagesFiltered": pages}
        paging |= {"rows": len(page), "rowsFiltered": total_reported, "rowsTotal": total_reported}
        return {"status": "COMPLETE", "msg": "", "data": page, "fields": _fields(seen.service, page), "paging": paging}

    def _rows(self, seen: Seen) -> Iterable[Row]:
        if seen.service == "Mast.Caom.Products":
            wanted = set(seen.obsids)
            return (row for row in self.products if int(str(row["parent_obsid"])) in wanted)
        if seen.service.startswith(KEYWORDS):
            instrument = seen.service.removeprefix(KEYWORDS).upper()
            found = [row for row in self.keywords if row["instrume"] == instrument]
            return (row for row in found if all(_passes(row, each) for each in seen.params["filters"]))
        return (row for row in self.observations if all(_passes(row, each) for each in seen.params["filters"]))


def _changed(rows: list[Row], fault: Fault | None) -> list[Row]:
    if fault is Fault.EMPTY:
        return []
    if fault is Fault.DUPLICATES:
        return [row for row in rows for _ in range(2)]
    if fault in (Fault.NO_PARENT, Fault.SOME_PARENTS):
        step = 1 if fault is Fault.NO_PARENT else 3
        return [row | {"parent_obsid": 0} if at % step == 0 else row for at, row in enumerate(rows)]
    return rows


def _passes(row: Row, criterion: Mapping[str, Any]) -> bool:
    value = row.get(criterion["paramName"])
    if criterion["paramName"] in RANGES:
        return value is not None and any(
            each["min"] <= float(str(value)) <= each["max"] for each in criterion["values"]
        )
    if like := criterion.get("freeText"):
        pattern = ".*".join(re.escape(part) for part in like.split("%"))
        if re.fullmatch(pattern, str(value)):
            return True
    return str(value) in criterion["values"]


def _configuration(column: str) -> dict[str, str]:
    separator = {"separator": SEPARATORS[column]} if column in SEPARATORS else {}
    return {"vot.datatype": "double" if column in RANGES else "char"} | separator


def _fields(service: str, rows: list[Row]) -> list[dict[str, str]]:
    """Return the columns of a reply; their types are those that jwgraph relies on, of others those of the values."""
    expected = next(types for name, types in TYPES.items() if service.startswith(columns(name).service))
    values = {column: row[column] for row in rows for column in row if row[column] is not None}
    names = dict.fromkeys(column for row in rows for column in row)
    types = {int: "int", float: "float"}
    return [{"name": name, "type": expected.get(name) or types.get(type(values.get(name)), "string")} for name in names]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    replay: Replay

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        cookie = self.headers.get("Cookie", "")
        seen = Seen(self.path, "", {}, 1, cookie, headers={name.title(): value for name, value in self.headers.items()})
        if seen.file:
            self._answer(seen, self.replay.fault(seen), self.replay.contents.get(seen.file))
        else:
            self._serve(seen, {"anon": f"mast_token={self.replay.token}" not in cookie, "attrib": {}})

    def do_HEAD(self) -> None:
        # astroquery asks for the size before it downloads a file; jwgraph does not.
        name = Seen(self.path, "", {}, 1, "").file
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.replay.contents[name])))
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = parse_qs(body)
        cookie = self.headers.get("Cookie", "")
        if self.path == COLUMNS:
            self._serve(Seen(self.path, "", form, 1, cookie), {name: _configuration(name) for name in CRITERIA})
            return
        request = json.loads(form["request"][0])
        assert request["format"] == "json"
        assert request["cacheBreaker"]
        headers = {name.title(): value for name, value in self.headers.items()}
        seen = Seen(self.path, request["service"], request["params"], request["page"], cookie, body, headers)
        self._serve(seen, None, request["pagesize"])

    def _serve(self, seen: Seen, content: object, pagesize: int = 0) -> None:
        fault = self.replay.fault(seen)
        if seen.service:
            content = self.replay.reply(seen, pagesize, fault)
        self._answer(seen, fault, json.dumps(content).encode())

    def _answer(self, seen: Seen, fault: Fault | None, body: bytes | None) -> None:
        if fault is Fault.EXECUTING and seen.file:
            body = b'{"status": "EXECUTING"}'
        if fault is Fault.EMPTY and seen.file:
            body = b""
        if fault is Fault.SILENT:
            self.replay.wait()
            self.close_connection = True
        elif body is None:
            self._send(*self._wrong(Fault.NOT_FOUND, b""))
        elif fault is Fault.CUT:
            self._send(200, body, cut=True)
        elif fault is None or fault in _OF_ROWS or fault in (Fault.EXECUTING, Fault.STATUS_ERROR):
            self._send(200, body)
        else:
            self._send(*self._wrong(fault, body))

    def _wrong(self, fault: Fault, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        html = {"Content-Type": "text/html; charset=utf-8"}
        return {
            Fault.ERROR_500: (500, b"", {}),
            Fault.BUSY_503: (503, PAGE.encode(), html | {"Retry-After": "1"}),
            Fault.BROKEN_JSON: (200, body[: len(body) // 2], {}),
            Fault.WEB_PAGE: (200, PAGE.encode(), html),
            Fault.UNAUTHORIZED: (401, PAGE.encode(), html),
            Fault.FORBIDDEN: (403, PAGE.encode(), html),
            Fault.NOT_FOUND: (404, b"", {}),
            Fault.NO_PROTOCOL: (200, b'["what is this"]', {}),
            Fault.REDIRECT: (302, b"", {"Location": self.replay.elsewhere}),
        }[fault]

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | dict(headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True
