// SPDX-License-Identifier: Apache-2.0
#include "app/query_claims.h"

#include <algorithm>
#include <set>

#include "app/board_scan.h"
#include "claim/interval.h"

namespace landfall::app {
namespace {

using claim::ClaimId;
using claim::ClaimRecorded;
using claim::Interval;
using claim::Rounding;
using claim::Rule;
using claim::Wide;

bool HasNumber(const ClaimRecorded& c) { return !c.values.items.empty(); }

std::string PrintedOf(const ClaimRecorded& c) {
  const char* between = c.kind == claim::Kind::proportion ? ":" : "–";
  std::string text;
  for (const Code<24>& value : c.values.items) text += (text.empty() ? "" : between) + value.value;
  return text;
}

// An interval in the printed unit of `like`: "353.3333–353.3745", or one number.
std::string TextOf(const Interval& interval, const ClaimRecorded& like) {
  const Wide scale = claim::ScaleOf(like) * claim::kOne;
  const auto end = [&](Wide n, Rounding rounding) { return claim::QuotientText(n, scale, rounding); };
  if (interval.low && interval.high && *interval.low == *interval.high) return end(*interval.low, Rounding::kNearest);
  const std::string low = interval.low ? end(*interval.low, Rounding::kDown) : std::string();
  const std::string high = interval.high ? end(*interval.high, Rounding::kUp) : std::string();
  return low + "–" + high;
}

// One relation, or one declared figure, checked.
class Checker {
 public:
  explicit Checker(const Frame& frame) : frame_(frame), s_(frame.state.claim) {}

  // Nothing when one of its claims was withdrawn or has no number to check.
  std::optional<ClaimCheck> Check(const claim::Relation& relation) const {
    const claim::ClaimRelated& r = relation.event;
    const ClaimRecorded& subject = s_.claims[r.on.index()];
    if (!s_.Stands(r.on) || !HasNumber(subject)) return std::nullopt;
    for (const ClaimId operand : r.operands.items)
      if (!s_.Stands(operand) || !HasNumber(s_.claims[operand.index()])) return std::nullopt;
    ClaimCheck check;
    check.rule = EnumName(r.rule);
    check.claim = {r.on.ToString(), NameOf(r.on)};
    check.claimed = PrintedOf(subject);
    if (r.rule == Rule::counts) {
      CheckRecords(r, subject, check);
      return check;
    }
    check.inputs.push_back(InputOf(r.on));
    for (const ClaimId operand : r.operands.items) check.inputs.push_back(InputOf(operand));
    CheckArithmetic(r, subject, check);
    return check;
  }

  // Nothing when the claim names no figure. Errors of the figure's query cannot be: Decide checked key and days.
  std::optional<ClaimCheck> CheckFigure(ClaimId id) const {
    const ClaimRecorded& subject = s_.claims[id.index()];
    if (!subject.figure || !HasNumber(subject) || !s_.Stands(id)) return std::nullopt;
    FigureFilter filter;
    filter.from = subject.from;
    filter.to = subject.to;
    filter.region = subject.region;
    filter.limit = claim::kRecordsMax;
    const auto value = QueryFigure(frame_, subject.figure->value, filter);
    if (!value) return std::nullopt;
    ClaimCheck check;
    check.rule = "figure";
    check.claim = {id.ToString(), NameOf(id)};
    check.claimed = PrintedOf(subject);
    const Wide found = value->sum_minor ? OfMinor(value->sum_minor->minor()) : Wide{value->count} * claim::kOne;
    check.found = TextOf({found, found}, subject);
    check.inputs.push_back({value->figure.id, value->figure.zh, check.found, UnitOf(id), 0, std::nullopt, false});
    for (const FigureRecord& record : value->records)
      check.inputs.push_back({record.project.ToString(), record.title,
                              value->sum_minor && record.amount_minor ? MinorText(*record.amount_minor, subject) : "",
                              value->sum_minor ? UnitOf(id) : std::string(), record.seq, std::nullopt, false});
    check.result = value->count == 0                                  ? CheckOutcome::incomplete
                   : Meet(claim::IntervalOf(subject), {found, found}) ? CheckOutcome::holds
                                                                      : CheckOutcome::fails;
    return check;
  }

