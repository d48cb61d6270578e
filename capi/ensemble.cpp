// SPDX-License-Identifier: Apache-2.0
// Ensemble: a loaded model.
#include "capi/ensemble.hpp"

#include "capi/image.hpp"
#include "capi/options.hpp"
#include "capi/predictions.hpp"
#include "capi/request.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

speciesnet_load_options default_load_options() {
    const EnsembleOptions defaults;
    constexpr std::int32_t max_jobs = 1024;
    return {sizeof(speciesnet_load_options),
            static_cast<std::int32_t>(defaults.components),
            SPECIESNET_ALL_CORES,
            defaults.geofence ? SPECIESNET_GEOFENCE_ON : SPECIESNET_GEOFENCE_OFF,
            max_jobs,
            nullptr,
            0,
            nullptr,
            nullptr,
            nullptr,
            nullptr,
            nullptr,
            static_cast<std::int32_t>(defaults.precision),
            0};
}

std::optional<std::vector<std::string>> to_target_species(const speciesnet_load_options& options) {
    if (options.target_species == nullptr) {
        if (options.target_species_count > 0) {
            throw InvalidArgument("target_species_count is given without target_species");
        }
        return std::nullopt;
    }
    std::vector<std::string> labels;
    for (const auto* label : std::span(options.target_species, options.target_species_count)) {
        labels.emplace_back(require_text(label, "an entry of target_species"));
    }
    return labels;
}

Progress to_progress(const speciesnet_load_options& options) {
    if (options.progress == nullptr) {
        return {};
    }
    return [report = options.progress, user_data = options.progress_user_data](std::size_t done,
                                                                               std::size_t total) {
        if (report(user_data, done, total) != 0) {
            throw Cancelled();
        }
    };
}

EnsembleOptions to_ensemble_options(const speciesnet_load_options& options) {
    if (options.max_jobs < 1) {
        throw InvalidArgument("max_jobs is not at least 1");
    }
    return {.components =
                enumerator(options.components, Components::all, Components::rules, "components"),
            .threads = to_threads(options.threads),
            .precision = to_precision(options.precision),
            .device = options.device == nullptr ? Device{} : device_from_name(options.device),
            .geofence = to_geofencing(options.geofencing),
            .target_species = to_target_species(options),
            .progress = to_progress(options)};
}

/// Says what was loaded, and which of the target species the classifier does not know.
void report_loaded(const Ensemble& ensemble, const EnsembleOptions& options, const Log& log) {
    const auto& info = ensemble.info();
    log.write(SPECIESNET_LOG_INFORMATION,
              "model " + info.version + " loaded, " + std::to_string(ensemble.threads()) +
                  " threads" + (info.description.empty() ? "" : ": " + info.description));
    const auto labels = ensemble.labels();
    for (const auto& label : options.target_species.value_or(std::vector<std::string>{})) {
        if (std::find(labels.begin(), labels.end(), label) == labels.end()) {
            log.write(SPECIESNET_LOG_WARNING, "the classifier has no target species " + label);
        }
    }
}

std::unique_ptr<speciesnet_predictions> single(Prediction prediction) {
    std::vector<Prediction> list;
    list.push_back(std::move(prediction));
    return std::make_unique<speciesnet_predictions>(std::move(list));
}

}  // namespace

void speciesnet_load_options_init(speciesnet_load_options* options, size_t size) {
    fill_defaults(options, size, default_load_options());
}

speciesnet_status speciesnet_ensemble_load(const char* model,
                                           const speciesnet_load_options* options,
                                           speciesnet_ensemble** ensemble,
                                           speciesnet_error* error) {
    return guard(ensemble, error, [&] {
        const auto given = read_options(options, default_load_options(), "speciesnet_load_options");
        const auto choices = to_ensemble_options(given);
        auto handle = std::make_unique<speciesnet_ensemble>(
            Ensemble::load(require_text(model, "model"), choices),
            Log(given.log, given.log_user_data), static_cast<std::size_t>(given.max_jobs));
        if (choices.components == Components::all || choices.components == Components::rules) {
            handle->rules.emplace(speciesnet_rules{handle->value.rules()});
        }
        report_loaded(handle->value, choices, handle->log);
        return handle;
    });
}

speciesnet_status speciesnet_ensemble_with_rules(const speciesnet_ensemble* ensemble,
                                                 const speciesnet_rules* rules,
                                                 speciesnet_ensemble** result,
                                                 speciesnet_error* error) {
    return guard(result, error, [&] {
        const auto& given = *require(ensemble, "ensemble");
        const auto& other = require(rules, "rules")->value;
        auto handle = std::make_unique<speciesnet_ensemble>(given.value.with_rules(other),
                                                            given.log, given.jobs.most_jobs());
        handle->rules.emplace(other);
        return handle;
    });
}

