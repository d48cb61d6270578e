// SPDX-License-Identifier: Apache-2.0
// scaling: what more cores would give. Runs a network of random weights with 1 to 64 threads, one
// item at a time, and measures each item and what runs between the operations' items. From these a
// model of the thread pool tells the time on as many cores: it starts all threads at once, gives
// each its part of the items, and lets it help the others. Memory is as fast for all cores together
// as for one in this model, and no clock slows down, so that it is a lower bound of the time.
// Prints the model beside a run on the cores that there are.
#include "executor/plan_run.hpp"
#include "executor/workspace.hpp"
#include "measure/machine.hpp"
#include "measure/random_networks.hpp"
#include "measure/timing.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <queue>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace speciesnet;
using namespace speciesnet::executor;

constexpr std::array core_counts{1, 2, 4, 8, 16, 32, 64};
constexpr int rounds = 2;

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

using Items = std::vector<double>;  ///< Seconds of each item of one run of the pool.

struct Measured {
    std::string name;
    std::vector<Items> runs;
    double serial = 0;  ///< Seconds before, between and after the runs.
};

/// What ThreadPool does with items that take this long, on a core for each thread.
double makespan(const Items& items, std::size_t threads) {
    struct Part {
        std::size_t next, end;
    };
    std::vector<Part> parts(threads);
    for (std::size_t part = 0; part < threads; ++part) {
        parts[part] = {items.size() * part / threads, items.size() * (part + 1) / threads};
    }
    using Free = std::pair<double, std::size_t>;  ///< When which thread has nothing to do.
    std::priority_queue<Free, std::vector<Free>, std::greater<>> free;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        free.emplace(0, thread);
    }
    double end = 0;
    while (!free.empty()) {
        const auto [time, thread] = free.top();
        free.pop();
        end = std::max(end, time);
        for (std::size_t i = 0; i < threads; ++i) {
            auto& part = parts[(thread + i) % threads];
            if (part.next < part.end) {
                free.emplace(time + items[part.next++], thread);
                break;
            }
        }
    }
    return end;
}

/// A network's operations, items one at a time, each with the least time of some rounds.
std::vector<Measured> measure_items(const benchmark::RandomNetwork& network, int threads,
                                    const std::vector<InputPictures>& pictures) {
    using Clock = std::chrono::steady_clock;
    Workspace workspace(threads);
    PlanRun run(network.plan, network.kernels.table(), workspace);
    std::mutex one_at_a_time;
    Measured measured;
    Clock::time_point idle_since;
    workspace.pool.decorate([&](std::size_t items, const ThreadPool::Work& work) {
        measured.serial += seconds_since(idle_since);
        measured.runs.emplace_back(items);
        return [&, index = measured.runs.size() - 1](std::size_t item, std::size_t thread) {
            const std::lock_guard lock(one_at_a_time);
            const auto start = Clock::now();
            work(item, thread);
            idle_since = Clock::now();
            measured.runs[index][item] = std::chrono::duration<double>(idle_since - start).count();
        };
    });
    std::vector<Measured> least;
    for (int round = 0; round < rounds; ++round) {
        std::size_t operation = 0;
        measured = {};
        idle_since = Clock::now();
        run.run(pictures, [&](const OperationTiming& timing) {
            measured.serial += seconds_since(idle_since);
            measured.name = timing.name;
            if (round == 0) {
                least.push_back(measured);
            }
            auto& best = least[operation++];
            best.serial = std::min(best.serial, measured.serial);
            for (std::size_t i = 0; i < best.runs.size(); ++i) {
                std::ranges::transform(best.runs[i], measured.runs[i], best.runs[i].begin(),
                                       [](double a, double b) { return std::min(a, b); });
            }
            measured = {};
            idle_since = Clock::now();
        });
    }
    return least;
}

/// The least wall time of some runs.
double run_seconds(const benchmark::RandomNetwork& network, int threads,
                   const std::vector<InputPictures>& pictures) {
    Workspace workspace(threads);
    PlanRun run(network.plan, network.kernels.table(), workspace);
    return benchmark::fastest([&] { run.run(pictures); }, 0, rounds);
}

