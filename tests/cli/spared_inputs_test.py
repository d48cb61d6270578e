# SPDX-License-Identifier: Apache-2.0
"""No command overwrites its inputs, under whichever names; nothing waits for a pipe."""

import json
import os
import shutil
import unittest
from pathlib import Path

from command_line import (
    ALL_FINE,
    PHOTOS,
    SOME_FAILED,
    WRONG_USAGE,
    CommandLineTest,
    run,
)

FILE_OUTPUTS = ("predictions_json", "json_lines", "megadetector_json", "csv", "detections_csv",
                "sequences_csv", "events_csv", "videos_csv", "coco_json")  # fmt: skip
CAMTRAP_FILES = ("deployments.csv", "media.csv", "observations.csv", "datapackage.json")


class SparedInputsTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.photo = self.folder / "p.jpg"
        shutil.copy(PHOTOS / "zebra.jpg", self.photo)

    def contents(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.folder)): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file()
        }

    def assert_spared(self, *command: str | Path, words: tuple[str, ...] = ("would destroy",)) -> None:
        """Checks that the command is refused before anything is written."""
        before = self.contents()
        done = run(*command, cwd=self.folder)
        self.assert_refused(done, WRONG_USAGE, *words)
        self.assertEqual(self.contents(), before)

    def document(self, name: str = "out.json", photo: str = "p.jpg") -> Path:
        file = self.folder / name
        prediction = {"filepath": photo, "detections": [], "model_version": "m"}
        file.write_text(json.dumps({"predictions": [prediction]}), encoding="utf-8")
        return file

    def links(self) -> dict[str, str]:
        """Returns names of the photo."""
        os.symlink("p.jpg", self.folder / "symbolic.csv")
        os.link(self.photo, self.folder / "hard.csv")
        os.symlink(self.folder, self.folder / "here")
        return {
            "the same": "p.jpg",
            "another spelling": ".//./p.jpg",
            "absolute": str(self.photo),
            "a symbolic link": "symbolic.csv",
            "a hard link": "hard.csv",
            "a linked folder": "here/p.jpg",
        }

    def test_no_output_of_predict_replaces_a_photo(self) -> None:
        for flag in FILE_OUTPUTS:
            with self.subTest(flag=flag):
                self.assert_spared(
                    "predict", "--model", "demo", "--filepaths", "p.jpg", "--sequence_gap=60",
                    f"--{flag}", "p.jpg", words=(f"--{flag}", "would destroy the photo 'p.jpg'"),
                )  # fmt: skip

    def test_all_names_of_a_photo_are_recognised(self) -> None:
        for kind, name in self.links().items():
            for output, photo in ((name, "p.jpg"), ("p.jpg", name)):
                with self.subTest(kind=kind, output=output):
                    self.assert_spared(
                        "predict", "--model", "demo", "--filepaths", photo, "--csv", output
                    )

    def test_missing_photos_are_recognised_by_their_path(self) -> None:
        (self.folder / "sub").mkdir()
        self.assert_spared(
            "predict", "--model", "demo", "--filepaths", "missing.jpg", "--csv", "sub/../missing.jpg"
        )

    def test_photos_of_folders_and_lists_are_spared(self) -> None:
        (self.folder / "list.txt").write_text("p.jpg\n", encoding="utf-8")
        (self.folder / "folders.txt").write_text(".\n", encoding="utf-8")
        (self.folder / "instances.json").write_text(
            json.dumps({"instances": [{"filepath": "p.jpg"}]}), encoding="utf-8"
        )
        for flag, value in (
            ("--folders", "."),
            ("--filepaths_txt", "list.txt"),
            ("--folders_txt", "folders.txt"),
            ("--instances_json", "instances.json"),
        ):
            for output in ("p.jpg", value):
                if output == ".":
                    continue
                with self.subTest(flag=flag, output=output):
                    self.assert_spared("predict", "--model", "demo", flag, value, "--csv", output)

    def test_documents_lists_and_the_model_are_spared(self) -> None:
        self.document("detections.json")
        self.document("classifications.json")
        (self.folder / "species.txt").write_text("x\n", encoding="utf-8")
        model = self.folder / "model"
        model.mkdir()
        (model / "info.json").write_text("{}", encoding="utf-8")
        (self.folder / "model.tar.gz").write_bytes(b"archive")
        given = ["--filepaths", "p.jpg", "--ensemble_only", "--detections_json", "detections.json",
                 "--classifications_json", "classifications.json",
                 "--target_species_txt", "species.txt"]  # fmt: skip
        for output in ("detections.json", "classifications.json", "species.txt"):
            with self.subTest(output=output):
                self.assert_spared("predict", "--model", "demo", *given, "--json_lines", output)
        self.assert_spared("predict", "--model", "model", *given, "--csv", "model/info.json")
        self.assert_spared("predict", "--model", "model.tar.gz", *given, "--csv", "model.tar.gz")

    def test_the_journal_and_files_of_packages_are_outputs_too(self) -> None:
        shutil.copy(self.photo, self.folder / "out.json.journal")
        self.assert_spared(
            "predict", "--model", "demo", "--filepaths", "out.json.journal",
            "--predictions_json", "out.json",
        )  # fmt: skip
        for name in CAMTRAP_FILES:
            (self.folder / name).write_bytes(self.photo.read_bytes())
            with self.subTest(name=name):
                self.assert_spared(
                    "predict", "--model", "demo", "--filepaths", name, "--camtrap_dp", "."
                )

    def test_two_outputs_are_two_files(self) -> None:
        (self.folder / "a.csv").write_text("", encoding="utf-8")
        os.symlink("a.csv", self.folder / "b.csv")
        os.link(self.folder / "a.csv", self.folder / "c.csv")
        for one, other in (
            ("new.csv", "./new.csv"),
            ("a.csv", "b.csv"),
            ("a.csv", "c.csv"),
            ("a.csv", str(self.folder / "a.csv")),
        ):
            with self.subTest(one=one, other=other):
                self.assert_spared(
                    "predict", "--model", "demo", "--filepaths", "p.jpg",
                    "--csv", one, "--json_lines", other, words=("is the output of both",),
                )  # fmt: skip

    def test_convert_spares_its_document_and_the_photos(self) -> None:
        self.document()
        os.link(self.folder / "out.json", self.folder / "linked.json")
        os.symlink("out.json", self.folder / "symbolic.json")
        for flag in FILE_OUTPUTS:
            for output in ("out.json", "./out.json", "linked.json", "symbolic.json", "p.jpg"):
                with self.subTest(flag=flag, output=output):
                    self.assert_spared(
                        "convert", "out.json", "--sequence_gap=60", f"--{flag}", output
                    )

    def test_visualize_spares_its_document_and_the_photos(self) -> None:
        self.document()
        for output in ("out.json", "p.jpg", "./p.jpg"):
            with self.subTest(output=output):
                self.assert_spared(
                    "visualize", "--predictions_json", "out.json", "--report_html", output
                )
        self.assert_spared(
            "visualize", "--predictions_json", "out.json", "--output_folder", ".",
            words=("--output_folder", "replace the photo"),
        )  # fmt: skip
        self.assert_spared(
            "visualize", "--predictions_json", "out.json", "--photos_folder", str(self.folder),
            "--output_folder", str(self.folder), words=("--output_folder",),
        )  # fmt: skip

    def test_compare_spares_its_documents_the_truth_and_the_photos(self) -> None:
        self.document("a.json")
        self.document("b.json", photo="./p.jpg")
        (self.folder / "truth.csv").write_text("file,label\np.jpg,lion\n", encoding="utf-8")
        os.link(self.photo, self.folder / "hard.html")
        for flag in ("--json", "--report_html"):
            for output in ("a.json", "b.json", "truth.csv", "p.jpg", "hard.html"):
                with self.subTest(flag=flag, output=output):
                    self.assert_spared(
                        "compare", "a.json", "b.json", "--truth", "truth.csv", flag, output
                    )

    def test_other_files_are_written_as_before(self) -> None:
        self.predict("--filepaths", "p.jpg", "--csv", "p.csv", status=ALL_FINE, cwd=self.folder)
        self.assertTrue((self.folder / "p.csv").read_text(encoding="utf-8").startswith("filepath,"))

    def test_a_pipe_is_refused_without_waiting(self) -> None:
        os.mkfifo(self.folder / "pipe.jpg")
        outputs = [f"--{flag}={self.folder / flag}" for flag in FILE_OUTPUTS]
        done = run("predict", "--model", "demo", "--folders", self.folder, "--sequence_gap=60",
                   f"--camtrap_dp={self.folder / 'package'}", *outputs, timeout=60)  # fmt: skip
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        self.assertIn("pipe.jpg", done.stderr)
        done = run(
            "visualize", "--predictions_json", self.folder / "predictions_json",
            "--report_html", self.folder / "report.html", timeout=60,
        )  # fmt: skip
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        done = run(
            "predict", "--model", "demo", "--filepaths", self.folder / "pipe.jpg",
            "--coordinates_from_exif", timeout=60,
        )  # fmt: skip
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)


if __name__ == "__main__":
    unittest.main()
