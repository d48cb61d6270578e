# SPDX-License-Identifier: Apache-2.0
"""Callbacks of the library into Python, which preserve exceptions across C."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from .errors import Cancelled

Result = TypeVar("Result")

POLL_SECONDS = 0.1
"""How often a wait of the main thread looks for Ctrl-C, which Python delivers between waits only."""


def let_python_run(*_: object) -> None:
    """Does nothing, so that Python can deliver Ctrl-C during a call of the library."""


class _Abandoned(Exception):
    """Raised in the operation when the caller no longer waits for it."""


def interruptible(
    work: Callable[[Callable[[], None]], Result], resources: contextlib.AbstractContextManager[None]
) -> Result:
    """Runs an operation so that Ctrl-C ends the wait for it at once.

    On the main thread, the operation runs on a separate thread. After Ctrl-C that thread continues
    in the background until its next check.

    Args:
        work: Receives a function to call regularly, which raises when the caller no longer waits.
        resources: Context managers for the operation; entered here, left when it ends.
    """
    if threading.current_thread() is not threading.main_thread():
        with resources:
            return work(let_python_run)
    abandoned, over = threading.Event(), threading.Event()
    results: list[Result] = []
    failures: list[BaseException] = []

    def check() -> None:
        if abandoned.is_set():
            raise _Abandoned

    def run() -> None:
        try:
            with keeping:
                results.append(work(check))
        except BaseException as error:  # noqa: BLE001 raised again below
            failures.append(error)
        finally:
            over.set()

    # Entered here, so that nothing is released before the thread runs; left by the thread.
    keeping = contextlib.ExitStack()
    keeping.enter_context(resources)
    try:
        threading.Thread(target=run, name="speciesnet", daemon=True).start()
    except BaseException:
        keeping.close()
        raise
    try:
        while not over.wait(POLL_SECONDS):
            pass
    except BaseException:
        abandoned.set()
        raise
    if failures:
        raise failures[0]
    return results[0]


class Guard:
    """Keeps the exception that ended a call of the library. A with block around that call raises it
    instead of Cancelled."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def guarded(self, function: Callable[..., object]) -> Callable[..., int]:
        """Wraps a function as a callback for C, which returns 0 to continue and 1 to stop."""

        def report(_: int | None, *arguments: Any) -> int:
            try:
                function(*arguments)
            except BaseException as error:  # noqa: BLE001 raised again at the end of the with block
                self.error = error
                return 1
            return 0

        return report

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, Cancelled) and self.error is not None:
            raise self.error from None
