# SPDX-License-Identifier: Apache-2.0
"""A typical program for the reference: flags, instances, one component or all of them, a file of
results. test_compat.py changes only its imports, and runs it."""

from __future__ import annotations

import argparse
import json
import multiprocessing
from pathlib import Path

from speciesnet import DEFAULT_MODEL, SUPPORTED_MODELS, SpeciesNet, file_exists, only_one_true
from speciesnet.constants import DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION
from speciesnet.constants import DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION
from speciesnet.utils import load_partial_predictions, prepare_instances_dict


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default=DEFAULT_MODEL)
    for part in ("classifier", "detector", "ensemble"):
        parser.add_argument(f"--{part}_only", action="store_true")
    parser.add_argument("--folders", nargs="*")
    parser.add_argument("--filepaths", nargs="*")
    parser.add_argument("--instances_json")
    parser.add_argument("--country")
    parser.add_argument("--admin1_region")
    parser.add_argument("--detections_json")
    parser.add_argument("--classifications_json")
    parser.add_argument("--predictions_json")
    parser.add_argument("--target_species_txt")
    parser.add_argument("--run_mode", default="multi_thread")
    parser.add_argument("--max_classifications_per_detection", type=int, default=DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION)
    return parser.parse_args()


def main() -> None:
    given = arguments()
    assert DEFAULT_MODEL in SUPPORTED_MODELS
    only = (given.classifier_only, given.detector_only, given.ensemble_only)
    if any(only) and not only_one_true(*only):
        raise SystemExit("at most one component alone")
    names = ("classifier", "detector", "ensemble")
    components = next((name for name, alone in zip(names, only) if alone), "all")
    instances = prepare_instances_dict(
        instances_json=given.instances_json,
        filepaths=given.filepaths,
        folders=given.folders,
        country=given.country,
        admin1_region=given.admin1_region,
    )
    assert all(file_exists(instance["filepath"]) for instance in instances["instances"])
    classifications, _ = load_partial_predictions(given.classifications_json, instances["instances"])
    detections, _ = load_partial_predictions(given.detections_json, instances["instances"])
    multiprocessing.set_start_method("spawn")
    model = SpeciesNet(
        given.model,
        components=components,
        geofence=True,
        target_species_txt=given.target_species_txt,
        multiprocessing=given.run_mode == "multi_process",
        force_model_download=False,
    )
    if hasattr(model, "classifier") and not hasattr(model, "detector"):
        if not model.whole_image_classifier and not Path(given.detections_json or "").is_file():
            raise SystemExit("this classifier needs detections")
    common = {
        "instances_dict": instances,
        "progress_bars": False,
        "predictions_json": given.predictions_json,
    }
    networks = {"run_mode": given.run_mode}
    classes = {
        "batch_size": 8,
        "detection_threshold_for_classification": DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION,
        "max_classifications_per_image": None,
    }
    most = {"max_classifications_per_detection": given.max_classifications_per_detection}
    if components == "classifier":
        result = model.classify(detections_dict=detections, **common, **networks, **classes, **most)
    elif components == "detector":
        result = model.detect(**common, **networks)
    elif components == "ensemble":
        result = model.ensemble_from_past_runs(
            classifications_dict=classifications, detections_dict=detections, **common, **most
        )
    else:
        result = model.predict(**common, **networks, **classes, **most)
    if result is not None:
        print(json.dumps(result, ensure_ascii=False, indent=4))


if __name__ == "__main__":
    main()
