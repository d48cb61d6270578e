// SPDX-License-Identifier: Apache-2.0
// A network as a function from float arrays to float arrays: the executor runs a plan, or LibTorch
// runs a graph.
#pragma once

#include "speciesnet/inference.hpp"
#include "speciesnet/model.hpp"

#include "executor/kernel_tables.hpp"
#include "executor/kernels.hpp"
#include "executor/network_plan.hpp"
#include "executor/plan_run.hpp"
#include "graph/float_array.hpp"
#include "network/compiled_network.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace speciesnet {

/// The threads on which networks run. LibTorch's thread count belongs to the calling thread, so
/// networks run on threads of the engine, and the caller's settings do not change.
class NetworkThreads {
public:
    /// @param threads number of threads that one network uses at a time; 0 for one per available
    /// core
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

/// How to run a network.
struct NetworkOptions {
    /// The kernels of the executor; null runs the network with LibTorch.
    const executor::KernelSet* kernels = executor::best_kernel_set(Precision::float32);
    Precision precision = Precision::float32;
    Device device = {};
    /// The network compiled for this CPU. Used if it was compiled from the same file for the same
    /// kernels and precision.
    std::optional<PackageFile> compiled = std::nullopt;
    /// Sees each feature map of a plan that runs, for calibration; may be empty.
    executor::PictureReceiver feature_maps = {};
};

/// Returns the options with the best kernels for a precision.
NetworkOptions network_options(Precision precision, const Device& device = {});

/// Returns the kernels to compile a network for, given the options; null if LibTorch would run it.
/// @throws ModelError unsupported_hardware if options request unavailable hardware
const executor::KernelSet* compiled_for(const NetworkOptions& options);

/// A loaded network. Immutable. Several threads may call forward(); calls run one at a time.
class Network {
public:
    /// Loads a published network, TorchScript, or a network compiled for the kernels in `options`.
    /// It becomes a plan, unless the options or its operations require LibTorch.
    /// @param threads on which it runs
    /// @throws ModelError model_invalid if the file is damaged or none of these;
    /// unsupported_hardware if options request unavailable hardware, or if LibTorch is required but
    /// not available
    Network(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
            const NetworkOptions& options = {});
    ~Network();
    Network(Network&&) noexcept;
    Network& operator=(Network&&) noexcept;

    /// Runs the network.
    /// @param timing called for each operation of the executor, for benchmarks
    /// @return its output, or the first one if it has several
    /// @throws ModelError (network_failed)
    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing = {}) const;
    /// Runs the network on images. A plan reads them without an intermediate array.
    /// @param channels_first whether the network's input is [B,C,H,W], not [B,H,W,C]
    /// @throws ModelError (network_failed)
    FloatArray forward(const executor::InputPictures& pictures, bool channels_first) const;

    /// Returns the shape that forward() would give for an input of this shape. A plan computes it
    /// without running.
    /// @throws as forward()
    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input_shape) const;

    /// Returns the plan; null if LibTorch runs the network.
    const executor::NetworkPlan* plan() const noexcept;
    /// Returns why LibTorch runs the network although the executor was requested; empty otherwise.
    const std::string& reason_without_plan() const noexcept;

    /// Returns the precision in which the network computes; never automatic.
    Precision precision() const noexcept;

private:
    struct Loaded;
    static std::unique_ptr<Loaded> load(const PackageFile& file, const NetworkOptions& options,
                                        executor::Workspace& workspace);

    template <typename Work>
    auto in_turn(Work work) const;

    std::string origin_;
    std::unique_ptr<Loaded> network_;
    std::shared_ptr<NetworkThreads> threads_;
};

}  // namespace speciesnet
