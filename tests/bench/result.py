"""What a run of the benchmark found: rows for people, the same as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import textwrap
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

WIDTH = 100
NAME, VALUE, UNIT = 41, 9, 5


@dataclass(frozen=True, slots=True)
class Measured:
    """One number.

    Attributes
    ----------
    section, name
        Where it stands in the table.
    unit
        s, ms, MB and so on; empty for counts; x for ratios.
    note
        What is compared, how often it was measured, what each run gave.
    """

    section: str
    name: str
    value: float
    unit: str
    note: str = ""


@dataclass(slots=True)
class Result:
    """Measurements in the order in which they were made.

    Attributes
    ----------
    details
        What does not fit in a row, by section, or by section and name for a load: profiles, phases.
    """

    rows: list[Measured] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    begun: float = field(default_factory=time.time)
    load_at_begin: float = field(default_factory=lambda: os.getloadavg()[0])

    def add(self, section: str, name: str, value: float, unit: str = "", note: str = "") -> None:
        """Keep a number, and print its row at once."""
        new = not self.rows or self.rows[-1].section != section
        row = Measured(section, name, value, unit, note)
        self.rows.append(row)
        if new:
            print(f"\n{section}\n{'-' * len(section)}")
        print(_line(row), flush=True)

    def middle(self, section: str, name: str, values: Sequence[float], unit: str, note: str = "") -> float:
        """Keep the median of several runs, with each of them in the note."""
        found = statistics.median(values)
        every = f"median of {len(values)}: {', '.join(f'{value:.2f}' for value in values)}"
        self.add(section, name, found, unit, f"{note}; {every}" if note else every)
        return found

    def value(self, section: str, name: str) -> float | None:
        """Return a number measured before; None where its section did not run."""
        return next((row.value for row in self.rows if (row.section, row.name) == (section, name)), None)

    def ratio(self, section: str, name: str, part: float | None, whole: float | None, note: str = "") -> None:
        """Keep a ratio, if both of its numbers were measured."""
        if part is not None and whole:
            self.add(section, name, part / whole, "x", note)

    def write(self, path: Path, settings: dict[str, Any]) -> None:
        """Write all as JSON."""
        found = {
            "machine": machine(),
            "load_average": {"begin": self.load_at_begin, "end": os.getloadavg()[0]},
            "seconds": round(time.time() - self.begun, 1),
            "settings": settings,
            "measured": [asdict(row) for row in self.rows],
            "details": self.details,
        }
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _line(row: Measured) -> str:
    text = f"{row.name:<{NAME}} {_number(row.value):>{VALUE}} {row.unit:<{UNIT}}"
    notes = textwrap.wrap(row.note, WIDTH - len(text) - 1) if row.note else []
    first, *rest = notes or [""]
    return "\n".join([f"{text} {first}".rstrip(), *(" " * (len(text) + 1) + more for more in rest)])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.2f}"


def machine() -> dict[str, Any]:
    """Return what numbers depend on besides the code."""
    return {
        "cores": psutil.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 1_000_000,
        "system": f"{platform.system()} {platform.machine()}",
        "python": sys.version.split()[0],
    }
