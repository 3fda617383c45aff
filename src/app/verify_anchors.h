// SPDX-License-Identifier: Apache-2.0
// The checkpoints that a tree must lead through: what the log has signed and what witnesses have cosigned.
#pragma once

#include "app/verify.h"
#include "ledger/tree.h"

namespace landfall::app {

class Anchors {
 public:
  explicit Anchors(Findings& found) : found_(found) {}

  // The log's keys, any of which may have signed. Without a call every checkpoint is passed over.
  void SetLogKeys(std::vector<ledger::VerifierKey> keys) { log_keys_ = std::move(keys); }
  // Errors: note.key_malformed.
  Status AddWitness(std::string_view vkey);

  // A signed note. `kept_under`: the size it was filed under. `must_be_cosigned`: brought as a witness's word.
  void Take(std::string_view note, std::optional<std::uint64_t> kept_under, bool must_be_cosigned = false);
  void Ready();  // After the last Take.

  // Once for each leaf, in order: the tree of `tree.size()` leaves.
  void At(const ledger::Frontier& tree);
  // After the last leaf. `size`: entries that are stored.
  void Finish(std::uint64_t size);
  // Some checkpoint within the stored entries did not hold: worth asking the stored hashes.
  bool unmet() const { return unmet_; }
  // As At, with the tree of the hashes that the store says its leaves have: if these lead to a witnessed root, an entry
  // whose leaf has the stored hash is what was witnessed, even where another entry is not.
  void AtStored(const ledger::Frontier& tree);

  std::optional<std::int64_t> signed_size() const { return signed_size_; }
  std::optional<std::int64_t> witnessed_size() const;
  // Puts the parts that lead to another root among the faulty ones, and says how far is witnessed. `total` grows to the
  // largest tree that was signed.
  void Into(TrustFacts& facts) const;

 private:
  struct Anchor {
    std::uint64_t size = 0;
    Digest root{};
    bool witnessed = false;
    bool holds = false, stored_holds = false;
  };
  Findings& found_;
  std::vector<ledger::VerifierKey> log_keys_, witnesses_;
  std::vector<Anchor> anchors_;  // By size.
  std::size_t next_ = 0, next_stored_ = 0;
  std::optional<std::int64_t> signed_size_;
  bool unmet_ = false;
};

}  // namespace landfall::app
