// SPDX-License-Identifier: Apache-2.0
#include "app/replica.h"

#include <xxhash.h>

namespace landfall::app {

std::uint64_t KeyWindow::Hash(std::string_view by, std::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), XXH3_64bits(by.data(), by.size()));
}

std::int64_t KeyWindow::MillisOf(std::string_view key) {
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(key.size(), 13); ++i) {
    const char c = key[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit >= 0) ms = ms << 4 | digit;  // Its one hyphen is passed over.
  }
  return ms;
}

void KeyWindow::Add(Instant at, std::string_view by, std::string_view key, std::uint64_t seq) {
  Expire(at);
  at_.push_back(at.time_since_epoch().count());
  time_.push_back(MillisOf(key));
  hash_.push_back(Hash(by, key));
  seq_.push_back(seq);
  by_hash_.Put(hash_.back(), seq);
}

void KeyWindow::Expire(Instant now) {
  const std::int64_t oldest = (now - kKept).time_since_epoch().count();
  while (head_ < at_.size() && at_[head_] < oldest) {
    if (by_hash_.Find(hash_[head_]) == seq_[head_]) by_hash_.Erase(hash_[head_]);
    forgotten_ = std::max(forgotten_, time_[head_]);
    ++head_;
  }
  if (head_ > 4096 && head_ > at_.size() / 2) {
    const auto cut = [&](auto& v) { v.erase(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(head_)); };
    cut(at_), cut(time_), cut(hash_), cut(seq_);
    head_ = 0;
  }
}

void KeyWindow::DropNewest(std::size_t n) {
  for (; n > 0; --n) {
    by_hash_.Erase(hash_.back());
    at_.pop_back(), time_.pop_back(), hash_.pop_back(), seq_.pop_back();
  }
}

std::uint64_t KeyWindow::Find(std::string_view by, std::string_view key) const { return by_hash_.Find(Hash(by, key)); }

void KeyWindow::Rebuild() {
  by_hash_.Clear();
  by_hash_.Reserve(at_.size() - head_);
  for (std::size_t i = head_; i < at_.size(); ++i) by_hash_.Put(hash_[i], seq_[i]);
}

namespace {

// A subject's kind and index, where it has a number: "project/p88" is {0, 87}.
struct Numbered {
  std::size_t kind;
  std::uint32_t index;
};

// The commonest first. A snapshot keeps the chains in this order.
using NumberedTags = boost::mp11::mp_list<ProjectTag, ObligationTag, EnterpriseTag, PersonTag, PostTag, UnitTag,
                                          RegionTag, AccountTag, cases::CaseTag>;

std::optional<Numbered> NumberedSubject(std::string_view on) {
  std::optional<Numbered> found;
  std::size_t kind = 0;
  boost::mp11::mp_for_each<NumberedTags>([&](auto tag) {
    using Tag = decltype(tag);
    constexpr std::size_t at = Tag::kSubject.size();
    if (!found && on.size() > at && on[at] == '/' && on.starts_with(Tag::kSubject)) {
      if (auto id = Id<Tag>::Parse(on.substr(at + 1))) found = {kind, id->index()};
    }
    ++kind;
  });
  return found;
}

}  // namespace

HistoryIndex::Chain* HistoryIndex::ChainToAddTo(std::string_view on) {
  static_assert(boost::mp11::mp_size<NumberedTags>::value == kKinds);
  // Ids are dense and each has its first record before the next is given; a number far beyond is not one of ours and
  // must not make us take memory for it.
  const std::optional<Numbered> numbered = NumberedSubject(on);
  if (numbered && numbered->index <= links_.size()) {
    std::vector<Chain>& chains = numbered_[numbered->kind];
    if (numbered->index >= chains.size()) chains.resize(numbered->index + 1);
    return &chains[numbered->index];
  }
  std::uint32_t row = by_name_.Find(names_, on);
  if (row == TextIndex::kNone) {
    row = static_cast<std::uint32_t>(names_.size());
    names_.Resize(row + 1);
    names_.Set(row, on);
    by_name_.Insert(names_, row);
    named_.emplace_back();
  }
  return &named_[row];
}

const HistoryIndex::Chain* HistoryIndex::FindChain(std::string_view on) const {
  if (const auto numbered = NumberedSubject(on); numbered && numbered->index < numbered_[numbered->kind].size())
    return &numbered_[numbered->kind][numbered->index];
  const std::uint32_t row = by_name_.Find(names_, on);
  return row == TextIndex::kNone ? nullptr : &named_[row];
}

