# SPDX-License-Identifier: Apache-2.0
"""`speciesnet compare`: two documents, and a table of human labels, with the demonstration photos."""

import json
import unittest
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, COULD_NOT_RUN, PHOTOS, WRONG_USAGE, CommandLineTest, run

DEMO = "demonstration model demo-2 (not SpeciesNet)"


class CompareTest(CommandLineTest):
    text: str

    @classmethod
    def setUpClass(cls) -> None:
        done = run("predict", "--model", "demo", "--folders", PHOTOS)
        assert done.returncode == ALL_FINE, done.stderr
        cls.text = done.stdout

    def setUp(self) -> None:
        super().setUp()
        self.document = json.loads(self.text)
        self.first = self.write("first.json", self.document)

    def write(self, name: str, document: Any) -> Path:
        file = self.folder / name
        file.write_text(json.dumps(document), encoding="utf-8")
        return file

    def changed(self) -> Path:
        """Changes the zebra to blank."""
        for entry in self.document["predictions"]:
            if entry["filepath"].endswith("zebra.jpg"):
                entry["detections"] = []
        return self.write("second.json", self.document)

    def test_equal_runs(self) -> None:
        done = run("compare", self.first, self.first)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertRegex(done.stdout, r"same answer +6 +100.0 %")
        self.assertNotIn("Changed answers", done.stdout)
        self.assertEqual(done.stdout.count(DEMO), 2)

    def test_changes_and_labels_of_a_person(self) -> None:
        second = self.changed()
        truth = self.folder / "truth.csv"
        truth.write_text("file;label\nzebra.jpg;Plains zebra\nblank.jpg;empty\nelephant.jpg;unicorn\n", encoding="utf-8")
        report = self.folder / "report.html"
        table = self.folder / "table.json"
        done = run("compare", self.first, second, "--truth", truth, "--json", table, "--report_html", report)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertRegex(done.stdout, r"now blank +1 +16.7 %")
        self.assertRegex(done.stdout, r"plains zebra +blank +1\n")
        self.assertIn("'unicorn'", done.stderr)
        counts = json.loads(table.read_text(encoding="utf-8"))
        self.assertEqual((counts["first_model"], counts["second_model"]), (DEMO, DEMO))
        self.assertEqual(counts["changes"]["now_blank"], 1)
        self.assertEqual((counts["accuracy"]["first"]["right"], counts["accuracy"]["second"]["right"]), (2, 1))
        self.assertEqual(counts["detections"][1]["gained"], 0)
        self.assertGreater(counts["detections"][1]["lost"], 0)
        page = report.read_text(encoding="utf-8")
        self.assertIn(DEMO, page)
        self.assertIn("<svg", page)
        self.assertIn("Calibration", page)

    def test_what_is_refused(self) -> None:
        elsewhere = self.document
        for entry in elsewhere["predictions"]:
            entry["filepath"] = "elsewhere/" + entry["filepath"].rsplit("/", 1)[-1]
        done = run("compare", self.first, self.write("elsewhere.json", elsewhere))
        self.assert_refused(done, WRONG_USAGE, "no photo in common")
        before = self.first.read_bytes()
        done = run("compare", self.first, self.first, "--json", self.first)
        self.assert_refused(done, WRONG_USAGE, "--json")
        self.assertEqual(self.first.read_bytes(), before)
        self.assert_refused(run("compare", self.first), WRONG_USAGE)
        self.assert_refused(run("compare", self.first, self.folder / "none.json"), COULD_NOT_RUN, "none.json")
        truth = self.folder / "truth.csv"
        truth.write_text("photo,animal\n", encoding="utf-8")
        self.assert_refused(run("compare", self.first, self.first, "--truth", truth), WRONG_USAGE, "--truth", "column file")
        truth.write_text("file,label\nnowhere.jpg,lion\n", encoding="utf-8")
        self.assert_refused(run("compare", self.first, self.first, "--truth", truth), WRONG_USAGE, "none of its 1 photos")


if __name__ == "__main__":
    unittest.main()
