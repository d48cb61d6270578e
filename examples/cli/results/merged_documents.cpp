// SPDX-License-Identifier: Apache-2.0
// A first pass finds the photos of each document.
#include "merged_documents.hpp"

#include <algorithm>

namespace speciesnet::cli {

MergedDocuments::MergedDocuments(const std::vector<std::string>& files,
                                 const CorrectionArguments& corrections) {
    for (const auto& file : files) {
        documents_.push_back(std::make_unique<CorrectedDocument>(file, corrections));
    }
    if (documents_.size() > 1) {
        read_paths();
        merge_runs();
    }
}

void MergedDocuments::read_paths() {
    answered_.resize(documents_.size());
    failed_.resize(documents_.size());
    for (std::size_t index = 0; index < documents_.size(); ++index) {
        documents_[index]->for_each([&](const Prediction& prediction) {
            ++(prediction.failures.any() ? failed_ : answered_)[index][prediction.filepath];
        });
    }
    for (std::size_t index = 0; index < documents_.size(); ++index) {
        for (const bool failed : {false, true}) {
            for (const auto& [filepath, results] : (failed ? failed_ : answered_)[index]) {
                replaced_ += counts(index, filepath, failed) ? 0 : results;
            }
        }
    }
}

// A later successful result replaces a successful one. A failed one is replaced by any successful
// result, and by a later failed one.
bool MergedDocuments::counts(std::size_t document, const std::string& filepath, bool failed) const {
    for (std::size_t other = 0; other < documents_.size(); ++other) {
        const bool is_later = other > document;
        const bool replaced =
            other != document && answered_[other].contains(filepath) && (failed || is_later);
        if (replaced || (failed && is_later && failed_[other].contains(filepath))) {
            return false;
        }
    }
    return true;
}

void MergedDocuments::merge_runs() {
    run_ = documents_.front()->run();
    for (std::size_t index = 1; index < documents_.size(); ++index) {
        const auto& other = documents_[index]->run();
        if (!run_ || !other || run_->model_version != other->model_version ||
            run_->demo != other->demo) {
            run_.reset();
            return;
        }
        std::erase_if(run_->settings, [&](const auto& setting) {
            return std::find(other->settings.begin(), other->settings.end(), setting) ==
                   other->settings.end();
        });
        for (const auto& folder : other->folders) {
            if (std::find(run_->folders.begin(), run_->folders.end(), folder) ==
                run_->folders.end()) {
                run_->folders.push_back(folder);
            }
        }
    }
}

void MergedDocuments::for_each(const std::function<void(const Prediction&)>& visit) const {
    for (std::size_t index = 0; index < documents_.size(); ++index) {
        documents_[index]->for_each([&](const Prediction& prediction) {
            if (documents_.size() == 1 ||
                counts(index, prediction.filepath, prediction.failures.any())) {
                visit(prediction);
            }
        });
    }
}

const Review* MergedDocuments::review_of(const std::string& filepath) const {
    for (auto document = documents_.rbegin(); document != documents_.rend(); ++document) {
        if (const auto* const review = (*document)->review_of(filepath)) {
            return review;
        }
    }
    return nullptr;
}

}  // namespace speciesnet::cli
