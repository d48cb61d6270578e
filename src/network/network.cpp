// Which way a network is loaded. Whatever it throws becomes a typed error here.
#include "network/network.hpp"

#include "speciesnet/error.hpp"

#include "network/network_threads.hpp"
#include "network/precision.hpp"
#include "network/torch_functions.hpp"
#include "system/background.hpp"

#include <exception>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

/// The first line of a LibTorch message: the rest is a C++ stack.
std::string first_line(const std::exception& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
}

const executor::Kernels* kernels_for(const NetworkOptions& options) {
    return options.instruction_set && !options.device.is_cuda
               ? &executor::kernels(*options.instruction_set)
               : nullptr;
}

std::unique_ptr<RunnableNetwork> load(const PackageFile& file, const NetworkOptions& options,
                                      executor::Workspace& workspace) {
    const auto target = compiled_for(options);
    if (target && options.compiled) {
        if (auto plan = read_compiled_network(*options.compiled, *target, file)) {
            return std::make_unique<WholePlanNetwork>(std::move(*plan), target->precision,
                                                      target->kernels(), workspace);
        }
    }
    return torch_functions().load_torchscript(
        file,
        {.kernels = kernels_for(options), .precision = options.precision, .device = options.device},
        workspace);
}

}  // namespace

NetworkOptions network_options(Precision precision, const Device& device) {
    return {.instruction_set = precision == Precision::float32
                                   ? executor::best_instruction_set()
                                   : executor::best_reduced_instruction_set(),
            .precision = precision,
            .device = device};
}

std::optional<CompiledFor> compiled_for(const NetworkOptions& options) {
    const auto* const kernels = kernels_for(options);
    if (kernels == nullptr) {
        return std::nullopt;
    }
    return CompiledFor{.instruction_set = *options.instruction_set,
                       .precision = available_precision(options.precision, kernels)};
}

Network::Network(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
                 const NetworkOptions& options)
    : origin_(file.origin()), threads_(std::move(threads)) {
    // On a thread of its own, so that two networks can be loaded at once and LibTorch's number of
    // threads, which belongs to the calling thread, stays the caller's.
    Background<std::unique_ptr<RunnableNetwork>> loading([&] {
        try {
            return load(file, options, threads_->queue_->workspace());
        } catch (const Error&) {
            throw;
        } catch (const std::exception& error) {
            throw ModelError(
                ErrorCode::model_invalid,
                "'" + file.origin() + "' is no usable TorchScript: " + first_line(error));
        }
    });
    network_ = loading.get();
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

bool Network::is_planned() const noexcept {
    return network_->is_planned();
}

const executor::NetworkPlan* Network::whole_plan() const noexcept {
    return network_->whole_plan();
}

Precision Network::precision() const noexcept {
    return network_->precision();
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
                             "'" + origin_ + "' failed: " + first_line(error));
        }
    });
    return result;
}

FloatArray Network::forward(const FloatArray& input, const executor::TimingReceiver& timing) const {
    return in_turn([&] { return network_->forward(input, timing); });
}

std::vector<std::int64_t> Network::output_shape(
    const std::vector<std::int64_t>& input_shape) const {
    return in_turn([&] { return network_->output_shape(input_shape); });
}

}  // namespace speciesnet
