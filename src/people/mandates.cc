// SPDX-License-Identifier: Apache-2.0
// What agents were asked to do.
#include <algorithm>

#include "people/state.h"

namespace landfall::people {

const Mandate* State::MandateOn(DutyId duty, std::int32_t day) const {
  if (!Knows(duty) || !duties[duty.index()].RunsOn(day)) return nullptr;
  for (std::size_t i = mandates.size(); i-- > 0;)
    if (mandates[i].duty == duty.raw && mandates[i].from <= day && day < mandates[i].until) return &mandates[i];
  return nullptr;
}

Decided Decide(const State& state, const DecideContext&, const GiveMandate& c) {
  if (!state.Knows(c.duty)) return NotFound("duty.unknown", {}, "duty");
  const Duty& duty = state.duties[c.duty.index()];
  if (duty.kind != static_cast<std::uint8_t>(DutyKind::agent)) return Conflict("mandate.not_agent", {}, "duty");
  if (c.services.items.empty()) return Invalid("mandate.empty", {}, "services");
  std::uint32_t seen = 0;
  for (const Service service : c.services.items) {
    const std::uint32_t bit = 1u << static_cast<unsigned>(service);
    if ((seen & bit) != 0) return Invalid("mandate.repeated", std::string(EnumName(service)), "services");
    seen |= bit;
  }
  if (c.until <= c.effective_on || c.until - c.effective_on > std::chrono::days(kMandateDaysMax))
    return Invalid("mandate.term", {}, "until");
  if (c.evidence.items.empty()) return Invalid("mandate.no_paper", {}, "evidence");
  const std::int32_t from = DayNumber(c.effective_on);
  if (!duty.RunsOn(from)) return Conflict("mandate.outside_duty", {}, "effective_on");
  return std::vector<Event>{MandateGiven{c.duty, c.services, c.effective_on, c.until, c.evidence}};
}

Decided Decide(const State& state, const DecideContext&, const RevokeMandate& c) {
  if (!state.Knows(c.duty)) return NotFound("duty.unknown", {}, "duty");
  if (state.MandateOn(c.duty, DayNumber(c.effective_on)) == nullptr) return Conflict("mandate.none", {}, "duty");
  return std::vector<Event>{MandateRevoked{c.duty, c.effective_on}};
}

void Apply(State& state, const Origin& origin, const MandateGiven& e) {
  std::uint32_t services = 0;
  for (const Service service : e.services.items) services |= 1u << static_cast<unsigned>(service);
  state.mandates.push_back(
      {e.on.raw, DayNumber(e.effective_on), DayNumber(e.until), SeqForColumn(origin.seq), services});
}
void Apply(State& state, const Origin&, const MandateRevoked& e) {
  const std::int32_t day = DayNumber(e.effective_on);
  for (Mandate& mandate : state.mandates)
    if (mandate.duty == e.on.raw && day < mandate.until) mandate.until = std::max(mandate.from, day);
}

}  // namespace landfall::people
