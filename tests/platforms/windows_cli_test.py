# SPDX-License-Identifier: Apache-2.0
"""The command line on Windows: names, paths, lists, interruptions."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from windows_program import ENVIRONMENT, PHOTOS, command, run, species_in, windows_path

INTERRUPTED = 0xC000013A  # STATUS_CONTROL_C_EXIT, of which other systems see the last byte.


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="speciesnet-windows-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def predict(self, *arguments, output=None):
        """Predictions by path, and what was said."""
        output = output or self.folder / "predictions.json"
        ran = run("SPECIESNET_CLI", "predict", "--model", "demo", "--predictions_json", windows_path(output), *arguments)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        predictions = json.loads(output.read_text(encoding="utf-8"))["predictions"]
        self.assertFalse([one for one in predictions if "failures" in one])
        return {one["filepath"]: species_in(one) for one in predictions}, ran.stderr

    def test_version_and_help(self):
        self.assertRegex(run("SPECIESNET_CLI", "--version").stdout, r"^\d+\.\d+\.\d+\n$")
        self.assertIn("predict", run("SPECIESNET_CLI", "--help").stdout)

    def test_names_have_every_letter(self):
        photos = self.folder / "Füchse im Wald"
        photos.mkdir()
        for name in ("Rüde.jpg", "рысь.jpg", "山猫.jpg", "🦊.jpg"):
            shutil.copy(PHOTOS / "zebra.jpg", photos / name)
        found, _ = self.predict("--folders", windows_path(photos), output=self.folder / "Ergebnisse für Jörg.json")
        self.assertEqual({Path(path).name for path in found}, {"Rüde.jpg", "рысь.jpg", "山猫.jpg", "🦊.jpg"})
        self.assertEqual(set(found.values()), {"plains zebra"})

    def test_a_missing_file_is_named_as_it_was_given(self):
        ran = run("SPECIESNET_CLI", "predict", "--model", "demo", "--filepaths_txt", "Z:\\nirgends\\Füchse.txt")
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("Z:\\nirgends\\Füchse.txt", ran.stderr)

    def test_paths_longer_than_260_characters(self):
        photos = self.folder / ("x" * 100) / ("y" * 100) / ("z" * 100)
        photos.mkdir(parents=True)
        shutil.copy(PHOTOS / "zebra.jpg", photos / "zebra.jpg")
        found, _ = self.predict("--filepaths", windows_path(photos / "zebra.jpg"), output=photos / "predictions.json")
        self.assertEqual(list(found.values()), ["plains zebra"])
        # The compiler's library would list the current folder in its place.
        ran = run("SPECIESNET_CLI", "predict", "--model", "demo", "--folders", windows_path(self.folder))
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn(photos.name, ran.stderr)
        self.assertRegex(ran.stderr, "(?i)too long")

    def test_drive_letters_and_backslashes(self):
        shutil.copy(PHOTOS / "zebra.jpg", self.folder / "zebra.jpg")
        photo = windows_path(self.folder / "zebra.jpg")
        found, _ = self.predict("--filepaths", photo)
        self.assertEqual(found, {photo: "plains zebra"})
        found, _ = self.predict("--folders", windows_path(self.folder), output=self.folder / "of_folder.json")
        self.assertEqual(found, {photo.replace("\\", "/"): "plains zebra"})

    def test_lists_as_windows_writes_them(self):
        shutil.copy(PHOTOS / "zebra.jpg", self.folder / "zebra ü.jpg")
        photo = windows_path(self.folder / "zebra ü.jpg")
        for number, content in enumerate((f"{photo}\r\n".encode(), f'\ufeff"{photo}"\r\n'.encode(), f"\ufeff{photo}\r\n".encode("utf-16-le"))):
            with self.subTest(number=number):
                (self.folder / "list.txt").write_bytes(content)
                found, _ = self.predict("--filepaths_txt", windows_path(self.folder / "list.txt"), output=self.folder / f"{number}.json")
                self.assertEqual(found, {photo: "plains zebra"})

    def test_tables_and_a_report(self):
        shutil.copy(PHOTOS / "zebra.jpg", self.folder / "zebra ü.jpg")
        self.predict("--folders", windows_path(self.folder), "--csv", windows_path(self.folder / "photos.csv"))
        self.assertIn("zebra ü.jpg", (self.folder / "photos.csv").read_text(encoding="utf-8"))
        ran = run("SPECIESNET_CLI", "visualize", "--predictions_json", windows_path(self.folder / "predictions.json"),
                  "--output_folder", windows_path(self.folder / "Bilder ä"), "--report_html", windows_path(self.folder / "Bericht.html"))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertTrue((self.folder / "Bilder ä" / "zebra ü.jpg").exists())
        self.assertIn("zebra ü.jpg", (self.folder / "Bericht.html").read_text(encoding="utf-8"))

    def test_sorting_moves_and_moves_back(self):
        photos = self.folder / "Karte ö"
        photos.mkdir()
        shutil.copy(PHOTOS / "zebra.jpg", photos / "zebra.jpg")
        self.predict("--folders", windows_path(photos))
        sorted_folder = self.folder / "sorted"
        ran = run("SPECIESNET_CLI", "sort", windows_path(self.folder / "predictions.json"), "--output", windows_path(sorted_folder), "--method", "move")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertFalse((photos / "zebra.jpg").exists())
        log = next(sorted_folder.glob("*.csv"))
        ran = run("SPECIESNET_CLI", "sort", "--undo", windows_path(log))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertTrue((photos / "zebra.jpg").exists())

    def test_the_doctor_finds_nothing_wrong(self):
        ran = run("SPECIESNET_CLI", "doctor", "--json")
        checks = {check["name"]: check for check in json.loads(ran.stdout)["checks"]}
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertNotIn("unknown model", checks["processor"]["text"])
        self.assertGreater(int(checks["memory"]["facts"]["total_mebibytes"]), 0)

    def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(self):
        photos = self.folder / "photos"
        photos.mkdir()
        content = (PHOTOS / "zebra.jpg").read_bytes()
        count = 60
        for number in range(count):
            # What follows a picture's end changes the file, not the picture: none is known already.
            (photos / f"{number:02}.jpg").write_bytes(content + bytes([number]))
        output = self.folder / "predictions.json"
        arguments = ("--folders", windows_path(photos), "--threads", "1")
        started = command("SPECIESNET_CLI", "predict", "--model", "demo", "--predictions_json", windows_path(output), *arguments)
        journal = self.folder / "predictions.json.journal"
        with subprocess.Popen(started, env=ENVIRONMENT, stderr=subprocess.PIPE, encoding="utf-8") as running:
            self.addCleanup(running.kill)
            deadline = time.monotonic() + 120
            while not (journal.exists() and journal.stat().st_size > 2000) and time.monotonic() < deadline:
                time.sleep(0.02)
            os.kill(running.pid, signal.CTRL_C_EVENT if os.name == "nt" else signal.SIGINT)
            said = running.communicate(timeout=120)[1]
        self.assertIn(running.returncode & 0xFF, (INTERRUPTED & 0xFF,), said)
        self.assertFalse(output.exists())
        self.assertTrue(journal.exists())
        found, said = self.predict(*arguments, output=output)
        self.assertEqual(len(found), count)
        self.assertRegex(said, r"\d+ images were done before the last run")
        self.assertFalse(journal.exists())


if __name__ == "__main__":
    unittest.main()
