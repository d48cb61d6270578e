// Taking labels apart, and naming them shortly.
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace speciesnet {
namespace {

std::string simple_name(std::string_view name) {
    std::string result(name);
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char letter) {
        return letter == ' ' ? '_' : static_cast<char>(std::tolower(letter));
    });
    return result;
}

}  // namespace

std::string_view taxonomy_level_name(TaxonomyLevel level) noexcept {
    constexpr std::array<std::string_view, 6> names{"species", "genus", "family",
                                                    "order",   "class", "kingdom"};
    const auto index = static_cast<std::size_t>(level) - 1;
    return index < names.size() ? names[index] : "unknown";
}

LabelParts split_label(std::string_view label) {
    std::array<std::string_view, 7> parts;
    const auto count = static_cast<std::size_t>(std::count(label.begin(), label.end(), ';')) + 1;
    if (count != parts.size()) {
        throw InvalidArgument("expected a label of 7 parts, but found " + std::to_string(count) +
                              ": \"" + std::string(label) + "\"");
    }
    for (auto& part : parts) {
        const auto end = label.find(';');
        part = label.substr(0, end);
        label.remove_prefix(std::min(label.size(), part.size() + 1));
    }
    return {.uuid = parts[0],
            .class_ = parts[1],
            .order = parts[2],
            .family = parts[3],
            .genus = parts[4],
            .species = parts[5],
            .common_name = parts[6]};
}

std::string_view full_class_string(std::string_view label) {
    const auto parts = split_label(label);
    return {parts.class_.data(),
            static_cast<std::size_t>(parts.species.end() - parts.class_.begin())};
}

std::string short_name(std::string_view label) {
    if (label == labels::unknown) {
        return "no_cv_result";
    }
    const auto parts = split_label(label);
    if (!parts.genus.empty() && !parts.species.empty()) {
        return simple_name(parts.genus) + "_" + simple_name(parts.species);
    }
    for (const auto rank : {parts.genus, parts.family, parts.order, parts.class_}) {
        if (!rank.empty()) {
            return simple_name(rank);
        }
    }
    return simple_name(parts.common_name);
}

}  // namespace speciesnet
