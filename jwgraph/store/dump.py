"""The whole store as files: sorted lines of JSON and a manifest, in a folder or a `.tar.gz`.

Left out is what a store has of its own: the schema's steps and the write lock. Two dumps of one graph are the same byte
for byte, the archive too.
"""

from __future__ import annotations

import gzip
import json
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jwgraph._version import __version__
from jwgraph.errors import RefusedError, UsageError
from jwgraph.model.vocabulary import GRAPH_FORMAT
from jwgraph.store.counting import Counting
from jwgraph.store.digest import Sums
from jwgraph.store.dump_lines import base, edge_line, node_line, write_sorted
from jwgraph.store.graph import Graph
from jwgraph.store.readings import Purpose

FORMAT = GRAPH_FORMAT
MANIFEST, NODES, EDGES = "manifest.json", "nodes.jsonl", "edges.jsonl"
FILES = (MANIFEST, NODES, EDGES)
ARCHIVES = (".tar.gz", ".tgz")

Progress = Callable[[str], None]
Manifest = dict[str, Any]


def dump(graph: Graph, target: Path, *, force: bool = False, progress: Progress = lambda _text: None) -> Manifest:
    """Write the whole store to an archive (`.tar.gz`, `.tgz`) or a folder, and return the manifest.

    It takes the store's write lock, so that no load changes the graph during the dump.

    Parameters
    ----------
    force
        Replace an existing dump.
    progress
        Called with a sentence about the current step.

    Raises
    ------
    RefusedError
        The target exists, or the store has nodes or edges that jwgraph did not write.
    UsageError
        The target cannot be written.
    """
    check_target(target, force=force)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Beside the target: it is moved into place when it is whole.
        with TemporaryDirectory(dir=target.parent, prefix=".jwgraph-dump-") as name:
            folder = Path(name)
            progress("waiting for the write lock: no load may run meanwhile")
            with graph.exclusive(Purpose.DUMP):
                manifest = _write(graph, folder, progress)
            progress("packing")
            _place(folder, target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror or error}).") from None
    return manifest


def check_target(target: Path, *, force: bool) -> None:
    """Raise if the target exists and may not be replaced.

    Raises
    ------
    RefusedError
        The target is a file or a folder that is not empty, without `force`; or, in any case, it is not a dump.
    """
    if not target.exists():
        return
    if target.is_dir():
        names = {path.name for path in target.iterdir()}
        if names - set(FILES):
            raise RefusedError(f"{target} is a folder with other files in it: name an empty or a new folder.")
        if not names:
            return
    if not force:
        raise RefusedError(f"{target} exists already (force replaces it).", remedy="force")


def _write(graph: Graph, folder: Path, progress: Progress) -> Manifest:
    labels: Counter[str] = Counter()
    types: Counter[str] = Counter()
    # Of the same rows: reading the graph costs more than all else.
    sums = Sums()
    (size,) = graph.read("internal/entities")
    nodes, edges = (Counting(what, size[what], progress) for what in ("nodes", "edges"))
    lines = {
        NODES: write_sorted(_nodes(graph, labels, sums, nodes), folder / NODES),
        EDGES: write_sorted(_edges(graph, types, sums, edges), folder / EDGES),
    }
    manifest: Manifest = {
        "format": FORMAT,
        "jwgraph": __version__,
        "server": graph.server(),
        "digest": sums.digest(),
        # A load or a forgetting that was cut off: the dump has the part that was written, and these marks.
        "unfinished": [row["program"] for row in graph.read("internal/dirty_programs")],
        "forgetting": [row["program"] for row in graph.read("internal/program_names") if row["forgetting"]],
        "counts": {"nodes": dict(sorted(labels.items())), "edges": dict(sorted(types.items()))},
        "files": {name: _file(folder / name, count) for name, count in lines.items()},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="ascii", newline="\n")
    return manifest


def _nodes(graph: Graph, counts: Counter[str], sums: Sums, counting: Counting) -> Iterator[str]:
    for row in graph.stream("internal/nodes"):
        line = node_line(row)
        counts[base(row["labels"])] += 1
        sums.node(row)
        counting.add(1)
        yield line


def _edges(graph: Graph, counts: Counter[str], sums: Sums, counting: Counting) -> Iterator[str]:
    for row in graph.stream("internal/edges"):
        counts[row["type"]] += 1
        sums.edge(row)
        counting.add(1)
        yield edge_line(row)


def _file(path: Path, lines: int) -> dict[str, Any]:
    return {"sha256": sha256_of(path), "bytes": path.stat().st_size, "lines": lines}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _place(folder: Path, target: Path) -> None:
    if target.name.endswith(ARCHIVES):
        packed = folder / "packed"
        _pack(folder, packed)
        packed.replace(target)
        return
    target.mkdir(exist_ok=True)
    # The manifest last: without it a folder is no dump.
    (target / MANIFEST).unlink(missing_ok=True)
    for name in (NODES, EDGES, MANIFEST):
        (folder / name).replace(target / name)


def _pack(folder: Path, packed: Path) -> None:
    """Write the archive without time, user or machine, so that equal graphs give equal bytes."""
    with (
        packed.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        # The manifest first: a restore can refuse before it unpacks the rest.
        for name in FILES:
            info = tarfile.TarInfo(name)
            info.size = (folder / name).stat().st_size
            info.mode = 0o644
            with (folder / name).open("rb") as file:
                archive.addfile(info, file)
