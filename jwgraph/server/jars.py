"""Neo4j's jars: a committed lock says which, with their checksums; each is fetched once per user."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jwgraph import settings
from jwgraph.errors import ServerError, UsageError
from jwgraph.settings import cache

if TYPE_CHECKING:
    import requests

LOCKS = "locks"
DOWNLOADS_AT_ONCE = 8
SPACE_NEEDED = 300_000_000
READY = ".complete"
ATTEMPTS = 5
BACKOFF = 0.5
"""Seconds before the second attempt to download a jar; doubled before each further one."""

TRANSIENT_STATUS = frozenset({429, 500, 502, 503, 504})
MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2"


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar of a lock: Maven coordinates and the SHA-256 of its content."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def filename(self) -> str:
        """File name, as Maven has it."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.jar"

    @property
    def path(self) -> str:
        """Path in a Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.filename}"


def versions() -> list[str]:
    """Return the versions of Neo4j that have a lock, oldest first."""
    found = [item.name.removesuffix(".lock") for item in (files("jwgraph.server") / LOCKS).iterdir()]
    return sorted((v for v in found if v[0].isdigit()), key=lambda v: [int(part) for part in v.split(".")])


def read_lock(version: str) -> list[Jar]:
    """Read the lock of one version: lines of `sha256 group:artifact:version[:classifier]`.

    Raises
    ------
    UsageError
        There is no lock for that version, or a line of it is malformed.
    """
    resource = files("jwgraph.server") / LOCKS / f"{version}.lock"
    if version not in versions():
        raise UsageError(f"jwgraph cannot run Neo4j {version!r}: choose {' or '.join(versions())}.")
    return list(parse_lock(resource.read_text(encoding="utf-8"), f"{version}.lock"))


def parse_lock(text: str, name: str) -> Iterator[Jar]:
    """Parse a lock; an error names file and line."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        digest, _, coordinates = line.partition(" ")
        parts = coordinates.split(":")
        if len(digest) != 64 or len(parts) not in (3, 4):
            raise UsageError(f"{name}:{number}: a line is `sha256 group:artifact:version[:classifier]`.")
        yield Jar(parts[0], parts[1], parts[2], parts[3] if len(parts) == 4 else "", digest)


def ensure_jars(version: str, progress: Callable[[str], None]) -> Path:
    """Return the folder of the jars of one version, each checked against the lock; fetch what is missing.

    A download that was cut off goes on where it stopped, jar by jar; two processes at once fetch once.

    Raises
    ------
    UsageError
        There is no lock for that version.
    ServerError
        The network does not answer, the disk is full, or a jar is not the one of the lock.
    """
    from filelock import FileLock

    lock = read_lock(version)
    folder = cache() / f"neo4j-{version}"
    if _is_ready(folder, lock):
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock")):
            (folder / READY).unlink(missing_ok=True)
            _remove_strangers(folder, lock)
            missing = [jar for jar in lock if not _is_whole(folder, jar)]
            if missing and shutil.disk_usage(folder).free < SPACE_NEEDED:
                raise ServerError(
                    f"The disk of {folder} is full: Neo4j needs about 120 MB. Free some space, or set JWGRAPH_CACHE."
                )
            _fetch_all(missing, folder, version, progress)
            (folder / READY).write_text(_ready_text(folder, lock), encoding="utf-8")
    except OSError as error:
        raise ServerError(
            f"The cache {folder} cannot be used ({error.strerror or error}); set JWGRAPH_CACHE to another folder."
        ) from None
    return folder


def _ready_text(folder: Path, lock: list[Jar]) -> str:
    """Return what was checked: each jar of the lock with its checksum, and the size it has."""
    return "".join(f"{jar.sha256} {(folder / jar.filename).stat().st_size} {jar.filename}\n" for jar in lock)


