"""A throw-away Neo4j in a Docker container, through testcontainers."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_network
from pathlib import Path
from typing import TypedDict

from neo4j import GraphDatabase
from testcontainers.community.neo4j import Neo4jContainer
from testcontainers.core.config import ConnectionMode, testcontainers_config
from testcontainers.core.docker_client import DockerClient, get_docker_host
from testcontainers.core.utils import inside_container

BUILD = Path(__file__).with_name("build.sh")

# Whose container it is: `<host name>/<process id>`. So a later run knows what a killed one left behind.
OWNER_LABEL = "jwgraph-test.owner"

SETTINGS = {
    "NEO4J_server_memory_heap_initial__size": "512m",
    "NEO4J_server_memory_heap_max__size": "512m",
    "NEO4J_server_memory_pagecache_size": "128m",
    "NEO4J_dbms_usage__report_enabled": "false",
    # As compose.yaml has them: nothing is read from files or from the network by a query.
    "NEO4J_dbms_security_allow__csv__import__from__file__urls": "false",
    "NEO4J_internal_dbms_cypher__ip__blocklist": "0.0.0.0/0,::/0",
}


class Backend(TypedDict):
    """What a driver needs to reach the container."""

    uri: str
    username: str
    password: str
    database: str


class ContainerError(RuntimeError):
    """The container cannot be had; the message says why."""


def docker_answers() -> bool:
    """Return whether a Docker engine answers where testcontainers would look for it."""
    # The Docker client leaves its socket open when nothing listens, which is an error in this test suite.
    address = get_docker_host() or "unix:///var/run/docker.sock"
    if address.startswith("unix://"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(10)
            try:
                probe.connect(address.removeprefix("unix://"))
            except OSError:
                return False
    try:
        engine = DockerClient(timeout=10)
    except Exception:  # the Docker client's own errors have no other base; whichever it is, nothing answers
        return False
    try:
        return bool(engine.client.ping())
    except OSError:  # the base of all errors of its requests
        return False
    finally:
        engine.client.close()


def image(version: str) -> str:
    """Name the image: the one that JWGRAPH_TEST_IMAGE pins, else what build.sh finds or makes."""
    pinned = os.environ.get("JWGRAPH_TEST_IMAGE")
    if pinned:
        return pinned
    # Whoever runs make with PYTHON=… means another thing by it.
    environment = {**os.environ, "PYTHON": sys.executable}
    built = subprocess.run(
        [str(BUILD), version],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        check=False,
    )
    if built.returncode != 0:
        raise ContainerError(f"{BUILD.name} {version} failed with code {built.returncode}: see its messages.")
    return built.stdout.splitlines()[-1]


@contextmanager
def container(version: str = "5.26.29") -> Iterator[Backend]:
    """
    Start Neo4j in a container, yield how to reach it, and remove it.

    Raises
    ------
    ContainerError
        If there is no image, or the image holds another version.
    """
    name = image(version)
    if not docker_answers():
        raise ContainerError("No Docker engine answers. Run tests/container/docker.sh.")
    engine = DockerClient()
    try:
        _remove_orphans(engine)
        _without_missing_reaper(engine)
        loopback = _engine_is_local(engine)
    finally:
        engine.client.close()

    # Hexadecimal: the server's entry point takes one that begins with - for an option, and exits.
    password = secrets.token_hex(12)
    owner = f"{socket.gethostname()}/{os.getpid()}"
    server = Neo4jContainer(name, username="neo4j", password=password, labels={OWNER_LABEL: owner})
    for setting, value in SETTINGS.items():
        server.with_env(setting, value)
    if loopback:
        # testcontainers publishes on every address. The pair (address, any port) keeps it to this machine.
        server.ports[str(server.port)] = ("127.0.0.1", None)  # type: ignore[assignment]
    with server:
        uri = server.get_connection_url()
        _check_version(uri, password, version)
        yield {"uri": uri, "username": "neo4j", "password": password, "database": "neo4j"}


def _remove_orphans(engine: DockerClient) -> None:
    """Remove containers of earlier runs on this machine that ended without cleaning up."""
    if not Path("/proc/self").exists():  # without it no process can be seen to have ended
        return
    for left in engine.client.containers.list(all=True, filters={"label": OWNER_LABEL}):
        host, _, process = left.labels[OWNER_LABEL].rpartition("/")
        if host == socket.gethostname() and not Path("/proc", process).exists():
            with suppress(OSError):  # another run may be removing it at this moment
                left.remove(force=True, v=True)


def _without_missing_reaper(engine: DockerClient) -> None:
    """Do without testcontainers' reaper where its image is not at hand: tests fetch no images."""
    if "TESTCONTAINERS_RYUK_DISABLED" in os.environ:
        return
    if not engine.client.images.list(name=testcontainers_config.ryuk_image):
        testcontainers_config.ryuk_disabled = True


def _engine_is_local(engine: DockerClient) -> bool:
    """
    Return whether what the engine publishes on 127.0.0.1 is reachable, and set testcontainers accordingly.

    Some virtual machines look like a container (they have `/.dockerenv`) and still run the engine
    themselves. testcontainers would then connect to the default gateway. Seen from inside, an engine is
    local if the address of its bridge is one of ours.
    """
    address = get_docker_host() or "unix://"
    if not address.startswith(("unix://", "npipe://")):
        return False
    if inside_container() and not any(_is_ours(gateway) for gateway in _gateways(engine)):
        return False
    config = testcontainers_config
    if config.connection_mode_override is None and config.tc_host_override is None:
        config.connection_mode_override = ConnectionMode.docker_host
        config.tc_host_override = "127.0.0.1"
    return True


def _gateways(engine: DockerClient) -> list[str]:
    pools = [
        pool
        for network in engine.client.networks.list(names=["bridge"])
        for pool in network.attrs["IPAM"]["Config"] or []
    ]
    # A fresh engine does not name the gateway; it is the first host of the network.
    return [pool.get("Gateway") or str(next(ip_network(pool["Subnet"]).hosts())) for pool in pools]


def _is_ours(address: str) -> bool:
    """Only an address of this machine can be bound."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _check_version(uri: str, password: str, version: str) -> None:
    with GraphDatabase.driver(uri, auth=("neo4j", password)) as driver:
        agent = driver.get_server_info().agent
    if agent != f"Neo4j/{version}":
        raise ContainerError(f"The image holds {agent}, not Neo4j/{version}: see JWGRAPH_TEST_IMAGE.")
