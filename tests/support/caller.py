"""What a run would otherwise inherit from whoever started it: variables and ignored signals."""

from __future__ import annotations

import os
import signal

# Of the variables of jwgraph, those that say how to run the tests, and where the server's jars come from.
KEPT = (
    *("JWGRAPH_TEST_", "JWGRAPH_WRITE_", "JWGRAPH_FAULTS"),
    *("JWGRAPH_SHARED", "JWGRAPH_NEO4J", "JWGRAPH_CACHE", "JWGRAPH_MAVEN"),
)
TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERMINAL_WIDTH")


def clear_environment() -> None:
    """Remove variables that change what commands print, which server they use and as whom they ask MAST."""
    for name in list(os.environ):
        ours = name.startswith(("JWGRAPH_", "NEO4J_")) and not name.startswith(KEPT)
        if ours or name in TERMINAL or name == "MAST_API_TOKEN":
            del os.environ[name]


def reset_signals() -> None:
    """Let signals end processes again: a shell starts background jobs with SIGINT ignored, `nohup` ignores SIGHUP."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
