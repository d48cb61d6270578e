// Loads TorchScript. The executor runs what it knows of it, LibTorch the rest.
#include "torchscript/torchscript_network.hpp"

#include "speciesnet/error.hpp"

#include "network/precision.hpp"
#include "network/whole_plan.hpp"
#include "system/huge_pages.hpp"
#include "system/mapped_file.hpp"
#include "torchscript/device.hpp"
#include "torchscript/interpreter.hpp"
#include "torchscript/lowering.hpp"
#include "torchscript/planned_network.hpp"

#include <cstring>
#include <string>
#include <utility>

#include <ATen/Parallel.h>
#include <caffe2/serialize/inline_container.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/frozen_conv_folding.h>
#include <torch/csrc/jit/passes/frozen_graph_optimizations.h>
#include <torch/script.h>

namespace speciesnet {
namespace {

/// Lets LibTorch read an archive straight from mapped or embedded memory.
class MemoryReader final : public caffe2::serialize::ReadAdapterInterface {
public:
    explicit MemoryReader(std::string_view content) : content_(content) {}

    std::size_t size() const override { return content_.size(); }

    std::size_t read(std::uint64_t position, void* buffer, std::size_t count,
                     const char* what) const override {
        if (position > content_.size() || count > content_.size() - position) {
            throw ModelError(ErrorCode::model_invalid,
                             std::string("archive ends early while reading ") + what);
        }
        advise_huge_pages(buffer, count);
        std::memcpy(buffer, content_.data() + position, count);
        // A weight that has been copied: without this the whole file would be in memory twice.
        constexpr std::size_t large = std::size_t{1} << 20U;
        if (count >= large) {
            release_pages(content_.substr(position, count));
        }
        return count;
    }

private:
    std::string_view content_;
};

/// TorchScript archives have constants beside their code; what torch.save() writes is a pickle
/// alone.
void check_is_torchscript(const PackageFile& file) {
    const auto not_converted = [&] {
        throw ModelError(ErrorCode::model_not_converted,
                         "'" + file.origin() +
                             "' holds pickled PyTorch weights, which this engine does not run as "
                             "they are; convert the "
                             "package once with `speciesnet model import` or `speciesnet-export`");
    };
    if (file.content().starts_with("\x80\x02")) {
        not_converted();
    }
    if (!file.content().starts_with("PK\x03\x04")) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + file.origin() + "' is no TorchScript archive");
    }
    caffe2::serialize::PyTorchStreamReader archive(std::make_shared<MemoryReader>(file.content()));
    if (!archive.hasRecord("constants.pkl") && archive.hasRecord("data.pkl")) {
        not_converted();
    }
}

/// Runs a network that LibTorch has a part in.
class TorchScriptNetwork : public RunnableNetwork {
public:
    TorchScriptNetwork(Precision precision, int threads)
        : precision_(precision), threads_(threads) {}

    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing) final {
        const c10::InferenceMode inference;
        at::set_num_threads(threads_);
        // from_blob() wants a pointer to mutable data; the networks never write to their input.
        const auto tensor =
            torch::from_blob(const_cast<float*>(input.values.data()), input.shape, torch::kFloat32);
        const auto output = run(tensor, timing).to(torch::kFloat32).contiguous();
        FloatArray result;
        result.shape.assign(output.sizes().begin(), output.sizes().end());
        result.values.assign(output.data_ptr<float>(), output.data_ptr<float>() + output.numel());
        return result;
    }

    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input) final {
        const c10::InferenceMode inference;
        at::set_num_threads(threads_);
        return run_for_sizes(torch::zeros(input)).sizes().vec();
    }

    Precision precision() const noexcept final { return precision_; }

private:
    virtual at::Tensor run(const at::Tensor& input, const executor::TimingReceiver& timing) = 0;
    virtual at::Tensor run_for_sizes(const at::Tensor& input) = 0;

    Precision precision_;
    int threads_;
};

