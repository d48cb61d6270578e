// SPDX-License-Identifier: Apache-2.0
#include "descriptor_limit.hpp"

#include "speciesnet/error.hpp"

#include <string>

#include <sys/resource.h>

namespace server {
namespace {

/// For the model's files, the log, and connections that are being refused.
constexpr std::size_t descriptors_of_server = 160;
/// A request may name up to a hundred files.
constexpr std::size_t descriptors_of_worker = 110;

}  // namespace

void reserve_descriptors(std::size_t connections, std::size_t workers) {
    const auto needed = connections + descriptors_of_server + workers * descriptors_of_worker;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < needed) {
        throw speciesnet::InvalidArgument(
            "--connections " + std::to_string(connections) + " needs " + std::to_string(needed) +
            " open files, but the system allows " + std::to_string(limit.rlim_cur) +
            ": raise the limit (ulimit -n, LimitNOFILE=), or lower --connections");
    }
}

}  // namespace server
