// SPDX-License-Identifier: Apache-2.0
#include "project/checks.h"

namespace landfall::project {
namespace {

using Events = std::vector<Event>;

enum class Which { kReached, kStated };

// A day must not lie before an earlier rung's, nor after a later one's.
bool InOrder(const State& state, ProjectId id, std::size_t rung, Day day, Which which) {
  const std::size_t p = id.index();
  const Ladder& ladder = state.ladders[state.ladder[p]];
  const std::int32_t number = DayNumber(day);
  for (std::size_t r = 0; r < ladder.rungs.size(); ++r) {
    if (r == rung || !Compared(ladder, r, rung)) continue;
    const std::size_t slot = state.first_slot[p] + r;
    const std::int32_t other = which == Which::kReached ? state.reached[slot] : state.StatedDay(slot);
    if (other == kNoDay) continue;
    if (r < rung ? number < other : number > other) return false;
  }
  return true;
}

}  // namespace

Decided Decide(const State& state, const DecideContext&, const DefineLadder& c) {
  if (state.FindLadder(c.ladder.value) >= 0) return Conflict("ladder.defined_already", {}, "ladder");
  if (state.ladders.size() >= kLaddersMax) return Conflict("ladder.too_many", {}, "ladder");
  if (c.rungs.items.empty()) return Invalid("ladder.empty", {}, "rungs");
  for (std::size_t i = 0; i < c.rungs.items.size(); ++i) {
    const Rung& rung = c.rungs.items[i];
    bool needs_found = !rung.needs;
    for (std::size_t j = 0; j < i; ++j) {
      if (c.rungs.items[j].key == rung.key) return Invalid("ladder.duplicate_rung", rung.key.value, "rungs");
      needs_found = needs_found || c.rungs.items[j].key == *rung.needs;
    }
    if (!needs_found) return Invalid("ladder.unknown_rung", rung.key.value, "rungs");
  }
  Events events{LadderDefined{{c.ladder.value}, c.rungs}};
  if (c.guards) {
    LF_TRY(CheckGuards(c.rungs.items, c.guards->items));
    events.push_back(LadderGuarded{{c.ladder.value}, *c.guards});
  }
  return events;
}

Decided Decide(const State& state, const DecideContext&, const RegisterProject& c) {
  if (state.FindLadder(c.ladder.value) < 0) return Invalid("project.unknown_ladder", c.ladder.value, "ladder");
  if (c.code && state.by_code.Find(state.code, c.code->value) != TextIndex::kNone)
    return Conflict("project.code_taken", {}, "code");
  LF_TRY(CheckRefs(state, c.owner_unit, c.region, c.enterprise));
  LF_TRY(CheckAmount(c.investment_minor, "investment_minor"));
  const ProjectId id = ProjectId::FromIndex(state.size());
  Events events{ProjectRegistered{id, c.ladder, c.code, c.owner_unit, c.region, c.enterprise},
                ProjectNamed{id, c.title}};
  if (c.investment_minor) events.push_back(InvestmentSet{id, *c.investment_minor, EvidenceLevel::stated});
  return events;
}

Decided Decide(const State& state, const DecideContext&, const RecordRow& c) {
  if (c.project) {
    LF_TRY(CheckKnown(state, *c.project));
    if (c.ladder || c.code) return Conflict("project.ladder_fixed", {}, c.ladder ? "ladder" : "code");
  } else {
    if (!c.ladder || state.FindLadder(c.ladder->value) < 0) return Invalid("project.unknown_ladder", {}, "ladder");
    if (c.code && state.by_code.Find(state.code, c.code->value) != TextIndex::kNone)
      return Conflict("project.code_taken", {}, "code");
  }
  LF_TRY(CheckRefs(state, c.owner_unit, c.region, c.enterprise));
  LF_TRY(CheckAmount(c.investment_minor, "investment_minor"));
  const Ladder& ladder = state.ladders[c.project ? state.ladder[c.project->index()]
                                                 : static_cast<std::size_t>(state.FindLadder(c.ladder->value))];
  for (const StatedMilestone& m : c.milestones.items)
    if (ladder.Find(m.milestone.value) < 0)
      return Invalid("project.unknown_milestone", m.milestone.value, "milestones");

  const ProjectId id = c.project ? *c.project : ProjectId::FromIndex(state.size());
  Events events;
  if (!c.project) {
    events.push_back(ProjectRegistered{id, c.ladder.value(), c.code, c.owner_unit, c.region, c.enterprise});
  } else {
    if (c.owner_unit) events.push_back(OwnerAssigned{id, *c.owner_unit});
    if (c.region) events.push_back(RegionAssigned{id, *c.region});
    if (c.enterprise) events.push_back(EnterpriseAssigned{id, *c.enterprise});
  }
  if (c.investment_minor) events.push_back(InvestmentSet{id, *c.investment_minor, EvidenceLevel::stated});
  for (const StatedMilestone& m : c.milestones.items) {
    if (m.as == StatedAs::planned) {
      events.push_back(MilestonePlanned{id, m.milestone, m.day});
      continue;
    }
    const std::size_t rung = static_cast<std::size_t>(ladder.Find(m.milestone.value));
    const std::size_t slot = c.project ? state.first_slot[id.index()] + rung : 0;
    if (c.project && state.reached[slot] != kNoDay) {
      events.push_back(MilestoneCorrected{id,
                                          m.milestone,
                                          m.day,
                                          EvidenceLevel::stated,
                                          {static_cast<std::int64_t>(state.ReachedSeq(id.index(), rung))}});
    } else {
      events.push_back(MilestoneReached{id, m.milestone, m.day, EvidenceLevel::stated, {}});
    }
  }
  for (const Key<60>& finding : c.findings.items) {
    // "milestone_out_of_order:business_case" is not a key; the importer writes "milestone_out_of_order.business_case".
    const std::size_t dot = finding.value.find('.');
    FindingRecorded event{id, {finding.value.substr(0, dot)}, std::nullopt};
    if (dot != std::string::npos) {
      const std::string milestone = finding.value.substr(dot + 1);
      if (ladder.Find(milestone) < 0) return Invalid("project.unknown_milestone", milestone, "findings");
      event.milestone = Key<40>{milestone};
    }
    events.push_back(std::move(event));
  }
  if (c.title) events.push_back(ProjectNamed{id, *c.title});
  if (c.attributes) events.push_back(AttributesStated{id, *c.attributes});
  if (events.empty()) return Invalid("project.row_says_nothing");
  return events;
}

Decided Decide(const State& state, const DecideContext&, const RenameProject& c) {
  LF_TRY(CheckKnown(state, c.project));
  return Events{ProjectNamed{c.project, c.title}};
}

Decided Decide(const State& state, const DecideContext&, const AssignOwner& c) {
  LF_TRY(CheckKnown(state, c.project));
  LF_TRY(CheckRefs(state, c.owner_unit, {}, {}));
  if (state.owner[c.project.index()] == c.owner_unit.raw) return Conflict("project.owner_unchanged", {}, "owner_unit");
  return Events{OwnerAssigned{c.project, c.owner_unit}};
}

Decided Decide(const State& state, const DecideContext&, const SetInvestment& c) {
  LF_TRY(CheckOpen(state, c.project));
  LF_TRY(CheckAmount(c.amount_minor, "amount_minor"));
  return Events{InvestmentSet{c.project, c.amount_minor, EvidenceLevel::stated}};
}

Decided Decide(const State& state, const DecideContext&, const PlanMilestone& c) {
  LF_TRY(CheckOpen(state, c.project));
  LF_ASSIGN(const std::size_t rung, RungOf(state, c.project, c.milestone));
  if (state.reached[state.first_slot[c.project.index()] + rung] != kNoDay)
    return Conflict("project.milestone_already_reached", {}, "milestone");
  if (!InOrder(state, c.project, rung, c.due_on, Which::kStated))
    return Invalid("project.plan_out_of_order", {}, "due_on");
  return Events{MilestonePlanned{c.project, c.milestone, c.due_on}};
}

Decided Decide(const State& state, const DecideContext& context, const ReachMilestone& c) {
  LF_TRY(CheckOpen(state, c.project));
  const std::size_t p = c.project.index();
  if (state.side[p] == static_cast<std::uint8_t>(Side::kOnHold)) return Conflict("project.on_hold", {}, "project");
  LF_ASSIGN(const std::size_t index, RungOf(state, c.project, c.milestone));
  const Ladder& ladder = state.ladders[state.ladder[p]];
  const Rung& rung = ladder.rungs[index];
  if (state.reached[state.first_slot[p] + index] != kNoDay)
    return Conflict("project.milestone_already_reached", {}, "milestone");
  LF_TRY(CheckNotFuture(context, c.effective_on));
  if (rung.needs) {
    const std::size_t needed = state.first_slot[p] + static_cast<std::size_t>(ladder.Find(rung.needs->value));
    if (state.reached[needed] == kNoDay || state.reached[needed] > DayNumber(c.effective_on))
      return Conflict("project.rung_missing", rung.needs->value, "milestone");
  }
  if (!InOrder(state, c.project, index, c.effective_on, Which::kReached))
    return Invalid("project.milestone_out_of_order", {}, "effective_on");
  const EvidenceLevel level = LevelOf(c.evidence);
  if (level < rung.evidence) return Invalid("project.evidence_missing", {}, "evidence");
  const std::int32_t day = DayNumber(c.effective_on);
  if (BlockOf(state.files, p, index, day) != nullptr) return Conflict("project.blocked", {}, "milestone");
  if (const auto missing = state.MissingGuards(p, index, day); !missing.empty())
    return Conflict("project.ground_missing", ToJson(missing.front()->any), "milestone");
  return Events{
      MilestoneReached{c.project, c.milestone, c.effective_on, level, c.evidence.value_or(List<Digest, 20>{})}};
}

Decided Decide(const State& state, const DecideContext& context, const CorrectMilestone& c) {
  LF_TRY(CheckKnown(state, c.project));
  LF_ASSIGN(const std::size_t rung, RungOf(state, c.project, c.milestone));
  const std::size_t slot = state.first_slot[c.project.index()] + rung;
  if (state.reached[slot] == kNoDay) return Conflict("project.milestone_not_reached", {}, "milestone");
  if (const std::uint32_t seq = state.ReachedSeq(c.project.index(), rung); seq != c.corrects.value)
    return Conflict("project.corrects_other_record", std::to_string(seq), "corrects");
  if (c.effective_on) {
    LF_TRY(CheckNotFuture(context, *c.effective_on));
    if (state.reached[slot] == DayNumber(*c.effective_on))
      return Conflict("project.correction_changes_nothing", {}, "effective_on");
    if (!InOrder(state, c.project, rung, *c.effective_on, Which::kReached))
      return Invalid("project.milestone_out_of_order", {}, "effective_on");
  }
  const EvidenceLevel level = c.effective_on ? EvidenceLevel::stated : EvidenceLevel::none;
  return Events{MilestoneCorrected{c.project, c.milestone, c.effective_on, level, c.corrects},
                RemarkGiven{c.project, c.remark}};
}

Decided Decide(const State& state, const DecideContext& context, const HoldProject& c) {
  LF_TRY(CheckOpen(state, c.project));
  if (state.side[c.project.index()] == static_cast<std::uint8_t>(Side::kOnHold))
    return Conflict("project.on_hold", {}, "project");
  LF_TRY(CheckNotFuture(context, c.effective_on));
  if (c.until && *c.until < c.effective_on) return Invalid("project.until_before_start", {}, "until");
  Events events{ProjectHeld{c.project, c.reason, c.effective_on, c.until}};
  if (c.remark) events.push_back(RemarkGiven{c.project, *c.remark});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const ResumeProject& c) {
  LF_TRY(CheckKnown(state, c.project));
  const std::size_t p = c.project.index();
  if (state.side[p] != static_cast<std::uint8_t>(Side::kOnHold)) return Conflict("project.not_on_hold", {}, "project");
  LF_TRY(CheckNotFuture(context, c.effective_on));
  if (DayNumber(c.effective_on) < state.side_since[p]) return Invalid("project.day_before_hold", {}, "effective_on");
  return Events{ProjectResumed{c.project, c.effective_on}};
}

Decided Decide(const State& state, const DecideContext& context, const TerminateProject& c) {
  LF_TRY(CheckOpen(state, c.project));
  LF_TRY(CheckNotFuture(context, c.effective_on));
  return Events{ProjectTerminated{c.project, c.reason, c.effective_on}, RemarkGiven{c.project, c.remark}};
}

Decided Decide(const State& state, const DecideContext& context, const ReceiveFunds& c) {
  LF_TRY(CheckOpen(state, c.project));
  if (c.amount_minor <= Money()) return Invalid("money.not_positive", {}, "amount_minor");
  LF_TRY(CheckNotFuture(context, c.effective_on));
  if (!Money::FromMinor(state.funds[c.project.index()]).Plus(c.amount_minor))
    return Invalid("project.funds_overflow", {}, "amount_minor");
  return Events{FundsReceived{c.project, c.kind, c.amount_minor, c.effective_on, LevelOf(c.evidence),
                              c.evidence.value_or(List<Digest, 20>{})}};
}

Decided Decide(const State& state, const DecideContext&, const ReverseFunds& c) {
  LF_TRY(CheckKnown(state, c.project));
  const auto seq = static_cast<std::uint64_t>(c.corrects.value);
  for (std::uint32_t at = state.last_receipt[c.project.index()]; at != 0; at = state.receipts.Previous(at - 1)) {
    if (state.ReceiptAt(at - 1).seq != seq) continue;
    if (state.receipts.ReversedBy(at - 1) != 0) return Conflict("project.receipt_reversed", {}, "corrects");
    return Events{FundsReversed{c.project, c.corrects}, RemarkGiven{c.project, c.remark}};
  }
  return NotFound("project.no_such_receipt", {}, "corrects");
}

}  // namespace landfall::project
