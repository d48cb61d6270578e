# SPDX-License-Identifier: Apache-2.0
"""Annotated copies and the report, tested through the command line."""

import json
import os
import struct
import unittest
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from command_line import (
    ALL_FINE,
    COULD_NOT_RUN,
    PHOTOS,
    SOME_FAILED,
    WRONG_USAGE,
    CommandLineTest,
    run,
)

ZEBRA = "u;mammalia;perissodactyla;equidae;equus;quagga;plains zebra"
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&\u202e"


class Page(HTMLParser):
    """The elements of a page, and the data in its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.photos: list[Any] = []
        self.thumbnails: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag != "script" or not data.strip():
            return
        if attributes.get("class") == "photos":
            self.photos += json.loads(data)
        if attributes.get("class") == "thumbnails":
            self.thumbnails += json.loads(data)


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Returns width and height, from the frame's header."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC2):
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
    return width, height


class VisualizeTest(CommandLineTest):
    def entry(self, path: Path | str, label: str = ZEBRA, **more: Any) -> dict[str, Any]:
        detection = {
            "category": "1",
            "label": "animal",
            "conf": 0.9,
            "bbox": [0.1, 0.2, 0.3, 0.4],
            "raw_classifications": {"classes": [label], "scores": [0.8]},
            "processed_classification": {"class": label, "score": 0.8, "source": "classifier"},
        }
        return {"filepath": str(path), "detections": [detection], "model_version": "m"} | more

    def results(self, *entries: Any) -> Path:
        file = self.folder / "results.json"
        document = {"info": {"format_version": "20261015"}, "predictions": entries}
        file.write_text(json.dumps(document), encoding="utf-8")
        return file

    def visualize(self, results: Path, *arguments: str | Path, status: int, **options: Any) -> str:
        done = run("visualize", "--predictions_json", results, *arguments, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def report(self, results: Path, *arguments: str | Path, status: int = ALL_FINE) -> Page:
        file = self.folder / "report.html"
        self.visualize(results, "--report_html", file, *arguments, status=status)
        return Page(file.read_text(encoding="utf-8"))

    def test_results_in_both_formats_become_copies(self) -> None:
        for shape in ("detection", "image"):
            out, copies = self.folder / f"{shape}.json", self.folder / shape
            self.predict("--folders", PHOTOS, "--predictions_json", out,
                         "--result_format", shape, status=ALL_FINE)
            self.visualize(out, "--output_folder", copies, "--jobs", "3", status=ALL_FINE)
            names = sorted(file.name for file in copies.iterdir())
            self.assertEqual(names, sorted(file.name for file in PHOTOS.glob("*.jpg")))
            for file in copies.iterdir():
                content = file.read_bytes()
                self.assertTrue(content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9"))
                self.assertNotIn(b"Exif\0", content)
                self.assertNotEqual(content, (PHOTOS / file.name).read_bytes())

    def test_originals_are_never_overwritten(self) -> None:
        photo = self.folder / "a.jpg"
        photo.write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        stderr = self.visualize(
            self.results(self.entry(photo)), "--output_folder", self.folder, status=WRONG_USAGE
        )
        self.assertIn("would replace the photo", stderr)
        self.assertEqual(photo.read_bytes(), (PHOTOS / "zebra.jpg").read_bytes())

    def test_running_twice_replaces_the_copies_and_leaves_nothing_else(self) -> None:
        copies = self.folder / "copies"
        results = self.results(self.entry(PHOTOS / "zebra.jpg"))
        for _ in range(2):
            self.visualize(results, "--output_folder", copies, status=ALL_FINE)
        self.assertEqual(os.listdir(copies), ["zebra.jpg"])

    def test_a_photo_that_is_missing_or_broken_is_named_and_the_rest_is_drawn(self) -> None:
        broken = self.folder / "broken.jpg"
        broken.write_bytes(b"no image")
        results = self.results(
            self.entry("missing.jpg"), self.entry(broken), self.entry(PHOTOS / "zebra.jpg")
        )
        copies = self.folder / "copies"
        stderr = self.visualize(results, "--output_folder", copies, status=SOME_FAILED)
        self.assertIn("missing.jpg", stderr)
        self.assertIn("broken.jpg", stderr)
        self.assertIn("2 of 3", stderr)
        self.assertEqual([file.name for file in copies.rglob("*.jpg")], ["zebra.jpg"])

    def test_relative_paths_start_where_photos_folder_says(self) -> None:
        copies = self.folder / "copies"
        self.visualize(self.results(self.entry("zebra.jpg")), "--photos_folder", PHOTOS,
                       "--output_folder", copies, status=ALL_FINE)
        self.assertTrue((copies / "zebra.jpg").is_file())

    def test_blurring_people_changes_only_photos_with_people(self) -> None:
        person = self.entry(PHOTOS / "person.jpg")
        person["detections"][0] |= {"category": "2", "label": "human"}
        results = self.results(person, self.entry(PHOTOS / "zebra.jpg"))
        plain, blurred = self.folder / "plain", self.folder / "blurred"
        self.visualize(results, "--output_folder", plain, status=ALL_FINE)
        self.visualize(results, "--output_folder", blurred, "--blur_people", status=ALL_FINE)
        read = lambda folder, name: (folder / name).read_bytes()
        self.assertEqual(read(plain, "zebra.jpg"), read(blurred, "zebra.jpg"))
        self.assertNotEqual(read(plain, "person.jpg"), read(blurred, "person.jpg"))
        thumbnails = [self.report(results, *flags).thumbnails for flags in ([], ["--blur_people"])]
        self.assertNotEqual(thumbnails[0][0], thumbnails[1][0])
        self.assertEqual(thumbnails[0][1], thumbnails[1][1])

    def crops(self, results: Path, *flags: str, status: int = ALL_FINE) -> dict[str, bytes]:
        folder = self.folder / "crops"
        self.visualize(results, "--crops_folder", folder, *flags, status=status)
        return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.jpg"))}

    def test_each_box_becomes_an_image_named_after_photo_number_and_species(self) -> None:
        (self.folder / "ridge").mkdir()
        for name in ("a.jpg", "ridge/b.jpg"):
            (self.folder / name).write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        two = self.entry(self.folder / "a.jpg")
        faint = json.loads(json.dumps(two["detections"][0])) | {"conf": 0.1}
        lion = json.loads(json.dumps(two["detections"][0])) | {"bbox": [0.5, 0.5, 0.25, 0.5]}
        lion["processed_classification"]["class"] = "u;mammalia;carnivora;felidae;panthera;leo;../a lion?"
        two["detections"] += [faint, lion]
        results = self.results(two, self.entry(self.folder / "ridge" / "b.jpg"))
        for _ in range(2):  # The second run replaces what the first has written.
            crops = self.crops(results)
            self.assertEqual(
                list(crops), ["a.jpg_1_plains zebra.jpg", "a.jpg_3__a lion_.jpg", "ridge/b.jpg_1_plains zebra.jpg"]
            )
        # The photo has 1280 × 960 pixels.
        self.assertEqual([jpeg_size(crop) for crop in crops.values()], [(384, 384), (320, 480), (384, 384)])
        self.assertEqual(len(self.crops(results, "--threshold", "0.05")), 4)

    def test_crops_of_people_are_omitted_if_people_are_blurred(self) -> None:
        person = self.entry(PHOTOS / "person.jpg", "u;;;;;;human")
        person["detections"][0] |= {"category": "2", "label": "human"}
        results = self.results(person, self.entry(PHOTOS / "zebra.jpg"))
        self.assertEqual(list(self.crops(results, "--blur_people")), ["zebra.jpg_1_plains zebra.jpg"])
        self.assertEqual(
            list(self.crops(results)), ["person.jpg_1_human.jpg", "zebra.jpg_1_plains zebra.jpg"]
        )

    def test_an_animal_beside_a_person_is_blurred_in_its_crop_where_they_overlap(self) -> None:
        both = self.entry(PHOTOS / "person.jpg")
        box = {"category": "2", "label": "human", "conf": 0.9, "bbox": [0.1, 0.2, 0.3, 0.4]}
        both["detections"].append(box)
        results = self.results(both)
        blurred = self.crops(results, "--blur_people")
        plain = self.crops(results)
        self.assertEqual(list(blurred), ["person.jpg_1_plains zebra.jpg"])
        self.assertNotEqual(*(crops["person.jpg_1_plains zebra.jpg"] for crops in (blurred, plain)))

    def test_a_crop_never_replaces_a_photo(self) -> None:
        photo = self.folder / "crops" / "zebra.jpg_1_plains zebra.jpg"
        photo.parent.mkdir()
        photo.write_bytes((PHOTOS / "blank.jpg").read_bytes())
        stderr = self.visualize(self.results(self.entry(PHOTOS / "zebra.jpg")), "--crops_folder",
                                self.folder / "crops", status=SOME_FAILED)  # fmt: skip
        self.assertIn("was not drawn by this program", stderr)
        self.assertEqual(photo.read_bytes(), (PHOTOS / "blank.jpg").read_bytes())

    def test_hostile_names_and_labels_stay_text(self) -> None:
        photo = self.folder / HOSTILE.replace("/", "\u2215")
        photo.write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        label = ZEBRA.replace("plains zebra", HOSTILE)
        harmless = self.report(self.results(self.entry(PHOTOS / "zebra.jpg")))
        hostile = self.report(
            self.results(self.entry(photo, label, failures=["GEOLOCATION"])),
            "--output_folder", self.folder / "copies",
        )
        tags = lambda page: [tag for tag, _ in page.elements]
        self.assertEqual(tags(hostile), tags(harmless))
        self.assertIn("onerror", hostile.photos[0]["file"])
        self.assertNotIn("\u202e", hostile.photos[0]["answers"][0]["name"])
        self.assertRegex(hostile.photos[0]["copy"], r"^\./[A-Za-z0-9_./%-]+$")

    def test_names_that_are_not_utf8_are_drawn_and_reported(self) -> None:
        name = os.fsencode(self.folder) + b"/\xff\xfe.jpg"
        with open(name, "wb") as file:
            file.write((PHOTOS / "zebra.jpg").read_bytes())
        page = self.report(self.results(self.entry(os.fsdecode(name))))
        self.assertTrue(page.thumbnails[0])
        self.assertIn("\ufffd", page.photos[0]["file"])

    def test_the_report_loads_nothing_and_forbids_it(self) -> None:
        page = self.report(self.results(self.entry(PHOTOS / "zebra.jpg")))
        policies = [a["content"] for tag, a in page.elements
                    if a.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(len(policies), 1)
        self.assertIn("default-src 'none'", policies[0])
        self.assertNotIn("unsafe", policies[0])
        for tag, attributes in page.elements:
            self.assertNotEqual(tag, "link")
            self.assertNotIn("src", attributes)
            self.assertNotIn("style", attributes)
            self.assertFalse([name for name in attributes if name.startswith("on")])

    def test_the_report_limits_thumbnails_but_has_all_photos(self) -> None:
        results = self.results(*[self.entry(PHOTOS / "zebra.jpg") for _ in range(3)])
        page = self.report(results, "--max_thumbnails", "2")
        self.assertEqual([bool(thumbnail) for thumbnail in page.thumbnails], [True, True, False])
        self.assertEqual(len(page.photos), 3)

    def test_a_failed_photo_is_in_the_report_with_its_reason(self) -> None:
        failed = {"filepath": "gone.jpg", "failures": ["DETECTOR", "CLASSIFIER"]}
        page = self.report(self.results(failed), status=SOME_FAILED)
        self.assertIn("DETECTOR", page.photos[0]["failure"])
        self.assertEqual(page.photos[0]["answers"], [])

    def test_contradictory_flags_are_refused(self) -> None:
        results = self.results(self.entry(PHOTOS / "zebra.jpg"))
        given = ["visualize", "--predictions_json", results]
        self.assert_refused(run(*given), WRONG_USAGE, "--output_folder", "--crops_folder", "--report_html")
        for flag, value in (("--quality", "0"), ("--jobs", "0"), ("--max_size", "-1"),
                            ("--names", "latin"), ("--threshold", "2")):
            done = run(*given, "--output_folder", self.folder / "o", flag, value)
            self.assert_refused(done, WRONG_USAGE, flag)
        missing = run("visualize", "--predictions_json", "nowhere", "--output_folder", "o")
        self.assert_refused(missing, COULD_NOT_RUN, "--predictions_json", "nowhere")
        results.write_text('{"predictions": [{"filepath": 3}]}', encoding="utf-8")
        self.assert_refused(run(*given, "--output_folder", self.folder / "o"), WRONG_USAGE,
                            "--predictions_json")
        self.assertFalse((self.folder / "o").exists())


if __name__ == "__main__":
    unittest.main()
