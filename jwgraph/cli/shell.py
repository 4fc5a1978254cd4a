"""The shell: a line editor around `adhoc.run`, from the standard library alone."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from jwgraph import server
from jwgraph.adhoc import gate
from jwgraph.adhoc.run import Answer
from jwgraph.adhoc.run import run as find_run
from jwgraph.cli import output
from jwgraph.cli.output import Format
from jwgraph.errors import JwgraphError, UsageError
from jwgraph.model.vocabulary import EDGES, LABELS
from jwgraph.store.queries import every, get, short_name

if TYPE_CHECKING:
    from jwgraph.store.graph import Graph

HISTORY = 1000
PROMPT = "jwgraph> "
MORE = "    ...> "
KEYWORDS = """
ALL AND AS ASC BY CALL CASE COLLECT COUNT DESC DISTINCT ELSE END ENDS EXISTS EXPLAIN IN IS LIMIT MATCH NOT NULL
OPTIONAL OR ORDER PROFILE RETURN SHORTEST SKIP STARTS THEN UNION UNWIND WHEN WHERE WITH YIELD
"""
HELP = f"""\
A query ends with ; and may run over lines. It reads the graph and changes nothing.
:queries                 the named queries
:run NAME key=value …    run one of them
:format table            how rows are printed: {output.FORMATS}
:limit 1000              most rows; 0 for all
:help                    this
:quit                    end; so does Ctrl-D. Ctrl-C drops the line, or ends the query that runs.
"""


class Shell:
    """One sitting; what goes wrong in a query is told and ends nothing.

    Parameters
    ----------
    format, limit, timeout
        As in `jwgraph cypher`; the first two can be changed by commands.
    """

    def __init__(self, graph: Graph, *, format: Format | None, limit: int, timeout: float) -> None:
        self.graph = graph
        self.format = format
        self.limit = limit
        self.timeout = timeout
        self.commands: dict[str, Callable[[list[str]], None]] = {
            "help": self._help,
            "queries": self._queries,
            "run": self._run,
            "format": self._format,
            "limit": self._limit,
        }

    def run(self) -> None:
        """Read and run until the end of the input or `:quit`."""
        terminal = sys.stdin.isatty()
        if terminal:
            output.note(":help tells what can be typed; a query ends with a semicolon.")
        with _line_editor(terminal, self.words()):
            self._loop(terminal)

    def _loop(self, terminal: bool) -> None:
        kept = ""
        while True:
            try:
                line = _read(MORE if kept else PROMPT, terminal)
            except KeyboardInterrupt:
                sys.stderr.write("\n")
                kept = ""
                continue
            if line is None or (not kept and line.strip() in {":quit", ":q", ":exit"}):
                break
            kept = self._take(kept, line)
        # A script may end without its last semicolon.
        if line is None and gate.tokens(kept):
            self._guarded(self._query, kept)
        if terminal and line is None:
            sys.stderr.write("\n")

    def _take(self, kept: str, line: str) -> str:
        """Run a command or a query that this line ends; return what waits for more lines."""
        if not kept and line.strip().startswith(":"):
            self._guarded(self._command, line.strip())
            return ""
        text = kept + line + "\n"
        if gate.is_complete(text):
            self._guarded(self._query, text)
            return ""
        return text if text.strip() else ""

    def words(self) -> list[str]:
        """Return what Tab completes: keywords, labels, types, properties, commands and query names."""
        queries = every("query")
        properties = {name for query in queries for name in re.findall(r"(?<=\w)\.([a-z]\w+)", query.text)}
        return sorted(
            {*KEYWORDS.split(), *properties, *(label.name for label in LABELS), *(edge.name for edge in EDGES)}
            | {short_name(query.name) for query in queries}
            | {f":{command}" for command in (*self.commands, "quit")}
        )

    def _guarded(self, work: Callable[[str], None], text: str) -> None:
        try:
            work(text)
        except JwgraphError as error:
            output.error(str(error))
        except KeyboardInterrupt:
            # The transaction ends with its session: the server stops the query.
            sys.stderr.write("\n")
            output.note("Ended.")
        sys.stdout.flush()

    def _query(self, text: str) -> None:
        output.answer(find_run(self.graph, text, limit=self.limit, timeout=self.timeout), self.format, self.limit)

    def _command(self, line: str) -> None:
        try:
            name, *rest = shlex.split(line[1:])
        except ValueError:
            raise UsageError("A command is :NAME and words; one of its quotes is not closed, or it is empty.") from None
        command = self.commands.get(name)
        if command is None:
            raise UsageError(f"There is no command :{name}; :help tells those that are.")
        command(rest)

    def _help(self, _: list[str]) -> None:
        sys.stdout.write(HELP)

    def _queries(self, _: list[str]) -> None:
        found = [
            {"name": short_name(q.name), "params": ", ".join(p.name for p in q.params), "summary": q.summary}
            for q in every("query")
        ]
        output.rows(found, self.format, columns=("name", "params", "summary"))

    def _run(self, words: list[str]) -> None:
        if not words:
            raise UsageError(":run takes the name of a query; :queries has them.")
        query = get(f"query/{short_name(words[0])}")
        given = {}
        for word in words[1:]:
            key, sep, value = word.partition("=")
            if not sep:
                raise UsageError(f"A parameter is key=value, and this is {word!r}.")
            given[key] = value
        # Named queries are trusted and have no time-out; the limit holds for what is shown.
        rows = list(
            islice(self.graph.stream(query.name, **query.arguments(given)), self.limit + 1 if self.limit else None)
        )
        cut = bool(self.limit) and len(rows) > self.limit
        columns = tuple(name for name, _ in query.returns)
        output.answer(Answer(columns, rows[: self.limit or None], cut), self.format, self.limit)

    def _format(self, words: list[str]) -> None:
        if len(words) != 1 or words[0] not in set(Format):
            raise UsageError(f":format takes one of {', '.join(Format)}.")
        self.format = Format(words[0])

    def _limit(self, words: list[str]) -> None:
        if len(words) != 1 or not re.fullmatch(r"[0-9]{1,9}", words[0]):
            raise UsageError(":limit takes a number of rows; 0 for all.")
        self.limit = int(words[0])


def _read(prompt: str, terminal: bool) -> str | None:
    """Return the next line, None at the end of the input."""
    if not terminal:
        line = sys.stdin.readline()
        return line.rstrip("\r\n") if line else None
    try:
        return input(prompt)
    except EOFError:
        return None


@contextmanager
def _line_editor(terminal: bool, words: list[str]) -> Iterator[None]:
    """Give the terminal history and completion, where this Python has `readline`."""
    try:
        import readline
    except ImportError:
        terminal = False
    if not terminal:
        yield
        return
    path = history_file()
    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(HISTORY)
    readline.set_completer(completer(words))
    readline.set_completer_delims(" \t\n()[]{},;=<>|&'\"")
    # The editor of macOS has its own language.
    bind = "bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete"
    readline.parse_and_bind(bind)
    try:
        yield
    finally:
        with suppress(OSError):
            _write_history(path, readline.write_history_file)


def history_file() -> Path:
    """Return the file of what was typed, in the home of the store."""
    return server.home().path / "shell_history"


def _write_history(path: Path, write: Callable[[Path], None]) -> None:
    """Write it for its owner alone: queries may hold what others need not know."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    path.chmod(0o600)
    write(path)
    path.chmod(0o600)


def completer(words: list[str]) -> Callable[[str, int], str | None]:
    """Return a function for `readline`: the n-th word that begins so; a label behind its colon, a property its dot."""

    def complete(text: str, number: int) -> str | None:
        at = 0 if text.startswith(":") and any(w.startswith(text) for w in words) else max(map(text.rfind, ":.")) + 1
        head, tail = text[:at], text[at:]
        if not tail and at:
            return None
        found = [word for word in words if word.startswith(tail)]
        # Keywords in small letters complete too.
        found = found or [word for word in words if word.isupper() and word.startswith(tail.upper())]
        return head + found[number] if number < len(found) else None

    return complete
