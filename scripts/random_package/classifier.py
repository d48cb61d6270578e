# SPDX-License-Identifier: Apache-2.0
"""Writes the pickled classifier of a random package: the ONNX file through onnx2torch, scaled on photos.

usage: classifier.py OUTPUT.pt PHOTOS LABELS CLASSIFIER.onnx [--crops 40]    (speciesnet 5.0.6)
"""

import argparse
import os

import numpy as np
import onnx2torch
import torch
from photos import photos_in

LARGEST_SCORE = 0.8
"""Largest score of a first class, over the crops that the last layer is scaled on."""
LARGEST_GATE_FACTOR = 3.0
"""Largest factor of convolutions on single pixels (gates): those that enlarge small differences also enlarge rounding errors."""
SMALLEST_STRENGTH = 0.01
"""Smallest strength, relative to the largest, of a direction of the features that scores depend on: weaker ones are rounding errors."""


def crops_of(photos, count):
    """Returns windows of photos as the classifier's input, from whole photos to small and narrow ones: (count, 480, 480, 3) in [0, 1]."""
    random = np.random.default_rng(4)
    crops = []
    for index in range(count):
        photo = photos[index % len(photos)]
        parts = (1, 1) if index < len(photos) else np.exp(random.uniform(np.log(0.02), 0, 2))
        width, height = max(4, int(photo.width * parts[0])), max(4, int(photo.height * parts[1]))
        left, top = random.integers(photo.width - width + 1), random.integers(photo.height - height + 1)
        window = photo.crop((left, top, left + width, top + height)).resize((480, 480))
        crops.append(np.asarray(window, dtype=np.float32) / 255)
    return torch.from_numpy(np.stack(crops))


def is_common(label):
    names = {"human", "vehicle", "blank", "animal", "american black bear", "african elephant", "ocelot", "puma"}
    names |= {"domestic cattle", "domestic dog", "grey wolf", "lion", "northern raccoon", "plains zebra", "impala"}
    names |= {"white-tailed deer", "bird", "mammal", "felidae family", "cervidae family", "canidae family"}
    return label.split(";")[-1] in names


def normalise_activations(network, crops):
    """Rescales each convolution by its results for crops: activations stay where SiLU is nearly linear, and crops differ."""
    generator = torch.Generator().manual_seed(5)

    def rescale(convolution, _given, output):
        mean, deviation = output.mean((0, 2, 3)), output.std((0, 2, 3))
        channels = len(mean)
        wanted = torch.empty(channels).uniform_(0.25, 0.45, generator=generator)
        # A channel with little variance would amplify unusual inputs.
        factor = wanted / deviation.clamp_min(float(deviation.median()))
        if output.shape[-1] == 1:
            factor.clamp_(max=LARGEST_GATE_FACTOR)
        offset = torch.empty(channels).normal_(0, 0.3, generator=generator)
        convolution.weight.data *= factor[:, None, None, None]
        convolution.bias.data = (convolution.bias.data - mean) * factor + offset
        return (output - mean[:, None, None]) * factor[:, None, None] + offset[:, None, None]

    hooks = [
        layer.register_forward_hook(rescale) for layer in network.modules() if isinstance(layer, torch.nn.Conv2d)
    ]
    with torch.no_grad():
        network(crops)
    for hook in hooks:
        hook.remove()


def last_layer(network, label_count):
    """Returns the name of the last matrix product, its weights and its bias."""
    product = next(node.target for node in reversed(network.graph.nodes) if "MatMul" in str(node.target))
    buffers = [buffer for buffer in network.buffers() if buffer.is_floating_point()]
    weight = next(buffer for buffer in buffers if buffer.dim() == 2 and buffer.shape[1] == label_count)
    bias = next(buffer for buffer in buffers if buffer.shape == (label_count,))
    return product, weight, bias


def scale_last_layer(network, labels, crops):
    """Sets the last layer so that the scores of different crops differ and few are near 1."""
    product, weight, bias = last_layer(network, len(labels))
    features = []
    hook = network.get_submodule(product).register_forward_hook(lambda _module, given, _out: features.append(given[0]))
    with torch.no_grad():
        for batch in crops.split(2):
            network(batch)
    hook.remove()

    observed = torch.cat(features).double()
    centre = observed.mean(0)
    _, strengths, directions = torch.linalg.svd(observed - centre, full_matrices=False)
    kept = min(6, int((strengths > SMALLEST_STRENGTH * strengths[0]).sum()))
    whiten = directions[:kept].T / (strengths[:kept] / len(observed) ** 0.5)
    generator = torch.Generator().manual_seed(9)
    common = torch.tensor([is_common(label) for label in labels])
    spread = torch.where(common, 1.6, 0.25).double()
    mixing = whiten @ (torch.randn(kept, len(labels), generator=generator, dtype=torch.double) * spread)
    level = torch.where(common, 1.5, -6.0).double()
    level += torch.randn(len(labels), generator=generator, dtype=torch.double) * torch.where(common, 1.2, 0.3)
    while True:
        scores = ((observed - centre) @ mixing + level).softmax(1)
        best = scores.max(1).values
        if best.max() <= LARGEST_SCORE:
            break
        mixing *= 0.9
        level *= 0.97
    weight.copy_(mixing.float())
    bias.copy_((level - centre @ mixing).float())
    print("classifier: strengths", [round(s, 3) for s in strengths[:kept].tolist()])
    print("classifier: first scores", sorted(round(s, 2) for s in best.tolist()), len(set(scores.argmax(1).tolist())), "classes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("photos")
    parser.add_argument("labels")
    parser.add_argument("onnx")
    parser.add_argument("--crops", type=int, default=40, help="that the network is scaled on")
    arguments = parser.parse_args()

    network = onnx2torch.convert(arguments.onnx).eval()
    with open(arguments.labels, encoding="utf-8") as file:
        labels = file.read().splitlines()
    crops = crops_of(photos_in(arguments.photos, arguments.crops), arguments.crops)
    normalise_activations(network, crops)
    scale_last_layer(network, labels, crops)
    # torch.save() names the folder in the file after the file, so the unfinished file must have the
    # final name.
    folder, name = os.path.split(os.path.abspath(arguments.output))
    unfinished = os.path.join(folder, "unfinished")
    os.makedirs(unfinished, exist_ok=True)
    torch.save(network, os.path.join(unfinished, name))
    os.replace(os.path.join(unfinished, name), arguments.output)
    os.rmdir(unfinished)


main()
