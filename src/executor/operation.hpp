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

/// The resources of a running operation.
struct Execution {
    const Kernels& kernels;
    ThreadPool& pool;
    // Working memory of the running operation, shared by all threads.
    Memory& shared;
    Memory& converted;  ///< A feature map in another element type.
};

class Operation {
public:
    Operation() = default;
    virtual ~Operation() = default;
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;

    /// Returns the kind of operation, for reports of timings.
    virtual std::string name() const = 0;

    /// Returns whether it supports these element types. By default, all must be float32.
    virtual bool takes(std::span<const Element> inputs, Element output) const;

    /// Returns whether each output value is a value of the same channel of the first input, so that
    /// both can use the same range of bytes.
    /// @param inputs number of inputs
    virtual bool selects_numbers(std::size_t /*inputs*/) const { return false; }

    /// @param inputs sizes with supported element types
    /// @throws InvalidArgument if the operation does not support these sizes
    virtual PictureSize output_size(std::span<const PictureSize> inputs) const = 0;

    /// Returns the floating-point operations by definition, two for each product and sum.
    virtual double flops(std::span<const PictureSize> /*inputs*/) const { return 0; }

    virtual void run(const Execution& execution, std::span<const ConstPicture> inputs,
                     const Picture& output) const = 0;

    /// Returns a record from which restore_operation() creates the same operation. It may refer to
    /// the operation's values, so it must not outlive the operation.
    virtual OperationRecord record() const = 0;
};

}  // namespace speciesnet::executor
