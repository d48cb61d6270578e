# SPDX-License-Identifier: Apache-2.0
"""Independent events: one table, one sheet, and the events of Camtrap DP, from the same photos."""

import csv
import json
import unittest
from pathlib import Path

from command_line import ALL_FINE, PHOTOS, CommandLineTest, run
from exif_photo import copy_with_exif
from formats_test import workbook


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class EventsTest(CommandLineTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        holder = cls()
        CommandLineTest.setUp(holder)
        cls.addClassCleanup(holder.doCleanups)
        cls.root = holder.folder
        for name, photo, time in (
            ("A/1.jpg", "zebra.jpg", "2026:07:04 07:00:00"),
            ("A/2.jpg", "blank.jpg", "2026:07:04 07:10:00"),
            ("A/3.jpg", "zebra.jpg", "2026:07:04 07:30:00"),
            ("A/4.jpg", "zebra.jpg", "2026:07:04 08:00:01"),
            ("A/5.jpg", "person.jpg", "2026:07:04 07:05:00"),
            ("B/1.jpg", "zebra.jpg", "2026:07:04 07:01:00"),
        ):
            copy_with_exif(PHOTOS / photo, cls.root / "photos" / name, time, (1, 2), ("RECONYX", "HF2"))
        cls.document = cls.root / "out.json"
        done = run("predict", "--model", "demo", "--folders", cls.root / "photos", "--predictions_json", cls.document)
        assert done.returncode == ALL_FINE, done.stderr

    def convert(self, *flags: str | Path) -> None:
        done = run("convert", self.document, "--utc_offset=Z", *flags)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)

    def test_a_row_per_visit(self) -> None:
        file = self.root / "events.csv"
        self.convert("--events_csv", file)
        rows = table(file)
        self.assertEqual(
            [(row["station"], row["name"], row["start"][11:], row["end"][11:], row["photos"]) for row in rows],
            [
                ("A", "plains zebra", "07:00:00", "07:30:00", "2"),
                ("A", "human", "07:05:00", "07:05:00", "1"),
                ("A", "plains zebra", "08:00:01", "08:00:01", "1"),
                ("B", "plains zebra", "07:01:00", "07:01:00", "1"),
            ],
        )
        zebras = [
            detection
            for photo in json.loads(self.document.read_bytes())["predictions"]
            if photo["filepath"].endswith("A/1.jpg")
            for detection in photo["detections"]
            if detection["conf"] >= 0.2
        ]
        self.assertEqual(rows[0]["individuals"], str(len(zebras)))
        self.convert("--events_csv", file, "--event_gap=31")
        self.assertEqual([row["photos"] for row in table(file)], ["3", "1", "1"])
        self.convert("--events_csv", file, "--event_gap=0")
        self.assertEqual(len(table(file)), 5)

    def test_camtrap_dp_has_events_with_counts(self) -> None:
        package = self.root / "package"
        self.convert("--camtrap_dp", package, "--event_gap=30", "--sequence_gap=60", "--events_csv", self.root / "e.csv")
        observations = table(package / "observations.csv")
        events = [row for row in observations if row["observationLevel"] == "event"]
        rows = table(self.root / "e.csv")
        self.assertEqual([row["count"] for row in events], [row["individuals"] for row in rows])
        self.assertEqual([row["scientificName"] for row in events], [row["scientific_name"] for row in rows])
        self.assertEqual(events[0]["eventStart"], "2026-07-04T07:00:00Z")
        self.assertEqual(events[0]["eventEnd"], "2026-07-04T07:30:00Z")
        self.assertEqual(len({row["eventID"] for row in events}), len(events))
        for row in observations:
            if row["observationLevel"] == "media" and row["observationType"] != "blank":
                (event,) = [one for one in events if one["eventID"] == row["eventID"]]
                self.assertEqual(event["scientificName"], row["scientificName"])
                self.assertEqual((event["eventStart"], event["eventEnd"]), (row["eventStart"], row["eventEnd"]))
                self.assertEqual(row["count"], "1")

    def test_a_sheet_of_the_workbook(self) -> None:
        file = self.root / "tables.xlsx"
        done = run("convert", self.document, "--xlsx", file, "--event_gap=30")
        if "built without libxlsxwriter" in done.stderr:
            self.skipTest("the program was built without libxlsxwriter")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        sheets = workbook(file)
        self.assertEqual(list(sheets), ["Photos", "Detections", "Events"])
        self.assertEqual(len(sheets["Events"]), 5)


if __name__ == "__main__":
    unittest.main()
