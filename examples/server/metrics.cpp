// SPDX-License-Identifier: Apache-2.0
// Writes Prometheus' text format, version 0.0.4.
#include "metrics.hpp"

#include "system_calls.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace server {
namespace {

constexpr std::array<std::string_view, 4> stage_names{"receive", "wait", "decode", "predict"};

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.9g", value);
    return text.data();
}

void head(std::string& text, const std::string& name, const char* type, const char* help) {
    text += "# HELP " + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n';
}

void gauge(std::string& text, const std::string& name, const char* help, std::uint64_t value) {
    head(text, name, "gauge", help);
    text += name + ' ' + std::to_string(value) + '\n';
}

/// Returns a label value with quotes, backslashes and line ends escaped.
std::string label_value(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') {
            text += '\\';
        }
        text += c;
    }
    return text + '"';
}

}  // namespace

void Metrics::Histogram::add(Duration duration) {
    const double seconds = std::chrono::duration<double>(duration).count();
    const auto bucket = std::ranges::lower_bound(bounds, seconds) - bounds.begin();
    ++counts.at(static_cast<std::size_t>(bucket));
    sum += seconds;
}

void Metrics::Histogram::write(std::string& text, const std::string& name,
                               const std::string& label) const {
    std::uint64_t cumulative = 0;
    for (std::size_t index = 0; index < counts.size(); ++index) {
        cumulative += counts.at(index);
        const auto bound = index < bounds.size() ? number(bounds.at(index)) : "+Inf";
        text += name + "_bucket{" + label + ",le=\"" + bound + "\"} " + std::to_string(cumulative) +
                '\n';
    }
    text += name + "_sum{" + label + "} " + number(sum) + '\n';
    text += name + "_count{" + label + "} " + std::to_string(cumulative) + '\n';
}

void Metrics::count_request(const std::string& path, int status) {
    const std::lock_guard lock(mutex_);
    ++requests_[{path, status}];
}

void Metrics::observe_request(const std::string& path, Duration duration) {
    const std::lock_guard lock(mutex_);
    durations_[path].add(duration);
}

void Metrics::observe(Stage stage, Duration duration) {
    const std::lock_guard lock(mutex_);
    stages_.at(static_cast<std::size_t>(stage)).add(duration);
}

std::string Metrics::text(const Gauges& gauges) const {
    std::string text;
    head(text, "speciesnet_info", "gauge", "Versions of the program and the model.");
    text += "speciesnet_info{version=" + label_value(gauges.version) +
            ",model_version=" + label_value(gauges.model_version) + ",demo=\"" +
            (gauges.demo ? "true" : "false") + "\"} 1\n";
    gauge(text, "speciesnet_model_ready", "Whether the model is loaded.",
          gauges.model_ready ? 1 : 0);
    gauge(text, "speciesnet_connections", "Open connections.", gauges.connections);
    gauge(text, "speciesnet_connection_bytes",
          "Memory for requests and answers of all connections.", gauges.connection_bytes);
    gauge(text, "speciesnet_queue_waiting", "Photos waiting for a worker.", gauges.waiting);
    gauge(text, "speciesnet_queue_capacity", "Maximum number of waiting photos.",
          gauges.queue_capacity);
    gauge(text, "speciesnet_queue_running", "Photos being processed.", gauges.running);
    gauge(text, "speciesnet_queue_overdue", "Photos being processed for longer than the deadline.",
          gauges.overdue);
    gauge(text, "process_resident_memory_bytes", "Resident memory.", resident_bytes());

    const std::lock_guard lock(mutex_);
    head(text, "speciesnet_requests_total", "counter", "Requests by path and status.");
    for (const auto& [key, count] : requests_) {
        text += "speciesnet_requests_total{path=" + label_value(key.first) + ",status=\"" +
                std::to_string(key.second) + "\"} " + std::to_string(count) + '\n';
    }
    const std::string durations = "speciesnet_request_duration_seconds";
    head(text, durations, "histogram", "Time from a request's head to the end of its answer.");
    for (const auto& [path, histogram] : durations_) {
        histogram.write(text, durations, "path=" + label_value(path));
    }
    const std::string stages = "speciesnet_stage_duration_seconds";
    head(text, stages, "histogram",
         "Time of each stage of a photo: receive, wait, decode, predict.");
    for (std::size_t index = 0; index < stages_.size(); ++index) {
        stages_.at(index).write(text, stages, "stage=" + label_value(stage_names.at(index)));
    }
    return text;
}

}  // namespace server
