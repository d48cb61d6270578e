# SPDX-License-Identifier: Apache-2.0
"""Converts a function with a callback to an iterator."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from typing import TypeVar

Value = TypeVar("Value")


class _Left(Exception):
    """The loop has ended."""


def stream(
    run: Callable[[Callable[[Value], None]], None], waiting: int
) -> Generator[Value, None, None]:
    """Runs a function on a separate thread and yields the values that it passes on.

    Args:
        run: Receives a function to call with each value; an exception raised there must end it.
        waiting: Maximum number of buffered values; the function then blocks.

    Raises:
        BaseException: The exception of the function, after the values passed on before it.
    """
    values: queue.Queue[Value] = queue.Queue(waiting)
    left, over = threading.Event(), threading.Event()
    failure: list[BaseException] = []

    def hand_over(value: Value) -> None:
        while not left.is_set():
            try:
                values.put(value, timeout=0.1)
                return
            except queue.Full:
                continue
        raise _Left

    def work() -> None:
        try:
            run(hand_over)
        except _Left:
            pass
        except BaseException as error:  # noqa: BLE001 raised again by the iterator
            failure.append(error)
        finally:
            over.set()

    def results() -> Generator[Value, None, None]:
        thread = threading.Thread(target=work, name="speciesnet", daemon=True)
        thread.start()
        try:
            while not (over.is_set() and values.empty()):
                try:
                    yield values.get(timeout=0.1)
                except queue.Empty:
                    continue
        finally:
            left.set()
            thread.join()
        if failure:
            raise failure[0]

    return results()
