// SPDX-License-Identifier: Apache-2.0
#include "exchange/exif.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "exchange/file_inspect.h"

namespace landfall::exchange {
namespace {

// Tags of CIPA DC-008 §4.6.
constexpr std::uint16_t kMake = 0x010F, kOrientation = 0x0112, kExifDirectory = 0x8769, kGpsDirectory = 0x8825;
constexpr std::uint16_t kTimeTaken = 0x9003, kOffsetTaken = 0x9011;
constexpr std::uint16_t kLatitudeRef = 1, kLatitude = 2, kLongitudeRef = 3, kLongitude = 4;

// A TIFF file (TIFF 6.0 §2): numbers in the byte order that it declares, directories of 12-byte entries.
class Tiff {
 public:
  explicit Tiff(std::string_view bytes) : view_(bytes), big_(view_.StartsAt(0, "MM")) {}

  bool IsTiff() const { return (big_ || view_.StartsAt(0, "II")) && U16(2) == 42; }
  std::uint16_t U16(std::size_t at) const { return big_ ? view_.Be16(at) : view_.Le16(at); }
  std::uint32_t U32(std::size_t at) const { return big_ ? view_.Be32(at) : view_.Le32(at); }

  // Where the values of `tag` lie, when the directory has it with `type` and at least `count` values; 0 otherwise.
  std::size_t Find(std::size_t directory, std::uint16_t tag, std::uint16_t type, std::uint32_t count) const {
    const std::size_t entries = U16(directory);
    for (std::size_t i = 0; i < entries; ++i) {
      const std::size_t entry = directory + 2 + i * 12;
      if (!view_.Has(entry, 12)) return 0;
      if (U16(entry) != tag) continue;
      if (U16(entry + 2) != type || U32(entry + 4) < count) return 0;
      const std::size_t bytes = std::size_t{U32(entry + 4)} * SizeOf(type);
      const std::size_t at = bytes <= 4 ? entry + 8 : U32(entry + 8);
      return view_.Has(at, bytes) ? at : 0;
    }
    return 0;
  }

  // An ASCII value up to its closing zero.
  std::string_view Ascii(std::size_t directory, std::uint16_t tag) const {
    const std::size_t at = Find(directory, tag, kAscii, 1);
    if (at == 0) return {};
    const std::string_view rest = view_.bytes().substr(at, 64);
    return rest.substr(0, rest.find('\0'));
  }

  static constexpr std::uint16_t kAscii = 2, kShort = 3, kLong = 4, kRational = 5;

 private:
  static std::size_t SizeOf(std::uint16_t type) {
    return type == kRational ? 8 : type == kLong ? 4 : type == kShort ? 2 : 1;
  }

