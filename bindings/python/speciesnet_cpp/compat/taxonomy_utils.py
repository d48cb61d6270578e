# SPDX-License-Identifier: Apache-2.0
"""The reference's taxonomy functions, implemented by the library's rules."""

from __future__ import annotations

from collections.abc import Mapping

from ..rules import LEVELS, Rules, full_class


def get_ancestor_at_level(
    label: str, taxonomy_level: str, taxonomy_map: Mapping[str, str]
) -> str | None:
    """Returns the taxonomy's entry for a label's ancestor, or None.

    Raises:
        ValueError: If the label does not have seven parts.
    """
    if taxonomy_level not in LEVELS:
        return None
    return Rules.from_maps(taxonomy_map, {}).ancestor(label, taxonomy_level)


def get_full_class_string(label: str) -> str:
    """Returns `class;order;family;genus;species` of a label.

    Raises:
        ValueError: If the label does not have seven parts.
    """
    return full_class(label)
