"""Writes Keras' EfficientNetV2-M with random weights as ONNX, as the published classifier was made (tf2onnx, NHWC in, logits out).

usage: classifier_onnx.py PHOTOS OUTPUT.onnx
"""

import glob
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx

LABELS = 2498
SIDE = 480


def photo_batch(folder, count):
    """Windows of photos, as the classifier's crops are."""
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


def randomise(model, batch):
    """Weights as in a trained network: normalised activations, biases other than 0 (tf2onnx would fold those away)."""
    random = np.random.default_rng(7)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            layer.set_weights([random.uniform(0.8, 1.2, gamma.shape), random.normal(0, 0.1, beta.shape), mean, variance])
            layer.momentum = 0.0
        elif isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
        elif getattr(layer, "use_bias", False) and len(layer.get_weights()) == 2:
            weight, bias = layer.get_weights()
            layer.set_weights([weight, random.normal(0, 0.1, bias.shape)])
    model(batch, training=True)  # momentum 0: the statistics become those of this batch


def main():
    photos, output = sys.argv[1:3]
    keras.utils.set_random_seed(1234)
    model = keras.applications.EfficientNetV2M(
        include_top=True,
        weights=None,
        input_shape=(SIDE, SIDE, 3),
        classes=LABELS,
        classifier_activation=None,
        include_preprocessing=False,
    )
    randomise(model, photo_batch(photos, 6))
    signature = [tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32, name="input")]
    function = tf.function(lambda pixels: model(pixels, training=False), input_signature=signature)
    graph, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=13)
    onnx.save(graph, output + ".part")
    os.replace(output + ".part", output)


main()
