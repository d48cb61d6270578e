// What a prediction is asked for, and how it is carried out.
#include "capi/request.hpp"

#include "speciesnet/error.hpp"

#include "capi/instances.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace speciesnet::capi {

Request::Request(const speciesnet_instance* instances, std::size_t count,
                 const speciesnet_predict_options* options) {
    const auto given = read_predict_options(options);
    options_ = to_predict_options(given);
    progress_ = given.progress;
    progress_user_data_ = given.progress_user_data;
    for (std::size_t index = 0; index < count; ++index) {
        auto photo = to_photo(instance_at(instances, index));
        instances_.push_back(std::move(photo.instance));
        images_.push_back(std::move(photo.image));
    }
}

void Request::report(std::size_t done, std::stop_source& stop) const {
    if (progress_ != nullptr && progress_(progress_user_data_, done, instances_.size()) != 0) {
        stop.request_stop();
    }
}

std::size_t Request::end_of_files(std::size_t first) const {
    const auto begin = images_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        std::find_if(begin, images_.end(), [](const auto& image) { return image.has_value(); });
    return static_cast<std::size_t>(end - images_.begin());
}

std::vector<Prediction> Request::run(const Ensemble& ensemble, std::stop_source stop) const {
    std::vector<Prediction> predictions;
    predictions.reserve(instances_.size());
    while (predictions.size() < instances_.size() && !stop.stop_requested()) {
        const auto first = predictions.size();
        if (images_[first]) {
            auto prediction =
                ensemble.predict(*images_[first], instances_[first].location, options_);
            prediction.filepath = instances_[first].filepath;
            predictions.push_back(std::move(prediction));
            report(predictions.size(), stop);
            continue;
        }
        // Files that follow each other go in one batch: the next is decoded while the networks run.
        const auto files = std::span(instances_).subspan(first, end_of_files(first) - first);
        auto batch = ensemble.predict(
            files, options_, [&](std::size_t done, std::size_t) { report(first + done, stop); },
            stop.get_token());
        std::move(batch.begin(), batch.end(), std::back_inserter(predictions));
    }
    if (stop.stop_requested()) {
        throw Cancelled();
    }
    return predictions;
}

}  // namespace speciesnet::capi
