// SPDX-License-Identifier: Apache-2.0
// PDF, ZIP with the office formats in it, and OLE2.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <string>

#include "exchange/file_inspect.h"

namespace landfall::exchange {
namespace {

// --- PDF ---------------------------------------------------------------------------------------------------------

bool IsPdfDelimiter(char c) {
  return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ' ||
         std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Notes the names that ask for a warning, #xx escapes resolved (ISO 32000-1 §7.3.5). Text and pictures hold none of
// them by chance but once in 10^10 bytes, so reading everything as names errs on the side of warning.
void NotePdfNames(std::string_view bytes, FileFacts& facts) {
  std::string name;
  for (std::size_t at = bytes.find('/'); at != std::string_view::npos; at = bytes.find('/', at)) {
    name.clear();
    for (++at; at < bytes.size() && name.size() < 32 && !IsPdfDelimiter(bytes[at]); ++at) {
      const bool escaped =
          bytes[at] == '#' && at + 2 < bytes.size() && HexDigit(bytes[at + 1]) >= 0 && HexDigit(bytes[at + 2]) >= 0;
      name += escaped ? static_cast<char>(HexDigit(bytes[at + 1]) * 16 + HexDigit(bytes[at + 2])) : bytes[at];
      at += escaped ? 2 : 0;
    }
    if (name == "JavaScript" || name == "JS") facts.has_script = true;
    if (name == "Launch") facts.has_launch = true;
    if (name == "EmbeddedFile" || name == "EmbeddedFiles") facts.has_embedded_file = true;
    if (name == "Encrypt") facts.is_encrypted = true;
  }
}

// Unpacks one deflated stream piece by piece and notes the names in it. `left` counts down by what went in and came
// out: packed bytes that give nothing cost time too.
void NotePackedNames(std::string_view packed, std::uint64_t& left, FileFacts& facts) {
  constexpr std::size_t kPiece = 64 * 1024;
  constexpr std::size_t kNameMax = 64;         // A name may lie across two pieces: so much is read twice.
  constexpr std::uint64_t kStreamCost = 4096;  // Of beginning at all, against a file of nothing but beginnings.
  left -= std::min(left, kStreamCost);
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  std::size_t unread = packed.size();
  std::string piece(kPiece, '\0');
  std::size_t kept = 0;
  for (int state = Z_OK; state == Z_OK && left > 0 && unread > 0;) {
    const std::size_t offered = std::min(unread, kPiece);
    stream.avail_in = static_cast<uInt>(offered);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data() + kept);
    stream.avail_out = static_cast<uInt>(kPiece - kept);
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t taken = offered - stream.avail_in, fresh = kPiece - kept - stream.avail_out;
    unread -= taken;
    left -= std::min<std::uint64_t>(left, taken + fresh);
    const std::string_view read = std::string_view(piece).substr(0, kept + fresh);
    NotePdfNames(read, facts);
    kept = std::min(read.size(), kNameMax);
    piece.replace(0, kept, std::string(read.substr(read.size() - kept)));
    if (taken + fresh == 0) break;
  }
  inflateEnd(&stream);
}

// Names may hide in object streams (ISO 32000-1 §7.5.7), which are packed.
void NoteObjectStreams(std::string_view bytes, std::uint64_t left, FileFacts& facts) {
  for (std::size_t at = bytes.find("/ObjStm"); at != std::string_view::npos && left > 0;
       at = bytes.find("/ObjStm", at)) {
    at = bytes.find("stream", at);
    if (at == std::string_view::npos) return;
    at += 6;
    if (bytes.substr(at).starts_with("\r\n"))
      at += 2;
    else if (bytes.substr(at).starts_with("\n"))
      at += 1;
    NotePackedNames(bytes.substr(at), left, facts);
  }
}

// --- ZIP ---------------------------------------------------------------------------------------------------------

constexpr std::size_t kZipEnd = 22;    // The end record without its comment.
constexpr std::size_t kZipEntry = 46;  // A directory entry without its variable parts.
constexpr std::string_view kZipLocal = "PK\3\4";

struct ZipDirectory {
  std::size_t at = 0, size = 0, entries = 0;
};

// The end record whose comment reaches exactly to the end of the file.
bool FindZipEnd(ByteView file, std::size_t& at) {
  if (file.size() < kZipEnd) return false;
  const std::size_t first = file.size() - std::min<std::size_t>(file.size(), kZipEnd + 0xFFFF);
  for (at = file.size() - kZipEnd + 1; at-- > first;)
    if (file.StartsAt(at, "PK\5\6") && at + kZipEnd + file.Le16(at + 20) == file.size()) return true;
  return false;
}

struct OfficePart {
  std::string_view name;
  FileKind kind;
};
constexpr std::array<OfficePart, 3> kOfficeParts{{{"xl/workbook.xml", FileKind::kXlsx},
                                                  {"word/document.xml", FileKind::kDocx},
                                                  {"ppt/presentation.xml", FileKind::kPptx}}};

// How an office file begins, which is a ZIP but no archive: with one of its own parts.
constexpr std::array<std::string_view, 7> kOfficeBegins{
    "[Content_Types].xml", "_rels/", "docProps/", "xl/", "word/", "ppt/", "mimetype"};

// The first bytes of an entry, unpacked: enough to see an archive in it and the name of that archive's first entry.
std::string EntryBegin(ByteView file, std::size_t local, std::size_t packed, unsigned method) {
  constexpr std::size_t kBegin = 64;
  const std::size_t at = local + 30 + file.Le16(local + 26) + std::size_t{file.Le16(local + 28)};
  if (at > file.size() || packed > file.size() - at) return {};
  const std::string_view bytes = file.bytes().substr(at, packed);
  if (method == 0) return std::string(bytes.substr(0, kBegin));
  if (method != 8) return {};
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) return {};
  std::string begin(kBegin, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 64 * 1024));
  stream.next_out = reinterpret_cast<Bytef*>(begin.data());
  stream.avail_out = static_cast<uInt>(kBegin);
  inflate(&stream, Z_SYNC_FLUSH);
  begin.resize(kBegin - stream.avail_out);
  inflateEnd(&stream);
  return begin;
}

