# SPDX-License-Identifier: Apache-2.0
"""Answers cases with one release of the reference: oracle.py FOLDER < cases > answers.

FOLDER contains the package `speciesnet` of an unpacked wheel. Its modules are loaded one by one, and
modules that the rules do not use are omitted, so that nothing else needs to be installed.
"""

import importlib
import json
import math
import sys
import tempfile
import types
from pathlib import Path
from typing import Any, Optional

from worlds import FILE, OTHER_RELEASE, WHOLE_IMAGE, dump


def stand_in(name: str, **content: Any) -> None:
    """Replaces a module that the rules do not use."""
    module = types.ModuleType(name)
    vars(module).update(content)
    sys.modules[name] = module


class Oracle:
    """The reference's functions in the current world."""

    def __init__(self, folder: Path) -> None:
        stand_in("speciesnet", __path__=[str(folder / "speciesnet")])
        stand_in("speciesnet.utils", ModelInfo=None, whole_image_detection=lambda: WHOLE_IMAGE)
        stand_in("absl", logging=None)
        stand_in("humanfriendly", format_timespan=None)
        self.constants = importlib.import_module("speciesnet.constants")
        self.taxonomy = importlib.import_module("speciesnet.taxonomy_utils")
        self.geofence = importlib.import_module("speciesnet.geofence_utils")
        self.ensemble = importlib.import_module("speciesnet.ensemble")
        self.per_detection = hasattr(self.ensemble, "combine_predictions")
        self.labels: list[str] = []
        self.taxonomy_map: dict[str, str] = {}
        self.geofence_map: dict[str, Any] = {}

    def enter(self, world: dict[str, Any]) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".txt") as file:
            file.write(world["taxonomy"])
            file.flush()
            # pylint: disable-next=protected-access
            self.taxonomy_map = self.ensemble._load_taxonomy_from_file(file.name)
        self.geofence_map = world["geofence"]
        self.labels = world["labels"]

    def _classes(self, indices: list[int]) -> list[str]:
        return [self.labels[index] for index in indices]

    def _common(
        self, country: Optional[str], region: Optional[str], geofencing: bool
    ) -> dict[str, Any]:
        return {
            "country": country,
            "admin1_region": region,
            "taxonomy_map": self.taxonomy_map,
            "geofence_map": self.geofence_map,
            "enable_geofence": geofencing,
        }

    def _named(self, label: str, score: float, source: str) -> list[Any]:
        """Converts an answer to the form in the file."""
        name = self.labels.index(label) if label in self.labels else label
        return [name, None if math.isnan(score) else score, source]

    def combine(
        self, category: int, conf: float, classes: list[int], scores: list[float], *place: Any
    ) -> list[Any]:
        label = self.constants.Detection.from_category(str(category)) or WHOLE_IMAGE["label"]
        detection = {"label": label, "conf": conf}
        # The reference's ensemble passes on at most this many.
        top = 5
        classification = {"classes": self._classes(classes)[:top], "scores": numbers(scores)[:top]}
        common = {
            "geofence_fn": self.geofence.geofence_animal_classification,
            "roll_up_fn": self.geofence.roll_up_labels_to_first_matching_level,
            **self._common(*place),
        }
        if self.per_detection:
            answer = self.ensemble.combine_predictions(
                classifications_list=[classification], detections=[detection], **common
            )[0]
            return self._named(answer["class"], answer["score"], answer["source"])
        return self._named(
            *self.ensemble.combine_predictions_for_single_item(
                classifications=classification, detections=[detection], **common
            )
        )

    def apply_geofence(self, classes: list[int], scores: list[float], *place: Any) -> list[Any]:
        return self._named(
            *self.geofence.geofence_animal_classification(
                labels=self._classes(classes), scores=numbers(scores), **self._common(*place)
            )
        )

    def roll_up(self, classes: list[int], scores: list[float], *rest: Any) -> Optional[list[Any]]:
        *place, levels, threshold = rest
        answer = self.geofence.roll_up_labels_to_first_matching_level(
            labels=self._classes(classes),
            scores=numbers(scores),
            target_taxonomy_levels=levels,
            non_blank_threshold=threshold,
            **self._common(*place),
        )
        return answer and self._named(*answer)

    def check(
        self, label: int, country: Optional[str], region: Optional[str], geofencing: bool
    ) -> bool:
        return self.geofence.should_geofence_animal_classification(
            self.labels[label], country, region, self.geofence_map, geofencing
        )

    def ancestor(self, label: int, level: str) -> Optional[str]:
        found = self.taxonomy.get_ancestor_at_level(self.labels[label], level, self.taxonomy_map)
        return getattr(found, "value", found)

    def full_class(self, label: int) -> str:
        return self.taxonomy.get_full_class_string(self.labels[label])

    def run_per_detection(self, classified: Any, detected: Any, *rest: Any) -> str:
        return self._run(classified, detected, *rest) if self.per_detection else OTHER_RELEASE

    def run_per_image(self, classified: Any, detected: Any, *rest: Any) -> str:
        return OTHER_RELEASE if self.per_detection else self._run(classified, detected, *rest)

    def _run(
        self,
        classified: Any,
        detected: Any,
        country: Optional[str],
        region: Optional[str],
        geofencing: bool,
        maximum: Optional[int],
    ) -> str:
        """Returns the document of one image, combined from the results of the two networks."""
        ensemble = object.__new__(self.ensemble.SpeciesNetEnsemble)
        ensemble.model_info = types.SimpleNamespace(version="1")
        ensemble.enable_geofence = geofencing
        ensemble.taxonomy_map = self.taxonomy_map
        ensemble.geofence_map = self.geofence_map
        ensemble.prediction_combiner = (
            self.ensemble.combine_predictions
            if self.per_detection
            else self.ensemble.combine_predictions_for_single_item
        )
        limit = {"max_classifications_per_detection": maximum} if self.per_detection else {}
        documents = ensemble.combine(
            filepaths=[FILE],
            classifier_results={FILE: classified} if classified else {},
            detector_results={FILE: detected} if detected else {},
            geolocation_results={FILE: {"country": country, "admin1_region": region}},
            partial_predictions={},
            **limit,
        )
        return dump(documents[0])


def numbers(scores: list[Optional[float]]) -> list[float]:
    """Converts NaN, which JSON lacks, to null in scores."""
    return [math.nan if score is None else score for score in scores]


def main() -> None:
    oracle = Oracle(Path(sys.argv[1]))
    for line in sys.stdin:
        case = json.loads(line)
        if isinstance(case, dict):
            oracle.enter(case)
            print(dump(None))
            continue
        kind, *arguments = case
        try:
            answer = getattr(oracle, kind)(*arguments)
        except ValueError:
            answer = "error"
        print(dump(answer))


if __name__ == "__main__":
    main()
