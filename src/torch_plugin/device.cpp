// SPDX-License-Identifier: Apache-2.0
// The engine does not link CUDA. It is loaded on request, from the folder of the LibTorch in use.
#include "torch_plugin/device.hpp"

#include "speciesnet/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail(const std::string& why) {
    throw ModelError(ErrorCode::unsupported_hardware, "CUDA cannot be used: " + why);
}

void load_cuda_library() {
    Dl_info library{};
    if (dladdr(reinterpret_cast<const void*>(&at::get_num_threads), &library) == 0) {
        fail("the folder of LibTorch was not found");
    }
    const auto file = std::filesystem::path(library.dli_fname).parent_path() / "libtorch_cuda.so";
    if (!std::filesystem::exists(file)) {
        fail("this LibTorch was built without it ('" + file.string() + "' does not exist)");
    }
    // Stays loaded, because it registers itself with LibTorch.
    if (dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE) == nullptr) {
        fail(dlerror());
    }
}

}  // namespace

c10::Device prepare(const Device& device) {
    if (!device.is_cuda) {
        return {c10::kCPU};
    }
    load_cuda_library();
    const auto count = static_cast<std::int64_t>(torch::cuda::device_count());
    if (device.index >= count) {
        fail("there is no device " + std::to_string(device.index) + "; this machine has " +
             std::to_string(count));
    }
    // TF32 convolutions would drop half of the digits and change answers.
    at::globalContext().setAllowTF32CuDNN(false);
    return {c10::kCUDA, static_cast<c10::DeviceIndex>(device.index)};
}

}  // namespace speciesnet
