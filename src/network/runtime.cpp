// LibTorch is asked.
#include "speciesnet/runtime.hpp"

#include "network/torch_functions.hpp"

namespace speciesnet {

RuntimeInfo runtime_info() {
    return torch_functions().runtime_info();
}

}  // namespace speciesnet
