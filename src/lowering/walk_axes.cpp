// SPDX-License-Identifier: Apache-2.0
// Lowers padding, and operations that only change axes.
#include "lowering/refusal.hpp"
#include "lowering/walk.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace speciesnet::lowering {
namespace {

Padding padding_of(const graph::Pad& pad) {
    if (pad.value != 0) {
        refuse("pads with a value other than zero");
    }
    return {.left = checked_geometry(pad.left, 0),
            .right = checked_geometry(pad.right, 0),
            .top = checked_geometry(pad.top, 0),
            .bottom = checked_geometry(pad.bottom, 0)};
}

void add(const Padding& padding, Padding& sum) {
    sum.left += padding.left;
    sum.right += padding.right;
    sum.top += padding.top;
    sum.bottom += padding.bottom;
}

/// Returns whether a slice is input[:] along an axis, for any size.
bool is_whole(const graph::Slice& slice) {
    constexpr std::int64_t beyond_any_size = (std::int64_t{1} << 31U) - 1;
    return slice.start == 0 && slice.step == 1 &&
           slice.end.value_or(beyond_any_size) >= beyond_any_size;
}

bool is_every_second(const graph::Slice& slice) {
    constexpr std::int64_t beyond_any_size = (std::int64_t{1} << 31U) - 1;
    return (slice.start == 0 || slice.start == 1) && slice.step == 2 &&
           slice.end.value_or(beyond_any_size) >= beyond_any_size;
}

const std::vector<std::int64_t> channels_first_order{0, 3, 1, 2};
const std::vector<std::int64_t> channels_last_order{0, 2, 3, 1};

}  // namespace

