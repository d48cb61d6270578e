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

/// A photo, or the reason why there is none.
struct DecodedInstance {
    std::optional<Image> image;
    std::string failure_reason;  ///< Set if decoding failed.
    std::string digest;          ///< Of the file's bytes; empty if no file was decoded.
};

using SharedInstance = std::shared_ptr<const Instance>;

/// Decodes instances in order on its own threads. At most `depth` photos wait at a time, whatever
/// the size of the batch.
class ReadAhead {
public:
    /// Returns the instances one after the other, then null.
    using Source = std::function<SharedInstance()>;

    /// @param source  called only by next(), at most `depth` instances ahead
    /// @param wanted  returns whether to decode an instance; called concurrently
    /// @param threads number of decoding threads, ≥ 1
    /// @param depth   maximum number of decoded photos that wait, ≥ 1
    ReadAhead(Source source, std::function<bool(const Instance&)> wanted, int threads,
              std::size_t depth);
    /// Cancels the decoding of photos.
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// An instance and its photo.
    struct Next {
        SharedInstance instance;
        DecodedInstance photo;
    };
    /// Returns the next instance in order, after waiting for it; nothing after the last one. May be
    /// called by only one thread.
    /// @throws what the source throws
    std::optional<Next> next();

private:
    void fill();
    void work();

    /// An instance that is being decoded, and its result.
    struct Place {
        SharedInstance instance;
        std::optional<DecodedInstance> photo;
    };

    Source source_;
    std::function<bool(const Instance&)> wanted_;
    std::size_t depth_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Place> places_;  ///< Ring of `depth_` slots.
    std::size_t given_ = 0;      ///< Number of instances from the source.
    std::size_t started_ = 0;
    std::size_t taken_ = 0;
    bool is_last_ = false;  ///< Whether the source is exhausted.
    bool stopping_ = false;
    std::stop_source stop_;  ///< Stops decoding when this object is destroyed.
    std::vector<std::thread> threads_;
};

/// Returns the instances of a list, which must outlive the source.
ReadAhead::Source source_of(std::span<const Instance> instances);

}  // namespace speciesnet
