// The table, and the one symbol by which it is found where it is loaded on demand.
#include "network/torch_functions.hpp"

#include "speciesnet/export.hpp"

#include "torchscript/runtime.hpp"
#include "torchscript/torchscript_network.hpp"
#include "torchscript/torchscript_writer.hpp"

namespace speciesnet {

const TorchFunctions& torch_functions() {
    static constexpr TorchFunctions functions{.load_torchscript = load_torchscript,
                                              .write_torchscript = write_torchscript,
                                              .runtime_info = torch_runtime_info};
    return functions;
}

}  // namespace speciesnet

extern "C" SPECIESNET_EXPORT const void* speciesnet_torch_functions() {
    return &speciesnet::torch_functions();
}
