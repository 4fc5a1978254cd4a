"""`jwgraph doctor --mast` and the recorder, against the replay: they say what differs from what jwgraph relies on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jwgraph.doctor import Check
from jwgraph.model.records import ProductRecord
from jwgraph_loaders.mast.contract import columns, compare
from jwgraph_loaders.mast.live import Wishes
from jwgraph_loaders.mast.probe import MISSING_FILE, PROGRAM, Replies, ask
from jwgraph_loaders.mast.session import MastSession
from jwgraph_loaders.product_list import RowReader
from tests.support.cli import jwgraph
from tests.support.mast import reading, record
from tests.support.mast.contents import built
from tests.support.mast.reading import QUICK, Serve, read
from tests.support.mast.rows import LEVEL3_OBSID, POOL, Row, asn_name, linked
from tests.support.mast.server import Fault, Replay

small_batches = reading.small_batches
serve = reading.serve

IMAGE2 = asn_name("image2", 1)
KINDS = ("search", "products", "keywords")
SEARCH, LIST, KEYWORDS = (dict.fromkeys(columns(name).needed | columns(name).used) for name in KINDS)


def everything() -> Replay:
    """Return a replay whose rows have all columns that jwgraph relies on."""
    observations, products = linked(2)
    root = "jw02733001001_02101_00001"
    header: Row = {
        "filename": f"{root}_nrca1_cal.fits",
        "fileSetName": root,
        "instrume": "NIRCAM",
        "productLevel": "2b",
    }
    return Replay(
        [SEARCH | row for row in observations],
        [LIST | row for row in products],
        built(products),
        [KEYWORDS | header | {"program": "2733", "expstart": 59733.5, "expend": 59733.6}],
    )


def checks(replay: Replay) -> dict[str, tuple[str, str]]:
    found = compare(ask(MastSession(replay.url, QUICK, lambda _text: None)))
    return {check.check.removeprefix("MAST, "): (check.state, check.detail) for check in found}


def test_the_replay_is_as_expected(serve: Serve) -> None:
    replay = serve(everything())
    assert checks(replay) == {
        "token": ("ok", "no token is set, or MAST does not know it"),
        "search": ("ok", "3 rows, 15 columns as expected"),
        "list": ("ok", "13 rows, 15 columns as expected"),
        "parents": ("ok", f"all rows name the Observation asked for, {LEVEL3_OBSID}"),
        "keywords of Nircam": ("ok", "1 rows, 19 columns as expected"),
        "association": ("ok", f"{IMAGE2} is read"),
        "pool": ("ok", f"{POOL} is read"),
        "errors": ("ok", "as expected"),
    }
    assert replay.files == sorted([IMAGE2, POOL, MISSING_FILE])
    assert len(replay.seen) < 15, "a small program, a few requests"


def without(rows: list[Row], column: str) -> None:
    for row in rows:
        del row[column]


@pytest.mark.parametrize(
    ("harm", "check", "state", "detail"),
    [
        (lambda it: without(it.observations, "obs_id"), "search", "error", "the reply lacks obs_id"),
        (lambda it: without(it.observations, "t_min"), "search", "warning", "lacks t_min"),
        (lambda it: without(it.products, "prvversion"), "list", "warning", "lacks prvversion"),
        (lambda it: without(it.keywords, "asntable"), "keywords of Nircam", "warning", "lacks asntable"),
        (lambda it: it.keywords[0].update(fileSetName="x"), "keywords of Nircam", "warning", "has no rows"),
        (lambda it: it.contents.update({POOL: b"x\n"}), "pool", "error", "is not a kind of file"),
        (lambda it: it.contents.update({MISSING_FILE: b"{}"}), "errors", "warning", "missing_file is 200 and not 404"),
        (
            lambda it: it.damaged.update({POOL: [Fault.FORBIDDEN]}),
            "pool",
            "error",
            "MAST refuses the request (HTTP 403)",
        ),
        (lambda it: it.faults.update(dict.fromkeys(range(1, 99), Fault.WEB_PAGE)), "search", "error", "a web page"),
        (lambda it: it.observations.pop(), "list", "error", "finds no Level 3 Observation"),
    ],
)
def test_what_differs_is_named(
    serve: Serve, harm: Callable[[Replay], object], check: str, state: str, detail: str
) -> None:
    replay = everything()
    harm(replay)
    found = checks(serve(replay))
    assert found[check][0] == state
    assert detail in found[check][1]


def test_a_type_that_differs_is_named() -> None:
    replies = Replies(search={"fields": [{"name": name, "type": "string"} for name in SEARCH], "data": [{}]})
    (row,) = (check for check in compare(replies) if check.check == "MAST, search")
    assert row.state == "warning"
    assert "calib_level is string and not int; t_min is string and not float" in row.detail


def test_the_contract_has_the_columns_that_are_read() -> None:
    reader = RowReader(list(LIST))
    cells = LIST | {"productFilename": "a.fits", "obs_collection": "JWST"}
    row = reader.record([str(cell or 1) for cell in cells.values()])
    assert isinstance(row, ProductRecord)
    assert None not in (row.obs_id or None, row.obsid, row.parent_obsid, row.calib_level, *row.mast.values())


def test_the_command(serve: Serve, tmp_path: Path) -> None:
    environment = {"JWGRAPH_HOME": str(tmp_path / "home"), "JWGRAPH_CACHE": str(tmp_path / "cache")}
    replay = serve(everything())
    done = jwgraph("doctor", "--mast", "--format", "csv", **environment)
    assert done.returncode == 0, done.stderr
    assert '"MAST, errors",ok,as expected' in done.stdout
    replay.contents[POOL] = b"x\n"
    assert jwgraph("doctor", "--mast", **environment).returncode == 6
    assert "MAST" not in jwgraph("doctor", **environment).stdout.replace("MAST_", "")


def test_what_is_recorded_is_replayed(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = serve(everything())
    before = checks(first)
    assert record.main(str(tmp_path / "fixtures"), policy=QUICK) == 0
    assert "ok\tMAST, search\t3 rows" in capsys.readouterr().out
    again = serve(record.recorded(tmp_path / "fixtures"))
    assert checks(again) == before
    monkeypatch.setattr("jwgraph_loaders.mast.lists.BATCH", 1)
    run = read(tmp_path / "cache", wishes=Wishes(keywords=True))
    assert {each.filename for each in run.associations} == {IMAGE2}
    assert PROGRAM in str(reading.QUERY)
    assert isinstance(next(compare(record.read(tmp_path / "fixtures"))), Check)
