"""Which loader reads what, and what is said of a file that none reads."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from jwgraph.errors import UsageError
from jwgraph.model import Record, Reject
from loaders import association, detect, mast_products, names
from loaders.source import Loader, Source

OURS: tuple[Loader, ...] = (association.LOADER, mast_products.LOADER, names.LOADER)


def kind(data: bytes) -> str:
    found = detect.detect(Source.from_bytes("x", data), OURS)
    return found.reason if isinstance(found, Reject) else found.name


@pytest.mark.parametrize(
    ("data", "loader"),
    [
        (b'{"asn_type": "image3", "products": []}', "association"),
        (b"productFilename,obs_id\na.fits,b\n", "mast_products"),
        (b"filename\na.fits\n", "mast_products"),
        (b"a.fits\nb.fits\n", "names"),
    ],
)
def test_what_is_read(data: bytes, loader: str) -> None:
    assert kind(data) == loader


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"SIMPLE  =                    T", "it is a FITS file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "it is a PNG picture"),
        (b"\xff\xd8\xff\xe0\0", "it is a JPEG picture"),
        (b"PK\x03\x04\0", "it is a zip archive"),
        (b"\x1f\x8b\x08\0", "it is a gzip file inside an archive"),
        ("productFilename\na.fits\n".encode("utf-16"), "it is UTF-16 text; save it as UTF-8"),
        (b"jw1".ljust(257, b"\0") + b"ustar", "it is an archive inside an archive"),
        (b"a\0b\0c", "it is binary, not text"),
        (
            b"# Pool.Candidates\nFILENAME|PROGRAM|OBS_NUM\na.fits|1|1\n",
            "it is an association pool; jwgraph doesn't load pools yet",
        ),
        (
            b"FILENAME,PROGRAM,OBS_ID,VISITGRP,EXP_TYPE\na.fits,1,1,1,X\n",
            "it is an association pool; jwgraph doesn't load pools yet",
        ),
        (
            b"obs_id,obsid,calib_level\njw1,1,3\n",
            "it is a result of an observation search, which lists no files; ask MAST for the products",
        ),
        (
            b'{"results": [{"obs_id": "jw1", "obsid": "1"}]}',
            "it is a result of an observation search, which lists no files; ask MAST for the products",
        ),
        (
            b'{"repo": "x", "hdus": [{"name": "PRIMARY"}]}',
            "it is a dump of FITS headers; jwgraph doesn't load headers yet",
        ),
        (
            b"ra,dec\n1,2\n",
            "it is a table, but no column holds file names (productFilename, filename or dataURI); it has ra, dec",
        ),
        (
            b"\n# A title\x1b[2J\n",
            "it is not a kind of file that jwgraph can read: the first line is '# A title\\\\x1b[2J'",
        ),
    ],
)
def test_what_is_not_read(data: bytes, reason: str) -> None:
    assert kind(data) == reason


class Pools:
    name = "pools"
    summary = "Association pools."

    def detect(self, source: Source) -> bool:
        return b"|" in source.head

    def read(self, source: Source) -> Iterator[Record | Reject]:
        return iter([])


POOLS = Pools()


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """The entry points of the group, as if packages that have them were installed."""
    installed: list[EntryPoint] = []
    monkeypatch.setattr(detect, "entry_points", lambda group: installed)
    detect.loaders.cache_clear()
    yield installed
    detect.loaders.cache_clear()


def test_another_package_adds_a_loader(entries: list[EntryPoint], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked after those of jwgraph, whatever it is called."""
    monkeypatch.setattr(names, "POOLS", POOLS, raising=False)
    monkeypatch.setitem(__import__("sys").modules, "other", names)
    entries += [
        EntryPoint("a_pools", "other:POOLS", detect.GROUP),
        EntryPoint("names", "loaders.names:LOADER", detect.GROUP),
        EntryPoint("association", "loaders.association:LOADER", detect.GROUP),
    ]
    assert [loader.name for loader in detect.loaders()] == ["association", "names", "pools"]
    assert detect.detect(Source.from_bytes("x", b"a|b\n")) is POOLS


def test_a_loader_that_cannot_be_imported_is_named(entries: list[EntryPoint]) -> None:
    entries.append(EntryPoint("x", "loaders.absent:LOADER", detect.GROUP))
    with pytest.raises(UsageError, match=r"The loader 'loaders.absent:LOADER' cannot be imported"):
        detect.loaders()


def test_a_checkout_that_is_not_installed_says_so(entries: list[EntryPoint]) -> None:
    with pytest.raises(UsageError, match="No loader is installed"):
        detect.loaders()
