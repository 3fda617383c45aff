// SPDX-License-Identifier: Apache-2.0
#include "app/query_file.h"

#include "app/board_scan.h"

namespace landfall::app {
namespace {

using project::FileState;
using project::kNoDay;
using project::kNoMoney;

std::optional<Money> MoneyOf(std::int64_t minor) {
  return minor == kNoMoney ? std::nullopt : std::optional(Money::FromMinor(minor));
}
std::optional<Day> DayOf(std::int32_t day) { return day == kNoDay ? std::nullopt : std::optional(DayFromNumber(day)); }
std::optional<std::string> TextOf(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

// Nothing where nothing was promised to be there: a part of nothing is no number.
std::optional<std::int64_t> PercentOf(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return static_cast<std::int64_t>(static_cast<__int128>(part) * 10'000 / whole);
}

class Spelling {
 public:
  Spelling(const Frame& frame, const Actor& reader, ProjectId id)
      : frame_(frame),
        state_(frame.state),
        s_(frame.state.project),
        f_(frame.state.project.files),
        reader_(project::AccountOf(reader)),
        p_(id.index()),
        as_of_(DayNumber(frame.as_of)) {}

  void Agreement(ProjectFile& file) const {
    for (std::uint32_t at = f_.heads[p_].agreement; at != 0; at = f_.agreements[at - 1].previous)
      file.withdrawn_agreements += f_.agreements[at - 1].withdrawn_by != 0;
    const project::Agreement* agreement = f_.AgreementOf(p_);
    if (agreement == nullptr || agreement->day > as_of_) return;
    AgreementView& view = file.agreement.emplace();
    view.seq = agreement->seq;
    view.signed_on = DayFromNumber(agreement->day);
    view.evidence = agreement->evidence;
    for (std::uint32_t at = agreement->counterpart; at != 0; at = f_.counterparts[at - 1].previous) {
      const project::Counterpart& c = f_.counterparts[at - 1];
      if (c.day > as_of_) continue;
      view.counterparts.push_back({c.seq, DayFromNumber(c.day), static_cast<project::CounterpartKind>(c.kind),
                                   TextOf(f_.counterpart_number.Get(at - 1)),
                                   std::string(f_.counterpart_name.Get(at - 1)), f_.counterpart_name.Erased(at - 1)});
    }
    for (std::uint32_t at = agreement->commitment; at != 0; at = f_.commitments[at - 1].previous)
      if (f_.commitments[at - 1].day <= as_of_) file.commitments.push_back(Promise(f_.commitments[at - 1]));
    for (std::size_t i = 0; i < file.commitments.size(); ++i)
      file.commitments[i].version = static_cast<std::int64_t>(file.commitments.size() - i);
  }

  void Facts(ProjectFile& file) const {
    CommitmentFacts& facts = file.facts;
    if (const std::uint32_t at = s_.reports.LastAsOf(p_, as_of_); at != 0) {
      const project::Report& report = s_.reports.rows[at - 1];
      facts.completed_minor = Money::FromMinor(report.total);
      facts.completed_in = Period{report.period};
      facts.completed_seq = report.seq;
    }
    facts.funds_minor = Money::FromMinor(s_.FundsAt(p_, as_of_));
    Reached("started", facts.start_on, facts.start_seq);
    Reached("production", facts.production_on, facts.production_seq);
    std::optional<Day> signed_on;
    std::optional<std::int64_t> signed_seq;
    Reached("signed", signed_on, signed_seq);
    if (signed_on && facts.start_on) facts.sign_to_start_days = (*facts.start_on - *signed_on).count();
  }

  void Results(ProjectFile& file) const {
    const project::Commitment* promise = f_.CommitmentAt(p_, as_of_);
    if (promise != nullptr && promise->investment != kNoMoney && file.facts.completed_minor)
      file.facts.completed_bp = PercentOf(file.facts.completed_minor->minor(), promise->investment);
    using Measure = project::ResultMeasure;
    const auto promised = [&](Measure measure) -> std::int64_t {
      if (promise == nullptr) return kNoMoney;
      const auto stated = [](std::int32_t n) { return n < 0 ? kNoMoney : std::int64_t{n}; };
      switch (measure) {
        case Measure::output:
          return promise->output;
        case Measure::tax:
          return promise->tax;
        case Measure::jobs:
          return stated(promise->jobs);
        case Measure::land:
          return stated(promise->land);
      }
      return kNoMoney;
    };
    for (const Measure measure : {Measure::output, Measure::tax, Measure::jobs, Measure::land}) {
      const std::int64_t wanted = promised(measure);
      const project::State::Achieved brought = s_.AchievedOf(p_, measure, as_of_);
      const bool known = !brought.seqs.empty(), money = measure == Measure::output || measure == Measure::tax;
      if (wanted == kNoMoney && !known) continue;
      FulfilmentView& view = file.fulfilment.emplace_back();
      view.measure = measure;
      if (wanted != kNoMoney) view.promised_seq = promise->seq;
      if (wanted != kNoMoney && money) view.promised_minor = Money::FromMinor(wanted);
      if (wanted != kNoMoney && !money) view.promised = wanted;
      if (!known) continue;
      if (money)
        view.achieved_minor = Money::FromMinor(brought.value);
      else
        view.achieved = brought.value;
      if (wanted != kNoMoney) view.fulfilled_bp = PercentOf(brought.value, wanted);
      view.first_period = Period{brought.first};
      view.last_period = Period{brought.last};
      if (money) view.months = brought.months;
      view.evidence_level = brought.documented ? project::EvidenceLevel::document : project::EvidenceLevel::stated;
      view.seqs.assign(brought.seqs.begin(), brought.seqs.end());
    }
    FullOutput(file, promise);
    for (std::uint32_t at = f_.heads[p_].result; at != 0; at = f_.results[at - 1].previous) {
      const project::ResultRow& row = f_.results[at - 1];
      if (DayNumber(Period{row.last}.Last()) > as_of_) continue;
      ResultView& view = file.results.emplace_back();
      view.seq = row.seq;
      if (row.by != 0) view.by_name = DisplayOf(frame_.state, row.by);
      view.first_period = Period{row.first};
      view.last_period = Period{row.last};
      view.output_minor = MoneyOf(row.output);
      view.tax_minor = MoneyOf(row.tax);
      if (row.jobs >= 0) view.jobs = row.jobs;
      if (row.land >= 0) view.land_mu_hundredths = row.land;
      view.evidence = row.evidence;
      if (row.ended_by != 0) view.ended_by = row.ended_by;
    }
  }

  void FullOutput(ProjectFile& file, const project::Commitment* promise) const {
    const project::State::FullOutput full = s_.FullOutputOf(p_, as_of_);
    if (full.needed_months == 0) return;
    FullOutputView& view = file.full_output.emplace();
    view.promised_seq = promise->seq;
    view.needed_bp = full.needed_bp;
    view.needed_months = full.needed_months;
    if (full.known) view.months = full.months;
    if (full.reached_in != INT32_MIN) view.reached_in = Period{full.reached_in};
    view.seqs.assign(full.seqs.begin(), full.seqs.end());
  }

  void Papers(ProjectFile& file) const {
    for (const project::Guard& guard : Ladder().guards) {
      GuardView view{guard.rung.value, guard.any.items, std::nullopt};
      for (const project::Ground ground : guard.any.items)
        if (!view.met_by && s_.HasGround(p_, ground, as_of_)) view.met_by = ground;
      file.guards.push_back(std::move(view));
    }
    for (std::uint32_t at = f_.heads[p_].ground; at != 0; at = f_.grounds[at - 1].previous) {
      const project::GroundRow& row = f_.grounds[at - 1];
      if (row.day > as_of_) continue;
      PaperView view{row.seq,
                     static_cast<project::Ground>(row.ground),
                     DayFromNumber(row.day),
                     TextOf(f_.ground_number.Get(at - 1)),
                     row.evidence,
                     std::nullopt};
      if (row.withdrawn_by != 0) view.withdrawn_by = row.withdrawn_by;
      file.papers.push_back(std::move(view));
    }
  }

  void Baselines(ProjectFile& file) const {
    const project::Baseline* in_force = f_.BaselineOf(p_);
    const std::vector<project::Rung>& rungs = Ladder().rungs;
    for (std::uint32_t at = f_.heads[p_].baseline; at != 0; at = f_.baselines[at - 1].previous) {
      const project::Baseline& row = f_.baselines[at - 1];
      BaselineView view;
      view.seq = row.seq;
      view.effective_on = DayFromNumber(row.day);
      view.by = DisplayOf(state_, row.by);
      view.by_me = row.by == reader_;
      view.verdict = static_cast<BaselineVerdict>(row.state);
      view.in_force = &row == in_force;
      if (row.decided_seq != 0) {
        view.decided_seq = row.decided_seq;
        view.decided_on = DayOf(row.decided_day);
        view.decided_by = DisplayOf(state_, row.decided_by);
      }
      for (std::size_t r = 0; r < rungs.size(); ++r)
        if (const auto day = DayOf(f_.baseline_days[row.first_day + r])) view.days.push_back({rungs[r].key, *day});
      file.baselines.push_back(std::move(view));
    }
    for (std::size_t r = 0; in_force != nullptr && r < rungs.size(); ++r)
      file.plan_differs =
          file.plan_differs || s_.planned[s_.first_slot[p_] + r] != f_.baseline_days[in_force->first_day + r];
  }

  void Blocks(ProjectFile& file) const {
    for (std::uint32_t at = f_.heads[p_].block; at != 0; at = f_.blocks[at - 1].previous) {
      const project::Block& row = f_.blocks[at - 1];
      if (row.day > as_of_) continue;
      BlockView view;
      view.seq = row.seq;
      view.block = static_cast<project::BlockKind>(row.kind);
      view.milestone = Ladder().rungs[row.rung].key.value;
      view.owner_unit = UnitRef(state_, UnitId{row.owner});
      view.effective_on = DayFromNumber(row.day);
      view.due_on = DayFromNumber(row.due);
      const bool solved = row.solved != kNoDay && row.solved <= as_of_;
      if (solved) {
        view.solved_on = DayFromNumber(row.solved);
        view.solved_seq = row.solved_seq;
      }
      view.days = (solved ? row.solved : as_of_) - row.day;
      view.text = std::string(f_.block_text.Get(at - 1));
      view.text_erased = f_.block_text.Erased(at - 1);
      file.blocks.push_back(std::move(view));
    }
  }

  void Funds(ProjectFile& file) const {
    std::array<FundsReadingView, boost::mp11::mp_size<boost::describe::describe_enumerators<project::FundsKind>>::value>
        kinds;
    for (std::uint32_t at = s_.last_receipt[p_]; at != 0; at = s_.receipts.Previous(at - 1)) {
      const project::Receipt receipt = s_.ReceiptAt(at - 1);
      if (receipt.reversed_by != 0 || receipt.day > as_of_) continue;
      const project::FundsReading& reading = f_.readings[at - 1];
      FundsReadingView& kind = kinds[receipt.kind];
      ++kind.receipts;
      // Each reading is at most what was stated, and the sum of what was stated fits (project.funds_overflow).
      const auto add = [](Money& sum, std::int64_t minor) { sum = Money::FromMinor(sum.minor() + minor); };
      add(kind.stated_minor, receipt.minor);
      reading.verified == kNoMoney ? void(++kind.unverified) : add(kind.verified_minor, reading.verified);
      reading.counted == kNoMoney ? void(++kind.uncounted) : add(kind.counted_minor, reading.counted);
    }
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      kinds[k].kind = static_cast<project::FundsKind>(k);
      if (kinds[k].receipts != 0) file.funds.push_back(kinds[k]);
    }
  }

  void Duplicates(ProjectFile& file) const {
    const auto raw = static_cast<std::uint32_t>(p_ + 1);
    if (!s_.Counts(p_)) file.counted_in = ProjectRef(s_, f_.counted_in[p_]);
    for (std::size_t q = 0; q < s_.size(); ++q)
      if (f_.counted_in[q] == raw) file.duplicates.push_back(ProjectRef(s_, static_cast<std::uint32_t>(q + 1)));
    for (const std::uint32_t twin : s_.UnjudgedTwins(p_)) file.twins.push_back(ProjectRef(s_, twin));
    for (const std::uint64_t pair : f_.told_apart) {
      const auto a = static_cast<std::uint32_t>(pair >> 32), b = static_cast<std::uint32_t>(pair);
      if (a == raw || b == raw) file.told_apart.push_back(ProjectRef(s_, a == raw ? b : a));
    }
  }

  void Lists(ProjectFile& file) const {
    for (std::uint32_t at = f_.heads[p_].batch; at != 0; at = f_.members[at - 1].previous) {
      const project::BatchMember& row = f_.members[at - 1];
      MembershipView view{static_cast<project::Batch>(row.batch), DayFromNumber(row.from), std::nullopt, row.seq};
      if (row.until != project::kNever) view.until = DayFromNumber(row.until);
      file.batches.push_back(std::move(view));
    }
    for (const project::Share& share : f_.SharesOf(p_))
      file.shares.push_back({UnitRef(state_, UnitId{share.unit}), share.bp});
  }

  void Plans(ProjectFile& file) const {
    for (std::uint32_t at = f_.heads[p_].plan; at != 0; at = f_.plans[at - 1].previous) {
      const project::PlanRow& row = f_.plans[at - 1];
      if (row.day > as_of_) continue;
      PlanView view;
      view.seq = row.seq;
      view.effective_on = DayFromNumber(row.day);
      project::PlanWorded words;
      view.words_erased = f_.plan_words.Erased(at - 1);
      if (!f_.plan_words.Get(at - 1).empty()) LF_CHECK(ScanJson(f_.plan_words.Get(at - 1), words));
      view.strategy = words.strategy.value;
      for (std::uint32_t t = 0; t < row.count; ++t) {
        const project::TaskRow& task = f_.tasks[row.first + t];
        PlanTaskView out;
        out.task = t + 1;
        if (t < words.texts.items.size()) out.text = words.texts.items[t].value;
        out.owner_unit = UnitRef(state_, UnitId{task.owner});
        out.due_on = DayFromNumber(task.due);
        if (task.rung >= 0) {
          const auto rung = static_cast<std::size_t>(task.rung);
          out.milestone = Ladder().rungs[rung].key.value;
          const std::int32_t day = s_.reached[s_.first_slot[p_] + rung];
          if (day != kNoDay && day <= as_of_) out.reached_on = DayFromNumber(day);
        }
        CarriedOut(row.seq, out);
        view.tasks.push_back(std::move(out));
      }
      file.plans.push_back(std::move(view));
    }
    for (std::size_t i = 0; i < file.plans.size(); ++i)
      file.plans[i].version = static_cast<std::int64_t>(file.plans.size() - i);
  }

 private:
  const project::Ladder& Ladder() const { return s_.ladders[s_.ladder[p_]]; }

  CommitmentView Promise(const project::Commitment& row) const {
    CommitmentView view;
    view.seq = row.seq;
    view.effective_on = DayFromNumber(row.day);
    view.investment_minor = MoneyOf(row.investment);
    view.output_minor = MoneyOf(row.output);
    view.tax_minor = MoneyOf(row.tax);
    if (row.jobs >= 0) view.jobs = row.jobs;
    if (row.land >= 0) view.land_mu_hundredths = row.land;
    view.start_on = DayOf(row.start);
    view.production_on = DayOf(row.production);
    if (row.full_bp != 0) {
      view.full_output_bp = row.full_bp;
      view.full_months = row.full_months;
    }
    view.evidence = row.evidence;
    return view;
  }

  void Reached(std::string_view milestone, std::optional<Day>& day, std::optional<std::int64_t>& seq) const {
    const int rung = Ladder().Find(milestone);
    if (rung < 0) return;
    const std::size_t slot = s_.first_slot[p_] + static_cast<std::size_t>(rung);
    if (s_.reached[slot] == kNoDay || s_.reached[slot] > as_of_) return;
    day = DayFromNumber(s_.reached[slot]);
    seq = s_.ReachedSeq(p_, static_cast<std::size_t>(rung));
  }

  void CarriedOut(std::uint32_t plan, PlanTaskView& task) const {
    const obligation::State& o = state_.obligation;
    const ObligationId id = o.TakerOf(ProjectId::FromIndex(p_), plan, static_cast<std::uint32_t>(task.task));
    if (!id) return;
    const auto life = static_cast<obligation::Life>(o.life[id.index()]);
    task.obligation = {id, static_cast<ObligationState>(life), ObligationLight(frame_, id),
                       UnitRef(state_, UnitId{o.owner[id.index()]}), DayFromNumber(o.due[id.index()])};
    const std::int32_t closed = o.closed[id.index()];
    if (!obligation::IsOpen(life) && closed != kNoDay && closed <= as_of_) task.done_on = DayFromNumber(closed);
  }

  const Frame& frame_;
  const State& state_;
  const project::State& s_;
  const FileState& f_;
  const std::uint32_t reader_;
  const std::size_t p_;
  const std::int32_t as_of_;
};

// Whether a member of a list has done what the list is for, by the last day of a span.
class Outcome {
 public:
  Outcome(const project::State& s, std::int32_t first, std::int32_t last) : s_(s), first_(first), last_(last) {}
  bool Of(project::Batch batch, std::size_t p, bool on_last_day) const {
    switch (batch) {
      case project::Batch::attract:
        return In(p, "signed");
      case project::Batch::start:
        return In(p, "started");
      case project::Batch::complete:
        return In(p, "completed");
      case project::Batch::clear_land:
        return In(p, "land_delivered");
      case project::Batch::advance: {
        const std::int32_t started = Day(p, "started"), completed = Day(p, "completed");
        return on_last_day && started != kNoDay && started <= last_ && (completed == kNoDay || completed > last_);
      }
      case project::Batch::planning:
      case project::Batch::reserve:
        return on_last_day;
    }
    return false;
  }

 private:
  std::int32_t Day(std::size_t p, std::string_view milestone) const {
    const int rung = s_.ladders[s_.ladder[p]].Find(milestone);
    return rung < 0 ? kNoDay : s_.reached[s_.first_slot[p] + static_cast<std::size_t>(rung)];
  }
  bool In(std::size_t p, std::string_view milestone) const {
    const std::int32_t day = Day(p, milestone);
    return day != kNoDay && day >= first_ && day <= last_;
  }
  const project::State& s_;
  std::int32_t first_, last_;
};

}  // namespace

Result<BatchBoard> QueryBatches(const Frame& frame, const BatchFilter& filter) {
  const project::State& s = frame.state.project;
  BatchBoard board;
  board.standing = StandingOf(frame);
  const Period now = Period::Of(frame.as_of);
  const std::chrono::year_month_day date{frame.as_of};
  board.last_period = filter.last.value_or(now);
  board.first_period = filter.first.value_or(Period::Of(landfall::Day(date.year() / std::chrono::January / 1)));
  if (board.last_period < board.first_period) return Invalid("list.period_reversed", {}, "last");
  // What has not come yet as of the frame's day does not count.
  const std::int32_t first = DayNumber(board.first_period.First());
  const std::int32_t last = std::min(DayNumber(board.last_period.Last()), DayNumber(frame.as_of));
  const Scope scope(frame, filter.unit, std::nullopt);
  const Outcome outcome(s, first, last);
  constexpr std::size_t kNamed = 500;
  for (std::size_t b = 0; b < project::kBatches; ++b) {
    BatchRowView row;
    row.batch = static_cast<project::Batch>(b);
    // Targets are the whole jurisdiction's.
    if (const project::BatchTarget* target = s.files.TargetOf(row.batch, board.first_period, board.last_period);
        target != nullptr && scope.everything()) {
      row.planned = target->projects;
      row.target_seq = target->seq;
    }
    std::vector<std::uint8_t> seen(s.size(), 0);
    for (auto member = s.files.members.rbegin(); member != s.files.members.rend(); ++member) {
      const std::size_t p = member->project - 1;
      if (member->batch != b || member->from > last || member->until <= first) continue;
      if (!scope.Has(p) || !s.Counts(p)) continue;
      if (std::exchange(seen[p], 1) != 0) continue;
      ++row.members;
      const bool reached = outcome.Of(row.batch, p, member->until > last);
      row.actual += reached;
      std::vector<NamedRef>& named = reached ? row.reached : row.open;
      if (named.size() < kNamed) named.push_back(ProjectRef(s, member->project));
    }
    if (row.planned) row.gap = std::max<std::int64_t>(0, *row.planned - row.actual);
    board.rows.push_back(std::move(row));
  }
  return board;
}

Result<ProjectFile> QueryProjectFile(const Frame& frame, const Actor& reader, ProjectId id) {
  if (!frame.state.project.Knows(id)) return NotFound("project.unknown", id.ToString(), "id");
  ProjectFile file;
  file.standing = StandingOf(frame);
  file.project = ProjectRef(frame.state.project, id.raw);
  const Spelling spell(frame, reader, id);
  spell.Agreement(file);
  spell.Facts(file);
  spell.Results(file);
  spell.Papers(file);
  spell.Baselines(file);
  spell.Blocks(file);
  spell.Funds(file);
  spell.Duplicates(file);
  spell.Lists(file);
  spell.Plans(file);
  return file;
}

}  // namespace landfall::app
