// SPDX-License-Identifier: Apache-2.0
// Searches a few thousand labels linearly, which takes less than a frame of a screen.
#include "label_search.hpp"

#include "speciesnet/taxonomy.hpp"

#include "files/text_file.hpp"
#include "formats/label_names.hpp"

#include <algorithm>
#include <tuple>

namespace speciesnet::cli {
namespace {

/// Maximum length of a search text.
constexpr std::size_t longest_text = 100;

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::size_t begin = 0;
    while ((begin = text.find_first_not_of(" \t,", begin)) != std::string_view::npos) {
        const auto end = std::min(text.find_first_of(" \t,", begin), text.size());
        words.emplace_back(text.substr(begin, end - begin));
        begin = end;
    }
    return words;
}

}  // namespace

void LabelSearch::add(std::string_view label) {
    const auto parts = label_parts(label);
    if (!parts || !labels_.emplace(label).second) {
        return;
    }
    std::string names;
    for (const auto name : {parts->common_name, parts->genus, parts->species, parts->family,
                            parts->order, parts->class_}) {
        names += ' ' + lower_case(name);
    }
    entries_.push_back({.label = std::string(label),
                        .names = std::move(names),
                        .common_name = lower_case(readable_name(label))});
}

std::vector<std::string> LabelSearch::find(std::string_view text, std::size_t most) const {
    const auto wanted = lower_case(strip(text.substr(0, longest_text)));
    const auto words = words_of(wanted);
    if (words.empty()) {
        return {};
    }
    std::vector<const Entry*> found;
    for (const auto& entry : entries_) {
        const bool has_all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
            return entry.names.find(' ' + word) != std::string::npos;
        });
        if (has_all) {
            found.push_back(&entry);
        }
    }
    const auto rank = [&wanted](const Entry* entry) {
        return std::tuple(!entry->common_name.starts_with(wanted), entry->common_name.size(),
                          std::string_view(entry->label));
    };
    std::sort(found.begin(), found.end(),
              [&](const Entry* one, const Entry* other) { return rank(one) < rank(other); });
    std::vector<std::string> labels;
    for (std::size_t index = 0; index < std::min(most, found.size()); ++index) {
        labels.push_back(found[index]->label);
    }
    return labels;
}

}  // namespace speciesnet::cli
