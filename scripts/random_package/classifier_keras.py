# SPDX-License-Identifier: Apache-2.0
"""Writes Keras 2's EfficientNetV2-M behind a Rescaling layer with random weights, as the published classifier was built.

usage: classifier_keras.py OUTPUT_FOLDER PHOTOS LABELS [--width 1] [--depth 1] [--scale 1] [--offset 0]
       (TensorFlow 2.15; the output is a SavedModel, for `python -m tf2onnx.convert --keras`)
"""

import argparse
import copy
import glob
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
import tensorflow as tf
from keras.src.applications import efficientnet_v2

SIDE = 480


def photo_batch(folder, count):
    """Returns windows of photos, like the classifier's crops."""
    files = sorted(glob.glob(os.path.join(folder, "*.jpg")))
    random = np.random.default_rng(3)
    crops = []
    for file in files[:count]:
        try:
            photo = tf.io.decode_jpeg(tf.io.read_file(file), channels=3)
        except tf.errors.InvalidArgumentError:
            continue
        height, width = photo.shape[:2]
        top, left = random.integers(height // 2), random.integers(width // 2)
        window = photo[top : top + height // 2, left : left + width // 2]
        crops.append(tf.image.resize(window, (SIDE, SIDE)) / 255.0)
    return tf.stack(crops)


def efficientnet(width, depth):
    blocks = copy.deepcopy(efficientnet_v2.DEFAULT_BLOCKS_ARGS["efficientnetv2-m"])
    if width < 0.1:
        # 160 and 176 channels would become the same number, and a block would get a skip connection that the network lacks.
        blocks[4]["output_filters"] = blocks[5]["input_filters"] = 320
    return efficientnet_v2.EfficientNetV2(
        width_coefficient=width,
        depth_coefficient=depth,
        default_size=SIDE,
        model_name="efficientnetv2-m",
        blocks_args=blocks,
        include_top=False,
        weights=None,
        pooling="avg",
        input_shape=(SIDE, SIDE, 3),
        include_preprocessing=False,
    )


def randomise(features, head, batch):
    """Sets weights as in a trained network: normalised activations, and non-zero biases, because tf2onnx removes biases of 0."""
    random = np.random.default_rng(7)
    for layer in [*features.layers, head]:
        if isinstance(layer, tf.keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            scale = random.uniform(0.4, 0.8, gamma.shape)
            if layer.name.endswith("project_bn"):
                # The residual of a block is small, so that rounding errors do not grow from block to block.
                scale /= 2
            layer.set_weights([scale, random.normal(0, 0.1, beta.shape), mean, variance])
            layer.momentum = 0.0
        elif isinstance(layer, tf.keras.layers.Dropout):
            layer.rate = 0.0
        elif getattr(layer, "use_bias", False) and len(layer.get_weights()) == 2:
            weight, bias = layer.get_weights()
            layer.set_weights([weight, random.normal(0, 0.1, bias.shape)])
    features(batch, training=True)  # momentum 0: the statistics become those of this batch


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("photos")
    parser.add_argument("labels")
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--depth", type=float, default=1.0)
    parser.add_argument("--scale", type=float, default=1.0, help="Rescaling's factor")
    parser.add_argument("--offset", type=float, default=0.0, help="what Rescaling adds")
    arguments = parser.parse_args()

    tf.keras.utils.set_random_seed(1234)
    with open(arguments.labels, encoding="utf-8") as file:
        labels = file.read().splitlines()
    rescaling = tf.keras.layers.Rescaling(arguments.scale, offset=arguments.offset, input_shape=(SIDE, SIDE, 3))
    features = efficientnet(arguments.width, arguments.depth)
    head = tf.keras.layers.Dense(len(labels))
    model = tf.keras.Sequential([rescaling, features, head])
    randomise(features, head, rescaling(photo_batch(arguments.photos, 6)))
    model.save(arguments.output + ".part")
    os.replace(arguments.output + ".part", arguments.output)


main()
