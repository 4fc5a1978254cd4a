"""compose.yaml is safe by default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from jwgraph.server import DEFAULT_VERSION
from jwgraph.server.config import SETTINGS

FILE = Path(__file__).resolve().parents[2] / "compose.yaml"


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]["neo4j"]
    return found


def test_the_image_is_pinned_to_the_tested_version(service: dict[str, Any]) -> None:
    assert service["image"] == f"neo4j:{DEFAULT_VERSION}-community"


def test_ports_are_on_loopback_only(service: dict[str, Any]) -> None:
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_it_refuses_to_start_without_a_password(service: dict[str, Any]) -> None:
    assert "${NEO4J_PASSWORD:?" in service["environment"]["NEO4J_AUTH"]


def test_it_has_a_health_check_that_asks_the_database(service: dict[str, Any]) -> None:
    assert "RETURN 1" in service["healthcheck"]["test"][1]


def test_it_is_hardened_as_the_managed_server_is(service: dict[str, Any]) -> None:
    ours = dict(line.split("=", 1) for line in SETTINGS.splitlines() if "=" in line and not line.startswith("#"))
    for name in (
        "dbms.security.allow_csv_import_from_file_urls",
        "internal.dbms.cypher_ip_blocklist",
        "dbms.security.procedures.allowlist",
        "dbms.usage_report.enabled",
    ):
        variable = "NEO4J_" + name.replace("_", "__").replace(".", "_")
        assert service["environment"][variable] == ours[name]
