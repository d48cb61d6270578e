// SPDX-License-Identifier: Apache-2.0
#include "machine_checks.hpp"

#include "files/text_file.hpp"
#include "machine.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

namespace speciesnet::cli {
namespace {

struct Feature {
    std::string_view flag;  ///< In /proc/cpuinfo.
    std::string_view name;
};

/// Instruction sets that the executor's kernels can use.
constexpr std::array<Feature, 8> features{{{"avx2", "AVX2"},
                                           {"fma", "FMA"},
                                           {"avx512f", "AVX-512"},
                                           {"avx512_bf16", "AVX-512 bf16"},
                                           {"avx512_vnni", "AVX-512 VNNI"},
                                           {"avx_vnni", "AVX VNNI"},
                                           {"amx_tile", "AMX"},
                                           {"amx_bf16", "AMX bf16"}}};

/// With less memory, the published models do not fit beside other programs.
constexpr std::size_t recommended_mebibytes = 3 * 1024;

/// Returns the value of the first line "key  : value".
std::string field(std::string_view text, std::string_view key) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        const auto colon = line.find(':');
        if (colon != std::string::npos && strip(line.substr(0, colon)) == key) {
            return strip(line.substr(colon + 1));
        }
    }
    return {};
}

bool has_word(const std::string& text, std::string_view word) {
    return (' ' + text + ' ').find(' ' + std::string(word) + ' ') != std::string::npos;
}

std::size_t mebibytes(std::string_view meminfo, std::string_view key) {
    return std::strtoull(field(meminfo, key).c_str(), nullptr, 10) / 1024;
}

}  // namespace

Check check_processor(std::string_view cpuinfo) {
    Check check{.name = "processor", .verdict = Verdict::fine, .text = {}, .facts = {}};
    const auto model = field(cpuinfo, "model name");
    const auto flags = field(cpuinfo, "flags");
    check.facts.emplace_back("model", model);
    std::string present;
    std::string absent;
    for (const auto& [flag, name] : features) {
        const bool has = has_word(flags, flag);
        check.facts.emplace_back(flag, has ? "yes" : "no");
        auto& list = has ? present : absent;
        list += (list.empty() ? "" : ", ") + std::string(name);
    }
    check.text = (model.empty() ? "unknown model" : model) + "; has " +
                 (present.empty() ? "none of the x86 features that the kernels use" : present) +
                 (present.empty() || absent.empty() ? "" : "; lacks " + absent);
    if (!flags.empty() && !has_word(flags, "avx2")) {
        check.verdict = Verdict::advice;
        check.text += ". Without AVX2 the networks are several times slower";
    }
    return check;
}

Check check_cores() {
    const auto usable = usable_cores();
    const auto all = std::thread::hardware_concurrency();
    return {.name = "cores",
            .verdict = Verdict::fine,
            .text = std::to_string(usable) + " usable of " + std::to_string(all) +
                    "; the networks use as many threads unless --threads is given",
            .facts = {{"usable", std::to_string(usable)}, {"all", std::to_string(all)}}};
}

Check check_memory(std::string_view meminfo) {
    const auto total = mebibytes(meminfo, "MemTotal");
    const auto available = mebibytes(meminfo, "MemAvailable");
    Check check{.name = "memory",
                .verdict = Verdict::fine,
                .text = std::to_string(available) + " MiB available of " + std::to_string(total),
                .facts = {{"available_mebibytes", std::to_string(available)},
                          {"total_mebibytes", std::to_string(total)}}};
    if (available < recommended_mebibytes) {
        check.verdict = Verdict::advice;
        check.text += "; the published models need " + std::to_string(recommended_mebibytes) +
                      " MiB, close other programs or use fewer --jobs";
    }
    return check;
}

}  // namespace speciesnet::cli
