// Models: by name, downloaded and imported on first use.
#include "speciesnet/download.hpp"

#include "capi/options.hpp"
#include "capi/status.hpp"

#include <string>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

constexpr std::int32_t all_flags =
    SPECIESNET_FETCH_OFFLINE | SPECIESNET_FETCH_NEWEST | SPECIESNET_FETCH_FORCE;

speciesnet_fetch_options default_fetch_options() {
    const FetchOptions defaults;
    return {sizeof(speciesnet_fetch_options),
            nullptr,
            0,
            defaults.retries,
            defaults.max_bytes,
            nullptr,
            nullptr};
}

FetchOptions to_fetch_options(const speciesnet_fetch_options& options) {
    if ((options.flags & ~all_flags) != 0) {
        throw InvalidArgument("flags has bits that are no SPECIESNET_FETCH_");
    }
    if (options.retries < 0) {
        throw InvalidArgument("retries is negative");
    }
    FetchOptions result;
    result.cache = options.cache == nullptr ? "" : options.cache;
    result.offline = (options.flags & SPECIESNET_FETCH_OFFLINE) != 0;
    result.newest = (options.flags & SPECIESNET_FETCH_NEWEST) != 0;
    result.force = (options.flags & SPECIESNET_FETCH_FORCE) != 0;
    result.retries = options.retries;
    result.max_bytes = options.max_bytes;
    return result;
}

}  // namespace

void speciesnet_fetch_options_init(speciesnet_fetch_options* options, size_t size) {
    fill_defaults(options, size, default_fetch_options());
}

speciesnet_status speciesnet_model_resolve(const char* name,
                                           const speciesnet_fetch_options* options, char** text,
                                           speciesnet_error* error) {
    return guard(text, error, [&] {
        const auto given =
            read_options(options, default_fetch_options(), "speciesnet_fetch_options");
        auto choices = to_fetch_options(given);
        std::stop_source stop;
        choices.stop = stop.get_token();
        if (given.progress != nullptr) {
            choices.progress = [&](const DownloadProgress& download) {
                const std::string file(download.file);
                if (given.progress(given.progress_user_data, file.c_str(), download.bytes,
                                   download.total.value_or(0)) != 0) {
                    stop.request_stop();
                }
            };
        }
        return make_text(resolve_model(require(name, "name"), choices));
    });
}
