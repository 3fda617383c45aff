// SPDX-License-Identifier: Apache-2.0
// One command for many things: all of them or none, as entries of one batch in one transaction (DESIGN §2). Every item
// that is refused is named with its place, so that a pasted table is mended in one go.
#include "app/policy.h"
#include "server/api.h"
#include "server/api_shapes.h"

namespace landfall::server {
namespace {

constexpr std::size_t kBulkBytesMax = 1 << 20;
// Acts upon many things at a time that one decision of one person covers.
constexpr std::string_view kBulkCommands[] = {"obligation.assign", "obligation.urge", "obligation.accept",
                                              "obligation.list"};

using Refused = std::vector<std::pair<std::size_t, Error>>;

void SendRefused(const Call& call, const Refused& refused) {
  const Error error = Invalid("bulk.refused");
  const app::Language language = call.language();
  app::Problem problem{
      "about:blank", std::string(app::SentenceOf(error.code, language)), StatusOf(error.fault), error.code, {}, {}, {}};
  problem.items.emplace();
  for (const auto& [index, e] : refused) {
    app::ItemProblem item{static_cast<std::int64_t>(index), e.code, {}, std::string(app::SentenceOf(e.code, language))};
    if (!e.field.empty()) item.field = e.field;
    problem.items->push_back(std::move(item));
  }
  Response response = Response::Json(ToJson(problem), static_cast<int>(problem.status));
  response.content_type = "application/problem+json";
  response.headers.push_back({"Content-Language", language == app::Language::kZh ? "zh-CN" : "en"});
  call.Send(std::move(response));
}

// Reads each item as the command's body. What is refused is noted, and the rest is read all the same.
std::vector<app::AnyCommand> ReadItems(const app::CommandType& type, const BulkBody& body, Refused& refused) {
  std::vector<app::AnyCommand> commands;
  for (std::size_t i = 0; i < body.items.items.size(); ++i) {
    auto command = type.read(body.items.items[i].text);
    if (command)
      commands.push_back(*std::move(command));
    else
      refused.emplace_back(i, std::move(command).error());
  }
  return commands;
}

// Each against the state as it is, without what the others would change; the writer has the last word.
Refused TryEach(const Call& call, const std::vector<app::AnyCommand>& commands) {
  Refused refused;
  const auto now = call.engine().Read();
  const Instant at = call.engine().clock().Now();
  const DecideContext context{at, WallDay(at, now.state().admin.offset()), call.actor()};
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (Status allowed = app::Authorize(now.state(), call.actor(), context.today, commands[i]); !allowed)
      refused.emplace_back(i, std::move(allowed).error());
    else if (auto events = app::Decide(now.state(), context, commands[i]); !events)
      refused.emplace_back(i, std::move(events).error());
  }
  return refused;
}

// "[12].due_on" of the writer's refusal → item 12, field due_on.
std::optional<std::pair<std::size_t, Error>> ItemOf(Error error) {
  std::size_t index = 0;
  const char* const end = error.field.data() + error.field.size();
  if (!error.field.starts_with('[')) return std::nullopt;
  const auto [at, fault] = std::from_chars(error.field.data() + 1, end, index);
  if (fault != std::errc() || at == end || *at != ']') return std::nullopt;
  const std::size_t rest = static_cast<std::size_t>(at - error.field.data()) + 1;
  error.field.erase(0, rest + (rest < error.field.size() && error.field[rest] == '.' ? 1 : 0));
  return std::pair(index, std::move(error));
}

void RunBulk(const CallPtr& call, const app::CommandType& type, const std::string& key) {
  auto body = ReadJson<BulkBody>(call->request.body);
  if (!body) return call->Refuse(body.error());
  if (body->items.items.empty()) return call->Refuse(Invalid("bulk.empty", {}, "items"));
  Refused refused;
  const std::vector<app::AnyCommand> commands = ReadItems(type, *body, refused);
  if (refused.empty()) refused = TryEach(*call, commands);
  if (!refused.empty()) return SendRefused(*call, refused);
  // The digest of what was asked closes the batch: the same key with other items is another request.
  admin::CompleteBatch completion;
  completion.kind = {std::string(type.info.name)};
  completion.file = Sha256(call->request.body);
  auto answer = call->engine().RunBatch(call->actor(), key, commands, completion, app::Engine::kAnySeq);
  if (!answer) {
    if (auto item = ItemOf(answer.error()); item && item->first < commands.size())
      return SendRefused(*call, {*std::move(item)});
    return call->Refuse(answer.error());
  }
  call->SendJson(
      ToJson(app::CommandAnswer{static_cast<std::int64_t>(answer->seq), std::move(answer->ids), answer->repeated}));
}

void PostBulk(const CallPtr& call) {
  if (auto query = ReadQuery<LedgerQuery>(call->request); !query) return call->Refuse(query.error());
  const app::CommandType* type = app::FindCommand(call->path_parameter);
  const bool offered = type != nullptr && std::find(std::begin(kBulkCommands), std::end(kBulkCommands),
                                                    type->info.name) != std::end(kBulkCommands);
  if (!offered) return call->Refuse(NotFound("bulk.not_offered", {}, "id"));
  {
    const auto now = call->engine().Read();
    if (Status gate = call->CheckGate(now.state()); !gate) return call->Refuse(gate.error());
    if (app::ReachOf(now.state(), call->actor(), type->info.permission) == app::Reach::kNone &&
        !app::HoldsPower(now.state(), call->actor(), call->Today(now.state()), type->info.name))
      return call->Refuse(Forbidden("access.denied", std::string(type->info.permission)));
  }
  const auto key = call->request.Header("Idempotency-Key");
  if (!key || key->empty()) return call->Refuse(Invalid("request.key_missing"));
  call->OnWorker([call, type, key = std::string(*key)] { RunBulk(call, *type, key); });
}

}  // namespace

void AddBulkRoutes(RouteTable& table) {
  table.Raw<Key<60>, LedgerQuery>({.method = Method::kPost,
                                   .path = "/api/v1/bulk/{id}",
                                   .operation = "postBulk",
                                   .gate = Gate::kAccount,
                                   .permission = {},
                                   .summary = "Sends one command for many things: all or none",
                                   .path_parameter = {},
                                   .query = {},
                                   .headers = {{"Idempotency-Key", R"({"type":"string","format":"uuid"})"}},
                                   .body = table.Json<BulkBody>(),
                                   .answer = table.Json<app::CommandAnswer>(),
                                   .body_bytes_max = kBulkBytesMax,
                                   .run = &PostBulk});
}

}  // namespace landfall::server
