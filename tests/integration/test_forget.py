"""A program that is forgotten leaves the store as if its own sources had never been loaded."""

from __future__ import annotations

import csv
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jwgraph.model.records import AssociationRecord, HeaderRecord, ObservationRecord, PoolRow, ProductRecord, Record
from jwgraph.names.grammar import parse_root
from jwgraph.store.digest import BOOKKEEPING, digest
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.batch import KINDS
from jwgraph_loaders.write.forget import forget
from tests.bench import synthetic
from tests.support.builders import archived, asn
from tests.support.cli import jwgraph, rows
from tests.support.store import load_paths, load_records, nodes, number_of_files, wipe
from tests.support.strategies import one_record

P = "02733"


def abroad(record: Record) -> Record:
    """Return an association or a row of a pool as another program's, naming the same files."""
    if isinstance(record, AssociationRecord):
        return replace(record, filename=record.filename.replace(P, "01111"), program="01111")
    if isinstance(record, PoolRow):
        return replace(record, pool=record.pool.replace(P, "01111"), program="01111")
    return record


def program(record: Record) -> str:
    """Return the program that a record is about."""
    of_name = KINDS[type(record)].key(record)[1]
    return of_name or (record.program if isinstance(record, AssociationRecord) else "")


def once(records: list[Record]) -> list[Record]:
    """Keep one header of each file and one content of each association: what a replaced one named stays."""
    found: dict[Any, Record] = {}
    rows = [record for record in records if isinstance(record, ProductRecord)]
    mixed = {row.obs_id for row in rows if parse_root(row.obs_id).program != row.name.program}
    for number, listed in enumerate(records):
        record = listed
        if isinstance(record, HeaderRecord) and record.asntable is None:
            # Nothing in the graph says that such a header names a pool.
            record = replace(record, asnpool=None)
        if isinstance(record, ProductRecord) and record.obs_id in mixed:
            # Of rows about files of several programs under one Observation, nothing says which gave MAST's numbers.
            record = replace(record, obsid=None, parent_obsid=None)
        if isinstance(record, ObservationRecord) and record.obs_id in mixed:
            record = replace(record, obsid=None)
        if isinstance(record, ProductRecord) and record.listed_in:
            # A list of MAST has its own record, which keeps the Observation asked for; here the rows come without it.
            record = record if record.listed_in[0] == record.obs_id else replace(record, listed_in=None)
        single = isinstance(record, (AssociationRecord, HeaderRecord))
        found.setdefault((type(record), KINDS[type(record)].key(record)) if single else number, record)
    return list(found.values())


def content(graph: Graph) -> set[str]:
    """Return nodes and edges as text, to see what differs."""
    found = set()
    for row in graph.stream("internal/nodes"):
        if "Load" not in row["labels"]:
            kept = {key: value for key, value in row["properties"].items() if key not in BOOKKEEPING}
            found.add(repr((sorted(row["labels"]), sorted(kept.items(), key=str))))
    for row in graph.stream("internal/edges"):
        found.add(repr((row["start"], row["type"], row["end"], sorted(row["properties"].items(), key=str))))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(one_record | one_record.map(abroad), min_size=1, max_size=14).map(once),
    forgotten=st.sampled_from([P, P, "01111"]),
)
def test_the_rest_is_what_it_would_be_without(graph: Graph, records: list[Record], forgotten: str) -> None:
    wipe(graph)
    load_records(graph, [record for record in records if program(record) != forgotten])
    expected, without = content(graph), digest(graph)
    wipe(graph)
    load_records(graph, [ProductRecord(f"jw{forgotten}001001_02101_00009_nrcb1_cal.fits"), *records])
    forget(graph, forgotten)
    assert content(graph) == expected
    assert digest(graph) == without


THREE = ("mast/products/brick2221_cell11.csv", "mast/products/soss2022_part.csv")
MOS = "mast/products/jw05224-o004_parent_254258368.csv"


