// SPDX-License-Identifier: Apache-2.0
/* Opens the library, uses it and closes it, again and again: reopen LIBRARY PHOTO. It is not linked
 * to the library, so that closing it unloads it. */
#include "speciesnet.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ISO C has no conversion from an object's address to a function's. */
static void look_up(void* library, const char* name, void* function) {
    void* const address = dlsym(library, name);
    if (address == NULL) {
        fprintf(stderr, "%s is missing: %s\n", name, dlerror());
        exit(EXIT_FAILURE);
    }
    memcpy(function, &address, sizeof address);
}

static int use(const char* path, const char* photo) {
    void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return EXIT_FAILURE;
    }
    speciesnet_status (*load)(const char*, const speciesnet_load_options*, speciesnet_ensemble**,
                              speciesnet_error*);
    void (*initialise)(speciesnet_instance*, size_t);
    speciesnet_status (*predict)(const speciesnet_ensemble*, const speciesnet_instance*, size_t,
                                 const speciesnet_predict_options*, speciesnet_predictions**,
                                 speciesnet_error*);
    size_t (*count)(const speciesnet_predictions*);
    void (*free_predictions)(speciesnet_predictions*);
    void (*free_ensemble)(speciesnet_ensemble*);
    look_up(library, "speciesnet_ensemble_load", &load);
    look_up(library, "speciesnet_instance_init", &initialise);
    look_up(library, "speciesnet_ensemble_predict", &predict);
    look_up(library, "speciesnet_predictions_count", &count);
    look_up(library, "speciesnet_predictions_free", &free_predictions);
    look_up(library, "speciesnet_ensemble_free", &free_ensemble);

    speciesnet_error error = {0};
    speciesnet_ensemble* ensemble = NULL;
    speciesnet_predictions* predictions = NULL;
    speciesnet_instance instance;
    initialise(&instance, sizeof instance);
    instance.filepath = photo;
    const int failed =
        load("demo", NULL, &ensemble, &error) != SPECIESNET_OK ||
        predict(ensemble, &instance, 1, NULL, &predictions, &error) != SPECIESNET_OK ||
        count(predictions) != 1;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    }
    free_predictions(predictions);
    free_ensemble(ensemble);
    return dlclose(library) != 0 || failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s LIBRARY PHOTO\n", argv[0]);
        return EXIT_FAILURE;
    }
    for (int round = 0; round < 5; ++round) {
        if (use(argv[1], argv[2]) != EXIT_SUCCESS) {
            fprintf(stderr, "round %d failed\n", round);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}
