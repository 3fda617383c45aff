// SPDX-License-Identifier: Apache-2.0
// Where a text stops being JSON. simdjson says that it does, not where, and the author of a mapping file needs the
// place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace landfall::exchange {

// The offset of the first byte at which `text` cannot be continued to valid JSON (RFC 8259), text.size() when it only
// ends too early, or npos when it is valid. Expects valid UTF-8. Cost: one pass; memory: one byte per open bracket.
std::size_t FindJsonFault(std::string_view text);

// "line 3, column 14 (byte 57)": lines and columns from 1, columns in bytes, the byte from 0.
std::string DescribePlace(std::string_view text, std::size_t offset);

}  // namespace landfall::exchange
