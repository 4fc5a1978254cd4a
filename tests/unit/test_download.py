"""Files that are downloaded from a server of this machine that cuts, lies, delays and refuses."""

from __future__ import annotations

import resource
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.answers.downloads import Fetched, FetchState, summary
from jwgraph.answers.products import ProductRow
from jwgraph.errors import RefusedError, SourceError, UsageError
from jwgraph.export.places import Place, places
from jwgraph_loaders.mast import download as downloads
from jwgraph_loaders.mast.session import RetryPolicy
from tests.support.files_server import Server, serving

QUICK = RetryPolicy(attempts=3, first_pause=0.001, longest_pause=0.01, timeout=5.0)
TOKEN = "abc123def"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    names = [f"file{n}.fits" for n in range(6)]
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("MAST_API_TOKEN", raising=False)
    with serving({name: f"{name} ".encode() * 20_000 for name in names} | {"empty.fits": b""}) as made:
        monkeypatch.setenv("JWGRAPH_MAST", made.url)
        yield made


def found(server: Server, sizes: dict[str, int | None] | None = None) -> list[Place]:
    rows = []
    for name, content in server.content.items():
        size = (sizes or {}).get(name, len(content))
        rows.append(ProductRow(name, "x", "SCIENCE", 3, f"mast:JWST/product/{name}", size, True, "own", "3", True))
    return places(rows)[0]


def fetch(server: Server, folder: Path, sizes: dict[str, int | None] | None = None) -> dict[str, Fetched]:
    done = downloads.download(found(server, sizes), folder, policy=QUICK)
    assert [row.productFilename for row in done] == list(server.content)
    return {row.productFilename: row for row in done}


def states(done: dict[str, Fetched]) -> Counter[str]:
    return Counter(str(row.state) for row in done.values())


