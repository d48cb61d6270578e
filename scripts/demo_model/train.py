#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the demo model on rendered scenes and measures it on held-out scenes.

Writes detector.pt and classifier.pt into the model folder, beside the text files that are
maintained there by hand, and prints mAP@0.5, the classifier's top-1 and the end-to-end top-1. Requires
the packages in requirements.txt; two cores take about half an hour. Results repeat on one machine
and one torch version; others differ in the last digits of the weights.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

import bundle
from dataset import (
    TRAINING,
    classifier_examples,
    detector_examples,
    render_scenes,
)
from evaluate import add_held_out_arguments, evaluate, found_in, report
from scene import Scene
from training import train_classifier, train_detector


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=bundle.MODEL_FOLDER, help="model folder")
    parser.add_argument("--scenes", type=int, default=5000, help="training scenes")
    parser.add_argument("--detector-epochs", type=int, default=24)
    parser.add_argument("--classifier-epochs", type=int, default=24)
    parser.add_argument("--quick", action="store_true", help="a few minutes, mediocre networks")
    add_held_out_arguments(parser)
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.scenes, arguments.detector_epochs, arguments.classifier_epochs = 1200, 12, 12
    return arguments


def classifier_data(
    scenes: list[Scene], detector: torch.nn.Module, names: list[str], seed: int
) -> tuple[torch.Tensor, torch.Tensor]:
    batches: list[torch.Tensor] = []
    targets: list[int] = []
    crops: list[torch.Tensor] = []
    for index, scene in enumerate(scenes):
        rng = np.random.default_rng([seed, TRAINING, index, 1])
        for crop, name in classifier_examples(rng, scene, found_in(scene, detector)):
            crops.append(crop)
            targets.append(names.index(name))
        # Small tensors kept between large temporary ones would fragment the heap.
        if len(crops) > 500 or index + 1 == len(scenes):
            batches.append(torch.stack(crops))
            crops.clear()
    return torch.cat(batches), torch.tensor(targets)


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    torch.use_deterministic_algorithms(True)
    names = bundle.label_names(bundle.MODEL_FOLDER)
    started = time.monotonic()

    scenes = render_scenes(arguments.seed, TRAINING, arguments.scenes, arguments.processes)
    print(f"rendered {len(scenes)} scenes, {time.monotonic() - started:.0f} s", flush=True)
    examples = detector_examples(scenes, arguments.processes)
    detector = train_detector(examples, arguments.detector_epochs, arguments.seed)
    del examples
    crops, targets = classifier_data(scenes, detector.eval(), names, arguments.seed)
    print(f"cut {len(crops)} crops, {time.monotonic() - started:.0f} s", flush=True)
    classifier = train_classifier(
        crops, targets, len(names), arguments.classifier_epochs, arguments.seed
    )
    bundle.save_detector(arguments.output, detector)
    bundle.save_classifier(arguments.output, classifier)
    print(f"trained in {time.monotonic() - started:.0f} s", flush=True)
    print(report(evaluate(bundle.load(arguments.output), arguments)))


if __name__ == "__main__":
    main()
