// SPDX-License-Identifier: Apache-2.0
// The page of `speciesnet review` and its requests, on the server's connection layer.
#pragma once

#include "http_server.hpp"
#include "review_session.hpp"
#include "work_queue.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Answers only requests that contain the token. Workers draw images; everything else is answered
/// from memory.
class ReviewSite final : public server::Application {
public:
    /// @param session must outlive this object
    ReviewSite(ReviewSession& session, std::string token);

    /// Sets the allowed host names, so that pages of other sites are refused under any name.
    void set_port(int port);

    server::HeadDecision decide(server::Request& head) override;
    std::optional<server::Response> serve(server::Request request,
                                          const server::Reply& reply) override;
    void complete(server::Request& request, server::Response& response) override;

private:
    struct Page {
        const char* type;
        std::string_view content;
    };

    void check(const server::Request& request) const;
    std::string_view path_behind_token(std::string_view path) const;
    std::optional<server::Response> answer(const server::Request& request,
                                           const server::Reply& reply);
    server::Response photos(const server::Request& request) const;
    server::Response state() const;
    server::Response labels(const server::Request& request) const;
    server::Response decide_photos(const server::Request& request);
    bool draw(const server::Request& request, std::string_view name, const server::Reply& reply);

    ReviewSession& session_;
    std::string token_;
    std::string host_;
    std::map<std::string, Page, std::less<>> pages_;
    server::WorkQueue queue_;
};

}  // namespace speciesnet::cli
