// A small package whose networks can be compiled, as the published ones can and the demonstration's
// detector cannot.
#pragma once

#include "graph/graph.hpp"
#include "published_networks.hpp"
#include "torch_plugin/torch_plugin.hpp"
#include "unit/executor_fixtures.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace speciesnet {

/// A classifier for the demonstration's labels and pictures of 480×480 pixels: a convolution, a
/// mean and a matrix product.
inline void write_small_classifier(const std::filesystem::path& file) {
    std::vector<std::vector<float>> values;
    const auto weight = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
        std::vector<std::int64_t> strides(shape.size(), 1);
        for (std::size_t axis = shape.size() - 1; axis > 0; --axis) {
            strides[axis - 1] = strides[axis] * shape[axis];
        }
        const auto& numbers =
            values.emplace_back(executor::numbers(static_cast<std::size_t>(strides[0] * shape[0]),
                                                  static_cast<std::uint32_t>(values.size()) + 1));
        return graph::Weight{.name = name,
                             .tensor = {.type = ElementType::float32,
                                        .shape = shape,
                                        .strides = strides,
                                        .bytes = {reinterpret_cast<const char*>(numbers.data()),
                                                  numbers.size() * sizeof(float)},
                                        .owner = nullptr}};
    };
    graph::Graph network;
    auto value = network.add(graph::Permute{{0, 3, 1, 2}}, {graph::Graph::input});
    value = network.add(graph::Convolution{.weights = weight("stem", {8, 3, 3, 3}),
                                           .bias = weight("bias", {8}),
                                           .stride = {4, 4},
                                           .padding = {1, 1}},
                        {value});
    value = network.add(graph::Activation{}, {value});
    value = network.add(graph::Mean{.axes = {2, 3}, .keeps_axes = false}, {value});
    value = network.add(
        graph::Linear{.weights = weight("head", {16, 8}), .bias = weight("head_bias", {16})},
        {value});
    network.set_output(value);
    torch_plugin().write(network, file, {});
}

/// Puts such networks in the place of those of a copy of the demonstration model.
inline void make_compilable(const std::filesystem::path& folder) {
    std::filesystem::copy_file(published("detector.pt"), folder / "detector.pt",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove(folder / "classifier.pt");
    write_small_classifier(folder / "classifier.pt");
}

}  // namespace speciesnet
