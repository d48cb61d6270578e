// SPDX-License-Identifier: Apache-2.0
// Reads and decodes the next photos of a batch while the networks work on the current one.
#pragma once

#include "speciesnet/image.hpp"
#include "speciesnet/prediction.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace speciesnet {

/// A photo, or why there is none.
struct DecodedInstance {
    std::optional<Image> image;
    std::string failure_reason;  ///< Set if decoding was tried and failed.
    std::string digest;          ///< Of the file's bytes; empty if no file was decoded.
};

/// Decodes instances in order on threads of its own; at most `depth` photos wait at a time,
/// whatever the batch's size.
class ReadAhead {
public:
    /// @param instances must outlive this object
    /// @param wanted    tells which instances to decode; called on several threads at once
    /// @param threads   decoding threads, ≥ 1
    /// @param depth     photos decoded but not yet taken, ≥ 1
    ReadAhead(std::span<const Instance> instances, std::function<bool(const Instance&)> wanted,
              int threads, std::size_t depth);
    /// Gives up the photos that are being decoded.
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// The next photo, in the order of the instances; waits for it. To be called once per instance,
    /// by one thread.
    DecodedInstance next();

private:
    void work();

    std::span<const Instance> instances_;
    std::function<bool(const Instance&)> wanted_;
    std::size_t depth_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::optional<DecodedInstance>> ready_;  ///< Ring of `depth_` places.
    std::size_t started_ = 0;
    std::size_t taken_ = 0;
    bool stopping_ = false;
    std::stop_source stop_;  ///< Of decoding, when this object goes.
    std::vector<std::thread> threads_;
};

}  // namespace speciesnet
