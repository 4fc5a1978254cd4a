"""The parts of the benchmark that need no server: rows, tables for the offline import, the table of results."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from jwgraph.store.digest import Sums
from tests.bench import offline, rows
from tests.bench.result import WIDTH, Result
from tests.bench.sampling import Samples


def lines(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("write", [rows.write, rows.write_archive])
def test_rows_again_are_the_same_but_for_one_of_each_program(tmp_path: Path, write: Any) -> None:
    first = write(tmp_path / "first", 2_000)
    again = rows.shuffled(first, tmp_path / "again")
    (before,), (after,) = (
        [path for path in each.paths if path.name.startswith(name)]
        for each, name in ((first, "products"), (again, "again"))
    )
    header, *old = lines(before)
    same_header, *new = lines(after)
    assert header == same_header
    assert old != new
    programs = {line[header.index("proposal_id")] for line in old}
    removed = Counter(map(tuple, old)) - Counter(map(tuple, new))
    added = Counter(map(tuple, new)) - Counter(map(tuple, old))
    assert removed.total() == added.total() == len(programs)
    assert {line[header.index("prvversion")] for line in added} == {rows.NEWER}
    assert first.sample is not None


def test_tables_of_the_offline_import(tmp_path: Path) -> None:
    product = {"filename": 'a"b.fits', "program": "", "size": 7, "archived": True}
    association = {"filename": "asn.json", "products": ["x", "y"], "templates": []}
    load = {"id": "1", "started": {"$datetime": "2026-01-01T00:00:00.000000000+00:00"}}
    nodes = [
        {"key": "asn.json", "labels": ["Association", "Product"], "properties": association},
        {"key": "1", "labels": ["Load"], "properties": load},
        {"key": 'a"b.fits', "labels": ["Product"], "properties": product},
    ]
    edge = {
        "start": "asn.json",
        "type": "HAS_MEMBER",
        "end": 'a"b.fits',
        "ends": ["Association", "Product"],
        "properties": {"exptype": "science"},
    }
    dump = tmp_path / "dump"
    dump.mkdir()
    for name, found in (("nodes", nodes), ("edges", [edge])):
        (dump / f"{name}.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in found))

    tables = offline.write_tables(dump, tmp_path / "tables")

    written = {option.split("=")[1]: Path(option.split("=")[2]).read_text() for option in tables.options}
    assert written == {
        "Store": 'name:string,format:long\n"jwgraph",3\n',
        "Association:Product": 'filename:ID(Product),products:string[]\n"asn.json","x;y"\n',
        "Load": 'id:ID(Load),started:datetime\n"1","2026-01-01T00:00:00.000000000+00:00"\n',
        "Product": 'archived:boolean,filename:ID(Product),program:string,size:long\ntrue,"a""b.fits","",7\n',
        "HAS_MEMBER": ':START_ID(Product),:END_ID(Product),exptype:string\n"asn.json","a""b.fits","science"\n',
    }
    assert tables.counts == offline.Counts(nodes=4, edges=1, properties=2 + 2 + 2 + 4 + 1)
    assert tables.lost == 1
    sums = Sums()
    sums.node({"labels": ["Association", "Product"], "properties": {"filename": "asn.json", "products": ["x", "y"]}})
    sums.node({"labels": ["Product"], "properties": product})
    sums.edge(edge)
    assert tables.digest == sums.digest()


def test_the_table_fits_its_width(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    result = Result()
    result.middle("load", "a name of some length, as they are", [1.0, 2.5, 70.123], "s", "word " * 40)
    result.ratio("load", "one / other", 1.0, 4.0)
    result.ratio("load", "one / none", 1.0, None)
    printed = capsys.readouterr().out.splitlines()
    assert max(map(len, printed)) <= WIDTH
    assert printed[:3] == ["", "load", "----"]
    result.write(tmp_path / "result.json", {"rows": 1})
    found = json.loads((tmp_path / "result.json").read_text())
    assert [(each["name"], each["value"], each["unit"]) for each in found["measured"]] == [
        ("a name of some length, as they are", 2.5, "s"),
        ("one / other", 0.25, "x"),
    ]


def test_samples_find_the_function_that_works() -> None:
    def work() -> int:
        return sum(number * number for number in range(6_000_000))

    with Samples() as samples:
        work()
    name, own, within = samples.functions()[0]
    assert name.endswith("work.<locals>.<genexpr>")
    assert 0 < own <= within