  std::string NameOf(ClaimId id) const { return std::string(s_.name.Get(id.index())); }
  std::string UnitOf(ClaimId id) const { return std::string(s_.unit.Get(id.index())); }

 private:
  CheckInput InputOf(ClaimId id) const {
    return {id.ToString(),
            NameOf(id),
            PrintedOf(s_.claims[id.index()]),
            UnitOf(id),
            static_cast<std::int64_t>(s_.seqs[id.index()]),
            std::nullopt};
  }
  // Minor units of the jurisdiction's currency as half millionths of its unit.
  Wide OfMinor(std::int64_t minor) const {
    Wide per_unit = 1;
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(frame_.state.admin.currency_decimals); ++i) per_unit *= 10;
    return Wide{minor} * (claim::kOne / per_unit);
  }
  std::string MinorText(Money amount, const ClaimRecorded& like) const {
    const Wide value = OfMinor(amount.minor());
    return TextOf({value, value}, like);
  }

  // Whether the report itself made the record: it cannot be evidence for what the same report claims.
  template <class Id>
  bool MadeBy(const Code<20>& report, Id id) const {
    for (const ClaimRecorded& c : s_.claims) {
      if (c.report != report) continue;
      if constexpr (std::is_same_v<Id, ProjectId>) {
        if (c.category == claim::Category::project && c.project == id) return true;
      } else {
        if (c.category == claim::Category::enterprise && c.enterprise == id) return true;
      }
    }
    return false;
  }

  // The records that a report names are examples: fewer than it counts say nothing against it, more do.
  void CheckRecords(const claim::ClaimRelated& r, const ClaimRecorded& subject, ClaimCheck& check) const {
    const bool sum = subject.kind == claim::Kind::sum;
    std::set<std::uint32_t> projects, enterprises;
    Wide amount = 0;
    bool known = true;       // every amount
    bool of_report = false;  // any record
    for (const ProjectId id : r.projects.items) {
      const project::State& p = frame_.state.project;
      const std::uint32_t other = p.files.counted_in[id.index()];
      const ProjectId counts = other != 0 ? ProjectId{other} : id;
      CheckInput input{id.ToString(), std::string(p.title.Get(id.index())), "", "", 0, std::nullopt, false};
      if (other != 0) input.counted_in = ProjectRef(p, other);
      input.of_report = MadeBy(subject.report, id);
      of_report = of_report || input.of_report;
      if (projects.insert(counts.raw).second && sum) {
        const std::int64_t investment = p.investment[counts.index()];
        known = known && investment != project::kNoMoney;
        if (investment != project::kNoMoney) {
          amount += OfMinor(investment);
          input.value = MinorText(Money::FromMinor(investment), subject);
          input.unit_words = UnitOf(r.on);
        }
      }
      check.inputs.push_back(std::move(input));
    }
    for (const EnterpriseId id : r.enterprises.items) {
      const enterprise::State& e = frame_.state.enterprise;
      const EnterpriseId other = e.SameAs(id);
      CheckInput input{id.ToString(), std::string(e.name.Get(id.index())), "", "", 0, std::nullopt, false};
      if (other) input.counted_in = NamedRef{other.ToString(), std::string(e.name.Get(other.index()))};
      input.of_report = MadeBy(subject.report, id);
      of_report = of_report || input.of_report;
      enterprises.insert(other ? other.raw : id.raw);
      check.inputs.push_back(std::move(input));
    }
    const Wide found = sum ? amount : static_cast<Wide>(projects.size() + enterprises.size()) * claim::kOne;
    check.found = TextOf({found, found}, subject);
    const Interval claimed = claim::IntervalOf(subject);
    check.result = claimed.high && found > *claimed.high ? CheckOutcome::fails
                   : (!claimed.low || found >= *claimed.low) && known && !of_report && found > 0
                       ? CheckOutcome::holds
                       : CheckOutcome::incomplete;
  }

