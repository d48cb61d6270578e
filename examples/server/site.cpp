// What happens to every request before and after the handler of its path.
#include "site.hpp"

#include "body.hpp"
#include "refusal.hpp"
#include "request_head.hpp"

#include <chrono>
#include <exception>
#include <string>

namespace server {
namespace {

/// In metrics, for whatever is no path of ours.
const std::string other_path = "other";

using HandlerResponse = httplib::Server::HandlerResponse;
using Clock = std::chrono::steady_clock;

void set_refusal(httplib::Response& response, const Refusal& refusal) {
    set_json(response, refusal.status(), refusal.text());
    for (const auto& [name, value] : refusal.headers()) {
        response.set_header(name, value);
    }
}

std::string joined(const std::set<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

Clock::duration since_received(const httplib::Request& request) {
    const auto count = request.get_header_value(received_at_header);
    return count.empty() ? Clock::duration{}
                         : Clock::now().time_since_epoch() - Clock::duration(std::stoll(count));
}

bool has_body(const httplib::Request& request) {
    return request.has_header("Transfer-Encoding") ||
           (request.has_header("Content-Length") &&
            request.get_header_value("Content-Length") != "0");
}

}  // namespace

void set_json(httplib::Response& response, int status, const std::string& text) {
    response.status = status;
    response.set_content(text, "application/json");
}

Site::Site(HttpServer& http, Service& service, Log& log)
    : http_(http), service_(service), log_(log), access_(service.options().access) {
    if (service.options().allowed_root) {
        allowed_root_.emplace(*service.options().allowed_root);
    }
    add_common();
    add_photos();
    add_information();
    add_pages();
}

void Site::get(const std::string& path,
               const std::function<void(const Request&, Response&)>& handler) {
    paths_[path].methods = {"GET", "HEAD"};
    http_.Get(path, handler);
}

void Site::post_photos(const std::string& path, std::size_t body_limit,
                       const httplib::Server::HandlerWithContentReader& handler) {
    paths_[path] = {.methods = {"POST"}, .takes_photos = true, .body_limit = body_limit};
    http_.Post(path, [this, handler](const Request& request, Response& response,
                                     const httplib::ContentReader& reader) {
        access_.count(request);
        service_.model().get();
        handler(request, response, reader);
    });
}

void Site::add_common() {
    http_.set_pre_routing_handler([this](const Request& request, Response& response) {
        return answer_by_head(request, response) ? HandlerResponse::Handled
                                                 : HandlerResponse::Unhandled;
    });
    // A client that asks before it sends a large body is told no at once.
    http_.set_expect_100_continue_handler([this](const Request& request, Response& response) {
        return answer_by_head(request, response) ? response.status : 100;
    });
    http_.set_exception_handler(
        [this](const Request& request, Response& response, const std::exception_ptr& thrown) {
            try {
                std::rethrow_exception(thrown);
            } catch (const Refusal& refusal) {
                set_refusal(response, refusal);
            } catch (const speciesnet::IoError& error) {
                // The disk is full, or there are too many open files: a matter of load.
                log_failure(request, error);
                set_refusal(response, busy_refusal("The server cannot store photos now"));
            } catch (const std::exception& error) {
                log_failure(request, error);
                set_refusal(response, Refusal(500, "Internal Server Error"));
            }
        });
    // What httplib refuses by itself has no body yet.
    http_.set_error_handler([this](const Request& request, Response& response) {
        if (response.body.empty()) {
            set_refusal(response, refusal_of_httplib(request, response.status));
        }
    });
    http_.set_post_routing_handler([this](const Request& request, Response& response) {
        complete_headers(request, response);
    });
    http_.on_early_answer([this](const EarlyAnswer& answer) { account_early(answer); });
    http_.set_logger(
        [this](const Request& request, const Response& response) { account(request, response); });
}

void Site::log_failure(const Request& request, const std::exception& error) {
    log_.error("a request failed", {{"request_id", request.get_header_value(request_id_header)},
                                    {"error", error.what()}});
}

void Site::account_early(const EarlyAnswer& answer) {
    service_.metrics().count_request(other_path, answer.refusal.status());
    log_.info("request", {{"request_id", answer.request_id},
                          {"client", answer.client},
                          {"status", answer.refusal.status()},
                          {"detail", answer.refusal.detail()}});
}

/// @return whether there is nothing left to do
bool Site::answer_by_head(const Request& request, Response& response) const {
    try {
        if (answer_preflight(request, response) || redirect_to_slash(request, response)) {
            return true;
        }
        check_head(request);
        return false;
    } catch (const Refusal& refusal) {
        set_refusal(response, refusal);
        return true;
    }
}

/// A browser's question whether another site's page may call us.
bool Site::answer_preflight(const Request& request, Response& response) const {
    const auto path = paths_.find(request.path);
    if (request.method != "OPTIONS" || path == paths_.end() ||
        access_.allowed_origin(request).empty()) {
        return false;
    }
    response.status = 204;
    response.set_header("Access-Control-Allow-Methods", joined(path->second.methods));
    response.set_header("Access-Control-Allow-Headers", "Authorization, Content-Type, X-API-Key");
    response.set_header("Access-Control-Max-Age", "600");
    return true;
}

/// Sends a client that left the slash away where it wanted to go; the status keeps method and body.
bool Site::redirect_to_slash(const Request& request, Response& response) const {
    if (request.path.empty() || paths_.contains(request.path) ||
        !paths_.contains(request.path + "/")) {
        return false;
    }
    const auto query = request.target.find('?');
    response.set_redirect(
        request.path + "/" + (query == std::string::npos ? "" : request.target.substr(query)), 307);
    return true;
}

/// In our words. A method that httplib does not know, which is all that it refuses before it has
/// looked at the path, is none that a path of ours takes.
Refusal Site::refusal_of_httplib(const Request& request, int status) const {
    if (request.path.empty() && !request.target.empty()) {
        auto asked = request;
        asked.path = request.target.substr(0, request.target.find('?'));
        try {
            check_head(asked);
        } catch (const Refusal& refusal) {
            return refusal;
        }
    }
    return {status, "Bad Request"};
}

void Site::check_head(const Request& request) const {
    const auto found = paths_.find(request.path);
    if (found == paths_.end()) {
        throw Refusal(404, "Not Found");
    }
    const auto& path = found->second;
    if (!path.methods.contains(request.method)) {
        throw Refusal(405, "Method Not Allowed", {{"Allow", joined(path.methods)}});
    }
    if (path.takes_photos) {
        access_.check_key(request);
        check_body_head(request, path.body_limit);
    }
}

void Site::complete_headers(const Request& request, Response& response) const {
    response.set_header("X-Request-ID", request.get_header_value(request_id_header));
    response.set_header("X-Content-Type-Options", "nosniff");
    if (!response.has_header("Cache-Control")) {
        response.set_header("Cache-Control", "no-store");
    }
    if (const auto origin = access_.allowed_origin(request); !origin.empty()) {
        response.set_header("Access-Control-Allow-Origin", origin);
        response.set_header("Access-Control-Expose-Headers", "Retry-After, X-Request-ID");
    }
    if (access_.depends_on_origin()) {
        response.set_header("Vary", "Origin");
    }
    // The rest of its body is not waited for, so nothing can follow it.
    if (response.status >= 300 && has_body(request)) {
        response.headers.erase("Keep-Alive");
        response.headers.erase("Connection");
        response.set_header("Connection", "close");
    }
}

void Site::account(const Request& request, const Response& response) {
    const auto duration = since_received(request);
    const auto path = paths_.contains(request.path) ? request.path : other_path;
    service_.metrics().count_request(path, response.status);
    service_.metrics().observe_request(path, duration);
    log_.info("request",
              {{"request_id", request.get_header_value(request_id_header)},
               {"client", access_.client(request)},
               {"method", request.method},
               {"path", request.path},
               {"status", response.status},
               {"milliseconds", std::chrono::duration<double, std::milli>(duration).count()}});
}

}  // namespace server
