// SPDX-License-Identifier: Apache-2.0
// From the declared encoding of a file to UTF-8, strictly: a byte that cannot be read is refused with its place, never
// replaced by a question mark, because a name with a hole in it would enter the ledger for good.
#pragma once

#include <string>

#include "exchange/byte_source.h"

namespace landfall::exchange {

enum class Encoding : std::uint8_t {
  kUtf8,     // RFC 3629, with or without a byte order mark.
  kGb18030,  // GB 18030-2005 as glibc's iconv reads it; GBK and GB 2312 are subsets of it.
};

// Reads "utf-8", "gbk" or "gb18030", in any case. Errors: encoding.unknown.
Result<Encoding> ParseEncoding(std::string_view name);

// A source of valid UTF-8 without byte order mark over a source of raw bytes, which must outlive it.
// Memory: two buffers of 64 KiB, whatever the file. Cost: one pass; ASCII is checked eight bytes at a time.
//
// Errors of Read (kInvalid; detail names the offset of the first byte at fault, counted from 0 in the raw file):
//   text.not_utf8             declared UTF-8, but the bytes are not
//   encoding.looks_like_gbk   the same, and the bytes around the place are valid GB 18030: the declaration is wrong
//   text.not_gb18030          declared GBK, but the bytes are not
//   encoding.looks_like_utf8  declared GBK, but the file opens with UTF-8's byte order mark, or all of it is valid
//   UTF-8
//                             with at least four different characters of three bytes (reported at the end of the file)
//   encoding.utf16            the file opens with the byte order mark of UTF-16 or UTF-32
//   text.nul                  a byte of value 0: not a text, or UTF-16 without mark
//   encoding.unavailable      (kUnavailable) this system's iconv does not know GB18030
class Utf8Source final : public ByteSource {
 public:
  Utf8Source(ByteSource& raw, Encoding declared);
  ~Utf8Source() override;
  Utf8Source(const Utf8Source&) = delete;
  Utf8Source& operator=(const Utf8Source&) = delete;
  Result<std::size_t> Read(std::span<char> out) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The offset of the first byte that is not valid UTF-8 (RFC 3629: no overlong forms, no surrogates), or npos.
std::size_t FindInvalidUtf8(std::string_view text);

}  // namespace landfall::exchange
