// SPDX-License-Identifier: Apache-2.0
#include "server/openapi.h"

#include <map>

#include "app/views.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

constexpr std::string_view kReference = R"({"$ref":"#/components/schemas/)";

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

void AppendParameter(std::string& out, std::string_view where, const Parameter& parameter, bool required) {
  if (out.back() != '[') out += ',';
  out += R"({"name":)" + Quoted(parameter.name) + R"(,"in":")" + std::string(where) + "\"";
  if (required) out += R"(,"required":true)";
  out += R"(,"schema":)" + parameter.schema + "}";
}

void AppendBody(std::string& out, const Body& body) {
  out += R"("content":{)" + Quoted(body.media_type) + ":{";
  if (!body.schema.empty()) out += R"("schema":)" + body.schema;
  out += "}}";
}

// Who may ask, for people and for generated help.
std::string GateText(const Route& route) {
  switch (route.gate) {
    case Gate::kPermission:
      return "Needs " + route.permission + ".";
    case Gate::kAccount:
      return "Needs a signed-in account.";
    case Gate::kLoopback:
      return "For this machine only.";
    case Gate::kOpen:
      return "Open to everybody.";
  }
  return {};
}

std::string Tag(const Route& route) {
  constexpr std::string_view kRoot = "/api/v1/";
  if (!route.path.starts_with(kRoot)) return "operation";
  const std::string_view rest = std::string_view(route.path).substr(kRoot.size());
  return std::string(rest.substr(0, rest.find('/')));
}

// `path` and `body` differ from the route's for a command.
std::string Operation(const Route& route, std::string_view id, std::string_view summary, std::string_view description,
                      const Body& body) {
  const bool open = route.gate == Gate::kOpen || route.gate == Gate::kLoopback;
  std::string out = R"({"operationId":)" + Quoted(id) + R"(,"tags":[)" + Quoted(Tag(route)) + R"(],"summary":)" +
                    Quoted(summary) + R"(,"description":)" + Quoted(description);
  if (route.gate == Gate::kPermission) out += R"(,"x-permission":)" + Quoted(route.permission);
  if (open) out += R"(,"security":[])";
  out += R"(,"parameters":[)";
  if (route.path_parameter && id == route.operation) AppendParameter(out, "path", *route.path_parameter, true);
  for (const Parameter& p : route.query) AppendParameter(out, "query", p, false);
  for (const Parameter& p : route.headers) AppendParameter(out, "header", p, true);
  if (!open && route.method != Method::kGet)
    AppendParameter(out, "header", {"X-CSRF-Token", R"({"type":"string"})"}, false);
  out += ']';
  if (!body.media_type.empty()) {
    out += R"(,"requestBody":{"required":true,)";
    AppendBody(out, body);
    out += '}';
  }
  out += R"(,"responses":{")" + std::to_string(route.status) + R"(":{"description":"done")";
  if (!route.answer.media_type.empty()) {
    out += ',';
    AppendBody(out, route.answer);
  }
  out += R"(},"default":{"$ref":"#/components/responses/Refused"}}})";
  return out;
}

std::string MethodKey(Method method) {
  std::string out(MethodName(method));
  for (char& c : out) c = static_cast<char>(c | 0x20);
  return out;
}

std::string MakeDocument() {
  std::map<std::string, std::string> paths;  // By address: its operations.
  const auto add = [&](const std::string& path, const Route& route, std::string operation) {
    std::string& operations = paths[path];
    if (!operations.empty()) operations += ',';
    operations += Quoted(MethodKey(route.method)) + ":" + std::move(operation);
  };
  for (const Route& route : Routes()) {
    if (route.operation != "postCommand") {
      std::string path = route.path;
      if (const std::size_t plus = path.find("{+"); plus != path.npos) path.erase(plus + 1, 1);
      add(path, route, Operation(route, route.operation, route.summary, GateText(route), route.body));
      continue;
    }
    // One address per command, each with its own body.
    for (const app::CommandType& type : app::CommandTypesTable()) {
      const std::string name(type.info.name);
      std::string description = "Needs " + std::string(type.info.permission) + ".";
      for (std::size_t i = 0; i < type.info.refusals.size(); ++i)
        description += (i == 0 ? " May be refused with " : ", ") + std::string(type.info.refusals[i]);
      if (!type.info.refusals.empty()) description += '.';
      add(std::string(kCommandsPath) + name, route,
          Operation(route, name, name, description, {"application/json", std::string(kReference) + name + "\"}"}));
    }
  }
  std::string out =
      R"({"openapi":"3.1.0","info":{"title":"Landfall","version":"1","license":{"name":"Apache-2.0","identifier":"Apache-2.0"}},)"
      R"("servers":[{"url":"/"}],"security":[{"session":[]},{"token":[]}],"paths":{)";
  for (const auto& [path, operations] : paths) {
    if (out.back() != '{') out += ',';
    out += Quoted(path) + ":{" + operations + "}";
  }
  out += R"(},"components":{"securitySchemes":{"session":{"type":"apiKey","in":"cookie","name":"landfall_session"},)"
         R"("token":{"type":"http","scheme":"bearer"}},"responses":{"Refused":{"description":"refused","content":)"
         R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}},"schemas":{)";
  SchemaSink sink = RouteSchemas();
  (void)landfall::Field<app::Problem>::Schema(sink);
  for (const auto& [name, schema] : sink.components) {
    if (out.back() != '{') out += ',';
    out += Quoted(name) + ":" + schema;
  }
  return out + "}}}";
}

}  // namespace

std::string_view OpenApiDocument() {
  static const std::string kDocument = MakeDocument();
  return kDocument;
}

std::string InlineReferences(std::string_view schema) {
  std::string out;
  for (;;) {
    const std::size_t at = schema.find(kReference);
    out += schema.substr(0, at);
    if (at == std::string_view::npos) return out;
    schema.remove_prefix(at + kReference.size());
    const std::size_t end = schema.find('"');
    const auto found = RouteSchemas().components.find(schema.substr(0, end));
    LF_CHECK(found != RouteSchemas().components.end());
    out += InlineReferences(found->second);
    schema.remove_prefix(end + 2);  // The quote and the brace.
  }
}

}  // namespace landfall::server
