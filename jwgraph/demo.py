"""A small sample of real data, to load and to look at."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jwgraph.store.graph import Graph
    from jwgraph_loaders.write.writer import Report

OBS_ID = "jw02221-o001_t001_nircam_clear-f187n"


PROGRAMS = ("02221", "01200", "02514")


def load_demo(graph: Graph) -> Report:
    """Load the sample of `jwgraph/data/demo` into a store."""
    from jwgraph_loaders.find.read import read_all
    from jwgraph_loaders.write.writer import load

    with as_file(files("jwgraph") / "data" / "demo") as folder:
        records, sources = read_all([str(folder)])
        report = load(graph, records)
    report.sources = sources
    return report
