// Several walks over the results: one for folders, one for facts, one for the answers of sequences.
#include "formats/photo_records.hpp"

#include "speciesnet/rules.hpp"

#include "formats/photo_facts.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace speciesnet::cli {
namespace {

/// The folder a path names, with its slash; empty if there is none.
std::string_view folder_part(std::string_view path) {
    return path.substr(0, path.rfind('/') + 1);
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
    if (options.base_folder) {
        base_folder_ = *options.base_folder;
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
        decide_sequences();
    }
}

void PhotoRecords::find_base_folder() {
    std::optional<std::string> common;
    results_.for_each([&](const Prediction& prediction) {
        const auto folder = folder_part(prediction.filepath);
        if (!common) {
            common = folder;
            return;
        }
        const auto [differs, _] =
            std::mismatch(common->begin(), common->end(), folder.begin(), folder.end());
        common = folder_part(folder.substr(0, static_cast<std::size_t>(differs - common->begin())));
    });
    base_folder_ = common.value_or("");
}

void PhotoRecords::read_all_facts() {
    StationList stations;
    results_.for_each([&](const Prediction& prediction) {
        auto read = read_facts(prediction.filepath);
        unreadable_ += read.readable ? 0 : 1;
        read.facts.station = stations.find(folder_part(relative(prediction.filepath)), read.camera);
        facts_.push_back(read.facts);
    });
    stations_ = stations.named();
    const auto resolved = stations.resolved();
    for (auto& facts : facts_) {
        facts.station = resolved[facts.station];
    }
}

void PhotoRecords::decide_sequences() {
    std::vector<std::vector<Answer>> answers(grouped_.sequences.size());
    auto place = grouped_.places.begin();
    results_.for_each([&](const Prediction& prediction) {
        const auto& [sequence, frame] = *place++;
        const auto* const entry = image_answer(prediction);
        if (frame > 0 && entry != nullptr) {
            answers[sequence].push_back(*entry->answer);
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

std::string_view PhotoRecords::relative(std::string_view filepath) const {
    if (filepath.starts_with(base_folder_)) {
        filepath.remove_prefix(base_folder_.size());
    }
    return filepath;
}

}  // namespace speciesnet::cli
