// SPDX-License-Identifier: Apache-2.0
// Several walks over the results: one for folders, one for facts, one for the answers of sequences.
#include "photo_records.hpp"

#include "drawing/utf8.hpp"
#include "photo_facts.hpp"
#include "results/photo_answers.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace speciesnet::cli {
namespace {

bool same_letter(char one, char other) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return lower(one) == lower(other);
}

bool may_have_facts(const Prediction& prediction) {
    return !prediction.failures.any() || prediction.detections;
}

/// Stations in the order in which their photos come.
class StationList {
public:
    std::uint32_t find(std::string_view folder, const std::string& camera) {
        const auto [place, added] = folders_[std::string(folder)].try_emplace(camera, keys_.size());
        if (added) {
            keys_.emplace_back(folder, camera);
        }
        return static_cast<std::uint32_t>(place->second);
    }

    /// A photo that does not say which camera took it is of the folder's only one, if there is just
    /// one: gives the station to use instead of each.
    std::vector<std::uint32_t> resolved() const {
        std::vector<std::uint32_t> stations(keys_.size());
        for (std::size_t station = 0; station < keys_.size(); ++station) {
            const auto& [folder, camera] = keys_[station];
            const auto of_folder = cameras_of(folder);
            const bool only = camera.empty() && of_folder.size() == 2;
            stations[station] =
                static_cast<std::uint32_t>(only ? of_folder.rbegin()->second : station);
        }
        return stations;
    }

    /// Names have the camera in them only where the folder is not enough.
    std::vector<Station> named() const {
        std::vector<Station> stations;
        for (const auto& [folder, camera] : keys_) {
            const auto of_folder = cameras_of(folder);
            const std::size_t known = of_folder.size() - of_folder.count("");
            auto name = folder.empty() ? std::string(".") : folder.substr(0, folder.size() - 1);
            if (known > 1) {
                name += " (" + (camera.empty() ? "unknown camera" : camera) + ')';
            }
            stations.push_back({.name = std::move(name), .camera = camera});
        }
        return stations;
    }

private:
    using Key = std::pair<std::string, std::string>;
    using Cameras = std::map<std::string, std::size_t>;

    /// Cameras of a folder and their stations; the unknown one, if there is one, comes first.
    const Cameras& cameras_of(const std::string& folder) const { return folders_.at(folder); }

    std::map<std::string, Cameras> folders_;
    std::vector<Key> keys_;
};

}  // namespace

PhotoRecords::PhotoRecords(const Results& results, const RecordOptions& options)
    : results_(results) {
    learn_paths_and_model();
    if (options.base_folder) {
        paths_stay_ = options.base_folder->empty();
        base_folder_ = style_.with_slashes(*options.base_folder);
        if (!base_folder_.empty() && !base_folder_.ends_with('/')) {
            base_folder_ += '/';
        }
    } else {
        find_base_folder();
    }
    if (options.facts || options.sequence_gap) {
        read_all_facts();
    }
    if (options.sequence_gap) {
        grouped_ = group_photos(facts_, stations_, *options.sequence_gap);
        decide_sequences(options.threshold);
    }
}

void PhotoRecords::learn_paths_and_model() {
    results_.for_each([this](const Prediction& prediction) {
        style_.add(prediction.filepath);
        model_.add(prediction);
    });
    model_.add(results_.run());
}

void PhotoRecords::find_base_folder() {
    std::optional<std::string> common;
    std::optional<std::string> searched;
    const auto share = [](std::optional<std::string>& shared, std::string_view folder) {
        shared = std::string(shared ? shared_folder(*shared, folder) : folder);
    };
    results_.for_each([&](const Prediction& prediction) {
        const auto path = style_.with_slashes(prediction.filepath);
        share(common, folder_part(path));
    });
    // What a run was asked for is known only once its document has been read.
    if (const auto& run = results_.run()) {
        for (const auto& folder : run->folders) {
            share(searched, folder.empty() || folder.ends_with('/') ? folder : folder + '/');
        }
    }
    const bool holds_all = searched && common.value_or("").starts_with(*searched);
    base_folder_ = holds_all ? *searched : common.value_or("");
}

bool PhotoRecords::lies_in_base_folder(std::string_view path) const {
    const auto beginning = path.substr(0, base_folder_.size());
    return style_.is_windows() ? std::equal(beginning.begin(), beginning.end(),
                                            base_folder_.begin(), base_folder_.end(), same_letter)
                               : beginning == base_folder_;
}

void PhotoRecords::read_all_facts() {
    StationList stations;
    results_.for_each([&](const Prediction& prediction) {
        ReadFacts read;
        if (may_have_facts(prediction)) {
            read = read_facts(prediction.filepath);
            unreadable_ += read.readable ? 0 : 1;
        }
        const auto path = paths_stay_ ? valid_utf8(style_.with_slashes(prediction.filepath))
                                      : relative(prediction.filepath);
        read.facts.station = stations.find(camera_folder(folder_part(path)), read.camera);
        facts_.push_back(read.facts);
    });
    stations_ = stations.named();
    const auto resolved = stations.resolved();
    for (auto& facts : facts_) {
        facts.station = resolved[facts.station];
    }
}

void PhotoRecords::decide_sequences(double threshold) {
    std::vector<std::vector<Answer>> answers(grouped_.sequences.size());
    auto place = grouped_.places.begin();
    results_.for_each([&](const Prediction& prediction) {
        const auto& [sequence, frame] = *place++;
        if (auto answer = photo_answer(prediction, threshold); frame > 0 && answer) {
            answers[sequence].push_back(std::move(*answer));
        }
    });
    for (std::size_t index = 0; index < answers.size(); ++index) {
        grouped_.sequences[index].answer = decide_sequence(answers[index]);
    }
}

void PhotoRecords::for_each(const std::function<void(const PhotoRecord&)>& visit) const {
    const PhotoFacts no_facts;
    const Station no_station;
    std::size_t index = 0;
    results_.for_each([&](const Prediction& prediction) {
        const auto& facts = facts_.empty() ? no_facts : facts_[index];
        const auto place = grouped_.places.empty() ? SequencePlace{} : grouped_.places[index];
        visit({.prediction = prediction,
               .facts = facts,
               .station = stations_.empty() ? no_station : stations_[facts.station],
               .sequence = place.frame == 0 ? nullptr : &grouped_.sequences[place.sequence],
               .frame = place.frame});
        ++index;
    });
}

std::string PhotoRecords::relative(std::string_view filepath) const {
    if (paths_stay_) {
        return valid_utf8(filepath);
    }
    auto path = style_.with_slashes(filepath);
    if (lies_in_base_folder(path)) {
        path.erase(0, base_folder_.size());
    }
    return valid_utf8(path);
}

}  // namespace speciesnet::cli
