# SPDX-License-Identifier: Apache-2.0
"""`speciesnet predict` with the demonstration model and its sample photos."""

import contextlib
import json
import os
import pty
import stat
import subprocess
import unittest

from command_line import (
    ALL_FINE,
    COULD_NOT_RUN,
    FIXTURES,
    PHOTOS,
    PROGRAM,
    SOME_FAILED,
    CommandLineTest,
    run,
)

ZEBRA = PHOTOS / "zebra.jpg"


class PredictTest(CommandLineTest):
    def test_the_answer_of_a_photo_is_a_document_on_stdout(self) -> None:
        document, messages = self.predict("--filepaths", ZEBRA, status=ALL_FINE)
        self.assertEqual(document["info"], {"format_version": "20261015"})
        (prediction,) = document["predictions"]
        self.assertEqual(prediction["filepath"], str(ZEBRA))
        self.assertIn("processed_classification", prediction["detections"][0])
        self.assertIn("demo", prediction["model_version"])
        self.assertIn("demonstration", messages)

    def test_one_answer_per_image_can_be_asked_for(self) -> None:
        document, _ = self.predict("--filepaths", ZEBRA, "--result_format=image", status=ALL_FINE)
        self.assertNotIn("info", document)
        (prediction,) = document["predictions"]
        self.assertIn("prediction_source", prediction)
        self.assertEqual(len(prediction["classifications"]["classes"]), 5)

    def test_another_detector_is_named_in_answers_and_never_mixed_with_the_first(self) -> None:
        output, detector = self.folder / "out.json", FIXTURES / "detectors" / "md_small.pt"
        flags = ("--model", "demo", "--filepaths", ZEBRA, "--predictions_json", output)
        timelapse = self.folder / "timelapse.json"
        done = run("predict", *flags, "--detector", detector, "--megadetector_json", timelapse)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        (prediction,) = json.loads(output.read_text(encoding="utf-8"))["predictions"]
        self.assertEqual(prediction["model_version"], "demo-2+md_small")
        self.assertEqual(json.loads(timelapse.read_text(encoding="utf-8"))["info"]["detector"], "md_small")
        again = run("predict", *flags)
        self.assertIn("demo-2+md_small", again.stderr)
        self.assertNotEqual(again.returncode, ALL_FINE)
        self.assert_refused(run("predict", "--model", "demo", "--filepaths", ZEBRA, "--detector", "none.pt"),
                            COULD_NOT_RUN, "--detector", "none.pt")  # fmt: skip

    def test_a_failed_photo_is_named_and_does_not_stop_the_others(self) -> None:
        broken = self.folder / "broken.jpg"
        broken.write_bytes(b"not an image")
        missing = self.folder / "missing.jpg"
        document, messages = self.predict(
            "--filepaths", f"{broken},{missing},{ZEBRA}", status=SOME_FAILED
        )
        first, second, third = document["predictions"]
        self.assertEqual(first["failures"], ["CLASSIFIER", "DETECTOR"])
        self.assertEqual(second["failures"], ["CLASSIFIER", "DETECTOR"])
        self.assertNotIn("failures", third)
        self.assertIn(f"failed: {broken}: ", messages)
        self.assertIn(f"failed: {missing}: ", messages)
        self.assertIn("2 of 3 images failed", messages)

    def test_a_saved_document_has_four_decimals_and_the_same_answers(self) -> None:
        exact, _ = self.predict("--filepaths", ZEBRA, status=ALL_FINE)
        saved = self.folder / "out.json"
        nothing, _ = self.predict(
            "--filepaths", ZEBRA, "--predictions_json", saved, status=ALL_FINE
        )
        self.assertIsNone(nothing)
        rounded = json.loads(json.dumps(exact), parse_float=lambda text: round(float(text), 4))
        document = json.loads(saved.read_text(encoding="utf-8"))
        run_info = document.pop("run_info")
        self.assertEqual(document, rounded)
        self.assertEqual((run_info["model_version"], run_info["demo"]), ("demo-2", True))

    def test_a_saved_document_is_as_public_as_other_files_and_leaves_nothing_beside_it(self) -> None:
        saved = self.folder / "out.json"
        arguments = ["--filepaths", ZEBRA, "--predictions_json", saved]
        self.predict(*arguments, status=ALL_FINE, umask=0o027)
        self.assertEqual(stat.S_IMODE(saved.stat().st_mode), 0o640)
        self.assertEqual(os.listdir(self.folder), ["out.json"])

    def test_a_full_disk_is_reported(self) -> None:
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(
                [PROGRAM, "predict", "--model", "demo", "--filepaths", ZEBRA],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        self.assertEqual(done.returncode, COULD_NOT_RUN)
        self.assertIn("standard output", done.stderr)

    def test_country_and_region_override_those_of_the_instances(self) -> None:
        instances = self.folder / "instances.json"
        place = {"country": "USA", "admin1_region": "CA"}
        instances.write_text(
            json.dumps({"instances": [{"filepath": str(ZEBRA), **place}]}), encoding="utf-8"
        )
        given, _ = self.predict("--instances_json", instances, status=ALL_FINE)
        self.assertEqual(given["predictions"][0] | place, given["predictions"][0])
        other, _ = self.predict("--instances_json", instances, "--country", "KEN", status=ALL_FINE)
        # As in the reference, the region of the instance stays.
        self.assertEqual(other["predictions"][0]["country"], "KEN")
        self.assertEqual(other["predictions"][0]["admin1_region"], "CA")

    def test_the_state_of_the_usa_is_found_from_coordinates(self) -> None:
        instances = self.folder / "instances.json"
        place = {"country": "USA", "latitude": 37.8, "longitude": -119.5}
        instances.write_text(
            json.dumps({"instances": [{"filepath": str(ZEBRA), **place}]}), encoding="utf-8"
        )
        found, _ = self.predict("--instances_json", instances, status=ALL_FINE)
        self.assertEqual(found["predictions"][0]["admin1_region"], "CA")
        detected, _ = self.predict("--instances_json", instances, "--detector_only", status=ALL_FINE)
        self.assertEqual(list(detected["predictions"][0]), ["filepath", "detections"])

    def test_place_is_taken_from_the_photo_only_if_asked_for(self) -> None:
        photo = FIXTURES / "images" / "jpeg_gps.jpg"
        unasked, _ = self.predict("--filepaths", photo, status=ALL_FINE)
        self.assertNotIn("latitude", unasked["predictions"][0])
        asked, _ = self.predict(
            *("--filepaths", photo, "--coordinates_from_exif", "--country_from_coordinates"),
            status=ALL_FINE,
        )
        place = {"country": "USA", "admin1_region": "CA", "latitude": 37.75, "longitude": -119.5}
        self.assertEqual(asked["predictions"][0] | place, asked["predictions"][0])

    def test_flags_in_the_spellings_of_the_reference_are_understood(self) -> None:
        exact, _ = self.predict("--filepaths", ZEBRA, "--country", "KEN", status=ALL_FINE)
        for spelling in (
            [f"--filepaths={ZEBRA}", "--country=KEN", "--geofence=true", "--noprogress_bars"],
            [f"-filepaths={ZEBRA}", "-country", "KEN", "-geofence", "--progress_bars=false"],
        ):
            document, _ = self.predict(*spelling, status=ALL_FINE)
            self.assertEqual(document, exact)

    def test_progress_is_lines_in_a_file_and_silent_on_demand(self) -> None:
        _, lines = self.predict("--filepaths", ZEBRA, status=ALL_FINE)
        self.assertIn("1/1 images (100 %)", lines)
        self.assertNotIn("\r", lines)
        _, silent = self.predict("--filepaths", ZEBRA, "--noprogress_bars", status=ALL_FINE)
        self.assertNotIn("images", silent)

    def test_progress_is_a_bar_on_a_terminal(self) -> None:
        controller, terminal = pty.openpty()
        with subprocess.Popen(
            [PROGRAM, "predict", "--model", "demo", "--filepaths", ZEBRA],
            stdout=subprocess.DEVNULL,
            stderr=terminal,
        ) as process:
            self.assertEqual(process.wait(timeout=300), ALL_FINE)
        os.close(terminal)
        shown = b""
        # The output arrives in pieces, followed by an error when the terminal is closed.
        with contextlib.suppress(OSError):
            while piece := os.read(controller, 65536):
                shown += piece
        os.close(controller)
        self.assertRegex(shown.decode(), r"\r\[#+\] 1/1 images \(100 %\), [\d.]+ images/s")


if __name__ == "__main__":
    unittest.main()
