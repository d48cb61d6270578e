// SPDX-License-Identifier: Apache-2.0
// Paths for those who run the server: whether it lives, whether it has room, what it is, how it is
// doing.
#include "speciesnet/version.hpp"

#include "answer.hpp"
#include "refusal.hpp"
#include "site.hpp"

namespace server {

void Site::add_information() {
    get("/healthz", [] { return json_response(200, to_text({{"status", "ok"}})); });
    get("/readyz", [this] {
        if (state_.draining) {
            throw busy_refusal("The server is shutting down");
        }
        service_.check_ready();
        return json_response(200, to_text({{"status", "ready"}}));
    });
    get("/version", [this] {
        Json body = {{"version", speciesnet::version},
                     {"model_version", nullptr},
                     {"upload_limit", service_.options().upload.file_bytes}};
        if (const auto* const ensemble = service_.model().get_if_ready()) {
            const auto& model = ensemble->info();
            body["model_version"] = model.version;
            body["demo"] = model.demo;
            if (model.demo) {
                body["notice"] = demo_notice;
            }
        }
        return json_response(200, to_text(body));
    });
    get("/metrics", [this] {
        auto gauges = service_.gauges();
        gauges.connections = state_.connections;
        gauges.connection_bytes = state_.bytes;
        return Response{.status = 200,
                        .type = "text/plain; version=0.0.4",
                        .body = service_.metrics().text(gauges)};
    });
}

}  // namespace server
