// SPDX-License-Identifier: Apache-2.0
// Downloads, compiles and verifies models.
#include "speciesnet/compile.hpp"
#include "speciesnet/download.hpp"
#include "speciesnet/torchscript_export.hpp"
#include "speciesnet/utf8_path.hpp"

#include "capi/option_structs.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

/// In C++, an empty path selects the user's cache.
std::filesystem::path cache_folder(const char* cache) {
    return cache == nullptr ? std::filesystem::path() : utf8_path(cache);
}

/// Converts a callback to a function that receives names of files. A non-zero result throws
/// Cancelled.
std::function<void(std::string_view)> to_file_listener(speciesnet_file_callback progress,
                                                       void* user_data) {
    if (progress == nullptr) {
        return {};
    }
    return [progress, user_data](std::string_view file) {
        if (progress(user_data, std::string(file).c_str()) != 0) {
            throw Cancelled();
        }
    };
}

const char* words(FileCondition condition) {
    switch (condition) {
        case FileCondition::changed:
            return "differs from the downloaded file";
        case FileCondition::missing:
            return "is missing";
        case FileCondition::unrecorded:
            return "was not downloaded with the package";
        case FileCondition::intact:
            break;
    }
    return "is intact";
}

}  // namespace

speciesnet_status speciesnet_model_resolve(const char* name,
                                           const speciesnet_fetch_options* options, char** text,
                                           speciesnet_error* error) {
    return guard(text, error, [&] {
        const auto given = complete(options);
        auto choices = to_cpp(given);
        std::stop_source stop;
        choices.stop = stop.get_token();
        if (given.progress != nullptr) {
            choices.progress = [&](const DownloadProgress& download) {
                const auto file = (download.waiting ? "waiting for another process: " : "") +
                                  std::string(download.file);
                if (given.progress(given.progress_user_data, file.c_str(), download.bytes,
                                   download.total.value_or(0)) != 0) {
                    stop.request_stop();
                }
            };
        }
        return make_text(resolve_model(require_text(name, "name"), choices));
    });
}

const char* speciesnet_model_default_name(void) {
    return default_model_name.data();
}

speciesnet_status speciesnet_model_export(const char* published, const char* output,
                                          speciesnet_file_callback progress, void* user_data,
                                          speciesnet_error* error) {
    return guard(error, [&] {
        export_package(require_text(published, "published"), require_text(output, "output"),
                       {.progress = to_file_listener(progress, user_data)});
    });
}

speciesnet_status speciesnet_model_compile(const char* folder,
                                           const speciesnet_compile_options* options,
                                           speciesnet_file_callback progress, void* user_data,
                                           speciesnet_error* error) {
    return guard(error, [&] {
        auto choices = to_cpp(complete(options));
        choices.progress = to_file_listener(progress, user_data);
        std::string reasons;
        for (const auto& network : compile_package(require_text(folder, "folder"), choices)) {
            if (network.compiled.empty()) {
                reasons += (reasons.empty() ? "" : "; ") + network.network +
                           " was not compiled: " + network.reason;
            }
        }
        if (!reasons.empty()) {
            throw ModelError(ErrorCode::model_contract, reasons);
        }
    });
}

speciesnet_status speciesnet_model_verify(const char* folder, speciesnet_error* error) {
    return guard(error, [&] {
        for (const auto& file : verify_package(require_text(folder, "folder"))) {
            if (file.condition != FileCondition::intact) {
                throw ModelError(ErrorCode::model_invalid, file.path + " " + words(file.condition));
            }
        }
    });
}

speciesnet_status speciesnet_model_remove(const char* name, const char* cache,
                                          speciesnet_error* error) {
    return guard(error, [&] {
        if (!remove_cached_model(require_text(name, "name"), cache_folder(cache))) {
            throw IoError(ErrorCode::not_found, std::string(name) + " is not in the cache");
        }
    });
}
