"""Measure jwgraph against a real server, side by side in one run: `make bench`, `python -m tests.bench.run SECTION…`.

Servers have fresh folders of their own, removed at the end; the version is that of `JWGRAPH_NEO4J`, else the default.
Times depend on the machine and its load: compare ratios within one run. What is warm is said with each number: loads
are the first that their server sees, answers are asked for once before they are timed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import compared, growth, hits, loads, profiles, starts
from tests.bench.bench import Bench
from tests.bench.result import Result, machine
from tests.bench.server import prepare, version

ROWS = 300_000
SIZES = (100_000, 300_000, 1_000_000)
SECTIONS: dict[str, Callable[[Bench], None]] = {
    "load": loads.loading,
    "dump": loads.dumping,
    "restore": loads.restoring,
    "queries": starts.answering,
    "hits": hits.hitting,
    "command": starts.commanding,
    "reload": loads.reloading,
    "small": loads.small,
    "start": starts.starting,
    "profile": profiles.profiling,
    "against": compared.comparing,
    "growth": growth.growing,
}
"""Sections in the order in which they run; each can run alone."""

_LONG = frozenset({"growth"})


def main() -> None:
    """Run the sections that are asked for."""
    given = _arguments()
    result = Result()
    about = machine()
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(f"load average {os.getloadavg()[0]:.1f}; Neo4j {version()}; {given.rows:,} rows", flush=True)
    prepare()
    with tempfile.TemporaryDirectory(prefix="jwgraph-bench-") as name:
        bench = Bench(result, Path(name), given.rows, _python(given.against), given.repeat, given.archive, given.sizes)
        try:
            for section in given.sections:
                SECTIONS[section](bench)
        finally:
            bench.close()
            if given.json:
                result.write(given.json, _settings(given))
    print(f"\nload average {result.load_at_begin:.1f} at the begin, {os.getloadavg()[0]:.1f} at the end")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description="Measure jwgraph.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; all but growth")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the large product list (default %(default)s)")
    parser.add_argument(
        "--archive", action="store_true", help="rows of a synthetic archive, with all that belongs to it"
    )
    parser.add_argument("--repeat", type=int, default=3, help="how often small loads are repeated (default 3)")
    parser.add_argument(
        "--sizes", type=int, nargs="+", metavar="ROWS", default=SIZES, help="rows of the lists of the section growth"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result to a file")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="a checkout with its .venv, to compare with")
    given = parser.parse_args()
    unknown = sorted(set(given.sections) - SECTIONS.keys())
    if unknown:
        parser.error(f"there is no section {unknown[0]}; there are {', '.join(SECTIONS)}")
    if not given.sections:
        given.sections = [name for name in SECTIONS if name not in _LONG]
    given.sizes = sorted(set(given.sizes))
    if "growth" in given.sections and len(given.sizes) < 2:
        parser.error("--sizes needs at least two different numbers")
    if "growth" in given.sections and given.archive:
        parser.error("the section growth asks the same of lists of every size: leave out --archive")
    if "against" in given.sections and len(given.sections) == 1 and not given.against:
        parser.error("the section against needs --against CHECKOUT")
    return given


def _settings(given: argparse.Namespace) -> dict[str, Any]:
    names = ("sections", "rows", "repeat", "archive", "sizes")
    return {name: getattr(given, name) for name in names} | {"neo4j": version()}


def _python(checkout: Path | None) -> str:
    if checkout is None:
        return ""
    found = checkout.resolve() / ".venv" / "bin" / "python"
    if not found.exists():
        sys.exit(f"{checkout} has no .venv/bin/python")
    return str(found)


if __name__ == "__main__":
    main()
