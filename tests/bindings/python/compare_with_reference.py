# SPDX-License-Identifier: Apache-2.0
"""Passes photos to the reference and to its drop-in, function by function, and compares the results.

    compare_with_reference.py PACKAGE REFERENCE_PYTHON PHOTO…

PACKAGE is a folder with the published formats, REFERENCE_PYTHON an interpreter with speciesnet==5.0.6. The drop-in runs in
this interpreter, which finds it by PYTHONPATH and SPECIESNET_LIBRARY. Exits with 1 if answers differ.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "conformance"))
from documents_test import Comparison  # noqa: E402

PLACE = {"country": "USA", "admin1_region": "CA"}


def by_filepath(document: dict[str, Any]) -> dict[str, Any]:
    """Converts results to the form in which the reference accepts them."""
    return {entry["filepath"]: entry for entry in document["predictions"]}


def answers_of(module: str, package: str, photos: list[str]) -> dict[str, Any]:
    """Returns results by name of the function."""
    model = importlib.import_module(module).SpeciesNet(package)
    inputs = {"filepaths": photos, **PLACE}
    detections = model.detect(**inputs)
    classifications = model.classify(
        **inputs,
        detections_dict=by_filepath(detections),
        max_classifications_per_detection=None,
    )
    return {
        "detect": detections,
        "classify": classifications,
        "ensemble_from_past_runs": model.ensemble_from_past_runs(
            **inputs,
            detections_dict=by_filepath(detections),
            classifications_dict=by_filepath(classifications),
        ),
        "predict": model.predict(**inputs),
        "predict, few and unlimited": model.predict(
            **inputs,
            detection_threshold_for_classification=0.01,
            max_classifications_per_image=3,
            max_classifications_per_detection=None,
        ),
    }


def run(python: str, module: str, arguments: list[str]) -> dict[str, Any]:
    done = subprocess.run(
        [python, "-W", "ignore", __file__, f"--answers={module}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def main() -> int:
    package, python, *photos = sys.argv[1:]
    theirs = run(python, "speciesnet", [package, *photos])
    ours = run(sys.executable, "speciesnet_cpp.compat", [package, *photos])
    status = 0
    for name, expected in theirs.items():
        comparison = Comparison()
        comparison.documents(ours[name], expected)
        comparison.report(name)
        status |= bool(comparison.differences)
    return status


if __name__ == "__main__":
    if sys.argv[1].startswith("--answers="):
        print(json.dumps(answers_of(sys.argv[1].split("=")[1], sys.argv[2], sys.argv[3:])))
    else:
        sys.exit(main())
