// LibTorch compiles the text, checks it and serialises the result.
#include "network/torchscript_writer.hpp"

#include "speciesnet/error.hpp"

#include <cstdint>
#include <cstring>
#include <exception>

#include <torch/script.h>

namespace speciesnet {
namespace {

c10::ScalarType scalar_type(ElementType type) {
    switch (type) {
        case ElementType::boolean:
            return c10::kBool;
        case ElementType::uint8:
            return c10::kByte;
        case ElementType::float16:
            return c10::kHalf;
        case ElementType::bfloat16:
            return c10::kBFloat16;
        case ElementType::float32:
            return c10::kFloat;
        case ElementType::float64:
            return c10::kDouble;
        case ElementType::int32:
            return c10::kInt;
        case ElementType::int64:
            return c10::kLong;
    }
    throw Error(ErrorCode::internal, "unknown element type");
}

/// float32 weights stay where they are in the mapped file; others are converted.
at::Tensor float_tensor(const TensorView& view, const Release& release) {
    const auto type = at::TensorOptions().dtype(scalar_type(view.type));
    const bool aligned =
        reinterpret_cast<std::uintptr_t>(view.bytes.data()) % size_of(view.type) == 0;
    at::Tensor tensor;
    if (aligned) {
        // from_blob() wants a pointer to mutable data; nothing writes to it.
        tensor =
            torch::from_blob(const_cast<char*>(view.bytes.data()), view.shape, view.strides, type);
    } else {
        tensor = at::empty_strided(view.shape, view.strides, type);
        std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
    }
    const auto converted = tensor.to(c10::kFloat);
    if (release && converted.data_ptr() != static_cast<const void*>(view.bytes.data())) {
        release(view.bytes);
    }
    return converted;
}

std::string first_line(const std::exception& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
}

}  // namespace

void write_torchscript(const NetworkDefinition& network, const std::filesystem::path& file,
                       const Release& release) {
    torch::jit::Module module("SpeciesNetNetwork");
    try {
        const torch::NoGradGuard no_gradients;
        for (const auto& weight : network.weights) {
            module.register_buffer(weight.name, float_tensor(weight.tensor, release));
        }
        module.define(network.forward);
        module.eval();
    } catch (const std::exception& error) {
        throw ModelError(ErrorCode::model_invalid,
                         "LibTorch cannot make a network of it: " + first_line(error));
    }
    try {
        module.save(file.string());
    } catch (const std::exception& error) {
        throw IoError(ErrorCode::io, "cannot write '" + file.string() + "': " + first_line(error));
    }
}

}  // namespace speciesnet
