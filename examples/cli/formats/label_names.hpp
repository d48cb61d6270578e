// SPDX-License-Identifier: Apache-2.0
// Readable names of labels, and numbers for them.
#pragma once

#include "speciesnet/taxonomy.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// The seven parts; nothing if it does not have them, as in documents from elsewhere.
std::optional<LabelParts> label_parts(std::string_view label);

/// The common name, else a name made of the narrowest rank: "panthera leo", "felis species",
/// "felidae family". Source: megadetector 10, wi_taxonomy_utils.py,
/// get_common_name_from_prediction_string.
std::string readable_name(std::string_view label);

/// "Panthera leo" of a species, "Felidae" of a wider group; empty for other labels.
std::string scientific_name(std::string_view label);

/// Gives labels numbers in the order in which they come.
class LabelNumbers {
public:
    std::size_t of(const std::string& label);
    const std::vector<std::string>& labels() const noexcept { return labels_; }

private:
    std::map<std::string, std::size_t, std::less<>> numbers_;
    std::vector<std::string> labels_;
};

}  // namespace speciesnet::cli
