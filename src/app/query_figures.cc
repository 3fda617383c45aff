// SPDX-License-Identifier: Apache-2.0
// Figures: a declared count or sum over facts in a period, with the records behind every value.
#include <algorithm>
#include <unordered_map>

#include "app/board_scan.h"
#include "app/known_view.h"
#include "app/query_known.h"

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

template <class Facts>
class Computation {
 public:
  Computation(const Frame& frame, const FigureFilter& filter, Day from, Day to)
      : s_(frame.state.project),
        facts_(frame),
        scope_(frame, filter.unit, filter.region, filter.region_only),
        from_(DayNumber(from)),
        to_(DayNumber(to)) {}

  std::int64_t left_out_evidence = 0, left_out_amount = 0;
  std::vector<Hit> hits;

  void Run(const figure::FigureDefined& d) {
    if (d.measure == figure::Measure::funds_sum) return RunFunds(d);
    if (!figure::IsOfMilestone(d.measure)) return RunResults(d);
    const int ladder = s_.FindLadder(d.ladder->value);
    if (ladder < 0) return;
    const int rung = s_.ladders[static_cast<std::size_t>(ladder)].Find(d.milestone->value);
    if (rung < 0) return;
    const bool needs_amount = d.at_least_minor || d.measure == figure::Measure::investment_sum;
    facts_.Reached(static_cast<std::size_t>(ladder), static_cast<std::size_t>(rung), from_, to_,
                   [&](const StandingFact& fact) {
                     const std::size_t p = fact.project;
                     if (!facts_.Counts(p)) return;
                     const std::uint32_t share = ShareOf(p);
                     const std::int64_t investment = facts_.InvestmentOf(p);
                     if (share == 0 || !Passes(d, fact.level, investment, needs_amount)) return;
                     Add(fact, investment, share);
                   });
  }

