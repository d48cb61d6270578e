// Runs a plan: places its pictures in memory, then runs one operation after the other.
#pragma once

#include "executor/plan.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// Dense pictures of a network's input, as the caller has them.
struct InputPictures {
    const float* data = nullptr;
    PictureSize size;
    bool channels_first = false;  ///< [image][channel][row][column], not channels last.
};

/// What one operation took.
struct OperationTiming {
    std::string name;
    PictureSize output;
    double flops = 0;  ///< By the definition, however it is computed.
    double seconds = 0;
};

using TimingReceiver = std::function<void(const OperationTiming&)>;

/// Memory and threads of a plan. One run at a time.
class PlanRun {
public:
    /// @param plan must outlive this, like the pool
    PlanRun(const Plan& plan, const Kernels& kernels, ThreadPool& pool);

    /// @param inputs one for each input of the plan
    /// @return the kept values, in memory that the next run overwrites
    /// @throws InvalidArgument if the plan cannot take pictures of that size
    std::vector<ConstPicture> run(std::span<const InputPictures> inputs,
                                  const TimingReceiver& timing = {});

    /// Frees the memory for activations; the next run takes it again.
    void release_memory();

private:
    void place(std::span<const PictureSize> inputs);
    /// What is concatenated has the size of its parts.
    const PictureSize& size_of(Plan::Value value);
    void place_buffers(const std::vector<std::size_t>& floats);
    void fill_input(const Plan::Input& input, const InputPictures& pictures);
    Picture view(Plan::Value value) const;

    const Plan& plan_;
    const Kernels& kernels_;
    ThreadPool& pool_;
    Memory arena_;
    Memory shared_;
    std::vector<PictureSize> input_sizes_;  ///< Those for which pictures are placed.
    std::vector<PictureSize> sizes_;        ///< Of each value.
    std::vector<std::size_t> offsets_;      ///< Of each buffer in the arena.
};

}  // namespace speciesnet::executor
