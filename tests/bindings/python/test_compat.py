# SPDX-License-Identifier: Apache-2.0
"""The reference's functions on the demonstration model."""

from __future__ import annotations

import itertools
import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from photos import FOLDER, ZEBRA
from speciesnet_cpp.compat import (
    Classification,
    SpeciesNet,
    SpeciesNetEnsemble,
    combine_predictions,
    geofence_animal_classification,
    prepare_instances_dict,
    roll_up_labels_to_first_matching_level,
)

DEMO = FOLDER.parent / "model"


def _by_file(document: dict[str, Any] | None) -> dict[str, Any]:
    """The form in which the reference takes results of earlier runs."""
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
        """Those that only pass on to the library's own change no answer, whatever the scores."""
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


def _rounded(value: object) -> object:
    """Crops of other batches differ in the last digits."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    return [_rounded(entry) for entry in value] if isinstance(value, list) else value


if __name__ == "__main__":
    unittest.main()
