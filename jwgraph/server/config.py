"""The configuration of a managed server: loopback only, bounded, hardened."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from jwgraph import settings
from jwgraph.server.home_folder import Home
from jwgraph.server.runtime import Java

MAIN_CLASS = {"5": "org.neo4j.server.CommunityEntryPoint"}
NEWER_MAIN_CLASS = "org.neo4j.server.Neo4jCommunity"
OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
HASH_ROUNDS = 1024
# Options of Java from elsewhere, and a password that is not this server's.
NOT_FOR_JAVA = frozenset({"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH", "NEO4J_PASSWORD"})

SETTINGS = """\
# Written by jwgraph at each start; changes made here are lost.
server.default_listen_address=127.0.0.1
server.default_advertised_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
# Below the home, which the command line names: this file is read in a character set that cannot write every path.
server.directories.data=data
server.directories.logs=logs
server.directories.import=import
server.memory.pagecache.size={pagecache}
dbms.usage_report.enabled=false
# Nothing is read from files or from the network by a query, and no procedure but the built-in ones of the server.
dbms.security.auth_enabled=true
dbms.security.allow_csv_import_from_file_urls=false
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0
dbms.security.procedures.allowlist=db.*,dbms.*
dbms.security.procedures.unrestricted=
# A quick end: no client has to be waited for on loopback.
internal.dbms.bolt.netty_server_shutdown_timeout=1s
# Logs are preallocated, one for each of the two databases: a small store stays small.
db.tx_log.rotation.size=16m
db.tx_log.rotation.retention_policy=1 files
db.logs.query.enabled=OFF
# A transaction for which the disk has no space is refused before any of it is written; the database is read-only
# from then on. Without this its log may end in a torn transaction, and Neo4j refuses the store at the next start.
internal.dbms.out_of_disk_space_protection=true
"""
# A server refuses to start with a setting that it does not know, so these are not for all.
LTS_SETTINGS = """\
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""
CALENDAR_SETTINGS = """\
internal.dbms.bolt.netty_server_shutdown_quiet_period_duration=0s
# Left alone, it opens a UDP port on all addresses, to make itself known to the networks of the machine.
server.fleet_discovery.enabled=false
dbms.fleet_manager.enabled=false
"""


def write(home: Home, port: int, version: str) -> None:
    """Write `neo4j.conf` for one version of Neo4j."""
    (home.path / "import").mkdir(mode=0o700, exist_ok=True)
    text = SETTINGS.format(port=port, pagecache=settings.pagecache())
    text += LTS_SETTINGS if version.startswith("5.") else CALENDAR_SETTINGS
    (home.conf / "neo4j.conf").write_text(text, encoding="utf-8")


def write_first_password(home: Home, password: str) -> None:
    """Give the store its password before it first starts.

    Neo4j reads `dbms/auth.ini` when it makes its system database: a salted, iterated SHA-256, as its own
    `set-initial-password` writes. That command would show the password in the list of processes.
    """
    salt = secrets.token_bytes(32)
    digest = salt + password.encode()
    for _ in range(HASH_ROUNDS):
        digest = hashlib.sha256(digest).digest()
    path = home.data / "dbms" / "auth.ini"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"neo4j:SHA-256,{digest.hex()},{salt.hex()},{HASH_ROUNDS}:\n")


def environment() -> dict[str, str]:
    """Return the environment of the server: a locale that can name every file, and nothing that changes its Java."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_JAVA}
    return kept | ({"LC_ALL": "C.UTF-8"} if sys.platform == "linux" else {})


def command(home: Home, version: str, jars: Path, runtime: Java, more: Sequence[str] = ()) -> list[str]:
    """Return the command line of the server, with more options of Java."""
    options = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENS]
    if runtime.release >= 24:
        options += ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"]
    return [
        str(runtime.program),
        f"-Xmx{settings.heap()}",
        "-XX:+UseG1GC",
        # No ExitOnOutOfMemoryError: one query, `reduce(s = 'ab', x IN range(1, 33) | s + s)`, would end the server.
        # Neo4j itself ends the query that asked for too much, and goes on.
        "-Dfile.encoding=UTF-8",
        *options,
        *more,
        "-cp",
        str(jars / "*"),
        MAIN_CLASS.get(version.split(".")[0], NEWER_MAIN_CLASS),
        f"--home-dir={home.path}",
        f"--config-dir={home.conf}",
        "--console-mode",
    ]
