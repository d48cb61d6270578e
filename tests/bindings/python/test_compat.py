# SPDX-License-Identifier: Apache-2.0
"""The reference's functions on the demonstration model."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from photos import FOLDER, ZEBRA
from speciesnet_cpp import compat
from speciesnet_cpp.compat import (
    BBox,
    Classification,
    SpeciesNet,
    SpeciesNetClassifier,
    SpeciesNetDetector,
    SpeciesNetEnsemble,
    combine_predictions,
    draw_bboxes,
    file_exists,
    geofence_animal_classification,
    load_rgb_image,
    only_one_true,
    prepare_instances_dict,
    roll_up_labels_to_first_matching_level,
)

try:
    import numpy
    import PIL.Image
except ImportError:
    numpy = None  # type: ignore[assignment]

DEMO = FOLDER.parent / "model"
DRIVER = Path(__file__).with_name("driver_of_the_reference.py")
# The names that `from speciesnet import *` imports in 5.0.6.
PUBLIC_NAMES = {
    "BBox", "Classification", "DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION",
    "DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION", "DEFAULT_MODEL", "Detection", "FORMAT_VERSION",
    "NUM_CLASSIFICATIONS_FOR_ENSEMBLE", "SUPPORTED_MODELS", "SpeciesNet", "SpeciesNetClassifier",
    "SpeciesNetDetector", "SpeciesNetEnsemble", "draw_bboxes", "file_exists", "find_admin1_region", "load_json",
    "load_rgb_image", "mps_inference_lock", "only_one_true", "prepare_instances_dict", "write_json",
}  # fmt: skip


def _by_file(document: dict[str, Any] | None) -> dict[str, Any]:
    """Converts results of earlier runs to the reference's form."""
    assert document
    return {entry["filepath"]: entry for entry in document["predictions"]}


