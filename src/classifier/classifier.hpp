// SPDX-License-Identifier: Apache-2.0
// Classifies crops: batches, network, softmax, top classes.
#pragma once

#include "speciesnet/prediction.hpp"

#include "network/network.hpp"
#include "preprocess/crop_resize.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet {

/// Maximum number of crops in one run of the network. Source: classifier.py, max_crop_batch_size.
inline constexpr std::size_t classifier_batch_size = 8;

/// The species classifier. Immutable and thread-safe.
class Classifier {
public:
    /// @param file           the network
    /// @param labels         one for each logit
    /// @param target_species labels whose logits are also reported; unknown ones are ignored
    /// @throws ModelError model_contract if the output is not [B,labels]; what Network throws
    Classifier(const PackageFile& file, std::vector<std::string> labels,
               const std::optional<std::vector<std::string>>& target_species,
               std::shared_ptr<NetworkThreads> threads, const NetworkOptions& options = {});

    std::span<const std::string> labels() const noexcept { return labels_; }

    /// Returns one classification for each crop, in order.
    std::vector<Classification> classify(std::span<const Crop> crops,
                                         std::optional<std::size_t> top) const;

    /// Returns the precision in which the network computes.
    Precision precision() const noexcept { return network_.precision(); }

private:
    /// @throws ModelError (model_contract) if the output is not [crops,labels]
    void check_output(const std::vector<std::int64_t>& shape, std::size_t crops) const;
    FloatArray logits(std::span<const Crop> crops) const;
    Classification classification(std::span<const float> logits,
                                  std::optional<std::size_t> top) const;

    Network network_;
    std::vector<std::string> labels_;
    std::optional<std::vector<std::size_t>> targets_;
};

/// Reads a label file, which has one label on each line.
/// @throws ModelError (model_invalid) naming the line that does not have seven parts
std::vector<std::string> read_labels(const PackageFile& file);

}  // namespace speciesnet
