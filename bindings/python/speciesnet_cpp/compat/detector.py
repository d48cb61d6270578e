# SPDX-License-Identifier: Apache-2.0
"""The reference's detector, implemented by an ensemble of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ensemble import Ensemble
from ..models import resolve_model
from .constants import Failure
from .utils import ModelInfo, PreprocessedImage, Result, fields_of

if TYPE_CHECKING:
    import PIL.Image


class SpeciesNetDetector:
    """Detects animals, humans and vehicles."""

    IMG_SIZE = 1280
    STRIDE = 64
    DETECTION_THRESHOLD = 0.01

    def __init__(
        self,
        model_name: str,
        force_model_download: bool = False,
        *,
        engine: Ensemble | None = None,
    ) -> None:
        """Loads the detector of a model: its name, a folder, or "demo".

        Args:
            model_name: The model.
            force_model_download: Whether to download it again.
                engine: An already loaded model.
        """
        self._model_name = resolve_model(model_name, force=force_model_download)
        self._engine = engine or Ensemble(self._model_name, components="detector")
        self.device = "cpu"

    @property
    def model_info(self) -> ModelInfo:
        """Returns the files of the model."""
        return ModelInfo(self._model_name)

    def preprocess(self, img: PIL.Image.Image | None) -> PreprocessedImage | None:
        """Returns a photo for predict(), which scales it. None stays None."""
        if img is None:
            return None
        import numpy

        return PreprocessedImage(numpy.asarray(img), img.width, img.height)

    def predict(self, filepath: str, img: PreprocessedImage | None) -> Result:
        """Returns the detections of a photo named filepath; a failure for None."""
        if img is None:
            return {"filepath": filepath, "failures": [Failure.DETECTOR.name]}
        return {"filepath": filepath, **fields_of(self._engine.detect(img.arr), "detector")}
