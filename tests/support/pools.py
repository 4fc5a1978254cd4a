"""Association pools of a test: their text, and what reading them gives."""

from __future__ import annotations

from jwgraph.model.records import PoolRow, Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.pool import LOADER

NAME = "jw01234_20220710t161010_pool.csv"
HEADER = "FILENAME|PROGRAM|EXP_TYPE|ASN_CANDIDATE"
FILE = "jw01234001001_02101_00001_nrca1_uncal.fits"
OTHER = "jw01234001001_02101_00002_nrca1_uncal.fits"
NEED = "a pool needs the columns filename, program and exp_type"


def pool(*rows: str, header: str = HEADER, name: str = NAME) -> Source:
    return Source.from_bytes(f"pools/{name}", "".join(f"{line}\n" for line in (header, *rows)).encode())


def read(source: Source) -> list[Record | Problem]:
    assert LOADER.detect(source)
    return list(LOADER.read(source))


def plan(filename: str = FILE, program: str = "01234", candidates: tuple[str, ...] = (), **columns: str) -> PoolRow:
    return PoolRow(NAME, filename, program, candidates, columns)


def problem(line: int | None, reason: str, text: str = "", severity: str = "rejected") -> Problem:
    return Problem(f"pools/{NAME}", line, reason, severity, text)


def reasons(source: Source) -> list[tuple[int | None, str, str]]:
    return [(item.line, item.severity, item.reason) for item in LOADER.read(source) if isinstance(item, Problem)]
