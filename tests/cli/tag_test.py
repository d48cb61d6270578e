# SPDX-License-Identifier: Apache-2.0
"""`speciesnet tag`: answers as XMP, in sidecars and in copies; the photos are never changed."""

import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path
from xml.etree import ElementTree

from command_line import ALL_FINE, PHOTOS, SOME_FAILED, WRONG_USAGE, CommandLineTest, run

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
LR = "{http://ns.adobe.com/lightroom/1.0/}"
REGIONS = "{http://www.metadataworkinggroup.com/schemas/regions/}"
AREA = "{http://ns.adobe.com/xmp/sType/Area#}"


def packet(content: bytes) -> ElementTree.Element:
    """Returns the XMP of a sidecar, or of a JPEG file."""
    found = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", content, re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found.group())


def items(tree: ElementTree.Element, element: str) -> list[str]:
    return [item.text or "" for item in tree.findall(f".//{element}//{RDF}li")]


class TagTest(CommandLineTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        holder = cls()
        CommandLineTest.setUp(holder)
        cls.addClassCleanup(holder.doCleanups)
        cls.root = holder.folder
        shutil.copytree(PHOTOS, cls.root / "photos/site")
        (cls.root / "photos/site/broken.jpg").write_bytes(b"no photo")
        cls.document = cls.root / "predictions.json"
        done = run("predict", "--model=demo", "--folders", cls.root / "photos", "--country=KEN",
                   f"--predictions_json={cls.document}")  # fmt: skip
        assert done.returncode == SOME_FAILED, done.stderr

    def setUp(self) -> None:
        super().setUp()
        self.photos = self.folder / "photos"
        shutil.copytree(self.root / "photos", self.photos)
        text = self.document.read_text(encoding="utf-8").replace(str(self.root), str(self.folder))
        self.results = self.folder / "predictions.json"
        self.results.write_text(text, encoding="utf-8")

    def boxes(self, name: str) -> list[list[float]]:
        for prediction in json.loads(self.results.read_text(encoding="utf-8"))["predictions"]:
            if prediction["filepath"].endswith(name):
                return [d["bbox"] for d in prediction["detections"] if d["conf"] >= 0.2]
        raise AssertionError(name)

    def test_sidecars_have_keywords_and_boxes(self) -> None:
        before = {path: path.read_bytes() for path in self.photos.rglob("*.jpg")}
        done = run("tag", self.results)
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        self.assertIn("have no answer to write", done.stdout)
        self.assertEqual(before, {path: path.read_bytes() for path in self.photos.rglob("*.jpg")})
        tree = packet((self.photos / "site/zebra.jpg.xmp").read_bytes())
        self.assertEqual(items(tree, f"{DC}subject"), ["plains zebra", "Equus quagga"])
        self.assertEqual(
            items(tree, f"{LR}hierarchicalSubject"),
            ["SpeciesNet|mammalia|perissodactyla|equidae|plains zebra"],
        )
        areas = [
            [float(area.get(AREA + side, "")) for side in "xywh"] for area in tree.iter(f"{REGIONS}Area")
        ]
        for (x, y, w, h), box in zip(areas, self.boxes("zebra.jpg"), strict=True):
            for found, wanted in zip((x - w / 2, y - h / 2, w, h), box):
                self.assertAlmostEqual(found, wanted, places=4)
        blank = packet((self.photos / "site/blank.jpg.xmp").read_bytes())
        self.assertEqual(items(blank, f"{DC}subject"), ["blank"])
        self.assertFalse((self.photos / "site/broken.jpg.xmp").exists())

    def test_a_second_run_replaces_only_sidecars_of_this_program(self) -> None:
        run("tag", self.results)
        foreign = self.photos / "site/elephant.jpg.xmp"
        foreign.write_text("<x:xmpmeta/>", encoding="utf-8")
        ours = self.photos / "site/zebra.jpg.xmp"
        done = run("tag", self.results, "--names=scientific")
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertIn("elephant.jpg.xmp' was not written by this program", done.stderr)
        self.assertEqual(foreign.read_text(encoding="utf-8"), "<x:xmpmeta/>")
        self.assertEqual(items(packet(ours.read_bytes()), f"{DC}subject"), ["Equus quagga"])

    def test_copies_have_the_metadata_inside_and_the_same_picture(self) -> None:
        done = run("tag", self.results, "--embed", "--output", self.folder / "tagged")
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        photo = (self.photos / "site/zebra.jpg").read_bytes()
        copy = (self.folder / "tagged/zebra.jpg").read_bytes()
        self.assertEqual(items(packet(copy), f"{DC}subject"), ["plains zebra", "Equus quagga"])
        # The copy contains the whole photo, around one segment.
        start = copy.index(b"http://ns.adobe.com/xap/1.0/\0") - 4
        length = 2 + int.from_bytes(copy[start + 2 : start + 4], "big")
        self.assertEqual(copy[start : start + 2], b"\xff\xe1")
        self.assertEqual(copy[:start] + copy[start + length :], photo)
        self.assertFalse(list(self.photos.rglob("*.xmp")))
        again = run("tag", self.results, "--embed", "--output", self.folder / "tagged")
        self.assertEqual(again.returncode, SOME_FAILED)
        self.assertEqual((self.folder / "tagged/zebra.jpg").read_bytes(), copy)

    def test_photos_with_metadata_of_other_programs_and_other_files_are_not_changed(self) -> None:
        tagged = self.folder / "tagged"
        zebra = self.photos / "site/zebra.jpg"
        packet_of_others = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"
        segment = b"\xff\xe1" + (2 + len(packet_of_others)).to_bytes(2, "big") + packet_of_others
        zebra.write_bytes(zebra.read_bytes()[:2] + segment + zebra.read_bytes()[2:])
        tagged.mkdir()
        (tagged / "elephant.jpg").write_bytes(b"precious")
        done = run("tag", self.results, "--embed", "--output", tagged)
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertIn("zebra.jpg': it has XMP of another program", done.stderr)
        self.assertIn("elephant.jpg' was not written by this program", done.stderr)
        self.assertFalse((tagged / "zebra.jpg").exists())
        self.assertEqual((tagged / "elephant.jpg").read_bytes(), b"precious")

    def test_copies_never_replace_the_photos(self) -> None:
        before = (self.photos / "site/zebra.jpg").read_bytes()
        done = run("tag", self.results, "--embed", "--output", self.photos / "site")
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertEqual((self.photos / "site/zebra.jpg").read_bytes(), before)

    def test_wrong_usage_is_explained(self) -> None:
        self.assert_refused(run("tag", self.results, "--embed"), WRONG_USAGE, "--output")

    @unittest.skipUnless(shutil.which("exiv2") and shutil.which("exiftool"), "exiv2 or exiftool is missing")
    def test_exiv2_and_exiftool_read_the_same(self) -> None:
        run("tag", self.results)
        run("tag", self.results, "--embed", "--output", self.folder / "tagged")
        for file in (self.photos / "site/zebra.jpg.xmp", self.folder / "tagged/zebra.jpg"):
            with self.subTest(file=file.name):
                read = json.loads(
                    subprocess.run(
                        ["exiftool", "-json", "-struct", "-XMP:all", "-n", file],
                        capture_output=True, check=True,
                    ).stdout
                )[0]  # fmt: skip
                self.assertEqual(read["Subject"], ["plains zebra", "Equus quagga"])
                regions = read["RegionInfo"]["RegionList"]
                self.assertEqual(len(regions), len(self.boxes("zebra.jpg")))
                self.assertEqual({region["Name"] for region in regions}, {"plains zebra"})
                shown = subprocess.run(
                    ["exiv2", "-PXkt", "print", file], capture_output=True, check=True, text=True
                )
                self.assertIn("plains zebra, Equus quagga", shown.stdout)
                self.assertIn("RegionList[1]", shown.stdout)
                self.assertEqual(shown.stderr, "")


if __name__ == "__main__":
    unittest.main()
