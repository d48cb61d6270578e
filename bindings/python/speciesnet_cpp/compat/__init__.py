# SPDX-License-Identifier: Apache-2.0
"""Drop-in for the reference: `from speciesnet_cpp.compat import SpeciesNet`.

Signatures, results and files are those of speciesnet 5.0.6. What it does with processes and threads
is the library's own business: run_mode and batch_size are checked and otherwise ignored.
"""

from __future__ import annotations

from .constants import Classification, Detection, Failure
from .ensemble import SpeciesNetEnsemble, combine_predictions
from .geofence_utils import (
    geofence_animal_classification,
    roll_up_labels_to_first_matching_level,
    should_geofence_animal_classification,
)
from .geolocation import find_admin1_region
from .inputs import prepare_instances_dict
from .speciesnet import SpeciesNet
from .taxonomy_utils import get_ancestor_at_level, get_full_class_string

__all__ = [
    "Classification",
    "Detection",
    "Failure",
    "SpeciesNet",
    "SpeciesNetEnsemble",
    "combine_predictions",
    "find_admin1_region",
    "geofence_animal_classification",
    "get_ancestor_at_level",
    "get_full_class_string",
    "prepare_instances_dict",
    "roll_up_labels_to_first_matching_level",
    "should_geofence_animal_classification",
]
