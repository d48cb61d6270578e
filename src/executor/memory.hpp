// SPDX-License-Identifier: Apache-2.0
// Memory for weights and activations: aligned to cache lines, not initialised, in huge pages where
// the system has them. Weights may also be in a file that is mapped.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace speciesnet::executor {

class Memory {
public:
    Memory() = default;
    /// @param floats how many; their values are not defined
    /// @throws std::bad_alloc
    explicit Memory(std::size_t floats);

    float* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return size_; }

    /// Makes room for as many; what was there is lost if it has to grow.
    /// @throws std::bad_alloc; the memory is empty then
    void reserve(std::size_t floats);

private:
    struct Release {
        void operator()(float* data) const noexcept;
    };
    std::unique_ptr<float, Release> data_;
    std::size_t size_ = 0;
};

/// Numbers that do not change any more, in memory of this process or of a file.
class Numbers {
public:
    Numbers() = default;
    explicit Numbers(Memory memory);
    /// @param owner keeps `numbers` alive; null if nothing has to
    Numbers(std::span<const float> numbers, std::shared_ptr<const void> owner);

    const float* data() const noexcept { return numbers_.data(); }
    std::size_t size() const noexcept { return numbers_.size(); }
    std::span<const float> span() const noexcept { return numbers_; }

private:
    std::span<const float> numbers_;
    std::shared_ptr<const void> owner_;
};

}  // namespace speciesnet::executor
