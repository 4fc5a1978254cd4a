"""Measure the web page of one Observation of 10,000 files: `python -m tests.bench.web`.

Sizes of the documents, times of the warm server, and of a real browser; each beside its budget, with the load of the
machine, which decides what the times are worth.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

import requests
from playwright.sync_api import Page, sync_playwright

from jwgraph.store import schema
from jwgraph.store.graph import Graph
from tests.bench import large
from tests.support import backends, web
from tests.support.store import load_paths

EXPOSURES, TIMES = 2000, 60
PAGE = f"/observations/{large.OBS_ID}"


def p95(ask: Callable[[], object]) -> float:
    """Return the time below which 95 % of the calls stay, in milliseconds."""
    times = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begin) * 1000)
    return quantiles(times, n=20)[-1]


def say(what: str, found: float, budget: float, unit: str) -> None:
    """Print one measurement beside its budget."""
    print(f"{what:45} {found:10.1f} {unit:4} budget {budget:g}", flush=True)


def server(address: str) -> None:
    """Measure documents and the warm server."""
    session = requests.Session()
    session.headers["Accept"] = "text/html"

    def get(query: str) -> requests.Response:
        answer = session.get(f"{address}{PAGE}{query}", timeout=120)
        answer.raise_for_status()
        return answer

    scripts = sum(path.stat().st_size for path in (web_folder() / "static").glob("*.js"))
    say("first page, HTML", len(get("?mrp=1").content) / 1024, 60, "KiB")
    say("all files, HTML", len(get("?mrp=0").content) / 1024, 60, "KiB")
    say("script", scripts / 1024, 60, "KiB")
    say("page with MRP, p95", p95(lambda: get("?mrp=1")), 100, "ms")
    say("page without MRP, p95", p95(lambda: get("?mrp=0")), 100, "ms")
    say("group of exposures, p95", p95(lambda: get("?mrp=0&rows=level-2")), 50, "ms")
    branch = get("?mrp=0&rows=level-2").text.split('data-id="')[1]
    name = branch.split('"', 1)[0]
    say("group of 2,000 files, p95", p95(lambda: get(f"?mrp=0&rows={name}/0")), 50, "ms")


def web_folder() -> Path:
    """Return the folder of the page's files."""
    import jwgraph.web

    return Path(jwgraph.web.__file__).parent


def browser(address: str) -> None:
    """Measure a real browser: open a group, tick MRP."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = made.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{address}{PAGE}?mrp=0&open=none")
        say("open a group", timed(page, lambda: open_group(page)), 100, "ms")
        say("tick MRP", timed(page, lambda: tick(page)), 200, "ms")
        made.close()


def open_group(page: Page) -> None:
    """Open the exposures, and wait for their row."""
    page.locator("tr[data-id='level-2'] a.toggle").click()
    page.locator("#tree tbody tr").nth(2).wait_for()


def tick(page: Page) -> None:
    """Tick the box, and wait for the page with it."""
    page.locator("#mrp").check(no_wait_after=True)
    page.wait_for_url("**mrp=1")


def timed(page: Page, act: Callable[[], None]) -> float:
    """Return the median time of an action from the same page, in milliseconds."""
    start, times = page.url, []
    for _ in range(9):
        page.goto(start)
        begin = time.perf_counter()
        act()
        times.append((time.perf_counter() - begin) * 1000)
    return sorted(times)[len(times) // 2]


def main() -> None:
    """Load the Observation into a server of its own, and measure."""
    with tempfile.TemporaryDirectory() as folder, backends.running("managed", Path(folder) / "home") as connection:
        with Graph(connection) as graph:
            schema.ensure(graph)
            products, association, files = large.write(Path(folder), EXPOSURES)
            load_paths(graph, products, association)
        print(f"{files:,} files; load of the machine {os.getloadavg()[0]:.1f}", flush=True)
        with web.served(connection) as address:
            server(address)
            browser(address)


if __name__ == "__main__":
    main()
