// SPDX-License-Identifier: Apache-2.0
// The entries that the benches of appending store: those of the invented world that accounts made.
#pragma once

#include <string>
#include <vector>

#include "bench/bench.h"
#include "bench/world.h"
#include "ledger/entry.h"

namespace landfall::bench {

struct Sample {
  std::vector<ledger::EntryDraft> drafts;
  std::vector<std::string> bytes;  // What the log stores of each: frame, leaf, tag, salts and payloads.
  double events = 0;
};

inline Sample MakeSample(std::size_t projects) {
  Sample sample;
  SeededRandom random(1);
  World({.projects = projects}).Generate([&](const WorldEntry& entry) {
    if (entry.by.kind == Actor::Kind::kAccount) sample.drafts.push_back(DraftOf(entry, random));
  });
  double leaf_bytes = 0;
  for (const ledger::EntryDraft& draft : sample.drafts) {
    std::string body, leaf;
    Digest hash;
    std::vector<std::pair<std::uint32_t, std::string>> erasable;
    LF_CHECK(ledger::AppendEntry(body, sample.bytes.size() + 1, draft, random, hash, erasable, leaf).ok());
    for (const auto& [event, bytes] : erasable) body += bytes;
    leaf_bytes += static_cast<double>(leaf.size());
    sample.events += static_cast<double>(draft.events.size());
    sample.bytes.push_back(std::move(body));
  }
  const auto n = static_cast<double>(sample.drafts.size());
  std::size_t all = 0;
  for (const std::string& bytes : sample.bytes) all += bytes.size();
  fmt::print(stderr, "sample: {:.2f} events, {:.0f} bytes of leaf, {:.0f} bytes in all, an entry\n", sample.events / n,
             leaf_bytes / n, static_cast<double>(all) / n);
  return sample;
}

}  // namespace landfall::bench
