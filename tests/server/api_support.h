// SPDX-License-Identifier: Apache-2.0
// A small invented county served over HTTP on a temporary ledger, for tests of the API.
//
//   units     o1 own, o2 other, o3 below o1
//   projects  p1 of o1, p2 of o2, p3 of o3, each with one obligation b1, b2, b3 (accepted by nobody yet)
//   accounts  one per role, logins as the roles are named, "enterprise" bound to e1; "norole" without a role,
//             "disabled" a disabled project office
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>

#include "server/http_support.h"
#include "server/serve.h"

namespace landfall::server {

inline constexpr std::string_view kGoodPassword = "seven grey herons";

// Stands until it is set; may be set while the server reads it.
class TestClock final : public Clock {
 public:
  Instant Now() override { return Instant(std::chrono::microseconds(micros_.load())); }
  void Set(Instant now) { micros_.store(now.time_since_epoch().count()); }
  void Advance(std::chrono::microseconds by) { micros_.fetch_add(by.count()); }

 private:
  std::atomic<std::int64_t> micros_{Instant(MakeDay(2026, 11, 16) + std::chrono::hours(1)).time_since_epoch().count()};
};

struct SignedIn {
  std::string cookie;  // "landfall_session=…"
  std::string csrf;
  std::vector<Field> Headers() const { return {{"Cookie", cookie}, {"X-CSRF-Token", csrf}}; }
};

class Town {
 public:
  Town() {
    std::string pattern = (std::filesystem::temp_directory_path() / "landfall-api-XXXXXX").string();
    LF_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    const app::EngineOptions options = EngineOptions();
    LF_CHECK(app::Engine::Create({ledger()}, {{"430299"}, {"示例县"}, {"CNY"}, {480}, {"tester"}}, options).ok());
    Start();
    Build();
  }
  ~Town() {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    ServeOptions options;
    options.folders = {ledger()};
    options.port = 0;
    options.publish_log = true;
    options.log = [this](std::string_view line) {
      const std::lock_guard lock(log_mutex_);
      log_ += std::string(line) + "\n";
    };
    auto service = Service::Start(options, EngineOptions());
    LF_CHECK(service.ok());
    service_ = *std::move(service);
  }
  void Stop() { service_.reset(); }

  std::string ledger() const { return folder_ + "/ledger"; }
  const std::string& folder() const { return folder_; }
  app::Engine& engine() { return service_->engine(0); }
  app::AccessStore& access() { return service_->access(0); }
  Service& service() { return *service_; }
  TestClock& clock() { return clock_; }
  AccountId account(const std::string& login) const { return accounts_.at(login); }
  std::string log() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }

  HttpClient Connect() {
    auto client = HttpClient::Connect("127.0.0.1", service_->port(), seconds(20));
    LF_CHECK(client.ok());
    return std::move(*client);
  }
  std::string NewKey() { return app::NewKey(clock_, SystemRandom()); }

  // Signed in without the password's 35 ms.
  SignedIn As(const std::string& login) {
    auto secret = access().BeginSession(account(login));
    LF_CHECK(secret.ok());
    return {"landfall_session=" + *secret, app::AccessStore::CsrfOf(*secret)};
  }
  // As the system: for what a test is not about.
  app::Answer Run(app::AnyCommand command) {
    auto answer = engine().Run(Actor::System(), NewKey(), std::move(command));
    if (!answer) ADD_FAILURE() << answer.error().code << " at " << answer.error().field;
    LF_CHECK(answer.ok());
    return *answer;
  }
  ClientResponse Get(const std::string& login, const std::string& target, std::vector<Field> more = {}) {
    std::vector<Field> headers = As(login).Headers();
    headers.insert(headers.end(), more.begin(), more.end());
    auto response = Connect().Get(target, headers);
    LF_CHECK(response.ok());
    return *response;
  }
  ClientResponse Command(const std::string& login, const std::string& name, const std::string& body,
                         std::string key = {}) {
    std::vector<Field> headers = As(login).Headers();
    headers.push_back({"Idempotency-Key", key.empty() ? NewKey() : key});
    headers.push_back({"Content-Type", "application/json"});
    auto response = Connect().Send("POST", "/api/v1/commands/" + name, headers, body);
    LF_CHECK(response.ok());
    return *response;
  }

 private:
  app::EngineOptions EngineOptions() {
    app::EngineOptions options;
    options.clock = &clock_;
    return options;
  }

