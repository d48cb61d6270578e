// SPDX-License-Identifier: Apache-2.0
// Reads and decodes the next photos of a batch while the networks work on the current one.
#pragma once

#include "speciesnet/image.hpp"
#include "speciesnet/prediction.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
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

using SharedInstance = std::shared_ptr<const Instance>;

/// Decodes instances in order on threads of its own; at most `depth` photos wait at a time,
/// whatever the batch's size.
class ReadAhead {
public:
    /// Gives the instances one after the other, then null.
    using Source = std::function<SharedInstance()>;

    /// @param source  called by next() alone, at most `depth` instances ahead
    /// @param wanted  tells which instances to decode; called on several threads at once
    /// @param threads decoding threads, ≥ 1
    /// @param depth   photos decoded but not yet taken, ≥ 1
    ReadAhead(Source source, std::function<bool(const Instance&)> wanted, int threads,
              std::size_t depth);
    /// Gives up the photos that are being decoded.
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// An instance and its photo.
    struct Next {
        SharedInstance instance;
        DecodedInstance photo;
    };
    /// The next one, in their order; waits for it. Nothing after the last. To be called by one
    /// thread.
    /// @throws what the source throws
    std::optional<Next> next();

private:
    void fill();
    void work();

    /// An instance that is being decoded, and what came of it.
    struct Place {
        SharedInstance instance;
        std::optional<DecodedInstance> photo;
    };

    Source source_;
    std::function<bool(const Instance&)> wanted_;
    std::size_t depth_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Place> places_;  ///< Ring of `depth_` places.
    std::size_t given_ = 0;      ///< By the source.
    std::size_t started_ = 0;
    std::size_t taken_ = 0;
    bool is_last_ = false;  ///< The source has no more.
    bool stopping_ = false;
    std::stop_source stop_;  ///< Of decoding, when this object goes.
    std::vector<std::thread> threads_;
};

/// The instances of a list, which must outlive the source.
ReadAhead::Source source_of(std::span<const Instance> instances);

}  // namespace speciesnet
