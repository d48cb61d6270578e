// SPDX-License-Identifier: Apache-2.0
// Chooses how a network is loaded, and converts each exception to a typed error.
#include "network/network.hpp"

#include "speciesnet/error.hpp"

#include "network/network_file.hpp"
#include "network/network_threads.hpp"
#include "network/plan_borders.hpp"
#include "network/plan_network.hpp"
#include "network/precision.hpp"
#include "system/threads.hpp"
#include "torch_plugin/torch_plugin.hpp"

#include <exception>
#include <new>
#include <string>
#include <utility>

namespace speciesnet {

/// Either kind of network, and its properties.
struct Network::Loaded {
    std::unique_ptr<PlanNetwork> planned;
    std::unique_ptr<TorchNetwork> interpreted;
    Precision precision = Precision::float32;
    std::string reason_without_plan = {};
};

namespace {

/// Returns the first line of a LibTorch message. The rest is a C++ stack trace.
std::string first_line(const std::exception& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
}

}  // namespace

/// Reads the file if it has no usable compiled form.
std::unique_ptr<Network::Loaded> Network::load(const PackageFile& file,
                                               const NetworkOptions& options,
                                               executor::Workspace& workspace) {
    const auto target = compiled_for(options);
    const auto planned = [&](executor::NetworkPlan&& plan) {
        return std::make_unique<Loaded>(
            Loaded{.planned = std::make_unique<PlanNetwork>(std::move(plan), target->table(),
                                                            workspace, options.feature_maps),
                   .interpreted = nullptr,
                   .precision = target->precision});
    };
    if (is_compiled_network(file)) {
        if (auto plan =
                target != nullptr ? read_compiled_network(file, *target, nullptr) : std::nullopt) {
            return planned(std::move(*plan));
        }
        throw ModelError(ErrorCode::unsupported_hardware,
                         "'" + file.origin() + "' was compiled for another CPU or precision");
    }
    if (target != nullptr && options.compiled) {
        if (auto plan = read_compiled_network(*options.compiled, *target, &file)) {
            return planned(std::move(*plan));
        }
    }
    const auto threads = static_cast<int>(workspace.pool.threads());
    NetworkFile network_file(file);
    std::string reason;
    if (target) {
        auto lowered = network_file.lower(*target, threads);
        if (lowered.plan) {
            return planned(std::move(*lowered.plan));
        }
        reason = std::move(lowered.reason);
        if (target->precision != Precision::float32 && options.precision != Precision::automatic) {
            throw ModelError(ErrorCode::unsupported_hardware,
                             "'" + file.origin() + "' runs in precision fp32 only: " + reason);
        }
    }
    return std::make_unique<Loaded>(Loaded{
        .planned = nullptr,
        .interpreted = network_file.interpret({.device = options.device, .threads = threads}),
        .reason_without_plan = std::move(reason)});
}

NetworkOptions network_options(Precision precision, const Device& device) {
    return {.kernels = precision == Precision::automatic ? executor::automatic_kernel_set()
                                                         : executor::best_kernel_set(precision),
            .precision = precision,
            .device = device};
}

const executor::KernelSet* compiled_for(const NetworkOptions& options) {
    const auto* const kernels = options.device.is_cuda ? nullptr : options.kernels;
    require_precision(options.precision, kernels);
    return kernels;
}

Network::Network(const PackageFile& file, std::shared_ptr<NetworkThreads> threads,
                 const NetworkOptions& options)
    : origin_(file.origin()), threads_(std::move(threads)) {
    // On a separate thread, so that two networks can be loaded concurrently, and so that the
    // caller's LibTorch thread count, which is per thread, does not change.
    Background<std::unique_ptr<Loaded>> loading([&] {
        try {
            return load(file, options, threads_->queue_->workspace());
        } catch (const Error&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            throw ModelError(ErrorCode::model_invalid,
                             "'" + file.origin() + "' cannot be loaded: " + first_line(error));
        }
    });
    network_ = loading.get();
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

const executor::NetworkPlan* Network::plan() const noexcept {
    return network_->planned ? &network_->planned->plan() : nullptr;
}

const std::string& Network::reason_without_plan() const noexcept {
    return network_->reason_without_plan;
}

Precision Network::precision() const noexcept {
    return network_->precision;
}

template <typename Work>
auto Network::in_turn(Work work) const {
    decltype(work()) result;
    threads_->queue_->run([&] {
        try {
            result = work();
        } catch (const Error&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            throw ModelError(ErrorCode::network_failed,
                             "'" + origin_ + "' failed: " + first_line(error));
        }
    });
    return result;
}

FloatArray Network::forward(const FloatArray& input, const executor::TimingReceiver& timing) const {
    return in_turn([&] {
        return network_->planned ? network_->planned->forward(input, timing)
                                 : network_->interpreted->forward(input);
    });
}

FloatArray Network::forward(const executor::InputPictures& pictures, bool channels_first) const {
    return in_turn([&] {
        return network_->planned
                   ? network_->planned->forward(pictures)
                   : network_->interpreted->forward(array_of(pictures, channels_first));
    });
}

std::vector<std::int64_t> Network::output_shape(
    const std::vector<std::int64_t>& input_shape) const {
    return in_turn([&] {
        if (network_->planned) {
            return network_->planned->output_shape(input_shape);
        }
        std::size_t count = 1;
        for (const auto size : input_shape) {
            count *= static_cast<std::size_t>(size);
        }
        const FloatArray zeros{.shape = input_shape, .values = std::vector<float>(count)};
        return network_->interpreted->forward(zeros).shape;
    });
}

}  // namespace speciesnet
