// A network that is ready to run, by whatever means.
#pragma once

#include "speciesnet/inference.hpp"

#include "executor/network_plan.hpp"
#include "executor/plan_run.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// A dense float32 array, last dimension contiguous.
struct FloatArray {
    std::vector<std::int64_t> shape;
    std::vector<float> values;  ///< As many as the product of `shape`.
};

/// One call at a time.
class RunnableNetwork {
public:
    RunnableNetwork() = default;
    virtual ~RunnableNetwork() = default;
    RunnableNetwork(const RunnableNetwork&) = delete;
    RunnableNetwork& operator=(const RunnableNetwork&) = delete;

    /// @param timing hears of each operation of the executor
    virtual FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing) = 0;
    /// The shape that forward() would give.
    virtual std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input) = 0;
    /// Whether the executor runs its convolutions.
    virtual bool is_planned() const noexcept = 0;
    /// Null if LibTorch has a part in running it.
    virtual const executor::NetworkPlan* whole_plan() const noexcept { return nullptr; }
    /// Never automatic.
    virtual Precision precision() const noexcept = 0;
};

}  // namespace speciesnet
