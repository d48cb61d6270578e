# SPDX-License-Identifier: Apache-2.0
"""Writes the pickled detector of a random package, as MegaDetector v5a was written: by torch 1.10, from a checkout of YOLOv5.

usage: detector.py OUTPUT.pt PHOTOS [--width 1.25] [--depth 1.33] [--scenes 5] [--seed 3]
       (Python 3.9, torch 1.10.2, yolov5 6.0.7)

Width 1.25 and depth 1.33 are YOLOv5x6's.
"""

import argparse
import copy
import importlib
import importlib.util
import os
import sys

import numpy as np
import torch
import yaml
from PIL import ImageFont
from photos import photos_in

STRONG_CELLS = (5, 5, 4, 4)
"""Number of cells of a photo with an objectness above LOWEST, for each level of the pyramid, per anchor."""
LOWEST, HIGHEST = -5.0, (-0.5, 0.6, 0.4, 0.8)
"""Logits of the objectness of the weakest of these cells, and of the strongest one for each level."""
CANDIDATES = 1500
"""Number of directions to try."""
LARGEST = 10.0
"""Largest distance of logits from their mean. Larger factors would also enlarge rounding errors."""


def import_as_checkout():
    """Imports YOLOv5 as in a checkout, as MegaDetector was: not as a package, but as the modules `models.yolo`, `models.common`, …"""
    # On import, YOLOv5 would download the font with which it labels boxes.
    ImageFont.truetype = lambda *_arguments, **_options: None
    folder = os.path.dirname(importlib.util.find_spec("yolov5").origin)
    yolo = importlib.import_module("yolov5.models.yolo")
    for name in ("models", "models.common", "models.experimental", "models.yolo"):
        module = sys.modules[name] = importlib.import_module("yolov5." + name)
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == "yolov5." + name:
                value.__module__ = name
    return folder, yolo.Model, importlib.import_module("yolov5.utils.augmentations").letterbox


def normalise_activations(network, inputs, generator):
    """Sets the BatchNorm statistics to those of the photos. Small weights keep activations in SiLU's nearly linear part, where
    rounding errors do not grow from layer to layer. The residual of a bottleneck is smaller still."""
    for name, layer in network.named_modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None  # the mean over all inputs
            layer.reset_running_stats()
            scale = 0.5 if ".m." in name and name.endswith("cv2.bn") else 1.0
            layer.weight.data.uniform_(0.15 * scale, 0.35 * scale, generator=generator)
            layer.bias.data.normal_(0, 0.3, generator=generator)
    network.train()
    for pixels in inputs:
        network(pixels)
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 0.03
            # A channel with little variance would amplify unusual inputs.
            layer.running_var.clamp_(min=layer.running_var.median())
    network.eval()


def objectness_directions(cells, count, generator):
    """Returns three directions in which a few cells of each photo stand out from all others: matched filters of random cells."""
    values = torch.cat(cells).double()
    centred = values - values.mean(0)
    covariance = centred.T @ centred / len(centred)
    ridge = 1e-2 * covariance.diagonal().mean() * torch.eye(len(covariance), dtype=torch.double)
    chosen = torch.randint(len(centred), (CANDIDATES,), generator=generator)
    directions = torch.linalg.solve(covariance + ridge, centred[chosen].T)
    directions /= (centred @ directions).abs().amax(0)
    tops = [((photo.double() - values.mean(0)) @ directions).topk(count, 0).values for photo in cells]
    contrast = torch.stack([top[0] - top[-1] for top in tops]).median(0).values
    return directions[:, contrast.argsort(descending=True)[:3]].T


