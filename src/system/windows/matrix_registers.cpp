// SPDX-License-Identifier: Apache-2.0
// Windows 11 has a function that enables them; it could not be tried where this was written, so
// that they are left alone and the kernels for AVX-512 run in their place.
#include "system/matrix_registers.hpp"

namespace speciesnet {

bool obtain_matrix_registers() noexcept {
    return false;
}

}  // namespace speciesnet
