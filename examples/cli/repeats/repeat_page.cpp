// SPDX-License-Identifier: Apache-2.0
// Each repeat contains its row of the table, from which the script rebuilds the table.
#include "repeat_page.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/canvas.hpp"
#include "drawing/jpeg_writer.hpp"
#include "drawing/palette.hpp"
#include "drawing/utf8.hpp"
#include "repeat_decisions.hpp"
#include "report/embedded_text.hpp"
#include "report/page_frame.hpp"
#include "report/page_text.hpp"
#include "results/photo_answers.hpp"
#include "video/read_picture.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

extern "C" const char speciesnet_repeats_style_begin[];
extern "C" const char speciesnet_repeats_style_end[];
extern "C" const char speciesnet_repeats_script_begin[];
extern "C" const char speciesnet_repeats_script_end[];

namespace speciesnet::cli {
namespace {

/// Longer side in pixels, and quality: about 5 KB as base64.
constexpr int crop_size = 180;
constexpr int crop_quality = 65;
constexpr int shortest_side = 48;

Rectangle pixels_of(const BoundingBox& box, const Canvas& photo) {
    const auto edge = [](double relative, int size) {
        return static_cast<int>(std::lround(relative * size));
    };
    const int left = edge(box.xmin, photo.width());
    const int top = edge(box.ymin, photo.height());
    return {left, top, std::max(edge(box.xmin + box.width, photo.width()) - left, 1),
            std::max(edge(box.ymin + box.height, photo.height()) - top, 1)};
}

Canvas part_of(Canvas& photo, const Rectangle& area) {
    Canvas part(area.width, area.height);
    for (int y = 0; y < area.height; ++y) {
        for (int x = 0; x < area.width; ++x) {
            const auto from = photo.pixel(area.left + x, area.top + y);
            std::copy(from.begin(), from.end(), part.pixel(x, y).begin());
        }
    }
    return part;
}

std::string embedded(const char* begin, const char* end) {
    return {begin, end};
}

/// Returns the row of a repeat without the columns that the page decides.
std::string row_of(const Repeat& repeat, double tolerance) {
    auto table = repeats_csv(std::span(&repeat, 1), tolerance);
    table.erase(0, table.find('\n') + 1);
    return table.substr(0, table.rfind(',') + 1);
}

}  // namespace

std::string draw_crop(const std::filesystem::path& photo, const BoundingBox& box) {
    try {
        Canvas canvas(read_picture(utf8_text(photo)));
        const auto pixels = pixels_of(box, canvas);
        const int longer = std::max(pixels.width, pixels.height);
        const auto area = intersection(
            pixels.grown(std::max(longer / 2, (shortest_side - longer) / 2)), canvas.area());
        if (area.empty()) {
            return {};
        }
        auto part = part_of(canvas, area);
        part.frame({pixels.left - area.left, pixels.top - area.top, pixels.width, pixels.height},
                   std::max(longer / 60, 1), category_color(Category::animal));
        return encode_jpeg(shrunk_to(std::move(part), crop_size), crop_quality, jpeg_mark);
    } catch (const Error&) {
        return {};
    }
}

RepeatPage::RepeatPage(std::string_view title, std::string_view file_name, double tolerance,
                       Sink sink)
    : tolerance_(tolerance), sink_(std::move(sink)), nonce_(random_nonce()) {
    sink_(page_head(title, nonce_,
                    std::string(report_style()) +
                        embedded(speciesnet_repeats_style_begin, speciesnet_repeats_style_end)));
    sink_("<body data-columns=\"" + html_escaped(repeat_columns) + "\" data-file=\"" +
          html_escaped(printable(file_name)) + "\">\n<header><h1>" +
          html_escaped(printable(title)) +
          "</h1>\n<p>A box that recurs at the same place is most often a branch or a stone. Unmark "
          "those that are animals, then save the table to <code>" +
          html_escaped(printable(file_name)) +
          "</code> and pass it as <code>--repeats</code>.</p>\n"
          "<p class=\"bar\"><button type=\"button\" id=\"save\">Save the table</button> "
          "<button type=\"button\" id=\"all\">Suppress all</button> "
          "<button type=\"button\" id=\"none\">Suppress none</button> "
          "<span id=\"state\" aria-live=\"polite\"></span></p></header>\n<main>\n");
}

void RepeatPage::add(const Repeat& repeat, const RepeatCrops& crops) {
    const auto folder = repeat.folder.empty() ? std::string(".")
                                              : repeat.folder.substr(0, repeat.folder.size() - 1);
    const auto title = html_escaped(printable(folder)) + ": " +
                       std::string(category_label(repeat.category)) + ", " +
                       std::to_string(repeat.detections) + " times, confidence up to " +
                       two_decimals(repeat.greatest_conf);
    std::string section = "<section data-row=\"" +
                          html_escaped(printable(row_of(repeat, tolerance_))) + "\"><h2>" + title +
                          "</h2><label class=\"decision\"><input type=\"checkbox\"" +
                          (repeat.suppress ? " checked" : "") + "> suppress</label><div>";
    for (const auto& crop : crops) {
        section += crop.empty()
                       ? "<p class=\"quiet\">cannot be shown</p>"
                       : "<img alt=\"\" src=\"data:image/jpeg;base64," + base64(crop) + "\">";
    }
    sink_(section + "</div></section>\n");
}

void RepeatPage::finish() {
    sink_("</main>\n<script nonce=\"" + nonce_ + "\">\n" +
          embedded(speciesnet_repeats_script_begin, speciesnet_repeats_script_end) +
          "</script>\n</body>\n</html>\n");
}

}  // namespace speciesnet::cli
