// SPDX-License-Identifier: Apache-2.0
// Reads CPUID directly. The compiler's builtin also checks which registers the system saves.
#include "machine.hpp"

#include "speciesnet/utf8_path.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <thread>

#include <cpuid.h>
// clang-format off
#include <windows.h>
#include <psapi.h>
// clang-format on

namespace speciesnet {
namespace {

/// Source: Intel's manual, CPUID leaves 0x80000002 to 0x80000004.
std::string processor_name() {
    constexpr unsigned first_leaf = 0x80000002U;
    std::array<unsigned, 12> letters{};
    for (unsigned part = 0; part < 3; ++part) {
        unsigned* const at = letters.data() + std::size_t{4} * part;
        if (__get_cpuid(first_leaf + part, at, at + 1, at + 2, at + 3) == 0) {
            return {};
        }
    }
    std::array<char, sizeof letters + 1> text{};
    std::memcpy(text.data(), letters.data(), sizeof letters);
    return text.data();
}

/// Source: the same, leaf 7.
std::string amx_flags() {
    std::array<unsigned, 4> registers{};
    __get_cpuid_count(7, 0, &registers[0], &registers[1], &registers[2], &registers[3]);
    return std::string((registers[3] & 1U << 24U) != 0 ? " amx_tile" : "") +
           ((registers[3] & 1U << 22U) != 0 ? " amx_bf16" : "");
}

std::string flags() {
    std::string names;
    const auto add = [&](const char* name, bool has) {
        names += has ? std::string(" ") + name : "";
    };
    add("avx2", __builtin_cpu_supports("avx2") != 0);
    add("fma", __builtin_cpu_supports("fma") != 0);
    add("avx_vnni", __builtin_cpu_supports("avxvnni") != 0);
    add("avx512f", __builtin_cpu_supports("avx512f") != 0);
    add("avx512_bf16", __builtin_cpu_supports("avx512bf16") != 0);
    add("avx512_vnni", __builtin_cpu_supports("avx512vnni") != 0);
    return names + amx_flags();
}

}  // namespace

std::string describe_processor() {
    return "model name : " + processor_name() + "\nflags :" + flags() + '\n';
}

std::string describe_memory() {
    MEMORYSTATUSEX status{};
    status.dwLength = sizeof status;
    if (GlobalMemoryStatusEx(&status) == 0) {
        return {};
    }
    constexpr DWORDLONG kibibyte = 1024;
    return "MemTotal: " + std::to_string(status.ullTotalPhys / kibibyte) +
           " kB\nMemAvailable: " + std::to_string(status.ullAvailPhys / kibibyte) + " kB\n";
}

std::size_t usable_cores() {
    DWORD_PTR mask = 0;
    DWORD_PTR of_system = 0;
    if (GetProcessAffinityMask(GetCurrentProcess(), &mask, &of_system) == 0 || mask == 0) {
        return std::thread::hardware_concurrency();
    }
    return static_cast<std::size_t>(std::popcount(mask));
}

std::vector<std::string> loaded_libraries() {
    std::array<HMODULE, 1024> modules{};
    DWORD bytes = 0;
    if (EnumProcessModules(GetCurrentProcess(), modules.data(), sizeof modules, &bytes) == 0) {
        return {};
    }
    std::vector<std::string> libraries;
    for (std::size_t index = 0; index < std::min(modules.size(), bytes / sizeof(HMODULE));
         ++index) {
        std::array<wchar_t, 32768> path{};
        if (GetModuleFileNameW(modules.at(index), path.data(), static_cast<DWORD>(path.size())) !=
            0) {
            libraries.push_back(utf8_text(path.data()));
        }
    }
    return libraries;
}

}  // namespace speciesnet
