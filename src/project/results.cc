// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "project/checks.h"

namespace landfall::project {
namespace {

// The record that still stands, or nullptr.
const ResultRow* StandingResult(const State& state, ProjectId id, std::int64_t seq) {
  const FileState& files = state.files;
  for (std::uint32_t at = files.heads[id.index()].result; at != 0; at = files.results[at - 1].previous)
    if (files.results[at - 1].seq == static_cast<std::uint64_t>(seq))
      return files.results[at - 1].ended_by == 0 ? &files.results[at - 1] : nullptr;
  return nullptr;
}

// Whether both tell of one measure for the same time: it would be counted twice.
template <class C>
bool Overlap(const ResultRow& row, const C& c) {
  const bool months = row.first <= c.last_period.months && c.first_period.months <= row.last;
  const bool end = row.last == c.last_period.months;
  return (months && ((row.output != kNoMoney && c.output_minor) || (row.tax != kNoMoney && c.tax_minor))) ||
         (end && ((row.jobs >= 0 && c.jobs) || (row.land >= 0 && c.land_mu_hundredths)));
}

// What a record and a correction have in common. `corrects`: the seq of the record whose place it takes, 0: none.
template <class C>
Decided Tell(const State& state, const DecideContext& context, const C& c, std::int64_t corrects) {
  LF_TRY(CheckAmount(c.output_minor, "output_minor"));
  LF_TRY(CheckAmount(c.tax_minor, "tax_minor"));
  if (!c.output_minor && !c.tax_minor && !c.jobs && !c.land_mu_hundredths) return Invalid("project.results_empty");
  const std::int32_t months = c.last_period.months - c.first_period.months + 1;
  if (months < 1 || months > kResultMonthsMax) return Invalid("project.results_span", {}, "last_period");
  if (c.last_period.Last() >= context.today) return Invalid("project.results_not_ended", {}, "last_period");
  if (corrects != 0 && StandingResult(state, c.project, corrects) == nullptr)
    return NotFound("project.no_such_results", {}, "corrects");
  const FileState& files = state.files;
  for (std::uint32_t at = files.heads[c.project.index()].result; at != 0; at = files.results[at - 1].previous) {
    const ResultRow& row = files.results[at - 1];
    if (row.ended_by == 0 && row.seq != static_cast<std::uint64_t>(corrects) && Overlap(row, c))
      return Conflict("project.results_overlap", std::to_string(row.seq), "first_period");
  }
  ResultsRecorded told{c.project,   c.first_period, c.last_period,        c.output_minor,
                       c.tax_minor, c.jobs,         c.land_mu_hundredths, std::nullopt,
                       {}};
  if (corrects != 0) told.corrects = Int<1, INT64_MAX>{corrects};
  if (c.evidence) told.evidence = *c.evidence;
  return Events{std::move(told)};
}

}  // namespace

Decided Decide(const State& state, const DecideContext& context, const RecordResults& c) {
  LF_TRY(CheckOpen(state, c.project));
  LF_ASSIGN(Events events, Tell(state, context, c, 0));
  if (c.remark) events.push_back(RemarkGiven{c.project, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const CorrectResults& c) {
  LF_TRY(CheckKnown(state, c.project));
  LF_ASSIGN(Events events, Tell(state, context, c, c.corrects.value));
  events.push_back(RemarkGiven{c.project, c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext&, const WithdrawResults& c) {
  LF_TRY(CheckKnown(state, c.project));
  if (StandingResult(state, c.project, c.corrects.value) == nullptr)
    return NotFound("project.no_such_results", {}, "corrects");
  return Events{ResultsWithdrawn{c.project, c.corrects}, RemarkGiven{c.project, c.remark}};
}

namespace {

void End(State& state, const Origin& origin, ProjectId id, std::int64_t seq) {
  if (const ResultRow* row = StandingResult(state, id, seq)) {
    const auto at = static_cast<std::size_t>(row - state.files.results.data());
    state.files.results[at].ended_by = SeqForColumn(origin.seq);
  }
}

}  // namespace

void Apply(State& state, const Origin& origin, const ResultsRecorded& e) {
  if (e.corrects) End(state, origin, e.on, e.corrects->value);
  FileState& files = state.files;
  std::uint32_t& head = files.heads.Edit(e.on.index()).result;
  ResultRow row{};
  row.output = e.output_minor ? e.output_minor->minor() : kNoMoney;
  row.tax = e.tax_minor ? e.tax_minor->minor() : kNoMoney;
  row.jobs = e.jobs ? static_cast<std::int32_t>(e.jobs->value) : -1;
  row.land = e.land_mu_hundredths ? static_cast<std::int32_t>(e.land_mu_hundredths->value) : -1;
  row.first = e.first_period.months;
  row.last = e.last_period.months;
  row.project = e.on.raw;
  row.seq = SeqForColumn(origin.seq);
  row.by = origin.by.kind == Actor::Kind::kAccount ? origin.by.account.raw : 0;
  row.previous = head;
  row.evidence = static_cast<std::uint8_t>(e.evidence.items.size());
  files.results.push_back(row);
  head = static_cast<std::uint32_t>(files.results.size());
}

void Apply(State& state, const Origin& origin, const ResultsWithdrawn& e) {
  End(state, origin, e.on, e.corrects.value);
}

// Output and tax are promised by the year: what the last twelve months brought that anything is known of. Jobs and land
// are what they were when last told.
State::Achieved State::AchievedOf(std::size_t p, ResultMeasure measure, std::int32_t as_of) const {
  const auto value_of = [&](const ResultRow& row) -> std::int64_t {
    switch (measure) {
      case ResultMeasure::output:
        return row.output;
      case ResultMeasure::tax:
        return row.tax;
      case ResultMeasure::jobs:
        return row.jobs < 0 ? kNoMoney : row.jobs;
      case ResultMeasure::land:
        return row.land < 0 ? kNoMoney : row.land;
    }
    return kNoMoney;
  };
  const auto each = [&](auto&& f) {
    for (std::uint32_t at = files.heads[p].result; at != 0; at = files.results[at - 1].previous) {
      const ResultRow& row = files.results[at - 1];
      if (row.ended_by == 0 && value_of(row) != kNoMoney && DayNumber(Period{row.last}.Last()) <= as_of) f(row);
    }
  };
  Achieved out;
  each([&](const ResultRow& row) { out.last = std::max(out.last, row.last); });
  if (out.last == INT32_MIN) return out;
  const bool flow = measure == ResultMeasure::output || measure == ResultMeasure::tax;
  out.first = out.last;
  each([&](const ResultRow& row) {
    if (flow ? row.first <= out.last - kResultMonthsMax : row.last != out.last) return;
    out.value += value_of(row);
    out.months += flow ? row.last - row.first + 1 : 0;
    out.first = flow ? std::min(out.first, row.first) : out.last;
    out.documented = out.documented && row.evidence != 0;
    out.seqs.push_back(row.seq);
  });
  return out;
}

// A record tells of months together, so its output must reach the defined part of the promise for as many months.
State::FullOutput State::FullOutputOf(std::size_t p, std::int32_t as_of) const {
  FullOutput out;
  const Commitment* promise = files.CommitmentAt(p, as_of);
  if (promise == nullptr || promise->full_months == 0 || promise->output == kNoMoney || promise->output == 0)
    return out;
  out.needed_bp = promise->full_bp;
  out.needed_months = promise->full_months;
  std::vector<const ResultRow*> told;
  for (std::uint32_t at = files.heads[p].result; at != 0; at = files.results[at - 1].previous) {
    const ResultRow& row = files.results[at - 1];
    if (row.ended_by == 0 && row.output != kNoMoney && DayNumber(Period{row.last}.Last()) <= as_of)
      told.push_back(&row);
  }
  std::sort(told.begin(), told.end(), [](const ResultRow* a, const ResultRow* b) { return a->first < b->first; });
  out.known = !told.empty();
  std::int32_t months = 0, next = 0;
  std::vector<std::uint32_t> seqs;
  for (const ResultRow* row : told) {
    const std::int32_t span = row->last - row->first + 1;
    const bool enough = static_cast<__int128>(row->output) * 12 * 10'000 >=
                        static_cast<__int128>(promise->output) * promise->full_bp * span;
    if (!enough || row->first != next) months = 0, seqs.clear();
    next = row->last + 1;
    if (!enough) continue;
    months += span;
    seqs.push_back(row->seq);
    if (months < out.needed_months || out.reached_in != INT32_MIN) continue;
    out.reached_in = row->last;
    out.seqs = seqs;
  }
  out.months = months;
  if (out.reached_in == INT32_MIN) out.seqs = std::move(seqs);
  return out;
}

}  // namespace landfall::project
