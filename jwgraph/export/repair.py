"""Write the script that puts a folder right: it downloads what is outdated, damaged or missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from shlex import quote

from jwgraph.answers.notes import Note
from jwgraph.answers.products import ProductRow
from jwgraph.export.curl import script
from jwgraph.export.places import places


@dataclass(frozen=True, slots=True)
class Repair:
    """A file to download.

    Attributes
    ----------
    product
        The file in the archive.
    file
        Its path in the folder.
    aside
        Path of the file that is there, if the new one may have its size; else empty.
    """

    product: ProductRow
    file: str
    aside: str = ""


def repair_script(repairs: Iterable[Repair], notes: Iterable[Note], now: datetime) -> tuple[Iterator[str], list[str]]:
    """Return the text of the script, in pieces, and the paths of the files that cannot be downloaded.

    A file that is there is replaced when the new one is whole. The script keeps files of the right size; a file that
    is wrong and has that size is renamed first, once however often the script is run.

    Parameters
    ----------
    now
        Time of the check, which the new names of such files have.
    """
    found, left, aside = [], [], []
    for each in repairs:
        usable, _ = places([each.product])
        found += [replace(place, name=each.file) for place in usable]
        left += [] if usable else [each.file]
        if usable and each.aside:
            aside.append(each.aside)
    return script(found, notes, before=_set_aside(aside, now)), left


def _set_aside(files: Iterable[str], now: datetime) -> Iterator[str]:
    for file in files:
        yield f"aside {quote(file)} {quote(f'{file}.{now:%Y%m%dT%H%M%S}.old')}\n"
