// SPDX-License-Identifier: Apache-2.0
// The names that a pickle may contain.
#pragma once

#include "import/pickle.hpp"

namespace speciesnet::pickle {

/// Returns whether published SpeciesNet and YOLOv5 files use this class or function.
bool is_known(const Global& global) noexcept;

/// Returns whether this is OrderedDict, which is read as a dict.
bool is_ordered_dict(const Global& global) noexcept;

/// Returns whether this is Python's getattr, which onnx2torch uses only to refer to torch's
/// functions.
bool is_getattr(const Global& global) noexcept;

/// The class whose attributes are torch's functions.
inline constexpr Global torch_functions{"torch._C", "_VariableFunctionsClass"};

}  // namespace speciesnet::pickle
