// SPDX-License-Identifier: Apache-2.0
/* Prints size and offset of every public struct member, to be compared with capi/abi/layouts.txt.
 */
#include "speciesnet.h"

#include <stdio.h>

#define TYPE(type) printf("%s size %u\n", #type, (unsigned)sizeof(type))
#define MEMBER(type, member)                                                              \
    printf("%s.%s offset %u size %u\n", #type, #member, (unsigned)offsetof(type, member), \
           (unsigned)sizeof(((type*)0)->member))

int main(void) {
    TYPE(speciesnet_error);
    MEMBER(speciesnet_error, status);
    MEMBER(speciesnet_error, reserved);
    MEMBER(speciesnet_error, message);
    TYPE(speciesnet_media_info);
    MEMBER(speciesnet_media_info, type);
    MEMBER(speciesnet_media_info, width);
    MEMBER(speciesnet_media_info, height);
    MEMBER(speciesnet_media_info, reserved);
    TYPE(speciesnet_location);
    MEMBER(speciesnet_location, size);
    MEMBER(speciesnet_location, country);
    MEMBER(speciesnet_location, admin1_region);
    MEMBER(speciesnet_location, latitude);
    MEMBER(speciesnet_location, longitude);
    MEMBER(speciesnet_location, station);
    TYPE(speciesnet_detection);
    MEMBER(speciesnet_detection, category);
    MEMBER(speciesnet_detection, reserved);
    MEMBER(speciesnet_detection, conf);
    MEMBER(speciesnet_detection, bbox);
    TYPE(speciesnet_scored_label);
    MEMBER(speciesnet_scored_label, label);
    MEMBER(speciesnet_scored_label, score);
    TYPE(speciesnet_instance);
    MEMBER(speciesnet_instance, size);
    MEMBER(speciesnet_instance, filepath);
    MEMBER(speciesnet_instance, image);
    MEMBER(speciesnet_instance, location);
    MEMBER(speciesnet_instance, detections);
    MEMBER(speciesnet_instance, detection_count);
    TYPE(speciesnet_rollup_sum);
    MEMBER(speciesnet_rollup_sum, label);
    MEMBER(speciesnet_rollup_sum, score);
    MEMBER(speciesnet_rollup_sum, blocked_by);
    MEMBER(speciesnet_rollup_sum, reserved);
    MEMBER(speciesnet_rollup_sum, blocked_by_entry);
    TYPE(speciesnet_rollup_step);
    MEMBER(speciesnet_rollup_step, level);
    MEMBER(speciesnet_rollup_step, reached);
    MEMBER(speciesnet_rollup_step, threshold);
    MEMBER(speciesnet_rollup_step, sums);
    MEMBER(speciesnet_rollup_step, sum_count);
    TYPE(speciesnet_explanation);
    MEMBER(speciesnet_explanation, rule);
    MEMBER(speciesnet_explanation, reason);
    MEMBER(speciesnet_explanation, detection_category);
    MEMBER(speciesnet_explanation, blocked_by);
    MEMBER(speciesnet_explanation, detection_conf);
    MEMBER(speciesnet_explanation, blocked_by_entry);
    MEMBER(speciesnet_explanation, allowed_by_entry);
    MEMBER(speciesnet_explanation, classes);
    MEMBER(speciesnet_explanation, class_count);
    MEMBER(speciesnet_explanation, rollup);
    MEMBER(speciesnet_explanation, rollup_count);
    // <options layouts> by scripts/generate_options
    TYPE(speciesnet_load_options);
    MEMBER(speciesnet_load_options, size);
    MEMBER(speciesnet_load_options, components);
    MEMBER(speciesnet_load_options, threads);
    MEMBER(speciesnet_load_options, precision);
    MEMBER(speciesnet_load_options, geofence);
    MEMBER(speciesnet_load_options, offline);
    MEMBER(speciesnet_load_options, max_jobs);
    MEMBER(speciesnet_load_options, device);
    MEMBER(speciesnet_load_options, target_species);
    MEMBER(speciesnet_load_options, target_species_count);
    MEMBER(speciesnet_load_options, log);
    MEMBER(speciesnet_load_options, log_user_data);
    MEMBER(speciesnet_load_options, progress);
    MEMBER(speciesnet_load_options, progress_user_data);
    MEMBER(speciesnet_load_options, detector);
    TYPE(speciesnet_predict_options);
    MEMBER(speciesnet_predict_options, size);
    MEMBER(speciesnet_predict_options, format);
    MEMBER(speciesnet_predict_options, explain);
    MEMBER(speciesnet_predict_options, detection_threshold);
    MEMBER(speciesnet_predict_options, classification_threshold);
    MEMBER(speciesnet_predict_options, max_classifications_per_image);
    MEMBER(speciesnet_predict_options, max_classifications_per_detection);
    MEMBER(speciesnet_predict_options, batch_size);
    MEMBER(speciesnet_predict_options, decoding_threads);
    MEMBER(speciesnet_predict_options, coordinates_from_exif);
    MEMBER(speciesnet_predict_options, country_from_coordinates);
    MEMBER(speciesnet_predict_options, places_as_given);
    MEMBER(speciesnet_predict_options, progress);
    MEMBER(speciesnet_predict_options, progress_user_data);
    TYPE(speciesnet_combine_options);
    MEMBER(speciesnet_combine_options, size);
    MEMBER(speciesnet_combine_options, max_classifications_per_detection);
    MEMBER(speciesnet_combine_options, explain);
    MEMBER(speciesnet_combine_options, coordinates_from_exif);
    MEMBER(speciesnet_combine_options, country_from_coordinates);
    MEMBER(speciesnet_combine_options, places_as_given);
    MEMBER(speciesnet_combine_options, model_version);
    TYPE(speciesnet_json_options);
    MEMBER(speciesnet_json_options, size);
    MEMBER(speciesnet_json_options, format);
    MEMBER(speciesnet_json_options, stage);
    MEMBER(speciesnet_json_options, decimals);
    MEMBER(speciesnet_json_options, indent);
    MEMBER(speciesnet_json_options, failure_reasons);
    MEMBER(speciesnet_json_options, reserved);
    TYPE(speciesnet_fetch_options);
    MEMBER(speciesnet_fetch_options, size);
    MEMBER(speciesnet_fetch_options, cache);
    MEMBER(speciesnet_fetch_options, offline);
    MEMBER(speciesnet_fetch_options, newest);
    MEMBER(speciesnet_fetch_options, force);
    MEMBER(speciesnet_fetch_options, networks);
    MEMBER(speciesnet_fetch_options, retries);
    MEMBER(speciesnet_fetch_options, stall_seconds);
    MEMBER(speciesnet_fetch_options, max_bytes);
    MEMBER(speciesnet_fetch_options, progress);
    MEMBER(speciesnet_fetch_options, progress_user_data);
    TYPE(speciesnet_compile_options);
    MEMBER(speciesnet_compile_options, size);
    MEMBER(speciesnet_compile_options, precision);
    MEMBER(speciesnet_compile_options, threads);
    MEMBER(speciesnet_compile_options, target);
    MEMBER(speciesnet_compile_options, calibration_photos);
    MEMBER(speciesnet_compile_options, calibration_photos_count);
    TYPE(speciesnet_decode_limits);
    MEMBER(speciesnet_decode_limits, size);
    MEMBER(speciesnet_decode_limits, max_bytes);
    MEMBER(speciesnet_decode_limits, max_pixels);
    MEMBER(speciesnet_decode_limits, max_work);
    MEMBER(speciesnet_decode_limits, max_memory);
    MEMBER(speciesnet_decode_limits, max_milliseconds);
    // </options>
    return 0;
}
