"""Start, stop and inspect a managed server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from jwgraph import settings
from jwgraph.errors import ServerError
from jwgraph.server import class_cache, config, ports
from jwgraph.server.class_cache import ClassCache
from jwgraph.server.failure import NO_SPACE, ExitedError, why
from jwgraph.server.home_folder import DEFAULT_VERSION, Home
from jwgraph.server.jars import ensure_jars, read_lock
from jwgraph.server.runtime import java
from jwgraph.settings import Connection

START_SECONDS = 120.0
STOP_SECONDS = 60.0
SPACE_NEEDED = 100_000_000
LOCK_SECONDS = 300.0

HOME_OPTION = "--home-dir="

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Status:
    """State of a managed server: `running`, `stopped`, or `crashed` (it ended without a stop command).

    Attributes
    ----------
    uptime
        Whole seconds since it started.
    store_bytes, log_bytes
        Bytes of its data on disk, and how many of them its transaction logs reserve, whatever the store has.
    """

    state: str
    uri: str | None
    version: str | None
    pid: int | None
    uptime: int | None
    java: str | None
    home: str
    store_bytes: int
    log_bytes: int


def up(
    home: Home,
    *,
    version: str | None = None,
    progress: Progress,
    options: Sequence[str] | None = None,
    patience: float | None = None,
) -> Connection:
    """Start the server of a home unless it is running, wait until it answers, and return the connection.

    If two processes do this at once, the second waits for the first.

    Parameters
    ----------
    version
        Version of Neo4j; the default is `JWGRAPH_NEO4J`, else the version that made the store, else the LTS version.
    progress
        Called with a sentence before each slow step.
    options
        More options of Java; the default are those of the cache of its classes.
    patience
        Seconds to wait until it answers, `START_SECONDS` by default.

    Raises
    ------
    ServerError
        The server cannot be installed or started; the message gives the reason and what to do.
    """
    state = home.read_state()
    if state.get("answered") and version in (None, state["version"]):
        process = _process(home, state)
        # It has answered since it started: neither the lock nor the driver has to be asked again.
        if process is not None and listens(target := _target(home, state)):
            return target
    home.prepare()
    with _locked(home, progress):
        state = home.read_state()
        process = _process(home, state)
        if process is not None:
            wanted = version or state["version"]
            if wanted != state["version"]:
                raise ServerError(f"Neo4j {state['version']} is running: run `jwgraph server stop` to start {wanted}.")
            return _answering(home, state, process, patience)
        return _start(home, _chosen_version(state, version), state, progress, options, patience)


def running(home: Home) -> Connection | None:
    """Return the connection of a home whose server process runs, without waiting; it may still be starting."""
    state = home.read_state()
    return _target(home, state) if _process(home, state) is not None else None


def _target(home: Home, state: dict[str, Any]) -> Connection:
    return Connection(f"bolt://127.0.0.1:{state['port']}", "neo4j", home.password())


def _locked(home: Home, progress: Progress | None = None) -> Any:
    from filelock import FileLock, Timeout

    lock = FileLock(home.lock)
    try:
        try:
            return lock.acquire(timeout=0)
        except Timeout:
            if progress is not None:
                progress("waiting for another jwgraph that starts or stops the server")
            return lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        raise ServerError(
            f"Another jwgraph has been starting or stopping the server of {home.path} for minutes: wait, or end it."
        ) from None
    except OSError as error:
        raise ServerError(
            f"{home.lock} cannot be written ({error.strerror}); set JWGRAPH_HOME to another folder."
        ) from None


def version(state: dict[str, Any]) -> str:
    """Return the version of Neo4j that starts next: `JWGRAPH_NEO4J`, else the one that made the store, else the LTS."""
    return str(settings.NEO4J.read() or state.get("version") or DEFAULT_VERSION)


def _chosen_version(state: dict[str, Any], asked: str | None) -> str:
    made_by = state.get("version")
    chosen = asked or version(state)
    read_lock(chosen)  # raises for an unknown version
    if made_by and _numbers(chosen) < _numbers(str(made_by)):
        raise ServerError(
            f"The store was made by Neo4j {made_by}, which {chosen} cannot read: "
            "unset JWGRAPH_NEO4J, or set JWGRAPH_HOME to another folder."
        )
    return chosen


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _start(
    home: Home,
    version: str,
    state: dict[str, Any],
    progress: Progress,
    options: Sequence[str] | None,
    patience: float | None,
) -> Connection:
    jars = ensure_jars(version, progress)
    runtime = java(version)
    password = home.password()
    new = not (home.data / "databases").exists()
    if shutil.disk_usage(home.path).free < (SPACE_NEEDED if new else NO_SPACE):
        raise ServerError(
            f"The disk of {home.path} is full{': a new store needs about 100 MB' if new else ''}; "
            "free some space, or set JWGRAPH_HOME to a folder on another disk."
        )
    port = ports.choose(state)
    classes = class_cache.of(version, runtime, jars) if options is None else None
    progress(f"starting Neo4j {version}")
    state = {
        "port": port,
        "version": version,
        "java": f"{runtime.program} ({runtime.release})",
        "stopped": False,
    }

    def launch(more: Sequence[str]) -> Connection:
        return _launch(home, config.command(home, version, jars, runtime, more), state, patience)

    try:
        config.write(home, port, version)
        if new:
            config.write_first_password(home, password)
        if classes is None:
            return launch(options or ())
        found = _with_classes(classes, launch)
    except OSError as error:
        raise ServerError(f"Neo4j cannot be started ({error.strerror or error}: {error.filename}).") from None
    classes.train_later(version)
    return found


def _with_classes(classes: ClassCache, launch: Callable[[Sequence[str]], Connection]) -> Connection:
    """Launch a server with the cache of Java's classes, and without where it ends at once."""
    options = classes.to_use()
    try:
        return launch(options)
    except ExitedError:
        if not options:
            raise
    found = launch(())
    # It was the cache, then.
    classes.give_up()
    return found