void HistoryIndex::Add(std::string_view on, std::uint64_t seq) {
  std::lock_guard lock(mutex_);
  if (seq != newest_seq_) {
    newest_seq_ = seq;
    first_of_newest_ = static_cast<std::uint32_t>(links_.size());
  }
  Chain& chain = *ChainToAddTo(on);
  if (chain.last > first_of_newest_) return;  // Several events of one entry.
  links_.push_back({chain.last, static_cast<std::uint32_t>(seq)});
  chain.last = static_cast<std::uint32_t>(links_.size());
  ++chain.count;
}

std::vector<std::uint64_t> HistoryIndex::Find(std::string_view on, std::uint64_t before, std::size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> out;
  const Chain* chain = FindChain(on);
  for (std::uint32_t at = chain == nullptr ? 0 : chain->last; at != 0 && out.size() < limit;
       at = links_[at - 1].previous)
    if (before == 0 || links_[at - 1].seq < before) out.push_back(links_[at - 1].seq);
  return out;
}

std::uint64_t HistoryIndex::Count(std::string_view on) const {
  std::lock_guard lock(mutex_);
  const Chain* chain = FindChain(on);
  return chain == nullptr ? 0 : chain->count;
}

void HistoryIndex::Rebuild() {
  by_name_.Rebuild(names_);
  newest_seq_ = links_.empty() ? 0 : links_.back().seq;
  first_of_newest_ = static_cast<std::uint32_t>(links_.size());
  while (first_of_newest_ > 0 && links_[first_of_newest_ - 1].seq == newest_seq_) --first_of_newest_;
}

void HistoryIndex::Take(HistoryIndex&& other) {
  numbered_ = std::move(other.numbered_);
  names_ = std::move(other.names_);
  by_name_ = std::move(other.by_name_);
  named_ = std::move(other.named_);
  links_ = std::move(other.links_);
  newest_seq_ = other.newest_seq_;
  first_of_newest_ = other.first_of_newest_;
}

Status ApplyEntry(State& state, const ledger::Leaf& leaf, std::span<const std::string_view> salted) {
  Origin origin{.seq = leaf.seq, .event = 0, .at = leaf.at, .by = {}, .erased = false};
  auto by = Actor::Parse(leaf.by);
  if (!by)
    return Corrupt("ledger.corrupt", "entry " + std::to_string(leaf.seq) + ": its actor",
                   "entry " + std::to_string(leaf.seq));
  origin.by = *by;
  for (std::size_t i = 0; i < leaf.events.size(); ++i) {
    const ledger::LeafEvent& event = leaf.events[i];
    const EventType* type = FindEventType(event.type, event.version);
    if (type == nullptr)
      return Invalid("ledger.newer_version", "entry " + std::to_string(leaf.seq) + " holds " + std::string(event.type));
    origin.event = static_cast<std::uint32_t>(i);
    origin.erased = salted[i].empty();
    const bool ok =
        (!origin.erased || type->info.erasable) &&
        type->apply(state, origin, event.on, origin.erased ? std::string_view{} : salted[i].substr(ledger::kSaltBytes));
    if (!ok) {
      const std::string where = "entry " + std::to_string(leaf.seq) + " event " + std::to_string(i);
      return Corrupt("ledger.corrupt", where + ": its payload is not of the form we write", where);
    }
  }
  return Ok{};
}

Status Fold(ledger::Log& log, FoldTarget replica, FoldOptions options) {
  options.replay.from = std::max(options.replay.from, replica.seq + 1);
  options.replay.to =
      std::min(options.replay.to, log.size());  // Another process may be writing: never beyond the tree we hold.
  if (options.replay.from > options.replay.to) return Ok{};
  // Keys that the last entry would drop again are not taken up at all.
  Instant oldest_key = Instant::min();
  if (auto last = log.Entry(options.replay.to); replica.keys != nullptr && last) {
    if (ledger::Leaf leaf; ledger::ParseLeaf(last->leaf, leaf)) oldest_key = leaf.at - KeyWindow::kKept;
  }
  return log.Replay(
      options.replay,
      [&](const ledger::Leaf& leaf, const ledger::StoredEntry&, std::span<const std::string_view> salted) -> Status {
        LF_TRY(ApplyEntry(replica.state, leaf, salted));
        if (replica.history != nullptr)
          for (const ledger::LeafEvent& event : leaf.events) replica.history->Add(event.on, leaf.seq);
        if (replica.keys != nullptr && !leaf.key.empty()) {
          if (leaf.at >= oldest_key)
            replica.keys->Add(leaf.at, leaf.by, leaf.key, leaf.seq);
          else
            replica.keys->Skip(leaf.key);
        }
        replica.seq = leaf.seq;
        replica.last_at = leaf.at;
        if (options.progress && leaf.seq % 10'000 == 0) options.progress(leaf.seq);
        return Ok{};
      });
}

}  // namespace landfall::app
