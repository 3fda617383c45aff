// SPDX-License-Identifier: Apache-2.0
// The first day: accounts, units, posts, places, rules.
#include <fmt/format.h>

#include "app/borders.h"
#include "app/catalog.h"
#include "exchange/file_kind.h"
#include "words.h"
#include "world.h"

namespace landfall::city {
namespace {

struct Department {
  std::string_view id, name;  // id: of the catalogue of matters, where it has one.
};
constexpr Department kDepartments[] = {{"planning", "市自然资源局"}, {"ecology", "市生态环境局"},
                                       {"window", "市行政审批局"},   {"housing", "市住房和城乡建设局"},
                                       {"utilities", "市供电公司"},  {"finance", "市财政局"}};

Actor ActorOf(const app::Answer& answer) { return Actor::Account(AccountId::Parse(answer.ids.at(0)).value()); }

}  // namespace

Status World::FillEvidence() {
  static constexpr std::pair<std::string_view, std::string_view> kPapers[] = {
      {"agreement", "投资协议"},
      {"fair_competition_review", "公平竞争审查意见"},
      {"filing", "项目备案证明"},
      {"land_grant", "国有建设用地使用权出让合同"},
      {"factory_lease", "标准厂房租赁合同"},
      {"vacant_possession", "净地交付确认书"},
      {"construction_permit", "建筑工程施工许可证"},
      {"works_contract", "施工合同"},
      {"works_photo", "永久工程施工照片说明"},
      {"equipment_photo", "设备进场照片说明"},
      {"acceptance", "竣工验收意见"},
      {"operating_permit", "经营许可"},
      {"commissioning", "试生产方案"},
      {"first_invoice", "首张销售发票"},
      {"above_scale_entry", "入规申报表"},
      {"full_output", "达产核验表"},
      {"bank_slip", "银行进账单"},
      {"instruction", "领导批示件"},
      {"handling", "办理情况报告"},
      {"mandate", "代办委托书"}};
  const auto media = exchange::MediaType(exchange::FileKind::kText);
  for (const auto& [key, title] : kPapers) {
    LF_ASSIGN(papers_[std::string(key)],
              blobs_.Put(media, fmt::format("示例数据\n{}\n岚川市是虚构的城市，本件不是任何真实文件。\n", title)));
  }
  for (int i = 0; i < 6; ++i) {
    LF_ASSIGN(const Digest photo, blobs_.Put(exchange::MediaType(exchange::FileKind::kPng), Picture(i)));
    photos_.push_back(photo);
  }
  return Ok{};
}

void World::OpenAccount(const std::string& login, const std::string& display, const std::string& unit,
                        std::string_view role, std::function<void(Actor)> then) {
  Body body;
  body.Text("login", login).Text("display", display);
  if (!unit.empty()) body.Text("unit", unit);
  // The first two offices are filled at the command line; from then on they fill the others.
  const Actor maker = sysadmin_.kind == Actor::Kind::kAccount ? sysadmin_ : Actor::Local();
  wire_.Send(maker, "account.create", std::move(body),
             [this, role = std::string(role), then = std::move(then)](const app::Answer& made) {
               const Actor account = ActorOf(made);
               const Actor granter = secadmin_.kind == Actor::Kind::kAccount ? secadmin_ : Actor::Local();
               wire_.Send(granter, "account.grant_role",
                          std::move(Body().Text("account", made.ids.at(0)).Text("role", role)));
               then(account);
             });
}

Status World::OpenOffices() {
  LF_ASSIGN(const std::vector<app::AnyCommand> definitions, app::BuiltInDefinitions({"industrial"}));
  for (const app::AnyCommand& definition : definitions)
    wire_.Send(Actor::Local(), app::InfoOf(definition).name, Body::Whole(app::CanonicalJson(definition)));
  LF_TRY(wire_.Flush());
  const auto demo = [&](std::string_view login, std::string_view display, std::string_view role, Actor& into) {
    OpenAccount(std::string(login), fmt::format("{}（示例）", display), {}, role, [&, login, role](Actor account) {
      into = account;
      accounts_.push_back({account.account, std::string(login), std::string(role)});
    });
    return wire_.Flush();
  };
  Actor auditor;
  LF_TRY(demo("sysadmin", "系统管理员", "sysadmin", sysadmin_));
  LF_TRY(demo("secadmin", "安全管理员", "secadmin", secadmin_));
  LF_TRY(demo("auditor", "审计员", "auditor", auditor));
  LF_TRY(demo("leader", "市领导", "leader", leader_));
  LF_TRY(demo("office", "市重点项目办", "project_office", project_office_));
  LF_TRY(demo("statistician", "市统计", "statistician", statistician_));
  LF_TRY(demo("supervisor", "市督查室", "supervisor", supervisor_));
  LF_TRY(OpenUnits());
  LF_TRY(OpenPosts());
  LF_TRY(DrawPlaces());
  LF_TRY(NameMechanisms());
  return SetRules();
}

Status World::OpenUnits() {
  wire_.Send(project_office_, "unit.create", std::move(Body().Text("code", "LC").Text("name", "岚川市")),
             [&](const app::Answer& made) { city_unit_ = made.ids.at(0); });
  LF_TRY(wire_.Flush());
  // By value: a name may lie in the list that grows here.
  const auto open = [&](std::string code, std::string name, std::string parent) {
    const std::size_t at = offices_.size();
    offices_.push_back({});
    offices_[at].name = name;
    wire_.Send(project_office_, "unit.create",
               std::move(Body().Text("code", code).Text("name", name).Text("parent", parent)),
               [this, at](const app::Answer& made) { offices_[at].id = made.ids.at(0); });
  };
  int number = 0;
  for (const Place& district : Districts())
    open(fmt::format("LC-{:02}", ++number), fmt::format("{}招商服务中心", district.name), city_unit_);
  LF_TRY(wire_.Flush());
  for (const Place& park : Parks())
    open(fmt::format("LC-{:02}", ++number), fmt::format("{}管委会", park.name),
         offices_[static_cast<std::size_t>(park.district)].id);
  for (const auto& [id, name] : kDepartments) {
    open(std::string(id), std::string(name), city_unit_);
    offices_.back().department = id;
  }
  LF_TRY(wire_.Flush());
  // Three of them are always late with their monthly reports.
  for (const std::size_t late : {std::size_t{2}, std::size_t{7}, std::size_t{15}}) offices_[late].reports_late = true;
  for (std::size_t i = 0; i < offices_.size(); ++i) {
    Office& o = offices_[i];
    if (o.reports_late) truth_.Plant("late_reporter", std::move(Body().Text("unit", o.id).Text("name", o.name)));
    const bool shown = i == 0;
    const auto keep = [this, shown](Actor& into, std::string_view login, std::string_view role) {
      return [this, shown, &into, login, role](Actor account) {
        into = account;
        if (shown) accounts_.push_back({account.account, std::string(login), std::string(role)});
      };
    };
    OpenAccount(shown ? "officer" : fmt::format("officer-{:02}", i + 1), fmt::format("{}经办", o.name), o.id,
                "unit_officer", keep(o.officer, "officer", "unit_officer"));
    OpenAccount(shown ? "head" : fmt::format("head-{:02}", i + 1), fmt::format("{}负责人", o.name), o.id, "unit_head",
                keep(o.head, "head", "unit_head"));
  }
  return wire_.Flush();
}

// Three posts in each district and park, each filled by somebody who is known by a number only.
Status World::OpenPosts() {
  for (std::size_t i = 0; i < Districts().size() + Parks().size(); ++i) {
    Office& o = offices_[i];
    const auto post = [&](std::string_view title, std::string& post_into, std::string* person_into) {
      wire_.Send(project_office_, "post.create", std::move(Body().Text("unit", o.id).Text("title", title)),
                 [this, &post_into, person_into](const app::Answer& made) {
                   post_into = made.ids.at(0);
                   wire_.Send(
                       project_office_, "person.register",
                       std::move(Body().Text("name", fmt::format("示例干部{:03}", ++persons_))),
                       [this, post = post_into, person_into](const app::Answer& person) {
                         if (person_into != nullptr) *person_into = person.ids.at(0);
                         wire_.Send(
                             project_office_, "post.fill",
                             std::move(Body().Text("post", post).Text("person", person.ids.at(0)).On(wire_.today())));
                       });
                 });
    };
    post("包保领导", o.lead_post, &o.lead_person);
    post("项目指挥长", o.commander_post, &o.commander_person);
    post("代办专员", o.agent_post, nullptr);
  }
  return wire_.Flush();
}

Status World::DrawPlaces() {
  std::string city;
  const auto add = [&](std::string_view code, std::string_view name, const std::string& parent, std::string& into) {
    Body body;
    body.Text("code", code).Text("name", name).On(first_);
    if (!parent.empty()) body.Text("parent", parent);
    wire_.Send(project_office_, "region.add", std::move(body),
               [&into](const app::Answer& made) { into = made.ids.at(0); });
    return wire_.Flush();
  };
  LF_TRY(add(kCityCode, kCityName, {}, city));
  district_regions_.resize(Districts().size());
  for (std::size_t i = 0; i < Districts().size(); ++i)
    LF_TRY(add(Districts()[i].code, Districts()[i].name, city, district_regions_[i]));
  park_regions_.resize(Parks().size());
  for (std::size_t i = 0; i < Parks().size(); ++i) {
    const Place& park = Parks()[i];
    LF_TRY(add(park.code, park.name, district_regions_[static_cast<std::size_t>(park.district)], park_regions_[i]));
  }
  // Borders come as a file, as they do for everybody: the import of borders checks it and sends region.draw.
  app::BordersOptions borders;
  borders.system = place::CoordinateSystem::cgcs2000;
  borders.source = std::string(kSource);
  borders.effective_on = first_;
  return wire_.Import([&](const std::string& key) -> Status {
    LF_TRY(app::ImportBorders(engine_, &blobs_, project_office_, key, Borders(), borders));
    return Ok{};
  });
}

// Two names that places give to how they work. What stands behind them here is made up like everything else of the
// city.
Status World::NameMechanisms() {
  const auto part = [](std::string_view name, std::string_view about) {
    return std::move(
               Body().Text("name", fmt::format("{}（示例）", name)).Text("about", fmt::format("{}（示例）", about)))
        .Take();
  };
  const auto define = [&](std::string_view key, std::string_view name, std::string_view about,
                          const std::vector<std::string>& parts, const std::string& owner, std::string_view figure) {
    wire_.Send(project_office_, "mechanism.define",
               std::move(Body()
                             .Text("mechanism", key)
                             .Text("name", fmt::format("{}（示例）", name))
                             .Text("about", fmt::format("{}（示例数据）", about))
                             .Raw("parts", fmt::format("[{}]", fmt::join(parts, ",")))
                             .Text("owner_unit", owner)
                             .Text("figure", figure)
                             .On(first_)));
  };
  define("three_platforms", "三平台", "本市自拟的三个工作平台，各管一段，由一家单位总牵头",
         {part("项目信息平台", "线索和在谈项目只登记一次"), part("要素保障平台", "用地、用能、用工一处协调"),
          part("企业服务平台", "投产以后的诉求一处受理")},
         city_unit_, "started_count");
  define("two_lines", "两条线", "本市自拟的两条工作线，每月一起看一次",
         {part("招引线", "从线索到签约"), part("落地线", "从签约到达产")}, offices_[0].id, "signed_count");
  return wire_.Flush();
}

Status World::SetRules() {
  wire_.Send(statistician_, "report.schedule",
             std::move(Body()
                           .Text("first_period", Period::Of(first_).ToString())
                           .Text("ladder", "industrial")
                           .Text("from_milestone", "started")
                           .Text("until_milestone", "production")
                           .Number("due_days", 5)
                           .Text("due_unit", "work_days")));
  return wire_.Flush();
}

}  // namespace landfall::city
