# SPDX-License-Identifier: Apache-2.0
"""Predictions on many machines: Ray Data with one engine per actor.

    python -m speciesnet_cpp.distributed --input PHOTOS --output RESULTS

Needs the packages ray and pyarrow, and folders that all machines see at the same place. The output
is a folder of Parquet files, "parts". Each is the work of one task: it appears complete or not at
all, and under a name that follows from its photos, so that a task that is done twice, because a
worker died, leaves one part. What a folder has already is not done again.
"""

from __future__ import annotations

from .inputs import PhotoRow, read_photos
from .run import Settings, Summary, predict_distributed

__all__ = ["PhotoRow", "Settings", "Summary", "predict_distributed", "read_photos"]
