"""Measure the web page of one Observation of 10,000 files: `python -m tests.bench.web`.

Sizes of the documents, times of the warm server and of a real browser, each beside its budget, and requests per second
beside those of the bare driver. `--against CHECKOUT` measures the page of another checkout in the same run, in turns:
the load of the machine decides what times are worth, and ratios stay. `--json` writes all to a file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from threading import local
from typing import Any, TypeVar

import psutil
import requests
from playwright.sync_api import Page, sync_playwright

from jwgraph.demo import OBS_ID, load_demo
from jwgraph.settings import Connection
from jwgraph.store import queries, schema
from jwgraph.store.graph import Graph
from tests.bench import large
from tests.bench.starts import timed
from tests.support import backends
from tests.support.store import load_paths

T = TypeVar("T")

CHECKOUT = Path(__file__).resolve().parents[2]
EXPOSURES, TIMES, CLICKS = 2000, 60, 15
CLIENTS, ASKED = 8, 400
PAGE = f"/observations/{large.OBS_ID}"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; 0 stands for no budget."""

    of: str
    name: str
    value: float
    unit: str
    budget: float = 0.0


@dataclass(slots=True)
class Result:
    """All measurements of a run."""

    rows: list[Row] = field(default_factory=list)

    def add(self, of: str, name: str, value: float, unit: str, budget: float = 0.0) -> None:
        """Keep one, and print it."""
        self.rows.append(Row(of, name, value, unit, budget))
        limit = f"budget {budget:g}" if budget else ""
        print(f"{of:8} {name:42} {value:10.1f} {unit:4} {limit}".rstrip(), flush=True)

    def write(self, path: Path) -> None:
        """Write all as JSON."""
        found = {"load_average": os.getloadavg()[0], "measured": [asdict(row) for row in self.rows]}
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


@dataclass(slots=True)
class Site:
    """The page of one checkout, served by a process of its own."""

    name: str
    address: str
    process: psutil.Process
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, query: str) -> requests.Response:
        """Ask for the page."""
        answer = self.session.get(f"{self.address}{PAGE}{query}", timeout=120, headers={"Accept": "text/html"})
        answer.raise_for_status()
        return answer

    def spent(self) -> float:
        """Return the processor time of its process, in milliseconds."""
        used = self.process.cpu_times()
        return (used.user + used.system) * 1000


@contextmanager
def served(name: str, checkout: Path, connection: Connection) -> Iterator[Site]:
    """Serve the page as users do."""
    environment = os.environ | {
        "NEO4J_URI": connection.uri,
        "NEO4J_USERNAME": connection.username,
        "NEO4J_PASSWORD": connection.password,
        "NEO4J_DATABASE": connection.database,
        "PYTHONPATH": os.pathsep.join((str(checkout), str(checkout / "loaders"))),
    }
    command = [sys.executable, "-m", "jwgraph", "serve", "--port", "0"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=checkout)
    assert started.stdout is not None
    try:
        yield Site(name, started.stdout.readline().strip().rstrip("/"), psutil.Process(started.pid))
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(60)


def sizes(result: Result, site: Site, checkout: Path) -> None:
    """Measure the documents and the script."""
    result.add(site.name, "first page, HTML", len(site.get("?mrp=1").content) / 1024, "KiB", 60)
    result.add(site.name, "all files, HTML", len(site.get("?mrp=0").content) / 1024, "KiB", 60)
    scripts = (checkout / "jwgraph" / "web" / "static").glob("*.js")
    result.add(site.name, "script", sum(path.stat().st_size for path in scripts) / 1024, "KiB", 60)


def server(result: Result, sites: Sequence[Site]) -> None:
    """Measure the warm servers in turns."""
    name = sites[0].get("?mrp=0&rows=level-2").text.split('data-id="')[1].split('"', 1)[0]
    cases = {
        "page with MRP": ("?mrp=1", 100.0),
        "page without MRP": ("?mrp=0", 100.0),
        "group of exposures": ("?mrp=0&rows=level-2", 50.0),
        "group of 2,000 files": (f"?mrp=0&rows={name}/0", 50.0),
    }
    for what, (query, budget) in cases.items():
        times: dict[str, list[float]] = {site.name: [] for site in sites}
        spent = {site.name: -site.spent() for site in sites}
        for _ in range(TIMES):
            for site in sites:
                times[site.name].append(_milliseconds(site.get, query))
        for site in sites:
            result.add(site.name, f"{what}, p95", quantiles(times[site.name], n=20)[-1], "ms", budget)
            result.add(site.name, f"{what}, median", median(times[site.name]), "ms")
            result.add(site.name, f"{what}, processor", (spent[site.name] + site.spent()) / TIMES, "ms")


