# SPDX-License-Identifier: Apache-2.0
"""The reference's classifier, implemented by an ensemble of the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..ensemble import Ensemble
from ..models import resolve_model
from ..prediction import Detection
from .constants import NUM_CLASSIFICATIONS_FOR_ENSEMBLE, Failure
from .utils import BBox, ModelInfo, PreprocessedImage, Result, fields_of

if TYPE_CHECKING:
    import PIL.Image

_WHOLE = Detection(1, 1.0, (0.0, 0.0, 1.0, 1.0))


def read_target_species(path: str | None) -> list[str] | None:
    """Reads the labels in a file, one on each line; None without a file."""
    if not path:
        return None
    return [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines()]


class SpeciesNetClassifier:
    """Classifies boxes of a photo, or whole photos."""

    IMG_SIZE = 480
    MAX_CROP_RATIO = 0.3
    MAX_CROP_SIZE = 400

    def __init__(
        self,
        model_name: str,
        target_species_txt: str | None = None,
        device: str | None = None,
        force_model_download: bool = False,
        *,
        engine: Ensemble | None = None,
    ) -> None:
        """Loads the classifier of a model: its name, a folder, or "demo".

        Args:
            model_name: The model.
                target_species_txt: Lists labels whose logits are reported with each classification.
            device: "cpu" or "cuda"; None for the CPU.
                force_model_download: Whether to download the model again.
                engine: An already loaded model, which determines device and target species.
        """
        self._model_name = resolve_model(model_name, force=force_model_download)
        self.device = device or "cpu"
        targets = read_target_species(target_species_txt)
        self._engine = engine or Ensemble(
            self._model_name, components="classifier", device=self.device, target_species=targets
        )
        self.labels = dict(enumerate(self._engine.labels))
        if targets is not None:
            known = set(self.labels.values())
            self.target_labels = [label for label in targets if label in known]

    @property
    def model_info(self) -> ModelInfo:
        """Returns the files of the model."""
        return ModelInfo(self._model_name)

    def preprocess(
        self,
        img: PIL.Image.Image | None,
        bboxes: Sequence[BBox] | None = None,
        resize: bool = True,
    ) -> list[PreprocessedImage] | None:
        """Returns the images that predict() classifies: the boxes of a photo, or the photo itself for a
        classifier of whole photos. None stays None.

        The pixels are those of the photo: predict() scales them, and crops whole photos, whatever resize
        says.
        """
        del resize
        if img is None:
            return None
        import numpy

        if self._engine.model_type == "full_image":
            return [PreprocessedImage(numpy.asarray(img), img.width, img.height)]
        pictures = []
        for bbox in bboxes or ():
            left, top = int(bbox.xmin * img.width), int(bbox.ymin * img.height)
            right, bottom = left + int(bbox.width * img.width), top + int(bbox.height * img.height)
            crop = numpy.asarray(img.crop((left, top, right, bottom)))
            pictures.append(PreprocessedImage(crop, img.width, img.height))
        return pictures

    def predict(
        self,
        filepath: str,
        imgs: list[PreprocessedImage] | None,
        num_classes: int | None = NUM_CLASSIFICATIONS_FOR_ENSEMBLE,
    ) -> Result:
        """Returns the best classes of each image of a photo; a failure for None."""
        if imgs is None:
            return {"filepath": filepath, "failures": [Failure.CLASSIFIER.name]}
        found = [self._engine.classify(img.arr, [_WHOLE], num_classes) for img in imgs]
        classifications = [
            fields_of(one, "classifier")["detections"][0]["raw_classifications"] for one in found
        ]
        return {"filepath": filepath, "classifications_list": classifications}

    def batch_predict(
        self,
        filepaths: list[str],
        imgs_list: list[list[PreprocessedImage] | None],
        num_classes: int | None = NUM_CLASSIFICATIONS_FOR_ENSEMBLE,
    ) -> list[Result]:
        """Runs predict() for several photos."""
        return [self.predict(*photo, num_classes) for photo in zip(filepaths, imgs_list)]