class CompatTest(unittest.TestCase):
    model: SpeciesNet

    @classmethod
    def setUpClass(cls) -> None:
        cls.model = SpeciesNet(str(DEMO))

    def test_the_parts_one_by_one_give_what_predict_gives(self) -> None:
        inputs = {"folders": [str(FOLDER)], "country": "KEN"}
        whole = self.model.predict(**inputs)
        detections = self.model.detect(**inputs)
        classifications = self.model.classify(
            **inputs, detections_dict=detections, max_classifications_per_detection=None
        )
        parts = self.model.ensemble_from_past_runs(
            **inputs, detections_dict=detections, classifications_dict=classifications
        )
        by_file = self.model.ensemble_from_past_runs(
            **inputs,
            detections_dict=_by_file(detections),
            classifications_dict=_by_file(
                self.model.classify(
                    **inputs,
                    detections_dict=_by_file(detections),
                    max_classifications_per_detection=None,
                )
            ),
        )
        assert whole and parts and by_file
        self.assertEqual(json.dumps(_rounded(parts)), json.dumps(_rounded(whole)))
        self.assertEqual(json.dumps(_rounded(by_file)), json.dumps(_rounded(whole)))

    def test_a_file_is_written_and_resumed(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "out.json"
            missing = str(Path(folder) / "missing.jpg")
            photos = [str(ZEBRA), missing]
            self.assertIsNone(self.model.predict(filepaths=photos, predictions_json=output))
            first = json.loads(output.read_text())
            self.assertEqual(first["predictions"][1]["failures"], ["CLASSIFIER", "DETECTOR"])
            first["predictions"][0]["model_version"] = "kept"
            output.write_text(json.dumps(first))
            Path(missing).write_bytes(ZEBRA.read_bytes())
            self.model.predict(filepaths=photos, predictions_json=output)
            second = json.loads(output.read_text())["predictions"]
            self.assertEqual(second[0]["model_version"], "kept")
            self.assertNotIn("failures", second[1])
            with self.assertRaises(RuntimeError):
                self.model.predict(filepaths=[missing], predictions_json=output)

    def test_what_was_done_before_an_exception_is_in_the_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "out.json"
            photos = [str(FOLDER / name) for name in ("elephant.jpg", "zebra.jpg")]
            saved: list[int] = []

            def fail(*, detections: list[object], **_: object) -> list[object]:
                saved.append(len(detections))
                if len(saved) == 2:
                    raise KeyboardInterrupt
                return [{"class": "x", "score": 1.0, "source": "own"} for _ in detections]

            model = SpeciesNet(str(DEMO), combine_predictions_fn=fail)
            with self.assertRaises(KeyboardInterrupt):
                model.predict(filepaths=photos, predictions_json=output)
            found = json.loads(output.read_text())["predictions"]
            self.assertEqual([entry["filepath"] for entry in found], photos[:1])
            answer = found[0]["detections"][0]["processed_classification"]
            self.assertEqual(answer, {"class": "x", "score": 1.0, "source": "own"})

    def test_every_classification_has_its_detection(self) -> None:
        with self.assertRaisesRegex(ValueError, "0 classifications of 1"):
            combine_predictions(
                classifications_list=[],
                detections=[{"label": "animal", "conf": 1.0}],
                country=None,
                admin1_region=None,
                taxonomy_map={},
                geofence_map={},
                enable_geofence=True,
            )

    def test_functions_of_the_caller_are_called_where_the_reference_calls_them(self) -> None:
        """Functions that only forward to the library's own do not change answers, whatever the scores."""
        ensemble = SpeciesNetEnsemble(str(DEMO))
        label = next(line for line in ensemble.taxonomy_map.values() if ";equus;quagga;" in line)
        other = next(line for line in ensemble.taxonomy_map.values() if ";giraffa;" in line)
        blank, human = Classification.BLANK.value, Classification.HUMAN.value
        called: list[str] = []

        def geofence_fn(**arguments: Any) -> Any:
            called.append("geofence")
            return geofence_animal_classification(**arguments)

        def roll_up_fn(**arguments: Any) -> Any:
            called.append("roll up")
            return roll_up_labels_to_first_matching_level(**arguments)

        for top, category, score, conf in itertools.product(
            (label, blank, human),
            ("animal", "human", "vehicle"),
            (0.3, 0.45, 0.6, 0.7, 0.85, 0.995),
            (0.1, 0.3, 0.6, 0.9),
        ):
            arguments: dict[str, Any] = {
                "classifications_list": [
                    {"classes": [top, other], "scores": [score, (1 - score) * 0.9]}
                ],
                "detections": [{"label": category, "conf": conf}],
                "country": "USA",
                "admin1_region": "CA",
                "taxonomy_map": ensemble.taxonomy_map,
                "geofence_map": ensemble.geofence_map,
                "enable_geofence": True,
            }
            self.assertEqual(
                combine_predictions(**arguments, geofence_fn=geofence_fn, roll_up_fn=roll_up_fn),
                combine_predictions(**arguments),
                (top, category, score, conf),
            )
        self.assertEqual(set(called), {"geofence", "roll up"})

    def test_coordinates_in_the_usa_have_a_region_in_every_way(self) -> None:
        place = {"country": "USA", "latitude": 37.75, "longitude": -119.5}
        inputs = {"instances_dict": {"instances": [{"filepath": str(ZEBRA), **place}]}}
        whole = self.model.predict(**inputs)
        detections = self.model.detect(**inputs)
        classifications = self.model.classify(**inputs, detections_dict=detections)
        parts = self.model.ensemble_from_past_runs(
            **inputs, detections_dict=detections, classifications_dict=classifications
        )
        for result in (whole, parts):
            assert result is not None
            self.assertEqual(result["predictions"][0]["admin1_region"], "CA")

    def test_every_public_name_of_the_reference_is_there(self) -> None:
        self.assertEqual(PUBLIC_NAMES - set(compat.__all__), set())
        for name in compat.__all__:
            self.assertTrue(hasattr(compat, name), name)

    def test_a_program_for_the_reference_needs_other_imports_and_nothing_else(self) -> None:
        source = DRIVER.read_text(encoding="utf-8")
        changed = source.replace("from speciesnet", "from speciesnet_cpp.compat")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            program = folder / "program.py"
            program.write_text(changed, encoding="utf-8")

            def run(output: str, *flags: str) -> list[dict[str, Any]]:
                command = [sys.executable, program, "--model", DEMO, "--folders", FOLDER, "--country", "KEN"]
                command += ["--predictions_json", folder / output, *flags]
                subprocess.run(list(map(str, command)), check=True, cwd=folder)
                predictions: list[dict[str, Any]] = json.loads((folder / output).read_text())["predictions"]
                return predictions

            whole = run("all.json", "--run_mode", "multi_process")
            run("detections.json", "--detector_only")
            earlier = ["--detections_json", str(folder / "detections.json")]
            all_classes = ("--max_classifications_per_detection", "5")
            run("classifications.json", "--classifier_only", *earlier, *all_classes)
            earlier += ["--classifications_json", str(folder / "classifications.json")]
            parts = run("ensemble.json", "--ensemble_only", *earlier)
            # The boxes in files have four decimals, so crops and scores differ slightly.
            self.assertEqual(_boxes_and_answers(parts), _boxes_and_answers(whole))
            self.assertEqual(len(whole), len(list(FOLDER.glob("*.jpg"))))
            zebra = next(p for p in whole if p["filepath"] == ZEBRA.as_posix())
            answer = zebra["detections"][0]["processed_classification"]["class"]
            self.assertIn(";equus;quagga;", answer)
            # The same program continues from its file.
            self.assertEqual(run("all.json"), whole)

    def test_components_are_there_as_they_are_asked_for(self) -> None:
        for components in ("all", "classifier", "detector", "ensemble"):
            model = SpeciesNet(str(DEMO), components=components)  # type: ignore[arg-type]
            for name in ("classifier", "detector", "ensemble"):
                self.assertEqual(hasattr(model, name), components in ("all", name), (components, name))
        with self.assertRaisesRegex(ValueError, "components must be one of 'all'"):
            SpeciesNet(str(DEMO), components="x")  # type: ignore[arg-type]
        with self.assertRaisesRegex(ValueError, "past runs with the model 'demo': load its folder"):
            SpeciesNet("demo").ensemble_from_past_runs(filepaths=[str(ZEBRA)])
        with self.assertRaisesRegex(ValueError, "has no files"):
            SpeciesNetEnsemble("demo")

    @unittest.skipIf(numpy is None, "NumPy or Pillow is not installed")
    def test_detector_and_classifier_alone_give_what_the_whole_gives(self) -> None:
        photo = str(ZEBRA)
        whole = self.model.predict(filepaths=[photo], max_classifications_per_detection=5)
        assert whole is not None
        expected = whole["predictions"][0]["detections"]
        image = load_rgb_image(photo)
        assert image is not None
        detector = SpeciesNetDetector(str(DEMO))
        found = detector.predict(photo, detector.preprocess(image))
        self.assertEqual(found["filepath"], photo)
        self.assertEqual([d["bbox"] for d in found["detections"]], [d["bbox"] for d in expected])
        classifier = SpeciesNetClassifier(str(DEMO))
        boxes = [BBox(*entry["bbox"]) for entry in found["detections"]]
        crops = classifier.preprocess(image, boxes)
        one, none, failed = classifier.batch_predict([photo, "b", "c"], [crops, [], None])
        raw = [d["raw_classifications"] for d in expected if "raw_classifications" in d]
        self.assertTrue(raw)
        for classification, known in zip(one["classifications_list"], raw):
            self.assertEqual(_rounded(classification), _rounded(known))
        self.assertEqual(none, {"filepath": "b", "classifications_list": []})
        self.assertEqual(failed, {"filepath": "c", "failures": ["CLASSIFIER"]})
        self.assertEqual(detector.predict("d", detector.preprocess(None))["failures"], ["DETECTOR"])
        self.assertEqual(classifier.model_info.version, detector.model_info.version)
        self.assertIn(raw[0]["classes"][0], classifier.labels.values())

    @unittest.skipIf(numpy is None, "NumPy or Pillow is not installed")
    def test_photos_are_loaded_as_pil_images_and_boxes_drawn_on_them(self) -> None:
        image = load_rgb_image(str(ZEBRA))
        assert image is not None
        self.assertEqual(image.mode, "RGB")
        pillow = PIL.Image.open(ZEBRA).convert("RGB")
        self.assertEqual(image.tobytes(), pillow.tobytes())
        with self.assertLogs("speciesnet_cpp.compat", "ERROR"):
            self.assertIsNone(load_rgb_image("/nowhere/a.jpg"))
        box = {"label": "animal", "conf": 1.0, "bbox": [0.25, 0.25, 0.5, 0.5]}
        drawn = draw_bboxes(image, [box, {**box, "label": "vehicle", "bbox": [0.0, 0.0, 0.2, 0.2]}])
        self.assertEqual((drawn.mode, drawn.size), ("RGBA", image.size))
        edge = (image.width // 2, image.height // 4 + 1)
        self.assertEqual(drawn.getpixel(edge), (255, 0, 0, 255))
        centre = (image.width // 2, image.height // 2)
        pixel = image.getpixel(centre)
        assert isinstance(pixel, tuple)
        self.assertEqual(drawn.getpixel(centre), (*pixel, 255))

    def test_small_functions_answer_as_the_reference_does(self) -> None:
        self.assertTrue(only_one_true(None, "x", False))
        self.assertFalse(only_one_true())
        self.assertFalse(only_one_true(1, [0]))
        self.assertTrue(file_exists(str(ZEBRA)))
        self.assertFalse(file_exists("/nowhere/a.jpg"))
        with self.assertLogs("speciesnet_cpp.compat", "ERROR"):
            self.assertFalse(file_exists("http://127.0.0.1:9/a.jpg"))

    def test_one_kind_of_input_is_given_and_a_country_overrides_all(self) -> None:
        with self.assertRaises(ValueError):
            prepare_instances_dict()
        with self.assertRaises(ValueError):
            prepare_instances_dict(filepaths=["a"], folders=["b"])
        instances = {"instances": [{"filepath": "a", "country": "NOR"}, {"filepath": "b"}]}
        self.assertEqual(
            prepare_instances_dict(instances, country="KEN")["instances"],
            [{"filepath": "a", "country": "KEN"}, {"filepath": "b", "country": "KEN"}],
        )
        # As in the reference, a region is ignored without a country.
        self.assertEqual(prepare_instances_dict(instances, admin1_region="CA"), instances)


def _boxes_and_answers(predictions: list[dict[str, Any]]) -> list[object]:
    return [
        (
            entry["filepath"],
            [(d["bbox"], d.get("processed_classification", {}).get("class")) for d in entry["detections"]],
        )
        for entry in predictions
    ]


def _rounded(value: object) -> object:
    """Crops in other batches differ in the last digits."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    return [_rounded(entry) for entry in value] if isinstance(value, list) else value


if __name__ == "__main__":
    unittest.main()
