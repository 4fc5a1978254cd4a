"""The command line, with each phase of a load written to a pipe as it begins: what is killed, is killed in one of them.

`python -m tests.support.logged_load FILE_DESCRIPTOR COMMAND …`
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jwgraph.cli import app, output
from jwgraph.store import queries
from jwgraph.store.queries import Query


def main() -> None:
    """Run the command that the arguments name."""
    pipe = int(sys.argv[1])

    def log(phase: str) -> None:
        os.write(pipe, f"{phase}\n".encode())

    get = queries.get

    def logged(name: str) -> Query:
        if name.startswith("write/"):
            log(name)
        return get(name)

    @contextmanager
    def progress() -> Iterator[Callable[[str], None]]:
        # The counter of "writing: 2,000 records" is no phase of its own.
        yield lambda text: log(text.partition(": ")[0] if text.startswith("writing") else text)

    queries.get = logged
    output.progress = progress
    sys.argv = ["jwgraph", "-q", *sys.argv[2:]]
    log("parsing")
    app.main()


if __name__ == "__main__":
    main()
