"""Write the pages of `docs/reference/` from the program itself, and that of performance from what was measured.

`python docs/generate.py` writes them; with `--check` it writes nothing and fails where a page is out of date. The pages
are the same on every machine: no widths, no colours, no paths, no queries of the user's own.
"""

from __future__ import annotations

import argparse
import inspect
import os
import re
import sys
import types
import typing
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import dropwhile
from pathlib import Path
from typing import Any

import typer

from docs import performance_page
from docs.markdown import NOTE, table
from docs.vocabulary_pages import suffix_page, vocabulary
from jwgraph import settings
from jwgraph.answers.catalogue import ANSWERS
from jwgraph.cli.app import build
from jwgraph.present.columns import columns_of
from jwgraph.store.queries import Query, every, short_name

FOLDER = Path(__file__).resolve().parent
EXAMPLE = re.compile(r"Example:\s*`([^`]+)`([^\n]*)")
TYPES = {"str": "text", "int64": "integer", "float64": "float", "bool": "boolean", "json": "list"}
KINDS = {str: "text", int: "number", float: "number", Path: "path", bool: ""}


def leaves(group: Any, prefix: str = "jwgraph") -> Iterator[tuple[str, str, Any]]:
    """Yield every command of the program: its panel in the help, its full name, the command."""
    for name in group.list_commands(None):
        command = group.commands[name]
        panel = getattr(command, "rich_help_panel", None) or ""
        if hasattr(command, "commands"):
            yield from ((panel, full, leaf) for _, full, leaf in leaves(command, f"{prefix} {name}"))
        else:
            yield panel, f"{prefix} {name}", command


def examples(text: str) -> list[str]:
    """Return the examples of a help text, each on one line."""
    return [" ".join(found[0].split()) for found in EXAMPLE.findall(text)]


def _kind(annotation: Any) -> str:
    """Return what an option takes: a number, text, or one of some words."""
    if typing.get_origin(annotation) is typing.Literal:
        return ", ".join(f"`{word}`" for word in typing.get_args(annotation))
    for part in (*typing.get_args(annotation), annotation):
        if isinstance(part, type) and issubclass(part, Enum):
            return ", ".join(f"`{each.value}`" for each in part)
    inner = [part for part in typing.get_args(annotation) if part is not types.NoneType]
    if inner:
        return _kind(inner[0])
    return KINDS[annotation]


def _default(option: Any) -> str:
    if option.required:
        return "required"
    if isinstance(option.show_default, str):
        return option.show_default
    value = option.default
    if value in (None, False) or (isinstance(value, (list, tuple)) and not value):
        return ""
    if value is True:
        return f"`{option.opts[0]}`"
    return f"`{value}`"


def _argument(each: Any) -> str:
    return str(each.metavar or each.name.upper()) + ("" if each.nargs == 1 else "…")


def _names(option: Any) -> str:
    on = ", ".join(f"`{name}`" for name in option.opts)
    return on + "".join(f" or `{name}`" for name in option.secondary_opts)


def _parameters(command: Any) -> Iterator[str]:
    signature = inspect.signature(command.callback, eval_str=True)
    arguments: list[tuple[str, str]] = []
    options: dict[str, list[tuple[str, str, str, str]]] = {}
    for each in command.params:
        if getattr(each, "hidden", False):
            continue
        annotation = signature.parameters[each.name].annotation
        text = each.help or ""
        if each.param_type_name == "argument":
            given = "" if each.required else " May be left out."
            arguments.append((" or ".join(f"`{word}`" for word in _argument(each).split("|")), text + given))
            continue
        group = getattr(each, "rich_help_panel", None) or ""
        repeated = " May be repeated." if getattr(each, "multiple", False) and "repeated" not in text else ""
        options.setdefault(group, []).append((_names(each), _kind(annotation), text + repeated, _default(each)))
    if arguments:
        yield table(("argument", "is"), arguments)
    for group in sorted(options):
        if group:
            yield f"{group}:\n"
        yield table(("option", "takes", "meaning", "default"), options[group])


def _usage(full: str, command: Any) -> str:
    words = [full]
    for each in command.params:
        if each.param_type_name == "argument":
            words.append(_argument(each) if each.required else f"[{_argument(each)}]")
        elif each.required:
            words.append(f"{each.opts[0]} {(each.metavar or each.opts[0].lstrip('-')).upper()}")
    if any(each.param_type_name == "option" and not each.required for each in command.params):
        words.append("[OPTIONS]")
    return " ".join(words)


def _command(full: str, command: Any) -> str:
    text = inspect.cleandoc(command.help or "")
    shown = examples(text)
    prose = EXAMPLE.sub("", text).strip()
    prose = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", prose) if part.strip())
    parts = [f"### {full}\n", f"{prose}\n", f"`{_usage(full, command)}`\n", *_parameters(command)]
    if shown:
        parts.append("```\n" + "\n".join(shown) + "\n```\n")
    return "\n".join(parts)


