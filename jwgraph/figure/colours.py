"""Colours of a figure, light and dark: as attributes, and as CSS custom properties that a page can set."""

from __future__ import annotations

from jwgraph.figure.shapes import Kind

# Fill and border of each kind of box; green, yellow, gold, blue and purple are those of the archive's figures.
LIGHT: dict[str, tuple[str, str]] = {
    Kind.SCIENCE: ("#e2f2e3", "#2e7d32"),
    Kind.CALIBRATION: ("#fff7c2", "#8a7400"),
    Kind.ASSOCIATION: ("#ffffff", "#374151"),
    Kind.LINKED: ("#fbe9c6", "#9a6200"),
    Kind.REFERENCE: ("#dcebfa", "#1d5fa3"),
    Kind.ENGINEERING: ("#ebe1f7", "#6b3fa0"),
    Kind.OTHER: ("#f6f7f8", "#6b7280"),
}
DARK: dict[str, tuple[str, str]] = {
    Kind.SCIENCE: ("#17351c", "#7cc884"),
    Kind.CALIBRATION: ("#3a3408", "#e0c94a"),
    Kind.ASSOCIATION: ("#1b2027", "#b6bec9"),
    Kind.LINKED: ("#40300f", "#e3ac55"),
    Kind.REFERENCE: ("#142c45", "#7fb4ea"),
    Kind.ENGINEERING: ("#2e2143", "#b998e6"),
    Kind.OTHER: ("#1a1f26", "#8b95a3"),
}
PAPER, INK, FAINT, EDGE = "paper", "ink", "faint", "edge"
# Every text has a contrast of 4.5 at least on every fill.
PLAIN_LIGHT = {PAPER: "#ffffff", INK: "#15191e", FAINT: "#4b5563", EDGE: "#374151"}
PLAIN_DARK = {PAPER: "#12161b", INK: "#eef1f4", FAINT: "#b9c1cb", EDGE: "#b6bec9"}


def _properties(boxes: dict[str, tuple[str, str]], plain: dict[str, str]) -> str:
    found = [f"--jwgraph-{name}:{colour}" for name, colour in plain.items()]
    for name, (fill, border) in boxes.items():
        found += [f"--jwgraph-{name}:{fill}", f"--jwgraph-{name}-border:{border}"]
    return ";".join(found)


def _rules() -> str:
    root = ".jwgraph-figure"
    rules = [f"{root} .{name}{{fill:var(--jwgraph-{name})}}" for name in (PAPER, INK, FAINT)]
    rules += [f"{root} .{EDGE}{{stroke:var(--jwgraph-{EDGE})}}", f"{root} .tip{{fill:var(--jwgraph-{EDGE})}}"]
    for name in LIGHT:
        border = f"{name}-border"
        rules.append(f"{root} .{name}{{fill:var(--jwgraph-{name});stroke:var(--jwgraph-{border})}}")
    rules.append(f"{root} a:hover text,{root} a:focus text{{text-decoration:underline}}")
    return "\n".join(rules)


# A page that allows no style within it serves this text with its own.
CSS = (
    f".jwgraph-figure{{{_properties(LIGHT, PLAIN_LIGHT)}}}\n"
    f"@media (prefers-color-scheme:dark){{.jwgraph-figure{{{_properties(DARK, PLAIN_DARK)}}}}}\n"
    f"{_rules()}\n"
)
