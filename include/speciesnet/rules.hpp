// SPDX-License-Identifier: Apache-2.0
// Determines the answer from a detection and a classification. Pure functions over values, without
// any network.
#pragma once

#include "speciesnet/explanation.hpp"
#include "speciesnet/export.hpp"
#include "speciesnet/geofence.hpp"
#include "speciesnet/geofence_overlay.hpp"
#include "speciesnet/location.hpp"
#include "speciesnet/prediction.hpp"
#include "speciesnet/taxonomy.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Number of top classes that the rules use. Source: constants.py,
/// NUM_CLASSIFICATIONS_FOR_ENSEMBLE.
inline constexpr std::size_t classes_for_ensemble = 5;

/// Verdict of geofence and overlay on a label at a place.
struct GeofenceVerdict {
    GeofenceRule blocked_by = GeofenceRule::none;
    /// The entry that blocks it, as RollupSum::blocked_by_entry; empty if none.
    std::string blocked_by_entry = {};
    /// The overlay's entry that allows it although the package's geofence blocks it; empty if none.
    std::string allowed_by_entry = {};

    friend bool operator==(const GeofenceVerdict&, const GeofenceVerdict&) = default;
};

/// Taxonomy, geofence and the reference's decision rules. Immutable, cheap to copy, thread-safe.
class SPECIESNET_EXPORT Rules {
public:
    /// @param taxonomy   existing labels
    /// @param geofence   allowed and blocked labels by place
    /// @param geofencing false switches the geofence off
    Rules(Taxonomy taxonomy, Geofence geofence, bool geofencing = true);

    /// Returns these rules with the entries of an overlay, which override the geofence, in addition
    /// to those of earlier overlays. Overlays apply even if the geofence is switched off.
    /// @throws InvalidArgument if one allows what the other blocks at the same place
    /// @since 0.1.0
    Rules with(const GeofenceOverlay& overlay) const;

    const Taxonomy& taxonomy() const noexcept { return taxonomy_; }
    const Geofence& geofence() const noexcept { return geofence_; }
    bool geofencing() const noexcept { return geofencing_; }
    const GeofenceOverlay& overlay() const noexcept { return overlay_; }

    /// Checks whether a label may be the answer at a place: by the overlay, or, if none of its
    /// entries matches, by the geofence, unless that is switched off.
    /// @throws InvalidArgument as Geofence::check()
    /// @since 0.1.0
    GeofenceVerdict check(std::string_view label, const Location& location) const;

    /// Determines the answer.
    /// @param classification at least one class; only the first classes_for_ensemble are used
    /// @param detection      the classified detection; for a whole image its top detection, or an
    ///                       animal of confidence 0 if the detector found nothing
    /// @param location       country and region for the geofence
    /// @param explanation    overwritten if not null
    /// @throws InvalidArgument for an empty classification or classes and scores of different
    /// length; if a rule uses them, for labels without seven parts and a malformed country or
    /// region
    Answer combine(const Classification& classification, const Detection& detection,
                   const Location& location, Explanation* explanation = nullptr) const;

    /// Returns the top class, or, if it is blocked at the place, rolls all classes up to the first
    /// level of family, order, class and kingdom that has an allowed ancestor whose sum of scores
    /// is not below the top score.
    /// @param explanation if not null, receives top_class_blocked_by and rollup
    /// @return source "classifier", "classifier+geofence+rollup_to_LEVEL", or, with
    /// labels::unknown, "classifier+geofence+rollup_failed"
    /// @throws InvalidArgument as combine()
    Answer apply_geofence(std::span<const std::string> classes, std::span<const double> scores,
                          const Location& location, Explanation* explanation = nullptr) const;

    /// Rolls classes up to the first of `levels` whose best allowed ancestor has a sum of scores
    /// greater than `threshold`. Sums are added in the order of the classes; among equal sums the
    /// first wins.
    /// @param explanation if not null, receives the rollup
    /// @return nothing if there is no such level; else the source is "classifier+rollup_to_LEVEL"
    /// @throws InvalidArgument as combine(); an empty list of classes is allowed
    std::optional<Answer> roll_up(std::span<const std::string> classes,
                                  std::span<const double> scores, const Location& location,
                                  std::span<const TaxonomyLevel> levels, double threshold,
                                  Explanation* explanation = nullptr) const;

private:
    GeofenceRule blocked_by_package(std::string_view label, const Location& location) const;

    Taxonomy taxonomy_;
    Geofence geofence_;
    bool geofencing_;
    GeofenceOverlay overlay_;
};

/// Returns the reference's answer for an image: that of the first classified detection. In
/// per_image results that is the top detection's crop, or the whole image.
/// @return null if nothing was classified; else points into `prediction`
SPECIESNET_EXPORT const ClassifiedDetection* image_answer(const Prediction& prediction) noexcept;

}  // namespace speciesnet
