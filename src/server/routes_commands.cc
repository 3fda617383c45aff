// SPDX-License-Identifier: Apache-2.0
// The one way to change anything: a command by its wire name, answered when its record is durable.
#include "app/policy.h"
#include "server/api.h"
#include "server/api_shapes.h"
#include "server/openapi.h"

namespace landfall::server {
namespace {

constexpr std::string_view kImport = "import.run";

CommandScope ScopeOf(Scope scope) {
  switch (scope) {
    case Scope::kJurisdiction:
      return CommandScope::jurisdiction;
    case Scope::kUnitField:
      return CommandScope::unit;
    case Scope::kProjectField:
      return CommandScope::project;
    case Scope::kObligationField:
      return CommandScope::obligation;
    case Scope::kCaseField:
      return CommandScope::case_lead;
    case Scope::kStepField:
      return CommandScope::case_step;
  }
  return CommandScope::jurisdiction;
}

// What an importer sends, row by row inside one batch, is not for a client: alone it would be a batch that never was.
bool IsImportersOnly(const app::CommandType& type) { return type.info.permission == kImport; }

// An applicant may name as a paper only a file that its own account has sent: a digest alone is no leave to read what
// it stands for, and naming a file in one's case is what opens it. Errors: access.file_not_sent. [disk]
Status CheckSent(const Call& call, std::span<const cases::HandedPaper> papers) {
  for (const cases::HandedPaper& paper : papers) {
    if (!paper.digest) continue;
    LF_ASSIGN(const bool sent, call.ledger->uploads->HasStored(call.visitor.account, *paper.digest));
    if (!sent) return Forbidden("access.file_not_sent", paper.paper.value, "papers");
  }
  return Ok{};
}

std::span<const cases::HandedPaper> PapersIn(const app::AnyCommand& command) {
  if (const auto* apply = std::get_if<cases::ApplyForCase>(&command)) return apply->papers.items;
  if (const auto* supply = std::get_if<cases::SupplyPapers>(&command)) return supply->papers.items;
  return {};
}

void Finish(const Call& call, Result<app::Answer> answer) {
  if (!answer) return call.Refuse(answer.error());
  call.SendJson(
      ToJson(app::CommandAnswer{static_cast<std::int64_t>(answer->seq), std::move(answer->ids), answer->repeated}));
}

void PostCommand(const CallPtr& call) {
  const app::CommandType* type = app::FindCommand(call->path_parameter);
  if (type == nullptr) return call->Refuse(NotFound("command.unknown", {}, "id"));
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  const auto key = call->request.Header("Idempotency-Key");
  if (!key || key->empty()) return call->Refuse(Invalid("request.key_missing"));
  bool applicant = false;
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
    applicant = now.state().admin.IsApplicant(call->visitor.account);
    if (IsImportersOnly(*type))
      return call->Refuse(Forbidden(app::ReachOf(now.state(), call->actor(), kImport) == app::Reach::kNone
                                        ? "access.denied"
                                        : "access.import_only"));
  }
  auto command = type->read(call->request.body);
  if (!command) return call->Refuse(command.error());
  std::string by_key(*key);
  call->request.body.clear();
  const auto submit = [](const CallPtr& of, std::string with_key, app::AnyCommand&& what) {
    of->engine().Submit({of->actor(), std::move(with_key), std::move(what),
                         [of](Result<app::Answer> answer) { Finish(*of, std::move(answer)); }});
  };
  if (!applicant || PapersIn(*command).empty()) return submit(call, std::move(by_key), *std::move(command));
  call->OnWorker([call, submit, by_key = std::move(by_key), command = *std::move(command)]() mutable {
    if (Status sent = CheckSent(*call, PapersIn(command)); !sent) return call->Refuse(sent.error());
    submit(call, std::move(by_key), std::move(command));
  });
}

const std::vector<CommandRow>& CommandRows() {
  static const std::vector<CommandRow> kRows = [] {
    std::vector<CommandRow> rows;
    for (const app::CommandType& type : app::CommandTypesTable()) {
      CommandRow row{
          std::string(type.info.name), std::string(type.info.permission), ScopeOf(type.info.scope), false, {}, {}};
      for (const app::CommandField& field : type.fields)
        row.fields.push_back({std::string(field.name), field.required, {InlineReferences(field.schema)}});
      row.refusals.assign(type.info.refusals.begin(), type.info.refusals.end());
      rows.push_back(std::move(row));
    }
    return rows;
  }();
  return kRows;
}

bool MayApply(const app::State& now, const Actor& actor, std::string_view command) {
  const app::CommandType* type = app::FindCommand(command);
  return type != nullptr && !type->info.applicant.empty() &&
         app::ReachOf(now, actor, type->info.applicant) != app::Reach::kNone;
}

Result<CommandTable> ListCommands(Call& call, const NoPath&, const LedgerQuery&) {
  CommandTable table{CommandRows()};
  const auto now = call.engine().Read();
  for (CommandRow& row : table.rows)
    row.allowed =
        row.permission != kImport && (app::ReachOf(now.state(), call.actor(), row.permission) != app::Reach::kNone ||
                                      MayApply(now.state(), call.actor(), row.name) ||
                                      app::HoldsPower(now.state(), call.actor(), call.Today(now.state()), row.name));
  return table;
}

}  // namespace

void AddCommandRoutes(RouteTable& table) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, app::CommandTypes>>(
      [&](auto identity) { table.Schemas<typename decltype(identity)::type>(); });
  table.Raw<Key<60>, LedgerQuery>({.method = Method::kPost,
                                   .path = std::string(kCommandsPath) + "{id}",
                                   .operation = "postCommand",
                                   .gate = Gate::kAccount,
                                   .permission = {},
                                   .summary = "Sends a command",
                                   .path_parameter = {},
                                   .query = {},
                                   .headers = {{"Idempotency-Key", R"({"type":"string","format":"uuid"})"}},
                                   .body = {"application/json", R"({"type":"object"})"},
                                   .answer = table.Json<app::CommandAnswer>(),
                                   .run = &PostCommand});
  table.Stored<&ListCommands>("/api/v1/commands", "listCommands", "",
                              "Every command with its fields, and whether this account may send it");
}

}  // namespace landfall::server
