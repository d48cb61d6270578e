// SPDX-License-Identifier: Apache-2.0
// Freezes networks: their weights become constants of one graph.
#include "torch_plugin/torch_network.hpp"

#include "torch_plugin/archive.hpp"
#include "torch_plugin/device.hpp"
#include "torch_plugin/graph_reader.hpp"
#include "torch_plugin/interpreter.hpp"
#include "torch_plugin/torchscript_writer.hpp"

#include <utility>

#include <ATen/Parallel.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/frozen_conv_folding.h>
#include <torch/csrc/jit/passes/remove_mutation.h>
#include <torch/script.h>

namespace speciesnet {
namespace {

/// Sets the number of LibTorch threads for work started by this thread.
void use_threads(int threads) {
    try {
        at::set_num_threads(threads);
    } catch (const c10::Error&) {
        // A forked child lacks LibTorch's second pool, which only kernels for phones use. The
        // number for OpenMP is already set when this exception is thrown.
    }
}

class InterpretedNetwork final : public TorchNetwork {
public:
    InterpretedNetwork(const torch::jit::Module& module, c10::Device device, int threads)
        : module_(torch::jit::freeze(module)),
          code_(module_.get_method("forward").graph(), "forward"),
          device_(device),
          threads_(threads) {}

    FloatArray forward(const FloatArray& input) override {
        const c10::InferenceMode inference;
        use_threads(threads_);
        // from_blob() takes a pointer to mutable data, but networks never write to their input.
        const auto tensor =
            torch::from_blob(const_cast<float*>(input.values.data()), input.shape, torch::kFloat32);
        const auto results = interpret(code_, {module_._ivalue(), tensor.to(device_)});
        const auto output = first_tensor(results.front()).to(c10::kCPU, at::kFloat).contiguous();
        FloatArray result;
        result.shape.assign(output.sizes().begin(), output.sizes().end());
        result.values.assign(output.data_ptr<float>(), output.data_ptr<float>() + output.numel());
        return result;
    }

private:
    torch::jit::Module module_;
    torch::jit::Code code_;
    c10::Device device_;
    int threads_;
};

/// Returns the graph in a form that is easy to read, with foldable operations folded into weights
/// and without in-place changes.
std::shared_ptr<torch::jit::Graph> plain_graph(const torch::jit::Module& module) {
    // The lowering folds BatchNorm itself, weight by weight, in double precision.
    const auto frozen = torch::jit::freeze(module, {}, /*optimize_numerics=*/false);
    auto graph = frozen.get_method("forward").graph();
    // Folds BatchNorm that was exported as a product and a sum.
    torch::jit::FoldFrozenConvMulOrDiv(graph);
    torch::jit::FoldFrozenConvAddOrSub(graph);
    torch::jit::RemoveTensorMutation(graph);
    torch::jit::EliminateDeadCode(graph);
    return graph;
}

class LoadedTorchScript final : public TorchScript {
public:
    explicit LoadedTorchScript(torch::jit::Module module) : module_(std::move(module)) {}

    ReadTorchScript graph() override {
        const c10::InferenceMode inference;
        return read_graph(*plain_graph(module_));
    }

    std::unique_ptr<TorchNetwork> interpret(const TorchRunOptions& options) override {
        const auto device = prepare(options.device);
        if (!device.is_cpu()) {
            module_.to(device);
        }
        return std::make_unique<InterpretedNetwork>(module_, device, options.threads);
    }

private:
    torch::jit::Module module_;
};

}  // namespace

std::unique_ptr<TorchScript> load_torchscript(const PackageFile& file) {
    // Loading only copies weights: more threads would not help.
    use_threads(1);
    return std::make_unique<LoadedTorchScript>(load_module(file));
}

std::unique_ptr<TorchNetwork> load_graph(const graph::Graph& graph,
                                         const TorchRunOptions& options) {
    use_threads(1);
    const auto device = prepare(options.device);
    auto module = module_of(graph);
    module.to(device);
    return std::make_unique<InterpretedNetwork>(module, device, options.threads);
}

}  // namespace speciesnet
