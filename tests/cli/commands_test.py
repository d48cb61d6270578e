# SPDX-License-Identifier: Apache-2.0
"""Summary, doctor, completions and the manual page; all of them contain every flag."""

import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Any

from command_line import (
    ALL_FINE,
    COULD_NOT_RUN,
    FIXTURES,
    HAS_TORCH,
    PHOTOS,
    PROGRAM,
    SOME_FAILED,
    WRONG_USAGE,
    CommandLineTest,
    run,
)

DEMONSTRATION = PHOTOS.parent / "model"

COMMANDS = [
    [],
    ["predict"],
    ["visualize"],
    ["convert"],
    ["summary"],
    ["doctor"],
    ["completion"],
    ["manual"],
    ["model"],
    *[["model", name] for name in
      ("list", "download", "export", "compile", "verify", "info", "remove")],
]

# Source: speciesnet 5.0.6, `python -m speciesnet.scripts.run_model --help`.
RUN_MODEL_FLAGS = """model detector_only classifier_only ensemble_only geofence instances_json filepaths
filepaths_txt folders folders_txt country admin1_region target_species_txt run_mode batch_size
progress_bars detections_json classifications_json predictions_json ignore_existing_predictions
bypass_prompts force_model_download max_classifications_per_image max_classifications_per_detection
detection_threshold_for_classification""".split()


def flags_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9_]*", text))


def bash_offers(*words: str) -> list[str]:
    """Returns what bash offers for the last of the words."""
    script = (
        f'eval "$({PROGRAM} completion bash)"; compopt() {{ :; }}; COMP_WORDS=("$@"); '
        'COMP_CWORD=$(($# - 1)); _speciesnet; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script, "bash", "speciesnet", *words],
                          capture_output=True, text=True, check=True, timeout=120)
    assert not done.stderr, done.stderr
    return done.stdout.split()


