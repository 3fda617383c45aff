// SPDX-License-Identifier: Apache-2.0
// Reading records and their proofs as answers.
#pragma once

#include "app/engine.h"
#include "app/views.h"

namespace landfall::app {

// `reader`: payloads of classes it may not read are withheld by name, never silently absent. Errors: entry.not_found.
Result<EntryView> ReadEntry(Engine& engine, const Actor& reader, std::uint64_t seq);

struct EntryFilter {
  std::string subject;       // "project/p88"; "" for all
  std::uint64_t before = 0;  // seq; 0: from the newest (at most `known_at`)
  std::uint64_t known_at = UINT64_MAX;
  std::size_t limit = 50;  // 1 … 200
};
Result<EntryList> ReadEntries(Engine& engine, const Actor& reader, const EntryFilter& filter);

// Inclusion proof of an entry against the newest cosigned checkpoint that holds it, else against one signed now. The
// proof file brings the leaf; payloads stay withheld.
Result<ProofView> ReadProof(Engine& engine, std::uint64_t seq);

Result<BatchList> ReadBatches(Engine& engine, std::size_t limit);

}  // namespace landfall::app
