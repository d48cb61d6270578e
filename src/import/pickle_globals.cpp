// SPDX-License-Identifier: Apache-2.0
// The names in checkpoints of YOLO networks of all releases (including NumPy's, for the fitness of
// an epoch) and in onnx2torch's GraphModules. None of them is ever called. Names of attacks are not
// among them, so attacks are detected.
#include "import/pickle_globals.hpp"

#include <algorithm>
#include <array>

namespace speciesnet::pickle {
namespace {

constexpr std::array known_packages{
    // Modules, which this reader treats as plain data.
    std::string_view("torch.nn.modules"), std::string_view("models"),
    std::string_view("yolov5.models"),    std::string_view("yolov9.models"),
    std::string_view("ultralytics"),      std::string_view("onnx2torch.node_converters"),
    std::string_view("torch.fx"),
};

constexpr std::array known_globals{
    Global{"collections", "OrderedDict"},
    Global{"__builtin__", "set"},
    Global{"__builtin__", "getattr"},
    Global{"builtins", "set"},
    Global{"builtins", "getattr"},
    torch_functions,
    Global{"torch._utils", "_rebuild_tensor"},
    Global{"torch._utils", "_rebuild_tensor_v2"},
    Global{"torch._utils", "_rebuild_parameter"},
    Global{"torch", "Size"},
    Global{"torch", "device"},
    Global{"torch", "BoolStorage"},
    Global{"torch", "ByteStorage"},
    Global{"torch", "IntStorage"},
    Global{"torch", "LongStorage"},
    Global{"torch", "HalfStorage"},
    Global{"torch", "BFloat16Storage"},
    Global{"torch", "FloatStorage"},
    Global{"torch", "DoubleStorage"},
    Global{"numpy", "dtype"},
    Global{"numpy", "ndarray"},
    Global{"numpy.core.multiarray", "scalar"},
    Global{"numpy.core.multiarray", "_reconstruct"},
    Global{"numpy._core.multiarray", "scalar"},
    Global{"numpy._core.multiarray", "_reconstruct"},
    Global{"_codecs", "encode"},
    Global{"argparse", "Namespace"},
    Global{"pathlib", "PosixPath"},
    Global{"pathlib", "WindowsPath"},
};

bool is_in_package(std::string_view module, std::string_view package) {
    return module.starts_with(package) &&
           (module.size() == package.size() || module[package.size()] == '.');
}

}  // namespace

bool is_known(const Global& global) noexcept {
    // A dotted name refers to an attribute of a class, which no package needs.
    if (global.name.find('.') != std::string_view::npos) {
        return false;
    }
    return std::ranges::find(known_globals, global) != known_globals.end() ||
           std::ranges::any_of(known_packages, [&](std::string_view package) {
               return is_in_package(global.module, package);
           });
}

bool is_ordered_dict(const Global& global) noexcept {
    return global == Global{"collections", "OrderedDict"};
}

bool is_getattr(const Global& global) noexcept {
    return global.name == "getattr" &&
           (global.module == "__builtin__" || global.module == "builtins");
}

}  // namespace speciesnet::pickle
