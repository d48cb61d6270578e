// SPDX-License-Identifier: Apache-2.0
// Where an ensemble reports to: the caller's callback, or nowhere.
#pragma once

#include "speciesnet/prediction.hpp"

#include "capi/speciesnet.h"

#include <cstdint>
#include <span>
#include <string>

namespace speciesnet::capi {

class Log {
public:
    Log(speciesnet_log_callback callback, void* user_data)
        : callback_(callback), user_data_(user_data) {}

    void write(std::int32_t level, const std::string& message) const {
        if (callback_ != nullptr) {
            callback_(user_data_, level, message.c_str());
        }
    }

    /// One warning for each image of which a component failed.
    void write_failures(std::span<const Prediction> predictions) const {
        for (const auto& prediction : predictions) {
            if (prediction.failures.any()) {
                write(SPECIESNET_LOG_WARNING,
                      prediction.filepath + ": " + prediction.failure_reason);
            }
        }
    }

private:
    speciesnet_log_callback callback_;
    void* user_data_;
};

}  // namespace speciesnet::capi
