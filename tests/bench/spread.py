"""Compare who reads the files of a load: `python -m tests.bench.spread --rows 60000 --json FILE`.

One process, several of this machine, Dask's workers of this machine; each into a fresh store, turn by turn. The archive
is cut into files of `--lines` rows, since a file is read by one worker.
"""

from __future__ import annotations

import argparse
import csv
import gc
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from jwgraph_loaders.find.read import read_all
from jwgraph_loaders.spread.executors import Executor, dask, processes
from jwgraph_loaders.spread.spread import pieces, spread
from tests.bench import rows, server
from tests.bench.result import Result, machine

ORDINARY = "one process"


def main() -> None:
    """Load the same rows in each way, and read them without a store."""
    given = _arguments()
    number = str(given.processes)
    ways: dict[str, list[str]] = {
        ORDINARY: [],
        f"{number} processes": ["--processes", number],
        f"Dask, {number} workers": ["--dask", "local", "--processes", number],
    }
    result = Result()
    server.prepare()
    with tempfile.TemporaryDirectory(prefix="jwgraph-bench-") as name:
        folder = Path(name)
        made = rows.write_archive(folder / "whole", given.rows)
        paths = _cut(made.paths, folder / "cut", given.lines)
        result.add("files", "rows of the product lists", made.number)
        result.add("files", "files", len(paths), "", f"of at most {given.lines:,} rows")
        _read(result, paths, given)
        _load(result, paths, ways, folder, given.repeat)
        if given.json:
            settings = {each: getattr(given, each) for each in ("rows", "lines", "processes", "repeat")}
            result.write(given.json, settings | {"neo4j": server.version()})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.spread", description="Compare who reads.")
    parser.add_argument("--rows", type=int, default=60_000, help="rows of the product lists (default %(default)s)")
    parser.add_argument("--lines", type=int, default=5_000, help="rows of one file (default %(default)s)")
    parser.add_argument("--processes", type=int, default=machine()["cores"], help="processes that read")
    parser.add_argument("--repeat", type=int, default=2, help="loads in each way (default %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to a file")
    return parser.parse_args()


def _cut(paths: Sequence[Path], folder: Path, lines: int) -> list[str]:
    """Cut tables into files of so many rows; archives of associations stay as they are."""
    folder.mkdir()
    made = []
    for path in paths:
        if path.suffix != ".csv":
            made.append(str(path))
            continue
        with path.open(newline="") as file:
            header, *body = csv.reader(file)
        for place, some in enumerate(body[first : first + lines] for first in range(0, len(body), lines)):
            made.append(str(folder / f"{path.stem}-{place:03d}.csv"))
            with Path(made[-1]).open("w", newline="") as file:
                csv.writer(file).writerows([header, *some])
    return made


def _read(result: Result, paths: list[str], given: argparse.Namespace) -> None:
    """Read without a store: what the process that writes has to do itself is what cannot be spread."""
    # As the writer does: looking at so many objects for cycles takes as long as reading them.
    gc.set_threshold(50_000, 10, 10)
    begin, cpu = time.perf_counter(), time.process_time()
    for _ in read_all(paths)[0]:
        pass
    alone = time.process_time() - cpu
    result.add("read", f"{ORDINARY}, all", time.perf_counter() - begin, "s", f"CPU {alone:.2f} s")
    others: dict[str, AbstractContextManager[Executor]] = {
        f"{given.processes} processes": processes(given.processes),
        f"Dask, {given.processes} workers": dask("local", given.processes),
    }
    for name, executor in others.items():
        begin = time.perf_counter()
        with spread(pieces(paths), executor) as found:
            result.add("read", f"{name}, until parts are there", time.perf_counter() - begin, "s")
            cpu = time.process_time()
            for _ in found.records:
                pass
            left = time.process_time() - cpu
        result.add("read", f"{name}, left to the writer", left, "s", "CPU")
        result.ratio("read", f"{name}, left / {ORDINARY}", left, alone, "processor time")


def _load(result: Result, paths: list[str], ways: dict[str, list[str]], folder: Path, repeat: int) -> None:
    used: dict[str, list[server.Usage]] = {name: [] for name in ways}
    digests = set()
    for _ in range(repeat):
        for name, options in ways.items():
            with server.fresh(folder) as found:
                used[name].append(found.jwgraph("load", *paths, *options))
                with Graph(found.connection) as graph:
                    digests.add(digest(graph))
    assert len(digests) == 1, digests
    for name, runs in used.items():
        result.middle("load", name, [run.wall for run in runs], "s")
        result.middle("load", f"{name}, server", [run.java for run in runs], "s", "CPU")
        result.middle("load", f"{name}, the others", [run.cpu for run in runs], "s", "CPU")
        result.add("load", f"{name}, most memory", max(run.peak for run in runs), "MB")
    least = {name: min(run.wall for run in runs) for name, runs in used.items()}
    for name in [*ways][1:]:
        result.ratio("load", f"{name} / {ORDINARY}", least[name], least[ORDINARY], "least seconds")


if __name__ == "__main__":
    main()
