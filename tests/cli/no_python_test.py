# SPDX-License-Identifier: Apache-2.0
"""A package in the published formats, with pickles, on a machine without Python."""

import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from command_line import ALL_FINE, FIXTURES, PHOTOS, PROGRAM, CommandLineTest, run

ZEBRA = PHOTOS / "zebra.jpg"
NETWORKS = ("detector.pt", "classifier.pt")
LABELS = [
    f"00000000-0000-4000-8000-00000000000{number};mammalia;carnivora;felidae;panthera;{species};{species}"
    for number, species in enumerate(("leo", "onca", "pardus", "tigris", "uncia"))
]


class NoPythonTest(CommandLineTest):
    """PATH contains no programs."""

    def setUp(self) -> None:
        super().setUp()
        self.package = self.folder / "published"
        self.package.mkdir()
        for name in NETWORKS:
            shutil.copy(FIXTURES / "import" / name, self.package)
        for name in ("labels.txt", "taxonomy.txt"):
            (self.package / name).write_text("\n".join(LABELS) + "\n")
        (self.package / "geofence.json").write_text("{}")
        info = {
            "version": "small",
            "type": "always_crop",
            "detector": "detector.pt",
            "classifier": "classifier.pt",
            "classifier_labels": "labels.txt",
            "taxonomy": "taxonomy.txt",
            "geofence": "geofence.json",
        }
        (self.package / "info.json").write_text(json.dumps(info))
        nothing = self.folder / "bin"
        nothing.mkdir()
        self.environment = {"PATH": str(nothing), "SPECIESNET_CACHE": str(self.folder / "cache")}

    def answer(self, *arguments: object) -> dict[str, object]:
        """Returns the only prediction of a run with the published folder."""
        flags = [str(argument) for argument in arguments]
        done = run("predict", "--model", self.package, *flags, env=self.environment)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        (prediction,) = json.loads(done.stdout)["predictions"]
        self.assertNotIn("failures", prediction)
        return prediction

    def test_the_published_folder_is_run(self) -> None:
        before = sorted(self.package.iterdir())
        self.assertEqual(self.answer("--filepaths", ZEBRA)["model_version"], "small")
        # No file is created anywhere.
        self.assertEqual(sorted(self.package.iterdir()), before)
        self.assertFalse((self.folder / "cache").exists())

    def test_its_classifier_receives_the_detections(self) -> None:
        box = {"category": "1", "label": "animal", "conf": 0.9, "bbox": [0.2, 0.2, 0.5, 0.5]}
        detections = self.folder / "detections.json"
        detections.write_text(
            json.dumps({"predictions": [{"filepath": str(ZEBRA), "detections": [box]}]})
        )
        found = self.answer(
            *("--classifier_only", "--detections_json", detections, "--filepaths", ZEBRA),
            "--max_classifications_per_detection=5",
        )
        classes = found["detections"][0]["raw_classifications"]["classes"]  # type: ignore[index]
        self.assertEqual(sorted(classes), LABELS)

    def test_no_part_of_the_program_links_python(self) -> None:
        def linked(file: object) -> str:
            return subprocess.run(
                ["ldd", str(file)], capture_output=True, text=True, check=True
            ).stdout

        libraries = linked(PROGRAM)
        (library,) = re.findall(r"libspeciesnet\.so\S* => (\S+)", libraries)
        self.assertNotIn("libtorch", libraries)
        # In builds with LibTorch, it is behind a plug-in.
        for plugin in Path(library).parent.glob("libspeciesnet_torch-*.so"):
            libraries += linked(plugin)
            self.assertIn("libtorch_cpu", libraries)
        self.assertNotIn("libpython", libraries)
        self.assertNotIn("libtorch_python", libraries)


if __name__ == "__main__":
    unittest.main()