bool IsArchive(std::string_view begin) {
  constexpr std::size_t kName = 30;
  if (begin.starts_with("Rar!") || begin.starts_with("7z\xBC\xAF\x27\x1C") || begin.starts_with("\x1F\x8B"))
    return true;
  if (!begin.starts_with(kZipLocal) && !begin.starts_with("PK\5\6")) return false;
  const std::string_view name = begin.substr(std::min(kName, begin.size()));
  return std::none_of(kOfficeBegins.begin(), kOfficeBegins.end(),
                      [&](std::string_view part) { return name.starts_with(part); });
}

}  // namespace

bool EndsAsZip(ByteView file) {
  std::size_t end = 0;
  return FindZipEnd(file, end);
}

Result<FileFacts> InspectPdf(ByteView file, const FileBounds& bounds, std::size_t& end) {
  FileFacts facts{FileKind::kPdf};
  constexpr std::size_t kTail = 2048;  // Readers look for %%EOF in the last 1,024 bytes; scanners pad a little more.
  const std::size_t marker = file.bytes().rfind("%%EOF");
  if (marker == std::string_view::npos || file.size() - marker > kTail)
    return Truncated("before the end mark of the PDF");
  end = marker + 5;
  if (file.bytes().rfind("startxref", marker) == std::string_view::npos)
    return Malformed("the PDF does not say where its table of objects is");
  NotePdfNames(file.bytes(), facts);
  if (!facts.is_encrypted) NoteObjectStreams(file.bytes(), bounds.pdf_unpacked_bytes_max, facts);
  return facts;
}

