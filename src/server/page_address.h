// SPDX-License-Identifier: Apache-2.0
// Where the pages of a ledger begin. Ids are numbers that every ledger gives anew, so where several are served a page's
// address says whose it is, and a link copied from one can never show another's record. Where one is served there is
// nothing to say.
//
// web/src/api/ledger-address.ts reads what stands here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace landfall::server {

inline constexpr std::string_view kLedgerPages = "/l/";

// "/l/990201", to be put before "/obligations/b7"; "" for the only ledger.
inline std::string PagesOf(std::string_view jurisdiction, std::size_t ledgers_served) {
  if (ledgers_served == 1) return {};
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string path(kLedgerPages);
  for (const char c : jurisdiction) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain)
      path += c;
    else
      path += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return path;
}

}  // namespace landfall::server
