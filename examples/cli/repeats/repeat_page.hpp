// SPDX-License-Identifier: Apache-2.0
// Writes a self-contained HTML page for deciding about repeats.
#pragma once

#include "repeat_finder.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Pixels around the box of an example as JPEG; empty for photos that cannot be shown.
using RepeatCrops = std::vector<std::string>;

/// Returns the part of a photo around a box, with the box. Does not throw for an unreadable photo.
std::string draw_crop(const std::filesystem::path& photo, const BoundingBox& box);

/// Writes the page piece by piece.
class RepeatPage {
public:
    using Sink = std::function<void(std::string_view)>;

    /// @param file_name under which the page saves the table
    RepeatPage(std::string_view title, std::string_view file_name, double tolerance, Sink sink);

    void add(const Repeat& repeat, const RepeatCrops& crops);
    /// Must be called once, after the last repeat.
    void finish();

private:
    double tolerance_;
    Sink sink_;
    std::string nonce_;
};

}  // namespace speciesnet::cli
