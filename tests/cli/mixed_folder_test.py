# SPDX-License-Identifier: Apache-2.0
"""A folder with every kind of file that occurs in the field: the last line of a run accounts for every file.

SPECIESNET_MIXED_FILES sets the number of files; docs/reference/field_data.md has the time for 2,000.
"""

import collections
import os
import random
import re
import time
import unittest
from pathlib import Path

from command_line import HAS_HEIF, PHOTOS, SOME_FAILED, CommandLineTest, run

FILES = int(os.environ.get("SPECIESNET_MIXED_FILES", "60"))
HEIC = (Path(__file__).parents[1] / "fixtures" / "heif" / "plain.heic").read_bytes()
APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"
KINDS = ("photo", "truncated", "empty", "broken", "pipe", "dangling", "system file", "video", "HEIC", "RAW",
         "other file", "linked folder", "system folder", "annotated copy")  # fmt: skip
"""What there is, photos most."""
WEIGHTS = (20, 3, 1, 1, 1, 1, 2, 3, 1, 1, 2, 1, 1, 1)
FAILED = ("empty", "broken", "pipe", "dangling")
PLURALS = {"annotated copies": "annotated copy"}


class MixedFolderTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.numbers = random.Random(20)
        self.photos = [photo.read_bytes() for photo in sorted(PHOTOS.iterdir())]
        self.outside = self.folder / "outside"
        self.outside.mkdir()
        self.drawn = self.annotated_copy()
        self.root = self.folder / "card"

    def annotated_copy(self) -> bytes:
        results, copies = self.outside / "out.json", self.outside / "copies"
        self.predict("--filepaths", PHOTOS / "zebra.jpg", "--predictions_json", results, status=0)
        run("visualize", "--predictions_json", results, "--output_folder", copies)
        return next(copies.iterdir()).read_bytes()

    def photo(self) -> bytes:
        # A byte after the image makes each file different, so that none is a duplicate.
        return self.numbers.choice(self.photos) + self.numbers.randbytes(8)

    def make(self, kind: str, number: int) -> None:
        folder = self.root / f"Site{number % 4}" / "DCIM" / f"10{number % 3}RECNX"
        folder.mkdir(parents=True, exist_ok=True)
        photo = folder / f"IMG_{number:05}.{self.numbers.choice(['JPG', 'jpg', 'Jpg', 'jpeg'])}"
        if kind == "photo":
            photo.write_bytes(self.photo())
        elif kind == "truncated":
            content = self.photo()
            photo.write_bytes(content[: self.numbers.randrange(len(content) // 2, len(content) - 100)])
        elif kind == "empty":
            photo.touch()
        elif kind == "broken":
            photo.write_bytes(self.numbers.randbytes(1000))
        elif kind == "HEIC":
            photo.with_suffix(".heic").write_bytes(HEIC)
        elif kind == "pipe":
            os.mkfifo(photo)
        elif kind == "dangling":
            photo.symlink_to("nowhere")
        elif kind == "system file":
            (folder / f"._{photo.name}").write_bytes(APPLE_DOUBLE)
        elif kind == "annotated copy":
            photo.write_bytes(self.drawn)
        elif kind == "linked folder":
            (folder / f"link{number}").symlink_to(self.outside)
        elif kind == "system folder":
            (self.root / f"Site{number % 4}" / str(number) / "@eaDir").mkdir(parents=True)
        else:
            extensions = {"video": ["mp4", "AVI", "MOV"], "RAW": ["CR2", "dng"]}
            photo.with_suffix("." + self.numbers.choice(extensions.get(kind, ["txt", "csv"]))).touch()

    def test_every_file_is_accounted_for(self) -> None:
        kinds = [*KINDS, *self.numbers.choices(KINDS, WEIGHTS, k=FILES - len(KINDS))]
        for number, kind in enumerate(kinds):
            self.make(kind, number)
        made = collections.Counter(kinds)
        outputs = [f"--{name}={self.folder / name}" for name in (
            "predictions_json", "csv", "megadetector_json", "coco_json", "camtrap_dp")]  # fmt: skip
        begun = time.monotonic()
        done = run("predict", "--model", "demo", "--folders", self.root, *outputs,
                   "--utc_offset=Africa/Nairobi", timeout=1200)  # fmt: skip
        print(f"{FILES} files: {time.monotonic() - begun:.1f} s")
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        (last,) = re.findall(r"^speciesnet: (\d+ photos: .*)$", done.stderr, re.MULTILINE)
        print(last)
        photos, fine, failed = map(int, re.findall(r"(\d+) photos: (\d+) done, (\d+) failed", last)[0])
        not_taken = {
            PLURALS.get(kind, kind.removesuffix("s")): int(number)
            for number, kind in re.findall(r"(\d+) ([^,]+?)(?:, |$)", last.split("skipped: ")[1])
        }
        self.assertEqual(failed, sum(made[kind] for kind in FAILED))
        taken = [*KINDS[:2], "HEIC"] if HAS_HEIF else KINDS[:2]
        self.assertEqual(fine, sum(made[kind] for kind in taken))
        self.assertEqual(photos, fine + failed)
        self.assertEqual(not_taken, {kind: made[kind] for kind in KINDS[6:] if kind not in taken})
        self.assertEqual(photos + sum(not_taken.values()), FILES)
        for photo in re.findall(r"failed: (.*?\.\w+): ", done.stderr):
            self.assertTrue(Path(photo).name.startswith("IMG_"), photo)
        self.assertEqual(done.stderr.count("speciesnet: failed: "), failed)


if __name__ == "__main__":
    unittest.main()
