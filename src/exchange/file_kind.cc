// SPDX-License-Identifier: Apache-2.0
#include "exchange/file_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "exchange/encoding.h"
#include "exchange/file_inspect.h"

namespace landfall::exchange {
namespace {

// Browsers guess the type of a file from its first 1,445 bytes (WHATWG MIME Sniffing §7); readers of PDF look for their
// mark in the first 1,024.
constexpr std::size_t kSniffed = 1536;

std::string LowerHead(std::string_view bytes) {
  std::string head(bytes.substr(0, kSniffed));
  for (char& c : head)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return head;
}

// In a text, '<' as the first sign is enough: no note, list or letter begins like that.
bool OpensAsMarkup(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  while (!head.empty() && static_cast<std::uint8_t>(head.front()) <= ' ') head.remove_prefix(1);
  return head.starts_with("<") || head.starts_with("{\\rtf");
}

bool HoldsMarkup(std::string_view head) {
  static constexpr std::array<std::string_view, 7> kTags{"<!doctype html", "<html", "<script",         "<svg",
                                                         "<iframe",        "<body", "<?xml-stylesheet"};
  return std::any_of(kTags.begin(), kTags.end(),
                     [&](std::string_view tag) { return head.find(tag) != std::string_view::npos; });
}

// Markup in UTF-16, which a browser reads when the mark stands before it.
bool OpensAsWideMarkup(ByteView file) {
  const bool wide = file.StartsAt(0, "\xFF\xFE") || file.StartsAt(0, "\xFE\xFF");
  return wide && (file.bytes().substr(2, kSniffed).find('<') != std::string_view::npos);
}

Status DecodesAs(std::string_view bytes, Encoding encoding) {
  MemorySource raw(bytes);
  Utf8Source source(raw, encoding);
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    LF_ASSIGN(const std::size_t read, source.Read(buffer));
    if (read == 0) return Ok{};
  }
}

bool IsText(std::string_view bytes) {
  for (char c : bytes)
    if ((static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7F)
      return false;
  return DecodesAs(bytes, Encoding::kUtf8).ok() || DecodesAs(bytes, Encoding::kGb18030).ok();
}

// The first lines that are whole, at most ten, have the same number of one separator, and at least one.
bool IsCsv(std::string_view text) {
  for (char separator : {',', '\t', ';'}) {
    std::string_view rest = text;
    std::ptrdiff_t columns = -1;
    int lines = 0;
    for (; lines < 10 && !rest.empty(); ++lines) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      const std::ptrdiff_t here = std::count(line.begin(), line.end(), separator);
      if (here == 0 || (columns >= 0 && here != columns)) break;
      columns = here;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (lines >= 2 && (lines == 10 || rest.empty())) return true;
  }
  return false;
}

Result<FileFacts> InspectStructure(ByteView file, const FileBounds& bounds, std::size_t& end) {
  const auto starts = [&](std::string_view signature) { return file.StartsAt(0, signature); };
  if (starts("\x89PNG\r\n\x1A\n")) return InspectPng(file, end);
  if (starts("\xFF\xD8\xFF")) return InspectJpeg(file, end);
  if (starts("GIF87a") || starts("GIF89a")) return InspectGif(file, end);
  if (starts("RIFF") && file.StartsAt(8, "WEBP")) return InspectWebp(file, end);
  if (file.StartsAt(4, "ftyp")) return InspectBoxes(file, end);
  if (starts("%PDF-1.") || starts("%PDF-2.")) return InspectPdf(file, bounds, end);
  if (starts("PK\3\4") || starts("PK\5\6")) return InspectZip(file, bounds, end);
  if (starts("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return InspectOle2(file, end);
  end = file.size();
  if (IsText(file.bytes())) return FileFacts{IsCsv(file.bytes()) ? FileKind::kCsv : FileKind::kText};
  return Invalid("attachment.unknown_kind", "the first bytes are those of no kind that is taken");
}

Status CheckPixels(const FileFacts& facts, const FileBounds& bounds) {
  const bool picture = facts.kind <= FileKind::kAvif;
  if (!picture) return Ok{};
  if (facts.width == 0 || facts.height == 0) return Malformed("the picture has no pixels");
  if (facts.width > bounds.side_max || facts.height > bounds.side_max ||
      std::uint64_t{facts.width} * facts.height > bounds.pixels_max)
    return Invalid("attachment.too_many_pixels",
                   fmt::format("{} by {} pixels; {} in all and {} a side are allowed", facts.width, facts.height,
                               bounds.pixels_max, bounds.side_max));
  return Ok{};
}

// What another program could take the file for. `end`: where its own structure ends.
Status CheckOneKind(ByteView file, const FileFacts& facts, std::string_view head, std::size_t end) {
  const auto two = [](const char* what) { return Invalid("attachment.two_kinds", what); };
  const bool zipped = facts.kind == FileKind::kZip || facts.kind == FileKind::kXlsx || facts.kind == FileKind::kDocx ||
                      facts.kind == FileKind::kPptx;
  if (facts.kind != FileKind::kPdf && head.find("%pdf-") != std::string_view::npos)
    return two("it would open as a PDF too");
  if (!zipped && EndsAsZip(file)) return two("it would open as a ZIP too");
  if (HoldsMarkup(head)) return two("a browser could take it for markup");
  // Cameras append previews and films behind a picture; programs and pages do not belong there.
  const std::string behind = LowerHead(file.bytes().substr(std::min(end, file.size())));
  if (HoldsMarkup(behind) || behind.find("%pdf-") != std::string_view::npos ||
      behind.find("pk\3\4") != std::string_view::npos || behind.starts_with("mz"))
    return two("something else follows behind its end");
  return Ok{};
}

}  // namespace

std::string_view MediaType(FileKind kind) {
  switch (kind) {
    case FileKind::kPng:
      return "image/png";
    case FileKind::kJpeg:
      return "image/jpeg";
    case FileKind::kWebp:
      return "image/webp";
    case FileKind::kGif:
      return "image/gif";
    case FileKind::kHeic:
      return "image/heic";
    case FileKind::kAvif:
      return "image/avif";
    case FileKind::kPdf:
      return "application/pdf";
    case FileKind::kXlsx:
      return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    case FileKind::kDocx:
      return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    case FileKind::kPptx:
      return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    case FileKind::kOle2:
      return "application/x-ole-storage";
    case FileKind::kText:
      return "text/plain";
    case FileKind::kCsv:
      return "text/csv";
    case FileKind::kZip:
      return "application/zip";
    case FileKind::kMp4:
      return "video/mp4";
  }
  return "application/octet-stream";
}

Result<FileFacts> InspectFile(std::string_view bytes, const FileBounds& bounds) {
  if (bytes.empty()) return Invalid("attachment.empty");
  const ByteView file(bytes);
  const std::string head = LowerHead(bytes);
  if (OpensAsMarkup(head) || OpensAsWideMarkup(file)) return Invalid("attachment.markup");
  std::size_t end = 0;
  LF_ASSIGN(const FileFacts facts, InspectStructure(file, bounds, end));
  if ((facts.kind == FileKind::kText || facts.kind == FileKind::kCsv) && HoldsMarkup(head))
    return Invalid("attachment.markup");
  LF_TRY(CheckPixels(facts, bounds));
  LF_TRY(CheckOneKind(file, facts, head, end));
  return facts;
}

}  // namespace landfall::exchange
