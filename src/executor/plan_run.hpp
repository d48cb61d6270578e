// SPDX-License-Identifier: Apache-2.0
// Runs a plan: places its pictures in memory, then runs one operation after the other.
#pragma once

#include "executor/plan.hpp"
#include "executor/workspace.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// Pictures of a network's input. Nothing is written before the plan knows where it reads them.
struct InputPictures {
    PictureSize size;
    /// Writes a row of an image, channels last. Called on several threads at once.
    std::function<void(std::size_t image, std::size_t row, float* pixels)> write_row;
};

/// Pictures that are floats in memory already.
/// @param data           must outlive the result
/// @param channels_first [image][channel][row][column], not channels last
InputPictures dense_pictures(const float* data, const PictureSize& size, bool channels_first);

/// What one operation took.
struct OperationTiming {
    std::string name;
    PictureSize output;
    double flops = 0;  ///< By the definition, however it is computed.
    double bytes = 0;  ///< Of the pictures that were read and written; weights are not counted.
    double seconds = 0;
};

/// Sees what each step of a plan gives.
using PictureReceiver =
    std::function<void(const Plan& plan, std::size_t step, const ConstPicture& output)>;

using TimingReceiver = std::function<void(const OperationTiming&)>;

/// Runs a plan. One run at a time of all plans that share a workspace.
class PlanRun {
public:
    /// @param plan    must outlive this, like the workspace
    /// @param receive is called while the plan runs; may be empty
    PlanRun(const Plan& plan, const Kernels& kernels, Workspace& workspace,
            PictureReceiver receive = {});

    /// @param inputs one for each input of the plan
    /// @return the kept values, in memory of the workspace that the next run of any plan overwrites
    /// @throws InvalidArgument if the plan cannot take pictures of that size
    std::vector<ConstPicture> run(std::span<const InputPictures> inputs,
                                  const TimingReceiver& timing = {});

    /// What run() would give for pictures of these sizes, without computing anything.
    /// @throws InvalidArgument as run()
    std::vector<PictureSize> output_sizes(std::span<const PictureSize> inputs);

private:
    void place(std::span<const PictureSize> inputs);
    /// What is concatenated has the size of its parts.
    const PictureSize& size_of(Plan::Value value);
    void place_buffers(const std::vector<std::size_t>& floats);
    void fill_input(const Plan::Input& input, const InputPictures& pictures);
    Picture view(Plan::Value value) const;

    const Plan& plan_;
    const Kernels& kernels_;
    Workspace& workspace_;
    PictureReceiver receive_;
    std::vector<ByteScaleTable> scales_;    ///< Of each buffer that has bytes.
    std::size_t arena_size_ = 0;            ///< Floats of the arena that are needed.
    std::vector<PictureSize> input_sizes_;  ///< Those for which pictures are placed.
    std::vector<PictureSize> sizes_;        ///< Of each value.
    std::vector<std::size_t> offsets_;      ///< Of each buffer in the arena.
};

}  // namespace speciesnet::executor
