// SPDX-License-Identifier: Apache-2.0
#include "app/state.h"

#include <unordered_map>

#include "app/case_clock.h"
#include "app/policy.h"
#include "app/receipt.h"

namespace landfall::app {
namespace {

template <class E>
bool ApplyStored(State& state, const Origin& origin, std::string_view on, std::string_view payload) {
  E event{};
  const std::size_t slash = on.find('/');
  auto subject = decltype(event.on)::Parse(slash == std::string_view::npos ? on : on.substr(slash + 1));
  if (!subject) return false;
  event.on = std::move(*subject);
  if (!origin.erased && !ScanJson(payload, event)) return false;
  ApplyEvent(state, origin, event);
  return true;
}

template <class C>
CommandType TypeOf() {
  CommandType type;
  type.info = C::kInfo;
  SchemaSink sink;
  ForEachField<C>([&](auto d) {
    using M = std::remove_cvref_t<decltype(std::declval<C&>().*d.pointer)>;
    CommandField field{.name = d.name, .required = !kIsOptional<M>, .schema = {}};
    if constexpr (kIsOptional<M>) {
      field.kind = Field<typename M::value_type>::kKind;
      field.schema = Field<typename M::value_type>::Schema(sink);
    } else {
      field.kind = Field<M>::kKind;
      field.schema = Field<M>::Schema(sink);
    }
    type.fields.push_back(std::move(field));
  });
  type.read = [](std::string_view json) -> Result<AnyCommand> {
    LF_ASSIGN(C command, ReadJson<C>(json));
    return AnyCommand(std::move(command));
  };
  return type;
}

}  // namespace

std::string HashOf(const State& state) {
  ColumnHasher hasher;
  const_cast<State&>(state).Columns(hasher);  // A writing archive changes nothing.
  return hasher.Hex();
}

void ApplyEvent(State& state, const Origin& origin, const AnyEvent& event) {
  std::visit([&](const auto& e) { ApplyEvent(state, origin, e); }, event);
}

AnyCommand::AnyCommand() = default;
AnyCommand::AnyCommand(const AnyCommand&) = default;
AnyCommand::AnyCommand(AnyCommand&&) noexcept = default;
AnyCommand& AnyCommand::operator=(const AnyCommand&) = default;
AnyCommand& AnyCommand::operator=(AnyCommand&&) noexcept = default;
AnyCommand::~AnyCommand() = default;

namespace {

// Apart from what follows, where it would be written out anew for every command.
template <class SubjectEvent>
std::vector<AnyEvent> AsAny(std::vector<SubjectEvent>&& decided) {
  std::vector<AnyEvent> events;
  events.reserve(decided.size());
  for (SubjectEvent& event : decided) std::visit([&](auto& e) { events.emplace_back(std::move(e)); }, event);
  return events;
}

Result<std::vector<AnyEvent>> DecideBySubject(const State& state, const DecideContext& context,
                                              const AnyCommand& command) {
  return std::visit(
      [&](const auto& c) -> Result<std::vector<AnyEvent>> {
        std::optional<Result<std::vector<AnyEvent>>> out;
        const_cast<State&>(state).ForEachSubject([&](const auto& subject) {
          if constexpr (requires(const cases::Receipt& receipt) { Decide(subject, context, c, receipt); }) {
            // Bytes from outside are proven here, against the keys that are trusted as the command is decided.
            auto receipt = ProveReceipt(state.cases.peers, c.receipt_text.value);
            if (!receipt) {
              out = std::move(receipt).error();
              return;
            }
            auto decided = Decide(subject, context, c, *receipt);
            out = decided ? Result<std::vector<AnyEvent>>(AsAny(*std::move(decided))) : std::move(decided).error();
          } else if constexpr (requires { Decide(subject, context, c); }) {
            auto decided = Decide(subject, context, c);
            if (!decided) {
              out = std::move(decided).error();
              return;
            }
            out = AsAny(*std::move(decided));
          }
        });
        LF_CHECK(out.has_value());
        return std::move(*out);
      },
      command);
}

}  // namespace

Result<std::vector<AnyEvent>> Decide(const State& state, const DecideContext& context, const AnyCommand& command) {
  if (const auto* change = std::get_if<admin::ProposePolicy>(&command)) LF_TRY(CheckPolicyChange(*change));
  if (const auto* grant = std::get_if<people::GrantDelegation>(&command))
    LF_TRY(CheckDelegation(state, context.by, *grant));
  LF_TRY(CheckApplicant(state, context, command));
  LF_TRY(CheckCompetence(state, context, command));
  LF_TRY(CheckCaseClock(state, context, command));
  LF_ASSIGN(std::vector<AnyEvent> events, DecideBySubject(state, context, command));
  if (const auto delegation = DelegationBehind(state, context.by, context.today, command))
    events.emplace_back(people::DelegationUsed{*delegation});
  return events;
}

ledger::EventDraft DraftOf(const AnyEvent& event) {
  return std::visit(
      [](const auto& e) {
        ledger::EventDraft draft{e.kInfo, e.on.Subject(), {}};
        AppendJson(draft.payload, e);
        return draft;
      },
      event);
}

const EventInfo& InfoOf(const AnyEvent& event) {
  return std::visit([](const auto& e) -> const EventInfo& { return e.kInfo; }, event);
}

std::string DraftSubject(const AnyEvent& event) {
  return std::visit([](const auto& e) { return e.on.Subject(); }, event);
}

std::span<const EventType> EventTypes() {
  static const std::vector<EventType> kTypes = [] {
    std::vector<EventType> types;
    boost::mp11::mp_for_each<
        boost::mp11::mp_transform<std::type_identity, boost::mp11::mp_rename<AnyEvent, boost::mp11::mp_list>>>(
        [&](auto identity) {
          using E = typename decltype(identity)::type;
          types.push_back({E::kInfo, &ApplyStored<E>});
        });
    return types;
  }();
  return kTypes;
}

const EventType* FindEventType(std::string_view type, int version) {
  static const std::unordered_map<std::string_view, std::vector<const EventType*>> kByType = [] {
    std::unordered_map<std::string_view, std::vector<const EventType*>> map;
    for (const EventType& t : EventTypes()) map[t.info.type].push_back(&t);
    return map;
  }();
  const auto found = kByType.find(type);
  if (found == kByType.end()) return nullptr;
  for (const EventType* t : found->second)
    if (t->info.version == version) return t;
  return nullptr;
}

std::span<const CommandType> CommandTypesTable() {
  static const std::vector<CommandType> kTable = [] {
    std::vector<CommandType> table;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, CommandTypes>>(
        [&](auto identity) { table.push_back(TypeOf<typename decltype(identity)::type>()); });
    return table;
  }();
  return kTable;
}

const CommandType* FindCommand(std::string_view name) {
  for (const CommandType& type : CommandTypesTable())
    if (type.info.name == name) return &type;
  return nullptr;
}

const CommandInfo& InfoOf(const AnyCommand& command) {
  return std::visit([](const auto& c) -> const CommandInfo& { return c.kInfo; }, command);
}

std::string CanonicalJson(const AnyCommand& command) {
  return std::visit(
      [](const auto& c) {
        std::string out(c.kInfo.name);
        AppendJson(out, c);
        return out;
      },
      command);
}

}  // namespace landfall::app
