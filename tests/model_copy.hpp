// SPDX-License-Identifier: Apache-2.0
// A copy of a model in its own folder, to be changed.
#pragma once

#include "temporary_folder.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet {

class ModelCopy {
public:
    explicit ModelCopy(const std::filesystem::path& model) {
        std::filesystem::copy(model, folder_.path(), std::filesystem::copy_options::recursive);
    }

    const std::string& path() const { return folder_.path(); }
    std::filesystem::path file(std::string_view name) const {
        return std::filesystem::path(path()) / name;
    }
    void replace(const char* name, std::string_view content) const { folder_.write(name, content); }
    void remove(const char* name) const { std::filesystem::remove(file(name)); }

private:
    TemporaryFolder folder_;
};

}  // namespace speciesnet
