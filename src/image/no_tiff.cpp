// SPDX-License-Identifier: Apache-2.0
#include "left_out.hpp"

namespace speciesnet {

const Format tiff_format = left_out_format<MediaType::tiff, has_tiff_signature>;

}  // namespace speciesnet
