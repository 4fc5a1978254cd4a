"""A run of the tests depends on nobody's variables or signals."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support import caller


def test_variables_of_the_caller_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "NO_COLOR", "JWGRAPH_PORT", "JWGRAPH_MAST", "NEO4J_URI", "MAST_API_TOKEN"):
        monkeypatch.setenv(name, "1")
    for name in ("JWGRAPH_TEST_BACKEND", "JWGRAPH_SHARED", "PATH"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    caller.clear_environment()
    assert not {"COLUMNS", "NO_COLOR", "JWGRAPH_PORT", "JWGRAPH_MAST", "NEO4J_URI", "MAST_API_TOKEN"} & set(os.environ)
    assert {"JWGRAPH_TEST_BACKEND", "JWGRAPH_SHARED", "PATH"} <= set(os.environ)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_that_the_caller_ignores_works(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        caller.reset_signals()
        assert signal.getsignal(number) is not signal.SIG_IGN
    finally:
        signal.signal(number, before)
