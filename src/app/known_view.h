// SPDX-License-Identifier: Apache-2.0
// Inside the queries: facts of projects as the newest state has them, and as they were known at a record. Both offer
// the same, so that a figure is computed by one piece of code.
#pragma once

#include "app/queries.h"

namespace landfall::app {

// A fact that a figure may count.
struct StandingFact {
  std::int32_t day;
  std::size_t project;  // index
  std::uint64_t seq;
  std::int64_t minor;
  std::uint8_t kind, level;
};

// Milestones and money as the versions of a state have them at an entry.
class VersionFacts {
 public:
  using Index = ledger::VersionIndex;
  static constexpr unsigned kSource = Index::kSubject | Index::kDay | Index::kRecord;

  VersionFacts(const project::State& state, std::uint32_t known) : s_(state), known_(known) {}

  // Projects that reached a rung in from … to; those that do not count may be left out.
  template <class Use>
  void Reached(std::size_t ladder, std::size_t rung, std::int32_t from, std::int32_t to, Use&& use) const {
    Standing<kSource | Index::kLevel>(project::ReachedMeasure(ladder, rung), from, to, [&](const ledger::Version& v) {
      use(StandingFact{v.day, v.subject, v.record, project::kNoMoney, 0, v.level});
    });
  }
  // Receipts that stand; `by_voucher`: with what vouchers bear out, where somebody looked.
  template <class Use>
  void Funds(std::int32_t from, std::int32_t to, bool by_voucher, Use&& use) const {
    const auto give = [&](const ledger::Version& v) {
      const auto kind = static_cast<std::uint8_t>(v.tag & ~project::kVouched);
      use(StandingFact{v.day, v.subject, v.record, v.amount, kind, v.level});
    };
    constexpr unsigned kFields = kSource | Index::kAmount | Index::kTag | Index::kLevel;
    Standing<kFields>(project::kFundsMeasure, from, to, [&](const ledger::Version& v) {
      if (!by_voucher || (v.tag & project::kVouched) == 0) give(v);
    });
    if (by_voucher) Standing<kFields>(project::kVerifiedMeasure, from, to, give);
  }
  // `fields`: of the versions what `use` looks at.
  template <unsigned fields, class Use>
  void Standing(std::uint32_t measure, std::int32_t from, std::int32_t to, Use&& use) const {
    s_.known.facts().StandingAt<fields>(known_, measure, from, to, use);
  }
  std::uint32_t known() const { return known_; }

 protected:
  const project::State& s_;
  std::uint32_t known_;
};

class NewestFacts : public VersionFacts {
 public:
  explicit NewestFacts(const Frame& frame) : VersionFacts(frame.state.project, project::kNow) {}
  bool Counts(std::size_t p) const { return s_.Counts(p); }
  std::uint32_t OwnerOf(std::size_t p) const { return s_.owner[p]; }
  std::uint32_t RegionOf(std::size_t p) const { return s_.region[p]; }
  std::int64_t InvestmentOf(std::size_t p) const { return s_.investment[p]; }
  std::span<const project::Share> SharesOf(std::size_t p) const { return s_.files.SharesOf(p); }
  bool Stands(const project::ResultRow& r) const { return r.ended_by == 0; }
};

// From the versions of a state that is as new as frame.known_at or newer.
class KnownFacts : public VersionFacts {
 public:
  explicit KnownFacts(const Frame& frame) : VersionFacts(frame.state.project, SeqForColumn(frame.known_at)) {}
  bool Counts(std::size_t p) const { return Part(p, project::Known::Part::counted_in, s_.files.counted_in[p]) == 0; }
  std::uint32_t OwnerOf(std::size_t p) const { return Raw(p, project::Known::Part::owner, s_.owner[p]); }
  std::uint32_t RegionOf(std::size_t p) const { return Raw(p, project::Known::Part::region, s_.region[p]); }
  std::int64_t InvestmentOf(std::size_t p) const { return Part(p, project::Known::Part::investment, s_.investment[p]); }
  std::span<const project::Share> SharesOf(std::size_t p) const {
    const project::FileState& files = s_.files;
    std::uint32_t at = files.heads[p].shares;
    while (at != 0 && files.share_sets[at - 1].seq > known_) at = files.share_sets[at - 1].previous;
    if (at == 0) return {};
    return {files.shares.data() + files.share_sets[at - 1].first, files.share_sets[at - 1].count};
  }

  bool Stands(const project::ResultRow& r) const { return r.seq <= known_ && (r.ended_by == 0 || r.ended_by > known_); }

 private:
  std::int64_t Part(std::size_t p, project::Known::Part part, std::int64_t now) const {
    return s_.known.At(known_, p, part, now);
  }
  std::uint32_t Raw(std::size_t p, project::Known::Part part, std::uint32_t now) const {
    return static_cast<std::uint32_t>(Part(p, part, now));
  }
};

// Whether what the answer's head shows was called then as it is called now, and was there at all.
inline bool NamesHold(const Frame& frame, std::optional<UnitId> unit, std::optional<RegionId> region) {
  const State& s = frame.state;
  const auto holds = [&](const ErasableText& name, std::size_t row) { return name.Seq(row) <= frame.known_at; };
  return (s.admin.name.size() == 0 || holds(s.admin.name, 0)) && (!unit || holds(s.people.unit_name, unit->index())) &&
         (!region || holds(s.place.name, region->index()));
}

}  // namespace landfall::app