class UsageSourceTest(CommandLineTest):
    def test_help_has_purpose_usage_examples_and_exit_statuses_for_every_command(self) -> None:
        for command in COMMANDS:
            done = run(*command, "--help")
            self.assertEqual(done.returncode, ALL_FINE)
            self.assertIn(" ".join(["Usage: speciesnet", *command]), done.stdout)
            self.assertIn("Exit status: 0", done.stdout, command)
            if command:
                self.assertRegex(done.stdout, r"Examples?:\n  ", command)
            self.assertNotIn("->", done.stdout)
            self.assertNotIn("{", re.sub(r'\{"instances.*', "", done.stdout))

    def test_every_flag_is_in_help_manual_page_and_completions(self) -> None:
        manual = run("manual").stdout.replace("\\-", "-")
        scripts = {shell: run("completion", shell).stdout for shell in ("bash", "zsh", "fish")}
        for command in COMMANDS:
            known = flags_in(run(*command, "--help").stdout)
            self.assertIn("--help", known)
            path = " ".join(["speciesnet", *command])
            section = manual.split(f"\n.SH {path}\n")[1].split("\n.SH ")[0]
            offered = set(bash_offers(*command, "--"))
            for flag in known:
                self.assertIn(flag, flags_in(section), path)
                if flag in offered:
                    self.assertIn(f"'{flag}:", scripts["zsh"], path)
                    self.assertIn(f" -l {flag[2:]} ", scripts["fish"], path)
            self.assertLessEqual(offered, known, path)

    def test_all_flags_of_run_model_are_accepted(self) -> None:
        wanted = {"--" + name for name in RUN_MODEL_FLAGS}
        self.assertLessEqual(wanted, flags_in(run("predict", "--help").stdout))
        self.assertLessEqual(wanted, flags_in(run("manual").stdout.replace("\\-", "-")))
        self.assertLessEqual(wanted, set(bash_offers("predict", "--")))

    def test_bash_completes_commands_values_and_files(self) -> None:
        self.assertIn("predict", bash_offers("pre"))
        self.assertEqual(bash_offers("model", "ver"), ["verify"])
        self.assertEqual(bash_offers("completion", "z"), ["zsh"])
        self.assertEqual(bash_offers("predict", "--result_format", ""), ["detection", "image"])
        self.assertEqual(bash_offers("predict", "--result_format", "=", "im"), ["image"])
        (self.folder / "photos.txt").touch()
        offered = bash_offers("predict", "--filepaths_txt", f"{self.folder}/ph")
        self.assertEqual(offered, [f"{self.folder}/photos.txt"])

    def test_other_shells_and_man_accept_their_files(self) -> None:
        for program, arguments in (("zsh", ["-n"]), ("fish", ["--no-execute"])):
            if shutil.which(program) is None:
                continue
            script = self.folder / program
            script.write_text(run("completion", program).stdout, encoding="utf-8")
            done = subprocess.run([program, *arguments, script], capture_output=True, text=True,
                                  check=False, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        if shutil.which("groff") is not None:
            done = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z"],
                                  input=run("manual").stdout, capture_output=True, text=True,
                                  check=False, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_mistyped_words_are_named_with_a_suggestion(self) -> None:
        for arguments, meant in (
            (["predct", "--model", "demo"], "predict"),
            (["predict", "--folder", "x"], "--folders"),
            (["predict", "-modle", "demo"], "--model"),
            (["visualize", "--prediction_json", "x"], "--predictions_json"),
            (["model", "lst"], "list"),
        ):
            self.assert_refused(run(*arguments), WRONG_USAGE, f"did you mean {meant}?")


class SummaryTest(CommandLineTest):
    def results(self, *predictions: dict[str, Any]) -> str:
        file = self.folder / "r\u00e9sults.json"
        file.write_text(json.dumps({"predictions": predictions}), encoding="utf-8")
        return str(file)

    @staticmethod
    def photo(filepath: str, name: str, score: float = 0.9, **more: Any) -> dict[str, Any]:
        label = f"u;mammalia;;;panthera;leo;{name}"
        return {"filepath": filepath, "prediction": label, "prediction_score": score,
                "prediction_source": "classifier", "model_version": "m",
                "classifications": {"classes": [label], "scores": [score]},
                "detections": []} | more

    def test_species_are_counted_with_share_and_mean_score(self) -> None:
        results = self.results(
            self.photo("a.jpg", "lion", 0.8), self.photo("b.jpg", "lion", 0.6),
            self.photo("c.jpg", "l\u00f6we"),
            {"filepath": "d.jpg", "failures": ["DETECTOR", "CLASSIFIER"]},
        )
        done = run("summary", "--predictions_json", results)
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[1].split(), ["lion", "2", "50.0", "%", "0.70"])
        self.assertEqual(lines[2].split(), ["l\u00f6we", "1", "25.0", "%", "0.90"])
        self.assertEqual(lines[3].split(), ["(failed)", "1", "25.0", "%", "-"])
        self.assertEqual(len({len(line) for line in lines[:4]}), 1)

    def test_folders_and_countries_have_separate_tables(self) -> None:
        results = self.results(
            self.photo("x/a.jpg", "lion", country="KEN"), self.photo("y/b.jpg", "lion"))
        folders = run("summary", "--predictions_json", results, "--by", "folder")
        self.assertEqual(folders.returncode, ALL_FINE)
        self.assertRegex(folders.stdout, r"(?s)^x\n.*1 photo,.*\ny\n.*1 photo,")
        countries = run("summary", "--predictions_json", results, "--by", "country").stdout
        self.assertRegex(countries, r"(?s)\(no country\)\n.*\nKEN\n")
        scientific = run("summary", "--predictions_json", results, "--names", "scientific")
        self.assertIn("Panthera leo", scientific.stdout)

    def test_results_in_both_formats_are_read(self) -> None:
        for shape in ("detection", "image"):
            out = self.folder / f"{shape}.json"
            self.predict("--filepaths", PHOTOS / "zebra.jpg", "--predictions_json", out,
                         "--result_format", shape, status=ALL_FINE)
            self.assertIn("plains zebra", run("summary", "--predictions_json", out).stdout)

    def test_a_file_that_is_missing_or_wrong_names_its_flag(self) -> None:
        missing = run("summary", "--predictions_json", "nowhere")
        self.assert_refused(missing, COULD_NOT_RUN, "--predictions_json", "nowhere")
        self.assert_refused(run("summary", "--predictions_json", self.results({})), WRONG_USAGE,
                            "--predictions_json")


