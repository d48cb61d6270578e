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
    /// Digits after the point of all numbers, 0 to 17 (the reference saves files with 4);
    /// nothing writes the shortest text that reads back as the same double.
    std::optional<int> decimals;
    /// Spaces per level; 0 writes one line.
    int indent = 1;
};

/// Writes `{"info": …, "predictions": […]}` (per_detection) or `{"predictions": […]}` (per_image),
/// fields in the reference's order, absent when unknown. Text is as Python's `json.dump(…,
/// ensure_ascii=False, indent=1)` writes it. An answer's explanation, if it has one, follows it as
/// "explanation". Not in the document: Prediction::failure_reason. Bytes of a file path that are no
/// UTF-8 are written as the escapes \udc80 to \udcff, as Python's os.fsdecode() and json have
/// them; a number that is not finite is written as null.
/// @throws InvalidArgument for a negative indentation or decimals outside 0 to 17
SPECIESNET_EXPORT std::string to_json(std::span<const Prediction> predictions,
                                      const JsonOptions& options = {});

/// Writes one prediction as an element of such a list.
SPECIESNET_EXPORT std::string to_json(const Prediction& prediction,
                                      const JsonOptions& options = {});

/// Reads a predictions document of either format and any stage, undoing what to_json() does. What
/// a per-image document says of its image becomes an entry whole_image_detection(), as such a
/// document does not say which detection was classified. Fields without a meaning here are ignored.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Prediction> predictions_from_json(std::string_view document);

/// Reads `{"instances": [{"filepath": …, "country": …, "admin1_region": …, "latitude": …,
/// "longitude": …}]}`.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Instance> instances_from_json(std::string_view document);

}  // namespace speciesnet
