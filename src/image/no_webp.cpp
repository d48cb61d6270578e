// SPDX-License-Identifier: Apache-2.0
#include "left_out.hpp"

namespace speciesnet {

const Format webp_format = left_out_format<MediaType::webp, has_webp_signature>;

}  // namespace speciesnet
