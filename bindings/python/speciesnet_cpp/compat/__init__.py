# SPDX-License-Identifier: Apache-2.0
"""Drop-in for the reference: `from speciesnet_cpp.compat import SpeciesNet`.

Modules, names, signatures, results and files are those of speciesnet 5.0.6, so that a program needs
only other imports. The library decides about processes and threads itself: run_mode and batch_size
are checked and otherwise ignored.
"""

from __future__ import annotations

from .classifier import SpeciesNetClassifier
from .constants import (
    DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION,
    DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION,
    FORMAT_VERSION,
    NUM_CLASSIFICATIONS_FOR_ENSEMBLE,
    Classification,
    Detection,
    Failure,
    mps_inference_lock,
)
from .detector import SpeciesNetDetector
from .display import draw_bboxes
from .ensemble import SpeciesNetEnsemble
from .ensemble_prediction_combiner import combine_predictions
from .geofence_utils import (
    geofence_animal_classification,
    roll_up_labels_to_first_matching_level,
    should_geofence_animal_classification,
)
from .geolocation import find_admin1_region
from .multiprocessing import SpeciesNet
from .taxonomy_utils import get_ancestor_at_level, get_full_class_string
from .utils import (
    BBox,
    file_exists,
    load_json,
    load_partial_predictions,
    load_rgb_image,
    only_one_true,
    prepare_instances_dict,
    write_json,
)

# Source: __init__.py.
DEFAULT_MODEL = "kaggle:google/speciesnet/pyTorch/v4.0.3a/1"
SUPPORTED_MODELS = [
    "kaggle:google/speciesnet/pyTorch/v4.0.3a/1",
    "kaggle:google/speciesnet/pyTorch/v4.0.3b/1",
]

__all__ = [
    "DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION",
    "DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION",
    "DEFAULT_MODEL",
    "FORMAT_VERSION",
    "NUM_CLASSIFICATIONS_FOR_ENSEMBLE",
    "SUPPORTED_MODELS",
    "BBox",
    "Classification",
    "Detection",
    "Failure",
    "SpeciesNet",
    "SpeciesNetClassifier",
    "SpeciesNetDetector",
    "SpeciesNetEnsemble",
    "combine_predictions",
    "draw_bboxes",
    "file_exists",
    "find_admin1_region",
    "geofence_animal_classification",
    "get_ancestor_at_level",
    "get_full_class_string",
    "load_json",
    "load_partial_predictions",
    "load_rgb_image",
    "mps_inference_lock",
    "only_one_true",
    "prepare_instances_dict",
    "roll_up_labels_to_first_matching_level",
    "should_geofence_animal_classification",
    "write_json",
]
