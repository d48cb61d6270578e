#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `speciesnet predict` with the reference's run_model on the same package and photos: whole commands, including loading.

    benchmarks/command_lines.py --program speciesnet --reference PYTHON --model PACKAGE --reference_model PACKAGE --folder PHOTOS
        [--copies 13]

--copies repeats each photo under other names and with other bytes after the image, so that the start does not
dominate and no result is reused for another photo. Prints the seconds of each, the ratio, and whether both give the same labels for
every photo.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path


def timed(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began


def copy_photos(folder: Path, target: Path, copies: int) -> None:
    """Appends bytes: decoders stop at the end of the image, so this changes only the file."""
    target.mkdir()
    for photo in sorted(folder.iterdir()):
        for copy in range(copies):
            (target / f"{photo.stem}-{copy:03}{photo.suffix}").write_bytes(photo.read_bytes() + f"copy {copy}".encode())


def answers(document: Path) -> dict[str, list[str]]:
    """Returns the labels of each photo's detections."""
    predictions = json.loads(document.read_bytes())["predictions"]
    return {
        prediction["filepath"]: [
            detection["processed_classification"]["class"]
            for detection in prediction.get("detections", [])
            if "processed_classification" in detection
        ]
        for prediction in predictions
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("program", "reference", "model", "reference_model", "folder"):
        parser.add_argument(f"--{flag}", required=True)
    parser.add_argument("--copies", type=int, default=1)
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        ours, theirs, photos = (Path(name) / part for part in ("ours.json", "theirs.json", "photos"))
        copy_photos(Path(flags.folder), photos, flags.copies)
        our_seconds = timed([flags.program, "predict", "--model", flags.model, "--folders", str(photos),
                             "--predictions_json", str(ours)])  # fmt: skip
        their_seconds = timed([flags.reference, "-m", "speciesnet.scripts.run_model", "--model", flags.reference_model,
                               "--folders", str(photos), "--predictions_json", str(theirs), "--bypass_prompts"])  # fmt: skip
        mine, reference = answers(ours), answers(theirs)
        same = sum(mine.get(photo) == labels for photo, labels in reference.items())
        print(f"speciesnet predict {our_seconds:.1f} s, run_model {their_seconds:.1f} s: {their_seconds / our_seconds:.1f} times")
        print(f"the same labels for {same} of {len(reference)} photos")


if __name__ == "__main__":
    main()
