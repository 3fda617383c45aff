// SPDX-License-Identifier: Apache-2.0
#include "exchange/encoding.h"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <vector>

namespace landfall::exchange {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

constexpr bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Length of the valid sequence at the front of `text`; 0 when invalid; npos when valid so far but cut off.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned char low = 0x80, high = 0xBF;  // Bounds of the second byte (Unicode 15, table 3-7).
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if ((lead & 0xF0) == 0xE0) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i == text.size()) return std::string_view::npos;
    if (i == 1 ? byte(1) < low || byte(1) > high : !IsContinuation(byte(i))) return 0;
  }
  return length;
}

struct Utf8Prefix {
  std::size_t bytes = 0;  // Whole and valid, from the front.
  bool cut_off = false;   // What follows them is the beginning of a character, and the text ends in it.
};
Utf8Prefix CheckUtf8(std::string_view text) {
  Utf8Prefix prefix;
  std::size_t& i = prefix.bytes;
  while (i < text.size()) {
    std::uint64_t eight = 0;
    if (text.size() - i >= sizeof eight) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080ULL) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    const std::size_t length = SequenceLength(text.substr(i));
    prefix.cut_off = length == std::string_view::npos;
    if (length == 0 || prefix.cut_off) break;
    i += length;
  }
  return prefix;
}

// Watches a text declared GBK for being UTF-8, which often passes as GBK, as other characters. A pair of GBK can look
// like two bytes of UTF-8 (联通 is the famous case), but three bytes that do begin with one of GB 2312's rare
// characters, so that a text all valid with several different ones of them is UTF-8.
class Utf8Watch {
 public:
  void Add(std::string_view fresh) {
    if (!valid_) return;
    pending_ += fresh;
    const Utf8Prefix prefix = CheckUtf8(pending_);
    valid_ = prefix.bytes == pending_.size() || prefix.cut_off;
    for (std::size_t i = 0; i < prefix.bytes && seen_.size() < kEnough; ++i)
      if ((static_cast<unsigned char>(pending_[i]) & 0xF0) == 0xE0) seen_.insert(pending_.substr(i, 3));
    pending_.erase(0, prefix.bytes);
  }
  bool LooksLikeUtf8() const { return valid_ && pending_.empty() && seen_.size() == kEnough; }

 private:
  static constexpr std::size_t kEnough = 4;
  std::string pending_;
  std::set<std::string> seen_;  // Characters of three bytes, the first few different ones.
  bool valid_ = true;
};

class Iconv {
 public:
  Iconv() : handle_(iconv_open("UTF-8", "GB18030")) {}
  ~Iconv() {
    if (ok()) iconv_close(handle_);
  }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;
  bool ok() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  enum class Stop { kDone, kOutputFull, kCutOff, kInvalid };
  // Moves both ends forward past what was converted.
  Stop Convert(std::string_view& in, std::span<char>& out) {
    char* from = const_cast<char*>(in.data());  // POSIX declares it char**, and only reads.
    char* to = out.data();
    std::size_t left = in.size(), room = out.size();
    const std::size_t answer = iconv(handle_, &from, &left, &to, &room);
    const int reason = answer == static_cast<std::size_t>(-1) ? errno : 0;
    in.remove_prefix(in.size() - left);
    out = out.subspan(out.size() - room);
    if (reason == 0) return Stop::kDone;
    return reason == E2BIG ? Stop::kOutputFull : reason == EINVAL ? Stop::kCutOff : Stop::kInvalid;
  }

 private:
  iconv_t handle_;
};

// Whether `bytes` reads as GB 18030, its last character perhaps cut off, and at least half of what lies beyond ASCII
// stands where GB 2312 has its characters. (In Latin-1 an accented letter and the plain one after it are a pair, too.)
bool LooksLikeGb18030(std::string_view bytes) {
  Iconv converter;
  if (!converter.ok()) return false;
  std::vector<char> scratch(bytes.size() * 2 + 16);
  std::span<char> out(scratch);
  std::string_view rest = bytes;
  const Iconv::Stop stop = converter.Convert(rest, out);
  if (stop != Iconv::Stop::kDone && stop != Iconv::Stop::kCutOff) return false;
  std::size_t pairs = 0, common = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    const auto lead = static_cast<unsigned char>(bytes[i]), trail = static_cast<unsigned char>(bytes[i + 1]);
    if (lead < 0x80) continue;
    ++pairs;
    common += lead >= 0xA1 && trail >= 0xA1;
    i += trail < 0x40 ? 3 : 1;  // A digit in second place begins a form of four bytes.
  }
  return common > 0 && common * 2 >= pairs;
}

Error NotUtf8(std::string_view chunk, std::size_t bad, std::uint64_t offset) {
  // A character of three bytes before the fault says that this is UTF-8, damaged.
  const bool damaged = std::any_of(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(bad),
                                   [](char c) { return (static_cast<unsigned char>(c) & 0xF0) == 0xE0; });
  // A byte below 0x30 is never part of a character of GB 18030, so the one before the fault is a safe place to begin.
  std::size_t begin = bad;
  while (begin > 0 && static_cast<unsigned char>(chunk[begin - 1]) >= 0x30) --begin;
  if (!damaged && LooksLikeGb18030(chunk.substr(begin)))
    return Invalid("encoding.looks_like_gbk", fmt::format("Byte {} is not UTF-8 but reads as GB 18030.", offset));
  return Invalid("text.not_utf8", fmt::format("Byte {} is not valid UTF-8.", offset));
}

}  // namespace

