# SPDX-License-Identifier: Apache-2.0
"""The flags of run_model that select stages, in all their forms, and decisions about earlier results.

The package has no networks, so that any use of one would fail.
"""

import json
import unittest
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

ZEBRA = PHOTOS / "zebra.jpg"

CATS = "id-5;mammalia;carnivora;felidae;;;cat family"
LION = "id-1;mammalia;carnivora;felidae;panthera;leo;lion"
LEOPARD = "id-2;mammalia;carnivora;felidae;panthera;pardus;leopard"
JACKAL = "id-3;mammalia;carnivora;canidae;lupulella;mesomelas;jackal"
CARNIVORES = "id-7;mammalia;carnivora;;;;carnivores"
BLANK = "f1856211-cfb7-4a5b-9158-c0f72fd09ee6;;;;;;blank"
GEOFENCE = {
    "mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}},
    "mammalia;carnivora;felidae;;": {"block": {"USA": ["CA"]}},
}
DETECTION = {"category": "1", "label": "animal", "conf": 0.9, "bbox": [0.1, 0.2, 0.3, 0.4]}
SHAPES = ("detection", "image")
"""How a classifier's run says of the same detection what it is."""


class StagesTest(CommandLineTest):
    def write(self, name: str, document: Any) -> Path:
        file = self.folder / name
        text = document if isinstance(document, str) else json.dumps(document)
        file.write_text(text, encoding="utf-8")
        return file

    def package(self) -> Path:
        (self.folder / "package").mkdir(exist_ok=True)
        info = {
            "version": "9",
            "type": "always_crop",
            "classifier": "no_classifier.pt",
            "classifier_labels": "no_labels.txt",
            "detector": "https://127.0.0.1:1/no_detector.pt",
            "taxonomy": "taxonomy.txt",
            "geofence": "geofence.json",
        }
        self.write("package/info.json", info)
        taxonomy = [LION, LEOPARD, JACKAL, CATS, CARNIVORES]
        self.write("package/taxonomy.txt", "\n".join(taxonomy) + "\n")
        self.write("package/geofence.json", GEOFENCE)
        return self.folder / "package"

    def decide(
        self, classes: list[str], scores: list[float], *flags: str, shape: str = "detection"
    ) -> dict[str, Any]:
        """Returns the answer for one photo, given the results of earlier runs of both networks."""
        classification = {"classes": classes, "scores": scores}
        image = {"filepath": "a.jpg"}
        if shape == "image":
            classified = image | {"classifications": classification}
        else:
            classified = image | {"detections": [DETECTION | {"raw_classifications": classification}]}
        detections = self.write("d.json", {"predictions": [image | {"detections": [DETECTION]}]})
        classifications = self.write("c.json", {"predictions": [classified]})
        instances = self.write("i.json", {"instances": [image]})
        done = run(
            "predict", "--model", self.package(), "--ensemble_only", f"--instances_json={instances}",
            f"--detections_json={detections}", f"--classifications_json={classifications}", *flags,
        )  # fmt: skip
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        (prediction,) = json.loads(done.stdout)["predictions"]
        return prediction

    def test_decisions_need_no_network_files(self) -> None:
        for shape in SHAPES:
            with self.subTest(shape=shape):
                prediction = self.decide([LION, JACKAL], [0.9, 0.1], shape=shape)
                self.assertEqual(prediction["model_version"], "9")
                answer = prediction["detections"][0]["processed_classification"]
                self.assertEqual(answer, {"class": LION, "score": 0.9, "source": "classifier"})
        image = self.decide([LION], [0.9], "--result_format=image", "--country=FRA", shape="image")
        self.assertEqual(image["prediction"], CATS)
        self.assertEqual(image["prediction_source"], "classifier+geofence+rollup_to_family")

    def test_missing_networks_are_named(self) -> None:
        done = run("predict", "--model", self.package(), "--filepaths", ZEBRA)
        self.assert_refused(done, COULD_NOT_RUN, "127.0.0.1:1")

    def test_an_explanation_contains_the_whole_decision(self) -> None:
        place = ("--country=USA", "--admin1_region=CA")
        prediction = self.decide([LION, LEOPARD, BLANK], [0.5, 0.3, 0.1], "--explain", *place)
        (detection,) = prediction["detections"]
        self.assertEqual(detection["processed_classification"]["class"], CARNIVORES)
        # Two classes are reported, but three were used.
        self.assertEqual(detection["raw_classifications"]["classes"], [LION, LEOPARD])
        cats = "mammalia;carnivora;felidae;;"
        self.assertEqual(
            detection["explanation"],
            {
                "rule": "5a",
                "reason": 'the top class is "lion" with score 0.5 <= 0.65; the geofence blocks family '
                f'"cat family" with sum 0.8 (region_blocked by "{cats}"); rolled up to order '
                '"carnivores" with sum 0.8 > 0.65',
                "detection": {"category": "1", "label": "animal", "conf": 0.9},
                "classes": [LION, LEOPARD, BLANK],
                "scores": [0.5, 0.3, 0.1],
                "rollup": [
                    {"level": "genus", "threshold": 0.65, "reached": False, "sums": []},
                    {
                        "level": "family",
                        "threshold": 0.65,
                        "reached": False,
                        "sums": [
                            {
                                "class": CATS,
                                "score": 0.8,
                                "blocked_by": "region_blocked",
                                "blocked_by_entry": cats,
                            }
                        ],
                    },
                    {
                        "level": "order",
                        "threshold": 0.65,
                        "reached": True,
                        "sums": [{"class": CARNIVORES, "score": 0.8}],
                    },
                ],
            },
        )

    def test_a_blocked_top_class_is_explained_by_its_entry(self) -> None:
        prediction = self.decide([LION], [0.9], "--explain", "--country=FRA")
        explanation = prediction["detections"][0]["explanation"]
        self.assertEqual(explanation["rule"], "4a")
        self.assertEqual(explanation["top_class_blocked_by"], "country_not_allowed")
        self.assertIn(explanation["top_class_blocked_by_entry"], GEOFENCE)
        image = self.decide([LION], [0.9], "--explain", "--country=FRA", "--result_format=image")
        self.assertEqual(image["explanation"], explanation)
        self.assertNotIn("explanation", str(self.decide([LION], [0.9], "--noexplain")))

    def test_boolean_flags_have_all_forms_of_the_reference(self) -> None:
        def source(*flags: str) -> str:
            found = self.decide([LION], [0.9], "--country=FRA", *flags)["detections"][0]
            return found["processed_classification"]["source"]

        fenced, free = "classifier+geofence+rollup_to_family", "classifier"
        self.assertEqual([source(), source("--geofence"), source("--geofence=true")], [fenced] * 3)
        for off in ("--nogeofence", "-nogeofence", "--geofence=false"):
            self.assertEqual(source(off), free)
        # Switching off another stage changes nothing.
        self.assertEqual(source("--nodetector_only", "--noclassifier_only"), fenced)
        others = ("progress_bars", "bypass_prompts", "ignore_existing_predictions", "force_model_download")
        for name in others:
            for form in (f"--{name}", f"--no{name}", f"-no{name}", f"--{name}=true", f"--{name}=false"):
                self.assertEqual(source(form), fenced, form)

    def test_a_stage_continues_from_the_file_of_the_previous_one(self) -> None:
        whole, _ = self.predict("--filepaths", ZEBRA, "--country=KEN", status=ALL_FINE)
        for shape in SHAPES:
            common = ["--filepaths", ZEBRA, "--country=KEN", f"--result_format={shape}"]
            detections, classifications = self.folder / f"{shape}.d", self.folder / f"{shape}.c"
            self.predict(
                *common, "--detector_only", f"--predictions_json={detections}", status=ALL_FINE
            )
            self.predict(
                *common, "--classifier_only", f"--detections_json={detections}",
                f"--predictions_json={classifications}", status=ALL_FINE,
            )  # fmt: skip
            if shape == "detection":
                decided, _ = self.predict(
                    *common, "--ensemble_only", f"--detections_json={detections}",
                    f"--classifications_json={classifications}", status=ALL_FINE,
                )  # fmt: skip
                answers = [
                    [d.get("processed_classification", {}).get("class") for d in p["detections"]]
                    for document in (decided, whole)
                    for p in document["predictions"]
                ]
                self.assertEqual(answers[0], answers[1])
                self.assertIsNotNone(answers[0][0])

    def test_an_absent_result_is_a_failure_of_its_stage(self) -> None:
        empty = self.write("empty.json", {"predictions": []})
        document, messages = self.predict(
            "--filepaths=a.jpg", "--ensemble_only", f"--detections_json={empty}",
            f"--classifications_json={empty}", status=SOME_FAILED,
        )  # fmt: skip
        self.assertEqual(document["predictions"][0]["failures"], ["CLASSIFIER", "DETECTOR"])
        self.assertIn("no classifications were given", messages)

    def test_errors_of_a_flag_name_it(self) -> None:
        photo = ("predict", "--model=demo", f"--filepaths={ZEBRA}")
        past = ("--ensemble_only", "--detections_json=nowhere")
        empty = self.write("empty.json", {"predictions": []})
        cases = {
            ("--detector_only", "--classifier_only"): (WRONG_USAGE, "--ensemble_only", "got 2"),
            ("--ensemble_only",): (WRONG_USAGE, "--classifications_json", "--detections_json"),
            ("--classifier_only",): (WRONG_USAGE, "--classifier_only", "--detections_json"),
            ("--classifier_only", "--detections_json=nowhere"): (COULD_NOT_RUN, "--detections_json"),
            (*past, "--classifications_json=nowhere"): (COULD_NOT_RUN, "--classifications_json"),
            (*past, f"--classifications_json={empty}"): (COULD_NOT_RUN, "--detections_json"),
            ("--target_species_txt=nowhere",): (COULD_NOT_RUN, "--target_species_txt", "nowhere"),
            ("--predictions_json=/nowhere/a",): (COULD_NOT_RUN, "--predictions_json", "/nowhere/a"),
            ("--csv=a", "--json_lines=a"): (WRONG_USAGE, "--csv", "--json_lines", "'a'"),
            ("--geofence=maybe",): (WRONG_USAGE, "--geofence", "maybe"),
            ("--batch_size=0",): (WRONG_USAGE, "--batch_size: '0' is not a number from 1 to 1024"),
            ("--threads=-1",): (WRONG_USAGE, "--threads: '-1' is not a number from 0 to 1024"),
            ("--run_mode=x",): (WRONG_USAGE, "--run_mode", "multi_thread"),
            ("--result_format=x",): (WRONG_USAGE, "--result_format: 'x' is not one of {detection,image}"),
            ("--max_classifications_per_image=x",): (WRONG_USAGE, "--max_classifications_per_image"),
            ("--max_classifications_per_detection=x",): (
                WRONG_USAGE,
                "--max_classifications_per_detection",
            ),
            ("--detection_threshold=0.001",): (
                WRONG_USAGE,
                "--detection_threshold: '0.001' is not a number from 0.01 to 1",
            ),
            ("--detection_threshold_for_classification=x",): (
                WRONG_USAGE,
                "--detection_threshold_for_classification",
            ),
        }
        for flags, (status, *words) in cases.items():
            with self.subTest(flags=flags):
                self.assert_refused(run(*photo, *flags), status, *words)

    def test_detections_below_the_threshold_are_not_reported(self) -> None:
        def confidences(*flags: str) -> list[float]:
            document, _ = self.predict(f"--filepaths={ZEBRA}", *flags, status=ALL_FINE)
            return [found["conf"] for found in document["predictions"][0]["detections"]]

        found = confidences()
        self.assertGreater(len(found), 1)
        self.assertEqual(confidences("--detection_threshold=0.01"), found)
        self.assertEqual(confidences(f"--detection_threshold={found[0]}"), found[:1])

    def test_negative_numbers_mean_no_limit(self) -> None:
        document, _ = self.predict(
            f"--filepaths={ZEBRA}", "--max_classifications_per_image=-1",
            "--max_classifications_per_detection=-1", status=ALL_FINE,
        )  # fmt: skip
        classes = document["predictions"][0]["detections"][0]["raw_classifications"]["classes"]
        self.assertGreater(len(classes), 5)


if __name__ == "__main__":
    unittest.main()
