// SPDX-License-Identifier: Apache-2.0
// Formats: torch/serialization.py, _save() and _legacy_save(); torch/csrc/Storage methods for the
// bytes of a legacy storage.
#include "import/storages.hpp"

#include "import/byte_reader.hpp"
#include "import/invalid_model.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

// The pickle of 0x1950a86a20f9469cfc6c.
constexpr std::string_view legacy_signature{
    "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15};
constexpr std::string_view pickle_name = "/data.pkl";

}  // namespace

ElementType element_type(const pickle::Global& storage_class) {
    constexpr std::pair<std::string_view, ElementType> types[] = {
        {"BoolStorage", ElementType::boolean},  {"ByteStorage", ElementType::uint8},
        {"HalfStorage", ElementType::float16},  {"BFloat16Storage", ElementType::bfloat16},
        {"FloatStorage", ElementType::float32}, {"DoubleStorage", ElementType::float64},
        {"IntStorage", ElementType::int32},     {"LongStorage", ElementType::int64}};
    for (const auto& [name, type] : types) {
        if (storage_class == pickle::Global{"torch", name}) {
            return type;
        }
    }
    invalid_model("storages of type " + printable(storage_class.name) + " are not supported");
}

ZipStorages::ZipStorages(std::string_view file) : archive_(file) {
    for (const auto& [name, entry] : archive_.entries()) {
        if (name.ends_with(pickle_name) && name.find('/') == name.size() - pickle_name.size()) {
            if (!prefix_.empty()) {
                invalid_model("the zip file has two pickles");
            }
            prefix_ = name.substr(0, name.size() - pickle_name.size());
        }
    }
    if (prefix_.empty()) {
        invalid_model("the zip file has no data.pkl: it was not written by torch.save");
    }
    // Files of torch before 2.1 do not state it. They are little-endian, except from a few
    // mainframes.
    const std::string byte_order = prefix_ + "/byteorder";
    if (archive_.entries().contains(byte_order) && archive_.read(byte_order) != "little") {
        invalid_model("the file was written on a big-endian machine, which is not supported");
    }
}

std::string_view ZipStorages::pickle() const {
    return archive_.read(prefix_ + std::string(pickle_name));
}

std::string_view ZipStorages::read(std::string_view key) const {
    return archive_.read(prefix_ + "/data/" + std::string(key));
}

bool LegacyStorages::has_signature(std::string_view file) noexcept {
    return file.starts_with(legacy_signature);
}

LegacyStorages::LegacyStorages(std::string_view file) {
    std::size_t position = legacy_signature.size();
    const auto skip_pickle = [&] {
        const auto bytes = file.substr(position);
        position += pickle::Document(bytes).size();
        return bytes;
    };
    skip_pickle();  // the format's version
    skip_pickle();  // byte order and sizes of the machine
    pickle_ = skip_pickle();

    std::unordered_map<std::string_view, std::size_t> element_sizes;
    const pickle::Document document(pickle_);
    for (const auto& reference : document.references()) {
        const auto key = reference.persistent_key();
        element_sizes[key.item(2).text()] = size_of(element_type(key.item(1).global()));
    }
    const pickle::Document keys(file.substr(position));
    position += keys.size();
    ByteReader rest(file, position);
    for (std::size_t i = 0; i < keys.root().size(); ++i) {
        const auto key = keys.root().item(i).text();
        const auto known = element_sizes.find(key);
        if (known == element_sizes.end()) {
            invalid_model("the file has a storage that its pickle does not name");
        }
        const auto elements = rest.number<std::uint64_t>();
        if (elements > rest.left()) {
            invalid_model("the file ends within a storage");
        }
        contents_[key] = rest.take(elements * known->second);
    }
}

std::string_view LegacyStorages::read(std::string_view key) const {
    const auto found = contents_.find(key);
    if (found == contents_.end()) {
        invalid_model("the file has no storage " + printable(key));
    }
    return found->second;
}

}  // namespace speciesnet