def scale_output(convolution, cells, level, generator):
    """Scales a head so that each photo has a few confident cells. `cells` has a (count, channels) tensor per photo."""
    values = torch.cat(cells).double()
    mean, deviation = values.mean(0), values.std(0)
    deviation = deviation.clamp_min(deviation.median())
    weight = torch.empty_like(convolution.weight).normal_(0, 1, generator=generator)[:, :, 0, 0].double() / deviation
    weight[4::8] = objectness_directions(cells, STRONG_CELLS[level], generator)
    bias = torch.zeros(len(weight)).double()
    for output, direction in enumerate(weight):
        results = (values - mean) @ direction
        largest = results.abs().max()
        part = output % 8  # x, y, width, height, objectness, animal, person, vehicle
        if part < 2:
            factor = min(0.4 / results.std(), 1 / largest)
        elif part < 4:
            factor = min(0.15 / results.std(), 0.5 / largest)
        elif part == 4:
            tops = torch.stack([((photo.double() - mean) @ direction).topk(STRONG_CELLS[level]).values for photo in cells])
            strongest, weakest = tops[:, 0].median(), tops[:, -1].median()
            factor = min((HIGHEST[level] - LOWEST) / (strongest - weakest), LARGEST / largest)
            bias[output] = LOWEST - factor * weakest
            strong = results.topk(STRONG_CELLS[level] * len(cells)).indices
        else:
            factor = min(1.5 / results.std(), 5 / largest)
            bias[output] = (1.9, 1.5, 1.3)[part - 5] - factor * results[strong].mean()
        weight[output] *= factor
    convolution.weight.data = weight.float()[:, :, None, None]
    convolution.bias.data = (bias - weight @ mean).float()


def as_published(network):
    """Returns a checkpoint as train.py of YOLOv5 6.0 writes it: half precision, initial grids, additional attributes."""
    network = copy.deepcopy(network)
    for parameter in network.parameters():
        parameter.requires_grad = False
    network.nc = 3
    network.names = ["animal", "person", "vehicle"]
    network.hyp = {"lr0": 0.01, "momentum": 0.937, "weight_decay": 0.0005, "anchor_t": 4.0, "label_smoothing": 0.0}
    network.class_weights = torch.tensor([0.35, 1.05, 1.6], dtype=torch.double)
    head = network.model[-1]
    head.grid = [torch.zeros(1)] * head.nl
    head.anchor_grid = [torch.zeros(1)] * head.nl
    keys = ("best_fitness", "ema", "updates", "optimizer", "wandb_id")
    return {"epoch": -1, "model": network.half(), "date": "2022-03-07T09:41:00.000000", **dict.fromkeys(keys)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("photos")
    parser.add_argument("--width", type=float, default=1.25)
    parser.add_argument("--depth", type=float, default=1.33)
    parser.add_argument("--scenes", type=int, default=5, help="photos that the network is scaled on")
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()

    folder, network_type, letterbox = import_as_checkout()
    torch.manual_seed(arguments.seed)
    np.random.seed(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed + 1)
    with open(os.path.join(folder, "models/hub/yolov5x6.yaml"), encoding="utf-8") as file:
        layout = yaml.safe_load(file)
    layout |= {"nc": 3, "width_multiple": arguments.width, "depth_multiple": arguments.depth}
    network = network_type(layout, ch=3, nc=3)

    def letterboxed(photo, side):
        pixels = letterbox(np.asarray(photo), new_shape=side, stride=64, auto=True)[0]
        return torch.from_numpy(pixels / 255).permute(2, 0, 1)[None].float()

    scenes = photos_in(arguments.photos, arguments.scenes)
    with torch.no_grad():
        normalise_activations(network, [letterboxed(scene, 640) for scene in scenes], generator)
        seen = [[] for _ in network.model[-1].m]
        hooks = [
            convolution.register_forward_hook(lambda _module, given, _out, cells=cells: cells.append(given[0]))
            for convolution, cells in zip(network.model[-1].m, seen)
        ]
        for scene in scenes:
            network(letterboxed(scene, 1280))
        for hook in hooks:
            hook.remove()
        for level, convolution in enumerate(network.model[-1].m):
            scale_output(convolution, [photo.flatten(2)[0].T for photo in seen[level]], level, generator)
    torch.save(as_published(network), arguments.output + ".part")
    os.replace(arguments.output + ".part", arguments.output)
    print("detector:", torch.__version__, os.path.getsize(arguments.output), "bytes")


main()
