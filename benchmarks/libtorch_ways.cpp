// SPDX-License-Identifier: Apache-2.0
// Compares ways in which LibTorch can run a network with its default:
//
//     libtorch_ways NETWORK.torchscript [--threads N] [--height H --width W]
//
// Huge pages apply to the process: run it again with GLIBC_TUNABLES=glibc.malloc.hugetlb=1.
#include "measure/machine.hpp"
#include "measure/timing.hpp"

#include <barrier>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/script.h>
#include <torch/version.h>
#if __has_include(<torch/csrc/jit/codegen/onednn/interface.h>)
#include <torch/csrc/jit/codegen/onednn/interface.h>
#define HAS_ONEDNN_GRAPH 1
#endif

namespace {

using namespace speciesnet::benchmark;

struct Arguments {
    std::string network;
    int threads = 1;
    std::int64_t height = 960;
    std::int64_t width = 1280;
};

Arguments parse(int count, char** values) {
    Arguments arguments;
    for (int at = 1; at < count; ++at) {
        const std::string word = values[at];
        if (word.starts_with("--") && at + 1 < count) {
            const int number = std::stoi(values[++at]);
            arguments.threads = word == "--threads" ? number : arguments.threads;
            arguments.height = word == "--height" ? number : arguments.height;
            arguments.width = word == "--width" ? number : arguments.width;
        } else {
            arguments.network = word;
        }
    }
    if (arguments.network.empty()) {
        throw std::invalid_argument(
            "usage: libtorch_ways NETWORK [--threads N] [--height H --width W]");
    }
    return arguments;
}

torch::Tensor first_of(const c10::IValue& output) {
    return output.isTuple() ? output.toTupleRef().elements()[0].toTensor() : output.toTensor();
}

using Forward = std::function<torch::Tensor(const torch::Tensor&)>;

torch::jit::Module load(const std::string& network) {
    auto module = torch::jit::load(network);
    module.eval();
    return module;
}

Forward through(const torch::jit::Module& module) {
    return [module = torch::jit::Module(module)](const torch::Tensor& input) mutable {
        return first_of(module.forward({input}));
    };
}

Forward plain(const std::string& network) {
    return through(load(network));
}

Forward frozen(const std::string& network) {
    return through(torch::jit::freeze(load(network)));
}

/// Without the profiling executor, which observes the first calls and then specialises.
Forward interpreted(const std::string& network) {
    const auto module = torch::jit::freeze(load(network));
    const torch::jit::Code code(module.get_method("forward").graph(), "forward");
    return [module, code](const torch::Tensor& input) {
        torch::jit::Stack stack{module._ivalue(), input};
        torch::jit::InterpreterState(code).run(stack);
        return first_of(stack.front());
    };
}

Forward optimised(const std::string& network) {
    auto module = load(network);
    return through(torch::jit::optimize_for_inference(module));
}

Forward channels_last(const std::string& network) {
    auto module = load(network);
    for (auto parameter : module.parameters()) {
        if (parameter.dim() == 4) {
            parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
        }
    }
    const auto forward = through(torch::jit::freeze(module));
    return [forward](const torch::Tensor& input) {
        return forward(input.contiguous(at::MemoryFormat::ChannelsLast));
    };
}

#ifdef HAS_ONEDNN_GRAPH
Forward onednn_graph(const std::string& network) {
    torch::jit::RegisterLlgaFuseGraph::setEnabled(true);
    return frozen(network);
}
#endif

struct Way {
    const char* name;
    Forward (*prepare)(const std::string&);
};

constexpr Way ways[] = {
    {"as loaded", plain},
    {"frozen, interpreter alone", interpreted},
    {"frozen", frozen},
    {"optimize_for_inference", optimised},
    {"frozen, channels-last", channels_last},
#ifdef HAS_ONEDNN_GRAPH
    {"frozen, oneDNN graph", onednn_graph},  // Last: the fuser stays registered.
#endif
};

/// Returns seconds for each image if each thread has its own image.
double time_streams(const Forward& forward, const torch::Tensor& input, int streams) {
    std::vector<double> taken(static_cast<std::size_t>(streams));
    std::barrier together(streams);
    std::vector<std::jthread> threads;
    for (auto& result : taken) {
        threads.emplace_back([&] {
            const c10::InferenceMode inference;
            at::set_num_threads(1);
            forward(input);
            together.arrive_and_wait();
            result = seconds([&] { forward(input); });
        });
    }
    threads.clear();
    return *std::max_element(taken.begin(), taken.end()) / streams;
}

void report(const Arguments& arguments) {
    const c10::InferenceMode inference;
    at::set_num_threads(arguments.threads);
    torch::manual_seed(1);
    const auto input = torch::rand({1, 3, arguments.height, arguments.width});
    std::printf("%s, %d threads, LibTorch %s\n%-28s %10s %8s %10s %14s\n", cpu_name().c_str(),
                arguments.threads, TORCH_VERSION, "", "s/image", "ratio", "streams", "differs by");
    torch::Tensor expected;
    double baseline = 0;
    for (const auto& way : ways) {
        try {
            const auto forward = way.prepare(arguments.network);
            const auto output = forward(input).contiguous();
            forward(input);
            const double taken = fastest([&] { forward(input); }, 0, 2);
            if (!expected.defined()) {
                expected = output.clone();
                baseline = taken;
            }
            std::printf("%-28s %10.3f %8.2f %10.3f %14.2g\n", way.name, taken, baseline / taken,
                        time_streams(forward, input, arguments.threads),
                        (output - expected).abs().max().item<double>());
        } catch (const std::exception& error) {
            const std::string text = error.what();
            std::printf("%-28s %s\n", way.name, text.substr(0, text.find('\n')).c_str());
        }
        std::fflush(stdout);
    }
}

}  // namespace

int main(int count, char** values) {
    try {
        report(parse(count, values));
    } catch (const std::exception& error) {
        std::cerr << "libtorch_ways: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
