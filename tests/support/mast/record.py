"""Record what MAST answers, as fixtures that the replay serves.

`python -m tests.support.mast.record FOLDER [PROGRAM]` asks MAST (`JWGRAPH_MAST`) what `jwgraph doctor --mast` does: the
search of a program, one product list, one association, one pool, keywords and two errors. It writes them to a folder;
`recorded` makes a replay of it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jwgraph import settings
from jwgraph_loaders.mast.contract import compare
from jwgraph_loaders.mast.probe import PROGRAM, Replies, ask
from jwgraph_loaders.mast.session import MastSession, RetryPolicy
from tests.support.mast.server import Replay

REPLIES = "replies.json"
FILES = "files"


def write(folder: Path, replies: Replies) -> None:
    """Write replies to a folder: one JSON file, and the content of the association and the pool."""
    (folder / FILES).mkdir(parents=True, exist_ok=True)
    for name, content in replies.files.items():
        (folder / FILES / name).write_bytes(content)
    document = asdict(replies) | {FILES: sorted(replies.files)}
    (folder / REPLIES).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Replies:
    """Read the replies of a folder."""
    document: dict[str, Any] = json.loads((folder / REPLIES).read_text(encoding="utf-8"))
    contents = {name: (folder / FILES / name).read_bytes() for name in document[FILES]}
    failed = [(step, clause) for step, clause in document["errors"]]
    return Replies(**document | {FILES: contents, "errors": failed})


def recorded(folder: Path) -> Replay:
    """Return a replay of the rows and files of a folder."""
    replies = read(folder)
    keywords = [row for reply in replies.keywords.values() for row in reply["data"]]
    searched, listed = (reply["data"] if reply else [] for reply in (replies.search, replies.products))
    return Replay(searched, listed, replies.files, keywords)


def main(folder: str, program: str = PROGRAM, *, policy: RetryPolicy | None = None) -> int:
    """Record, and print what differs from what jwgraph relies on; return the exit code."""
    replies = ask(MastSession(settings.mast(), policy or RetryPolicy(), print), program)
    write(Path(folder), replies)
    for check in compare(replies):
        print(check.state, check.check, check.detail, sep="\t")
    return 1 if replies.errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
