"""Check a release: install each archive into an empty environment, outside the checkout, and run the demo there.

`python -m tests.release.check dist/*` (`make dist-check`) takes wheels and source distributions. The environment is
that of a new user: an empty home, an empty store, no jars of Neo4j, unless `JWGRAPH_CACHE` names a folder of them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

import psutil

from jwgraph import __version__

CHECKOUT = Path(__file__).resolve().parents[2]
# What is installed into site-packages, and which folder of the checkout it is.
INSTALLED = {"jwgraph": "jwgraph", "jwgraph/cypher": "cypher", "jwgraph_loaders": "loaders/jwgraph_loaders"}
TYPED = ("jwgraph", "jwgraph_loaders")
STOP = ("server", "stop")
OBS_ID = "jw02221-o001_t001_nircam_clear-f187n"
# What docs/demo.md promises, in this order.
SHOWN = (
    rf"{OBS_ID}  5 products, ",
    rf"{OBS_ID}  65 products, ",
    rf"{OBS_ID}_i2d\.fits .*\b20 products",
    r"jw01200003001_03103_00001_nis +2 +2b ",
    r"jw02514160001_04201_00001_nrca1 +2 +2a ",
)
_LIST = (
    "import importlib.metadata, json; print(json.dumps([str(file) for file in importlib.metadata.files('jwgraph')]))"
)
_KEPT = ("JWGRAPH_CACHE", "JWGRAPH_MAVEN")
_OWN = re.compile(r"JWGRAPH_|NEO4J_|PYTHON|XDG_|VIRTUAL_ENV")


class Environment:
    """An empty environment of Python in a folder, with a home and a store of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.bin = folder / "env" / "bin"
        (folder / "home").mkdir()
        venv.create(folder / "env", with_pip=True)
        kept = {name: value for name, value in os.environ.items() if name in _KEPT or not _OWN.match(name)}
        self.variables = kept | {
            "HOME": str(folder / "home"),
            "JWGRAPH_HOME": str(self.store),
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, program: str, *words: str, **variables: str) -> str:
        """Run a program of the environment in its folder, and return what it prints."""
        command = [str(self.bin / program), *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self.variables | variables, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{program} {' '.join(words)} ended with exit code {done.returncode}.\n{done.stdout}")
        return done.stdout

    def servers(self) -> list[int]:
        """Return the processes that name the store in their command line."""
        running = psutil.process_iter(["cmdline"])
        return [each.pid for each in running if any(str(self.store) in word for word in each.info["cmdline"] or ())]


def main(archives: Sequence[str]) -> int:
    """Check each archive, and say what was checked."""
    if not archives:
        raise SystemExit("Name the archives to check, such as dist/*.")
    for archive in map(Path, archives):
        if archive.name.endswith(".tar.gz"):
            check_sources(archive)
        with tempfile.TemporaryDirectory(prefix="jwgraph-release-") as folder:
            environment = Environment(Path(folder))
            environment.run("python", "-m", "pip", "install", "--quiet", str(archive.resolve()))
            environment.run("python", "-m", "pip", "check")
            check_files(json.loads(environment.run("python", "-c", _LIST)))
            check_demo(environment)
        print(f"{archive.name}: installs {', '.join(sorted(top_level(INSTALLED)))}; the demo runs", flush=True)
    return 0


def check_sources(archive: Path) -> None:
    """Check that a source distribution has every file of the repository."""
    if not (CHECKOUT / ".git").exists():
        return
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    with tarfile.open(archive) as opened:
        found = {name.partition("/")[2] for name in opened.getnames()}
    _same(found - {"PKG-INFO"}, set(listed.stdout.split("\0")) - {""})


def check_files(files: Sequence[str]) -> None:
    """Check which files an installation put into site-packages: those of the checkout, and the licence."""
    metadata = f"jwgraph-{__version__}.dist-info"
    found = {file for file in files if "__pycache__" not in file and not file.startswith("..")}
    own = {file for file in found if not file.startswith(f"{metadata}/")}
    if top_level(own) != top_level(INSTALLED):
        raise SystemExit(f"Installed at the top level: {', '.join(sorted(top_level(own)))}.")
    _same(own, _of_checkout())
    for name in (f"{metadata}/licenses/LICENSE", *(f"{each}/py.typed" for each in TYPED)):
        if name not in found:
            raise SystemExit(f"{name} is missing.")


def top_level(names: Sequence[str] | set[str] | dict[str, str]) -> set[str]:
    """Return the names that stand in site-packages itself."""
    return {name.partition("/")[0] for name in names}


def _of_checkout() -> set[str]:
    return {
        f"{installed}/{file.relative_to(CHECKOUT / folder).as_posix()}"
        for installed, folder in INSTALLED.items()
        for file in (CHECKOUT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def _same(found: set[str], expected: set[str]) -> None:
    if found != expected:
        missing, other = sorted(expected - found), sorted(found - expected)
        raise SystemExit(f"Missing: {', '.join(missing) or 'nothing'}. Not expected: {', '.join(other) or 'nothing'}.")


def check_demo(environment: Environment) -> None:
    """Run the demo, look whether it says what it should, ask its store, and stop its server."""
    printed = environment.run("jwgraph", "--version").split()
    if printed[-1] != __version__:
        raise SystemExit(f"The version is {printed[-1]}, not {__version__}.")
    place = environment.run("jwgraph", "demo", "--where").strip()
    try:
        shown = environment.run("jwgraph", "demo")
        if not re.search(".*".join(SHOWN), shown, re.DOTALL):
            raise SystemExit(f"The demo does not show what it should.\n{shown}")
        if not environment.servers():
            raise SystemExit("The demo left no server running.")
        if environment.store.exists():
            raise SystemExit("The demo touched the user's own store.")
        if OBS_ID not in environment.run("jwgraph", "observations", JWGRAPH_HOME=place):
            raise SystemExit(f"{place} has no sample.")
    finally:
        environment.run("jwgraph", *STOP, JWGRAPH_HOME=place)
    if environment.servers():
        raise SystemExit("The server was not stopped.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
