"""Call a function in a few threads."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def parallel(call: Callable[[T], R], arguments: Sequence[T], threads: int) -> Iterator[tuple[T, Future[R]]]:
    """Call a function on each argument, a few at a time, and yield arguments and results in order.

    The threads end with the process: those of an executor would make Ctrl-C wait for the answer of a server.
    """
    tasks: queue.SimpleQueue[tuple[T, Future[R]] | None] = queue.SimpleQueue()
    waiting: deque[tuple[T, Future[R]]] = deque()
    started = min(threads, len(arguments))
    for _ in range(started):
        threading.Thread(target=_work, args=(call, tasks), daemon=True).start()
    try:
        for argument in arguments:
            waiting.append((argument, Future()))
            tasks.put(waiting[-1])
            if len(waiting) > 2 * threads:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        for _, future in waiting:
            future.cancel()
        for _ in range(started):
            tasks.put(None)


def _work(call: Callable[[T], R], tasks: queue.SimpleQueue[tuple[T, Future[R]] | None]) -> None:
    while (task := tasks.get()) is not None:
        argument, future = task
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(call(argument))
        except BaseException as error:  # raised where the result is used
            future.set_exception(error)
