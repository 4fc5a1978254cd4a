"""Load files and MAST into a store from a notebook."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from jwgraph.answers.loads import LoadRow
from jwgraph.answers.notes import Note
from jwgraph.errors import UsageError
from jwgraph.notebook.asking import call, reporter
from jwgraph.notebook.opened import Opened, Texts, one_of, texts
from jwgraph.present.columns import columns_of
from jwgraph.present.info import AnswerInfo
from jwgraph.present.rows import Rows
from jwgraph.settings import cache

if TYPE_CHECKING:
    from jwgraph.model.records import Problem
    from jwgraph_loaders.mast.sync import Change
    from jwgraph_loaders.write.writer import Report


class LoadRows(Rows[LoadRow]):
    """The numbers of a load.

    Attributes
    ----------
    problems
        The first rows and files that were rejected, or loaded with a warning: source, line, reason, severity.
    changes
        Of `sync`: each file that changed since the last time: change, productFilename, detail.
    complete
        Of `sync`: whether MAST answered everything; if not, the same call within a day asks for the rest.
    """

    problems: list[Problem]
    changes: list[Change]
    complete: bool

    def _with(self, rows: Iterable[LoadRow]) -> Rows[LoadRow]:
        # Problems and changes are those of the whole load.
        return Rows(self, self.about, self.info)._with(rows)


class Loading(Opened):
    """Load into the store."""

    def load(self, *paths: str | os.PathLike[str]) -> LoadRows:
        """Load files and folders: associations, pools, product lists, FITS headers, file names, tables.

        Their types are detected. Invalid rows are in `.problems` of the answer; everything else is loaded.

        Raises
        ------
        UsageError
            There is no path, or one does not exist.
        """
        from jwgraph_loaders.find.read import read_all
        from jwgraph_loaders.write.writer import load

        names = [os.fspath(path) for path in paths]

        def run() -> Report:
            if not names:
                raise UsageError("Give files or folders to load.")
            records, sources = read_all(names)
            report = load(self.graph, records, progress=_progress())
            report.sources = sources
            return report

        return _answer(call("g.load", *names), self._asker.ask(run))

    def sync(
        self,
        program: Texts = None,
        *,
        obs_id: Texts = None,
        target: Texts = None,
        observed_since: Texts = None,
        associations: str = "all",
        keywords: bool = False,
    ) -> LoadRows:
        """Load from MAST what is new or changed: Observations, product lists, associations and pools.

        Criteria of several kinds must all match; of several values of one kind, any may. `.changes` of the answer has
        the files that changed since the last time. `MAST_API_TOKEN` is needed for proprietary data.

        Parameters
        ----------
        obs_id, target
            As in MAST; one `*` in each matches any text.
        observed_since
            A date, such as `2026-11-01`.
        associations
            Which are read: all, 3 (those of Stage 3) or none.
        keywords
            Read keywords too (CAL_VER, CRDS_CTX, EXP_TYPE, ASNTABLE, times).

        Raises
        ------
        UsageError
            There is no criterion, or one is invalid.
        NotFoundError
            MAST has no such Observation.
        """
        from jwgraph_loaders.mast.live import Associations, Wishes
        from jwgraph_loaders.mast.query import queries
        from jwgraph_loaders.mast.sync import Outcome, Writing, sync

        changes: list[Change] = []

        def run() -> Outcome:
            wanted = queries(*map(texts, (program, obs_id, target, observed_since)))
            return sync(
                self.graph,
                wanted,
                cache=cache() / "mast",
                wishes=Wishes(one_of(Associations, "associations", associations), keywords),
                progress=reporter(),
                on_change=changes.append,
                writing=Writing(progress=_progress()),
            )

        given = {"program": program, "obs_id": obs_id, "target": target, "observed_since": observed_since}
        asked = call("g.sync", **given, associations=associations, keywords=keywords or None)
        done = self._asker.ask(run)
        rows = _answer(asked, done.report, done.changes, complete=done.complete)
        rows.changes = changes
        return rows


def _answer(asked: str, report: Report, changes: dict[str, int] | None = None, *, complete: bool = True) -> LoadRows:
    from jwgraph_loaders.write.summary import summary

    notes = [
        Note(f"{number:,} {severity}: `.problems` has the first reasons")
        for severity, number in report.severities.items()
    ]
    if not complete:
        notes.append(Note("MAST did not return everything: the same call within a day asks for what is missing"))
    rows = LoadRows(summary(report, changes), columns_of(LoadRow), AnswerInfo(asked, tuple(notes)))
    rows.problems, rows.changes, rows.complete = report.problems, [], complete
    return rows


def _progress() -> Callable[[str, int], None]:
    """Return a function that reports the steps of writing on standard error."""
    say = reporter()
    # Steps without records are those of the derivation.
    return lambda what, count: say(what if count else "deriving")
