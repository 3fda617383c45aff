// SPDX-License-Identifier: Apache-2.0
// The description says exactly what the server does: every route, every command, every shape, and nothing that leads
// nowhere.
#include "server/openapi.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <functional>
#include <set>

#include "app/labels.h"
#include "app/state.h"
#include "server/routes.h"

namespace landfall::server {
namespace {

using Json = simdjson::dom::element;

// Parsed once; the parser owns the document.
Json Document() {
  static simdjson::dom::parser parser;
  static const Json kRoot = Json(parser.parse(simdjson::padded_string(OpenApiDocument())));
  return kRoot;
}

// By value: what simdjson's value() refers to dies with the expression.
simdjson::dom::object ObjectOf(Json value) { return simdjson::dom::object(value); }
simdjson::dom::array ArrayOf(Json value) { return simdjson::dom::array(value); }
Json At(Json value, std::string_view member) { return Json(value[member]); }

void Walk(Json value, const std::function<void(std::string_view key, Json member)>& visit) {
  if (value.is_object()) {
    for (const auto member : ObjectOf(value)) {
      visit(member.key, member.value);
      Walk(member.value, visit);
    }
  } else if (value.is_array()) {
    for (const Json item : ArrayOf(value)) Walk(item, visit);
  }
}

TEST(OpenApi, EveryReferenceResolves) {
  int references = 0;
  Walk(Document(), [&](std::string_view key, Json member) {
    if (key != "$ref") return;
    ++references;
    const std::string_view target = member.get_string();
    ASSERT_TRUE(target.starts_with("#/")) << target;
    EXPECT_EQ(Document().at_pointer(target.substr(1)).error(), simdjson::SUCCESS) << target;
  });
  EXPECT_GT(references, 100);
}

TEST(OpenApi, OperationIdsAreUniqueAndEveryOperationCanAnswerAndRefuse) {
  std::set<std::string_view> ids;
  for (const auto path : ObjectOf(At(Document(), "paths"))) {
    for (const auto operation : ObjectOf(path.value)) {
      const std::string_view id = operation.value["operationId"].get_string();
      EXPECT_TRUE(ids.insert(id).second) << id;
      EXPECT_GE(ObjectOf(At(operation.value, "responses")).size(), 2u) << id;
      EXPECT_EQ(operation.value["responses"]["default"].error(), simdjson::SUCCESS) << id;
    }
  }
}

TEST(OpenApi, HoldsEveryRouteAndEveryCommandAndNothingElse) {
  std::set<std::string> expected, found;
  for (const Route& route : Routes()) {
    std::string method(MethodName(route.method));
    for (char& c : method) c = static_cast<char>(c | 0x20);
    std::string path = route.path;  // "{+id}" takes several segments; OpenAPI has no word for that.
    if (const std::size_t at = path.find("{+id}"); at != std::string::npos) path.replace(at, 5, "{id}");
    if (route.operation != "postCommand") expected.insert(method + " " + path);
  }
  for (const app::CommandType& type : app::CommandTypesTable())
    expected.insert("post /api/v1/commands/" + std::string(type.info.name));

  for (const auto path : ObjectOf(At(Document(), "paths")))
    for (const auto operation : ObjectOf(path.value))
      found.insert(std::string(operation.key) + " " + std::string(path.key));

  EXPECT_EQ(found, expected);
}

TEST(OpenApi, PathParametersAreDeclaredAndQueryNamesAreUnique) {
  for (const auto path : ObjectOf(At(Document(), "paths"))) {
    const bool has_parameter = path.key.find('{') != std::string_view::npos;
    for (const auto operation : ObjectOf(path.value)) {
      std::set<std::string> names;
      int in_path = 0;
      for (const Json parameter : ArrayOf(At(operation.value, "parameters"))) {
        const std::string_view where = parameter["in"].get_string();
        in_path += where == "path";
        EXPECT_TRUE(names.insert(std::string(where) + " " + std::string(std::string_view(parameter["name"]))).second);
        EXPECT_EQ(parameter["schema"].error(), simdjson::SUCCESS);
      }
      EXPECT_EQ(in_path, has_parameter ? 1 : 0) << path.key;
    }
  }
}

TEST(OpenApi, CommandSchemasCarryWhatFormsNeed) {
  const Json project = Document().at_pointer("/components/schemas/project.register");
  EXPECT_EQ(project.at_pointer("/properties/owner_unit/x-id").get_string().value(), "unit");
  EXPECT_EQ(project.at_pointer("/properties/investment_minor/x-unit").get_string().value(), "minor");
  EXPECT_EQ(project.at_pointer("/properties/title/maxLength").get_int64().value(), 200);
  EXPECT_EQ(Document().at_pointer("/components/schemas/project.hold/properties/reason/enum").get_array().size(), 6u);
}

TEST(OpenApi, InlinedSchemasHaveNoReferencesLeft) {
  for (const app::CommandType& type : app::CommandTypesTable()) {
    for (const app::CommandField& field : type.fields) {
      const std::string schema = InlineReferences(field.schema);
      simdjson::dom::parser parser;
      EXPECT_EQ(parser.parse(simdjson::padded_string(schema)).error(), simdjson::SUCCESS) << schema;
      EXPECT_EQ(schema.find("$ref"), std::string::npos);
    }
  }
}

TEST(Routes, NeverShareAnAddressAndMethodAndAreFoundByTheirOwn) {
  for (const Route& route : Routes()) {
    std::string path = route.path;
    if (const std::size_t at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "x1");
    if (const std::size_t at = path.find("{+id}"); at != std::string::npos) path.replace(at, 5, "x1/x2");
    EXPECT_EQ(FindRoute(route.method, path).route, &route) << route.operation;
    EXPECT_NE(FindRoute(route.method, path).allowed.find(MethodName(route.method)), std::string::npos);
  }
  EXPECT_EQ(FindRoute(Method::kGet, "/api/v1/projects/p1/p2").route, nullptr);
  EXPECT_EQ(FindRoute(Method::kGet, "/api/v1/projects/").route, nullptr);
}

TEST(Routes, NameAPermissionOrAreKnownExceptions) {
  const std::set<std::string> open = {"signIn",     "listLedgers",    "getLabelsZh",  "getLabelsEn",
                                      "getOpenApi", "getHealth",      "getCalendar",  "getPublished",
                                      "getGuide",   "getGuideMatter", "getGuidePlan", "askProgress"};
  const std::set<std::string> any_account = {
      "getSession", "signOut", "setPassword", "listTokens", "createToken", "revokeToken", "postCommand", "listCommands",
      "getFeed", "getPersonal", "readNotifications", "createCalendar", "revokeCalendar", "setMail", "postBulk",
      "putBlob", "getSheetTemplate", "postSheet", "beginUpload", "getUpload", "sendPart", "finishUpload",
      "cancelUpload",
      // Of a file it depends on the record that names it: officials and applicants hold different permissions.
      "getBlob", "viewBlob", "getFileFacts", "getFileTable"};
  for (const Route& route : Routes()) {
    switch (route.gate) {
      case Gate::kPermission:
        EXPECT_NE(route.permission, "") << route.operation;
        break;
      case Gate::kAccount:
        EXPECT_TRUE(any_account.contains(route.operation)) << route.operation;
        break;
      case Gate::kLoopback:
        EXPECT_EQ(route.operation, "getMetrics");
        break;
      case Gate::kOpen:
        EXPECT_TRUE(open.contains(route.operation)) << route.operation;
        break;
    }
  }
}

TEST(Labels, HaveBothLanguagesForEveryCodeThatACommandMayBeRefusedWith) {
  for (const app::CommandType& type : app::CommandTypesTable()) {
    for (const std::string_view code : type.info.refusals) {
      EXPECT_NE(app::SentenceOf(code, app::Language::kZh), "") << code;
      EXPECT_NE(app::SentenceOf(code, app::Language::kEn), "") << code;
    }
  }
}

TEST(Labels, LanguageIsTheFirstOneThatWeHave) {
  EXPECT_EQ(app::LanguageOf("zh-CN,zh;q=0.9,en;q=0.8"), app::Language::kZh);
  EXPECT_EQ(app::LanguageOf("fr, ZH-Hans;q=0.5"), app::Language::kZh);
  EXPECT_EQ(app::LanguageOf("en-GB,zh"), app::Language::kEn);
  EXPECT_EQ(app::LanguageOf("zhuang"), app::Language::kEn);
  EXPECT_EQ(app::LanguageOf(""), app::Language::kEn);
}

}  // namespace
}  // namespace landfall::server
