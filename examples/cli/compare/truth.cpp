// SPDX-License-Identifier: Apache-2.0
// Labels contain their taxonomy, so no package is needed.
#include "truth.hpp"

#include "speciesnet/csv.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "files/text_file.hpp"
#include "formats/label_names.hpp"
#include "photos/photo_paths.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace speciesnet::cli {
namespace {

using Ranks = std::array<std::string_view, 5>;

/// Returns the ranks from class to species; nothing if the text is not a label.
std::optional<Ranks> ranks_of(std::string_view label) {
    const auto parts = label_parts(label);
    return parts ? std::optional(Ranks{parts->class_, parts->order, parts->family, parts->genus,
                                       parts->species})
                 : std::nullopt;
}

std::string lower(std::string_view text) {
    return lower_case(strip(text));
}

std::size_t column_of(const CsvRow& header, std::span<const char* const> names) {
    for (const auto* const name : names) {
        const auto& titles = header.fields;
        const auto found = std::find_if(titles.begin(), titles.end(),
                                        [&](const auto& title) { return lower(title) == name; });
        if (found != titles.end()) {
            return static_cast<std::size_t>(found - titles.begin());
        }
    }
    std::string list;
    for (const auto* const name : names) {
        list += (list.empty() ? "" : ", ") + std::string(name);
    }
    throw InvalidArgument("the first line has no column " + list);
}

}  // namespace

bool is_ancestor(std::string_view ancestor, std::string_view label) {
    const auto above = ranks_of(ancestor);
    const auto below = ranks_of(label);
    if (!above || !below) {
        return false;
    }
    const auto is_special = [](std::string_view one) {
        return one == labels::blank || one == labels::vehicle || one == labels::unknown ||
               one == labels::human;
    };
    if (is_special(ancestor) || is_special(label)) {
        return false;
    }
    bool is_finer = false;
    for (std::size_t rank = 0; rank < above->size(); ++rank) {
        if (!(*above)[rank].empty() && (*above)[rank] != (*below)[rank]) {
            return false;
        }
        is_finer |= (*above)[rank].empty() && !(*below)[rank].empty();
    }
    return is_finer;
}

Correctness verdict(std::string_view answer, std::string_view truth) {
    const auto same_taxon = [&] {
        const auto ranks = ranks_of(answer);
        return ranks && !ranks->front().empty() && ranks == ranks_of(truth);
    };
    if (answer == truth || same_taxon() || is_ancestor(truth, answer)) {
        return Correctness::right;
    }
    return is_ancestor(answer, truth) ? Correctness::coarser : Correctness::wrong;
}

void LabelNames::add(std::string_view label) {
    const auto parts = label_parts(label);
    if (!parts) {
        return;
    }
    const auto learn = [&](std::string_view name) {
        if (!name.empty()) {
            labels_.try_emplace(lower(name), label);
        }
    };
    learn(label);
    learn(parts->common_name);
    learn(scientific_name(label));
    learn(short_name(label));
}

std::optional<std::string> LabelNames::find(std::string_view name) const {
    const auto key = lower(name);
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> others{
        {{"blank", labels::blank},
         {"empty", labels::blank},
         {"animal", labels::animal},
         {"human", labels::human},
         {"person", labels::human},
         {"people", labels::human},
         {"vehicle", labels::vehicle},
         {"car", labels::vehicle}}};
    for (const auto& [other, label] : others) {
        if (key == other) {
            return std::string(label);
        }
    }
    if (const auto found = labels_.find(key); found != labels_.end()) {
        return found->second;
    }
    return label_parts(name) ? std::optional(strip(name)) : std::nullopt;
}

Truth::Truth(std::string_view csv) {
    const auto rows = read_csv(csv);
    if (rows.empty()) {
        throw InvalidArgument("the table is empty");
    }
    static constexpr std::array files{"file", "filepath", "filename", "path", "image"};
    static constexpr std::array labels{"label",      "species",     "truth",
                                       "prediction", "common_name", "name"};
    const auto file = column_of(rows.front(), files);
    const auto label = column_of(rows.front(), labels);
    for (const auto& [fields, line] : std::span(rows).subspan(1)) {
        if (fields.size() <= std::max(file, label)) {
            throw InvalidArgument("line " + std::to_string(line) + " has too few columns");
        }
        const auto name = strip(fields[label]);
        const auto [place, is_new] = names_.try_emplace(with_slashes(fields[file]), name);
        if (!is_new && place->second != name) {
            throw InvalidArgument("'" + fields[file] + "' has two labels: '" + place->second +
                                  "' and '" + name + "'; give one row per photo");
        }
    }
}

std::optional<std::string> Truth::name_of(std::string_view filepath) const {
    const auto path = with_slashes(filepath);
    std::string_view end = path;
    while (true) {
        if (const auto found = names_.find(end); found != names_.end()) {
            return found->second;
        }
        const auto slash = end.find('/');
        if (slash == std::string_view::npos) {
            return std::nullopt;
        }
        end.remove_prefix(slash + 1);
    }
}

}  // namespace speciesnet::cli
