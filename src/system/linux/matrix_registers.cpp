// SPDX-License-Identifier: Apache-2.0
// The registers take 8 KiB per thread, so Linux enables them only for processes that request them.
#include "system/matrix_registers.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace speciesnet {

// Source: Linux's Documentation/arch/x86/xstate.rst.
bool obtain_matrix_registers() noexcept {
    constexpr long ask_for_leave = 0x1023;
    constexpr long tile_data = 18;
    return syscall(SYS_arch_prctl, ask_for_leave, tile_data) == 0;
}

}  // namespace speciesnet
