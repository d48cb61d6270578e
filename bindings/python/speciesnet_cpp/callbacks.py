"""Functions of the caller that the library calls: an exception in one must not get lost in C."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from .errors import Cancelled


def let_python_run(*_: object) -> None:
    """A callback that does nothing: Python delivers Ctrl-C only where it runs itself."""


class Guard:
    """Keeps the exception that ended a call of the library; a with block around that call raises it
    in place of Cancelled."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def guarded(self, function: Callable[..., object]) -> Callable[..., int]:
        """A callback for C: 0 to go on, 1 to stop."""

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
