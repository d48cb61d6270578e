/* Loads the demonstration model, predicts a photo three ways and frees everything, N times: cycles
 * N PHOTO. Prints the resident memory along the way; fails if it still grows in the second half.
 * Run with 1000 under a sanitizer or valgrind it finds what leaks. */
#include "speciesnet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Allocators keep some of what was freed, in steps of several megabytes; a leaked image or model in
 * each of ten cycles is more. */
static const long most_growth_kib = 24 * 1024;

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

int main(int argc, char** argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s N PHOTO\n", argv[0]);
        return EXIT_FAILURE;
    }
    const long count = strtol(argv[1], NULL, 10);
    long half = 0;
    for (long done = 1; done <= count; ++done) {
        if (cycle(argv[2]) != 0) {
            fprintf(stderr, "cycle %ld failed\n", done);
            return EXIT_FAILURE;
        }
        if (done == (count + 1) / 2) {
            half = resident_kib();
        }
        if (done == 1 || done == count || done % 100 == 0) {
            printf("%ld cycles, %ld KiB resident\n", done, resident_kib());
            fflush(stdout);
        }
    }
    return resident_kib() - half > most_growth_kib ? EXIT_FAILURE : EXIT_SUCCESS;
}
