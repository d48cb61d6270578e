// SPDX-License-Identifier: Apache-2.0
// A label without seven parts, as in documents of other programs, is its own name.
#include "label_names.hpp"

#include "speciesnet/error.hpp"

#include <array>
#include <cctype>
#include <utility>

namespace speciesnet::cli {
namespace {

std::string capitalized(std::string_view word) {
    std::string name(word);
    if (!name.empty()) {
        name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    }
    return name;
}

std::string binomial(const LabelParts& parts) {
    return std::string(parts.genus) + (parts.genus.empty() ? "" : " ") + std::string(parts.species);
}

}  // namespace

std::optional<LabelParts> label_parts(std::string_view label) {
    try {
        return split_label(label);
    } catch (const InvalidArgument&) {
        return std::nullopt;
    }
}

std::string readable_name(std::string_view label) {
    const auto parts = label_parts(label);
    if (!parts) {
        return std::string(label);
    }
    if (!parts->common_name.empty()) {
        return std::string(parts->common_name);
    }
    if (!parts->species.empty()) {
        return binomial(*parts);
    }
    const std::array<std::pair<std::string_view, const char*>, 5> ranks{
        {{parts->genus, " species"},
         {parts->family, " family"},
         {parts->order, " order"},
         {parts->class_, " class"},
         {parts->uuid, " category"}}};
    for (const auto& [name, rank] : ranks) {
        if (!name.empty()) {
            return std::string(name) + rank;
        }
    }
    return "empty_prediction_string";
}

std::string scientific_name(std::string_view label) {
    const auto parts = label_parts(label);
    if (!parts || label == labels::unknown) {
        return {};
    }
    if (!parts->species.empty()) {
        return capitalized(binomial(*parts));
    }
    for (const auto name : {parts->genus, parts->family, parts->order, parts->class_}) {
        if (!name.empty()) {
            return capitalized(name);
        }
    }
    return label == labels::animal ? "Animalia" : "";
}

std::size_t LabelNumbers::of(const std::string& label) {
    const auto [place, added] = numbers_.try_emplace(label, labels_.size());
    if (added) {
        labels_.push_back(label);
    }
    return place->second;
}

}  // namespace speciesnet::cli