void speciesnet_ensemble_free(speciesnet_ensemble* ensemble) {
    delete ensemble;
}

const char* speciesnet_ensemble_model_version(const speciesnet_ensemble* ensemble) {
    return ensemble == nullptr ? nullptr : ensemble->value.info().version.c_str();
}

int32_t speciesnet_ensemble_model_type(const speciesnet_ensemble* ensemble) {
    return ensemble == nullptr ? 0 : static_cast<std::int32_t>(ensemble->value.info().type);
}

int32_t speciesnet_ensemble_is_demo(const speciesnet_ensemble* ensemble) {
    return ensemble != nullptr && ensemble->value.info().demo ? 1 : 0;
}

const char* speciesnet_ensemble_description(const speciesnet_ensemble* ensemble) {
    return ensemble == nullptr ? nullptr : ensemble->value.info().description.c_str();
}

int32_t speciesnet_ensemble_threads(const speciesnet_ensemble* ensemble) {
    return ensemble == nullptr ? 0 : ensemble->value.threads();
}

int32_t speciesnet_ensemble_precision(const speciesnet_ensemble* ensemble) {
    return ensemble == nullptr ? 0 : static_cast<std::int32_t>(ensemble->value.precision());
}

size_t speciesnet_ensemble_label_count(const speciesnet_ensemble* ensemble) {
    return ensemble == nullptr ? 0 : ensemble->value.labels().size();
}

const char* speciesnet_ensemble_label(const speciesnet_ensemble* ensemble, size_t index) {
    return index < speciesnet_ensemble_label_count(ensemble)
               ? ensemble->value.labels()[index].c_str()
               : nullptr;
}

const speciesnet_rules* speciesnet_ensemble_rules(const speciesnet_ensemble* ensemble) {
    return ensemble != nullptr && ensemble->rules ? &*ensemble->rules : nullptr;
}

speciesnet_status speciesnet_ensemble_detect(const speciesnet_ensemble* ensemble,
                                             const speciesnet_image* image,
                                             speciesnet_predictions** predictions,
                                             speciesnet_error* error) {
    return guard(predictions, error, [&] {
        Prediction prediction;
        prediction.detections.emplace();
        for (const auto& detection :
             require(ensemble, "ensemble")->value.detect(require(image, "image")->value)) {
            prediction.detections->push_back({detection, std::nullopt, std::nullopt});
        }
        return single(std::move(prediction));
    });
}

speciesnet_status speciesnet_ensemble_classify(const speciesnet_ensemble* ensemble,
                                               const speciesnet_image* image,
                                               const speciesnet_detection* detections, size_t count,
                                               size_t top, speciesnet_predictions** predictions,
                                               speciesnet_error* error) {
    return guard(predictions, error, [&] {
        std::vector<Detection> boxes;
        for (std::size_t index = 0; index < count; ++index) {
            boxes.push_back(to_detection(require(detections, "detections")[index]));
        }
        auto classes = require(ensemble, "ensemble")
                           ->value.classify(require(image, "image")->value, boxes, to_maximum(top));
        Prediction prediction;
        prediction.detections.emplace();
        for (std::size_t index = 0; index < count; ++index) {
            prediction.detections->push_back(
                {boxes[index], std::move(classes[index]), std::nullopt});
        }
        return single(std::move(prediction));
    });
}

speciesnet_status speciesnet_ensemble_predict(const speciesnet_ensemble* ensemble,
                                              const speciesnet_instance* instances, size_t count,
                                              const speciesnet_predict_options* options,
                                              speciesnet_predictions** predictions,
                                              speciesnet_error* error) {
    return guard(predictions, error, [&] {
        const Request request(instances, count, options);
        auto result = std::make_unique<speciesnet_predictions>(
            request.run(require(ensemble, "ensemble")->value, std::stop_source()));
        ensemble->log.write_failures(result->values);
        return result;
    });
}

speciesnet_status speciesnet_ensemble_predict_each(const speciesnet_ensemble* ensemble,
                                                   const speciesnet_instance* instances,
                                                   size_t count,
                                                   const speciesnet_predict_options* options,
                                                   speciesnet_prediction_callback receive,
                                                   void* user_data, speciesnet_error* error) {
    return guard(error, [&] {
        const Request request(instances, count, options);
        require(receive, "receive");
        request.run_each(
            require(ensemble, "ensemble")->value, std::stop_source(), [&](Prediction&& prediction) {
                ensemble->log.write_failures({&prediction, 1});
                return receive(user_data, single(std::move(prediction)).release()) == 0;
            });
    });
}
