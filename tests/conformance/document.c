// SPDX-License-Identifier: Apache-2.0
/* Prints the predictions document of photos, made through the C ABI alone, so that
 * documents_test.py can compare what a build without the command line answers: document MODEL
 * image|detection COUNTRY|- REGION|- PHOTO… */
#include <speciesnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(speciesnet_status status, const speciesnet_error* error) {
    if (status != SPECIESNET_OK) {
        fprintf(stderr, "document: %s: %s\n", speciesnet_status_name(status), error->message);
        exit(2);
    }
}

static const char* text_or_null(const char* argument) {
    return strcmp(argument, "-") == 0 ? NULL : argument;
}

int main(int argc, char** argv) {
    enum { first_photo = 5 };
    if (argc <= first_photo) {
        fprintf(stderr, "usage: %s MODEL image|detection COUNTRY|- REGION|- PHOTO...\n", argv[0]);
        return 2;
    }
    const speciesnet_format format = strcmp(argv[2], "image") == 0
                                         ? SPECIESNET_FORMAT_PER_IMAGE
                                         : SPECIESNET_FORMAT_PER_DETECTION;
    speciesnet_location location;
    speciesnet_location_init(&location, sizeof location);
    location.country = text_or_null(argv[3]);
    location.admin1_region = text_or_null(argv[4]);

    const size_t count = (size_t)(argc - first_photo);
    speciesnet_instance* const instances = malloc(count * sizeof *instances);
    if (instances == NULL) {
        return 2;
    }
    for (size_t i = 0; i < count; ++i) {
        speciesnet_instance_init(&instances[i], sizeof instances[i]);
        instances[i].filepath = argv[(size_t)first_photo + i];
        instances[i].location = &location;
    }
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    options.format = format;
    speciesnet_json_options json;
    speciesnet_json_options_init(&json, sizeof json);
    json.format = format;

    speciesnet_ensemble* ensemble = NULL;
    speciesnet_predictions* predictions = NULL;
    char* text = NULL;
    speciesnet_error error;
    require(speciesnet_ensemble_load(argv[1], NULL, &ensemble, &error), &error);
    require(speciesnet_ensemble_predict(ensemble, instances, count, &options, &predictions, &error),
            &error);
    require(speciesnet_predictions_to_json(predictions, &json, &text, NULL, &error), &error);
    puts(text);
    speciesnet_text_free(text);
    speciesnet_predictions_free(predictions);
    speciesnet_ensemble_free(ensemble);
    free(instances);
    return 0;
}
