"""The content of associations and pools, from MAST's download service."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote

from jwgraph.errors import RefusedError
from jwgraph.model.records import Problem, ProductRecord, Record
from jwgraph_loaders import association, pool
from jwgraph_loaders.base import Source
from jwgraph_loaders.find.detect import detect
from jwgraph_loaders.mast.parallel import parallel
from jwgraph_loaders.mast.reading import AGAIN, NAME, Reading, clause

if TYPE_CHECKING:
    from jwgraph_loaders.mast.session import MastSession

CONNECTIONS = 4
"""Files requested at a time."""

DOWNLOAD = "/api/v0.1/Download/file"

_LOADERS = (association.LOADER, pool.LOADER)
_JSON = ".json"

Loaded = Callable[[Sequence[str]], Collection[str]]


class Associations(StrEnum):
    """Which of the listed associations to read: all, those of Stage 3, or none; pools are read with any."""

    ALL = "all"
    STAGE3 = "3"
    NONE = "none"


class Contents:
    """Read the associations and pools that product lists name.

    Parameters
    ----------
    session
        Session for MAST.
    reading
        State of the reading.
    which
        Which associations to read.
    loaded
        Returns those of some file names whose content is in the store already: it does not change under one name.
    """

    def __init__(self, session: MastSession, reading: Reading, which: Associations, loaded: Loaded) -> None:
        self._session = session
        self._reading = reading
        self._which = which
        self._loaded = loaded
        self._uris: dict[str, str] = {}

    def note(self, record: ProductRecord) -> None:
        """Note a listed file, if it is to be read."""
        name = record.name
        stage = self._which is Associations.ALL or name.asn_type.endswith("3")
        if name.form == "pool" or (name.form == "association" and stage):
            self._uris[name.filename] = str(record.mast.get("dataURI") or f"mast:JWST/product/{name.filename}")

    def records(self) -> Iterator[Record | Problem]:
        """Yield the records of the files noted, and a Problem for each one that MAST does not give or gives damaged."""
        if self._which is Associations.NONE or not self._uris:
            return
        names = sorted(self._uris)
        loaded = self._loaded(names)
        wanted = [name for name in names if name not in loaded]
        begun = time.monotonic()
        for done, (name, answer) in enumerate(parallel(self._content, wanted, CONNECTIONS)):
            self._say(done, len(wanted), begun)
            yield from self._file(name, answer)
            if self._reading.over:
                rest = len(wanted) - done - 1
                if rest:
                    yield Problem(NAME, None, f"{rest:,} associations and pools were not asked for, {AGAIN}")
                return
        if wanted:
            self._say(len(wanted), len(wanted), begun)

    def _say(self, done: int, wanted: int, begun: float) -> None:
        passed = time.monotonic() - begun
        time_text = f", about {passed / done * (wanted - done):.0f} s left" if 0 < done < wanted else ""
        time_text = time_text if done < wanted else f" in {passed:.0f} s"
        self._reading.say(f"{done:,} of {wanted:,} associations and pools{time_text}")

    def _content(self, name: str) -> bytes:
        kept = self._reading.answers.get_content(name)
        return fetch(self._session, self._uris[name]) if kept is None else kept

    def _file(self, name: str, answer: Future[bytes]) -> Iterator[Record | Problem]:
        from jwgraph_loaders.mast.session import LastingError, MastError, UnavailableError

        try:
            content = answer.result()
        except (UnavailableError, LastingError) as error:
            self._reading.failed()
            yield Problem(name, None, f"{clause(error)}; it is missing, {AGAIN}")
        except (MastError, RefusedError) as error:
            self._reading.answered()
            yield Problem(name, None, f"MAST does not give it: {clause(error)}")
        else:
            self._reading.answered()
            found = list(read(name, content))
            if not all(isinstance(each, Problem) for each in found):
                self._reading.answers.put_content(name, content)
            yield from found


def fetch(session: MastSession, uri: str) -> bytes:
    """Return the content of a file.

    Raises
    ------
    MastError
        MAST does not have the file; or all attempts failed, or it returns a web page instead.
    RefusedError
        MAST refuses the request.
    """
    from jwgraph_loaders.mast.session import TransientError

    def attempt(last: bool) -> bytes:
        # The address that `Observations.download_file` of astroquery requests.
        content = session.get(f"{DOWNLOAD}?uri={quote(uri, safe=':/')}").content
        # What is broken in each attempt is so at MAST: the loader says where.
        if not content or not (last or _whole(uri, content)):
            raise TransientError("the answer of MAST is broken off")
        return content

    return session.retry(attempt)


def read(name: str, content: bytes) -> Iterator[Record | Problem]:
    """Yield what the loader of associations or pools reads from a content."""
    source = Source.from_bytes(name, content)
    loader = detect(source, _LOADERS)
    return iter([loader]) if isinstance(loader, Problem) else loader.read(source)


def _whole(uri: str, content: bytes) -> bool:
    """Return whether a content is JSON, or ends with a line."""
    if not uri.endswith(_JSON):
        return content.endswith(b"\n")
    try:
        json.loads(content)
    except ValueError:
        return False
    except RecursionError:
        # The loader says what is wrong.
        return True
    return True
