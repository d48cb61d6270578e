"""The two networks, small enough for a repository and a laptop, with the engine's contracts."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DETECTOR_POOL = 8
CLASSIFIER_POOL = 5
CELL = 32  # input pixels per cell of the detector's output grid
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


class PooledDetector(nn.Module):
    """The trained part of the detector: image pooled by DETECTOR_POOL → raw [B, 8, H, W] grid.

    Channels: box offset x, y, log width, log height, objectness and category logits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(
            convolution(3, 24, stride=2),
            Residual(24, 24),
            convolution(24, 48, stride=2),
            Residual(48, 48),
        )
        self.coarse = nn.Sequential(
            convolution(48, 96, stride=2),
            Residual(96, 48),
            Residual(96, 48, dilation=2),
            Residual(96, 48, dilation=4),
            Residual(96, 48),
        )
        self.whole = nn.Linear(96, 96)
        self.lateral = convolution(96, 48, 1)
        self.head = nn.Sequential(convolution(48, 48), convolution(48, 48))
        self.output = nn.Conv2d(48, 5 + CATEGORIES, 1)
        nn.init.constant_(self.output.bias[4:5], -4.0)  # objects are rare: start by saying so

    def forward(self, pooled: Tensor) -> Tensor:
        fine = self.fine(pooled * 4 - 2)
        coarse = self.coarse(fine)
        scene = self.whole(coarse.mean(dim=(2, 3)))
        coarse = self.lateral(coarse + scene[:, :, None, None])
        return self.output(self.head(fine + F.interpolate(coarse, scale_factor=2.0)))


def decode_boxes(raw: Tensor) -> Tensor:
    """Raw grid [B, 8, H, W] → x_center, y_center, width, height [B, H·W, 4] in input pixels."""
    rows = torch.arange(raw.shape[2], dtype=raw.dtype, device=raw.device) + 0.5
    columns = torch.arange(raw.shape[3], dtype=raw.dtype, device=raw.device) + 0.5
    x = (raw[:, 0] + columns[None, None, :]) * CELL
    y = (raw[:, 1] + rows[None, :, None]) * CELL
    size = raw[:, 2:4].clamp(min=-4.0, max=4.0).exp() * (4 * CELL)
    return torch.stack([x, y, size[:, 0], size[:, 1]], dim=3).flatten(1, 2)


class Detector(nn.Module):
    """float32 [B, 3, H, W] in 0..1 → [B, N, 8]: box in input pixels, objectness, categories."""

    def __init__(self, inner: PooledDetector) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, image: Tensor) -> Tensor:
        raw = self.inner(F.avg_pool2d(image, DETECTOR_POOL))
        scores = raw[:, 4:].sigmoid().flatten(2, 3).transpose(1, 2)
        return torch.cat([decode_boxes(raw), scores], dim=2)


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


class Classifier(nn.Module):
    """float32 [B, 480, 480, 3] in 0..1 → logits [B, labels]."""

    def __init__(self, inner: PooledClassifier) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, crops: Tensor) -> Tensor:
        return self.inner(F.avg_pool2d(crops.permute(0, 3, 1, 2).contiguous(), CLASSIFIER_POOL))


def fold_batch_norm(module: nn.Module) -> None:
    """Merges every batch norm into the convolution before it, in place."""
    for child in module.children():
        if isinstance(child, nn.Sequential) and len(child) > 1 and isinstance(child[1], nn.BatchNorm2d):
            child[0] = nn.utils.fuse_conv_bn_eval(child[0], child[1])
            child[1] = nn.Identity()
        else:
            fold_batch_norm(child)
