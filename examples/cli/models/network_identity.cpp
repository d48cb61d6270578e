// SPDX-License-Identifier: Apache-2.0
// One line or one object per network.
#include "network_identity.hpp"

namespace speciesnet::cli {
namespace {

std::string_view name_of(Publication publication) {
    switch (publication) {
        case Publication::published:
            return "published";
        case Publication::not_published:
            return "not_published";
        case Publication::not_known:
            break;
    }
    return "not_known";
}

}  // namespace

std::string describe(const IdentifiedNetwork& network) {
    switch (network.publication) {
        case Publication::published:
            return "is the published file " + network.published_name;
        case Publication::not_published:
            return "is not the published file " + network.published_name;
        case Publication::not_known:
            break;
    }
    return "is not known";
}

void write_networks(JsonWriter& json, std::span<const IdentifiedNetwork> networks) {
    json.key("networks").begin_array();
    for (const auto& network : networks) {
        json.begin_object();
        json.key("path").value(network.path);
        json.key("publication").value(name_of(network.publication));
        json.key("published_name");
        if (network.published_name.empty()) {
            json.null();
        } else {
            json.value(network.published_name);
        }
        json.end_object();
    }
    json.end_array();
}

}  // namespace speciesnet::cli
