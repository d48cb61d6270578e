// SPDX-License-Identifier: Apache-2.0
// Each function implements the modules of one class with the operations in the same order, so that
// results are bit-identical. Two halves of channels that are concatenated again stay one value.
#include "import/yolo_modules.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace speciesnet {

std::string_view yolo_class(const TorchModule& module) {
    std::string_view name = module.class_name();
    for (const std::string_view package :
         {"models.", "yolov5.models.", "yolov9.models.", "ultralytics.nn.modules."}) {
        if (name.starts_with(package)) {
            return name.substr(name.rfind('.') + 1);
        }
    }
    return {};
}

YoloModules::Add YoloModules::adder(std::string_view name) {
    using Entry = std::pair<std::string_view, Add>;
    static constexpr std::array adders{
        Entry{"Conv", &YoloModules::conv},
        Entry{"DWConv", &YoloModules::conv},
        Entry{"RepConv", &YoloModules::rep_conv},
        Entry{"RepConvN", &YoloModules::rep_conv},
        Entry{"Bottleneck", &YoloModules::bottleneck},
        Entry{"RepBottleneck", &YoloModules::bottleneck},
        Entry{"RepNBottleneck", &YoloModules::bottleneck},
        Entry{"C3", &YoloModules::c3},
        Entry{"C3k", &YoloModules::c3},
        Entry{"RepCSP", &YoloModules::c3},
        Entry{"RepNCSP", &YoloModules::c3},
        Entry{"C2f", &YoloModules::c2f},
        Entry{"C3k2", &YoloModules::c2f},
        Entry{"C2PSA", &YoloModules::c2psa},
        Entry{"PSABlock", &YoloModules::psa_block},
        Entry{"Attention", &YoloModules::attention},
        Entry{"RepNCSPELAN4", &YoloModules::elan},
        Entry{"ADown", &YoloModules::a_down},
        Entry{"SPP", &YoloModules::spp},
        Entry{"SPPF", &YoloModules::sppf},
        Entry{"SPPELAN", &YoloModules::spp_elan},
        Entry{"Focus", &YoloModules::focus},
    };
    for (const auto& [known, add] : adders) {
        if (known == name) {
            return add;
        }
    }
    return nullptr;
}

graph::Value YoloModules::add(const TorchModule& module, graph::Value input) {
    layers_.count(module);
    const auto name = yolo_class(module);
    if (const Add add = adder(name)) {
        return (this->*add)(module, input);
    }
    if (name == "SP") {
        return part(module, "m", input);
    }
    if (name == "Silence") {
        return input;
    }
    if (name == "CBLinear") {
        return part(module, "conv", input);  // All its outputs.
    }
    if (module.class_name() == "torch.nn.modules.container.Sequential") {
        return sequence(module, input);
    }
    if (const auto output = layers_.add(module, input)) {
        return *output;
    }
    module.fail("is not supported");
}

graph::Value YoloModules::sequence(const TorchModule& whole, graph::Value x) {
    for (std::size_t i = 0; i < whole.child_count(); ++i) {
        x = add(whole.child(i), x);
    }
    return x;
}

graph::Value YoloModules::part(const TorchModule& whole, std::string_view name,
                               graph::Value input) {
    return add(whole.child(name), input);
}

graph::Value YoloModules::around(const TorchModule& whole, std::string_view name,
                                 graph::Value input) {
    const auto x = part(whole, name, input);
    return whole.boolean("add", false) ? sum(input, x) : x;
}

graph::Value YoloModules::sum(graph::Value first, graph::Value second) {
    return graph_.add(graph::Arithmetic{}, {first, second});
}

graph::Value YoloModules::channels(graph::Value input, std::int64_t first,
                                   std::optional<std::int64_t> end) {
    return graph_.add(graph::Slice{.axis = 1, .start = first, .end = end}, {input});
}

graph::Value YoloModules::concatenated(std::vector<graph::Value> values) {
    return graph_.add(graph::Concatenation{}, std::move(values));
}

// Fused files no longer have a separate BatchNorm.
graph::Value YoloModules::conv(const TorchModule& whole, graph::Value input) {
    graph::Value x = part(whole, "conv", input);
    if (whole.has_child("bn")) {
        x = part(whole, "bn", x);
    }
    return part(whole, "act", x);
}

// In fused files, one convolution replaces the sum.
graph::Value YoloModules::rep_conv(const TorchModule& whole, graph::Value input) {
    if (whole.has_child("conv")) {
        return conv(whole, input);
    }
    auto x = sum(part(whole, "conv1", input), part(whole, "conv2", input));
    if (whole.has_child("bn")) {
        x = sum(x, part(whole, "bn", input));
    }
    return part(whole, "act", x);
}

graph::Value YoloModules::bottleneck(const TorchModule& whole, graph::Value input) {
    const auto x = part(whole, "cv2", part(whole, "cv1", input));
    return whole.boolean("add", false) ? sum(input, x) : x;
}

graph::Value YoloModules::c3(const TorchModule& whole, graph::Value input) {
    const auto deep = part(whole, "m", part(whole, "cv1", input));
    const auto shallow = part(whole, "cv2", input);
    return part(whole, "cv3", concatenated({deep, shallow}));
}

