// SPDX-License-Identifier: Apache-2.0
// A folder for one test, which is removed with its contents.
#pragma once

#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

namespace speciesnet {

class TemporaryFolder {
public:
    TemporaryFolder()
        : path_((std::filesystem::temp_directory_path() /
                 ("speciesnet-test-" + std::to_string(std::random_device()())))
                    .string()) {
        if (!std::filesystem::create_directory(path_)) {
            throw std::runtime_error("cannot make a temporary folder");
        }
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const noexcept { return path_; }

    std::string write(std::string_view name, std::string_view content) const {
        const auto file = std::filesystem::path(path_) / name;
        std::ofstream(file, std::ios::binary) << content;
        return file.string();
    }

private:
    std::string path_;
};

}  // namespace speciesnet