def there(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_run_twice_each_file_is_fetched_once(server: Server, tmp_path: Path) -> None:
    """The server cuts two files, answers 503 once, and is slow; every byte comes, and none twice."""
    server.cut["file1.fits"] = 1
    server.cut["file2.fits"] = 3
    server.fault["file3.fits"] = [503, 429]
    server.slow = 0.001
    folder = tmp_path / "new" / "data"
    assert states(fetch(server, folder)) == {"fetched": 7}
    assert there(folder) == server.content
    assert states(fetch(server, folder)) == {"kept": 7}
    asked = server.starts()
    assert asked == Counter(dict.fromkeys(server.content, 1)) + Counter({"file3.fits": 2})
    assert 2 <= server.busiest < len(server.content)
    assert {row.state: (row.files, row.bytes) for row in summary(list(fetch(server, folder).values()))} == {
        FetchState.FETCHED: (0, 0),
        FetchState.KEPT: (7, sum(map(len, server.content.values()))),
        FetchState.FAILED: (0, 0),
    }


def test_a_server_without_ranges_begins_anew(server: Server, tmp_path: Path) -> None:
    server.ranges = False
    server.cut["file0.fits"] = 1
    assert states(fetch(server, tmp_path)) == {"fetched": 7}
    assert there(tmp_path)["file0.fits"] == server.content["file0.fits"]
    assert server.starts()["file0.fits"] == 2


def test_a_part_of_the_script_is_gone_on_with(server: Server, tmp_path: Path) -> None:
    size = len(server.content["file0.fits"])
    (tmp_path / f"file0.fits.{size}.part").write_bytes(server.content["file0.fits"][:1000])
    whole = tmp_path / f"file1.fits.{size}.part"
    whole.write_bytes(server.content["file1.fits"])
    longer = tmp_path / f"file2.fits.{size}.part"
    longer.write_bytes(b"x" * (size + 1))
    (tmp_path / "file3.fits").write_bytes(b"an older version")
    assert states(fetch(server, tmp_path)) == {"fetched": 7}
    assert there(tmp_path) == server.content
    assert ("file0.fits", 1000) in server.asked
    assert "file1.fits" not in dict(server.asked)


@pytest.mark.parametrize("lengths", [True, False])
def test_sizes_that_differ_from_the_list(server: Server, tmp_path: Path, lengths: bool) -> None:
    server.lengths = lengths
    size = len(server.content["file0.fits"])
    (tmp_path / "file1.fits").write_bytes(b"mine")
    done = fetch(server, tmp_path, {"file0.fits": size - 1, "file1.fits": size + 1})
    assert states(done) == {"fetched": 5, "failed": 2}
    for name in ("file0.fits", "file1.fits"):
        assert "processed anew; load the list again." in str(done[name].reason)
    kept = there(tmp_path)
    assert set(kept) == set(server.content) - {"file0.fits"}
    assert kept["file1.fits"] == b"mine"


def test_more_bytes_than_the_server_announces(server: Server, tmp_path: Path) -> None:
    server.more.add("file0.fits")
    assert states(fetch(server, tmp_path)) == {"fetched": 7}
    server.lengths = False
    other = tmp_path / "other"
    done = fetch(server, other)
    assert states(done) == {"fetched": 6, "failed": 1}
    assert sorted(there(other)) == sorted(set(server.content) - {"file0.fits"})


def test_unknown_sizes(server: Server, tmp_path: Path) -> None:
    server.cut["file0.fits"] = 1
    assert states(fetch(server, tmp_path, dict.fromkeys(server.content))) == {"fetched": 7}
    assert there(tmp_path) == server.content
    assert states(fetch(server, tmp_path, dict.fromkeys(server.content))) == {"kept": 7}
    # A part as long as the file, of which nobody knows that it is whole.
    (tmp_path / "file0.fits").rename(tmp_path / "file0.fits..part")
    assert states(fetch(server, tmp_path, dict.fromkeys(server.content))) == {"kept": 6, "fetched": 1}
    assert there(tmp_path) == server.content


def test_what_the_server_refuses_fails_and_the_rest_comes(server: Server, tmp_path: Path) -> None:
    server.fault = {"file0.fits": [403] * 9, "file1.fits": [404] * 9, "file2.fits": [500] * 9}
    done = fetch(server, tmp_path)
    assert states(done) == {"fetched": 4, "failed": 3}
    assert "set MAST_API_TOKEN to a token from" in str(done["file0.fits"].reason)
    assert done["file1.fits"].reason == "MAST answered HTTP 404."
    assert done["file2.fits"].reason == "MAST answered HTTP 500 (asked 3 times)."
    assert len(there(tmp_path)) == 4


def test_the_token(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    fetch(server, tmp_path)
    assert server.cookies == {f"mast_token={TOKEN}"}
    # Of a file of somebody else's program, the token is right.
    (tmp_path / "file0.fits").unlink()
    server.fault["file0.fits"] = [403]
    assert states(fetch(server, tmp_path)) == {"kept": 6, "failed": 1}


def test_the_token_goes_nowhere_else(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    with serving({}) as other:
        server.elsewhere["file0.fits"] = f"{other.url}/file0.fits?uri=mast:JWST/product/file0.fits"
        done = fetch(server, tmp_path)
        assert done["file0.fits"].reason == "MAST sends the request on to another address, which is not followed."
        assert (other.asked, other.cookies) == ([], set())


def test_an_expired_token_ends_it_and_what_is_there_stays(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(server, tmp_path)
    (tmp_path / "file0.fits").unlink()
    before = there(tmp_path)
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    server.anonymous = True
    with pytest.raises(RefusedError, match="the token in MAST_API_TOKEN has expired or is wrong"):
        fetch(server, tmp_path)
    assert there(tmp_path) == before


def test_a_full_disk_ends_it_and_what_is_there_stays(server: Server, tmp_path: Path) -> None:
    server.content["small.fits"] = b"small"
    server.content = {"small.fits": b"small", **server.content}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(SourceError, match=r"Cannot write file\d.fits to .*; what is there stays"):
            downloads.download(found(server), tmp_path, policy=QUICK, connections=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert there(tmp_path)["small.fits"] == b"small"
    (part,) = tmp_path.glob("*.part")
    assert part.stat().st_size == 50_000
    server.asked.clear()
    assert states(fetch(server, tmp_path))["kept"] == 1
    assert (part.name.split(".fits")[0] + ".fits", 50_000) in server.asked


def test_names_that_cannot_be_written(server: Server, tmp_path: Path) -> None:
    long = "a" * 300 + ".fits"
    server.content[long] = b"x"
    (tmp_path / "file0.fits").mkdir()
    done = fetch(server, tmp_path)
    assert states(done) == {"fetched": 6, "failed": 2}
    assert str(done[long].reason).startswith("It cannot be written: ")
    assert str(done["file0.fits"].reason).startswith("It cannot be written: ")


def test_a_link_of_the_name_of_a_part_is_not_followed(server: Server, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / f"file0.fits.{len(server.content['file0.fits'])}.part").symlink_to(outside)
    fetch(server, folder)
    assert outside.read_bytes() == b""


def test_one_download_at_a_time_in_a_folder(server: Server, tmp_path: Path) -> None:
    server.slow = 0.02
    first = threading.Thread(target=fetch, args=(server, tmp_path))
    first.start()
    while not server.asked:
        time.sleep(0.005)
    with pytest.raises(RefusedError, match="Another jwgraph is downloading into"):
        fetch(server, tmp_path)
    first.join()
    assert there(tmp_path) == server.content


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="Cannot make the folder"):
        fetch(server, tmp_path / "file" / "data")