std::size_t checked_axis(std::int64_t axis, std::size_t axes) {
    const auto count = static_cast<std::int64_t>(axes);
    if (axis < -count || axis >= count) {
        refuse("names an axis that its input does not have");
    }
    return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

void Walk::lower(graph::Value node, const graph::Input&) {
    known_[node] = InputView{};
}

void Walk::lower(graph::Value, const graph::Constant&) {}  // Known from the start.

void Walk::lower(graph::Value node, const graph::Pad& pad) {
    const auto padding = padding_of(pad);
    const auto input = this->node(node).inputs[0];
    if (const auto* const view = find<InputView>(input)) {
        if (view->rows_from || view->columns_from) {
            refuse("pads a slice of the network's input");
        }
        InputView padded = *view;
        add(padding, padded.padding);
        known_[node] = std::move(padded);
        return;
    }
    const auto* const known = find<Tensor>(input);
    Tensor padded = known != nullptr ? *known : tensor(input);
    if (padded.axes != 4 || padded.channel_axis != 1) {
        refuse("pads axes other than rows and columns");
    }
    add(padding, padded.padding);
    known_[node] = padded;
}

void Walk::lower(graph::Value node, const graph::Permute& permute) {
    const auto input = this->node(node).inputs[0];
    if (const auto* const view = find<InputView>(input)) {
        if (permute.axes != channels_first_order || !view->channels_first ||
            view->padding != Padding{} || view->is_sliced()) {
            refuse(
                "reorders the axes of the network's input in a way that the executor does not "
                "support");
        }
        InputView permuted = *view;
        permuted.channels_first = false;
        known_[node] = std::move(permuted);
        return;
    }
    Tensor permuted = tensor(input);
    std::vector<std::size_t> axes;
    for (const auto axis : permute.axes) {
        axes.push_back(checked_axis(axis, permuted.axes));
    }
    const auto channel = std::find(axes.begin(), axes.end(), permuted.channel_axis);
    if (axes.size() != permuted.axes || axes.front() != 0 || channel == axes.end()) {
        refuse("reorders axes in a way that the executor does not support");
    }
    // Rows stay before columns.
    auto others = axes;
    std::erase(others, permuted.channel_axis);
    if (!permuted.is_single_pixel && !std::is_sorted(others.begin(), others.end())) {
        refuse("exchanges rows and columns, which the executor does not support");
    }
    permuted.channel_axis = static_cast<std::size_t>(channel - axes.begin());
    known_[node] = permuted;
}

void Walk::lower(graph::Value node, const graph::Reshape& reshape) {
    Tensor reshaped = tensor(this->node(node).inputs[0]);
    const auto channels = static_cast<std::int64_t>(this->channels(reshaped));
    const auto& sizes = reshape.sizes;
    constexpr std::size_t most_axes = 8;
    if (!reshaped.is_single_pixel || sizes.size() < 2 || sizes.size() > most_axes) {
        refuse("reshapes a tensor of more than one pixel");
    }
    // At most one size is open: if it is that of the batch, the others are given.
    const bool keeps_batch = sizes[0] == 0 || sizes[0] == -1;
    std::optional<std::size_t> channel_axis;
    bool is_possible = keeps_batch;
    for (std::size_t axis = 1; axis < sizes.size(); ++axis) {
        auto size = sizes[axis];
        if (size == 0 && axis < reshaped.axes) {
            size = axis == reshaped.channel_axis ? channels : 1;
        } else if (size == -1 && sizes[0] == 0) {
            size = channel_axis ? 1 : channels;
        }
        if (size == channels && !channel_axis) {
            channel_axis = axis;
        } else if (size != 1) {
            is_possible = false;
        }
    }
    if (!is_possible || !channel_axis) {
        refuse("reshapes one pixel to another shape");
    }
    reshaped.axes = sizes.size();
    reshaped.channel_axis = *channel_axis;
    known_[node] = reshaped;
}

void Walk::lower(graph::Value node, const graph::Squeeze& squeeze) {
    Tensor squeezed = tensor(this->node(node).inputs[0]);
    const auto axis = checked_axis(squeeze.axis, squeezed.axes);
    if (axis == squeezed.channel_axis && channels(squeezed) > 1) {
        known_[node] = squeezed;  // Removes only axes of one element.
        return;
    }
    if (axis == 0 || axis == squeezed.channel_axis || !squeezed.is_single_pixel) {
        refuse("removes an axis that may have more than one element");
    }
    --squeezed.axes;
    squeezed.channel_axis -= axis < squeezed.channel_axis ? 1 : 0;
    known_[node] = squeezed;
}

void Walk::lower(graph::Value node, const graph::Unsqueeze& unsqueeze) {
    Tensor unsqueezed = tensor(this->node(node).inputs[0]);
    const auto axis = checked_axis(unsqueeze.axis, unsqueezed.axes + 1);
    if (axis == 0 || !unsqueezed.is_single_pixel) {
        refuse("adds an axis to a tensor of more than one pixel, or before the batch");
    }
    ++unsqueezed.axes;
    unsqueezed.channel_axis += axis <= unsqueezed.channel_axis ? 1 : 0;
    known_[node] = unsqueezed;
}

void Walk::lower(graph::Value node, const graph::Slice& slice) {
    const auto input = this->node(node).inputs[0];
    constexpr std::size_t picture_axes = 4;
    const auto* const known = find<Tensor>(input);
    const auto axis = checked_axis(slice.axis, known == nullptr ? picture_axes : known->axes);
    if (is_whole(slice)) {
        known_[node] = known_[input];
        return;
    }
    if (known != nullptr && axis == known->channel_axis && !known->is_padded()) {
        lower_channels(node, *known, slice);
        return;
    }
    const auto* const view = find<InputView>(input);
    if (view == nullptr || !is_every_second(slice) || axis < 2 || view->padding != Padding{} ||
        !view->cells.empty()) {
        refuse("is a slice that the executor does not support");
    }
    InputView sliced = *view;
    auto& from = axis == 2 ? sliced.rows_from : sliced.columns_from;
    if (from) {
        refuse("is a slice of a slice");
    }
    from = static_cast<std::size_t>(slice.start);
    known_[node] = std::move(sliced);
}

void Walk::lower_channels(graph::Value node, const Tensor& from, const graph::Slice& slice) {
    const auto count = static_cast<std::int64_t>(channels(from));
    const auto end = slice.end.value_or(count);
    if (slice.step != 1 || slice.start < 0 || end > count || slice.start >= end) {
        refuse(
            "is a slice of channels that its input does not have, or that do not follow each "
            "other");
    }
    Tensor part = from;
    part.value = plan_.part(from.value, static_cast<std::size_t>(slice.start),
                            static_cast<std::size_t>(end - slice.start));
    known_[node] = part;
}

}  // namespace speciesnet::lowering
