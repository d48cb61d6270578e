// Each layer is the one call that its forward() in torch/nn/modules makes, so that the results are
// the same bits.
#include "import/torch_layers.hpp"

#include <string>

namespace speciesnet {

std::optional<Term> TorchLayers::write(const TorchModule& layer, const Term& input) {
    const std::string_view name = layer.class_name();
    const auto function = [&](const std::string& call) {
        return network_.assign("torch." + call + "(" + input + ")");
    };
    if (name == "torch.nn.modules.conv.Conv2d") {
        return convolution(layer, input);
    }
    if (name == "torch.nn.modules.batchnorm.BatchNorm2d") {
        return batch_norm(layer, input);
    }
    if (name == "torch.nn.modules.pooling.MaxPool2d") {
        return max_pool(layer, input);
    }
    if (name == "torch.nn.modules.upsampling.Upsample") {
        return upsample(layer, input);
    }
    if (name == "torch.nn.modules.linear.Linear") {
        return network_.assign("torch.linear(" + input + ", " + required_weight(layer, "weight") +
                               ", " + weight(layer, "bias") + ")");
    }
    if (name == "torch.nn.modules.activation.Sigmoid") {
        return function("sigmoid");
    }
    if (name == "torch.nn.modules.activation.SiLU") {
        return function("silu");
    }
    if (name == "torch.nn.modules.activation.ReLU") {
        return function("relu");
    }
    if (name == "torch.nn.modules.activation.Hardswish") {
        return function("hardswish");
    }
    if (name == "torch.nn.modules.activation.LeakyReLU") {
        return network_.assign("torch.leaky_relu(" + input + ", " +
                               text_of(layer.real("negative_slope")) + ")");
    }
    if (name == "torch.nn.modules.linear.Identity") {
        return input;
    }
    return std::nullopt;
}

Term TorchLayers::weight(const TorchModule& module, std::string_view name) {
    const auto found = module.tensor(name);
    return found ? network_.weight(module.path() + "." + std::string(name),
                                   checkpoint_.tensor(*found))
                 : "None";
}

Term TorchLayers::required_weight(const TorchModule& module, std::string_view name) {
    if (!module.tensor(name)) {
        module.fail("has no " + std::string(name));
    }
    return weight(module, name);
}

void TorchLayers::count(const TorchModule& module) {
    constexpr std::size_t most_modules = 20'000;
    if (++modules_ > most_modules) {
        module.fail("is one of more than " + std::to_string(most_modules) + " modules");
    }
}

Term TorchLayers::convolution(const TorchModule& layer, const Term& input) {
    if (layer.has("padding_mode") && layer.attribute("padding_mode").text() != "zeros") {
        layer.fail("pads with something else than zeros, which is not supported");
    }
    return network_.assign("torch.conv2d(" + input + ", " + required_weight(layer, "weight") +
                           ", " + weight(layer, "bias") + ", " + text_of(layer.pair("stride")) +
                           ", " + text_of(layer.pair("padding")) + ", " +
                           text_of(layer.pair("dilation")) + ", " +
                           std::to_string(layer.integer("groups")) + ")");
}

Term TorchLayers::batch_norm(const TorchModule& layer, const Term& input) {
    // The momentum is for training; cuDNN does not run on CPUs.
    return network_.assign("torch.batch_norm(" + input + ", " + weight(layer, "weight") + ", " +
                           weight(layer, "bias") + ", " + required_weight(layer, "running_mean") +
                           ", " + required_weight(layer, "running_var") + ", False, 0.0, " +
                           text_of(layer.real("eps")) + ", False)");
}

Term TorchLayers::max_pool(const TorchModule& layer, const Term& input) {
    return network_.assign("torch.max_pool2d(" + input + ", " + text_of(layer.pair("kernel_size")) +
                           ", " + text_of(layer.pair("stride")) + ", " +
                           text_of(layer.pair("padding")) + ", " + text_of(layer.pair("dilation")) +
                           ", " + (layer.boolean("ceil_mode", false) ? "True" : "False") + ")");
}

Term TorchLayers::upsample(const TorchModule& layer, const Term& input) {
    if (layer.has("size") || !layer.has("scale_factor") ||
        layer.attribute("mode").text() != "nearest") {
        layer.fail("is not scaling to the nearest pixel, which alone is supported");
    }
    const std::string scale = text_of(layer.real("scale_factor"));
    return network_.assign("torch.upsample_nearest2d(" + input + ", None, [" + scale + ", " +
                           scale + "])");
}

}  // namespace speciesnet