  ByteView view_;
  bool big_;
};

std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// "2024:05:06 07:08:09"; cameras without a clock write zeros or blanks.
std::optional<PhotoFacts::Taken> ReadTaken(std::string_view time, std::string_view offset) {
  const auto year = Digits(time, 0, 4), month = Digits(time, 5, 2), day = Digits(time, 8, 2);
  const auto hour = Digits(time, 11, 2), minute = Digits(time, 14, 2), second = Digits(time, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const auto parsed = ParseDay(fmt::format("{:04}-{:02}-{:02}", *year, *month, *day));
  if (!parsed) return std::nullopt;
  PhotoFacts::Taken taken{*parsed, *hour * 3600 + *minute * 60 + *second, std::nullopt};
  if (const auto read = ParseUtcOffset(offset); read) taken.offset = *read;
  return taken;
}

// Degrees, minutes and seconds as three rationals, in 10^-7 degrees; none when out of bounds.
std::optional<std::int32_t> ReadAngle(const Tiff& tiff, std::size_t at, double degrees_max) {
  std::array<double, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint32_t numerator = tiff.U32(at + i * 8), denominator = tiff.U32(at + i * 8 + 4);
    // Seconds are written as 0/0 by cameras that give minutes with decimals.
    if (denominator == 0 && (numerator != 0 || i == 0)) return std::nullopt;
    parts[i] = denominator == 0 ? 0 : static_cast<double>(numerator) / denominator;
  }
  if (parts[1] >= 60 || parts[2] >= 60) return std::nullopt;
  const double degrees = parts[0] + parts[1] / 60 + parts[2] / 3600;
  if (degrees > degrees_max) return std::nullopt;
  return static_cast<std::int32_t>(degrees * 1e7 + 0.5);
}

std::optional<GeoPoint> ReadPlace(const Tiff& tiff, std::size_t gps) {
  const std::string_view north = tiff.Ascii(gps, kLatitudeRef), east = tiff.Ascii(gps, kLongitudeRef);
  const std::size_t latitude_at = tiff.Find(gps, kLatitude, Tiff::kRational, 3);
  const std::size_t longitude_at = tiff.Find(gps, kLongitude, Tiff::kRational, 3);
  if (latitude_at == 0 || longitude_at == 0 || (north != "N" && north != "S") || (east != "E" && east != "W"))
    return std::nullopt;
  const auto latitude = ReadAngle(tiff, latitude_at, 90), longitude = ReadAngle(tiff, longitude_at, 180);
  if (!latitude || !longitude || (*latitude == 0 && *longitude == 0)) return std::nullopt;  // 0, 0: no fix.
  return GeoPoint{north == "N" ? *latitude : -*latitude, east == "E" ? *longitude : -*longitude};
}

std::string ReadMake(std::string_view text) {
  std::string make;
  for (char c : text)
    if (c >= ' ' && c <= '~') make += c;
  while (!make.empty() && make.back() == ' ') make.pop_back();
  return make;
}

}  // namespace

PhotoFacts ReadExif(std::string_view bytes) {
  PhotoFacts facts;
  const Tiff tiff(bytes);
  if (!tiff.IsTiff()) return facts;
  const std::size_t root = tiff.U32(4);
  facts.camera_make = ReadMake(tiff.Ascii(root, kMake));
  if (const std::size_t at = tiff.Find(root, kOrientation, Tiff::kShort, 1); at != 0)
    if (const std::uint16_t turn = tiff.U16(at); turn >= 1 && turn <= 8)
      facts.orientation = static_cast<std::uint8_t>(turn);
  if (const std::size_t at = tiff.Find(root, kExifDirectory, Tiff::kLong, 1); at != 0)
    facts.taken = ReadTaken(tiff.Ascii(tiff.U32(at), kTimeTaken), tiff.Ascii(tiff.U32(at), kOffsetTaken));
  if (const std::size_t at = tiff.Find(root, kGpsDirectory, Tiff::kLong, 1); at != 0)
    facts.place = ReadPlace(tiff, tiff.U32(at));
  return facts;
}

PhotoFacts ReadPhotoFacts(std::string_view bytes) {
  constexpr std::string_view kExifMark("Exif\0\0", 6);
  const ByteView file(bytes);
  std::string_view tiff;
  const auto take = [&](std::string_view content) {
    tiff = content.starts_with(kExifMark) ? content.substr(kExifMark.size()) : content;
    return false;
  };
  // What is broken behind the Exif block does not matter here; InspectFile has judged the file.
  if (file.StartsAt(0, "\xFF\xD8\xFF")) {
    (void)WalkJpeg(file, [&](std::string_view name, std::string_view content) {
      return name != "\xE1" || !content.starts_with(kExifMark) || take(content);
    });
  } else if (file.StartsAt(0, "\x89PNG\r\n\x1A\n")) {
    (void)WalkPng(file,
                  [&](std::string_view name, std::string_view content) { return name != "eXIf" || take(content); });
  } else if (file.StartsAt(0, "RIFF") && file.StartsAt(8, "WEBP")) {
    (void)WalkWebp(file,
                   [&](std::string_view name, std::string_view content) { return name != "EXIF" || take(content); });
  }
  return ReadExif(tiff);
}

}  // namespace landfall::exchange
