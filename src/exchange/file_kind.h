// SPDX-License-Identifier: Apache-2.0
// What an uploaded file is, by its structure: neither its name nor the type that the browser sends is looked at.
//
// Purpose: attachments are evidence that other people open. A file is taken only when its whole outer structure is that
// of one known kind, so that no program reads it as another: markup (HTML, SVG, XML) is refused in any disguise, and so
// is a file that two kinds of program would both open. Nothing is decoded: sizes come from headers, so a picture made
// to fill memory is refused by its declared pixels.
//
// Sources: PNG (W3C, 3rd ed.), JPEG (ITU-T T.81 annex B), GIF89a, WebP (RFC 9649), ISO/IEC 14496-12 and 23008-12 (MP4,
// HEIC, AVIF), PDF (ISO 32000-1 §7.5), ZIP (APPNOTE 6.3.10), OLE2 ([MS-CFB]).
//
// Threads: each call stands alone. Cost: linear in the file, about 1 GB/s for pictures; PDFs unpack their object
// streams up to FileBounds::pdf_unpacked_bytes_max. Memory: one buffer of 64 KiB.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace landfall::exchange {

enum class FileKind : std::uint8_t {
  kPng,
  kJpeg,
  kWebp,
  kGif,
  kHeic,
  kAvif,
  kPdf,
  kXlsx,
  kDocx,
  kPptx,
  kOle2,  // Office 97 to 2003: xls, doc, ppt.
  kText,  // UTF-8 or GB 18030.
  kCsv,   // A text whose first lines have equally many separators.
  kZip,
  kMp4,
};

// The media type to serve it with, e.g. "image/png".
std::string_view MediaType(FileKind kind);

struct FileBounds {
  std::uint64_t pixels_max = 60'000'000;  // Cameras of phones reach 50 million in ordinary modes (2025).
  std::uint32_t side_max = 30'000;        // Pixels.
  std::uint32_t zip_entries_max = 10'000;
  std::uint64_t zip_unpacked_bytes_max = 2'000'000'000;  // As declared; whoever unpacks must count again.
  std::uint64_t pdf_unpacked_bytes_max = 64'000'000;     // Of object streams, looked through for active content.
};

struct FileFacts {
  FileKind kind = FileKind::kText;
  std::uint32_t width = 0, height = 0;  // Pixels, of pictures; the largest frame. 0 for other kinds.
  bool multi_frame = false;             // Animated, or several pictures in one file.
  // What a reader should be warned of. These files are taken: official PDFs carry attachments, and old sheets macros.
  bool has_script = false;         // PDF: /JavaScript or /JS. Office: VBA macros.
  bool has_launch = false;         // PDF: /Launch.
  bool has_embedded_file = false;  // PDF: /EmbeddedFile(s).
  bool is_encrypted = false;       // PDF: /Encrypt, its inside was not looked at. ZIP: an encrypted entry.
};

// Errors (kInvalid), in the order in which they are looked for:
//   attachment.empty            no bytes
//   attachment.markup           HTML, SVG, XML or RTF, whatever it calls itself
//   attachment.unknown_kind     none of the kinds above
//   attachment.truncated        it ends before its own structure does
//   attachment.malformed        its structure contradicts itself; detail says where
//   attachment.too_many_pixels  by its own header; detail says how many and how many are allowed
//   attachment.zip_too_large    too many entries, or too many bytes when unpacked, by its own directory
//   attachment.two_kinds        it would open as something else too
//   attachment.nested_archive   an archive that holds an archive (office files do not count as such)
Result<FileFacts> InspectFile(std::string_view bytes, const FileBounds& bounds = {});

}  // namespace landfall::exchange
