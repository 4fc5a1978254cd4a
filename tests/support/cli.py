"""The command as tests run it, and the rows that it prints."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys


def jwgraph(*arguments: str, stdin: str | bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command; no traceback ever."""
    done = subprocess.run(
        [sys.executable, "-m", "jwgraph", *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env=os.environ | environment,
        check=False,
    )
    text = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in text.stderr
    return text


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
