// SPDX-License-Identifier: Apache-2.0
// Uses a ring of slots: decoders fill them out of order, next() empties them in order.
#include "ensemble/read_ahead.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download/digest.hpp"
#include "system/threads.hpp"

#include <cstddef>
#include <exception>
#include <new>
#include <span>
#include <utility>

namespace speciesnet {
namespace {

/// Returns the digest that identifies duplicates of a file. Empty if it cannot be computed, for
/// instance if memory was short while OpenSSL initialised itself: the photo then counts as unique.
std::string digest_of_photo(std::span<const std::byte> bytes) {
    try {
        return digest_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                         DigestAlgorithm::sha256);
    } catch (const Error&) {
        return {};
    }
}

/// @param reason copied if there is enough memory
DecodedInstance undecoded(const char* reason) noexcept {
    try {
        return {.image = std::nullopt, .failure_reason = reason, .digest = {}};
    } catch (const std::bad_alloc&) {
        return {.image = std::nullopt, .failure_reason = "out of memory", .digest = {}};
    }
}

/// An error concerns only this photo.
DecodedInstance decode_instance(const Instance& instance,
                                const std::function<bool(const Instance&)>& wanted,
                                const std::stop_token& stop) {
    try {
        if (!wanted(instance)) {
            return {};
        }
        if (instance.image) {
            return {.image = instance.image, .failure_reason = {}, .digest = {}};
        }
        const DecodeLimits limits;
        const auto bytes = read_encoded_file(utf8_path(instance.filepath), limits);
        return {.image = decode(bytes, limits, stop),
                .failure_reason = {},
                .digest = digest_of_photo(bytes)};
    } catch (const std::bad_alloc&) {
        return undecoded("out of memory");
    } catch (const std::exception& error) {
        return undecoded(error.what());
    }
}

}  // namespace

ReadAhead::ReadAhead(Source source, std::function<bool(const Instance&)> wanted, int threads,
                     std::size_t depth)
    : source_(std::move(source)),
      wanted_(std::move(wanted)),
      depth_(depth),
      places_(depth),
      threads_(start_worker_threads(static_cast<std::size_t>(threads),
                                    [this](std::size_t) { work(); })) {}

ReadAhead::~ReadAhead() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.request_stop();
    changed_.notify_all();
    for (auto& thread : threads_) {
        thread.join();
    }
}

void ReadAhead::fill() {
    while (!is_last_ && given_ < taken_ + depth_) {
        auto instance = source_();
        const std::lock_guard lock(mutex_);
        if (instance) {
            places_[given_ % depth_] = {.instance = std::move(instance), .photo = std::nullopt};
            ++given_;
        } else {
            is_last_ = true;
        }
        changed_.notify_all();
    }
}

std::optional<ReadAhead::Next> ReadAhead::next() {
    fill();
    std::unique_lock lock(mutex_);
    if (taken_ == given_) {
        return std::nullopt;
    }
    auto& place = places_[taken_ % depth_];
    changed_.wait(lock, [&place] { return place.photo.has_value(); });
    ++taken_;
    return Next{.instance = std::exchange(place.instance, nullptr),
                .photo = *std::exchange(place.photo, std::nullopt)};
}

void ReadAhead::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || started_ < given_; });
        if (stopping_) {
            return;
        }
        auto& place = places_[started_++ % depth_];
        const auto instance = place.instance;
        lock.unlock();
        auto decoded = decode_instance(*instance, wanted_, stop_.get_token());
        lock.lock();
        place.photo = std::move(decoded);
        changed_.notify_all();
    }
}

ReadAhead::Source source_of(std::span<const Instance> instances) {
    return [instances]() mutable {
        if (instances.empty()) {
            return SharedInstance();
        }
        const SharedInstance first(SharedInstance(), &instances.front());
        instances = instances.subspan(1);
        return first;
    };
}

}  // namespace speciesnet
