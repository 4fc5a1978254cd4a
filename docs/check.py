"""Check the built site: every link leads somewhere, every page can be reached, nothing is loaded from elsewhere.

`python docs/check.py site` prints what is wrong, a line each, and fails. The strict build checks links between Markdown
pages only; this reads what readers get: links to files and images, the navigation, scripts and style sheets.
"""

from __future__ import annotations

import posixpath
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

START = "index.html"
# Its address differs from where it is shown, so its links are absolute and nothing links to it.
NOT_FOUND = "404.html"
_ELSEWHERE_IN_CSS = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


class _Page(HTMLParser):
    """The addresses and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value or "")
            elif name == "href" and tag in ("a", "area"):
                self.links.append(value or "")
            elif name == "src" or (name == "href" and tag == "link"):
                self.loads.append(value or "")


def check(site: Path) -> list[str]:
    """Return what is wrong with a built site, a sentence each."""
    pages = {
        path.relative_to(site).as_posix(): _Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    }
    wrong = [
        f"{path.relative_to(site).as_posix()}: loads {found}"
        for path in site.rglob("*.css")
        for found in _ELSEWHERE_IN_CSS.findall(path.read_text(encoding="utf-8"))
    ]
    linked: dict[str, set[str]] = {}
    for name, page in pages.items():
        linked[name] = set()
        for address in dict.fromkeys([*page.links, *page.loads]):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if address in page.loads and parts.scheme != "data":
                    wrong.append(f"{name}: loads {address}")
                continue
            target = _target(name, unquote(parts.path))
            linked[name].add(target)
            if not (site / target).is_file():
                wrong.append(f"{name}: {address} leads to no file")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                wrong.append(f"{name}: {address} leads to no anchor")
    wrong += [f"{name}: no page leads here" for name in pages.keys() - _reached(linked) - {NOT_FOUND}]
    return sorted(wrong)


def _target(name: str, path: str) -> str:
    """Return the file, relative to the site, that a path on the page of that name leads to."""
    if not path:
        return name
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(name), path)).lstrip("/")


def _reached(linked: dict[str, set[str]]) -> set[str]:
    """Return the pages that a reader comes to from the first one."""
    reached: set[str] = set()
    ahead = {START}
    while ahead:
        reached |= ahead
        ahead = {each for name in ahead for each in linked.get(name, ())} - reached
    return reached


def main() -> int:
    """Check the site in the folder that is given, and print what is wrong."""
    wrong = check(Path(sys.argv[1]))
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
