// SPDX-License-Identifier: Apache-2.0
// Pictures and films: sizes and ends, from headers only.
#include <algorithm>
#include <array>

#include "exchange/file_inspect.h"

namespace landfall::exchange {
namespace {

constexpr std::size_t kPngSignature = 8;

// Keeps the largest frame.
void Enlarge(FileFacts& facts, std::uint32_t width, std::uint32_t height) {
  if (std::uint64_t{width} * height < std::uint64_t{facts.width} * facts.height) return;
  facts.width = width;
  facts.height = height;
}

// Markers without a length: TEM, RST0-7, SOI, EOI.
bool StandsAlone(std::uint8_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD9); }
// SOF0-15 without DHT, JPG and DAC, which lie among them.
bool IsFrameHeader(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Sub-blocks of a GIF from `at`, up to and with the empty one.
Result<std::size_t> SkipSubBlocks(ByteView file, std::size_t at) {
  while (file.Has(at, 1)) {
    const std::size_t size = file.U8(at);
    at += 1 + size;
    if (size == 0) return at;
  }
  return Truncated("inside a block of the GIF");
}

std::size_t GifColours(std::uint8_t packed) { return packed & 0x80 ? std::size_t{3} << ((packed & 7) + 1) : 0; }

struct Box {
  std::string_view type, content;
};

// Boxes of ISO/IEC 14496-12 §4.2 in `bytes`, until `visit` returns false.
Status WalkBoxes(std::string_view bytes, const std::function<bool(const Box&)>& visit) {
  const ByteView view(bytes);
  for (std::size_t at = 0; at < view.size();) {
    if (!view.Has(at, 8)) return Truncated("inside the header of a box");
    std::uint64_t size = view.Be32(at);
    std::size_t header = 8;
    if (size == 1) {
      header = 16;
      size = view.Be64(at + 8);
    } else if (size == 0) {
      size = view.size() - at;  // To the end.
    }
    if (size < header) return Malformed("a box is smaller than its header");
    if (size > view.size() - at) return Truncated("inside a box");
    if (!visit({view.Part(at + 4, 4), view.Part(at + header, static_cast<std::size_t>(size) - header)})) break;
    at += static_cast<std::size_t>(size);
  }
  return Ok{};
}

// The content of the first box of that type, or nothing.
std::string_view FindBox(std::string_view bytes, std::string_view type) {
  std::string_view found;
  // What breaks off behind the box that is looked for does not matter here.
  (void)WalkBoxes(bytes, [&](const Box& box) {
    if (box.type != type) return true;
    found = box.content;
    return false;
  });
  return found;
}

// The sizes of all items of a HEIC or AVIF: meta (a full box) / iprp / ipco / ispe.
void ReadItemSizes(std::string_view meta, FileFacts& facts) {
  const std::string_view properties =
      FindBox(FindBox(meta.substr(std::min<std::size_t>(4, meta.size())), "iprp"), "ipco");
  (void)WalkBoxes(properties, [&](const Box& box) {
    if (box.type == "ispe") Enlarge(facts, ByteView(box.content).Be32(4), ByteView(box.content).Be32(8));
    return true;
  });
}

struct Brand {
  std::string_view name;
  FileKind kind;
  bool sequence;
};
constexpr std::array<Brand, 19> kBrands{{{"avif", FileKind::kAvif, false},
                                         {"avis", FileKind::kAvif, true},
                                         {"heic", FileKind::kHeic, false},
                                         {"heix", FileKind::kHeic, false},
                                         {"heim", FileKind::kHeic, false},
                                         {"heis", FileKind::kHeic, false},
                                         {"hevc", FileKind::kHeic, true},
                                         {"hevx", FileKind::kHeic, true},
                                         {"mif1", FileKind::kHeic, false},
                                         {"msf1", FileKind::kHeic, true},
                                         {"isom", FileKind::kMp4, false},
                                         {"iso2", FileKind::kMp4, false},
                                         {"iso4", FileKind::kMp4, false},
                                         {"iso5", FileKind::kMp4, false},
                                         {"iso6", FileKind::kMp4, false},
                                         {"mp41", FileKind::kMp4, false},
                                         {"mp42", FileKind::kMp4, false},
                                         {"avc1", FileKind::kMp4, false},
                                         {"M4V ", FileKind::kMp4, false}}};

const Brand* FindBrand(std::string_view ftyp) {
  // The major brand, then the compatible ones behind the minor version.
  for (std::size_t at = 0; at + 4 <= ftyp.size(); at += at == 0 ? 8 : 4)
    for (const Brand& brand : kBrands)
      if (ftyp.substr(at, 4) == brand.name) return &brand;
  return nullptr;
}

}  // namespace

Result<std::size_t> WalkPng(ByteView file, const BlockVisitor& visit) {
  for (std::size_t at = kPngSignature; file.Has(at, 12);) {
    const std::size_t size = file.Be32(at);
    if (size > 0x7FFFFFFF) return Malformed("a chunk of the PNG has an impossible length");
    if (!file.Has(at + 8, size + 4)) break;
    const std::string_view name = file.Part(at + 4, 4);
    if (!visit(name, file.Part(at + 8, size))) return std::size_t{0};
    at += size + 12;
    if (name == "IEND") return at;
  }
  return Truncated("before the IEND chunk of the PNG");
}

Result<std::size_t> WalkWebp(ByteView file, const BlockVisitor& visit) {
  const std::size_t end = std::size_t{file.Le32(4)} + 8;
  if (end > file.size()) return Truncated("before the end of the RIFF container");
  for (std::size_t at = 12; at < end;) {
    if (at + 8 > end) return Malformed("the last chunk of the WebP has no header");
    const std::size_t size = file.Le32(at + 4);
    if (size > end - at - 8) return Malformed("a chunk of the WebP is larger than its container");
    if (!visit(file.Part(at, 4), file.Part(at + 8, size))) return std::size_t{0};
    at += 8 + size + size % 2;
  }
  return end;
}

Result<std::size_t> WalkJpeg(ByteView file, const BlockVisitor& visit) {
  std::size_t at = 2;
  while (at < file.size()) {
    if (file.U8(at) != 0xFF) return Malformed("no marker where one must stand in the JPEG");
    while (file.U8(at) == 0xFF) ++at;  // Fill bytes; past the end reads 0.
    const std::uint8_t marker = file.U8(at);
    if (++at > file.size()) break;
    if (marker == 0xD9) return at;
    if (StandsAlone(marker)) continue;
    const std::size_t size = file.Be16(at);
    if (!file.Has(at, 2)) break;
    if (size < 2) return Malformed("a segment of the JPEG is shorter than its length field");
    if (!file.Has(at, size)) break;
    if (!visit(std::string_view(reinterpret_cast<const char*>(&marker), 1), file.Part(at + 2, size - 2)))
      return std::size_t{0};
    at += size;
    if (marker != 0xDA) continue;
    // Coded data: to the next 0xFF that is neither stuffed nor a restart.
    for (;; ++at) {
      at = file.bytes().find('\xFF', at);
      if (at == std::string_view::npos) return Truncated("inside the picture data of the JPEG");
      const std::uint8_t next = file.U8(at + 1);
      if (next != 0 && !(next >= 0xD0 && next <= 0xD7)) break;
    }
  }
  return Truncated("before the end marker of the JPEG");
}

Result<FileFacts> InspectPng(ByteView file, std::size_t& end) {
  FileFacts facts{FileKind::kPng};
  bool first = true, headed = false, painted = false;
  LF_ASSIGN(end, WalkPng(file, [&](std::string_view name, std::string_view content) {
              if (first && name == "IHDR" && content.size() == 13) {
                headed = true;
                Enlarge(facts, ByteView(content).Be32(0), ByteView(content).Be32(4));
              }
              first = false;
              painted = painted || name == "IDAT";
              facts.multi_frame = facts.multi_frame || name == "acTL";
              return headed;
            }));
  if (!headed || !painted) return Malformed("the PNG has no header or no picture data");
  return facts;
}

Result<FileFacts> InspectJpeg(ByteView file, std::size_t& end) {
  FileFacts facts{FileKind::kJpeg};
  int frames = 0, scans = 0;
  LF_ASSIGN(end, WalkJpeg(file, [&](std::string_view name, std::string_view content) {
              const auto marker = static_cast<std::uint8_t>(name[0]);
              if (IsFrameHeader(marker) && content.size() >= 6) {
                ++frames;
                Enlarge(facts, ByteView(content).Be16(3), ByteView(content).Be16(1));
              }
              scans += marker == 0xDA;
              if (marker == 0xE2 && content.starts_with("MPF"))
                facts.multi_frame = true;  // CIPA DC-007, several pictures.
              return true;
            }));
  if (frames == 0 || scans == 0) return Malformed("the JPEG has no frame or no scan");
  return facts;
}

Result<FileFacts> InspectGif(ByteView file, std::size_t& end) {
  FileFacts facts{FileKind::kGif};
  if (!file.Has(0, 13)) return Truncated("inside the screen descriptor of the GIF");
  Enlarge(facts, file.Le16(6), file.Le16(8));
  int frames = 0;
  for (std::size_t at = 13 + GifColours(file.U8(10)); file.Has(at, 1);) {
    switch (file.U8(at)) {
      case 0x3B:
        end = at + 1;
        if (frames == 0) return Malformed("the GIF has no picture");
        facts.multi_frame = frames > 1;
        return facts;
      case 0x21: {
        LF_ASSIGN(at, SkipSubBlocks(file, at + 2));
        break;
      }
      case 0x2C: {
        if (!file.Has(at, 10)) return Truncated("inside a picture of the GIF");
        ++frames;
        Enlarge(facts, file.Le16(at + 5), file.Le16(at + 7));
        LF_ASSIGN(at, SkipSubBlocks(file, at + 11 + GifColours(file.U8(at + 9))));
        break;
      }
      default:
        return Malformed("an unknown block in the GIF");
    }
  }
  return Truncated("before the trailer of the GIF");
}

Result<FileFacts> InspectWebp(ByteView file, std::size_t& end) {
  FileFacts facts{FileKind::kWebp};
  int painted = 0;
  LF_ASSIGN(end, WalkWebp(file, [&](std::string_view name, std::string_view content) {
              const ByteView chunk(content);
              if (name == "VP8 " && chunk.StartsAt(3, "\x9D\x01\x2A")) {  // RFC 6386 §9.1
                Enlarge(facts, chunk.Le16(6) & 0x3FFFu, chunk.Le16(8) & 0x3FFFu);
                ++painted;
              } else if (name == "VP8L" && chunk.U8(0) == 0x2F && chunk.size() >= 5) {
                Enlarge(facts, (chunk.Le32(1) & 0x3FFF) + 1, (chunk.Le32(1) >> 14 & 0x3FFF) + 1);
                ++painted;
              } else if (name == "VP8X" && chunk.size() >= 10) {
                Enlarge(facts, chunk.Le24(4) + 1, chunk.Le24(7) + 1);
                facts.multi_frame = facts.multi_frame || (chunk.U8(0) & 0x02);
              } else if (name == "ANMF") {
                Enlarge(facts, chunk.Le24(6) + 1, chunk.Le24(9) + 1);
                facts.multi_frame = true;
                ++painted;
              }
              return true;
            }));
  if (painted == 0) return Malformed("the WebP has no picture");
  return facts;
}

Result<FileFacts> InspectBoxes(ByteView file, std::size_t& end) {
  FileFacts facts;
  const Brand* brand = nullptr;
  bool has_meta = false, has_movie = false, has_data = false;
  LF_TRY(WalkBoxes(file.bytes(), [&](const Box& box) {
    if (brand == nullptr) {  // The first box; the caller has seen that it is ftyp.
      brand = FindBrand(box.content);
      return brand != nullptr;
    }
    has_movie = has_movie || box.type == "moov";
    has_data = has_data || box.type == "mdat" || box.type == "idat";
    if (box.type == "meta" && !has_meta) {
      has_meta = true;
      ReadItemSizes(box.content, facts);
      has_data = has_data || box.content.find("idat") != std::string_view::npos;  // Small pictures lie inside.
    }
    return true;
  }));
  end = file.size();
  if (brand == nullptr) return Invalid("attachment.unknown_kind", "an ISO media file of another brand");
  facts.kind = brand->kind;
  if (facts.kind == FileKind::kMp4) {
    facts.width = facts.height = 0;  // A film; the sizes would be those of its cover.
    if (!has_movie) return Truncated("before the directory of the film");
  } else {
    facts.multi_frame = brand->sequence || has_movie;
    if (!has_meta || facts.width == 0) return Malformed("the picture says no size");
  }
  if (!has_data) return Truncated("before the data of the film or picture");
  return facts;
}

}  // namespace landfall::exchange