graph::Value YoloModules::c2f(const TorchModule& whole, graph::Value input) {
    const auto halves = part(whole, "cv1", input);
    std::vector<graph::Value> parts{halves};
    auto x = channels(halves, whole.integer("c"), std::nullopt);
    const TorchModule blocks = whole.child("m");
    for (std::size_t i = 0; i < blocks.child_count(); ++i) {
        x = add(blocks.child(i), x);
        parts.push_back(x);
    }
    return part(whole, "cv2", concatenated(std::move(parts)));
}

graph::Value YoloModules::c2psa(const TorchModule& whole, graph::Value input) {
    const auto halves = part(whole, "cv1", input);
    const auto half = whole.integer("c");
    const auto kept = channels(halves, 0, half);
    const auto mixed = part(whole, "m", channels(halves, half, std::nullopt));
    return part(whole, "cv2", concatenated({kept, mixed}));
}

graph::Value YoloModules::psa_block(const TorchModule& whole, graph::Value input) {
    return around(whole, "ffn", around(whole, "attn", input));
}

graph::Value YoloModules::attention(const TorchModule& whole, graph::Value input) {
    constexpr std::int64_t most_heads = 256;
    constexpr std::int64_t most_channels = std::int64_t{1} << 16U;
    const graph::Attention attention{.heads = whole.integer("num_heads"),
                                     .key_channels = whole.integer("key_dim"),
                                     .value_channels = whole.integer("head_dim"),
                                     .scale = whole.real("scale")};
    const auto is_within = [](std::int64_t size, std::int64_t most) {
        return size >= 1 && size <= most;
    };
    if (!is_within(attention.heads, most_heads) ||
        !is_within(attention.key_channels, most_channels) ||
        !is_within(attention.value_channels, most_channels)) {
        whole.fail("has a number of heads, or of their channels, that is out of range");
    }
    const auto all = part(whole, "qkv", input);
    std::vector<graph::Value> values;
    for (std::int64_t head = 0; head < attention.heads; ++head) {
        const auto end = (head + 1) * (2 * attention.key_channels + attention.value_channels);
        values.push_back(channels(all, end - attention.value_channels, end));
    }
    const auto places = part(whole, "pe", concatenated(std::move(values)));
    return part(whole, "proj", sum(graph_.add(attention, {all}), places));
}

graph::Value YoloModules::elan(const TorchModule& whole, graph::Value input) {
    const auto halves = part(whole, "cv1", input);
    const auto once = part(whole, "cv2", channels(halves, whole.integer("c"), std::nullopt));
    const auto twice = part(whole, "cv3", once);
    return part(whole, "cv4", concatenated({halves, once, twice}));
}

graph::Value YoloModules::a_down(const TorchModule& whole, graph::Value input) {
    const auto averaged =
        graph_.add(graph::AveragePool{.kernel = {2, 2}, .stride = {1, 1}}, {input});
    const auto half = whole.child("cv1").child("conv").integer("in_channels");
    const auto convolved = part(whole, "cv1", channels(averaged, 0, half));
    const auto largest = graph_.add(
        graph::MaximumPool{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}, .dilation = {}},
        {channels(averaged, half, std::nullopt)});
    return concatenated({convolved, part(whole, "cv2", largest)});
}

graph::Value YoloModules::spp(const TorchModule& whole, graph::Value input) {
    std::vector<graph::Value> pooled{part(whole, "cv1", input)};
    const TorchModule pools = whole.child("m");
    for (std::size_t i = 0; i < pools.child_count(); ++i) {
        pooled.push_back(add(pools.child(i), pooled.front()));
    }
    return part(whole, "cv2", concatenated(std::move(pooled)));
}

// Later releases of ultralytics state the number of pools, and may add the input.
graph::Value YoloModules::sppf(const TorchModule& whole, graph::Value input) {
    constexpr std::int64_t most_pools = 16;
    const auto pools = whole.integer("n", 3);
    if (pools < 1 || pools > most_pools) {
        whole.fail("has " + std::to_string(pools) + " pools");
    }
    std::vector<graph::Value> pooled{part(whole, "cv1", input)};
    for (std::int64_t i = 0; i < pools; ++i) {
        pooled.push_back(part(whole, "m", pooled.back()));
    }
    const auto x = part(whole, "cv2", concatenated(std::move(pooled)));
    return whole.boolean("add", false) ? sum(x, input) : x;
}

graph::Value YoloModules::spp_elan(const TorchModule& whole, graph::Value input) {
    std::vector<graph::Value> pooled{part(whole, "cv1", input)};
    for (const char* const name : {"cv2", "cv3", "cv4"}) {
        pooled.push_back(part(whole, name, pooled.back()));
    }
    return part(whole, "cv5", concatenated(std::move(pooled)));
}

graph::Value YoloModules::focus(const TorchModule& whole, graph::Value input) {
    const auto every_second = [&](std::int64_t row, std::int64_t column) {
        const auto rows =
            graph_.add(graph::Slice{.axis = 2, .start = row, .end = {}, .step = 2}, {input});
        return graph_.add(graph::Slice{.axis = 3, .start = column, .end = {}, .step = 2}, {rows});
    };
    const auto top_left = every_second(0, 0);
    const auto bottom_left = every_second(1, 0);
    const auto top_right = every_second(0, 1);
    const auto bottom_right = every_second(1, 1);
    return part(whole, "conv", concatenated({top_left, bottom_left, top_right, bottom_right}));
}

}  // namespace speciesnet
