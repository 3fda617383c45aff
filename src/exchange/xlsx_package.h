// SPDX-License-Identifier: Apache-2.0
// The zip file an .xlsx is, read under bounds: which parts it has, and each part as a stream.
//
// A part is unpacked piece by piece while somebody reads it and never stands in memory as a whole, so that "2 GB made
// of 2 MB" costs what is read until a limit is passed. A zip file inside is a part nobody opens.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "exchange/byte_source.h"
#include "exchange/sheet.h"

namespace landfall::exchange {

struct PackageLimits {
  std::size_t file_bytes = 32 * 1024 * 1024;
  std::size_t parts = 2'000;
  std::uint64_t part_bytes = 512 * 1024 * 1024;   // Unpacked.
  std::uint64_t total_bytes = 768 * 1024 * 1024;  // Unpacked, of all parts that are read.
  std::uint64_t ratio = 200;  // Unpacked to packed, of a part and of the file; honest sheets stay below 60.
  std::uint64_t ratio_free_bytes = 1024 * 1024;  // Unpacked bytes from which on the ratio counts.
};

// Threads: one at a time.
class XlsxPackage {
 public:
  // `bytes` must outlive it. Errors (kInvalid): sheet.file_too_large; sheet.encrypted and sheet.old_format (a compound
  // file: one with a password, or the .xls of 2003 and before); sheet.not_xlsx (no zip file); sheet.too_many_parts;
  // sheet.corrupt; sheet.bad_part_name (a path that leaves the package, a backslash, a control character);
  // sheet.duplicate_part (names are compared without regard to case, as OPC says).
  static Result<XlsxPackage> Open(std::string_view bytes, const PackageLimits& limits);
  ~XlsxPackage();
  XlsxPackage(XlsxPackage&&) noexcept;

  bool Has(std::string_view part) const { return index_.contains(FoldCase(part)); }

  // The unpacked bytes of a part; must not outlive the package. Errors: sheet.part_missing, sheet.encrypted.
  // Errors of Read: sheet.corrupt (damaged, or other than the directory of the zip file says: length, check sum),
  // sheet.unpacked_too_large, sheet.ratio.
  Result<std::unique_ptr<ByteSource>> OpenPart(std::string_view part);

 private:
  struct Archive;
  explicit XlsxPackage(std::unique_ptr<Archive> archive);
  Status ListParts();

  std::unique_ptr<Archive> archive_;
  std::unordered_map<std::string, std::uint64_t> index_;  // Folded name → number in the archive.
};

}  // namespace landfall::exchange
