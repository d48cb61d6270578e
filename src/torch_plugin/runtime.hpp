// What LibTorch says of itself.
#pragma once

#include "speciesnet/runtime.hpp"

namespace speciesnet {

RuntimeInfo torch_runtime_info();

}  // namespace speciesnet
