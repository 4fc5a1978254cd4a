"""Answers as responses: a page, or the same rows as data."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.templating import Jinja2Templates

from jwgraph._version import __version__
from jwgraph.answers.notes import Note
from jwgraph.model.columns import Column
from jwgraph.names.identifiers import CRDS_SCHEME
from jwgraph.present import files
from jwgraph.present.cells import count, readable, size
from jwgraph.present.columns import NUMBERS, value
from jwgraph.present.escape import ascii_text, visible
from jwgraph.questions.table import Table

# Rows of a page, and of data.
SHOWN, MOST = 500, 100_000
# Notes in headers.
_NOTES, _NOTE = 8, 400

MEDIA = {
    files.Format.CSV: "text/csv; charset=utf-8",
    files.Format.JSON: "application/json",
    files.Format.ECSV: "text/plain; charset=utf-8",
    files.Format.VOTABLE: "application/x-votable+xml",
}
_ENDS = {files.Format.VOTABLE: "vot"}


def total(found: Table) -> str:
    """Return how many rows an answer has, and how many the page shows."""
    number = count(len(found.rows), "row")
    return f"{SHOWN} of {number} shown; the data has them all" if len(found.rows) > SHOWN else number


def lines(found: Table) -> Iterable[list[tuple[str, str, bool]]]:
    """Yield the first rows: text, address and whether it is a number of each cell."""
    columns = found.columns
    for row in islice(found.rows, SHOWN):
        yield [
            (readable(value(row, name), column), address(name, column, value(row, name)), column.type in NUMBERS)
            for name, column in columns.items()
        ]


def address(name: str, column: Column, text: object) -> str:
    """Return the address of what a cell names: a file, an Observation; empty if it names neither."""
    if not isinstance(text, str) or not text or name in ("product", "mnemonic", "expname"):
        return ""
    if column.ucd == "meta.id;meta.file" and ";" not in text:
        return "" if text.startswith(CRDS_SCHEME) else product(text)
    return observation(text) if name in ("obs_id", "included_in") else ""


def product(filename: str) -> str:
    """Return the address of a file's page."""
    return f"/products/{quote(filename, safe='')}"


def observation(obs_id: str) -> str:
    """Return the address of an Observation's page."""
    return f"/observations/{quote(obs_id, safe='')}"


def data(found: Table, form: str) -> Response:
    """Return rows as data, at most `MOST`; where there are more, a note says so."""
    cut, kind, out = found.cut(MOST), files.Format(form), io.StringIO()
    files.write(cut.rows, dict(cut.about), kind, out, cut.notes)
    return download(out.getvalue(), cut.name, _ENDS.get(kind, kind.value), MEDIA[kind], cut.notes)


def download(text: str, name: str, end: str, media: str, notes: Sequence[Note] = ()) -> Response:
    """Return text as a file; its notes are in headers too, since CSV has no place for them."""
    response = Response(text, media_type=media)
    kind = "inline" if media.startswith("application/json") else "attachment"
    safe = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)[:120]
    response.headers["Content-Disposition"] = f'{kind}; filename="{safe}.{end}"'
    for note in notes[:_NOTES]:
        response.headers.append("Jwgraph-Note", ascii_text(str(note))[:_NOTE])
    return response


def _finalized(text: Any) -> Any:
    """Escape control characters of what a template shows; HTML is escaped after that."""
    if isinstance(text, Markup):
        return text
    return visible(text, keep="\n") if isinstance(text, str) else text


def toggled(name: str, opened: Collection[str]) -> list[str]:
    """Return the groups that are open after one was opened or closed; `none` where none is."""
    return sorted({name} ^ set(opened)) or ["none"]


HERE = Path(__file__).parent
# The address has a digest of the files: browsers keep them, and never have old ones.
_FILES = b"".join(path.read_bytes() for path in sorted((HERE / "static").iterdir()))
STATIC = f"/static/{sha256(_FILES).hexdigest()[:16]}"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_finalized,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals.update(
    version=__version__,
    static=STATIC,
    product=product,
    observation=observation,
    size=size,
    toggled=toggled,
    table_lines=lines,
    table_total=total,
)
_ENVIRONMENT.filters["count"] = count
_TEMPLATES = Jinja2Templates(env=_ENVIRONMENT)


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    """Return a page."""
    return _TEMPLATES.TemplateResponse(request, template, values, status_code=status)
