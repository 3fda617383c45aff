// SPDX-License-Identifier: Apache-2.0
// What a receipt of another ledger has been proven to say. Made only by app/receipt.h, which has checked it all: the
// subject reads no bytes from outside.
#pragma once

#include "cases/handover_events.h"

namespace landfall::cases {

struct Receipt {
  std::string from;       // The jurisdiction that wrote the record.
  std::uint64_t seq = 0;  // Of the record there.
  Digest leaf{}, file{};
  std::variant<CaseHandedOver, CaseTakenOver, ResultReturned, ResultReceived> says;
};

}  // namespace landfall::cases
