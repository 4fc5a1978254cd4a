"""Read plain lists of file names, MAST URIs or paths, one per line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jwgraph.model.records import EngineeringRecord, Problem, ProductRecord, Record
from jwgraph.names.grammar import parse
from jwgraph_loaders.base import Source
from jwgraph_loaders.engineering import is_engineering, record_of_uri, wrong_uri
from jwgraph_loaders.product_list import truncated
from jwgraph_loaders.text import BadLine, base_name, head_lines, lines, name_fault, quoted, row_problem

LOOKED_AT = 200

_NAME = re.compile(r"[^\s|]+\.(fits|json|csv|ecsv|jpe?g|png|txt|asdf|reg|pdf|gif|tar|db)(\.gz)?", re.IGNORECASE)


class Names:
    """Loader of file lists."""

    name = "names"
    summary = "Lists of file names, MAST URIs or paths, one a line."

    def detect(self, source: Source) -> bool:
        """Return whether most lines of the head are single words with the extension of an archive file."""
        found = [text for line in head_lines(source.head)[:LOOKED_AT] if (text := _entry(line))]
        return 2 * sum(_NAME.fullmatch(text) is not None for text in found) > len(found)

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a `ProductRecord` for each file name and a Problem for each invalid line.

        A URI of engineering data (`mast:jwstedb/…`) gives an `EngineeringRecord`, since it is not part of a dataset.
        """
        for number, line in lines(source):
            if isinstance(line, BadLine):
                yield row_problem(source, number or None, line)
                continue
            text = _entry(line)
            if not text:
                continue
            made = _engineering(text) if is_engineering(text) else _file(text)
            yield row_problem(source, number, made, line) if isinstance(made, str) else made


LOADER = Names()


def _entry(line: str) -> str:
    text = line.strip(" \t\r")
    return "" if text.startswith("#") else text


def _engineering(text: str) -> EngineeringRecord | str:
    return record_of_uri(text) or wrong_uri(text)


def _file(text: str) -> ProductRecord | EngineeringRecord | str:
    """Return the record of a file name, URI or path, or the reason why it is invalid."""
    name = base_name(text)
    if name.endswith(".csv") and (found := record_of_uri(name)):
        return found
    if fault := name_fault(name) or _no_file(text, name):
        return f"{quoted(name)} is not a file name that can be kept: {fault}"
    return ProductRecord(name, seen=True)


def _no_file(text: str, name: str) -> str | None:
    if " " in text or "\t" in text:
        return "there is more than one word on the line"
    if "." not in name.strip("."):
        return "it has no extension"
    if name.lower().endswith(".csv") and not parse(name).recognised:
        return "CSV files of the archive are association pools and engineering data"
    return truncated(name)
