"""Read records from paths: walk, detect the loader of each source, and read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from jwgraph.model.records import Problem, ProductRecord, Record
from jwgraph.names.grammar import PREVIEW_EXTENSIONS, parse
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.find.detect import detect
from jwgraph_loaders.find.walk import sources


@dataclass(frozen=True, slots=True)
class SourceReport:
    """Result of reading one source.

    Attributes
    ----------
    source
        A path, `archive.tar.gz!member`, or `<stdin>`.
    loader
        Name of the loader that read it; None if the whole source is rejected.
    records
        Number of records read.
    problems
        Number of problems, including warnings.
    reason
        For a source without records: why it is rejected, or the reason of its first problem.
    """

    source: str
    loader: str | None
    records: int
    problems: int
    reason: str | None = None


FILES = "files"
"""Name in the reports for files that are identified by name alone: previews and catalogues."""

REJECTED = "rejected"
"""Name in the reports for files that no loader reads."""

BY_NAME = PREVIEW_EXTENSIONS | {"ecsv"}

Found = Record | Problem
OnSource = Callable[[SourceReport], None]


def read_all(
    paths: Sequence[str], *, on_source: OnSource = lambda _report: None
) -> tuple[Iterator[Found], Counter[str]]:
    """Read every source under the paths, lazily and in order.

    Parameters
    ----------
    paths
        Files, folders, archives, or `-` for standard input.
    on_source
        Called with the report of each source after it is read.

    Raises
    ------
    UsageError
        A path does not exist.

    Returns
    -------
    records
        Records, and a Problem for each invalid source or row.
    counts
        Number of sources by loader; filled while the records are consumed.
    """
    counts: Counter[str] = Counter()
    # Report a missing path immediately, before connecting to any server.
    return read_sources(sources(paths), counts, on_source), counts


def read_sources(found: Iterable[Source | Problem], counts: Counter[str], on_source: OnSource) -> Iterator[Found]:
    """Yield the records and problems of sources, as `read_all` does of all in the paths."""
    for source in found:
        yield from _read(source, counts, on_source)


def _read(source: Source | Problem, counts: Counter[str], on_source: OnSource) -> Iterator[Found]:
    """Yield the records and problems of a source, then report on it."""
    loader = source if isinstance(source, Problem) else detect(source)
    if isinstance(loader, Problem) and isinstance(source, Source) and (here := _named(source)):
        counts[FILES] += 1
        yield here
        on_source(SourceReport(source.name, FILES, 1, 0))
    elif isinstance(loader, Problem):
        counts[REJECTED] += 1
        yield loader
        on_source(SourceReport(loader.source, None, 0, 1, loader.reason))
    elif isinstance(source, Source):
        counts[loader.name] += 1
        yield from _read_with(loader, source, on_source)


def _read_with(loader: Loader, source: Source, on_source: OnSource) -> Iterator[Found]:
    records = problems = 0
    reason = None
    for each in loader.read(source):
        if isinstance(each, Problem):
            problems += 1
            reason = reason or each.reason
        else:
            records += 1
        yield each
    on_source(SourceReport(source.name, loader.name, records, problems, None if records else reason))


def _named(source: Source) -> ProductRecord | None:
    """Return the record of a file that no loader reads but whose name shows that it is an archive file."""
    name = parse(source.filename)
    by_name = name.recognised and name.extension in BY_NAME
    return ProductRecord(name.filename, seen=True) if source.head and by_name else None
