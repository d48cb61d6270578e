// Memory for weights and activations: aligned to cache lines, not initialised, in huge pages where
// the system has them.
#pragma once

#include <cstddef>
#include <memory>

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
    void reserve(std::size_t floats);

private:
    struct Release {
        void operator()(float* data) const noexcept;
    };
    std::unique_ptr<float, Release> data_;
    std::size_t size_ = 0;
};

}  // namespace speciesnet::executor
