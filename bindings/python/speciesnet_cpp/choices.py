# SPDX-License-Identifier: Apache-2.0
"""Arguments that are one of a few names, or within a range."""

from __future__ import annotations

from collections.abc import Iterable


def check_choice(argument: str, value: object, choices: Iterable[str]) -> None:
    """Checks that a value is one of the names that an argument takes.

    Raises:
        ValueError: With a sentence that lists them, if it is not.
    """
    names = tuple(choices)
    if value not in names:
        listed = ", ".join(f"{name!r}" for name in names)
        raise ValueError(f"{argument} is one of {listed}, not {value!r}")


def check_range(argument: str, value: float, least: float, most: float) -> None:
    """Checks that a number is within a range.

    Raises:
        ValueError: With a sentence that names it, if it is not.
    """
    if not least <= value <= most:
        raise ValueError(f"{argument} is {least} to {most}, not {value!r}")
