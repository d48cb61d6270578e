// SPDX-License-Identifier: Apache-2.0
// What the Universal C Runtime declares for C++ and Wine's headers do not, included before every
// source; see vcruntime.h.
#pragma once

#ifdef __cplusplus
#include <eh.h>
#include <errno.h>
#include <inttypes.h>
#include <io.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <vcruntime.h>
#include <wchar.h>

#undef open

extern "C" {
typedef int sig_atomic_t;
typedef mbstate_t _Mbstatet;
int fwide(FILE* file, int orientation);
int mbsinit(const mbstate_t* state);
int vfscanf(FILE* file, const char* format, va_list arguments);
int vfwscanf(FILE* file, const wchar_t* format, va_list arguments);
int vscanf(const char* format, va_list arguments);
int vsscanf(const char* text, const char* format, va_list arguments);
int vswscanf(const wchar_t* text, const wchar_t* format, va_list arguments);
int vwscanf(const wchar_t* format, va_list arguments);
intmax_t imaxabs(intmax_t value);
imaxdiv_t imaxdiv(intmax_t dividend, intmax_t divisor);
intmax_t wcstoimax(const wchar_t* text, wchar_t** end, int base);
uintmax_t wcstoumax(const wchar_t* text, wchar_t** end, int base);
long double wcstold(const wchar_t* text, wchar_t** end);

struct timespec {
    time_t tv_sec;
    long tv_nsec;
};
errno_t gmtime_s(struct tm* parts, const time_t* time);
errno_t _wputenv_s(const wchar_t* name, const wchar_t* value);
int timespec_get(struct timespec* time, int base);

errno_t _dupenv_s(char** value, size_t* size, const char* name);
int _get_stream_buffer_pointers(FILE* file, char*** base, char*** next, int** count);

int at_quick_exit(void (*function)());
[[noreturn]] void quick_exit(int status);
[[noreturn]] void _invoke_watson(const wchar_t* expression, const wchar_t* function,
                                 const wchar_t* file, unsigned line, uintptr_t);
terminate_handler _get_terminate();
#undef setjmp
int setjmp(jmp_buf environment);

typedef float float_t;
typedef double double_t;
double erfc(double value);
double nan(const char* tag);
double nexttoward(double value, long double towards);
float erfcf(float value);
float fmaf(float left, float right, float addend);
float nanf(const char* tag);
float nexttowardf(float value, long double towards);
int ilogbl(long double value);
long long llrintl(long double value);
long long llroundl(long double value);
long lrintl(long double value);
long lroundl(long double value);
long double fmal(long double left, long double right, long double addend);
long double frexpl(long double value, int* exponent);
long double ldexpl(long double value, int exponent);
long double modfl(long double value, long double* whole);
long double nanl(const char* tag);
long double nexttowardl(long double value, long double towards);
long double remquol(long double dividend, long double divisor, int* quotient);
long double scalblnl(long double value, long exponent);
long double scalbnl(long double value, int exponent);
long double acosl(long double value);
long double acoshl(long double value);
long double asinl(long double value);
long double asinhl(long double value);
long double atanl(long double value);
long double atanhl(long double value);
long double cbrtl(long double value);
long double ceill(long double value);
long double cosl(long double value);
long double coshl(long double value);
long double erfl(long double value);
long double erfcl(long double value);
long double expl(long double value);
long double exp2l(long double value);
long double expm1l(long double value);
long double fabsl(long double value);
long double floorl(long double value);
long double lgammal(long double value);
long double logl(long double value);
long double log10l(long double value);
long double log1pl(long double value);
long double log2l(long double value);
long double logbl(long double value);
long double nearbyintl(long double value);
long double rintl(long double value);
long double roundl(long double value);
long double sinl(long double value);
long double sinhl(long double value);
long double sqrtl(long double value);
long double tanl(long double value);
long double tanhl(long double value);
long double tgammal(long double value);
long double truncl(long double value);
long double atan2l(long double left, long double right);
long double copysignl(long double left, long double right);
long double fdiml(long double left, long double right);
long double fmaxl(long double left, long double right);
long double fminl(long double left, long double right);
long double fmodl(long double left, long double right);
long double hypotl(long double left, long double right);
long double nextafterl(long double left, long double right);
long double powl(long double left, long double right);
long double remainderl(long double left, long double right);
}

inline long abs(long value) noexcept {
    return labs(value);
}
inline long long abs(long long value) noexcept {
    return llabs(value);
}

// Macros for C there, which are functions here.
#undef fpclassify
#undef isfinite
#undef isgreater
#undef isgreaterequal
#undef isinf
#undef isless
#undef islessequal
#undef islessgreater
#undef isnan
#undef isnormal
#undef isunordered
#undef signbit

template <class Number>
int fpclassify(Number value) noexcept;
template <class Number>
bool isfinite(Number value) noexcept;
template <class Number>
bool isinf(Number value) noexcept;
template <class Number>
bool isnan(Number value) noexcept;
template <class Number>
bool isnormal(Number value) noexcept;
template <class Number>
bool signbit(Number value) noexcept;
template <class Left, class Right>
bool isgreater(Left left, Right right) noexcept;
template <class Left, class Right>
bool isgreaterequal(Left left, Right right) noexcept;
template <class Left, class Right>
bool isless(Left left, Right right) noexcept;
template <class Left, class Right>
bool islessequal(Left left, Right right) noexcept;
template <class Left, class Right>
bool islessgreater(Left left, Right right) noexcept;
template <class Left, class Right>
bool isunordered(Left left, Right right) noexcept;
#endif
