// SPDX-License-Identifier: Apache-2.0
#include "app/verify_trust.h"

#include <algorithm>

namespace landfall::app {
namespace {

using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

// Asked in rising order.
class Walk {
 public:
  explicit Walk(const Ranges& ranges) : at_(ranges.begin()), end_(ranges.end()) {}
  bool Holds(std::uint64_t seq) {
    while (at_ != end_ && at_->second < seq) ++at_;
    return at_ != end_ && at_->first <= seq;
  }

 private:
  Ranges::const_iterator at_, end_;
};

}  // namespace

void SeqSet::AddRange(std::uint64_t from, std::uint64_t to) {
  if (from > to) return;
  if (!ranges_.empty() && from >= ranges_.back().first && from <= ranges_.back().second + 1) {
    ranges_.back().second = std::max(ranges_.back().second, to);
    return;
  }
  sorted_ = sorted_ && (ranges_.empty() || from > ranges_.back().second);
  ranges_.emplace_back(from, to);
}

const Ranges& SeqSet::Sorted() {
  if (sorted_) return ranges_;
  Ranges all = std::move(ranges_);
  std::sort(all.begin(), all.end());
  ranges_.clear();
  sorted_ = true;
  for (const auto& [from, to] : all) AddRange(from, to);
  return ranges_;
}

std::vector<TrustRange> TrustRangesOf(TrustFacts& facts) {
  std::vector<std::uint64_t> starts{1, facts.witnessed_to + 1};
  for (SeqSet* set : {&facts.read, &facts.faulty, &facts.withheld}) {
    for (const auto& [from, to] : set->Sorted()) {
      starts.push_back(from);
      starts.push_back(to + 1);
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  Walk read(facts.read.Sorted()), faulty(facts.faulty.Sorted()), withheld(facts.withheld.Sorted());
  std::vector<TrustRange> out;
  for (std::size_t i = 0; i < starts.size() && starts[i] <= facts.total; ++i) {
    const std::uint64_t from = std::max<std::uint64_t>(starts[i], 1);
    const std::uint64_t to = i + 1 < starts.size() ? std::min(starts[i + 1] - 1, facts.total) : facts.total;
    if (to < from) continue;
    const bool unread = !read.Holds(from);
    const Trust standing = faulty.Holds(from) || unread ? Trust::faulty
                           : from > facts.witnessed_to  ? Trust::unwitnessed
                           : withheld.Holds(from)       ? Trust::unprovable
                                                        : Trust::verified;
    if (!out.empty() && out.back().standing == standing)
      out.back().to = static_cast<std::int64_t>(to);
    else
      out.push_back({standing, static_cast<std::int64_t>(from), static_cast<std::int64_t>(to)});
  }
  return out;
}

}  // namespace landfall::app
