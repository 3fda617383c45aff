// SPDX-License-Identifier: Apache-2.0
// The table of routes: method, address, who may ask, what may be asked, what is answered. Dispatch, OpenAPI and the
// access tests walk it; what is not in it is not there.
//
// A handler's signature is its declaration. Facts are read from memory under a guard, on the I/O thread, or on a worker
// when the past was asked for; records, files and the access log wait for the disk and always go to a worker; commands
// are answered from the writer's thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "app/engine.h"
#include "server/api_params.h"

namespace landfall::server {

struct Call;
using CallPtr = std::shared_ptr<Call>;

// Who may ask. Deny by default: a permission is the rule, the others are the exceptions.
enum class Gate : std::uint8_t {
  kPermission,  // An account that holds `permission`, for everything or for its own unit.
  kAccount,     // Any enabled account that is signed in.
  kLoopback,    // The machine itself: what an operator's tools ask.
  kOpen,        // Anybody.
};
BOOST_DESCRIBE_ENUM(Gate, kPermission, kAccount, kLoopback, kOpen)

struct Parameter {
  std::string name;
  std::string schema;  // JSON Schema
};

// A body in either direction. No schema: bytes or text as they are.
struct Body {
  std::string media_type;  // Empty: no body.
  std::string schema;
};

struct Route {
  Method method = Method::kGet;
  std::string path;       // "/api/v1/projects/{id}": at most one parameter, one segment; "{+id}": any number.
  std::string operation;  // operationId, unique: "getProject"
  Gate gate = Gate::kPermission;
  std::string permission;
  std::string summary;
  std::optional<Parameter> path_parameter;
  std::vector<Parameter> query;
  std::vector<Parameter> headers;  // Required ones, beside X-CSRF-Token.
  Body body;
  Body answer;
  int status = 200;
  std::size_t body_bytes_max = 0;
  void (*run)(const CallPtr& call) = nullptr;
};

// A route without a path parameter has this one.
struct NoPath {};

// What a handler of facts is given. Valid during the handler only.
struct Facts {
  const app::Frame& frame;  // `visible` says what the account reaches.
  const app::State& now;    // Permissions are always as of now.
  app::Engine& engine;
  Actor actor;
  Day today;
  std::string_view permission;

  // Refuses a filter or a thing beyond the account's reach; `project`: on which it stands. Errors: access.other_unit.
  Status CheckOwner(UnitId owner, ProjectId project = {}) const;
  // The same for a filter; also refuses what is not known. Errors: unit.unknown, region.unknown.
  Status CheckUnit(const std::optional<UnitId>& unit) const;
  Status CheckRegion(const std::optional<RegionId>& region) const;
};

// The rest of the work, once the state to read is found: renders the answer's JSON.
using RenderFacts = std::function<Result<std::string>(const Facts&)>;
// The same from the newest state, which keeps versions of what is asked: nothing where they do not tell, and the past
// is to be replayed.
using RenderVersions = std::function<std::optional<Result<std::string>>(const Facts&)>;
void RunFacts(const CallPtr& call, const FactsQuery& query, RenderFacts render, RenderVersions versions = {});
// Goes to a worker, checks the gate there, renders, tags.
using RenderStored = std::function<Result<std::string>()>;
void RunStored(const CallPtr& call, RenderStored render);
// The position that `known_at` names. Errors: known_at.beyond_ledger, known_at.before_ledger.
Result<std::uint64_t> SeqOf(app::Engine& engine, const KnownAt& known);
void Refuse(const CallPtr& call, const Error& error);
const std::string& PathText(const CallPtr& call);
const Request& RequestOf(const CallPtr& call);
Call& Get(const CallPtr& call);

template <class P>
Result<P> ReadPath(const CallPtr& call) {
  if constexpr (std::is_same_v<P, NoPath>) {
    return NoPath{};
  } else {
    auto value = ReadParameter<P>(PathText(call));
    if (!value) return std::move(value).error().At("id");
    return value;
  }
}

template <class F>
struct HandlerTraits;
template <class R, class C, class P, class Q>
struct HandlerTraits<Result<R> (*)(C&, const P&, const Q&)> {
  using Answer = R;
  using Path = P;
  using Query = Q;
};

// `kVersions`: `std::optional<Result<Answer>> F(…)` with the parameters of kHandler, or nullptr.
template <auto kHandler, auto kVersions>
void RunFactsHandler(const CallPtr& call) {
  using H = HandlerTraits<decltype(kHandler)>;
  auto path = ReadPath<typename H::Path>(call);
  if (!path) return Refuse(call, path.error());
  auto query = ReadQuery<typename H::Query>(RequestOf(call));
  if (!query) return Refuse(call, query.error());
  const FactsQuery common = *query;
  RenderVersions versions;
  if constexpr (!std::is_null_pointer_v<decltype(kVersions)>) {
    versions = [path = *path, query = *query](const Facts& facts) -> std::optional<Result<std::string>> {
      auto answer = kVersions(facts, path, query);
      if (!answer) return std::nullopt;
      if (!*answer) return std::move(*answer).error();
      return ToJson(**answer);
    };
  }
  RunFacts(
      call, common,
      [path = *std::move(path), query = *std::move(query)](const Facts& facts) -> Result<std::string> {
        LF_ASSIGN(const typename H::Answer answer, kHandler(facts, path, query));
        return ToJson(answer);
      },
      std::move(versions));
}

template <auto kHandler>
void RunStoredHandler(const CallPtr& call) {
  using H = HandlerTraits<decltype(kHandler)>;
  auto path = ReadPath<typename H::Path>(call);
  if (!path) return Refuse(call, path.error());
  auto query = ReadQuery<typename H::Query>(RequestOf(call));
  if (!query) return Refuse(call, query.error());
  RunStored(call, [call, path = *std::move(path), query = *std::move(query)]() -> Result<std::string> {
    LF_ASSIGN(const typename H::Answer answer, kHandler(Get(call), path, query));
    return ToJson(answer);
  });
}

// Collects routes and the schemas that they share.
class RouteTable {
 public:
  // `Result<Answer> F(const Facts&, const Path&, const Query&)`.
  template <auto kHandler, auto kVersions = nullptr>
  void Facts(std::string path, std::string operation, std::string permission, std::string summary) {
    AddRead<kHandler>(std::move(path), std::move(operation), std::move(permission), std::move(summary)).run =
        &RunFactsHandler<kHandler, kVersions>;
  }
  // `Result<Answer> F(Call&, const Path&, const Query&)`. An empty permission: any signed-in account.
  template <auto kHandler>
  void Stored(std::string path, std::string operation, std::string permission, std::string summary) {
    AddRead<kHandler>(std::move(path), std::move(operation), std::move(permission), std::move(summary)).run =
        &RunStoredHandler<kHandler>;
  }
  // Any other; `path` and `query` describe what the handler reads itself.
  template <class Path, class Query>
  Route& Raw(Route route) {
    Describe<Path, Query>(route);
    return routes_.emplace_back(std::move(route));
  }
  template <class T>
  Body Json() {
    return {"application/json", landfall::Field<T>::Schema(sink_)};
  }
  template <class... T>
  void Schemas() {  // Of what stands in no route's signature.
    ((void)landfall::Field<T>::Schema(sink_), ...);
  }

