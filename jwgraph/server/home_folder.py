"""The folder of a managed server: data, configuration, credentials, logs and state."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwgraph import settings
from jwgraph.errors import ServerError

DEFAULT_VERSION = "5.26.29"


@dataclass(frozen=True, slots=True)
class Home:
    """One store and its server.

    Attributes
    ----------
    path
        The folder, created with access for its owner only when the server first starts.
    """

    path: Path

    @property
    def data(self) -> Path:
        """Folder of Neo4j's data."""
        return self.path / "data"

    @property
    def conf(self) -> Path:
        """Folder of `neo4j.conf`, rewritten at each start."""
        return self.path / "conf"

    @property
    def log_folder(self) -> Path:
        """Folder of Neo4j's logs."""
        return self.path / "logs"

    @property
    def console(self) -> Path:
        """File with the server's output since it last started."""
        return self.log_folder / "console.log"

    @property
    def credentials(self) -> Path:
        """File with the password, readable only by its owner."""
        return self.path / "credentials.json"

    @property
    def state(self) -> Path:
        """File with process, port and version of the current or last server."""
        return self.path / "server.json"

    @property
    def lock(self) -> Path:
        """Lock file, held while a command starts or stops the server."""
        return self.path / "server.lock"

    def prepare(self) -> None:
        """Create the folders.

        Raises
        ------
        ServerError
            The folder cannot be written to.
        """
        try:
            for folder in (self.path, self.conf, self.log_folder, self.data):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self.path, os.W_OK):
                raise PermissionError("it is not writable")
        except OSError as error:
            raise ServerError(
                f"The store's folder {self.path} cannot be used ({error.strerror or error}); "
                "set JWGRAPH_HOME to a folder that you can write to."
            ) from None

    def read_state(self) -> dict[str, Any]:
        """Return the state, empty if it is missing or damaged."""
        try:
            found = json.loads(self.state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write_state(self, state: dict[str, Any]) -> None:
        """Write the state atomically."""
        write_private(self.state, json.dumps(state, indent=1))

    def password(self) -> str:
        """Return the password; create it at the first call.

        Raises
        ------
        ServerError
            The file is damaged or unreadable, or the store has data and no password.
        """
        try:
            found = json.loads(self.credentials.read_text(encoding="utf-8"))
            return str(found["password"])
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError):
            raise ServerError(
                f"The password file {self.credentials} cannot be read; restore it, "
                f"or move {self.path} away to begin with an empty store."
            ) from None
        if (self.data / "databases").exists():
            raise ServerError(
                f"The store in {self.path} has lost its password file {self.credentials.name}: restore it, "
                f"or move {self.path} away to begin with an empty store."
            )
        made = secrets.token_urlsafe(24)
        write_private(self.credentials, json.dumps({"username": "neo4j", "password": made}))
        return made


def write_private(path: Path, text: str) -> None:
    """Write a file atomically, readable only by its owner.

    Raises
    ------
    ServerError
        It cannot be written, for example because the disk is full.
    """
    beside = path.with_name(path.name + ".new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        raise ServerError(
            f"{path} cannot be written ({error.strerror}); free some space or set JWGRAPH_HOME to another folder."
        ) from None


def home() -> Home:
    """Return the home that `JWGRAPH_HOME` names, or the one in the user's data folder."""
    return Home(settings.home())
