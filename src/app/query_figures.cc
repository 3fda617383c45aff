// SPDX-License-Identifier: Apache-2.0
// Figures: a declared count or sum over facts in a period, with the records behind every value.
#include <algorithm>

#include "app/board_scan.h"
#include "app/queries.h"

namespace landfall::app {
namespace {

FigureView ViewOf(const figure::State& s, std::size_t i) {
  const figure::FigureDefined& d = s.definitions[i].event;
  FigureView view;
  view.id = d.on.key;
  view.zh = std::string(s.zh.Get(i));
  view.en = std::string(s.en.Get(i));
  view.version = d.version.value;
  view.measure = EnumName(d.measure);
  if (d.ladder) view.ladder = d.ladder->value;
  if (d.milestone) view.milestone = d.milestone->value;
  view.at_least_minor = d.at_least_minor;
  if (d.funds_kind) view.funds_kind = std::string(EnumName(*d.funds_kind));
  view.evidence = d.evidence;
  view.defined_seq = static_cast<std::int64_t>(s.definitions[i].seq);
  return view;
}

// One fact that a definition selects.
struct Hit {
  std::int32_t day;
  std::uint32_t project;  // index
  std::uint64_t seq;
  std::int64_t minor;  // kNoMoney where a count needs none
  std::uint8_t level;
  std::uint32_t share_bp;  // the part that units in scope have in it
};

// The part of an amount that lies between two shares of it, counted from the first unit: rounded so that the parts of
// all units are the amount.
std::int64_t PartOf(std::int64_t minor, std::uint32_t from_bp, std::uint32_t to_bp) {
  const auto upto = [minor](std::uint32_t bp) {
    return static_cast<std::int64_t>(static_cast<__int128>(minor) * bp / project::kWholeShare);
  };
  return upto(to_bp) - upto(from_bp);
}

class Computation {
 public:
  Computation(const Frame& frame, const FigureFilter& filter, Day from, Day to)
      : s_(frame.state.project),
        scope_(frame, filter.unit, filter.region, filter.region_only),
        from_(DayNumber(from)),
        to_(DayNumber(to)) {}

  std::int64_t left_out_evidence = 0, left_out_amount = 0;
  std::vector<Hit> hits;

  void Run(const figure::FigureDefined& d) {
    if (d.measure == figure::Measure::funds_sum) return RunFunds(d);
    const int ladder = s_.FindLadder(d.ladder->value);
    if (ladder < 0) return;
    const int rung = s_.ladders[static_cast<std::size_t>(ladder)].Find(d.milestone->value);
    if (rung < 0) return;
    const bool needs_amount = d.at_least_minor || d.measure == figure::Measure::investment_sum;
    const project::RungTallies& tallies = s_.tallies[static_cast<std::size_t>(ladder)];
    tallies.reached[static_cast<std::size_t>(rung)].InSpan(from_, to_, [&](std::int32_t day, std::uint32_t p) {
      const std::size_t slot = s_.first_slot[p] + static_cast<std::size_t>(rung);
      const std::uint32_t share = ShareOf(p);
      if (share == 0 || !Passes(d, s_.level[slot], s_.investment[p], needs_amount)) return;
      hits.push_back({day, p, s_.reached_seq[slot], Part(p, s_.investment[p]), s_.level[slot], share});
    });
  }

 private:
  void RunFunds(const figure::FigureDefined& d) {
    for (const project::Receipt& r : s_.receipts) {
      const std::size_t p = r.project - 1;
      if (r.reversed_by != 0 || r.day < from_ || r.day > to_ || !s_.Counts(p)) continue;
      const std::uint32_t share = ShareOf(p);
      if (share == 0) continue;
      if (d.funds_kind && r.kind != static_cast<std::uint8_t>(*d.funds_kind)) continue;
      // A figure that asks for verified money counts what the vouchers bear out, not what was stated.
      const std::int64_t verified = s_.files.readings[static_cast<std::size_t>(&r - s_.receipts.data())].verified;
      const bool is_verified = verified != project::kNoMoney;
      constexpr auto kVerified = static_cast<std::uint8_t>(project::EvidenceLevel::verified);
      const std::uint8_t level = is_verified ? kVerified : r.level;
      if (!Passes(d, level, s_.investment[p], d.at_least_minor.has_value())) continue;
      const bool by_voucher = d.evidence == project::EvidenceLevel::verified && is_verified;
      hits.push_back(
          {r.day, static_cast<std::uint32_t>(p), r.seq, Part(p, by_voucher ? verified : r.minor), level, share});
    }
  }
  // Whoever shares the credit for a project has that part of it in a figure of its unit; a threshold looks at the
  // whole.
  std::uint32_t ShareOf(std::size_t p) const {
    const std::span<const project::Share> shares = s_.files.SharesOf(p);
    if (scope_.everything() || shares.empty()) return scope_.Has(p) ? project::kWholeShare : 0;
    std::uint32_t sum = 0;
    for (const project::Share& share : shares) sum += scope_.HasUnit(share.unit) ? share.bp : 0;
    return scope_.HasRegion(p) ? sum : 0;
  }
  std::int64_t Part(std::size_t p, std::int64_t minor) const {
    const std::span<const project::Share> shares = s_.files.SharesOf(p);
    if (minor == project::kNoMoney || scope_.everything() || shares.empty()) return minor;
    std::int64_t part = 0;
    std::uint32_t at = 0;
    for (const project::Share& share : shares) {
      if (scope_.HasUnit(share.unit)) part += PartOf(minor, at, at + share.bp);
      at += share.bp;
    }
    return part;
  }
  // Thresholds are compared on exact minor units of the planned investment; what is not known is left out and counted.
  bool Passes(const figure::FigureDefined& d, std::uint8_t level, std::int64_t investment, bool needs_amount) {
    if (level < static_cast<std::uint8_t>(d.evidence)) {
      ++left_out_evidence;
      return false;
    }
    if (needs_amount && investment == project::kNoMoney) {
      ++left_out_amount;
      return false;
    }
    return !d.at_least_minor || investment >= d.at_least_minor->minor();
  }

