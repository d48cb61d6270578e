# SPDX-License-Identifier: Apache-2.0
"""Results as projects have them: sites, folders made by cameras, Windows paths, unusual names; documents identify themselves.
Results are made by hand, so that no model runs, except in the cases of ../shared/fixtures/field_cases."""

import csv
import json
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, PHOTOS, PROGRAM, SOME_FAILED, CommandLineTest, run
from exif_photo import copy_with_exif

CASES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "field_cases"
LION = "u;mammalia;carnivora;felidae;panthera;leo;lion"
ZEBRA = "u;mammalia;perissodactyla;equidae;equus;quagga;plains zebra"
UNKNOWN = "f2efdae9-efb8-48fb-8a91-eccf79ab4ffb;no cv result;no cv result;no cv result;no cv result;no cv result;no cv result"
OUTPUTS = ("csv", "detections_csv", "sequences_csv", "megadetector_json", "coco_json", "camtrap_dp")


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class FieldTest(CommandLineTest):
    @staticmethod
    def detection(label: str | None, conf: float = 0.9, category: str = "1") -> dict[str, Any]:
        name = {"1": "animal", "2": "human", "3": "vehicle"}[category]
        found: dict[str, Any] = {
            "category": category, "label": name, "conf": conf, "bbox": [0.1, 0.2, 0.3, 0.4],
        }  # fmt: skip
        if label:
            found["raw_classifications"] = {"classes": [label], "scores": [0.8]}
            found["processed_classification"] = {"class": label, "score": 0.8, "source": "classifier"}
        return found

    def document(self, *photos: dict[str, Any] | str, **more: Any) -> Path:
        """Returns results for photos, or for paths of blank ones."""
        predictions = [
            {"detections": [], "model_version": "4.0.1a"} | (photo if isinstance(photo, dict) else {"filepath": photo})
            for photo in photos
        ]
        file = self.folder / "document.json"
        file.write_text(json.dumps({"predictions": predictions} | more), encoding="utf-8")
        return file

    def convert(self, document: Path, *flags: str) -> Path:
        """Writes a document in all formats; returns their folder."""
        folder = self.folder / "converted"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        outputs = [f"--{name}={folder / name}" for name in OUTPUTS]
        done = run("convert", document, "--sequence_gap=60", *outputs, *flags)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return folder

    def deployments(self, folder: Path) -> list[str]:
        return [row["locationName"] for row in table(folder / "camtrap_dp/deployments.csv")]

    def paths(self, folder: Path) -> list[str]:
        """Returns the paths of the photos, which are the same in every format."""
        paths = [row["filepath"] for row in table(folder / "csv")]
        megadetector = json.loads((folder / "megadetector_json").read_bytes())
        self.assertEqual([image["file"] for image in megadetector["images"]], paths)
        coco = json.loads((folder / "coco_json").read_bytes())
        self.assertEqual([image["file_name"] for image in coco["images"]], paths)
        self.assertEqual([row["filePath"] for row in table(folder / "camtrap_dp/media.csv")], paths)
        return paths

    def test_windows_paths_have_folders(self) -> None:
        for one, other in (
            ("C:\\Project\\Site 1\\IMG_0001.JPG", "C:\\Project\\Site 2\\IMG_0001.JPG"),
            ("\\\\server\\share\\Site 1\\IMG_0001.JPG", "\\\\server\\share\\Site 2\\IMG_0001.JPG"),
            ("Site 1\\IMG_0001.JPG", "Site 2\\IMG_0001.JPG"),
            ("c:/Project/Site 1\\IMG_0001.JPG", "c:/Project/Site 2\\IMG_0001.JPG"),
        ):
            with self.subTest(one=one):
                folder = self.convert(self.document(one, other))
                self.assertEqual(self.paths(folder), ["Site 1/IMG_0001.JPG", "Site 2/IMG_0001.JPG"])
                self.assertEqual(self.deployments(folder), ["Site 1", "Site 2"])
        document = self.document("C:\\Project\\Site 1\\a.JPG", "C:\\Project\\Site 2\\b.JPG")
        for base in ("C:\\", "c:/", "C:"):
            folder = self.convert(document, "--base_folder", base)
            self.assertEqual(self.paths(folder)[0], "Project/Site 1/a.JPG")
        summary = run("summary", "--predictions_json", document, "--by", "folder").stdout
        self.assertRegex(summary, r"(?s)^C:/Project/Site 1\n.*\nC:/Project/Site 2\n")

    def test_a_backslash_is_part_of_a_name_where_other_paths_have_slashes(self) -> None:
        folder = self.convert(self.document("/p/a\\b.jpg", "/p/c/d.jpg"))
        self.assertEqual(self.paths(folder), ["a\\b.jpg", "c/d.jpg"])
        self.assertEqual(self.deployments(folder), [".", "c"])

    def test_paths_are_relative_to_the_folder_that_was_searched(self) -> None:
        project = self.folder / "Project"
        copy_with_exif(PHOTOS / "zebra.jpg", project / "Site1/IMG_0001.JPG", "2023:06:01 12:34:56")
        (project / "Site2").mkdir()
        saved, direct = self.folder / "out.json", self.folder / "direct.csv"
        for given in ("Project", "Project/", "./Project", str(project)):
            with self.subTest(given=given):
                saved.unlink(missing_ok=True)
                done = run("predict", "--model", "demo", "--folders", given, "--predictions_json", saved,
                           "--csv", direct, cwd=self.folder)  # fmt: skip
                self.assertEqual(done.returncode, ALL_FINE, done.stderr)
                self.assertEqual(table(direct)[0]["filepath"], "Site1/IMG_0001.JPG")
                folder = self.convert(saved)
                self.assertEqual(self.paths(folder), ["Site1/IMG_0001.JPG"])
                self.assertEqual(self.deployments(folder), ["Site1"])
        copy_with_exif(PHOTOS / "zebra.jpg", project / "Site2/a.JPG", "2023:06:01 12:34:56")
        done = run("predict", "--model", "demo", "--folders", "Project/Site1,Project/Site2",
                   "--csv", direct, cwd=self.folder)  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual([row["filepath"] for row in table(direct)], ["Site1/IMG_0001.JPG", "Site2/a.JPG"])

    def test_folders_that_a_camera_makes_are_of_one_camera(self) -> None:
        folder = self.convert(self.document(
            "/p/Cam1/DCIM/100RECNX/a.jpg", "/p/Cam1/DCIM/101RECNX/a.jpg", "/p/Cam2/101EK113/a.jpg",
            "/p/Cam2/102EK113/a.jpg", "/p/Cam3/100_BTCF/a.jpg", "/p/Cam4/12345/a.jpg",
            "/p/Cam5/099RECNX/a.jpg", "/p/Cam6/100RECONYX/a.jpg", "/p/Cam7/dcim/a.jpg"))  # fmt: skip
        self.assertEqual(self.deployments(folder), [
            "Cam1", "Cam2", "Cam3", "Cam4/12345", "Cam5/099RECNX", "Cam6/100RECONYX", "Cam7"])  # fmt: skip
        self.assertIn("Cam1/DCIM/100RECNX/a.jpg", self.paths(folder))

    def test_a_burst_goes_on_in_the_next_folder_of_its_camera(self) -> None:
        for place, time in (("100RECNX/IMG_9999", "12:00:01"), ("101RECNX/IMG_0001", "12:00:02")):
            copy_with_exif(PHOTOS / "zebra.jpg", self.folder / f"p/Cam1/{place}.JPG", f"2023:07:01 {time}")
        photos = sorted(map(str, (self.folder / "p").rglob("*.JPG")))
        folder = self.convert(self.document(*photos), "--base_folder", str(self.folder / "p"))
        (burst,) = table(folder / "sequences_csv")
        self.assertEqual((burst["photos"], burst["sequence"]), ("2", "Cam1 2023-07-01T12:00:01"))

    def test_packages_of_different_projects_share_no_id(self) -> None:
        packages = []
        for year in (2023, 2024):
            for day in (1, 2):
                copy_with_exif(PHOTOS / "zebra.jpg", self.folder / f"{year}/A/{day}.JPG", f"{year}:07:0{day} 12:00:00")
            photos = sorted(map(str, (self.folder / str(year)).rglob("*.JPG")))
            folder = self.convert(self.document(*photos), "--base_folder", str(self.folder / str(year)))
            package = self.folder / f"package{year}"
            (folder / "camtrap_dp").rename(package)
            packages.append(package)
        descriptions = [json.loads((package / "datapackage.json").read_bytes()) for package in packages]
        for description, year in zip(descriptions, (2023, 2024), strict=True):
            self.assertRegex(description["id"], r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
            self.assertEqual(description["name"], f"{year}-{description['id'][:8]}")
        for name, column in (("deployments", "deploymentID"), ("media", "mediaID"),
                             ("observations", "observationID"), ("observations", "eventID")):  # fmt: skip
            first, second = ({row[column] for row in table(package / f"{name}.csv")} - {""} for package in packages)
            self.assertTrue(first and second)
            self.assertFalse(first & second, column)
        # A package that is written again, with another photo, keeps its id.
        copy_with_exif(PHOTOS / "zebra.jpg", self.folder / "2023/A/3.JPG", "2023:07:03 12:00:00")
        photos = sorted(map(str, (self.folder / "2023").rglob("*.JPG")))
        done = run("convert", self.document(*photos), "--camtrap_dp", packages[0])
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        again = json.loads((packages[0] / "datapackage.json").read_bytes())
        self.assertEqual(again["id"], descriptions[0]["id"])

    def test_names_that_are_not_utf8_leave_valid_files(self) -> None:
        photos = os.fsencode(self.folder / "photos")
        os.mkdir(photos)
        for name in (b"\xe9t\xe9.jpg", "été.jpg".encode()):
            shutil.copy(PHOTOS / "zebra.jpg", photos + b"/" + name)
        outputs = [f"--{name}={self.folder / name}" for name in (*OUTPUTS, "predictions_json", "json_lines")]
        done = subprocess.run(
            [PROGRAM, "predict", "--model", "demo", "--folders", photos, "--sequence_gap=60", *outputs],
            capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        report = self.folder / "report.html"
        run("visualize", "--predictions_json", self.folder / "predictions_json", "--report_html", report)
        files = [file for file in self.folder.rglob("*") if file.is_file() and file.suffix != ".jpg"]
        self.assertEqual(len(files), 8 + 4)
        for file in files:
            with self.subTest(file=file.name):
                text = file.read_bytes().decode("utf-8")
                if file.name in ("megadetector_json", "coco_json"):
                    json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")
        self.assertEqual(sorted(self.paths(self.folder)), ["\\xE9t\\xE9.jpg", "été.jpg"])

    def test_tables_count_what_the_summary_counts(self) -> None:
        document = self.document(
            "blank.jpg",
            {"filepath": "weak.jpg", "detections": [self.detection(LION, 0.15)]},
            {"filepath": "noise.jpg", "detections": [self.detection(None, 0.02), self.detection(None, 0.01, "2")]},
            {"filepath": "lion.jpg", "detections": [self.detection(LION)] * 2 + [self.detection(None, 0.05)]},
            {"filepath": "both.jpg", "detections": [self.detection(LION), self.detection(ZEBRA, 0.8)]},
            {"filepath": "person.jpg", "detections": [self.detection(UNKNOWN, 0.9, "2")]},
            {"filepath": "broken.jpg", "failures": ["CLASSIFIER", "DETECTOR"], "detections": None},
        )
        for flags, threshold in (((), "0.2"), (("--observation_threshold=0.1",), "0.1")):
            with self.subTest(threshold=threshold):
                rows = table(self.convert(document, *flags) / "csv")
                counted: dict[str, int] = {}
                for row in rows:
                    for name in filter(None, [row["name"], *row["other_names"].split("; ")]):
                        counted[name] = counted.get(name, 0) + 1
                done = run("summary", "--predictions_json", document, "--threshold", threshold)
                self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
                summary = dict(re.findall(r"^(\S.*?) {2,}(\d+) {2,}", done.stdout, re.MULTILINE))
                failed = summary.pop("(failed)")
                self.assertEqual({name: int(number) for name, number in summary.items()}, counted)
                self.assertEqual(failed, "1")
        rows = {row["filepath"]: row for row in table(self.convert(document) / "csv")}
        for name, expected in (
            ("blank.jpg", ("blank", "0", "0", "")),
            ("weak.jpg", ("blank", "0", "0", "0.15")),
            ("noise.jpg", ("blank", "0", "0", "0.02")),
            ("lion.jpg", ("lion", "2", "0", "0.9")),
            ("both.jpg", ("lion", "2", "0", "0.9")),
            ("person.jpg", ("human", "0", "1", "")),
            ("broken.jpg", ("", "0", "0", "")),
        ):
            row = rows[name]
            self.assertEqual((row["name"], row["animals"], row["humans"], row["max_animal_conf"]), expected)

    def test_a_person_is_a_human_wherever_it_is_shown(self) -> None:
        document = self.document({"filepath": "person.jpg", "detections": [self.detection(UNKNOWN, 0.9, "2")]})
        folder = self.convert(document)
        self.assertEqual(table(folder / "csv")[0]["name"], "human")
        self.assertEqual(table(folder / "detections_csv")[0]["name"], "human")
        self.assertEqual(table(folder / "camtrap_dp/observations.csv")[0]["observationType"], "human")
        coco = json.loads((folder / "coco_json").read_bytes())
        self.assertEqual([category["name"] for category in coco["categories"]], ["empty", "human"])
        self.assertIn("human", run("summary", "--predictions_json", document).stdout)

    def test_scientific_names_have_a_capital_everywhere(self) -> None:
        document = self.document({"filepath": "lion.jpg", "detections": [self.detection(LION)]})
        self.assertEqual(table(self.convert(document) / "csv")[0]["scientific_name"], "Panthera leo")
        summary = run("summary", "--predictions_json", document, "--names", "scientific").stdout
        self.assertIn("Panthera leo", summary)
        report = self.folder / "report.html"
        run("visualize", "--predictions_json", document, "--names", "scientific", "--report_html", report)
        self.assertIn("Panthera leo", report.read_text(encoding="utf-8"))

    def assert_named(self, folder: Path, *words: str) -> None:
        """Every format names the model of its answers."""
        for name in (*OUTPUTS[:-1], "camtrap_dp/observations.csv", "camtrap_dp/datapackage.json"):
            text = (folder / name).read_text(encoding="utf-8")
            for word in words:
                self.assertIn(word, text, name)

    def test_a_truncated_photo_says_so_in_every_format(self) -> None:
        whole, cut = self.folder / "photos/whole.jpg", self.folder / "photos/cut.jpg"
        whole.parent.mkdir()
        photo = (PHOTOS / "zebra.jpg").read_bytes()
        whole.write_bytes(photo)
        cut.write_bytes(photo[: len(photo) // 2])
        for stage in ((), ("--detector_only",)):
            with self.subTest(stage=stage):
                saved, lines = self.folder / "out.json", self.folder / "out.jsonl"
                saved.unlink(missing_ok=True)
                done = run("predict", "--model", "demo", "--folders", whole.parent, "--predictions_json", saved,
                           "--json_lines", lines, *stage)  # fmt: skip
                self.assertEqual(done.returncode, ALL_FINE, done.stderr)
                self.assertIn("2 photos: 2 done, 0 failed; truncated: 1\n", done.stderr)
                self.assertIn("note: " + str(cut) + ": truncated", done.stderr)
                for elements in (json.loads(saved.read_bytes())["predictions"],
                                 [json.loads(line) for line in lines.read_text().splitlines()]):  # fmt: skip
                    self.assertEqual([element.get("truncated") for element in elements], [True, None])
                folder = self.convert(saved)
                self.assertEqual([row["truncated"] for row in table(folder / "csv")], ["true", ""])
                for row in table(folder / "detections_csv"):
                    self.assertEqual(row["truncated"], "true" if row["filepath"] == "cut.jpg" else "")
                for name in ("megadetector_json", "coco_json"):
                    images = json.loads((folder / name).read_bytes())["images"]
                    self.assertEqual([image.get("truncated") for image in images], [True, None], name)
                comments = [row["mediaComments"] for row in table(folder / "camtrap_dp/media.csv")]
                self.assertEqual([comment[:9] for comment in comments], ["truncated", ""])
                self.assertIn(", 1 truncated\n", run("summary", "--predictions_json", saved).stdout)
                report = self.folder / "report.html"
                run("visualize", "--predictions_json", saved, "--report_html", report)
                (block,) = re.findall(r'class="photos">(.*?)</script>', report.read_text(encoding="utf-8"))
                self.assertEqual(["truncated" in element for element in json.loads(block)], [True, False])

    def test_every_format_names_its_model(self) -> None:
        photo = self.folder / "A/1.jpg"
        copy_with_exif(PHOTOS / "zebra.jpg", photo, "2023:07:01 12:00:00")
        document = self.document({"filepath": str(photo), "detections": [self.detection(LION)]})
        self.assert_named(self.convert(document), "SpeciesNet 4.0.1a", "4.0.1a")
        self.assertIn("SpeciesNet 4.0.1a", run("summary", "--predictions_json", document).stdout)

    def test_results_of_the_demonstration_call_themselves_so(self) -> None:
        photo = self.folder / "A/1.jpg"
        copy_with_exif(PHOTOS / "zebra.jpg", photo, "2023:07:01 12:00:00")
        for stage in ((), ("--detector_only",)):
            with self.subTest(stage=stage):
                document = self.folder / "demo.json"
                document.unlink(missing_ok=True)
                self.predict("--filepaths", photo, "--predictions_json", document, *stage, status=ALL_FINE)
                folder = self.convert(document)
                for file in (*(folder / name for name in OUTPUTS[:-1]), *(folder / "camtrap_dp").iterdir()):
                    text = file.read_text(encoding="utf-8")
                    self.assertNotIn("MegaDetector v5a", text)
                    self.assertNotIn("SpeciesNet demo", text)
                words = ["demonstration model demo-2 (not SpeciesNet)", "demo-2"]
                self.assert_named(folder, *words)
                self.assertIn(words[0], run("summary", "--predictions_json", document).stdout)
                report = self.folder / "report.html"
                run("visualize", "--predictions_json", document, "--report_html", report)
                self.assertIn(words[0], report.read_text(encoding="utf-8"))
                lines, copies = self.folder / "lines", self.folder / "copies"
                done = run("convert", document, "--json_lines", lines)
                self.assertEqual(done.returncode, ALL_FINE, done.stderr)
                self.assertEqual(json.loads(lines.read_text(encoding="utf-8"))["model"], words[0])
                run("visualize", "--predictions_json", document, "--output_folder", copies)
                (copy,) = copies.iterdir()
                self.assertIn(words[0].encode(), copy.read_bytes())

    def test_annotated_copies_of_the_demonstration_show_it(self) -> None:
        photo = PHOTOS / "zebra.jpg"
        pictures = {}
        for version in ("4.0.1a", "demo-1"):
            document = self.document({"filepath": str(photo), "model_version": version})
            copies = self.folder / version
            run("visualize", "--predictions_json", document, "--output_folder", copies)
            (copy,) = copies.iterdir()
            content = copy.read_bytes()
            comment = content[content.index(b"\xff\xfe") + 4 :][:120]
            name = b"demonstration model demo-1 (not SpeciesNet)" if version == "demo-1" else b"SpeciesNet 4.0.1a"
            self.assertIn(b"; answers of " + name, comment)
            # Tables and the image follow the comment.
            pictures[version] = content[content.index(name) + len(name) :]
        self.assertNotEqual(pictures["4.0.1a"], pictures["demo-1"])

    def test_coco_documents_of_different_projects_share_no_id(self) -> None:
        ids, documents = [], set()
        for project in ("A", "B"):
            folder = self.convert(self.document({"filepath": f"/{project}/x/1.jpg", "detections": [self.detection(LION)]},
                                                f"/{project}/y{project}/2.jpg"))  # fmt: skip
            coco = json.loads((folder / "coco_json").read_bytes())
            documents.add(coco["info"]["id"])
            ids += [element["id"] for element in coco["images"] + coco["annotations"]]
            self.assertEqual({one["image_id"] for one in coco["annotations"]}, {one["id"] for one in coco["images"]})
        self.assertEqual((len(ids), len(set(ids)), len(documents)), (8, 8, 2))


@unittest.skipUnless(CASES.is_dir(), f"{CASES} is not here")
class FieldCasesTest(CommandLineTest):
    """The small inputs described in public reports."""

    def predict_csv(self, *arguments: str | Path) -> list[dict[str, str]]:
        file = self.folder / "cases.csv"
        done = run("predict", "--model", "demo", *arguments, "--csv", file)
        self.assertIn(done.returncode, (ALL_FINE, SOME_FAILED), done.stderr)
        return table(file)

    def test_times(self) -> None:
        taken = {row["filepath"]: row["taken"] for row in self.predict_csv("--folders", CASES / "exif_time")}
        self.assertEqual(taken, {
            "ampm.jpg": "2023-06-01T13:34:56", "h24.jpg": "2019-01-01T00:04:20",
            "o_short.jpg": "2023-06-01T12:34:56-05:00", "tz.jpg": "2023-06-01T12:34:56+02:00"})  # fmt: skip

    def test_places(self) -> None:
        rows = self.predict_csv("--folders", CASES / "gps", "--coordinates_from_exif", "--country_from_coordinates")
        places = {row["filepath"]: (row["latitude"], row["longitude"], row["country"]) for row in rows}
        self.assertEqual(places, {"g_norefs.jpg": ("", "", ""), "g_zero.jpg": ("", "", ""),
                                  "g_south.jpg": ("-1.5", "36.0", "KEN")})  # fmt: skip

    def test_documents_and_lists(self) -> None:
        for name in ("instances_bom.json", "instances_nan.json"):
            rows = self.predict_csv("--instances_json", CASES / "json" / name)
            self.assertEqual([row["filepath"] for row in rows], ["zebra.jpg"], name)
        rows = self.predict_csv("--filepaths_txt", CASES / "lists/utf16.txt")
        self.assertEqual([row["filepath"] for row in rows], ["zebra one.jpg", "zebra two.jpg"])
        package = self.folder / "package"
        done = run("convert", CASES / "json/predictions_windows.json", "--camtrap_dp", package)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        names = [row["locationName"] for row in table(package / "deployments.csv")]
        self.assertEqual(names, ["Site 1", "Site 2"])

    def test_folders(self) -> None:
        done = run("predict", "--model", "demo", "--folders", CASES / "names")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("1 photo: 1 done, 0 failed; skipped: 1 system file", done.stderr)
        rows = self.predict_csv("--folders", CASES / "paths/one_site/Project")
        self.assertEqual([row["filepath"] for row in rows], ["Site1/IMG_0001.JPG"])
        package = self.folder / "package"
        done = run("predict", "--model", "demo", "--folders", CASES / "paths/overflow", "--camtrap_dp", package,
                   "--sequence_gap=60")  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual([row["locationName"] for row in table(package / "deployments.csv")], ["Cam1"])


if __name__ == "__main__":
    unittest.main()
