// SPDX-License-Identifier: Apache-2.0
// Wine's header defines a function for Clang that Clang itself has in this dialect.
#pragma push_macro("__clang__")
#undef __clang__
#include_next <winnt.h>
#pragma pop_macro("__clang__")
#undef inline
