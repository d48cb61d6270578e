// SPDX-License-Identifier: Apache-2.0
// Measures the time of one photo, stage by stage, and compares each stage with the limits of the
// machine:
//
//     stages MODEL PHOTO… [--threads N]
//
// Answers are compared with plain code (tests/unit/plain_preprocess.hpp) before anything is timed.
// The limit of a stage that moves bytes is a copy of main memory by one thread; that of a network
// is the multiply-adds in registers of its threads.
#include "speciesnet/json.hpp"
#include "speciesnet/speciesnet.hpp"

#include "classifier/classifier.hpp"
#include "classifier/top_classes.hpp"
#include "detector/box_scaling.hpp"
#include "detector/non_maximum_suppression.hpp"
#include "measure/convolutions.hpp"
#include "measure/machine.hpp"
#include "measure/timing.hpp"
#include "network/network.hpp"
#include "network/rgb_input.hpp"
#include "plain_preprocess.hpp"
#include "preprocess/crop_resize.hpp"
#include "preprocess/letterbox.hpp"
#include "rules/assemble.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/core/ivalue.h>
#include <torch/script.h>

namespace {

using namespace speciesnet;
using namespace speciesnet::benchmark;

/// The work of a stage, summed over the photos.
struct Stage {
    const char* name;
    double seconds = 0;
    double bytes = 0;       ///< Read and written, if the stage moves bytes.
    double operations = 0;  ///< If the stage computes.
};

struct Stages {
    Stage decode{"decode"};
    Stage letterbox{"letterbox"};
    Stage detector_input{"detector's floats"};
    Stage detector{"detector"};
    Stage nms{"NMS, boxes to photo"};
    Stage crop{"crop"};
    Stage classifier_input{"classifier's floats"};
    Stage classifier{"classifier"};
    Stage top{"softmax, top classes"};
    Stage ensemble{"ensemble"};
    Stage json{"JSON"};

    std::vector<const Stage*> all() const {
        return {&decode,     &letterbox, &detector_input, &detector, &nms, &crop, &classifier_input,
                &classifier, &top,       &ensemble,       &json};
    }
};

void require(bool condition, const char* what) {
    if (!condition) {
        throw std::runtime_error(std::string(what) + " differs from the plain one");
    }
}

std::vector<std::byte> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) {
        throw std::runtime_error(path + " cannot be read");
    }
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// Adds the time of `work`, run several times, to a stage.
template <typename Work>
void add(Stage& stage, double bytes, Work&& work) {
    stage.seconds += fastest(work, 0.05);
    stage.bytes += bytes;
}

void check_preprocessing(const Image& image, const Letterboxed& picture) {
    const double ratio =
        static_cast<double>(letterbox_size) / std::max(image.width(), image.height());
    const int width = static_cast<int>(std::nearbyint(image.width() * ratio));
    const int height = static_cast<int>(std::nearbyint(image.height() * ratio));
    const auto plain = plain::resize_fixed_point(image, width, height);
    const int left = (picture.width - width) / 2;
    const int top = (picture.height - height) / 2;
    for (int y = 0; y < height; ++y) {
        const auto* const row = picture.rgb.data() + ((y + top) * picture.width + left) * 3;
        require(std::equal(row, row + width * 3, plain.data() + y * width * 3), "letterbox");
    }
    const PixelRegion region{image.width() / 3, image.height() / 4, image.width() / 2,
                             image.height() / 3};
    require(resize_float(image, region, 480) == plain::resize_float(image, region, 480), "crop");
}

/// The networks and rules of a package, and the number of operations of each network.
class Benchmark {
public:
    Benchmark(const std::string& model, int threads)
        : package_(Package::open(model)),
          threads_(std::make_shared<NetworkThreads>(threads)),
          labels_(read_labels(package_.read(package_.info().classifier_labels))),
          rules_(package_.taxonomy(), package_.geofence(), true),
          detector_(package_.read(package_.info().detector), threads_),
          classifier_(package_.read(package_.info().classifier), threads_) {}

    int threads() const { return threads_->threads(); }
    const Stages& stages() const { return stages_; }

    /// Counts the floating-point operations of the convolutions in LibTorch's interpreter.
    void count_operations(const std::string& model) {
        const auto count = [&](const std::string& file, const std::vector<std::int64_t>& input) {
            const c10::InferenceMode inference;
            auto module = torch::jit::load(model + "/" + file);
            module.eval();
            double operations = 0;
            for (const auto& [shape, times] :
                 record_convolutions([&] { module.forward({torch::zeros(input)}); })) {
                operations += shape.operations() * times;
            }
            return operations;
        };
        // For each pixel of the detector's input, because all its layers scale with it.
        detector_operations_ = count(package_.info().detector, {1, 3, 640, 640}) / (640.0 * 640.0);
        classifier_operations_ = count(package_.info().classifier, {1, crop_size, crop_size, 3});
    }

