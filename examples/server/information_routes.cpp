// SPDX-License-Identifier: Apache-2.0
// Paths for operators: liveness, readiness, versions, metrics.
#include "speciesnet/version.hpp"

#include "answer.hpp"
#include "refusal.hpp"
#include "site.hpp"

namespace server {

void Site::add_information() {
    get("/healthz", [] { return json_response(200, R"({"status":"ok"})"); });
    get("/readyz", [this] {
        if (state_.draining) {
            throw busy_refusal("The server is shutting down");
        }
        service_.check_ready();
        return json_response(200, R"({"status":"ready"})");
    });
    get("/version", [this] {
        auto json = line_writer();
        json.begin_object();
        json.key("version").value(speciesnet::version);
        json.key("model_version");
        if (const auto* const ensemble = service_.model().get_if_ready()) {
            const auto& model = ensemble->info();
            json.value(model.version);
            json.key("demo").value(model.demo);
            if (model.demo) {
                json.key("notice").value(demo_notice);
            }
        } else {
            json.null();
        }
        json.key("upload_limit").value(service_.options().upload.file_bytes);
        json.end_object();
        return json_response(200, json.take());
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
