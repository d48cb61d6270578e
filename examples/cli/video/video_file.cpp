// SPDX-License-Identifier: Apache-2.0
// Demuxes and decodes with libavformat and libavcodec, and converts colours with libswscale.
#include "video_file.hpp"

#include "speciesnet/error.hpp"

#include "clock/clock_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
}

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// The formats that cameras write. Playlists are excluded, because they refer to other files.
constexpr const char* containers = "mov,avi,matroska,mpegts,mpeg,asf";
constexpr const char* codecs =
    "h264,hevc,mjpeg,mpeg4,msmpeg4v3,h263,mpeg1video,mpeg2video,vc1,wmv3,vp8,vp9,av1,libdav1d";

/// A longer duration means damage: a card holds a few days at most.
constexpr std::chrono::seconds longest_video = std::chrono::hours(24 * 7);
/// A frame in 8K with 16 bits takes a tenth of it.
constexpr std::size_t largest_allocation = std::size_t{1} << 30U;
/// Tolerance of a container's stated duration beyond its last frame.
constexpr double missing_end_seconds = 1;

struct CloseInput {
    void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct FreeCodec {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FreePacket {
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct FreeScaler {
    void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

class Dictionary {
public:
    Dictionary() = default;
    ~Dictionary() { av_dict_free(&entries_); }
    Dictionary(const Dictionary&) = delete;
    Dictionary& operator=(const Dictionary&) = delete;

    void set(const char* key, const char* value) { av_dict_set(&entries_, key, value, 0); }
    AVDictionary** get() noexcept { return &entries_; }

private:
    AVDictionary* entries_ = nullptr;
};

std::string text_of_error(int error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(error, text.data(), text.size());
    return text.data();
}

template <typename Pointer>
Pointer checked(Pointer pointer) {
    if (!pointer) {
        throw std::bad_alloc();
    }
    return pointer;
}

/// Returns the number of clockwise quarter turns that make an image upright.
int quarter_turns(const AVStream& stream) {
    const std::uint8_t* matrix = nullptr;
#if LIBAVCODEC_VERSION_MAJOR >= 61
    const auto* const data =
        av_packet_side_data_get(stream.codecpar->coded_side_data,
                                stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    matrix = data == nullptr ? nullptr : data->data;
#else
    matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
#endif
    if (matrix == nullptr) {
        return 0;
    }
    std::array<std::int32_t, 9> values{};
    std::memcpy(values.data(), matrix, sizeof(values));
    const double degrees = av_display_rotation_get(values.data());
    if (std::isnan(degrees)) {
        return 0;
    }
    // The function returns the counter-clockwise rotation of the matrix.
    const auto turns = static_cast<int>(std::lround(-degrees / 90));
    return ((turns % 4) + 4) % 4;
}

std::optional<CaptureTime> begin_of(const AVFormatContext& container, const AVStream& stream) {
    for (const auto* const metadata : {container.metadata, stream.metadata}) {
        const auto* const entry = av_dict_get(metadata, "creation_time", nullptr, 0);
        if (entry == nullptr) {
            continue;
        }
        constexpr std::size_t length = std::string_view("2026-07-04T07:12:08").size();
        if (const auto time =
                parse_written_time(std::string_view(entry->value).substr(0, length))) {
            return CaptureTime{.local = time->begin};
        }
    }
    return std::nullopt;
}

/// Replaces the deprecated full-range pixel formats, for which libswscale prints warnings.
AVPixelFormat without_range(AVPixelFormat format) {
    switch (format) {
        case AV_PIX_FMT_YUVJ420P:
            return AV_PIX_FMT_YUV420P;
        case AV_PIX_FMT_YUVJ422P:
            return AV_PIX_FMT_YUV422P;
        case AV_PIX_FMT_YUVJ444P:
            return AV_PIX_FMT_YUV444P;
        case AV_PIX_FMT_YUVJ440P:
            return AV_PIX_FMT_YUV440P;
        default:
            return format;
    }
}

struct Pixels {
    int width;
    int height;
    std::vector<std::uint8_t> rgb;
};

/// @param turns number of clockwise quarter turns
Pixels turned(Pixels pixels, int turns) {
    for (; turns > 0; --turns) {
        Pixels result{.width = pixels.height,
                      .height = pixels.width,
                      .rgb = std::vector<std::uint8_t>(pixels.rgb.size())};
        for (int y = 0; y < pixels.height; ++y) {
            for (int x = 0; x < pixels.width; ++x) {
                const auto from = (static_cast<std::size_t>(y) * pixels.width + x) * 3;
                const auto to =
                    (static_cast<std::size_t>(x) * result.width + (pixels.height - 1 - y)) * 3;
                std::copy_n(pixels.rgb.begin() + static_cast<std::ptrdiff_t>(from), 3,
                            result.rgb.begin() + static_cast<std::ptrdiff_t>(to));
            }
        }
        pixels = std::move(result);
    }
    return pixels;
}

}  // namespace

bool can_read_videos() noexcept {
    return true;
}

class VideoFile::Reader {
public:
    Reader(const fs::path& path, const DecodeLimits& limits, std::stop_token stop)
        : path_(path), limits_(limits), stop_(std::move(stop)) {
        av_log_set_level(AV_LOG_QUIET);
        av_max_alloc(largest_allocation);
        open();
        read_facts();
    }

    const VideoFacts& facts() const noexcept { return facts_; }

    Image frame(std::size_t number) {
        const double target = static_cast<double>(number) / facts_.frame_rate;
        const double least = target - 0.5 / facts_.frame_rate;
        if (is_worth_seeking(target)) {
            seek(target);
            if (decode_until(least) && time_ > target + 0.5 / facts_.frame_rate) {
                // The position was not a key frame, or its frame is shown after the wanted one.
                open();
            }
        }
        if (decode_until(least) || (time_ >= 0 && target - time_ <= missing_end_seconds)) {
            return picture();
        }
        fail("it ends before frame " + std::to_string(number));
    }

private:
    [[noreturn]] void fail(const std::string& reason,
                           ErrorCode code = ErrorCode::undecodable_image) const {
        throw InvalidImage(code, "cannot read the video: " + reason);
    }

    /// Damaged files can request any amount of memory.
    [[noreturn]] void fail_for_memory() const {
        fail("not enough memory", ErrorCode::media_too_large);
    }

    bool is_stopped() const {
        return stop_.stop_requested() ||
               (limits_.deadline && std::chrono::steady_clock::now() > *limits_.deadline);
    }

    void check(int result) const {
        if (result == AVERROR_EXIT || is_stopped()) {
            throw Cancelled();
        }
        if (result == AVERROR(ENOMEM)) {
            fail_for_memory();
        }
        if (result < 0) {
            fail(text_of_error(result));
        }
    }

    /// Opens the video at its start. Also used to rewind, because not all containers can seek
    /// there.
    void open() {
        decoder_.reset();
        open_container();
        open_decoder();
        time_ = -1;
        is_draining_ = false;
    }

    void open_container() {
        std::error_code error;
        if (!fs::is_regular_file(path_, error)) {
            throw IoError(fs::exists(path_, error) ? ErrorCode::io : ErrorCode::not_found,
                          "cannot open the video '" + path_.native() + "': it is not a file");
        }
        auto* context = checked(avformat_alloc_context());
        context->interrupt_callback = {
            .callback = [](void* self) { return static_cast<Reader*>(self)->is_stopped() ? 1 : 0; },
            .opaque = this};
        Dictionary options;
        options.set("protocol_whitelist", "file");
        options.set("format_whitelist", containers);
        options.set("codec_whitelist", codecs);
        // Frees the context on failure.
        check(avformat_open_input(&context, ("file:" + path_.native()).c_str(), nullptr,
                                  options.get()));
        container_.reset(context);
        check(avformat_find_stream_info(context, nullptr));
        const int found = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
        if (found < 0 ||
            (context->streams[found]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
            fail("it has no frames");
        }
        stream_ = context->streams[found];
        for (unsigned other = 0; other < context->nb_streams; ++other) {
            context->streams[other]->discard =
                static_cast<int>(other) == found ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
        }
    }

    void open_decoder() {
        const auto* const codec = avcodec_find_decoder(stream_->codecpar->codec_id);
        if (codec == nullptr) {
            fail(std::string("there is no decoder for ") +
                 avcodec_get_name(stream_->codecpar->codec_id));
        }
        decoder_.reset(checked(avcodec_alloc_context3(codec)));
        check(avcodec_parameters_to_context(decoder_.get(), stream_->codecpar));
        decoder_->pkt_timebase = stream_->time_base;
        // The networks use the other cores.
        decoder_->thread_count = 1;
        decoder_->max_pixels = static_cast<std::int64_t>(
            std::min<std::uint64_t>(limits_.max_pixels, std::uint64_t{1} << 31U));
        Dictionary options;
        options.set("codec_whitelist", codecs);
        check(avcodec_open2(decoder_.get(), codec, options.get()));
        const auto* const description = avcodec_descriptor_get(codec->id);
        is_intra_only_ =
            description != nullptr && (description->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
        packet_.reset(checked(av_packet_alloc()));
        frame_.reset(checked(av_frame_alloc()));
        next_frame_.reset(checked(av_frame_alloc()));
    }

    void read_facts() {
        const auto usable = [](AVRational rate) { return rate.num > 0 && rate.den > 0; };
        const auto rate =
            usable(stream_->avg_frame_rate) ? stream_->avg_frame_rate : stream_->r_frame_rate;
        constexpr double greatest_rate = 1000;
        if (!usable(rate) || av_q2d(rate) > greatest_rate) {
            fail("its frame rate is unknown");
        }
        facts_.frame_rate = av_q2d(rate);
        double seconds = 0;
        if (stream_->duration != AV_NOPTS_VALUE) {
            seconds = static_cast<double>(stream_->duration) * av_q2d(stream_->time_base);
        } else if (container_->duration != AV_NOPTS_VALUE) {
            seconds = static_cast<double>(container_->duration) / AV_TIME_BASE;
        } else {
            fail("its duration is unknown");
        }
        if (!(seconds <= static_cast<double>(longest_video.count()))) {
            fail("its duration is more than a week");
        }
        // A truncated file has fewer frames than it states; the missing ones must be noticed.
        const auto most =
            std::llround(static_cast<double>(longest_video.count()) * facts_.frame_rate);
        facts_.frames =
            static_cast<std::size_t>(std::max({std::llround(seconds * facts_.frame_rate), 1LL,
                                               std::min<long long>(stream_->nb_frames, most)}));
        turns_ = quarter_turns(*stream_);
        facts_.width = stream_->codecpar->width;
        facts_.height = stream_->codecpar->height;
        if (turns_ % 2 != 0) {
            std::swap(facts_.width, facts_.height);
        }
        if (facts_.width <= 0 || facts_.height <= 0) {
            fail("its frame size is unknown");
        }
        if (static_cast<std::uint64_t>(facts_.width) * static_cast<std::uint64_t>(facts_.height) >
            limits_.max_pixels) {
            fail("its frames are larger than " + std::to_string(limits_.max_pixels) + " pixels",
                 ErrorCode::media_too_large);
        }
        facts_.begin = begin_of(*container_, *stream_);
    }

    std::int64_t origin() const {
        return stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
    }

    double seconds_of(std::int64_t timestamp) const {
        return static_cast<double>(timestamp - origin()) * av_q2d(stream_->time_base);
    }

    /// Returns the timestamp to decode from for a frame at `seconds`: frames are stored up to
    /// `video_delay` frames before they are shown.
    std::int64_t timestamp_before(double seconds) const {
        const double early =
            std::max(seconds - (stream_->codecpar->video_delay - 0.5) / facts_.frame_rate, 0.0);
        return origin() + static_cast<std::int64_t>(early / av_q2d(stream_->time_base));
    }

    /// Backwards always; forwards if there is a key frame in between.
    bool is_worth_seeking(double target) const {
        if (time_ > target + 0.5 / facts_.frame_rate) {
            return true;
        }
        const auto* const key = avformat_index_get_entry_from_timestamp(
            stream_, timestamp_before(target), AVSEEK_FLAG_BACKWARD);
        return key != nullptr && seconds_of(key->timestamp) > std::max(time_, 0.0);
    }

    void seek(double target) {
        check(av_seek_frame(container_.get(), stream_->index, timestamp_before(target),
                            AVSEEK_FLAG_BACKWARD));
        avcodec_flush_buffers(decoder_.get());
        av_frame_unref(frame_.get());
        time_ = -1;
        is_draining_ = false;
    }

    /// Decodes up to the first frame at or after `least`. @return false at the end of the video
    bool decode_until(double least) {
        while (time_ < least || time_ < 0) {
            if (!decode_next(least)) {
                return false;
            }
        }
        return true;
    }

    /// @param least frames before this time may be skipped
    bool decode_next(double least) {
        while (true) {
            const int received = avcodec_receive_frame(decoder_.get(), next_frame_.get());
            if (received == 0) {
                const auto timestamp = next_frame_->best_effort_timestamp;
                time_ = timestamp == AV_NOPTS_VALUE
                            ? std::max(time_, 0.0) + (time_ < 0 ? 0.0 : 1 / facts_.frame_rate)
                            : std::max(seconds_of(timestamp), 0.0);
                std::swap(frame_, next_frame_);
                av_frame_unref(next_frame_.get());
                return true;
            }
            if (received == AVERROR(ENOMEM)) {
                fail_for_memory();
            }
            if (received == AVERROR_EOF || is_draining_) {
                return false;
            }
            // Other errors mean a damaged frame; later frames may be intact.
            send_next(least);
        }
    }

    void send_next(double least) {
        while (true) {
            av_packet_unref(packet_.get());
            const int read = av_read_frame(container_.get(), packet_.get());
            if (read == AVERROR_EXIT || is_stopped()) {
                throw Cancelled();
            }
            if (read < 0) {
                avcodec_send_packet(decoder_.get(), nullptr);
                is_draining_ = true;
                return;
            }
            if (packet_->stream_index != stream_->index) {
                continue;
            }
            const bool is_early =
                packet_->pts != AV_NOPTS_VALUE && seconds_of(packet_->pts) < least;
            // No frame near the wanted one is skipped: the wanted one may be missing, and its
            // predecessor is used instead.
            if (is_early && is_intra_only_ &&
                seconds_of(packet_->pts) < least - missing_end_seconds) {
                continue;
            }
            decoder_->skip_frame = is_early ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
            avcodec_send_packet(decoder_.get(), packet_.get());
            return;
        }
    }

    Image picture() {
        const AVFrame& frame = *frame_;
        const auto area = static_cast<std::uint64_t>(std::max(frame.width, 0)) *
                          static_cast<std::uint64_t>(std::max(frame.height, 0));
        if (area == 0 || area > limits_.max_pixels) {
            fail("a frame differs in size from the video's header", ErrorCode::media_too_large);
        }
        const auto format = static_cast<AVPixelFormat>(frame.format);
        const bool is_full_range =
            frame.color_range == AVCOL_RANGE_JPEG || format != without_range(format);
        scaler_.reset(sws_getCachedContext(
            scaler_.release(), frame.width, frame.height, without_range(format), frame.width,
            frame.height, AV_PIX_FMT_RGB24, SWS_BICUBIC | SWS_FULL_CHR_H_INT | SWS_ACCURATE_RND,
            nullptr, nullptr, nullptr));
        if (!scaler_) {
            fail("its pixel format is unknown");
        }
        // If the camera states none, uses BT.601, as OpenCV does, with which the reference's users
        // extract frames.
        const auto* const coefficients = sws_getCoefficients(
            frame.colorspace == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : frame.colorspace);
        constexpr int whole = 1 << 16;
        sws_setColorspaceDetails(scaler_.get(), coefficients, is_full_range ? 1 : 0,
                                 sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, whole, whole);
        // libswscale writes beyond the ends of rows without padding.
        constexpr int alignment = 64;
        std::array<std::uint8_t*, 4> planes{};
        std::array<int, 4> strides{};
        check(av_image_alloc(planes.data(), strides.data(), frame.width, frame.height,
                             AV_PIX_FMT_RGB24, alignment));
        const std::unique_ptr<std::uint8_t, void (*)(void*)> buffer(planes[0], av_free);
        check(sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes.data(),
                        strides.data()));
        const auto row = static_cast<std::size_t>(frame.width) * 3;
        Pixels pixels{.width = frame.width, .height = frame.height, .rgb = {}};
        pixels.rgb.reserve(row * static_cast<std::size_t>(frame.height));
        for (int y = 0; y < frame.height; ++y) {
            const auto* const begin = planes[0] + static_cast<std::ptrdiff_t>(y) * strides[0];
            pixels.rgb.insert(pixels.rgb.end(), begin, begin + row);
        }
        pixels = turned(std::move(pixels), turns_);
        const bool is_damaged =
            (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0;
        return Image::from_rgb(pixels.width, pixels.height, std::move(pixels.rgb), is_damaged);
    }

    fs::path path_;
    DecodeLimits limits_;
    std::stop_token stop_;
    std::unique_ptr<AVFormatContext, CloseInput> container_;
    AVStream* stream_ = nullptr;  ///< Owned by the container.
    std::unique_ptr<AVCodecContext, FreeCodec> decoder_;
    std::unique_ptr<AVPacket, FreePacket> packet_;
    std::unique_ptr<AVFrame, FreeFrame> frame_;  ///< The last decoded frame.
    std::unique_ptr<AVFrame, FreeFrame> next_frame_;
    std::unique_ptr<SwsContext, FreeScaler> scaler_;
    VideoFacts facts_;
    double time_ = -1;  ///< Of frame_, in seconds; -1 before the first.
    int turns_ = 0;
    bool is_intra_only_ = false;
    bool is_draining_ = false;  ///< Whether the decoder has received all packets.
};

VideoFile::VideoFile(const fs::path& path, const DecodeLimits& limits, std::stop_token stop)
    : reader_(std::make_unique<Reader>(path, limits, std::move(stop))) {}

VideoFile::~VideoFile() = default;
VideoFile::VideoFile(VideoFile&&) noexcept = default;
VideoFile& VideoFile::operator=(VideoFile&&) noexcept = default;

const VideoFacts& VideoFile::facts() const noexcept {
    return reader_->facts();
}

Image VideoFile::frame(std::size_t number) {
    return reader_->frame(number);
}

}  // namespace speciesnet::cli
