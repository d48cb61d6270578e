# SPDX-License-Identifier: Apache-2.0
"""The classifier as a torch.fx graph in the form that onnx2torch makes from ONNX, like the published one."""

import numpy as np
import onnx
import onnx2torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, fx, nn

from networks import CLASSIFIER_POOL, PooledClassifier, Residual

_OPSET = 15


class _Nodes:
    """Nodes of an ONNX graph, in order of evaluation."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[TensorProto] = []

    def constant(self, value: np.ndarray | float | Tensor) -> str:
        array = value.numpy() if isinstance(value, Tensor) else np.asarray(value, np.float32)
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def add(self, operation: str, *inputs: str, **attributes: object) -> str:
        name = f"{operation.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [name], name, **attributes))
        return name

    def module(self, module: nn.Module, x: str) -> str:
        """Adds the operation of `module` on `x`; batch norms have been merged."""
        if isinstance(module, nn.Sequential):
            for part in module:
                x = self.module(part, x)
            return x
        if isinstance(module, Residual):
            return self.add("Add", x, self.module(module.inside, x))
        if isinstance(module, nn.Conv2d):
            weights = [self.constant(module.weight), self.constant(module.bias)]
            (padding, _), (stride, _) = module.padding, module.stride
            return self.add("Conv", x, *weights, strides=[stride] * 2, pads=[padding] * 4)
        if isinstance(module, nn.ReLU):
            return self.add("Relu", x)
        assert isinstance(module, (nn.Identity, nn.Dropout)), type(module)
        return x


def classifier_graph(inner: PooledClassifier) -> fx.GraphModule:
    """float32 [B, 480, 480, 3] in 0..1 → logits [B, labels]."""
    nodes = _Nodes()
    side = CLASSIFIER_POOL
    mean = np.zeros((3, 3, side, side), np.float32)
    mean[range(3), range(3)] = 1 / side**2
    # As Keras' Rescaling: a product and a sum on the pixels.
    x = nodes.add("Add", nodes.add("Mul", "input", nodes.constant(4.0)), nodes.constant(-2.0))
    x = nodes.add("Transpose", x, perm=[0, 3, 1, 2])
    x = nodes.add("Conv", x, nodes.constant(mean), strides=[side, side])
    x = nodes.add("ReduceMean", nodes.module(inner.features, x), axes=[2, 3], keepdims=0)
    linear = inner.output[-1]
    x = nodes.add("Gemm", x, nodes.constant(linear.weight), nodes.constant(linear.bias), transB=1)
    graph = helper.make_graph(
        nodes.nodes,
        "classifier",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 480, 480, 3])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["batch", linear.out_features])],
        nodes.initializers,
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
    return onnx2torch.convert(proto).eval()
