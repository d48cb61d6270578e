// SPDX-License-Identifier: Apache-2.0
// Reads Linux's text files.
#include "machine.hpp"

#include <fstream>
#include <iterator>
#include <thread>

#include <link.h>
#include <sched.h>

namespace speciesnet {
namespace {

/// Returns the content of a file of the kernel; empty if there is none.
std::string text_of(const char* file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::string describe_processor() {
    return text_of("/proc/cpuinfo");
}

std::string describe_memory() {
    return text_of("/proc/meminfo");
}

std::size_t usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) {
        return std::thread::hardware_concurrency();
    }
    return static_cast<std::size_t>(CPU_COUNT(&set));
}

std::vector<std::string> loaded_libraries() {
    std::vector<std::string> libraries;
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* list) {
            static_cast<std::vector<std::string>*>(list)->emplace_back(info->dlpi_name);
            return 0;
        },
        &libraries);
    return libraries;
}

}  // namespace speciesnet
