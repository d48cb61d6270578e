# SPDX-License-Identifier: Apache-2.0
"""A call of the C library fails once, somewhere in a run of `speciesnet predict`: the answer is right, or there is a sentence
that says what failed; nothing crashes, no half-written file stays, and the same command then finishes the work.

FAULT_RUNS says how many places of each kind are tried, spread over the run; 0 tries all.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ["SPECIESNET_CLI"]
INJECT = os.environ["SPECIESNET_FAULTS"]
RUNS = int(os.environ.get("FAULT_RUNS", "2"))
PHOTOS = Path(__file__).resolve().parents[2] / "examples" / "demo" / "photos"
# "malloc" is not among them yet: see docs/design/fuzzing.md.
CALLS = os.environ.get("FAULT_CALLS", "open read write fsync rename pthread_create").split()


class FaultsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.photos = self.folder / "photos"
        self.photos.mkdir()
        for name in ("zebra.jpg", "blank.jpg"):
            shutil.copy(PHOTOS / name, self.photos)
        self.outputs = self.folder / "outputs"

    def predict(self, call: str = "", at: int = 0) -> subprocess.CompletedProcess[str]:
        self.outputs.mkdir(exist_ok=True)
        environment = dict(os.environ, LD_PRELOAD=INJECT, FAULT_CALL=call, FAULT_AT=str(at),
                           FAULT_LOG=str(self.folder / "calls"))  # fmt: skip
        return subprocess.run(
            [PROGRAM, "predict", "--model", "demo", "--folders", self.photos, "--noprogress_bars",
             "--predictions_json", self.outputs / "out.json", "--csv", self.outputs / "out.csv"],
            env=environment, capture_output=True, text=True, errors="replace", check=False, timeout=120,
        )  # fmt: skip

    def written(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.outputs.iterdir()}

    def check(self, call: str, at: int, expected: dict[str, bytes]) -> None:
        shutil.rmtree(self.outputs, ignore_errors=True)
        done = self.predict(call, at)
        where = f"{call} {at}: status {done.returncode}\n{done.stderr}"
        self.assertGreaterEqual(done.returncode, 0, f"{where}\nended by a signal")
        self.assertLess(done.returncode, 4, where)
        written = self.written()
        if done.returncode == 0:
            self.assertEqual(written, expected, where)
        else:
            self.assertGreater(len(done.stderr.strip()), 10, f"{where}\nno reason is given")
        # Whole or absent: only the journal may be there besides.
        self.assertLessEqual(set(written), {*expected, "out.json.journal"}, where)
        if "out.json" in written:
            self.assertEqual(len(json.loads(written["out.json"])["predictions"]), 2, where)
        again = self.predict()
        self.assertEqual(again.returncode, 0, f"{where}\nthen: {again.stderr}")
        self.assertEqual(self.written(), expected, f"{where}\nthen: {again.stderr}")

    def test_each_call_may_fail_once(self) -> None:
        self.assertEqual((done := self.predict()).returncode, 0, done.stderr)
        expected = self.written()
        self.assertEqual(set(expected), {"out.json", "out.csv"})
        tried = 0
        for call in CALLS:
            shutil.rmtree(self.outputs)
            self.predict(call)
            total = int((self.folder / "calls").read_text())
            self.assertGreater(total, 0, f"{call} is never called")
            # The first places and the last ones, and some between: each kind of place comes up.
            step = 1 if RUNS == 0 else max(1, total // RUNS)
            for at in range(1 + (step // 2 if step > 1 else 0), total + 1, step):
                with self.subTest(call=call, at=at):
                    self.check(call, at, expected)
                tried += 1
            print(f"{call}: {total} calls, every {step}th failed once", flush=True)
        print(f"{tried} runs")


if __name__ == "__main__":
    unittest.main()
