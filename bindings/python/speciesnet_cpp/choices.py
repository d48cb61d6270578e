# SPDX-License-Identifier: Apache-2.0
"""Checks of arguments: names and ranges."""

from __future__ import annotations

from collections.abc import Iterable


def check_choice(argument: str, value: object, choices: Iterable[str]) -> None:
    """Checks that a value is one of the names that an argument accepts.

    Raises:
        ValueError: If it is not; the message lists the names.
    """
    names = tuple(choices)
    if value not in names:
        listed = ", ".join(f"{name!r}" for name in names)
        raise ValueError(f"{argument} must be one of {listed}, not {value!r}")


def check_range(argument: str, value: float, least: float, most: float) -> None:
    """Checks that a number is within a range.

    Raises:
        ValueError: If it is not; the message names the range.
    """
    if not least <= value <= most:
        raise ValueError(f"{argument} must be from {least} to {most}, not {value!r}")
