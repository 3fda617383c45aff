// SPDX-License-Identifier: Apache-2.0
#include "base/describe.h"

namespace landfall {

Result<bool> WithJsonDocument(std::string_view text, const std::function<Result<bool>(JsonElement)>& use) {
  constexpr std::size_t kMaxBytes = 1 << 20;
  constexpr std::size_t kMaxDepth = 32;
  if (text.size() > kMaxBytes) return Invalid("request.too_large");
  simdjson::dom::parser parser(kMaxBytes);
  if (parser.allocate(text.size(), kMaxDepth) != simdjson::SUCCESS) return Unavailable("request.no_memory");
  const simdjson::padded_string padded(text);
  JsonElement root;
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) return Invalid("request.malformed_json");
  return use(root);
}

}  // namespace landfall
