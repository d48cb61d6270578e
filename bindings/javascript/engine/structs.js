// SPDX-License-Identifier: Apache-2.0
// The structs of the C ABI that the wrapper uses, as they lie in the memory of a 32-bit module.

/** Bytes of a member, by its type. Members are aligned to their size. */
const MEMBER_BYTES = {
  flag: 4,
  integer: 4,
  choice: 4,
  digits: 4,
  reserved: 4,
  count: 4,
  limit: 4,
  text: 4,
  path: 4,
  device: 4,
  pointer: 4,
  number: 8,
  bytes: 8,
  milliseconds: 8,
};

/** Types that take more than one member in C. */
const SEVERAL_MEMBERS = {
  labels: [['', 'pointer'], ['_count', 'count']],
  log: [['', 'pointer'], ['_user_data', 'pointer']],
  progress: [['', 'pointer'], ['_user_data', 'pointer']],
};

/** The size of speciesnet_error, which holds a status of four bytes, four others, and a message. */
const ERROR_BYTES = 512;
const ERROR_MESSAGE_OFFSET = 8;

/** Struct name → members: name in C, type, name in JavaScript, numbers of its values. */
const STRUCTS = {
  location: [
    ['size', 'count'],
    ['country', 'text', 'country'],
    ['admin1_region', 'text', 'admin1Region'],
    ['latitude', 'number', 'latitude'],
    ['longitude', 'number', 'longitude'],
    ['station', 'text', 'station'],
  ],
  instance: [
    ['size', 'count'],
    ['filepath', 'text'],
    ['image', 'pointer'],
    ['location', 'pointer'],
    ['detections', 'pointer'],
    ['detection_count', 'count'],
  ],
  // <options javascript-structs load predict decode json> by scripts/generate_options
  load_options: [
    ['size', 'count'],
    ['components', 'choice', 'components', {all: 1, detector: 2, classifier: 3, rules: 4}],
    ['threads', 'integer', 'threads'],
    ['precision', 'choice'],
    ['geofence', 'flag', 'geofence'],
    ['offline', 'flag'],
    ['max_jobs', 'integer'],
    ['device', 'device'],
    ['target_species', 'labels', 'targetSpecies'],
    ['log', 'log'],
    ['progress', 'progress'],
    ['detector', 'path'],
  ],
  predict_options: [
    ['size', 'count'],
    ['format', 'choice', 'format', {per_detection: 1, per_image: 2}],
    ['explain', 'flag', 'explain'],
    ['detection_threshold', 'number', 'detectionThreshold'],
    ['classification_threshold', 'number', 'classificationThreshold'],
    ['max_classifications_per_image', 'limit', 'maxClassificationsPerImage'],
    ['max_classifications_per_detection', 'limit', 'maxClassificationsPerDetection'],
    ['batch_size', 'count'],
    ['decoding_threads', 'integer'],
    ['coordinates_from_exif', 'flag'],
    ['country_from_coordinates', 'flag'],
    ['places_as_given', 'flag', 'placesAsGiven'],
    ['progress', 'progress'],
  ],
  decode_limits: [
    ['size', 'count'],
    ['max_bytes', 'bytes', 'maxBytes'],
    ['max_pixels', 'bytes', 'maxPixels'],
    ['max_work', 'bytes', 'maxWork'],
    ['max_memory', 'bytes', 'maxMemory'],
    ['max_milliseconds', 'milliseconds', 'maxMilliseconds'],
  ],
  json_options: [
    ['size', 'count'],
    ['format', 'choice', 'format', {per_detection: 1, per_image: 2}],
    ['stage', 'choice', 'stage', {ensemble: 1, detector: 2, classifier: 3}],
    ['decimals', 'digits', 'decimals'],
    ['indent', 'integer', 'indent'],
    ['failure_reasons', 'flag', 'failureReasons'],
    ['reserved', 'reserved'],
  ],
  // </options>
};

/**
 * Returns the size of a struct, and its members with their offsets.
 * @param {string} name of STRUCTS
 */
function layoutOf(name) {
  const members = new Map();
  let size = 0;
  let alignment = 4;
  for (const [member, type, option, values] of STRUCTS[name]) {
    for (const [suffix, part] of SEVERAL_MEMBERS[type] || [['', type]]) {
      const bytes = MEMBER_BYTES[part];
      alignment = Math.max(alignment, bytes);
      const offset = Math.ceil(size / bytes) * bytes;
      members.set(member + suffix, {offset, bytes, type: suffix ? part : type, option, values});
      size = offset + bytes;
    }
  }
  return {size: Math.ceil(size / alignment) * alignment, members};
}
