// SPDX-License-Identifier: Apache-2.0
// Uses Range and If-Range: the server checks whether the partial file is a prefix of its file.
#include "download/download_file.hpp"

#include "speciesnet/error.hpp"

#include "download/retries.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"
#include "text/url.hpp"

#include <charconv>
#include <fstream>
#include <system_error>

namespace speciesnet {
namespace {

namespace fs = std::filesystem;

/// The part of a file that has been received.
class PartialFile {
public:
    explicit PartialFile(const fs::path& destination)
        : destination_(destination),
          part_(beside(destination, ".part")),
          validator_(beside(destination, ".validator")),
          file_(part_) {}

    const fs::path& path() const noexcept { return part_; }
    std::uint64_t size() const noexcept { return file_.size(); }

    std::string validator() const {
        try {
            return std::string(map_file(validator_).content);
        } catch (const IoError&) {
            return {};
        }
    }

    /// Removes the content. Writes the validator afterwards, because it must not outlive the bytes
    /// that it identifies.
    void restart(const std::string& validator) {
        file_.clear();
        std::ofstream(validator_, std::ios::binary | std::ios::trunc) << validator;
    }

    void append(std::string_view piece) { file_.append(piece); }

    void publish() {
        file_.sync();
        move_path(part_, destination_);
        std::error_code ignored;
        fs::remove(validator_, ignored);
    }

private:
    static fs::path beside(fs::path file, const char* ending) { return file += ending; }

    fs::path destination_;
    fs::path part_;
    fs::path validator_;
    GrowingFile file_;
};

/// Returns the value for If-Range, which cannot be a weak ETag. Source: RFC 9110, 13.1.5.
std::string validator_of(const HttpResponse& head) {
    return !head.etag.empty() && !head.etag.starts_with("W/") ? head.etag : head.last_modified;
}

struct ContentRange {
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> total;
};

/// Parses "bytes FIRST-LAST/TOTAL" and "bytes */TOTAL".
ContentRange parse_content_range(std::string_view text) {
    ContentRange range;
    const auto number = [](std::string_view digits) -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
    };
    constexpr std::string_view unit = "bytes ";
    if (text.starts_with(unit)) {
        range.first = number(text.substr(unit.size()));
        if (const auto slash = text.find('/'); slash != std::string_view::npos) {
            range.total = number(text.substr(slash + 1));
        }
    }
    return range;
}

/// Writes the body received in one attempt to disk.
class Reception {
public:
    Reception(const RemoteFile& file, PartialFile& partial, std::uint64_t max_bytes,
              const ByteProgress& progress)
        : file_(file), partial_(partial), max_bytes_(max_bytes), progress_(progress) {}

    void receive(const HttpResponse& head, std::string_view piece) {
        if (!begun_) {
            begin(head);
            begun_ = true;
        }
        if (piece.size() > max_bytes_ || partial_.size() > max_bytes_ - piece.size()) {
            refuse_size();
        }
        partial_.append(piece);
        if (progress_) {
            progress_(partial_.size(), total_);
        }
    }

    /// Must also be called for an empty body.
    void begin(const HttpResponse& head) {
        if (head.status == 206) {
            const auto range = parse_content_range(head.content_range);
            if (range.first != partial_.size()) {
                partial_.restart({});
                throw TransientFailure(shown_url(file_.url) +
                                       ": the server sent a range that was not requested");
            }
            total_ = range.total;
        } else {
            partial_.restart(validator_of(head));
            total_ = head.content_length;
        }
        if (total_.value_or(0) > max_bytes_) {
            refuse_size();
        }
    }

    bool has_begun() const noexcept { return begun_; }

private:
    [[noreturn]] void refuse_size() const {
        throw ModelError(ErrorCode::model_invalid, shown_url(file_.url) + " is larger than " +
                                                       std::to_string(max_bytes_) +
                                                       " bytes, the limit");
    }

    const RemoteFile& file_;
    PartialFile& partial_;
    std::uint64_t max_bytes_;
    const ByteProgress& progress_;
    bool begun_ = false;
    std::optional<std::uint64_t> total_;
};

/// Makes one attempt. @return the final head
HttpResponse transfer(HttpClient& client, const RemoteFile& file, PartialFile& partial,
                      std::uint64_t max_bytes, const ByteProgress& progress) {
    Reception reception(file, partial, max_bytes, progress);
    const auto validator = partial.validator();
    const HttpRequest request{file.url, file.credentials, validator.empty() ? 0 : partial.size(),
                              validator};
    auto head = client.get(request, [&](const HttpResponse& response, std::string_view piece) {
        reception.receive(response, piece);
    });
    if (head.status == 416) {
        // Either the file is already complete, or the server has another file.
        if (parse_content_range(head.content_range).total != partial.size()) {
            partial.restart({});
            throw TransientFailure(shown_url(file.url) + ": the file on the server has changed");
        }
    } else if (!reception.has_begun()) {
        reception.begin(head);
    }
    return head;
}

void check(const RemoteFile& file, PartialFile& partial, const std::optional<Checksum>& checksum) {
    std::string difference;
    if (file.size && *file.size != partial.size()) {
        difference =
            "has " + std::to_string(partial.size()) + " bytes, not " + std::to_string(*file.size);
    } else if (checksum) {
        const auto actual = digest_of_file(partial.path(), checksum->algorithm);
        if (actual != checksum->hexadecimal) {
            difference = "has " + std::string(name_of(checksum->algorithm)) + " " + actual +
                         ", not " + checksum->hexadecimal;
        }
    }
    if (!difference.empty()) {
        partial.restart({});
        throw ModelError(ErrorCode::model_invalid, "the download from " + shown_url(file.url) +
                                                       " " + difference +
                                                       " as announced by the server");
    }
}

}  // namespace

void download_file(HttpClient& client, const RemoteFile& file, const fs::path& destination,
                   std::uint64_t max_bytes, const ByteProgress& progress) {
    if (fs::exists(destination)) {
        return;
    }
    PartialFile partial(destination);
    Retries retries(client.options().retries, client.options().stop);
    while (true) {
        const auto size_before = partial.size();
        try {
            const auto head = transfer(client, file, partial, max_bytes, progress);
            check(file, partial, file.checksum ? file.checksum : goog_md5(head.goog_hash));
            partial.publish();
            return;
        } catch (const TransientFailure& failure) {
            if (partial.size() > size_before) {
                retries.progressed();
            }
            retries.wait_after(failure);
        }
    }
}

std::optional<Checksum> goog_md5(std::string_view header) {
    constexpr std::string_view key = "md5=";
    constexpr std::size_t base64_length = 24;
    const auto found = header.find(key);
    if (found == std::string_view::npos) {
        return std::nullopt;
    }
    const auto text = header.substr(found + key.size(), base64_length);
    const auto digest = from_base64(text);
    if (text.size() != base64_length || !digest) {
        return std::nullopt;
    }
    return Checksum{DigestAlgorithm::md5, to_hexadecimal(*digest)};
}

}  // namespace speciesnet
