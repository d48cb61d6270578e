// SPDX-License-Identifier: Apache-2.0
// Paths that accept photos: a form with one, or names of files on the server.
#include "speciesnet/json.hpp"

#include "answer.hpp"
#include "refusal.hpp"
#include "site.hpp"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace server {
namespace {

constexpr std::size_t instances_bytes = std::size_t{256} * 1024;
/// Each is an open file while the request runs.
constexpr std::size_t most_instances = 100;

Refusal instances_refusal(std::string_view type, const std::string& message) {
    return field_refusal(type, "instances", message);
}

std::vector<speciesnet::Instance> read_instances(const std::string& document) {
    try {
        auto instances = speciesnet::instances_from_json(document);
        if (instances.size() > most_instances) {
            throw instances_refusal("too_long", "List should have at most " +
                                                    std::to_string(most_instances) + " items");
        }
        for (std::size_t number = 0; number < instances.size(); ++number) {
            auto& location = instances[number].location;
            try {
                location = speciesnet::normalize_location(std::move(location));
            } catch (const speciesnet::InvalidArgument& error) {
                throw speciesnet::InvalidArgument("instances[" + std::to_string(number) +
                                                  "]: " + error.what());
            }
        }
        return instances;
    } catch (const speciesnet::InvalidArgument& error) {
        const bool syntax = error.code() == speciesnet::ErrorCode::json_syntax;
        throw instances_refusal(syntax ? "json_invalid" : "value_error", error.what());
    }
}

}  // namespace

void Site::add_photos() {
    post_photos("/uploadfile/", service_.options().upload.body_bytes(),
                [this](const Request& request, const std::stop_token& stop) {
                    return upload(request, stop);
                });
    if (allowed_root_) {
        post_photos("/predict", instances_bytes,
                    [this](const Request& request, const std::stop_token& stop) {
                        return predict(request, stop);
                    });
    }
}

Response Site::upload(const Request& request, const std::stop_token& stop) {
    const auto& options = service_.options();
    auto photo = read_upload(request, service_.folder(), options.upload);
    // Removes the file when the request ends, although this worker may notice that only later.
    const std::stop_callback removal(stop, [&photo] { photo.file.remove(); });
    const auto place = read_location(
        photo.fields, {.location = options.location, .geofence = options.load.geofence});
    const auto prediction = service_.identify(photo, place, stop);
    auto json = line_writer();
    json.begin_object();
    json.key("filename").value(photo.filename);
    json.key("content_size").value(photo.file.size());
    json.key("speciesnet");
    write_answer(json, prediction, service_.model().get().info());
    json.end_object();
    return json_response(200, json.take());
}

Response Site::predict(const Request& request, const std::stop_token& stop) {
    const auto instances = read_instances(request.body);
    // Opens all files first, so that the checked files are the ones that are read.
    std::vector<speciesnet::FileDescriptor> files;
    for (const auto& instance : instances) {
        files.push_back(allowed_root_->open(instance.filepath));
    }
    const auto predictions = service_.predict(instances, files, stop);
    return json_response(200, speciesnet::to_json(predictions, {.indent = 0}));
}

}  // namespace server
