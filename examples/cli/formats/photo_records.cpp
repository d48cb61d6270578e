// SPDX-License-Identifier: Apache-2.0
// Reads the results several times: for folders, for metadata, and for the answers of sequences.
#include "photo_records.hpp"

#include "results/photo_answers.hpp"
#include "video/frame_name.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

namespace speciesnet::cli {
namespace {

bool may_have_facts(const Prediction& prediction) {
    return !prediction.failures.any() || prediction.detections;
}

/// The photos of one row of the table or, without one, of one folder.
using StationGroup = std::pair<const StationRow*, std::string>;

/// Stations in the order of their first photos.
class StationList {
public:
    std::uint32_t find(std::string_view folder, const std::string& camera,
                       const StationMatch& match) {
        const StationGroup group(match.row, match.row == nullptr ? folder : std::string_view());
        const auto [place, added] = groups_[group].try_emplace(camera, keys_.size());
        if (added) {
            keys_.push_back({.group = group, .camera = camera});
        }
        keys_[place->second].outside_period += match.outside_period ? 1 : 0;
        return static_cast<std::uint32_t>(place->second);
    }

    /// Returns the index in named() for each result of find(). If a group has only one known
    /// camera, photos that state no camera are assigned to it.
    std::vector<std::uint32_t> resolved() const {
        std::vector<std::uint32_t> stations(keys_.size());
        std::uint32_t count = 0;
        for (std::size_t key = 0; key < keys_.size(); ++key) {
            stations[key] = belongs_to_another(keys_[key]) ? 0 : count++;
        }
        for (std::size_t key = 0; key < keys_.size(); ++key) {
            if (belongs_to_another(keys_[key])) {
                stations[key] = stations[cameras_of(keys_[key].group).rbegin()->second];
            }
        }
        return stations;
    }

    /// Includes the camera in a name only if the group is ambiguous.
    std::vector<Station> named() const {
        std::set<std::string> deployments;
        for (const auto& [group, cameras] : groups_) {
            if (group.first != nullptr) {
                deployments.insert(group.first->deployment);
            }
        }
        std::vector<Station> stations;
        for (const auto& key : keys_) {
            if (belongs_to_another(key)) {
                continue;
            }
            const auto& [row, folder] = key.group;
            auto name = row != nullptr   ? row->deployment
                        : folder.empty() ? std::string(".")
                                         : folder.substr(0, folder.size() - 1);
            // A folder without a row may have the same name as a deployment.
            if (row == nullptr && deployments.contains(name)) {
                name += " (folder)";
            }
            const auto& cameras = cameras_of(key.group);
            if (cameras.size() - cameras.count("") > 1) {
                name += " (" + (key.camera.empty() ? "unknown camera" : key.camera) + ')';
            }
            stations.push_back({.name = std::move(name), .camera = key.camera, .row = row});
        }
        const auto resolution = resolved();
        for (std::size_t key = 0; key < keys_.size(); ++key) {
            stations[resolution[key]].outside_period += keys_[key].outside_period;
        }
        return stations;
    }

private:
    struct Key {
        StationGroup group;
        std::string camera;
        std::size_t outside_period = 0;
    };
    using Cameras = std::map<std::string, std::size_t>;

    /// Returns whether photos without a camera belong to the only camera of their group.
    bool belongs_to_another(const Key& key) const {
        return key.camera.empty() && cameras_of(key.group).size() == 2;
    }

    /// Returns the cameras of a group and their keys; an unknown camera comes first.
    const Cameras& cameras_of(const StationGroup& group) const { return groups_.at(group); }

