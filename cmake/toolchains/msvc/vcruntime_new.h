// SPDX-License-Identifier: Apache-2.0
// The operators new and delete; see vcruntime.h.
#pragma once

#include <vcruntime.h>

namespace std {

struct nothrow_t {
    explicit nothrow_t() = default;
};
extern const nothrow_t nothrow;
enum class align_val_t : size_t {};

}  // namespace std

[[nodiscard]] void* operator new(size_t size);
[[nodiscard]] void* operator new(size_t size, const std::nothrow_t&) noexcept;
[[nodiscard]] void* operator new(size_t size, std::align_val_t alignment);
[[nodiscard]] void* operator new(size_t size, std::align_val_t, const std::nothrow_t&) noexcept;
[[nodiscard]] void* operator new[](size_t size);
[[nodiscard]] void* operator new[](size_t size, const std::nothrow_t&) noexcept;
[[nodiscard]] void* operator new[](size_t size, std::align_val_t alignment);
[[nodiscard]] void* operator new[](size_t size, std::align_val_t, const std::nothrow_t&) noexcept;
[[nodiscard]] inline void* operator new(size_t, void* place) noexcept {
    return place;
}
[[nodiscard]] inline void* operator new[](size_t, void* place) noexcept {
    return place;
}
void operator delete(void* place) noexcept;
void operator delete(void* place, size_t size) noexcept;
void operator delete(void* place, const std::nothrow_t&) noexcept;
void operator delete(void* place, std::align_val_t alignment) noexcept;
void operator delete(void* place, size_t size, std::align_val_t alignment) noexcept;
void operator delete[](void* place) noexcept;
void operator delete[](void* place, size_t size) noexcept;
void operator delete[](void* place, const std::nothrow_t&) noexcept;
void operator delete[](void* place, std::align_val_t alignment) noexcept;
void operator delete[](void* place, size_t size, std::align_val_t alignment) noexcept;
inline void operator delete(void*, void*) noexcept {}
inline void operator delete[](void*, void*) noexcept {}
