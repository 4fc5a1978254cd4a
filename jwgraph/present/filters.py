"""Say why a filter of files leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jwgraph.answers.filters import Filter, Part
from jwgraph.answers.products import ProductRow
from jwgraph.present.cells import count


def why_nothing(chosen: Filter, rows: Sequence[ProductRow], written: Callable[[Part], str]) -> str:
    """Return a sentence that names the criteria that exclude every row: a single one, or all together.

    Parameters
    ----------
    written
        Returns a criterion as people give it: an option, or a field of a form.
    """
    alone = [written(part) for part in chosen.parts() if not any(part.test(row) for row in rows)]
    if alone:
        return f"None of the {count(len(rows), 'product')} matches {' or '.join(alone)}."
    together = ", ".join(written(part) for part in chosen.parts())
    return f"None of the {count(len(rows), 'product')} matches all of {together}, though some match each."
