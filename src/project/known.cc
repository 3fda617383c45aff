// SPDX-License-Identifier: Apache-2.0
#include "project/known.h"

namespace landfall::project {

void Known::Replaced(std::uint32_t seq, std::size_t project, Part part, std::int64_t value) {
  if (project >= last_.size()) last_.resize(project + 1, 0);
  before_.push_back({value, seq, last_[project], static_cast<std::uint8_t>(part), {}});
  last_[project] = static_cast<std::uint32_t>(before_.size());
}

void Known::Reached(std::uint32_t seq, std::size_t project, std::uint32_t measure, std::int32_t day,
                    std::uint8_t level) {
  facts_.Add(seq, {measure, static_cast<std::uint32_t>(project), day, 0, seq, 0, level});
}

void Known::NotReached(std::uint32_t seq, std::size_t project, std::uint32_t measure) {
  const std::uint32_t old = facts_.FindStanding(static_cast<std::uint32_t>(project),
                                                [&](const ledger::Version& v) { return v.measure == measure; });
  if (old != ledger::VersionIndex::kNone) facts_.End(seq, old);
}

std::uint32_t Known::Received(std::uint32_t seq, std::size_t project, std::int32_t day, std::int64_t minor,
                              std::uint8_t kind, std::uint8_t level) {
  return facts_.Add(seq, {kFundsMeasure, static_cast<std::uint32_t>(project), day, minor, seq, kind, level});
}

void Known::Verified(std::uint32_t seq, std::size_t project, std::uint32_t receipt, std::int64_t minor,
                     std::uint8_t level) {
  const auto subject = static_cast<std::uint32_t>(project);
  const auto find = [&](std::uint32_t measure) {
    return facts_.FindStanding(subject,
                               [&](const ledger::Version& v) { return v.measure == measure && v.record == receipt; });
  };
  const std::uint32_t stated = find(kFundsMeasure);
  if (stated == ledger::VersionIndex::kNone) return;
  const ledger::Version was = facts_.Get(stated);
  if ((was.tag & kVouched) != 0) {  // Looked at again: only the verified amount changes.
    if (const std::uint32_t verified = find(kVerifiedMeasure); verified != ledger::VersionIndex::kNone)
      facts_.End(seq, verified);
  } else {
    facts_.End(seq, stated);
    facts_.Add(seq, {kFundsMeasure, subject, was.day, was.amount, receipt,
                     static_cast<std::uint8_t>(was.tag | kVouched), level});
  }
  const auto kind = static_cast<std::uint8_t>(was.tag & ~kVouched);
  facts_.Add(seq, {kVerifiedMeasure, subject, was.day, minor, receipt, kind, level});
}

void Known::Reversed(std::uint32_t seq, std::size_t project, std::uint32_t receipt) {
  for (const std::uint32_t measure : {kFundsMeasure, kVerifiedMeasure}) {
    const std::uint32_t at = facts_.FindStanding(static_cast<std::uint32_t>(project), [&](const ledger::Version& v) {
      return v.measure == measure && v.record == receipt;
    });
    if (at != ledger::VersionIndex::kNone) facts_.End(seq, at);
  }
}

void Known::Completed(std::uint32_t seq, std::size_t project, Period month, std::uint32_t report, std::int64_t minor) {
  const auto subject = static_cast<std::uint32_t>(project);
  if (seq != report) {
    const std::uint32_t old = facts_.FindStanding(
        subject, [&](const ledger::Version& v) { return v.measure == kCompletedMeasure && v.record == report; });
    if (old != ledger::VersionIndex::kNone) facts_.End(seq, old);
  }
  facts_.Add(seq, {kCompletedMeasure, subject, DayNumber(month.First()), minor, report, 0, 0});
}

}  // namespace landfall::project
