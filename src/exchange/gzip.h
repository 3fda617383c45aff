// SPDX-License-Identifier: Apache-2.0
// Whole files in memory, plain or gzip (RFC 1952), under one bound on what comes out.
//
// Why a bound on the result: a gzip file of 1 MB can hold 1 GB. The reader stops at `max_bytes`, so that a file made to
// fill memory costs no more than an honest one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

// The content of a regular file, unpacked when it begins with gzip's magic bytes, whatever its name is. Several members
// one after the other are read as one file, as gzip itself does; zero padding behind the last is allowed.
//
// Errors: source.unreadable (kUnavailable; also a folder or a device), gzip.corrupt (kInvalid: cut short, a wrong check
// sum, or bytes behind the end), gzip.too_large (kInvalid: more than `max_bytes`, packed or plain).
// Cost: about 300 MB/s unpacked; memory is the result and one buffer of 64 KiB. Threads: each call stands alone.
Result<std::string> ReadFileMaybeGzip(const std::string& path, std::size_t max_bytes);

// The same over bytes in memory. Errors: gzip.corrupt, gzip.too_large.
Result<std::string> UnpackMaybeGzip(std::string_view bytes, std::size_t max_bytes);

}  // namespace landfall