  void CheckArithmetic(const claim::ClaimRelated& r, const ClaimRecorded& subject, ClaimCheck& check) const {
    const Interval own = claim::IntervalOf(subject);
    const auto compare = [&](const Interval& other, bool agree) {
      check.found = TextOf(other, subject);
      check.result = agree ? CheckOutcome::holds : CheckOutcome::fails;
    };
    if (r.rule == Rule::whole) {
      std::vector<Interval> parts;
      Wide middle = 0;
      for (std::size_t i = 0; i < subject.values.items.size(); ++i) {
        parts.push_back(claim::IntervalOf(subject, i));
        middle += claim::MiddleOf(subject, i);
      }
      const Wide hundred = 100 * claim::kOne;
      compare({middle, middle}, Meet(claim::Sum(parts), {hundred, hundred}));
      return;
    }
    const ClaimId first = r.operands.items[0];
    const ClaimRecorded& operand = s_.claims[first.index()];
    const Interval other = claim::IntervalOf(operand);
    switch (r.rule) {
      case Rule::same_as:
        return compare(other, Meet(own, other));
      case Rule::sum_of: {
        std::vector<Interval> parts;
        for (const ClaimId id : r.operands.items) parts.push_back(claim::IntervalOf(s_.claims[id.index()]));
        const Interval sum = claim::Sum(parts);
        return compare(sum, Meet(own, sum));
      }
      case Rule::subset_of:
        return compare(other, !own.low || !other.high || *own.low <= *other.high);
      case Rule::increase_of: {
        compare(other, !own.low || !other.high || *own.low <= *other.high);
        if (!own.low || !own.high || !other.low || !other.high || check.result == CheckOutcome::fails) return;
        const Wide scale = claim::ScaleOf(operand) * claim::kOne;
        const Wide middle = claim::MiddleOf(operand) - claim::MiddleOf(subject);
        check.derived = DerivedValue{claim::QuotientText(middle, scale, Rounding::kNearest),
                                     claim::QuotientText(*other.low - *own.high, scale, Rounding::kDown),
                                     claim::QuotientText(*other.high - *own.low, scale, Rounding::kUp), UnitOf(first)};
        return;
      }
      case Rule::growth_of:
        return Divide(check, operand, first, Wide{100} * claim::kOne, subject);
      case Rule::share_of:
        return Divide(check, operand, first, Wide{0}, subject);
      case Rule::completion_of:
      case Rule::mean_of:
        return Spread(r, subject, operand, check);
      default:
        LF_CHECK(false);  // counts and whole were answered above.
    }
  }

  // level ÷ ((base + percent) ÷ 100): what it was before it grew by the percentage (base 100), or the whole of which it
  // is the percentage (base 0).
  void Divide(ClaimCheck& check, const ClaimRecorded& level, ClaimId level_id, Wide base,
              const ClaimRecorded& percent) const {
    const Interval rate = claim::IntervalOf(percent), own = claim::IntervalOf(level);
    const bool open = !rate.low || !rate.high || !own.low || !own.high;
    // A share is at most a whole, and nothing shrinks by all of itself and is still there.
    if (open || base + *rate.low <= 0 || (base == 0 && *rate.low > 100 * claim::kOne)) {
      check.result = open ? CheckOutcome::incomplete : CheckOutcome::fails;
      return;
    }
    const Wide scale = claim::ScaleOf(level);
    const auto quotient = [&](Wide value, Wide by, Rounding rounding) {
      return claim::QuotientText(value / scale * 100, base + by, rounding);
    };
    check.result = CheckOutcome::derived;
    check.derived = DerivedValue{quotient(claim::MiddleOf(level), claim::MiddleOf(percent), Rounding::kNearest),
                                 quotient(*own.low, *rate.high, Rounding::kDown),
                                 quotient(*own.high, *rate.low, Rounding::kUp), UnitOf(level_id)};
  }

