# SPDX-License-Identifier: Apache-2.0
"""`speciesnet run FOLDER`: one command from a folder of photos to answers, tables and report."""

import csv
import json
import shutil
import unittest
from pathlib import Path

from command_line import ALL_FINE, COULD_NOT_RUN, PHOTOS, SOME_FAILED, WRONG_USAGE, CommandLineTest, run

PRODUCTS = {
    "predictions.json",
    "photos.csv",
    "detections.csv",
    "bursts.csv",
    "videos.csv",
    "events.csv",
    "timelapse.json",
    "camtrap_dp",
    "report.html",
}


# If the program was built with libxlsxwriter.
WORKBOOK = "tables.xlsx"


class RunTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.card = self.folder / "card"
        shutil.copytree(PHOTOS, self.card)
        self.results = self.folder / "card_speciesnet"

    def run_card(self, *flags: str | Path, card: str | Path = "card"):
        return run("run", card, "--model", "demo", *flags, cwd=self.folder)

    def photos(self) -> list[dict[str, str]]:
        with (self.results / "photos.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def test_one_command_leaves_one_folder_with_everything(self) -> None:
        (self.card / "photo.CR2").touch()
        done = self.run_card("--country", "Kenya")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual({path.name for path in self.results.iterdir()} - {WORKBOOK}, PRODUCTS)
        document = json.loads((self.results / "predictions.json").read_text(encoding="utf-8"))
        count = len(list(PHOTOS.iterdir()))
        self.assertEqual(len(document["predictions"]), count)
        self.assertEqual({entry["country"] for entry in document["predictions"]}, {"KEN"})
        self.assertEqual(len(self.photos()), count)
        # Timelapse needs paths relative to the folder that it opens.
        timelapse = json.loads((self.results / "timelapse.json").read_text(encoding="utf-8"))
        self.assertEqual({image["file"] for image in timelapse["images"]}, {path.name for path in PHOTOS.iterdir()})
        self.assertTrue((self.results / "camtrap_dp" / "datapackage.json").exists())
        # The terminal shows the counts and names each file.
        self.assertIn("plains zebra", done.stdout)
        for product in PRODUCTS:
            self.assertIn(str(Path("card_speciesnet") / product), done.stdout)
        self.assertIn("skipped: 1 RAW", done.stderr)

    def test_the_report_opens_the_photos_unless_people_are_blurred(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        self.assertIn("../card/zebra.jpg", (self.results / "report.html").read_text(encoding="utf-8"))
        self.assertEqual(self.run_card("--blur_people").returncode, ALL_FINE)
        self.assertNotIn("../card/zebra.jpg", (self.results / "report.html").read_text(encoding="utf-8"))

    def test_a_second_run_adds_new_photos(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        before = len(self.photos())
        shutil.copy(PHOTOS / "zebra.jpg", self.card / "zebra2.jpg")
        done = self.run_card()
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn(f"{len(list(PHOTOS.iterdir()))} of", done.stderr)
        self.assertIn("1/1 images", done.stderr)
        self.assertEqual(len(self.photos()), before + 1)

    def test_a_finished_run_loads_no_network(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        document = (self.results / "predictions.json").read_bytes()
        done = self.run_card("--noprogress_bars")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual((self.results / "predictions.json").read_bytes(), document)

    def test_a_broken_photo_is_named_and_the_others_processed(self) -> None:
        (self.card / "broken.jpg").write_bytes(b"\xff\xd8\xff not a photo")
        done = self.run_card()
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        self.assertIn("broken.jpg", done.stderr)
        self.assertEqual({path.name for path in self.results.iterdir()} - {WORKBOOK}, PRODUCTS)

    def test_a_refused_run_leaves_nothing(self) -> None:
        done = self.run_card(card="nowhere")
        self.assertEqual(done.returncode, COULD_NOT_RUN)
        self.assertIn("FOLDER: 'nowhere' is not a folder", done.stderr)
        (self.folder / "empty").mkdir()
        self.assertEqual(self.run_card(card="empty").returncode, WRONG_USAGE)
        self.assertEqual(self.run_card("--country", "KNE").returncode, WRONG_USAGE)
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"card", "empty"})

    def test_names_of_folders(self) -> None:
        for card, name in (("card/", "card"), ("./card", "card"), (self.card, "card")):
            done = self.run_card(card=card)
            self.assertEqual(done.returncode, ALL_FINE, done.stderr)
            self.assertTrue((self.folder / f"{name}_speciesnet").is_dir())
            shutil.rmtree(self.folder / f"{name}_speciesnet")
        done = run("run", ".", "--model", "demo", cwd=self.card)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertTrue((self.card / "card_speciesnet").is_dir())
        done = self.run_card("--output", "elsewhere/results")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        results = {path.name for path in (self.folder / "elsewhere" / "results").iterdir()}
        self.assertEqual(results - {WORKBOOK}, PRODUCTS)

    def test_a_folder_for_a_command_is_explained(self) -> None:
        done = run("card", cwd=self.folder)
        self.assert_refused(done, WRONG_USAGE, "speciesnet run card")

    def test_documents_by_their_place(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        document = self.results / "predictions.json"
        by_place = run("summary", document)
        self.assertEqual(by_place.returncode, ALL_FINE, by_place.stderr)
        self.assertEqual(by_place.stdout, run("summary", "--predictions_json", document).stdout)


if __name__ == "__main__":
    unittest.main()
