// SPDX-License-Identifier: Apache-2.0
// The SM3 tree in a verification: hashed again from the leaves, and compared with everything that was signed of it.
#pragma once

#include <map>

#include "app/sm_log.h"
#include "app/verify.h"

namespace landfall::app {

class SmWatch {
 public:
  explicit SmWatch(Findings& found) : found_(found) {}
  // Reads key and checkpoints. Errors: note.key_malformed of a key that was given; what is wrong in the folder is told.
  Status Load(const LedgerFiles& files, const VerifyOptions& options, VerifyReport& report);
  // The leaves in order, from the first. Cost: nothing where no SM3 tree is kept, else 3 µs.
  void Leaf(std::string_view leaf);
  // What was signed beyond the last leaf.
  void Finish(VerifyReport& report);

 private:
  void Take(const std::string& note, const ledger::SmVerifierKey& key);
  void Compare();
  Findings& found_;
  ledger::SmFrontier tree_;
  std::multimap<std::uint64_t, Digest> signed_;  // Roots by size.
  std::map<std::uint64_t, SmEdge> edges_;
  std::uint64_t wanted_ = 0;  // No leaf behind it is hashed.
  std::optional<std::int64_t> holds_;
};

}  // namespace landfall::app
