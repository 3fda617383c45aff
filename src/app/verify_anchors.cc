// SPDX-License-Identifier: Apache-2.0
#include "app/verify_anchors.h"

namespace landfall::app {

Status Anchors::AddWitness(std::string_view vkey) {
  LF_ASSIGN(ledger::VerifierKey key, ledger::VerifierKey::Parse(vkey));
  if (key.type() != ledger::SignatureType::kCosignatureV1) return Invalid("note.key_malformed", "not a witness's key");
  witnesses_.push_back(std::move(key));
  return Ok{};
}

void Anchors::Take(std::string_view note, std::optional<std::uint64_t> kept_under, bool must_be_cosigned) {
  if (log_keys_.empty()) return;
  found_.Looked(Check::checkpoint);
  const auto opened = ledger::OpenCheckpoint(note, log_keys_, witnesses_);
  if (!opened) return found_.Tell(Check::checkpoint, kept_under, opened.error());
  if (kept_under && opened->checkpoint.size != *kept_under)
    return found_.Tell(Check::checkpoint, kept_under, {}, "ledger.corrupt",
                       "a checkpoint is kept under another size than it signs");
  const bool witnessed = !opened->cosignatures.empty();
  if (must_be_cosigned && !witnessed)
    return found_.Tell(Check::checkpoint, opened->checkpoint.size, {}, "ledger.not_cosigned",
                       "no witness that is known has cosigned it");
  anchors_.push_back({opened->checkpoint.size, opened->checkpoint.root, witnessed});
}

void Anchors::Ready() {
  std::sort(anchors_.begin(), anchors_.end(), [](const Anchor& a, const Anchor& b) { return a.size < b.size; });
}

void Anchors::At(const ledger::Frontier& tree) {
  for (; next_ < anchors_.size() && anchors_[next_].size <= tree.size(); ++next_) {
    Anchor& anchor = anchors_[next_];
    anchor.holds = anchor.size == tree.size() && anchor.root == tree.Root();
    if (anchor.holds) {
      signed_size_ = static_cast<std::int64_t>(anchor.size);
      continue;
    }
    unmet_ = true;
    found_.Tell(Check::checkpoint, anchor.size, {}, "ledger.rewritten",
                "the leaves up to here lead to another root than was signed");
  }
}

void Anchors::Finish(std::uint64_t size) {
  for (; next_ < anchors_.size(); ++next_) {
    const std::uint64_t signed_size = anchors_[next_].size;
    if (signed_size > size) {
      found_.Tell(Check::checkpoint, signed_size, {}, "ledger.rolled_back", "signed, but the ledger ends before it");
    } else {
      unmet_ = true;
      found_.Tell(Check::checkpoint, signed_size, {}, "ledger.corrupt",
                  "cannot be compared: an entry before it cannot be read");
    }
  }
}

void Anchors::AtStored(const ledger::Frontier& tree) {
  for (; next_stored_ < anchors_.size() && anchors_[next_stored_].size <= tree.size(); ++next_stored_) {
    Anchor& anchor = anchors_[next_stored_];
    anchor.stored_holds = anchor.size == tree.size() && anchor.root == tree.Root();
  }
}

std::optional<std::int64_t> Anchors::witnessed_size() const {
  for (std::size_t i = anchors_.size(); i > 0; --i)
    if (anchors_[i - 1].witnessed && (anchors_[i - 1].holds || anchors_[i - 1].stored_holds))
      return static_cast<std::int64_t>(anchors_[i - 1].size);
  return std::nullopt;
}

void Anchors::Into(TrustFacts& facts) const {
  facts.witnessed_to = static_cast<std::uint64_t>(witnessed_size().value_or(0));
  std::uint64_t good = 0;  // Up to here an anchor holds.
  for (const Anchor& anchor : anchors_) {
    if (anchor.holds || anchor.stored_holds) {
      good = anchor.size;
    } else if (anchor.size > facts.witnessed_to) {
      // Somewhere behind the last root that holds it was rewritten; no entry there can be called good.
      facts.faulty.AddRange(std::max(good, facts.witnessed_to) + 1, anchor.size);
      facts.total = std::max(facts.total, anchor.size);
    }
  }
}

}  // namespace landfall::app
