# SPDX-License-Identifier: Apache-2.0
"""The model folder: its hand-written text files, and the two networks."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

import yolo
from classifier_graph import classifier_graph
from networks import PooledClassifier, fold_batch_norm

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL_FOLDER = REPOSITORY / "examples/demo/model"


@dataclass(frozen=True)
class Bundle:
    """Returns the networks in their files, and the common name of each label."""

    detector: yolo.Model
    classifier: nn.Module
    names: list[str]


def label_names(folder: Path) -> list[str]:
    info = json.loads((folder / "info.json").read_text())
    lines = (folder / info["classifier_labels"]).read_text().splitlines()
    return [line.split(";")[6] for line in lines]


def load(folder: Path) -> Bundle:
    info = json.loads((folder / "info.json").read_text())
    checkpoint = torch.load(folder / info["detector"], weights_only=False)
    classifier = torch.load(folder / info["classifier"], weights_only=False)
    return Bundle(checkpoint["model"].float().eval(), classifier.eval(), label_names(folder))


def save_detector(folder: Path, detector: yolo.Model) -> None:
    """Writes the result of a YOLOv5 training: the module as an object, its weights in float16."""
    detector = detector.eval().to(memory_format=torch.contiguous_format).half()
    checkpoint = {"epoch": -1, "best_fitness": None, "model": detector, "optimizer": None}
    info = json.loads((MODEL_FOLDER / "info.json").read_text())
    torch.save(checkpoint, folder / info["detector"])


def save_classifier(folder: Path, classifier: PooledClassifier) -> None:
    """Writes the classifier as the torch.fx graph that onnx2torch makes."""
    classifier = classifier.eval().to(memory_format=torch.contiguous_format)
    fold_batch_norm(classifier)
    classifier.requires_grad_(False)
    info = json.loads((MODEL_FOLDER / "info.json").read_text())
    torch.save(classifier_graph(classifier), folder / info["classifier"])
