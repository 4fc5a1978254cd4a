"""Sections about writing: load, reload, dump, restore, each beside the offline import of the same graph."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.bench import offline, rows
from tests.bench.bench import Bench, Traced, load
from tests.bench.result import Result
from tests.bench.server import Server, Usage
from tests.bench.traced import FIRST

LIMIT = "offline import of the same graph"
IMPORTS = 3


def loading(bench: Bench) -> None:
    """Load the large list into a fresh store, and import the same graph offline."""
    found, done = bench.first_load
    limit = _limit(bench)
    counts = json.loads((bench.dumped[0] / "manifest.json").read_text(encoding="utf-8"))["counts"]
    nodes, edges = sum(counts["nodes"].values()), sum(counts["edges"].values())
    result = bench.result
    result.add("load", "rows of the product list", bench.rows.number)
    result.add("load", "nodes", nodes)
    result.add("load", "edges", edges)
    say(result, "load", "load into a fresh store", done)
    result.add("load", "entities a second", (nodes + edges) / done.usage.wall)
    result.add("load", "most memory of the loader", done.usage.peak, "MB")
    result.add("load", "store on disk", found.disk, "MB")
    result.ratio("load", "import / load", limit.wall, done.usage.wall, "seconds; at least 0.33 is asked for")
    result.ratio("load", "import / load, processor time", limit.cpu, done.usage.all_cpu, "less moved by other work")


def reloading(bench: Bench) -> None:
    """Load the same rows once more: in another order, from another file, one row of each program changed."""
    found, first = bench.first_load
    _dump_first(bench)
    done = load(found, bench.again, bench.folder)
    say(bench.result, "reload", "reload, one row a program changed", done)
    bench.result.ratio("reload", "reload / load", done.usage.wall, first.usage.wall, "seconds; at most 0.33")
    bench.result.ratio("reload", "reload / load, processor time", done.usage.all_cpu, first.usage.all_cpu)


def dumping(bench: Bench) -> None:
    """Write the large store to a folder."""
    path, used = bench.dumped
    size = sum(each.stat().st_size for each in path.iterdir()) / 1e6
    bench.result.add("dump", "dump to a folder", used.wall, "s", used.said())
    bench.result.add("dump", "size of the dump", size, "MB")


def restoring(bench: Bench) -> None:
    """Restore the dump into an empty store."""
    path, dumped = bench.dumped
    limit = _limit(bench)
    with bench.fresh() as found:
        used = found.jwgraph("store", "restore", str(path))
    result = bench.result
    result.add("restore", "restore into a fresh store", used.wall, "s", used.said())
    result.add("restore", "most memory of the restore", used.peak, "MB")
    result.ratio("restore", "import / restore", limit.wall, used.wall, "seconds; at least 0.3 is asked for")
    result.ratio("restore", "import / restore, processor time", limit.cpu, used.all_cpu)
    result.ratio("restore", "dump / restore", dumped.wall, used.wall, "at most 1: the dump is not slower")


def small(bench: Bench) -> None:
    """Load one Observation into a fresh store whose server is up, load it again; and 10,000 rows into a fresh store."""
    one, where = rows.small(bench.folder)
    ten = bench.write("ten", 10_000)
    firsts, seconds, tens, disks = [], [], [], []
    for _ in range(bench.repeat):
        with bench.fresh() as found:
            firsts.append(_plain(found, one).wall)
            seconds.append(_plain(found, one).wall)
            disks.append(found.disk)
        with bench.fresh() as found:
            tens.append(_plain(found, ten).wall)
    result = bench.result
    result.middle("small", f"{one.number} rows into a fresh store", firsts, "s", where)
    result.middle("small", f"{one.number} rows again", seconds, "s")
    result.add("small", "store on disk", max(disks), "MB", "its transaction logs included")
    result.middle("small", "10,000 rows into a fresh store", tens, "s")


def _plain(found: Server, what: rows.Rows) -> Usage:
    return found.jwgraph("load", *what.arguments)


def say(result: Result, section: str, name: str, done: Traced, *, start: str = "") -> None:
    """Add the time of a load, and the parts of it that writing and derivation took."""
    result.add(section, name, done.usage.wall, "s", done.usage.said())
    steps = done.found["steps"]
    for part, named in ((FIRST, {FIRST}), ("derivation", steps.keys() - {FIRST})):
        wall, java, python = (sum(steps[step][place] for step in named if step in steps) for place in range(3))
        result.add(
            section, f"{start or '  '}of it {part}", wall, "s", f"CPU server {java:.1f} s, Python {python:.1f} s"
        )
    result.details[f"{section}: {name}"] = done.found


def _limit(bench: Bench) -> Usage:
    """Return the offline import whose time is the median of several; those that are missing are made now."""
    new = not bench.imports
    while len(bench.imports) < IMPORTS:
        home = bench.imported()
        if len(bench.imports) == 1:
            _check(bench, offline.digest_of(home))
        shutil.rmtree(home.path)
    used = sorted(bench.imports, key=lambda each: each.wall)[len(bench.imports) // 2]
    if new:
        bench.result.middle("import", LIMIT, [each.wall for each in bench.imports], "s", used.said())
        bench.result.add("import", "empty lists, which an import cannot make", bench.tables.lost, "", "left out of it")
    return used


def _check(bench: Bench, digest: str) -> None:
    """Compare the graph that was imported with the one that was loaded."""
    if bench.tables.digest != digest:
        raise RuntimeError(f"the imported graph has digest {digest}, and the loaded one {bench.tables.digest}")


def _dump_first(bench: Bench) -> Path:
    """Dump the store before it changes: what is imported and restored is the graph of the first load."""
    return bench.dumped[0]
