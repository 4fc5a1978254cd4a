"""What an astronomer does on the page, in a real browser: with script, without it, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from jwgraph.demo import OBS_ID
from tests.support import cli

pytestmark = pytest.mark.once

TREE, MRP = 65, 5
PATIENCE = 60_000


@pytest.fixture
def problems(page: Page) -> Iterator[list[str]]:
    """Collect what the browser complains about; there must be nothing at the end."""
    found: list[str] = []
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    # A download ends its navigation.
    page.on(
        "requestfailed", lambda sent: None if "ABORTED" in str(sent.failure) else found.append(f"{sent.url} failed")
    )
    yield found
    assert found == []


def _ended(sent: Request) -> bool:
    """Return whether a request became a download, which ends its navigation."""
    return "ABORTED" in str(sent.failure)


def counted(page: Page) -> str:
    return page.locator("#count").inner_text()


def test_the_whole_story(page: Page, site: str, problems: list[str], environment: Path) -> None:
    page.goto(site)
    page.get_by_label("Find an Observation").fill("f187n")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=OBS_ID, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OBS_ID)
    box = page.get_by_label("Minimum Recommended Products")
    expect(box).to_be_checked()
    assert counted(page).startswith(f"{MRP} of {TREE} files shown")
    assert page.locator("#tree tr[data-id='level-2']").count() == 0
    box.uncheck()
    page.wait_for_url("**mrp=0")
    assert counted(page).startswith(f"{TREE} of {TREE} files shown")
    expect(page.locator("#tree tr[data-id='level-2']")).to_be_visible()
    printed = cli.jwgraph("tree", OBS_ID, "--format", "csv")
    assert len(cli.rows(printed.stdout)) == TREE
    page.get_by_label("Minimum Recommended Products").check()
    page.wait_for_url("**mrp=1")
    assert counted(page).startswith(f"{MRP} of {TREE} files shown")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download script").click()
    script = Path(waiting.value.path()).read_text()
    assert waiting.value.suggested_filename == f"fetch_{OBS_ID}.sh"
    assert script.count("\nget ") == MRP


def test_the_same_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/observations/{OBS_ID}")
    page.locator("#mrp").uncheck()
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**mrp=0")
    assert counted(page).startswith(f"{TREE} of {TREE} files shown")
    # The box is remembered.
    page.goto(f"{site}/observations/{OBS_ID}")
    assert counted(page).startswith(f"{TREE} of {TREE} files shown")
    before = page.locator("#tree tbody tr").count()
    page.locator("tr[data-id='level-2'] a.toggle").click()
    assert page.locator("#tree tbody tr").count() < before
    page.locator("tr[data-id='own'] input").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").first.click()
    assert len(cli.rows(Path(waiting.value.path()).read_text())) == 7
    context.close()


def test_the_same_by_keyboard_alone(page: Page, site: str, problems: list[str]) -> None:
    page.goto(f"{site}/observations/{OBS_ID}?mrp=1")

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} is not reached")

    tab_to("#mrp")
    page.keyboard.press("Space")
    page.wait_for_url("**mrp=0")
    tab_to("#tree tr")
    assert page.evaluate("document.activeElement.dataset.id") == "own"
    page.keyboard.press("ArrowLeft")
    expect(page.locator("tr[data-id='own']")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.id") == "level-2"
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tree tbody tr")).to_have_count(2)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tree tbody tr")).to_have_count(5)
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_contain_text("58 files ticked")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tree tbody tr")).to_have_count(16)
    expect(page.locator("tr[data-id='level-2'] ~ tr input:checked")).to_have_count(14)
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.id") == "own"
    tab_to("button[value='curl']")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert Path(waiting.value.path()).read_text().count("\nget ") == 56


def test_ticks_of_groups_and_files(page: Page, site: str, problems: list[str]) -> None:
    page.goto(f"{site}/observations/{OBS_ID}?mrp=0&open=own")
    group = page.locator("tr[data-id='own'] input")
    group.check()
    expect(page.locator("#chosen")).to_contain_text("7 files ticked")
    page.locator(f"tr[data-id='{OBS_ID}_i2d.fits'] input").uncheck()
    expect(page.locator("#chosen")).to_contain_text("6 files ticked")
    assert group.evaluate("box => box.indeterminate")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Manifest").click()
    assert Path(waiting.value.path()).read_text().count("\n") == 7


def test_the_state_of_the_tree_is_in_the_address(page: Page, site: str, problems: list[str]) -> None:
    page.goto(f"{site}/observations/{OBS_ID}?mrp=0&open=none")
    page.locator("tr[data-id='level-2'] a.toggle").click()
    expect(page.locator("#tree tbody tr")).to_have_count(5)
    assert re.search(r"open=level-2", page.url)
    page.reload()
    expect(page.locator("#tree tbody tr")).to_have_count(5)


def test_cypher_runs_from_its_form(page: Page, site: str, problems: list[str]) -> None:
    page.goto(f"{site}/cypher?query=RETURN%2041%20%2B%201%20AS%20answer")
    assert page.locator("table").count() == 0
    page.get_by_role("button", name="Run").click()
    expect(page.locator("tbody td")).to_have_text("42")


def test_a_page_of_another_site_runs_nothing(page: Page, site: str) -> None:
    """A form of another origin, sent as browsers send it."""
    form = f'<form method="post" action="{site}/cypher"><input name="query" value="RETURN 1"><button>x</button></form>'
    page.set_default_timeout(PATIENCE)
    page.route(
        "http://elsewhere.test/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=form,
        ),
    )
    page.goto("http://elsewhere.test/")
    with page.expect_navigation() as waiting:
        page.get_by_role("button").click()
    answer = waiting.value
    assert answer.status == 403
