// SPDX-License-Identifier: Apache-2.0
// The machine's tz database: TZif files (RFC 8536), with the rule in the footer for the years after the last
// transition.
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <vector>

#include "rules/times.h"

namespace landfall::rules {
namespace {

constexpr std::size_t kZonesMost = 1000;
constexpr std::uintmax_t kFileMost = 1 << 20;

// One change of a POSIX TZ rule ("M3.2.0/2", "J60", "59"): when in a year it happens, in local standard or summer time.
struct YearlyChange {
  enum class Form : std::uint8_t { kMonthWeekDay, kJulian, kDayOfYear } form = Form::kMonthWeekDay;
  int month = 0, week = 0, day = 0;
  std::int32_t seconds = 7200;

  std::int64_t InYear(int year) const {
    using namespace std::chrono;
    if (form == Form::kMonthWeekDay) {
      const auto first = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month));
      const weekday wanted(static_cast<unsigned>(day));
      const sys_days at =
          week == 5 ? sys_days(first / wanted[last]) : sys_days(first / wanted[static_cast<unsigned>(week)]);
      return std::int64_t{at.time_since_epoch().count()} * 86400 + seconds;
    }
    const sys_days january(std::chrono::year(year) / 1 / 1);
    int skip = day;
    // "Jn" counts from 1 and never counts 29 February.
    if (form == Form::kJulian) skip = day - 1 + (std::chrono::year(year).is_leap() && day >= 60 ? 1 : 0);
    return (std::int64_t{january.time_since_epoch().count()} + skip) * 86400 + seconds;
  }
};

class PosixRule {
 public:
  static std::optional<PosixRule> Parse(std::string_view text) {
    PosixRule out;
    if (!Name(text)) return std::nullopt;
    const auto standard = Time(text);
    if (!standard) return std::nullopt;
    out.standard_ = -*standard;
    if (text.empty()) return out;
    if (!Name(text)) return std::nullopt;
    out.summer_ = out.standard_ + 3600;
    if (!text.empty() && text[0] != ',') {
      const auto summer = Time(text);
      if (!summer) return std::nullopt;
      out.summer_ = -*summer;
    }
    const auto start = Change(text);
    const auto end = start ? Change(text) : std::nullopt;
    if (!start || !end || !text.empty()) return std::nullopt;
    out.start_ = *start;
    out.end_ = *end;
    out.has_summer_ = true;
    return out;
  }

  std::int32_t OffsetAt(std::int64_t at) const {
    if (!has_summer_) return standard_;
    using namespace std::chrono;
    const year_month_day date(floor<days>(sys_seconds(seconds(at + standard_))));
    const int year = static_cast<int>(date.year());
    const std::int64_t start = start_.InYear(year) - standard_;
    const std::int64_t end = end_.InYear(year) - summer_;
    const bool summer = start < end ? at >= start && at < end : at >= start || at < end;
    return summer ? summer_ : standard_;
  }

 private:
  static bool Name(std::string_view& text) {
    std::size_t at = 0;
    if (!text.empty() && text[0] == '<') {
      at = text.find('>');
      if (at == std::string_view::npos) return false;
      ++at;
    } else {
      while (at < text.size() && ((text[at] | 32) >= 'a' && (text[at] | 32) <= 'z')) ++at;
    }
    text.remove_prefix(at);
    return at >= 3;
  }
  static std::optional<int> Number(std::string_view& text) {
    int out = 0;
    std::size_t at = 0;
    while (at < text.size() && at < 4 && text[at] >= '0' && text[at] <= '9') out = out * 10 + (text[at++] - '0');
    if (at == 0) return std::nullopt;
    text.remove_prefix(at);
    return out;
  }
  // "[+-]h[:mm[:ss]]" in seconds.
  static std::optional<std::int32_t> Time(std::string_view& text) {
    int sign = 1;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
      sign = text[0] == '-' ? -1 : 1;
      text.remove_prefix(1);
    }
    std::int32_t total = 0;
    for (int unit = 3600; unit > 0; unit /= 60) {
      const auto part = Number(text);
      if (!part) return std::nullopt;
      total += *part * unit;
      if (text.empty() || text[0] != ':') break;
      text.remove_prefix(1);
    }
    return sign * total;
  }
  static std::optional<YearlyChange> Change(std::string_view& text) {
    if (text.empty() || text[0] != ',') return std::nullopt;
    text.remove_prefix(1);
    YearlyChange out;
    if (!text.empty() && text[0] == 'M') {
      text.remove_prefix(1);
      std::array<int, 3> parts{};
      for (int i = 0; i < 3; ++i) {
        if (i > 0) {
          if (text.empty() || text[0] != '.') return std::nullopt;
          text.remove_prefix(1);
        }
        const auto part = Number(text);
        if (!part) return std::nullopt;
        parts[static_cast<std::size_t>(i)] = *part;
      }
      if (parts[0] < 1 || parts[0] > 12 || parts[1] < 1 || parts[1] > 5 || parts[2] > 6) return std::nullopt;
      out.month = parts[0];
      out.week = parts[1];
      out.day = parts[2];
    } else {
      out.form = YearlyChange::Form::kDayOfYear;
      if (!text.empty() && text[0] == 'J') {
        out.form = YearlyChange::Form::kJulian;
        text.remove_prefix(1);
      }
      const auto day = Number(text);
      if (!day || *day > 365) return std::nullopt;
      out.day = *day;
    }
    if (!text.empty() && text[0] == '/') {
      text.remove_prefix(1);
      const auto seconds = Time(text);
      if (!seconds) return std::nullopt;
      out.seconds = *seconds;
    }
    return out;
  }

  std::int32_t standard_ = 0, summer_ = 0;
  bool has_summer_ = false;
  YearlyChange start_, end_;
};

