// SPDX-License-Identifier: Apache-2.0
// What clients sent and what they were told, and whether a ledger keeps its promises about it (DESIGN §7): what was
// acknowledged is there, what was refused left nothing, nothing is there twice or half, the tree continues every
// checkpoint that was ever shown, replay gives the live state, and money is what was sent, no more and no less.
//
// Threads: one. Cost: a replay of the ledger with every hash, and two hashes of the state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/engine.h"

namespace landfall::simulate {

struct Sent {
  Actor by;
  std::string key;
  std::vector<app::AnyCommand> commands;  // One; of a batch, some.
  bool batch = false;
  // What the servers made of it, whether or not the answer arrived.
  std::optional<app::Answer> accepted;
  bool unknown = false;  // A server ended or failed over it: it may be there or not.
};

struct Oracle {
  std::vector<Sent> sent;
  std::map<std::uint64_t, Digest> shown;  // Size and root of every tree that anybody was shown.
  std::uint64_t seen = 0;                 // The most entries that any view was seen to hold.

  // Notes the tree as it stands. A sentence when it is not the one that was shown for this size before.
  std::optional<std::string> Show(app::Engine& engine);
};

// The first promise that is broken, as a sentence for a developer; nothing when all are kept. `engine` is a writer or a
// follower that is up to date.
std::optional<std::string> BrokenPromise(app::Engine& engine, const Oracle& oracle);

}  // namespace landfall::simulate
