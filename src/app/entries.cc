// SPDX-License-Identifier: Apache-2.0
#include "app/entries.h"

#include "app/ledger_keys.h"
#include "app/policy.h"
#include "app/queries.h"
#include "app/record_proof.h"
#include "app/witnesses.h"
#include "ledger/proof_file.h"

namespace landfall::app {
namespace {

struct Eyes {
  bool cls[4];
};

std::string DisplayOf(const State& state, const Actor& by) {
  if (by.kind != Actor::Kind::kAccount || !state.admin.Knows(by.account)) return {};
  return std::string(state.admin.display.Get(by.account.index()));
}

// "delegation/g3": which, and who granted it.
NamedRef DelegationRef(const State& state, std::string_view subject) {
  const std::string_view id = subject.substr(subject.find('/') + 1);
  NamedRef ref{std::string(id), {}};
  if (const auto known = people::DelegationId::Parse(id); known && known->index() < state.people.delegations.size())
    if (const std::uint32_t by = state.people.delegations[known->index()].by; by != 0)
      ref.name = app::DisplayOf(state, by);
  return ref;
}

Result<EntryView> ViewOf(const State& state, const Eyes& eyes, const ledger::EntryRecord& record) {
  ledger::Leaf leaf;
  if (!ledger::ParseLeaf(record.leaf, leaf)) return Corrupt("ledger.corrupt", "entry " + std::to_string(record.seq));
  EntryView view;
  view.seq = static_cast<std::int64_t>(record.seq);
  view.at = leaf.at;
  view.by = std::string(leaf.by);
  if (auto by = Actor::Parse(leaf.by)) view.by_name = DisplayOf(state, *by);
  view.command = std::string(leaf.cmd);
  if (!leaf.key.empty()) view.key = std::string(leaf.key);
  if (!leaf.batch.empty()) view.batch = std::string(leaf.batch);
  view.leaf = record.leaf;
  view.leaf_hash = Hex(record.leaf_hash);
  for (std::size_t i = 0; i < leaf.events.size(); ++i) {
    const ledger::LeafEvent& event = leaf.events[i];
    EventView e{std::string(event.type),
                event.version,
                std::string(event.on),
                std::string(EventClassName(event.cls)),
                "sha256:" + std::string(event.digest_hex),
                std::nullopt,
                false,
                false};
    if (event.type == people::DelegationUsed::kInfo.type) view.by_delegation = DelegationRef(state, event.on);
    const auto& salted = record.payloads.at(i).salted;
    e.erased = !salted;
    e.withheld = !eyes.cls[static_cast<std::size_t>(event.cls)];
    if (salted && !e.withheld) e.payload = salted->substr(ledger::kSaltBytes);
    view.events.push_back(std::move(e));
  }
  return view;
}

Eyes EyesOf(const State& state, const Actor& reader) {
  Eyes eyes{};
  for (std::size_t c = 0; c < 4; ++c) eyes.cls[c] = MayReadClass(state, reader, static_cast<EventClass>(c));
  return eyes;
}

}  // namespace

Result<EntryView> ReadEntry(Engine& engine, const Actor& reader, std::uint64_t seq) {
  LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
  const Engine::Reader now = engine.Read();
  return ViewOf(now.state(), EyesOf(now.state(), reader), record);
}

Result<EntryList> ReadEntries(Engine& engine, const Actor& reader, const EntryFilter& filter) {
  const std::uint64_t newest = std::min<std::uint64_t>(engine.log().size(), filter.known_at);
  const std::uint64_t before = filter.before == 0 ? newest + 1 : std::min(filter.before, newest + 1);
  std::vector<std::uint64_t> seqs;
  if (filter.subject.empty()) {
    for (std::uint64_t seq = before; seq > 1 && seqs.size() <= filter.limit; --seq) seqs.push_back(seq - 1);
  } else {
    seqs = engine.history().Find(filter.subject, before, filter.limit + 1);
  }
  EntryList list;
  const bool more = seqs.size() > filter.limit;
  if (more) seqs.resize(filter.limit);
  std::vector<ledger::EntryRecord> records;
  for (std::uint64_t seq : seqs) {
    LF_ASSIGN(ledger::EntryRecord record, engine.log().Entry(seq));
    records.push_back(std::move(record));
  }
  // The state is asked last: the disk was read without holding a side.
  const Engine::Reader now = engine.Read();
  const Eyes eyes = EyesOf(now.state(), reader);
  for (const ledger::EntryRecord& record : records) {
    LF_ASSIGN(EntryView view, ViewOf(now.state(), eyes, record));
    list.rows.push_back(std::move(view));
  }
  list.standing = StandingOf({now.state(),
                              WallDay(engine.clock().Now(), now.state().admin.offset()),
                              now.seq(),
                              now.last_at(),
                              now.seq(),
                              {}});
  if (more) list.next_cursor = std::to_string(seqs.back());
  return list;
}

Result<ProofView> ReadProof(Engine& engine, std::uint64_t seq) {
  LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
  LF_ASSIGN(const std::vector<ledger::VerifierKey> keys, ReadLedgerKeys(engine.log().store()));
  LF_ASSIGN(std::string note, engine.SignedCheckpoint());
  // A tree that witnesses have cosigned proves more; where their file cannot be read, ours is as good as ever.
  const auto cosigned = ReadCosigned(engine.files(), keys);
  if (cosigned && *cosigned && seq <= (*cosigned)->size && (*cosigned)->size <= engine.log().size())
    note = (*cosigned)->note;
  LF_ASSIGN(const ledger::OpenedCheckpoint opened, ledger::OpenCheckpoint(note, keys));
  const std::uint64_t size = opened.checkpoint.size;
  // A follower may know a checkpoint of entries that it has not taken in yet.
  if (seq > size || size > engine.log().size()) return Unavailable("proof.not_yet", std::to_string(seq));
  LF_ASSIGN(const ledger::Proof proof, engine.log().View()->Inclusion(seq - 1, size));
  ProofView view;
  view.seq = static_cast<std::int64_t>(seq);
  view.index = view.seq - 1;
  view.tree_size = static_cast<std::int64_t>(size);
  view.leaf = record.leaf;
  view.leaf_hash = Hex(record.leaf_hash);
  for (const Digest& hash : proof) view.hashes.push_back(Hex(hash));
  view.root = Hex(opened.checkpoint.root);
  view.checkpoint = note;
  view.verifier_key = engine.verifier().Encode();
  ledger::ProofFile file;
  file.extra = WithheldRecord(record.leaf);
  file.index = seq - 1;
  file.hashes = proof;
  file.checkpoint = note;
  view.proof_file = ledger::FormatProofFile(file);
  return view;
}

Result<BatchList> ReadBatches(Engine& engine, std::size_t limit) {
  std::vector<std::uint64_t> seqs;
  {
    const Engine::Reader now = engine.Read();
    const auto& all = now.state().admin.batches;
    for (std::size_t i = all.size(); i > 0 && seqs.size() < limit; --i) seqs.push_back(all[i - 1]);
  }
  BatchList list;
  for (std::uint64_t seq : seqs) {
    LF_ASSIGN(const ledger::EntryRecord record, engine.log().Entry(seq));
    ledger::Leaf leaf;
    admin::BatchCompleted event;
    if (!ledger::ParseLeaf(record.leaf, leaf) || !record.payloads.at(0).salted ||
        !ScanJson(std::string_view(*record.payloads[0].salted).substr(ledger::kSaltBytes), event))
      return Corrupt("ledger.corrupt", "entry " + std::to_string(seq));
    list.rows.push_back({static_cast<std::int64_t>(seq), leaf.at, std::string(leaf.by), event.kind.value,
                         event.entries.value, event.file, event.mapping, event.report});
  }
  return list;
}

}  // namespace landfall::app
