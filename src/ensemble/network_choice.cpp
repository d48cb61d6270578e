// SPDX-License-Identifier: Apache-2.0
#include "ensemble/network_choice.hpp"

#include "speciesnet/error.hpp"

#include "network/compiled_network.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

using executor::KernelSet;

std::string variant(const KernelSet& set) {
    return std::string(set.name) + ", " + std::string(name_of(set.precision));
}

/// Returns a sentence about a compiled file.
std::string passed_over(const PackageFile& compiled, const std::string& why) {
    return "'" + compiled.origin() + "' is not used: " + why;
}

/// What the user can do if the network is present.
constexpr const char* advice = "; run `speciesnet model compile` to compile it for this machine";

/// If the network is present, only a file for the best kernels gives bit-identical results.
NetworkChoice choose_with(const PackageFile& network, const Package& package,
                          const std::string& name, const NetworkOptions& options) {
    NetworkChoice choice{.file = network, .options = options};
    const auto* const best = compiled_for(options);
    if (best == nullptr) {
        return choice;
    }
    for (const auto& set : executor::kernel_sets()) {
        const auto file = package.find(compiled_file_name(name, set));
        if (!file) {
            continue;
        }
        const auto why =
            &set == best ? reason_against(*file, set, &network)
                         : "it is for " + variant(set) + ", and this run uses " + variant(*best);
        if (why.empty()) {
            choice.options.compiled = file;
            choice.passed_over.clear();
            return choice;
        }
        choice.passed_over.push_back(passed_over(*file, why) + advice);
    }
    return choice;
}

/// Returns all kernel sets, first those of a precision.
std::vector<const KernelSet*> best_first(Precision precision) {
    std::vector<const KernelSet*> sets;
    for (const auto& set : executor::kernel_sets()) {
        sets.insert(sets.begin(), &set);
    }
    std::stable_partition(sets.begin(), sets.end(), [precision](const KernelSet* set) {
        return set->precision == precision;
    });
    return sets;
}

/// Returns why a compiled file cannot replace an absent network; empty if it can.
std::string reason_against(const PackageFile& compiled, const KernelSet& set,
                           const NetworkOptions& options) {
    const bool is_wanted =
        options.precision == Precision::automatic
            ? set.precision == Precision::float32 || set.precision == Precision::bfloat16
            : set.precision == options.kernels->precision;
    if (!is_wanted) {
        return "it has precision " + std::string(name_of(set.precision));
    }
    if (!set.supported()) {
        return "this CPU cannot run " + variant(set);
    }
    return speciesnet::reason_against(compiled, set, nullptr);
}

}  // namespace

NetworkChoice choose_network(const Package& package, const std::string& name,
                             const NetworkOptions& options) {
    if (const auto network = package.find(name)) {
        return choose_with(*network, package, name, options);
    }
    std::string reasons;
    if (const auto* const wanted = compiled_for(options)) {
        for (const auto* const set : best_first(wanted->precision)) {
            auto file = package.find(compiled_file_name(name, *set));
            if (!file) {
                continue;
            }
            const auto why = reason_against(*file, *set, options);
            if (why.empty()) {
                NetworkChoice choice{.file = std::move(*file), .options = options};
                choice.options.kernels = set;
                return choice;
            }
            reasons += "; " + passed_over(*file, why);
        }
    }
    try {
        return {.file = package.read(name), .options = options};
    } catch (const ModelError& error) {
        throw ModelError(
            error.code(),
            error.what() + reasons +
                (reasons.empty()
                     ? ""
                     : "; run `speciesnet model compile --target` where the network is"));
    }
}

}  // namespace speciesnet
