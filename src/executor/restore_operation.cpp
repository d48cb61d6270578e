// SPDX-License-Identifier: Apache-2.0
// Maps the names of the kinds of operation to constructors.
#include "executor/restore_operation.hpp"

#include "speciesnet/error.hpp"

#include "executor/attention.hpp"
#include "executor/bfloat16_convolution.hpp"
#include "executor/calibrated_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/distance_boxes.hpp"
#include "executor/grid_boxes.hpp"
#include "executor/int8_convolution.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "executor/record_reader.hpp"

namespace speciesnet::executor {
namespace {

[[noreturn]] void fail(const OperationRecord& record) {
    throw InvalidArgument("there is no operation '" + record.kind + "' with such inputs");
}

/// The possible inputs of a convolution: a feature map, and an optional residual.
bool is_one_or_two(std::size_t inputs) {
    return inputs == 1 || inputs == 2;
}

std::unique_ptr<Operation> make(const OperationRecord& record, RecordReader& reader,
                                const Kernels& kernels, std::size_t inputs) {
    using Method = Convolution::Method;
    const auto& kind = record.kind;
    for (const auto method : {Method::direct, Method::winograd}) {
        if (kind == Convolution::kind(method) && is_one_or_two(inputs)) {
            return std::make_unique<Convolution>(kernels, reader, method);
        }
    }
    if (kind == Bfloat16Convolution::kind && kernels.bfloat16 != nullptr && is_one_or_two(inputs)) {
        return std::make_unique<Bfloat16Convolution>(kernels, reader);
    }
    if (kind == Int8Convolution::kind && kernels.int8 != nullptr && is_one_or_two(inputs)) {
        return std::make_unique<Int8Convolution>(kernels, reader);
    }
    if (kind == CalibratedConvolution::kind && kernels.int8 != nullptr && is_one_or_two(inputs)) {
        return std::make_unique<CalibratedConvolution>(kernels, reader);
    }
    if (kind == DepthwiseConvolution::kind && is_one_or_two(inputs)) {
        return std::make_unique<DepthwiseConvolution>(kernels, reader);
    }
    if (kind == Conversion::kind && kernels.bfloat16 != nullptr && inputs == 1) {
        return std::make_unique<Conversion>(reader);
    }
    if (kind == Pixelwise::kind && is_one_or_two(inputs)) {
        return std::make_unique<Pixelwise>(reader);
    }
    if (kind == Hardswish::kind && inputs == 1) {
        return std::make_unique<Hardswish>();
    }
    if (kind == LeakyRelu::kind && inputs == 1) {
        return std::make_unique<LeakyRelu>(reader);
    }
    if (kind == ChannelScale::kind && inputs == 2) {
        return std::make_unique<ChannelScale>();
    }
    if (kind == ChannelShift::kind && inputs == 2) {
        return std::make_unique<ChannelShift>();
    }
    if (kind == NearestUpsample::kind && inputs == 1) {
        return std::make_unique<NearestUpsample>(reader);
    }
    if (kind == MaximumPool::kind && inputs == 1) {
        return std::make_unique<MaximumPool>(reader);
    }
    if (kind == AveragePool::kind && inputs == 1) {
        return std::make_unique<AveragePool>(reader);
    }
    if (kind == GlobalMean::kind && inputs == 1) {
        return std::make_unique<GlobalMean>();
    }
    if (kind == GridBoxes::kind) {
        auto boxes = std::make_unique<GridBoxes>(reader);
        if (boxes->inputs() == inputs) {
            return boxes;
        }
    }
    if (kind == Attention::kind && inputs == 1) {
        return std::make_unique<Attention>(reader);
    }
    if (kind == DistanceBoxes::kind) {
        auto boxes = std::make_unique<DistanceBoxes>(reader);
        if (boxes->inputs() == inputs) {
            return boxes;
        }
    }
    fail(record);
}

}  // namespace

std::unique_ptr<Operation> restore_operation(const OperationRecord& record, const Kernels& kernels,
                                             std::size_t input_count) {
    RecordReader reader(record);
    auto operation = make(record, reader, kernels, input_count);
    reader.end();
    return operation;
}

}  // namespace speciesnet::executor
