// Photos and choices as the C structs give them.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "capi/speciesnet.h"

#include <cstddef>
#include <optional>

namespace speciesnet::capi {

/// An element of an array whose stride is the size that its elements state.
/// @throws InvalidArgument if the array is null or its elements differ in size
speciesnet_instance instance_at(const speciesnet_instance* instances, std::size_t index);

struct Photo {
    Instance instance;
    std::optional<Image> image;
};

/// @throws InvalidArgument if there is neither a file nor an image, or for a malformed place
Photo to_photo(const speciesnet_instance& instance);

/// @throws InvalidArgument if the struct was not initialised
speciesnet_predict_options read_predict_options(const speciesnet_predict_options* options);

/// @throws InvalidArgument for values out of range
PredictOptions to_predict_options(const speciesnet_predict_options& options);

}  // namespace speciesnet::capi
