# SPDX-License-Identifier: Apache-2.0
"""A typical season: two cards of three cameras with photos, a video, a clock that was reset, a branch detected 300
times, and people; from the cards to Camtrap DP, with corrections by a person. The tables are also read by
frictionless, the megadetector package and pandas if SPECIESNET_READERS_PYTHON names a Python that has them."""

import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from command_line import ALL_FINE, FIXTURES, HAS_VIDEO, PHOTOS, CommandLineTest, run
from exif_photo import copy_with_exif
from review_test import BLANK, Review, table

READERS = os.environ.get("SPECIESNET_READERS_PYTHON", "")
SCHEMAS = FIXTURES / "camtrap_dp"
BRANCH = 300

STATIONS = """folder,station,latitude,longitude,time_zone,country
waterhole,Waterhole,-1.4061,35.0071,Africa/Nairobi,KEN
ridge,Ridge,-1.3822,35.0512,Africa/Nairobi,KEN
ford,Ford,-1.4102,35.0333,Africa/Nairobi,KEN
"""

READ = """
import json, sys
import pandas
from frictionless import Package
from megadetector.postprocessing.validate_batch_results import ValidateBatchResultsOptions, validate_batch_results
folder, schemas = sys.argv[1:]
options = ValidateBatchResultsOptions()
options.raise_errors = True
checked = validate_batch_results(folder + "/timelapse.json", options)["validation_results"]
assert not checked["errors"] and not checked["warnings"], checked
with open(folder + "/dp/datapackage.json") as file:
    description = json.load(file)
del description["profile"]
for resource in description["resources"]:
    with open(schemas + "/" + resource["schema"].rsplit("/", 1)[1]) as file:
        resource["schema"] = json.load(file)
report = Package.from_descriptor(description, basepath=folder + "/dp").validate()
assert report.valid, report.flatten(["title", "fieldName", "rowNumber", "note"])
for name in ("photos", "events", "videos", "detections"):
    print(name, len(pandas.read_csv(f"{folder}/{name}.csv")))
"""


class SeasonTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.photos = 0
        self.photo("card1/waterhole", "zebra", "2026:07:04 07:12:08")
        self.photo("card1/waterhole", "blank", "2026:07:04 07:12:10")
        self.photo("card1/waterhole", "zebra", "2026:07:04 07:12:12")
        self.photo("card1/waterhole", "person", "2026:07:09 10:03:55")
        for second in range(3):
            self.photo("card1/ridge", "leopard_night", f"2026:07:06 02:18:4{second}")
            self.photo("card1/ridge", "blank", f"2000:01:01 00:00:0{second}")
        for number in range(BRANCH):
            self.photo("card2/ford", "elephant", f"2026:07:{4 + number // 144:02} {number // 6 % 24:02}:{number % 6}0:00")
        if HAS_VIDEO:
            shutil.copy(FIXTURES / "videos" / "zebra.mp4", self.folder / "card1/waterhole/DCIM/100RECNX/CLIP.MP4")
        (self.folder / "stations.csv").write_text(STATIONS, encoding="utf-8")

    def photo(self, place: str, kind: str, time: str) -> None:
        self.photos += 1
        copy_with_exif(PHOTOS / f"{kind}.jpg", self.folder / place / f"DCIM/100RECNX/IMG_{self.photos:04}.JPG", time,
                       camera=("RECONYX", "HF2"))  # fmt: skip

    def done(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        done = run(*arguments, cwd=self.folder)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return done

    def test_from_the_cards_to_camtrap_dp(self) -> None:
        for card in ("card1", "card2"):
            done = self.done("run", card, "--model", "demo", "--stations", "stations.csv")
            if card == "card1":
                self.assertIn("the clock of 'Ridge' jumps", done.stderr)
        self.done("convert", "card1_speciesnet/predictions.json", "card2_speciesnet/predictions.json",
                  "--predictions_json", "season.json")  # fmt: skip

        # The branch.
        self.done("repeats", "season.json", "--output", "repeats.csv", "--least", "100")
        repeats = table(self.folder / "repeats.csv")
        self.assertTrue(repeats)
        self.assertEqual({row["folder"].strip("/").split("/")[-1] for row in repeats}, {"ford"})
        self.assertEqual({row["detections"] for row in repeats}, {str(BRANCH)})

        # A person decides that the second photo of the ridge is empty.
        review = Review(self.folder / "season.json", "--reviewer", "Wanjiru", "--photos_folder", self.folder)
        number = next(index for index, row in enumerate(self.document()) if "/ridge/" in row["filepath"])
        review.decide("label", number, label=BLANK)
        review.end()

        outputs = ("--csv", "photos.csv", "--detections_csv", "detections.csv", "--events_csv", "events.csv",
                   "--videos_csv", "videos.csv", "--megadetector_json", "timelapse.json", "--camtrap_dp", "dp")  # fmt: skip
        self.done("convert", "season.json", "--repeats", "repeats.csv", "--stations", "stations.csv", *outputs)
        photos = table(self.folder / "photos.csv")
        self.assertEqual(len(photos), self.photos + (3 if HAS_VIDEO else 0))
        self.assertEqual({row["station"] for row in photos}, {"Waterhole", "Ridge", "Ford"})
        ford = [row for row in photos if row["station"] == "Ford"]
        self.assertEqual({row["name"] for row in ford}, {"blank"})
        (reviewed,) = (row for row in photos if row["reviewed_by"])
        self.assertEqual((reviewed["reviewed_by"], reviewed["name"]), ("Wanjiru", "blank"))
        events = {(row["station"], row["name"]): row for row in table(self.folder / "events.csv")}
        self.assertEqual(set(events) - {("Waterhole", "vehicle")},
                         {("Waterhole", "plains zebra"), ("Waterhole", "human"), ("Ridge", "leopard")})  # fmt: skip
        self.assertEqual(events["Ridge", "leopard"]["photos"], "2")
        if HAS_VIDEO:
            (video,) = table(self.folder / "videos.csv")
            self.assertEqual((video["station"], video["name"]), ("Waterhole", "plains zebra"))
        deployments = {row["locationName"]: row for row in table(self.folder / "dp/deployments.csv")}
        self.assertEqual(set(deployments), {"Waterhole", "Ridge", "Ford"})
        self.assertEqual(deployments["Ridge"]["timestampIssues"], "true")
        self.assertEqual(deployments["Waterhole"]["latitude"], "-1.4061")

        self.done("sort", "season.json", "--repeats", "repeats.csv", "--output", "sorted", "--people_apart")
        kinds = {path.name for path in (self.folder / "sorted").iterdir()}
        self.assertLessEqual({"blank", "human", "leopard", "plains zebra"}, kinds)
        self.done("tag", "season.json", "--repeats", "repeats.csv", "--output", "metadata")
        self.assertEqual(len(list((self.folder / "metadata").rglob("*.xmp"))), self.photos)
        self.assertIn("plains zebra", self.done("summary", "season.json", "--repeats", "repeats.csv").stdout)
        if READERS:
            read = subprocess.run([READERS, "-c", READ, str(self.folder), str(SCHEMAS)],
                                  capture_output=True, text=True, check=False)  # fmt: skip
            self.assertEqual(read.returncode, 0, read.stdout + read.stderr)
            self.assertIn(f"photos {len(photos)}", read.stdout)

    def document(self) -> list[dict]:
        return json.loads((self.folder / "season.json").read_text(encoding="utf-8"))["predictions"]


if __name__ == "__main__":
    unittest.main()
