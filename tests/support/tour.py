"""The notebook of the documentation: executed, and what of its outputs does not change.

`JWGRAPH_WRITE_TOUR=1 pytest tests/integration/test_notebook.py -k tour` writes the outputs into docs/tour.ipynb.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

PATH = Path(__file__).resolve().parents[2] / "docs" / "tour.ipynb"
# A cell with this tag shows what is new at each run: addresses, times.
CHANGES = "changes"


def read() -> Any:
    """Return the notebook as it is kept."""
    return nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]


def execute(folder: Path) -> Any:
    """Return the notebook, executed anew in another folder."""
    made = read()
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    NotebookClient(made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return made


def write(made: Any) -> None:
    """Keep a notebook, without what depends on this machine and hour."""
    for cell in made.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code" and CHANGES in cell.metadata.get("tags", []):
            cell.outputs = []
    made.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(made, PATH)  # type: ignore[no-untyped-call]


def texts(notebook: Any) -> list[tuple[str, str]]:
    """Return source and text output of each cell whose output does not change."""
    return [
        (cell.source, "".join(_text(output) for output in cell.outputs))
        for cell in notebook.cells
        if cell.cell_type == "code" and CHANGES not in cell.metadata.get("tags", [])
    ]


def _text(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.text)
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    html = str(output.data.get("text/html", ""))
    # HTML that is not ours is that of a version of pandas or astropy.
    return str(output.data.get("text/plain", "")) + (html if html.startswith('<div class="jwgraph"') else "")
