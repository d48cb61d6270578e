// CUDA is no part of what the engine links. It is loaded when somebody asks for it, from the folder
// of the LibTorch that is in use.
#include "network/device.hpp"

#include "speciesnet/error.hpp"

#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>

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
    // Stays loaded: it registers itself with LibTorch.
    if (dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE) == nullptr) {
        fail(dlerror());
    }
}

}  // namespace

Device device_from_name(std::string_view name) {
    constexpr std::string_view cuda = "cuda";
    if (name == "cpu") {
        return {};
    }
    Device device{.is_cuda = true};
    if (name == cuda) {
        return device;
    }
    if (name.starts_with("cuda:")) {
        const auto digits = name.substr(cuda.size() + 1);
        const auto* const end = digits.data() + digits.size();
        const auto result = std::from_chars(digits.data(), end, device.index);
        if (result.ec == std::errc() && result.ptr == end && device.index >= 0 &&
            device.index < 128) {
            return device;
        }
    }
    throw InvalidArgument("there is no device '" + std::string(name) +
                          "': it is cpu, cuda or cuda:N");
}

c10::Device prepare(const Device& device) {
    if (!device.is_cuda) {
        return {c10::kCPU};
    }
    load_cuda_library();
    const auto count = torch::cuda::device_count();
    if (static_cast<std::size_t>(device.index) >= count) {
        fail("there is no device " + std::to_string(device.index) + ", but " +
             std::to_string(count) + " in all");
    }
    // Its convolutions would drop half of the digits, and answers would change.
    at::globalContext().setAllowTF32CuDNN(false);
    return {c10::kCUDA, static_cast<c10::DeviceIndex>(device.index)};
}

}  // namespace speciesnet
