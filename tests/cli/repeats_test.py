# SPDX-License-Identifier: Apache-2.0
"""Boxes that recur at one place: found, shown, decided, and excluded from results."""

import csv
import json
import re
import unittest
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, PHOTOS, WRONG_USAGE, CommandLineTest, run

ZEBRA = "dd39bbd5-077c-482e-9d33-bd176116c870;mammalia;perissodactyla;equidae;equus;quagga;plains zebra"


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def detection(x: float, conf: float = 0.8) -> dict[str, Any]:
    return {
        "category": "1", "label": "animal", "conf": conf, "bbox": [x, 0.25, 0.125, 0.125],
        "processed_classification": {"class": ZEBRA, "score": 0.9, "source": "classifier"},
    }  # fmt: skip


class RepeatsTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.photos = self.folder / "photos"
        for camera in ("A", "B"):
            (self.photos / camera / "DCIM" / "100RECNX").mkdir(parents=True)
        predictions = []
        for number in range(30):
            file = self.photos / "A/DCIM/100RECNX" / f"{number:04}.JPG"
            file.symlink_to(PHOTOS / "zebra.jpg")
            # A branch that moves slightly; in every tenth photo a zebra, each time elsewhere.
            found = [detection(0.5 + 0.001 * (number % 3))]
            if number % 10 == 0:
                found.insert(0, detection(0.1 + 0.01 * number, 0.9))
            predictions.append({"filepath": str(file), "detections": found})
        other = self.photos / "B/DCIM/100RECNX/0001.JPG"
        other.symlink_to(PHOTOS / "zebra.jpg")
        predictions.append({"filepath": str(other), "detections": [detection(0.5)]})
        self.document = self.folder / "out.json"
        self.document.write_text(json.dumps({"predictions": predictions}), encoding="utf-8")
        self.repeats = self.folder / "repeats.csv"
        self.page = self.folder / "repeats.html"

    def find(self, *flags: str | Path) -> str:
        done = run("repeats", self.document, "--output", self.repeats, *flags)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return done.stdout

    def names(self, *flags: str | Path) -> list[str]:
        """Returns the answers of all photos in the table."""
        file = self.folder / "photos.csv"
        done = run("convert", self.document, "--csv", file, *flags)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return [row["name"] for row in table(file)]

    def test_a_branch_is_found_and_no_longer_counts(self) -> None:
        self.assertEqual(set(self.names()), {"plains zebra"})
        said = self.find("--report_html", self.page)
        self.assertIn("1 repeat of 30 detections", said)
        (row,) = table(self.repeats)
        self.assertEqual((row["folder"], row["category"], row["suppress"]), ("A/", "animal", "yes"))
        names = self.names("--repeats", self.repeats)
        self.assertEqual([number for number, name in enumerate(names) if name == "plains zebra"], [0, 10, 20, 30])
        self.assertEqual(names.count("blank"), 27)
        for command in ("summary",):
            done = run(command, self.document, "--repeats", self.repeats)
            self.assertRegex(done.stdout, r"plains zebra +4 ")

    def test_suppressed_detections_are_marked_as_the_megadetector_tools_do(self) -> None:
        self.find()
        file = self.folder / "timelapse.json"
        done = run("convert", self.document, "--megadetector_json", file, "--detections_csv", self.folder / "d.csv",
                   "--repeats", self.repeats)  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        images = json.loads(file.read_bytes())["images"]
        confidences = [found["conf"] for found in images[0]["detections"]]
        self.assertEqual(confidences, [0.9, -0.8])
        self.assertEqual([row["conf"] for row in table(self.folder / "d.csv")[:2]], ["0.9", "-0.8"])
        self.assertEqual(len(images[-1]["detections"]), 1)
        self.assertEqual(images[-1]["detections"][0]["conf"], 0.8)

    def test_decisions_of_a_person_are_kept(self) -> None:
        self.find()
        self.repeats.write_text(self.repeats.read_text(encoding="utf-8").replace(",yes", ",no"), encoding="utf-8")
        self.assertEqual(set(self.names("--repeats", self.repeats)), {"plains zebra"})
        self.find()
        self.assertEqual(table(self.repeats)[0]["suppress"], "no")

    def test_the_page_shows_each_repeat_and_loads_nothing(self) -> None:
        self.find("--report_html", self.page)
        page = self.page.read_text(encoding="utf-8")
        self.assertEqual(page.count("<section data-row="), 1)
        self.assertEqual(page.count('src="data:image/jpeg;base64,'), 12)
        self.assertEqual(re.findall(r"https?://", page), [])
        self.assertIn("A: animal, 30 times, confidence up to 0.80", page)
        row = re.search(r'data-row="([^"]*)"', page).group(1).replace("&quot;", '"')
        self.assertIn(row, self.repeats.read_text(encoding="utf-8"))

    def test_the_flags_define_a_repeat(self) -> None:
        self.assertIn("No box occurs 31 times", self.find("--least=31"))
        self.assertEqual(table(self.repeats), [])
        self.assertIn("No box", self.find("--threshold=0.85"))
        self.assertIn("No box", self.find("--greatest_area=0.01"))
        self.find("--least=2", "--tolerance=0.99")
        self.assertGreater(len(table(self.repeats)), 1)

    def test_bad_tables_and_outputs_are_refused(self) -> None:
        before = self.document.read_bytes()
        done = run("repeats", self.document, "--output", self.document)
        self.assert_refused(done, WRONG_USAGE, "--output", "would destroy")
        self.assertEqual(self.document.read_bytes(), before)
        self.repeats.write_text("folder,category\n", encoding="utf-8")
        output = self.folder / "photos.csv"
        done = run("convert", self.document, "--csv", output, "--repeats", self.repeats)
        self.assert_refused(done, WRONG_USAGE, "--repeats", "repeats.csv", "'xmin'")
        self.assertFalse(output.exists())
        done = run("convert", self.document, "--csv", self.repeats, "--repeats", self.repeats)
        self.assert_refused(done, WRONG_USAGE, "--repeats")

    def test_a_run_omits_repeats_from_all_outputs_but_its_own_document(self) -> None:
        season = self.folder / "season" / "A"
        season.mkdir(parents=True)
        for number in range(3):
            (season / f"{number}.JPG").symlink_to(PHOTOS / "zebra.jpg")
        results = self.folder / "results"
        run_it = ("run", self.folder / "season", "--model", "demo", "--output", results)
        self.assertEqual(run(*run_it).returncode, ALL_FINE)
        found = run("repeats", results / "predictions.json", "--least=3", "--output", self.repeats)
        self.assertEqual(found.returncode, ALL_FINE, found.stderr)
        self.assertNotEqual(table(self.repeats), [])
        before = (results / "predictions.json").read_bytes()
        done = run(*run_it, "--repeats", self.repeats)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual((results / "predictions.json").read_bytes(), before)
        self.assertEqual({row["name"] for row in table(results / "photos.csv")}, {"blank"})
        self.assertRegex(done.stdout, r"blank +3 ")


if __name__ == "__main__":
    unittest.main()
