"""Write a shell script that downloads files with curl.

The script starts with `fetch.sh` from this folder, unchanged; this module adds the calls of its function, with each
value quoted for the shell. MAST's own scripts (*Download Basket*) download every file again on each run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from shlex import quote

from jwgraph._version import __version__
from jwgraph.answers.notes import Note
from jwgraph.export.places import Place
from jwgraph.present.escape import visible

_CALLS = "# (calls)\n"

_COUNT = "'# (count)'"


def script(
    places: Iterable[Place], notes: Iterable[Note] = (), *, before: Iterable[str] = (), after: Iterable[str] = ()
) -> Iterator[str]:
    """Return the text of the script, in pieces; notes are comments at its head.

    Parameters
    ----------
    before
        Lines of shell before the first download, in the folder of the files.
    after
        Lines after all downloads, if none of them failed.
    """
    wanted = list(places)
    size = sum(place.size or 0 for place in wanted)
    unknown = sum(place.size is None for place in wanted)
    program = (files("jwgraph.export") / "fetch.sh").read_text(encoding="utf-8")
    head, _, tail = program.partition(_CALLS)
    first, _, rest = head.partition("\n")
    sizes = f"{size} bytes" + (f" and {unknown} of unknown size" if unknown else "")
    yield f"{first}\n# Made by jwgraph {__version__}: {len(wanted)} files, {sizes}.\n"
    yield from (f"# note: {visible(str(note))}\n" for note in notes)
    yield rest.replace(_COUNT, str(len(wanted)))
    yield from before
    for place in wanted:
        yield f"get {quote(place.name)} {quote(place.url)} {quote(str(place.size) if place.size is not None else '')}\n"
    yield tail
    yield from after
