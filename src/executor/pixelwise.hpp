// SPDX-License-Identifier: Apache-2.0
// Operations that move pixels, or compute on each pixel separately.
#pragma once

#include "executor/operation.hpp"
#include "executor/record_reader.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace speciesnet::executor {

/// Computes activation(first input), plus the second input if there is one.
class Pixelwise final : public Operation {
public:
    explicit Pixelwise(Activation activation) : activation_(activation) {}
    explicit Pixelwise(RecordReader& record) : activation_(record.activation()) {}

    static constexpr const char* kind = "pixelwise";

    std::string name() const override { return "pixelwise"; }
    bool selects_numbers(std::size_t inputs) const override {
        return activation_ == Activation::none && inputs == 1;
    }
    bool takes(std::span<const Element> inputs, Element output) const override {
        return are_all(inputs, output);
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    void run_on_bytes(const Execution& execution, std::span<const ConstPicture> inputs,
                      const Picture& output) const;

    Activation activation_;
};

/// Copies a feature map with the output's element type: rounds float32 to bfloat16, or widens
/// bfloat16.
void convert(const Execution& execution, const ConstPicture& input, const Picture& output);

/// Converts a feature map to another element type.
class Conversion final : public Operation {
public:
    explicit Conversion(Element output) : output_(output) {}
    explicit Conversion(RecordReader& record)
        : output_(record.element({Element::float32, Element::bfloat16})) {}

    static constexpr const char* kind = "conversion";

    std::string name() const override { return "conversion"; }
    bool takes(std::span<const Element> inputs, Element output) const override {
        const auto input = output_ == Element::float32 ? Element::bfloat16 : Element::float32;
        return inputs[0] == input && output == output_;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override {
        convert(execution, inputs[0], output);
    }
    OperationRecord record() const override;

private:
    Element output_;
};

/// Computes x · clamp(x + 3, 0, 6) / 6. Has no kernel, because no published network uses it.
class Hardswish final : public Operation {
public:
    static constexpr const char* kind = "hardswish";

    std::string name() const override { return "hardswish"; }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;
};

/// Computes x if it is positive, otherwise x times a slope. No published network uses it.
class LeakyRelu final : public Operation {
public:
    explicit LeakyRelu(float slope) : slope_(slope) {}
    explicit LeakyRelu(RecordReader& record);

    static constexpr const char* kind = "leaky relu";

    std::string name() const override { return "leaky relu"; }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    float slope_;
};

/// Multiplies each pixel of the first input by the only pixel of the second one.
class ChannelScale final : public Operation {
public:
    static constexpr const char* kind = "channel scale";

    std::string name() const override { return "scale"; }
    bool takes(std::span<const Element> inputs, Element output) const override {
        return inputs[0] == output && inputs[1] == Element::float32;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    static void scale_bytes(const Execution& execution, std::span<const ConstPicture> inputs,
                            const Picture& output);
};

/// Adds the only pixel of the second input to each pixel of the first one.
class ChannelShift final : public Operation {
public:
    static constexpr const char* kind = "channel shift";

    std::string name() const override { return "shift"; }
    bool takes(std::span<const Element> inputs, Element output) const override {
        return inputs[0] == output && output != Element::byte && inputs[1] == Element::float32;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;
};

/// Repeats each pixel in a block.
class NearestUpsample final : public Operation {
public:
    NearestUpsample(std::size_t factor_height, std::size_t factor_width)
        : factor_height_(factor_height), factor_width_(factor_width) {}
    explicit NearestUpsample(RecordReader& record);

    static constexpr const char* kind = "nearest upsample";

    std::string name() const override { return "upsample"; }
    bool selects_numbers(std::size_t /*inputs*/) const override { return true; }
    bool takes(std::span<const Element> inputs, Element output) const override {
        return are_all(inputs, output);
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    std::size_t factor_height_;
    std::size_t factor_width_;
};

}  // namespace speciesnet::executor
