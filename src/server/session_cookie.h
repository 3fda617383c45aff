// SPDX-License-Identifier: Apache-2.0
// Which cookie carries a session. One served ledger: landfall_session. Several: each has its own, so that one browser
// can be signed in to all of them and a change of ledger in one tab does not sign another tab out. The plain name is
// read everywhere, so that a session outlives a restart that serves one ledger more.
#pragma once

#include <string>

#include "server/api.h"

namespace landfall::server {

inline constexpr std::string_view kSessionCookie = "landfall_session";

// Hexadecimal, for a jurisdiction's code may have signs that a cookie's name may not.
inline std::string SessionCookieOf(std::string_view ledger) {
  return std::string(kSessionCookie) + "_" + Hex({reinterpret_cast<const std::uint8_t*>(ledger.data()), ledger.size()});
}
// The name under which a session of this ledger is given out.
inline std::string SessionCookieFor(Api& api, std::string_view ledger) {
  return api.ledgers().size() == 1 ? std::string(kSessionCookie) : SessionCookieOf(ledger);
}

}  // namespace landfall::server
