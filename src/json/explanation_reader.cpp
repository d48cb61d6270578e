// SPDX-License-Identifier: Apache-2.0
// Reads the explanations of answers.
#include "json/fields.hpp"
#include "json/format.hpp"
#include "json/results.hpp"

namespace speciesnet {

void read(JsonValue value, TaxonomyLevel& target) {
    read_name(value, taxonomy_levels, taxonomy_level_name, target);
}

void read(JsonValue value, GeofenceRule& target) {
    read_name(value, geofence_rules, geofence_rule_name, target);
}

namespace {

constexpr std::array sum_fields{
    field<&RollupSum::label>("class", Presence::required),
    field<&RollupSum::score>("score", Presence::required),
    field<&RollupSum::blocked_by>("blocked_by", Presence::optional),
    field<&RollupSum::blocked_by_entry>("blocked_by_entry", Presence::optional),
};

}  // namespace

void read(JsonValue value, RollupSum& target) {
    read_object(value, sum_fields, target);
}

namespace {

constexpr std::array step_fields{
    field<&RollupStep::level>("level", Presence::required),
    field<&RollupStep::threshold>("threshold", Presence::required),
    field<&RollupStep::reached>("reached", Presence::required),
    field<&RollupStep::sums>("sums", Presence::required),
};

}  // namespace

void read(JsonValue value, RollupStep& target) {
    read_object(value, step_fields, target);
}

namespace {

constexpr std::array explained_detection_fields{
    field<&Explanation::detection_category>("category", Presence::required),
    field<&Explanation::detection_conf>("conf", Presence::required),
};

constexpr std::array explanation_fields{
    field<&Explanation::rule>("rule", Presence::required),
    field<&Explanation::reason>("reason", Presence::required),
    JsonField<Explanation>{"detection", Presence::required,
                           [](JsonValue value, Explanation& target) {
                               read_object(value, explained_detection_fields, target);
                           }},
    field<&Explanation::classes>("classes", Presence::required),
    field<&Explanation::scores>("scores", Presence::required),
    field<&Explanation::top_class_blocked_by>("top_class_blocked_by", Presence::optional),
    field<&Explanation::top_class_blocked_by_entry>("top_class_blocked_by_entry",
                                                    Presence::optional),
    field<&Explanation::top_class_allowed_by_entry>("top_class_allowed_by_entry",
                                                    Presence::optional),
    field<&Explanation::rollup>("rollup", Presence::required),
};

}  // namespace

void read(JsonValue value, Explanation& target) {
    read_object(value, explanation_fields, target);
}

}  // namespace speciesnet