    std::map<StationGroup, Cameras> groups_;
    std::vector<Key> keys_;
};

/// Maximum gap between photos of a camera that stayed in place.
constexpr std::chrono::days longest_pause(365);

}  // namespace

PhotoRecords::PhotoRecords(const Results& results, RecordOptions options)
    : results_(results), paths_(results, options.base_folder), table_(std::move(options.stations)) {
    results_.for_each([this](const Prediction& prediction) { model_.add(prediction); });
    model_.add(results_.run());
    if (options.facts || options.sequence_gap || options.event_gap) {
        read_all_facts();
    }
    if (options.sequence_gap) {
        grouped_ = group_photos(facts_, stations_, *options.sequence_gap);
        decide_sequences(options.threshold);
    }
    if (options.event_gap) {
        find_events(*options.event_gap, options.threshold);
    }
}

void PhotoRecords::read_all_facts() {
    StationList stations;
    results_.for_each([&](const Prediction& prediction) {
        ReadFacts read;
        if (may_have_facts(prediction)) {
            read = facts_reader_.read(prediction.filepath);
            unreadable_ += read.readable ? 0 : 1;
        }
        const auto full_path = paths_.with_slashes(prediction.filepath);
        const auto match = table_.find(folder_part(full_path), read.camera, read.facts.taken);
        if (read.facts.taken) {
            read.facts.taken = table_.corrected(*read.facts.taken, match.row);
        }
        read.facts.station =
            stations.find(paths_.camera_folder_of(prediction.filepath), read.camera, match);
        facts_.push_back(read.facts);
    });
    stations_ = stations.named();
    const auto resolved = stations.resolved();
    for (auto& facts : facts_) {
        facts.station = resolved[facts.station];
    }
    find_clock_jumps();
}

/// Reports only the first jump of a station.
void PhotoRecords::find_clock_jumps() {
    std::vector<std::vector<const CaptureTime*>> times(stations_.size());
    for (const auto& facts : facts_) {
        if (facts.taken) {
            times[facts.station].push_back(&*facts.taken);
        }
    }
    for (std::size_t station = 0; station < stations_.size(); ++station) {
        auto& of_station = times[station];
        std::sort(of_station.begin(), of_station.end(),
                  [](const auto* one, const auto* other) { return one->local < other->local; });
        const auto jump = std::adjacent_find(of_station.begin(), of_station.end(),
                                             [](const auto* one, const auto* next) {
                                                 return next->local - one->local >= longest_pause;
                                             });
        if (jump != of_station.end()) {
            const auto before = static_cast<std::size_t>(jump - of_station.begin()) + 1;
            stations_[station].clock_jump = {.before = **jump,
                                             .after = **std::next(jump),
                                             .photos_before = before,
                                             .photos_after = of_station.size() - before};
        }
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

void PhotoRecords::find_events(std::chrono::milliseconds gap, double threshold) {
    events_.emplace();
    auto facts = facts_.begin();
    results_.for_each([&](const Prediction& prediction) {
        events_->add(prediction, *facts, stations_[facts->station], threshold);
        ++facts;
    });
    events_->find(facts_, stations_, gap);
}

void PhotoRecords::for_each(const std::function<void(const PhotoRecord&)>& visit) const {
    std::size_t index = 0;
    results_.for_each([&](const Prediction& prediction) {
        const auto& facts = facts_.empty() ? no_facts_ : facts_[index];
        const auto place = grouped_.places.empty() ? SequencePlace{} : grouped_.places[index];
        visit({.prediction = prediction,
               .facts = facts,
               .station = stations_.empty() ? no_station_ : stations_[facts.station],
               .sequence = place.frame == 0 ? nullptr : &grouped_.sequences[place.sequence],
               .frame = place.frame,
               .number = index,
               .review = results_.review_of(prediction.filepath),
               .video = facts_reader_.find_video(file_of(prediction.filepath))});
        ++index;
    });
}

void PhotoRecords::for_each_file(
    const std::function<void(const std::string&, std::span<const PhotoRecord>)>& visit) const {
    std::string video;
    std::deque<Prediction> predictions;
    std::vector<PhotoRecord> frames;
    const auto finish_video = [&] {
        if (!frames.empty()) {
            visit(video, frames);
            frames.clear();
            predictions.clear();
        }
    };
    for_each([&](const PhotoRecord& record) {
        const auto frame = parse_frame_name(record.prediction.filepath);
        if (!frame || frame->video != video) {
            finish_video();
        }
        if (!frame) {
            visit(record.prediction.filepath, {&record, 1});
            return;
        }
        video = frame->video;
        frames.push_back({.prediction = predictions.emplace_back(record.prediction),
                          .facts = record.facts,
                          .station = record.station,
                          .sequence = record.sequence,
                          .frame = record.frame,
                          .number = record.number,
                          .review = record.review,
                          .video = record.video});
    });
    finish_video();
}

}  // namespace speciesnet::cli