  // claim ÷ operand, as a percentage of a plan or as a mean in the claim's own unit.
  void Spread(const claim::ClaimRelated& r, const ClaimRecorded& subject, const ClaimRecorded& operand,
              ClaimCheck& check) const {
    const Interval own = claim::IntervalOf(subject), by = claim::IntervalOf(operand);
    if (!own.low || !own.high || !by.low || !by.high || *by.low <= 0) {
      check.result = CheckOutcome::incomplete;
      return;
    }
    const bool percent = r.rule == Rule::completion_of;
    const Wide scale = claim::ScaleOf(subject);
    const auto quotient = [&](Wide value, Wide divisor, Rounding rounding) {
      return percent ? claim::QuotientText(value / scale * 100, divisor / scale, rounding)
                     : claim::QuotientText(value / scale, divisor, rounding);
    };
    check.result = CheckOutcome::derived;
    check.derived = DerivedValue{quotient(claim::MiddleOf(subject), claim::MiddleOf(operand), Rounding::kNearest),
                                 quotient(*own.low, *by.high, Rounding::kDown),
                                 quotient(*own.high, *by.low, Rounding::kUp), percent ? "%" : UnitOf(r.on)};
  }

  const Frame& frame_;
  const claim::State& s_;
};

// What is known of each claim after all checks.
struct Outcome {
  bool backed = false, consistent = false, contradicted = false;
  std::string found;
};

bool OfRecords(const ClaimCheck& check) { return check.rule == "counts" || check.rule == "figure"; }

// `own`: the check is about this claim itself, which is then not an operand of another.
void Note(Outcome& outcome, const ClaimCheck& check, bool own) {
  const bool agrees = check.result == CheckOutcome::holds || check.result == CheckOutcome::derived;
  outcome.contradicted = outcome.contradicted || check.result == CheckOutcome::fails;
  outcome.backed = outcome.backed || (agrees && OfRecords(check));
  outcome.consistent = outcome.consistent || (agrees && !OfRecords(check));
  // The records' number is what a reader of the list wants beside the claim; a contradiction even more.
  if (own && !check.found.empty() && (OfRecords(check) || check.result == CheckOutcome::fails))
    outcome.found = check.found;
}

ClaimVerdict VerdictOf(const ClaimRecorded& c, const Outcome& outcome) {
  if (c.missing_in_source) return ClaimVerdict::missing;
  if (c.values.items.empty()) return ClaimVerdict::stated;
  if (outcome.contradicted) return ClaimVerdict::contradicted;
  if (outcome.backed) return ClaimVerdict::backed;
  return outcome.consistent ? ClaimVerdict::consistent : ClaimVerdict::unbacked;
}

bool SpeaksOf(const claim::ClaimRelated& r, ClaimId id) {
  return r.on == id || std::find(r.operands.items.begin(), r.operands.items.end(), id) != r.operands.items.end();
}

ClaimRow RowOf(const Frame& frame, ClaimId id, const Outcome& outcome) {
  const claim::State& s = frame.state.claim;
  const std::size_t i = id.index();
  const ClaimRecorded& c = s.claims[i];
  ClaimRow row;
  row.id = id;
  row.report = c.report.value;
  row.source = c.source.value;
  row.category = c.category;
  row.kind = c.kind;
  row.name = s.name.Get(i);
  row.name_erased = s.name.Erased(i);
  row.name_inferred = c.name_inferred;
  row.period = s.period.Get(i);
  row.unit_words = s.unit.Get(i);
  row.scope = s.scope.Get(i);
  for (const Code<24>& value : c.values.items) row.values.push_back(value.value);
  row.exponent = c.exponent.value;
  row.unit = c.unit;
  row.bound = c.bound;
  row.target = c.target;
  row.evidence_level = c.evidence_level;
  row.verdict = VerdictOf(c, outcome);
  row.found = outcome.found;
  if (c.region) row.region = RegionRef(frame.state, *c.region);
  if (c.project) row.project = ProjectRef(frame.state.project, c.project->raw);
  if (c.enterprise)
    row.enterprise =
        NamedRef{c.enterprise->ToString(), std::string(frame.state.enterprise.name.Get(c.enterprise->index()))};
  if (c.figure) row.figure = c.figure->value;
  row.from = c.from;
  row.to = c.to;
  row.seq = s.seqs[i];
  if (s.withdrawn[i] != 0) row.withdrawn_seq = s.withdrawn[i];
  return row;
}

std::int64_t& CountOf(VerdictCounts& counts, ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::backed:
      return counts.backed;
    case ClaimVerdict::consistent:
      return counts.consistent;
    case ClaimVerdict::unbacked:
      return counts.unbacked;
    case ClaimVerdict::contradicted:
      return counts.contradicted;
    case ClaimVerdict::missing:
      return counts.missing;
    case ClaimVerdict::stated:
      break;
  }
  return counts.stated;
}

}  // namespace

