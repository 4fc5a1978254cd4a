"""The commands that explain, as processes: columns are a contract, and errors one sentence with the right code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from astropy.table import Table

from jwgraph import connect
from jwgraph.model.records import EngineeringRecord, HeaderRecord, PoolRow
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.cli import jwgraph
from tests.support.store import Slate, load_records

L3 = "jw02733-o001_t001_nircam_clear-f090w"
OTHER = "jw02733-o002_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
V1 = "jw02733-o001_20220710t161010_image3_00001_asn.json"
V2 = "jw02733-o001_20230710t161010_image3_00002_asn.json"
FLAT = "crds://jwst_nircam_flat_0313.fits"

COLUMNS = {
    ("missing",): "product,obs_id,association,state,reason,evidence,members_missing,productLevel",
    ("references", A): "productFilename,keyword,reference,context",
    ("references", f"{A}_cal.fits"): "productFilename,keyword,reference,context",
    ("impact", FLAT): "productFilename,obs_id,calib_level,recommended,depth,basis",
    ("impact", A): "productFilename,obs_id,calib_level,recommended,depth,basis",
    (
        "links",
        f"{L3}_i2d.fits",
    ): "productFilename,obs_id,productType,calib_level,dataURI,size,relation,productLevel,archived,linked_to",
    ("history", L3): "association,version_id,superseded_by,loaded,withdrawn",
    ("engineering", A): "mnemonic,t_min,t_max,dataURI",
    ("why", L3): "subject,question,answer,because",
    ("diff", V1, V2): "change,member,exptype_before,exptype_after",
    ("stale",): "productFilename,obs_id,association,superseded_by,cal_ver,prvversion,reason",
    ("events", "--since", "1d"): "at,event,productFilename,obs_id,detail",
}


def fill(graph: Graph) -> None:
    cards = {"cal_ver": "1.9.2", "crds_ctx": "jwst_1000.pmap"}
    load_records(
        graph,
        [
            asn(V1, "image3", {L3: {f"{A}_cal.fits": "science"}}),
            asn(V2, "image3", {L3: {f"{A}_cal.fits": "psf"}}, version_id="20230710t161010"),
            asn(V1.replace("o001", "o002"), "image3", {OTHER: {f"{A}_cal.fits": "science"}}, asn_id="o002"),
            HeaderRecord(
                f"{A}_cal.fits", asntable=V1, references=(("R_FLAT", FLAT),), t_min=1.0, t_max=2.0, cards=cards
            ),
            PoolRow("jw02733_20220710t161010_pool.csv", f"{A}_uncal.fits", "02733", ("o001",), {"visit": "1"}),
            EngineeringRecord("SA_ZFGOUTFOV", 1.5, 1.6, "mast:jwstedb/SA_ZFGOUTFOV.csv"),
            *archived(f"{L3}_i2d.fits", f"{L3}_i2d.jpg"),
        ],
    )


@pytest.fixture
def loaded(slate: Slate, environment: Path) -> Graph:
    return slate.filled(__name__, fill)


@pytest.mark.parametrize("arguments", COLUMNS, ids=" ".join)
def test_the_columns_are_a_contract_in_every_format(loaded: Graph, arguments: tuple[str, ...]) -> None:
    found = jwgraph("--quiet", *arguments, "--format", "csv")
    assert (found.returncode, found.stderr) == (0, "")
    header, *rows = csv.reader(io.StringIO(found.stdout))
    assert ",".join(header) == COLUMNS[arguments]
    assert rows, found.stdout
    listed = json.loads(jwgraph(*arguments, "--format", "json").stdout)["rows"]
    lines = [json.loads(line) for line in jwgraph(*arguments, "--format", "jsonl").stdout.splitlines()]
    assert [list(row) for row in listed] == [header] * len(rows)
    assert listed == lines
    for form, name in (("ecsv", "ascii.ecsv"), ("votable", "votable")):
        text = jwgraph("--quiet", *arguments, "--format", form).stdout
        read = Table.read(io.BytesIO(text.encode()), format=name)
        assert (read.colnames, len(read)) == (header, len(rows))
    table = jwgraph(*arguments, "--format", "table", COLUMNS="200")
    assert table.returncode == 0
    assert table.stdout.strip()


@pytest.mark.parametrize(("form", "name"), [("ecsv", "ascii.ecsv"), ("votable", "votable")])
def test_a_named_query_has_the_columns_of_the_notebook(loaded: Graph, form: str, name: str) -> None:
    with connect() as g:
        expected = g.query("mrp", obs_id=L3).to_table()
    ran = jwgraph("--quiet", "query", "run", "mrp", "-p", f"obs_id={L3}", "--format", form)
    typed = jwgraph("--quiet", "shell", stdin=f":format {form}\n:run mrp obs_id={L3}\n")
    assert typed.stdout == ran.stdout
    read = Table.read(io.BytesIO(ran.stdout.encode()), format=name)
    assert (read.colnames, len(read)) == (expected.colnames, len(expected))
    for column in expected.colnames:
        was, now = expected[column], read[column]
        assert now.unit == was.unit, column
        # A VOTable folds sentences, and has text as objects.
        assert " ".join((now.description or "").split()) == (was.description or ""), column
        assert now.dtype.kind.replace("O", "U") == was.dtype.kind, column
    assert (read["size"].unit, read["size"].description) == ("byte", "Size of the file")


def test_lists_stay_lists_in_json(loaded: Graph) -> None:
    (row,) = json.loads(jwgraph("missing", "--obs-id", OTHER, "--format", "json").stdout)["rows"]
    assert (row["product"], row["members_missing"], row["reason"]) == (OTHER, [], "unknown")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("why", "jw09999-o001_t001_nircam_clear-f090w"), 3, "There is no Observation"),
        (("why", "nothing.fits"), 3, "There is no product"),
        (("missing", "--obs-id", "nothing"), 3, "There is no Observation 'nothing'"),
        (("references", "nothing"), 3, "There is no Observation or file"),
        (("impact", "crds://nothing.fits"), 3, "unknown: no loaded header says that a product used"),
        (("history", "nothing"), 3, "No association is named"),
        (("diff", V1, "nothing_asn.json"), 3, "There is no product"),
        (("engineering", "nothing"), 3, "There is no Observation"),
        (("events", "--since", "yesterday"), 2, "'yesterday' is not a time"),
    ],
)
def test_what_is_not_there(loaded: Graph, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    done = jwgraph(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_accounts_of_a_load_name_every_file(graph: Graph, environment: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "names.txt").write_text(f"{A}_cal.fits\n{A}_uncal.fits\n{A}_rate.fit\n")
    (folder / "notes.md").write_text("# notes\n")
    (folder / "broken.fits").write_bytes(b"SIMPLE  =                    T" + b" " * 50)
    done = jwgraph("load", str(folder), "--report", str(tmp_path / "report.jsonl"))
    assert done.returncode == 6
    accounts = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    reported = {Path(each["source"]).name: (each["loader"], each["records"], each["problems"]) for each in accounts}
    assert reported == {
        "names.txt": ("names", 2, 1),
        "notes.md": (None, 0, 1),
        "broken.fits": ("fits_headers", 0, 1),
    }
    assert all(each["reason"] for each in accounts if not each["records"])


def test_what_is_read_is_not_written_over(graph: Graph, environment: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text(f"{A}_cal.fits\n")
    for arguments in (
        (str(names), "--rejects", str(names)),
        (str(tmp_path), "--report", str(names)),
        (str(names), "--rejects", str(tmp_path / "out"), "--report", str(tmp_path / "out")),
    ):
        done = jwgraph("load", *arguments)
        assert done.returncode == 2, done.stderr
        assert "choose" in done.stderr
    assert names.read_text() == f"{A}_cal.fits\n"
    assert not (tmp_path / "out").exists()
