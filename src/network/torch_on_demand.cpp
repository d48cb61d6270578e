// Loaded once, and never unloaded: networks hold on to its code.
#include "speciesnet/error.hpp"

#include "network/torch_functions.hpp"

#include <string>

#include <dlfcn.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail() {
    const char* const why = dlerror();
    throw ModelError(ErrorCode::unsupported_hardware,
                     std::string("LibTorch, which networks need that are not compiled, cannot be "
                                 "loaded: ") +
                         (why == nullptr ? "it is incomplete" : why));
}

}  // namespace

const TorchFunctions& torch_functions() {
    // Looked for where this library is, then where the system looks.
    void* const library = dlopen(SPECIESNET_TORCH_LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
        fail();
    }
    using Get = const void* (*)();
    const auto get = reinterpret_cast<Get>(dlsym(library, "speciesnet_torch_functions"));
    // Only the count goes down: the library stays.
    dlclose(library);
    if (get == nullptr) {
        fail();
    }
    return *static_cast<const TorchFunctions*>(get());
}

}  // namespace speciesnet
