// SPDX-License-Identifier: Apache-2.0
// A network from float arrays to float arrays: a plan run by the executor, or a graph run by
// LibTorch.
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

/// How a network is run.
struct NetworkOptions {
    /// The kernels of the executor; null leaves the network to LibTorch.
    const executor::KernelSet* kernels = executor::best_kernel_set(Precision::float32);
    Precision precision = Precision::float32;
    Device device = {};
    /// The network compiled for this CPU. Used if it was made of the same file for the same kernels
    /// and precision.
    std::optional<PackageFile> compiled = std::nullopt;
};

/// The best kernels for a precision.
NetworkOptions network_options(Precision precision, const Device& device = {});

/// The kernels for which a network would be compiled to be run so; null if LibTorch would run it.
/// @throws ModelError unsupported_hardware if options ask for what is not there
const executor::KernelSet* compiled_for(const NetworkOptions& options);

/// A loaded network. Immutable; forward() may be called from many threads, which then take turns.
class Network {
public:
    /// Loads a published network, TorchScript, or what was compiled of one for the kernels that
    /// options name. It becomes a plan, unless options or its operations leave it to LibTorch.
    /// @param threads where it will run
    /// @throws ModelError model_invalid for a file that is not one of these, or damaged;
    /// unsupported_hardware if options ask for what is not there, or if LibTorch is needed and not
    /// there
    Network(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
            const NetworkOptions& options = {});
    ~Network();
    Network(Network&&) noexcept;
    Network& operator=(Network&&) noexcept;

    /// Runs the network.
    /// @param timing hears of each operation of the executor, for benchmarks
    /// @return its output, or the first of them if it gives several
    /// @throws ModelError (network_failed)
    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing = {}) const;
    /// Runs the network on images, which a plan takes without an array between.
    /// @param channels_first whether the network's input is [B,C,H,W], not [B,H,W,C]
    /// @throws ModelError (network_failed)
    FloatArray forward(const executor::InputPictures& pictures, bool channels_first) const;

    /// The shape that forward() would give for an input of this shape. Of a plan, nothing is
    /// computed for that.
    /// @throws as forward()
    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input_shape) const;

    /// Null if LibTorch runs it.
    const executor::NetworkPlan* plan() const noexcept;
    /// Why LibTorch runs it although the executor was to; empty otherwise.
    const std::string& reason_without_plan() const noexcept;

    /// With what precision it computes; never automatic.
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
