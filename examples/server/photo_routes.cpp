// Paths that take photos: a form with one, or the names of files that the server can read.
#include "speciesnet/json.hpp"

#include "answer.hpp"
#include "body.hpp"
#include "refusal.hpp"
#include "site.hpp"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace server {
namespace {

constexpr std::size_t instances_bytes = std::size_t{256} * 1024;
/// Each is an open file while the request runs.
constexpr std::size_t most_instances = 100;

Refusal instances_refusal(const char* type, const std::string& message) {
    return {422, Json::array({{{"type", type}, {"loc", {"body", "instances"}}, {"msg", message}}})};
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
    post_photos(
        "/uploadfile/", service_.options().upload.body_bytes(),
        [this](const Request& request, Response& response, const httplib::ContentReader& reader) {
            upload(request, response, reader);
        });
    if (allowed_root_) {
        post_photos(
            "/predict", instances_bytes,
            [this](const Request& request, Response& response,
                   const httplib::ContentReader& reader) { predict(request, response, reader); });
    }
}

void Site::upload(const Request& request, Response& response,
                  const httplib::ContentReader& reader) {
    const auto begun = std::chrono::steady_clock::now();
    const auto& options = service_.options();
    const auto photo = std::make_shared<Upload>(
        receive_upload(request, reader, service_.folder(), options.upload));
    service_.metrics().observe(Stage::receive, std::chrono::steady_clock::now() - begun);
    // A worker may still hold the photo when a request that took too long has been answered.
    struct Removal {
        TemporaryFile& file;
        ~Removal() { file.remove(); }
    } const removal{photo->file};
    const auto place =
        read_location(photo->fields, {.location = options.location, .geofence = options.geofence});
    const auto prediction = service_.identify(photo, place);
    set_json(response, 200,
             to_text({{"filename", photo->filename},
                      {"content_size", photo->file.size()},
                      {"speciesnet", answer(prediction, service_.model().get().info())}}));
}

void Site::predict(const Request&, Response& response, const httplib::ContentReader& reader) {
    std::string document;
    receive_body(reader, instances_bytes,
                 [&document](std::string_view bytes) { document += bytes; });
    const auto asked = read_instances(document);
    // The engine is given descriptors, so that what was checked is what is read.
    std::vector<Descriptor> files;
    auto instances = asked;
    for (auto& instance : instances) {
        files.push_back(allowed_root_->open(instance.filepath));
        instance.filepath = "/proc/self/fd/" + std::to_string(files.back().get());
    }
    auto predictions = service_.predict(std::move(instances), std::move(files));
    for (std::size_t index = 0; index < predictions.size(); ++index) {
        predictions[index].filepath = asked[index].filepath;
    }
    set_json(response, 200, speciesnet::to_json(predictions, {.indent = 0}));
}

}  // namespace server
