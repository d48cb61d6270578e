// SPDX-License-Identifier: Apache-2.0
// Reads the CPU limits of Linux's control groups, which containers set.
#include "speciesnet/inference.hpp"
#include "speciesnet/utf8_path.hpp"

#include "system/threads.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

namespace speciesnet {
namespace {

/// Microseconds of CPU that a group may use in each period; 0 if it is unlimited.
struct CpuTime {
    double quota = 0;
    double period = 0;
};

CpuTime cpu_time_of_version_2(const std::filesystem::path& group) {
    CpuTime time;
    std::ifstream file(group / "cpu.max");
    // "max 100000" is not a number.
    if (!(file >> time.quota >> time.period)) {
        return {};
    }
    return time;
}

CpuTime cpu_time_of_version_1(const std::filesystem::path& group) {
    CpuTime time;
    std::ifstream quota(group / "cpu.cfs_quota_us");
    std::ifstream period(group / "cpu.cfs_period_us");
    if (!(quota >> time.quota) || !(period >> time.period)) {
        return {};
    }
    return time;
}

}  // namespace

std::optional<int> control_group_cpus(std::string_view membership,
                                      const std::filesystem::path& root) {
    std::optional<double> least;
    const auto limit = [&](const CpuTime& time) {
        if (time.quota > 0 && time.period > 0) {
            const double cores = time.quota / time.period;
            least = std::min(least.value_or(cores), cores);
        }
    };
    std::istringstream lines{std::string(membership)};
    for (std::string line; std::getline(lines, line);) {
        // "0::/path" in version 2; "4:cpu,cpuacct:/path" in version 1.
        const auto first = line.find(':');
        const auto second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const auto controllers = line.substr(first + 1, second - first - 1);
        const bool first_version = !controllers.empty();
        if (first_version && ("," + controllers + ",").find(",cpu,") == std::string::npos) {
            continue;
        }
        const auto mounted = first_version ? root / "cpu" : root;
        // The limits of all groups above also apply. In a container the path may be that of the
        // host, and then only the root exists.
        for (auto group = utf8_path(line.substr(second + 1)).relative_path();;
             group = group.parent_path()) {
            limit(first_version ? cpu_time_of_version_1(mounted / group)
                                : cpu_time_of_version_2(mounted / group));
            if (group.empty()) {
                break;
            }
        }
    }
    return least ? std::optional(std::max(
                       1, static_cast<int>(std::ceil(std::min(*least, double{most_threads})))))
                 : std::nullopt;
}

}  // namespace speciesnet