struct Zone {
  std::vector<std::int64_t> transitions;
  std::vector<std::int32_t> offsets;  // offsets[i] holds from transitions[i].
  std::int32_t before = 0;            // Before the first transition.
  std::optional<PosixRule> rule;

  std::int32_t OffsetAt(std::int64_t at) const {
    const auto next = std::upper_bound(transitions.begin(), transitions.end(), at);
    if (next == transitions.end() && rule) return rule->OffsetAt(at);
    return next == transitions.begin() ? before : offsets[static_cast<std::size_t>(next - transitions.begin()) - 1];
  }
};

std::int64_t BigEndian(std::string_view bytes, std::size_t at, int width) {
  std::uint64_t out = 0;
  for (int i = 0; i < width; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return width == 4 ? static_cast<std::int32_t>(out) : static_cast<std::int64_t>(out);
}

struct Header {
  std::size_t isut, isstd, leap, times, types, chars;
  std::size_t Body(std::size_t width) const {
    return times * (width + 1) + types * 6 + chars + leap * (width + 4) + isstd + isut;
  }
};

std::optional<Header> ReadHeader(std::string_view bytes, std::size_t at) {
  if (at + 44 > bytes.size() || bytes.substr(at, 4) != "TZif") return std::nullopt;
  std::array<std::size_t, 6> counts{};
  for (std::size_t i = 0; i < 6; ++i) {
    const std::int64_t count = BigEndian(bytes, at + 20 + 4 * i, 4);
    if (count < 0 || count > 100'000) return std::nullopt;
    counts[i] = static_cast<std::size_t>(count);
  }
  return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

// Only version 2 and later, whose second body has 64-bit times.
std::optional<Zone> ParseZone(std::string_view bytes) {
  const auto first = ReadHeader(bytes, 0);
  if (!first || bytes[4] < '2') return std::nullopt;
  const std::size_t second_at = 44 + first->Body(4);
  const auto header = ReadHeader(bytes, second_at);
  if (!header || header->types == 0) return std::nullopt;
  const std::size_t body = second_at + 44;
  if (body + header->Body(8) > bytes.size()) return std::nullopt;
  const std::size_t indices = body + header->times * 8;
  const std::size_t types = indices + header->times;
  Zone out;
  out.before = static_cast<std::int32_t>(BigEndian(bytes, types, 4));
  for (std::size_t i = 0; i < header->times; ++i) {
    const auto type = static_cast<unsigned char>(bytes[indices + i]);
    if (type >= header->types) return std::nullopt;
    out.transitions.push_back(BigEndian(bytes, body + i * 8, 8));
    out.offsets.push_back(static_cast<std::int32_t>(BigEndian(bytes, types + std::size_t{type} * 6, 4)));
  }
  std::string_view footer = bytes.substr(body + header->Body(8));
  if (footer.size() > 2) out.rule = PosixRule::Parse(footer.substr(1, footer.size() - 2));
  return out;
}

class TzDirectory final : public ZoneProvider {
 public:
  explicit TzDirectory(std::string directory) : directory_(std::move(directory)) {}

  std::optional<std::int32_t> OffsetAt(std::string_view zone, std::int64_t unix_seconds) override {
    const std::lock_guard lock(mutex_);
    auto it = zones_.find(zone);
    if (it == zones_.end()) {
      if (zones_.size() >= kZonesMost) return std::nullopt;
      it = zones_.emplace(std::string(zone), Load(zone)).first;
    }
    if (!it->second) return std::nullopt;
    return it->second->OffsetAt(unix_seconds);
  }

 private:
  // A name is letters, digits, "_", "-", "+" and "/" between parts: it cannot leave the directory.
  static bool PlainName(std::string_view zone) {
    if (zone.empty() || zone.size() > 64 || zone.front() == '/' || zone.back() == '/') return false;
    return std::all_of(zone.begin(), zone.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
             c == '+' || c == '/';
    });
  }
  std::optional<Zone> Load(std::string_view zone) const {
    if (!PlainName(zone)) return std::nullopt;
    const std::filesystem::path path = std::filesystem::path(directory_) / zone;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path, error) > kFileMost ||
        error) {
      return std::nullopt;
    }
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    return ParseZone(bytes);
  }

  std::string directory_;
  std::mutex mutex_;
  std::map<std::string, std::optional<Zone>, std::less<>> zones_;
};

}  // namespace

std::shared_ptr<ZoneProvider> SystemZones(std::string directory) {
  return std::make_shared<TzDirectory>(std::move(directory));
}

}  // namespace landfall::rules
