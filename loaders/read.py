"""From paths to records: walk, detect, read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from jwgraph.model import Record, Reject
from loaders.detect import detect
from loaders.walk import sources


def read_all(paths: Sequence[str]) -> tuple[Iterator[Record | Reject], Counter[str]]:
    """Read every source under the paths, lazily.

    Parameters
    ----------
    paths
        Files, folders, archives, or `-` for standard input.

    Raises
    ------
    UsageError
        A path does not exist.

    Returns
    -------
    records
        Records, and a Reject for each source or row that is none.
    counts
        Sources by kind of loader; filled while the records are consumed.
    """
    counts: Counter[str] = Counter()
    # A path that does not exist is told at once, before any server is asked for.
    found = sources(paths)

    def records() -> Iterator[Record | Reject]:
        for source in found:
            if isinstance(source, Reject):
                counts["rejected"] += 1
                yield source
                continue
            loader = detect(source)
            if isinstance(loader, Reject):
                counts["rejected"] += 1
                yield loader
                continue
            counts[loader.name] += 1
            yield from loader.read(source)

    return records(), counts
