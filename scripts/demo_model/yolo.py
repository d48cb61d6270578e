# SPDX-License-Identifier: Apache-2.0
"""The modules of the detector, with the names and attributes of YOLOv5 checkpoints.

A pickle names classes by their modules. These are called models.common.* and models.yolo.*, as in a
checkout of YOLOv5, so that a saved detector is a file like the published ones.
"""

import sys
from collections.abc import Callable
from types import ModuleType

import torch
from torch import Tensor, nn


def _belongs_to(name: str) -> Callable[[type], type]:
    """Declares a class as part of a module of YOLOv5."""

    def move(cls: type) -> type:
        cls.__module__ = name
        setattr(sys.modules.setdefault(name, ModuleType(name)), cls.__name__, cls)
        return cls

    sys.modules.setdefault("models", ModuleType("models"))
    return move


@_belongs_to("models.common")
class Conv(nn.Module):
    def __init__(self, inputs: int, outputs: int, size: int = 1, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        padding = dilation * (size // 2)
        self.conv = nn.Conv2d(inputs, outputs, size, stride, padding, dilation, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.bn(self.conv(x)))


@_belongs_to("models.common")
class Bottleneck(nn.Module):
    """x + cv2(cv1(x))"""

    def __init__(self, cv1: nn.Module, cv2: nn.Module) -> None:
        super().__init__()
        self.cv1 = cv1
        self.cv2 = cv2
        self.add = True

    def forward(self, x: Tensor) -> Tensor:
        return x + self.cv2(self.cv1(x))


@_belongs_to("models.common")
class Concat(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.d = 1

    def forward(self, x: list[Tensor]) -> Tensor:
        return torch.cat(x, self.d)


@_belongs_to("models.yolo")
class Detect(nn.Module):
    """Grids of features → [B, N, 5 + classes]: box in input pixels, objectness, classes.

    `anchors` is float32 [grids, anchors, 2] in cells, `stride` float32 [grids].
    """

    def __init__(self, classes: int, anchors: Tensor, stride: Tensor, channels: list[int]) -> None:
        super().__init__()
        self.nc = classes
        self.no = 5 + classes
        self.nl, self.na = anchors.shape[:2]
        self.stride = stride
        self.inplace = False
        self.grid = [torch.empty(0)] * self.nl  # made anew by YOLOv5 for each size
        self.anchor_grid = [torch.empty(0)] * self.nl
        self.register_buffer("anchors", anchors)
        self.m = nn.ModuleList(nn.Conv2d(inputs, self.no * self.na, 1) for inputs in channels)

    def forward(self, x: list[Tensor]) -> Tensor:
        return torch.cat([self.decode(m(features), i) for i, (m, features) in enumerate(zip(self.m, x))], 1)

    def decode(self, raw: Tensor, level: int) -> Tensor:
        """Decodes the channels of one grid, before the sigmoid, to boxes."""
        batch, _, rows, columns = raw.shape
        scores = raw.view(batch, self.na, self.no, rows, columns).permute(0, 1, 3, 4, 2).sigmoid()
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        centre = (scores[..., 0:2] * 2 - 0.5 + torch.stack([x, y], 2)) * self.stride[level]
        anchors = (self.anchors[level] * self.stride[level]).view(1, self.na, 1, 1, 2)
        size = (scores[..., 2:4] * 2) ** 2 * anchors
        return torch.cat([centre, size, scores[..., 4:]], 4).view(batch, -1, self.no)


@_belongs_to("models.yolo")
class Model(nn.Module):
    """Layers in a row; each takes the output of layer `f`, or of several, where -1 is the one before it."""

    def __init__(self, layers: list[tuple[int | list[int], nn.Module]]) -> None:
        super().__init__()
        for index, (source, layer) in enumerate(layers):
            layer.f, layer.i = source, index
        self.model = nn.Sequential(*(layer for _, layer in layers))
        sources = [f for layer in self.model for f in (layer.f if isinstance(layer.f, list) else [layer.f])]
        self.save = sorted({f for f in sources if f != -1})  # outputs that are needed later

    def forward(self, x: Tensor) -> Tensor:
        return self.model[-1](self.inputs_of(-1, x))

    def inputs_of(self, last: int, x: Tensor, first: int = 0) -> Tensor | list[Tensor]:
        """Returns the input of layer `last` if layer `first` takes `x`."""
        outputs: dict[int, Tensor] = {-1: x}

        def inputs(layer: nn.Module) -> Tensor | list[Tensor]:
            return [outputs[f] for f in layer.f] if isinstance(layer.f, list) else outputs[layer.f]

        for layer in self.model[first:last]:
            outputs[-1] = layer(inputs(layer))
            if layer.i in self.save:
                outputs[layer.i] = outputs[-1]
        return inputs(self.model[last])
