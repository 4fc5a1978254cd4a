"""The tree of an Observation as rows of a table: groups that open on demand, with the files below them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice

from jwgraph.answers.products import ProductRow
from jwgraph.present.cells import MARK, count, total_size
from jwgraph.present.fold import Branch, Files, branches
from jwgraph.present.tree import EXPECTED, ProductTree, level, short_name
from jwgraph.web.answer import SHOWN, observation, product

# Trees with so few files are open at first.
SMALL = 100


@dataclass(frozen=True)
class Node:
    """One row of the tree: a group of files, or a file.

    What is said of its files is computed once: a group can have 10,000 of them, and is shown again and again.

    Attributes
    ----------
    id
        What names it in a URL: its place in the tree, or the name of the file.
    depth
        Its level, 1 at the top.
    files
        The files below it, or the one that it is.
    below
        Returns the rows below it; None for a file.
    owner
        The Observation that it is, or empty.
    """

    id: str
    depth: int
    title: str
    files: Sequence[ProductRow]
    below: Callable[[], list[Node]] | None = None
    owner: str = ""

    @property
    def file(self) -> ProductRow | None:
        """The file, if it is one."""
        return self.files[0] if self.below is None else None

    @property
    def address(self) -> str:
        """The page of the file or of the Observation; empty for other groups."""
        if self.below is None:
            return product(self.files[0].productFilename)
        return observation(self.owner) if self.owner else ""

    @cached_property
    def mark(self) -> str:
        """The mark of recommended files."""
        return MARK if self.files and all(row.mrp for row in self.files) else ""

    @cached_property
    def amount(self) -> str:
        """Number of files of a group."""
        return "" if self.below is None else count(len(self.files), "file")

    @cached_property
    def volume(self) -> str:
        """Size of the files, where it is known."""
        return total_size(row.size for row in self.files)

    @cached_property
    def bytes(self) -> int:
        """Size of the files in bytes, those of unknown size not counted."""
        return sum(row.size or 0 for row in self.files)

    @cached_property
    def kinds(self) -> tuple[str, str, str]:
        """Type, processing level and relation, where all files have the same."""
        every = [{row.productType or "" for row in self.files}, {level(row.productLevel) for row in self.files}]
        found = [*every, {row.relation for row in self.files}]
        one, two, three = (next(iter(each)) if len(each) == 1 else "" for each in found)
        return one, two, three

    @cached_property
    def lacking(self) -> str:
        """What to say of files that the archive does not list."""
        missing = sum(not row.archived for row in self.files)
        if not missing:
            return ""
        return EXPECTED if missing == len(self.files) else f"{missing:,} {EXPECTED}"


def tree(products: ProductTree, *, folded: bool) -> list[Node]:
    """Return the groups at the top of a tree."""
    found = []
    if products.own:
        found.append(_files_node("own", products.own_title, products.own, products.obs_id))
    for each in products.included:
        found.append(_level_node(f"level-{each.level}", each.title, each.observations, folded=folded))
    if products.linked:
        found.append(_files_node("linked", products.linked_title, products.linked, ""))
    return found


def _files_node(name: str, title: str, rows: Sequence[ProductRow], owner: str) -> Node:
    return Node(name, 1, _capital(title), rows, cache(lambda: [_leaf(row, 2, owner) for row in rows]))


def _level_node(name: str, title: str, observations: dict[str, list[ProductRow]], *, folded: bool) -> Node:
    every = [row for rows in observations.values() for row in rows]

    def below() -> list[Node]:
        return [_branch(each) for each in branches(observations, folded=folded)]

    return Node(name, 1, _capital(title), every, cache(below))


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _branch(branch: Branch) -> Node:
    first = branch.observations[0]
    one = len(branch.observations) == 1
    rows = [row for files in branch.files for row in files.rows]

    def below() -> list[Node]:
        if one:
            return [_leaf(row, 3, first) for row in rows]
        return [_folded(f"{first}/{place}", files) for place, files in enumerate(branch.files)]

    return Node(first, 2, branch.title, rows, cache(below), first if one else "")


def _folded(name: str, files: Files) -> Node:
    return Node(name, 3, files.name, files.rows, cache(lambda: [_leaf(row, 4, "") for row in files.rows]))


def _leaf(row: ProductRow, depth: int, owner: str) -> Node:
    return Node(row.productFilename, depth, short_name(row.productFilename, owner or None), [row])


def opened(top: Sequence[Node], wanted: Collection[str]) -> list[str]:
    """Return the groups that are open: those asked for; without any, those of a small tree, or its own files."""
    if wanted:
        return [name for name in wanted if name != "none"]
    small = sum(len(node.files) for node in top) <= SMALL
    return [node.id for node in walk(top) if node.below and node.depth < 3] if small else ["own"]


def shown(top: Sequence[Node], names: Collection[str]) -> tuple[list[Node], int]:
    """Return the rows that the page shows, at most `SHOWN`, with what is open, and how many more there would be."""
    names = set(names)
    every = list(_rows(top, names))
    return every[:SHOWN], max(0, len(every) - SHOWN)


def _rows(nodes: Iterable[Node], names: set[str]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if node.below is not None and node.id in names:
            yield from _rows(node.below(), names)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every node of a tree, those above before those below."""
    for node in nodes:
        yield node
        if node.below is not None:
            yield from walk(node.below())


def below(top: Sequence[Node], name: str) -> tuple[list[Node], int]:
    """Return the rows directly below a group, at most `SHOWN`, and how many more there are."""
    group = _group(top, name)
    found = group.below() if group is not None and group.below is not None else []
    return list(islice(found, SHOWN)), max(0, len(found) - SHOWN)


def _group(top: Sequence[Node], name: str) -> Node | None:
    """Return the group of a name; only what is above it is built."""
    for node in top:
        if node.id == name:
            return node
        for branch in (node.below or list)() if node.id.startswith("level-") else ():
            if branch.id == name:
                return branch
            if name.startswith(f"{branch.id}/") and branch.below is not None:
                return next((each for each in branch.below() if each.id == name), None)
    return None


def picked(top: Sequence[Node], names: Collection[str]) -> list[ProductRow]:
    """Return the files that are ticked, or whose group is, each once."""
    wanted, found = set(names), dict[str, ProductRow]()
    for node in walk(top):
        if node.id in wanted:
            found.update((row.productFilename, row) for row in node.files)
    return list(found.values())


def summary(rows: Sequence[ProductRow], every: Sequence[ProductRow]) -> str:
    """Return how many files of how many are shown, their size, and how many of them are recommended."""
    whole = f"{len(rows):,} of {count(len(every), 'file')} shown"
    volume = total_size(row.size for row in rows)
    recommended = sum(row.mrp for row in rows)
    return ", ".join(filter(None, (whole, volume))) + f"; {recommended:,} recommended"
