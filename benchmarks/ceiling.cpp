// SPDX-License-Identifier: Apache-2.0
// Measures the best speed of each distinct convolution of a network with this LibTorch, and hence
// the minimum time that LibTorch needs for the network:
//
//     ceiling NETWORK.torchscript [--threads N] [--height H --width W | --crops N] [--shapes]
//
// Each shape is timed as LibTorch's NCHW convolution, channels-last, and in oneDNN's blocked format
// with weights packed beforehand; by default on N threads, with --streams as N convolutions at once
// on one thread each. If LibTorch has it, mkldnn::_convolution_pointwise, which also computes SiLU,
// is added up too. --shapes only lists the convolutions, for onednn_primitives.
#include "measure/convolutions.hpp"
#include "measure/machine.hpp"
#include "measure/timing.hpp"

#include <algorithm>
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/core/ivalue.h>
#include <torch/script.h>
#include <torch/version.h>

namespace {

using namespace speciesnet::benchmark;

struct Arguments {
    std::string network;
    int threads = 1;
    bool streams = false;
    bool shapes = false;
    std::vector<std::int64_t> input = {1, 3, 960, 1280};
};

Arguments parse(int count, char** values) {
    Arguments arguments;
    for (int at = 1; at < count; ++at) {
        const std::string word = values[at];
        const auto number = [&] {
            if (at + 1 == count) {
                throw std::invalid_argument(word + " needs a number");
            }
            return std::stoi(values[++at]);
        };
        if (word == "--threads") {
            arguments.threads = number();
        } else if (word == "--streams") {
            arguments.streams = true;
        } else if (word == "--shapes") {
            arguments.shapes = true;
        } else if (word == "--height") {
            arguments.input[2] = number();
        } else if (word == "--width") {
            arguments.input[3] = number();
        } else if (word == "--crops") {
            arguments.input = {number(), 480, 480, 3};
        } else {
            arguments.network = word;
        }
    }
    if (arguments.network.empty()) {
        throw std::invalid_argument(
            "usage: ceiling NETWORK [--threads N] [--streams] [--height H --width W | --crops N] "
            "[--shapes]\n"
            "measures a detector on one picture of 960 × 1280; a classifier needs --crops");
    }
    return arguments;
}

/// Three ways to run a convolution; each returns the work to repeat.
using Repeated = std::function<void()>;

struct Way {
    const char* name;
    Repeated (*prepare)(const Convolution&);
};

Repeated prepare_plain(const Convolution& shape) {
    return [&shape, input = torch::rand(shape.input), weight = torch::rand(shape.weight)] {
        at::conv2d(input, weight, {}, shape.stride, shape.padding, shape.dilation, shape.groups);
    };
}

Repeated prepare_channels_last(const Convolution& shape) {
    const auto last = at::MemoryFormat::ChannelsLast;
    return [&shape, input = torch::rand(shape.input).contiguous(last),
            weight = torch::rand(shape.weight).contiguous(last)] {
        at::conv2d(input, weight, {}, shape.stride, shape.padding, shape.dilation, shape.groups);
    };
}

Repeated prepare_blocked(const Convolution& shape) {
    const auto plain = torch::rand(shape.weight);
    const auto weight = at::mkldnn_reorder_conv2d_weight(
        plain.to_mkldnn(), shape.padding, shape.stride, shape.dilation, shape.groups);
    // A first convolution converts the input to the format that oneDNN prefers for the neighbours
    // of this shape.
    return [&shape, input = torch::rand(shape.input).to_mkldnn(), weight] {
        at::mkldnn_convolution(input, weight, {}, shape.padding, shape.stride, shape.dilation,
                               shape.groups);
    };
}

/// Returns a fused convolution and SiLU; nothing if this LibTorch lacks the operation.
Repeated prepare_pointwise(const Convolution& shape) {
    auto& dispatcher = c10::Dispatcher::singleton();
    const auto reorder = dispatcher.findSchema({"mkldnn::_reorder_convolution_weight", ""});
    const auto convolve = dispatcher.findSchema({"mkldnn::_convolution_pointwise", ""});
    if (!reorder || !convolve) {
        return {};
    }
    torch::jit::Stack weight{torch::rand(shape.weight),
                             shape.padding,
                             shape.stride,
                             shape.dilation,
                             shape.groups,
                             shape.input};
    reorder->callBoxed(weight);
    const torch::jit::Stack arguments{
        torch::rand(shape.input).contiguous(at::MemoryFormat::ChannelsLast),
        weight.front(),
        c10::IValue(),
        shape.padding,
        shape.stride,
        shape.dilation,
        shape.groups,
        "swish",
        c10::impl::GenericList(c10::OptionalType::create(c10::NumberType::get())),
        ""};
    return [convolve, arguments] {
        auto stack = arguments;
        convolve->callBoxed(stack);
    };
}

constexpr Way with_silu{"with SiLU", prepare_pointwise};
constexpr Way ways[] = {{"NCHW", prepare_plain},
                        {"channels-last", prepare_channels_last},
                        {"blocked", prepare_blocked}};

/// Returns seconds for one convolution: on all threads together, or one on each busy thread.
double time_convolution(const Way& way, const Convolution& shape, const Arguments& arguments) {
    if (!arguments.streams) {
        return fastest(way.prepare(shape), 0.05, 3);
    }
    std::vector<double> taken(static_cast<std::size_t>(arguments.threads));
    std::barrier together(arguments.threads);
    std::vector<std::jthread> threads;
    for (auto& result : taken) {
        threads.emplace_back([&] {
            const c10::InferenceMode inference;
            at::set_num_threads(1);
            const auto work = way.prepare(shape);
            work();
            together.arrive_and_wait();
            result = fastest(work, 0.05, 3);
        });
    }
    threads.clear();
    return *std::max_element(taken.begin(), taken.end()) / arguments.threads;
}

struct Best {
    double seconds = 0;
    const char* way = "";
};

Best best_of(const Convolution& shape, const Arguments& arguments) {
    Best best{std::numeric_limits<double>::infinity(), ""};
    for (const auto& way : ways) {
        const double taken = time_convolution(way, shape, arguments);
        if (taken < best.seconds) {
            best = {taken, way.name};
        }
    }
    return best;
}

/// Prints the count, then all sizes, as plain numbers.
void print_shape(const Convolution& shape, int times) {
    std::printf("%d", times);
    for (const auto* const sizes :
         {&shape.input, &shape.weight, &shape.stride, &shape.padding, &shape.dilation}) {
        for (const auto size : *sizes) {
            std::printf(" %lld", static_cast<long long>(size));
        }
    }
    std::printf(" %lld\n", static_cast<long long>(shape.groups));
}

void report(const Arguments& arguments) {
    const c10::InferenceMode inference;
    at::set_num_threads(arguments.threads);
    auto module = torch::jit::load(arguments.network);
    module.eval();
    module = torch::jit::freeze(module);
    double network_seconds = 0;
    const auto convolutions = record_convolutions([&] {
        try {
            network_seconds = seconds([&] { module.forward({torch::rand(arguments.input)}); });
        } catch (const c10::Error&) {
            throw std::invalid_argument("the network does not take an input of " +
                                        to_text(arguments.input) +
                                        "; a classifier needs --crops N");
        }
    });
    if (arguments.shapes) {
        for (const auto& [shape, times] : convolutions) {
            print_shape(shape, times);
        }
        return;
    }
    const bool has_silu = !convolutions.empty() && prepare_pointwise(convolutions.begin()->first);

    std::printf("%s, %d threads%s, LibTorch %s\n", cpu_name().c_str(), arguments.threads,
                arguments.streams ? " as one-thread streams" : "", TORCH_VERSION);
    std::printf("%-34s %-22s %5s %8s %9s %-14s\n", "input", "weight", "times", "GFLOP", "GFLOP/s",
                "best as");
    double total_flop = 0;
    double total_seconds = 0;
    double seconds_with_silu = 0;
    for (const auto& [shape, times] : convolutions) {
        const auto best = best_of(shape, arguments);
        std::printf("%-34s %-22s %5d %8.3f %9.1f %-14s\n", to_text(shape.input).c_str(),
                    to_text(shape.weight).c_str(), times, shape.operations() * 1e-9,
                    shape.operations() / best.seconds * 1e-9, best.way);
        total_flop += shape.operations() * times;
        total_seconds += best.seconds * times;
        if (has_silu) {
            seconds_with_silu += time_convolution(with_silu, shape, arguments) * times;
        }
    }
    std::printf("convolutions: %.1f GFLOP, at best %.3f s = %.1f GFLOP/s\n", total_flop * 1e-9,
                total_seconds, total_flop / total_seconds * 1e-9);
    if (has_silu) {
        std::printf("the same with SiLU (mkldnn::_convolution_pointwise): %.3f s\n",
                    seconds_with_silu);
    }
    std::printf("the frozen network as LibTorch runs it, first call: %.3f s\n", network_seconds);
    const double limit = multiply_add_rate(best_vector_set(), arguments.threads);
    std::printf("multiply-adds in registers (%s): %.1f GFLOP/s\n", name(best_vector_set()),
                limit * 1e-9);
}

}  // namespace

int main(int count, char** values) {
    try {
        report(parse(count, values));
    } catch (const std::exception& error) {
        std::cerr << "ceiling: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
