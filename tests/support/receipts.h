// SPDX-License-Identifier: Apache-2.0
// A neighbour's ledger of which only receipts are seen: real leaves, a real tree, a real signature; for tests that need
// the other side of a hand-over, whole or forged.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "app/engine.h"
#include "app/export_lines.h"
#include "app/state.h"
#include "ledger/proof_file.h"

namespace landfall::test {

class Neighbour {
 public:
  // Another `secret` makes another key of the same name: the forger's.
  explicit Neighbour(std::string_view log = "neighbour.example/430281", std::string_view secret = "its own")
      : signer_(ledger::SignerKey::From(log, ledger::SignatureType::kEd25519, Sha256(secret)).value()) {}

  std::string vkey() const { return signer_.verifier().Encode(); }

  // Its record number `seq`, in a tree of three entries more. `on`: the case there, e.g. "case/k7". With `index` the
  // proof is for another place than the record's.
  std::string Receipt(std::uint64_t seq, const EventInfo& info, const std::string& on, const std::string& payload,
                      std::optional<std::uint64_t> index = {}) const {
    SeededRandom random(seq);
    FixedClock clock{Instant(MakeDay(2026, 3, 2))};
    ledger::EntryDraft draft{clock.Now(), "u1", app::NewKey(clock, random), {}, "case.hand_over", "{}", {}};
    draft.events.push_back({{info.type, info.version, info.cls, false}, on, payload});
    std::string body, scratch;
    std::vector<std::pair<std::uint32_t, std::string>> erasable;
    Digest leaf_hash{};
    LF_CHECK(ledger::AppendEntry(body, seq, draft, random, leaf_hash, erasable, scratch).ok());
    ledger::BodyReader reader(body);
    ledger::StoredEntry entry;
    LF_CHECK(reader.Next(entry));
    std::string line;
    app::AppendExportEntry(line, entry.leaf);
    app::AppendExportPayload(line, {app::ExportPayload::Kind::kOpen, std::string(entry.events.at(0).salted), {}, 0});
    Leaves leaves;
    for (std::uint64_t i = 1; i <= seq + 3; ++i)
      leaves.hashes.push_back(i == seq ? leaf_hash : ledger::LeafHash("entry " + std::to_string(i)));
    const std::uint64_t size = leaves.hashes.size();
    ledger::ProofFile file;
    file.extra = line + "]}";
    file.index = index.value_or(seq - 1);
    file.hashes = ledger::InclusionProof(file.index, size, leaves).value();
    file.checkpoint =
        ledger::SignCheckpoint({signer_.verifier().name(), size, leaves.Root(0, size), {}}, signer_).value();
    return ledger::FormatProofFile(file);
  }
  template <class E>
  std::string Receipt(std::uint64_t seq, const E& fact) const {
    return Receipt(seq, E::kInfo, fact.on.Subject(), ToJson(fact));
  }

 private:
  struct Leaves final : ledger::HashReader {
    std::vector<Digest> hashes;
    Digest Root(std::uint64_t from, std::uint64_t n) const {
      if (n == 1) return hashes[from];
      std::uint64_t left = 1;
      while (left * 2 < n) left *= 2;
      return ledger::NodeHash(Root(from, left), Root(from + left, n - left));
    }
    Result<std::vector<Digest>> Read(std::span<const ledger::NodeId> ids) const override {
      std::vector<Digest> out;
      for (const ledger::NodeId& id : ids) out.push_back(Root(id.index << id.level, std::uint64_t{1} << id.level));
      return out;
    }
  };
  ledger::SignerKey signer_;
};

}  // namespace landfall::test
