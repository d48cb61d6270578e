// SPDX-License-Identifier: Apache-2.0
// Measures images per second for files, by threads × streams. The first row is the baseline of the
// ratios:
//
//     pipeline MODEL PHOTO… [--country KEN] [--plan THREADSxSTREAMS]…
//
// A stream is a separate engine that processes its share of the photos; each uses THREADS threads.
// All plans must give the same answers.
#include "speciesnet/speciesnet.hpp"

#include "measure/machine.hpp"
#include "measure/timing.hpp"

#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace speciesnet;
using namespace speciesnet::benchmark;

struct Plan {
    int threads = 0;
    int streams = 1;
};

struct Arguments {
    std::string model;
    std::vector<Instance> photos;
    std::vector<Plan> plans;
};

Arguments parse(int count, char** values) {
    Arguments arguments;
    std::optional<std::string> country;
    std::vector<std::string> words;
    for (int at = 1; at < count; ++at) {
        const std::string word = values[at];
        if ((word == "--country" || word == "--plan") && at + 1 < count) {
            const std::string value = values[++at];
            if (word == "--country") {
                country = value;
            } else {
                const auto by = value.find('x');
                arguments.plans.push_back(
                    {std::stoi(value.substr(0, by)), std::stoi(value.substr(by + 1))});
            }
        } else {
            words.push_back(word);
        }
    }
    if (words.size() < 2) {
        throw std::invalid_argument(
            "usage: pipeline MODEL PHOTO… [--country KEN] [--plan THREADSxSTREAMS]…");
    }
    arguments.model = words.front();
    for (std::size_t index = 1; index < words.size(); ++index) {
        arguments.photos.push_back({.filepath = words[index], .location = {.country = country}});
    }
    if (arguments.plans.empty()) {
        const int cores = static_cast<int>(std::thread::hardware_concurrency());
        arguments.plans = {{cores, 1}, {1, 1}, {1, cores}};
    }
    return arguments;
}

struct Outcome {
    double seconds = 0;
    std::vector<Prediction> predictions;
};

Outcome run(const Arguments& arguments, const Plan& plan) {
    std::vector<Ensemble> streams;
    for (int index = 0; index < plan.streams; ++index) {
        streams.push_back(Ensemble::load(arguments.model, {.threads = plan.threads}));
    }
    Outcome outcome;
    const std::size_t share = (arguments.photos.size() + streams.size() - 1) / streams.size();
    std::vector<std::vector<Prediction>> parts(streams.size());
    outcome.seconds = seconds([&] {
        std::vector<std::jthread> threads;
        for (std::size_t index = 0; index < streams.size(); ++index) {
            const std::size_t first = std::min(index * share, arguments.photos.size());
            const auto mine = std::span(arguments.photos)
                                  .subspan(first, std::min(share, arguments.photos.size() - first));
            threads.emplace_back([&, index, mine] { parts[index] = streams[index].predict(mine); });
        }
    });
    for (auto& part : parts) {
        outcome.predictions.insert(outcome.predictions.end(), part.begin(), part.end());
    }
    return outcome;
}

/// Labels and boxes must be equal; scores may differ by rounding with another number of threads.
void check_same(const std::vector<Prediction>& expected, const std::vector<Prediction>& found) {
    constexpr double tolerance = 1e-3;
    for (std::size_t index = 0; index < expected.size(); ++index) {
        const auto& a = expected[index].detections;
        const auto& b = found[index].detections;
        if (a.has_value() != b.has_value() ||
            (a && !a->empty() && !b->empty() &&
             (std::abs(a->front().detection.conf - b->front().detection.conf) > tolerance ||
              (a->front().answer && b->front().answer &&
               a->front().answer->label != b->front().answer->label)))) {
            throw std::runtime_error(expected[index].filepath + ": plans give different answers");
        }
    }
}

void report(const Arguments& arguments) {
    std::printf("%s; %zu photos\n%-8s %-8s %10s %10s\n", cpu_name().c_str(),
                arguments.photos.size(), "threads", "streams", "images/s", "ratio");
    std::optional<Outcome> baseline;
    for (const auto& plan : arguments.plans) {
        auto outcome = run(arguments, plan);
        const auto& first = baseline ? *baseline : outcome;
        check_same(first.predictions, outcome.predictions);
        std::printf("%-8d %-8d %10.3f %10.2f\n", plan.threads, plan.streams,
                    static_cast<double>(arguments.photos.size()) / outcome.seconds,
                    first.seconds / outcome.seconds);
        std::fflush(stdout);
        if (!baseline) {
            baseline = std::move(outcome);
        }
    }
}

}  // namespace

int main(int count, char** values) {
    try {
        report(parse(count, values));
    } catch (const std::exception& error) {
        std::cerr << "pipeline: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