def _is_ready(folder: Path, lock: list[Jar]) -> bool:
    """Return whether all jars were checked and still have their sizes: reading 120 MB at each start takes too long."""
    try:
        return (folder / READY).read_text(encoding="utf-8") == _ready_text(folder, lock)
    except (OSError, ValueError):
        return False


def _remove_strangers(folder: Path, lock: list[Jar]) -> None:
    """Remove jars that the lock does not name: the server would load them too."""
    names = {jar.filename for jar in lock}
    for path in folder.glob("*.jar"):
        if path.name not in names:
            path.unlink()


def _is_whole(folder: Path, jar: Jar) -> bool:
    path = folder / jar.filename
    return path.exists() and sha256(path.read_bytes()).hexdigest() == jar.sha256


def _fetch_all(missing: list[Jar], folder: Path, version: str, progress: Callable[[str], None]) -> None:
    if not missing:
        return
    with _session() as session, ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        try:
            done = pool.map(lambda jar: _fetch(session, jar, folder), missing)
            for number, _ in enumerate(done, start=1):
                progress(f"installing Neo4j {version}: file {number} of {len(missing)}")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _session() -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter

    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=DOWNLOADS_AT_ONCE))
    return session


def repository() -> str:
    """Return the Maven repository: Maven Central, or the mirror that `JWGRAPH_MAVEN` names."""
    return (settings.MAVEN.read() or MAVEN_CENTRAL).rstrip("/")


def _why(error: requests.RequestException) -> str:
    """Describe the network fault and its remedy."""
    import requests

    if isinstance(error, ValueError):
        return "JWGRAPH_MAVEN is not a valid address; correct it"
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate of the repository is not trusted; set REQUESTS_CA_BUNDLE to that of your proxy"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not answer; correct HTTPS_PROXY"
    if isinstance(error, requests.Timeout | requests.exceptions.ChunkedEncodingError):
        return "the connection was interrupted; try again (completed downloads are kept)"
    return "there is no network connection; connect for this first start"


def _is_transient(error: BaseException) -> bool:
    """Return whether a download may succeed when it is repeated."""
    import requests
    from requests import exceptions

    if isinstance(error, requests.HTTPError):
        return error.response.status_code in TRANSIENT_STATUS
    lasting = exceptions.SSLError | exceptions.ProxyError | exceptions.ConnectTimeout
    passing = requests.ConnectionError | requests.Timeout | exceptions.ChunkedEncodingError
    return isinstance(error, passing) and not isinstance(error, lasting)


def _fetch(session: requests.Session, jar: Jar, folder: Path) -> None:
    import requests
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

    part = folder / f"{jar.filename}.part"
    # Ignore Retry-After: a server must not set our waiting time.
    retrying = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(BACKOFF),
        retry=retry_if_exception(_is_transient),
        reraise=True,
    )
    try:
        digest = retrying(_download, session, jar, part)
        if digest != jar.sha256:
            raise ServerError(
                f"{jar.filename} has SHA-256 {digest[:12]}… and the lock has {jar.sha256[:12]}…: it was "
                "deleted. It was changed on the way from the Maven repository; try another network."
            )
        part.replace(folder / jar.filename)
    except requests.HTTPError as error:
        raise ServerError(
            f"{jar.filename} of Neo4j cannot be fetched (HTTP {error.response.status_code}); try again later, "
            "or set NEO4J_URI to your own server."
        ) from None
    except requests.RequestException as error:
        raise ServerError(
            f"Neo4j is not installed yet and its files cannot be fetched: {_why(error)}, "
            "or set NEO4J_URI to your own server."
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _download(session: requests.Session, jar: Jar, path: Path) -> str:
    """Download a jar, and return its SHA-256."""
    digest = sha256()
    with session.get(f"{repository()}/{jar.path}", stream=True, timeout=(10, 60)) as answer:
        answer.raise_for_status()
        with path.open("wb") as file:
            for block in answer.iter_content(1 << 16):
                digest.update(block)
                file.write(block)
    return digest.hexdigest()
