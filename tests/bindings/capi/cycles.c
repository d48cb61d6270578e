// SPDX-License-Identifier: Apache-2.0
/* Loads the demonstration model, predicts a photo three ways and frees everything: cycles N PHOTO.
 * After warm-up cycles, which are not counted, it fits a line through the resident memory after
 * each of N cycles, and fails if the line rises by more than a leak of one image would make it
 * rise. Run with 1000 under a sanitizer or valgrind it finds what leaks. */
#include "speciesnet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Allocators keep freed memory in arenas that grow, in steps of megabytes, until they fit the
 * largest cycle: on CPUs with AMX for about 60 cycles. */
static const long warm_up = 80;
/* A leaked image or model is more than 2,000 KiB in each cycle; a single late step of an arena in
 * 40 cycles makes the fitted line rise by less than this. */
static const double most_kib_per_cycle = 512;

static long resident_kib(void) {
    long kib = 0;
    char line[256];
    FILE* status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kib = strtol(line + 6, NULL, 10);
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return kib;
}

static int cycle(const char* photo) {
    speciesnet_ensemble* ensemble = NULL;
    speciesnet_image* image = NULL;
    speciesnet_predictions* from_file = NULL;
    speciesnet_predictions* from_image = NULL;
    speciesnet_predictions* from_job = NULL;
    speciesnet_job* job = NULL;
    char* json = NULL;
    speciesnet_instance instance;
    speciesnet_instance_init(&instance, sizeof instance);
    instance.filepath = photo;

    int failed = speciesnet_ensemble_load("demo", NULL, &ensemble, NULL) != SPECIESNET_OK ||
                 speciesnet_image_decode_file(photo, NULL, &image, NULL) != SPECIESNET_OK ||
                 speciesnet_ensemble_predict(ensemble, &instance, 1, NULL, &from_file, NULL) !=
                     SPECIESNET_OK;
    instance.image = image;
    failed = failed ||
             speciesnet_ensemble_predict(ensemble, &instance, 1, NULL, &from_image, NULL) !=
                 SPECIESNET_OK ||
             speciesnet_ensemble_submit(ensemble, &instance, 1, NULL, NULL, NULL, &job, NULL) !=
                 SPECIESNET_OK ||
             speciesnet_job_wait(job, INFINITY, NULL) != SPECIESNET_OK ||
             speciesnet_job_take(job, &from_job, NULL) != SPECIESNET_OK ||
             speciesnet_predictions_to_json(from_job, NULL, &json, NULL, NULL) != SPECIESNET_OK;

    speciesnet_text_free(json);
    speciesnet_job_free(job);
    speciesnet_predictions_free(from_file);
    speciesnet_predictions_free(from_image);
    speciesnet_predictions_free(from_job);
    speciesnet_image_free(image);
    speciesnet_ensemble_free(ensemble);
    return failed;
}

/* The slope of the line that fits values[0..count) best. */
static double slope(const double* values, long count) {
    const double middle = (double)(count - 1) / 2;
    double products = 0;
    double squares = 0;
    for (long i = 0; i < count; ++i) {
        const double distance = (double)i - middle;
        products += distance * values[i];
        squares += distance * distance;
    }
    return squares > 0 ? products / squares : 0;
}

int main(int argc, char** argv) {
    const long count = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    if (count < 2) {
        fprintf(stderr, "usage: %s N PHOTO, N at least 2\n", argv[0]);
        return EXIT_FAILURE;
    }
    double* const resident = malloc((size_t)count * sizeof *resident);
    if (resident == NULL) {
        fprintf(stderr, "no memory for %ld measurements\n", count);
        return EXIT_FAILURE;
    }
    for (long done = 1 - warm_up; done <= count; ++done) {
        if (cycle(argv[2]) != 0) {
            fprintf(stderr, "cycle %ld failed\n", done);
            free(resident);
            return EXIT_FAILURE;
        }
        if (done > 0) {
            resident[done - 1] = (double)resident_kib();
        }
        if (done == 0 || done == count || (done > 0 && done % 100 == 0)) {
            printf("%ld cycles after the warm-up, %ld KiB resident\n", done, resident_kib());
            fflush(stdout);
        }
    }
    const double growth = slope(resident, count);
    printf("%.0f KiB a cycle\n", growth);
    free(resident);
    return growth > most_kib_per_cycle ? EXIT_FAILURE : EXIT_SUCCESS;
}
