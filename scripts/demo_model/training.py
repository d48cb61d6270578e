# SPDX-License-Identifier: Apache-2.0
"""Losses and loops of the two trainings."""

import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dataset import DetectorExample
from networks import CELL, DETECTOR_POOL, PooledClassifier, detector, raw_grid
from yolo import Model

_CENTRE_REACH = CELL  # cells this near to an object's centre answer for it: no box reaches farther


def _optimise(
    name: str, model: nn.Module, batches_of_epoch, epochs: int, steps: int, rate: float
) -> None:
    """AdamW with one warm-up and cosine decay; `batches_of_epoch(epoch)` yields losses."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=rate, total_steps=epochs * steps, pct_start=0.15
    )
    model.train()
    for epoch in range(epochs):
        started, total = time.monotonic(), 0.0
        for loss in batches_of_epoch(epoch):
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        seconds = time.monotonic() - started
        print(f"{name} epoch {epoch + 1}/{epochs}: loss {total / steps:.4f}, {seconds:.0f} s", flush=True)
    model.eval()


def _brightness(rng: np.random.Generator, images: Tensor) -> Tensor:
    gain = torch.from_numpy(rng.uniform(0.8, 1.2, (len(images), 1, 1, 1)).astype(np.float32))
    shift = torch.from_numpy(rng.normal(0, 0.03, (len(images), 1, 1, 1)).astype(np.float32))
    return (images * gain + shift).clamp(0, 1)


def _forward(model: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """Runs the forward pass in the layout and precision in which a CPU trains fastest."""
    with torch.autocast("cpu", torch.bfloat16):
        return model(images.contiguous(memory_format=torch.channels_last)).float()


def _assign(example_boxes: Tensor, rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """Returns the object that each cell is responsible for (-1: none), and whether it may stay silent."""
    y, x = torch.meshgrid(torch.arange(rows) + 0.5, torch.arange(columns) + 0.5, indexing="ij")
    cells = torch.stack([x.flatten(), y.flatten()], 1) * CELL
    owner = torch.full((len(cells),), -1, dtype=torch.long)
    silent = torch.zeros(len(cells), dtype=torch.bool)
    areas = (example_boxes[:, 2:] - example_boxes[:, :2]).prod(1)
    for index in areas.argsort(descending=True).tolist():  # the smaller object wins a cell
        box = example_boxes[index]
        gap = (cells - (box[:2] + box[2:]) / 2).abs()
        inside = ((cells > box[:2]) & (cells < box[2:])).all(1)
        silent |= inside & (gap.max(1).values < 2 * _CENTRE_REACH)
        near = inside & (gap.max(1).values < _CENTRE_REACH)
        near[gap.sum(1).argmin()] = True
        owner[near] = index
    return owner, silent


def _generalised_iou(boxes: Tensor, others: Tensor) -> Tensor:
    low = torch.maximum(boxes[:, :2], others[:, :2])
    high = torch.minimum(boxes[:, 2:], others[:, 2:])
    shared = (high - low).clamp(min=0).prod(1)
    union = (boxes[:, 2:] - boxes[:, :2]).prod(1) + (others[:, 2:] - others[:, :2]).prod(1) - shared
    hull = (
        torch.maximum(boxes[:, 2:], others[:, 2:]) - torch.minimum(boxes[:, :2], others[:, :2])
    ).prod(1)
    return shared / union - (hull - union) / hull


def detector_loss(model: Model, raw: Tensor, boxes: list[Tensor], categories: list[Tensor]) -> Tensor:
    """Objectness everywhere, box and category where an object's centre is."""
    predicted = model.model[-1].decode(raw, 0)[..., :4]
    scores = raw[:, 4:].flatten(2, 3).transpose(1, 2)
    objectness, box_terms, category_terms = raw.new_zeros(()), [], []
    positives = 0
    for index, true_boxes in enumerate(boxes):
        owner, silent = _assign(true_boxes, raw.shape[2], raw.shape[3])
        positive = owner >= 0
        positives += int(positive.sum())
        losses = F.binary_cross_entropy_with_logits(
            scores[index, :, 0], positive.float(), reduction="none"
        )
        objectness = objectness + losses[positive | ~silent].sum()
        if not len(true_boxes):
            continue
        owner = owner[positive]
        centres = predicted[index, positive]
        corners = torch.cat(
            [centres[:, :2] - centres[:, 2:] / 2, centres[:, :2] + centres[:, 2:] / 2], 1
        )
        box_terms.append(1 - _generalised_iou(corners, true_boxes[owner]))
        wanted = F.one_hot(categories[index][owner], scores.shape[2] - 1).float()
        category_terms.append(
            F.binary_cross_entropy_with_logits(
                scores[index, positive, 1:], wanted, reduction="none"
            ).sum(1)
        )
    loss = objectness / max(1, positives)
    if box_terms:
        loss = loss + 2 * torch.cat(box_terms).mean() + torch.cat(category_terms).mean()
    return loss


