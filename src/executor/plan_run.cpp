// SPDX-License-Identifier: Apache-2.0
// Shares memory between buffers with disjoint lifetimes.
#include "executor/plan_run.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

namespace speciesnet::executor {
namespace {

constexpr bool is_32_bit = sizeof(std::size_t) == 4;
/// The limit of images, rows and columns: what an operation makes of them does not overflow.
constexpr std::size_t most_side = std::size_t{1} << 21U;
constexpr std::uint64_t most_pixels = std::uint64_t{1} << (is_32_bit ? 24U : 31U);
/// Larger than any memory; prevents overflow of the sum of all buffers.
constexpr std::uint64_t most_floats = std::uint64_t{1} << (is_32_bit ? 30U : 48U);
constexpr std::size_t floats_per_cache_line = 16;

/// The steps between which a buffer is in use.
struct Lifetime {
    std::size_t first = std::numeric_limits<std::size_t>::max();
    std::size_t last = 0;

    void include(std::size_t step) {
        first = std::min(first, step);
        last = std::max(last, step);
    }
    bool overlaps(const Lifetime& other) const {
        return first <= other.last && other.first <= last;
    }
};

/// Counts steps from 1; the inputs exist at 0.
std::vector<Lifetime> lifetimes(const Plan& plan) {
    std::vector<Lifetime> lifetimes(plan.buffers().size());
    const auto use = [&](Plan::Value value, std::size_t step) {
        lifetimes[plan.value(value).buffer].include(step);
    };
    for (const auto& input : plan.inputs()) {
        use(input.value, 0);
    }
    std::size_t step = 0;
    for (const auto& entry : plan.steps()) {
        ++step;
        use(entry.output, step);
        for (const auto value : entry.inputs) {
            use(value, step);
        }
    }
    for (const auto value : plan.kept()) {
        use(value, step + 1);
    }
    return lifetimes;
}

/// Returns the size with padding, before pixels are merged.
PictureSize padded_size(const PictureSize& size, const ConvolutionGeometry& geometry) {
    return {.images = size.images,
            .height = size.height + geometry.pad_top + geometry.pad_bottom,
            .width = size.width + geometry.pad_left + geometry.pad_right,
            .channels = size.channels};
}

bool is_reasonable(const PictureSize& size) {
    return std::max({size.images, size.height, size.width}) <= most_side &&
           picture_floats(size, 1, false) <= most_pixels;
}

std::size_t checked_floats(std::uint64_t floats) {
    if (floats > most_floats) {
        throw InvalidArgument("a network needs more memory than can be addressed");
    }
    return static_cast<std::size_t>(floats);
}

PictureSize size_for_operations(const InputLayout& layout, const PictureSize& size) {
    if (size.channels != layout.channels || !is_reasonable(size) || size.pixels() == 0) {
        throw InvalidArgument("the network expects images of " + std::to_string(layout.channels) +
                              " channels and a reasonable size");
    }
    if (!layout.merged) {
        return size;
    }
    layout.merged->output_size(size, 1);
    auto padded = padded_size(size, *layout.merged);
    padded.width -= layout.merged->kernel_width - 1;
    padded.channels *= layout.merged->kernel_width;
    return padded;
}

}  // namespace

InputPictures dense_pictures(const float* data, const PictureSize& size, bool channels_first) {
    const std::size_t row_size = size.width * size.channels;
    if (!channels_first) {
        return {size, [=](std::size_t image, std::size_t row, float* pixels) {
                    std::copy_n(data + (image * size.height + row) * row_size, row_size, pixels);
                }};
    }
    return {size, [=](std::size_t image, std::size_t row, float* pixels) {
                for (std::size_t channel = 0; channel < size.channels; ++channel) {
                    const std::size_t plane = image * size.channels + channel;
                    const float* const from = data + (plane * size.height + row) * size.width;
                    for (std::size_t column = 0; column < size.width; ++column) {
                        pixels[column * size.channels + channel] = from[column];
                    }
                }
            }};
}

PlanRun::PlanRun(const Plan& plan, const Kernels& kernels, Workspace& workspace,
                 PictureReceiver receive)
    : plan_(plan), kernels_(kernels), workspace_(workspace), receive_(std::move(receive)) {
    for (const auto& buffer : plan.buffers()) {
        scales_.push_back(buffer.element == Element::byte
                              ? ByteScaleTable(buffer.ranges, kernels.int8->least_byte)
                              : ByteScaleTable());
        zeros_.resize(std::max(zeros_.size(), floats_of(buffer.element, buffer.channels)));
    }
}

void PlanRun::place(std::span<const PictureSize> inputs) {
    input_sizes_.clear();
    sizes_.assign(plan_.value_count(), {.channels = 0});
    std::vector<std::size_t> floats(plan_.buffers().size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto& input = plan_.inputs()[i];
        sizes_[input.value] = size_for_operations(input.layout, inputs[i]);
        const auto stored =
            input.layout.merged ? padded_size(inputs[i], *input.layout.merged) : inputs[i];
        floats[plan_.value(input.value).buffer] =
            checked_floats(picture_floats(stored, stored.channels, false));
    }
    for (const auto& step : plan_.steps()) {
        std::vector<PictureSize> sizes;
        std::vector<Element> elements;
        for (const auto value : step.inputs) {
            sizes.push_back(size_of(value));
            elements.push_back(plan_.element(value));
            if (sizes.back().channels == 0) {
                throw InvalidArgument("an operation uses a value that was not computed before it");
            }
        }
        if (!step.operation->takes(elements, plan_.element(step.output))) {
            throw InvalidArgument("an operation of the network has another element type");
        }
        const auto size = step.operation->output_size(sizes);
        const auto& entry = plan_.value(step.output);
        const auto& buffer = plan_.buffers()[entry.buffer];
        if (size.channels != entry.channels || size.element != buffer.element ||
            !is_reasonable(size)) {
            throw InvalidArgument("the output of an operation has an unexpected size");
        }
        sizes_[step.output] = size;
        std::size_t& count = floats[entry.buffer];
        const std::size_t needed =
            checked_floats(picture_floats(size, floats_of(buffer.element, buffer.channels),
                                          has_frames(kernels_, buffer.element)));
        if (count != 0 && count != needed) {
            throw InvalidArgument("feature maps of different sizes are concatenated");
        }
        count = needed;
    }
    for (const auto value : plan_.kept()) {
        if (size_of(value).channels == 0) {
            throw InvalidArgument("the output of a network was not computed");
        }
    }
    place_buffers(floats);
    input_sizes_.assign(inputs.begin(), inputs.end());
}

const PictureSize& PlanRun::size_of(Plan::Value value) {
    const auto& entry = plan_.value(value);
    for (Plan::Value part = 0; sizes_[value].channels == 0 && part < sizes_.size(); ++part) {
        if (plan_.value(part).buffer == entry.buffer && sizes_[part].channels != 0) {
            sizes_[value] = sizes_[part];
            sizes_[value].channels = entry.channels;
        }
    }
    return sizes_[value];
}

void PlanRun::place_buffers(const std::vector<std::size_t>& floats) {
    const auto lives = lifetimes(plan_);
    std::vector<std::size_t> order;  // Largest first: small ones fit into the gaps.
    for (std::size_t buffer = 0; buffer < floats.size(); ++buffer) {
        if (floats[buffer] != 0) {
            order.push_back(buffer);
        }
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return floats[a] > floats[b]; });
    offsets_.assign(floats.size(), 0);
    std::vector<std::size_t> placed;  // By offset.
    std::size_t total = 0;
    for (const auto buffer : order) {
        const std::size_t needed = (floats[buffer] + floats_per_cache_line - 1) /
                                   floats_per_cache_line * floats_per_cache_line;
        std::size_t offset = 0;
        for (const auto other : placed) {
            if (!lives[other].overlaps(lives[buffer])) {
                continue;
            }
            if (offset + needed <= offsets_[other]) {
                break;
            }
            offset = std::max(offset,
                              offsets_[other] + (floats[other] + floats_per_cache_line - 1) /
                                                    floats_per_cache_line * floats_per_cache_line);
        }
        offsets_[buffer] = offset;
        total = checked_floats(std::max(total, offset + needed));
        placed.insert(std::upper_bound(
                          placed.begin(), placed.end(), buffer,
                          [&](std::size_t a, std::size_t b) { return offsets_[a] < offsets_[b]; }),
                      buffer);
    }
    arena_size_ = total;
}

