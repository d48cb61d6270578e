// One include for users of the C++ library.
#pragma once

#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/geofence.hpp"
#include "speciesnet/geolocation.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/json.hpp"
#include "speciesnet/location.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/prediction.hpp"
#include "speciesnet/rules.hpp"
#include "speciesnet/taxonomy.hpp"
#include "speciesnet/version.hpp"
