"""Servers of a benchmark: each in a folder of its own, watched from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from jwgraph import server, settings
from jwgraph.server import class_cache, jars
from jwgraph.server.runtime import java
from jwgraph.settings import Connection
from jwgraph.training import main as train
from tests.bench.watching import Watching

# What of the caller's environment reaches the commands that are measured.
_KEPT = frozenset({"JWGRAPH_CACHE", "JWGRAPH_MAVEN", "JWGRAPH_NEO4J", "JWGRAPH_HEAP", "JWGRAPH_PAGECACHE"})


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command took.

    Attributes
    ----------
    wall, user, system
        Seconds; user and system are processor time.
    peak
        Most memory at a time, MB, the processes that it starts included.
    java
        Processor time of the server meanwhile.
    """

    wall: float
    user: float
    system: float
    peak: float
    java: float = 0.0

    @property
    def cpu(self) -> float:
        """Processor time of the command."""
        return self.user + self.system

    @property
    def all_cpu(self) -> float:
        """Processor time of the command and of the server."""
        return self.cpu + self.java

    def said(self) -> str:
        """Say the processor times in a note."""
        server = f", server {self.java:.1f} s" if self.java else ""
        return f"CPU {self.user:.1f} user + {self.system:.1f} sys{server}"


def run(command: Sequence[str], environment: dict[str, str], *, watched: psutil.Process | None = None) -> Usage:
    """Run a command in an empty folder; its standard output is dropped.

    Raises
    ------
    subprocess.CalledProcessError
        It failed.
    """
    # Not the checkout: there Python would import from it, whatever is installed.
    with tempfile.TemporaryDirectory() as folder:
        java = cpu(watched)
        begin = time.perf_counter()
        child = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
        with Memory(child.pid) as memory:
            _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return Usage(wall, used.ru_utime, used.ru_stime, memory.most, cpu(watched) - java)


class Memory(Watching):
    """The most memory of a process and those that it starts, looked at while it runs.

    What the system reports at the end (`ru_maxrss`) is never less than the memory of the process that started it.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(0.05)
        self.most = 0.0
        self._pid = pid

    def look(self) -> None:
        """Keep the most memory so far."""
        with suppress(psutil.Error):
            process = psutil.Process(self._pid)
            found = sum(_memory(each) for each in (process, *process.children(recursive=True)))
            self.most = max(self.most, found)


def _memory(process: psutil.Process) -> float:
    """Return the most memory that a process has had so far, where the system says it, else what it has now."""
    try:
        match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(encoding="ascii"))
    except OSError:
        match = None
    return int(match[1]) / 1000 if match else process.memory_info().rss / 1e6


def cpu(process: psutil.Process | None) -> float:
    """Return the processor time that a process has had."""
    if process is None:
        return 0.0
    times = process.cpu_times()
    return times.user + times.system


def threads(process: psutil.Process) -> dict[str, float]:
    """Return the processor time of Java's own threads so far: its compilers, its garbage collector; Linux only.

    Compilers that have nothing to do end, and take their time with them: it is the least that they took.
    """
    found = {"compilers": 0.0, "collector": 0.0}
    for task in Path(f"/proc/{process.pid}/task").glob("*"):
        with suppress(OSError):
            name = (task / "comm").read_text().strip()
            ticks = (task / "stat").read_text().rpartition(")")[2].split()[11:13]
            kind = "compilers" if re.match(r"C[12] Compiler", name) else "collector" if name.startswith("G") else ""
            if kind:
                found[kind] += sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return found


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes
    ----------
    python
        The interpreter of the checkout that is measured.
    """

    home: server.Home
    connection: Connection
    python: str

    @property
    def process(self) -> psutil.Process:
        """The process of Java."""
        return psutil.Process(int(self.home.read_state()["pid"]))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command that uses this server."""
        return environment(self.home.path)

    @property
    def disk(self) -> float:
        """Size of the store, MB."""
        return server.status(self.home).store_bytes / 1e6

    def jwgraph(self, *arguments: str) -> Usage:
        """Run a command of jwgraph."""
        command = [self.python, "-m", "jwgraph", "--quiet", *arguments]
        return run(command, self.environment, watched=self.process)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a command whose store is in a folder."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("JWGRAPH_", "NEO4J_"))}
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    return others | kept | {"JWGRAPH_HOME": str(home)}


@contextmanager
def fresh(folder: Path, python: str = sys.executable) -> Iterator[Server]:
    """Start a server with an empty store, and stop it at the end.

    Parameters
    ----------
    folder
        Where its own folder is made.
    python
        Interpreter of the checkout that starts it.
    """
    home = server.Home(Path(tempfile.mkdtemp(dir=folder, prefix="home-")))
    try:
        run([python, "-m", "jwgraph", "--quiet", "server", "start"], environment(home.path))
        yield found(home, python)
    finally:
        server.down(home)


def found(home: server.Home, python: str = sys.executable) -> Server:
    """Return the running server of a home."""
    connection = server.running(home)
    assert connection is not None, f"no server runs in {home.path}"
    return Server(home, connection, python)


def version() -> str:
    """Return the version of Neo4j that is measured."""
    return settings.NEO4J.read() or server.DEFAULT_VERSION


def prepare() -> None:
    """Make the cache of Java's classes now, if it is missing: its training run would disturb what is measured."""
    folder = jars.ensure_jars(version(), lambda _text: None)
    classes = class_cache.of(version(), java(version()), folder)
    if classes is not None and classes.wanted():
        run([sys.executable, "-m", train.__module__, version()], environment(Path(tempfile.gettempdir())))