 private:
  void RunFunds(const figure::FigureDefined& d) {
    // A figure that asks for verified money counts what the vouchers bear out, not what was stated.
    const bool by_voucher = d.evidence == project::EvidenceLevel::verified;
    facts_.Funds(from_, to_, by_voucher, [&](const StandingFact& fact) {
      if (!facts_.Counts(fact.project)) return;
      const std::uint32_t share = ShareOf(fact.project);
      if (share == 0) return;
      if (d.funds_kind && fact.kind != static_cast<std::uint8_t>(*d.funds_kind)) return;
      if (!Passes(d, fact.level, facts_.InvestmentOf(fact.project), d.at_least_minor.has_value())) return;
      Add(fact, fact.minor, share);
    });
  }
  void Add(const StandingFact& fact, std::int64_t minor, std::uint32_t share) {
    const auto project = static_cast<std::uint32_t>(fact.project);
    hits.push_back({fact.day, project, fact.seq, Part(fact.project, minor), fact.level, share});
  }
  // What a record of results says of a measure; kNoMoney: nothing.
  static std::int64_t ResultOf(const project::ResultRow& r, figure::Measure measure) {
    const auto stock = [](std::int32_t n) { return n < 0 ? project::kNoMoney : std::int64_t{n}; };
    switch (measure) {
      case figure::Measure::output_sum:
        return r.output;
      case figure::Measure::tax_sum:
        return r.tax;
      case figure::Measure::jobs_sum:
        return stock(r.jobs);
      case figure::Measure::land_sum:
        return stock(r.land);
      default:
        return project::kNoMoney;
    }
  }
  void RunResults(const figure::FigureDefined& d) {
    const bool stock = figure::IsOfStock(d.measure);
    const auto in_period = [&](const project::ResultRow& r) {
      const std::int32_t day = DayNumber(landfall::Period{r.last}.Last());
      return facts_.Stands(r) && ResultOf(r, d.measure) != project::kNoMoney && day >= from_ && day <= to_;
    };
    // Of jobs and land the newest of each project; no two standing records tell of the same month's end.
    std::unordered_map<std::uint32_t, std::int32_t> newest;
    if (stock)
      for (const project::ResultRow& r : s_.files.results)
        if (in_period(r)) newest[r.project] = std::max(newest.try_emplace(r.project, r.last).first->second, r.last);
    for (const project::ResultRow& r : s_.files.results) {
      const std::size_t p = r.project - 1;
      if (!in_period(r) || !facts_.Counts(p) || (stock && newest[r.project] != r.last)) continue;
      const std::int64_t minor = ResultOf(r, d.measure);
      const std::int32_t day = DayNumber(landfall::Period{r.last}.Last());
      const std::uint32_t share = ShareOf(p);
      if (share == 0) continue;
      const auto level = static_cast<std::uint8_t>(r.evidence != 0 ? project::EvidenceLevel::document
                                                                   : project::EvidenceLevel::stated);
      if (!Passes(d, level, facts_.InvestmentOf(p), d.at_least_minor.has_value())) continue;
      hits.push_back({day, static_cast<std::uint32_t>(p), r.seq, Part(p, minor), level, share});
    }
  }
  // Whoever shares the credit for a project has that part of it in a figure of its unit; a threshold looks at the
  // whole.
  std::uint32_t ShareOf(std::size_t p) const {
    if (scope_.everything()) return project::kWholeShare;
    const std::span<const project::Share> shares = facts_.SharesOf(p);
    const std::uint32_t region = facts_.RegionOf(p);
    if (shares.empty()) return scope_.HadBy(facts_.OwnerOf(p), region, p) ? project::kWholeShare : 0;
    std::uint32_t sum = 0;
    for (const project::Share& share : shares) sum += scope_.HasUnit(share.unit) ? share.bp : 0;
    return scope_.HasRegionRaw(region) ? sum : 0;
  }
  std::int64_t Part(std::size_t p, std::int64_t minor) const {
    if (minor == project::kNoMoney || scope_.everything()) return minor;
    const std::span<const project::Share> shares = facts_.SharesOf(p);
    if (shares.empty()) return minor;
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
  Facts facts_;
  Scope scope_;
  std::int32_t from_, to_;
};

struct Span {
  Day from, to;
};
Result<Span> SpanOf(const Frame& frame, const FigureFilter& filter) {
  const std::chrono::year_month_day as_of{frame.as_of};
  Span period{filter.from.value_or(Day(as_of.year() / std::chrono::January / 1)), filter.to.value_or(frame.as_of)};
  // Facts after as_of are not yet true on that day.
  period.to = std::min(period.to, frame.as_of);
  if (filter.from && filter.to && *filter.from > *filter.to) return Invalid("figure.period_reversed", {}, "to");
  return period;
}

template <class Facts>
FigureValue Compute(const Frame& frame, std::size_t i, const FigureFilter& filter, Span period,
                    Computation<Facts>& run) {
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
  if (figure::IsOfStock(d.measure)) {
    std::int64_t sum = 0;  // Some 10⁶ projects of at most 2³¹ each: it cannot overflow.
    for (const Hit& hit : run.hits) sum += hit.minor;
    value.sum = sum;
  } else if (d.measure != figure::Measure::project_count) {
    Money sum;
    for (const Hit& hit : run.hits) sum = sum.Plus(Money::FromMinor(hit.minor)).value();
    value.sum_minor = sum;
  }
  return value;
}

// Whether a title on the page is the one that was known. Those of the newest state are.
bool TitleHolds(const NewestFacts&, const Frame&, std::size_t) { return true; }
bool TitleHolds(const KnownFacts&, const Frame& frame, std::size_t project) {
  return frame.state.project.title.Seq(project) <= frame.known_at;
}

// The page of records that the filter asks for. False: a title does not hold.
template <class Facts>
bool AddRecords(const Frame& frame, const FigureFilter& filter, std::size_t offset, std::vector<Hit>& hits,
                FigureValue& value) {
  std::sort(hits.begin(), hits.end(),
            [](const Hit& a, const Hit& b) { return std::tie(a.day, a.seq) < std::tie(b.day, b.seq); });
  const project::State& s = frame.state.project;
  const Facts facts(frame);
  const std::size_t end = std::min(hits.size(), offset + filter.limit);
  for (std::size_t i = offset; i < end; ++i) {
    const Hit& hit = hits[i];
    if (!TitleHolds(facts, frame, hit.project)) return false;
    FigureRecord record{static_cast<std::int64_t>(hit.seq),
                        ProjectId::FromIndex(hit.project),
                        std::nullopt,
                        std::string(s.title.Get(hit.project)),
                        DayFromNumber(hit.day),
                        std::nullopt,
                        std::nullopt,
                        static_cast<project::EvidenceLevel>(hit.level),
                        std::nullopt};
    if (!s.code.Get(hit.project).empty()) record.code = std::string(s.code.Get(hit.project));
    if (hit.share_bp != project::kWholeShare) record.share_bp = hit.share_bp;
    if (value.sum)
      record.amount = hit.minor;
    else if (hit.minor != project::kNoMoney)
      record.amount_minor = Money::FromMinor(hit.minor);
    value.records.push_back(std::move(record));
  }
  if (end < hits.size()) value.next_cursor = CursorAt(end);
  return true;
}

// Which of the definitions was in force when the record frame.known_at was the newest.
enum class Defined : std::uint8_t { kThen, kLater, kOtherwise };  // kOtherwise: in another version
Defined DefinedAt(const Frame& frame, std::size_t i) {
  const figure::Definition& definition = frame.state.figure.definitions[i];
  if (definition.seq <= frame.known_at) return Defined::kThen;
  return definition.event.version.value == 1 ? Defined::kLater : Defined::kOtherwise;
}

}  // namespace

