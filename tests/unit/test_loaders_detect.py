"""Which loader reads what, and what is said of a file that none reads."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from jwgraph.errors import UsageError
from jwgraph.model.records import Problem, Record
from jwgraph_loaders import association, file_list, fits_headers, observation_list, pool, product_list
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.find.detect import GROUP, loaders
from jwgraph_loaders.find.detect import detect as find_detect

OURS: tuple[Loader, ...] = (
    association.LOADER,
    fits_headers.FITS,
    fits_headers.DUMPS,
    observation_list.LOADER,
    product_list.LOADER,
    file_list.LOADER,
    pool.LOADER,
)


def kind(data: bytes) -> str:
    found = find_detect(Source.from_bytes("x", data), OURS)
    return found.reason if isinstance(found, Problem) else found.name


@pytest.mark.parametrize(
    ("data", "loader"),
    [
        (b'{"asn_type": "image3", "products": []}', "association"),
        (b"productFilename,obs_id\na.fits,b\n", "mast_products"),
        (b"filename\na.fits\n", "mast_products"),
        (b"a.fits\nb.fits\n", "names"),
        (b"SIMPLE  =                    T", "fits_headers"),
        (b'{"repo": "x", "hdus": [{"name": "PRIMARY", "cards": [["ASNTABLE", "a", "b"]]}]}', "header_dumps"),
        (b"obs_id,obsid,calib_level\njw1,1,3\n", "mast_observations"),
        (b'{"results": [{"obs_id": "jw1", "obsid": "1"}]}', "mast_observations"),
        (b"# Pool.Candidates\nfilename|program|exp_type\na.fits|1|nis_image\n", "pool"),
        (b"FILENAME,PROGRAM,OBS_ID,VISITGRP,EXP_TYPE\na.fits,1,1,1,X\n", "pool"),
    ],
)
def test_what_is_read(data: bytes, loader: str) -> None:
    assert kind(data) == loader


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"XTENSION= 'IMAGE   '", "it is a FITS extension without the file it belongs to"),
        (b"\x89PNG\r\n\x1a\n\0\0", "it is a PNG picture"),
        (b"\xff\xd8\xff\xe0\0", "it is a JPEG picture"),
        (b"PK\x03\x04\0", "it is a zip archive"),
        (b"\x1f\x8b\x08\0", "it is a gzip file inside an archive"),
        ("productFilename\na.fits\n".encode("utf-16"), "it is UTF-16 text; save it as UTF-8"),
        (b"jw1".ljust(257, b"\0") + b"ustar", "it is an archive inside an archive"),
        (b"a\0b\0c", "it is binary, not text"),
        (
            b"# Pool.Candidates\nFILENAME|PROGRAM|OBS_NUM\na.fits|1|1\n",
            "it is an association pool, but it has no column exp_type; "
            "a pool needs the columns filename, program and exp_type",
        ),
        (
            b"FILENAME|\na.fits|\n",
            "it is an association pool, but it has no column program or exp_type; "
            "a pool needs the columns filename, program and exp_type",
        ),
        (
            b"PROGRAM,VISITGRP,EXP_TYPE\n1,1,X\n",
            "it is an association pool, but it has no column filename; "
            "a pool needs the columns filename, program and exp_type",
        ),
        (
            b"ra,dec\n1,2\n",
            "it is a table, but no column holds file names (productFilename, filename or dataURI); it has ra, dec",
        ),
        (
            b"\n# A title\x1b[2J\n",
            "it is not a kind of file that jwgraph can read: the first line is '# A title\\x1b[2J'",
        ),
    ],
)
def test_what_is_not_read(data: bytes, reason: str) -> None:
    assert kind(data) == reason


@pytest.mark.parametrize("name", ["jw02733_20220710t161010_pool.csv", "x/jw02733_20220710T161010_POOL.csv"])
def test_what_is_left_of_a_pool_is_no_list_of_archived_files(name: str) -> None:
    """A pool lists what was planned too; cut down to its names it would pass for a product list."""
    one_column = b"FILENAME\njw02733001001_02101_00001_nrs1_uncal.fits\n"
    assert find_detect(Source.from_bytes(name, one_column), OURS) == Problem(
        name,
        None,
        "it is an association pool, but it has no column program or exp_type; "
        "a pool needs the columns filename, program and exp_type",
    )


def test_a_product_list_under_the_name_of_a_pool_is_a_product_list() -> None:
    source = Source.from_bytes("jw02733_20220710t161010_pool.csv", b"productFilename,obs_id\na.fits,b\n")
    assert find_detect(source, OURS) is product_list.LOADER


@pytest.mark.parametrize(
    "text",
    [
        "productFilename,obs_id\na.fits,b\n",
        "productFilename|filename|program|exp_type|obs_num\na.fits|a.fits|1|X|1\n",
        "productFilename,filename,program,exp_type,obs_num\na.fits,a.fits,1,X,1\n",
        "ArchiveFileID,filename,fileSetName,program,exp_type,visitgrp,targetid\n1,a.fits,a,1,X,1,1\n",
        "filename,program,exp_type\na.fits,1,X\n",  # may be any table of files: `mast_products` reads it
        "obs_id,obsid,calib_level\njw1,1,3\n",
        "a.fits\nb.fits\n",
        '{"asn_pool": "a|b", "filename": "program|exp_type"}',
        "# filename|program|exp_type\n",
        "",
    ],
)
def test_what_is_no_pool(text: str) -> None:
    assert not pool.LOADER.detect(Source.from_bytes("p.csv", text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "filename|program|exp_type\na_uncal.fits|1|nis_image\n",
        "FILENAME|PROGRAM|EXP_TYPE|ASN_CANDIDATE\na_uncal.fits|1234|NRC_IMAGE|[('o001', 'OBSERVATION')]\n",
        "FILENAME,PROGRAM,VISITGRP,EXP_TYPE\na_uncal.fits,1,1,NIS_IMAGE\n",
        "# a.fits\n# productFilename,obs_id\n\nfilename|obs_id|program|exp_type\na_uncal.fits|v1|1|nis_image\n",
    ],
)
def test_a_pool_is_claimed_by_its_loader_alone(text: str) -> None:
    source = Source.from_bytes("p.csv", text.encode())
    assert pool.LOADER.detect(source)
    assert [loader.name for loader in loaders() if loader.detect(source) and loader.name != pool.LOADER.name] == []


class Pools:
    name = "pools"
    summary = "Association pools."

    def detect(self, source: Source) -> bool:
        return b"|" in source.head

    def read(self, source: Source) -> Iterator[Record | Problem]:
        return iter([])


POOLS = Pools()


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """The entry points of the group, as if packages that have them were installed."""
    installed: list[EntryPoint] = []
    monkeypatch.setattr("jwgraph_loaders.find.detect.entry_points", lambda group: installed)
    loaders.cache_clear()
    yield installed
    loaders.cache_clear()


def test_another_package_adds_a_loader(entries: list[EntryPoint], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked after those of jwgraph, whatever it is called."""
    monkeypatch.setattr(file_list, "POOLS", POOLS, raising=False)
    monkeypatch.setitem(__import__("sys").modules, "other", file_list)
    entries += [
        EntryPoint("a_pools", "other:POOLS", GROUP),
        EntryPoint("names", "jwgraph_loaders.file_list:LOADER", GROUP),
        EntryPoint("association", "jwgraph_loaders.association:LOADER", GROUP),
    ]
    assert [loader.name for loader in loaders()] == ["association", "names", "pools"]
    assert find_detect(Source.from_bytes("x", b"a|b\n")) is POOLS


def test_a_loader_that_cannot_be_imported_is_named(entries: list[EntryPoint]) -> None:
    entries.append(EntryPoint("x", "loaders.absent:LOADER", GROUP))
    with pytest.raises(UsageError, match=r"The loader 'loaders.absent:LOADER' cannot be imported"):
        loaders()


def test_a_checkout_that_is_not_installed_says_so(entries: list[EntryPoint]) -> None:
    with pytest.raises(UsageError, match="No loader is installed"):
        loaders()
