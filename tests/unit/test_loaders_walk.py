"""From paths to sources: folders, archives, links, bombs, standard input."""

from __future__ import annotations

import gzip
import io
import os
import socket
import sys
import tarfile
import threading
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.errors import UsageError
from jwgraph.model.records import Problem
from jwgraph_loaders.base import Source
from jwgraph_loaders.find.buffer import Limits
from jwgraph_loaders.find.walk import sources


def walk(*paths: Path | str, limits: Limits | None = None) -> list[tuple[str, bytes | str]]:
    """Return names below the first path, and what was found there: bytes, or the reason why not."""
    found: list[tuple[str, bytes | str]] = []
    base = Path(paths[0]).parent
    for item in sources([str(path) for path in paths], limits=limits):
        if isinstance(item, Problem):
            found.append((short(item.source, base), item.reason))
        else:
            with item.open() as stream:
                found.append((short(item.name, base), stream.read()))
    return found


def short(name: str, base: Path) -> str:
    return name.removeprefix(f"{base}/")


def tar(path: Path, *members: tuple[str, bytes | str], mode: str = "w:gz") -> Path:
    """Write an archive; a member whose content is text is a link to it."""
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return path


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (source,) = sources([str(tmp_path / "a")])
    assert isinstance(source, Source)
    assert (source.name, source.filename, source.head) == (str(tmp_path / "a"), "a", b"x")


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name in ("b/2", "b/1", "a", "c/d/e"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    assert walk(root) == [
        ("root/a", b"a"),
        ("root/b/1", b"b/1"),
        ("root/b/2", b"b/2"),
        ("root/c/d/e", b"c/d/e"),
    ]


def test_the_walk_is_lazy(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"x")
    seen: list[str] = []
    walking = sources([str(tmp_path)], on_file=seen.append)
    assert seen == []
    next(walking)
    assert seen == [str(tmp_path / "a")]


def test_a_path_that_does_not_exist_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no file or folder '.*absent'"):
        sources([str(tmp_path), str(tmp_path / "absent")])


def test_a_path_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be reached: File name too long"):
        sources(["x" * 5000])
    with pytest.raises(UsageError, match="There is no file or folder"):
        sources(["a\0b"])


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "root" / "within").mkdir(parents=True)
    assert walk(tmp_path / "root") == [("root", "the folder holds no files")]


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "folder" / "file").write_bytes(b"in")
    (tmp_path / "secret").write_bytes(b"out")
    for name, target in (
        ("1", "../secret"),
        ("2", "absent"),
        ("3", "folder"),
        ("4", "folder/file"),
        ("5", "5"),
    ):
        (root / name).symlink_to(target)
    assert walk(root) == [
        ("root/1", "it is a link out of the folder; name its target to read it"),
        ("root/2", "it is a link that leads nowhere"),
        ("root/3", "it is a link to a folder that is read by itself"),
        ("root/4", b"in"),
        ("root/5", "it is a link that leads nowhere"),
        ("root/folder/file", b"in"),
    ]


def test_a_link_that_the_user_names_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    assert walk(tmp_path / "link") == [("link/a", b"x")]


def test_pipes_and_sockets_in_a_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    root.mkdir()
    os.mkfifo(root / "pipe")
    monkeypatch.chdir(root)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert [reason for _, reason in walk(root)] == ["it is not a regular file (a device, a socket or a pipe)"] * 2


def test_a_pipe_that_the_user_names_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(b"x",))
    writer.start()
    assert walk(tmp_path / "pipe") == [("pipe", b"x")]
    writer.join()


def test_a_device_is_refused() -> None:
    assert walk("/dev/zero") == [("zero", "it is not a regular file (a device, a socket or a pipe)")]


