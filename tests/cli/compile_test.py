# SPDX-License-Identifier: Apache-2.0
"""`speciesnet model compile`; answers do not change."""

import json
import os
import platform
import shutil
import unittest
from pathlib import Path
from typing import Any

from command_line import (
    ALL_FINE,
    COULD_NOT_RUN,
    HAS_TORCH,
    PHOTOS,
    WRONG_USAGE,
    CommandLineTest,
    run,
)

MODEL = PHOTOS.parent / "model"
NETWORKS = ("detector", "classifier")


def can_compile() -> bool:
    """Networks are compiled for CPUs with AVX2 and FMA."""
    checks = json.loads(run("doctor", "--json").stdout)["checks"]
    (processor,) = (check for check in checks if check["name"] == "processor")
    return processor["facts"].get("avx2") == "yes"


@unittest.skipUnless(can_compile(), "networks are not compiled for this CPU")
class CompileTest(CommandLineTest):
    def setUp(self) -> None:
        super().setUp()
        self.package = self.folder / "package"
        shutil.copytree(MODEL, self.package)

    def compiled(self) -> list[Path]:
        return sorted(self.package.glob("*.compiled"))

    def predictions(self) -> Any:
        done = run("predict", "--model", self.package, "--filepaths", PHOTOS / "zebra.jpg",
                   "--result_format=image")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return json.loads(done.stdout)

    def test_the_folder_is_printed_and_answers_are_the_same(self) -> None:
        before = self.predictions()
        self.assertTrue(before["predictions"][0]["classifications"]["scores"])
        done = run("model", "compile", self.package)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual(done.stdout, f"{self.package}\n")
        self.assertEqual(len(self.compiled()), len(NETWORKS))
        for name in NETWORKS:
            (file,) = self.package.glob(f"{name}.*-fp32.compiled")
            self.assertIn(f"compiling {name}.pt\n", done.stderr)
            self.assertIn(f"{name}.pt -> {file.name} (", done.stderr)
        self.assertEqual(self.predictions(), before)

    def test_photos_calibrate_int8(self) -> None:
        done = run("model", "compile", self.package, "--precision", "int8", "--target", "avx512",
                   "--calibrate", PHOTOS)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        count = len(list(PHOTOS.glob("*.jpg")))
        self.assertIn(f"calibrating 1/{count}: {PHOTOS}", done.stderr)
        self.assertIn(f"calibrating {count}/{count}: ", done.stderr)
        self.assertIn("compiling detector.pt\n", done.stderr)
        self.assertEqual(len(list(self.package.glob("*.avx512-int8.compiled"))), len(NETWORKS))

    def test_what_cannot_calibrate_is_refused(self) -> None:
        empty = self.folder / "empty"
        empty.mkdir()
        refused = run("model", "compile", self.package, "--precision", "int8", "--target", "avx512",
                      "--calibrate", empty)
        self.assert_refused(refused, WRONG_USAGE, "has no photos", "--calibrate")
        refused = run("model", "compile", self.package, "--calibrate", PHOTOS)
        self.assert_refused(refused, WRONG_USAGE, "only precision int8 can be calibrated, not fp32")
        (empty / "a.jpg").write_bytes(b"no photo")
        refused = run("model", "compile", self.package, "--precision", "int8", "--target", "avx512",
                      "--calibrate", empty)
        self.assert_refused(refused, WRONG_USAGE, "none of the photos in", "can be decoded")
        self.assertEqual(self.compiled(), [])

    def test_damaged_photos_are_skipped_for_calibration(self) -> None:
        season = self.folder / "season"
        season.mkdir()
        (season / "a.jpg").write_bytes(b"no photo")
        shutil.copy(next(PHOTOS.glob("*.jpg")), season / "b.jpg")
        done = run("model", "compile", self.package, "--precision", "int8", "--target", "avx512",
                   "--calibrate", season)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn(f"skipped for calibration: {season / 'a.jpg'}: ", done.stderr)
        self.assertIn(f"calibrating 1/1: {season / 'b.jpg'}\n", done.stderr)

    def test_compiled_files_are_used_for_their_precision(self) -> None:
        before = self.predictions()
        done = run("model", "compile", self.package, "--precision", "fp32")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        (file,) = self.package.glob("detector.*.compiled")
        file.write_bytes(b"nothing of the kind")
        broken = run("predict", "--model", self.package, "--filepaths", PHOTOS / "zebra.jpg")
        self.assert_refused(broken, COULD_NOT_RUN, str(file), "is damaged")
        again = run("model", "compile", self.package)
        self.assertEqual(again.returncode, ALL_FINE, again.stderr)
        self.assertEqual(self.predictions(), before)

    def remove_networks(self) -> None:
        for name in NETWORKS:
            (self.package / f"{name}.pt").unlink()

    def test_a_portable_compiled_file_suffices_by_itself(self) -> None:
        before = self.predictions()
        done = run("model", "compile", self.package, "--target", "portable")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual([file.name for file in self.compiled()],
                         ["classifier.portable-fp32.compiled", "detector.portable-fp32.compiled"])  # fmt: skip
        self.remove_networks()
        (after,), (known,) = self.predictions()["predictions"], before["predictions"]
        self.assertEqual(after["prediction"], known["prediction"])
        self.assertAlmostEqual(after["prediction_score"], known["prediction_score"], 3)
        self.assertFalse(self.loads_libtorch(self.package))
        # The other commands also accept such packages.
        info = run("model", "info", self.package)
        self.assertEqual(info.returncode, ALL_FINE, info.stderr)
        self.assertIn("detector.portable-fp32.compiled", info.stdout)
        again = run("model", "compile", self.package)
        self.assert_refused(again, COULD_NOT_RUN, "detector.pt")

    def test_a_detector_is_not_downloaded_if_its_compiled_form_exists(self) -> None:
        info = json.loads((self.package / "info.json").read_text())
        url = "https://127.0.0.1:9/detector.pt"
        (self.package / "detector.pt").rename(self.package / url.replace(":", "_").replace("/", "_"))
        (self.package / "info.json").write_text(json.dumps(info | {"detector": url}))
        done = run("model", "compile", self.package)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        before = self.predictions()
        (self.package / url.replace(":", "_").replace("/", "_")).unlink()
        self.assertEqual(self.predictions(), before)

    def test_files_that_fit_nothing_are_named(self) -> None:
        foreign = "avx512" if platform.machine() == "aarch64" else "neon"
        done = run("model", "compile", self.package, "--target", foreign)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        done = run("predict", "--model", self.package, "--filepaths", PHOTOS / "zebra.jpg")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertRegex(done.stderr, f"speciesnet: note: '.*detector.{foreign}-fp32.compiled' is not used: it is for {foreign}, fp32")
        self.remove_networks()
        done = run("predict", "--model", self.package, "--filepaths", PHOTOS / "zebra.jpg")
        self.assert_refused(done, COULD_NOT_RUN, "has no '", f"this CPU cannot run {foreign}, fp32", "--target")

    def loads_libtorch(self, package: Path) -> bool:
        """Returns whether a prediction loads LibTorch, according to the dynamic linker."""
        log = self.folder / "loaded"
        environment = os.environ | {"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(log)}
        done = run("predict", "--model", package, "--filepaths", PHOTOS / "zebra.jpg", env=environment)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        (file,) = self.folder.glob(f"{log.name}.*")
        text = file.read_text()
        file.unlink()
        return "libtorch_cpu" in text

    def test_published_networks_do_not_need_libtorch(self) -> None:
        self.assertFalse(self.loads_libtorch(self.package))

    @unittest.skipUnless(HAS_TORCH, "this build does not include LibTorch")
    def test_compiled_torchscript_does_not_need_libtorch(self) -> None:
        exported = self.folder / "exported"
        done = run("model", "export", self.package, "--output", exported)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertTrue(self.loads_libtorch(exported))
        self.assertEqual(run("model", "compile", exported).returncode, ALL_FINE)
        self.assertFalse(self.loads_libtorch(exported))

    def test_the_demonstration_is_refused(self) -> None:
        done = run("model", "compile", "demo")
        self.assert_refused(done, WRONG_USAGE, "demonstration model cannot be compiled")

    def test_a_folder_that_cannot_be_written_is_an_error(self) -> None:
        self.package.chmod(0o555)
        self.addCleanup(self.package.chmod, 0o755)
        if os.access(self.package, os.W_OK):
            self.skipTest("this user may write everywhere")
        done = run("model", "compile", self.package)
        self.assert_refused(done, COULD_NOT_RUN, str(self.package), "ermission denied")

    def test_a_file_that_cannot_be_replaced_is_an_error(self) -> None:
        self.assertEqual(run("model", "compile", self.package).returncode, ALL_FINE)
        (file,) = self.package.glob("detector.*.compiled")
        file.unlink()
        (file / "mine").mkdir(parents=True)
        files = sorted(self.package.iterdir())
        self.assert_refused(run("model", "compile", self.package), COULD_NOT_RUN, str(file))
        self.assertEqual(sorted(self.package.iterdir()), files)

    def test_a_name_of_no_model_and_an_unknown_precision_are_refused(self) -> None:
        self.assert_refused(run("model", "compile", self.folder / "nowhere"), COULD_NOT_RUN, "nowhere")
        self.assert_refused(run("model", "compile", self.package, "--target", "sse2"), WRONG_USAGE, "--target")
        done = run("model", "compile", self.package, "--target", "avx2", "--precision", "bf16")
        self.assert_refused(done, COULD_NOT_RUN, "avx2 has no bf16")
        done = run("model", "compile", self.package, "--precision", "fp16")
        self.assert_refused(done, WRONG_USAGE, "--precision")
        self.assert_refused(run("model", "compile"), WRONG_USAGE, "name is required")


if __name__ == "__main__":
    unittest.main()