  const project::State& s_;
  Scope scope_;
  std::int32_t from_, to_;
};

struct Period {
  Day from, to;
};
Result<Period> PeriodOf(const Frame& frame, const FigureFilter& filter) {
  const std::chrono::year_month_day as_of{frame.as_of};
  Period period{filter.from.value_or(Day(as_of.year() / std::chrono::January / 1)), filter.to.value_or(frame.as_of)};
  // Facts after as_of are not yet true on that day.
  period.to = std::min(period.to, frame.as_of);
  if (filter.from && filter.to && *filter.from > *filter.to) return Invalid("figure.period_reversed", {}, "to");
  return period;
}

FigureValue Compute(const Frame& frame, std::size_t i, const FigureFilter& filter, Period period, Computation& run) {
  const figure::FigureDefined& d = frame.state.figure.definitions[i].event;
  run.Run(d);
  FigureValue value;
  value.standing = StandingOf(frame);
  value.figure = ViewOf(frame.state.figure, i);
  value.from = period.from;
  value.to = period.to;
  if (filter.unit) value.owner_unit = UnitRef(frame.state, *filter.unit);
  if (filter.region) value.region = RegionRef(frame.state, *filter.region);
  if (filter.region && filter.region_only) value.region_only = true;
  value.count = static_cast<std::int64_t>(run.hits.size());
  std::int64_t count_bp = 0;
  for (const Hit& hit : run.hits) count_bp += hit.share_bp;
  if (count_bp != value.count * project::kWholeShare) value.count_bp = count_bp;
  value.left_out_evidence = run.left_out_evidence;
  value.left_out_amount = run.left_out_amount;
  if (d.measure != figure::Measure::project_count) {
    Money sum;
    for (const Hit& hit : run.hits) sum = sum.Plus(Money::FromMinor(hit.minor)).value();
    value.sum_minor = sum;
  }
  return value;
}

}  // namespace

Result<FigureList> QueryFigures(const Frame& frame, const FigureFilter& filter) {
  LF_ASSIGN(const Period period, PeriodOf(frame, filter));
  FigureList list;
  list.standing = StandingOf(frame);
  for (std::size_t i = 0; i < frame.state.figure.definitions.size(); ++i) {
    Computation run(frame, filter, period.from, period.to);
    list.rows.push_back(Compute(frame, i, filter, period, run));
  }
  return list;
}

Result<FigureValue> QueryFigure(const Frame& frame, std::string_view id, const FigureFilter& filter) {
  const int at = frame.state.figure.Find(id);
  if (at < 0) return NotFound("figure.unknown", std::string(id));
  LF_ASSIGN(const Period period, PeriodOf(frame, filter));
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  Computation run(frame, filter, period.from, period.to);
  FigureValue value = Compute(frame, static_cast<std::size_t>(at), filter, period, run);
  std::sort(run.hits.begin(), run.hits.end(),
            [](const Hit& a, const Hit& b) { return std::tie(a.day, a.seq) < std::tie(b.day, b.seq); });
  const project::State& s = frame.state.project;
  const std::size_t end = std::min(run.hits.size(), offset + filter.limit);
  for (std::size_t i = offset; i < end; ++i) {
    const Hit& hit = run.hits[i];
    FigureRecord record{static_cast<std::int64_t>(hit.seq),
                        ProjectId::FromIndex(hit.project),
                        std::nullopt,
                        std::string(s.title.Get(hit.project)),
                        DayFromNumber(hit.day),
                        std::nullopt,
                        static_cast<project::EvidenceLevel>(hit.level),
                        std::nullopt};
    if (!s.code.Get(hit.project).empty()) record.code = std::string(s.code.Get(hit.project));
    if (hit.share_bp != project::kWholeShare) record.share_bp = hit.share_bp;
    if (hit.minor != project::kNoMoney) record.amount_minor = Money::FromMinor(hit.minor);
    value.records.push_back(std::move(record));
  }
  if (end < run.hits.size()) value.next_cursor = CursorAt(end);
  return value;
}

}  // namespace landfall::app