std::size_t FindInvalidUtf8(std::string_view text) {
  const std::size_t valid = CheckUtf8(text).bytes;
  return valid == text.size() ? std::string_view::npos : valid;
}

Result<Encoding> ParseEncoding(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (lower == "utf-8") return Encoding::kUtf8;
  if (lower == "gbk" || lower == "gb18030") return Encoding::kGb18030;
  return Invalid("encoding.unknown", "Known encodings are utf-8, gbk and gb18030.");
}

class Utf8Source::Impl {
 public:
  Impl(ByteSource& raw, Encoding declared) : raw_(raw), declared_(declared), in_(kChunk) {}

  Result<std::size_t> Read(std::span<char> out) {
    while (text_.empty()) {
      if (ended_) return std::size_t{0};
      LF_TRY(Refill());
    }
    const std::size_t count = std::min(out.size(), text_.size());
    std::memcpy(out.data(), text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  // Reads the next chunk behind the bytes carried over and leaves its text in text_.
  Status Refill() {
    std::memmove(in_.data(), in_.data() + carried_at_, carried_);
    std::size_t have = carried_;
    while (have < in_.size()) {  // Whole chunks, so that the first one holds the mark and a fault has its surroundings.
      LF_ASSIGN(const std::size_t count, raw_.Read(std::span(in_).subspan(have)));
      if (count == 0) {
        ended_ = true;
        break;
      }
      have += count;
    }
    const std::string_view chunk(in_.data(), have);
    if (!begun_) LF_TRY(CheckMark(chunk));
    begun_ = true;
    if (const std::size_t nul = chunk.find('\0'); nul != std::string_view::npos)
      return Invalid("text.nul", fmt::format("Byte {} is 0.", offset_ + nul));
    return declared_ == Encoding::kUtf8 ? TakeUtf8(chunk) : TakeGb18030(chunk);
  }

  Status CheckMark(std::string_view chunk) const {
    if (chunk.starts_with("\xFF\xFE") || chunk.starts_with("\xFE\xFF") ||
        chunk.starts_with(std::string_view("\0\0\xFE\xFF", 4)))
      return Invalid("encoding.utf16", "The file opens with the byte order mark of UTF-16 or UTF-32.");
    if (declared_ == Encoding::kGb18030 && chunk.starts_with(kUtf8Mark))
      return Invalid("encoding.looks_like_utf8", "The file opens with the byte order mark of UTF-8.");
    return Ok{};
  }

  Status TakeUtf8(std::string_view chunk) {
    const Utf8Prefix prefix = CheckUtf8(chunk);
    if (prefix.bytes < chunk.size() && (!prefix.cut_off || ended_))
      return NotUtf8(chunk, prefix.bytes, offset_ + prefix.bytes);
    Take(chunk, prefix.bytes, chunk.substr(0, prefix.bytes));
    return Ok{};
  }

  Status TakeGb18030(std::string_view chunk) {
    if (!converter_.ok()) return Unavailable("encoding.unavailable", "The iconv of this system does not know GB18030.");
    watch_.Add(chunk.substr(carried_));
    out_.resize(kChunk * 2);  // Two bytes become at most three, four at most four.
    std::span<char> room(out_);
    std::string_view rest = chunk;
    const Iconv::Stop stop = converter_.Convert(rest, room);
    LF_CHECK(stop != Iconv::Stop::kOutputFull);
    const std::size_t taken = chunk.size() - rest.size();
    if (stop == Iconv::Stop::kInvalid || (stop == Iconv::Stop::kCutOff && ended_))
      return Invalid("text.not_gb18030", fmt::format("Byte {} is not valid GB 18030.", offset_ + taken));
    Take(chunk, taken, {out_.data(), out_.size() - room.size()});
    if (ended_ && watch_.LooksLikeUtf8())
      return Invalid("encoding.looks_like_utf8", "The whole file is valid UTF-8, with Chinese characters in it.");
    return Ok{};
  }

  // Of `chunk`, `taken` bytes became `text`; the rest, at most three bytes of a character, waits for the next chunk.
  void Take(std::string_view chunk, std::size_t taken, std::string_view text) {
    text_ = text;
    if (offset_ == 0 && text_.starts_with(kUtf8Mark)) text_.remove_prefix(kUtf8Mark.size());
    offset_ += taken;
    carried_at_ = taken;
    carried_ = chunk.size() - taken;
  }

  ByteSource& raw_;
  const Encoding declared_;
  std::vector<char> in_, out_;
  std::string_view text_;  // What Read still has to give, in in_ or out_.
  std::size_t carried_at_ = 0, carried_ = 0;
  std::uint64_t offset_ = 0;  // In the raw file, of the first byte of in_ that is not converted yet.
  bool begun_ = false, ended_ = false;
  Utf8Watch watch_;
  Iconv converter_;
};

Utf8Source::Utf8Source(ByteSource& raw, Encoding declared) : impl_(std::make_unique<Impl>(raw, declared)) {}
Utf8Source::~Utf8Source() = default;
Result<std::size_t> Utf8Source::Read(std::span<char> out) { return impl_->Read(out); }

}  // namespace landfall::exchange
