// Ancestors are found by cutting the class string at a level and looking it up.
#include "speciesnet/taxonomy.hpp"

#include "speciesnet/error.hpp"

#include "ensemble/string_map.hpp"
#include "system/mapped_file.hpp"
#include "text/lines.hpp"

#include <utility>

namespace speciesnet {

/// Key: class string. Value: label.
struct Taxonomy::Entries {
    StringMap<std::string> labels;
};

Taxonomy::Taxonomy(std::shared_ptr<const Entries> entries) : entries_(std::move(entries)) {}

Taxonomy Taxonomy::parse(std::string_view text, std::string_view origin) {
    auto entries = std::make_shared<Entries>();
    std::size_t number = 0;
    for (const auto line : split_lines(text)) {
        ++number;
        if (line.empty()) {
            continue;
        }
        try {
            entries->labels.insert_or_assign(std::string(full_class_string(line)),
                                             std::string(line));
        } catch (const InvalidArgument& error) {
            throw ModelError(ErrorCode::model_invalid, "'" + std::string(origin) + "', line " +
                                                           std::to_string(number) + ": " +
                                                           error.what());
        }
    }
    for (const auto label : {labels::blank, labels::vehicle, labels::unknown}) {
        entries->labels.erase(std::string(full_class_string(label)));
    }
    for (const auto label : {labels::human, labels::animal}) {
        entries->labels.insert_or_assign(std::string(full_class_string(label)), std::string(label));
    }
    return Taxonomy(std::move(entries));
}

Taxonomy Taxonomy::load(const std::filesystem::path& file) {
    const auto mapped = map_file(file);
    return parse(mapped.content, file.string());
}

std::optional<std::string_view> Taxonomy::ancestor_at(std::string_view label,
                                                      TaxonomyLevel level) const {
    const auto parts = split_label(label);
    std::string_view rank;
    switch (level) {
        case TaxonomyLevel::species:
            rank = parts.species;
            break;
        case TaxonomyLevel::genus:
            rank = parts.genus;
            break;
        case TaxonomyLevel::family:
            rank = parts.family;
            break;
        case TaxonomyLevel::order:
            rank = parts.order;
            break;
        case TaxonomyLevel::class_:
            rank = parts.class_;
            break;
        case TaxonomyLevel::kingdom:
            // Only what has a class is an animal for certain; so is "animal" itself.
            rank = label == labels::animal ? label : parts.class_;
            break;
    }
    if (rank.empty()) {
        return std::nullopt;
    }
    std::string key;
    if (level != TaxonomyLevel::kingdom) {
        key.assign(parts.class_.begin(), rank.end());
    }
    // Empty ranks below the level.
    key.append(static_cast<std::size_t>(level) - 1 - (level == TaxonomyLevel::kingdom ? 1 : 0),
               ';');
    const auto found = entries_->labels.find(key);
    if (found == entries_->labels.end()) {
        return std::nullopt;
    }
    return found->second;
}

std::size_t Taxonomy::size() const noexcept {
    return entries_->labels.size();
}

}  // namespace speciesnet
