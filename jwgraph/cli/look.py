"""Look up Observations, products, associations and file names."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.options import File, FormatOption, Panel, filtered, why_nothing
from jwgraph.cli.output import Format
from jwgraph.cli.selecting import ObsIds, ask_each, each_name, selecting

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice
    from jwgraph.answers.filters import Filter

PANEL = Panel("Look up", ("observations", "tree", "mrp", "size", "product", "links", "members", "name"))


@filtered
@selecting
def observations(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Observations, as names, numbers or patterns such as 'jw02221*'.",
            show_default="all",
            autocompletion=complete.observations,
        ),
    ] = None,
    include_exposures: Annotated[
        bool, typer.Option("--include-exposures", help="Also list exposures that another Observation includes.")
    ] = False,
    format: FormatOption = None,
    *,
    which: Choice,
    chosen: Filter,
) -> None:
    """List Observations as the MAST Portal does: those that no other Observation includes.

    With filters of files, list only Observations that own a matching file. With names, options select among them.

    Example: `jwgraph observations --program 2221`

    Example: `jwgraph observations 'jw02221-o001*'`

    Example: `jwgraph observations --instrument nircam --filter F187N --no-level3 --include-exposures`

    Example: `jwgraph observations --include-exposures --detector nrca1 --suffix cal`
    """
    from jwgraph.answers.criteria import NOTHING_CHOSEN
    from jwgraph.answers.listing import listing
    from jwgraph.answers.notes import number
    from jwgraph.answers.observations import ObservationRow

    with output.open_graph() as graph:
        made = listing(graph, names or (), which, chosen, include_exposures=include_exposures)
    output.rows(made.rows, format, of=ObservationRow, notes=made.rows.notes)
    if not made.found and which.narrows():
        more = "" if include_exposures else " With --include-exposures, exposures are looked at too."
        output.note(f"{NOTHING_CHOSEN}{more}")
    elif not made.found and not made.rows.notes:
        of_program = f" of program {number(which.program)}" if which.program != "*" else ""
        output.note(
            f"No Observations{of_program} are loaded. Load some with `jwgraph load PATH`, or try `jwgraph demo`."
        )
    elif not made.rows and chosen.parts():
        output.note(why_nothing(chosen, made.files))


@filtered
@selecting
def tree(
    obs_ids: ObsIds = None,
    mrp: Annotated[
        bool, typer.Option("--mrp/--no-mrp", help="Only the Minimum Recommended Products, or all products.")
    ] = False,
    unfold: Annotated[
        bool, typer.Option("--unfold", help="Show every exposure, also those with the same files.")
    ] = False,
    depth: Annotated[
        int | None, typer.Option(min=1, max=3, help="Levels to show: 1 groups, 2 Observations, 3 files.")
    ] = None,
    format: FormatOption = None,
    *,
    which: Choice,
    chosen: Filter,
) -> None:
    """Show all products of Observations as trees, as MAST's Download Manager does.

    Of the number of a program, list its Observations.

    Example: `jwgraph tree jw02221-o001_t001_nircam_clear-f187n --mrp`

    Example: `jwgraph tree jw02221-o001_t001_nircam_clear-f187n --suffix cal --no-previews`
    """
    from jwgraph.answers import products, resolve
    from jwgraph.answers.notes import notes_of
    from jwgraph.names.typed import typed

    if len(obs_ids or ()) == 1 and (program := typed((obs_ids or [""])[0]).program):
        _list_program(program, format)
        return
    with output.open_graph() as graph:
        _, said, trees = ask_each(
            graph,
            obs_ids,
            which,
            lambda names: products.trees(graph, names, mrp=mrp),
            this="this is the tree of",
        )
        states = resolve.observation_answers(graph, [name for name, found in trees.items() if not found])
    shown = {name: chosen.apply(found) for name, found in trees.items()}
    if output.pick(format) is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_tree

        for name, found in trees.items():
            show_tree(name, shown[name], mrp=mrp, fold=not unfold, depth=depth)
            output.remarks(found.notes)
        output.remarks(said)
    else:
        rows = products.each_once(row for files in shown.values() for row in files)
        notes = dict.fromkeys(notes_of(trees.values()))
        output.rows(rows, format, of=products.ProductRow, notes=[*said, *notes])
    for name, found in trees.items():
        if not found:
            _say_empty(states[name][0], mrp=mrp)
        elif not shown[name]:
            output.note(why_nothing(chosen, found))


def _list_program(program: str, format: Format | None) -> None:
    """List the Observations of a program, which has no tree of its own."""
    from jwgraph.answers.notes import Note, number, sync, unknown
    from jwgraph.answers.observations import ObservationRow
    from jwgraph.answers.observations import observations as find_observations

    with output.open_graph() as graph:
        found = find_observations(graph, program=program)
    if not found:
        raise unknown(Note(f"nothing of program {number(program)} is loaded", sync(program=program)))
    note = Note(f"{number(program)} is a program: these are its Observations, and each has a tree")
    output.rows(found, format, of=ObservationRow, notes=(note, *found.notes))


@selecting
def mrp(obs_ids: ObsIds = None, format: FormatOption = None, *, which: Choice) -> None:
    """List the Minimum Recommended Products of Observations, each file once.

    Example: `jwgraph mrp jw02221-o001_t001_nircam_clear-f187n --format csv`

    Example: `jwgraph mrp --program 2221 --filter F187N`
    """
    from jwgraph.answers import products, resolve
    from jwgraph.answers.notes import notes_of

    with output.open_graph() as graph:
        _, said, found = ask_each(
            graph,
            obs_ids,
            which,
            lambda names: products.recommended(graph, names),
            this="these are the recommended products of",
        )
        empty = resolve.observation_answers(graph, [name for name, rows in found.items() if not rows])
    rows = products.each_once(row for rows in found.values() for row in rows)
    notes = dict.fromkeys(notes_of(found.values()))
    shown = ("productFilename", "productType", "calib_level", "size", "relation", "productLevel")
    output.rows(rows, format, of=products.ProductRow, table=shown, notes=(*said, *notes))
    for state in empty.values():
        _say_empty(state[0], mrp=True)


@selecting
def size(obs_ids: ObsIds = None, format: FormatOption = None, *, which: Choice) -> None:
    """Count the files of Observations and their bytes: all files of the tree, and the recommended ones.

    The total, on standard error, counts each file once, though several Observations share it.

    Example: `jwgraph size --program 2221`

    Example: `jwgraph size jw02221-o001_t001_nircam_clear-f187n`
    """
    from jwgraph.answers.sizes import SizeRow
    from jwgraph.answers.sizes import sizes as find_sizes
    from jwgraph.present.cells import count
    from jwgraph.present.cells import size as written

    with output.open_graph() as graph:
        _, said, found = ask_each(
            graph, obs_ids, which, lambda names: find_sizes(graph, names), this="these are the sizes of"
        )
    output.rows(found, format, of=SizeRow, notes=(*said, *found.notes))
    total = found.total
    every, mrp = (written(sum_) or "size not known" for sum_ in (total.bytes, total.mrp_bytes))
    output.note(
        f"Total of {count(len(found), 'Observation')}, each file once: {count(total.files, 'file')}, "
        f"{every}; recommended: {count(total.mrp_files, 'file')}, {mrp}."
    )
    if found.unsized:
        output.note(f"The size of {count(found.unsized, 'file')} is not known.")


def _say_empty(state: dict[str, Any], *, mrp: bool) -> None:
    """Say why an Observation has no products to show."""
    from jwgraph.answers.observations import why_empty

    output.note(why_empty(state, mrp=mrp))


def product(file: File, format: FormatOption = None) -> None:
    """Show what is known about one product: its properties, Observations, associations and relations.

    Example: `jwgraph product jw02221001001_03101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers import meant, resolve

    with output.open_graph() as graph:
        taken, answer = meant.about(graph, file, meant.Wanted.FILE, lambda name: resolve.require_product(graph, name))
    (found,) = answer
    form = output.pick(format)
    if form is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_product

        show_product(found)
    elif form in (Format.CSV, Format.ECSV, Format.VOTABLE):
        output.rows([found], format, columns=list(found))
    else:
        indent = 2 if form is Format.JSON else None
        sys.stdout.write(json.dumps(found, indent=indent, default=str) + "\n")
    output.remarks((*taken.notes("this is"), *answer.notes))


def links(file: File, format: FormatOption = None) -> None:
    """List the files linked to a product: previews, guide-star data, MSA metadata.

    Example: `jwgraph links jw02221001001_03101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers import meant, products

    with output.open_graph() as graph:
        taken, found = meant.about(graph, file, meant.Wanted.FILE, lambda name: products.links(graph, name))
    notes = (*taken.notes("these are the links of"), *found.notes)
    output.rows(found, format, of=products.LinkRow, notes=notes)


def members(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Association file, or a product made with it.", autocompletion=complete.names
        ),
    ],
    format: FormatOption = None,
) -> None:
    """List the members of an association and their roles.

    Example: `jwgraph members jw02221-o001_20220828t044842_image3_007_asn.json`
    """
    from jwgraph.answers import associations, meant

    with output.open_graph() as graph:
        taken, found = meant.about(graph, name, meant.Wanted.EITHER, lambda name: associations.members(graph, name))
    notes = (*taken.notes("these are the members of the associations of"), *found.notes)
    output.rows(found, format, of=associations.MemberRow, notes=notes)


def name(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="File names; - reads them from standard input, one per line.")
    ],
    format: FormatOption = None,
) -> None:
    """Explain file names: kind, dataset, suffix and processing level. Needs no server.

    Example: `jwgraph name jw02221001001_03101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers.names import NameRow, explain

    output.rows((explain(file) for file in each_name(files)), format, of=NameRow)
