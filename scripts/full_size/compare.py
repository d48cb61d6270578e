# SPDX-License-Identifier: Apache-2.0
"""Compares the reference with `speciesnet` on whole photos, stage by stage. Runs in the reference's Python.

    compare.py --package FULL --program build/release/examples/cli/speciesnet \
        --answers answers.json PHOTO…

The reference's answers are stored in the file of --answers and reused by later runs, so that
several builds can be compared with the same answers. The photos must then be the same. The
classifier starts from the reference's detections, the whole run from photos. Exits with 1 if answers
differ.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2] / "tests" / "conformance"
sys.path.insert(0, str(TESTS))
from documents_test import Comparison  # noqa: E402

PLACE = {"country": "USA", "admin1_region": "CA"}
CROPS = 6
"""Largest number of classified detections per photo, because random networks detect very many."""


def with_pixels(document: dict[str, Any], sizes: dict[str, list[int]]) -> dict[str, Any]:
    """Removes detections less than a pixel wide or high, which stop the reference's classifier."""
    images = []
    for image in document["predictions"]:
        width, height = sizes[image["filepath"]]
        kept = [
            detection
            for detection in image["detections"]
            if int(detection["bbox"][2] * width) and int(detection["bbox"][3] * height)
        ]
        images.append(image | {"detections": kept})
    return document | {"predictions": images}


def reference_answers(package: Path, photos: list[str]) -> dict[str, Any]:
    from speciesnet import SpeciesNet
    from speciesnet.utils import load_rgb_image

    model = SpeciesNet(str(package))
    instances = {"instances": [{"filepath": photo, **PLACE} for photo in photos]}
    sizes = {photo: list(load_rgb_image(photo).size) for photo in photos}
    common: dict[str, Any] = {"instances_dict": instances, "progress_bars": False}
    all_detections = model.detect(run_mode="multi_thread", **common)
    detections = with_pixels(all_detections, sizes)
    by_file = {image["filepath"]: image for image in detections["predictions"]}
    classifications = model.classify(
        detections_dict=by_file,
        max_classifications_per_image=CROPS,
        run_mode="multi_thread",
        **common,
    )
    whole = model.ensemble_from_past_runs(
        classifications_dict={image["filepath"]: image for image in classifications["predictions"]},
        detections_dict=by_file,
        **common,
    )
    return {
        "instances": instances,
        "sizes": sizes,
        "detections": detections,
        "detector": all_detections,
        "classifier": classifications,
        "whole run": whole,
    }


class Program:
    """Runs `speciesnet predict` on files written by the reference."""

    def __init__(self, program: Path, package: Path, folder: Path, answers: dict[str, Any]) -> None:
        self.command = [str(program.resolve()), "predict", f"--model={package}", "--noprogress_bars"]
        self.files = {}
        for name, document in answers.items():
            file = self.files[name] = folder / f"{name}.json"
            file.write_text(json.dumps(document), encoding="utf-8")

    def answers(self, stage: str) -> dict[str, Any]:
        flags = [f"--instances_json={self.files['instances']}"]
        if stage != "detector":
            flags.append(f"--max_classifications_per_image={CROPS}")
        detections = f"--detections_json={self.files['detections']}"
        flags += {
            "detector": ["--detector_only"],
            "classifier": ["--classifier_only", detections],
            "whole run": [],
        }[stage]
        done = subprocess.run(
            self.command + flags, stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, required=True, help="package with random weights, from random_package/make")
    parser.add_argument("--program", type=Path, required=True, help="the program `speciesnet`")
    parser.add_argument("--answers", type=Path, required=True, help="the reference's, kept here")
    parser.add_argument("photos", nargs="+")
    arguments = parser.parse_args()

    if not arguments.answers.exists():
        answers = reference_answers(arguments.package, arguments.photos)
        arguments.answers.write_text(json.dumps(answers), encoding="utf-8")
    answers = json.loads(arguments.answers.read_text(encoding="utf-8"))
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        program = Program(arguments.program, arguments.package, Path(folder), answers)
        for stage in ("detector", "classifier", "whole run"):
            comparison = Comparison()
            ours = program.answers(stage)
            if stage == "whole run":
                ours = with_pixels(ours, answers["sizes"])
            comparison.documents(ours, answers[stage])
            comparison.report(stage)
            status |= bool(comparison.differences)
    return status


if __name__ == "__main__":
    sys.exit(main())
