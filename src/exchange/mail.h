// SPDX-License-Identifier: Apache-2.0
// A plain mail as SMTP carries it: RFC 5322 with a UTF-8 body in base64 and a subject by RFC 2047.
#pragma once

#include <string>
#include <string_view>

#include "base/day.h"
#include "base/result.h"

namespace landfall::exchange {

// One mailbox as SMTP carries it: local part @ host, ASCII without blanks, brackets or a second @ (RFC 5321 §4.1.2).
// Errors: mail.bad_address.
Status CheckMailAddress(std::string_view address);

struct Mail {
  std::string from, to;  // Bare addresses; the caller has checked them.
  std::string subject;   // Any text; line breaks become blanks.
  std::string body;      // Any text.
  Instant date;
  std::string message_id;  // Without the angle brackets.
};

// Lines end in CRLF and have at most 78 octets, all of them ASCII; none begins with a dot. Cost: about 1 µs a KB.
std::string WriteMail(const Mail& mail);

}  // namespace landfall::exchange