Result<FigureList> QueryFigures(const Frame& frame, const FigureFilter& filter) {
  LF_ASSIGN(const Span period, SpanOf(frame, filter));
  FigureList list;
  list.standing = StandingOf(frame);
  for (std::size_t i = 0; i < frame.state.figure.definitions.size(); ++i) {
    Computation<NewestFacts> run(frame, filter, period.from, period.to);
    list.rows.push_back(Compute(frame, i, filter, period, run));
  }
  return list;
}

Result<FigureValue> QueryFigure(const Frame& frame, std::string_view id, const FigureFilter& filter) {
  const int at = frame.state.figure.Find(id);
  if (at < 0) return NotFound("figure.unknown", std::string(id));
  LF_ASSIGN(const Span period, SpanOf(frame, filter));
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  Computation<NewestFacts> run(frame, filter, period.from, period.to);
  FigureValue value = Compute(frame, static_cast<std::size_t>(at), filter, period, run);
  (void)AddRecords<NewestFacts>(frame, filter, offset, run.hits, value);
  return value;
}

Result<FigureValue> QueryFigureValue(const Frame& frame, std::string_view id, const FigureFilter& filter) {
  const int at = frame.state.figure.Find(id);
  if (at < 0) return NotFound("figure.unknown", std::string(id));
  LF_ASSIGN(const Span period, SpanOf(frame, filter));
  Computation<NewestFacts> run(frame, filter, period.from, period.to);
  return Compute(frame, static_cast<std::size_t>(at), filter, period, run);
}

std::optional<Result<FigureList>> KnownFigures(const Frame& frame, const FigureFilter& filter) {
  if (!NamesHold(frame, filter.unit, filter.region)) return std::nullopt;
  const auto period = SpanOf(frame, filter);
  if (!period) return period.error();
  FigureList list;
  list.standing = StandingOf(frame);
  for (std::size_t i = 0; i < frame.state.figure.definitions.size(); ++i) {
    const Defined defined = DefinedAt(frame, i);
    if (defined == Defined::kOtherwise) return std::nullopt;
    if (defined == Defined::kLater) continue;
    Computation<KnownFacts> run(frame, filter, period->from, period->to);
    list.rows.push_back(Compute(frame, i, filter, *period, run));
  }
  return list;
}

std::optional<Result<FigureValue>> KnownFigure(const Frame& frame, std::string_view id, const FigureFilter& filter) {
  const int at = frame.state.figure.Find(id);
  if (at < 0) return NotFound("figure.unknown", std::string(id));
  const auto i = static_cast<std::size_t>(at);
  const Defined defined = DefinedAt(frame, i);
  if (defined == Defined::kOtherwise || !NamesHold(frame, filter.unit, filter.region)) return std::nullopt;
  if (defined == Defined::kLater) return NotFound("figure.unknown", std::string(id));
  const auto period = SpanOf(frame, filter);
  if (!period) return period.error();
  const auto offset = OffsetOf(filter.cursor);
  if (!offset) return offset.error();
  Computation<KnownFacts> run(frame, filter, period->from, period->to);
  FigureValue value = Compute(frame, i, filter, *period, run);
  if (!AddRecords<KnownFacts>(frame, filter, *offset, run.hits, value)) return std::nullopt;
  return value;
}

}  // namespace landfall::app
