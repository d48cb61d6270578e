// SPDX-License-Identifier: Apache-2.0
// The small published networks of tests/fixtures/import, made by make_networks.py.
#pragma once

#include "network/network.hpp"
#include "system/memory.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet {

inline std::filesystem::path published(const std::string& name) {
    return std::filesystem::path(SPECIESNET_FIXTURES) / "import" / name;
}

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// As input() in make_networks.py.
inline FloatArray test_input(std::vector<std::int64_t> shape) {
    std::int64_t count = 1;
    for (const auto size : shape) {
        count *= size;
    }
    FloatArray input{std::move(shape), {}};
    for (std::int64_t i = 0; i < count; ++i) {
        input.values.push_back(static_cast<float>(i * 7919 % 1009) / 1009.0F);
    }
    return input;
}

/// Reads PyTorch's answers: a file of float32 or float64.
template <typename Number = float>
std::vector<Number> numbers_of(const std::filesystem::path& path) {
    const auto file = map_file(path);
    std::vector<Number> values(file.content.size() / sizeof(Number));
    file.content.copy(reinterpret_cast<char*>(values.data()), file.content.size());
    return values;
}

/// Returns the largest difference, relative for values above 1; infinite if the number of values
/// differs. Results differ because the engine folds BatchNorm, and releases of LibTorch add in
/// different orders.
template <typename Number>
Number difference(const std::vector<Number>& a, const std::vector<Number>& b) {
    if (a.size() != b.size()) {
        return std::numeric_limits<Number>::infinity();
    }
    Number largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const Number error = std::abs(a[i] - b[i]) / std::max(Number{1}, std::abs(b[i]));
        // Not std::max, because NaN must not pass.
        largest = error <= largest ? largest : error;
    }
    return largest;
}

inline PackageFile package_file(const std::filesystem::path& path) {
    auto mapped = map_file(path);
    return {mapped.content, path.string(), std::move(mapped.owner)};
}

inline Network load(const std::filesystem::path& file, const NetworkOptions& options = {},
                    int threads = 1) {
    return {package_file(file), std::make_shared<NetworkThreads>(threads), options};
}

inline FloatArray run(const std::filesystem::path& file, const FloatArray& input,
                      const NetworkOptions& options = {}) {
    return load(file, options).forward(input);
}

}  // namespace speciesnet
