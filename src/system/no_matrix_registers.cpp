// SPDX-License-Identifier: Apache-2.0
// Where AMX is not used, the kernels for AVX-512 run in its place. Windows 11 has a function that
// enables the registers; it could not be tried where this was written. Macs have none.
#include "system/matrix_registers.hpp"

namespace speciesnet {

bool obtain_matrix_registers() noexcept {
    return false;
}

}  // namespace speciesnet
