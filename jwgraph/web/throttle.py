"""Slow down who guesses tokens: after so many wrong ones in a minute, an address waits for the rest of it."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from starlette.types import Scope

# Wrong tokens of an address in so many seconds; addresses that are remembered.
WRONG, SECONDS = 10, 60
_ADDRESSES = 10_000


@dataclass(slots=True)
class _Count:
    since: float
    wrong: int = 0


class Attempts:
    """The wrong tokens that came from each address; of IPv6, from each network of one site."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._lock = Lock()

    def wait(self, scope: Scope) -> bool:
        """Return whether the sender of a request has to wait, also with the right token."""
        with self._lock:
            found = self._current(_sender(scope))
            return found is not None and found.wrong >= WRONG

    def wrong(self, scope: Scope) -> None:
        """Count a wrong token."""
        sender = _sender(scope)
        with self._lock:
            found = self._current(sender) or _Count(time.monotonic())
            found.wrong += 1
            self._counts[sender] = found
            while len(self._counts) > _ADDRESSES:
                self._counts.popitem(last=False)

    def _current(self, sender: str) -> _Count | None:
        found = self._counts.get(sender)
        return found if found is not None and time.monotonic() - found.since < SECONDS else None


def _sender(scope: Scope) -> str:
    """Return the address that a request comes from; headers that name another are not believed."""
    text = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return text
