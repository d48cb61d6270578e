// A network that takes and gives float arrays, loaded from TorchScript or from what was compiled of
// it.
#pragma once

#include "speciesnet/inference.hpp"
#include "speciesnet/model.hpp"

#include "executor/instruction_sets.hpp"
#include "executor/kernels.hpp"
#include "executor/plan_run.hpp"
#include "network/compiled_network.hpp"
#include "network/runnable_network.hpp"

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
    /// The kernels of the executor; nothing leaves everything to LibTorch's interpreter, as does a
    /// network that the executor does not know.
    std::optional<executor::InstructionSet> instruction_set = executor::best_instruction_set();
    Precision precision = Precision::float32;
    Device device = {};
    /// The network compiled for this CPU. Used if it was made of the same TorchScript for the same
    /// kernels and numbers.
    std::optional<PackageFile> compiled = std::nullopt;
};

/// The best kernels for these numbers.
NetworkOptions network_options(Precision precision, const Device& device = {});

/// For what a network would be compiled to be run so; nothing if such networks are not compiled.
/// @throws ModelError unsupported_hardware if options ask for what is not there
std::optional<CompiledFor> compiled_for(const NetworkOptions& options);

/// A loaded network. Immutable; forward() may be called from many threads, which then take turns.
class Network {
public:
    /// Loads TorchScript, freezes it for inference.
    /// @param file    the TorchScript archive
    /// @param threads where it will run
    /// @throws ModelError model_not_converted for pickled weights, model_invalid for anything else
    /// that is no TorchScript or a damaged compiled file, unsupported_hardware if options ask for
    /// what is not there
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

    /// The shape that forward() would give for an input of this shape. A planned network computes
    /// next to nothing for that.
    /// @throws as forward()
    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input_shape) const;

    /// Whether the executor runs it, or at least its convolutions.
    bool is_planned() const noexcept;

    /// What of it can be compiled; null if LibTorch has a part in running it.
    const executor::NetworkPlan* whole_plan() const noexcept;

    /// With what numbers it computes; never automatic.
    Precision precision() const noexcept;

private:
    template <typename Work>
    auto in_turn(Work work) const;

    std::string origin_;
    std::unique_ptr<RunnableNetwork> network_;
    std::shared_ptr<NetworkThreads> threads_;
};

}  // namespace speciesnet
