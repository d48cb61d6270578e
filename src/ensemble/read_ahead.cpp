// SPDX-License-Identifier: Apache-2.0
// A ring of slots: decoders fill them out of order, next() empties them in order.
#include "ensemble/read_ahead.hpp"

#include "speciesnet/error.hpp"

#include "download/digest.hpp"
#include "system/threads.hpp"

#include <cstddef>
#include <exception>
#include <new>
#include <span>
#include <utility>

namespace speciesnet {
namespace {

/// Finds the same file again. Empty where it cannot be computed: the photo is then worked on like
/// any other. OpenSSL computes none any more once memory was short while it initialised itself.
std::string digest_of_photo(std::span<const std::byte> bytes) {
    try {
        return digest_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                         DigestAlgorithm::sha256);
    } catch (const Error&) {
        return {};
    }
}

/// @param reason is copied, if there is memory for it
DecodedInstance undecoded(const char* reason) noexcept {
    try {
        return {.image = std::nullopt, .failure_reason = reason, .digest = {}};
    } catch (const std::bad_alloc&) {
        return {.image = std::nullopt, .failure_reason = "out of memory", .digest = {}};
    }
}

/// Whatever fails concerns this photo alone.
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
        const auto bytes = read_encoded_file(instance.filepath, limits);
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

ReadAhead::ReadAhead(std::span<const Instance> instances,
                     std::function<bool(const Instance&)> wanted, int threads, std::size_t depth)
    : instances_(instances),
      wanted_(std::move(wanted)),
      depth_(depth),
      ready_(depth),
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

DecodedInstance ReadAhead::next() {
    std::unique_lock lock(mutex_);
    auto& place = ready_[taken_ % depth_];
    changed_.wait(lock, [&place] { return place.has_value(); });
    auto decoded = std::move(*place);
    place.reset();
    ++taken_;
    lock.unlock();
    changed_.notify_all();
    return decoded;
}

void ReadAhead::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] {
            return stopping_ || started_ == instances_.size() || started_ < taken_ + depth_;
        });
        if (stopping_ || started_ == instances_.size()) {
            return;
        }
        const std::size_t index = started_++;
        lock.unlock();
        auto decoded = decode_instance(instances_[index], wanted_, stop_.get_token());
        lock.lock();
        ready_[index % depth_] = std::move(decoded);
        changed_.notify_all();
    }
}

}  // namespace speciesnet
