# SPDX-License-Identifier: Apache-2.0
"""Writes both networks of a published package as ONNX, for engines that run ONNX.

usage: export_onnx.py PACKAGE CLASSIFIER.onnx OUTPUT

CLASSIFIER.onnx is the graph from which the package's classifier was made; its weights are replaced by the package's.
"""

import json
import os
import sys

import onnx
import torch


def description_of(package):
    with open(os.path.join(package, "info.json"), encoding="utf-8") as file:
        return json.load(file)


def export_classifier(package, graph, output):
    description = description_of(package)
    network = torch.load(os.path.join(package, description["classifier"]), weights_only=False).eval()
    with open(os.path.join(package, description["classifier_labels"]), encoding="utf-8") as file:
        labels = len(file.read().splitlines())
    model = onnx.load(graph)
    # The package's last layer, which both store as constants of these shapes.
    weights = [buffer for buffer in network.buffers() if buffer.dim() > 0 and buffer.shape[-1] == labels]
    for tensor in model.graph.initializer:
        for weight in weights:
            if tuple(tensor.dims) == tuple(weight.shape):
                tensor.CopyFrom(onnx.numpy_helper.from_array(weight.numpy(), tensor.name))
    # Its convolutions have the names of the nodes. The graph may use a constant twice, so each gets its own.
    for node in model.graph.node:
        if node.op_type == "Conv":
            modules = network.get_submodule(node.name).modules()  # The convolution, perhaps after its padding.
            convolution = next(module for module in modules if isinstance(module, torch.nn.Conv2d))
            for place, numbers in ((1, convolution.weight), (2, convolution.bias)):
                node.input[place] = f"{node.name}:{place}"
                model.graph.initializer.append(onnx.numpy_helper.from_array(numbers.detach().numpy(), node.input[place]))
    used = {name for node in model.graph.node for name in node.input}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    onnx.save(model, os.path.join(output, "classifier.onnx"))


def write_planar_classifier(output):
    """Converts to [N, 3, H, W] for engines that require it; ONNX Runtime removes the two adjacent transpositions."""
    model = onnx.load(os.path.join(output, "classifier.onnx"))
    inside = model.graph.input[0].name
    node = onnx.helper.make_node("Transpose", ["pixels"], [inside], perm=[0, 2, 3, 1])
    pixels = onnx.helper.make_tensor_value_info("pixels", onnx.TensorProto.FLOAT, ["crops", 3, 480, 480])
    del model.graph.input[0]
    model.graph.input.insert(0, pixels)
    model.graph.node.insert(0, node)
    onnx.save(model, os.path.join(output, "classifier_planar.onnx"))


def export_detector(package, output):
    from speciesnet.detector import SpeciesNetDetector

    network = SpeciesNetDetector(package).model.float().eval()
    head = network.model[-1]
    head.dynamic = True  # Otherwise the grid of this size becomes constant.
    path = os.path.join(output, "detector.onnx")
    torch.onnx.export(
        network,
        (torch.zeros(1, 3, 64, 128),),
        path,
        input_names=["images"],
        output_names=["output"],
        dynamic_axes={"images": {2: "height", 3: "width"}, "output": {1: "boxes"}},
        opset_version=17,
        dynamo=False,
    )
    # The raw levels are also outputs, all named as if they had the same size, which makes ONNX
    # Runtime fail.
    model = onnx.load(path)
    del model.graph.output[1:]
    onnx.save(model, path)


def main():
    package, graph, output = sys.argv[1:4]
    os.makedirs(output, exist_ok=True)
    export_classifier(package, graph, output)
    write_planar_classifier(output)
    export_detector(package, output)


main()
