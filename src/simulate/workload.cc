// SPDX-License-Identifier: Apache-2.0
#include "simulate/workload.h"

namespace landfall::simulate {
namespace {

using app::AnyCommand;

people::CreateUnit UnitCommand(std::uint64_t n) {
  return {{"unit-" + std::to_string(n)}, {"示例单位" + std::to_string(n)}, {}};
}

people::RegisterPerson PersonCommand(std::uint64_t n) { return {{"示例人" + std::to_string(n)}}; }

project::RegisterProject ProjectCommand(std::uint64_t n) {
  return {{"示例项目" + std::to_string(n)},
          {"short"},
          Code<60>{"P-" + std::to_string(n)},
          UnitId{1},
          {},
          {},
          Money::FromMinor(static_cast<std::int64_t>(1'000'000 + n))};
}

// A request of this kind that was acknowledged, chosen by chance.
template <class Command>
const Sent* AnyAccepted(const Oracle& oracle, SeededRandom& chance) {
  std::vector<const Sent*> found;
  for (const Sent& sent : oracle.sent)
    if (sent.accepted && !sent.batch && std::holds_alternative<Command>(sent.commands[0])) found.push_back(&sent);
  return found.empty() ? nullptr : found[chance.Next() % found.size()];
}

AnyCommand NextCommand(const Oracle& oracle, Day day, SeededRandom& chance) {
  // Projects 1 and 2 are there from the beginning; 3 and 4 perhaps, 5 hardly ever.
  const ProjectId project{static_cast<std::uint32_t>(1 + chance.Next() % 5)};
  const std::uint64_t n = chance.Next() % 100'000;
  switch (chance.Next() % 10) {
    case 0:
      return UnitCommand(n % 20);  // Its code is soon taken.
    case 1:
    case 2:
      return PersonCommand(n);
    case 3:
      return ProjectCommand(n);
    case 4:
      if (const Sent* person = AnyAccepted<people::RegisterPerson>(oracle, chance))
        return admin::ErasePayload{{static_cast<std::int64_t>(person->accepted->seq)}, {1}, {"pipl-47"}};
      return PersonCommand(n);
    case 5:
      if (const Sent* receipt = AnyAccepted<project::ReceiveFunds>(oracle, chance))
        return project::ReverseFunds{std::get<project::ReceiveFunds>(receipt->commands[0]).project,
                                     {static_cast<std::int64_t>(receipt->accepted->seq)},
                                     {"示例更正"}};
      [[fallthrough]];
    default:
      return project::ReceiveFunds{
          project, project::FundsKind::fixed_assets, Money::FromMinor(static_cast<std::int64_t>(1 + n)), day, {}};
  }
}

}  // namespace

admin::CreateLedger CreateCommand() {
  return {{std::string(kJurisdiction)}, {"示例区"}, {"CNY"}, {480}, {"simulator"}};
}

std::vector<AnyCommand> FirstCommands() {
  project::DefineLadder ladder{{"short"}, {}, std::nullopt};
  ladder.rungs.items = {{{"signed"}, project::Medal::bronze, {}, project::EvidenceLevel::stated, false},
                        {{"started"}, project::Medal::silver, Key<40>{"signed"}, project::EvidenceLevel::stated, false},
                        {{"full_production"}, project::Medal::gold, {}, project::EvidenceLevel::stated, false}};
  return {std::move(ladder), UnitCommand(1'000'000), ProjectCommand(1'000'001), ProjectCommand(1'000'002)};
}

Sent NextRequest(const Oracle& oracle, Day day, SeededRandom& chance) {
  Sent sent;
  sent.by = chance.Next() % 4 ? Actor::System() : Actor::Local();  // Who may do less, and is refused more often.
  sent.batch = chance.Next() % 12 == 0;
  if (!sent.batch) {
    sent.commands.push_back(NextCommand(oracle, day, chance));
    return sent;
  }
  // Now and then one that completes a tile of the tree, or more than a row of the store.
  const std::uint64_t size = chance.Next() % 16 ? 2 + chance.Next() % 8 : 240 + chance.Next() % 40;
  for (std::uint64_t i = 0; i < size; ++i)
    sent.commands.push_back(i % 2 ? AnyCommand(PersonCommand(i)) : AnyCommand(ProjectCommand(chance.Next() % 100'000)));
  return sent;
}

Sent TamperedTwin(const Sent& original) {
  Sent twin;
  twin.by = original.by;
  twin.key = original.key;
  twin.commands.push_back(people::RegisterPerson{{"示例冒名"}});
  return twin;
}

admin::CompleteBatch Completion() { return {{"simulated"}, {0}, {}, {}, {}, {}}; }

}  // namespace landfall::simulate
