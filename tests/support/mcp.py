"""The tools as a client asks for them: the client of the SDK, and `jwgraph mcp` as its process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import TextContent


@dataclass(frozen=True, slots=True)
class Said:
    """The answer of a tool: its text, its parsed content, and whether it is an error."""

    text: str
    content: Any
    error: bool

    @property
    def names(self) -> list[str]:
        """Names of the files in the rows."""
        return [row["productFilename"] for row in self.content["rows"]]


@dataclass(frozen=True, slots=True)
class Tools:
    """A session of a client."""

    client: Client
    portal: BlockingPortal

    def ask(self, tool: str, /, **arguments: Any) -> Said:
        """Return the answer of one tool."""
        found = self.portal.call(self.client.call_tool, tool, arguments)
        (block,) = found.content
        assert isinstance(block, TextContent)
        return Said(block.text, found.structured_content, found.is_error)

    def listed(self) -> list[Any]:
        """Return the tools."""
        return list(self.portal.call(self.client.list_tools).tools)


@contextmanager
def process(log: Path, **environment: str) -> Iterator[Tools]:
    """Let a client start `jwgraph mcp`, and give its session; `log` gets the standard error of the command."""
    given = {name: value for name, value in os.environ.items() if name.startswith(("JWGRAPH_", "PYTHON"))}
    command = StdioServerParameters(command=sys.executable, args=["-m", "jwgraph", "mcp"], env=given | environment)
    with log.open("w") as written, session(stdio_client(command, written)) as made:
        yield made


@contextmanager
def session(server: Any) -> Iterator[Tools]:
    """Give the session of a client with a server: one of this process, or what starts one."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server)) as client:
        yield Tools(client, portal)