    void run(const std::string& path) {
        const auto file = read_file(path);
        const auto image = decode(file);
        require(std::ranges::equal(decode(file).pixels(), image.pixels()), "decoded photo");
        const auto picture = letterbox(image);
        check_preprocessing(image, picture);
        const auto rgb = static_cast<double>(image.pixels().size());
        add(stages_.decode, static_cast<double>(file.size()) + rgb, [&] { decode(file); });
        add(stages_.letterbox, rgb + static_cast<double>(picture.rgb.size()),
            [&] { letterbox(image); });
        const auto detections = detect(image, picture);
        classify(path, image, detections);
    }

private:
    std::vector<Detection> detect(const Image& image, const Letterboxed& picture) {
        const auto size = static_cast<double>(picture.rgb.size());
        std::vector<float> floats(picture.rgb.size());
        add(stages_.detector_input, size + 4 * size,
            [&] { to_unit_range(picture.rgb, floats.data()); });
        const auto input = rgb_input({picture.rgb}, picture.width, picture.height);
        FloatArray output;
        stages_.detector.seconds += fastest([&] { output = detector_.forward(input, true); }, 0, 2);
        stages_.detector.operations += detector_operations_ * picture.width * picture.height;
        const auto classes = static_cast<std::size_t>(output.shape.back()) - 5;
        const auto boxes = non_maximum_suppression(output.values, classes);
        require(std::ranges::equal(boxes, plain::suppress(output.values, classes),
                                   [](const auto& a, const auto& b) {
                                       return a.conf == b.conf && a.xmin == b.xmin;
                                   }),
                "suppression of boxes");
        std::vector<Detection> detections;
        add(stages_.nms, static_cast<double>(output.values.size()) * 4, [&] {
            detections =
                scale_to_photo(non_maximum_suppression(output.values, classes),
                               {picture.width, picture.height}, {image.width(), image.height()});
        });
        return detections;
    }

    void classify(const std::string& path, const Image& image,
                  const std::vector<Detection>& detections) {
        ComponentResults results{.detections = detections,
                                 .classified = std::vector<ClassifiedDetection>{}};
        for (const auto& detection : detections) {
            results.classified->push_back({.detection = detection});
        }
        const PredictOptions defaults;
        for (const auto index : select_for_classification(
                 detections, defaults.classification_threshold, std::nullopt)) {
            (*results.classified)[index].classification = classify(image, detections[index].bbox);
        }
        Prediction prediction;
        add(stages_.ensemble, 0,
            [&] { prediction = assemble(rules_, path, {.country = "KEN"}, results, {}); });
        std::string text;
        add(stages_.json, 0, [&] { text = to_json(std::span(&prediction, 1)); });
        require(predictions_from_json(text).front().detections == prediction.detections,
                "prediction read back");
        stages_.json.bytes += static_cast<double>(text.size());
    }

    Classification classify(const Image& image, const BoundingBox& box) {
        const double size = double{crop_size} * crop_size * 3;
        std::optional<Crop> crop;
        add(stages_.crop, 2 * size, [&] { crop = crop_resize(image, box); });
        std::vector<float> floats(crop->size());
        add(stages_.classifier_input, 5 * size, [&] { to_unit_range(*crop, floats.data()); });
        const auto input = rgb_input({*crop}, crop_size, crop_size);
        FloatArray logits;
        stages_.classifier.seconds +=
            fastest([&] { logits = classifier_.forward(input, false); }, 0, 2);
        stages_.classifier.operations += classifier_operations_;
        Classification classification;
        add(stages_.top, static_cast<double>(logits.values.size()) * 4, [&] {
            classification = {};
            for (const auto& scored : top_classes(logits.values, classes_for_ensemble)) {
                classification.classes.push_back(labels_[scored.index]);
                classification.scores.push_back(scored.score);
            }
        });
        return classification;
    }

    Package package_;
    std::shared_ptr<NetworkThreads> threads_;
    std::vector<std::string> labels_;
    Rules rules_;
    Network detector_;
    Network classifier_;
    double detector_operations_ = 0;
    double classifier_operations_ = 0;
    Stages stages_;
};

void report(const Benchmark& benchmark, std::size_t photos) {
    const auto set = best_vector_set();
    const double bandwidth = copy_bandwidth();
    const double rate = multiply_add_rate(set, benchmark.threads());
    std::printf("%s, %d threads; copy %.1f GB/s, multiply-adds (%s) %.1f GFLOP/s\n",
                cpu_name().c_str(), benchmark.threads(), bandwidth * 1e-9, name(set), rate * 1e-9);
    std::printf("%-22s %12s %8s %14s %9s\n", "per photo", "ms", "share", "rate", "of limit");
    double total = 0;
    double networks = 0;
    for (const auto* stage : benchmark.stages().all()) {
        total += stage->seconds;
        networks += stage->operations > 0 ? stage->seconds : 0;
    }
    for (const auto* stage : benchmark.stages().all()) {
        const bool computes = stage->operations > 0;
        const double done = (computes ? stage->operations : stage->bytes) / stage->seconds;
        std::printf("%-22s %12.3f %7.2f%%", stage->name,
                    stage->seconds * 1e3 / static_cast<double>(photos),
                    100 * stage->seconds / total);
        if (done > 0) {
            std::printf(" %7.1f %s %8.1f%%", done * 1e-9, computes ? "GFLOP/s" : "GB/s   ",
                        100 * done / (computes ? rate : bandwidth));
        }
        std::printf("\n");
    }
    std::printf("everything but the networks: %.2f%% of the time, before any of it overlaps\n",
                100 * (total - networks) / total);
}

}  // namespace

int main(int count, char** values) {
    try {
        std::vector<std::string> words(values + 1, values + count);
        int threads = 0;
        if (words.size() > 2 && words[words.size() - 2] == "--threads") {
            threads = std::stoi(words.back());
            words.resize(words.size() - 2);
        }
        if (words.size() < 2) {
            throw std::invalid_argument("usage: stages MODEL PHOTO… [--threads N]");
        }
        Benchmark benchmark(words[0], threads);
        benchmark.count_operations(words[0]);
        for (std::size_t index = 1; index < words.size(); ++index) {
            benchmark.run(words[index]);
        }
        report(benchmark, words.size() - 1);
    } catch (const std::exception& error) {
        std::cerr << "stages: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