Result<FileFacts> InspectZip(ByteView file, const FileBounds& bounds, std::size_t& end) {
  FileFacts facts{FileKind::kZip};
  std::size_t at_end = 0;
  if (!FindZipEnd(file, at_end)) return Truncated("before the directory of the ZIP");
  end = file.size();
  const ZipDirectory directory{file.Le32(at_end + 16), file.Le32(at_end + 12), file.Le16(at_end + 10)};
  if (directory.entries == 0xFFFF || directory.at == 0xFFFFFFFF || file.Le16(at_end + 4) != 0)
    return Invalid("attachment.zip_too_large", "the archive is of the 64-bit form or has several volumes");
  if (directory.entries > bounds.zip_entries_max)
    return Invalid("attachment.zip_too_large",
                   fmt::format("{} entries, {} are allowed", directory.entries, bounds.zip_entries_max));
  if (directory.at + directory.size != at_end) return Malformed("the ZIP directory is not where the archive says");

  bool has_types = false, starts_at_zero = false, nested = false;
  int office_parts = 0;
  std::uint64_t unpacked = 0;
  std::size_t at = directory.at;
  for (std::size_t i = 0; i < directory.entries; ++i) {
    if (!file.StartsAt(at, "PK\1\2") || !file.Has(at, kZipEntry)) return Malformed("an entry of the ZIP directory");
    const std::size_t local = file.Le32(at + 42);
    if (local >= directory.at || !file.StartsAt(local, kZipLocal))
      return Malformed("a ZIP entry points to where no file begins");
    starts_at_zero = starts_at_zero || local == 0;
    unpacked += file.Le32(at + 24);
    const bool encrypted = (file.Le16(at + 8) & 1) != 0;
    facts.is_encrypted = facts.is_encrypted || encrypted;
    nested = nested || (!encrypted && IsArchive(EntryBegin(file, local, file.Le32(at + 20), file.Le16(at + 10))));
    const std::string_view name = file.Part(at + kZipEntry, file.Le16(at + 28));
    has_types = has_types || name == "[Content_Types].xml";
    facts.has_script = facts.has_script || name.ends_with("/vbaProject.bin");
    for (const OfficePart& part : kOfficeParts) {
      if (name != part.name) continue;
      facts.kind = part.kind;
      ++office_parts;
    }
    at += kZipEntry + file.Le16(at + 28) + std::size_t{file.Le16(at + 30)} + file.Le16(at + 32);
  }
  if (at != at_end) return Malformed("the ZIP directory is longer or shorter than it says");
  if (directory.entries != 0 && !starts_at_zero)
    return Invalid("attachment.two_kinds", "something stands before the first entry of the ZIP");
  if (unpacked > bounds.zip_unpacked_bytes_max)
    return Invalid("attachment.zip_too_large",
                   fmt::format("{} bytes unpacked, {} are allowed", unpacked, bounds.zip_unpacked_bytes_max));
  if (office_parts > 1) return Invalid("attachment.two_kinds", "the parts of two office formats in one archive");
  if (!has_types || office_parts == 0) {
    facts.kind = FileKind::kZip;
    facts.has_script = false;
    // Office files embed each other's; a plain archive in an archive only hides how much there is.
    if (nested) return Invalid("attachment.nested_archive");
  }
  return facts;
}

Result<FileFacts> InspectOle2(ByteView file, std::size_t& end) {
  FileFacts facts{FileKind::kOle2};
  end = file.size();
  constexpr std::size_t kHeader = 512;
  if (!file.Has(0, kHeader)) return Truncated("inside the header of the office file");
  const unsigned shift = file.Le16(30);
  if (file.Le16(28) != 0xFFFE || (shift != 9 && shift != 12)) return Malformed("the header of the office file");
  // [MS-CFB] §2.2: sector n begins at (n + 1) << shift; the directory and the first table sector must be there.
  const std::uint64_t directory = (std::uint64_t{file.Le32(48)} + 1) << shift;
  const std::uint64_t table = (std::uint64_t{file.Le32(76)} + 1) << shift;
  constexpr std::size_t kEntry = 128;
  if (directory + kEntry > file.size() || table + (std::uint64_t{1} << shift) > file.size())
    return Truncated("before the directory of the office file");
  // The first entry is the root storage, "R" "o" "o" "t" … in UTF-16 (§2.6.2).
  if (!file.StartsAt(static_cast<std::size_t>(directory), std::string_view("R\0o\0o\0t\0", 8)))
    return Malformed("the directory of the office file has no root");
  facts.has_script =
      file.bytes().find(std::string_view("_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", 24)) != std::string_view::npos;
  return facts;
}

}  // namespace landfall::exchange
