"""Read and check a dump: its manifest, the SHA-256 of each file, and every line."""

from __future__ import annotations

import json
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from jwgraph.errors import SourceError, UsageError
from jwgraph.store.dump import EDGES, FILES, FORMAT, MANIFEST, NODES, Manifest, Progress, sha256_of
from jwgraph.store.dump_lines import ENDS, EXTRA_LABELS, KEYS, base, value

Line = dict[str, Any]

_MANIFEST_LIMIT = 1 << 20
_PIECE = 1 << 20
_PLAIN = (str, bool)


@dataclass(frozen=True, slots=True)
class Dump:
    """A checked dump: the folder of its files, and its manifest."""

    folder: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """Digest of the graph when it was dumped."""
        return str(self.manifest["digest"])


@contextmanager
def opened(path: Path, progress: Progress = lambda _text: None) -> Iterator[Dump]:
    """Open a dump (an archive or a folder) and check it; unpacked files are removed at the end.

    Raises
    ------
    UsageError
        The file or folder does not exist.
    SourceError
        It is not a dump, has a newer format, or is damaged; the text says where.
    """
    if not path.exists():
        raise UsageError(f"There is no {path}.")
    with TemporaryDirectory(prefix="jwgraph-restore-") as name:
        try:
            if path.is_dir():
                folder = path
                manifest = _manifest(path, _text(path / MANIFEST))
            else:
                folder = Path(name)
                progress("unpacking")
                manifest = _unpack(path, folder)
            progress("checking")
            _check(path, folder, manifest)
        except FileNotFoundError as error:
            raise _damaged(path, f"{Path(str(error.filename)).name} is missing") from None
        except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
            raise _damaged(path, str(error) or type(error).__name__) from None
        yield Dump(folder, manifest)


def _damaged(path: Path, why: str) -> SourceError:
    return SourceError(f"{path} is no dump that can be restored: {why}. Nothing was written.")


def _text(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MANIFEST_LIMIT)


def _unpack(path: Path, folder: Path) -> Manifest:
    """Unpack the three files of a dump; sizes are those of the manifest, which comes first."""
    manifest: Manifest | None = None
    with tarfile.open(path, mode="r:gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is None or member.name not in FILES or (folder / member.name).exists():
                raise _damaged(path, f"{member.name!r} is no file of a dump")
            if member.name == MANIFEST:
                content = file.read(_MANIFEST_LIMIT)
                manifest = _manifest(path, content)
                (folder / MANIFEST).write_bytes(content)
            elif manifest is None:
                raise _damaged(path, f"{MANIFEST} does not come first")
            else:
                _copy(path, file, folder / member.name, manifest["files"][member.name]["bytes"])
    if manifest is None:
        raise _damaged(path, f"it has no {MANIFEST}")
    return manifest


def _copy(path: Path, file: IO[bytes], target: Path, size: int) -> None:
    with target.open("wb") as out:
        while piece := file.read(_PIECE):
            out.write(piece)
            if out.tell() > size:
                raise _damaged(path, f"{target.name} is longer than the manifest says")


def _manifest(path: Path, content: bytes) -> Manifest:
    """Read a manifest, and check the fields that a restore uses."""
    try:
        found = json.loads(content)
        number = found["format"]
        if isinstance(number, int) and number != FORMAT:
            maker = found.get("jwgraph")
            raise _damaged(path, f"it has format {number} (jwgraph {maker}), and this jwgraph reads {FORMAT}")
        fit = number == FORMAT and isinstance(found["digest"], str) and isinstance(found["counts"]["nodes"], dict)
        fit = fit and isinstance(found["counts"]["edges"], dict)
        for name in (NODES, EDGES):
            stated = found["files"][name]
            fit = fit and isinstance(stated["sha256"], str) and isinstance(stated["bytes"], int)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fit = False
    if not fit:
        raise _damaged(path, f"{MANIFEST} is not as jwgraph writes it")
    checked: Manifest = found
    return checked


def _check(path: Path, folder: Path, manifest: Manifest) -> None:
    counts = manifest["counts"]
    for name, parse, stated in ((NODES, _node, counts["nodes"]), (EDGES, _edge, counts["edges"])):
        if sha256_of(folder / name) != manifest["files"][name]["sha256"]:
            raise _damaged(path, f"the SHA-256 of {name} is not that of the manifest")
        if _count(path, folder / name, parse) != stated:
            raise _damaged(path, f"{name} has not the lines that the manifest counts")


def _count(path: Path, file: Path, kind_of: Callable[[Line], str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    with file.open("rb") as lines:
        for number, text in enumerate(lines, start=1):
            try:
                line = json.loads(text)
                kind = kind_of(line)
                # A string of ASCII without escapes of surrogates is one that the store can have.
                plain = () if b"\\ud" in text.lower() else _PLAIN
                for each in line["properties"].values():
                    if type(each) not in plain:
                        value(each)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise _damaged(path, f"{file.name}:{number} is not as this jwgraph writes it") from None
            counts[kind] += 1
    return dict(counts)


def _node(line: Line) -> str:
    label = base(line["labels"])
    extra = set(line["labels"]) - {label}
    if line["properties"][KEYS[label]] != line["key"] or not isinstance(line["key"], str):
        raise ValueError("a key that does not match its label")
    if not extra <= EXTRA_LABELS or (extra and label != "Product"):
        raise ValueError("labels that jwgraph never combines")
    return label


def _edge(line: Line) -> str:
    start, end = line["ends"]
    if (line["type"], start, end) not in ENDS or not isinstance(line["start"], str) or not isinstance(line["end"], str):
        raise ValueError("an edge that jwgraph never writes")
    return str(line["type"])


def read_lines(dump: Dump, name: str, part: int = 0, parts: int = 1) -> Iterator[Line]:
    """Yield the lines of a file of a checked dump, or of one of several parts of about the same size."""
    size = (dump.folder / name).stat().st_size
    begin, end = size * part // parts, size * (part + 1) // parts
    with (dump.folder / name).open("rb") as lines:
        if begin:
            # A line belongs to the part in which it begins.
            lines.seek(begin - 1)
            lines.readline()
        place = lines.tell()
        for text in lines:
            if place >= end:
                return
            place += len(text)
            yield json.loads(text)
