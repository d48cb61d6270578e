// SPDX-License-Identifier: Apache-2.0
// Tries candidates in order of preference: above the box, below, inside, beside; along its edges.
#include "label_layout.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace speciesnet::cli {
namespace {

/// Maximum number of positions along a side of a box.
constexpr int places_per_side = 12;

/// Covering another animal costs this much more than covering part of the label's own box.
constexpr std::int64_t weight_of_other_boxes = 4;

std::int64_t shared_pixels(const Rectangle& a, const Rectangle& b) {
    const auto shared = intersection(a, b);
    return shared.empty() ? 0 : static_cast<std::int64_t>(shared.width) * shared.height;
}

std::vector<Rectangle> candidates(const Rectangle& picture, const Label& label) {
    const auto& box = label.box;
    const int last_left = picture.right() - label.width;
    std::vector<Rectangle> places;
    const auto add = [&](int left, int top) {
        const int inside = std::clamp(left, picture.left, std::max(picture.left, last_left));
        places.push_back({inside, top, label.width, label.height});
    };
    const auto add_row = [&](int top) {
        add(box.left, top);
        add(box.right() - label.width, top);
        const int step = std::max({1, label.height, box.width / places_per_side});
        for (int left = box.left + step; left < box.right() - label.width; left += step) {
            add(left, top);
        }
    };
    add_row(box.top - label.height);
    add_row(box.bottom());
    const int step = std::max({1, label.height, box.height / places_per_side});
    for (int top = box.top; top + label.height <= box.bottom(); top += step) {
        add_row(top);
    }
    add(box.right(), box.top);
    add(box.left - label.width, box.top);
    add(box.right(), box.bottom() - label.height);
    add(box.left - label.width, box.bottom() - label.height);
    return places;
}

bool is_free(const Rectangle& place, std::span<const Rectangle> taken) {
    return std::none_of(taken.begin(), taken.end(), [&](const Rectangle& other) {
        return !intersection(place, other).empty();
    });
}

std::int64_t hidden_pixels(const Rectangle& place, std::span<const Label> labels,
                           const Label& own) {
    std::int64_t hidden = 0;
    for (const auto& label : labels) {
        hidden += shared_pixels(place, label.box) * (&label == &own ? 1 : weight_of_other_boxes);
    }
    return hidden;
}

}  // namespace

std::vector<std::optional<Rectangle>> place_labels(const Rectangle& picture,
                                                   std::span<const Label> labels,
                                                   std::vector<Rectangle> taken) {
    std::vector<std::optional<Rectangle>> places;
    for (const auto& label : labels) {
        std::optional<Rectangle> best;
        auto least = std::numeric_limits<std::int64_t>::max();
        for (const auto& place : candidates(picture, label)) {
            if (!contains(picture, place) || !is_free(place, taken)) {
                continue;
            }
            if (const auto hidden = hidden_pixels(place, labels, label); hidden < least) {
                least = hidden;
                best = place;
            }
        }
        if (best) {
            taken.push_back(*best);
        }
        places.push_back(best);
    }
    return places;
}

}  // namespace speciesnet::cli