Picture PlanRun::view(Plan::Value value) const {
    const auto& entry = plan_.value(value);
    const auto& buffer = plan_.buffers()[entry.buffer];
    float* const data = workspace_.arena.data() + offsets_[entry.buffer] +
                        floats_of(buffer.element, entry.first_channel);
    for (std::size_t i = 0; i < plan_.inputs().size(); ++i) {
        const auto& input = plan_.inputs()[i];
        if (input.value == value && input.layout.merged) {
            const auto stored = padded_size(input_sizes_[i], *input.layout.merged);
            const std::size_t row = stored.width * stored.channels;
            return {data, sizes_[value], stored.channels, row, stored.height * row};
        }
    }
    auto view = picture(data, sizes_[value], floats_of(buffer.element, buffer.channels),
                        has_frames(kernels_, buffer.element));
    if (buffer.element == Element::byte) {
        view.scales = scales_[entry.buffer].scales().from(entry.first_channel);
    }
    return view;
}

void PlanRun::fill_input(const Plan::Input& input, const InputPictures& pictures) {
    const auto& size = pictures.size;
    const ConvolutionGeometry frame = input.layout.merged.value_or(ConvolutionGeometry{});
    const auto stored = padded_size(size, frame);
    float* const data = workspace_.arena.data() + offsets_[plan_.value(input.value).buffer];
    const std::size_t channels = size.channels;
    workspace_.pool.run(stored.images * stored.height, [&](std::size_t line, std::size_t) {
        float* const to = data + line * stored.width * channels;
        const std::size_t row = line % stored.height - frame.pad_top;
        if (row >= size.height) {
            std::fill_n(to, stored.width * channels, 0.0F);
            return;
        }
        const std::span pixels(to + frame.pad_left * channels, size.width * channels);
        std::fill(to, pixels.data(), 0.0F);
        std::fill_n(pixels.data() + pixels.size(), frame.pad_right * channels, 0.0F);
        pictures.write_row(line / stored.height, row, pixels.data());
        for (const auto& step : input.layout.arithmetic) {
            compute(step, pixels);
        }
    });
}