@pytest.mark.real
def test_one_of_three_real_programs(graph: Graph, environment: Path, shared: Path) -> None:
    """The association of another program names an exposure of 5224: its file stays, and nothing else of 5224."""
    exposure = "jw05224004001_03101_00002_nrs1_cal.fits"
    other = asn(
        "jw02221-o009_20230710t161010_image3_00001_asn.json",
        "image3",
        {"jw02221-o009_t001_nircam_clear-f090w": {exposure: "science"}},
        program="02221",
    )
    load_paths(graph, *(shared / path for path in THREE))
    load_records(graph, [other])
    without = digest(graph)
    load_paths(graph, shared / MOS)
    assert digest(graph) != without

    done = jwgraph("store", "forget", "--program", "5224", "--yes", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout) == [{"productFilename": exposure, "named_by": other.filename}]
    assert done.stderr.splitlines()[-2:] == [
        "Removed 315 files and 26 Observations of program 05224.",
        "Kept by name, since sources of other programs name them: 1 file.",
    ]
    assert digest(graph) == without

    # Again: nothing is left to remove, and nothing changes.
    assert jwgraph("store", "forget", "--program", "05224", "--yes").returncode == 0
    assert digest(graph) == without
    load_paths(graph, shared / MOS)
    with (shared / MOS).open(newline="") as file:
        listed = {row["productFilename"] for row in csv.DictReader(file)}
    assert listed <= {name for (name,) in nodes(graph, "Product", "filename")}


def test_a_parent_of_another_program_makes_no_pair_any_more(graph: Graph) -> None:
    """MAST lists an Observation of the program under a parent of another one: the number goes with the program."""
    parent = ProductRecord(f"jw{P}-o001_t001_nircam_clear-f090w_i2d.fits", f"jw{P}-o001_t001_nircam_clear-f090w", 100)
    exposure = "jw01111001001_02101_00001_nrcb1"
    load_records(graph, [parent])
    expected, without = content(graph), digest(graph)
    load_records(graph, [ProductRecord(f"{exposure}_cal.fits", exposure, 101, 100)])
    assert content(graph) != expected
    forget(graph, "01111")
    assert content(graph) == expected
    assert digest(graph) == without


def test_a_file_whose_last_owner_goes_has_none(graph: Graph) -> None:
    """An association of the program makes an Observation of another one, to which a pool of that one belonged."""
    exposure, pool = f"jw{P}001001_02101_00001_nrca1", f"jw{P}_20220710t161010_pool.csv"
    made = asn("jw01111-o001_20220710t161010_image2_00001_asn.json", "image2", {exposure: {}}, program="01111")
    load_records(graph, archived(pool))
    expected, without = content(graph), digest(graph)
    load_records(graph, [replace(made, asn_pool=pool)])
    assert (pool, exposure) in nodes(graph, "Product", "filename", "obs_id")
    forget(graph, "01111")
    assert content(graph) == expected
    assert digest(graph) == without


def test_what_is_refused(graph: Graph, environment: Path) -> None:
    load_records(graph, archived("jw02221001001_02101_00001_nrca1_cal.fits"))
    before = digest(graph)
    for options, code, says in (
        (["--program", "2221"], 5, "add --yes"),
        (["--program", "222*", "--yes"], 2, "is not a program number"),
        (["--program", "jw02221", "--yes"], 2, "is not a program number"),
        (["--program", "222", "--yes"], 3, "Nothing of program 00222 is loaded; loaded: 02221."),
        (["--yes"], 2, "--program"),
    ):
        done = jwgraph("store", "forget", *options)
        assert (done.returncode, done.stdout) == (code, ""), options
        assert says in done.stderr
    assert digest(graph) == before


