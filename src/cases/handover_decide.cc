// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cases/course.h"

namespace landfall::cases {
namespace {

using Events = std::vector<Event>;

std::uint64_t BitOf(std::size_t step) { return std::uint64_t{1} << step; }
StepState StateOf(const State& state, const Case& c, std::size_t step) {
  return static_cast<StepState>(state.StepAt(c, step).state);
}
const std::string& MatterOf(const State& state, const Form& form, std::size_t step) {
  return state.matters[form.steps[step].matter].event.on.key;
}

Status CheckPeer(const State& state, int peer) {
  if (peer < 0) return NotFound("peer.unknown", {}, "peer");
  if (state.peers.revoked[static_cast<std::size_t>(peer)] != 0) return Conflict("peer.revoked", {}, "peer");
  return Ok{};
}

// The steps that the command names, or all that are open and here.
Result<std::uint64_t> StepsOut(const State& state, const Case& of, const HandOverCase& c) {
  const Form& form = state.FormOf(of);
  std::uint64_t out = 0;
  for (const StepNumber& step : c.steps.items) {
    if (!state.Knows(c.case_id, step)) return NotFound("step.unknown", {}, "steps");
    out |= BitOf(static_cast<std::size_t>(step.value - 1));
  }
  const std::uint64_t dead = state.DeadEnds(of);
  for (std::size_t s = 0; c.steps.items.empty() && s < form.steps.size(); ++s)
    if (const StepState at = StateOf(state, of, s);
        !IsDecided(at) && at != StepState::kHandedOver && (dead & BitOf(s)) == 0)
      out |= BitOf(s);
  if (out == 0) return Conflict("step.wrong_state", {}, "steps");
  for (std::uint64_t rest = out; rest != 0; rest &= rest - 1) {
    const auto s = static_cast<std::size_t>(__builtin_ctzll(rest));
    const StepState at = StateOf(state, of, s);
    if (at != StepState::kWaiting && at != StepState::kReceived && at != StepState::kSentBack)
      return Conflict("step.wrong_state", MatterOf(state, form, s), "steps");
    for (std::uint64_t waits = form.steps[s].waits & ~out; waits != 0; waits &= waits - 1)
      if (StateOf(state, of, static_cast<std::size_t>(__builtin_ctzll(waits))) != StepState::kApproved)
        return Conflict("step.waits", MatterOf(state, form, s), "steps");
  }
  return out;
}

// What those steps need, as far as it was told of.
List<HandedPaper, kCasePapersMax> PapersOf(const State& state, const Case& of, std::uint64_t steps) {
  const Form& form = state.FormOf(of);
  std::vector<bool> needed(form.papers.size());
  for (; steps != 0; steps &= steps - 1)
    for (const std::uint16_t p : form.steps[static_cast<std::size_t>(__builtin_ctzll(steps))].papers) needed[p] = true;
  List<HandedPaper, kCasePapersMax> papers;
  for (std::size_t p = 0; p < needed.size(); ++p) {
    const CasePaper& held = state.papers[of.first_paper + p];
    const auto at = static_cast<PaperState>(held.state);
    if (!needed[p] || IsLacking(at)) continue;
    HandedPaper paper{form.papers[p].paper, Handed::handed, {}, {}, {}};
    const auto until = held.until == 0 ? std::nullopt : std::optional(DayFromNumber(of.applied + held.until - 1));
    if (at == PaperState::kLater) {
      paper.how = Handed::later;
      paper.due_on = until;
    } else {
      paper.how = at == PaperState::kPromised ? Handed::promised : Handed::handed;
      paper.valid_until = until;
    }
    papers.items.push_back(std::move(paper));
  }
  return papers;
}

// Those papers that this ledger would take as they were told of there; the others are lacking here.
Result<List<HandedPaper, kCasePapersMax>> PapersTaken(const State& state, std::size_t package,
                                                      const CaseHandedOver& handed, Day today) {
  std::vector<std::uint32_t> matters;
  for (const Key<40>& key : state.packages[package].event.matters.items)
    if (std::find(handed.matters.items.begin(), handed.matters.items.end(), key) != handed.matters.items.end())
      matters.push_back(static_cast<std::uint32_t>(state.FindMatter(key.value, today)));
  const auto made = MakeForm(state, static_cast<std::uint32_t>(package), matters);
  if (!made) return Conflict("package.cycle", made.error().detail, "package");
  const Form& form = *made;
  List<HandedPaper, kCasePapersMax> papers;
  std::vector<bool> seen(form.papers.size());
  for (const HandedPaper& paper : handed.papers.items) {
    const int at = form.FindPaper(paper.paper.value);
    if (at < 0 || seen[static_cast<std::size_t>(at)]) continue;
    if (!CheckPaper(form.papers[static_cast<std::size_t>(at)], paper, today)) continue;
    seen[static_cast<std::size_t>(at)] = true;
    papers.items.push_back(paper);
  }
  return papers;
}

const TakeOver* TakeOverOf(const State& state, CaseId id) {
  for (const TakeOver& taken : state.take_overs)
    if (taken.of == id.raw) return &taken;
  return nullptr;
}

}  // namespace

Decided Decide(const State& state, const DecideContext& context, const HandOverCase& c) {
  LF_TRY(CheckLife(state, c.case_id, {Life::kRunning}));
  LF_TRY(CheckPeer(state, state.peers.Find(c.peer.value)));
  const Case& of = state.cases[c.case_id.index()];
  const Form& form = state.FormOf(of);
  LF_ASSIGN(const std::uint64_t out, StepsOut(state, of, c));
  List<Key<40>, kMattersMax> matters;
  for (std::size_t s = 0; s < form.steps.size(); ++s)
    if ((out & BitOf(s)) != 0) matters.items.push_back({MatterOf(state, form, s)});
  return Events{CaseHandedOver{c.case_id,
                               c.peer,
                               {state.packages[form.package].event.on.key},
                               std::move(matters),
                               PapersOf(state, of, out),
                               DayFromNumber(of.accepted),
                               context.today}};
}

Decided Decide(const State& state, const DecideContext& context, const TakeOverCase& c, const Receipt& receipt) {
  const auto* handed = std::get_if<CaseHandedOver>(&receipt.says);
  if (handed == nullptr || handed->matters.items.empty()) return Invalid("receipt.other_record", {}, "receipt_text");
  if (handed->to.value != state.own_code) return Conflict("receipt.not_for_us", handed->to.value, "receipt_text");
  const auto peer = static_cast<std::uint32_t>(state.peers.Find(receipt.from));
  for (const TakeOver& taken : state.take_overs)
    if (taken.peer == peer && taken.origin_seq == receipt.seq)
      return Conflict("handover.taken_already", CaseId{taken.of}.ToString(), "receipt_text");
  const int package = state.FindPackage(c.package.value, context.today);
  if (package < 0) return NotFound("package.unknown", {}, "package");
  const auto at = static_cast<std::size_t>(package);
  const auto& ours = state.packages[at].event.matters.items;
  for (const Key<40>& key : handed->matters.items)
    if (std::find(ours.begin(), ours.end(), key) == ours.end())
      return NotFound("handover.matter_unknown", key.value, "receipt_text");
  ApplyForCase apply{c.package, handed->matters, c.enterprise, c.project, {}, {}};
  LF_ASSIGN(apply.papers, PapersTaken(state, at, *handed, context.today));
  LF_ASSIGN(Events events, Decide(state, context, apply));
  const CaseId id = std::get<CaseApplied>(events.front()).on;
  events.emplace_back(CaseTakenOver{id,
                                    {receipt.from},
                                    {static_cast<std::int64_t>(receipt.seq)},
                                    handed->on,
                                    receipt.leaf,
                                    receipt.file,
                                    handed->accepted_on,
                                    context.today});
  return events;
}

Decided Decide(const State& state, const DecideContext& context, const ReturnResult& c) {
  LF_TRY(CheckKnown(state, c.case_id));
  const TakeOver* taken = TakeOverOf(state, c.case_id);
  if (taken == nullptr) return Conflict("handover.not_taken_over", {}, "case_id");
  LF_TRY(CheckLife(state, c.case_id, {Life::kApproved, Life::kRefused, Life::kWithdrawn}));
  if (taken->returned != 0) return Conflict("handover.returned_already", {}, "case_id");
  const Case& of = state.cases[c.case_id.index()];
  const Form& form = state.FormOf(of);
  ResultReturned returned{c.case_id,
                          {state.peers.codes[taken->peer]},
                          {static_cast<std::int64_t>(taken->origin_seq)},
                          CaseId{taken->origin_case},
                          taken->leaf,
                          {},
                          context.today};
  for (std::size_t s = 0; s < form.steps.size(); ++s) {
    MatterResult result{{MatterOf(state, form, s)}, {}, {}};
    if (const StepState at = StateOf(state, of, s); IsDecided(at)) {
      result.outcome = at == StepState::kApproved ? Outcome::approved : Outcome::refused;
      result.decided_on = DayFromNumber(state.DecidedOn(of, s));
    }
    returned.results.items.push_back(std::move(result));
  }
  return Events{std::move(returned)};
}

Decided Decide(const State& state, const DecideContext& context, const ReceiveResult& c, const Receipt& receipt) {
  LF_TRY(CheckKnown(state, c.case_id));
  const auto* returned = std::get_if<ResultReturned>(&receipt.says);
  if (returned == nullptr) return Invalid("receipt.other_record", {}, "receipt_text");
  if (returned->to.value != state.own_code) return Conflict("receipt.not_for_us", returned->to.value, "receipt_text");
  const auto peer = static_cast<std::uint32_t>(state.peers.Find(receipt.from));
  const auto out = std::find_if(state.hand_overs.begin(), state.hand_overs.end(), [&](const HandOver& one) {
    return one.of == c.case_id.raw && one.peer == peer && one.seq == static_cast<std::uint64_t>(returned->seq.value);
  });
  if (out == state.hand_overs.end() || returned->origin != c.case_id)
    return Conflict("handover.other_case", {}, "receipt_text");
  if (out->answered != 0) return Conflict("handover.received_already", {}, "receipt_text");
  LF_TRY(CheckLife(state, c.case_id, {Life::kRunning}));
  return Events{ResultReceived{c.case_id,
                               {out->seq},
                               {receipt.from},
                               {static_cast<std::int64_t>(receipt.seq)},
                               receipt.leaf,
                               receipt.file,
                               returned->results,
                               context.today}};
}

}  // namespace landfall::cases