  const std::vector<Route>& routes() const { return routes_; }
  const SchemaSink& sink() const { return sink_; }

 private:
  template <auto kHandler>
  Route& AddRead(std::string path, std::string operation, std::string permission, std::string summary) {
    using H = HandlerTraits<decltype(kHandler)>;
    Route route{.path = std::move(path),
                .operation = std::move(operation),
                .permission = std::move(permission),
                .summary = std::move(summary),
                .path_parameter = {},
                .query = {},
                .headers = {},
                .body = {},
                .answer = Json<typename H::Answer>()};
    route.gate = route.permission.empty() ? Gate::kAccount : Gate::kPermission;
    return Raw<typename H::Path, typename H::Query>(std::move(route));
  }
  template <class Path, class Query>
  void Describe(Route& route) {
    if constexpr (!std::is_same_v<Path, NoPath>)
      route.path_parameter = Parameter{"id", landfall::Field<Path>::Schema(sink_)};
    ForEachField<Query>([&](auto d) {
      using M = typename std::remove_cvref_t<decltype(std::declval<Query&>().*d.pointer)>::value_type;
      route.query.push_back({d.name, landfall::Field<M>::Schema(sink_)});
    });
  }
  std::vector<Route> routes_;
  SchemaSink sink_;
};

// What any signed-in account may ask for itself; `run` decides the rest.
inline Route AccountRoute(Method method, std::string path, std::string operation, std::string summary, Body body,
                          Body answer, int status, void (*run)(const CallPtr&)) {
  return {.method = method,
          .path = std::move(path),
          .operation = std::move(operation),
          .gate = Gate::kAccount,
          .permission = {},
          .summary = std::move(summary),
          .path_parameter = {},
          .query = {},
          .headers = {},
          .body = std::move(body),
          .answer = std::move(answer),
          .status = status,
          .run = run};
}

// One function per file of handlers.
void AddFactRoutes(RouteTable& table);
void AddRecordRoutes(RouteTable& table);
void AddPeopleRoutes(RouteTable& table);
void AddCommandRoutes(RouteTable& table);
void AddSessionRoutes(RouteTable& table);
void AddServiceRoutes(RouteTable& table);
void AddWorkRoutes(RouteTable& table);
void AddBulkRoutes(RouteTable& table);
void AddReportRoutes(RouteTable& table);
void AddFileRoutes(RouteTable& table);
void AddClaimRoutes(RouteTable& table);
void AddSheetRoutes(RouteTable& table);
void AddMapRoutes(RouteTable& table);
void AddFindRoutes(RouteTable& table);
void AddFilesRoutes(RouteTable& table);
void AddLogRoutes(RouteTable& table);
void AddGuideRoutes(RouteTable& table);
void AddCatalogueRoutes(RouteTable& table);
void AddCalendarRoutes(RouteTable& table);
void AddCaseRoutes(RouteTable& table);

std::span<const Route> Routes();
const SchemaSink& RouteSchemas();

struct RouteMatch {
  const Route* route = nullptr;  // nullptr: no such route, or not with this method.
  std::string parameter;
  std::string allowed;  // "GET, HEAD, POST": what the address takes; empty: it is no route's.
};
RouteMatch FindRoute(Method method, std::string_view path);

}  // namespace landfall::server