Result<ClaimList> QueryClaims(const Frame& frame, const ClaimFilter& filter) {
  LF_ASSIGN(const std::size_t offset, OffsetOf(filter.cursor));
  const claim::State& s = frame.state.claim;
  const Checker checker(frame);
  std::vector<Outcome> outcomes(s.claims.size());
  for (const claim::Relation& relation : s.relations) {
    const auto check = checker.Check(relation);
    if (!check) continue;
    Note(outcomes[relation.event.on.index()], *check, true);
    for (const ClaimId operand : relation.event.operands.items) Note(outcomes[operand.index()], *check, false);
  }
  ClaimList list;
  list.standing = StandingOf(frame);
  std::set<std::string> reports;
  const std::string needle = Lower(filter.text);
  for (std::size_t i = 0; i < s.claims.size(); ++i) {
    const ClaimRecorded& c = s.claims[i];
    const ClaimId id = ClaimId::FromIndex(i);
    reports.insert(c.report.value);
    if (s.Stands(id) == filter.withdrawn) continue;
    if (filter.report && c.report.value != *filter.report) continue;
    if (filter.category && c.category != *filter.category) continue;
    if (!needle.empty() && !Contains(s.name.Get(i), needle) && !Contains(c.source.value, needle)) continue;
    if (const auto check = checker.CheckFigure(id)) Note(outcomes[i], *check, true);
    const ClaimVerdict verdict = VerdictOf(c, outcomes[i]);
    if (!filter.words && verdict == ClaimVerdict::stated) continue;
    ++CountOf(list.counts, verdict);
    if (filter.verdict && verdict != *filter.verdict) continue;
    const auto at = static_cast<std::size_t>(list.total++);
    if (at >= offset && at < offset + filter.limit) list.rows.push_back(RowOf(frame, id, outcomes[i]));
  }
  list.reports.assign(reports.begin(), reports.end());
  if (offset + list.rows.size() < static_cast<std::size_t>(list.total))
    list.next_cursor = CursorAt(offset + list.rows.size());
  return list;
}

Result<ClaimPage> QueryClaim(const Frame& frame, ClaimId id) {
  const claim::State& s = frame.state.claim;
  if (!s.Knows(id)) return NotFound("claim.unknown", {}, "id");
  const Checker checker(frame);
  ClaimPage page;
  page.standing = StandingOf(frame);
  Outcome outcome;
  for (const claim::Relation& relation : s.relations) {
    if (!SpeaksOf(relation.event, id)) continue;
    if (auto check = checker.Check(relation)) page.checks.push_back(*std::move(check));
  }
  if (auto check = checker.CheckFigure(id)) page.checks.push_back(*std::move(check));
  for (const ClaimCheck& check : page.checks) Note(outcome, check, check.claim.id == id.ToString());
  page.claim = RowOf(frame, id, outcome);
  return page;
}

}  // namespace landfall::app