def _batches(examples: list[DetectorExample], seed: int, epoch: int) -> list[list[int]]:
    """Yields every example once, those of one shape together."""
    shapes: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, example in enumerate(examples):
        shapes[tuple(example.pooled.shape)].append(index)
    rng = np.random.default_rng([seed, epoch])
    batch, groups = 16, []
    for members in shapes.values():
        order = rng.permutation(members).tolist()
        groups += [order[start : start + batch] for start in range(0, len(order), batch)]
    rng.shuffle(groups)
    return groups


def _flipped(boxes: np.ndarray, pooled: np.ndarray) -> np.ndarray:
    width = pooled.shape[2] * DETECTOR_POOL
    return np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], 1)


def train_detector(examples: list[DetectorExample], epochs: int, seed: int) -> Model:
    torch.manual_seed(seed)
    model = detector().to(memory_format=torch.channels_last)

    def losses(epoch: int):
        rng = np.random.default_rng([seed, epoch, 1])
        for group in _batches(examples, seed, epoch):
            images = torch.from_numpy(np.stack([examples[i].pooled for i in group])).float() / 255
            images = _brightness(rng, images)
            boxes = [examples[i].boxes for i in group]
            if rng.random() < 0.5:
                images = images.flip(3)
                boxes = [_flipped(examples[i].boxes, examples[i].pooled) for i in group]
            raw = _forward(partial(raw_grid, model), images)
            yield detector_loss(
                model,
                raw,
                [torch.from_numpy(some) for some in boxes],
                [torch.from_numpy(examples[i].categories) for i in group],
            )

    _optimise("detector", model, losses, epochs, len(_batches(examples, seed, 0)), rate=3e-3)
    return model


def train_classifier(
    crops: Tensor, targets: Tensor, labels: int, epochs: int, seed: int
) -> PooledClassifier:
    """`crops` uint8 [N, 3, 96, 96], `targets` int64 [N]."""
    torch.manual_seed(seed)
    model = PooledClassifier(labels).to(memory_format=torch.channels_last)
    batch = 64
    steps = len(crops) // batch

    def losses(epoch: int):
        rng = np.random.default_rng([seed, epoch, 2])
        order = rng.permutation(len(crops))
        for step in range(steps):
            chosen = torch.from_numpy(order[step * batch : (step + 1) * batch])
            images = _brightness(rng, crops[chosen].float() / 255)
            if rng.random() < 0.5:
                images = images.flip(3)
            grey = torch.from_numpy(rng.random(batch) < 0.1)
            images[grey] = images[grey].mean(1, keepdim=True).expand(-1, 3, -1, -1)
            yield F.cross_entropy(_forward(model, images), targets[chosen])

    _optimise("classifier", model, losses, epochs, steps, rate=3e-3)
    return model
