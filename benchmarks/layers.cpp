// SPDX-License-Identifier: Apache-2.0
// layers: networks of the published ones' layers, YOLOv5x6 and EfficientNetV2-M, with random
// weights, straight from the executor: no file, no package. Prints the time of whole runs and, for
// each kind of operation, the sum of the least times of its operations in any run, which leaves out
// most of the time that other programs take, and the limit of the machine.
#include "executor/plan_run.hpp"
#include "executor/workspace.hpp"
#include "measure/machine.hpp"
#include "measure/operation_table.hpp"
#include "measure/random_networks.hpp"
#include "measure/timing.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace speciesnet;
using namespace speciesnet::executor;

void measure(const benchmark::RandomNetwork& network, int threads, int runs) {
    const auto& size = network.input;
    Workspace workspace(threads);
    PlanRun run(network.plan, network.kernels.table(), workspace);
    const auto input = benchmark::RandomNumbers().next(size.pixels() * size.channels, 1);
    const std::vector pictures{dense_pictures(input.data(), size, false)};
    std::vector<double> whole;
    std::vector<OperationTiming> least;
    for (int i = 0; i < runs; ++i) {
        std::size_t step = 0;
        whole.push_back(benchmark::seconds([&] {
            run.run(pictures, [&](const OperationTiming& timing) {
                if (i == 0) {
                    least.push_back(timing);
                }
                least[step].seconds = std::min(least[step].seconds, timing.seconds);
                ++step;
            });
        }));
    }
    std::sort(whole.begin(), whole.end());

    std::printf("%d runs, %d threads: best %.1f ms, median %.1f ms; operations' best:\n", runs,
                threads, whole.front() * 1e3, whole[whole.size() / 2] * 1e3);
    benchmark::print_operations(least,
                                {.bandwidth = benchmark::copy_bandwidth(),
                                 .rate = benchmark::multiply_add_rate(network.kernels, threads)});
}

int usage() {
    std::fprintf(stderr,
                 "usage: layers %s THREADS RUNS\n"
                 "e.g.   layers detector amx bfloat16 2 10\n",
                 benchmark::network_arguments);
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 6) {
        return usage();
    }
    const auto network = benchmark::random_network(std::span<char* const, 3>(arguments + 1, 3));
    const int threads = std::atoi(arguments[4]);
    const int runs = std::atoi(arguments[5]);
    if (!network || threads < 1 || runs < 1) {
        return usage();
    }
    std::printf("%s, %s, %s, %s: ", benchmark::cpu_name().c_str(), arguments[1], arguments[2],
                arguments[3]);
    measure(*network, threads, runs);
    return 0;
}
