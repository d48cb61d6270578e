// SPDX-License-Identifier: Apache-2.0
// Each layer becomes the operation that its forward() in torch/nn/modules calls, so that results
// are bit-identical.
#include "import/torch_layers.hpp"

#include <string>
#include <utility>

namespace speciesnet {
namespace {

using graph::Activation;

graph::Operation max_pool(const TorchModule& layer) {
    return graph::MaximumPool{.kernel = layer.pair("kernel_size"),
                              .stride = layer.pair("stride"),
                              .padding = layer.pair("padding"),
                              .dilation = layer.pair("dilation"),
                              .rounds_up = layer.boolean("ceil_mode", false)};
}

graph::Operation average_pool(const TorchModule& layer) {
    const auto size = layer.pair("output_size");
    if (size != graph::Pair{1, 1}) {
        layer.fail("does not average over the whole feature map, the only supported mode");
    }
    return graph::Mean{.axes = {2, 3}, .keeps_axes = true};
}

graph::Operation upsample(const TorchModule& layer) {
    if (layer.has("size") || !layer.has("scale_factor") ||
        layer.attribute("mode").text() != "nearest") {
        layer.fail("does not scale to the nearest pixel, the only supported mode");
    }
    const double factor = layer.real("scale_factor");
    return graph::NearestUpsample{.row_factor = factor, .column_factor = factor};
}

}  // namespace

std::optional<graph::Value> TorchLayers::add(const TorchModule& layer, graph::Value input) {
    const std::string_view name = layer.class_name();
    const auto node = [&](graph::Operation operation) {
        return graph_.add(std::move(operation), {input});
    };
    if (name == "torch.nn.modules.conv.Conv2d") {
        return node(convolution(layer));
    }
    if (name == "torch.nn.modules.batchnorm.BatchNorm2d") {
        return node(batch_norm(layer));
    }
    if (name == "torch.nn.modules.pooling.MaxPool2d") {
        return node(max_pool(layer));
    }
    if (name == "torch.nn.modules.pooling.AdaptiveAvgPool2d") {
        return node(average_pool(layer));
    }
    if (name == "torch.nn.modules.upsampling.Upsample") {
        return node(upsample(layer));
    }
    if (name == "torch.nn.modules.linear.Linear") {
        return node(linear(layer));
    }
    if (name == "torch.nn.modules.activation.Sigmoid") {
        return node(Activation{Activation::Kind::sigmoid});
    }
    if (name == "torch.nn.modules.activation.SiLU") {
        return node(Activation{Activation::Kind::silu});
    }
    if (name == "torch.nn.modules.activation.ReLU") {
        return node(Activation{Activation::Kind::relu});
    }
    if (name == "torch.nn.modules.activation.Hardswish") {
        return node(Activation{Activation::Kind::hardswish});
    }
    if (name == "torch.nn.modules.activation.LeakyReLU") {
        return node(Activation{Activation::Kind::leaky_relu, layer.real("negative_slope")});
    }
    if (name == "torch.nn.modules.linear.Identity") {
        return input;
    }
    return std::nullopt;
}

void TorchLayers::count(const TorchModule& module) {
    constexpr std::size_t most_modules = 20'000;
    if (++modules_ > most_modules) {
        module.fail("is one of more than " + std::to_string(most_modules) + " modules");
    }
}

graph::Operation TorchLayers::convolution(const TorchModule& layer) {
    if (layer.has("padding_mode") && layer.attribute("padding_mode").text() != "zeros") {
        layer.fail("pads with a value other than zero, which is not supported");
    }
    return graph::Convolution{.weights = weights_.get(layer, "weight"),
                              .bias = weights_.find(layer, "bias"),
                              .stride = layer.pair("stride"),
                              .padding = layer.pair("padding"),
                              .dilation = layer.pair("dilation"),
                              .groups = layer.integer("groups")};
}

graph::Operation TorchLayers::batch_norm(const TorchModule& layer) {
    return graph::BatchNorm{.scale = weights_.find(layer, "weight"),
                            .shift = weights_.find(layer, "bias"),
                            .mean = weights_.get(layer, "running_mean"),
                            .variance = weights_.get(layer, "running_var"),
                            .epsilon = layer.real("eps")};
}

graph::Operation TorchLayers::linear(const TorchModule& layer) {
    return graph::Linear{.weights = weights_.get(layer, "weight"),
                         .bias = weights_.find(layer, "bias")};
}

}  // namespace speciesnet
