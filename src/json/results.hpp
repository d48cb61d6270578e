// SPDX-License-Identifier: Apache-2.0
// Parts of predictions that all documents have in common.
#pragma once

#include "speciesnet/prediction.hpp"

#include "json/document.hpp"

namespace speciesnet {

void read(JsonValue value, Failures& target);
void read(JsonValue value, Category& target);
void read(JsonValue value, BoundingBox& target);
void read(JsonValue value, Classification& target);
void read(JsonValue value, Answer& target);
void read(JsonValue value, Explanation& target);
void read(JsonValue value, ClassifiedDetection& target);

}  // namespace speciesnet
