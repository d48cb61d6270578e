// SPDX-License-Identifier: Apache-2.0
/* Loads a model, predicts a photo in a job and frees everything, three times: load_predict MODEL
 * PHOTO. One call of the C library may fail (see inject.c). Succeeds if at most one of the three
 * rounds ends with a status and a message, and the others have the same answer. */
#include "speciesnet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static speciesnet_status predict(speciesnet_ensemble* ensemble, const char* photo,
                                 speciesnet_predictions** predictions, speciesnet_error* error) {
    speciesnet_instance instance;
    speciesnet_instance_init(&instance, sizeof instance);
    instance.filepath = photo;
    speciesnet_job* job = NULL;
    speciesnet_status status =
        speciesnet_ensemble_submit(ensemble, &instance, 1, NULL, NULL, NULL, &job, error);
    if (status == SPECIESNET_OK) {
        status = speciesnet_job_wait(job, INFINITY, error);
    }
    if (status == SPECIESNET_OK) {
        status = speciesnet_job_take(job, predictions, error);
    }
    speciesnet_job_free(job);
    return status;
}

/* Returns the predictions as JSON, or NULL with the reason in `error`. */
static char* run(const char* model, const char* photo, speciesnet_error* error) {
    speciesnet_ensemble* ensemble = NULL;
    speciesnet_predictions* predictions = NULL;
    char* json = NULL;
    speciesnet_status status = speciesnet_ensemble_load(model, NULL, &ensemble, error);
    if (status == SPECIESNET_OK) {
        status = predict(ensemble, photo, &predictions, error);
    }
    if (status == SPECIESNET_OK) {
        const speciesnet_prediction* const prediction = speciesnet_predictions_at(predictions, 0);
        if (speciesnet_prediction_failures(prediction) == 0) {
            speciesnet_predictions_to_json(predictions, NULL, &json, NULL, error);
        } else {
            const char* const reason = speciesnet_prediction_failure_reason(prediction);
            error->status = SPECIESNET_ERROR_NETWORK_FAILED;
            snprintf(error->message, sizeof error->message, "%s", reason == NULL ? "" : reason);
        }
    }
    speciesnet_predictions_free(predictions);
    speciesnet_ensemble_free(ensemble);
    return json;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s MODEL PHOTO\n", argv[0]);
        return EXIT_FAILURE;
    }
    enum { rounds = 3 };
    char* answers[rounds] = {NULL};
    const char* answer = NULL;
    int failures = 0;
    int wrong = 0;
    for (int round = 0; round < rounds; ++round) {
        speciesnet_error error = {0};
        answers[round] = run(argv[1], argv[2], &error);
        if (answers[round] == NULL) {
            printf("round %d: %s: %s\n", round, speciesnet_status_name(error.status),
                   error.message);
            ++failures;
            wrong += error.status == SPECIESNET_OK || error.status == SPECIESNET_ERROR_INTERNAL ||
                     strlen(error.message) < 10;
            continue;
        }
        answer = answer == NULL ? answers[round] : answer;
        if (strcmp(answers[round], answer) != 0) {
            printf("round %d: another answer: %s\n", round, answers[round]);
            ++wrong;
        }
    }
    for (int round = 0; round < rounds; ++round) {
        speciesnet_text_free(answers[round]);
    }
    return failures <= 1 && wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
