// SPDX-License-Identifier: Apache-2.0
// Lists the models in a cache.
#include "speciesnet/download.hpp"
#include "speciesnet/utf8_path.hpp"

#include "capi/status.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace speciesnet;
using namespace speciesnet::capi;

struct speciesnet_model_list {
    struct Entry {
        std::string name;
        std::string folder;
        std::uint64_t bytes;
    };
    std::vector<Entry> entries;
};

namespace {

const speciesnet_model_list::Entry* entry_of(const speciesnet_model_list* list, std::size_t index) {
    return index < speciesnet_model_list_count(list) ? &list->entries[index] : nullptr;
}

}  // namespace

speciesnet_status speciesnet_model_list_new(const char* cache, speciesnet_model_list** list,
                                            speciesnet_error* error) {
    return guard(list, error, [&] {
        auto made = std::make_unique<speciesnet_model_list>();
        for (auto& model : cached_models(cache == nullptr ? "" : cache)) {
            made->entries.push_back({std::move(model.name), utf8_text(model.folder), model.bytes});
        }
        return made;
    });
}

size_t speciesnet_model_list_count(const speciesnet_model_list* list) {
    return list == nullptr ? 0 : list->entries.size();
}

const char* speciesnet_model_list_name(const speciesnet_model_list* list, size_t index) {
    const auto* entry = entry_of(list, index);
    return entry == nullptr ? nullptr : entry->name.c_str();
}

const char* speciesnet_model_list_folder(const speciesnet_model_list* list, size_t index) {
    const auto* entry = entry_of(list, index);
    return entry == nullptr ? nullptr : entry->folder.c_str();
}

uint64_t speciesnet_model_list_bytes(const speciesnet_model_list* list, size_t index) {
    const auto* entry = entry_of(list, index);
    return entry == nullptr ? 0 : entry->bytes;
}

void speciesnet_model_list_free(speciesnet_model_list* list) {
    delete list;
}