@pytest.mark.parametrize(
    ("typed", "code", "says"), [("n", 5, "Cancelled: nothing was removed."), ("y", 0, "Removed 1 file")]
)
def test_it_asks_on_a_terminal(graph: Graph, environment: Path, typed: str, code: int, says: str) -> None:
    load_records(graph, archived("jw02221001001_02101_00001_nrca1_cal.fits"))
    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "jwgraph", "store", "forget", "--program", "2221"],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    )
    os.write(leader, f"{typed}\n".encode())
    _, err = child.communicate(timeout=120)
    os.close(leader)
    os.close(follower)
    assert child.returncode == code
    assert "Remove 1 file and 1 Observation of program 02221 from the store?" in err
    assert says in err
    assert nodes(graph, "Product", "filename") == (
        set() if code == 0 else {("jw02221001001_02101_00001_nrca1_cal.fits",)}
    )


def naming(exposure: str) -> AssociationRecord:
    """Return an association of another program that names an exposure."""
    return asn(
        "jw01111-o001_20230710t161010_image3_00001_asn.json",
        "image3",
        {"jw01111-o001_t001_nircam_clear-f090w": {f"{exposure}_cal.fits": "science"}},
        program="01111",
    )


@pytest.mark.parametrize("share", [0.9, 0.4, 0.0])
def test_killed_and_repeated(graph: Graph, environment: Path, tmp_path: Path, share: float) -> None:
    products, associations, _ = synthetic.write(tmp_path, 2000)
    number, within, _ = synthetic.observation_id(0)
    exposure = next(synthetic.exposures(number, within))
    other = naming(exposure)
    load_records(graph, [other])
    without = digest(graph)
    load_paths(graph, products, associations)
    whole = number_of_files(graph)
    child = subprocess.Popen(
        [sys.executable, "-m", "jwgraph", "-q", "store", "forget", "--program", number, "--yes"],
        stdout=subprocess.DEVNULL,
        env=os.environ.copy(),
    )
    while child.poll() is None and number_of_files(graph) > share * whole + 2:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert jwgraph("store", "forget", "--program", number, "--yes").returncode == 0
    assert digest(graph) == without


class Cut(Exception):
    """The end of a process, as far as the store can see it."""


def test_cut_after_each_statement_and_repeated(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    exposures = [f"jw0273300{n}001_02101_00001_nrca1" for n in (1, 2)]
    own = asn(
        "jw02733-o001_20220710t161010_image3_00001_asn.json",
        "image3",
        {"jw02733-o001_t001_nircam_clear-f090w": {f"{exposures[0]}_cal.fits": "science", "jw01111_x.txt": "psf"}},
    )
    other = naming(exposures[1])
    load_records(graph, [other])
    without = content(graph)
    sources: list[Record] = [
        own,
        other,
        *archived(*(f"{each}_{end}.fits" for each in exposures for end in ("cal", "rate"))),
    ]
    writes: dict[str, Callable[..., Any]] = {"run": Graph.run, "write": Graph.write}
    for last in range(0, 60, 2):
        load_records(graph, sources)
        left = last

        def cut(graph: Graph, *given: Any, how: str, **more: Any) -> Any:
            nonlocal left
            if not left:
                raise Cut
            left -= 1
            return writes[how](graph, *given, **more)

        with monkeypatch.context() as patch:
            for how in writes:
                patch.setattr(Graph, how, partialmethod(cut, how=how))
            try:
                forget(graph, P)
                whole = True
            except Cut:
                whole = False
        forget(graph, P)
        assert content(graph) == without, last
        if whole:
            break
    assert last > 15


def test_info(small: Graph, environment: Path) -> None:
    done = jwgraph("store", "info", "--format", "csv")
    found = {row["what"]: row["value"] for row in rows(done.stdout)}
    assert found["files"] == str(len(nodes(small, "Product", "filename")))
    assert found["Observations"] == str(len(nodes(small, "Observation", "obs_id")))
    assert found["loads"] == "1"
    assert (found["programs not derived yet"], found["programs forgotten in part"]) == ("none", "none")
    assert found["server"].startswith("Neo4j/")
    # The size of a server of one's own is not known.
    assert found["size on disk"] == ""
