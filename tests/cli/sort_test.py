# SPDX-License-Identifier: Apache-2.0
"""`speciesnet sort`: photos in folders by species. Results are made by hand, so no model runs."""

import json
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, COULD_NOT_RUN, PROGRAM, SOME_FAILED, WRONG_USAGE, CommandLineTest, run

LION = "u;mammalia;carnivora;felidae;panthera;leo;lion"
ZEBRA = "u;mammalia;perissodactyla;equidae;equus;quagga;plains zebra"


def detection(label: str, conf: float = 0.9, category: str = "1") -> dict[str, Any]:
    return {
        "category": category, "label": {"1": "animal", "2": "human"}[category], "conf": conf, "bbox": [0.1, 0.2, 0.3, 0.4],
        "raw_classifications": {"classes": [label], "scores": [0.8]},
        "processed_classification": {"class": label, "score": 0.8, "source": "classifier"},
    }  # fmt: skip


class SortTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.photos = {
            "card/site1/a.jpg": [detection(LION)],
            "card/site1/b.jpg": [],
            "card/site2/a.jpg": [detection(ZEBRA), detection(ZEBRA, conf=0.1, category="2")],
        }
        for photo in self.photos:
            file = self.folder / photo
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(photo.encode())
            os.utime(file, (1_600_000_000, 1_600_000_000))
        self.document = self.write(self.photos)

    def write(self, photos: dict[str, Any]) -> Path:
        file = self.folder / "predictions.json"
        predictions = [
            {"filepath": str(photo), "detections": found, "model_version": "4.0.1a"} for photo, found in photos.items()
        ]
        file.write_text(json.dumps({"predictions": predictions}), encoding="utf-8")
        return file

    def sort(self, *flags: str | Path) -> subprocess.CompletedProcess[str]:
        return run("sort", self.document, "--output", "sorted", *flags, cwd=self.folder)

    def files(self, folder: str = "sorted") -> set[str]:
        root = self.folder / folder
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    def test_copies_by_species_keep_their_folders_and_times(self) -> None:
        done = self.sort()
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual(self.files(), {"lion/site1/a.jpg", "blank/site1/b.jpg", "plains zebra/site2/a.jpg"})
        self.assertEqual(self.files("card"), {"site1/a.jpg", "site1/b.jpg", "site2/a.jpg"})
        copy = self.folder / "sorted" / "lion" / "site1" / "a.jpg"
        self.assertEqual(copy.read_bytes(), b"card/site1/a.jpg")
        self.assertEqual(copy.stat().st_mtime, 1_600_000_000)
        self.assertIn("Sorted by answers of SpeciesNet 4.0.1a\n1 photo:  blank\n1 photo:  lion\n", done.stdout)
        again = self.sort()
        self.assertEqual(again.returncode, ALL_FINE, again.stderr)
        self.assertIn("3 were in their folders already", again.stdout)

    def test_by_folder_with_scientific_names_and_people_apart(self) -> None:
        done = self.sort("--by", "folder", "--names", "scientific", "--people_apart")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual(self.files(), {"site1/Panthera leo/a.jpg", "site1/blank/b.jpg", "site2/Homo sapiens/a.jpg"})

    def test_paths_of_windows(self) -> None:
        self.document = self.write({"site1\\a.jpg": [detection(LION)], "site2\\a.jpg": [detection(ZEBRA)]})
        done = self.sort("--photos_folder", "card")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual(self.files(), {"lion/site1/a.jpg", "plains zebra/site2/a.jpg"})

    def test_a_backslash_in_a_name(self) -> None:
        (self.folder / "card/site1\\a.jpg").write_bytes(b"one file")
        self.document = self.write({"card/site1\\a.jpg": [detection(LION)], "card/site2/a.jpg": [detection(ZEBRA)]})
        self.assertEqual(self.sort().returncode, ALL_FINE)
        self.assertEqual(self.files(), {"lion/site1\\a.jpg", "plains zebra/site2/a.jpg"})

    def test_links_take_no_space(self) -> None:
        self.assertEqual(self.sort("--method", "link").returncode, ALL_FINE)
        self.assertTrue((self.folder / "sorted/lion/site1/a.jpg").samefile(self.folder / "card/site1/a.jpg"))
        self.assertEqual(self.sort("--method", "link").returncode, ALL_FINE)

    def test_moves_can_be_undone(self) -> None:
        done = self.sort("--method", "move")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual(self.files("card"), set())
        self.assertIn("--undo", done.stdout)
        again = self.sort("--method", "move")
        self.assertEqual(again.returncode, ALL_FINE, again.stderr)
        back = run("sort", "--undo", "sorted/speciesnet_moves.csv", cwd=self.folder)
        self.assertEqual(back.returncode, ALL_FINE, back.stderr)
        self.assertIn("3 photos are where they were", back.stdout)
        self.assertEqual(self.files("card"), {"site1/a.jpg", "site1/b.jpg", "site2/a.jpg"})
        self.assertFalse((self.folder / "sorted").exists())
        self.assertEqual((self.folder / "card/site2/a.jpg").read_bytes(), b"card/site2/a.jpg")

    def test_nothing_is_ever_replaced(self) -> None:
        other = self.folder / "sorted" / "lion" / "site1" / "a.jpg"
        other.parent.mkdir(parents=True)
        other.write_bytes(b"mine")
        for method in ("copy", "link", "move"):
            done = self.sort("--method", method)
            self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
            self.assertIn("another file is at", done.stderr)
            self.assertEqual(other.read_bytes(), b"mine")
            self.assertTrue((self.folder / "card/site1/a.jpg").exists())

    def test_undo_replaces_nothing_either(self) -> None:
        self.assertEqual(self.sort("--method", "move").returncode, ALL_FINE)
        # Meanwhile there is a new photo at the old path: it stays, and so does the log.
        (self.folder / "card/site2/a.jpg").write_bytes(b"new")
        back = run("sort", "--undo", self.folder / "sorted/speciesnet_moves.csv")
        self.assertEqual((self.folder / "card/site2/a.jpg").read_bytes(), b"new")
        self.assertEqual((self.folder / "sorted/plains zebra/site2/a.jpg").read_bytes(), b"card/site2/a.jpg")
        self.assertEqual(back.returncode, SOME_FAILED, back.stderr)
        self.assertTrue((self.folder / "sorted/speciesnet_moves.csv").exists())

    def test_missing_and_failed_photos_are_named(self) -> None:
        (self.folder / "card/site1/b.jpg").unlink()
        done = self.sort()
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertIn("b.jpg", done.stderr)
        self.assertEqual(self.files(), {"lion/site1/a.jpg", "plains zebra/site2/a.jpg"})
        self.assertEqual(
            done.stdout,
            "Sorted by answers of SpeciesNet 4.0.1a\n1 photo:  lion\n1 photo:  plains zebra\n1 photo could not be sorted\n",
        )

    def test_names_that_cannot_be_folders_are_converted(self) -> None:
        self.document = self.write({"card/site1/a.jpg": [detection("u;aves;;;;;../..: <owl>?.")]})
        self.assertEqual(self.sort().returncode, ALL_FINE)
        self.assertEqual(self.files(), {"_.._ _owl__/a.jpg"})

    def test_a_killed_move_loses_nothing(self) -> None:
        count = 3000
        photos = {f"many/{number:04}.jpg": [detection(LION)] for number in range(count)}
        (self.folder / "many").mkdir()
        for photo in photos:
            (self.folder / photo).write_bytes(photo.encode())
        self.document = self.write(photos)
        arguments = [PROGRAM, "sort", str(self.document), "--output", "sorted", "--method", "move"]
        for delay in (0.02, 0.05, 0.1):
            killed = subprocess.Popen(arguments, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(delay)
            killed.send_signal(signal.SIGKILL)
            killed.communicate()
        self.assertEqual(len(list((self.folder / "many").iterdir())) + len(list((self.folder / "sorted").rglob("*.jpg"))), count)
        log = self.folder / "sorted" / "speciesnet_moves.csv"
        if log.exists():
            back = run("sort", "--undo", log)
            self.assertEqual(back.returncode, ALL_FINE, back.stderr)
        for photo in photos:
            self.assertEqual((self.folder / photo).read_bytes(), photo.encode())

    def test_what_is_refused(self) -> None:
        self.assert_refused(run("sort", self.document), WRONG_USAGE, "--output")
        self.assert_refused(run("sort", "--undo", self.document), WRONG_USAGE, "not a log of moves")
        self.assert_refused(run("sort", "--undo", self.folder / "none.csv"), COULD_NOT_RUN, "none.csv")
        self.assert_refused(self.sort("--method", "burn"), WRONG_USAGE, "--method")


if __name__ == "__main__":
    unittest.main()
