// The only room that knows LibTorch: a TorchScript network that takes and gives float arrays.
#pragma once

#include "speciesnet/model.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace speciesnet {

/// A dense float32 array, last dimension contiguous.
struct FloatArray {
    std::vector<std::int64_t> shape;
    std::vector<float> values;  ///< As many as the product of `shape`.
};

/// Threads on which networks run. LibTorch's thread count belongs to the thread that calls it, so
/// networks run on threads that the engine owns: the caller's settings are never touched.
class NetworkThreads {
public:
    /// @param threads threads that one network uses at a time; 0 means one per available core
    explicit NetworkThreads(int threads);
    ~NetworkThreads();
    NetworkThreads(const NetworkThreads&) = delete;
    NetworkThreads& operator=(const NetworkThreads&) = delete;

    int threads() const noexcept;

private:
    friend class Network;
    class Queue;
    std::unique_ptr<Queue> queue_;
};

/// A loaded network. Immutable; forward() may be called from many threads, which then take turns.
class Network {
public:
    /// Loads TorchScript, freezes it for inference.
    /// @param file    the TorchScript archive
    /// @param threads where it will run
    /// @throws ModelError model_not_converted for pickled weights, model_invalid for anything else
    /// that is no TorchScript
    Network(const PackageFile& file, std::shared_ptr<NetworkThreads> threads);
    ~Network();
    Network(Network&&) noexcept;
    Network& operator=(Network&&) noexcept;

    /// Runs the network.
    /// @return its output, or the first of them if it gives several
    /// @throws ModelError (network_failed)
    FloatArray forward(const FloatArray& input) const;

private:
    class Module;
    std::unique_ptr<Module> module_;
    std::shared_ptr<NetworkThreads> threads_;
};

}  // namespace speciesnet
