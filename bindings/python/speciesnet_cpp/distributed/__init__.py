# SPDX-License-Identifier: Apache-2.0
"""Predictions on many machines: Ray Data with one engine per actor.

    python -m speciesnet_cpp.distributed --input PHOTOS --output RESULTS

Requires the packages ray and pyarrow, and folders with the same path on all machines. The output
is a folder of Parquet files, "parts". Each is the result of one task, written atomically under a
name derived from its photos, so a task that is repeated after a worker died leaves one part.
Photos that are already in the folder are skipped.
"""

from __future__ import annotations

from .inputs import PhotoRow, read_photos
from .run import Settings, Summary, predict_distributed

__all__ = ["PhotoRow", "Settings", "Summary", "predict_distributed", "read_photos"]
