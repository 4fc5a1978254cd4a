"""What all tests share: the header of the run, and that no test meets the user's own store or settings."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from tests.support import backends, caller

backends.given()
caller.clear_environment()
caller.reset_signals()

# How long an example takes says how busy the machine is.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

QUICK_FIRST = ("unit", "real", "integration")
_HOMES = count()


def pytest_report_header() -> str:
    return f"jwgraph backend for integration tests: {backends.chosen()} {backends.version()}".rstrip()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run quick tests first: unit, then what reads real data, then what needs a server."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return QUICK_FIRST.index(folder) if folder in QUICK_FIRST else len(QUICK_FIRST)

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto` is two workers, each with a server of its own; a server that is given cannot be shared."""
    return 0 if backends.chosen() == "uri" else 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Give each worker whole files, in the order above: tests of a file share what is loaded."""
    if backends.chosen() == "uri" and len(config.option.tx) > 1:
        raise pytest.UsageError("workers would empty each other's store: give -n 0, or no NEO4J_URI")
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


@pytest.fixture(autouse=True)
def _no_user_store(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep commands that a test runs away from the user's store: each test has a home of its own, not made yet.

    Nor does a server that is started by the way train for later ones.
    """
    monkeypatch.setenv("JWGRAPH_CLASSCACHE", "off")
    monkeypatch.setenv("JWGRAPH_HOME", str(tmp_path_factory.getbasetemp() / f"home-of-test-{next(_HOMES)}"))


CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the real data: beside the checkout, or where `JWGRAPH_SHARED` says; skipped without one."""
    path = Path(os.environ.get("JWGRAPH_SHARED", CHECKOUT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"the real linkage data is not at {path} (set JWGRAPH_SHARED)")
    return path
