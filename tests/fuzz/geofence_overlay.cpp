// SPDX-License-Identifier: Apache-2.0
// Fuzzes GeofenceOverlay. Input: a species list or an overlay. Checks that it is refused with
// InvalidArgument, or that it never blocks human, animal, blank, vehicle and unknown, and lists
// every taxon that contains an allowed one.
#include "speciesnet/geofence_overlay.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <array>
#include <string_view>

namespace {

using namespace speciesnet;
using Kind = OverlayVerdict::Kind;

/// From species to class.
constexpr std::array<std::string_view, 4> lineage{
    "u4;mammalia;carnivora;felidae;panthera;leo;lion", "u3;mammalia;carnivora;felidae;;;cat family",
    "u2;mammalia;carnivora;;;;carnivorous mammal", "u1;mammalia;;;;;mammal"};

void check(const GeofenceOverlay& overlay) {
    for (const auto& place :
         {Location{}, Location{.country = "KEN"}, Location{.country = "USA", .admin1_region = "CA"},
          Location{.country = "KEN", .station = "a"}}) {
        for (const auto label :
             {labels::human, labels::animal, labels::blank, labels::vehicle, labels::unknown}) {
            fuzz::require(overlay.check(label, place) == OverlayVerdict{},
                          "human, animal, blank, vehicle and unknown are never blocked");
        }
        bool allowed = false;
        for (const auto label : lineage) {
            const auto verdict = overlay.check(label, place);
            fuzz::require(verdict.entry.empty() == (verdict.kind == Kind::silent),
                          "a verdict has an entry unless it is silent");
            allowed |= verdict.kind == Kind::allowed;
            fuzz::require(!allowed || verdict.kind != Kind::not_listed,
                          "a taxon that contains an allowed one is listed");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto taxonomy = Taxonomy::parse(
        "u1;mammalia;;;;;mammal\nu2;mammalia;carnivora;;;;carnivorous mammal\n"
        "u3;mammalia;carnivora;felidae;;;cat family\n"
        "u4;mammalia;carnivora;felidae;panthera;leo;lion\n"
        "u5;mammalia;carnivora;felidae;panthera;pardus;leopard\n");
    const auto text = fuzz::text(data, size);
    for (const auto unknown : {UnknownTaxa::refuse, UnknownTaxa::skip}) {
        try {
            check(GeofenceOverlay::species_list(text, taxonomy, "list", unknown));
        } catch (const InvalidArgument&) {
        }
        try {
            check(GeofenceOverlay::parse(text, taxonomy, "overlay", unknown));
        } catch (const InvalidArgument&) {
        }
    }
    return 0;
}
