# SPDX-License-Identifier: Apache-2.0
"""A table of stations affects the answers and all outputs, and mismatches are reported."""

import csv
import json
import unittest
from pathlib import Path

from command_line import ALL_FINE, PHOTOS, WRONG_USAGE, CommandLineTest, run
from exif_photo import copy_with_exif

CAMERA = ("RECONYX", "HF2")


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class StationsTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.photos = self.folder / "season"
        self.document = self.folder / "predictions.json"
        self.stations = self.folder / "stations.csv"

    def photo(self, name: str, time: str, source: str = "zebra.jpg", **options) -> None:
        place = options.get("place")
        copy_with_exif(PHOTOS / source, self.photos / name, time, place, options.get("camera", CAMERA))

    def say(self, *rows: str) -> None:
        self.stations.write_text("\n".join(rows) + "\n", encoding="utf-8")

    def predict_season(self, *flags: str | Path) -> str:
        done = run("predict", "--model", "demo", "--folders", self.photos, "--predictions_json", self.document, *flags)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return done.stderr

    def convert(self, *flags: str | Path) -> str:
        done = run("convert", self.document, "--stations", self.stations, *flags)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return done.stderr

    def camtrap(self, name: str, *flags: str | Path) -> tuple[list[dict[str, str]], list[dict[str, str]], str]:
        package = self.folder / name
        messages = self.convert("--camtrap_dp", package, *flags)
        return table(package / "deployments.csv"), table(package / "media.csv"), messages

    def test_a_photo_without_a_camera_counts_for_the_only_camera_of_its_folder(self) -> None:
        self.photo("A/1.JPG", "2026:09:04 07:12:08", camera=("", ""))
        self.photo("A/2.JPG", "2026:07:04 07:12:08")
        self.predict_season()
        self.say("folder,station,latitude,longitude,start,end", "A,waterhole,-1.5,35.25,2026-07-01,2026-07-31")
        (deployment,), _, _ = self.camtrap("package")
        self.assertEqual(deployment["cameraModel"], " ".join(CAMERA))
        self.assertIn("outside the deployment period", deployment["deploymentComments"])

    def test_the_table_fills_deployments_and_times_of_several_zones(self) -> None:
        self.photo("A/DCIM/100RECNX/1.JPG", "2026:07:04 07:12:08")
        self.photo("B/1.JPG", "2026:07:04 07:12:08")
        self.photo("C/1.JPG", "2026:01:04 07:12:08", place=(1, 2))
        self.predict_season()
        self.say(
            "folder,station,latitude,longitude,start,end,time_zone,clock_offset",
            "A,waterhole,-1.5,35.25,2026-07-01,2026-07-31 12:00,Africa/Nairobi,",
            "B,wood,52.5,13.25,,,Europe/Berlin,-1d 01:00",
            "C,lake,,,,,America/New_York,",
        )
        csv_file = self.folder / "photos.csv"
        deployments, media, messages = self.camtrap("package", "--csv", csv_file)
        self.assertEqual(messages, "")
        self.assertEqual([row["locationName"] for row in deployments], ["waterhole", "wood", "lake"])
        self.assertEqual([row["latitude"] for row in deployments], ["-1.5", "52.5", "1.0"])
        self.assertEqual(deployments[0]["deploymentStart"], "2026-07-01T00:00:00+03:00")
        self.assertEqual(deployments[0]["deploymentEnd"], "2026-07-31T12:00:59+03:00")
        self.assertEqual(
            [row["timestamp"] for row in media],
            ["2026-07-04T07:12:08+03:00", "2026-07-03T06:12:08+02:00", "2026-01-04T07:12:08-05:00"],
        )
        self.assertEqual({row["timestampIssues"] for row in deployments}, {""})
        self.assertEqual(len({row["locationID"] for row in deployments}), 3)
        for row, photo in zip(deployments, media):
            self.assertEqual(photo["deploymentID"], row["deploymentID"])
        photos = table(csv_file)
        self.assertEqual([row["station"] for row in photos], ["waterhole", "wood", "lake"])
        self.assertEqual(photos[1]["taken"], "2026-07-03T06:12:08+02:00")
        self.assertEqual(photos[0]["latitude"], "-1.5")

    def test_a_camera_that_moved_has_two_deployments(self) -> None:
        self.photo("A/1.JPG", "2026:01:10 07:00:00")
        self.photo("A/2.JPG", "2026:03:10 07:00:00")
        self.photo("A/3.JPG", "2026:02:10 07:00:00")
        self.predict_season()
        self.say(
            "folder,station,latitude,longitude,start,end,time_zone",
            "A,river,1,2,2026-01-01,2026-01-31,Z",
            "A,hill,3,4,2026-03-01,,Z",
        )
        deployments, media, messages = self.camtrap("package")
        self.assertIn("1 photo taken outside the start and end of the folder's rows: ", messages)
        self.assertEqual([row["locationName"] for row in deployments], ["river", "hill", "A"])
        self.assertEqual(media[0]["deploymentID"], deployments[0]["deploymentID"])
        self.assertEqual(media[1]["deploymentID"], deployments[1]["deploymentID"])

    def test_a_clock_that_was_reset_is_reported(self) -> None:
        self.photo("A/1.JPG", "2026:07:04 07:00:00")
        self.photo("A/2.JPG", "2017:01:01 00:00:00")
        self.photo("A/3.JPG", "2017:01:02 00:00:00")
        self.photo("B/1.JPG", "2026:07:04 07:00:00")
        self.photo("B/2.JPG", "2025:07:05 07:00:00")
        self.predict_season()
        self.say("folder,station,time_zone", "A,river,Z", "B,hill,Z")
        deployments, _, messages = self.camtrap("package")
        self.assertIn(
            "the clock of 'river' jumps from 2017-01-02 00:00:00 (2 photos until then) to 2026-07-04 07:00:00 (1 from",
            messages,
        )
        self.assertEqual(messages.count("jumps"), 1)
        self.assertEqual([row["timestampIssues"] for row in deployments], ["true", ""])
        self.assertIn("reset", deployments[0]["deploymentComments"])
        # Also without a table.
        done = run("convert", self.document, "--csv", self.folder / "photos.csv")
        self.assertIn("the clock of 'A' jumps", done.stderr)

    def test_the_offset_of_a_whole_run(self) -> None:
        self.photo("A/1.JPG", "2026:07:04 07:00:00")
        self.predict_season()
        file = self.folder / "photos.csv"
        done = run("convert", self.document, "--csv", file, "--clock_offset=2026-07-04 06:00 = 2026-07-04 18:30")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual(table(file)[0]["taken"], "2026-07-04T19:30:00")

    def test_locations_of_stations_affect_the_answers(self) -> None:
        self.photo("A/1.JPG", "2026:07:04 07:00:00")
        self.photo("B/1.JPG", "2026:07:04 07:00:00")
        self.say(
            "folder,station,latitude,longitude,country,region",
            "A,river,-1.5,35.25,Kenya,",
            "B,zoo,52.5,13.25,USA,NY",
        )
        overlay = self.folder / "overlay.csv"
        overlay.write_text("taxon,action,station\nplains zebra,block,river\n", encoding="utf-8")
        self.predict_season("--stations", self.stations, "--geofence_overlay", overlay)
        first, second = json.loads(self.document.read_bytes())["predictions"]
        self.assertEqual((first["country"], first["latitude"], first["station"]), ("KEN", -1.5, "river"))
        self.assertEqual((second["country"], second["admin1_region"]), ("USA", "NY"))
        names = [photo["detections"][0]["processed_classification"]["class"].rsplit(";", 1)[1] for photo in (first, second)]
        self.assertNotEqual(names[0], "plains zebra")
        # The flags take precedence.
        self.document.unlink()
        self.predict_season("--stations", self.stations, "--country", "KEN")
        second = json.loads(self.document.read_bytes())["predictions"][1]
        self.assertEqual((second["country"], second.get("admin1_region"), second["station"]), ("KEN", None, "zoo"))

    def test_mismatches_of_table_and_photos_are_reported(self) -> None:
        self.photo("A/1.JPG", "2026:07:04 07:00:00")
        self.photo("B/DCIM/1.JPG", "2026:07:04 07:00:00")
        self.photo("B/DCIM/2.JPG", "2026:07:04 07:00:00")
        self.say("folder,station,end", "A,river,2026-06-30", "b,hill,")
        for messages in (self.predict_season("--stations", self.stations), self.convert("--csv", self.folder / "x.csv")):
            self.assertIn("no photo belongs to the row of line 3 (b)", messages)
            self.assertIn("2 photos in folders without a row: ", messages)
            self.assertIn("season/B/'", messages)
            self.assertIn("1 photo taken outside the start and end", messages)
        deployments, _, _ = self.camtrap("package", "--utc_offset=Z")
        self.assertEqual([row["timestampIssues"] for row in deployments], ["true", ""])

    def test_bad_tables_are_refused_and_nothing_is_written(self) -> None:
        self.photo("A/1.JPG", "2026:07:04 07:00:00")
        output = self.folder / "out.csv"
        self.predict_season()
        for rows, words in (
            (["folder,place", "A,river"], ["line 1", "'place'"]),
            (["folder,station,latitude,longitude", "A,river,north,1"], ["line 2", "latitude"]),
            (["folder,station,time_zone", "A,river,Mars"], ["line 2", "time_zone"]),
        ):
            self.say(*rows)
            for command in (
                ["convert", self.document, "--csv", output],
                ["predict", "--model", "demo", "--folders", self.photos, "--csv", output],
            ):
                done = run(*command, "--stations", self.stations)
                self.assert_refused(done, WRONG_USAGE, "--stations", *words)
        self.assertFalse(output.exists())
        done = run("convert", self.document, "--csv", output, "--clock_offset=1 hour")
        self.assert_refused(done, WRONG_USAGE, "--clock_offset", "+01:00:00")

    def test_the_table_is_never_an_output(self) -> None:
        self.photo("A/1.JPG", "2026:07:04 07:00:00")
        self.predict_season()
        self.say("folder,station", "A,river")
        before = self.stations.read_bytes()
        done = run("convert", self.document, "--csv", self.stations, "--stations", self.stations)
        self.assert_refused(done, WRONG_USAGE, "--stations", "would destroy")
        self.assertEqual(self.stations.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
