"""What is left of `speciesnet predict` when it is killed, stopped or out of disk, and what the same command makes of it."""

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
        """Waits until the journal holds so many results more than none, or the run has ended."""
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

    def test_killed_again_and_again_it_ends_with_what_one_run_gives(self) -> None:
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

    def test_a_resumed_run_does_only_what_is_missing(self) -> None:
        self.add_photos(6)
        self.kill_after(2)
        done = self.journaled()
        if self.output.exists():
            self.skipTest("the run was done before it could be killed")
        # Photos that are done are not read again: these are unreadable by now.
        for photo in sorted(self.photos.iterdir())[:done]:
            photo.write_bytes(b"damaged since")
        messages = self.finish()
        self.assertIn(f"{done} images were done when the last run was interrupted", messages)
        self.assertNotIn("failures", self.output.read_text(encoding="utf-8"))

    def test_interrupted_by_the_keyboard_it_says_how_to_go_on(self) -> None:
        self.add_photos(12)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            with self.start() as process:
                self.wait_for_results(process, self.journaled() + 1)
                process.send_signal(signal_number)
                _, messages = process.communicate(timeout=300)
            self.assertEqual(process.returncode, -signal_number, messages)
            self.assertRegex(messages, r"stopped with \d+ of 12 images done; the same command goes")
            self.assertFalse(self.output.exists())
        self.finish()
        self.assertEqual(len(json.loads(self.output.read_bytes())["predictions"]), 12)
        self.assertFalse(self.journal.exists())

    def test_what_failed_before_the_interruption_is_tried_again(self) -> None:
        self.add_photos(6)
        broken = self.photos / "000.jpg"
        broken.write_bytes(b"half copied")
        self.kill_after(2)
        if self.output.exists():
            self.skipTest("the run was done before it could be killed")
        shutil.copy(PHOTOS / NAMES[0], broken)
        self.finish()

    def test_an_interrupted_run_goes_on_with_its_own_settings_alone(self) -> None:
        self.add_photos(4)
        self.kill_after(1)
        if self.output.exists():
            self.skipTest("the run was done before it could be killed")
        before = self.journal.read_bytes()
        messages = self.finish("--country=KEN", status=WRONG_USAGE)
        self.assertIn('--country is "KEN" and was ""', messages)
        self.assertIn("--ignore_existing_predictions", messages)
        self.assertEqual(self.journal.read_bytes(), before)
        self.finish("--country=KEN", "--ignore_existing_predictions")
        self.assertFalse(self.journal.exists())
        for prediction in json.loads(self.output.read_bytes())["predictions"]:
            self.assertEqual(prediction["country"], "KEN")

    def test_a_file_that_is_no_journal_is_not_touched(self) -> None:
        self.add_photos(1)
        self.journal.write_text("my diary\n", encoding="utf-8")
        for more in ([], ["--ignore_existing_predictions"]):
            messages = self.finish(*more, status=WRONG_USAGE)
            self.assertIn("is no journal of this program", messages)
        self.assertEqual(self.journal.read_text(encoding="utf-8"), "my diary\n")

    def test_two_runs_do_not_write_the_same_output(self) -> None:
        self.add_photos(30)
        with self.start() as process:
            self.wait_for_results(process, 1)
            # Held, so that it cannot end before the other one has tried.
            process.send_signal(signal.SIGSTOP)
            self.assertIn("another run is writing", self.finish(status=WRONG_USAGE))
            process.send_signal(signal.SIGCONT)
            process.communicate(timeout=300)
        self.assertEqual(process.returncode, ALL_FINE)

    def test_a_full_disk_ends_the_run_and_what_was_done_is_kept(self) -> None:
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
    def test_forbidden_photos_and_folders_are_reported_and_the_rest_goes_on(self) -> None:
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
