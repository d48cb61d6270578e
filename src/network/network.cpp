// Loads TorchScript and runs it. Nothing of LibTorch leaves this file but plain arrays and typed
// errors.
#include "network/network.hpp"

#include "speciesnet/error.hpp"

#include "network/device.hpp"
#include "network/interpreter.hpp"
#include "network/network_threads.hpp"
#include "network/planned_network.hpp"
#include "network/precision.hpp"
#include "system/background.hpp"
#include "system/huge_pages.hpp"
#include "system/mapped_file.hpp"

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

/// The first line of a LibTorch message: the rest is a C++ stack.
std::string first_line(const std::exception& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
}

/// A network that is run by LibTorch alone.
class InterpretedNetwork {
public:
    explicit InterpretedNetwork(const torch::jit::Module& module, c10::Device device)
        : module_(module),
          code_(module.get_method("forward").graph(), "forward"),
          device_(device) {}

    at::Tensor forward(const at::Tensor& input) const {
        return first_tensor(interpret(code_, {module_._ivalue(), input.to(device_)}).front())
            .to(c10::Device(c10::kCPU));
    }

private:
    torch::jit::Module module_;
    torch::jit::Code code_;
    c10::Device device_;
};

}  // namespace

class Network::Module {
public:
    Module(const PackageFile& file, const NetworkOptions& options, executor::Workspace& workspace)
        : origin_(file.origin()), threads_(static_cast<int>(workspace.pool.threads())) {
        // Loading moves weights from here to there: more threads would only wait.
        at::set_num_threads(1);
        check_is_torchscript(file);
        const auto device = prepare(options.device);
        const auto* const kernels = options.instruction_set && !options.device.is_cuda
                                        ? &executor::kernels(*options.instruction_set)
                                        : nullptr;
        precision_ = available_precision(options.precision, kernels);
        auto module = torch::jit::load(std::make_shared<MemoryReader>(file.content()), device);
        release_pages(file.content());
        module.eval();
        if (kernels != nullptr) {
            planned_ = PlannedNetwork::make(
                frozen_graph(module),
                {.kernels = *kernels, .precision = precision_, .threads = threads_}, workspace,
                [&] { module = torch::jit::Module(); });
        }
        if (!planned_) {
            interpret_only(module, device, options.precision);
        }
    }

    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing) const {
        const c10::InferenceMode inference;
        set_threads();
        // from_blob() wants a pointer to mutable data; the networks never write to their input.
        const auto tensor =
            torch::from_blob(const_cast<float*>(input.values.data()), input.shape, torch::kFloat32);
        const auto output =
            (planned_ ? planned_->forward(tensor, timing) : interpreted_->forward(tensor))
                .to(torch::kFloat32)
                .contiguous();
        FloatArray result;
        result.shape.assign(output.sizes().begin(), output.sizes().end());
        result.values.assign(output.data_ptr<float>(), output.data_ptr<float>() + output.numel());
        return result;
    }

    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input_shape) const {
        const c10::InferenceMode inference;
        set_threads();
        const auto input = torch::zeros(input_shape);
        return (planned_ ? planned_->forward_sizes(input) : interpreted_->forward(input))
            .sizes()
            .vec();
    }

    const std::string& origin() const noexcept { return origin_; }
    bool is_planned() const noexcept { return planned_ != nullptr; }
    Precision precision() const noexcept { return precision_; }

private:
    void set_threads() const {
        // What a planned network leaves to LibTorch is little: threads would wait for each other
        // longer than they work, and OpenMP's keep the CPU busy while they wait.
        at::set_num_threads(planned_ ? 1 : threads_);
    }

    void interpret_only(const torch::jit::Module& module, c10::Device device, Precision wanted) {
        if (wanted != Precision::float32 && wanted != Precision::automatic) {
            throw ModelError(ErrorCode::unsupported_hardware,
                             "'" + origin_ + "' has operations that only run in precision fp32");
        }
        precision_ = Precision::float32;
        interpreted_.emplace(torch::jit::freeze(module), device);
    }

    /// Weights as constants of one graph. What LibTorch would do to them next, folding BatchNorm,
    /// is left to the plan, which does it weight by weight and needs less memory.
    static std::shared_ptr<torch::jit::Graph> frozen_graph(const torch::jit::Module& module) {
        const auto frozen = torch::jit::freeze(module, {}, /*optimize_numerics=*/false);
        auto graph = frozen.get_method("forward").graph();
        // BatchNorm that was exported as a product and a sum.
        torch::jit::FoldFrozenConvMulOrDiv(graph);
        torch::jit::FoldFrozenConvAddOrSub(graph);
        torch::jit::EliminateDeadCode(graph);
        return graph;
    }

    std::string origin_;
    int threads_;
    Precision precision_ = Precision::float32;
    std::unique_ptr<PlannedNetwork> planned_;
    std::optional<InterpretedNetwork> interpreted_;
};

Network::Network(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
                 const NetworkOptions& options)
    : threads_(std::move(threads)) {
    // On a thread of its own, so that two networks can be loaded at once and LibTorch's number of
    // threads, which belongs to the calling thread, stays the caller's.
    Background<std::unique_ptr<Module>> loading([&] {
        try {
            return std::make_unique<Module>(file, options, threads_->queue_->workspace());
        } catch (const Error&) {
            throw;
        } catch (const std::exception& error) {
            throw ModelError(
                ErrorCode::model_invalid,
                "'" + file.origin() + "' is no usable TorchScript: " + first_line(error));
        }
    });
    module_ = loading.get();
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

bool Network::is_planned() const noexcept {
    return module_->is_planned();
}

Precision Network::precision() const noexcept {
    return module_->precision();
}

template <typename Work>
auto Network::in_turn(Work work) const {
    decltype(work()) result;
    threads_->queue_->run([&] {
        try {
            result = work();
        } catch (const Error&) {
            throw;
        } catch (const std::exception& error) {
            throw ModelError(ErrorCode::network_failed,
                             "'" + module_->origin() + "' failed: " + first_line(error));
        }
    });
    return result;
}

FloatArray Network::forward(const FloatArray& input, const executor::TimingReceiver& timing) const {
    return in_turn([&] { return module_->forward(input, timing); });
}

std::vector<std::int64_t> Network::output_shape(
    const std::vector<std::int64_t>& input_shape) const {
    return in_turn([&] { return module_->output_shape(input_shape); });
}

}  // namespace speciesnet
