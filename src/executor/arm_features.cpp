// SPDX-License-Identifier: Apache-2.0
// Asks the operating system, because programs cannot query the CPU.
#include "executor/arm_features.hpp"

#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <cstddef>

#include <sys/sysctl.h>
#endif

namespace speciesnet::executor {

#if defined(__linux__)

ArmFeatures arm_features() {
    const auto first = ::getauxval(AT_HWCAP);
    const auto second = ::getauxval(AT_HWCAP2);
    return {.dotprod = (first & HWCAP_ASIMDDP) != 0,
            .i8mm = (second & HWCAP2_I8MM) != 0,
            .bf16 = (second & HWCAP2_BF16) != 0};
}

#elif defined(__APPLE__)

namespace {

bool has(const char* feature) {
    int value = 0;
    std::size_t size = sizeof value;
    return ::sysctlbyname(feature, &value, &size, nullptr, 0) == 0 && value != 0;
}

}  // namespace

ArmFeatures arm_features() {
    return {.dotprod = has("hw.optional.arm.FEAT_DotProd"),
            .i8mm = has("hw.optional.arm.FEAT_I8MM"),
            .bf16 = has("hw.optional.arm.FEAT_BF16")};
}

#else

ArmFeatures arm_features() {
    return {};
}

#endif

}  // namespace speciesnet::executor
