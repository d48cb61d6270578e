# SPDX-License-Identifier: Apache-2.0
"""Decisions on earlier results: a package without networks, and lions that were classified."""

import json
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, CommandLineTest, run

LION = "id-1;mammalia;carnivora;felidae;panthera;leo;lion"
CATS = "id-5;mammalia;carnivora;felidae;;;cat family"
LEOPARD = "id-6;mammalia;carnivora;felidae;panthera;pardus;leopard"


class DecisionsTest(CommandLineTest):
    """Decides with a package of cats, in which lions live in Kenya and California."""

    def setUp(self) -> None:
        super().setUp()
        package = {
            "info.json": {"version": "9", "type": "always_crop", "classifier": "c", "detector": "d",
                          "classifier_labels": "l", "taxonomy": "t", "geofence": "g"},
            "g": {"mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": [], "USA": ["CA"]}}},
        }  # fmt: skip
        (self.folder / "package").mkdir()
        for name, content in package.items():
            self.write(f"package/{name}", content)
        (self.folder / "package/t").write_text(f"{LION}\n{CATS}\n{LEOPARD}\n", encoding="utf-8")

    def write(self, name: str, content: Any) -> Path:
        file = self.folder / name
        file.write_text(json.dumps(content), encoding="utf-8")
        return file

    def decide(self, instances: list[dict[str, Any]], *flags: str) -> tuple[list[Any], str]:
        """Returns the answers for lions at locations, and stderr."""
        detection = {"category": "1", "label": "animal", "conf": 0.9, "bbox": [0.1, 0.2, 0.3, 0.4]}
        classes = {"classes": [LION], "scores": [0.9]}
        names = [instance["filepath"] for instance in instances]
        detections = [{"filepath": name, "detections": [detection]} for name in names]
        classified = [
            {"filepath": name, "detections": [detection | {"raw_classifications": classes}]}
            for name in names
        ]
        done = run(
            "predict", "--model", self.folder / "package", "--ensemble_only",
            "--instances_json", self.write("instances.json", {"instances": instances}),
            "--detections_json", self.write("detections.json", {"predictions": detections}),
            "--classifications_json", self.write("classes.json", {"predictions": classified}), *flags,
        )  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return json.loads(done.stdout)["predictions"], done.stderr

    def answer(self, *flags: str, **place: Any) -> tuple[str, str, str]:
        """Returns country and answer of one lion, and stderr."""
        (prediction,), messages = self.decide([{"filepath": "a.jpg", **place}], *flags)
        label = prediction["detections"][0]["processed_classification"]["class"]
        return prediction.get("country", ""), label, messages
