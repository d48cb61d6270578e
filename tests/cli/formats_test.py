# SPDX-License-Identifier: Apache-2.0
"""Results in the formats of other programs, from one run and from `speciesnet convert`; uses only Python's standard library."""

import csv
import json
import os
import unittest
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from command_line import (
    ALL_FINE,
    COULD_NOT_RUN,
    PHOTOS,
    SOME_FAILED,
    WRONG_USAGE,
    CommandLineTest,
    run,
)
from exif_photo import copy_with_exif

ALL_OUTPUTS = ("predictions_json", "json_lines", "megadetector_json", "csv", "detections_csv",
               "sequences_csv", "events_csv", "videos_csv", "coco_json", "camtrap_dp")  # fmt: skip

ZEBRA = "dd39bbd5-077c-482e-9d33-bd176116c870;mammalia;perissodactyla;equidae;equus;quagga;plains zebra"


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def workbook(file: Path) -> dict[str, list[dict[str, str | float]]]:
    """Returns the rows of each sheet of an Excel workbook."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(file) as parts:
        names = [s.get("name") for s in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{main}sheet")]
        sheets = {}
        for number, name in enumerate(names, start=1):
            rows = []
            for row in ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{main}row"):
                cells: dict[str, str | float] = {}
                for cell in row.iter(f"{main}c"):
                    column = cell.get("r", "").rstrip("0123456789")
                    text, value = cell.find(f"{main}is/{main}t"), cell.find(f"{main}v")
                    if text is not None:
                        cells[column] = text.text or ""
                    elif value is not None:
                        cells[column] = float(value.text or "")
                rows.append(cells)
            sheets[str(name)] = rows
    return sheets


class FormatsTest(CommandLineTest):
    """One run with all outputs, which the tests examine."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        holder = cls()
        CommandLineTest.setUp(holder)
        cls.addClassCleanup(holder.doCleanups)
        cls.root = holder.folder
        cls.photos = cls.root / "photos"
        savanna, forest = (-2.5, 34.75), (1.25, -10.5)
        copy_with_exif(PHOTOS / "zebra.jpg", cls.photos / "A/1.jpg", "2026:11:25 06:12:09", savanna)
        copy_with_exif(PHOTOS / "blank.jpg", cls.photos / "A/2.jpg", "2026:11:25 06:13:09", savanna)
        copy_with_exif(PHOTOS / "zebra.jpg", cls.photos / "A/3.jpg", "2026:11:25 06:14:10", savanna)
        copy_with_exif(PHOTOS / "person.jpg", cls.photos / "B/1.jpg", "2026:11:24 23:00:00", forest)
        (cls.photos / "B/2.jpg").write_bytes(b"no photo")
        done = run("predict", "--model", "demo", "--folders", cls.photos, "--sequence_gap=60",
                   "--utc_offset=+03:00", *cls.outputs(cls.root / "run"))  # fmt: skip
        assert done.returncode == SOME_FAILED, done.stderr
        cls.document = json.loads((cls.root / "run/predictions_json").read_bytes())

    @staticmethod
    def outputs(folder: Path) -> list[str]:
        folder.mkdir(exist_ok=True)
        return [f"--{name}={folder / name}" for name in ALL_OUTPUTS]

    def json_of(self, name: str) -> Any:
        return json.loads((self.root / "run" / name).read_bytes())

    def test_the_run_leaves_its_outputs_and_nothing_else(self) -> None:
        self.assertEqual({file.name for file in (self.root / "run").iterdir()}, set(ALL_OUTPUTS))

    def test_documents_for_the_megadetector_tools_are_read_again(self) -> None:
        read = self.root / "read.csv"
        done = run("convert", self.root / "run/megadetector_json", f"--csv={read}")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        shown = [[(row["name"], row["score"], row["animals"], row["humans"]) for row in table(file)]
                 for file in (read, self.root / "run/csv")]  # fmt: skip
        self.assertEqual(*shown)

    def test_a_camtrap_dp_package_is_read_again(self) -> None:
        read = self.root / "read_dp.csv"
        for package in (self.root / "run/camtrap_dp", self.root / "run/camtrap_dp/datapackage.json"):
            done = run("convert", package, f"--csv={read}")
            self.assertEqual(done.returncode, ALL_FINE, done.stderr)
            ours = table(self.root / "run/csv")
            shown = [[(row["name"], row["scientific_name"], row["score"]) for row in rows]
                     for rows in (table(read), ours)]  # fmt: skip
            blanks = [("blank", "", "") if name == "blank" else (name, scientific, score)
                      for name, scientific, score in shown[1]]  # fmt: skip
            self.assertEqual([row if row[0] != "blank" else ("blank", "", "") for row in shown[0]], blanks)

    def test_a_workbook_has_the_tables_as_sheets(self) -> None:
        file = self.root / "tables.xlsx"
        tables = self.root / "tables"
        tables.mkdir()
        done = run("convert", self.root / "run/predictions_json", "--sequence_gap=60", f"--xlsx={file}",
                   *(f"--{name}={tables / name}" for name in ("csv", "detections_csv", "sequences_csv")))  # fmt: skip
        if "built without libxlsxwriter" in done.stderr:
            self.skipTest("the program was built without libxlsxwriter")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        sheets = workbook(file)
        self.assertEqual(list(sheets), ["Photos", "Detections", "Bursts"])
        for sheet, name in (("Photos", "csv"), ("Detections", "detections_csv"), ("Bursts", "sequences_csv")):
            header, *rows = sheets[sheet]
            columns = {letter: str(title) for letter, title in header.items()}
            expected = table(tables / name)
            self.assertEqual(list(columns.values()), list(expected[0]))
            self.assertEqual(len(rows), len(expected))
            for row, fields in zip(rows, expected):
                found = {columns[letter]: value for letter, value in row.items()}
                for title, text in fields.items():
                    if title in ("taken", "start", "end"):
                        continue
                    value = found.get(title, "")
                    self.assertEqual(float(text) if isinstance(value, float) else text, value, title)
        # 2026-11-25 06:12:09 in days since 1899-12-30.
        taken = next(letter for letter, title in sheets["Photos"][0].items() if title == "taken")
        self.assertAlmostEqual(sheets["Photos"][1][taken], 46351 + (6 * 3600 + 12 * 60 + 9) / 86400, places=5)

    def test_csv_for_excel_begins_with_a_byte_order_mark(self) -> None:
        file = self.root / "excel.csv"
        done = run("convert", self.root / "run/predictions_json", f"--csv={file}", "--excel")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        plain = (self.root / "run/csv").read_bytes()
        self.assertFalse(plain.startswith(b"\xef\xbb\xbf"))
        again = self.root / "plain.csv"
        run("convert", self.root / "run/predictions_json", f"--csv={again}")
        self.assertEqual(file.read_bytes(), b"\xef\xbb\xbf" + again.read_bytes())

    def test_converting_the_document_gives_the_files_of_the_run(self) -> None:
        again = self.root / "again"
        done = run("convert", self.root / "run/predictions_json", "--sequence_gap=60",
                   "--utc_offset=+03:00", *self.outputs(again))  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        for name in ("predictions_json", "detections_csv", "sequences_csv"):
            self.assertEqual(
                (again / name).read_bytes(), (self.root / "run" / name).read_bytes(), name
            )
        # The document does not contain the reason of a failure.
        for name in ("csv", "megadetector_json"):
            with_reason = (self.root / "run" / name).read_text(encoding="utf-8")
            self.assertEqual(
                (again / name).read_text(encoding="utf-8").count("\n"), with_reason.count("\n")
            )

    def test_a_row_per_photo(self) -> None:
        rows = table(self.root / "run/csv")
        self.assertEqual(
            [row["filepath"] for row in rows], ["A/1.jpg", "A/2.jpg", "A/3.jpg", "B/1.jpg", "B/2.jpg"]
        )
        zebra = rows[0]
        self.assertEqual(zebra["prediction"], ZEBRA)
        self.assertEqual(zebra["name"], "plains zebra")
        self.assertEqual(zebra["scientific_name"], "Equus quagga")
        self.assertEqual(zebra["taken"], "2026-11-25T06:12:09")
        self.assertEqual((zebra["latitude"], zebra["longitude"]), ("-2.5", "34.75"))
        self.assertEqual(zebra["camera"], "RECONYX HF2")
        blank = rows[1]
        self.assertEqual((blank["name"], blank["score"], blank["animals"]), ("blank", "", "0"))
        self.assertTrue(blank["prediction"].endswith(";blank"))
        self.assertEqual(rows[4]["failures"], "CLASSIFIER DETECTOR")
        self.assertEqual(rows[4]["failure_reason"], "the content is not a supported image")

    def test_a_row_per_detection(self) -> None:
        rows = table(self.root / "run/detections_csv")
        detections = [
            (Path(prediction["filepath"]).name, detection)
            for prediction in self.document["predictions"]
            for detection in prediction.get("detections", [])
        ]
        self.assertEqual(len(rows), len(detections))
        for row, (name, detection) in zip(rows, detections, strict=True):
            self.assertEqual(Path(row["filepath"]).name, name)
            self.assertEqual(row["category"], detection["label"])
            self.assertEqual(float(row["conf"]), detection["conf"])
            box = [float(row[edge]) for edge in ("xmin", "ymin", "width", "height")]
            self.assertEqual(box, detection["bbox"])

    def test_bursts_are_grouped_and_answered(self) -> None:
        rows = table(self.root / "run/sequences_csv")
        # The first two photos of A are 60 seconds apart, the last two 61.
        self.assertEqual([row["photos"] for row in rows], ["2", "1", "1"])
        self.assertEqual(rows[0]["sequence"], "A 2026-11-25T06:12:09")
        self.assertEqual(rows[0]["prediction"], ZEBRA)
        self.assertEqual(rows[2]["scientific_name"], "Homo sapiens")

    def test_lines_are_the_elements_of_the_document(self) -> None:
        lines = (self.root / "run/json_lines").read_text(encoding="utf-8").splitlines()
        elements = [json.loads(line) for line in lines]
        self.assertEqual(elements[4].pop("failure_reason"), "the content is not a supported image")
        models = {element.pop("model") for element in elements}
        self.assertEqual(models, {"demonstration model demo-2 (not SpeciesNet)"})
        self.assertEqual(elements, self.document["predictions"])

    def test_megadetector_documents_keep_species_and_failures(self) -> None:
        document = self.json_of("megadetector_json")
        self.assertEqual(document["info"]["format_version"], "1.6")
        first, last = document["images"][0], document["images"][-1]
        number, score = first["detections"][0]["classifications"][0]
        self.assertEqual(document["classification_categories"][number], "plains zebra")
        self.assertEqual(document["classification_category_descriptions"][number], ZEBRA)
        self.assertGreater(score, 0.9)
        self.assertEqual(first["datetime"], "2026:11:25 06:12:09")
        self.assertIsNone(last["detections"])
        self.assertTrue(last["failure"])

    def test_coco_has_boxes_in_pixels_and_sequences(self) -> None:
        document = self.json_of("coco_json")
        images = {image["id"]: image for image in document["images"]}
        names = {category["id"]: category["name"] for category in document["categories"]}
        self.assertEqual(names[0], "empty")
        first = document["annotations"][0]
        image = images[first["image_id"]]
        self.assertEqual(image["file_name"], "A/1.jpg")
        self.assertEqual(names[first["category_id"]], "plains zebra")
        detection = self.document["predictions"][0]["detections"][0]
        sizes = [image["width"], image["height"]] * 2
        for edge, relative, size in zip(first["bbox"], detection["bbox"], sizes, strict=True):
            self.assertAlmostEqual(edge, relative * size, delta=0.1)
        self.assertEqual(image["seq_num_frames"], 2)
        self.assertEqual(image["frame_num"], 1)
        self.assertEqual(image["location"], "A")
        empty = [one for one in document["annotations"] if one["category_id"] == 0]
        self.assertEqual([images[one["image_id"]]["file_name"] for one in empty], ["A/2.jpg"])

    @staticmethod
    def deployments(package: Path) -> dict[str, dict[str, str]]:
        """Returns the deployments of a package by location."""
        return {row["locationName"]: row for row in table(package / "deployments.csv")}

    def test_camtrap_tables_refer_to_each_other(self) -> None:
        package = self.root / "run/camtrap_dp"
        description = json.loads((package / "datapackage.json").read_bytes())
        self.assertEqual(description["temporal"], {"start": "2026-11-24", "end": "2026-11-25"})
        deployments = self.deployments(package)
        media = {row["mediaID"]: row for row in table(package / "media.csv")}
        observations = table(package / "observations.csv")
        self.assertEqual(set(deployments), {"A", "B"})
        self.assertEqual(deployments["A"]["deploymentStart"], "2026-11-25T06:12:09+03:00")
        self.assertEqual(deployments["A"]["deploymentEnd"], "2026-11-25T06:14:10+03:00")
        self.assertEqual(deployments["B"]["latitude"], "1.25")
        ids = {row["deploymentID"] for row in deployments.values()}
        for row in [*media.values(), *observations]:
            self.assertIn(row["deploymentID"], ids)
        for row in observations:
            if row["observationLevel"] == "media":
                self.assertIn(row["mediaID"], media)
        kinds = [row["observationType"] for row in observations]
        self.assertIn("blank", kinds)
        self.assertIn("unclassified", kinds)
        events = [row for row in observations if row["observationLevel"] == "event"]
        self.assertEqual(events[0]["scientificName"], "Equus quagga")
        self.assertEqual(events[0]["eventEnd"], "2026-11-25T06:14:10+03:00")

    def test_without_events_the_events_of_camtrap_dp_are_bursts(self) -> None:
        package = self.root / "bursts_dp"
        done = run("convert", self.root / "run/predictions_json", "--sequence_gap=60", "--utc_offset=+03:00",
                   "--camtrap_dp", package)  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        events = [row for row in table(package / "observations.csv") if row["observationLevel"] == "event"]
        self.assertEqual((events[0]["eventEnd"], events[0]["count"]), ("2026-11-25T06:13:09+03:00", ""))

    def camtrap(self, photos: Path, name: str, *more: str) -> tuple[Path, str]:
        """Writes a package with the photos' own times; returns its path and stderr."""
        package = self.root / name
        done = run("predict", "--model", "demo", "--folders", photos, "--camtrap_dp", package, *more)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return package, done.stderr

    def test_times_without_a_zone_are_not_marked_as_utc_in_silence(self) -> None:
        photos = self.root / "clocks"
        copy_with_exif(PHOTOS / "zebra.jpg", photos / "A/1.jpg", "2026:07:01 12:00:00")
        copy_with_exif(PHOTOS / "zebra.jpg", photos / "B/1.jpg", "2026:01:01 12:00:00+02:00")
        package, messages = self.camtrap(photos, "clocks_dp")
        self.assertIn("1 photos do not store the time zone of their clock", messages)
        rows = self.deployments(package)
        self.assertEqual(rows["A"]["deploymentStart"], "2026-07-01T12:00:00Z")
        self.assertEqual(rows["A"]["timestampIssues"], "true")
        self.assertIn("unknown", rows["A"]["deploymentComments"])
        self.assertEqual(rows["B"]["deploymentStart"], "2026-01-01T12:00:00+02:00")
        self.assertEqual(rows["B"]["timestampIssues"], "")
        for zone, start in (
            ("+3", "2026-07-01T12:00:00+03:00"),
            ("-5:00", "2026-07-01T12:00:00-05:00"),
            ("+0530", "2026-07-01T12:00:00+05:30"),
            ("Africa/Nairobi", "2026-07-01T12:00:00+03:00"),
            ("Europe/Berlin", "2026-07-01T12:00:00+02:00"),
        ):
            with self.subTest(zone=zone):
                _, messages = self.camtrap(photos, "clocks_dp", f"--utc_offset={zone}")
                self.assertNotIn("time zone", messages)
                rows = self.deployments(package)
                self.assertEqual(rows["A"]["deploymentStart"], start)
                self.assertEqual(rows["A"]["deploymentComments"], "")
                self.assertEqual(rows["B"]["deploymentStart"], "2026-01-01T12:00:00+02:00")

    def test_without_time_zone_data_names_are_refused(self) -> None:
        document = self.root / "run/predictions_json"
        for folder, words in ((self.root / "no_such", "install tzdata"), (self.root, "not a time zone")):
            done = run("convert", document, "--csv", self.root / "zones.csv",
                       "--utc_offset=Africa/Nairobi", env={**os.environ, "TZDIR": str(folder)})  # fmt: skip
            self.assert_refused(done, WRONG_USAGE, "--utc_offset", words)

    def test_the_other_result_format_can_be_requested(self) -> None:
        output = self.root / "image.json"
        done = run("convert", self.root / "run/predictions_json", "--predictions_json", output,
                   "--result_format=image")  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        first = json.loads(output.read_bytes())["predictions"][0]
        self.assertEqual(first["prediction"], ZEBRA)
        self.assertNotIn("raw_classifications", first["detections"][0])

    def test_paths_are_relative_to_the_given_folder(self) -> None:
        for base, expected in ((self.root, "photos/A/1.jpg"), ("", str(self.photos / "A/1.jpg"))):
            output = self.root / "paths.csv"
            done = run("convert", self.root / "run/predictions_json", "--csv", output,
                       "--base_folder", base)  # fmt: skip
            self.assertEqual(done.returncode, ALL_FINE, done.stderr)
            self.assertEqual(table(output)[0]["filepath"], expected)

    def test_missing_photos_have_rows_without_metadata(self) -> None:
        document = self.root / "elsewhere.json"
        document.write_text(
            json.dumps({"predictions": [{"filepath": "/nowhere/a.jpg", "detections": []}]}),
            encoding="utf-8",
        )
        done = run("convert", document, "--csv", self.root / "elsewhere.csv")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("1 photos could not be opened", done.stderr)
        self.assertEqual(table(self.root / "elsewhere.csv")[0]["taken"], "")

    def test_an_output_that_cannot_be_written_does_not_stop_the_others(self) -> None:
        blocked = self.root / "blocked"
        blocked.write_text("a file where a folder should be", encoding="utf-8")
        output = self.root / "others.csv"
        done = run("convert", self.root / "run/predictions_json", "--csv", output,
                   "--camtrap_dp", blocked)  # fmt: skip
        self.assertEqual(done.returncode, COULD_NOT_RUN, done.stderr)
        self.assertIn("blocked", done.stderr)
        self.assertEqual(len(table(output)), 5)

    def test_contradictory_flags_are_refused_before_any_work(self) -> None:
        broken = self.root / "broken.json"
        broken.write_text('{"predictions": [{}]}', encoding="utf-8")
        output = self.root / "refused.csv"
        document = str(self.root / "run/predictions_json")
        for arguments, words in (
            ([str(broken), f"--csv={output}"], 'has no "filepath"'),
            ([document, f"--csv={output}", f"--json_lines={output}"], "is the output of both"),
            ([document, f"--sequences_csv={output}"], "needs --sequence_gap"),
            ([document, f"--csv={output}", "--utc_offset=3"], "--utc_offset"),
            ([document, f"--csv={output}", "--sequence_gap=-1"], "--sequence_gap"),
        ):
            self.assert_refused(run("convert", *arguments), WRONG_USAGE, words)
        self.assertFalse(output.exists())


if __name__ == "__main__":
    unittest.main()
