// SPDX-License-Identifier: Apache-2.0
// Readable names of labels, and numbers for labels.
#pragma once

#include "speciesnet/taxonomy.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Returns the seven parts; nothing for other labels, as in documents of other programs.
std::optional<LabelParts> label_parts(std::string_view label);

/// Returns the common name, or a name derived from the narrowest rank: "panthera leo", "felis
/// species", "felidae family". Source: megadetector 10, wi_taxonomy_utils.py,
/// get_common_name_from_prediction_string.
std::string readable_name(std::string_view label);

/// Returns "Panthera leo" for a species, "Felidae" for a wider group; empty for other labels.
std::string scientific_name(std::string_view label);

/// Numbers labels in order of first occurrence.
class LabelNumbers {
public:
    std::size_t of(const std::string& label);
    const std::vector<std::string>& labels() const noexcept { return labels_; }

private:
    std::map<std::string, std::size_t, std::less<>> numbers_;
    std::vector<std::string> labels_;
};

}  // namespace speciesnet::cli
