// SPDX-License-Identifier: Apache-2.0
#include "app/verify_sm.h"

#include <fmt/format.h>

#include "ledger/small_file.h"

namespace landfall::app {

Status SmWatch::Load(const LedgerFiles& files, const VerifyOptions& options, VerifyReport& report) {
  std::optional<ledger::SmVerifierKey> key;
  report.sm_vkey_given = !options.sm_vkey.empty();
  if (report.sm_vkey_given) {
    LF_ASSIGN(key, ledger::SmVerifierKey::Parse(options.sm_vkey));
  } else if (auto own = ReadSmVerifier(files)) {
    key = *std::move(own);
  } else {
    found_.Tell(Check::sm3, {}, own.error());
  }
  const auto kept = ledger::ReadSmallFile(SmCheckpointPath(files));
  if (!key) {
    // Who removes the public key shall not make the checkpoint go unread.
    if (kept || !options.sm_checkpoints.empty())
      found_.Tell(Check::sm3, {}, {}, "sm.key_missing", "there is an SM3 checkpoint and no key to check it with");
    return Ok{};
  }
  report.sm_vkey = key->Encode();
  if (kept) Take(*kept, *key);
  for (const std::string& note : options.sm_checkpoints) Take(note, *key);
  edges_ = ReadSmEdges(files);
  if (!signed_.empty()) wanted_ = signed_.rbegin()->first;
  // An edge is only a convenience, but the next checkpoint would be signed on top of it.
  if (!edges_.empty()) wanted_ = std::max(wanted_, edges_.rbegin()->first);
  Compare();
  return Ok{};
}

void SmWatch::Take(const std::string& note, const ledger::SmVerifierKey& key) {
  const auto opened = ledger::OpenSmCheckpoint(note, key);
  found_.Looked(Check::sm3);
  if (!opened) return found_.Tell(Check::sm3, {}, opened.error());
  signed_.emplace(opened->size, opened->root);
}

void SmWatch::Leaf(std::string_view leaf) {
  if (tree_.size() >= wanted_) return;
  tree_.Append(leaf);
  Compare();
}

void SmWatch::Compare() {
  const std::uint64_t size = tree_.size();
  for (auto [at, end] = signed_.equal_range(size); at != end; ++at) {
    const Digest root = tree_.Root();
    if (root == at->second)
      holds_ = static_cast<std::int64_t>(size);
    else
      found_.Tell(Check::sm3, {}, {}, "ledger.rewritten",
                  fmt::format("the SM3 checkpoint of {} entries has root {}, the leaves lead to {}", size,
                              Hex(at->second), Hex(root)));
  }
  if (const auto edge = edges_.find(size); edge != edges_.end()) {
    found_.Looked(Check::sm3);
    if (edge->second.frontier.Encode() != tree_.Encode())
      found_.Tell(Check::sm3, {}, {}, "tree.edge_mismatch",
                  fmt::format("sm.tree is not that of the leaves at {} entries: remove it", size));
  }
}

void SmWatch::Finish(VerifyReport& report) {
  for (auto at = signed_.upper_bound(tree_.size()); at != signed_.end(); ++at)
    found_.Tell(Check::sm3, {}, {}, "ledger.rolled_back",
                fmt::format("SM3 checkpoint of {} entries, {} can be read", at->first, tree_.size()));
  report.sm_size = holds_;
}

}  // namespace landfall::app