def _milliseconds(act: Callable[[T], object], what: T) -> float:
    return timed(lambda: act(what)) * 1000


def browser(result: Result, sites: Sequence[Site]) -> None:
    """Measure a real browser in turns: open a group, tick MRP."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        pages = {site.name: made.new_page() for site in sites}
        for what, act, budget in (("open a group", open_group, 100.0), ("tick MRP", tick, 200.0)):
            times: dict[str, list[float]] = {site.name: [] for site in sites}
            for _ in range(CLICKS):
                for site in sites:
                    page = pages[site.name]
                    page.set_default_timeout(120_000)
                    page.goto(f"{site.address}{PAGE}?mrp=0&open=none")
                    times[site.name].append(_milliseconds(act, page))
            for site in sites:
                result.add(site.name, f"{what}, median", median(times[site.name]), "ms", budget)
        made.close()


def open_group(page: Page) -> None:
    """Open the exposures, and wait for their row."""
    page.locator("tr[data-id='level-2'] a.toggle").click()
    page.locator("#tree tbody tr").nth(2).wait_for()


def tick(page: Page) -> None:
    """Tick the box, and wait for the page with it."""
    page.locator("#mrp").check(no_wait_after=True)
    page.wait_for_url("**mrp=1")


def throughput(result: Result, sites: Sequence[Site], connection: Connection) -> None:
    """Measure requests per second of several clients, beside the bare driver with the same queries."""
    with Graph(connection) as graph:
        for what, obs_id in (("65 files", OBS_ID), ("10,000 files", large.OBS_ID)):
            asked = ASKED if obs_id == OBS_ID else ASKED // 10
            for query, box in (("tree", "0"), ("mrp", "1")):
                for site in sites:
                    where = f"{site.address}/observations/{obs_id}?mrp={box}&format=json"
                    result.add(site.name, f"{query} of {what}", _rate(_session(where), asked), "/s")
                named = queries.get(f"query/{query}")
                result.add("driver", f"{query} of {what}", _rate(_driver(graph, named, obs_id), asked), "/s")


def _session(where: str) -> Callable[[], object]:
    kept = local()

    def ask() -> object:
        if not hasattr(kept, "session"):
            kept.session = requests.Session()
        answer = kept.session.get(where, timeout=120)
        answer.raise_for_status()
        return answer.content

    return ask


def _driver(graph: Graph, query: queries.Query, obs_id: str) -> Callable[[], object]:
    values = {param.name: param.value(param.default) for param in query.params if param.default is not None}
    values["obs_ids"] = [obs_id]

    def ask() -> object:
        with graph.session(read=True) as session:
            return session.execute_read(lambda tx: list(tx.run(query.text, values)))

    return ask


def _rate(ask: Callable[[], object], number: int) -> float:
    """Return how often several clients get an answer in a second."""
    ask()
    with ThreadPoolExecutor(CLIENTS) as pool:
        begin = time.perf_counter()
        list(pool.map(lambda _: ask(), range(number)))
        return number / (time.perf_counter() - begin)


def main(arguments: Sequence[str] | None = None) -> None:
    """Load the Observation into a server of its own, and measure."""
    parser = argparse.ArgumentParser(description="Measure the web page.")
    parser.add_argument("--against", type=Path, help="Another checkout, whose page is measured too.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write the measurements to a file.")
    given: Any = parser.parse_args(arguments)
    result = Result()
    with tempfile.TemporaryDirectory() as folder, backends.running("managed", Path(folder) / "home") as connection:
        with Graph(connection) as graph:
            schema.ensure(graph)
            products, association, files = large.write(Path(folder), EXPOSURES)
            load_paths(graph, products, association)
            load_demo(graph)
        print(f"{files:,} files; load of the machine {os.getloadavg()[0]:.1f}", flush=True)
        checkouts = {"this": CHECKOUT} | ({"other": given.against} if given.against else {})
        with ExitStack() as stack:
            sites = [stack.enter_context(served(name, each, connection)) for name, each in checkouts.items()]
            for site, checkout in zip(sites, checkouts.values(), strict=True):
                sizes(result, site, checkout)
            server(result, sites)
            browser(result, sites)
            throughput(result, sites, connection)
    if given.json:
        result.write(given.json)


if __name__ == "__main__":
    main()
