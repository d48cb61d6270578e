// SPDX-License-Identifier: Apache-2.0
// How a detection and a classification become one answer. Pure functions over values; no network is
// needed.
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

/// Number of top classes that the ensemble looks at. Source: constants.py,
/// NUM_CLASSIFICATIONS_FOR_ENSEMBLE.
inline constexpr std::size_t classes_for_ensemble = 5;

/// Whether a label may be the answer at a place.
struct GeofenceVerdict {
    GeofenceRule blocked_by = GeofenceRule::none;
    /// The entry that blocks it, as RollupSum::blocked_by_entry; empty if none.
    std::string blocked_by_entry = {};
    /// The overlay's entry that allows it, where the package's geofence blocks it; empty if none.
    std::string allowed_by_entry = {};

    friend bool operator==(const GeofenceVerdict&, const GeofenceVerdict&) = default;
};

/// Taxonomy, geofence and the reference's decision rules. Immutable, cheap to copy, thread-safe.
class SPECIESNET_EXPORT Rules {
public:
    /// @param taxonomy   which ancestors exist
    /// @param geofence   what may be where
    /// @param geofencing false switches the geofence off for all answers
    Rules(Taxonomy taxonomy, Geofence geofence, bool geofencing = true);

    /// The same rules with the entries of an overlay on top of the geofence, and of the overlay
    /// that they have. An overlay counts where the geofence is switched off, too.
    /// @throws InvalidArgument if one allows what the other blocks at the same place
    /// @since 0.1.0
    Rules with(const GeofenceOverlay& overlay) const;

    const Taxonomy& taxonomy() const noexcept { return taxonomy_; }
    const Geofence& geofence() const noexcept { return geofence_; }
    bool geofencing() const noexcept { return geofencing_; }
    const GeofenceOverlay& overlay() const noexcept { return overlay_; }

    /// Whether a label may be the answer at a place: by the overlay, or, where that is silent, by
    /// the geofence, unless it is switched off.
    /// @throws InvalidArgument as Geofence::check()
    /// @since 0.1.0
    GeofenceVerdict check(std::string_view label, const Location& location) const;

    /// Decides what is in the picture.
    /// @param classification at least one class; only the first classes_for_ensemble are used
    /// @param detection      what was classified. For a whole picture: its top detection, or an
    /// animal of confidence 0
    ///                       if the detector found nothing.
    /// @param location       country and region for the geofence
    /// @param explanation    overwritten if not null
    /// @throws InvalidArgument for an empty classification or classes and scores of different
    /// length; where a rule comes to look at them, for labels without seven parts and a malformed
    /// country or region
    Answer combine(const Classification& classification, const Detection& detection,
                   const Location& location, Explanation* explanation = nullptr) const;

    /// Keeps the top class, or, if it is blocked at the place, rolls all classes up to the first
    /// level of family, order, class and kingdom that has an allowed ancestor whose sum of scores
    /// is not below the top score.
    /// @param explanation its top_class_blocked_by and rollup are added to if not null
    /// @return source "classifier", "classifier+geofence+rollup_to_LEVEL", or, with
    /// labels::unknown, "classifier+geofence+rollup_failed"
    /// @throws InvalidArgument as combine()
    Answer apply_geofence(std::span<const std::string> classes, std::span<const double> scores,
                          const Location& location, Explanation* explanation = nullptr) const;

    /// Rolls classes up to the first of `levels` whose best allowed ancestor has a sum of scores
    /// greater than `threshold`. Sums run in the order of the classes; of equal sums the first
    /// wins.
    /// @param explanation its rollup is added to if not null
    /// @return nothing if there is no such level; else the source is "classifier+rollup_to_LEVEL"
    /// @throws InvalidArgument as combine(), but for no classes at all
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

/// The reference's answer for a whole image: of the first classified detection. In per_image
/// results that is the top detection's crop, or the whole picture.
/// @return null if nothing was classified; else points into `prediction`
SPECIESNET_EXPORT const ClassifiedDetection* image_answer(const Prediction& prediction) noexcept;

}  // namespace speciesnet
