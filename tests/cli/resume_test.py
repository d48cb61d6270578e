# SPDX-License-Identifier: Apache-2.0
"""What remains of `speciesnet predict` after it is killed, stopped or out of disk space, and how the same command continues."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from command_line import (
    ALL_FINE,
    COULD_NOT_RUN,
    PHOTOS,
    PROGRAM,
    SOME_FAILED,
    WRONG_USAGE,
    CommandLineTest,
    run,
)

NAMES = sorted(photo.name for photo in PHOTOS.iterdir())


class ResumeTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.photos = self.folder / "photos"
        self.photos.mkdir()
        self.output = self.folder / "out.json"
        self.journal = self.folder / "out.json.journal"

    def add_photos(self, count: int) -> None:
        for number in range(count):
            shutil.copy(PHOTOS / NAMES[number % len(NAMES)], self.photos / f"{number:03}.jpg")

    def command(self, *more: str) -> list[str]:
        return [
            PROGRAM, "predict", "--model", "demo", "--folders", str(self.photos),
            "--predictions_json", str(self.output), "--noprogress_bars", "--batch_size=2", *more,
        ]  # fmt: skip

    def start(self, *more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(self.command(*more), stderr=subprocess.PIPE, text=True)

    def wait_for_results(self, process: subprocess.Popen[str], count: int) -> None:
        """Waits until the journal holds this many results, or the run has ended."""
        while process.poll() is None and self.journaled() < count:
            time.sleep(0.005)

    def journaled(self) -> int:
        try:
            return self.journal.read_bytes().count(b" result ")
        except FileNotFoundError:
            return 0

    def finish(self, *more: str, status: int = ALL_FINE) -> str:
        done = subprocess.run(
            self.command(*more), capture_output=True, text=True, check=False, timeout=300
        )
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def kill_after(self, results: int) -> None:
        with self.start() as process:
            self.wait_for_results(process, results)
            process.kill()

    def test_a_run_killed_repeatedly_ends_with_the_result_of_one_run(self) -> None:
        self.add_photos(8)
        self.finish()
        expected = self.output.read_bytes()
        self.output.unlink()
        moments = random.Random(8)
        kills = 0
        while not self.output.exists() and kills < 4:
            before = self.journaled()
            self.kill_after(before + moments.randrange(1, 3))
            kills += 1
            if not self.output.exists():
                self.assertGreaterEqual(self.journaled(), before)
        self.finish()
        self.assertGreaterEqual(kills, 2)
        self.assertEqual(self.output.read_bytes(), expected)
        self.assertEqual(sorted(os.listdir(self.folder)), ["out.json", "photos"])

    def test_a_resumed_run_processes_only_missing_photos(self) -> None:
        self.add_photos(6)
        self.kill_after(2)
        done = self.journaled()
        if self.output.exists():
            self.skipTest("the run was done before it could be killed")
        # Finished photos are not read again: they are unreadable by now.
        for photo in sorted(self.photos.iterdir())[:done]:
            photo.write_bytes(b"damaged since")
        messages = self.finish()
        self.assertIn(f"{done} images were done before the last run was interrupted", messages)
        self.assertNotIn("failures", self.output.read_text(encoding="utf-8"))

    def test_an_interrupted_run_prints_how_to_continue(self) -> None:
        self.add_photos(12)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            with self.start() as process:
                self.wait_for_results(process, self.journaled() + 1)
                process.send_signal(signal_number)
                _, messages = process.communicate(timeout=300)
            self.assertEqual(process.returncode, -signal_number, messages)
            self.assertRegex(messages, r"stopped with \d+ of 12 images done; the same command continues")
            self.assertFalse(self.output.exists())
        self.finish()
        self.assertEqual(len(json.loads(self.output.read_bytes())["predictions"]), 12)
        self.assertFalse(self.journal.exists())

    def test_failures_before_the_interruption_are_retried(self) -> None:
        self.add_photos(6)
        broken = self.photos / "000.jpg"
        broken.write_bytes(b"half copied")
        self.kill_after(2)
        if self.output.exists():
            self.skipTest("the run was done before it could be killed")
        shutil.copy(PHOTOS / NAMES[0], broken)
        self.finish()

    def test_an_interrupted_run_continues_only_with_its_own_settings(self) -> None:
        self.add_photos(4)
        self.kill_after(1)
        if self.output.exists():
            self.skipTest("the run was done before it could be killed")
        before = self.journal.read_bytes()
        messages = self.finish("--country=KEN", status=WRONG_USAGE)
        self.assertIn('--country is "KEN" and was ""', messages)
        self.assertRegex(messages, r"holds [1-4] results of an interrupted run")
        self.assertIn("--ignore_existing_predictions would discard those results", messages)
        self.assertEqual(self.journal.read_bytes(), before)
        self.finish("--country=KEN", "--ignore_existing_predictions")
        self.assertFalse(self.journal.exists())
        for prediction in json.loads(self.output.read_bytes())["predictions"]:
            self.assertEqual(prediction["country"], "KEN")

    def test_a_refused_run_leaves_nothing_that_blocks_the_next_one(self) -> None:
        self.add_photos(1)
        document = self.folder / "empty.json"
        document.write_text('{"predictions": [{"filepath": "/other.jpg"}]}', encoding="utf-8")
        (self.folder / "other.txt").write_text("", encoding="utf-8")
        stages = ["--ensemble_only", f"--detections_json={document}",
                  f"--classifications_json={document}"]  # fmt: skip
        for wrong in (
            stages,
            ["--precision=none"],
            ["--device=abacus"],
            ["--utc_offset=noon"],
            ["--classifier_only"],
            ["--country=KENYA-1"],
        ):
            with self.subTest(wrong=wrong):
                self.finish(*wrong, status=WRONG_USAGE)
                self.assertFalse(self.journal.exists())
        self.finish("--target_species_txt=/no/such/file", status=COULD_NOT_RUN)
        self.assertFalse(self.journal.exists())
        self.finish()

    def spellings(self) -> list[str]:
        (self.folder / "linked").symlink_to("photos")
        return ["photos/", "./photos", "photos//.", str(self.photos), "linked", "photos/../photos"]

    def test_folders_spelled_differently_are_the_same_for_journals(self) -> None:
        self.add_photos(4)
        command = self.command()
        command[command.index("--folders") + 1] = "photos"
        with subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE) as process:
            self.wait_for_results(process, 1)
            process.kill()
        if self.output.exists():
            self.skipTest("the run was done before it could be killed")
        left = self.journal.read_bytes()
        for spelling in self.spellings():
            with self.subTest(spelling=spelling):
                self.journal.write_bytes(left)
                self.output.unlink(missing_ok=True)
                command[command.index("--folders") + 1] = spelling
                done = subprocess.run(
                    command, cwd=self.folder, capture_output=True, text=True, check=False
                )
                self.assertEqual(done.returncode, ALL_FINE, done.stderr)
                self.assertIn("were done before the last run was interrupted", done.stderr)
                document = json.loads(self.output.read_bytes())
                folders = {os.path.dirname(one["filepath"]) for one in document["predictions"]}
                self.assertEqual(len(folders), 1, folders)

    def test_folders_spelled_differently_are_the_same_for_documents(self) -> None:
        self.add_photos(2)
        command = self.command()
        for spelling in ["photos", *self.spellings()]:
            command[command.index("--folders") + 1] = spelling
            done = subprocess.run(
                command, cwd=self.folder, capture_output=True, text=True, check=False
            )
            self.assertEqual(done.returncode, ALL_FINE, done.stderr)
            if spelling != "photos":
                self.assertIn("2 of 2 images are already in", done.stderr)

    def test_deleted_photos_do_not_block_a_run(self) -> None:
        self.add_photos(3)
        self.finish()
        (self.photos / "001.jpg").unlink()
        self.add_photos(1)
        shutil.copy(PHOTOS / NAMES[0], self.photos / "new.jpg")
        messages = self.finish()
        self.assertIn("2 of 3 images are already in", messages)
        self.assertIn("results of 1 images that no longer exist; they stay", messages)
        names = [
            Path(one["filepath"]).name
            for one in json.loads(self.output.read_bytes())["predictions"]
        ]
        self.assertEqual(names, ["000.jpg", "002.jpg", "new.jpg", "001.jpg"])

    def test_a_document_of_other_photos_is_refused(self) -> None:
        self.add_photos(1)
        other = self.folder / "other"
        other.mkdir()
        shutil.copy(PHOTOS / NAMES[0], other)
        for photo in (other / NAMES[0], "/gone/x.jpg"):
            text = json.dumps({"predictions": [{"filepath": str(photo), "detections": []}]})
            self.output.write_text(text, encoding="utf-8")
            self.assertIn("not among the photos", self.finish(status=WRONG_USAGE))
            self.assertEqual(self.output.read_text(encoding="utf-8"), text)

    def test_a_finished_document_is_continued_only_with_its_own_settings(self) -> None:
        self.add_photos(2)
        self.finish("--country=USA")
        before = self.output.read_bytes()
        for wrong, words in (
            (["--country=KEN"], "the country is KEN and was USA for"),
            ([], "the country is not given and was USA for"),
            (["--country=USA", "--admin1_region=CA"], "the region is CA and was not given for"),
            (["--country=USA", "--nogeofence"], "--geofence is false and was true"),
            (["--country=USA", "--explain"], "--explain is true and was false"),
            (
                ["--country=USA", "--detection_threshold_for_classification=0.5"],
                "--detection_threshold_for_classification is 0.5 and was 0.1",
            ),
            (["--country=USA", "--result_format=image"], '--result_format is "image"'),
        ):
            with self.subTest(wrong=wrong):
                messages = self.finish(*wrong, status=WRONG_USAGE)
                self.assertIn(words, messages)
                self.assertIn("Name another output file", messages)
                self.assertEqual(self.output.read_bytes(), before)
                self.assertFalse(self.journal.exists())
        self.assertIn("2 of 2 images are already in", self.finish("--country=USA"))
        self.finish("--country=KEN", "--ignore_existing_predictions")
        for prediction in json.loads(self.output.read_bytes())["predictions"]:
            self.assertEqual(prediction["country"], "KEN")

    def test_a_document_without_settings_is_compared_by_locations_and_model(self) -> None:
        self.add_photos(2)
        self.finish("--country=USA")
        document = json.loads(self.output.read_bytes())
        del document["run_info"]
        self.output.write_text(json.dumps(document), encoding="utf-8")
        self.assertIn("was USA", self.finish("--country=KEN", status=WRONG_USAGE))
        self.finish("--country=USA")
        document["predictions"][1]["model_version"] = "4.0.1a"
        self.output.write_text(json.dumps(document), encoding="utf-8")
        messages = self.finish("--country=USA", status=WRONG_USAGE)
        self.assertIn("the model is demo-2 and was 4.0.1a for", messages)

    def test_a_file_that_is_not_a_journal_is_not_changed(self) -> None:
        self.add_photos(1)
        self.journal.write_text("my diary\n", encoding="utf-8")
        for more in ([], ["--ignore_existing_predictions"]):
            messages = self.finish(*more, status=WRONG_USAGE)
            self.assertIn("is not a journal of this program", messages)
        self.assertEqual(self.journal.read_text(encoding="utf-8"), "my diary\n")

    def test_two_runs_do_not_write_the_same_output(self) -> None:
        self.add_photos(30)
        with self.start() as process:
            self.wait_for_results(process, 1)
            # Blocked, so that it cannot end before the other one has tried.
            process.send_signal(signal.SIGSTOP)
            self.assertIn("another run is writing", self.finish(status=WRONG_USAGE))
            process.send_signal(signal.SIGCONT)
            process.communicate(timeout=300)
        self.assertEqual(process.returncode, ALL_FINE)

    def test_a_full_disk_ends_the_run_and_results_are_kept(self) -> None:
        self.add_photos(6)
        size = 2500
        full = subprocess.run(
            self.command(), capture_output=True, text=True, check=False, timeout=300,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
            restore_signals=False,
        )  # fmt: skip
        self.assertEqual(full.returncode, COULD_NOT_RUN, full.stderr)
        self.assertIn("cannot write", full.stderr)
        self.assertFalse(self.output.exists())
        self.assertLessEqual(self.journal.stat().st_size, size)
        self.assertTrue(self.journal.read_bytes().endswith(b"\n"))
        self.assertGreaterEqual(self.journaled(), 1)
        self.finish()
        self.assertEqual(len(json.loads(self.output.read_bytes())["predictions"]), 6)

    def test_vanished_forbidden_and_strangely_named_photos(self) -> None:
        long_name = "x" * 240 + ".jpg"
        deep = self.photos
        for _ in range(15):
            deep /= "y" * 200
        os.makedirs(deep)
        odd = os.fsencode(self.photos) + b"/\xff\xfe.jpg"
        for path in (self.photos / long_name, deep / "deep.jpg", odd):
            shutil.copy(PHOTOS / "zebra.jpg", path)
        os.symlink(self.photos / "nowhere", self.photos / "vanished.jpg")
        (self.photos / "fifo.jpg").mkdir()
        messages = self.finish(status=SOME_FAILED)
        self.assertIn("vanished.jpg", messages)
        self.assertIn("1 of 4 images failed", messages)
        document = json.loads(self.output.read_text(encoding="utf-8"))
        files = {os.fsencode(one["filepath"]): one for one in document["predictions"]}
        self.assertEqual(len(files), 4)
        for path in (os.fsencode(self.photos / long_name), os.fsencode(deep / "deep.jpg"), odd):
            self.assertNotIn("failures", files[path])

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_forbidden_photos_and_folders_are_reported_and_the_others_processed(self) -> None:
        self.add_photos(2)
        (self.photos / "000.jpg").chmod(0)
        closed = self.photos / "closed"
        closed.mkdir(mode=0)
        self.addCleanup(closed.chmod, 0o700)
        messages = self.finish(status=SOME_FAILED)
        self.assertIn("failed: folder", messages)
        self.assertIn("1 of 2 images failed", messages)


if __name__ == "__main__":
    unittest.main()
