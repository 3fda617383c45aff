// SPDX-License-Identifier: Apache-2.0
// The words of the daily mail: what waits for one account, in the order of its inbox.
#pragma once

#include <optional>
#include <string>

#include "app/inbox.h"
#include "app/labels.h"

namespace landfall::app {

struct MailText {
  std::string subject, body;
};
// Nothing when nothing waits that is overdue, due this week, or to be written off: no mail is better than an empty one.
// `pages`: where the ledger's pages begin ("https://landfall.example/l/990201"), or "".
std::optional<MailText> ComposeDigest(const Frame& frame, AccountId account, Language language,
                                      const std::string& pages);

}  // namespace landfall::app
