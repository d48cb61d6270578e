// SPDX-License-Identifier: Apache-2.0
// The part of a label that identifies its taxon: "mammalia;carnivora" for the label of all
// carnivores. It is a prefix of the keys of all taxa below. It is empty for "animal", blank and
// vehicle.
#pragma once

#include "speciesnet/taxonomy.hpp"

#include <string_view>

namespace speciesnet {

inline std::string_view without_empty_ranks(std::string_view ranks) {
    return ranks.substr(0, ranks.find_last_not_of(';') + 1);
}

/// @throws InvalidArgument if the label does not have exactly seven parts
inline std::string_view taxon_key(std::string_view label) {
    return without_empty_ranks(full_class_string(label));
}

/// Returns the key of the next wider taxon; empty if that is "animal".
inline std::string_view wider_taxon_key(std::string_view key) {
    const auto end = key.rfind(';');
    return end == std::string_view::npos ? std::string_view()
                                         : without_empty_ranks(key.substr(0, end));
}

}  // namespace speciesnet
