"""A store becomes files, and the files the same store."""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
from collections.abc import Callable
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from jwgraph.errors import DatabaseError, RefusedError, SourceError, UsageError
from jwgraph.model.vocabulary import EDGES, GRAPH_FORMAT, LABELS
from jwgraph.store import dump_lines, queries
from jwgraph.store.digest import digest
from jwgraph.store.dump import dump
from jwgraph.store.dump_check import opened
from jwgraph.store.dump_lines import EXTRA_LABELS
from jwgraph.store.graph import Graph
from jwgraph.store.restore import edge_statement, node_statement, restore
from tests.support.cli import jwgraph
from tests.support.store import wipe

pytestmark = pytest.mark.server_versions

FILES = {"manifest.json", "nodes.jsonl", "edges.jsonl"}


def back(graph: Graph, path: Path) -> None:
    with opened(path) as found:
        restore(graph, found, verify=True)


def test_there_is_a_statement_for_each_label_and_type() -> None:
    plain = {(label.name,) for label in LABELS if label.name not in EXTRA_LABELS}
    extra = {(*some, "Product") for n in (1, 2) for some in combinations(sorted(EXTRA_LABELS), n)}
    nodes = {node_statement(labels): ":".join(labels) for labels in plain | extra}
    edges = {edge_statement(edge.name, end): edge.name for edge in EDGES for end in edge.end.split("|")}
    for name, labels in nodes.items():
        assert re.findall(r"CREATE \(n:([\w:]+)\)", queries.get(name).text) == [labels]
    for name, kind in edges.items():
        assert re.findall(r"\[r:(\w+)\]", queries.get(name).text) == [kind]
    assert {*nodes, *edges, "internal/restore_undo"} == {
        query.name for query in queries.every("internal") if query.name.startswith("internal/restore_")
    }


@pytest.mark.parametrize("name", ["store.tar.gz", "folder", "new/store.tgz"])
def test_there_and_back(demo: Graph, tmp_path: Path, name: str) -> None:
    before = digest(demo)
    manifest = dump(demo, tmp_path / name)
    assert manifest["digest"] == before
    assert manifest["counts"]["nodes"]["Load"] == 1
    wipe(demo)
    back(demo, tmp_path / name)
    assert digest(demo) == before
    # The books too: the second dump is the first, byte for byte.
    dump(demo, tmp_path / "again.tar.gz")
    assert content(tmp_path / "again.tar.gz") == content(tmp_path / name)


