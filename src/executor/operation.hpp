// SPDX-License-Identifier: Apache-2.0
// One step of a network.
#pragma once

#include "executor/kernels.hpp"
#include "executor/memory.hpp"
#include "executor/operation_record.hpp"
#include "executor/picture.hpp"
#include "executor/thread_pool.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace speciesnet::executor {

/// With what an operation runs.
struct Execution {
    const Kernels& kernels;
    ThreadPool& pool;
    Memory& shared;  ///< Working memory of the operation that runs, for all threads together.
};

class Operation {
public:
    Operation() = default;
    virtual ~Operation() = default;
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;

    /// What kind of operation, for people who look at timings.
    virtual std::string name() const = 0;

    /// Whether it computes on pictures of such elements. Unless an operation says otherwise, all
    /// are float32.
    virtual bool takes(std::span<const Element> inputs, Element output) const;

    /// Whether it gives only numbers of its first input, each in the same channel, so that bytes
    /// stand for the same numbers in both.
    /// @param inputs how many it has
    virtual bool selects_numbers(std::size_t /*inputs*/) const { return false; }

    /// @param inputs of elements that it takes
    /// @throws InvalidArgument if the operation cannot take pictures of such sizes
    virtual PictureSize output_size(std::span<const PictureSize> inputs) const = 0;

    /// Floating-point operations by definition, two for each product and sum.
    virtual double flops(std::span<const PictureSize> /*inputs*/) const { return 0; }

    virtual void run(const Execution& execution, std::span<const ConstPicture> inputs,
                     const Picture& output) const = 0;

    /// What restore_operation() makes the same operation of. Its numbers may be the operation's
    /// own: it must not outlive the operation.
    virtual OperationRecord record() const = 0;
};

}  // namespace speciesnet::executor
