"""Let Ctrl-C end what the server is doing: closing a session waits for its statement, cancelling it does not."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C cancel the session, within whose block this stands; its connection is closed, and the server stops."""
    try:
        yield
    except KeyboardInterrupt:
        raise CancelledError from None


@contextmanager
def interrupted() -> Iterator[None]:
    """Turn the cancellation back into Ctrl-C once the session is closed."""
    try:
        yield
    except CancelledError:
        raise KeyboardInterrupt from None