def commands() -> str:
    """Return the page of commands, from the help of each."""
    group: Any = typer.main.get_command(build())
    ours = [each for each in group.params if "completion" not in each.name]
    options = [(_names(each), each.help or "") for each in ours]
    parts = [
        "# Commands\n",
        NOTE,
        "Options of `jwgraph` itself stand before the command:\n",
        table(("option", "meaning"), options),
        "`--install-completion` makes the shell complete commands, and names of Observations and files that are in the "
        "store.\n`-h` or `--help` after any command prints what stands here.\n",
    ]
    last = None
    for panel, full, command in leaves(group):
        if panel != last:
            parts.append(f"## {panel}\n")
            last = panel
        parts.append(_command(full, command))
    return "\n".join(parts)


def queries() -> str:
    """Return the page of named queries, from their files."""
    found = every("query")
    parts = [
        "# Queries\n",
        NOTE,
        f"The {len(found)} files of `cypher/query/`. `jwgraph query run NAME -p key=value` runs one; from Python "
        "`g.query(NAME, key=value)`.\nA parameter with a default may be left out. Parameters of type MAP, "
        "LIST<MAP> and LIST<INTEGER> cannot be given in a command.\n",
        table(("query", "answers"), [(f"[{_short(q)}](#{_short(q).lower()})", _plain(q.summary)) for q in found]),
        *(_query(query) for query in found),
    ]
    return "\n".join(parts)


def _short(query: Query) -> str:
    return short_name(query.name)


def _plain(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "&lt;")


def _query(query: Query) -> str:
    parts = [f"## {_short(query)}\n", f"{_plain(query.summary)}\n"]
    if query.params:
        rows = [
            (f"`{p.name}`", f"`{p.type}`", "required" if p.default is None else f"`{p.default}`", _plain(p.sentence))
            for p in query.params
        ]
        parts.append(table(("parameter", "type", "default", "is"), rows))
    columns = ", ".join(f"`{name} {kind}`" for name, kind in query.returns)
    parts.append(f"Columns: {columns}\n")
    if query.indexes:
        parts.append(f"Uses: {', '.join(f'`{name}`' for name in query.indexes)}\n")
    if query.allow:
        parts.append(f"May use in its plan: {', '.join(f'`{name}`' for name in query.allow)}\n")
    lines = dropwhile(lambda line: line.startswith("//"), query.text.splitlines())
    body = "\n".join(lines).strip()
    parts.append(f"```cypher\n{body}\n```\n")
    return "\n".join(parts)


def answers() -> str:
    """Return the page of answers: the columns of each, from the dataclasses of `jwgraph/answers`."""
    commands: dict[type[Any], list[str]] = {}
    for command, kind in ANSWERS.items():
        commands.setdefault(kind, []).append(command)
    parts = [
        "# Columns of answers\n",
        NOTE,
        "Rows are dataclasses of `jwgraph.answers`. In a table of `totable()`, in ECSV and in VOTable, columns have "
        "their unit,\ntheir description and their [UCD](https://www.ivoa.net/documents/UCD1+/).\n",
        *(_answer(names, kind) for kind, names in commands.items()),
    ]
    return "\n".join(parts)


def _answer(names: Sequence[str], kind: type[Any]) -> str:
    rows = [
        (f"`{name}`", TYPES[each.type], each.unit, f"`{each.ucd}`" if each.ucd else "", each.sentence)
        for name, each in columns_of(kind).items()
    ]
    return "\n".join(
        (
            f"## {', '.join(names)}\n",
            f"`{kind.__name__}`: {inspect.cleandoc(kind.__doc__ or '')}\n",
            table(("column", "type", "unit", "UCD", "is"), rows),
        )
    )


def settings_page() -> str:
    """Return the page of environment variables, from `jwgraph/settings.py`."""
    return "\n".join(
        [
            "# Settings\n",
            NOTE,
            "All settings are environment variables, read at each command. `jwgraph doctor` warns about one that\n"
            "starts with `JWGRAPH_` and is not in this list.\n",
            table(
                ("variable", "meaning", "default"),
                [
                    (f"`{each.name}`", each.meaning, f"`{each.default}`" if each.default else each.otherwise)
                    for each in settings.VARIABLES
                ],
            ),
        ]
    )


PAGES = {
    "reference/answers.md": answers,
    "reference/commands.md": commands,
    "reference/queries.md": queries,
    "reference/vocabulary.md": vocabulary,
    "reference/suffixes.md": suffix_page,
    "reference/settings.md": settings_page,
    "performance.md": performance_page.page,
    "assets/growth.svg": performance_page.picture,
}


def main() -> int:
    """Write the pages, or with `--check` say which are out of date."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is out of date")
    check = parser.parse_args().check
    os.environ.pop("JWGRAPH_QUERIES", None)
    old = []
    for name, make in PAGES.items():
        page, text = FOLDER / name, make()
        if page.is_file() and page.read_text(encoding="utf-8") == text:
            continue
        old.append(name)
        if not check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    if check and old:
        sys.stderr.write(f"Out of date: {', '.join(old)}. Run python docs/generate.py.\n")
    return int(check and bool(old))


if __name__ == "__main__":
    sys.exit(main())
