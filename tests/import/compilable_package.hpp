// A small package whose networks are whole plans, as the published ones are and the demonstration's
// are not.
#pragma once

#include "speciesnet/import.hpp"

#include "published_networks.hpp"
#include "torchscript/torchscript_writer.hpp"
#include "unit/executor_fixtures.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet {

/// A classifier for the demonstration's labels and pictures of 480×480 pixels: a convolution, a
/// mean and a matrix product.
inline void write_small_classifier(const std::filesystem::path& file) {
    const std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes{
        {"w_stem", {8, 3, 3, 3}}, {"w_bias", {8}}, {"w_head", {16, 8}}, {"w_head_bias", {16}}};
    NetworkDefinition network{
        .forward =
            "def forward(self, x):\n"
            "    x1 = torch.permute(x, [0, 3, 1, 2])\n"
            "    x2 = torch.conv2d(x1, self.w_stem, self.w_bias, [4, 4], [1, 1], [1, 1], 1)\n"
            "    x3 = torch.mean(torch.relu(x2), [2, 3])\n"
            "    return torch.linear(x3, self.w_head, self.w_head_bias)\n",
        .weights = {}};
    std::vector<std::vector<float>> numbers;
    for (const auto& [name, shape] : shapes) {
        std::vector<std::int64_t> strides(shape.size(), 1);
        for (std::size_t axis = shape.size() - 1; axis > 0; --axis) {
            strides[axis - 1] = strides[axis] * shape[axis];
        }
        const auto& values =
            numbers.emplace_back(executor::numbers(static_cast<std::size_t>(strides[0] * shape[0]),
                                                   static_cast<std::uint32_t>(numbers.size()) + 1));
        network.weights.push_back(
            {.name = name,
             .tensor = {.type = ElementType::float32,
                        .shape = shape,
                        .strides = strides,
                        .bytes = {reinterpret_cast<const char*>(values.data()),
                                  values.size() * sizeof(float)}}});
    }
    write_torchscript(network, file, {});
}

/// Puts such networks in the place of those of a copy of the demonstration model.
inline void make_compilable(const std::filesystem::path& folder) {
    std::filesystem::remove(folder / "detector.pt");
    import_detector(published("detector.pt"), folder / "detector.pt");
    std::filesystem::remove(folder / "classifier.pt");
    write_small_classifier(folder / "classifier.pt");
}

}  // namespace speciesnet