class CompileTest(CommandLineTest):
    def small_package(self) -> Path:
        """Creates a package in which both networks are the small detector of the tests."""
        package = self.folder / "package"
        shutil.copytree(DEMONSTRATION, package)
        for network in ("detector.pt", "classifier.pt"):
            shutil.copy(FIXTURES / "import" / "detector.pt", package / network)
        return package

    def test_compiled_files_are_beside_the_networks_and_in_info(self) -> None:
        package = self.small_package()
        self.assertNotIn(".compiled", run("model", "info", package).stdout)
        done = run("model", "compile", package)
        if "AVX2" in done.stderr:
            self.skipTest(done.stderr)
        self.assertEqual((done.returncode, done.stdout), (ALL_FINE, f"{package}\n"), done.stderr)
        made = sorted(package.glob("*-fp32.compiled"))
        self.assertEqual(len(made), 2)
        info = run("model", "info", package)
        self.assertEqual(info.returncode, ALL_FINE, info.stderr)
        lines = [line.split("\t") for line in info.stdout.splitlines() if ".compiled" in line]
        self.assertEqual([line[:2] for line in lines], [["file", file.name] for file in made])
        for line, file in zip(lines, made):
            self.assertIn(line[2], done.stderr)
            self.assertAlmostEqual(float(line[2].split()[0]), file.stat().st_size / 1000, delta=0.1)

    def test_info_shows_the_operations_of_networks(self) -> None:
        package = self.small_package()
        shutil.copy(FIXTURES / "import" / "classifier.pt", package / "classifier.pt")
        self.assertNotIn("graph\t", run("model", "info", package).stdout)
        info = run("model", "info", "--graph", package)
        self.assertEqual(info.returncode, ALL_FINE, info.stderr)
        _, detector, classifier = re.split(r"^graph\t.*\n", info.stdout, flags=re.M)
        self.assertRegex(detector, r"\A%0 +input\n%1 +convolution +%0 +stride 2x2 padding 2x2 +"
                         r"model\.model\.0\.conv\.weight \[8, 3, 6, 6\] float16\n")
        self.assertRegex(detector, r"\n%71 +yolo boxes +%68 %69 %70 .*anchors 4x5 8x10.*\noutput %71\n\Z")
        self.assertRegex(classifier, r"\A%0 +input\n%1 +permute +%0 +axes \[0, 3, 1, 2\]\n")
        (package / "detector.pt").write_bytes(b"no network")
        self.assert_refused(run("model", "info", "--graph", package), COULD_NOT_RUN, "detector.pt")

    def test_a_package_that_cannot_be_compiled_is_not_changed(self) -> None:
        self.assert_refused(run("model", "compile", "demo"), WRONG_USAGE, "no folder")
        self.assert_refused(run("model", "compile", self.folder / "none"), COULD_NOT_RUN, "none")
        package = self.small_package()
        for network in ("detector.pt", "classifier.pt"):
            shutil.copy(FIXTURES / "import" / "foreign.pt", package / network)
        done = run("model", "compile", package)
        if "AVX2" in done.stderr:
            self.skipTest(done.stderr)
        self.assertEqual(done.returncode, COULD_NOT_RUN)
        if HAS_TORCH:
            for network in ("detector.pt", "classifier.pt"):
                self.assertIn(f"{network} was not compiled: ", done.stderr)
        else:
            self.assertIn("this build does not include LibTorch", done.stderr)
        self.assertEqual(list(package.glob("*.compiled")), [])

    @unittest.skipUnless(HAS_TORCH, "this build does not include LibTorch")
    def test_a_network_that_cannot_be_compiled_does_not_stop_the_other(self) -> None:
        package = self.small_package()
        shutil.copy(FIXTURES / "import" / "foreign.pt", package / "detector.pt")
        done = run("model", "compile", package)
        if "AVX2" in done.stderr:
            self.skipTest(done.stderr)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("detector.pt was not compiled: the operation 'aten::atan'", done.stderr)
        (made,) = package.glob("*.compiled")
        self.assertIn(f"classifier.pt -> {made.name} (", done.stderr)


@unittest.skipIf(HAS_TORCH, "this build has LibTorch")
class WithoutLibTorchTest(CommandLineTest):
    def test_torchscript_is_refused(self) -> None:
        package = self.folder / "package"
        shutil.copytree(PHOTOS.parent / "model", package)
        shutil.copy(FIXTURES / "import" / "foreign.pt", package / "detector.pt")
        for command in (("predict", "--filepaths", PHOTOS / "zebra.jpg", "--model", package),
                        ("model", "info", "--graph", package)):
            done = run(*command)
            self.assertEqual(done.returncode, COULD_NOT_RUN, done.stderr)
            self.assertIn("this build does not include LibTorch", done.stderr)

    def test_a_gpu_is_refused(self) -> None:
        done = run("predict", "--model", "demo", "--device", "cuda", "--filepaths", PHOTOS / "zebra.jpg")
        self.assert_refused(done, COULD_NOT_RUN, "this build does not include LibTorch", "CUDA")

    def test_nothing_is_exported(self) -> None:
        exported = self.folder / "exported"
        done = run("model", "export", PHOTOS.parent / "model", "--output", exported)
        self.assert_refused(done, COULD_NOT_RUN, "this build does not include LibTorch")
        self.assertFalse(exported.exists())


class DoctorTest(CommandLineTest):
    def test_a_machine_that_runs_these_tests_is_healthy(self) -> None:
        done = run("doctor", "--json", "--cache", self.folder, cwd=self.folder)
        self.assertEqual(done.returncode, ALL_FINE, done.stdout)
        document = json.loads(done.stdout)
        self.assertTrue(document["healthy"])
        checks = {check["name"]: check for check in document["checks"]}
        self.assertEqual(checks["self-test"]["facts"]["answer"], "equus_quagga")
        self.assertRegex(checks["LibTorch"]["facts"]["version"], r"^\d+\.\d+" if HAS_TORCH else r"^$")
        self.assertIn(checks["processor"]["facts"]["avx2"], ("yes", "no"))

    def test_a_cache_that_cannot_be_made_is_trouble(self) -> None:
        file = self.folder / "file"
        file.touch()
        done = run("doctor", "--cache", file / "cache")
        self.assertEqual(done.returncode, COULD_NOT_RUN, done.stdout)
        self.assertRegex(done.stdout, r"trouble +model cache: .*/file/cache")


if __name__ == "__main__":
    unittest.main()
