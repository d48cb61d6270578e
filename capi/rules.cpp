// SPDX-License-Identifier: Apache-2.0
// Evaluates taxonomy, geofence and decision rules without networks.
#include "capi/rules.hpp"

#include "capi/answer.hpp"
#include "capi/options.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

TaxonomyLevel to_level(std::int32_t level) {
    return enumerator(level, TaxonomyLevel::species, TaxonomyLevel::kingdom, "level");
}

UnknownTaxa to_unknown_taxa(std::int32_t unknown_taxa) {
    return enumerator(unknown_taxa, UnknownTaxa::refuse, UnknownTaxa::skip, "unknown_taxa");
}

std::unique_ptr<speciesnet_answer> make_answer(
    Answer answer, std::optional<Explanation> explanation = std::nullopt) {
    return std::make_unique<speciesnet_answer>(std::move(answer), std::move(explanation));
}

}  // namespace

speciesnet_status speciesnet_rules_new(const char* taxonomy, size_t taxonomy_length,
                                       const char* geofence, size_t geofence_length,
                                       int32_t enforce, speciesnet_rules** rules,
                                       speciesnet_error* error) {
    return guard(rules, error, [&] {
        return std::make_unique<speciesnet_rules>(
            Rules(Taxonomy::parse({require(taxonomy, "taxonomy"), taxonomy_length}),
                  Geofence::parse({require(geofence, "geofence"), geofence_length}),
                  to_flag(enforce, "enforce")));
    });
}

speciesnet_status speciesnet_rules_with_species_list(const speciesnet_rules* rules,
                                                     const char* list, size_t list_length,
                                                     int32_t unknown_taxa,
                                                     speciesnet_rules** result,
                                                     speciesnet_error* error) {
    return guard(result, error, [&] {
        const auto& given = require(rules, "rules")->value;
        return std::make_unique<speciesnet_rules>(given.with(
            GeofenceOverlay::species_list({require(list, "list"), list_length}, given.taxonomy(),
                                          "species list", to_unknown_taxa(unknown_taxa))));
    });
}

speciesnet_status speciesnet_rules_with_geofence_overlay(const speciesnet_rules* rules,
                                                         const char* csv, size_t csv_length,
                                                         int32_t unknown_taxa,
                                                         speciesnet_rules** result,
                                                         speciesnet_error* error) {
    return guard(result, error, [&] {
        const auto& given = require(rules, "rules")->value;
        return std::make_unique<speciesnet_rules>(
            given.with(GeofenceOverlay::parse({require(csv, "csv"), csv_length}, given.taxonomy(),
                                              "overlay", to_unknown_taxa(unknown_taxa))));
    });
}

speciesnet_status speciesnet_rules_skipped_taxa(const speciesnet_rules* rules, char** text,
                                                speciesnet_error* error) {
    return guard(text, error, [&] {
        std::string lines;
        for (const auto& name : require(rules, "rules")->value.overlay().skipped()) {
            lines += name + '\n';
        }
        return make_text(lines);
    });
}

speciesnet_status speciesnet_rules_combine(const speciesnet_rules* rules,
                                           const speciesnet_scored_label* classes, size_t count,
                                           const speciesnet_detection* detection,
                                           const speciesnet_location* location, int32_t explain,
                                           speciesnet_answer** answer, speciesnet_error* error) {
    return guard(answer, error, [&] {
        std::optional<Explanation> explanation;
        if (to_flag(explain, "explain")) {
            explanation.emplace();
        }
        auto found =
            require(rules, "rules")
                ->value.combine(to_classification(classes, count),
                                to_detection(*require(detection, "detection")),
                                to_location(location), explanation ? &*explanation : nullptr);
        return make_answer(std::move(found), std::move(explanation));
    });
}

speciesnet_status speciesnet_rules_apply_geofence(const speciesnet_rules* rules,
                                                  const speciesnet_scored_label* classes,
                                                  size_t count, const speciesnet_location* location,
                                                  speciesnet_answer** answer,
                                                  speciesnet_error* error) {
    return guard(answer, error, [&] {
        const auto given = to_classification(classes, count);
        return make_answer(
            require(rules, "rules")
                ->value.apply_geofence(given.classes, given.scores, to_location(location)));
    });
}

speciesnet_status speciesnet_rules_roll_up(const speciesnet_rules* rules,
                                           const speciesnet_scored_label* classes, size_t count,
                                           const speciesnet_location* location,
                                           const speciesnet_level* levels, size_t level_count,
                                           double threshold, speciesnet_answer** answer,
                                           speciesnet_error* error) {
    return guard(answer, error, [&] {
        const auto given = to_classification(classes, count);
        std::vector<TaxonomyLevel> order;
        for (std::size_t index = 0; index < level_count; ++index) {
            order.push_back(to_level(require(levels, "levels")[index]));
        }
        auto found = require(rules, "rules")
                         ->value.roll_up(given.classes, given.scores, to_location(location), order,
                                         threshold);
        return found ? make_answer(std::move(*found)) : nullptr;
    });
}

speciesnet_status speciesnet_rules_check_geofence(const speciesnet_rules* rules, const char* label,
                                                  const speciesnet_location* location,
                                                  int32_t* blocked_by, speciesnet_error* error) {
    return guard(error, [&] {
        *require(blocked_by, "blocked_by") = SPECIESNET_BLOCKED_BY_NOTHING;
        const auto verdict = require(rules, "rules")
                                 ->value.check(require_text(label, "label"), to_location(location));
        *blocked_by = static_cast<std::int32_t>(verdict.blocked_by);
    });
}

speciesnet_status speciesnet_rules_ancestor(const speciesnet_rules* rules, const char* label,
                                            int32_t level, char** text, speciesnet_error* error) {
    return guard(text, error, [&] {
        const auto found = require(rules, "rules")
                               ->value.taxonomy()
                               .ancestor_at(require_text(label, "label"), to_level(level));
        return found ? make_text(*found) : nullptr;
    });
}

void speciesnet_rules_free(speciesnet_rules* rules) {
    delete rules;
}
