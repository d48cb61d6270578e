# SPDX-License-Identifier: Apache-2.0
"""The values that networks multiply."""

from __future__ import annotations

from typing import Literal

Precision = Literal["fp32", "bf16", "int8", "auto"]

# In the order of SPECIESNET_PRECISION_….
PRECISIONS: tuple[Precision, ...] = ("fp32", "bf16", "int8", "auto")
