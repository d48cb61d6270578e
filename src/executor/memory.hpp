// SPDX-License-Identifier: Apache-2.0
// Memory for weights and activations: aligned to cache lines, uninitialised, in huge pages if the
// system has them. Weights may also be in a mapped file.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace speciesnet::executor {

class Memory {
public:
    Memory() = default;
    /// @param floats number of floats, which are uninitialised
    /// @throws std::bad_alloc
    explicit Memory(std::size_t floats);

    float* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return size_; }

    /// Ensures room for as many floats; discards the content if the memory has to grow.
    /// @throws std::bad_alloc; the memory is then empty
    void reserve(std::size_t floats);

private:
    struct Release {
        void operator()(float* data) const noexcept;
    };
    std::unique_ptr<float, Release> data_;
    std::size_t size_ = 0;
};

/// Immutable values in memory of this process or of a mapped file.
class Numbers {
public:
    Numbers() = default;
    explicit Numbers(Memory memory);
    /// @param owner keeps `numbers` alive; may be null
    Numbers(std::span<const float> numbers, std::shared_ptr<const void> owner);

    const float* data() const noexcept { return numbers_.data(); }
    std::size_t size() const noexcept { return numbers_.size(); }
    std::span<const float> span() const noexcept { return numbers_; }

private:
    std::span<const float> numbers_;
    std::shared_ptr<const void> owner_;
};

}  // namespace speciesnet::executor
