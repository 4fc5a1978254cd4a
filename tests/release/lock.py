"""Write the lock of a Neo4j version: `python -m tests.release.lock VERSION`."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

from jgo.maven import MavenContext

from jwgraph.server import jars

ROOTS = ("org.neo4j:neo4j", "org.neo4j.app:neo4j-server")


def lock(version: str) -> str:
    """Resolve and fetch the jars of one version, and return the text of its lock."""
    context = MavenContext(timeout=60)
    roots = [context.create_dependency(f"{root}:{version}") for root in ROOTS]
    inputs, resolved = context.resolver.resolve(roots)
    lines = set()
    for dependency in [*inputs, *resolved]:
        artifact = dependency.artifact
        digest = sha256(Path(artifact.resolve()).read_bytes()).hexdigest()
        parts = [artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier]
        lines.add(f"{digest} {':'.join(part for part in parts if part)}\n")
    head = f"# Neo4j Community {version}: sha256 group:artifact:version[:classifier]\n"
    return head + "".join(sorted(lines, key=lambda line: line.split()[1]))


def main() -> None:
    """Write the lock of the version on the command line."""
    version = sys.argv[1]
    path = Path(jars.__file__).parent / jars.LOCKS / f"{version}.lock"
    path.write_text(lock(version), encoding="utf-8")
    print(f"{path}: {len(path.read_text().splitlines()) - 1} jars")


if __name__ == "__main__":
    main()