/// By LibTorch alone.
class InterpretedNetwork final : public TorchScriptNetwork {
public:
    InterpretedNetwork(const torch::jit::Module& module, c10::Device device, int threads)
        : TorchScriptNetwork(Precision::float32, threads),
          module_(module),
          code_(module.get_method("forward").graph(), "forward"),
          device_(device) {}

    bool is_planned() const noexcept override { return false; }

private:
    at::Tensor run(const at::Tensor& input, const executor::TimingReceiver&) override {
        return first_tensor(interpret(code_, {module_._ivalue(), input.to(device_)}).front())
            .to(c10::Device(c10::kCPU));
    }
    at::Tensor run_for_sizes(const at::Tensor& input) override { return run(input, {}); }

    torch::jit::Module module_;
    torch::jit::Code code_;
    c10::Device device_;
};

/// By the executor, with LibTorch in front of its plan or behind it. That is little: threads would
/// wait for each other longer than they work, and OpenMP's keep the CPU busy while they wait.
class PartlyPlannedNetwork final : public TorchScriptNetwork {
public:
    PartlyPlannedNetwork(LoweredNetwork network, const LoweringOptions& options,
                         executor::Workspace& workspace)
        : TorchScriptNetwork(options.precision, 1),
          network_(std::move(network), options.kernels, workspace) {}

    bool is_planned() const noexcept override { return true; }

private:
    at::Tensor run(const at::Tensor& input, const executor::TimingReceiver& timing) override {
        return network_.forward(input, timing);
    }
    at::Tensor run_for_sizes(const at::Tensor& input) override {
        return network_.forward_sizes(input);
    }

    PlannedNetwork network_;
};

/// Weights as constants of one graph. What LibTorch would do to them next, folding BatchNorm,
/// is left to the plan, which does it weight by weight and needs less memory.
std::shared_ptr<torch::jit::Graph> frozen_graph(const torch::jit::Module& module) {
    const auto frozen = torch::jit::freeze(module, {}, /*optimize_numerics=*/false);
    auto graph = frozen.get_method("forward").graph();
    // BatchNorm that was exported as a product and a sum.
    torch::jit::FoldFrozenConvMulOrDiv(graph);
    torch::jit::FoldFrozenConvAddOrSub(graph);
    torch::jit::EliminateDeadCode(graph);
    return graph;
}

std::unique_ptr<RunnableNetwork> runnable(LoweredNetwork network, const LoweringOptions& options,
                                          executor::Workspace& workspace) {
    if (network.before || network.after || network.sources.size() != 1) {
        return std::make_unique<PartlyPlannedNetwork>(std::move(network), options, workspace);
    }
    executor::NetworkPlan plan{.plan = std::move(network.plan),
                               .channels_first = network.sources.front().channels_first,
                               .output = network.results.front()};
    return std::make_unique<WholePlanNetwork>(std::move(plan), options.precision, options.kernels,
                                              workspace);
}

}  // namespace

std::unique_ptr<RunnableNetwork> load_torchscript(const PackageFile& file,
                                                  const TorchScriptOptions& options,
                                                  executor::Workspace& workspace) {
    // Loading moves weights from here to there: more threads would only wait.
    at::set_num_threads(1);
    check_is_torchscript(file);
    const auto device = prepare(options.device);
    const auto precision = available_precision(options.precision, options.kernels);
    const auto threads = static_cast<int>(workspace.pool.threads());
    auto module = torch::jit::load(std::make_shared<MemoryReader>(file.content()), device);
    release_pages(file.content());
    module.eval();
    if (options.kernels != nullptr) {
        const LoweringOptions lowering{
            .kernels = *options.kernels, .precision = precision, .threads = threads};
        auto lowered =
            lower(frozen_graph(module), lowering, [&] { module = torch::jit::Module(); });
        if (lowered) {
            return runnable(std::move(*lowered), lowering, workspace);
        }
    }
    if (options.precision != Precision::float32 && options.precision != Precision::automatic) {
        throw ModelError(ErrorCode::unsupported_hardware,
                         "'" + file.origin() + "' has operations that only run in precision fp32");
    }
    return std::make_unique<InterpretedNetwork>(torch::jit::freeze(module), device, threads);
}

}  // namespace speciesnet
