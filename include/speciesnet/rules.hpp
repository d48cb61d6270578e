// How a detection and a classification become one answer. Pure functions over values; no network is
// needed.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/geofence.hpp"
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

/// The sum of scores that one ancestor got in a rollup.
struct RollupSum {
    std::string label;  ///< The ancestor.
    double score = 0;   ///< Sum of the scores of its descendants among the top classes.
    GeofenceRule blocked_by = GeofenceRule::none;  ///< Why it could not be the answer, if so.

    friend bool operator==(const RollupSum&, const RollupSum&) = default;
};

/// One level of a rollup that was tried.
struct RollupStep {
    TaxonomyLevel level = TaxonomyLevel::genus;
    double threshold = 0;         ///< The winner's sum must be greater than this.
    std::vector<RollupSum> sums;  ///< In the order of the top classes.
    bool reached = false;         ///< Whether this level gave the answer.

    friend bool operator==(const RollupStep&, const RollupStep&) = default;
};

/// Why an answer is what it is.
struct Explanation {
    /// The rule that fired, numbered as in the reference's comments: "1a" to "5b", or "otherwise".
    std::string rule;
    /// The rule in one sentence with the scores it compared.
    std::string reason;
    Category detection_category = Category::animal;
    double detection_conf = 0;
    std::string top_class;
    double top_score = 0;
    /// What the geofence says of the top class. Always `none` when geofencing is off or there is no
    /// country.
    GeofenceRule top_class_blocked_by = GeofenceRule::none;
    /// Levels tried, in order; empty if no rollup was needed.
    std::vector<RollupStep> rollup;

    friend bool operator==(const Explanation&, const Explanation&) = default;
};

/// Number of top classes that the ensemble looks at. Source: constants.py,
/// NUM_CLASSIFICATIONS_FOR_ENSEMBLE.
inline constexpr std::size_t classes_for_ensemble = 5;

/// Taxonomy, geofence and the reference's decision rules. Immutable, cheap to copy, thread-safe.
class SPECIESNET_EXPORT Rules {
public:
    /// @param taxonomy   which ancestors exist
    /// @param geofence   what may be where
    /// @param geofencing false switches the geofence off for all answers
    Rules(Taxonomy taxonomy, Geofence geofence, bool geofencing = true);

    const Taxonomy& taxonomy() const noexcept { return taxonomy_; }
    const Geofence& geofence() const noexcept { return geofence_; }
    bool geofencing() const noexcept { return geofencing_; }

    /// Decides what is in the picture.
    /// @param classification at least one class; only the first classes_for_ensemble are used
    /// @param detection      what was classified. For a whole picture: its top detection, or an
    /// animal of confidence 0
    ///                       if the detector found nothing.
    /// @param location       country and region for the geofence
    /// @param explanation    filled if not null
    /// @throws InvalidArgument for an empty classification, classes and scores of different length,
    /// labels without seven
    ///         parts, a malformed country or region
    Answer combine(const Classification& classification, const Detection& detection,
                   const Location& location, Explanation* explanation = nullptr) const;

    /// Keeps the top class, or rolls it up to the first ancestor (family, order, class, kingdom)
    /// that is allowed at the place and whose sum of scores is not below the top score.
    /// @throws InvalidArgument as combine()
    Answer apply_geofence(std::span<const std::string> classes, std::span<const double> scores,
                          const Location& location, Explanation* explanation = nullptr) const;

    /// Rolls classes up to the first of `levels` whose best allowed ancestor has a sum greater than
    /// `threshold`.
    /// @return nothing if there is no such level; else the source is "classifier+rollup_to_LEVEL"
    /// @throws InvalidArgument as combine()
    std::optional<Answer> roll_up(std::span<const std::string> classes,
                                  std::span<const double> scores, const Location& location,
                                  std::span<const TaxonomyLevel> levels, double threshold,
                                  Explanation* explanation = nullptr) const;

private:
    GeofenceRule blocked_by(std::string_view label, const Location& location) const;

    Taxonomy taxonomy_;
    Geofence geofence_;
    bool geofencing_;
};

/// The reference's answer for a whole image: of the first classified detection. In per_image
/// results that is the top detection's crop, or the whole picture.
/// @return null if nothing was classified; else points into `prediction`
SPECIESNET_EXPORT const ClassifiedDetection* image_answer(const Prediction& prediction) noexcept;

}  // namespace speciesnet
