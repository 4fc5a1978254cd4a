"""The driver of Neo4j: what jwgraph uses of it to connect, imported with or without numpy."""

from __future__ import annotations

from jwgraph.store import arrays

with arrays.as_wanted():
    from neo4j import (
        READ_ACCESS,
        WRITE_ACCESS,
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
        SessionExpired,
        WriteServiceUnavailable,
    )

__all__ = [
    "READ_ACCESS",
    "WRITE_ACCESS",
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
    "SessionExpired",
    "SummaryCounters",
    "Transaction",
    "WriteServiceUnavailable",
    "unit_of_work",
]
