# SPDX-License-Identifier: Apache-2.0
"""From a function that calls back with each result to an iterator over the results."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from typing import TypeVar

Value = TypeVar("Value")


class _Left(Exception):
    """The loop does not want any more."""


def stream(
    run: Callable[[Callable[[Value], None]], None], waiting: int
) -> Generator[Value, None, None]:
    """Runs a function on a thread of its own and gives what it hands over.

    Args:
        run: Gets a function to call with each value; what that raises must end it.
        waiting: Values that may wait; then the function is held up.

    Raises:
        BaseException: What the function raised, after the values that came before.
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
