"""jwgraph: how JWST archive files belong together.

In a notebook::

    import jwgraph

    g = jwgraph.connect()
    g.observation("jw02733-o001_t001_nircam_clear-f090w").tree(mrp=True)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwgraph.notebook.store import Store, connect
    from jwgraph.present.rows import Rows

from jwgraph._version import __version__
from jwgraph.errors import (
    DatabaseError,
    JwgraphError,
    NotFoundError,
    RefusedError,
    ServerError,
    SourceError,
    UsageError,
)

__all__ = [
    "DatabaseError",
    "JwgraphError",
    "NotFoundError",
    "RefusedError",
    "Rows",
    "ServerError",
    "SourceError",
    "Store",
    "UsageError",
    "__version__",
    "connect",
]

_HOMES = {"Rows": "jwgraph.present.rows", "Store": "jwgraph.notebook.store", "connect": "jwgraph.notebook.store"}


def __getattr__(name: str) -> Any:
    # The command line imports this module at every start: the driver is imported only for those who connect.
    if name not in _HOMES:
        raise AttributeError(f"module 'jwgraph' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
