// SPDX-License-Identifier: Apache-2.0
// The names that a pickle may contain.
#pragma once

#include "import/pickle.hpp"

namespace speciesnet::pickle {

/// Whether published SpeciesNet and YOLOv5 files have a use for this class or function.
bool is_known(const Global& global) noexcept;

/// Whether this is OrderedDict, which is read as a dict.
bool is_ordered_dict(const Global& global) noexcept;

/// Whether this is Python's getattr, which only onnx2torch's references to torch's functions need.
bool is_getattr(const Global& global) noexcept;

/// The class whose attributes are torch's functions.
inline constexpr Global torch_functions{"torch._C", "_VariableFunctionsClass"};

}  // namespace speciesnet::pickle
