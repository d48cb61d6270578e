# SPDX-License-Identifier: Apache-2.0
"""Videos among photos: frames are processed like photos, and each video has one answer."""

import csv
import json
import shutil
import unittest
from pathlib import Path

from command_line import ALL_FINE, FIXTURES, HAS_VIDEO, PHOTOS, SOME_FAILED, WRONG_USAGE, CommandLineTest, run

VIDEOS = FIXTURES / "videos"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class VideosTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        if not HAS_VIDEO:
            self.skipTest("SKIPPED: the program was built without FFmpeg's libraries")
        self.card = self.folder / "card"
        self.card.mkdir()
        shutil.copy(PHOTOS / "leopard_night.jpg", self.card / "a.jpg")
        shutil.copy(VIDEOS / "zebra.mp4", self.card / "b.MP4")
        shutil.copy(VIDEOS / "frames.avi", self.card / "c.avi")
        self.results = self.folder / "card_speciesnet"

    def run_card(self, *flags: str):
        return run("run", "card", "--model", "demo", *flags, cwd=self.folder)

    def test_a_folder_with_videos(self) -> None:
        done = self.run_card()
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("1 photo and 7 frames of 2 videos: 8 done, 0 failed", done.stderr)
        # The summary counts files.
        self.assertIn("3 photos", done.stdout)
        document = json.loads((self.results / "predictions.json").read_text(encoding="utf-8"))
        self.assertEqual(
            [entry["filepath"] for entry in document["predictions"]],
            ["card/a.jpg", *(f"card/b.MP4#frame={number}" for number in (0, 5, 10)),
             *(f"card/c.avi#frame={number}" for number in (0, 10, 20, 30))],
        )  # fmt: skip

        zebra, grey = rows(self.results / "videos.csv")
        self.assertEqual(zebra["filepath"], "b.MP4")
        self.assertEqual(zebra["taken"], "2026-07-04T07:12:08")
        self.assertEqual((zebra["seconds"], zebra["frame_rate"]), ("3.0", "5.0"))
        self.assertEqual((zebra["frames"], zebra["frames_failed"], zebra["best_frame"]), ("3", "0", "10"))
        self.assertEqual(zebra["name"], "plains zebra")
        self.assertEqual(zebra["animals"], "2")
        self.assertEqual((grey["filepath"], grey["frames"]), ("c.avi", "4"))

        # MegaDetector's form: https://lila.science/megadetector-output-format
        timelapse = json.loads((self.results / "timelapse.json").read_text(encoding="utf-8"))
        photo, video, _ = timelapse["images"]
        self.assertNotIn("frames_processed", photo)
        self.assertEqual(video["file"], "b.MP4")
        self.assertEqual(video["frame_rate"], 5)
        self.assertEqual(video["frames_processed"], [0, 5, 10])
        self.assertEqual(video["datetime"], "2026:07:04 07:12:08")
        found = [entry for entry in video["detections"] if entry["conf"] >= 0.2]
        self.assertEqual({entry["frame_number"] for entry in found}, {10})

        media = rows(self.results / "camtrap_dp" / "media.csv")
        self.assertEqual([entry["fileMediatype"] for entry in media], ["image/jpeg", "video/mp4", "video/x-msvideo"])
        seen = [entry for entry in rows(self.results / "camtrap_dp" / "observations.csv")
                if entry["observationLevel"] == "media" and entry["mediaID"] == media[1]["mediaID"]]  # fmt: skip
        self.assertEqual([(entry["scientificName"], entry["count"]) for entry in seen], [("Equus quagga", "2")])
        self.assertIn("../card/b.MP4", (self.results / "report.html").read_text(encoding="utf-8"))

    def test_the_flags_select_the_frames(self) -> None:
        for flags, numbers in (
            (["--every_nth_frame", "4"], [0, 4, 8, 12]),
            (["--frames_per_second", "0.5"], [0, 10]),
        ):
            with self.subTest(flags=flags):
                document, _ = self.predict("--filepaths", self.card / "b.MP4", *flags, status=ALL_FINE)
                self.assertEqual(
                    [entry["filepath"] for entry in document["predictions"]],
                    [f"{self.card}/b.MP4#frame={number}" for number in numbers],
                )
        self.assert_refused(
            run("predict", "--model", "demo", "--filepaths", self.card / "b.MP4", "--every_nth_frame", "2",
                "--frames_per_second", "1"), WRONG_USAGE, "exclude each other")  # fmt: skip

    def test_predict_processes_videos_in_folders_if_requested(self) -> None:
        document, said = self.predict("--folders", self.card, status=ALL_FINE)
        self.assertEqual(len(document["predictions"]), 1)
        self.assertIn("skipped: 2 videos", said)
        document, _ = self.predict("--folders", self.card, "--videos", status=ALL_FINE)
        self.assertEqual(len(document["predictions"]), 8)

    def test_videos_that_cannot_be_read_are_named(self) -> None:
        (self.card / "bad.mov").write_bytes(b"no video")
        cut = (VIDEOS / "frames.avi").read_bytes()
        (self.card / "cut.avi").write_bytes(cut[: len(cut) // 2])
        done = self.run_card()
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertIn("failed: card/bad.mov: cannot read the video", done.stderr)
        self.assertIn("failed: card/cut.avi#frame=30: cannot read the video: it ends before frame 30", done.stderr)
        timelapse = json.loads((self.results / "timelapse.json").read_text(encoding="utf-8"))
        images = {image["file"]: image for image in timelapse["images"]}
        self.assertIn("cannot read the video", images["bad.mov"]["failure"])
        self.assertIn(0, images["cut.avi"]["frames_processed"])
        self.assertNotIn(30, images["cut.avi"]["frames_processed"])

    def test_a_finished_run_is_not_repeated(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        again = self.run_card()
        self.assertEqual(again.returncode, ALL_FINE)
        self.assertIn("8 of 8 images are already in", again.stderr)
        # With another sampling, common frames are kept, and the others are omitted.
        more = self.run_card("--every_nth_frame", "10")
        self.assertEqual(more.returncode, ALL_FINE, more.stderr)
        self.assertIn("7 of 7 images are already in", more.stderr)
        self.assertEqual([row["frames"] for row in rows(self.results / "videos.csv")], ["2", "4"])

    def test_sort_moves_a_video_once(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        done = run("sort", self.results / "predictions.json", "--output", "sorted", cwd=self.folder)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertTrue((self.folder / "sorted" / "plains zebra" / "b.MP4").exists())
        self.assertEqual(len(list((self.folder / "sorted").rglob("c.avi"))), 1)

    def test_annotated_copies_show_the_frame(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        done = run("visualize", self.results / "predictions.json", "--output_folder", "drawn", cwd=self.folder)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertTrue((self.folder / "drawn" / "b.MP4#frame=10.jpg").exists())

    def test_metadata_is_for_photos(self) -> None:
        self.assertEqual(self.run_card().returncode, ALL_FINE)
        done = run("tag", self.results / "predictions.json", cwd=self.folder)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("2 videos have none", done.stdout)
        self.assertTrue((self.card / "a.jpg.xmp").exists())


if __name__ == "__main__":
    unittest.main()
