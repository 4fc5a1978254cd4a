"""Write the commands of the JWST pipeline that make Observations again, and the list of their reference files.

The commands follow `reduce.sh` of this folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from shlex import quote

from jwgraph.answers.calibration import ReferenceRow
from jwgraph.answers.inputs import Run
from jwgraph.present.escape import visible

SCRIPT = "reduce.sh"

_CONTEXT = "'# (context)'"

# Ends the text of a file in a shell script; no line that is written here is this.
_END = "END_OF_FILE"


def after_download(runs: Sequence[Run], references: Iterable[ReferenceRow]) -> Iterator[str]:
    """Return lines of shell that write, beside the files, the script of the pipeline and the lists of references."""
    by_context: dict[str, list[ReferenceRow]] = {}
    for row in references:
        by_context.setdefault(row.context or "unknown", []).append(row)
    newest = max(by_context.keys() - {"unknown"}, default="")
    yield from _file(SCRIPT, _commands(runs, newest))
    for context, rows in sorted(by_context.items()):
        lines = sorted(f"{row.reference}\t{row.keyword}\t{row.productFilename}" for row in rows)
        yield from _file(f"crds_{context.removesuffix('.pmap')}.txt", ("reference\tkeyword\tproductFilename", *lines))
    yield f"say 'the pipeline: sh {SCRIPT}'\n"


def _commands(runs: Sequence[Run], context: str) -> Iterator[str]:
    head = (files("jwgraph.export") / SCRIPT).read_text(encoding="utf-8")
    yield from head.replace(_CONTEXT, quote(context)).splitlines()
    for run in runs:
        if run.pipeline is None:
            yield f"# The type of this association names no pipeline: {visible(run.file)}"
        else:
            yield f"strun {run.pipeline} {quote(run.file)}"


def _file(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"cat >{quote(f'./{name}')} <<'{_END}'\n"
    yield from (f"{visible(line, keep=chr(9))}\n" for line in lines)
    yield f"{_END}\n"
