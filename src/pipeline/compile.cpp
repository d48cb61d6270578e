// Loads each network as an ensemble does, then writes it.
#include "speciesnet/compile.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"

#include "import/package_import.hpp"
#include "network/network.hpp"
#include "system/pending_path.hpp"

#include <chrono>
#include <memory>

namespace speciesnet {
namespace {

CompiledNetwork compile(const std::filesystem::path& folder, const PackageFile& file,
                        const std::string& name, const CompiledFor& target,
                        const std::shared_ptr<NetworkThreads>& threads) {
    const auto start = std::chrono::steady_clock::now();
    const Network network(
        file, threads, {.instruction_set = target.instruction_set, .precision = target.precision});
    const auto* const plan = network.whole_plan();
    if (plan == nullptr) {
        throw ModelError(ErrorCode::model_contract,
                         "'" + file.origin() +
                             "' has operations that are left to LibTorch, so it is not compiled");
    }
    CompiledNetwork report{.network = name, .compiled = compiled_file_name(name, target)};
    PendingPath pending(folder / report.compiled);
    write_compiled_network(*plan, target, file, pending.path());
    report.bytes = std::filesystem::file_size(pending.path());
    pending.publish();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    report.seconds = taken.count();
    return report;
}

}  // namespace

std::vector<CompiledNetwork> compile_package(const std::filesystem::path& package,
                                             const CompileOptions& options) {
    const auto opened = open_folder(package);
    const auto target = compiled_for(network_options(options.precision));
    if (!target) {
        throw ModelError(ErrorCode::unsupported_hardware,
                         "networks are compiled for CPUs with AVX2 and FMA only");
    }
    const auto threads = std::make_shared<NetworkThreads>(options.threads);
    std::vector<CompiledNetwork> report;
    for (const auto& name : {opened.info().detector, opened.info().classifier}) {
        if (options.progress) {
            options.progress(name);
        }
        report.push_back(compile(package, opened.read(name), name, *target, threads));
    }
    return report;
}

}  // namespace speciesnet
