# SPDX-License-Identifier: Apache-2.0
"""Average precision as COCO counts it (101 recall points), at one IoU."""

import numpy as np
import torch

from reference import Detection, intersection_over_union
from scene import Subject

_RECALLS = np.linspace(0, 1, 101)


def average_precision(
    found: list[list[Detection]], truth: list[tuple[Subject, ...]], category: int, iou: float = 0.5
) -> float:
    """AP of one category over all photos; detections are matched best first, each truth once."""
    wanted = [[s.box for s in subjects if s.category == category] for subjects in truth]
    taken = [np.zeros(len(boxes), bool) for boxes in wanted]
    ranked = sorted(
        ((d, photo) for photo, some in enumerate(found) for d in some if d.category == category),
        key=lambda item: -item[0].confidence,
    )
    hits = np.zeros(len(ranked))
    for rank, (detection, photo) in enumerate(ranked):
        if not wanted[photo]:
            continue
        overlap = intersection_over_union(
            torch.tensor([detection.box]), torch.tensor(wanted[photo], dtype=torch.float32)
        )[0].numpy()
        overlap[taken[photo]] = 0
        best = int(overlap.argmax())
        if overlap[best] >= iou:
            taken[photo][best] = True
            hits[rank] = 1
    total = sum(map(len, wanted))
    recall = np.cumsum(hits) / max(1, total)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    positions = np.searchsorted(recall, _RECALLS)
    return float(np.mean([precision[p] if p < len(precision) else 0.0 for p in positions]))
