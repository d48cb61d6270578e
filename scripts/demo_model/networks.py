# SPDX-License-Identifier: Apache-2.0
"""The two networks, small enough for a repository and a laptop, with the engine's input and output."""

import math

import torch
from torch import Tensor, nn

import yolo

DETECTOR_POOL = 8
CLASSIFIER_POOL = 5
CELL = 32  # input pixels per cell of the detector's output grid
ANCHOR = 2.0**20  # pixels: of a box so much smaller, YOLOv5 takes the side from an exponential
CATEGORIES = 3


def convolution(inputs: int, outputs: int, size: int = 3, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    padding = dilation * (size // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding, dilation, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """x + f(x), f narrowing to `inner` channels when that is fewer than x has."""

    def __init__(self, channels: int, inner: int, dilation: int = 1) -> None:
        super().__init__()
        if inner < channels:
            self.inside = nn.Sequential(
                convolution(channels, inner, 1),
                convolution(inner, inner, 3, dilation=dilation),
                convolution(inner, channels, 1),
            )
        else:
            self.inside = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inside(x)


def _residual(channels: int, inner: int, dilation: int = 1) -> yolo.Bottleneck:
    """x + f(x), f narrowing to `inner` channels when that is fewer than x has."""
    if inner == channels:
        return yolo.Bottleneck(yolo.Conv(channels, channels, 3), yolo.Conv(channels, channels, 3))
    widen = nn.Sequential(yolo.Conv(inner, inner, 3, dilation=dilation), yolo.Conv(inner, channels, 1))
    return yolo.Bottleneck(yolo.Conv(channels, inner, 1), widen)


def _averaging_convolution(size: int) -> nn.Conv2d:
    """The means of squares of pixels, moved from 0..1 to -2..2."""
    pool = nn.Conv2d(3, 3, size, size)
    pool.requires_grad_(False)
    pool.weight.zero_()
    for channel in range(3):
        pool.weight[channel, channel] = 4 / size**2
    pool.bias.fill_(-2.0)
    return pool


def detector() -> yolo.Model:
    """float32 [B, 3, H, W] in 0..1 → [B, N, 8]: box in input pixels, objectness, categories."""
    anchors = torch.tensor([[[ANCHOR / CELL, ANCHOR / CELL]]])
    boxes = yolo.Detect(CATEGORIES, anchors, torch.tensor([float(CELL)]), [48])
    nn.init.constant_(boxes.m[0].bias[2:4], math.log(128 / ANCHOR / 4) / 2)  # boxes of 128 pixels
    nn.init.constant_(boxes.m[0].bias[4:5], -4.0)  # objects are rare: start by saying so
    return yolo.Model(
        [
            (-1, _averaging_convolution(DETECTOR_POOL)),
            (-1, yolo.Conv(3, 24, 3, stride=2)),
            (-1, _residual(24, 24)),
            (-1, yolo.Conv(24, 48, 3, stride=2)),
            (-1, _residual(48, 48)),
            (-1, yolo.Conv(48, 96, 3, stride=2)),
            (-1, _residual(96, 48)),
            (-1, _residual(96, 48, dilation=2)),
            (-1, _residual(96, 48, dilation=4)),
            (-1, _residual(96, 48)),
            (-1, yolo.Bottleneck(nn.AdaptiveAvgPool2d(1), nn.Conv2d(96, 96, 1))),  # the whole scene
            (-1, yolo.Conv(96, 48, 1)),
            (-1, nn.Upsample(scale_factor=2)),
            ([-1, 4], yolo.Concat()),
            (-1, yolo.Conv(96, 48, 3)),
            (-1, yolo.Conv(48, 48, 3)),
            ([-1], boxes),
        ]
    )


def raw_grid(model: yolo.Model, pooled: Tensor) -> Tensor:
    """Computes the detector's head for an image that is pooled by DETECTOR_POOL: [B, 8, H, W]."""
    (features,) = model.inputs_of(-1, pooled * 4 - 2, first=1)
    return model.model[-1].m[0](features)


class PooledClassifier(nn.Module):
    """The trained part of the classifier: crop pooled by CLASSIFIER_POOL → logits."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            convolution(3, 20, stride=2),
            convolution(20, 40, stride=2),
            Residual(40, 40),
            convolution(40, 72, stride=2),
            Residual(72, 36),
            Residual(72, 36),
            convolution(72, 112, stride=2),
            Residual(112, 56),
            Residual(112, 56),
        )
        self.output = nn.Sequential(nn.Dropout(0.1), nn.Linear(112, labels))

    def forward(self, pooled: Tensor) -> Tensor:
        return self.output(self.features(pooled * 4 - 2).mean(dim=(2, 3)))


def fold_batch_norm(module: nn.Module) -> None:
    """Merges every batch norm into the convolution before it, in place."""
    for child in module.children():
        if isinstance(child, nn.Sequential) and len(child) > 1 and isinstance(child[1], nn.BatchNorm2d):
            child[0] = nn.utils.fuse_conv_bn_eval(child[0], child[1])
            child[1] = nn.Identity()
        else:
            fold_batch_norm(child)