def test_what_may_not_be_read_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown by an error of the system, as tests may run as a user who may read everything."""
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "file").write_bytes(b"x")

    def refuse(path: Path, *_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert walk(root) == [("root/file", "it cannot be read: Permission denied")]
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert walk(root) == [("root", "it cannot be read: Permission denied")]


def test_names_that_do_not_print_are_shown_escaped(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\n").write_bytes(b"x")
    (source,) = sources([str(tmp_path)])
    assert isinstance(source, Source)
    assert source.name == f"{tmp_path}/a\\x1b[2J\\n"


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz", "x.tgz", "x.anything"])
def test_members_of_an_archive(tmp_path: Path, name: str) -> None:
    path = tar(tmp_path / name, ("d/b", b"1"), ("d/a", b""), mode="w" if name == "x.tar" else "w:gz")
    assert walk(path) == [(f"{name}!d/b", b"1"), (f"{name}!d/a", b"")]


def test_members_stay_readable_while_they_are_held(tmp_path: Path) -> None:
    path = tar(tmp_path / "x.tgz", ("a", b"1" * 100), ("b", b"2" * 100))
    found = list(sources([str(path)], limits=Limits(memory=10)))
    assert all(isinstance(source, Source) for source in found)
    for source in found:
        assert isinstance(source, Source)
        for _ in range(2):
            with source.open() as stream:
                assert stream.read() == (b"1" if source.filename == "a" else b"2") * 100


def test_members_that_lead_out_of_the_archive_are_refused(tmp_path: Path) -> None:
    path = tar(
        tmp_path / "x.tgz",
        ("../a", b"1"),
        ("/etc/b", b"1"),
        ("d/../../c", b"1"),
        ("link", "/etc/passwd"),
        ("e", b"5"),
    )
    assert walk(path) == [
        ("x.tgz!../a", "its name leads out of the archive"),
        ("x.tgz!/etc/b", "its name leads out of the archive"),
        ("x.tgz!d/../../c", "its name leads out of the archive"),
        ("x.tgz!link", "it is a link; links in archives are not followed"),
        ("x.tgz!e", b"5"),
    ]
    assert not (tmp_path.parent / "a").exists()


def test_devices_in_an_archive_are_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("device")
    info.type = tarfile.CHRTYPE
    (tmp_path / "x.tar").write_bytes(info.tobuf() + b"\0" * 1024)
    assert walk(tmp_path / "x.tar") == [("x.tar!device", "it is not a regular file")]


def test_an_archive_may_not_hold_too_much(tmp_path: Path) -> None:
    path = tar(tmp_path / "x.tgz", *((str(number), b"x" * 1000) for number in range(3)))
    assert walk(path, limits=Limits(members=2))[2:] == [("x.tgz", "the archive holds more than 2 files")]
    assert walk(path, limits=Limits(total=2000))[-1] == (
        "x.tgz",
        "it holds more than 2000 bytes when unpacked",
    )


def test_a_member_may_not_claim_too_much(tmp_path: Path) -> None:
    info = tarfile.TarInfo("huge")
    info.size = 1 << 50
    (tmp_path / "x.tar").write_bytes(info.tobuf() + b"\0" * 4096)
    assert walk(tmp_path / "x.tar") == [("x.tar", f"the archive holds more than {16 << 30} bytes")]


@pytest.mark.parametrize("name", ["bomb.gz", "bomb.tgz"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("tgz"):
        tar(path, ("zeros", b"\0" * (4 << 20)))
    else:
        path.write_bytes(gzip.compress(b"\0" * (4 << 20)))
    assert walk(path, limits=Limits(ratio_from=1 << 20)) == [(name, "it unpacks to more than 200 times its size")]


def test_a_compressed_file_has_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "jw1_asn.json.gz"
    path.write_bytes(gzip.compress(b"{}"))
    (source,) = sources([str(path)])
    assert isinstance(source, Source)
    assert (source.filename, source.head) == ("jw1_asn.json", b"{}")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("cut.gz", gzip.compress(b"x" * 1000, mtime=0)[:-12], "it is not a readable gzip file: "),
        ("bad.gz", b"\x1f\x8b" + b"x" * 100, "it is not a readable gzip file: "),
        ("bad.tar.gz", gzip.compress(b"not an archive", mtime=0), "it is not a readable archive: "),
        ("empty.tar", b"\0" * 10240, "the archive holds no files"),
        ("bad.tar", b"x" * 10240, "it is not a readable archive: "),
    ],
)
def test_what_is_no_archive_is_rejected(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    ((_, found),) = walk(tmp_path / name)
    assert isinstance(found, str)
    assert found.startswith(reason)


def test_an_archive_that_is_cut_gives_what_was_whole(tmp_path: Path) -> None:
    whole = tar(tmp_path / "x.tar", ("a", b"1" * 600), ("b", b"2" * 6000), mode="w").read_bytes()
    (tmp_path / "x.tar").write_bytes(whole[:3000])
    first, last = walk(tmp_path / "x.tar")
    assert first == ("x.tar!a", b"1" * 600)
    assert last == ("x.tar", "it is not a readable archive: unexpected end of data")


class Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("data", [b"a.fits\n", gzip.compress(b"a.fits\n", mtime=0)])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    (source,) = sources(["-"])
    assert isinstance(source, Source)
    assert (source.name, source.filename, source.head) == ("<stdin>", "", b"a.fits\n")


def test_an_archive_on_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(tar(tmp_path / "x.tgz", ("a", b"1")).read_bytes()))
    assert [item.name for item in sources(["-"]) if isinstance(item, Source)] == ["<stdin>!a"]


def test_standard_input_is_read_once() -> None:
    with pytest.raises(UsageError, match="once only"):
        sources(["-", "-"])


@given(at=st.integers(0, 3000), byte=st.integers(0, 255), packed=st.booleans())
def test_no_archive_makes_the_walk_raise(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int, packed: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.tar"
    data = bytearray(
        tar(path, ("a", b"1" * 600), ("link", "a"), ("b", b"2"), mode="w:gz" if packed else "w").read_bytes()
    )
    data[at % len(data)] = byte
    path.write_bytes(data)
    for item in sources([str(path)]):
        assert isinstance(item, (Source, Problem))


FITS = b"SIMPLE  =                    T".ljust(80) + b"BITPIX  =                    8".ljust(2720) + b"END".ljust(80)


def test_a_compressed_fits_file_is_unpacked_no_further_than_it_is_read(tmp_path: Path) -> None:
    """What follows its header would be refused as a bomb, were it unpacked."""
    path = tmp_path / "x.fits.gz"
    path.write_bytes(gzip.compress(FITS + b"\0" * (4 << 20)))
    (source,) = sources([str(path)], limits=Limits(ratio_from=1 << 20))
    assert isinstance(source, Source)
    assert (source.filename, source.head[:2880]) == ("x.fits", FITS)
    for _ in range(2):
        with source.open() as stream:
            assert not stream.seekable()
            assert stream.read(2880) == FITS


def test_a_compressed_fits_file_that_is_cut_fails_where_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.fits.gz"
    path.write_bytes(gzip.compress(FITS + os.urandom(100_000))[:-50_000])
    (source,) = sources([str(path)])
    assert isinstance(source, Source)
    with source.open() as stream:
        assert stream.read(2880) == FITS
        with pytest.raises(OSError, match="ended before"):
            stream.read()


def test_a_folder_named_like_a_file_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x.fits").mkdir()
    assert walk(tmp_path / "x.fits") == [("x.fits", "the folder holds no files")]


def test_a_fits_file_with_the_mark_of_an_archive_is_a_fits_file(tmp_path: Path) -> None:
    head = b"SIMPLE  =                    T".ljust(257) + b"ustar"
    (tmp_path / "a.fits").write_bytes(head.ljust(2880))
    (source,) = sources([str(tmp_path / "a.fits")])
    assert isinstance(source, Source)
