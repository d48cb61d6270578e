// The reference's documents: instances in, predictions in and out, in both result formats.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/prediction.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Which run a document comes from; decides which fields it has.
enum class Stage : std::int32_t { ensemble = 1, detector = 2, classifier = 3 };

/// How predictions are written.
struct JsonOptions {
    ResultFormat format = ResultFormat::per_detection;
    Stage stage = Stage::ensemble;
    /// Digits after the point for scores, confidences and boxes (the reference saves files with 4);
    /// nothing writes the shortest text that reads back as the same double.
    std::optional<int> decimals;
    /// Spaces per level; 0 writes one line.
    int indent = 1;
};

/// Writes `{"info": …, "predictions": […]}` (per_detection) or `{"predictions": […]}` (per_image),
/// fields in the reference's order, absent when unknown.
SPECIESNET_EXPORT std::string to_json(std::span<const Prediction> predictions,
                                      const JsonOptions& options = {});

/// Writes one prediction as an element of such a list.
SPECIESNET_EXPORT std::string to_json(const Prediction& prediction,
                                      const JsonOptions& options = {});

/// Reads a predictions document of either format and any stage.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Prediction> predictions_from_json(std::string_view document);

/// Reads `{"instances": [{"filepath": …, "country": …, "admin1_region": …, "latitude": …,
/// "longitude": …}]}`.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Instance> instances_from_json(std::string_view document);

}  // namespace speciesnet
