"""The model folder: its hand-written text files, and the two networks beside them."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bindings/python/export"))

from networks import Classifier, Detector, PooledClassifier, PooledDetector, fold_batch_norm
from speciesnet_export.archive import save_trace

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL_FOLDER = REPOSITORY / "examples/demo/model"


@dataclass(frozen=True)
class Bundle:
    """The networks as the engine runs them, and the common name of each label."""

    detector: torch.jit.ScriptModule
    classifier: torch.jit.ScriptModule
    names: list[str]


def label_names(folder: Path) -> list[str]:
    info = json.loads((folder / "info.json").read_text())
    lines = (folder / info["classifier_labels"]).read_text().splitlines()
    return [line.split(";")[6] for line in lines]


def load(folder: Path) -> Bundle:
    info = json.loads((folder / "info.json").read_text())
    return Bundle(
        torch.jit.load(folder / info["detector"]).eval(),
        torch.jit.load(folder / info["classifier"]).eval(),
        label_names(folder),
    )


def save(folder: Path, detector: PooledDetector, classifier: PooledClassifier) -> None:
    info = json.loads((MODEL_FOLDER / "info.json").read_text())
    photo, crops = torch.rand(1, 3, 960, 1280), torch.rand(1, 480, 480, 3)
    other_photos = [torch.rand(2, 3, 64, 1280), torch.rand(1, 3, 1280, 704)]
    _export(Detector(detector), photo, other_photos, folder / info["detector"])
    _export(Classifier(classifier), crops, [torch.rand(3, 480, 480, 3)], folder / info["classifier"])


def _export(module: nn.Module, example: Tensor, others: list[Tensor], path: Path) -> None:
    """Traces the network, and proves on inputs of other sizes that no size was baked in."""
    module = module.eval().to(memory_format=torch.contiguous_format)
    fold_batch_norm(module)
    module.requires_grad_(False)
    traced = torch.jit.trace(module, example)
    for other in others:
        torch.testing.assert_close(traced(other), module(other))
    save_trace(traced, path)
