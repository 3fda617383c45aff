// SPDX-License-Identifier: Apache-2.0
// The parts of file_kind.cc: one function for each family of formats, and the walks over blocks that exif.cc uses too.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "exchange/byte_view.h"
#include "exchange/file_kind.h"

namespace landfall::exchange {

inline Error Truncated(const char* where) { return Invalid("attachment.truncated", where); }
inline Error Malformed(const char* where) { return Invalid("attachment.malformed", where); }

// Called with a block's name and content; false stops the walk early (and well).
using BlockVisitor = std::function<bool(std::string_view name, std::string_view content)>;

// PNG chunks from the first to IEND. Returns the bytes up to the end of IEND, or 0 when stopped early.
Result<std::size_t> WalkPng(ByteView file, const BlockVisitor& visit);
// WebP chunks. Returns the bytes of the RIFF container, or 0 when stopped early.
Result<std::size_t> WalkWebp(ByteView file, const BlockVisitor& visit);
// JPEG marker segments; `name` is the one byte of the marker. Returns the bytes up to the end of EOI, or 0.
Result<std::size_t> WalkJpeg(ByteView file, const BlockVisitor& visit);

// Each expects that the file begins with the format's signature, and returns the facts, and in `end` the bytes that
// belong to the format; what follows is looked at by the caller.
Result<FileFacts> InspectPng(ByteView file, std::size_t& end);
Result<FileFacts> InspectJpeg(ByteView file, std::size_t& end);
Result<FileFacts> InspectGif(ByteView file, std::size_t& end);
Result<FileFacts> InspectWebp(ByteView file, std::size_t& end);
Result<FileFacts> InspectBoxes(ByteView file, std::size_t& end);  // HEIC, AVIF, MP4.
Result<FileFacts> InspectPdf(ByteView file, const FileBounds& bounds, std::size_t& end);
Result<FileFacts> InspectOle2(ByteView file, std::size_t& end);
Result<FileFacts> InspectZip(ByteView file, const FileBounds& bounds, std::size_t& end);

// Whether the end of the file is the directory of a ZIP archive.
bool EndsAsZip(ByteView file);

}  // namespace landfall::exchange
