# SPDX-License-Identifier: Apache-2.0
"""python -m speciesnet_cpp.distributed --input PHOTOS --output RESULTS"""

from __future__ import annotations

import argparse
import sys

try:
    import pyarrow  # noqa: F401 only checks that it is installed
    import ray
    import ray.data
except ImportError as missing:
    sys.exit(f"speciesnet_cpp.distributed: {missing}; pip install ray[data] pyarrow")

from ..errors import Error
from . import Settings, predict_distributed, read_photos


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m speciesnet_cpp.distributed",
        description="Predicts photos on a Ray cluster, one engine per actor, into Parquet files. Run "
        "again with the same arguments it goes on where it was interrupted.",
    )
    add = parser.add_argument
    add("--input", nargs="+", required=True, metavar="PATH", help="folders of photos, or .parquet "
        "files with a column filepath and, if known, country, admin1_region, latitude, longitude")
    add("--output", required=True, metavar="FOLDER", help="folder for the results")
    add("--model", default="demo", help="model name or folder (default: the demonstration model)")
    add("--country", help="ISO 3166-1 alpha-3 code for photos without one, such as KEN")
    add("--admin1_region", help="region for photos without a country, such as CA")
    add("--format", choices=["per_detection", "per_image"], default="per_detection")
    add("--nogeofence", action="store_true", help="switch the geofence off")
    add("--detection_threshold", type=float, default=0.01, metavar="CONF",
        help="minimum confidence of reported detections (default: %(default)s)")
    add("--classification_threshold", type=float, default=0.1, metavar="CONF",
        help="minimum confidence of detections that are classified (default: %(default)s)")
    add("--max_classifications_per_image", type=int, help="maximum number of detections classified")
    add("--actors", type=int, help="number of engines (default: as many as the cluster can run)")
    add("--threads", type=int, default=4, help="cores for each engine (default: %(default)s)")
    add("--portion", type=int, default=64, help="photos per file (default: %(default)s)")
    add("--retry_failed", action="store_true", help="process photos with failures again")
    add("--address", help="the Ray cluster (default: RAY_ADDRESS, else this machine)")
    return parser  # fmt: skip


def main() -> int:
    """Runs the command line. Returns the exit status: 0 success, 1 photos failed, 2 nothing was done."""
    given = _parser().parse_args()
    try:
        photos = read_photos(given.input, given.country, given.admin1_region)
        ray.data.DataContext.get_current().enable_progress_bars = False
        ray.init(address=given.address, log_to_driver=False, ignore_reinit_error=True)
        summary = predict_distributed(
            photos,
            given.output,
            Settings(
                model=given.model,
                format=given.format,
                geofence=not given.nogeofence,
                detection_threshold=given.detection_threshold,
                classification_threshold=given.classification_threshold,
                max_classifications_per_image=given.max_classifications_per_image,
            ),
            actors=given.actors,
            threads=given.threads,
            portion_size=given.portion,
            retry_failed=given.retry_failed,
            progress=lambda done, total: print(f"{done} of {total} photos", file=sys.stderr),
        )
    except (Error, OSError, RuntimeError, ValueError) as error:
        print(f"speciesnet_cpp.distributed: {error}", file=sys.stderr)
        return 2
    print(
        f"{summary.photos} photos in {given.output}, {summary.done_before} of them from before, "
        f"{summary.failed} failed"
    )
    return 1 if summary.failed else 0


if __name__ == "__main__":
    sys.exit(main())
