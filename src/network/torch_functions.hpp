// All that this library wants of LibTorch, as a table of functions: src/torchscript/ has them. What
// is compiled needs none of them, so they are in a library of their own, which is loaded when
// somebody asks for the first one: LibTorch takes a quarter of a second, or half of one, and a
// hundred megabytes. Both libraries hold the executor's code, and use the same objects of it: it
// must keep nothing in variables of its own.
#pragma once

#include "speciesnet/inference.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/runtime.hpp"

#include "executor/kernels.hpp"
#include "executor/workspace.hpp"
#include "network/network_definition.hpp"
#include "network/runnable_network.hpp"

#include <filesystem>
#include <memory>

namespace speciesnet {

struct TorchScriptOptions {
    /// Null leaves everything to LibTorch's interpreter, as does a network that the executor does
    /// not know.
    const executor::Kernels* kernels = nullptr;
    Precision precision = Precision::float32;
    Device device = {};
};

struct TorchFunctions {
    /// torchscript_network.hpp
    std::unique_ptr<RunnableNetwork> (*load_torchscript)(const PackageFile& file,
                                                         const TorchScriptOptions& options,
                                                         executor::Workspace& workspace);
    /// torchscript_writer.hpp
    void (*write_torchscript)(const NetworkDefinition& network, const std::filesystem::path& file,
                              const Release& release);
    /// runtime.hpp
    RuntimeInfo (*runtime_info)();
};

/// Thread-safe.
/// @throws ModelError (unsupported_hardware) if LibTorch, or the library that uses it, is not there
const TorchFunctions& torch_functions();

}  // namespace speciesnet
