# SPDX-License-Identifier: Apache-2.0
"""Ray: no result is lost or duplicated, whichever process dies. Runs if ray and pyarrow are installed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from photos import FOLDER, ZEBRA

try:
    import pyarrow
    import pyarrow.parquet as parquet
    import ray
    from ray.cluster_utils import Cluster
    from speciesnet_cpp.distributed import Settings, predict_distributed, read_photos
    from speciesnet_cpp.distributed.parts import alone_in, part_name, write_part
    from speciesnet_cpp.distributed.run import Worker
except ImportError as missing:
    raise unittest.SkipTest(f"{missing}: skipped") from None

COPIES = 4
PORTION = 2


def rows(output: Path) -> list[dict]:
    """Returns all rows of all parts, as any reader of Parquet folders finds them."""
    return parquet.read_table(output).to_pylist()


def workers(raylet: int) -> list[int]:
    """Returns processes of a machine in the cluster that have an engine."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            title = (entry / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == raylet and b"MapBatches(Worker)" in title:
            found.append(int(entry.name))
    return found


class DistributedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
        cls.machines = [cls.cluster.add_node(num_cpus=1) for _ in range(3)]
        cls.cluster.wait_for_nodes()
        ray.init(address=cls.cluster.address, log_to_driver=False)
        ray.data.DataContext.get_current().enable_progress_bars = False

    @classmethod
    def tearDownClass(cls) -> None:
        ray.shutdown()
        cls.cluster.shutdown()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.photos = self.folder / "photos"
        self.output = self.folder / "output"
        self.photos.mkdir()
        for copy in range(COPIES):
            for photo in FOLDER.glob("*.jpg"):
                (self.photos / f"{copy}-{photo.name}").symlink_to(photo)

    def check_complete(self) -> None:
        found = [row["filepath"] for row in rows(self.output)]
        self.assertEqual(sorted(found), sorted(str(path) for path in self.photos.iterdir()))
        self.assertEqual(list(self.output.glob(".writing-*")), [])

    def test_workers_and_machines_that_die_lose_and_double_nothing(self) -> None:
        killed: list[int] = []
        removed: list[object] = []

        def disturb(done: int, total: int) -> None:
            if not killed:
                for machine in self.machines:
                    raylet = machine.all_processes["raylet"][0].process.pid
                    for process in workers(raylet)[:1]:
                        os.kill(process, signal.SIGKILL)
                        killed.append(process)
            elif not removed:
                removed.append(self.machines[-1])
                self.cluster.remove_node(self.machines.pop(), allow_graceful=False)

        started = time.monotonic()
        summary = predict_distributed(
            read_photos([self.photos], "KEN"),
            self.output,
            Settings(),
            threads=1,
            portion_size=PORTION,
            progress=disturb,
        )
        seconds = time.monotonic() - started
        self.assertTrue(killed and removed)
        self.check_complete()
        self.assertEqual((summary.photos, summary.failed), (len(rows(self.output)), 0))
        print(
            f"{summary.photos} photos in {len(list(self.output.glob('part-*')))} parts, "
            f"{len(killed)} workers killed, 1 machine of 3 removed, {seconds:.0f} s",
            file=sys.stderr,
        )

    def test_a_run_that_was_killed_is_resumed(self) -> None:
        command = [
            sys.executable, "-m", "speciesnet_cpp.distributed", "--input", str(self.photos),
            "--output", str(self.output), "--country", "KEN", "--threads", "1",
            "--portion", str(PORTION), "--address", self.cluster.address,
        ]  # fmt: skip
        first = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while not list(self.output.glob("part-*")):
            self.assertIsNone(first.poll())
            time.sleep(0.05)
        first.kill()
        first.wait()
        before = {path: path.stat().st_mtime_ns for path in self.output.glob("part-*")}
        second = subprocess.run(command, check=True, capture_output=True, text=True)
        self.check_complete()
        self.assertNotIn(", 0 of them from before", second.stdout)
        for path, when in before.items():
            self.assertEqual(path.stat().st_mtime_ns, when)
        other = subprocess.run([*command, "--nogeofence"], capture_output=True, text=True)
        self.assertEqual(other.returncode, 2)
        self.assertIn("another geofence", other.stderr)

    def test_photos_with_places_come_from_parquet_and_failures_are_retried(self) -> None:
        late = self.folder / "late.jpg"
        table = {"filepath": [str(ZEBRA), str(late)], "country": ["KEN", "NOR"]}
        parquet.write_table(pyarrow.table(table), self.folder / "in.parquet")
        photos = read_photos([self.folder / "in.parquet"])

        def run(retry_failed: bool) -> tuple[int, int, int]:
            summary = predict_distributed(
                photos, self.output, Settings(), threads=1, retry_failed=retry_failed
            )
            return summary.photos, summary.done_before, summary.failed

        self.assertEqual(run(False), (2, 0, 1))
        by_path = {row["filepath"]: row for row in rows(self.output)}
        self.assertEqual(by_path[str(ZEBRA)]["country"], "KEN")
        self.assertIn(";equus;quagga;", by_path[str(ZEBRA)]["prediction"])
        self.assertEqual(by_path[str(late)]["failures"], ["CLASSIFIER", "DETECTOR"])
        self.assertIsNone(by_path[str(late)]["detections"])
        late.symlink_to(ZEBRA)
        self.assertEqual(run(False), (2, 2, 0))
        self.assertEqual(run(True), (2, 0, 0))
        self.assertEqual(len(rows(self.output)), 2)
        moved = [photo._replace(country="USA") for photo in photos]
        with self.assertRaisesRegex(ValueError, "another country"):
            predict_distributed(moved, self.output, Settings(), threads=1)


class PartsTest(unittest.TestCase):
    def test_a_portion_that_is_done_twice_leaves_one_part(self) -> None:
        photos = read_photos([FOLDER], "KEN")[:2]
        self.assertEqual(part_name(photos), part_name(list(photos)))
        self.assertNotEqual(part_name(photos), part_name(photos[:1]))
        with tempfile.TemporaryDirectory() as folder:
            work = Worker(Settings(), 1, folder)
            batch = {"portion": [{"part": part_name(photos), "photos": photos}]}
            self.assertEqual(work(batch), work(batch))
            self.assertEqual(len(rows(Path(folder))), 2)

    def test_a_part_that_cannot_be_written_leaves_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            occupied = Path(folder) / "part-x.parquet"
            occupied.mkdir()
            with self.assertRaises(IsADirectoryError):
                write_part(occupied, [{"filepath": "a"}])
            self.assertEqual(os.listdir(folder), [occupied.name])

    def test_two_runs_do_not_share_a_folder(self) -> None:
        with tempfile.TemporaryDirectory() as folder, alone_in(Path(folder)):
            with self.assertRaisesRegex(RuntimeError, "another run"):
                with alone_in(Path(folder)):
                    pass


class InputsTest(unittest.TestCase):
    def test_a_photo_is_taken_once_and_has_one_place(self) -> None:
        photos = read_photos([FOLDER, FOLDER], "KEN")
        self.assertEqual(len({photo.filepath for photo in photos}), len(photos))
        self.assertEqual({photo.country for photo in photos}, {"KEN"})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "in.parquet"
            table = {"filepath": [str(ZEBRA), str(ZEBRA)], "country": ["KEN", "NOR"]}
            parquet.write_table(pyarrow.table(table), path)
            with self.assertRaisesRegex(ValueError, "two places"):
                read_photos([path])
        with self.assertRaises(FileNotFoundError):
            read_photos(["/nowhere"])


if __name__ == "__main__":
    unittest.main()
