// SPDX-License-Identifier: Apache-2.0
// Small files that must be whole or absent: keys, checkpoints, what a witness has seen.
//
// Bounds: kSmallFileBytesMax. Errors: file.missing (kNotFound), file.too_large (kInvalid), store.io (kUnavailable).
// Threads: any, but one writer for a path.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::ledger {

inline constexpr std::size_t kSmallFileBytesMax = 4 << 20;

Result<std::string> ReadSmallFile(const std::string& path);
// The old file or the new one, whatever happens meanwhile; durable, name and content, when it returns Ok. `mode` as for
// open(2): 0600 for secrets.
Status ReplaceSmallFile(const std::string& path, std::string_view text, unsigned mode = 0644);

}  // namespace landfall::ledger
