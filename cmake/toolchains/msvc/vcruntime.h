// SPDX-License-Identifier: Apache-2.0
// What Microsoft's library for C++ expects of its compiler's own headers, which are not free:
// declarations for scripts/platforms/msvc_syntax, which never links.
#pragma once

#include <sal.h>
#include <vadefs.h>

// Annotations that Wine's <sal.h> lacks.
#define _Analysis_assume_(condition)
#define _Check_return_opt_
#define _Field_z_
#define _Guarded_by_(lock)
#define _Pre_satisfies_(condition)
#define _CRT_GUARDOVERFLOW

// Where functions are imported from, and how they are called.
#define _ACRTIMP
#define _CRTIMP2
#define _CRT_SATELLITE_1
#define _CRT_SATELLITE_2
#define _CRT_SATELLITE_CODECVT_IDS
#define _CRT_SATELLITE_CODECVT_IDS_NOIMPORT
#define _MRTIMP2
#define _PGLOBAL
#define _VCRTIMP
#define __CLRCALL_OR_CDECL __cdecl
#define __CLRCALL_PURE_OR_CDECL __cdecl
#define __CLR_OR_THIS_CALL
#define __CRTDECL __cdecl

#define _CRT_CONCATENATE_(left, right) left##right
#define _CRT_CONCATENATE(left, right) _CRT_CONCATENATE_(left, right)
#define _CRT_STRINGIZE_(text) #text
#define _CRT_STRINGIZE(text) _CRT_STRINGIZE_(text)
#define _CRT_WIDE_(text) L##text
#define _CRT_WIDE(text) _CRT_WIDE_(text)

#define _HAS_CXX17 1
#define _HAS_CXX20 1
#define _HAS_EXCEPTIONS 1
#define _HAS_NODISCARD 1
#define _MSVC_CONSTEXPR [[msvc::constexpr]]
#define _NODISCARD [[nodiscard]]

#define _CRT_BEGIN_C_HEADER extern "C" {
#define _CRT_END_C_HEADER }

#include <intrin.h>