std::vector<PictureSize> PlanRun::output_sizes(std::span<const PictureSize> inputs) {
    place(inputs);
    std::vector<PictureSize> sizes;
    for (const auto value : plan_.kept()) {
        sizes.push_back(sizes_[value]);
    }
    return sizes;
}

namespace {

double bytes_of(const PictureSize& size) {
    return static_cast<double>(size.pixels() * size.floats() * sizeof(float));
}

}  // namespace

std::vector<ConstPicture> PlanRun::run(std::span<const InputPictures> inputs,
                                       const TimingReceiver& timing) {
    std::vector<PictureSize> sizes;
    for (const auto& input : inputs) {
        sizes.push_back(input.size);
    }
    if (sizes != input_sizes_) {
        place(sizes);
    }
    workspace_.arena.reserve(arena_size_);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        fill_input(plan_.inputs()[i], inputs[i]);
    }
    const Execution execution{kernels_, workspace_.pool, workspace_.shared, workspace_.converted};
    for (const auto& step : plan_.steps()) {
        std::vector<ConstPicture> views;
        std::vector<PictureSize> view_sizes;
        for (const auto value : step.inputs) {
            views.push_back(read_only(view(value)));
            view_sizes.push_back(views.back().size);
        }
        const auto output = view(step.output);
        const auto start = std::chrono::steady_clock::now();
        if (has_frames(kernels_, output.size.element)) {
            const auto& entry = plan_.value(step.output);
            fill_frame(output, output.scales ? scales_[entry.buffer].zero_pixel().data() +
                                                   floats_of(Element::byte, entry.first_channel)
                                             : zeros_.data());
        }
        step.operation->run(execution, views, output);
        if (timing) {
            const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
            double bytes = bytes_of(sizes_[step.output]);
            for (const auto& size : view_sizes) {
                bytes += bytes_of(size);
            }
            timing({step.operation->name(), sizes_[step.output], step.operation->flops(view_sizes),
                    bytes, taken.count()});
        }
        if (receive_) {
            receive_(plan_, static_cast<std::size_t>(&step - plan_.steps().data()),
                     read_only(output));
        }
    }
    std::vector<ConstPicture> kept;
    for (const auto value : plan_.kept()) {
        kept.push_back(read_only(view(value)));
    }
    return kept;
}

}  // namespace speciesnet::executor
