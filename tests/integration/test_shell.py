"""The shell: piped in as a script, and typed at a terminal."""

from __future__ import annotations

import os
import pty
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph

pytestmark = pytest.mark.once

SCRIPT = """\
help
RETURN 1 AS one;
RETURN 'a;b' AS text, // ; a comment
  2 AS two
;
CREATE (n);
RETRUN 1;
:format jsonl
RETURN 3 AS three; // done
:limit 1
UNWIND [1, 2] AS x RETURN x;
:run counts
:run nothing
:frobnicate
:format xml
RETURN 4 AS four
"""


def test_a_script_goes_through_without_prompts(graph: Graph, environment: Path) -> None:
    with graph.session() as session:
        session.run("CREATE (:Program {program: '02221'})").consume()
    done = jwgraph("shell", stdin=SCRIPT)
    assert done.returncode == 0
    assert "jwgraph>" not in done.stdout + done.stderr
    for line in (
        "one\n1\n",
        "text,two\na;b,2\n",
        '{"three": 3}\n',
        '{"x": 1}\n',
        '{"kind": "node", "name": "Program", "number": 1}\n',
        '{"four": 4}\n',
    ):
        assert line in done.stdout
    for says in (
        "--write",
        "line 1",
        "note: only the first 1 row shown",
        "There is no query 'nothing'",
        ":frobnicate",
        "as in :format json",
    ):
        assert says in done.stderr
    assert '{"x": 2}' not in done.stdout
    assert done.stdout.startswith("A query ends with ;")
    for word in (":quit", "exit", "quit;"):
        quits = jwgraph("shell", stdin=f"{word}\nRETURN 1 AS one;\n")
        assert (quits.returncode, quits.stdout, quits.stderr) == (0, "", "")


def read_until(terminal: int, text: str, seconds: float = 180) -> str:
    found, end = b"", time.monotonic() + seconds
    os.set_blocking(terminal, False)
    while text not in found.decode(errors="replace"):
        assert time.monotonic() < end, found.decode(errors="replace")
        try:
            found += os.read(terminal, 65536)
        except BlockingIOError:
            time.sleep(0.05)
        except OSError:
            raise AssertionError(f"It ended: {found.decode(errors='replace')}") from None
    return found.decode(errors="replace")


def wait_for_query(graph: Graph, text: str, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    with graph.session() as session:
        while not any(text in str(row["currentQuery"]) for row in session.run("SHOW TRANSACTIONS YIELD currentQuery")):
            assert time.monotonic() < end, f"{text} does not run"
            time.sleep(0.2)


def test_a_terminal(graph: Graph, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("JWGRAPH_HOME", str(home))
    ours, its = pty.openpty()
    env = os.environ | {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "120", "PROMPT_TOOLKIT_NO_CPR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "jwgraph", "shell", "--format", "csv", "--timeout", "600"],
        stdin=its,
        stdout=its,
        stderr=its,
        env=env,
        start_new_session=True,
    )
    os.close(its)
    try:
        read_until(ours, "jwgraph>")
        # Enter runs a whole query, and starts a new line of one without its semicolon.
        os.write(ours, b"RETURN 40 + 2\r")
        read_until(ours, "...>")
        os.write(ours, b"AS answer;\r")
        read_until(ours, "answer\r\n42\r\n")
        # Tab completes a label behind its colon; Ctrl-C drops the line.
        os.write(ours, b"MATCH (n:Observ\t")
        read_until(ours, "ation")
        os.kill(process.pid, signal.SIGINT)
        read_until(ours, "jwgraph>")
        # Ctrl-C ends the query that runs, and the shell goes on.
        os.write(ours, b"UNWIND range(1, 1000000000) AS x RETURN count(x);\r")
        wait_for_query(graph, "range(1, 1000000000)")
        os.kill(process.pid, signal.SIGINT)
        read_until(ours, "The query was stopped.")
        os.write(ours, b"RETURN 6 * 7 AS again;\r")
        read_until(ours, "again\r\n42\r\n")
        os.write(ours, b"\x04")
        assert process.wait(180) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    history = home / "shell_history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    assert "+RETURN 40 + 2\n+AS answer;\n" in history.read_text()
