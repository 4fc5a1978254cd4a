"""The page as programs use it: OpenAPI, DataLink and VOSI, and many requests at once."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import schemathesis
from astropy.io.votable import parse
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from pyvo.dal.adhoc import DatalinkResults
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from starlette.testclient import TestClient
from vo_models.vosi.availability import Availability
from vo_models.vosi.capabilities import VOSICapabilities

from jwgraph.answers.products import mrp, tree
from jwgraph.demo import OBS_ID
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from jwgraph.web.app import create_app
from jwgraph.web.guard import Access
from tests.support import web

I2D = f"{OBS_ID}_i2d.fits"


@pytest.fixture
def site(demo: Graph, connection: Connection) -> Iterator[TestClient]:
    with web.client(connection) as made:
        yield made


@pytest.fixture
def address(demo: Graph, connection: Connection) -> Iterator[str]:
    with web.served(connection) as made:
        yield made


def test_the_document_is_openapi_3_1(site: TestClient) -> None:
    document = site.get("/openapi.json").json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/",
        "/observations/{obs_id}",
        "/products/{filename}",
        "/programs/{program}",
        "/queries",
        "/queries/{name}",
        "/cypher",
        "/datalink",
        "/availability",
        "/capabilities",
        "/healthz",
    }


def test_no_request_that_the_document_allows_is_a_server_error(demo: Graph, connection: Connection) -> None:
    host = {"Host": web.HOST}
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(connection), headers=host)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == 12
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        def check(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=host, checks=[not_a_server_error])

        check()


def of(found: DatalinkResults, semantics: str) -> list[Any]:
    """Return the rows of one term; `bysemantics` would ask for the vocabulary over the network."""
    return [row for row in found if row["semantics"] == semantics]


def test_datalink_of_an_observation_is_read_by_pyvo(demo: Graph, address: str) -> None:
    found = DatalinkResults.from_result_url(f"{address}/datalink?ID={OBS_ID}")
    assert set(found["ID"]) == {OBS_ID}
    this = {str(row["description"]) for row in of(found, "#this")}
    assert this == {row.productFilename for row in mrp(demo, OBS_ID) if row.productType != "INFO"}
    assert all(str(row["access_url"]).startswith("https://") for row in of(found, "#this"))


@pytest.mark.parametrize("name", [I2D, f"mast:JWST/product/{I2D}"])
def test_datalink_of_a_file_in_any_form(address: str, name: str) -> None:
    found = DatalinkResults.from_result_url(f"{address}/datalink?ID={name}")
    assert set(found["ID"]) == {name}
    assert [str(row["description"]) for row in of(found, "#this")] == [I2D]
    made_of = {str(row["description"]) for row in of(found, "#progenitor")}
    assert "jw02221001001_03101_00001_nrca1_uncal.fits" in made_of
    assert {str(row["description"]) for row in of(found, "#derivation")} == {
        f"{OBS_ID}_cat.ecsv",
        f"{OBS_ID}_segm.fits",
    }


def test_datalink_of_what_is_not_there_is_a_row_with_the_reason(site: TestClient) -> None:
    answer = site.get(f"/datalink?ID=nothing&ID={I2D}")
    assert answer.headers["content-type"] == "application/x-votable+xml;content=datalink"
    table = parse(io.BytesIO(answer.content)).get_first_table().array
    first = table[0]
    assert str(first["ID"]) == "nothing"
    assert str(first["error_message"]).startswith("NotFoundFault: ")
    assert len(table) > 1
    assert site.get("/datalink").status_code == 422


def test_services_are_described(site: TestClient) -> None:
    found = Availability.from_xml(site.get("/availability").content)
    assert found.available
    listed = VOSICapabilities.from_xml(site.get("/capabilities").content)
    assert [str(each.standard_id) for each in listed.capability] == [
        "ivo://ivoa.net/std/VOSI#capabilities",
        "ivo://ivoa.net/std/VOSI#availability",
        "ivo://ivoa.net/std/DataLink#links-1.1",
    ]
    links = listed.capability[2].interface
    assert links is not None
    assert str(links[0].access_url[0].value) == f"{web.BASE}/datalink"


def test_many_requests_at_once_have_right_answers(demo: Graph, address: str) -> None:
    expected = {"0": len(tree(demo, OBS_ID)), "1": len(mrp(demo, OBS_ID))}
    session = threading.local()

    def ask(number: int) -> tuple[int, bool]:
        if not hasattr(session, "made"):
            session.made = requests.Session()
        box = str(number % 2)
        answer = session.made.get(f"{address}/observations/{OBS_ID}?format=json&mrp={box}", timeout=120)
        return answer.status_code, len(answer.json()["rows"]) == expected[box]

    with ThreadPoolExecutor(200) as pool:
        found = list(pool.map(ask, range(200)))
    assert set(found) == {(200, True)}


def test_a_bearer_is_enough_for_programs(demo: Graph, connection: Connection) -> None:
    with web.served(connection, Access(token="a-token-of-the-tests-0123456789")) as where:
        headers = {"Authorization": "Bearer a-token-of-the-tests-0123456789"}
        answer = requests.get(f"{where}/?format=json", headers=headers, timeout=60)
        assert answer.status_code == 200
        assert len(answer.json()["rows"]) == 4
        assert requests.get(f"{where}/?format=json", timeout=60).status_code == 401
