// SPDX-License-Identifier: Apache-2.0
// Loads the plug-in from the folder of the library that contains this code. It is loaded once and
// never unloaded, because networks refer to its code.
#include "speciesnet/error.hpp"

#include "torch_plugin/torch_plugin.hpp"

#include <filesystem>
#include <string>

#include <dlfcn.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail(const std::string& why) {
    throw ModelError(ErrorCode::unsupported_hardware,
                     "cannot load LibTorch (required for TorchScript and CUDA): " + why);
}

/// Returns a full path: the loader's own search would depend on the caller of dlopen(), which
/// sanitizers replace.
std::filesystem::path plugin_path() {
    Dl_info own{};
    if (dladdr(reinterpret_cast<const void*>(&torch_plugin), &own) == 0) {
        fail("the folder of this library was not found");
    }
    return std::filesystem::absolute(own.dli_fname).parent_path() / SPECIESNET_TORCH_PLUGIN;
}

const TorchPlugin& load_plugin() {
    const auto path = plugin_path();
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
        const char* const why = dlerror();
        fail(why == nullptr ? path.string() : why);
    }
    using Get = const void* (*)();
    const auto get = reinterpret_cast<Get>(dlsym(library, "speciesnet_torch_plugin"));
    if (get == nullptr) {
        fail("'" + path.string() + "' is incomplete");
    }
    return *static_cast<const TorchPlugin*>(get());
}

}  // namespace

const TorchPlugin& torch_plugin() {
    static const TorchPlugin& plugin = load_plugin();
    return plugin;
}

}  // namespace speciesnet
