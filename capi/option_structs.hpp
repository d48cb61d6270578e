// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate_options from options/options.toml: change the table.
// The option structs of speciesnet.h: their first sizes, and what they are in C++.
#pragma once

#include "speciesnet/download.hpp"
#include "speciesnet/ensemble.hpp"
#include "speciesnet/json.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/past_runs.hpp"

#include "capi/options.hpp"
#include "capi/speciesnet.h"

namespace speciesnet::capi {

template <>
inline constexpr std::size_t first_size<speciesnet_load_options> = 88;
template <>
inline constexpr std::size_t first_size<speciesnet_predict_options> = 88;
template <>
inline constexpr std::size_t first_size<speciesnet_combine_options> = 40;
template <>
inline constexpr std::size_t first_size<speciesnet_json_options> = 32;
template <>
inline constexpr std::size_t first_size<speciesnet_fetch_options> = 64;
template <>
inline constexpr std::size_t first_size<speciesnet_decode_limits> = 48;

/// The caller's choices, with defaults for those unknown to the caller; NULL for all of them.
/// @throws InvalidArgument if the struct was not initialised
speciesnet_load_options complete(const speciesnet_load_options* options);
/// @throws InvalidArgument naming a value that is out of range
EnsembleOptions to_cpp(const speciesnet_load_options& given);

/// The caller's choices, with defaults for those unknown to the caller; NULL for all of them.
/// @throws InvalidArgument if the struct was not initialised
speciesnet_predict_options complete(const speciesnet_predict_options* options);
/// @throws InvalidArgument naming a value that is out of range
PredictOptions to_cpp(const speciesnet_predict_options& given);

/// The caller's choices, with defaults for those unknown to the caller; NULL for all of them.
/// @throws InvalidArgument if the struct was not initialised
speciesnet_combine_options complete(const speciesnet_combine_options* options);
/// @throws InvalidArgument naming a value that is out of range
CombineOptions to_cpp(const speciesnet_combine_options& given);

/// The caller's choices, with defaults for those unknown to the caller; NULL for all of them.
/// @throws InvalidArgument if the struct was not initialised
speciesnet_json_options complete(const speciesnet_json_options* options);
/// @throws InvalidArgument naming a value that is out of range
JsonOptions to_cpp(const speciesnet_json_options& given);

/// The caller's choices, with defaults for those unknown to the caller; NULL for all of them.
/// @throws InvalidArgument if the struct was not initialised
speciesnet_fetch_options complete(const speciesnet_fetch_options* options);
/// @throws InvalidArgument naming a value that is out of range
FetchOptions to_cpp(const speciesnet_fetch_options& given);

/// The caller's choices, with defaults for those unknown to the caller; NULL for all of them.
/// @throws InvalidArgument if the struct was not initialised
speciesnet_decode_limits complete(const speciesnet_decode_limits* options);
/// @throws InvalidArgument naming a value that is out of range
DecodeLimits to_cpp(const speciesnet_decode_limits& given);

}  // namespace speciesnet::capi
