// SPDX-License-Identifier: Apache-2.0
// What can be checked of entries one after the other, wherever they come from: a store or an export.
#pragma once

#include <map>

#include "app/verify.h"

namespace landfall::app {

using EventPlace = std::pair<std::uint64_t, std::uint32_t>;  // seq, index of the event

struct SeenPayload {
  enum class State : std::uint8_t { kOpen, kWithheld, kAbsent } state = State::kOpen;
  std::string_view payload;               // Without the salt; of open ones only.
  std::optional<bool> in_erasable_table;  // Where the source says so.
};

class EntryWatch {
 public:
  explicit EntryWatch(Findings& found) : found_(found) {}
  // One payload per event of the leaf.
  void Entry(const ledger::Leaf& leaf, std::span<const SeenPayload> payloads);
  // After the last entry: batches that are open, payloads that are there although they were erased. What an entry
  // behind `size` erased may have been read before it was: the source went on growing.
  void Finish(std::uint64_t size = UINT64_MAX);

  const std::map<EventPlace, std::uint64_t>& erased() const { return erased_; }  // By which entry.
  const std::vector<EventPlace>& absent() const { return absent_; }              // In order.
  const std::map<Digest, EventPlace>& evidence() const { return evidence_; }     // Where each blob is named first.
  bool withheld_erasures() const { return withheld_erasures_; }  // Some payload.erased could not be read.

 private:
  void CheckFirst(const ledger::Leaf& leaf);
  void CheckBatch(const ledger::Leaf& leaf, const SeenPayload& first);
  void CheckEvent(const ledger::Leaf& leaf, std::uint32_t event, const SeenPayload& seen);
  void ReadPayload(std::string_view type, std::string_view payload, EventPlace place);

  Findings& found_;
  std::map<EventPlace, std::uint64_t> erased_;
  std::vector<EventPlace> absent_;
  std::vector<EventPlace> withheld_;  // Erasable ones, in order: whether they are absent too is not told.
  std::map<Digest, EventPlace> evidence_;
  bool withheld_erasures_ = false;
  std::string open_batch_;
  std::uint64_t batch_first_ = 0;
  std::int64_t batch_entries_ = 0;
};

}  // namespace landfall::app
