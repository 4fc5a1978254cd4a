"""The web page against a real store: every kind of page, its data, its command, and what it says where it cannot."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from jwgraph.answers.observations import completeness
from jwgraph.answers.products import tree
from jwgraph.answers.sizes import sizes
from jwgraph.demo import OBS_ID
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.support import cli, web
from tests.support.builders import archived
from tests.support.small import L3, PROMISED, A, B
from tests.support.store import load_records

I2D = f"{OBS_ID}_i2d.fits"


@pytest.fixture
def site(demo: Graph, connection: Connection) -> Iterator[TestClient]:
    with web.client(connection) as made:
        yield made


@pytest.fixture
def small_site(small: Graph, connection: Connection) -> Iterator[TestClient]:
    with web.client(connection) as made:
        yield made


ADDRESSES = [
    "/",
    "/?program=2221&level3=yes",
    "/?sort=-size",
    f"/observations/{OBS_ID}",
    f"/observations/{OBS_ID}?mrp=0&suffix=cal&previews=no",
    f"/observations/{OBS_ID}?show=why",
    f"/observations/{OBS_ID}?show=members",
    f"/observations/{OBS_ID}?show=missing",
    f"/observations/{OBS_ID}?show=history",
    f"/observations/{OBS_ID}?show=references",
    f"/observations/{OBS_ID}?show=impact",
    f"/products/{I2D}",
    f"/products/{I2D}?show=made-from",
    f"/products/{I2D}?show=went-into",
    f"/products/{I2D}?show=why",
    f"/products/{I2D}?show=links",
    f"/products/{I2D}?show=members",
    "/programs/2221?show=missing",
    "/programs/2221?show=references",
    "/programs/2221?show=events&since=30d",
    "/queries",
    f"/queries/mrp?obs_id={OBS_ID}",
    "/queries/counts",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_data_too_and_shows_the_command_that_prints_it(
    site: TestClient, environment: Path, address: str
) -> None:
    shown = site.get(address)
    assert shown.status_code == 200
    (line,) = web.command(shown.text)
    command, *words = shlex.split(line)
    assert command == "jwgraph"
    join = "&" if "?" in address else "?"
    rows = site.get(f"{address}{join}format=json").json()["rows"]
    printed = json.loads(cli.jwgraph(*words, "--format", "json").stdout)
    # A product's command prints one object.
    printed = printed.get("rows", [printed])
    ordered = [json.dumps(row, sort_keys=True, default=str) for row in rows]
    assert sorted(ordered) == sorted(json.dumps(row, sort_keys=True, default=str) for row in printed)
    head = ",".join(rows[0]) if rows else ""
    for form, start in (("csv", head), ("ecsv", "# %ECSV"), ("votable", "<?xml")):
        data = site.get(f"{address}{join}format={form}")
        assert data.status_code == 200
        assert data.text.startswith(start)


def test_the_box_is_ticked_at_first_and_the_counts_are_those_of_the_command(
    site: TestClient, environment: Path
) -> None:
    ticked = site.get(f"/observations/{OBS_ID}")
    assert 'id="mrp" name="mrp" value="1" checked' in ticked.text
    assert "5 of 65 files shown" in web.text(ticked.text)
    assert "Exposures at level 2" not in ticked.text
    unticked = site.get(f"/observations/{OBS_ID}?mrp=0")
    assert 'id="mrp" name="mrp" value="1">' in unticked.text
    assert "65 of 65 files shown" in web.text(unticked.text)
    assert "Exposures at level 2 (7 Observations, 58 products)" in unticked.text
    assert len(cli.rows(cli.jwgraph("tree", OBS_ID, "--format", "csv").stdout)) == 65
    assert len(cli.rows(cli.jwgraph("tree", OBS_ID, "--mrp", "--format", "csv").stdout)) == 5


def test_the_box_is_remembered_and_the_address_wins(site: TestClient) -> None:
    site.get(f"/observations/{OBS_ID}?mrp=0")
    assert "65 of 65" in site.get(f"/observations/{OBS_ID}").text
    assert "5 of 65" in site.get(f"/observations/{OBS_ID}?mrp=1").text
    assert "5 of 65" in site.get(f"/observations/{OBS_ID}").text


def test_a_form_without_script_leads_to_one_address(site: TestClient) -> None:
    """The form sends the hidden 0 before the box, and empty fields."""
    answer = site.get(f"/observations/{OBS_ID}?mrp=0&mrp=1&suffix=&min_size=", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "?mrp=1")
    assert site.get(f"/observations/{OBS_ID}?mrp=0&mrp=1&suffix=").url.query == b"mrp=1"


def test_filters_count_and_say_what_they_leave_out(site: TestClient) -> None:
    found = web.text(site.get(f"/observations/{OBS_ID}?mrp=0&type=SCIENCE&suffix=cal").text)
    assert "6 of 65 files shown" in found
    assert "None of the 65 products matches detector nrs1." in web.text(
        site.get(f"/observations/{OBS_ID}?mrp=0&detector=nrs1").text
    )


def test_groups_open_on_demand(site: TestClient) -> None:
    closed = site.get(f"/observations/{OBS_ID}?mrp=0&open=none").text
    assert "_uncal.fits" not in closed
    address = next(link for link in web.links(closed) if "open=level-2" in link)
    opened = site.get(f"/observations/{OBS_ID}{address}").text
    assert "5 Observations, jw02221001001_03101_00001_nrca2" in opened
    rows = site.get(f"/observations/{OBS_ID}?mrp=0&rows=jw02221001001_03101_00001_nrca2").text
    assert rows.count("<tr") == 9
    assert "× 5" in rows
    files = site.get(f"/observations/{OBS_ID}?mrp=0&rows=jw02221001001_03101_00001_nrca2/0").text
    assert files.count("_uncal.fits</a>") == 5


def test_ticked_parts_are_what_is_downloaded(site: TestClient) -> None:
    whole = site.get(f"/observations/{OBS_ID}?mrp=0&format=curl")
    assert whole.headers["content-disposition"] == f'attachment; filename="fetch_{OBS_ID}.sh"'
    assert whole.text.count("\nget ") == 63
    assert "Skipped jw02221002001_02101_00004_nrca1_uncal.fits and 1 other file" in whole.headers["jwgraph-note"]
    own = site.get(f"/observations/{OBS_ID}?mrp=0&format=manifest&pick=own&pick={I2D}")
    assert own.text.count("\n") == 8
    one = site.get(f"/observations/{OBS_ID}?mrp=0&format=csv&pick={I2D}")
    assert [row["productFilename"] for row in cli.rows(one.text)] == [I2D]


def test_a_product_says_why_it_is_not_recommended(site: TestClient) -> None:
    tree_page = site.get(f"/observations/{OBS_ID}?mrp=0").text
    address = next(link for link in web.links(tree_page) if link == f"/products/{OBS_ID}_i2d.jpg#why")
    assert "no: previews are never recommended." in web.text(site.get(address).text)


def test_a_lineage_is_drawn_one_step_and_more_on_demand(site: TestClient) -> None:
    one = site.get(f"/products/{I2D}").text
    assert "_cal.fits" in one
    assert "_rate.fits" not in one
    two = site.get(f"/products/{I2D}?steps=2").text
    assert "_rate.fits" in two
    assert "_uncal.fits" not in two


def test_observations_without_level_3_are_marked_with_the_reason(site: TestClient) -> None:
    found = web.text(site.get("/?level3=no").text)
    assert "3 Observations" in found
    assert found.count("No Level 3 reason not known: no Stage 3 association names any of its files") == 3


def test_facets_narrow_and_active_filters_are_removed(site: TestClient) -> None:
    first = site.get("/").text
    assert "?instrument=NIRCAM" in web.links(first)
    narrowed = site.get("/?instrument=NIRCAM&level3=no").text
    assert "2 Observations" in web.text(narrowed)
    assert "?instrument=NIRCAM" in web.links(narrowed)
    assert "?level3=no" in web.links(narrowed)
    assert "Clear all" in narrowed


@pytest.mark.parametrize("text", ["f187n", OBS_ID, OBS_ID.upper(), I2D, f"mast:JWST/product/{I2D}", "2221", "*o001*"])
def test_search_finds_any_form_of_a_name(site: TestClient, text: str) -> None:
    found = site.get("/", params={"q": text})
    assert found.status_code == 200
    assert f"/observations/{OBS_ID}" in web.links(found.text)


def test_an_observation_is_found_by_the_name_of_a_file(site: TestClient) -> None:
    found = web.text(site.get(f"/observations/{I2D}").text)
    assert f"{I2D} is a file of {OBS_ID}: this is the tree of {OBS_ID}" in found


def test_what_is_not_known_is_said(small_site: TestClient) -> None:
    found = small_site.get(f"/observations/{L3}?show=missing&format=json").json()
    assert [note["command"] for note in found["notes"]] != [""]
    unknown = small_site.get(f"/observations/{B}?show=references")
    assert unknown.status_code == 200
    assert "headers of" in web.text(unknown.text)
    engineering = small_site.get(f"/observations/{PROMISED}?show=engineering")
    assert engineering.status_code == 404
    assert "unknown: no times are loaded" in web.text(engineering.text)


def test_a_planned_observation_says_why_it_is_empty(small_site: TestClient) -> None:
    assert f"{PROMISED} is expected, but none of its products is there." in web.text(
        small_site.get(f"/observations/{PROMISED}?mrp=1").text
    )


def test_counts_of_the_list_are_those_of_size(small: Graph) -> None:
    names = [L3, PROMISED, A, B]
    counted = {row.obs_id: (row.files, row.bytes or 0) for row in sizes(small, names)}
    found = completeness(small, names)
    assert {name: (each.files, each.bytes) for name, each in found.items()} == counted
    assert found[PROMISED].absent == len([row for row in tree(small, PROMISED) if not row.archived])
    assert str(found[L3]) != str(found[B])


def test_names_are_shown_as_text(graph: Graph, connection: Connection) -> None:
    """Names in sources are hostile: markup, quotes, control characters, slashes."""
    names = ["jw02733001001_02101_00001_nrca1_<script>alert(1)</script>.fits", 'jw02733_"onmouseover=x\x1b[31m.fits']
    load_records(graph, archived(*names, f"{A}_cal.fits"))
    with web.client(connection) as made:
        for name in names:
            found = made.get(f"/products/{web_quoted(name)}")
            assert found.status_code == 200
            assert "<script>alert" not in found.text
            assert "\x1b" not in found.text
            assert '"onmouseover' not in found.text
        assert "<script>" not in made.get("/?q=<script>alert(1)</script>").text


def web_quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")