def content(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        return {each.name: each.read_bytes() for each in path.iterdir()}
    with tarfile.open(path) as archive:
        return {member.name: read(archive, member) for member in archive}


def read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()


def test_two_dumps_are_the_same_bytes(demo: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump(demo, tmp_path / "a.tar.gz")
    # In many runs of the sort, and with --force over what is there.
    monkeypatch.setattr(dump_lines, "RUN", 37)
    (tmp_path / "b.tgz").write_text("old")
    dump(demo, tmp_path / "b.tgz", force=True)
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tgz").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"a.tar.gz", "b.tgz"}


def test_the_manifest_lists_the_files(demo: Graph, tmp_path: Path) -> None:
    manifest = dump(demo, tmp_path / "folder")
    assert json.loads((tmp_path / "folder" / "manifest.json").read_text()) == manifest
    assert manifest["format"] == GRAPH_FORMAT
    assert manifest["server"].startswith("Neo4j/")
    for name, entry in manifest["files"].items():
        text = (tmp_path / "folder" / name).read_bytes()
        assert entry == {"sha256": sha256(text).hexdigest(), "bytes": len(text), "lines": text.count(b"\n")}
        assert text.splitlines() == sorted(text.splitlines())


def test_bookkeeping_and_odd_values_come_back(graph: Graph, tmp_path: Path) -> None:
    name = 'jw\u00e9 "x" \u2028\U0001f52d.fits'
    row = [name, True, False, None, None, ["plain", None, None, None, "SCIENCE", ""], {"visit_id": name}, None]
    graph.run("write/new_products", rows=[row], now=1234567)
    with graph.session() as session:
        session.run("MATCH (p:Product) SET p.odd = 0.1").consume()
    dump(graph, tmp_path / "x.tar.gz")
    wipe(graph)
    back(graph, tmp_path / "x.tar.gz")
    (node,) = list(graph.stream("internal/nodes"))
    assert node["labels"] == ["Product"]
    assert node["properties"] == {
        "filename": name,
        "archived": True,
        "form": "plain",
        "productType": "SCIENCE",
        "program": "",
        "visit_id": name,
        "odd": 0.1,
        "new_at": 1234567,
        # Loading a dump derives, as any load does.
        "visible": True,
        "present": True,
    }


def test_an_empty_store_comes_back(graph: Graph, tmp_path: Path) -> None:
    before = digest(graph)
    dump(graph, tmp_path / "x.tar.gz")
    back(graph, tmp_path / "x.tar.gz")
    assert digest(graph) == before


def test_a_store_that_is_not_empty_is_refused(demo: Graph, tmp_path: Path) -> None:
    before = digest(demo)
    dump(demo, tmp_path / "x.tar.gz")
    with pytest.raises(RefusedError, match="not empty"):
        back(demo, tmp_path / "x.tar.gz")
    assert digest(demo) == before


def test_what_is_there_is_not_replaced(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("mine")
    with pytest.raises(RefusedError, match="exists already"):
        dump(graph, tmp_path / "x.tar.gz")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("mine")
    with pytest.raises(RefusedError, match="other files"):
        dump(graph, tmp_path / "mine", force=True)
    assert (tmp_path / "x.tar.gz").read_text() == "mine"


Change = Callable[[Path], None]


def cut(folder: Path) -> None:
    text = (folder / "edges.jsonl").read_bytes()
    (folder / "edges.jsonl").write_bytes(text[:-1])


def flip(folder: Path) -> None:
    text = (folder / "nodes.jsonl").read_bytes()
    (folder / "nodes.jsonl").write_bytes(text.replace(b"SCIENCE", b"sCIENCE", 1))


def lose(folder: Path) -> None:
    (folder / "edges.jsonl").unlink()


def newer(folder: Path) -> None:
    manifest(folder, format=GRAPH_FORMAT + 1)


def older(folder: Path) -> None:
    manifest(folder, format=1)


def odd(folder: Path) -> None:
    (folder / "manifest.json").write_text("[" * 10_000)


def manifest(folder: Path, **changed: Any) -> None:
    found = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(found | changed))


def forge(name: str, change: Callable[[dict[str, Any]], object], *, match: str = "Product") -> Change:
    """Change the first line of a file that has a word, and make the manifest fit."""

    def forged(folder: Path) -> None:
        found = [json.loads(line) for line in (folder / name).read_text().splitlines()]
        change(next(line for line in found if match in json.dumps(line)))
        text = "".join(json.dumps(line) + "\n" for line in found).encode()
        (folder / name).write_bytes(text)
        files = json.loads((folder / "manifest.json").read_text())["files"]
        files[name] |= {"sha256": sha256(text).hexdigest(), "bytes": len(text)}
        manifest(folder, files=files)

    return forged


DAMAGED: dict[str, tuple[Change, str]] = {
    "cut": (cut, "SHA-256 of edges.jsonl"),
    "flip": (flip, "SHA-256 of nodes.jsonl"),
    "lose": (lose, "edges.jsonl is missing"),
    "newer": (newer, f"it has format {GRAPH_FORMAT + 1}"),
    "older": (older, "it has format 1"),
    "odd": (odd, "manifest.json is not as jwgraph writes it"),
    "label": (forge("nodes.jsonl", lambda line: line.update(labels=["Admin"])), "nodes.jsonl:"),
    "injected": (
        forge("nodes.jsonl", lambda line: line.update(labels=["Product` DETACH DELETE n //"])),
        "nodes.jsonl:",
    ),
    "key": (forge("nodes.jsonl", lambda line: line.update(key="x")), "nodes.jsonl:"),
    "number": (forge("nodes.jsonl", lambda line: line["properties"].update(size=1 << 64)), "nodes.jsonl:"),
    "half": (forge("nodes.jsonl", lambda line: line["properties"].update(size="\ud800")), "nodes.jsonl:"),
    "type": (forge("edges.jsonl", lambda line: line.update(type="HATES")), "edges.jsonl:"),
    "ends": (forge("edges.jsonl", lambda line: line.update(ends=["Load", "Load"])), "edges.jsonl:"),
    "value": (forge("edges.jsonl", lambda line: line["properties"].update(a={"$x": 1})), "edges.jsonl:"),
    "list": (forge("edges.jsonl", lambda line: line.update(properties=[])), "edges.jsonl:"),
    # These are found by the server, or at the end.
    "dangling": (forge("edges.jsonl", lambda line: line.update(end="nowhere")), "does not have"),
    "digest": (lambda folder: manifest(folder, digest="0" * 64), "The digest of the restored graph"),
    "nested": (forge("nodes.jsonl", lambda line: line["properties"].update(size=[[1]])), "Neo4j refuses"),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_dump_leaves_an_empty_store(demo: Graph, tmp_path: Path, how: str) -> None:
    change, says = DAMAGED[how]
    dump(demo, tmp_path / "folder")
    wipe(demo)
    change(tmp_path / "folder")
    with pytest.raises((SourceError, DatabaseError), match=says):
        back(demo, tmp_path / "folder")
    assert demo.read("internal/any_node") == []


def pack(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for info, text in members:
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return path


def link(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info


def test_what_is_no_archive_is_refused(graph: Graph, tmp_path: Path) -> None:
    dump(graph, tmp_path / "good.tar.gz")
    good = (tmp_path / "good.tar.gz").read_bytes()
    head = content(tmp_path / "good.tar.gz")["manifest.json"]
    for number, text in enumerate((b"", b"no archive", good[: len(good) // 2], gzip.compress(b"x" * 5000))):
        path = tmp_path / f"{number}.tar.gz"
        path.write_bytes(text)
        refused(path)
    info = tarfile.TarInfo
    refused(pack(tmp_path / "a.tar.gz", [(info("../nodes.jsonl"), b"x")]))
    refused(pack(tmp_path / "b.tar.gz", [(link("manifest.json"), b"")]))
    refused(pack(tmp_path / "c.tar.gz", [(info("nodes.jsonl"), b"x"), (info("manifest.json"), head)]))
    refused(pack(tmp_path / "d.tar.gz", [(info("manifest.json"), head), (info("nodes.jsonl"), b"x" * 100_000)]))
    refused(pack(tmp_path / "e.tar.gz", [(info("manifest.json"), head), (info("manifest.json"), head)]))
    with pytest.raises(UsageError), opened(tmp_path / "nowhere"):
        pass


def refused(path: Path) -> None:
    with pytest.raises(SourceError) as reported, opened(path):
        pass
    assert str(reported.value).startswith(f"{path} is no dump that can be restored: ")
    assert str(reported.value).endswith(". Nothing was written.")


def test_what_jwgraph_did_not_write_is_refused() -> None:
    strange: list[dict[str, Any]] = [{"labels": ["Cat"], "properties": {"name": "x"}}, {"labels": [], "properties": {}}]
    for row in strange:
        with pytest.raises(RefusedError):
            dump_lines.node_line(row)
    with pytest.raises(RefusedError):
        dump_lines.node_line({"labels": ["Product"], "properties": {"filename": "x", "a": b"bytes"}})
    edge = {"start": "a", "start_labels": ["Product"], "type": "HATES", "end": "b", "end_labels": ["Product"]}
    with pytest.raises(RefusedError):
        dump_lines.edge_line(edge | {"properties": {}})


def test_what_json_cannot_write_comes_back() -> None:
    row = {"labels": ["Load"], "properties": {"id": "x", "a": float("nan"), "b": float("-inf"), "c": [True, None]}}
    found = json.loads(dump_lines.node_line(row))["properties"]
    assert [str(dump_lines.value(found[name])) for name in "abc"] == ["nan", "-inf", "[True, None]"]


def test_the_commands(demo: Graph, environment: Path, tmp_path: Path) -> None:
    before = digest(demo) + "\n"
    target = str(tmp_path / "x.tar.gz")
    done = jwgraph("store", "dump", target)
    assert (done.returncode, done.stdout) == (0, before)
    # One line a step where it is not a terminal.
    assert done.stderr.splitlines()[1:4] == ["nodes", "edges", "packing"]
    again = jwgraph("store", "dump", target)
    assert (again.returncode, "--force" in again.stderr) == (5, True)
    assert jwgraph("--quiet", "store", "dump", target, "--force").stderr == ""
    assert jwgraph("store", "restore", target).returncode == 5
    wipe(demo)
    nowhere = {"NEO4J_URI": "bolt://127.0.0.1:9"}
    (tmp_path / "bad.tar.gz").write_bytes(b"no archive")
    bad = jwgraph("store", "restore", str(tmp_path / "bad.tar.gz"), **nowhere)
    assert (bad.returncode, bad.stdout, bad.stderr.splitlines()[-1].count(". Nothing was written.")) == (6, "", 1)
    assert jwgraph("store", "restore", str(tmp_path / "none.tar.gz")).returncode == 2
    done = jwgraph("store", "restore", target)
    assert (done.returncode, done.stdout) == (0, before)
