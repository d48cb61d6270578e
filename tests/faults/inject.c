// SPDX-License-Identifier: Apache-2.0
/* A library to preload into a program. Makes one call of the C library fail, once:
 *
 *     FAULT_CALL   malloc, mmap, open, read, write, fsync, rename or pthread_create
 *     FAULT_PLACE  the place whose first call fails, as listed in FAULT_LOG; by default none fails
 *     FAULT_LOG    file to which the places of all such calls are written at exit, one per line
 *
 * A place has the form HASH:SIZE. The hash is of the innermost callers, each as an offset in its
 * library, so that it is the same in every run. The size is that of the first allocation there, 0
 * for other calls. Calls of another size are skipped without a backtrace, which is slow. Calls are
 * counted from main() on. */
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
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { most_callers = 16, own_frames = 3, most_places = 1 << 16 };

static atomic_int counting;
static const char* fail_call = "";
static uint64_t fail_place;
static size_t fail_size;
static atomic_int failed;
/* Not 0 while calls of this thread are not counted: within dlopen() and the injector itself. */
static __thread int uncounted;

static int is_chosen(const char* call) {
    return atomic_load(&counting) && !uncounted && strcmp(fail_call, call) == 0;
}

/* Returns whether calls by this caller are excluded, because it does not survive their failure:
 *   - LibTorch with its oneDNN;
 *   - OpenSSL, which uses locks that it could not allocate;
 *   - libmagic, which frees memory that it has not allocated;
 *   - iterators of std::filesystem, whose constructors are noexcept within libstdc++;
 *   - paths of std::filesystem, which free parts that could not be allocated;
 *   - the C library when it registers the destructor of a thread-local variable;
 *   - simdjson, which chooses its kernels for the first document in noexcept functions. */
static int does_not_survive(void* frame, const struct dl_find_object* caller) {
    static const char* const libraries[] = {"libtorch", "libc10", "libdnnl", "libcrypto",
                                            "libmagic"};
    static const char* const functions[] = {"directory_iterator", "__cxa_thread_atexit_impl",
                                            "4pathdV", "get_active_implementation",
                                            "detect_best_supported"};
    const char* const library = caller->dlfo_link_map->l_name;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; ++i) {
        if (strstr(library, libraries[i]) != NULL) {
            return 1;
        }
    }
    Dl_info symbol;
    if (dladdr(frame, &symbol) == 0 || symbol.dli_sname == NULL) {
        return 0;
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
        if (strstr(symbol.dli_sname, functions[i]) != NULL) {
            return 1;
        }
    }
    return 0;
}

/* The places seen so far: a hash table with open addressing, in which 0 marks a free slot. */
static struct {
    _Atomic uint64_t place;
    _Atomic size_t size;
    atomic_int counts;
} places[most_places];

/* Returns the place of the current call; 0 if the call is excluded. */
static uint64_t present_place(size_t size) {
    void* frames[own_frames + most_callers];
    const int count = backtrace(frames, own_frames + most_callers);
    struct dl_find_object callers[own_frames + most_callers];
    uint64_t place = 14695981039346656037U; /* FNV-1a */
    for (int i = own_frames; i < count; ++i) {
        if (_dl_find_object(frames[i], &callers[i]) != 0) {
            return 0;
        }
        place = (place ^ (uint64_t)((char*)frames[i] - (char*)callers[i].dlfo_map_start)) *
                1099511628211U;
    }
    uint64_t at = place % most_places;
    for (;; at = (at + 1) % most_places) {
        uint64_t there = 0;
        if (atomic_compare_exchange_strong(&places[at].place, &there, place)) {
            atomic_store(&places[at].size, size);
            break;
        }
        if (there == place) {
            return atomic_load(&places[at].counts) ? place : 0;
        }
    }
    for (int i = own_frames; i < count; ++i) {
        if (does_not_survive(frames[i], &callers[i])) {
            return 0;
        }
    }
    atomic_store(&places[at].counts, 1);
    return place;
}

