"""Every kind of page for everyone: axe finds nothing, in light and dark, 320 pixels wide; pages are small."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from jwgraph.demo import OBS_ID

pytestmark = pytest.mark.once

PAGES = (
    "/",
    "/?instrument=NIRCAM&level3=no",
    "/?sort=colour",
    f"/observations/{OBS_ID}?mrp=1",
    f"/observations/{OBS_ID}?mrp=0&open=none",
    f"/observations/{OBS_ID}?mrp=0&suffix=cal",
    f"/observations/{OBS_ID}?mrp=0&detector=nrs1",
    f"/observations/{OBS_ID}?show=why",
    f"/products/{OBS_ID}_i2d.fits",
    f"/products/{OBS_ID}_i2d.fits?steps=3",
    f"/products/{OBS_ID}_i2d.fits?show=made-from",
    "/programs/2221",
    "/programs/2221?show=events",
    "/queries",
    f"/queries/mrp?obs_id={OBS_ID}",
    "/cypher",
    "/observations/nothing",
    "/token",
)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, site: str, scheme: Literal["light", "dark"], width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.set_default_timeout(120_000)
    found = {}
    for address in PAGES:
        page.goto(site + address)
        for details in page.locator("details:not([open]) > summary").all():
            details.click()
        broken = Axe().run(page).response["violations"]
        if broken:
            found[address] = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in broken]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found[f"{address} is wider than the window"] = wider
    context.close()
    assert found == {}


def test_pages_are_small_and_ask_no_other_server(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto(f"{site}/observations/{OBS_ID}?mrp=0", wait_until="networkidle")
    context.close()
    assert all(address.startswith(site) for address in sizes)
    assert sum(size for address, size in sizes.items() if address.endswith(".js")) <= 60 * 1024
    assert max(size for address, size in sizes.items() if "/observations/" in address) <= 60 * 1024
