// SPDX-License-Identifier: Apache-2.0
// Parses labels of seven parts, and formats their readable names.
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "rules/label_parts.hpp"

#include <algorithm>
#include <array>

namespace speciesnet {
namespace {

using Parts = std::array<std::string_view, 7>;

Parts parts_of(std::string_view label) {
    const auto count = 1 + std::count(label.begin(), label.end(), ';');
    Parts parts;
    if (count != static_cast<std::ptrdiff_t>(parts.size())) {
        throw InvalidArgument("expected a label of 7 parts, this one has " + std::to_string(count) +
                              ": \"" + std::string(label) + '"');
    }
    for (auto& part : parts) {
        const auto end = std::min(label.find(';'), label.size());
        part = label.substr(0, end);
        label.remove_prefix(std::min(end + 1, label.size()));
    }
    return parts;
}

}  // namespace

LabelParts split_label(std::string_view label) {
    const auto [uuid, class_, order, family, genus, species, common_name] = parts_of(label);
    return {uuid, class_, order, family, genus, species, common_name};
}

std::string_view full_class_string(std::string_view label) {
    const auto parts = split_label(label);
    return text_from_to(parts.class_, parts.species);
}

std::string short_name(std::string_view label) {
    const auto parts = split_label(label);
    std::string name(parts.common_name);
    if (label != labels::unknown) {
        for (const auto rank : {parts.class_, parts.order, parts.family, parts.genus}) {
            if (!rank.empty()) {
                name = rank;
            }
        }
        if (!parts.genus.empty() && !parts.species.empty()) {
            name.append("_").append(parts.species);
        }
    }
    for (auto& letter : name) {
        if (letter == ' ') {
            letter = '_';
        } else if (letter >= 'A' && letter <= 'Z') {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return name;
}

}  // namespace speciesnet
