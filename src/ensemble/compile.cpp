// SPDX-License-Identifier: Apache-2.0
// Lowers each network as for an ensemble, then writes the plan.
#include "speciesnet/compile.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "ensemble/calibration.hpp"
#include "network/network.hpp"
#include "network/network_file.hpp"
#include "system/files.hpp"
#include "system/threads.hpp"

#include <chrono>
#include <list>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace speciesnet {
namespace {

std::string joined(const std::set<std::string_view>& words, std::string_view between) {
    std::string text;
    for (const auto word : words) {
        text.append(text.empty() ? "" : between).append(word);
    }
    return text;
}

/// Written files of a package that are published together.
class PendingFiles {
public:
    explicit PendingFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::filesystem::path add(const std::string& name) {
        return files_.emplace_back(folder_ / utf8_path(name)).path();
    }

    /// Publishes all files or none: if one fails, removes those that were already published.
    void publish() {
        std::vector<std::filesystem::path> published;
        try {
            for (auto& file : files_) {
                file.publish();
                published.push_back(folder_ / file.path().filename());
            }
        } catch (...) {
            for (const auto& file : published) {
                std::error_code ignored;
                std::filesystem::remove(file, ignored);
            }
            throw;
        }
    }

private:
    std::filesystem::path folder_;
    std::list<PendingPath> files_;
};

/// @param ranges null for networks that are not calibrated
CompiledNetwork compile(const PackageFile& file, const std::string& name,
                        const executor::KernelSet& target, int threads,
                        const executor::ObservedRanges* ranges, PendingFiles& files) {
    const auto start = std::chrono::steady_clock::now();
    CompiledNetwork report{.network = name};
    auto lowered = NetworkFile(file).lower(target, threads, ranges);
    if (lowered.plan) {
        report.compiled = compiled_file_name(name, target);
        const auto output = files.add(report.compiled);
        write_compiled_network(*lowered.plan, target, file, output);
        report.bytes = std::filesystem::file_size(output);
    } else {
        report.reason = std::move(lowered.reason);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    report.seconds = taken.count();
    return report;
}

/// Returns kernels by the name of their instructions.
const executor::KernelSet& target_named(const std::string& name, Precision precision) {
    std::set<std::string_view> names;
    std::set<std::string_view> precisions;
    for (const auto& set : executor::kernel_sets()) {
        names.insert(set.name);
        if (set.name == name) {
            precisions.insert(name_of(set.precision));
        }
    }
    if (precisions.empty()) {
        throw InvalidArgument("unknown target '" + name + "': expected " + joined(names, " or "));
    }
    const auto* const found = executor::find_kernel_set(name, precision);
    if (found == nullptr) {
        throw ModelError(ErrorCode::unsupported_hardware,
                         name + " has no " + std::string(name_of(precision)) + "; it has " +
                             joined(precisions, " and "));
    }
    return *found;
}

const executor::KernelSet& target_of(const CompileOptions& options) {
    if (options.target.empty()) {
        return *compiled_for(network_options(options.precision));
    }
    if (options.precision == Precision::automatic) {
        const auto* const pairs = executor::find_kernel_set(options.target, Precision::bfloat16);
        return pairs != nullptr ? *pairs : target_named(options.target, Precision::float32);
    }
    return target_named(options.target, options.precision);
}

void check_calibration(const CompileOptions& options, const executor::KernelSet& target) {
    if (!options.calibration_photos) {
        return;
    }
    if (target.precision != Precision::int8) {
        throw InvalidArgument("only precision int8 can be calibrated, not " +
                              std::string(name_of(target.precision)));
    }
    if (options.calibration_photos->empty()) {
        throw InvalidArgument("there are no photos for calibration");
    }
}

}  // namespace

std::vector<CompiledNetwork> compile_package(const std::filesystem::path& package,
                                             const CompileOptions& options) {
    const int threads = thread_count(options.threads);
    const auto& target = target_of(options);
    check_calibration(options, target);
    // Makes the path absolute, so that a folder is never taken for the demonstration model.
    const auto opened = Package::open(utf8_text(std::filesystem::absolute(package)));
    std::optional<Calibration> calibration;
    if (options.calibration_photos) {
        calibration = calibrate(opened, *options.calibration_photos, options);
    }
    PendingFiles files(package);
    std::vector<CompiledNetwork> report;
    const auto compile_one = [&](const std::string& name, const executor::ObservedRanges* ranges) {
        if (options.progress) {
            options.progress(name);
        }
        report.push_back(compile(opened.read(name), name, target, threads, ranges, files));
    };
    compile_one(opened.info().detector, calibration ? &calibration->detector : nullptr);
    compile_one(opened.info().classifier, calibration ? &calibration->classifier : nullptr);
    files.publish();
    return report;
}

}  // namespace speciesnet
