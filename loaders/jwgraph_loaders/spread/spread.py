"""Read paths with many workers, and hand what they read to the one writer: whole programs, in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from jwgraph._version import __version__
from jwgraph.errors import UsageError
from jwgraph.model.records import Problem
from jwgraph_loaders.base import HEAD_BYTES
from jwgraph_loaders.find.read import REJECTED, Found, OnSource, SourceReport
from jwgraph_loaders.find.walk import File, check, files
from jwgraph_loaders.spread.executors import Executor, Job
from jwgraph_loaders.spread.lines import records_of
from jwgraph_loaders.spread.parts import Manifest, Part, Parts, own_parts
from jwgraph_loaders.spread.work import Reading, merge, read
from jwgraph_loaders.text import quoted
from jwgraph_loaders.write.writer import Prepared

# Of one job: files that are small are read together.
FILES = 200
BYTES = 4 << 20

Progress = Callable[[str], None]
Piece = list[File | Problem]


@dataclass(frozen=True, slots=True)
class Spread:
    """What workers read.

    Attributes
    ----------
    records
        Problems in the order of the sources, then the records of program after program.
    sources
        Number of sources by loader; filled while the records are consumed.
    prepared
        For the writer.
    """

    records: Iterator[Found]
    sources: Counter[str]
    prepared: Prepared | None = None


def pieces(paths: Sequence[str], *, most: int = FILES) -> list[Piece]:
    """Divide the files in the paths into pieces for one job each, in order.

    Raises
    ------
    UsageError
        A path does not exist, or can be read once only.
    """
    check(paths)
    found: list[Piece] = [[]]
    size = 0
    for each in files(paths):
        if isinstance(each, File):
            if each.once:
                raise UsageError(f"{quoted(each.name)} can be read by one process only: name files or folders.")
            each = replace(each, path=each.path.absolute())
        weight = _weight(each)
        if found[-1] and (len(found[-1]) >= most or size + weight > BYTES):
            found.append([])
            size = 0
        found[-1].append(each)
        size += weight
    return found


def _weight(each: File | Problem) -> int:
    if isinstance(each, Problem):
        return 0
    try:
        size = each.path.stat().st_size
    except OSError:
        return 0
    # Of a FITS file, the headers are read.
    return min(size, HEAD_BYTES) if each.name.endswith(".fits") else size


@contextmanager
def spread(
    found: Sequence[Piece],
    executor: AbstractContextManager[Executor],
    where: str | None = None,
    *,
    on_source: OnSource = lambda _report: None,
    progress: Progress = lambda _text: None,
) -> Iterator[Spread]:
    """Read pieces of the sources with an executor; what was read is there until the block ends.

    Parameters
    ----------
    found
        From `pieces`.
    executor
        Who runs the work, from `jwgraph_loaders.spread.executors`; it ends before anything is written to the store.
    where
        Folder or fsspec URL for the parts, which all workers share; None for a temporary folder.
    on_source
        Called with the report of each source, when the records are consumed.
    progress
        Called with a sentence about the current step.

    Raises
    ------
    UsageError
        Workers do not see the files or the parts, or cannot run.
    SourceError
        What ran a job died again and again, or a part is missing or damaged.
    """
    with own_parts(where) as parts:
        with executor as running:
            parts.finish(_gathered(found, running, parts.where, progress))
        # What is written is what the place of the parts says, not what this process remembers.
        manifest = parts.manifest()
        sources: Counter[str] = Counter()
        prepared = Prepared(manifest.records, manifest.references, manifest.shares)
        yield Spread(_records(parts, manifest, sources, on_source), sources, prepared)


def _gathered(found: Sequence[Piece], executor: Executor, where: str, progress: Progress) -> Manifest:
    manifest = Manifest()
    programs: defaultdict[str, list[Part]] = defaultdict(list)
    references: set[str] = set()
    shares: set[tuple[str, str]] = set()
    reading = [Job(f"read {_named(piece)}", read, (piece, where, __version__)) for piece in found]
    result: Reading
    for result in _run(executor, reading, progress, "reading: {} of {} groups of files"):
        manifest.records += result.records
        manifest.log += result.log
        references |= result.references
        shares |= result.shares
        for program, parts in result.programs.items():
            programs[program] += parts
    several = [program for program, parts in programs.items() if len(parts) > 1]
    merging = [Job(f"merge program {program or 'none'}", merge, (programs[program], where)) for program in several]
    programs.update(zip(several, _run(executor, merging, progress, "merging: {} of {} programs"), strict=True))
    manifest.programs = {program: programs[program] for program in sorted(programs)}
    manifest.references, manifest.shares = sorted(references), sorted(shares)
    return manifest


def _run(executor: Executor, jobs: Sequence[Job], progress: Progress, text: str) -> list[Any]:
    """Run jobs and return their results in order."""
    results: dict[int, Any] = {}
    if jobs:
        progress(text.format(0, len(jobs)))
    for place, result in executor.run(jobs):
        results[place] = result
        progress(f"{text.format(len(results), len(jobs))}, the last: {jobs[place].name}")
    return [results[place] for place in range(len(jobs))]


def _named(piece: Piece) -> str:
    """Say which files a piece has."""
    first, more = piece[0].name if isinstance(piece[0], File) else piece[0].source, len(piece) - 1
    return f"{first.rpartition('/')[2]}{f' and {more} more' if more else ''}"


def _records(parts: Parts, manifest: Manifest, sources: Counter[str], on_source: OnSource) -> Iterator[Found]:
    for part in manifest.log:
        for each in records_of(parts.read(part)):
            if isinstance(each, SourceReport):
                sources[each.loader or REJECTED] += 1
                on_source(each)
            else:
                yield each
    for program in manifest.programs.values():
        for part in program:
            yield from records_of(parts.read(part))
