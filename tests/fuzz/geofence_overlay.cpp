// SPDX-License-Identifier: Apache-2.0
// Any bytes as a species list and as an overlay of the geofence: refused with a sentence, or what
// is never blocked stays possible, and what is allowed stays possible with all that contains it.
#include "speciesnet/geofence_overlay.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <array>
#include <string_view>

namespace {

using namespace speciesnet;
using Kind = OverlayVerdict::Kind;

/// From the narrowest.
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
                          "what is no animal, or any, is never blocked");
        }
        bool allowed = false;
        for (const auto label : lineage) {
            const auto verdict = overlay.check(label, place);
            fuzz::require(verdict.entry.empty() == (verdict.kind == Kind::silent),
                          "a verdict has an entry");
            allowed |= verdict.kind == Kind::allowed;
            fuzz::require(!allowed || verdict.kind != Kind::not_listed,
                          "what contains an allowed taxon is listed");
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
