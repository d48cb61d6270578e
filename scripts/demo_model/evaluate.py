#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the demonstration model as shipped, on newly rendered held-out scenes.

Figures: mAP@0.5 of the detector over animal, human and vehicle; top-1 of the classifier on the
true boxes (and on whole blank photos); end-to-end top-1, where an object counts when a
detection of confidence 0.1 or more covers it (IoU 0.5) and its crop is named rightly, and a
blank photo counts when nothing is detected or the best detection's crop is named blank.
"""

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch

import bundle
from dataset import HELD_OUT, name_of, render_scenes
from metrics import average_precision
from reference import Detection, crop, decode, detections_from, intersection_over_union, letterbox
from scene import ANIMAL, BLANK, HUMAN, VEHICLE, Scene

_CLASSIFY_FROM = 0.1  # confidence from which the reference classifies a detection
_CATEGORIES = {"animal": ANIMAL, "human": HUMAN, "vehicle": VEHICLE}


@dataclass
class Figures:
    """The results, ready to print."""

    scenes: int
    precision: dict[str, float] = field(default_factory=dict)
    classifier_hits: list[bool] = field(default_factory=list)
    end_to_end_hits: list[bool] = field(default_factory=list)
    by_name: dict[str, list[bool]] = field(default_factory=dict)
    detector_ms: float = 0.0
    classifier_ms: float = 0.0


def add_held_out_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=20240517)
    parser.add_argument("--held-out", type=int, default=600, help="scenes to measure on")
    parser.add_argument("--threads", type=int, default=2, help="threads of the networks")
    parser.add_argument("--processes", type=int, default=2, help="rendering processes")


@torch.inference_mode()
def found_in(scene: Scene, detector: torch.nn.Module) -> list[Detection]:
    image = decode(scene.jpeg)
    frame = letterbox(image)
    rows = detector(torch.from_numpy(frame.image).permute(2, 0, 1)[None].float() / 255)[0]
    return detections_from(rows, frame, image.shape[1], image.shape[0])


@torch.inference_mode()
def evaluate(model: bundle.Bundle, arguments: argparse.Namespace) -> Figures:
    torch.set_num_threads(arguments.threads)
    scenes = render_scenes(arguments.seed, HELD_OUT, arguments.held_out, arguments.processes)
    figures = Figures(len(scenes))
    found = []
    started = time.monotonic()
    for scene in scenes:
        found.append(found_in(scene, model.detector))
    figures.detector_ms = (time.monotonic() - started) / len(scenes) * 1000
    for name, category in _CATEGORIES.items():
        figures.precision[name] = average_precision(
            found, [scene.subjects for scene in scenes], category
        )
    for scene, detections in zip(scenes, found):
        _judge(scene, detections, model, figures)
    started = time.monotonic()
    for _ in range(20):
        model.classifier(torch.rand(1, 480, 480, 3))
    figures.classifier_ms = (time.monotonic() - started) / 20 * 1000
    return figures


def _judge(
    scene: Scene, detections: list[Detection], model: bundle.Bundle, figures: Figures
) -> None:
    image = decode(scene.jpeg)
    height, width = image.shape[:2]

    def name(box: tuple[float, float, float, float]) -> str:
        return model.names[int(model.classifier(crop(image, box)[None])[0].argmax())]

    if not scene.subjects:
        figures.classifier_hits.append(name((0, 0, width, height)) == BLANK)
        figures.end_to_end_hits.append(not detections or name(detections[0].box) == BLANK)
        figures.by_name.setdefault(BLANK, []).append(figures.end_to_end_hits[-1])
    classified = [d for d in detections if d.confidence >= _CLASSIFY_FROM]
    for subject in scene.subjects:
        figures.classifier_hits.append(name(subject.box) == subject.name)
        truth = torch.tensor([subject.box], dtype=torch.float32)
        hit = False
        for detection in classified:
            overlap = float(intersection_over_union(torch.tensor([detection.box]), truth))
            if overlap >= 0.5:
                hit = name(detection.box) == subject.name
                break
        figures.end_to_end_hits.append(hit)
        figures.by_name.setdefault(subject.name, []).append(hit)


def report(figures: Figures) -> str:
    def share(hits: list[bool]) -> str:
        return f"{sum(hits) / len(hits):.3f} ({sum(hits)} of {len(hits)})"

    mean = sum(figures.precision.values()) / len(figures.precision)
    lines = [f"held-out scenes: {figures.scenes}", f"detector mAP@0.5: {mean:.3f}"]
    lines += [f"  {name}: {value:.3f}" for name, value in figures.precision.items()]
    lines.append(f"classifier top-1: {share(figures.classifier_hits)}")
    lines.append(f"end-to-end top-1: {share(figures.end_to_end_hits)}")
    lines += [f"  {name}: {share(hits)}" for name, hits in sorted(figures.by_name.items())]
    lines.append(f"detector with letterbox and NMS: {figures.detector_ms:.0f} ms per photo")
    lines.append(f"classifier: {figures.classifier_ms:.1f} ms per crop")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=bundle.MODEL_FOLDER, help="model folder")
    add_held_out_arguments(parser)
    arguments = parser.parse_args()
    print(report(evaluate(bundle.load(arguments.model), arguments)))


if __name__ == "__main__":
    main()
