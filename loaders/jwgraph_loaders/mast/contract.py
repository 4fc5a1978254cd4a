"""Compare replies of MAST with what jwgraph relies on (`contract.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jwgraph.doctor import ERROR, OK, WARNING, Check
from jwgraph.model.records import Problem
from jwgraph.names.grammar import parse
from jwgraph_loaders.mast.contents import read
from jwgraph_loaders.mast.probe import Replies, Reply


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a service and their types: those without which nothing can be loaded, and others that are kept."""

    service: str
    needed: dict[str, str]
    used: dict[str, str]


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("contract.toml").read_text(encoding="utf-8"))


def columns(name: str) -> Columns:
    """Return the columns of `search`, `products` or `keywords`."""
    return Columns(**_document()[name])


def errors() -> dict[str, Any]:
    """Return the form of errors."""
    errors_of: dict[str, Any] = _document()["errors"]
    return errors_of


def compare(replies: Replies) -> Iterator[Check]:
    """Yield a check for each kind of reply."""
    failed = dict(reversed(replies.errors))
    yield from (Check(f"MAST, {step}", ERROR, clause) for step, clause in replies.errors)
    if "token" not in failed:
        yield _token(replies.anonymous)
    for name, reply in (("search", replies.search), ("products", replies.products)):
        if reply is not None:
            yield _columns(name, f"MAST, {'list' if name == 'products' else name}", reply)
    if replies.products is not None:
        yield _parents(replies)
    elif replies.search is not None and "list" not in failed:
        yield Check("MAST, list", ERROR, "the search finds no Level 3 Observation whose products could be listed")
    for instrument, reply in replies.keywords.items():
        yield _columns("keywords", f"MAST, keywords of {instrument}", reply)
    for filename, content in replies.files.items():
        yield _file(filename, content)
    if "errors" not in failed:
        yield _errors(replies)


def _token(anonymous: bool | None) -> Check:
    if anonymous is None:
        return Check(
            "MAST, token", WARNING, "/whoami does not say whether the token is known: a wrong one is not noticed"
        )
    return Check(
        "MAST, token", OK, "no token is set, or MAST does not know it" if anonymous else "MAST knows the token"
    )


def _columns(name: str, check: str, reply: Reply) -> Check:
    wanted = columns(name)
    types = {str(each.get("name")): str(each.get("type")) for each in reply.get("fields", ()) if isinstance(each, dict)}
    rows = len(reply.get("data", ()))
    if not rows:
        return Check(check, WARNING, "the reply has no rows, and so its columns are not checked")
    if lacking := sorted(wanted.needed.keys() - types.keys()):
        return Check(check, ERROR, f"the reply lacks {', '.join(lacking)}, without which nothing can be loaded")
    found = [f"lacks {column}" for column in sorted(wanted.used.keys() - types.keys())]
    every = wanted.needed | wanted.used
    found += [
        f"{column} is {types[column]} and not {kind}"
        for column, kind in every.items()
        if types.get(column, kind) != kind
    ]
    if found:
        return Check(check, WARNING, "; ".join(found))
    return Check(check, OK, f"{rows:,} rows, {len(every)} columns as expected")


def _parents(replies: Replies) -> Check:
    rows = (replies.products or {}).get("data", ())
    parents = {str(row.get("parent_obsid")) for row in rows}
    if parents == {str(replies.obsid)}:
        return Check("MAST, parents", OK, f"all rows name the Observation asked for, {replies.obsid}")
    return Check(
        "MAST, parents", WARNING, f"the rows of {replies.obsid} name {', '.join(sorted(parents)) or 'nothing'}"
    )


def _file(filename: str, content: bytes) -> Check:
    check = f"MAST, {parse(filename).form}"
    found = list(read(filename, content))
    problems = [each.reason for each in found if isinstance(each, Problem)]
    records = len(found) - len(problems)
    if problems:
        return Check(check, WARNING if records else ERROR, f"{filename}: {problems[0]}")
    return Check(check, OK, f"{filename} is read")


def _errors(replies: Replies) -> Check:
    found = {"missing_file": replies.missing_file, "unknown_service": replies.unknown_service}
    other = [f"{name} is {found[name]} and not {wanted}" for name, wanted in errors().items() if found[name] != wanted]
    return Check("MAST, errors", WARNING if other else OK, "; ".join(other) or "as expected")
