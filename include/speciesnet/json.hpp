// SPDX-License-Identifier: Apache-2.0
// Reads and writes the reference's documents: instances, and predictions in both result formats.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/prediction.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet {

/// Stage that produced a document; determines its fields.
enum class Stage : std::int32_t { ensemble = 1, detector = 2, classifier = 3 };

/// Origin of a document. The reference's documents do not record it.
struct RunInfo {
    std::string model_version;  ///< `version` of the package.
    bool demo = false;          ///< Whether the answers are of the demonstration model.
    /// Settings that affect the answers: flags and their values.
    std::vector<std::pair<std::string, std::string>> settings = {};
    /// Folders that were searched for photos, as prefixes of the photos' paths.
    std::vector<std::string> folders = {};

    friend bool operator==(const RunInfo&, const RunInfo&) = default;
};

/// Options for writing predictions as JSON.
struct JsonOptions {
    // <options cpp json> by scripts/generate_options
    /// Format of the document: that of speciesnet 5.0.6, or of 5.0.5 and earlier.
    ResultFormat format = ResultFormat::per_detection;
    /// Stage that produced the document; determines its fields.
    Stage stage = Stage::ensemble;
    /// Number of decimals of all numbers; the reference saves files with 4; nothing for the
    /// shortest text that reads back as the same number.
    std::optional<int> decimals = std::nullopt;
    /// Spaces per level; 0 for one line; 0 to 16.
    int indent = 1;
    /// Whether to write the reason of a failure, as "failure_reason".
    bool failure_reasons = false;
    /// Added to each prediction as "model" if not empty, for documents whose elements are read
    /// separately.
    std::string model = {};
    /// Added to documents as "run_info", after the predictions.
    std::optional<RunInfo> run = std::nullopt;
    // </options>
};

/// Writes `{"info": …, "predictions": […]}` (per_detection) or `{"predictions": […]}` (per_image),
/// with the fields in the reference's order, absent if unknown, formatted as by Python's
/// `json.dump(…, ensure_ascii=False, indent=1)`. Explanations follow their answer as "explanation".
/// Truncated photos end with "truncated": true, which the reference does not write. Bytes of a file
/// path that are not UTF-8 are written as escapes of U+DC80 to U+DCFF, as by Python's os.fsdecode()
/// and json; numbers that are not finite are written as null.
/// @throws InvalidArgument for a negative indentation or decimals outside 0 to 17
SPECIESNET_EXPORT std::string to_json(std::span<const Prediction> predictions,
                                      const JsonOptions& options = {});

/// Writes one prediction as an element of this list.
SPECIESNET_EXPORT std::string to_json(const Prediction& prediction,
                                      const JsonOptions& options = {});

class JsonWriter;

/// Writes the document of to_json() as a stream, for predictions that do not fit into memory
/// together. Not thread-safe.
class SPECIESNET_EXPORT PredictionsWriter {
public:
    /// @throws as to_json()
    explicit PredictionsWriter(const JsonOptions& options = {});
    PredictionsWriter(PredictionsWriter&&) noexcept;
    PredictionsWriter& operator=(PredictionsWriter&&) noexcept;
    ~PredictionsWriter();

    void add(const Prediction& prediction);
    /// Ends the document. Call once, after the last prediction.
    void end();
    /// Returns the text written since the last call.
    std::string take();

private:
    std::unique_ptr<JsonWriter> json_;
    JsonOptions options_;
};

/// Reads a predictions document of either format and any stage, the inverse of to_json(). A
/// per-image answer becomes an entry whole_image_detection(), since such documents do not record
/// which detection was classified. Unknown fields are ignored.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Prediction> predictions_from_json(std::string_view document);

/// Reads a document and passes each prediction to `receiver`.
/// @param receiver receives the predictions in document order, including those before an invalid
/// entry; an exception thrown there propagates and stops reading
SPECIESNET_EXPORT void predictions_from_json(std::string_view document,
                                             const std::function<void(Prediction&&)>& receiver);

class ListSplitter;

/// Reads the document of predictions_from_json() as a stream, with one prediction in memory at a
/// time. Not thread-safe.
class SPECIESNET_EXPORT PredictionsReader {
public:
    /// @param receiver receives the predictions in document order; an exception thrown there
    /// propagates and stops reading
    explicit PredictionsReader(std::function<void(Prediction&&)> receiver);
    PredictionsReader(const PredictionsReader&) = delete;
    PredictionsReader& operator=(const PredictionsReader&) = delete;
    ~PredictionsReader();

    /// Reads the next piece of the document, which may end anywhere.
    /// @throws as predictions_from_json(), for the first invalid entry, and
    /// InvalidArgument (json_content) for an entry of more than 256 MiB
    void add(std::string_view piece);
    /// Checks that the document is complete. Call once, after the last piece.
    /// @throws as predictions_from_json()
    void end();
    /// Returns the document's origin; valid after end().
    const std::optional<RunInfo>& run() const noexcept { return run_; }

private:
    std::optional<RunInfo> run_;
    std::function<void(Prediction&&)> receiver_;
    [[maybe_unused]] std::size_t predictions_ = 0;
    std::unique_ptr<ListSplitter> splitter_;
};

/// Reads one element of the list of a predictions document.
/// @throws as predictions_from_json()
SPECIESNET_EXPORT Prediction prediction_from_json(std::string_view element);

/// Reads `{"instances": [{"filepath": …, "country": …, "admin1_region": …, "latitude": …,
/// "longitude": …}]}`.
/// @throws InvalidArgument (json_syntax, json_content) naming the entry and field
SPECIESNET_EXPORT std::vector<Instance> instances_from_json(std::string_view document);

}  // namespace speciesnet
