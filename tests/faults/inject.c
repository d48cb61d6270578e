// SPDX-License-Identifier: Apache-2.0
/* Preloaded into a program, makes one call of the C library fail:
 *
 *     FAULT_CALL  malloc, open, read, write, fsync, rename or pthread_create
 *     FAULT_AT    which call fails, from 1, counted from main() on; 0 fails none
 *     FAULT_LOG   a file that receives, at the end, how many calls there were
 *
 * What the dynamic loader and constructors do, before main() and in dlopen(), is not counted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;
static atomic_int counting;
static atomic_long fail_at;
static const char* fail_call = "";

static atomic_int failed;
/* Whether calls of this thread are not counted: see dlopen() and is_inside_libtorch(). */
static __thread int uncounted;

static int is_chosen(const char* call) {
    return atomic_load(&counting) && !uncounted && strcmp(fail_call, call) == 0;
}

/* LibTorch does not survive all that fails in it: it is passed over, the next call fails instead.
 */
static int is_inside_libtorch(void) {
    void* frames[64];
    int inside = 0;
    ++uncounted;
    const int count = backtrace(frames, 64);
    for (int i = 0; i < count && !inside; ++i) {
        struct dl_find_object caller;
        inside = _dl_find_object(frames[i], &caller) == 0 &&
                 (strstr(caller.dlfo_link_map->l_name, "libtorch") != NULL ||
                  strstr(caller.dlfo_link_map->l_name, "libc10") != NULL ||
                  strstr(caller.dlfo_link_map->l_name, "libdnnl") != NULL);
    }
    --uncounted;
    return inside;
}

/* Whether this call of the chosen function is the one that fails. */
static int fails(const char* call) {
    static const long passed_over = 97; /* At once, or a million calls would be looked at. */
    if (!is_chosen(call) || atomic_fetch_add(&calls, 1) + 1 < atomic_load(&fail_at) ||
        atomic_load(&fail_at) == 0 || atomic_load(&failed)) {
        return 0;
    }
    if (is_inside_libtorch()) {
        atomic_fetch_add(&fail_at, passed_over);
        return 0;
    }
    return !atomic_exchange(&failed, 1);
}

static void* next(const char* name) {
    return dlsym(RTLD_NEXT, name);
}

static void write_log(void) {
    const char* path = getenv("FAULT_LOG");
    atomic_store(&counting, 0);
    if (path != NULL) {
        char text[32];
        const int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls));
        const long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (file >= 0) {
            (void)syscall(SYS_write, file, text, (size_t)length);
            (void)syscall(SYS_close, file);
        }
    }
}

static int (*real_main)(int, char**, char**);

static int counted_main(int argc, char** argv, char** environment) {
    const char* at = getenv("FAULT_AT");
    const char* call = getenv("FAULT_CALL");
    fail_at = at == NULL ? 0 : strtol(at, NULL, 10);
    fail_call = call == NULL ? "" : call;
    atexit(write_log);
    atomic_store(&counting, 1);
    return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void),
                      void (*fini)(void), void (*loader_fini)(void), void* stack_end) {
    real_main = main;
    int (*start)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void),
                 void (*)(void), void*) = next("__libc_start_main");
    return start(counted_main, argc, argv, init, fini, loader_fini, stack_end);
}

/* Constructors of libraries have nobody to tell that something failed: of those that come with
 * LibTorch, libgcrypt (by libssh) aborts if /proc/sys/crypto/fips_enabled cannot be opened, and
 * exceptions of libproj, libgdcm and libtorch_cpu end in std::terminate(). So calls within dlopen()
 * are not counted. */
void* dlopen(const char* path, int mode) {
    void* (*real)(const char*, int) = next("dlopen");
    ++uncounted;
    void* const library = real(path, mode);
    --uncounted;
    return library;
}

/* Allocation goes on inside the C library by these names, without a lookup, which would allocate.
 */
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* block, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) {
    if (fails("malloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
    if (fails("malloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void* realloc(void* block, size_t size) {
    if (size > 0 && fails("malloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(block, size);
}

int posix_memalign(void** block, size_t alignment, size_t size) {
    *block = fails("malloc") ? NULL : __libc_memalign(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}

void* aligned_alloc(size_t alignment, size_t size) {
    if (fails("malloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_memalign(alignment, size);
}

static int open_file(int folder, const char* path, int flags, mode_t mode) {
    if (fails("open")) {
        errno = EMFILE;
        return -1;
    }
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t)va_arg(arguments, int) : 0;
}

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file(folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
    if (fails("open")) {
        errno = EMFILE;
        return NULL;
    }
    FILE* (*real)(const char*, const char*) = next("fopen");
    return real(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
    return fopen(path, mode);
}

ssize_t read(int file, void* buffer, size_t count) {
    if (fails("read")) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_read, file, buffer, count);
}

ssize_t write(int file, const void* buffer, size_t count) {
    /* Messages to people are not what is tested. */
    if (file > STDERR_FILENO && fails("write")) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, file, buffer, count);
}

int fsync(int file) {
    if (fails("fsync")) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, file);
}

int rename(const char* from, const char* to) {
    if (fails("rename")) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned int flags) {
    if (fails("rename")) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) {
    if (fails("pthread_create")) {
        return EAGAIN;
    }
    int (*real)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) =
        next("pthread_create");
    return real(thread, attributes, start, argument);
}