def _launch(home: Home, command: Sequence[str], state: dict[str, Any], patience: float | None) -> Connection:
    with home.console.open("wb") as console:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            cwd=home.path,
            env=config.environment(),
            # Ctrl-C must not reach the server.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    # The server outlives this process; Python would warn about a running child.
    child.returncode = 0
    process = psutil.Process(child.pid)
    try:
        state = {"pid": child.pid, **state}
        home.write_state(state)
        return _answering(home, state, process, patience)
    except BaseException:
        _end(process)
        raise


def _answering(home: Home, state: dict[str, Any], process: psutil.Process, patience: float | None) -> Connection:
    """Wait until the server answers, and write down that it did."""
    target = _wait(home, state, process, START_SECONDS if patience is None else patience)
    home.write_state(state | {"answered": True})
    return target


def _wait(home: Home, state: dict[str, Any], process: psutil.Process, patience: float) -> Connection:
    """Wait until the server answers, and report why if it does not."""
    target = _target(home, state)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if _answers(target):
            return target
        if not _alive(process):
            raise ExitedError(f"Neo4j exited while starting: {why(home)}. See {home.console}.")
        time.sleep(0.1)
    reason = why(home, alive=True)
    raise ServerError(f"Neo4j has not answered for {patience:.0f} s: {reason}. See {home.console}.")


def listens(target: Connection) -> bool:
    """Return whether a managed server accepts connections; a starting one does not yet."""
    host, port = target.uri.removeprefix("bolt://").split(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    except OSError:
        return False


def _answers(target: Connection) -> bool:
    """Return whether the server answers; try the port first, since the driver is slow on a closed one."""
    if not listens(target):
        return False
    from neo4j import GraphDatabase
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    with GraphDatabase.driver(target.uri, auth=(target.username, target.password)) as driver:
        try:
            driver.verify_connectivity()
        except AuthError:
            raise ServerError(
                "The managed server refuses its own password: credentials.json does not belong to this store."
            ) from None
        except (DriverError, Neo4jError):
            return False
    return True


def _alive(process: psutil.Process) -> bool:
    try:
        if not process.is_running():
            return False
        if process.status() != psutil.STATUS_ZOMBIE:
            return True
        # Reap our own child, for example in a notebook.
        process.wait(0)
    except psutil.Error:
        pass
    return False


def _process(home: Home, state: dict[str, Any]) -> psutil.Process | None:
    """Return the server's process, if it still is that process: its number may have been reused.

    The home in its command line identifies it, however that is spelled. Start times are unreliable if the clock moves.
    """
    try:
        process = psutil.Process(int(state["pid"]))
        if _alive(process):
            named = [a.removeprefix(HOME_OPTION) for a in process.cmdline() if a.startswith(HOME_OPTION)]
            if any(Path(path).samefile(home.path) for path in named):
                return process
    except (KeyError, TypeError, ValueError, OSError, psutil.Error):
        pass
    return None


def _unrecorded(home: Home) -> psutil.Process | None:
    """Find a server of this home that is not recorded in `server.json`."""
    for process in psutil.process_iter():
        found = _process(home, {"pid": process.pid})
        if found is not None:
            return found
    return None


def down(home: Home, *, patience: float = STOP_SECONDS) -> bool:
    """Stop the server of a home; return whether one was running.

    Parameters
    ----------
    patience
        Seconds after which it is killed.
    """
    if not home.path.exists():
        return False
    with _locked(home):
        state = home.read_state()
        process = _process(home, state) or _unrecorded(home)
        if state:
            # Whoever asks from now on waits for the lock.
            home.write_state(state | {"answered": False})
        if process is not None:
            _end(process, patience)
        if state:
            home.write_state(state | {"answered": False, "stopped": True})
        return process is not None


def _end(process: psutil.Process, patience: float = STOP_SECONDS) -> None:
    try:
        process.terminate()
        try:
            process.wait(patience)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        pass
    except (psutil.AccessDenied, psutil.TimeoutExpired):
        raise ServerError(
            f"Neo4j (process {process.pid}) cannot be stopped: stop it yourself, or ask the user who started it."
        ) from None


def status(home: Home) -> Status:
    """Return the state of the server of a home, without starting it."""
    state = home.read_state()
    process = _process(home, state)
    if process is not None:
        name = "running"
    elif state and not state.get("stopped"):
        name = "crashed"
    else:
        name = "stopped"
    return Status(
        state=name,
        uri=f"bolt://127.0.0.1:{state['port']}" if process is not None else None,
        version=state.get("version"),
        pid=process.pid if process is not None else None,
        uptime=round(time.time() - process.create_time()) if process is not None else None,
        java=state.get("java"),
        home=str(home.path),
        store_bytes=sum(_sizes(home.data)),
        log_bytes=sum(_sizes(home.data / "transactions")),
    )


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the sizes of all files; a running server may remove some in the meantime."""
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                yield Path(parent, name).lstat().st_size
            except OSError:
                continue