  void Build() {
    Run(people::CreateUnit{{"own"}, {"示例重点办"}, std::nullopt});
    Run(people::CreateUnit{{"other"}, {"示例他局"}, std::nullopt});
    Run(people::CreateUnit{{"below"}, {"示例股室"}, UnitId{1}});
    Run(place::AddRegion{{"430299"}, {"示例县"}, std::nullopt, MakeDay(2020, 1, 1)});
    Run(people::CreatePost{UnitId{1}, {"示例岗位"}});
    Run(people::RegisterPerson{{"张三（示例）"}});
    Run(people::FillPost{PostId{1}, PersonId{1}, MakeDay(2026, 1, 1)});
    Run(enterprise::RegisterEnterprise{{"示例企业"}, std::nullopt, {{"ABN-1"}}});
    project::DefineLadder ladder{{"plain"}, {}, std::nullopt};
    for (const char* rung : {"signed", "started", "produced"}) ladder.rungs.items.emplace_back().key = {rung};
    Run(ladder);
    Run(figure::DefineFigure{{"signed_count"},
                             {"签约数"},
                             {"Signed"},
                             figure::Measure::project_count,
                             {{"plain"}},
                             {{"signed"}},
                             std::nullopt,
                             std::nullopt,
                             project::EvidenceLevel::none});
    for (std::uint32_t unit = 1; unit <= 3; ++unit) {
      Run(project::RegisterProject{{"示例项目"},
                                   {"plain"},
                                   {{"P-" + std::to_string(unit)}},
                                   UnitId{unit},
                                   RegionId{1},
                                   EnterpriseId{1},
                                   Money::FromMinor(100'000)});
      Run(obligation::Assign{
          obligation::Kind::task, {"示例任务"}, ProjectId{unit}, UnitId{unit}, MakeDay(2026, 12, 1)});
    }
    for (int r = 0; r < admin::kRoles; ++r) {
      const auto role = static_cast<admin::Role>(r);
      const bool has_unit = role == admin::Role::unit_officer || role == admin::Role::unit_head;
      AddAccount(std::string(EnumName(role)), role, has_unit ? std::optional(UnitId{1}) : std::nullopt);
    }
    Run(admin::BindEnterprise{account("enterprise"), EnterpriseId{1}});
    AddAccount("norole", std::nullopt, std::nullopt);
    AddAccount("disabled", admin::Role::project_office, std::nullopt);
    Run(admin::DisableAccount{account("disabled")});
  }

  void AddAccount(const std::string& login, std::optional<admin::Role> role, std::optional<UnitId> unit) {
    const app::Answer made = Run(admin::CreateAccount{{login}, {"示例岗位 " + login}, unit});
    const auto id = AccountId::Parse(made.ids.at(0));
    accounts_[login] = *id;
    if (role) Run(admin::GrantRole{*id, *role});
  }

  std::string folder_;
  TestClock clock_;
  std::map<std::string, AccountId> accounts_;
  std::mutex log_mutex_;
  std::string log_;
  std::unique_ptr<Service> service_;
};

// A matter "r<unit>" without discretion of that unit, and the package "d<unit>" of it alone.
inline void DefineRuledPackage(Town& town, std::uint32_t unit) {
  const std::string n = std::to_string(unit);
  cases::DefineMatter matter{};
  matter.matter = {"r" + n};
  matter.version = {1};
  matter.from = MakeDay(2026, 1, 1);
  matter.zh = {"示例事项"};
  matter.owner_unit = UnitId{unit};
  matter.discretion = false;
  matter.promised = cases::Limit{{5}, cases::LimitUnit::work_days};
  town.Run(matter);
  town.Run(cases::DefinePackage{
      {"d" + n}, {1}, MakeDay(2026, 1, 1), {"示例一件事"}, UnitId{unit}, {{{"r" + n}}}, std::nullopt});
}
// A case of that package from its application to its delivery.
inline void DeliverCaseByRule(Town& town, std::uint32_t unit, cases::Delivery how,
                              std::optional<EnterpriseId> applicant = {}) {
  const std::string n = std::to_string(unit);
  const app::Answer applied =
      town.Run(cases::ApplyForCase{{"d" + n}, {{{"r" + n}}}, applicant, std::nullopt, {}, std::nullopt});
  const cases::CaseId id = cases::CaseId::Parse(applied.ids.at(0)).value();
  town.Run(cases::AcceptCase{id});
  town.Run(cases::ApproveByRule{id, {1}});
  town.Run(cases::DeliverCase{id, how});
}

// The value of a string member anywhere in a small JSON answer.
inline std::string TextIn(const ClientResponse& response, const std::string& member) {
  const std::string mark = "\"" + member + "\":\"";
  const std::size_t from = response.body.find(mark);
  if (from == std::string::npos) return "";
  return response.body.substr(from + mark.size(), response.body.find('"', from + mark.size()) - from - mark.size());
}
inline std::int64_t NumberIn(const ClientResponse& response, const std::string& member) {
  const std::string mark = "\"" + member + "\":";
  const std::size_t from = response.body.find(mark);
  if (from == std::string::npos) return -1;
  return std::strtoll(response.body.c_str() + from + mark.size(), nullptr, 10);
}

}  // namespace landfall::server
