// The service's paths: who answers what, and what all answers have in common.
#include "routes.hpp"

#include "answer.hpp"
#include "refusal.hpp"
#include "upload.hpp"

#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace server {
namespace {

using httplib::Request;
using httplib::Response;
using HandlerResponse = httplib::Server::HandlerResponse;
using Clock = std::chrono::steady_clock;

constexpr const char* json_type = "application/json";

void set_json(Response& response, int status, const Json& body) {
    response.status = status;
    response.set_content(body.dump(-1, ' ', false, Json::error_handler_t::replace), json_type);
}

void set_refusal(Response& response, const Refusal& refusal) {
    set_json(response, refusal.status(), {{"detail", refusal.detail()}});
    if (refusal.status() == 503) {
        response.set_header("Retry-After", "1");
    }
}

/// What each path takes, to answer 404 and 405 before a body is read.
const std::map<std::string, std::set<std::string>>& methods_of_paths() {
    static const std::map<std::string, std::set<std::string>> methods{
        {"/uploadfile/", {"POST"}},
        {"/healthz", {"GET", "HEAD"}},
    };
    return methods;
}

void check_path(const Request& request) {
    const auto path = methods_of_paths().find(request.path);
    if (path == methods_of_paths().end()) {
        throw Refusal(404, "Not Found");
    }
    if (!path->second.contains(request.method)) {
        throw Refusal(405, "Method Not Allowed");
    }
}

/// Sends a client that left the slash away where it wanted to go; the status keeps method and body.
bool redirect_to_slash(const Request& request, Response& response) {
    if (!methods_of_paths().contains(request.path + "/")) {
        return false;
    }
    const auto query = request.target.find('?');
    response.set_redirect(
        request.path + "/" + (query == std::string::npos ? "" : request.target.substr(query)), 307);
    return true;
}

void post_upload(Service& service, const Request& request, Response& response,
                 const httplib::ContentReader& reader) {
    const auto upload = std::make_shared<Upload>(
        receive_upload(request, reader, service.folder(), service.options().upload));
    // A worker may still hold the upload when a request that took too long is answered.
    struct Removal {
        TemporaryFile& file;
        ~Removal() { file.remove(); }
    } const removal{upload->file};
    const auto place = read_location(upload->fields, service.default_location());
    const auto prediction = service.identify(upload, place, Clock::now());
    set_json(response, 200,
             {{"filename", upload->filename},
              {"content_size", upload->file.size()},
              {"speciesnet", answer(prediction, service.ensemble().info())}});
}

/// Refuses before the body is read what needs no body to be refused.
void check_head(const Service& service, const Request& request) {
    check_path(request);
    check_upload_head(request, service.options().upload);
}

}  // namespace

void add_routes(HttpServer& http, Service& service, Log& log) {
    const auto refuse_early = [&service](const Request& request, Response& response) {
        try {
            if (redirect_to_slash(request, response)) {
                return true;
            }
            check_head(service, request);
            return false;
        } catch (const Refusal& refusal) {
            set_refusal(response, refusal);
            return true;
        }
    };
    http.set_pre_routing_handler([refuse_early](const Request& request, Response& response) {
        return refuse_early(request, response) ? HandlerResponse::Handled
                                               : HandlerResponse::Unhandled;
    });
    // A client that asks before it sends a large body is told no at once.
    http.set_expect_100_continue_handler(
        [refuse_early](const Request& request, Response& response) {
            return refuse_early(request, response) ? response.status : 100;
        });
    http.set_exception_handler(
        [&log](const Request&, Response& response, const std::exception_ptr& thrown) {
            try {
                std::rethrow_exception(thrown);
            } catch (const Refusal& refusal) {
                set_refusal(response, refusal);
            } catch (const std::exception& error) {
                log.error("a request failed", {{"error", error.what()}});
                set_json(response, 500, {{"detail", "Internal Server Error"}});
            }
        });
    http.set_error_handler([](const Request&, Response& response) {
        if (response.body.empty()) {
            set_json(response, response.status, {{"detail", "Bad Request"}});
        }
    });

    http.Get("/healthz", [](const Request&, Response& response) {
        set_json(response, 200, {{"status", "ok"}});
    });
    http.Post("/uploadfile/", [&service](const Request& request, Response& response,
                                         const httplib::ContentReader& reader) {
        post_upload(service, request, response, reader);
    });
}

}  // namespace server
