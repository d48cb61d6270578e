// SPDX-License-Identifier: Apache-2.0
#include "ensemble/calibration.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "classifier/classifier.hpp"
#include "detector/detector.hpp"
#include "ensemble/network_choice.hpp"
#include "network/network.hpp"
#include "preprocess/crop_resize.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

/// Chooses the compiled file for this CPU, if there is one, and observes its feature maps.
NetworkChoice observed(const Package& package, const std::string& network,
                       executor::ObservedRanges& ranges) {
    auto choice = choose_network(package, network, network_options(Precision::float32));
    choice.options.feature_maps = [&ranges](const executor::Plan& plan, std::size_t step,
                                            const executor::ConstPicture& output) {
        ranges.observe(plan, step, output);
    };
    return choice;
}

Image decoded(const std::string& photo) {
    try {
        return decode_file(utf8_path(photo));
    } catch (const InvalidImage& error) {
        throw InvalidImage(error.code(), "the photo '" + photo +
                                             "' cannot be used for calibration: " + error.what());
    }
}

/// Returns the crops of a photo that Ensemble::predict() would classify.
std::vector<Crop> crops_of(const Image& photo, std::span<const Detection> detections,
                           ModelType type) {
    std::vector<Crop> crops;
    const auto add = [&](std::optional<Crop> crop) {
        if (crop) {
            crops.push_back(std::move(*crop));
        }
    };
    if (type == ModelType::full_image) {
        add(crop_resize_full_image(photo));
        return crops;
    }
    if (detections.empty()) {
        add(crop_resize(photo, whole_image_detection().bbox));
    }
    const PredictOptions options;
    for (const auto index : select_for_classification(detections, options.classification_threshold,
                                                      options.max_classifications_per_image)) {
        add(crop_resize(photo, detections[index].bbox));
    }
    return crops;
}

}  // namespace

Calibration calibrate(const Package& package, std::span<const std::string> photos,
                      const CompileOptions& options) {
    Calibration calibration;
    const auto& info = package.info();
    const auto threads = std::make_shared<NetworkThreads>(options.threads);
    const auto detector_choice = observed(package, info.detector, calibration.detector);
    const Detector detector(detector_choice.file, threads, detector_choice.options);
    const auto classifier_choice = observed(package, info.classifier, calibration.classifier);
    const Classifier classifier(classifier_choice.file,
                                read_labels(package.read(info.classifier_labels)), std::nullopt,
                                threads, classifier_choice.options);
    for (const auto& name : photos) {
        if (options.progress) {
            options.progress(name);
        }
        const auto photo = decoded(name);
        const auto crops = crops_of(photo, detector.detect(photo), info.type);
        classifier.classify(crops, classes_for_ensemble);
    }
    return calibration;
}

}  // namespace speciesnet
