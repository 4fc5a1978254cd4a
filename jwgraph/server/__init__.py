"""The managed server: a real Neo4j Community, installed, started and stopped by jwgraph."""

from jwgraph.server.console import logs
from jwgraph.server.home_folder import DEFAULT_VERSION, Home, home
from jwgraph.server.jars import ensure_jars
from jwgraph.server.process import Status, down, running, status, up
from jwgraph.server.runtime import java

__all__ = [
    "DEFAULT_VERSION",
    "Home",
    "Status",
    "down",
    "ensure_jars",
    "home",
    "java",
    "logs",
    "running",
    "status",
    "up",
]
