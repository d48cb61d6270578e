// SPDX-License-Identifier: Apache-2.0
// Reads instances: photos and their locations.
#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include "json/fields.hpp"

namespace speciesnet {
namespace {

/// A field that is read into a member of the instance's location. Tables written by pandas contain
/// NaN for unknown values.
template <auto member>
constexpr auto location_field(std::string_view name) {
    return JsonField<Instance>{
        name, Presence::unknown_if_nan,
        [](JsonValue value, Instance& target) { read(value, target.location.*member); }};
}

constexpr std::array instance_fields{
    field<&Instance::filepath>("filepath", Presence::required),
    location_field<&Location::country>("country"),
    location_field<&Location::admin1_region>("admin1_region"),
    location_field<&Location::latitude>("latitude"),
    location_field<&Location::longitude>("longitude"),
    location_field<&Location::station>("station"),
};

struct Document {
    std::vector<Instance> instances;
};

}  // namespace

void read(JsonValue value, Instance& target) {
    try {
        read_object(value, instance_fields, target);
    } catch (const InvalidArgument& error) {
        if (target.filepath.empty()) {
            throw;
        }
        throw InvalidArgument(error.what() + (" (of '" + target.filepath + "')"), error.code());
    }
}

namespace {

constexpr std::array document_fields{
    field<&Document::instances>("instances", Presence::required),
};

}  // namespace

std::vector<Instance> instances_from_json(std::string_view document) {
    Document content;
    read_document(document, [&](JsonValue root) { read_object(root, document_fields, content); });
    return std::move(content.instances);
}

}  // namespace speciesnet
