// SPDX-License-Identifier: Apache-2.0
// Processes each request before and after the handler of its path.
#include "site.hpp"

#include "header_value.hpp"
#include "refusal.hpp"
#include "system_calls.hpp"

#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <utility>

namespace server {
namespace {

/// Name for unknown paths in metrics.
const std::string other_path = "other";

using Clock = std::chrono::steady_clock;

std::string joined(const std::set<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

/// Need not be secret, so it works without randomness if the system has none.
std::string random_id() {
    std::uint64_t number = 0;
    if (!fill_with_randomness(std::as_writable_bytes(std::span(&number, 1)))) {
        number = static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
    }
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016" PRIx64, number);
    return text.data();
}

/// Returns whether an id from a client or a proxy can be used.
bool is_sane_id(std::string_view id) {
    static constexpr std::size_t longest = 64;
    return !id.empty() && id.size() <= longest &&
           id.find_first_not_of(
               "0123456789abcdefghijklmnopqrstuvwxyz"
               "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.") == std::string_view::npos;
}

/// @throws Refusal 415
void check_encoding(const Request& request) {
    const auto encoding = lower(request.header("content-encoding"));
    if (!encoding.empty() && encoding != "identity") {
        throw Refusal(415, "Compressed bodies are not accepted: " + encoding);
    }
}

}  // namespace

Site::Site(const ServerState& state, Service& service, Log& log)
    : state_(state), service_(service), log_(log), access_(service.options().access) {
    if (!service.options().allowed_root.empty()) {
        allowed_root_.emplace(service.options().allowed_root);
    }
    add_photos();
    add_information();
    add_pages();
}

void Site::get(const std::string& path, std::function<Response()> answer) {
    paths_[path] = {.methods = {"GET", "HEAD"}, .answer = std::move(answer)};
}

void Site::post_photos(const std::string& path, std::size_t body_limit, Work work) {
    paths_[path] = {.methods = {"POST"}, .body_limit = body_limit, .work = std::move(work)};
}

HeadDecision Site::decide(Request& head) {
    HeadDecision decision;
    const auto given = head.header("x-request-id");
    head.id = is_sane_id(given) ? std::string(given) : random_id();
    if (auto answer = answer_preflight(head)) {
        return {.answer = std::move(answer)};
    }
    if (auto answer = redirect_to_slash(head)) {
        return {.answer = std::move(answer)};
    }
    auto refusal = answered(head, [&] {
        check_head(head);
        decision.body_limit = paths_.find(head.path)->second.body_limit;
        return Response{};
    });
    if (refusal.status != Response{}.status) {
        decision.answer = std::move(refusal);
    }
    return decision;
}

void Site::check_head(const Request& request) {
    const auto found = paths_.find(request.path);
    if (found == paths_.end()) {
        throw Refusal(404, "Not Found");
    }
    const auto& path = found->second;
    if (!path.methods.contains(request.method)) {
        throw Refusal(405, "Method Not Allowed", {{"Allow", joined(path.methods)}});
    }
    if (path.work) {
        access_.check_key(request);
        check_encoding(request);
        access_.count(request);
        service_.model().get();
    }
}

/// Answers a browser that asks whether pages of another site may call the service.
std::optional<Response> Site::answer_preflight(const Request& request) const {
    const auto path = paths_.find(request.path);
    if (request.method != "OPTIONS" || path == paths_.end() ||
        access_.allowed_origin(request).empty()) {
        return std::nullopt;
    }
    return Response{
        .status = 204,
        .type = {},
        .body = {},
        .headers = {{"Access-Control-Allow-Methods", joined(path->second.methods)},
                    {"Access-Control-Allow-Headers", "Authorization, Content-Type, X-API-Key"},
                    {"Access-Control-Max-Age", "600"}}};
}

/// Redirects a request without the trailing slash; the status preserves method and body.
std::optional<Response> Site::redirect_to_slash(const Request& request) const {
    if (request.path.empty() || paths_.contains(request.path) ||
        !paths_.contains(request.path + "/")) {
        return std::nullopt;
    }
    return Response{.status = 307,
                    .type = {},
                    .body = {},
                    .headers = {{"Location", request.path + "/" + request.query}}};
}

std::optional<Response> Site::serve(Request request, const Reply& reply) {
    const auto& path = paths_.find(request.path)->second;
    if (path.answer) {
        return answered(request, path.answer);
    }
    std::optional<Response> refusal = answered(request, [&] {
        const auto received = Clock::now() - request.received;
        service_.metrics().observe(Stage::receive, received);
        if (!submit(path, std::move(request), reply)) {
            throw busy_refusal(state_.draining ? "The server is shutting down"
                                               : "Too many photos are waiting; try again later");
        }
        return Response{};
    });
    return refusal->status == Response{}.status ? std::nullopt : std::move(refusal);
}

/// @return false if too many requests wait
bool Site::submit(const Path& path, Request request, const Reply& reply) {
    const auto asked = Clock::now();
    const auto kept = std::make_shared<Request>(std::move(request));
    return service_.queue().submit(
        {.function =
             [this, &path, kept, reply, asked] {
                 service_.metrics().observe(Stage::wait, Clock::now() - asked);
                 try {
                     reply(answered(*kept, [&] { return path.work(*kept, reply.stop()); }));
                 } catch (const std::bad_alloc&) {  // The memory of this request has been freed.
                     reply(refusal_response(busy_refusal("The server is out of memory")));
                 }
             },
         .deadline = asked + service_.options().deadline(),
         .stop = reply.stop()});
}

/// Returns an answer, or an error answer if an exception is thrown.
Response Site::answered(const Request& request, const std::function<Response()>& answer) {
    try {
        return answer();
    } catch (const Refusal& refusal) {
        return refusal_response(refusal);
    } catch (const speciesnet::InvalidImage& error) {
        return refusal_response(Refusal(400, error.what()));
    } catch (const speciesnet::Cancelled&) {
        return refusal_response(busy_refusal("The request was abandoned"));
    } catch (const speciesnet::IoError& error) {
        // The disk is full, or there are too many open files: the server is overloaded.
        log_failure(request, error);
        return refusal_response(busy_refusal("The server cannot store photos now"));
    } catch (const std::bad_alloc& error) {
        log_failure(request, error);
        return refusal_response(busy_refusal("The server is out of memory"));
    } catch (const std::exception& error) {
        log_failure(request, error);
        return refusal_response(Refusal(500, "Internal Server Error"));
    }
}

void Site::log_failure(const Request& request, const std::exception& error) {
    log_.error("a request failed", {{"request_id", request.id}, {"error", error.what()}});
}

void Site::complete(Request& request, Response& response) {
    if (request.id.empty()) {
        request.id = random_id();
    }
    auto& headers = response.headers;
    headers.emplace_back("X-Request-ID", request.id);
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    if (!response.has_header("Cache-Control")) {
        headers.emplace_back("Cache-Control", "no-store");
    }
    if (const auto origin = access_.allowed_origin(request); !origin.empty()) {
        headers.emplace_back("Access-Control-Allow-Origin", origin);
        headers.emplace_back("Access-Control-Expose-Headers", "Retry-After, X-Request-ID");
    }
    if (access_.depends_on_origin()) {
        headers.emplace_back("Vary", "Origin");
    }
    account(request, response);
}

void Site::account(const Request& request, const Response& response) {
    const auto duration = Clock::now() - request.received;
    const auto path = paths_.contains(request.path) ? request.path : other_path;
    service_.metrics().count_request(path, response.status);
    const auto client = access_.client(request);
    const auto status = static_cast<std::size_t>(response.status);
    if (request.method.empty()) {  // No head could be read.
        log_.info("request", {{"request_id", request.id}, {"client", client}, {"status", status}});
        return;
    }
    service_.metrics().observe_request(path, duration);
    log_.info("request",
              {{"request_id", request.id},
               {"client", client},
               {"status", status},
               {"method", request.method},
               {"path", request.path},
               {"milliseconds", std::chrono::duration<double, std::milli>(duration).count()}});
}

}  // namespace server
