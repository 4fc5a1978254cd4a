"""Line editing for the shell at a terminal: history, multi-line queries and completion."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import create_output

from jwgraph import server
from jwgraph.cli.shell import completions, is_whole, split

PROMPT = "jwgraph> "
MORE = "    ...> "


def typed(words: Sequence[str]) -> Iterator[str]:
    """Yield the commands and queries that are typed, until Ctrl-D.

    Parameters
    ----------
    words
        The words that Tab completes.
    """
    session: PromptSession[str] = PromptSession(
        PROMPT,
        prompt_continuation=MORE,
        multiline=True,
        key_bindings=_bindings(),
        history=_history(server.home().path / "shell_history"),
        completer=_Words(words),
        complete_while_typing=False,
        # Data goes to standard output, which may be a file.
        output=create_output(sys.stdout if sys.stdout.isatty() else sys.stderr),
    )
    while True:
        try:
            text = session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        # Several queries can be pasted at once.
        yield from split(text.splitlines())


def _bindings() -> KeyBindings:
    """Make Enter run a whole query or command, and start a new line of an unfinished query."""
    bindings = KeyBindings()

    @bindings.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_whole(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return bindings


class _Words(Completer):
    """Complete from a list of words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterator[Completion]:
        part, found = completions(self.words, document.text_before_cursor)
        for word in found:
            yield Completion(word, start_position=-len(part))


class _FileHistory(FileHistory):
    """A history file; on a full disk, the history is lost but the session continues."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _history(path: Path) -> History:
    """Open the history file, readable by its owner only: queries can be confidential."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return _FileHistory(path)