/* Returns whether this call must fail. */
__attribute__((noinline)) static int fails(const char* call, size_t size) {
    if (!is_chosen(call) || atomic_load(&failed) || (fail_place != 0 && size != fail_size)) {
        return 0;
    }
    ++uncounted;
    const uint64_t place = present_place(size);
    --uncounted;
    return place != 0 && place == fail_place && !atomic_exchange(&failed, 1);
}

static void* next(const char* name) {
    return dlsym(RTLD_NEXT, name);
}

static void write_log(void) {
    const char* path = getenv("FAULT_LOG");
    atomic_store(&counting, 0);
    const long file =
        path == NULL ? -1 : syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0) {
        return;
    }
    for (int i = 0; i < most_places; ++i) {
        if (places[i].counts) {
            char text[64];
            const int length = snprintf(text, sizeof text, "%016llx:%zu\n",
                                        (unsigned long long)places[i].place, places[i].size);
            (void)syscall(SYS_write, file, text, (size_t)length);
        }
    }
    (void)syscall(SYS_close, file);
}

static int (*real_main)(int, char**, char**);

static int counted_main(int argc, char** argv, char** environment) {
    const char* place = getenv("FAULT_PLACE");
    const char* call = getenv("FAULT_CALL");
    void* frames[1];
    (void)backtrace(frames, 1); /* The first call loads a library. */
    if (place != NULL) {
        char* end = NULL;
        fail_place = strtoull(place, &end, 16);
        fail_size = *end == ':' ? strtoull(end + 1, NULL, 10) : 0;
    }
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

/* Calls within dlopen() are not counted, because constructors of libraries cannot report a failure.
 * Of the libraries that LibTorch loads, libgcrypt (through libssh) aborts if
 * /proc/sys/crypto/fips_enabled cannot be opened, and exceptions in libproj, libgdcm and
 * libtorch_cpu end in std::terminate(). */
void* dlopen(const char* path, int mode) {
    void* (*real)(const char*, int) = next("dlopen");
    ++uncounted;
    void* const library = real(path, mode);
    --uncounted;
    return library;
}

/* The C library's allocator. It is called by these names, because a lookup would allocate. */
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* block, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) {
    if (fails("malloc", size)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
    if (fails("malloc", count * size)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void* realloc(void* block, size_t size) {
    if (size > 0 && fails("malloc", size)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(block, size);
}

int posix_memalign(void** block, size_t alignment, size_t size) {
    *block = fails("malloc", size) ? NULL : __libc_memalign(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}

void* aligned_alloc(size_t alignment, size_t size) {
    if (fails("malloc", size)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_memalign(alignment, size);
}

void* mmap(void* address, size_t size, int protection, int flags, int file, off_t offset) {
    if (fails("mmap", 0)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void*)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

void* mmap64(void* address, size_t size, int protection, int flags, int file, off_t offset) {
    return mmap(address, size, protection, flags, file, offset);
}

static int open_file(int folder, const char* path, int flags, mode_t mode) {
    if (fails("open", 0)) {
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
    if (fails("open", 0)) {
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
    if (fails("read", 0)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_read, file, buffer, count);
}

ssize_t write(int file, const void* buffer, size_t count) {
    /* Standard output and error are excluded: messages are not tested. */
    if (file > STDERR_FILENO && fails("write", 0)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, file, buffer, count);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
    if (file > STDERR_FILENO && fails("write", 0)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_writev, file, parts, count);
}

int fsync(int file) {
    if (fails("fsync", 0)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, file);
}

int rename(const char* from, const char* to) {
    if (fails("rename", 0)) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned int flags) {
    if (fails("rename", 0)) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) {
    if (fails("pthread_create", 0)) {
        return EAGAIN;
    }
    int (*real)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) =
        next("pthread_create");
    return real(thread, attributes, start, argument);
}
