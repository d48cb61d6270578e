# SPDX-License-Identifier: Apache-2.0
"""The reference's labels, categories, failures and defaults. Source: constants.py."""

from __future__ import annotations

import contextlib
import enum

FORMAT_VERSION = "20261015"
DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION = 0.1
DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION = 2
NUM_CLASSIFICATIONS_FOR_ENSEMBLE = 5


class Classification(str, enum.Enum):
    """Labels with a special meaning."""

    BLANK = "f1856211-cfb7-4a5b-9158-c0f72fd09ee6;;;;;;blank"
    ANIMAL = "1f689929-883d-4dae-958c-3d57ab5b6c16;;;;;;animal"
    HUMAN = "990ae9dd-7a59-4344-afcb-1b7b21368000;mammalia;primates;hominidae;homo;sapiens;human"
    VEHICLE = "e2895ed5-780b-48f6-8a11-9e27cb594511;;;;;;vehicle"
    UNKNOWN = "f2efdae9-efb8-48fb-8a91-eccf79ab4ffb" + 6 * ";no cv result"


class Detection(str, enum.Enum):
    """Categories of detections."""

    WHOLE_IMAGE = "whole_image_classification"
    ANIMAL = "animal"
    HUMAN = "human"
    VEHICLE = "vehicle"

    @classmethod
    def from_category(cls, category: str) -> Detection | None:
        """Returns the name of a category number, given as a string."""
        names = {"0": cls.WHOLE_IMAGE, "1": cls.ANIMAL, "2": cls.HUMAN, "3": cls.VEHICLE}
        return names.get(category)


class Failure(enum.Flag):
    """Components that failed."""

    CLASSIFIER = enum.auto()
    DETECTOR = enum.auto()
    GEOLOCATION = enum.auto()


CATEGORY_OF_LABEL = {
    Detection.ANIMAL.value: 1,
    Detection.HUMAN.value: 2,
    Detection.VEHICLE.value: 3,
}


def mps_inference_lock(device: str) -> contextlib.AbstractContextManager[None]:
    """Does nothing: no network runs on Apple's GPUs here."""
    del device
    return contextlib.nullcontext()
