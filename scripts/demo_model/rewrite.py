#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rewrites the networks of demo-1, which were TorchScript, in the formats of demo-2.

The convolutions keep their weights, rounded to float16 in the detector. Batch norms, which demo-1 had folded
into them, come back with the statistics of training scenes. YOLOv5 decodes boxes with sigmoids where demo-1
had an exponential and a sum: what goes into the sigmoids is fitted, by least squares over the detections in
these scenes, to what would give the same boxes. Needs what requirements.txt names.

FIRST is a folder with the two networks of demo-1, which are in the history of examples/demo/model:

    commit=$(git log --format=%H --reverse -- examples/demo/model/detector.pt | head -1)
    for name in detector classifier; do git show $commit:examples/demo/model/$name.pt > FIRST/$name.pt; done
"""

import argparse
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import bundle
import yolo
from dataset import TRAINING, DetectorExample, detector_examples, render_scenes
from networks import ANCHOR, PooledClassifier, detector, fold_batch_norm, raw_grid

FIRST_SIZE = 128  # pixels of a side whose channel is 0 in demo-1
FIRST_LARGEST = 4.0  # demo-1 clamped the channels of sides to ± this
DETECTED = 0.1  # objectness from which a cell counts for the fit

Weights = dict[str, Tensor]


def weights_of(path: Path) -> Weights:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TorchScript is called deprecated
        state = torch.jit.load(str(path)).state_dict()
    return {name.removeprefix("inner."): value.float() for name, value in state.items()}


def convolutions(model: yolo.Model) -> dict[str, yolo.Conv]:
    """The detector's convolutions by their names in demo-1."""
    layers = model.model
    named = {
        "fine.0": layers[1],
        "fine.1.inside.0": layers[2].cv1,
        "fine.1.inside.1": layers[2].cv2,
        "fine.2": layers[3],
        "fine.3.inside.0": layers[4].cv1,
        "fine.3.inside.1": layers[4].cv2,
        "coarse.0": layers[5],
        "lateral": layers[11],
        "head.0": layers[14],
        "head.1": layers[15],
    }
    for index in range(1, 5):
        block = layers[5 + index]
        parts = (block.cv1, block.cv2[0], block.cv2[1])
        named |= {f"coarse.{index}.inside.{part}": layer for part, layer in enumerate(parts)}
    return named


@torch.no_grad()
def first_detector(weights: Weights) -> yolo.Model:
    """The layers of demo-1's detector, up to the channels of the last layer, which have the same meaning."""
    model = detector().eval()
    for name, layer in convolutions(model).items():
        kernel = weights[f"{name}.0.weight"]
        # demo-1 added the two inputs of this layer, which are concatenated here.
        repeats = layer.conv.in_channels // kernel.shape[1]
        layer.conv.weight.copy_(torch.cat([kernel] * repeats, 1).half())
        layer.bn.running_mean.zero_()
        layer.bn.running_var.fill_(1 - layer.bn.eps)
        layer.bn.weight.fill_(1)
        layer.bn.bias.copy_(weights[f"{name}.0.bias"])
    whole, output = model.model[10].cv2, model.model[16].m[0]
    whole.weight.copy_(weights["whole.weight"][:, :, None, None])
    whole.bias.copy_(weights["whole.bias"])
    output.weight.copy_(weights["output.weight"])
    output.bias.copy_(weights["output.bias"])
    return model


def _measure(layer: yolo.Conv, sums: list[Tensor]) -> Tensor:
    def add(_: nn.Module, __: tuple[Tensor, ...], result: Tensor) -> None:
        for power, total in enumerate(sums):
            total += result.double().pow(power).sum((0, 2, 3))

    return layer.conv.register_forward_hook(add)


@torch.no_grad()
def measure(model: yolo.Model, examples: list[DetectorExample]) -> Tensor:
    """Gives each batch norm its statistics. Returns the channels of all detections, [N, 8]."""
    layers = list(convolutions(model).values())
    sums = [[torch.zeros(layer.conv.out_channels, dtype=torch.double) for _ in range(3)] for layer in layers]
    hooks = [_measure(layer, parts) for layer, parts in zip(layers, sums)]
    found = []
    for example in examples:
        raw = raw_grid(model, torch.from_numpy(example.pooled)[None].float() / 255)
        objectness = raw[:, 4:5]
        # Suppression leaves the best of neighbouring cells.
        best = (objectness == F.max_pool2d(objectness, 3, 1, 1)) & (objectness.sigmoid() >= DETECTED)
        found.append(raw[0, :, best[0, 0]].T)
    for hook in hooks:
        hook.remove()
    for layer, (count, total, squares) in zip(layers, sums):
        norm, mean = layer.bn, total / count
        variance = squares / count - mean**2
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias += mean
    return torch.cat(found)


@torch.no_grad()
def refit(output: nn.Conv2d, found: Tensor) -> tuple[float, float, float]:
    """Scales the last layer's channels of boxes. Returns the factor of centres; factor and term of sides."""
    found = found.double()
    centres = found[:, 0:2].flatten()
    factors = torch.arange(2, 3, 0.05, dtype=torch.double)
    misses = (2 * (factors[:, None] * centres).sigmoid() - 1 - centres).square().mean(1)
    centre = float(factors[misses.argmin()])
    sides = found[:, 2:4].clamp(-FIRST_LARGEST, FIRST_LARGEST).flatten()
    wanted = (sides.exp() * FIRST_SIZE / ANCHOR / 4).sqrt().logit()
    columns = torch.stack([sides, torch.ones_like(sides)], 1)
    factor, term = torch.linalg.lstsq(columns, wanted[:, None]).solution.flatten().tolist()
    output.weight[0:2] *= centre
    output.bias[0:2] *= centre
    output.weight[2:4] *= factor
    output.bias[2:4] = output.bias[2:4] * factor + term
    return centre, factor, term


def first_classifier(weights: Weights, labels: int) -> PooledClassifier:
    model = PooledClassifier(labels).eval()
    fold_batch_norm(model)
    model.load_state_dict(weights)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", type=Path, metavar="FIRST", help="folder of demo-1's networks")
    parser.add_argument("--output", type=Path, required=True, help="folder for the new networks")
    parser.add_argument("--scenes", type=int, default=100, help="training scenes")
    parser.add_argument("--seed", type=int, default=20240517)
    parser.add_argument("--processes", type=int, default=2, help="rendering processes")
    arguments = parser.parse_args()

    scenes = render_scenes(arguments.seed, TRAINING, arguments.scenes, arguments.processes)
    model = first_detector(weights_of(arguments.first / "detector.pt"))
    found = measure(model, detector_examples(scenes, arguments.processes))
    centre, factor, term = refit(model.model[16].m[0], found)
    print(f"{len(found)} cells; centres × {centre:.3f}; sides × {factor:.4f} {term:+.4f}")
    bundle.save_detector(arguments.output, model)
    names = bundle.label_names(bundle.MODEL_FOLDER)
    classifier = first_classifier(weights_of(arguments.first / "classifier.pt"), len(names))
    bundle.save_classifier(arguments.output, classifier)


if __name__ == "__main__":
    main()
