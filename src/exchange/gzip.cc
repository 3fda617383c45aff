// SPDX-License-Identifier: Apache-2.0
#include "exchange/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <vector>

#include "exchange/byte_source.h"

namespace landfall {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

Error TooLarge(std::size_t max_bytes) {
  return Invalid("gzip.too_large", fmt::format("the content is larger than {} bytes", max_bytes));
}

// Collects what a source gives and unpacks it when the first two bytes are gzip's.
class Collector {
 public:
  explicit Collector(std::size_t max_bytes) : max_bytes_(max_bytes), buffer_(kChunk) {}
  ~Collector() {
    if (open_) inflateEnd(&stream_);
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  Status Add(std::string_view bytes) {
    if (!decided_) {
      head_ += bytes;
      if (head_.size() < 2) return Ok{};
      LF_TRY(Decide());
      const std::string first = std::move(head_);
      return packed_ ? Unpack(first) : Append(first);
    }
    return packed_ ? Unpack(bytes) : Append(bytes);
  }

  Result<std::string> Finish() {
    if (!decided_) LF_TRY(Append(head_));
    if (packed_ && !between_members_) return Corrupt("the file ends inside a member");
    return std::move(out_);
  }

 private:
  static Error Corrupt(const char* what) { return Invalid("gzip.corrupt", what); }

  Status Decide() {
    decided_ = true;
    packed_ = head_[0] == '\x1f' && head_[1] == '\x8b';
    if (!packed_) return Ok{};
    constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib.h, inflateInit2: a gzip header is demanded and its CRC checked.
    LF_CHECK(inflateInit2(&stream_, kGzipOnly) == Z_OK);
    open_ = true;
    return Ok{};
  }

  Status Append(std::string_view bytes) {
    if (bytes.size() > max_bytes_ - out_.size()) return TooLarge(max_bytes_);
    out_ += bytes;
    return Ok{};
  }

  Status Unpack(std::string_view bytes) {
    while (!bytes.empty()) {
      if (between_members_) {
        if (padding_ || bytes.front() == '\0') {
          padding_ = true;
          if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return c != '\0'; }))
            return Corrupt("there are bytes behind the last member");
          return Ok{};
        }
        LF_CHECK(inflateReset(&stream_) == Z_OK);
        between_members_ = false;
      }
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(bytes.size());
      int state = Z_OK;
      do {
        stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_out = static_cast<uInt>(buffer_.size());
        state = inflate(&stream_, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
          return Corrupt("the packed data is damaged");
        LF_TRY(Append({buffer_.data(), buffer_.size() - stream_.avail_out}));
      } while (state == Z_OK && (stream_.avail_in > 0 || stream_.avail_out == 0));
      between_members_ = state == Z_STREAM_END;
      bytes.remove_prefix(bytes.size() - stream_.avail_in);
    }
    return Ok{};
  }

  const std::size_t max_bytes_;
  std::vector<char> buffer_;
  std::string head_, out_;
  z_stream stream_{};
  bool decided_ = false, packed_ = false, open_ = false;
  bool between_members_ = false, padding_ = false;
};

}  // namespace

Result<std::string> ReadFileMaybeGzip(const std::string& path, std::size_t max_bytes) {
  LF_ASSIGN(const auto file, exchange::FileSource::Open(path));
  Collector collector(max_bytes);
  std::array<char, kChunk> chunk;
  for (;;) {
    LF_ASSIGN(const std::size_t count, file->Read(chunk));
    if (count == 0) break;
    LF_TRY(collector.Add({chunk.data(), count}));
  }
  return collector.Finish();
}

Result<std::string> UnpackMaybeGzip(std::string_view bytes, std::size_t max_bytes) {
  Collector collector(max_bytes);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kChunk, bytes.size())))
    LF_TRY(collector.Add(bytes.substr(0, kChunk)));
  return collector.Finish();
}

}  // namespace landfall
