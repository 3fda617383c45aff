// SPDX-License-Identifier: Apache-2.0
// Who may do and see what, against tests/access/expected.csv. That file was written by hand from the county's roles
// (who reads, who writes, who is 三员) and not from the table that the server uses; where the two differ, one of them
// is wrong.
#include <fstream>
#include <set>
#include <sstream>

#include "app/policy.h"
#include "server/api_support.h"
#include "server/routes.h"
#include "support/receipts.h"

namespace landfall::server {
namespace {

struct Row {
  std::string kind, name, role, target, expected;
};

std::vector<Row> ReadRows() {
  std::ifstream in(std::string(LANDFALL_SOURCE_DIR) + "/tests/access/expected.csv");
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "kind,name,role,target,expected");
  std::vector<Row> rows;
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    Row row;
    for (std::string* cell : {&row.kind, &row.name, &row.role, &row.target, &row.expected})
      std::getline(cells, *cell, ',');
    rows.push_back(std::move(row));
  }
  return rows;
}

// The number of the unit, project and obligation that a target names.
std::string NumberOf(const std::string& target) { return target == "other" ? "2" : target == "below" ? "3" : "1"; }

// A body that is well formed; whether the state allows it is another matter. "#" stands for the target's number.
const std::map<std::string, std::string>& Bodies() {
  static const std::map<std::string, std::string> kBodies = {
      {"ledger.create",
       R"({"jurisdiction":"430299","name":"x","currency":"CNY","utc_offset_minutes":480,"local_user":"x"})"},
      {"payload.erase", R"({"seq":1,"event":0,"basis":"pipl-47"})"},
      {"batch.complete", R"({"kind":"projects","entries":1})"},
      {"account.create", R"({"login":"sysadmin","display":"示例"})"},
      {"account.grant_role", R"({"account":"u1","role":"leader"})"},
      {"account.revoke_role", R"({"account":"u11","role":"auditor"})"},
      {"account.disable", R"({"account":"u12"})"},
      {"account.enable", R"({"account":"u1"})"},
      {"account.bind_enterprise", R"({"account":"u99","enterprise":"e1"})"},
      {"unit.create", R"({"code":"own","name":"示例"})"},
      {"unit.rename", R"({"unit":"o1","name":"示例重点办"})"},
      {"post.create", R"({"unit":"o99","title":"示例"})"},
      {"person.register", R"({"name":"李四（示例）"})"},
      {"post.fill", R"({"post":"j99","person":"n1","effective_on":"2026-01-01"})"},
      {"post.vacate", R"({"post":"j99","effective_on":"2026-01-01"})"},
      {"region.add", R"({"code":"430299","name":"示例","effective_on":"2026-01-01"})"},
      {"region.rename", R"({"region":"r1","name":"示例县"})"},
      {"region.close", R"({"region":"r99","effective_on":"2026-01-01"})"},
      {"region.draw",
       R"({"region":"r99","shape":"sha256:0000000000000000000000000000000000000000000000000000000000000000","system":"wgs84","source":"示例","effective_on":"2026-01-01"})"},
      {"project.locate", R"({"project":"p#","longitude_e7":1131000000,"latitude_e7":278000000,"how":"address"})"},
      {"enterprise.register", R"({"name":"示例企业","foreign_number":"ABN"})"},
      {"enterprise.rename", R"({"enterprise":"e1","name":"示例企业"})"},
      {"enterprise.link_alias", R"({"enterprise":"e99","same_as":"e1"})"},
      {"enterprise.unlink_alias", R"({"enterprise":"e99"})"},
      {"project.record_duplicate", R"({"project":"p1","counted_in":"p99"})"},
      {"claim.record",
       R"({"report":"R1","source":"R1-1","name":"示例","category":"indicator","kind":"statement","values":[],"exponent":0,"unit":"number","bound":"exact","evidence_level":"stated","target":false,"missing_in_source":false,"name_inferred":false})"},
      {"claim.relate", R"({"claim":"c99","rule":"whole","operands":[]})"},
      {"claim.withdraw", R"({"claim":"c99","remark":"示例"})"},
      {"enterprise.give_credit_code", R"({"enterprise":"e99","credit_code":"91350100M000100Y43"})"},
      {"ladder.define",
       R"({"ladder":"plain","rungs":[{"key":"signed","medal":"none","evidence":"none","parallel":false}]})"},
      {"figure.define", R"({"figure":"f","zh":"示例","en":"x","measure":"project_count","evidence":"none"})"},
      {"mechanism.define", R"({"mechanism":"m","name":"示例机制","owner_unit":"o1","effective_on":"2026-01-01"})"},
      {"mechanism.change",
       R"({"mechanism":"unknown","name":"示例机制","owner_unit":"o1","effective_on":"2026-01-01"})"},
      {"mechanism.end", R"({"mechanism":"unknown","effective_on":"2026-01-01"})"},
      {"project.record_row", R"({"project":"p1","milestones":[],"findings":[]})"},
      {"project.register", R"({"title":"示例项目","ladder":"unknown","owner_unit":"o#"})"},
      {"project.rename", R"({"project":"p#","title":"示例项目"})"},
      {"project.assign_owner", R"({"project":"p1","owner_unit":"o1"})"},
      {"project.set_investment", R"({"project":"p#","amount_minor":"100000"})"},
      {"project.plan_milestone", R"({"project":"p#","milestone":"unknown","due_on":"2026-12-01"})"},
      {"project.reach_milestone", R"({"project":"p#","milestone":"unknown","effective_on":"2026-11-01"})"},
      {"project.correct_milestone", R"({"project":"p#","milestone":"unknown","corrects":1,"remark":"示例"})"},
      {"project.hold", R"({"project":"p#","reason":"land","effective_on":"2030-01-01"})"},
      {"project.resume", R"({"project":"p#","effective_on":"2026-11-01"})"},
      {"project.terminate", R"({"project":"p#","reason":"land","effective_on":"2030-01-01","remark":"示例"})"},
      {"project.receive_funds",
       R"({"project":"p#","kind":"fixed_assets","amount_minor":"0","effective_on":"2026-11-01"})"},
      {"project.reverse_funds", R"({"project":"p#","corrects":1,"remark":"示例"})"},
      {"duty.assign", R"({"kind":"agent","post":"j99","project":"p1","effective_on":"2026-01-01"})"},
      {"duty.end", R"({"duty":"d99","effective_on":"2026-01-01"})"},
      {"person.move", R"({"person":"n99","effective_on":"2026-01-01"})"},
      {"post.appoint_acting", R"({"post":"j99","person":"n1","effective_on":"2026-01-01","until":"2026-02-01"})"},
      {"post.end_acting", R"({"post":"j99","effective_on":"2026-01-01"})"},
      {"account.link", R"({"account":"u99","person":"n1"})"},
      {"policy.propose", R"({"role":"leader","permission":"project.unheard_of","reach":"all","remark":"示例"})"},
      {"policy.approve", R"({"change":"v99"})"},
      {"policy.reject", R"({"change":"v99"})"},
      {"obligation.assign", R"({"kind":"task","text":"示例","project":"p99","owner_unit":"o1","due_on":"2026-12-01"})"},
      {"obligation.accept", R"({"obligation":"b#"})"},
      {"obligation.report_done", R"({"obligation":"b#","effective_on":"2030-01-01"})"},
      {"obligation.write_off", R"({"obligation":"b1"})"},
      {"obligation.return", R"({"obligation":"b1","due_on":"2026-12-01","remark":"示例"})"},
      {"obligation.move_deadline", R"({"obligation":"b99","due_on":"2026-12-01","remark":"示例"})"},
      {"obligation.cancel", R"({"obligation":"b99","remark":"示例"})"},
      {"obligation.urge", R"({"obligation":"b1","level":"reminder"})"},
      {"obligation.state_source", R"({"obligation":"b1","source":"meeting"})"},
      {"obligation.assign_task",
       R"({"project":"p99","plan":1,"task":1,"text":"示例","owner_unit":"o1","due_on":"2026-12-01"})"},
      {"obligation.link_task", R"({"obligation":"b99","plan":1,"task":1})"},
      {"obligation.list", R"({"obligation":"b1","list":"task"})"},
      {"obligation.escalate", R"({"obligation":"b99","remark":"示例"})"},
      {"obligation.note_progress", R"({"obligation":"b#","remark":"示例"})"},
      {"report.schedule",
       R"({"first_period":"2026-10","ladder":"unknown","from_milestone":"signed","due_days":5,"due_unit":"work_days"})"},
      {"report.submit",
       R"({"project":"p#","period":"2030-01","completed_month_minor":"0","completed_total_minor":"0","image_progress":"示例"})"},
      {"report.correct",
       R"({"project":"p#","period":"2026-10","completed_month_minor":"0","completed_total_minor":"0","reason":"示例"})"},
      {"report.approve_correction", R"({"project":"p#","period":"2026-10"})"},
      {"report.reject_correction", R"({"project":"p#","period":"2026-10","remark":"示例"})"},
      {"report.approve_closed_correction", R"({"project":"p1","period":"2026-10"})"},
      {"report.reject_closed_correction", R"({"project":"p1","period":"2026-10","remark":"示例"})"},
      {"report.close_period", R"({"period":"2030-01"})"},
      {"report.reopen_period", R"({"period":"2026-10","remark":"示例"})"},
      {"project.conclude_agreement",
       R"({"project":"p#","signed_on":"2030-01-01","counterpart":"to_be_registered","counterpart_name":"示例","evidence":[]})"},
      {"project.withdraw_agreement", R"({"project":"p#","corrects":1,"remark":"示例"})"},
      {"project.change_counterpart",
       R"({"project":"p#","effective_on":"2026-11-01","counterpart":"to_be_registered","counterpart_name":"示例","remark":"示例"})"},
      {"project.make_commitments", R"({"project":"p#","effective_on":"2026-11-01"})"},
      {"project.record_results", R"({"project":"p#","first_period":"2026-02","last_period":"2026-01","jobs":1})"},
      {"project.correct_results",
       R"({"project":"p#","corrects":1,"first_period":"2026-02","last_period":"2026-01","jobs":1,"remark":"示例"})"},
      {"project.withdraw_results", R"({"project":"p#","corrects":1,"remark":"示例"})"},
      {"delegation.grant", R"({"duty":"d99","powers":["urge"],"effective_on":"2026-12-01","until":"2026-12-31"})"},
      {"delegation.end", R"({"delegation":"g99","effective_on":"2026-12-01"})"},
      {"mandate.give", R"({"duty":"d99","services":["submit"],"effective_on":"2026-12-01","until":"2026-12-31",)"
                       R"("evidence":[]})"},
      {"mandate.revoke", R"({"duty":"d99","effective_on":"2026-12-01"})"},
      {"ladder.set_guards", R"({"ladder":"unknown","guards":[]})"},
      {"project.record_ground", R"({"project":"p#","ground":"agreement","effective_on":"2026-11-01","evidence":[]})"},
      {"project.withdraw_ground", R"({"project":"p#","corrects":1,"remark":"示例"})"},
      {"project.freeze_baseline", R"({"project":"p#"})"},
      {"project.ask_rebaseline", R"({"project":"p#","reason":"示例"})"},
      {"project.approve_rebaseline", R"({"project":"p#"})"},
      {"project.reject_rebaseline", R"({"project":"p#","remark":"示例"})"},
      {"project.raise_block",
       R"({"project":"p#","block":"land","milestone":"unknown","owner_unit":"o1","due_on":"2026-12-01","effective_on":"2026-11-01","text":"示例"})"},
      {"project.solve_block", R"({"project":"p#","raised":1,"effective_on":"2026-11-01"})"},
      {"project.verify_funds", R"({"project":"p#","receipt":1,"amount_minor":"0","evidence":[]})"},
      {"project.count_funds", R"({"project":"p#","receipt":1,"amount_minor":"0"})"},
      {"project.link_duplicate", R"({"project":"p#","counted_in":"p99","remark":"示例"})"},
      {"project.unlink_duplicate", R"({"project":"p#","remark":"示例"})"},
      {"project.tell_apart", R"({"project":"p#","other":"p99","remark":"示例"})"},
      {"project.join_batch", R"({"project":"p#","batch":"start","effective_on":"2026-11-01"})"},
      {"project.leave_batch", R"({"project":"p#","batch":"complete","effective_on":"2026-11-01"})"},
      {"list.set_target", R"({"batch":"start","first_period":"2026-02","last_period":"2026-01","projects":1})"},
      {"project.set_shares", R"({"project":"p#","shares":[]})"},
      {"matter.define",
       R"({"matter":"m.x","version":9,"from":"2026-01-01","zh":"示例","owner_unit":"o1","kind":"filing","level":"town","discretion":true,"papers":[],"makes":[]})"},
      {"package.define",
       R"({"package":"x","version":9,"from":"2026-01-01","zh":"示例","owner_unit":"o1","matters":[]})"},
      {"case.apply", R"({"package":"p#","matters":[],"papers":[]})"},
      {"case.notify", R"({"case_id":"k#","papers":["unheard-of"]})"},
      {"case.supply", R"({"case_id":"k#","papers":[{"paper":"unheard-of","how":"handed"}]})"},
      {"case.accept", R"({"case_id":"k#"})"},
      {"case.withdraw", R"({"case_id":"k#"})"},
      {"case.deliver", R"({"case_id":"k#","how":"post"})"},
      {"case.rate", R"({"case_id":"k#","stars":5})"},
      {"case.migrate", R"({"case_id":"k#"})"},
      {"step.receive", R"({"case_id":"k#","step":1})"},
      {"step.correct", R"({"case_id":"k#","step":1,"days":5,"remark":"示例"})"},
      {"step.suspend", R"({"case_id":"k#","step":1,"reason":"hearing","days":5})"},
      {"step.resume", R"({"case_id":"k#","step":1})"},
      {"step.extend", R"({"case_id":"k#","step":1,"days":5,"remark":"示例"})"},
      {"step.approve_extension", R"({"case_id":"k#","step":1})"},
      {"step.reject_extension", R"({"case_id":"k#","step":1,"remark":"示例"})"},
      {"step.countersign", R"({"case_id":"k#","step":1,"units":["o1"]})"},
      {"step.add_reviewer", R"({"case_id":"k#","step":1,"reviewer":"u1"})"},
      {"step.agree", R"({"case_id":"k1","step":1,"owner_unit":"o#"})"},
      {"step.approve", R"({"case_id":"k#","step":1})"},
      {"step.refuse", R"({"case_id":"k#","step":1,"remark":"示例"})"},
      {"step.send_back", R"({"case_id":"k#","step":1,"remark":"示例"})"},
      {"step.approve_by_rule", R"({"case_id":"k#","step":1})"},
      {"peer.trust", R"({"peer":"430281","name":"示例邻区","vkey":"x"})"},
      {"peer.revoke", R"({"peer":"430281"})"},
      {"case.hand_over", R"({"case_id":"k#","peer":"430281","steps":[]})"},
      {"case.take_over", R"({"package":"p#","receipt_text":"x"})"},
      {"case.return_result", R"({"case_id":"k#"})"},
      {"case.receive_result", R"({"case_id":"k#","receipt_text":"x"})"},
      {"project.adopt_plan", R"({"project":"p#","effective_on":"2026-11-01","strategy":"示例","tasks":[]})"}};
  return kBodies;
}

std::string WithNumber(std::string text, const std::string& number) {
  if (const std::size_t at = text.find('#'); at != std::string::npos) text.replace(at, 1, number);
  return text;
}

// The body of a row: an applicant names the enterprise that the target stands for, officials name none.
std::string BodyOf(const Row& row) {
  if (row.role == "enterprise" && row.name == "case.apply")
    return WithNumber(R"({"package":"p1","matters":[],"enterprise":"e#","papers":[]})", NumberOf(row.target));
  return WithNumber(Bodies().at(row.name), NumberOf(row.target));
}

// What is asked of a route for a target: the path parameter and, where a unit filters, the filter.
std::string TargetOf(const Route& route, const std::string& target, const std::string& blob,
                     const std::string& calendar, AccountId self) {
  static const std::map<std::string, std::string> kParameter = {{"getProject", "p#"},
                                                                {"listProjectEntries", "p#"},
                                                                {"getProjectReports", "p#"},
                                                                {"getProjectFile", "p#"},
                                                                {"getProjectPhotos", "p#"},
                                                                {"getProjectFiles", "p#"},
                                                                {"getFigure", "signed_count"},
                                                                {"getClaim", "c1"},
                                                                {"getCase", "k#"},
                                                                {"listCaseEntries", "k#"},
                                                                {"getHandOver", "k#"},
                                                                {"getCaseDocument", "k#"},
                                                                {"getProgressAccess", "k#"},
                                                                {"getCaseFiles", "k#"},
                                                                {"getApplication", "k#"},
                                                                {"getApplicationProgress", "k#"},
                                                                {"getApplicationDocument", "k#"},
                                                                {"getProjectVersions", "p#"},
                                                                {"getGuideMatter", "e-01"},
                                                                {"getGuidePlan", "company_start"},
                                                                {"getMatter", "e-01"},
                                                                {"getPublished", "430299/checkpoint"},
                                                                {"getEntry", "1"},
                                                                {"getProof", "1"},
                                                                {"revokeToken", "9999"},
                                                                {"getObligation", "b#"},
                                                                {"listObligationEntries", "b#"},
                                                                {"postBulk", "obligation.urge"},
                                                                {"getSheetTemplate", "projects"},
                                                                {"postSheet", "projects"}};
  std::string value;
  if (route.path.starts_with("/api/v1/blobs/{id}") || route.path.starts_with("/api/v1/uploads/{id}") ||
      route.operation == "getBorder")
    value = blob;
  else if (route.operation == "getCalendar")
    value = calendar;
  else if (route.operation == "setPassword")
    value = target == "own" ? self.ToString() : self.raw == 1 ? "u2" : "u1";
  else if (const auto found = kParameter.find(route.operation); found != kParameter.end())
    value = WithNumber(found->second, NumberOf(target));
  if (route.operation == "getCaseDocument" || route.operation == "getApplicationDocument")
    value = "k" + std::to_string(3 + std::stoi(NumberOf(target)));
  std::string path = route.path;
  if (const std::size_t at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, value);
  if (const std::size_t at = path.find("{+id}"); at != std::string::npos) path.replace(at, 5, value);
  const bool filters =
      std::any_of(route.query.begin(), route.query.end(), [](const Parameter& p) { return p.name == "unit"; });
  if (filters && target != "none") path += "?unit=o" + NumberOf(target);
  return path;
}

std::string BodyOf(const Route& route) {
  if (route.operation == "putBlob") return "evidence";
  if (route.operation == "beginUpload" || route.operation == "sendPart") return R"({"bytes":5})";
  if (route.operation == "finishUpload") return "{}";
  if (route.operation == "createToken") return R"({"label":"示例"})";
  if (route.operation == "setPassword") return R"({"password":"short"})";  // Refused by the rules, after the gate.
  if (route.operation == "readNotifications") return R"({"seq":1})";
  if (route.operation == "planPackage") return R"({"package":"company_start"})";
  if (route.operation == "writeCatalogueFile")
    return R"({"id":"example","zh":"示例","en":"example","lead":"market","from":"2026-12-01","source":"示例",)"
           R"("draft":{"matters":["e-01"]}})";
  if (route.operation == "setMail") return R"({"address":"post@example.org"})";
  if (route.operation == "postBulk") return R"({"items":[{"obligation":"b99","level":"reminder"}]})";
  return "";
}

// In whose name the case of a unit was applied for: the account `enterprise` is bound to e1.
EnterpriseId ApplicantOf(std::uint32_t unit) { return EnterpriseId{unit}; }

// A package, and a case of it, for each of the three units.
void BuildCases(Town& town) {
  for (const char* number : {"ABN-2", "ABN-3"})
    town.Run(enterprise::RegisterEnterprise{{"示例企业"}, std::nullopt, {{number}}});
  for (std::uint32_t unit = 1; unit <= 3; ++unit) {
    const std::string n = std::to_string(unit);
    cases::DefineMatter matter{};
    matter.matter = {"m" + n};
    matter.version = {1};
    matter.from = MakeDay(2026, 1, 1);
    matter.zh = {"示例事项"};
    matter.owner_unit = UnitId{unit};
    matter.promised = cases::Limit{{5}, cases::LimitUnit::work_days};
    town.Run(matter);
    town.Run(cases::DefinePackage{
        {"p" + n}, {1}, MakeDay(2026, 1, 1), {"示例一件事"}, UnitId{unit}, {{{"m" + n}}}, std::nullopt});
    town.Run(cases::ApplyForCase{{"p" + n}, {{{"m" + n}}}, ApplicantOf(unit), std::nullopt, {}, std::nullopt});
  }
}

// Each of those cases goes to a neighbour, so that there is a receipt to read.
void HandOverCases(Town& town) {
  town.Run(cases::TrustPeer{{"430281"}, {"示例邻区"}, {landfall::test::Neighbour().vkey()}});
  for (std::uint32_t n = 1; n <= 3; ++n) {
    town.Run(cases::AcceptCase{cases::CaseId{n}});
    town.Run(cases::HandOverCase{cases::CaseId{n}, {"430281"}, {}});
  }
}

// A second case of each unit goes its whole way, by rule, so that there is a paper to read.
void DeliverCases(Town& town) {
  for (std::uint32_t unit = 1; unit <= 3; ++unit) {
    DefineRuledPackage(town, unit);
    DeliverCaseByRule(town, unit, cases::Delivery::electronic, ApplicantOf(unit));
  }
}

// "allow" when the request came past every gate, whatever the state then said; else the gate's code.
std::string Outcome(const ClientResponse& response) {
  const std::string code = CodeOf(response);
  const bool refused = code.starts_with("access.") || code.starts_with("session.");
  EXPECT_TRUE(!refused || response.status == 401 || response.status == 403) << response.status << " " << code;
  EXPECT_NE(response.status, 500);
  return refused ? code : "allow";
}

TEST(Access, AnswersAsExpectedByHandForEveryCommandAndRole) {
  Town town;
  BuildCases(town);
  std::map<std::string, SignedIn> visitors;
  HttpClient client = town.Connect();

  for (const Row& row : ReadRows()) {
    if (row.kind != "command" || row.role == "local") continue;
    SCOPED_TRACE(row.name + " by " + row.role + " on " + row.target);
    std::vector<Field> headers;
    if (row.role != "nobody") headers = visitors.try_emplace(row.role, SignedIn{}).first->second.Headers();
    if (row.role != "nobody" && headers[0].value.empty()) headers = (visitors[row.role] = town.As(row.role)).Headers();
    headers.push_back({"Idempotency-Key", town.NewKey()});
    const auto response = client.Send("POST", "/api/v1/commands/" + row.name, headers, BodyOf(row));

    ASSERT_TRUE(response);
    EXPECT_EQ(Outcome(*response), row.expected) << response->body;
  }
}

TEST(Access, AnswersAsExpectedByHandForTheLocalUser) {
  Town town;
  BuildCases(town);

  for (const Row& row : ReadRows()) {
    if (row.kind != "command" || row.role != "local") continue;
    SCOPED_TRACE(row.name + " by local");
    auto command = app::FindCommand(row.name)->read(WithNumber(Bodies().at(row.name), NumberOf(row.target)));
    ASSERT_TRUE(command) << command.error().code;
    const auto answer = town.engine().Run(Actor::Local(), town.NewKey(), *command);

    const bool refused = !answer && answer.error().code.starts_with("access.");
    EXPECT_EQ(refused ? answer.error().code : "allow", row.expected);
  }
}

TEST(Access, AnswersAsExpectedByHandForEveryReadAndRole) {
  Town town;
  BuildCases(town);
  HandOverCases(town);
  DeliverCases(town);
  const auto blob = town.service().blobs(0).Put("application/octet-stream", "a page of evidence");
  ASSERT_TRUE(blob);
  const auto pages = town.service().blobs(0).Put(
      "application/pdf",
      "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");
  ASSERT_TRUE(pages);
  std::string paper;
  AppendDigestText(paper, *pages);
  const auto border = town.service().blobs(0).Put("application/geo+json", "{}");
  ASSERT_TRUE(border);
  const auto published = app::FindCommand("claim.record")->read(Bodies().at("claim.record"));
  ASSERT_TRUE(published);
  ASSERT_TRUE(town.engine().Run(Actor::Local(), town.NewKey(), *published));
  std::string digest, shape;
  AppendDigestText(digest, *blob);
  AppendDigestText(shape, *border);
  std::string calendar;
  std::map<std::string, const Route*> routes;
  for (const Route& route : Routes()) routes[route.operation] = &route;

  for (const Row& row : ReadRows()) {
    if (row.kind == "command") continue;
    SCOPED_TRACE(row.name + " by " + row.role + " on " + row.target);
    ASSERT_TRUE(routes.contains(row.name));
    const Route& route = *routes[row.name];
    if (row.name == "getCalendar") {  // Each test of createCalendar ended the address before.
      auto made = town.access().CreateCalendar(town.account("leader"));
      ASSERT_TRUE(made);
      calendar = *std::move(made);
    }
    const AccountId self = row.role == "nobody" ? AccountId{1} : town.account(row.role);
    std::string upload;
    if (route.path.find("/uploads") != std::string::npos) {
      auto begun = town.service().uploads(0).Begin(self, 11);
      ASSERT_TRUE(begun) << begun.error().code;
      upload = begun->id;
    }
    const std::vector<Field> headers = row.role == "nobody" ? std::vector<Field>() : town.As(row.role).Headers();
    // An event stream has no end: only its header is asked for.
    const bool stream = row.name == "getFeed" && row.expected == "allow";
    HttpClient client = town.Connect();
    const std::string method(stream ? "HEAD" : MethodName(route.method));
    const auto response = client.Send(method,
                                      TargetOf(route, row.target,
                                               row.name == "getBorder"  ? shape
                                               : row.name == "viewBlob" ? paper
                                               : upload.empty()         ? digest
                                                                        : upload,
                                               calendar, self),
                                      headers, BodyOf(route));

    ASSERT_TRUE(response) << response.error().code;
    if (!upload.empty()) {  // Each account may have few.
      (void)town.service().uploads(0).End(self, upload);
      if (row.name == "beginUpload") (void)town.service().uploads(0).End(self, TextIn(*response, "id"));
    }
    EXPECT_EQ(Outcome(*response), row.expected) << response->status << " " << response->body;
    if (row.expected == "allow" && route.method == Method::kGet) {
      EXPECT_EQ(response->status, 200) << response->body;
    }
  }
}

TEST(Access, EveryCommandAndRouteStandsInTheExpectationsForEveryRole) {
  const std::set<std::string> roles = {"leader",   "project_office", "unit_officer", "statistician", "supervisor",
                                       "sysadmin", "secadmin",       "auditor",      "norole",       "disabled",
                                       "nobody",   "unit_head",      "enterprise"};
  std::map<std::string, std::set<std::string>> seen, targets;
  for (const Row& row : ReadRows()) {
    seen[row.name].insert(row.role);
    targets[row.name].insert(row.target);
  }

  for (const app::CommandType& type : app::CommandTypesTable()) {
    const std::string name(type.info.name);
    std::set<std::string> missing = roles;
    missing.insert("local");
    for (const std::string& role : seen[name]) missing.erase(role);
    EXPECT_TRUE(missing.empty()) << name << " lacks " << (missing.empty() ? "" : *missing.begin());
    const bool scoped = type.info.scope != Scope::kJurisdiction;
    EXPECT_EQ(targets[name], scoped ? (std::set<std::string>{"own", "other"}) : std::set<std::string>{"none"}) << name;
  }
  for (const Route& route : Routes()) {
    if (route.operation == "postCommand" || route.operation == "signIn") continue;
    EXPECT_EQ(seen[route.operation], roles) << route.operation;
  }
}

TEST(Access, LocalUserFillsTheTwoOfficesOnceAndThenNoMore) {
  // Given a ledger in which nobody holds an office.
  TestClock clock;
  std::string folder = (std::filesystem::temp_directory_path() / "landfall-boot-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  app::EngineOptions options;
  options.clock = &clock;
  ASSERT_TRUE(app::Engine::Create({folder + "/l"}, {{"430299"}, {"示例县"}, {"CNY"}, {480}, {"t"}}, options));
  auto engine = app::Engine::Open({folder + "/l"}, options);
  ASSERT_TRUE(engine);
  const auto run = [&](app::AnyCommand command) {
    auto answer = (*engine)->Run(Actor::Local(), app::NewKey(clock, SystemRandom()), std::move(command));
    return answer ? std::string("ok") : answer.error().code;
  };

  // When the local user fills both.
  EXPECT_EQ(run(admin::CreateAccount{{"first"}, {"示例"}, std::nullopt}), "ok");
  EXPECT_EQ(run(admin::CreateAccount{{"second"}, {"示例"}, std::nullopt}), "ok");
  EXPECT_EQ(run(admin::GrantRole{AccountId{1}, admin::Role::sysadmin}), "ok");
  EXPECT_EQ(run(admin::GrantRole{AccountId{2}, admin::Role::secadmin}), "ok");

  // Then the door is shut.
  EXPECT_EQ(run(admin::CreateAccount{{"third"}, {"示例"}, std::nullopt}), "access.denied");
  EXPECT_EQ(run(admin::GrantRole{AccountId{2}, admin::Role::leader}), "access.denied");
  engine->reset();
  std::filesystem::remove_all(folder);
}

TEST(Access, AnApplicantHoldsItsTwoPermissionsForItsOwnAndNobodyElseDoes) {
  const std::set<std::string_view> own = {"case.apply", "case.read_own"};
  for (int r = 0; r < admin::kRoles; ++r) {
    const auto role = static_cast<admin::Role>(r);
    for (const std::string_view permission : app::Permissions()) {
      const bool held = role == admin::Role::enterprise && own.contains(permission);
      if (role != admin::Role::enterprise && !own.contains(permission)) continue;
      EXPECT_EQ(app::ReachOf(role, permission), held ? app::Reach::kOwn : app::Reach::kNone)
          << EnumName(role) << " " << permission;
    }
  }
}

TEST(Access, ThreeOfficesHoldNothingOfTheBusiness) {
  for (const admin::Role role : {admin::Role::sysadmin, admin::Role::secadmin, admin::Role::auditor}) {
    for (const std::string_view permission : app::Permissions()) {
      const bool business = permission.starts_with("project.") || permission.starts_with("obligation.") ||
                            permission.starts_with("figure.") || permission.starts_with("enterprise.") ||
                            permission.starts_with("people.") || permission.starts_with("place.") ||
                            permission.starts_with("master.") || permission.starts_with("import.") ||
                            permission.starts_with("ladder.");
      if (!business) continue;
      EXPECT_EQ(app::ReachOf(role, permission), app::Reach::kNone) << EnumName(role) << " " << permission;
    }
  }
}

}  // namespace
}  // namespace landfall::server
