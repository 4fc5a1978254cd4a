"""What the pages share: the store of a request, and what a form sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from jwgraph.errors import UsageError
from jwgraph.store.graph import Graph

RESPONSES: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is nothing of that name; the sentence has near ones."},
    422: {"description": "A parameter is not understood."},
    503: {"description": "The database does not answer now; try again later."},
    504: {"description": "The query takes too long."},
}


def _store(request: Request) -> Iterator[Graph]:
    with request.app.state.database.open() as graph:
        yield graph


Store = Annotated[Graph, Depends(_store)]


async def _sent(request: Request) -> dict[str, str]:
    """Return the fields of a form, or of a JSON object.

    Raises
    ------
    UsageError
        The body is neither.
    """
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            found = json.loads(body)
            if isinstance(found, dict):
                return {
                    str(name): value if isinstance(value, str) else json.dumps(value) for name, value in found.items()
                }
        elif kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    except (ValueError, RecursionError):
        pass
    raise UsageError("The body is neither a form nor a JSON object.")


Sent = Annotated[dict[str, str], Depends(_sent)]
