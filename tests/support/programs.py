"""Synthetic programs of a few Observations each, as files to load, and what is asked about them."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from jwgraph.store.graph import Graph
from tests.bench import synthetic
from tests.support.readers import Heard, Question, hear, questions

OBSERVATIONS = 6

Row = list[synthetic.Cell]


def write(path: Path, program: str, wanted: Callable[[str], bool] = lambda _name: True) -> Path:
    """Write the product list of a few Observations of one program, or the rows of some of its files."""
    first = (int(program) - 10000) * synthetic.OBSERVATIONS_A_PROGRAM
    rows: Iterable[Row] = (row for n in range(OBSERVATIONS) for row in synthetic.rows(first + n))
    name = synthetic.COLUMNS.index("productFilename")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(synthetic.COLUMNS)
        writer.writerows(row for row in rows if wanted(str(row[name])))
    return path


def reworked(path: Path, program: str, chance: random.Random) -> Path:
    """Write the product list of a program with its rows shuffled and one changed: a file of its first Observation."""
    write(path, program)
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    rows[0][header.index("size")] = str(chance.randrange(10**6))
    chance.shuffle(rows)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def part(path: Path, program: str) -> Path:
    """Write the product list of a program without some of its files, so that loading the rest changes each answer."""
    return write(path, program, lambda name: not name.endswith(("_rate.fits", "_asn.json", "_segm.fits")))


def associations(folder: Path, program: str) -> Path:
    """Write the Stage 3 associations of a program to a new folder."""
    first = (int(program) - 10000) * synthetic.OBSERVATIONS_A_PROGRAM
    folder.mkdir()
    for n in range(OBSERVATIONS):
        name, content = synthetic.association(first + n)
        (folder / name).write_bytes(content)
    return folder


def about(program: str, place: int = 1) -> dict[str, Question]:
    """Return the questions about one Observation of a program, and about the program."""
    return questions(observation(program, place), program)


def observation(program: str, place: int) -> str:
    """Return the name of an Observation of a program, by its place in it."""
    number = (int(program) - 10000) * synthetic.OBSERVATIONS_A_PROGRAM + place
    return synthetic.observation_id(number)[2]


def state(graph: Graph, asked: Mapping[str, Question]) -> dict[str, Heard]:
    """Return the answers to some questions now."""
    return {name: hear(graph, question) for name, question in asked.items()}
