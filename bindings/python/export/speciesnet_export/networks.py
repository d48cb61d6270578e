# SPDX-License-Identifier: Apache-2.0
"""Unpickles the two networks as the reference does, traces them, and compares them with their traces.

Unpickling runs code from the file. Nothing here can make an untrusted file safe.
"""

import importlib
import warnings
from pathlib import Path
from typing import Any, Iterable, List

import torch

from .archive import appended_files, save_trace
from .errors import ExportError

# The letterbox pads to this many pixels; both sides of a detector input are multiples of it.
DETECTOR_STRIDE = 64
DETECTOR_TRACE_SIZE = (320, 448)
# Letterboxed sizes of common photos (batch, height, width), and the flattest possible one.
DETECTOR_VERIFY_SIZES = (
    (2, 64, 1280),
    (1, 704, 1280),
    (1, 960, 1280),
    (1, 1280, 960),
    (1, 1280, 1280),
)
CLASSIFIER_INPUT_SIZE = 480
CLASSIFIER_VERIFY_BATCH = 3
# A trace runs the operations of the original; results differ only if other kernels are chosen.
LARGEST_ACCEPTED_DIFFERENCE = 1e-4


def load_detector(path: Path) -> torch.nn.Module:
    """Returns a YOLOv5 checkpoint's network in float32, with the attributes that current yolov5 expects."""
    # Importing yolov5 also puts `models` on the path, the name under which checkpoints refer to its
    # classes.
    importlib.import_module("yolov5.models.yolo")
    checkpoint = _unpickle(path)
    if not isinstance(checkpoint, dict) or not isinstance(checkpoint.get("model"), torch.nn.Module):
        raise ExportError(f'{path}: not a YOLOv5 checkpoint (a dict with a network as "model")')
    network = checkpoint["model"].float()
    head = _detection_head(network, path)
    _renew_old_attributes(network, head)
    # Otherwise the trace would keep the grid of the image size with which it was made.
    head.dynamic = True
    return _for_inference(network)


def load_classifier(path: Path) -> torch.nn.Module:
    """Returns the pickled network of onnx2torch."""
    importlib.import_module("onnx2torch")
    network = _unpickle(path)
    if not isinstance(network, torch.fx.GraphModule):
        raise ExportError(f"{path}: holds a {type(network).__name__}, not a torch.fx.GraphModule")
    return _for_inference(network)


class DetectorOutput(torch.nn.Module):
    """Returns only the decoded boxes; YOLOv5 also returns the raw feature maps."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.network(images)[0]


def export_detector(path: Path, output: Path, verify: bool) -> Iterable[str]:
    """Traces the detector to `output`; yields lines that report the comparison."""
    detector = DetectorOutput(load_detector(path)).eval()
    head = detector.network.model[-1]
    _save_trace(detector, _noise(1, 3, *DETECTOR_TRACE_SIZE), path, output)
    if verify:
        traced = _reload(output)
        for batch, height, width in DETECTOR_VERIFY_SIZES:
            boxes = sum(head.na * (height // int(s)) * (width // int(s)) for s in head.stride)
            images = _noise(batch, 3, height, width)
            difference = _largest_difference(detector, traced, images, [batch, boxes, 5 + head.nc])
            yield f"detector   {batch}x3x{height}x{width}: largest difference {difference:g}"


def export_classifier(path: Path, output: Path, label_count: int, verify: bool) -> Iterable[str]:
    """Traces the classifier to `output`; yields lines that report the comparison."""
    classifier = load_classifier(path)
    size = CLASSIFIER_INPUT_SIZE
    crop = _noise(1, size, size, 3)
    _save_trace(classifier, crop, path, output)
    with torch.no_grad():
        logits = classifier(crop)
    if list(logits.shape) != [1, label_count]:
        raise ExportError(f"{path}: gives {list(logits.shape)} logits for {label_count} labels")
    if verify:
        batch = CLASSIFIER_VERIFY_BATCH
        crops = _noise(batch, size, size, 3)
        difference = _largest_difference(classifier, _reload(output), crops, [batch, label_count])
        yield f"classifier {batch}x{size}x{size}x3: largest difference {difference:g}"


def _unpickle(path: Path) -> Any:
    try:
        return torch.load(path, map_location="cpu", weights_only=False)
    except Exception as error:  # Unpickling may raise anything, because it runs the file's code.
        raise ExportError(
            f"{path}: cannot be unpickled: {type(error).__name__}: {error}"
        ) from error


def _detection_head(network: torch.nn.Module, path: Path) -> torch.nn.Module:
    layers = getattr(network, "model", None)
    head = layers[-1] if isinstance(layers, torch.nn.Sequential) and len(layers) else None
    if head is None or type(head).__name__ != "Detect":
        raise ExportError(f"{path}: the network does not end in YOLOv5's Detect layer")
    if any(DETECTOR_STRIDE % int(stride) for stride in head.stride):
        raise ExportError(f"{path}: strides {head.stride.tolist()} do not divide {DETECTOR_STRIDE}")
    return head


def _renew_old_attributes(network: torch.nn.Module, head: torch.nn.Module) -> None:
    """Converts data saved by PyTorch < 1.11 and YOLOv5 < 6 to the current form."""
    for module in network.modules():
        if isinstance(module, torch.nn.Upsample):
            # If it is missing, torch assumes True, which for a factor of 2 only adds operations.
            module.recompute_scale_factor = None
    if not isinstance(head.anchor_grid, list):  # It was a buffer of one shape for all image sizes.
        del head.anchor_grid
        head.anchor_grid = [torch.empty(0)] * head.nl


def _for_inference(network: torch.nn.Module) -> torch.nn.Module:
    return network.eval().requires_grad_(False)


def _noise(*shape: int) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(0))


def _save_trace(
    network: torch.nn.Module, example: torch.Tensor, source: Path, output: Path
) -> None:
    with warnings.catch_warnings(), torch.no_grad():
        # Tracing warns about each Python branch on a shape; the comparison shows that they do not
        # matter.
        warnings.simplefilter("ignore")
        try:
            trace = torch.jit.trace(network, example, check_trace=False)
        except RuntimeError as error:
            shape = list(example.shape)
            raise ExportError(f"{source}: cannot be run on {shape}: {error}") from error
        save_trace(trace, output, appended_files(source))


def _reload(path: Path) -> torch.nn.Module:
    with warnings.catch_warnings():
        # TorchScript is deprecated, but LibTorch 1.13 reads no other format.
        warnings.simplefilter("ignore")
        return torch.jit.load(str(path), map_location="cpu")


def _largest_difference(
    original: torch.nn.Module, traced: torch.nn.Module, batch: torch.Tensor, shape: List[int]
) -> float:
    with torch.no_grad():
        expected, actual = original(batch), traced(batch)
    for name, output in (("original", expected), ("exported", actual)):
        if list(output.shape) != shape:
            raise ExportError(f"the {name} network gives {list(output.shape)} instead of {shape}")
    difference = (actual - expected).abs()
    if not bool((difference <= LARGEST_ACCEPTED_DIFFERENCE * expected.abs().clamp_min(1)).all()):
        raise ExportError(f"the exported network differs by {float(difference.max()):g}")
    return float(difference.max())
