// SPDX-License-Identifier: Apache-2.0
// Loads models and runs them.
#include "capi/ensemble.hpp"

#include "capi/image.hpp"
#include "capi/option_structs.hpp"
#include "capi/predictions.hpp"
#include "capi/request.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

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

static_assert(static_cast<int>(LogLevel::information) == SPECIESNET_LOG_INFORMATION);
static_assert(static_cast<int>(LogLevel::warning) == SPECIESNET_LOG_WARNING);

Log to_log(const speciesnet_load_options& options) {
    if (options.log == nullptr) {
        return {};
    }
    return [log = options.log, user_data = options.log_user_data](LogLevel level,
                                                                  std::string_view message) {
        log(user_data, static_cast<speciesnet_log_level>(level), std::string(message).c_str());
    };
}

/// @param load creates the C++ object
std::unique_ptr<speciesnet_ensemble> load_with(
    const speciesnet_load_options* options,
    const std::function<Ensemble(const EnsembleOptions&)>& load) {
    const auto given = complete(options);
    auto choices = to_cpp(given);
    choices.log = to_log(given);
    choices.progress = to_progress(given);
    auto handle = std::make_unique<speciesnet_ensemble>(load(choices),
                                                        static_cast<std::size_t>(given.max_jobs));
    if (choices.components == Components::all || choices.components == Components::rules) {
        handle->rules.emplace(speciesnet_rules{handle->value.rules()});
    }
    return handle;
}

/// The name of the files in messages.
constexpr const char* files_origin = "memory";

/// Reads files that the caller owns.
Package::Reader file_reader(speciesnet_read_callback read, void* user_data) {
    return [=](const std::string& file) -> std::optional<PackageFile> {
        const void* bytes = nullptr;
        std::size_t length = 0;
        if (read(user_data, file.c_str(), &bytes, &length) != 0) {
            return std::nullopt;
        }
        if (bytes == nullptr && length > 0) {
            throw InvalidArgument("'" + file + "' has a length without bytes");
        }
        return PackageFile({static_cast<const char*>(bytes), length},
                           std::string(files_origin) + ":" + file, nullptr);
    };
}

std::unique_ptr<speciesnet_predictions> single(Prediction prediction) {
    std::vector<Prediction> list;
    list.push_back(std::move(prediction));
    return std::make_unique<speciesnet_predictions>(std::move(list));
}

}  // namespace

speciesnet_status speciesnet_ensemble_load(const char* model,
                                           const speciesnet_load_options* options,
                                           speciesnet_ensemble** ensemble,
                                           speciesnet_error* error) {
    return guard(ensemble, error, [&] {
        return load_with(options, [&](const EnsembleOptions& choices) {
            return Ensemble::load(require_text(model, "model"), choices);
        });
    });
}

speciesnet_status speciesnet_ensemble_load_files(speciesnet_read_callback read, void* user_data,
                                                 const speciesnet_load_options* options,
                                                 speciesnet_ensemble** ensemble,
                                                 speciesnet_error* error) {
    return guard(ensemble, error, [&] {
        require(read, "read");
        return load_with(options, [&](const EnsembleOptions& choices) {
            return Ensemble::load(Package::from(file_reader(read, user_data), files_origin),
                                  choices);
        });
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
                                                            given.jobs.most_jobs());
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

speciesnet_model_type speciesnet_ensemble_model_type(const speciesnet_ensemble* ensemble) {
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

speciesnet_precision speciesnet_ensemble_precision(const speciesnet_ensemble* ensemble) {
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
        return std::make_unique<speciesnet_predictions>(
            request.run(require(ensemble, "ensemble")->value, std::stop_source()));
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
                return receive(user_data, single(std::move(prediction)).release()) == 0;
            });
    });
}