/// What a run of a pool of two threads takes if there is nothing to do.
double dispatch_seconds() {
    constexpr int count = 10'000;
    ThreadPool pool(2);
    const double taken = benchmark::seconds([&] {
        for (int i = 0; i < count; ++i) {
            pool.run(2, [](std::size_t, std::size_t) {});
        }
    });
    return taken / count;
}

struct Model {
    double seconds = 0;
    double work = 0;    ///< Of all items.
    double serial = 0;  ///< Between the items.
    std::size_t runs = 0;
    std::map<std::string, double> idle;  ///< Seconds that cores wait, for each kind of operation.
};

Model model_of(const std::vector<Measured>& operations, std::size_t threads) {
    Model model;
    for (const auto& operation : operations) {
        for (const auto& items : operation.runs) {
            double sum = 0;
            for (const double item : items) {
                sum += item;
            }
            const double time = makespan(items, threads);
            model.seconds += time;
            model.work += sum;
            model.idle[operation.name] += time * static_cast<double>(threads) - sum;
        }
        model.serial += operation.serial;
        model.runs += operation.runs.size();
    }
    return model;
}

void report_idle(const Model& model, int cores) {
    std::vector<std::pair<double, std::string>> sorted;
    for (const auto& [name, seconds] : model.idle) {
        sorted.emplace_back(seconds, name);
    }
    std::ranges::sort(sorted, std::greater<>());
    sorted.resize(std::min<std::size_t>(sorted.size(), 6));
    std::printf("\nshare of %d cores' time that is lost to waiting, by operation:\n", cores);
    for (const auto& [seconds, name] : sorted) {
        std::printf("%6.1f %%  %s\n", 100 * seconds / (model.seconds * cores), name.c_str());
    }
}

void report(const benchmark::RandomNetwork& network, int images) {
    const auto input =
        benchmark::RandomNumbers().next(network.input.pixels() * network.input.channels, 1);
    const std::vector pictures{dense_pictures(input.data(), network.input, false)};
    const double dispatch = dispatch_seconds();
    std::printf("%5s %9s %9s %9s %11s %9s %16s\n", "cores", "model ms", "speed-up", "run ms",
                "serial ms", "idle", "streams x cores");
    std::map<int, double> seconds;
    std::map<int, Model> models;
    for (const int cores : core_counts) {
        const auto threads = static_cast<std::size_t>(cores);
        const auto model = model_of(measure_items(network, cores, pictures), threads);
        models[cores] = model;
        // With more threads than cores, the time between items includes waking up threads.
        const double serial = models.at(1).serial;
        const double dispatched = cores > 1 ? dispatch * static_cast<double>(model.runs) : 0.0;
        const double total = (model.seconds + serial + dispatched) / images;
        seconds[cores] = total;
        // Images per second of streams side by side, each with its share of the cores.
        std::pair<double, int> best{0, 1};
        for (const auto& [part, time] : seconds) {
            best = std::max(best, {cores / part / time, cores / part});
        }
        std::printf("%5d %9.1f %8.1fx", cores, total * 1e3, seconds.at(1) / total);
        if (threads <= std::thread::hardware_concurrency()) {
            std::printf(" %9.1f", run_seconds(network, cores, pictures) / images * 1e3);
        } else {
            std::printf(" %9s", "-");
        }
        std::printf(" %11.1f %7.1f %% %9d x %d: %.2f/s\n", serial / images * 1e3,
                    100 * (1 - model.work / (model.seconds * cores)), best.second,
                    cores / best.second, best.first);
        std::fflush(stdout);
    }
    std::printf("%zu runs of the pool, %.1f us each on two cores with nothing to do\n",
                models.at(1).runs, dispatch * 1e6);
    report_idle(models.at(16), 16);
    report_idle(models.at(64), 64);
}

int usage() {
    std::fprintf(stderr,
                 "usage: scaling %s IMAGES\n"
                 "e.g.   scaling detector avx2 float32 1\n",
                 benchmark::network_arguments);
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        return usage();
    }
    auto network = benchmark::random_network(std::span<char* const, 3>(arguments + 1, 3));
    const int images = std::atoi(arguments[4]);
    if (!network || images < 1) {
        return usage();
    }
    network->input.images = static_cast<std::size_t>(images);
    std::printf("%s, %s, %s, %s, %d images together, times for one of them\n",
                benchmark::cpu_name().c_str(), arguments[1], arguments[2], arguments[3], images);
    report(*network, images);
    return 0;
}
