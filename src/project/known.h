// SPDX-License-Identifier: Apache-2.0
// What the project subject knew at any entry of the past, as far as figures ask: milestones reached, money in place and
// completed investment by version, and what a project's owner, region, investment and counting were before they
// changed.
//
// Holds for every entry N up to the newest: what is read here for N is what the fold of entries 1 … N holds. Memory:
// see ledger/versions.h, and 24 bytes for each change of a project's owner, region, investment or counting.
#pragma once

#include "ledger/versions.h"

namespace landfall::project {

// Measures of the version index; subjects are project indexes.
inline constexpr std::uint32_t kCompletedMeasure = 0;  // A month's completed investment, on the first day of the month.
inline constexpr std::uint32_t kFundsMeasure = 1;      // A receipt as stated; tag: its kind, with kVouched.
inline constexpr std::uint32_t kVerifiedMeasure = 2;   // What vouchers bear out of it; tag: its kind.
inline constexpr std::uint32_t kReachedMeasure = 16;   // And up: a milestone reached.
inline std::uint32_t ReachedMeasure(std::size_t ladder, std::size_t rung) {
  return kReachedMeasure + static_cast<std::uint32_t>(ladder * kReachedMeasure + rung);
}
inline constexpr std::uint32_t kNow = ledger::VersionIndex::kStands - 1;  // As of the newest entry.
inline constexpr std::uint8_t kVouched = 0x80;  // A second person found vouchers for the receipt.

class Known {
 public:
  // What of a project may change and is asked by figures.
  enum class Part : std::uint8_t { owner, region, investment, counted_in };

  // The value that a part had until entry `seq` replaced it.
  void Replaced(std::uint32_t seq, std::size_t project, Part part, std::int64_t value);
  // As it was at entry `known`; `now` is the newest value. Cost: the project's changes after that entry.
  std::int64_t At(std::uint32_t known, std::size_t project, Part part, std::int64_t now) const {
    if (project >= last_.size()) return now;
    for (std::uint32_t at = last_[project]; at != 0 && before_[at - 1].until > known; at = before_[at - 1].previous)
      if (before_[at - 1].part == static_cast<std::uint8_t>(part)) now = before_[at - 1].value;
    return now;
  }

  void Reached(std::uint32_t seq, std::size_t project, std::uint32_t measure, std::int32_t day, std::uint8_t level);
  // What stood of it does not, or not so.
  void NotReached(std::uint32_t seq, std::size_t project, std::uint32_t measure);
  // The handle of what was stated.
  std::uint32_t Received(std::uint32_t seq, std::size_t project, std::int32_t day, std::int64_t minor,
                         std::uint8_t kind, std::uint8_t level);
  // `receipt`: the record of the receipt.
  void Verified(std::uint32_t seq, std::size_t project, std::uint32_t receipt, std::int64_t minor, std::uint8_t level);
  void Reversed(std::uint32_t seq, std::size_t project, std::uint32_t receipt);
  // `report`: the record of the report. A later call for the same month replaces what was completed.
  void Completed(std::uint32_t seq, std::size_t project, Period month, std::uint32_t report, std::int64_t minor);

  const ledger::VersionIndex& facts() const { return facts_; }

  template <class Archive>
  void Columns(Archive& a) {
    facts_.Columns(a, "known.facts");
    a("known.before", before_);
    a("known.last", last_);
  }
  void Rebuild() { facts_.Rebuild(); }

 private:
  struct Before {
    std::int64_t value;
    std::uint32_t until, previous;  // previous: of the same project, index + 1
    std::uint8_t part, unused[7];
  };
  ledger::VersionIndex facts_;
  std::vector<Before> before_;
  std::vector<std::uint32_t> last_;  // By project, up to the last that has one: index + 1.
};

}  // namespace landfall::project
