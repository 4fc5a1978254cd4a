"""The command as tests run it: in this process, or as a process of its own where that is what is tested."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from jwgraph.cli import app, output


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def jwgraph(*arguments: str, stdin: str | bytes = b"", **environment: str) -> Done:
    """Run the command in this process, as if its output went to files; no traceback ever."""
    given = io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, _as_new():
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["jwgraph", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(given, encoding="utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        # The width of the terminal that the tests may run at is not that of a file.
        patch.setattr(os, "get_terminal_size", _no_terminal)
        code = _exit_code()
    done = Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))
    assert "Traceback" not in done.stderr
    return done


def _exit_code() -> int:
    try:
        app.main()
    except SystemExit as done:
        return int(done.code or 0)
    return 0


def _no_terminal(_file: int = 1) -> os.terminal_size:
    raise OSError


@contextmanager
def _as_new() -> Iterator[None]:
    """Undo what a command leaves behind in its process."""
    output.console.cache_clear()
    yield
    output.console.cache_clear()
    output.set_quiet(False)


def process(*arguments: str, stdin: str | bytes = b"", **environment: str) -> Done:
    """Run the command as a process of its own; no traceback ever."""
    done = subprocess.run(
        [sys.executable, "-m", "jwgraph", *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env=os.environ | environment,
        check=False,
    )
    text = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in text.stderr
    return text


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV answer."""
    return list(csv.DictReader(io.StringIO(text)))
