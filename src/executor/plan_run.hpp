// SPDX-License-Identifier: Apache-2.0
// Runs a plan: places its feature maps in memory, then runs the operations in order.
#pragma once

#include "executor/plan.hpp"
#include "executor/workspace.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// The feature map of a network's input, which is written directly to its place in the plan.
struct InputPictures {
    PictureSize size;
    /// Writes a row of an image, channels last. Several threads call it concurrently.
    std::function<void(std::size_t image, std::size_t row, float* pixels)> write_row;
};

/// Returns a feature map whose floats are already in memory.
/// @param data           must outlive the result
/// @param channels_first true for [image][channel][row][column], false for channels last
InputPictures dense_pictures(const float* data, const PictureSize& size, bool channels_first);

/// The cost of one operation.
struct OperationTiming {
    std::string name;
    PictureSize output;
    double flops = 0;  ///< By definition, whatever the method.
    double bytes = 0;  ///< Of the feature maps read and written, without weights.
    double seconds = 0;
};

/// Receives the output of each step of a plan.
using PictureReceiver =
    std::function<void(const Plan& plan, std::size_t step, const ConstPicture& output)>;

using TimingReceiver = std::function<void(const OperationTiming&)>;

/// Runs a plan. Plans that share a workspace must not run at the same time.
class PlanRun {
public:
    /// @param plan    must outlive this, as must the workspace
    /// @param receive called while the plan runs; may be empty
    PlanRun(const Plan& plan, const Kernels& kernels, Workspace& workspace,
            PictureReceiver receive = {});

    /// @param inputs one for each input of the plan
    /// @return the kept values, in memory of the workspace; the next run of any plan overwrites
    /// them
    /// @throws InvalidArgument if the plan does not support that size
    std::vector<ConstPicture> run(std::span<const InputPictures> inputs,
                                  const TimingReceiver& timing = {});

    /// Returns the sizes of the results of run() without computing them.
    /// @throws InvalidArgument as run()
    std::vector<PictureSize> output_sizes(std::span<const PictureSize> inputs);

private:
    void place(std::span<const PictureSize> inputs);
    /// Concatenated values have the size of their parts.
    const PictureSize& size_of(Plan::Value value);
    void place_buffers(const std::vector<std::size_t>& floats);
    void fill_input(const Plan::Input& input, const InputPictures& pictures);
    Picture view(Plan::Value value) const;

    const Plan& plan_;
    const Kernels& kernels_;
    Workspace& workspace_;
    PictureReceiver receive_;
    std::vector<ByteScaleTable> scales_;  ///< One for each buffer; empty unless it has bytes.
    std::vector<float> zeros_;            ///< A pixel of zeros for every buffer that has no scales.
    std::size_t arena_size_ = 0;          ///< Floats needed in the arena.
    std::vector<PictureSize> input_sizes_;  ///< Sizes for which buffers are placed.
    std::vector<PictureSize> sizes_;        ///< One for each value.
    std::vector<std::size_t> offsets_;      ///< One for each buffer, in the arena.
};

}  // namespace speciesnet::executor
