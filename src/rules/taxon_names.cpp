// SPDX-License-Identifier: Apache-2.0
// Names are compared without case, accents and punctuation.
#include "rules/taxon_names.hpp"

#include "speciesnet/taxonomy.hpp"

#include "rules/label_parts.hpp"
#include "rules/taxon_key.hpp"
#include "text/spelling.hpp"

#include <algorithm>

namespace speciesnet {
namespace {

/// No name is longer.
constexpr std::size_t longest_name = 256;

/// Returns letters and digits, with one blank between words. "Grévy's_zebra" becomes "grevys
/// zebra", "panthera;leo" becomes "panthera leo".
std::string folded(std::string_view text) {
    constexpr std::string_view separators = " \t_-./,;()";
    constexpr std::string_view curly_apostrophe = "\xE2\x80\x99";
    std::string result;
    bool word_ended = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char letter = lower(text[i]);
        if (letter == '\'' || letter == '"') {
            continue;
        }
        if (text.substr(i).starts_with(curly_apostrophe)) {
            i += curly_apostrophe.size() - 1;
            continue;
        }
        if (separators.find(letter) != std::string_view::npos) {
            word_ended = true;
            continue;
        }
        if (letter == '\xC3' && i + 1 < text.size()) {
            letter = without_accent(static_cast<unsigned char>(text[++i]));
        }
        if (word_ended && !result.empty()) {
            result += ' ';
        }
        word_ended = false;
        result += letter;
    }
    return result;
}

/// Field notes write "Equus sp." for an unknown species of a genus.
std::string_view without_species_mark(std::string_view folded_name) {
    for (const std::string_view mark : {" sp", " spp"}) {
        if (folded_name.ends_with(mark)) {
            folded_name.remove_suffix(mark.size());
            break;
        }
    }
    return folded_name;
}

}  // namespace

void TaxonNames::add_name(std::string_view name, std::string_view label) {
    auto key = folded(name);
    if (key.empty()) {
        return;
    }
    auto& entry =
        by_name_.try_emplace(std::move(key), Entry{.name = name, .labels = {}}).first->second;
    if (std::find(entry.labels.begin(), entry.labels.end(), label) == entry.labels.end()) {
        entry.labels.push_back(label);
    }
}

void TaxonNames::add(std::string_view label) {
    const auto parts = split_label(label);
    const auto key = taxon_key(label);
    add_name(label, label);
    add_name(parts.uuid, label);
    add_name(parts.common_name, label);
    if (key.empty()) {
        return;
    }
    add_name(full_class_string(label), label);
    add_name(key, label);
    if (parts.species.empty()) {
        add_name(key.substr(key.rfind(';') + 1), label);
    } else {
        // Genus and species are adjacent in the label.
        add_name(text_from_to(parts.genus, parts.species), label);
    }
}

std::vector<std::string_view> TaxonNames::find(std::string_view name) const {
    if (name.size() > longest_name) {
        return {};
    }
    const auto key = folded(name);
    for (const std::string_view spelling : {std::string_view(key), without_species_mark(key)}) {
        if (const auto found = by_name_.find(spelling); found != by_name_.end()) {
            return found->second.labels;
        }
    }
    return {};
}

std::string TaxonNames::nearest(std::string_view name) const {
    if (name.size() > longest_name) {
        return {};
    }
    const auto wanted = folded(name);
    // One error in four letters.
    auto least = 2 * (wanted.size() / 4) + 1;
    std::string_view best;
    for (const auto& [key, entry] : by_name_) {
        const auto slipped = slips(wanted, key, least);
        // Among equally close names, takes the alphabetically first, whatever the order of the map.
        if (slipped < least || (slipped == least && !best.empty() && entry.name < best)) {
            least = slipped;
            best = entry.name;
        }
    }
    std::string text(best);
    std::replace(text.begin(), text.end(), ';', ' ');
    return text;
}

}  // namespace speciesnet
