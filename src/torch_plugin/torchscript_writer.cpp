// SPDX-License-Identifier: Apache-2.0
// Lets LibTorch compile the text of a graph, checks it and serialises the result.
#include "torch_plugin/torchscript_writer.hpp"

#include "speciesnet/error.hpp"

#include "graph/torchscript_text.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"

#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <string>
#include <unordered_set>

#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/serialization/export.h>
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

bool is_aligned(const TensorView& view) {
    return reinterpret_cast<std::uintptr_t>(view.bytes.data()) % size_of(view.type) == 0;
}

/// Returns a tensor as stored in the file.
at::Tensor tensor_of(const TensorView& view) {
    const auto options = at::TensorOptions().dtype(scalar_type(view.type));
    if (is_aligned(view)) {
        // from_blob() takes a pointer to mutable data, but nothing writes to it.
        return torch::from_blob(const_cast<char*>(view.bytes.data()), view.shape, view.strides,
                                options);
    }
    auto copy = at::empty_strided(view.shape, view.strides, options);
    std::memcpy(copy.data_ptr(), view.bytes.data(), view.bytes.size());
    return copy;
}

/// The weights as float32 tensors. Float32 weights stay in their file, and others are converted
/// into a scratch file, so that neither kind occupies memory for long.
class FloatWeights {
public:
    FloatWeights(const std::vector<graph::Weight>& weights, const std::filesystem::path& folder,
                 const Release& release)
        : release_(release), converted_(folder, size_when_converted(weights)) {
        for (const auto& weight : weights) {
            in_file_.insert(weight.tensor.bytes.data());
        }
    }

    at::Tensor add(const TensorView& view) {
        if (view.type == ElementType::float32 && is_aligned(view)) {
            return tensor_of(view);
        }
        char* const place = converted_.data() + used_;
        const std::size_t size = float_size(view);
        auto tensor = torch::from_blob(place, view.shape, view.strides, at::kFloat);
        tensor.copy_(tensor_of(view));
        used_ += size;
        release_pages({place, size});
        release(view.bytes);
        return tensor;
    }

    /// Must be called with bytes that have been written.
    void written(std::string_view bytes) {
        const auto scratch = converted_.content();
        if (bytes.data() >= scratch.data() && bytes.data() < scratch.data() + scratch.size()) {
            release_pages(bytes);
        } else if (in_file_.contains(bytes.data())) {
            release(bytes);
        }
    }

private:
    /// Returns the float32 size from the first to the last element, rounded up to the alignment.
    static std::size_t float_size(const TensorView& view) {
        constexpr std::size_t alignment = 64;
        const std::size_t size = view.bytes.size() / size_of(view.type) * sizeof(float);
        return (size + alignment - 1) / alignment * alignment;
    }

    static std::size_t size_when_converted(const std::vector<graph::Weight>& weights) {
        std::size_t size = 0;
        for (const auto& weight : weights) {
            if (weight.tensor.type != ElementType::float32 || !is_aligned(weight.tensor)) {
                size += float_size(weight.tensor);
            }
        }
        return size;
    }

    void release(std::string_view bytes) const {
        if (release_) {
            release_(bytes);
        }
    }

    const Release& release_;
    ScratchFile converted_;
    std::size_t used_ = 0;
    /// Start addresses of weights in the caller's file.
    std::unordered_set<const void*> in_file_;
};

/// @param tensor_of returns the tensor of a weight
torch::jit::Module compile(const graph::TorchScriptText& text,
                           const std::function<at::Tensor(const TensorView&)>& tensor_of) {
    torch::jit::Module module("SpeciesNetNetwork");
    try {
        const torch::NoGradGuard no_gradients;
        for (const auto& weight : text.weights) {
            module.register_buffer(weight.name, tensor_of(weight.tensor));
        }
        module.define(text.forward);
        module.eval();
    } catch (const std::exception& error) {
        const std::string message = error.what();
        // The other lines are a C++ stack trace.
        throw ModelError(ErrorCode::model_invalid, "LibTorch cannot load it as a network: " +
                                                       message.substr(0, message.find('\n')));
    }
    return module;
}

}  // namespace

torch::jit::Module module_of(const graph::Graph& graph) {
    return compile(graph::to_torchscript(graph), [](const TensorView& view) {
        return tensor_of(view).to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
    });
}

void write_torchscript(const graph::Graph& graph, const ExtraFiles& extra_files,
                       const std::filesystem::path& file, const Release& release) {
    const auto text = graph::to_torchscript(graph);
    FloatWeights weights(text.weights, file.parent_path(), release);
    const auto module = compile(text, [&](const TensorView& view) { return weights.add(view); });
    NewFile output(file);
    std::exception_ptr failure;
    const auto write = [&](const void* data, std::size_t size) -> std::size_t {
        // LibTorch's own exception would hide the cause.
        try {
            const std::string_view bytes(static_cast<const char*>(data), size);
            output.write(bytes);
            weights.written(bytes);
            return size;
        } catch (const IoError&) {
            failure = std::current_exception();
            return 0;
        }
    };
    try {
        torch::jit::ExportModule(module, write, {extra_files.begin(), extra_files.end()});
    } catch (const std::exception& error) {
        if (failure) {
            std::rethrow_exception(failure);
        }
        throw Error(ErrorCode::internal, error.what());
    }
    output.close();
}

}  // namespace speciesnet
