# SPDX-License-Identifier: Apache-2.0
"""Predictions as rows of a Parquet file: one for each photo, with nested detections."""

from __future__ import annotations

from typing import Any

import pyarrow as arrow

from ..prediction import Detection, Prediction
from ..rules import Answer

_ANSWER = arrow.struct(
    [("label", arrow.string()), ("score", arrow.float64()), ("source", arrow.string())]
)
_CLASS = arrow.struct([("label", arrow.string()), ("score", arrow.float64())])
_DETECTION = arrow.struct(
    [
        ("category", arrow.int32()),
        ("label", arrow.string()),
        ("conf", arrow.float64()),
        ("bbox", arrow.list_(arrow.float64(), 4)),
        ("classes", arrow.list_(_CLASS)),
        ("answer", _ANSWER),
    ]
)
SCHEMA = arrow.schema(
    [
        arrow.field("filepath", arrow.string(), nullable=False),
        ("failures", arrow.list_(arrow.string())),
        ("failure_reason", arrow.string()),
        ("country", arrow.string()),
        ("admin1_region", arrow.string()),
        ("latitude", arrow.float64()),
        ("longitude", arrow.float64()),
        # The answer for the image, convenient in a table.
        ("prediction", arrow.string()),
        ("prediction_score", arrow.float64()),
        ("prediction_source", arrow.string()),
        # NULL if they are unknown, which differs from no detections.
        ("detections", arrow.list_(_DETECTION)),
        ("model_version", arrow.string()),
    ]
)


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {"label": answer.label, "score": answer.score, "source": answer.source}


def _detection(found: Detection) -> dict[str, Any]:
    classes = None
    if found.classes is not None:
        classes = [{"label": label, "score": score} for label, score in found.classes]
    return {
        "category": found.category,
        "label": found.label,
        "conf": found.conf,
        "bbox": found.bbox,
        "classes": classes,
        "answer": _answer(found.answer),
    }


def row(filepath: str, prediction: Prediction) -> dict[str, Any]:
    """Returns a row of SCHEMA.

    Args:
        filepath: The photo's name in the input.
        prediction: Its prediction.
    """
    answer, place, found = prediction.answer, prediction.location, prediction.detections
    return {
        "filepath": filepath,
        "failures": sorted(prediction.failures) or None,
        "failure_reason": prediction.failure_reason or None,
        "country": place.country,
        "admin1_region": place.admin1_region,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "prediction": answer.label if answer else None,
        "prediction_score": answer.score if answer else None,
        "prediction_source": answer.source if answer else None,
        "detections": None if found is None else [_detection(entry) for entry in found],
        "model_version": prediction.model_version or None,
    }
