// SPDX-License-Identifier: Apache-2.0
/* Names the animals in photos through the C ABI: embed_c MODEL COUNTRY PHOTO…
 * MODEL is a model folder or "demo", COUNTRY an ISO 3166-1 alpha-3 code or "-". Prints one line per
 * detection: photo, short name, score, box. */
#include <speciesnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int32_t show_progress(void* user_data, size_t done, size_t total) {
    (void)user_data;
    fprintf(stderr, "%zu of %zu\n", done, total);
    return 0; /* go on */
}

static void print_prediction(const speciesnet_prediction* prediction) {
    const char* photo = speciesnet_prediction_filepath(prediction);
    if (speciesnet_prediction_failures(prediction) != 0) {
        fprintf(stderr, "%s: %s\n", photo, speciesnet_prediction_failure_reason(prediction));
    }
    const speciesnet_detection* detections = speciesnet_prediction_detections(prediction);
    for (size_t i = 0; i < speciesnet_prediction_detection_count(prediction); ++i) {
        const speciesnet_answer* answer = speciesnet_prediction_answer(prediction, i);
        char* name = NULL;
        if (answer != NULL && speciesnet_label_short_name(speciesnet_answer_label(answer), &name,
                                                          NULL) == SPECIESNET_OK) {
            const double* box = detections[i].bbox;
            printf("%s\t%s\t%.4f\t%.3f %.3f %.3f %.3f\n", photo, name,
                   speciesnet_answer_score(answer), box[0], box[1], box[2], box[3]);
        }
        speciesnet_text_free(name);
    }
}

static int predict(const speciesnet_ensemble* ensemble, const char* country, char** photos,
                   size_t count) {
    speciesnet_location location;
    speciesnet_location_init(&location, sizeof location);
    location.country = strcmp(country, "-") == 0 ? NULL : country;

    speciesnet_instance* instances = malloc(count * sizeof *instances);
    if (instances == NULL) {
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < count; ++i) {
        speciesnet_instance_init(&instances[i], sizeof instances[i]);
        instances[i].filepath = photos[i];
        instances[i].location = &location;
    }

    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    options.progress = show_progress;

    speciesnet_predictions* predictions = NULL;
    speciesnet_error error;
    const speciesnet_status status =
        speciesnet_ensemble_predict(ensemble, instances, count, &options, &predictions, &error);
    free(instances);
    if (status != SPECIESNET_OK) {
        fprintf(stderr, "%s: %s\n", speciesnet_status_name(status), error.message);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < speciesnet_predictions_count(predictions); ++i) {
        print_prediction(speciesnet_predictions_at(predictions, i));
    }
    speciesnet_predictions_free(predictions);
    return EXIT_SUCCESS;
}

int main(int argc, char** argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: %s MODEL COUNTRY|- PHOTO...\n", argv[0]);
        return EXIT_FAILURE;
    }
    speciesnet_ensemble* ensemble = NULL;
    speciesnet_error error;
    const speciesnet_status status = speciesnet_ensemble_load(argv[1], NULL, &ensemble, &error);
    if (status != SPECIESNET_OK) {
        fprintf(stderr, "%s: %s\n", speciesnet_status_name(status), error.message);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "model %s\n", speciesnet_ensemble_model_version(ensemble));
    const int result = predict(ensemble, argv[2], argv + 3, (size_t)argc - 3);
    speciesnet_ensemble_free(ensemble);
    return result;
}
