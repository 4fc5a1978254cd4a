"""The driver of Neo4j: what jwgraph uses of it to connect, imported with or without numpy."""

from __future__ import annotations

from jwgraph.store import arrays

with arrays.as_wanted():
    from neo4j import (
        READ_ACCESS,
        Bookmarks,
        Driver,
        GraphDatabase,
        ManagedTransaction,
        NotificationMinimumSeverity,
        Record,
        Session,
        SummaryCounters,
        Transaction,
        unit_of_work,
    )
    from neo4j.exceptions import (
        AuthError,
        ClientError,
        ConfigurationError,
        DriverError,
        Neo4jError,
        ServiceUnavailable,
    )

__all__ = [
    "READ_ACCESS",
    "AuthError",
    "Bookmarks",
    "ClientError",
    "ConfigurationError",
    "Driver",
    "DriverError",
    "GraphDatabase",
    "ManagedTransaction",
    "Neo4jError",
    "NotificationMinimumSeverity",
    "Record",
    "ServiceUnavailable",
    "Session",
    "SummaryCounters",
    "Transaction",
    "unit_of_work",
]
