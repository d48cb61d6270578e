// SPDX-License-Identifier: Apache-2.0
// Documents without run_info have the model version in each answer.
#include "model_names.hpp"

#include <algorithm>

namespace speciesnet::cli {
namespace {

/// Prefix of the versions of the demonstration model.
constexpr std::string_view demo_version = "demo-";

}  // namespace

void ModelNames::add(const Prediction& prediction) {
    if (!prediction.model_version.empty()) {
        versions_.insert(prediction.model_version);
    }
}

void ModelNames::add(const std::optional<RunInfo>& run) {
    if (run && !run->model_version.empty()) {
        versions_.insert(run->model_version);
        demo_ = demo_ || run->demo;
    }
}

std::string ModelNames::version() const {
    std::string list;
    for (const auto& version : versions_) {
        list += (list.empty() ? "" : ", ") + version;
    }
    return list;
}

bool ModelNames::demo() const {
    return demo_ || std::any_of(versions_.begin(), versions_.end(), [](const std::string& version) {
               return version.starts_with(demo_version);
           });
}

// Package::with_detector() adds it to the version.
std::string ModelNames::detector() const {
    if (versions_.size() != 1) {
        return {};
    }
    const auto& version = *versions_.begin();
    const auto begin = version.find('+');
    return begin == std::string::npos ? std::string() : version.substr(begin + 1);
}

std::string ModelNames::text() const {
    if (demo()) {
        return "demonstration model " + version() + " (not SpeciesNet)";
    }
    const auto is_of_speciesnet = [](const std::string& version) {
        return version.front() >= '0' && version.front() <= '9';
    };
    return versions_.empty() ? "SpeciesNet"
           : std::all_of(versions_.begin(), versions_.end(), is_of_speciesnet)
               ? "SpeciesNet " + version()
               : version();
}

}  // namespace speciesnet::cli
