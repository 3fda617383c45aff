// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cases/state.h"
#include "ledger/note.h"

namespace landfall::cases {
namespace {

// The name in a key's text, which is its log's.
std::string_view LogOf(std::string_view vkey) { return vkey.substr(0, vkey.find('+')); }

}  // namespace

int Peers::Find(std::string_view code) const {
  const auto found = std::find(codes.begin(), codes.end(), code);
  return found == codes.end() ? -1 : static_cast<int>(found - codes.begin());
}

Decided Decide(const State& state, const DecideContext&, const TrustPeer& c) {
  const Peers& peers = state.peers;
  if (c.peer.value == state.own_code) return Invalid("peer.self", {}, "peer");
  const auto key = ledger::VerifierKey::Parse(c.vkey.value);
  if (!key || key->type() != ledger::SignatureType::kEd25519) return Invalid("peer.key_malformed", {}, "vkey");
  const int known = peers.Find(c.peer.value);
  for (std::size_t i = 0; i < peers.codes.size(); ++i)
    if (static_cast<int>(i) != known && LogOf(peers.vkeys[i]) == key->name())
      return Conflict("peer.key_taken", peers.codes[i], "vkey");
  const auto at = static_cast<std::size_t>(known);
  if (known >= 0 && peers.revoked[at] == 0 && peers.vkeys[at] == c.vkey.value)
    return Conflict("peer.trusted_already", {}, "peer");
  return std::vector<Event>{PeerTrusted{{c.peer.value}, c.vkey}, PeerNamed{{c.peer.value}, c.name}};
}

Decided Decide(const State& state, const DecideContext&, const RevokePeer& c) {
  const int peer = state.peers.Find(c.peer.value);
  if (peer < 0) return NotFound("peer.unknown", {}, "peer");
  if (state.peers.revoked[static_cast<std::size_t>(peer)] != 0) return Conflict("peer.revoked", {}, "peer");
  return std::vector<Event>{PeerRevoked{{c.peer.value}}};
}

void Apply(State& state, const Origin&, const PeerTrusted& e) {
  Peers& peers = state.peers;
  int at = peers.Find(e.on.code);
  if (at < 0) {
    at = static_cast<int>(peers.codes.size());
    peers.codes.push_back(e.on.code);
    peers.vkeys.emplace_back();
    peers.revoked.push_back(0);
    peers.names.Resize(peers.codes.size());
  }
  peers.vkeys[static_cast<std::size_t>(at)] = e.vkey.value;
  peers.revoked[static_cast<std::size_t>(at)] = 0;
}

void Apply(State& state, const Origin& origin, const PeerNamed& e) {
  state.peers.names.Set(static_cast<std::size_t>(state.peers.Find(e.on.code)), origin.seq, origin.event,
                        origin.erased ? std::string_view() : e.name.value);
}

void Apply(State& state, const Origin&, const PeerRevoked& e) {
  state.peers.revoked[static_cast<std::size_t>(state.peers.Find(e.on.code))] = 1;
}

void Apply(State& state, const Origin&, const admin::LedgerCreated& e) { state.own_code = e.jurisdiction.value; }

}  // namespace landfall::cases
