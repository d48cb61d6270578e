// SPDX-License-Identifier: Apache-2.0
// Writes head, markup, blocks of data and script. Thumbnails are in separate blocks, which the
// script reads only for visible photos.
#include "report_writer.hpp"

#include "drawing/utf8.hpp"
#include "embedded_text.hpp"
#include "page_frame.hpp"
#include "page_text.hpp"
#include "text/json_writer.hpp"

#include <utility>

namespace speciesnet::cli {
namespace {

/// Number of photos in a block of data; the script uses the same value (report.js).
constexpr std::size_t photos_per_block = 50;

void write_answer(JsonWriter& json, const PhotoAnswer& answer, Names names) {
    json.begin_object();
    json.key("name").value(printable(display_name(answer.label, names)));
    json.key("label").value(printable(answer.label));
    if (answer.detections > 0) {
        json.key("score").value(answer.score);
    }
    json.key("detections").value(static_cast<std::size_t>(answer.detections));
    json.end_object();
}

void write_photo(JsonWriter& json, const ReportedPhoto& photo, Names names) {
    json.begin_object();
    json.key("file").value(printable(photo.filepath));
    json.key("answers").begin_array();
    for (const auto& answer : photo.answers) {
        write_answer(json, answer, names);
    }
    json.end_array();
    const auto add_if_known = [&json](std::string_view key, const std::string& text) {
        if (!text.empty()) {
            json.key(key).value(text);
        }
    };
    add_if_known("failure", printable(photo.failure));
    add_if_known("truncated", std::string(photo.truncated ? truncated_text : ""));
    add_if_known("taken", printable(photo.taken));
    add_if_known("station", printable(photo.station));
    add_if_known("video", printable(photo.video));
    if (photo.seconds) {
        json.key("seconds").value(*photo.seconds);
    }
    add_if_known("original", photo.original.empty() ? "" : relative_url(photo.original));
    add_if_known("copy", photo.copy.empty() ? "" : relative_url(photo.copy));
    json.end_object();
}

std::string data_block(std::string_view kind, const std::string& json) {
    return "<script type=\"application/json\" class=\"" + std::string(kind) + "\">" +
           script_escaped(json) + "</script>\n";
}

}  // namespace

ReportWriter::ReportWriter(std::string_view title, Names names, Sink sink)
    : names_(names), sink_(std::move(sink)), nonce_(random_nonce()) {
    sink_(page_head(title, nonce_, report_style()));
    sink_("<body data-title=\"" + html_escaped(printable(title)) + "\">\n");
    sink_(report_markup());
}

void ReportWriter::add(const ReportedPhoto& photo) {
    waiting_.push_back(photo);
    if (waiting_.size() == photos_per_block) {
        flush();
    }
}

void ReportWriter::finish() {
    flush();
    sink_("<script nonce=\"" + nonce_ + "\">\n" + std::string(report_script()) +
          "</script>\n</body>\n</html>\n");
}

void ReportWriter::flush() {
    if (waiting_.empty()) {
        return;
    }
    JsonWriter photos;
    JsonWriter thumbnails;
    photos.begin_array();
    thumbnails.begin_array();
    for (const auto& photo : waiting_) {
        write_photo(photos, photo, names_);
        thumbnails.value(base64(photo.thumbnail_jpeg));
    }
    photos.end_array();
    thumbnails.end_array();
    sink_(data_block("photos", photos.take()));
    sink_(data_block("thumbnails", thumbnails.take()));
    waiting_.clear();
}

}  // namespace speciesnet::cli
