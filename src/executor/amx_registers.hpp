// SPDX-License-Identifier: Apache-2.0
// The matrix registers of the CPU. Included inside an unnamed namespace, only by files that use
// them after obtain_amx() has returned true.

/// The shapes of all eight registers: 16 rows of 64 bytes.
struct RegisterShapes {
    std::uint8_t palette = 1;
    std::uint8_t first_row = 0;
    std::uint8_t reserved[14] = {};
    std::uint16_t bytes_per_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(RegisterShapes) == 64);

/// The CPU's registers. The compiler's intrinsics require literal register numbers, and do not tell
/// the compiler that they read memory.
class MatrixRegisters {
public:
    MatrixRegisters() {
        const RegisterShapes shapes;
        // Forces the compiler to complete pending writes to memory.
        asm volatile("ldtilecfg %0" : : "m"(shapes) : "memory");
    }
    ~MatrixRegisters() { asm volatile("tilerelease" : : : "memory"); }
    MatrixRegisters(const MatrixRegisters&) = delete;
    MatrixRegisters& operator=(const MatrixRegisters&) = delete;

    template <int number>
    void clear() {
        asm volatile("tilezero %%tmm%c0" : : "i"(number));
    }
    template <int number>
    void begin(const float* from, std::ptrdiff_t stride, bool is_zero) {
        if (is_zero) {
            clear<number>();
        } else {
            load<number>(from, stride);
        }
    }
    template <int number>
    void load(const float* from, std::ptrdiff_t stride) {
        asm volatile("tileloadd (%0,%1,1), %%tmm%c2"
                     :
                     : "r"(from), "r"(stride), "i"(number)
                     : "memory");
    }
    template <int number>
    // NOLINTNEXTLINE(readability-non-const-parameter): the instruction writes there
    void store(float* to, std::ptrdiff_t stride) {
        asm volatile("tilestored %%tmm%c2, (%0,%1,1)"
                     :
                     : "r"(to), "r"(stride), "i"(number)
                     : "memory");
    }
    template <class Factors, int sums, int pixels, int weights>
    void multiply() {
        if constexpr (Factors::has_integer_sums) {
            asm volatile("tdpbusd %%tmm%c2, %%tmm%c1, %%tmm%c0"
                         :
                         : "i"(sums), "i"(pixels), "i"(weights));
        } else {
            asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0"
                         :
                         : "i"(sums), "i"(pixels), "i"(weights));
        }
    }
};
