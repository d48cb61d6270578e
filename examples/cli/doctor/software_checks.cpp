// SPDX-License-Identifier: Apache-2.0
// Each check says what to do about a problem.
#include "software_checks.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/runtime.hpp"
#include "speciesnet/utf8_path.hpp"

#include "paths.hpp"

#include <algorithm>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// Returns whether a library is the reference BLAS of Debian and Ubuntu: …/blas/libblas.so.3.
bool is_plain_blas(const fs::path& library) {
    return library.parent_path().filename() == "blas";
}

}  // namespace

Check check_torch() {
    try {
        const auto info = runtime_info();
        return {
            .name = "LibTorch",
            .verdict = Verdict::fine,
            .text = info.torch_version + ", kernels for " +
                    (info.cpu_capability.empty() ? "an unknown processor" : info.cpu_capability),
            .facts = {{"version", info.torch_version}, {"cpu_capability", info.cpu_capability}}};
    } catch (const ModelError& error) {
        // Published networks do not need it.
        return {.name = "LibTorch",
                .verdict = Verdict::fine,
                .text = error.what(),
                .facts = {{"version", ""}, {"cpu_capability", ""}}};
    }
}

Check check_blas(const std::vector<std::string>& libraries) {
    const auto blas =
        std::find_if(libraries.begin(), libraries.end(), [](const std::string& library) {
            return utf8_text(utf8_path(library).filename()).starts_with("libblas.so");
        });
    if (blas == libraries.end()) {
        return {.name = "BLAS",
                .verdict = Verdict::fine,
                .text = "no separate library",
                .facts = {{"library", ""}}};
    }
    std::error_code ignored;
    const auto library = fs::canonical(utf8_path(*blas), ignored);
    Check check{.name = "BLAS",
                .verdict = Verdict::fine,
                .text = utf8_text(library),
                .facts = {{"library", utf8_text(library)}}};
    if (is_plain_blas(library)) {
        check.verdict = Verdict::advice;
        check.text +=
            ": the reference BLAS, which makes LibTorch many times slower on one thread; install "
            "libopenblas0-openmp";
    }
    return check;
}

Check check_models(const fs::path& cache) {
    try {
        const auto models = cached_models(cache);
        std::string names;
        for (const auto& model : models) {
            names += (names.empty() ? "" : ", ") + model.name;
        }
        return {
            .name = "models",
            .verdict = Verdict::fine,
            .text = models.empty() ? "none downloaded yet; run `speciesnet model download`" : names,
            .facts = {{"downloaded", std::to_string(models.size())}}};
    } catch (const Error& error) {
        return {.name = "models", .verdict = Verdict::trouble, .text = error.what(), .facts = {}};
    }
}

Check check_writing(const std::string& name, const fs::path& folder) {
    // A folder that does not exist yet would be created in its nearest existing parent.
    auto existing = fs::absolute(folder);
    std::error_code ignored;
    while (!fs::exists(existing, ignored) && existing.has_relative_path()) {
        existing = existing.parent_path();
    }
    const bool writable =
        fs::is_directory(existing, ignored) && !check_folder_is_writable(existing);
    return {.name = name,
            .verdict = writable ? Verdict::fine : Verdict::trouble,
            .text = utf8_text(folder) + (writable ? " is writable" : " cannot be written to"),
            .facts = {{"folder", utf8_text(folder)}, {"writable", writable ? "yes" : "no"}}};
}

}  // namespace speciesnet::cli
