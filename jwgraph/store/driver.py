"""The driver of Neo4j: what jwgraph uses of it to connect, imported with or without numpy."""

from __future__ import annotations

from jwgraph.store import arrays

with arrays.as_wanted():
    from neo4j import (
        READ_ACCESS,
        Driver,
        GraphDatabase,
        ManagedTransaction,
        NotificationMinimumSeverity,
        Result,
        Session,
        SummaryCounters,
    )
    from neo4j.exceptions import (
        AuthError,
        ClientError,
        ConfigurationError,
        Neo4jError,
        ServiceUnavailable,
    )

__all__ = [
    "READ_ACCESS",
    "AuthError",
    "ClientError",
    "ConfigurationError",
    "Driver",
    "GraphDatabase",
    "ManagedTransaction",
    "Neo4jError",
    "NotificationMinimumSeverity",
    "Result",
    "ServiceUnavailable",
    "Session",
    "SummaryCounters",
]
