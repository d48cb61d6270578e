// SPDX-License-Identifier: Apache-2.0
// All paths are below /TOKEN/. Data is JSON; photos are identified by index.
#include "review_site.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"
#include "speciesnet/utf8_path.hpp"

#include "access.hpp"
#include "drawing/canvas.hpp"
#include "drawing/jpeg_writer.hpp"
#include "drawing/utf8.hpp"
#include "refusal.hpp"
#include "results/photo_answers.hpp"
#include "text/json_writer.hpp"
#include "video/read_picture.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

extern "C" {
#define SPECIESNET_EMBEDDED(symbol)     \
    extern const char symbol##_begin[]; \
    extern const char symbol##_end[]
SPECIESNET_EMBEDDED(speciesnet_review_page);
SPECIESNET_EMBEDDED(speciesnet_review_style);
SPECIESNET_EMBEDDED(speciesnet_review_script);
#undef SPECIESNET_EMBEDDED
}

namespace speciesnet::cli {
namespace {

using Json = nlohmann::json;  // For data from the page.
using server::Refusal;
using server::Request;
using server::Response;

constexpr int workers = 2;
/// Exceeds the number that a browser requests at once.
constexpr std::size_t waiting_pictures = 64;
constexpr std::chrono::seconds longest_drawing{25};
constexpr std::size_t largest_body = std::size_t{1} << 20U;
constexpr std::size_t most_photos_at_once = 500;
constexpr std::size_t most_decisions_at_once = 20'000;
constexpr std::size_t most_labels = 20;

/// The sizes of the longer side that can be requested.
constexpr int thumbnail_size = 320;
constexpr int large_size = 1600;
constexpr int picture_quality = 75;

constexpr std::string_view icon =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 9l4 4 8-10" )"
    R"(fill="none" stroke="#2c6e2f" stroke-width="3"/></svg>)";

std::string_view embedded(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

int hex_digit(char character) {
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    const char lower = static_cast<char>(character | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Decodes a value in a query.
std::string decoded(std::string_view text) {
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
            hex_digit(text[at + 2]) >= 0) {
            value += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
            at += 2;
        } else {
            value += text[at] == '+' ? ' ' : text[at];
        }
    }
    return value;
}

/// Returns the value of a parameter; empty if it is missing.
std::string parameter(const Request& request, std::string_view name) {
    std::string_view rest = request.query;
    rest.remove_prefix(rest.starts_with('?') ? 1 : 0);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) == name) {
            return equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1));
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

std::optional<std::size_t> number(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

PhotoQuery query_of(const Request& request) {
    const auto state = parameter(request, "state");
    return {.state = state == "open"      ? PhotoQuery::State::open
                     : state == "decided" ? PhotoQuery::State::decided
                                          : PhotoQuery::State::all,
            .order = parameter(request, "order") == "lowest" ? PhotoQuery::Order::lowest_score
                                                             : PhotoQuery::Order::document,
            .label = parameter(request, "label"),
            .text = parameter(request, "text")};
}

void write_box(JsonWriter& json, const ClassifiedDetection& entry, Names names) {
    const auto& box = entry.detection.bbox;
    json.begin_object();
    json.key("category").value(static_cast<std::size_t>(entry.detection.category));
    json.key("conf").value(entry.detection.conf);
    json.key("box").begin_array();
    json.value(box.xmin).value(box.ymin).value(box.width).value(box.height);
    json.end_array();
    json.key("name").value(printable(display_name(shown_label(entry), names)));
    json.end_object();
}

void write_photo(JsonWriter& json, const ReviewSession& session, std::size_t photo) {
    const auto result = session.result(photo);
    const auto& options = session.options();
    json.begin_object();
    json.key("photo").value(photo);
    json.key("file").value(printable(result.filepath));
    json.key("answers").begin_array();
    for (const auto& answer : answers_of(result, options.threshold)) {
        json.begin_object();
        json.key("label").value(printable(answer.label));
        json.key("name").value(printable(display_name(answer.label, options.names)));
        json.key("score").value(answer.score);
        json.end_object();
    }
    json.end_array();
    json.key("boxes").begin_array();
    if (result.detections) {
        for (const auto& entry : *result.detections) {
            if (entry.detection.category != Category::whole_image &&
                entry.detection.conf >= options.threshold) {
                write_box(json, entry, options.names);
            }
        }
    }
    json.end_array();
    if (const auto failure = failure_text(result); !failure.empty()) {
        json.key("failure").value(printable(failure));
    }
    if (const auto* const review = session.review(photo)) {
        json.key("decided").begin_object();
        json.key("kind").value(review->kind == Review::Kind::confirmed ? "confirmed" : "labelled");
        json.key("by").value(printable(review->by));
        json.end_object();
    }
    json.end_object();
}

Response picture(const std::filesystem::path& file, int size) {
    try {
        const auto canvas = shrunk_to(Canvas(read_picture(utf8_text(file))), size);
        return {.status = 200,
                .type = "image/jpeg",
                .body = encode_jpeg(canvas, picture_quality, jpeg_mark),
                .headers = {{"Cache-Control", "private, max-age=3600"}}};
    } catch (const Error& error) {
        return server::refusal_response(Refusal(404, printable(error.what())));
    }
}

/// Parses a decision in a request's body. @throws Refusal
std::optional<Review> review_of(const Json& body, const LabelSearch& labels) {
    const auto decision = body.value("decision", "");
    if (decision == "undo") {
        return std::nullopt;
    }
    if (decision == "confirm") {
        return Review{.kind = Review::Kind::confirmed};
    }
    if (decision != "label") {
        throw Refusal(422, "decision is not one of confirm, label, undo");
    }
    auto label = body.value("label", "");
    if (!labels.contains(label)) {
        throw Refusal(422, "there is no such label");
    }
    return Review{.kind = Review::Kind::labelled, .label = std::move(label)};
}

std::vector<std::size_t> photos_of(const Json& body, std::size_t known) {
    std::vector<std::size_t> photos;
    const auto list = body.find("photos");
    if (list == body.end() || !list->is_array() || list->size() > most_decisions_at_once) {
        throw Refusal(422, "photos is not a list of at most 20,000 numbers");
    }
    for (const auto& photo : *list) {
        if (!photo.is_number_unsigned() || photo.get<std::size_t>() >= known) {
            throw Refusal(422, "there is no such photo");
        }
        photos.push_back(photo.get<std::size_t>());
    }
    std::sort(photos.begin(), photos.end());
    photos.erase(std::unique(photos.begin(), photos.end()), photos.end());
    return photos;
}

}  // namespace

ReviewSite::ReviewSite(ReviewSession& session, std::string token)
    : session_(session), token_(std::move(token)), queue_(workers, waiting_pictures) {
    pages_ = {{"icon.svg", {"image/svg+xml", icon}},
              {"",
               {"text/html; charset=utf-8",
                embedded(speciesnet_review_page_begin, speciesnet_review_page_end)}},
              {"review.css",
               {"text/css; charset=utf-8",
                embedded(speciesnet_review_style_begin, speciesnet_review_style_end)}},
              {"review.js",
               {"text/javascript; charset=utf-8",
                embedded(speciesnet_review_script_begin, speciesnet_review_script_end)}}};
}

void ReviewSite::set_port(int port) {
    host_ = "127.0.0.1:" + std::to_string(port);
}

std::string_view ReviewSite::path_behind_token(std::string_view path) const {
    const auto length = token_.size() + 2;
    const bool knows = path.size() >= length && path.front() == '/' && path[length - 1] == '/' &&
                       server::equal_in_constant_time(path.substr(1, token_.size()), token_);
    if (!knows) {
        throw Refusal(404, "Not Found: use the whole address that `speciesnet review` printed");
    }
    return path.substr(length);
}

void ReviewSite::check(const Request& request) const {
    if (request.header("host") != host_) {
        throw Refusal(403, "This page is only available at http://" + host_);
    }
    const bool posts = path_behind_token(request.path) == "decisions";
    if (request.method != (posts ? "POST" : "GET")) {
        throw Refusal(405, "Method Not Allowed", {{"Allow", posts ? "POST" : "GET"}});
    }
    // Forms on other sites cannot send this type.
    if (posts && request.header("content-type") != "application/json") {
        throw Refusal(415, "the body must be application/json");
    }
}

server::HeadDecision ReviewSite::decide(Request& head) {
    try {
        check(head);
        return {.answer = std::nullopt, .body_limit = head.method == "POST" ? largest_body : 0};
    } catch (const Refusal& refusal) {
        return {.answer = server::refusal_response(refusal)};
    }
}

std::optional<Response> ReviewSite::serve(Request request, const server::Reply& reply) {
    try {
        return answer(request, reply);
    } catch (const Refusal& refusal) {
        return server::refusal_response(refusal);
    } catch (const Json::exception&) {
        return server::refusal_response(Refusal(422, "a value of the body has the wrong type"));
    } catch (const IoError& error) {
        return server::refusal_response(Refusal(507, printable(error.what())));
    } catch (const std::exception& error) {
        return server::refusal_response(Refusal(500, printable(error.what())));
    }
}

std::optional<Response> ReviewSite::answer(const Request& request, const server::Reply& reply) {
    const auto path = path_behind_token(request.path);
    if (const auto page = pages_.find(path); page != pages_.end()) {
        return Response{
            .status = 200, .type = page->second.type, .body = std::string(page->second.content)};
    }
    if (path == "photos") {
        return photos(request);
    }
    if (path == "state") {
        return state();
    }
    if (path == "labels") {
        return labels(request);
    }
    if (path == "decisions") {
        return decide_photos(request);
    }
    constexpr std::string_view pictures = "pictures/";
    if (path.starts_with(pictures)) {
        if (draw(request, path.substr(pictures.size()), reply)) {
            return std::nullopt;
        }
        throw Refusal(503, "Too many images are waiting", {{"Retry-After", "1"}});
    }
    throw Refusal(404, "Not Found");
}

Response ReviewSite::photos(const Request& request) const {
    const auto found = session_.find(query_of(request));
    const auto from = number(parameter(request, "from")).value_or(0);
    const auto count =
        std::min(number(parameter(request, "count")).value_or(100), most_photos_at_once);
    JsonWriter json;
    json.begin_object();
    json.key("total").value(found.size());
    json.key("photos").begin_array();
    for (std::size_t index = from; index < found.size() && index - from < count; ++index) {
        write_photo(json, session_, found[index]);
    }
    json.end_array();
    json.end_object();
    return server::json_response(200, json.take());
}

Response ReviewSite::state() const {
    JsonWriter json;
    json.begin_object();
    json.key("photos").value(session_.photos());
    json.key("decided").value(session_.decided());
    json.key("by").value(printable(session_.options().by));
    json.key("blank").value(labels::blank);
    json.key("human").value(labels::human);
    json.key("species").begin_array();
    for (const auto& [label, photos] : session_.counts()) {
        json.begin_object();
        json.key("label").value(printable(label));
        json.key("name").value(printable(display_name(label, session_.options().names)));
        json.key("photos").value(photos);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return server::json_response(200, json.take());
}

Response ReviewSite::labels(const Request& request) const {
    JsonWriter json;
    json.begin_array();
    for (const auto& label : session_.labels().find(parameter(request, "text"), most_labels)) {
        json.begin_object();
        json.key("label").value(label);
        json.key("name").value(printable(display_name(label, Names::common)));
        json.key("scientific").value(printable(display_name(label, Names::scientific)));
        json.end_object();
    }
    json.end_array();
    return server::json_response(200, json.take());
}

Response ReviewSite::decide_photos(const Request& request) {
    const auto body = Json::parse(request.body, nullptr, false);
    if (!body.is_object()) {
        throw Refusal(400, "the body is not a JSON object");
    }
    const auto photos = photos_of(body, session_.photos());
    session_.decide(photos, review_of(body, session_.labels()));
    JsonWriter json;
    json.begin_object();
    json.key("decided").value(session_.decided());
    json.key("photos").begin_array();
    for (std::size_t index = 0; index < std::min(photos.size(), most_photos_at_once); ++index) {
        write_photo(json, session_, photos[index]);
    }
    json.end_array();
    json.end_object();
    return server::json_response(200, json.take());
}

/// @param name for instance "17.jpg" @return false if too many images wait
bool ReviewSite::draw(const Request& request, std::string_view name, const server::Reply& reply) {
    constexpr std::string_view extension = ".jpg";
    const auto photo = name.ends_with(extension)
                           ? number(name.substr(0, name.size() - extension.size()))
                           : std::nullopt;
    if (!photo || *photo >= session_.photos()) {
        throw Refusal(404, "there is no such photo");
    }
    const int size = parameter(request, "size") == "large" ? large_size : thumbnail_size;
    return queue_.submit(
        {.function = [file = session_.file(*photo), size, reply] { reply(picture(file, size)); },
         .deadline = server::WorkQueue::Clock::now() + longest_drawing,
         .stop = reply.stop()});
}

void ReviewSite::complete(Request& /*request*/, Response& response) {
    response.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    if (!response.has_header("Cache-Control")) {
        response.headers.emplace_back("Cache-Control", "no-store");
    }
}

}  // namespace speciesnet::cli
