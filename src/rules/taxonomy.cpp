// SPDX-License-Identifier: Apache-2.0
// Determines which ancestors exist. Entries are found by the non-empty part of their ranks:
// "mammalia;carnivora" corresponds to the reference's key "mammalia;carnivora;;;", and is a
// substring of the label of every carnivore. The index of names is built on first use, because few
// programs need it.
#include "speciesnet/taxonomy.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "rules/label_parts.hpp"
#include "rules/taxon_key.hpp"
#include "rules/taxon_names.hpp"
#include "system/memory.hpp"
#include "text/lines.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace speciesnet {
namespace {

/// Returns the part of a label at a level; the class for kingdom, which has no part of its own.
std::string_view rank_at(const LabelParts& parts, TaxonomyLevel level) {
    switch (level) {
        case TaxonomyLevel::species:
            return parts.species;
        case TaxonomyLevel::genus:
            return parts.genus;
        case TaxonomyLevel::family:
            return parts.family;
        case TaxonomyLevel::order:
            return parts.order;
        case TaxonomyLevel::class_:
        case TaxonomyLevel::kingdom:
            return parts.class_;
    }
    return {};
}

}  // namespace

std::string_view taxonomy_level_name(TaxonomyLevel level) noexcept {
    switch (level) {
        case TaxonomyLevel::species:
            return "species";
        case TaxonomyLevel::genus:
            return "genus";
        case TaxonomyLevel::family:
            return "family";
        case TaxonomyLevel::order:
            return "order";
        case TaxonomyLevel::class_:
            return "class";
        case TaxonomyLevel::kingdom:
            return "kingdom";
    }
    return {};
}

struct Taxonomy::Entries {
    explicit Entries(std::string_view content) : text(content) {}

    const std::string text;
    /// Views into `text` and the constants.
    std::unordered_map<std::string_view, std::string_view> labels;

    const TaxonNames& names() const {
        std::call_once(names_made_, [this] {
            for (const auto& [key, label] : labels) {
                names_.add(label);
            }
        });
        return names_;
    }

private:
    mutable std::once_flag names_made_;
    mutable TaxonNames names_;
};

Taxonomy::Taxonomy(std::shared_ptr<const Entries> entries) : entries_(std::move(entries)) {}

Taxonomy Taxonomy::parse(std::string_view text, std::string_view origin) {
    const auto entries = std::make_shared<Entries>(text);
    std::size_t number = 0;
    for (const auto label : split_lines(entries->text)) {
        ++number;
        if (label.empty()) {
            continue;
        }
        try {
            entries->labels.insert_or_assign(taxon_key(label), label);
        } catch (const InvalidArgument& error) {
            throw ModelError(ErrorCode::model_invalid, "'" + std::string(origin) + "', line " +
                                                           std::to_string(number) + ": " +
                                                           error.what());
        }
    }
    for (const auto label : {labels::blank, labels::vehicle, labels::unknown}) {
        entries->labels.erase(taxon_key(label));
    }
    for (const auto label : {labels::human, labels::animal}) {
        entries->labels.insert_or_assign(taxon_key(label), label);
    }
    return Taxonomy(entries);
}

Taxonomy Taxonomy::load(const std::filesystem::path& file) {
    return parse(map_file(file).content, utf8_text(file));
}

std::optional<std::string_view> Taxonomy::ancestor_at(std::string_view label,
                                                      TaxonomyLevel level) const {
    const auto parts = split_label(label);
    const auto rank = rank_at(parts, level);
    const bool animal_itself = level == TaxonomyLevel::kingdom && label == labels::animal;
    if (rank.empty() && !animal_itself) {
        return std::nullopt;
    }
    std::string_view key;
    if (level != TaxonomyLevel::kingdom) {
        key = text_from_to(parts.class_, rank);
    }
    const auto found = entries_->labels.find(key);
    if (found == entries_->labels.end()) {
        return std::nullopt;
    }
    return found->second;
}

std::vector<std::string_view> Taxonomy::find(std::string_view name) const {
    auto found = entries_->names().find(name);
    std::sort(found.begin(), found.end());
    return found;
}

std::string Taxonomy::nearest_name(std::string_view name) const {
    return entries_->names().nearest(name);
}

std::size_t Taxonomy::size() const noexcept {
    return entries_->labels.size();
}

}  // namespace speciesnet
