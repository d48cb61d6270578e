// SPDX-License-Identifier: Apache-2.0
// Runs crops in small batches. The batch size changes answers only by rounding.
#include "classifier/classifier.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "classifier/top_classes.hpp"
#include "network/rgb_input.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace speciesnet {

Classifier::Classifier(const PackageFile& file, std::vector<std::string> labels,
                       const std::optional<std::vector<std::string>>& target_species,
                       std::shared_ptr<NetworkThreads> threads, const NetworkOptions& options)
    : network_(file, std::move(threads), options), labels_(std::move(labels)) {
    if (target_species) {
        targets_.emplace();
    }
    for (const auto& target : target_species.value_or(std::vector<std::string>{})) {
        const auto found = std::find(labels_.begin(), labels_.end(), target);
        if (found != labels_.end()) {
            targets_->push_back(static_cast<std::size_t>(found - labels_.begin()));
        }
    }
    try {
        check_output(network_.output_shape({2, crop_size, crop_size, 3}), 2);
    } catch (const Error& error) {
        throw ModelError(ErrorCode::model_contract,
                         "'" + file.origin() + "' is not a supported classifier: " + error.what() +
                             " (input was [2,480,480,3])");
    }
}

std::vector<Classification> Classifier::classify(std::span<const Crop> crops,
                                                 std::optional<std::size_t> top) const {
    std::vector<Classification> classifications;
    classifications.reserve(crops.size());
    while (!crops.empty()) {
        const auto batch = crops.first(std::min(crops.size(), classifier_batch_size));
        const auto output = logits(batch);
        const std::span<const float> values(output.values);
        for (std::size_t row = 0; row < batch.size(); ++row) {
            classifications.push_back(
                classification(values.subspan(row * labels_.size(), labels_.size()), top));
        }
        crops = crops.subspan(batch.size());
    }
    return classifications;
}

FloatArray Classifier::logits(std::span<const Crop> crops) const {
    auto output = network_.forward(rgb_input({crops.begin(), crops.end()}, crop_size, crop_size),
                                   /*channels_first=*/false);
    check_output(output.shape, crops.size());
    return output;
}

void Classifier::check_output(const std::vector<std::int64_t>& shape, std::size_t crops) const {
    const auto values = static_cast<std::size_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));
    if (values != crops * labels_.size()) {
        throw ModelError(ErrorCode::model_contract, "the classifier returns " +
                                                        std::to_string(values / crops) +
                                                        " logits per crop, but there are " +
                                                        std::to_string(labels_.size()) + " labels");
    }
}

Classification Classifier::classification(std::span<const float> logits,
                                          std::optional<std::size_t> top) const {
    Classification result;
    for (const auto& scored : top_classes(logits, top)) {
        result.classes.push_back(labels_[scored.index]);
        result.scores.push_back(scored.score);
    }
    if (targets_) {
        result.target_classes.emplace();
        result.target_logits.emplace();
        for (const auto target : *targets_) {
            result.target_classes->push_back(labels_[target]);
            result.target_logits->push_back(logits[target]);
        }
    }
    return result;
}

}  // namespace speciesnet
