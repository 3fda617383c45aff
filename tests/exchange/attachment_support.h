// SPDX-License-Identifier: Apache-2.0
// The smallest files of each kind, made by hand.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landfall::exchange::test {

inline std::string Be(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}
inline std::string Le(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

inline std::string PngChunk(std::string_view name, std::string_view content) {
  std::string body(name);
  body += content;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return Be(content.size(), 4) + body + Be(crc, 4);
}
inline std::string Png(std::uint32_t width, std::uint32_t height, const std::string& extra = "") {
  return "\x89PNG\r\n\x1A\n" + PngChunk("IHDR", Be(width, 4) + Be(height, 4) + std::string("\x08\x02\0\0\0", 5)) +
         extra + PngChunk("IDAT", "x") + PngChunk("IEND", "");
}

inline std::string JpegSegment(char marker, std::string_view content) {
  return std::string("\xFF") + marker + Be(content.size() + 2, 2) + std::string(content);
}
inline std::string Jpeg(std::uint16_t width, std::uint16_t height, const std::string& extra = "") {
  return "\xFF\xD8" + extra +
         JpegSegment('\xC0', "\x08" + Be(height, 2) + Be(width, 2) + "\x01\x01\x11" + std::string(1, '\0')) +
         JpegSegment('\xDA', std::string("\x01\x01\0\0\x3F\0", 6)) + std::string("\x12\xFF\0\x34\xFF\xD0\x56", 7) +
         "\xFF\xD9";
}

inline std::string GifFrame(std::uint16_t width, std::uint16_t height) {
  return "\x2C" + Le(0, 4) + Le(width, 2) + Le(height, 2) + std::string("\0\x02\x02\x44\x01\0", 6);
}
inline std::string Gif(std::uint16_t width, std::uint16_t height, int frames) {
  std::string gif = "GIF89a" + Le(width, 2) + Le(height, 2) + std::string("\x80\0\0", 3) + std::string(6, 'c');
  gif += std::string("\x21\xF9\x04\0\0\0\0\0", 8);
  for (int i = 0; i < frames; ++i) gif += GifFrame(width, height);
  return gif + "\x3B";
}

inline std::string Riff(const std::string& chunks) { return "RIFF" + Le(chunks.size() + 4, 4) + "WEBP" + chunks; }
inline std::string RiffChunk(std::string_view name, const std::string& content) {
  return std::string(name) + Le(content.size(), 4) + content + std::string(content.size() % 2, '\0');
}
inline std::string WebpLossy(std::uint16_t width, std::uint16_t height) {
  return RiffChunk("VP8 ", std::string("\x30\x01\0", 3) + "\x9D\x01\x2A" + Le(width, 2) + Le(height, 2) + "data");
}

inline std::string Box(std::string_view type, const std::string& content) {
  return Be(content.size() + 8, 4) + std::string(type) + content;
}
inline std::string Heif(std::string_view brand, std::uint32_t width, std::uint32_t height) {
  const std::string size = Box("ispe", Be(0, 4) + Be(width, 4) + Be(height, 4));
  return Box("ftyp", std::string(brand) + Be(0, 4) + "mif1") +
         Box("meta", Be(0, 4) + Box("iprp", Box("ipco", size + Box("ispe", Be(0, 4) + Be(1, 4) + Be(1, 4))))) +
         Box("mdat", "x");
}
inline std::string Mp4() {
  return Box("ftyp", "isom" + Be(0, 4) + "mp42") + Box("mdat", "x") + Box("moov", Box("mvhd", std::string(100, '\0')));
}

inline std::string Pdf(const std::string& body) {
  return "%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + body +
         " >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
}
inline std::string Deflate(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
  out.resize(size);
  return out;
}

// Stored entries. `claimed`: the unpacked size that the directory states, instead of the true one.
inline std::string Zip(const std::vector<std::pair<std::string, std::string>>& files, std::uint32_t claimed = 0) {
  std::string out, directory;
  for (const auto& [name, content] : files) {
    const std::uint32_t size = claimed != 0 ? claimed : static_cast<std::uint32_t>(content.size());
    const std::string common =
        Le(20, 2) + Le(0, 8) + Le(0, 4) + Le(content.size(), 4) + Le(size, 4) + Le(name.size(), 2);
    directory += "PK\1\2" + Le(20, 2) + common + Le(0, 2) + Le(0, 2) + Le(0, 8) + Le(out.size(), 4) + name;
    out += "PK\3\4" + common + Le(0, 2) + name + content;
  }
  return out + directory + "PK\5\6" + Le(0, 4) + Le(files.size(), 2) + Le(files.size(), 2) + Le(directory.size(), 4) +
         Le(out.size(), 4) + Le(0, 2);
}
inline std::string Office(const std::string& part) {
  return Zip({{"[Content_Types].xml", "<Types/>"}, {part, "<x/>"}});
}

inline std::string Ole2() {
  std::string header("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  header += std::string(16, '\0') + Le(0x3E, 2) + Le(3, 2) + Le(0xFFFE, 2) + Le(9, 2) + Le(6, 2) +
            std::string(14, '\0') + Le(1, 4) + std::string(24, '\0') + Le(0, 4);
  header.resize(512, '\0');
  std::string root("R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0", 20);
  root.resize(512, '\0');
  return header + std::string(512, '\xFF') + root;
}

// --- Exif ----------------------------------------------------------------------------------------------------------

struct ExifEntry {
  std::uint16_t tag, type;
  std::uint32_t count;
  std::string value;  // More than four bytes are placed behind the directory.
};

// A big-endian directory at `at`, with the values behind it.
inline std::string Directory(std::size_t at, const std::vector<ExifEntry>& entries) {
  std::string out = Be(entries.size(), 2), values;
  const std::size_t behind = at + 2 + entries.size() * 12 + 4;
  for (const ExifEntry& entry : entries) {
    out += Be(entry.tag, 2) + Be(entry.type, 2) + Be(entry.count, 4);
    if (entry.value.size() <= 4) {
      out += entry.value + std::string(4 - entry.value.size(), '\0');
    } else {
      out += Be(behind + values.size(), 4);
      values += entry.value;
    }
  }
  return out + Be(0, 4) + values;
}

inline ExifEntry Ascii(std::uint16_t tag, std::string text) {
  text += '\0';
  return {tag, 2, static_cast<std::uint32_t>(text.size()), text};
}
inline ExifEntry Angle(std::uint16_t tag, std::uint32_t degrees, std::uint32_t minutes, std::uint32_t centiseconds) {
  return {tag, 5, 3, Be(degrees, 4) + Be(1, 4) + Be(minutes, 4) + Be(1, 4) + Be(centiseconds, 4) + Be(100, 4)};
}

// 26°25′30.36″ N, 111°36′45.00″ E; 2024-05-06 07:08:09 +08:00; turned; camera "Invented".
inline std::string Exif(const std::vector<ExifEntry>& gps = {Ascii(1, "N"), Angle(2, 26, 25, 3036), Ascii(3, "E"),
                                                             Angle(4, 111, 36, 4500)}) {
  constexpr std::size_t kRoot = 8, kPhoto = 200, kGps = 400;
  std::string out = "MM" + Be(42, 2) + Be(kRoot, 4);
  out += Directory(kRoot, {Ascii(0x010F, "Invented  "),
                           {0x0112, 3, 1, Be(6, 2)},
                           {0x8769, 4, 1, Be(kPhoto, 4)},
                           {0x8825, 4, 1, Be(kGps, 4)}});
  out.resize(kPhoto, '\0');
  out += Directory(kPhoto, {Ascii(0x9003, "2024:05:06 07:08:09"), Ascii(0x9011, "+08:00")});
  out.resize(kGps, '\0');
  return out + Directory(kGps, gps);
}
inline std::string ExifSegment(const std::string& exif) {
  return JpegSegment('\xE1', std::string("Exif\0\0", 6) + exif);
}

}  // namespace landfall::exchange::test
