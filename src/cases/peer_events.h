// SPDX-License-Identifier: Apache-2.0
// Other ledgers whose receipts this one believes: a jurisdiction, and the key with which its checkpoints are signed.
#pragma once

#include <variant>

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::cases {

using JurisdictionCode = Code<20>;
using VerifierKeyText = Code<300>;  // A C2SP vkey (ledger/note.h): name+key id+base64.

struct PeerSubject {
  std::string code;
  std::string Subject() const { return "peer/" + code; }
  static Result<PeerSubject> Parse(std::string_view text) { return PeerSubject{std::string(text)}; }
};

// From here on receipts under this key are believed, and under the one before it no longer.
struct PeerTrusted {
  static constexpr EventInfo kInfo{"peer.trusted", 1, EventClass::kPublic, false};
  PeerSubject on;
  VerifierKeyText vkey;
};
BOOST_DESCRIBE_STRUCT(PeerTrusted, (), (vkey))

struct PeerNamed {
  static constexpr EventInfo kInfo{"peer.named", 1, EventClass::kPublic, true};
  PeerSubject on;
  Text<100> name;
};
BOOST_DESCRIBE_STRUCT(PeerNamed, (), (name))

struct PeerRevoked {
  static constexpr EventInfo kInfo{"peer.revoked", 1, EventClass::kPublic, false};
  PeerSubject on;
};
BOOST_DESCRIBE_STRUCT(PeerRevoked, (), ())

}  // namespace landfall::cases
