// SPDX-License-Identifier: Apache-2.0
// The doctor's findings for machines other than this one.
#include "doctor/machine_checks.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

std::string fact(const Check& check, const std::string& name) {
    const auto found = std::find_if(check.facts.begin(), check.facts.end(),
                                    [&](const auto& fact) { return fact.first == name; });
    return found == check.facts.end() ? "missing" : found->second;
}

}  // namespace

TEST_CASE("a processor's features are matched as whole words") {
    const auto check = check_processor(
        "processor : 0\nmodel name\t: Fast One\nflags\t\t: fpu avx2 fma avx512f_not amx_tile\n");
    CHECK(check.verdict == Verdict::fine);
    CHECK(fact(check, "model") == "Fast One");
    CHECK(fact(check, "avx2") == "yes");
    CHECK(fact(check, "avx512f") == "no");
    CHECK(fact(check, "amx_tile") == "yes");
    CHECK(check.text.find("has AVX2, FMA, AMX; lacks AVX-512,") != std::string::npos);
}

TEST_CASE("an x86 processor without AVX2 gets advice, other architectures none") {
    CHECK(check_processor("flags : fpu sse4_2\n").verdict == Verdict::advice);
    CHECK(check_processor("Features : asimd\n").verdict == Verdict::fine);
}

TEST_CASE("little memory gets advice") {
    CHECK(check_memory("MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\n").verdict ==
          Verdict::fine);
    const auto little = check_memory("MemTotal: 8388608 kB\nMemAvailable: 1048576 kB\n");
    CHECK(little.verdict == Verdict::advice);
    CHECK(fact(little, "available_mebibytes") == "1024");
}

}  // namespace speciesnet::cli
