// SPDX-License-Identifier: Apache-2.0
/* Opens the library, uses it and closes it, again and again: reopen LIBRARY PHOTO. It is not linked
 * to the library, so that closing it unloads it. */
#include "speciesnet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>

static void* open_library(const char* path) {
    /* Otherwise the system shows its message in a window, and waits for an answer. */
    SetErrorMode(SEM_FAILCRITICALERRORS);
    return (void*)LoadLibraryA(path);
}

static int find(void* library, const char* name, void* function) {
    const FARPROC address = GetProcAddress((HMODULE)library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static int close_library(void* library) {
    return FreeLibrary((HMODULE)library) != 0;
}

static const char* last_failure(void) {
    static char message[512];
    if (FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                       GetLastError(), 0, message, sizeof message, NULL) == 0) {
        return "no reason is known";
    }
    return message;
}
#else
#include <dlfcn.h>

static void* open_library(const char* path) {
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* ISO C has no conversion from an object's address to a function's. */
static int find(void* library, const char* name, void* function) {
    void* const address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static int close_library(void* library) {
    return dlclose(library) == 0;
}

static const char* last_failure(void) {
    return dlerror();
}
#endif

static void look_up(void* library, const char* name, void* function) {
    if (!find(library, name, function)) {
        fprintf(stderr, "%s is missing: %s\n", name, last_failure());
        exit(EXIT_FAILURE);
    }
}

static int use(const char* path, const char* photo) {
    void* const library = open_library(path);
    if (library == NULL) {
        fprintf(stderr, "cannot load %s: %s\n", path, last_failure());
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
    return !close_library(library) || failed ? EXIT_FAILURE : EXIT_SUCCESS;
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
