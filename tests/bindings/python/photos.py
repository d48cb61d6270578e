# SPDX-License-Identifier: Apache-2.0
"""The demonstration model's sample photos."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ["SPECIESNET_PHOTOS"])
ZEBRA = FOLDER / "zebra.jpg"
