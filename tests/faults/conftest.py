"""The server of the run, as for the tests in `tests/integration`."""

from tests.integration.conftest import _store, connection, environment, graph, slate

__all__ = ["_store", "connection", "environment", "graph", "slate"]
