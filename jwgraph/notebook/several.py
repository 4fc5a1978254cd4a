"""Questions about several Observations: those of names, of a program, or of criteria."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from jwgraph.answers import criteria, selection
from jwgraph.answers.criteria import Criteria, Filtering, Selecting
from jwgraph.answers.downloads import Fetched, FetchState
from jwgraph.answers.listing import listing
from jwgraph.answers.missing import MissingRow, missing_of
from jwgraph.answers.notes import Answer, Note
from jwgraph.answers.observations import ObservationRow
from jwgraph.answers.products import ProductRow
from jwgraph.answers.sizes import SizeRow, sizes
from jwgraph.answers.why import WhyRow, why_of
from jwgraph.errors import RefusedError, UsageError
from jwgraph.model.vocabulary import InputLevel, Selection
from jwgraph.notebook.asking import call
from jwgraph.notebook.opened import Opened, one_of, texts
from jwgraph.present.columns import columns_of
from jwgraph.present.escape import visible
from jwgraph.present.info import AnswerInfo
from jwgraph.present.rows import Rows

if TYPE_CHECKING:
    from jwgraph.export.exports import Export
    from jwgraph.export.forms import Form

Program = int | str | None


class SizeRows(Rows[SizeRow]):
    """The sizes of Observations.

    Attributes
    ----------
    total
        All of them together, each file once; its obs_id is empty.
    unsized
        Number of files whose size is not known.
    """

    total: SizeRow
    unsized: int

    def _with(self, rows: Iterable[SizeRow]) -> Rows[SizeRow]:
        # The total is that of all rows.
        return Rows(self, self.about, self.info)._with(rows)


class Several(Opened):
    """Answers about several Observations.

    Names have any form. The keyword arguments after them are the options of the command line, such as
    `instrument="nircam"`, `filter=["F187N", "F200W"]`, `suffix="cal"`; see docs/notebook.md.
    """

    def observations(
        self,
        program: Program = None,
        *,
        names: str | Iterable[str] = (),
        include_exposures: bool = False,
        **which: Unpack[Criteria],
    ) -> Rows[ObservationRow]:
        """Return the Observations in the MAST Portal, for one program or all, optionally with their exposures.

        Parameters
        ----------
        names
            Only these Observations; patterns such as `jw02221-o001*` too. Then there is no program.
        which
            Criteria for Observations; with criteria for files, only Observations that own such a file.
        """

        def ask() -> Answer[ObservationRow]:
            choice, chosen = criteria.both(program, which)
            made = listing(self.graph, given, choice, chosen, include_exposures=include_exposures)
            nothing = criteria.why_nothing(chosen, made.files) if made.found and not made.rows else ""
            return Answer(made.rows, (*made.rows.notes, *_sentence(nothing)))

        given = texts(names)
        asked = call(
            "g.observations", program=program, names=given or None, include_exposures=include_exposures or None, **which
        )
        return self._asker.rows(asked, ObservationRow, ask)

    def tree(
        self, *obs_ids: str, program: Program = None, mrp: bool = False, **which: Unpack[Criteria]
    ) -> Rows[ProductRow]:
        """Return all products of Observations, each file once, or only the Minimum Recommended Products.

        Raises
        ------
        NotFoundError
            There is no such Observation.
        """
        asked = call("g.tree", *obs_ids, program=program, mrp=mrp or None, **which)
        return self._files(asked, obs_ids, program, Selection.MRP if mrp else Selection.TREE, which)

    def mrp(self, *obs_ids: str, program: Program = None, **which: Unpack[Criteria]) -> Rows[ProductRow]:
        """Return the Minimum Recommended Products of Observations, each file once; see `tree`."""
        return self._files(call("g.mrp", *obs_ids, program=program, **which), obs_ids, program, Selection.MRP, which)

    def _files(
        self, asked: str, obs_ids: tuple[str, ...], program: Program, select: Selection, which: Criteria
    ) -> Rows[ProductRow]:
        def ask() -> Answer[ProductRow]:
            found = self._wanted(obs_ids, program, which, select)
            return Answer(found.rows, (*found.notes, *_sentence(found.why_nothing())))

        return self._asker.rows(asked, ProductRow, ask)

    def _wanted(
        self,
        obs_ids: tuple[str, ...],
        program: Program,
        which: Criteria,
        select: Selection,
        begin: InputLevel | None = None,
    ) -> selection.Files:
        choice, chosen = criteria.both(program, which)
        return selection.files(self.graph, obs_ids, choice, selection.Wish(select, begin, chosen))

    def size(self, *obs_ids: str, program: Program = None, **which: Unpack[Selecting]) -> SizeRows:
        """Return the number of files of Observations and their bytes, all and recommended ones; `.total` has the sum.

        Raises
        ------
        NotFoundError
            There is no such Observation.
        """
        _, said, found = self._asker.ask(
            lambda: criteria.ask_each(
                self.graph,
                obs_ids,
                criteria.choice(program, which),
                lambda names: sizes(self.graph, names),
                this="these are the sizes of",
            )
        )
        info = AnswerInfo(call("g.size", *obs_ids, program=program, **which), (*said, *found.notes))
        rows = SizeRows(found, columns_of(SizeRow), info)
        rows.total, rows.unsized = found.total, found.unsized
        return rows

    def why(self, *names: str, program: Program = None, **which: Unpack[Selecting]) -> Rows[WhyRow]:
        """Explain Observations or files: level, what includes them, why no Level 3, which files are recommended.

        Without names, files are left out.

        Raises
        ------
        NotFoundError
            There is no such Observation or file.
        """
        return self._asker.rows(
            call("g.why", *names, program=program, **which),
            WhyRow,
            lambda: why_of(self.graph, names, criteria.choice(program, which)),
        )

    def missing(
        self,
        program: Program = None,
        *,
        obs_ids: str | Iterable[str] = (),
        level: int | None = None,
        include_archived: bool = False,
        **which: Unpack[Selecting],
    ) -> Rows[MissingRow]:
        """Return expected products that are not there, with the reason; optionally also those that are.

        Parameters
        ----------
        obs_ids
            Only products of these Observations, or made from their files. Then there is no program.
        level
            Only products of this level: 2 or 3.

        Raises
        ------
        NotFoundError
            There is no such Observation, or no association is loaded.
        """
        names = texts(obs_ids)
        given = {"obs_ids": names or None, "level": level, "include_archived": include_archived or None}
        asked = call("g.missing", program=program, **given, **which)
        return self._asker.rows(
            asked,
            MissingRow,
            lambda: missing_of(
                self.graph,
                names,
                criteria.choice(program, which),
                level=level,
                include_archived=include_archived,
            ),
        )

    def export(
        self,
        *obs_ids: str,
        form: str,
        program: Program = None,
        select: str | None = None,
        begin: str | None = None,
        file: str | Path | None = None,
        force: bool = False,
        **which: Unpack[Criteria],
    ) -> str:
        """Return files of Observations as the text of a script, a list or a table; notes go to standard error.

        Parameters
        ----------
        form
            curl, manifest, csv, ecsv, votable, json, jsonl, datalink, prov or dot.
        select
            Which files: mrp, tree, own, linked, lineage or inputs; the default is mrp, and lineage for prov and dot.
        begin
            Of inputs, the level to begin with: uncal, rate or cal, which is the default.
        file
            Also write the text to this file.
        force
            Overwrite the file if it exists.

        Raises
        ------
        NotFoundError
            There is no such Observation, or nothing that is loaded says what its files are.
        RefusedError
            The file exists.
        """
        from jwgraph.export.forms import Form
        from jwgraph.export.write import to_file

        target = None if file is None else Path(file)

        def ask() -> str:
            kind = one_of(Form, "form", form)
            made = self._export(obs_ids, program, kind, (select, begin), which)
            _say(made)
            text = "".join(made.text)
            if target is not None:
                to_file([text], target, executable=kind is Form.CURL)
            return text

        if target is not None and target.exists() and not force:
            raise RefusedError(f"{target} already exists: force=True overwrites it.")
        return self._asker.ask(ask)

    def _export(
        self,
        obs_ids: tuple[str, ...],
        program: Program,
        form: Form,
        files: tuple[str | None, str | None],
        which: Criteria,
    ) -> Export:
        from jwgraph.export import exports

        select = None if files[0] is None else one_of(Selection, "select", files[0])
        choice, chosen = criteria.both(program, which)
        wish = exports.wish(form, select, _level(files[1]), chosen)
        return exports.export(self.graph, obs_ids, choice, form, wish)

    def download(
        self,
        *obs_ids: str,
        folder: str | Path = ".",
        program: Program = None,
        select: str = "mrp",
        begin: str | None = None,
        connections: int = 4,
        **which: Unpack[Criteria],
    ) -> Rows[Fetched]:
        """Download the files of Observations from MAST into a folder; call it again to go on after an interruption.

        Files that are there with the right size are kept. `MAST_API_TOKEN` is needed for proprietary data.

        Parameters
        ----------
        select, begin
            Which files, as of `export`.
        connections
            Number of files that are fetched at once.

        Returns
        -------
        Rows
            What became of each file; one that could not be fetched has the state `failed` and a reason.

        Raises
        ------
        NotFoundError
            There is no such Observation, or MAST has none of its files.
        UsageError
            The selection is unknown, or the folder cannot be written.
        RefusedError
            MAST does not accept the token.
        """
        from jwgraph.export.places import to_fetch
        from jwgraph_loaders.mast.download import download

        def ask() -> Answer[Fetched]:
            if connections < 1:
                raise UsageError("connections is 1 or more.")
            found = self._wanted(obs_ids, program, which, one_of(Selection, "select", select), _level(begin))
            wanted, left = to_fetch(found)
            why = "It is not archived, or has no usable address."
            failed = (Fetched(name, FetchState.FAILED, None, why) for name in left)
            done = download(wanted, Path(folder), connections=connections)
            return Answer((*done, *failed), (*found.notes, *_sentence(found.why_nothing())))

        asked = call("g.download", *obs_ids, folder=str(folder), program=program, select=select, begin=begin, **which)
        return self._asker.rows(asked, Fetched, ask)


def _level(begin: str | None) -> InputLevel | None:
    return None if begin is None else one_of(InputLevel, "begin", begin)


def _sentence(text: str) -> tuple[Note, ...]:
    """Return a sentence as a note, which has no full stop."""
    return (Note(f"{text[0].lower()}{text[1:]}".removesuffix(".")),) if text else ()


def _say(made: Export) -> None:
    """Write the notes of an export on standard error: its text may have no place for them."""
    from jwgraph.export.places import why_left

    nothing = made.files.why_nothing() if made.files is not None else ""
    for sentence in (nothing, *(f"note: {note}" for note in made.notes), why_left(made.left) if made.left else ""):
        if sentence:
            sys.stderr.write(f"{visible(sentence)}\n")


def filtered(rows: Answer[ProductRow], which: Filtering) -> Answer[ProductRow]:
    """Return the files that meet criteria; a note says why there are none."""
    chosen = criteria.filter_of(which)
    found = chosen.apply(rows)
    nothing = _sentence(criteria.why_nothing(chosen, rows)) if rows and not found else ()
    return Answer(found, (*rows.notes, *nothing))
