# SPDX-License-Identifier: Apache-2.0
"""The formats as read by other programs: megadetector, frictionless and camtrapdp, in the Python that
SPECIESNET_READERS_PYTHON names."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from command_line import ALL_FINE, PHOTOS, SOME_FAILED, CommandLineTest, run
from exif_photo import copy_with_exif

READERS = os.environ.get("SPECIESNET_READERS_PYTHON", "")
SCHEMAS = Path(__file__).resolve().parents[1] / "fixtures/camtrap_dp"

MEGADETECTOR = """
import json, sys
from megadetector.postprocessing.validate_batch_results import ValidateBatchResultsOptions, validate_batch_results
from megadetector.utils.wi_taxonomy_utils import generate_md_results_from_predictions_json, load_md_or_speciesnet_file
ours, predictions, base = sys.argv[1:]
options = ValidateBatchResultsOptions()
options.raise_errors = True
checked = validate_batch_results(ours, options)["validation_results"]
assert not checked["errors"] and not checked["warnings"], checked
load_md_or_speciesnet_file(ours)
theirs = generate_md_results_from_predictions_json(
    predictions, base_folder=base, max_decimals=4, convert_homo_species_to_human=False)

def readable(document):
    "Images with names instead of numbers: these may be given in another order."
    labels = document["classification_category_descriptions"]
    names = document["classification_categories"]
    images = {}
    for image in document["images"]:
        for detection in image["detections"] or []:
            detection["category"] = document["detection_categories"][detection["category"]]
            for key in ("classifications", "raw_classifications"):
                if key in detection:
                    detection[key] = [[labels[number], names[number], score] for number, score in detection[key]]
        images[image["file"]] = (image["detections"], "failure" in image)
    return images

with open(ours) as file:
    assert readable(json.load(file)) == readable(theirs)
print("the same")
"""

COCO = """
import json, sys
from megadetector.data_management.integrity_check_json_db import IntegrityCheckOptions, integrity_check_json_db
options = IntegrityCheckOptions()
options.baseDir, options.bCheckImageSizes, options.validateBoxes = sys.argv[2], True, "error"
options.bCheckImageExistence, options.bRequireLocation, options.requireInfo = True, True, True
_, _, errors = integrity_check_json_db(sys.argv[1], options)
print(json.dumps(errors["validation_errors"]))
"""

# Repeat detection elimination for a document that is partly suppressed already.
REPEATS = """
import json, sys
from megadetector.postprocessing.repeat_detection_elimination.repeat_detections_core import (
    RepeatDetectionOptions, find_repeat_detections)
ours, folder, output = sys.argv[1:]
options = RepeatDetectionOptions()
options.imageBase, options.outputBase, options.bWriteFilteringFolder = folder, output, False
options.occurrenceThreshold, options.nWorkers, options.bParallelizeRendering = 3, 1, False
found = find_repeat_detections(ours, output_file_name=output + ".json", options=options)
with open(output + ".json") as file:
    confidences = [detection["conf"] for image in json.load(file)["images"] for detection in image["detections"]]
print(json.dumps([sum(map(len, found.suspicious_detections)), confidences]))
"""

CAMTRAP_DP = """
import json, sys
from frictionless import Package
package, schemas = sys.argv[1:]
with open(package + "/datapackage.json") as file:
    description = json.load(file)
del description["profile"]
for resource in description["resources"]:
    name = resource["schema"].rsplit("/", 1)[1]
    with open(schemas + "/" + name) as file:
        resource["schema"] = json.load(file)
report = Package.from_descriptor(description, basepath=package).validate()
print(json.dumps(report.flatten(["title", "fieldName", "rowNumber", "note"])))
"""

CAMTRAPDP = """
import csv, sys
from dataclasses import fields
from camtrapdp import Deployment, Media, Observation
for table, row in (("deployments", Deployment), ("media", Media), ("observations", Observation)):
    file = f"{sys.argv[1]}/{table}.csv"
    with open(file, newline="") as lines:
        assert next(csv.reader(lines)) == [field.name for field in fields(row)], table
    assert row.from_csv(file), table
print("read")
"""


@unittest.skipUnless(READERS, "SPECIESNET_READERS_PYTHON names no Python with megadetector, frictionless and camtrapdp")
class ReadersTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.photos = self.folder / "photos"
        for number, photo in enumerate(sorted(PHOTOS.iterdir())):
            copy_with_exif(photo, self.photos / f"{number % 2}/{photo.name}",
                           f"2026:11:25 06:{number:02}:00", (-2.5, 34.75))  # fmt: skip
        self.document = self.folder / "out.json"

    def predict_all(self, *more: str, status: int = ALL_FINE) -> None:
        done = run("predict", "--model", "demo", "--folders", self.photos,
                   "--predictions_json", self.document, *more)  # fmt: skip
        self.assertEqual(done.returncode, status, done.stderr)

    def ask(self, program: str, *arguments: str | Path) -> str:
        done = subprocess.run([READERS, "-c", program, *map(str, arguments)],
                              capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()[-1]

    def test_megadetector_reads_ours_and_converts_to_the_same(self) -> None:
        (self.photos / "broken.jpg").write_bytes(b"no photo")
        ours = self.folder / "md.json"
        self.predict_all(f"--megadetector_json={ours}", status=SOME_FAILED)
        self.assertEqual(self.ask(MEGADETECTOR, ours, self.document, self.photos), "the same")

    def test_megadetector_finds_the_repeats_that_ours_finds(self) -> None:
        season = self.folder / "season"
        for number in range(4):
            copy_with_exif(PHOTOS / "zebra.jpg", season / f"A/{number}.jpg", f"2026:11:25 06:{number:02}:00", (1, 2))
        self.photos = season
        ours = self.folder / "md.json"
        repeats = self.folder / "repeats.csv"
        self.predict_all(f"--megadetector_json={ours}")
        count, theirs = json.loads(self.ask(REPEATS, ours, season, self.folder / "rde"))
        done = run("repeats", self.document, "--least=3", "--output", repeats)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn(f"{count} repeats of", done.stdout)
        run("convert", self.document, "--megadetector_json", ours, "--repeats", repeats)
        again, marked = json.loads(self.ask(REPEATS, ours, season, self.folder / "again"))
        self.assertEqual((again, marked), (0, theirs))

    def test_coco_camera_traps_pass_the_check_of_integrity(self) -> None:
        ours = self.folder / "coco.json"
        self.predict_all(f"--coco_json={ours}", "--sequence_gap=60")
        self.assertEqual(json.loads(self.ask(COCO, ours, self.photos)), [])

    def test_camtrap_dp_is_a_valid_package(self) -> None:
        ours = self.folder / "package"
        stations = self.folder / "stations.csv"
        stations.write_text("folder,station,latitude,longitude,start,time_zone\n"
                            "photos/0,river,-2.5,34.75,2026-11-01,Africa/Nairobi\n"
                            "photos/1,hill,-2.25,34.5,2026-11-26,Europe/Berlin\n", encoding="utf-8")  # fmt: skip
        for more in ((), ("--sequence_gap=60",), ("--event_gap=30", f"--stations={stations}")):
            self.predict_all(f"--camtrap_dp={ours}", *more)
            self.assertEqual(json.loads(self.ask(CAMTRAP_DP, ours, SCHEMAS)), [])
            self.assertEqual(self.ask(CAMTRAPDP, ours), "read")


if __name__ == "__main__":
    if not READERS:
        print("skipped: SPECIESNET_READERS_PYTHON names no Python with megadetector, frictionless and camtrapdp")
        sys.exit(77)
    unittest.main()
