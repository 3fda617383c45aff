// SPDX-License-Identifier: Apache-2.0
// Two years of cases 办件 at the windows: companies that are founded, projects that are filed, built and taken over.
// Most go well; one office is slow, one hides behind suspensions, at one matter the same paper is asked for twice, and
// some applicants are never heard of again.
#include <fmt/format.h>

#include "app/import_matters.h"
#include "base/embedded.h"
#include "words.h"
#include "world.h"

namespace landfall::city {
namespace {

using std::chrono::days;

struct Desk {
  std::string_view department, name;
};
// Beside the departments of the first day. The builder files the smallest environmental class by itself.
constexpr Desk kDesks[] = {{"ndrc", "市发展和改革局"},
                           {"land_registry", "市不动产登记中心"},
                           {"water", "市水利局"},
                           {"market", "市市场监督管理局"},
                           {"police", "市公安局"},
                           {"tax", "市税务局"},
                           {"social", "市人力资源和社会保障局"},
                           {"medical", "市医疗保障局"},
                           {"fund", "市住房公积金中心"},
                           {"bank", "开户银行网点"},
                           {"works", "建设单位（自行办理）"}};
constexpr std::string_view kSlowOffice = "planning", kHidingOffice = "ecology";
constexpr std::string_view kTwiceMatter = "p1-05", kTwicePaper = "tax_receipt";
constexpr int kCorrectionDays = 10;
constexpr std::string_view kApplicants[] = {"enterprise", "enterprise-b"};

Body CaseBody(const std::string& case_id) { return std::move(Body().Text("case_id", case_id)); }
Body StepBody(const CaseFile& file, std::size_t step) {
  return std::move(CaseBody(file.id).Number("step", static_cast<std::int64_t>(step + 1)));
}
std::string_view YesNo(bool yes) { return yes ? "true" : "false"; }

}  // namespace

void World::OpenDesk(const std::string& department, Office& desk) {
  const auto keep = [](Actor& into) { return [&into](Actor account) { into = account; }; };
  OpenAccount("desk-" + department, fmt::format("{}审批经办", desk.name), desk.id, "unit_officer", keep(desk.officer));
  OpenAccount("chief-" + department, fmt::format("{}审批负责人", desk.name), desk.id, "unit_head", keep(desk.head));
}

Status World::OpenDesks() {
  cases_from_ = options_.until - days(2 * 365);
  LF_ASSIGN(catalogue_, approval::Catalogue::Load(EmbeddedCatalog()));
  for (const auto& [department, name] : kDesks)
    wire_.Send(project_office_, "unit.create",
               std::move(Body().Text("code", department).Text("name", name).Text("parent", city_unit_)),
               [this, department, name](const app::Answer& made) {
                 Office& desk = desks_[std::string(department)];
                 desk.id = made.ids.at(0), desk.name = name;
               });
  LF_TRY(wire_.Flush());
  for (const Office& office : offices_)
    if (catalogue_->FindDepartment(office.department) != nullptr) desks_[office.department] = office;
  for (auto& [department, desk] : desks_) OpenDesk(department, desk);
  // Who takes an application in decides no step of it.
  std::set<std::string> leads;
  for (const approval::Package& package : catalogue_->packages()) {
    Office& lead = desks_.at(package.lead.value);
    if (!leads.insert(package.lead.value).second) continue;
    const bool shown = package.lead.value == "window";
    OpenAccount(shown ? "clerk" : "clerk-" + package.lead.value, fmt::format("{}综合窗口（示例）", lead.name), lead.id,
                "unit_officer", [this, &lead, shown](Actor account) {
                  lead.clerk = account;
                  if (shown) accounts_.push_back({account.account, "clerk", "unit_officer"});
                });
  }
  LF_TRY(wire_.Flush());
  Office& housing = desks_.at("housing");
  accounts_.push_back({housing.officer.account, "desk-housing", "unit_officer"});
  LF_TRY(wire_.Import([&](const std::string& key) -> Status {
    LF_TRY(app::ImportMatters(engine_, project_office_, key, *catalogue_, {}));
    return Ok{};
  }));
  DecideWhatMayWait();
  if (options_.slow_office) PlantOffice("slow_office", kSlowOffice);
  if (options_.hiding_office) PlantOffice("hiding_office", kHidingOffice);
  PlanShops();
  On(options_.until - days(4), [this] { ApplyOnline(); });
  return wire_.Flush();
}

void World::PlantOffice(std::string_view kind, std::string_view department) {
  const Office& desk = desks_.at(std::string(department));
  truth_.Plant(kind, std::move(Body().Text("unit", desk.id).Text("name", desk.name)));
}

// What the catalogue does not say and the city decides: 容缺, 告知承诺, and where nobody has discretion.
void World::DecideWhatMayWait() {
  const auto decide = [&](std::string_view id, std::string_view follows, std::string_view promised, bool discretion) {
    const approval::Matter& matter = *catalogue_->FindMatter(id, wire_.today());
    const UnitId unit = UnitId::Parse(desks_.at(matter.department.value).id).value();
    cases::DefineMatter own = app::DefinitionOf(*catalogue_, matter, unit, nullptr);
    own.version = {2}, own.from = wire_.today(), own.discretion = discretion;
    for (cases::PaperOf& paper : own.papers.items)
      paper.may_follow = paper.paper.value == follows, paper.may_promise = paper.paper.value == promised;
    wire_.Send(project_office_, "matter.define", Body::Whole(app::CanonicalJson(own)));
    if (!follows.empty()) may_follow_.insert(std::string(follows));
    if (!promised.empty()) may_promise_.insert(std::string(promised));
    if (!discretion) by_rule_.insert(std::string(id));
  };
  for (const std::string_view insurance : {"e-04", "e-05", "e-06"}) decide(insurance, "staff_list", {}, true);
  decide("e-03", {}, {}, false);
  decide("p1-01", {}, "policy_statement", true);
  decide("p3-03", "safety_measures", {}, true);
  decide("p4-03", "warranty", {}, true);
}

// Companies without a project: most of what a window sees.
void World::PlanShops() {
  const int span = static_cast<int>((options_.until - cases_from_).count());
  for (int i = 0; i < Scaled(2400); ++i) {
    const int number = options_.projects + 1 + i;
    On(cases_from_ + days(desk_chance_.Below(span)), [this, number] {
      wire_.Send(project_office_, "enterprise.register",
                 std::move(Body().Text("name", NameOf(desk_chance_, number).enterprise)),
                 [this](const app::Answer& made) { OpenCase("company_start", made.ids.at(0), nullptr); });
    });
  }
}

// What a project brings to the window when it has reached a rung.
void World::BringToWindow(const Project& p, int rung) {
  if (rung == kSigned && wire_.today() >= cases_from_) OpenApplicant(p);
  const auto bring = [&](std::string_view package, int least, int most) {
    In(static_cast<int>(desk_chance_.Between(least, most)),
       [this, package, &p] { OpenCase(package, p.enterprise, &p); });
  };
  if (rung == kLead && p.same_as == nullptr) bring("company_start", 3, 40);
  if (rung == kSigned) bring("industrial_filing", 3, 20);
  if (rung == kLand && !p.leased && p.number % 4 == 0) bring("land_then_build", 1, 5);
  if (rung == kCompleted) bring("completion", 2, 12);
}

// Two enterprises that have signed get accounts of their own, and apply online from then on.
void World::OpenApplicant(const Project& p) {
  const std::size_t number = applicants_.size();
  if (number == std::size(kApplicants) || p.same_as != nullptr || applicants_.contains(p.enterprise)) return;
  applicants_[p.enterprise] = OfficeOf(p).officer;  // Its place; the account follows.
  const std::string login(kApplicants[number]);
  OpenAccount(login, number == 0 ? "某企业经办岗（示例）" : "另一企业经办岗（示例）", {}, "enterprise",
              [this, login, enterprise = p.enterprise](Actor account) {
                applicants_[enterprise] = account;
                accounts_.push_back({account.account, login, "enterprise"});
                wire_.Send(
                    secadmin_, "account.bind_enterprise",
                    std::move(Body().Text("account", account.account.ToString()).Text("enterprise", enterprise)));
              });
}

// In the last days one more comes, which the window has not looked at yet.
void World::ApplyOnline() {
  if (applicants_.empty()) return;
  const auto& [enterprise, account] = *applicants_.begin();
  std::vector<std::string> papers;
  for (const Key<40>& paper : approval::Items(catalogue_->FindMatter("p1-01", wire_.today())->needs))
    papers.push_back(HandIn(paper.value));
  wire_.Send(account, "case.apply",
             std::move(Body()
                           .Text("package", "industrial_filing")
                           .Raw("matters", "[\"p1-01\"]")
                           .Text("enterprise", enterprise)
                           .Raw("papers", fmt::format("[{}]", fmt::join(papers, ",")))));
}

std::string World::FactsOf(std::string_view package, const Project* p) {
  Body facts;
  const auto yes = [&](int percent) { return YesNo(desk_chance_.Percent(percent)); };
  const bool company = package == "company_start";
  facts.Raw("company_exists", YesNo(!company));
  if (company) {
    facts.Raw("employs", yes(70)).Raw("needs_invoices", yes(85)).Raw("needs_seals", yes(90));
  } else {
    static constexpr std::string_view kClasses[] = {"report", "form", "form", "form", "registration"};
    facts.Text("investment_kind", "filing").Text("land", p != nullptr && p->leased ? "leased" : "auction");
    facts.Text("eia", desk_chance_.Pick(kClasses)).Raw("special_fire", yes(20));
    facts.Number("energy_tce", desk_chance_.Between(1, 30) * 100).Number("electricity_kwh", 2'000'000);
    facts.Number("land_m2", desk_chance_.Between(2, 60) * 1'000).Number("earthwork_m3", 800);
  }
  return facts.Take();
}

void World::OpenCase(std::string_view package_id, const std::string& enterprise, const Project* p) {
  if (wire_.today() < cases_from_) return;
  const approval::Package& package = *catalogue_->FindPackage(package_id, wire_.today());
  const rules::FactSet facts = approval::ReadCaseFacts(*catalogue_, FactsOf(package_id, p)).value();
  std::vector<const approval::Matter*> matters;
  for (const Key<40>& key : package.matters.items) {
    const approval::Matter* matter = catalogue_->FindMatter(key.value, wire_.today());
    if (approval::Applies(*catalogue_, *matter, facts.view(), false).value().applies) matters.push_back(matter);
  }
  CaseFile& file = case_files_.emplace_back();
  file.lead = &desks_.at(package.lead.value);
  const auto own = applicants_.find(enterprise);
  file.applicant = own == applicants_.end() ? file.lead->clerk : own->second;
  const auto makers = [&](const Key<40>& paper) {
    std::uint64_t bits = 0;
    for (std::size_t m = 0; m < matters.size(); ++m)
      for (const Key<40>& made : approval::Items(matters[m]->makes)) bits |= std::uint64_t{made == paper} << m;
    return bits;
  };
  std::vector<std::string> asked, chosen;
  for (const approval::Matter* matter : matters) {
    CaseStep& step = file.steps.emplace_back();
    step.matter = matter->id.value;
    step.department = matter->department.value;
    const approval::Limit& limit = matter->promised ? *matter->promised : *matter->statutory;
    step.limit = static_cast<int>(limit.days.value);
    step.calendar_days = limit.unit == approval::LimitUnit::calendar_days;
    step.licence = matter->kind == approval::MatterKind::licence;
    chosen.push_back('"' + step.matter + '"');
    for (const Key<40>& paper : approval::Items(matter->needs)) {
      step.waits |= makers(paper);
      if (makers(paper) != 0) continue;
      step.papers.push_back(paper.value);
      if (std::find(asked.begin(), asked.end(), paper.value) == asked.end()) asked.push_back(paper.value);
    }
    for (const Key<40>& paper : approval::Items(matter->if_due)) step.waits |= makers(paper);
  }
  if (file.steps.empty()) return;
  Apply(file, asked,
        std::move(Body()
                      .Text("package", package_id)
                      .Raw("matters", fmt::format("[{}]", fmt::join(chosen, ",")))
                      .Text("enterprise", enterprise)),
        p);
}

std::string World::HandIn(const std::string& paper) const {
  Body body;
  body.Text("paper", paper).Text("how", "handed");
  if (const auto& valid = catalogue_->FindPaper(paper)->valid_days)
    body.Text("valid_until", FormatDay(wire_.today() + days(valid->value)));
  return body.Take();
}

void World::Apply(CaseFile& file, const std::vector<std::string>& asked, Body body, const Project* p) {
  const bool incomplete = desk_chance_.Percent(18);
  const std::string& lacking =
      asked[static_cast<std::size_t>(desk_chance_.Below(static_cast<std::int64_t>(asked.size())))];
  std::vector<std::string> papers;
  for (const std::string& paper : asked) {
    if (incomplete && paper == lacking) continue;
    if (may_follow_.contains(paper) && desk_chance_.Percent(30)) {
      const Day due = wire_.today() + days(desk_chance_.Between(20, 60));
      file.follow.push_back(paper);
      papers.push_back(Body().Text("paper", paper).Text("how", "later").Text("due_on", FormatDay(due)).Take());
    } else if (may_promise_.contains(paper) && desk_chance_.Percent(40)) {
      papers.push_back(Body().Text("paper", paper).Text("how", "promised").Take());
    } else {
      papers.push_back(HandIn(paper));
    }
  }
  if (p != nullptr) body.Text("project", p->id);
  body.Raw("papers", fmt::format("[{}]", fmt::join(papers, ",")));
  wire_.Send(file.applicant, "case.apply", std::move(body),
             [this, &file, incomplete, lacking](const app::Answer& made) {
               file.id = made.ids.at(0);
               if (!incomplete) return Accept(file);
               wire_.Send(file.lead->clerk, "case.notify",
                          std::move(CaseBody(file.id)
                                        .Raw("papers", fmt::format("[\"{}\"]", lacking))
                                        .Text("remark", "一次性告知所缺材料（示例）")));
               if (options_.dying_cases && desk_chance_.Percent(12)) return FallSilent(file, "notice", wire_.today());
               InWork(static_cast<int>(desk_chance_.Between(1, 12)), [this, &file, lacking] {
                 wire_.Send(file.applicant, "case.supply",
                            std::move(CaseBody(file.id).Raw("papers", fmt::format("[{}]", HandIn(lacking)))),
                            [this, &file](const app::Answer&) { Accept(file); });
               });
             });
}

// Nothing is heard of the applicant any more. Half of such cases are taken back one day.
void World::FallSilent(CaseFile& file, std::string_view how, Day answer_by) {
  truth_.Plant("case_silent",
               std::move(Body().Text("case", file.id).Text("how", how).Text("answer_by", FormatDay(answer_by))));
  if (!desk_chance_.Percent(50)) return;
  In(static_cast<int>(desk_chance_.Between(120, 260)), [this, &file] {
    if (file.closed) return;
    file.closed = true;
    wire_.Send(file.lead->clerk, "case.withdraw",
               std::move(CaseBody(file.id).Text("remark", "申请人久未答复，撤回申请（示例）")));
    truth_.Plant("case_given_up",
                 std::move(Body().Text("case", file.id).Text("withdrawn_on", FormatDay(wire_.today()))));
  });
}

void World::Accept(CaseFile& file) {
  wire_.Send(file.lead->clerk, "case.accept", CaseBody(file.id), [this, &file](const app::Answer&) { Proceed(file); });
}

// Begins every step whose makers are approved; delivers when there is nothing left to decide.
void World::Proceed(CaseFile& file) {
  std::uint64_t approved = 0;
  bool open = false;
  for (std::size_t s = 0; s < file.steps.size(); ++s)
    approved |= std::uint64_t{file.steps[s].state == CaseStep::kApproved} << s;
  for (std::size_t s = 0; s < file.steps.size(); ++s) {
    CaseStep& step = file.steps[s];
    if (step.state == CaseStep::kWaiting && (step.waits & ~approved) == 0) {
      step.state = CaseStep::kOpen;
      Work(file, s);
    }
    open = open || step.state == CaseStep::kOpen;
  }
  if (open || file.closed) return;
  file.closed = true;
  InWork(static_cast<int>(desk_chance_.Between(1, 3)), [this, &file] {
    static constexpr std::string_view kWays[] = {"counter", "post", "electronic", "electronic"};
    wire_.Send(file.lead->clerk, "case.deliver", std::move(CaseBody(file.id).Text("how", desk_chance_.Pick(kWays))));
    if (!desk_chance_.Percent(60)) return;
    InWork(static_cast<int>(desk_chance_.Between(1, 8)), [this, &file] {
      static constexpr int kGlad[] = {5, 5, 5, 4, 4, 3}, kSorry[] = {1, 2, 2, 3, 4};
      wire_.Send(file.applicant, "case.rate",
                 std::move(CaseBody(file.id).Number("stars",
                                                    file.late ? desk_chance_.Pick(kSorry) : desk_chance_.Pick(kGlad))));
    });
  });
}

void World::SendStep(CaseFile& file, std::size_t s, std::string_view command, Body extra, Wire::Then then) {
  wire_.Send(desks_.at(file.steps[s].department).officer, command, std::move(extra), std::move(then));
}

// A step from the day on which it could begin: how long it takes, and what comes in between.
void World::Work(CaseFile& file, std::size_t s) {
  const CaseStep& step = file.steps[s];
  if (by_rule_.contains(step.matter)) {
    wire_.Send(file.lead->clerk, "step.approve_by_rule", StepBody(file, s), [this, &file, s](const app::Answer&) {
      file.steps[s].state = CaseStep::kApproved;
      Proceed(file);
    });
    return;
  }
  const bool slow = options_.slow_office && step.department == kSlowOffice;
  const bool hides = options_.hiding_office && step.department == kHidingOffice;
  const bool twice = options_.asked_twice && step.matter == kTwiceMatter && desk_chance_.Percent(65);
  const std::int64_t course = desk_chance_.Below(100);
  const bool late = !hides && !twice && step.limit > 0 && desk_chance_.Percent(slow ? 27 : 9);
  file.late = file.late || late;
  const int most = std::max(step.limit - 1, std::min(step.limit, 1));
  const int takes = late ? step.limit + static_cast<int>(desk_chance_.Between(1, 6))
                         : static_cast<int>(desk_chance_.Between(std::min(most, (step.limit + 1) / 2), most));
  // A calendar limit is a long one: nothing but its end matters.
  if (step.calendar_days) {
    SendStep(file, s, "step.receive", StepBody(file, s));
    return On(wire_.today() + days(takes), [this, &file, s] { Judge(file, s); });
  }
  if (step.limit < 3) {
    SendStep(file, s, "step.receive", StepBody(file, s));
    return InWork(takes, [this, &file, s] { Judge(file, s); });
  }
  InWork(1, [this, &file, s, takes, hides, twice, course] {
    if (file.closed) return;
    SendStep(file, s, "step.receive", StepBody(file, s));
    if (hides) return Pause(file, s, "expert_review", static_cast<int>(desk_chance_.Between(20, 40)), takes - 1);
    if (twice) return AskTwice(file, s);
    if (course < 5) return Correct(file, s, takes - 1);
    if (course < 9) return Pause(file, s, "inspection", static_cast<int>(desk_chance_.Between(2, 5)), takes - 1);
    if (course < 13 && file.steps[s].licence) Extend(file, s);
    if (course == 13) return SendBack(file, s, takes - 1);
    if (course == 14) Countersign(file, s);
    InWork(takes - 1, [this, &file, s] { Judge(file, s); });
  });
}

void World::Pause(CaseFile& file, std::size_t s, std::string_view reason, int stands, int then) {
  SendStep(file, s, "step.suspend", std::move(StepBody(file, s).Text("reason", reason).Number("days", stands + 5)));
  InWork(stands, [this, &file, s, then] { Resume(file, s, then); });
}
void World::Resume(CaseFile& file, std::size_t s, int then) {
  if (file.closed) return;
  SendStep(file, s, "step.resume", StepBody(file, s));
  InWork(then, [this, &file, s] { Judge(file, s); });
}

void World::Correct(CaseFile& file, std::size_t s, int then) {
  SendStep(file, s, "step.correct",
           std::move(StepBody(file, s).Number("days", kCorrectionDays).Text("remark", "材料内容须补正（示例）")));
  if (options_.dying_cases && desk_chance_.Percent(30)) return FallSilent(file, "correction", Later(kCorrectionDays));
  InWork(static_cast<int>(desk_chance_.Between(2, 8)), [this, &file, s, then] { Resume(file, s, then); });
}

// The paper is mended, and asked for again. A second correction is refused, so the step goes back to the window for it.
void World::AskTwice(CaseFile& file, std::size_t s) {
  const std::string remark = "契税凭证须补正（示例）";
  const auto ask = [this, &file, s, remark](Wire::Otherwise otherwise) {
    wire_.Send(desks_.at(file.steps[s].department).officer, "step.correct",
               std::move(StepBody(file, s).Number("days", kCorrectionDays).Text("remark", remark)), {},
               std::move(otherwise));
  };
  ask({});
  truth_.Plant("asked_twice",
               std::move(Body().Text("case", file.id).Text("matter", file.steps[s].matter).Text("paper", kTwicePaper)));
  InWork(static_cast<int>(desk_chance_.Between(1, 3)), [this, &file, s, ask, remark] {
    if (file.closed) return;
    SendStep(file, s, "step.resume", StepBody(file, s));
    ask([](const Error& error) { return error.code == "step.corrected_already"; });
    SendStep(file, s, "step.send_back", std::move(StepBody(file, s).Text("remark", remark)));
    InWork(1, [this, &file, s] {
      if (file.closed) return;
      SendStep(file, s, "step.receive", StepBody(file, s));
      InWork(1, [this, &file, s] { Judge(file, s); });
    });
  });
}

void World::Extend(CaseFile& file, std::size_t s) {
  SendStep(file, s, "step.extend",
           std::move(StepBody(file, s).Number("days", 5).Text("remark", "案情复杂，申请延长（示例）")),
           [this, &file, s](const app::Answer&) {
             wire_.Send(desks_.at(file.steps[s].department).head, "step.approve_extension", StepBody(file, s));
           });
}

void World::SendBack(CaseFile& file, std::size_t s, int then) {
  SendStep(file, s, "step.send_back", std::move(StepBody(file, s).Text("remark", "请窗口核对附件（示例）")));
  InWork(1, [this, &file, s, then] {
    if (file.closed) return;
    SendStep(file, s, "step.receive", StepBody(file, s));
    InWork(std::max(0, then - 1), [this, &file, s] { Judge(file, s); });
  });
}

void World::Countersign(CaseFile& file, std::size_t s) {
  const Office& other = desks_.at(file.steps[s].department == "housing" ? "planning" : "housing");
  SendStep(file, s, "step.countersign", std::move(StepBody(file, s).Raw("units", fmt::format("[\"{}\"]", other.id))),
           [this, &file, s, &other](const app::Answer&) {
             wire_.Send(other.officer, "step.agree", std::move(StepBody(file, s).Text("owner_unit", other.id)));
           });
}

void World::Judge(CaseFile& file, std::size_t s) {
  if (file.closed) return;
  CaseStep& step = file.steps[s];
  // What was to follow is in hand before anything is decided upon it.
  for (const std::string& paper : step.papers)
    if (const auto found = std::find(file.follow.begin(), file.follow.end(), paper); found != file.follow.end()) {
      file.follow.erase(found);
      wire_.Send(file.lead->clerk, "case.supply",
                 std::move(CaseBody(file.id).Raw("papers", fmt::format("[{}]", HandIn(paper)))));
    }
  const bool refused = step.licence && desk_chance_.Percent(2);
  Body body = StepBody(file, s);
  if (refused) body.Text("remark", "不符合许可条件（示例）");
  SendStep(file, s, refused ? "step.refuse" : "step.approve", std::move(body),
           [this, &file, &step, refused](const app::Answer&) {
             step.state = refused ? CaseStep::kRefused : CaseStep::kApproved;
             Proceed(file);
           });
}

Day World::Later(int work_days) const { return calendar_->After(wire_.today(), WorkDays{work_days}).value().day; }

void World::InWork(int work_days, std::function<void()> act) {
  if (work_days <= 0) return act();
  On(Later(work_days), std::move(act));
}

}  // namespace landfall::city
