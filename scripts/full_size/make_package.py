"""Step 2, with the reference's PyTorch: a package of full size in the published formats.

    make_package.py --photos FOLDER --texts PACKAGE --classifier classifier.onnx --output FULL

The classifier goes through onnx2torch into a pickled GraphModule, as the published one did. The
detector is YOLOv5x6 with random weights in a training checkpoint of half precision. Labels,
taxonomy and geofence are those of the package PACKAGE. Takes a few minutes and 4 GiB of memory.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx2torch
import torch
import yaml
import yolov5
from speciesnet.utils import load_rgb_image
from yolov5.models import common, yolo
from yolov5.utils.augmentations import letterbox

CLASSES = ["animal", "person", "vehicle"]
OBJECTNESS_QUANTILE = 0.998
"""So many cells are to lie below the detector's threshold: a few dozen boxes per photo remain."""
THRESHOLD_LOGIT = -4.6
HIGHEST_LOGIT = 3.5


def read_photos(folder: Path, count: int = 3) -> list[torch.Tensor]:
    photos = []
    for file in sorted(folder.glob("*.jpg"))[:count]:
        pixels = letterbox(np.asarray(load_rgb_image(str(file))), 1280, stride=64, auto=True)[0]
        photos.append(torch.from_numpy(pixels / 255).permute(2, 0, 1)[None].float())
    return photos


def set_statistics(network: torch.nn.Module, photos: list[torch.Tensor]) -> None:
    """Random scales, and the photos' own means and variances, so that activations stay in range."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None  # The average of all runs.
            layer.reset_running_stats()
            torch.nn.init.uniform_(layer.weight, 0.3, 0.7)
            torch.nn.init.normal_(layer.bias, 0, 0.3)
    network.train()
    for photo in photos:
        network(photo)
    network.eval()


def set_head(network: torch.nn.Module, photos: list[torch.Tensor]) -> None:
    """Spreads boxes, objectness and probabilities over the range that is worth comparing."""
    head = network.model[-1]
    inputs: list[list[torch.Tensor]] = [[] for _ in range(head.nl)]
    hooks = [
        layer.register_forward_hook(
            lambda _, given, __, level=level: inputs[level].append(given[0].flatten(2))
        )
        for level, layer in enumerate(head.m)
    ]
    for photo in photos:
        network(photo)
    for hook in hooks:
        hook.remove()
    for layer, features in zip(head.m, inputs):
        cells = torch.cat([feature[0].T for feature in features])
        layer.weight.normal_()
        weight = layer.weight[:, :, 0, 0]
        outputs = cells @ weight.T
        scale = 1 / outputs.std(0)
        shift = -outputs.mean(0) * scale
        for channel in range(outputs.shape[1]):
            kind = channel % (5 + len(CLASSES))
            values = outputs[:, channel] * scale[channel] + shift[channel]
            if kind == 4:
                low = torch.quantile(values[:100_000], OBJECTNESS_QUANTILE)
                spread = (HIGHEST_LOGIT - THRESHOLD_LOGIT) / (values.max() - low)
                scale[channel] *= spread
                shift[channel] = shift[channel] * spread + THRESHOLD_LOGIT - spread * low
            else:
                spread = 0.4 if kind < 4 else 1.5
                scale[channel] *= spread
                shift[channel] *= spread
        layer.weight.mul_(scale[:, None, None, None])
        layer.bias.copy_(shift)


def make_detector(photos: list[torch.Tensor]) -> torch.nn.Module:
    layout = Path(yolov5.__file__).parent / "models" / "hub" / "yolov5x6.yaml"
    network = yolo.DetectionModel(yaml.safe_load(layout.read_text(encoding="utf-8")), nc=3)
    network.names = CLASSES
    with torch.no_grad():
        set_statistics(network, photos)
        set_head(network, photos)
    for parameter in network.parameters():
        parameter.requires_grad = False
    return network


def save_checkpoint(network: torch.nn.Module, file: Path) -> None:
    """Under the names of the checkout of yolov5 that trained MegaDetector v5a."""
    for module, name in ((yolo, "models.yolo"), (common, "models.common")):
        sys.modules[name] = module
        for thing in vars(module).values():
            if isinstance(thing, type) and thing.__module__ == f"yolov5.{name}":
                thing.__module__ = name
    sys.modules["models"] = yolov5.models
    yolo.Model = yolo.DetectionModel
    yolo.DetectionModel.__name__ = yolo.DetectionModel.__qualname__ = "Model"
    head = network.model[-1]
    head.grid = [torch.empty(0)] * head.nl
    head.anchor_grid = [torch.empty(0)] * head.nl
    checkpoint: dict[str, Any] = dict.fromkeys(["ema", "updates", "optimizer", "wandb_id", "date"])
    torch.save({"epoch": -1, "best_fitness": None, "model": network.half(), **checkpoint}, file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True, help="package to take the rest from")
    parser.add_argument("--classifier", type=Path, required=True, help="output of step 1")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()

    torch.manual_seed(3)
    arguments.output.mkdir(parents=True, exist_ok=True)
    info = json.loads((arguments.texts / "info.json").read_text(encoding="utf-8"))
    for kind in ("classifier_labels", "taxonomy", "geofence"):
        shutil.copy(arguments.texts / info[kind], arguments.output)
    info |= {"version": "full-size-random", "type": "always_crop"}
    info |= {"classifier": "classifier.pt", "detector": "detector.pt"}
    (arguments.output / "info.json").write_text(json.dumps(info, indent=1), encoding="utf-8")

    classifier = onnx2torch.convert(str(arguments.classifier)).eval()
    torch.save(classifier, arguments.output / "classifier.pt")
    save_checkpoint(make_detector(read_photos(arguments.photos)), arguments.output / "detector.pt")
    print(f"{arguments.output}: made")


if __name__ == "__main__":
    main()
