"""Unit tests reach this machine alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import pytest_socket

LOOPBACK = ["127.0.0.1", "::1"]


@pytest.fixture(autouse=True)
def _loopback_only() -> Iterator[None]:
    pytest_socket.socket_allow_hosts(LOOPBACK, allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()
