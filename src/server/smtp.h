// SPDX-License-Identifier: Apache-2.0
// Hands one mail to a relay: plain SMTP (RFC 5321), no login, no TLS. For a relay on this machine or in the same
// office, which speaks to the world in our stead.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::server {

struct SmtpRelay {
  std::string host;  // Numeric address or name.
  std::uint16_t port = 25;
  std::chrono::milliseconds timeout{10'000};  // For each step.
};

// `message`: CRLF lines of at most 998 octets. Blocks. Errors (kUnavailable unless said): smtp.unreachable,
// smtp.timeout, smtp.bad_answer (no SMTP, or an answer over 4 KiB), smtp.try_later (the relay said 4xx), smtp.refused
// (kInvalid: it said 5xx, and will say so again).
Status SendMail(const SmtpRelay& relay, const std::string& from, const std::string& to, std::string_view message);

}  // namespace landfall::server
