"""`speciesnet model compile`, and that answers stay what they were."""

import json
import os
import subprocess
import unittest
from pathlib import Path
from typing import Any

from command_line import (
    ALL_FINE,
    COULD_NOT_RUN,
    PHOTOS,
    PROGRAM,
    WRONG_USAGE,
    CommandLineTest,
    run,
)

MODEL = PHOTOS.parent / "model"
MAKE_COMPILABLE = os.environ["SPECIESNET_MAKE_COMPILABLE"]
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
        subprocess.run([MAKE_COMPILABLE, MODEL, self.package], check=True, timeout=120)

    def compiled(self) -> list[Path]:
        return sorted(self.package.glob("*.compiled"))

    def predictions(self) -> Any:
        # The detector finds nothing, so the whole picture is classified.
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

    def test_what_was_compiled_is_used_for_its_precision(self) -> None:
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

    def loads_libtorch(self, log: str) -> bool:
        """Whether a prediction loads it, as the dynamic linker tells."""
        environment = os.environ | {"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(self.folder / log)}
        done = run("predict", "--model", self.package, "--filepaths", PHOTOS / "zebra.jpg",
                   env=environment)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        (file,) = self.folder.glob(f"{log}.*")
        return "libtorch_cpu" in file.read_text()

    @unittest.skipIf(
        "libtorch_cpu" in subprocess.run(["ldd", PROGRAM], capture_output=True, text=True).stdout,
        "this build links LibTorch",
    )
    def test_libtorch_is_loaded_only_for_what_is_not_compiled(self) -> None:
        self.assertTrue(self.loads_libtorch("before"))
        self.assertEqual(run("model", "compile", self.package).returncode, ALL_FINE)
        self.assertFalse(self.loads_libtorch("after"))

    def test_the_demonstration_is_refused(self) -> None:
        done = run("model", "compile", "demo")
        self.assert_refused(done, WRONG_USAGE, "demonstration model is part of the library")

    def test_a_network_that_is_no_plan_is_named_and_the_other_is_compiled(self) -> None:
        (self.package / "detector.pt").write_bytes((MODEL / "detector.pt").read_bytes())
        done = run("model", "compile", self.package)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("detector.pt was not compiled: the operation", done.stderr)
        self.assertEqual([path.name.split(".")[0] for path in self.compiled()], ["classifier"])

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
        done = run("model", "compile", self.package, "--precision", "fp16")
        self.assert_refused(done, WRONG_USAGE, "--precision")
        self.assert_refused(run("model", "compile"), WRONG_USAGE, "name is required")


if __name__ == "__main__":
    unittest.main()
