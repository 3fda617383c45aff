// SPDX-License-Identifier: Apache-2.0
// The life of one project, from the first talk to full production or to where it stays.
#include <fmt/format.h>

#include "words.h"
#include "world.h"

namespace landfall::city {
namespace {

using std::chrono::days;

constexpr std::string_view kKeys[] = {"lead",  "talks",   "signed",    "registered", "approved",   "land_delivered",
                                      "ready", "started", "completed", "trial",      "production", "full_production"};
// Calendar days from one rung to the next when all goes well, least and most.
constexpr std::pair<int, int> kPace[kRungs] = {{0, 0},   {7, 30},  {30, 90},   {15, 45}, {30, 80}, {30, 120},
                                               {15, 45}, {10, 40}, {200, 480}, {25, 60}, {30, 80}, {180, 360}};

Style StyleOf(Chance& chance) {
  const std::int64_t draw = chance.Below(100);
  if (draw < 46) return Style::kSteady;
  if (draw < 66) return Style::kSlow;
  if (draw < 85) return Style::kStalled;
  if (draw < 89) return Style::kFalseStart;
  if (draw < 93) return Style::kInflated;
  if (draw < 97) return Style::kHeld;
  return Style::kEnded;
}

std::int64_t WanOf(Chance& chance) {
  const std::int64_t draw = chance.Below(100);
  if (draw < 45) return chance.Between(20, 100) * 100;
  if (draw < 80) return chance.Between(10, 50) * 1'000;
  if (draw < 95) return chance.Between(5, 20) * 10'000;
  return chance.Between(20, 100) * 10'000;
}

std::string Minor(std::int64_t fen) { return std::to_string(fen); }

}  // namespace

std::string_view KeyOf(int rung) { return kKeys[rung]; }

// Who begins when, and how it will go. A rush lies before the end of each year; the stock of the first weeks is what a
// city has when it begins to keep a ledger.
void World::PlanProjects() {
  const int span = static_cast<int>((options_.until - first_).count());
  for (int i = 0; i < options_.projects; ++i) {
    Project& p = projects_.emplace_back();
    p.number = i + 1;
    p.park = static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(Parks().size())));
    // A district's own centre has one project in four, its parks the others.
    p.office = chance_.Percent(25) ? static_cast<std::size_t>(Parks()[p.park].district) : Districts().size() + p.park;
    p.style = StyleOf(chance_);
    p.leased = chance_.Percent(22);
    p.wan = p.real_wan = WanOf(chance_);
    if (p.style == Style::kInflated) p.wan *= chance_.Between(5, 12);
    if (p.style == Style::kStalled) p.stuck_rung = static_cast<int>(chance_.Between(kRegistered, kCompleted));
    if (p.style == Style::kSlow) p.stuck_rung = static_cast<int>(chance_.Between(kApproved, kTrial));
    const std::int64_t at = chance_.Percent(30) ? chance_.Below(60) : chance_.Below(span - 30);
    On(first_ + days(1 + at), [this, &p] { Begin(p); });
  }
}

void World::Begin(Project& p) {
  // Some are a second phase of what is there, and a few are what another unit has signed already.
  if (p.number > 20 && chance_.Percent(6)) {
    Project& other = projects_[static_cast<std::size_t>(chance_.Below(p.number - 1))];
    const bool free = other.reached >= kRegistered && other.same_as == nullptr && !other.phase_two && !other.aside;
    if (free) {
      other.phase_two = true;  // No third of the same enterprise.
      p.enterprise = other.enterprise, p.enterprise_name = other.enterprise_name;
      p.credit_code = other.credit_code, p.coded = true;
      p.same_as = &other;
      if (chance_.Percent(40)) {
        p.phase_two = true;
        p.title = other.title + "（二期）";
      } else {
        p.title = other.title;
        p.wan = p.real_wan = other.wan;
        p.style = Style::kSteady, p.stuck_rung = kRungs;
        // Another unit claims it.
        p.park = (other.park + 1 + static_cast<std::size_t>(chance_.Below(5))) % Parks().size();
        p.office = Districts().size() + p.park;
      }
      return Register(p);
    }
  }
  const Naming names = NameOf(chance_, p.number);
  p.title = names.project, p.enterprise_name = names.enterprise;
  p.credit_code = CreditCodeOf(p.number);
  p.coded = chance_.Percent(75);
  Body body;
  body.Text("name", p.enterprise_name);
  if (p.coded) body.Text("credit_code", p.credit_code);
  wire_.Send(project_office_, "enterprise.register", std::move(body), [this, &p](const app::Answer& made) {
    p.enterprise = made.ids.at(0);
    Register(p);
  });
}

void World::Register(Project& p) {
  const bool in_park = p.office >= Districts().size();
  // A district's number holds its parks'.
  const std::string& region =
      in_park ? park_regions_[p.park] : district_regions_[static_cast<std::size_t>(Parks()[p.park].district)];
  wire_.Send(
      OfficeOf(p).officer, "project.register",
      std::move(Body()
                    .Text("title", p.title)
                    .Text("ladder", "industrial")
                    .Text("code", fmt::format("SL-{}-{:05}", FormatDay(wire_.today()).substr(0, 4), p.number))
                    .Text("owner_unit", OfficeOf(p).id)
                    .Text("region", region)
                    .Text("enterprise", p.enterprise)
                    .Text("investment_minor", Minor(p.wan * kFenPerWan))),
      [this, &p, in_park](const app::Answer& made) {
        p.id = made.ids.at(0);
        const Point centre = CentreOfPark(p.park);
        const double reach = kParkRadius * (in_park ? 0.9 : 2);
        const double away = reach * static_cast<double>(chance_.Between(10, 100)) / 100;
        const double angle = static_cast<double>(chance_.Below(6283)) / 1000;
        wire_.Send(
            OfficeOf(p).officer, "project.locate",
            std::move(Of(p)
                          .Number("longitude_e7", std::llround((centre.longitude + away * std::cos(angle)) * 1e7))
                          .Number("latitude_e7", std::llround((centre.latitude + away * std::sin(angle)) * 1e7))
                          .Text("how", in_park ? "park" : "address")));
        SendReach(p, kLead);
        p.plan[kSigned] = wire_.today() + days(120);
        wire_.Send(OfficeOf(p).officer, "project.plan_milestone",
                   std::move(Of(p).Text("milestone", KeyOf(kSigned)).Text("due_on", FormatDay(p.plan[kSigned]))));
        // Some enterprises never signed what their agent may do for them.
        Duty(p, "agent", OfficeOf(p).agent_post, [this, &p](const app::Answer& assigned) {
          if (p.number % 12 == 0) return;
          wire_.Send(project_office_, "mandate.give",
                     std::move(Body()
                                   .Text("duty", assigned.ids.at(0))
                                   .Raw("services", R"(["guide","submit","track"])")
                                   .On(wire_.today())
                                   .Text("until", FormatDay(wire_.today() + days(people::kMandateDaysMax)))
                                   .Evidence(Paper("mandate"))));
        });
        JoinBatch(p, chance_.Percent(70) ? "planning" : "reserve");
        Next(p);
      });
}

void World::Duty(Project& p, std::string_view kind, const std::string& post, Wire::Then then) {
  wire_.Send(project_office_, "duty.assign", std::move(Of(p).Text("kind", kind).Text("post", post).On(wire_.today())),
             std::move(then));
}

void World::Ground(Project& p, std::string_view ground, std::string_view number, Wire::Then then) {
  Body body = Of(p);
  body.Text("ground", ground).On(wire_.today());
  if (!number.empty()) body.Text("number", number);
  body.Evidence(ground.ends_with("_photo") ? Photo() : Paper(ground));
  wire_.Send(OfficeOf(p).officer, "project.record_ground", std::move(body), std::move(then));
}

void World::JoinBatch(Project& p, std::string_view batch) {
  const auto send = [&](std::string_view command, std::string_view of) {
    wire_.Send(project_office_, command, std::move(Of(p).Text("batch", of).On(wire_.today())));
  };
  if (!p.batch.empty()) send("project.leave_batch", p.batch);
  if (!batch.empty()) send("project.join_batch", batch);
  p.batch = batch;
}

void World::SendReach(Project& p, int rung, Wire::Then then) {
  Body body = Of(p);
  body.Text("milestone", KeyOf(rung)).On(wire_.today());
  if (rung == kSigned) body.Evidence(Paper("agreement"));
  if (rung == kStarted) body.Evidence(Photo());
  if (rung == kProduction) body.Evidence(Paper("first_invoice"));
  if (rung == kFull) body.Evidence(Paper("full_output"));
  p.done[static_cast<std::size_t>(rung)] = wire_.today();
  p.reached = rung;
  wire_.Send(OfficeOf(p).officer, "project.reach_milestone", std::move(body), std::move(then));
  BringToWindow(p, rung);
}

// When the next rung comes, or what comes in between.
void World::Next(Project& p) {
  const int rung = p.reached + 1;
  if (rung >= kRungs || p.aside) return;
  int wait = static_cast<int>(chance_.Between(kPace[rung].first, kPace[rung].second));
  if (rung > kSigned) {
    // The plan says what was hoped for; most are a little late.
    const int planned = static_cast<int>((p.plan[static_cast<std::size_t>(rung)] - wire_.today()).count());
    wait = std::max(3, planned + static_cast<int>(chance_.Between(-12, 8)));
  }
  if (rung == kSigned) {
    // What would be signed in late autumn is often hurried into the last days of the year.
    const Day day = wire_.today() + days(wait);
    const auto year = static_cast<int>(std::chrono::year_month_day(day).year());
    const Day rush = MakeDay(year, 12, 18);
    if (day > rush - days(45) && day < rush + days(60) && chance_.Percent(60)) {
      const Day from = day > rush + days(13) ? MakeDay(year - 1, 12, 18) : rush;
      wait = std::max(1, static_cast<int>((from - wire_.today()).count()) + static_cast<int>(chance_.Below(13)));
    }
  }
  const bool here = rung == p.stuck_rung;
  if (here && p.style == Style::kStalled) return Stall(p, rung);
  if (here && p.style == Style::kSlow) {
    const int late = static_cast<int>(chance_.Between(25, 110));
    // Solved long enough before the rung is reached that no holiday lets the two days fall together.
    const Day solved = wire_.today() + days(late - 15);
    if (rung <= kStarted && chance_.Percent(50)) In(4, [this, &p, rung, solved] { Block(p, rung, solved); });
    // Whoever sees it coming moves the plan, and asks for a new baseline.
    if (late > 60) In(wait + late / 2, [this, &p, late] { Replan(p, late); });
    wait += late;
    truth_.Plant("delay", std::move(Of(p).Text("rung", KeyOf(rung)).Number("days", late)));
  }
  if ((p.style == Style::kHeld || p.style == Style::kEnded) && rung == kRegistered + p.number % 5)
    return In(wait, [this, &p] { PutAside(p); });
  if (p.style == Style::kFalseStart && rung == kStarted) return In(wait, [this, &p] { FalseStart(p); });
  In(wait, [this, &p, rung] { Reach(p, rung); });
}

// Nothing comes. What has stood still for long is given up or got going again, so that what stalls today began lately.
void World::Stall(Project& p, int rung) {
  const Day due = p.plan[static_cast<std::size_t>(rung)];
  const Day enough = std::max(due, wire_.today()) + days(chance_.Between(120, 420));
  const bool overcome = enough <= options_.until - days(20);
  const bool given_up = overcome && chance_.Percent(25);
  const bool blocked = rung >= kApproved && rung <= kStarted && chance_.Percent(45);
  if (blocked) In(6, [this, &p, rung, solved = overcome ? enough - days(16) : Day{}] { Block(p, rung, solved); });
  Body facts = Of(p);
  facts.Text("rung", KeyOf(rung)).Text("due_on", FormatDay(due)).Raw("blocked", blocked ? "true" : "false");
  if (!overcome) {
    if (due <= options_.until) truth_.Plant("stall", std::move(facts));
    return;
  }
  truth_.Plant(given_up ? "stall_given_up" : "stall_overcome", std::move(facts.Text("until", FormatDay(enough))));
  On(enough, [this, &p, rung, given_up, due] {
    if (given_up) {
      p.style = Style::kEnded;
      return PutAside(p);
    }
    p.style = Style::kSteady;
    Replan(p, static_cast<int>((wire_.today() - due).count()) + 3);
    In(3, [this, &p, rung] { Reach(p, rung); });
  });
}

void World::Reach(Project& p, int rung) {
  if (rung == kSigned) return Sign(p);
  Papers(p, rung);
  SendReach(p, rung);
  switch (rung) {
    case kReady:
      JoinBatch(p, "start");
      break;
    case kStarted:
      Duty(p, "commander", OfficeOf(p).commander_post);
      JoinBatch(p, "advance");
      In(static_cast<int>(chance_.Between(10, 40)), [this, &p] { ReceiveFunds(p); });
      break;
    case kCompleted:
      JoinBatch(p, "complete");
      break;
    case kFull:
      JoinBatch(p, {});
      break;
    default:
      break;
  }
  Next(p);
}

void World::Papers(Project& p, int rung) {
  const Office& o = OfficeOf(p);
  switch (rung) {
    case kRegistered:
      if (!p.coded) {
        wire_.Send(project_office_, "enterprise.give_credit_code",
                   std::move(Body().Text("enterprise", p.enterprise).Text("credit_code", p.credit_code)));
        wire_.Send(o.officer, "project.change_counterpart",
                   std::move(Of(p)
                                 .On(wire_.today())
                                 .Text("counterpart", "credit_code")
                                 .Text("credit_code", p.credit_code)
                                 .Text("counterpart_name", p.enterprise_name)
                                 .Text("remark", "项目公司注册完成（示例）")));
        p.coded = true;
      }
      Ground(p, "filing",
             fmt::format("{}-990100-04-01-{:06}",
                         FormatDay(wire_.today()).substr(2, 2) + FormatDay(wire_.today()).substr(5, 2), p.number));
      break;
    case kLand:
      if (p.leased) {
        Ground(p, "factory_lease");
      } else {
        Ground(p, "land_grant");
        Ground(p, "vacant_possession");
      }
      break;
    case kReady:
      if (!p.leased) Ground(p, "construction_permit");
      break;
    case kStarted:
      Ground(p, p.leased ? "equipment_photo" : "works_photo");
      if (!p.leased) Ground(p, "works_contract");
      break;
    case kCompleted:
      Ground(p, "acceptance");
      break;
    case kTrial:
      Ground(p, "operating_permit");
      Ground(p, "commissioning");
      break;
    case kProduction:
      Ground(p, "first_invoice");
      Ground(p, "above_scale_entry");
      break;
    case kFull:
      Ground(p, "full_output");
      break;
    default:
      break;
  }
}

void World::Sign(Project& p) {
  const Office& o = OfficeOf(p);
  Body agreement = Of(p);
  agreement.Text("signed_on", FormatDay(wire_.today()))
      .Text("counterpart", p.coded ? "credit_code" : "to_be_registered");
  if (p.coded) agreement.Text("credit_code", p.credit_code);
  agreement.Text("counterpart_name", p.enterprise_name).Evidence(Paper("agreement"));
  wire_.Send(o.officer, "project.conclude_agreement", std::move(agreement));
  PlanRungs(p);
  wire_.Send(o.officer, "project.make_commitments",
             std::move(Of(p)
                           .On(wire_.today())
                           .Text("investment_minor", Minor(p.wan * kFenPerWan))
                           .Text("output_minor", Minor(p.wan * kFenPerWan * 3 / 2))
                           .Text("tax_minor", Minor(p.wan * kFenPerWan / 20))
                           .Number("jobs", std::max<std::int64_t>(20, p.wan / 60))
                           .Text("start_on", FormatDay(p.plan[kStarted]))
                           .Text("production_on", FormatDay(p.plan[kProduction]))
                           .Number("full_output_bp", 9000)
                           .Number("full_months", 3)
                           .Evidence(Paper("agreement"))));
  Ground(p, "fair_competition_review");
  if (p.same_as != nullptr) {
    const bool same = !p.phase_two;
    Body judged = Of(p);
    judged.Text(same ? "counted_in" : "other", p.same_as->id)
        .Text("remark", same ? "同一主体同一项目，两家单位重复签约（示例）" : "同一企业的二期，另行计数（示例）");
    wire_.Send(project_office_, same ? "project.link_duplicate" : "project.tell_apart", std::move(judged));
    truth_.Plant(same ? "duplicate" : "second_phase",
                 std::move(Of(p).Text(same ? "counted_in" : "other", p.same_as->id)));
    if (same) {
      // The unit that signed it second has no further part in it.
      SendReach(p, kSigned);
      JoinBatch(p, {});
      p.aside = true, p.aside_since = wire_.today();
      return;
    }
  }
  SendReach(p, kSigned);
  const std::chrono::year_month_day date(wire_.today());
  if (static_cast<unsigned>(date.month()) == 12 && static_cast<unsigned>(date.day()) >= 18)
    truth_.Plant("year_end_signing", std::move(Of(p).Text("signed_on", FormatDay(wire_.today()))));
  if (p.style == Style::kInflated)
    truth_.Plant(
        "inflated",
        std::move(
            Of(p).Text("stated_minor", Minor(p.wan * kFenPerWan)).Text("real_minor", Minor(p.real_wan * kFenPerWan))));
  for (int rung = kRegistered; rung < kRungs; ++rung)
    wire_.Send(
        o.officer, "project.plan_milestone",
        std::move(
            Of(p).Text("milestone", KeyOf(rung)).Text("due_on", FormatDay(p.plan[static_cast<std::size_t>(rung)]))));
  wire_.Send(o.officer, "project.freeze_baseline", Of(p));
  Duty(p, "lead_official", o.lead_post);
  JoinBatch(p, "attract");
  if (chance_.Percent(60)) Duty(p, "task_force", o.commander_post);
  if (chance_.Percent(45)) {
    const std::string task = fmt::format(
        R"([{{"text":"完成用地报批（示例）","owner_unit":"{}","due_on":"{}","milestone":"land_delivered"}},)"
        R"({{"text":"办结施工许可（示例）","owner_unit":"{}","due_on":"{}","milestone":"ready"}}])",
        o.id, FormatDay(p.plan[kLand]), o.id, FormatDay(p.plan[kReady]));
    wire_.Send(o.officer, "project.adopt_plan",
               std::move(Of(p)
                             .On(wire_.today())
                             .Text("strategy", "一项目一策：先租后建，专班每周调度（示例数据）")
                             .Raw("tasks", task)));
  }
  if (chance_.Percent(5)) {
    const Office& partner = offices_[(p.office + 1) % (Districts().size() + Parks().size())];
    wire_.Send(project_office_, "project.set_shares",
               std::move(Of(p).Raw(
                   "shares", fmt::format(R"([{{"unit":"{}","share_bp":6000}},{{"unit":"{}","share_bp":4000}}])", o.id,
                                         partner.id))));
  }
  Next(p);
}

void World::PlanRungs(Project& p) {
  Day day = wire_.today();
  for (int rung = kRegistered; rung < kRungs; ++rung) {
    day += days(chance_.Between(kPace[rung].first, kPace[rung].second));
    p.plan[static_cast<std::size_t>(rung)] = day;
  }
}

// Later plans first, so that each day stays in the ladder's order.
void World::Replan(Project& p, int late) {
  if (p.aside) return;
  for (int rung = kRungs - 1; rung > p.reached; --rung) {
    Day& plan = p.plan[static_cast<std::size_t>(rung)];
    plan = std::max(plan + days(late), wire_.today() + days(rung - p.reached));
    wire_.Send(OfficeOf(p).officer, "project.plan_milestone",
               std::move(Of(p).Text("milestone", KeyOf(rung)).Text("due_on", FormatDay(plan))));
  }
  wire_.Send(OfficeOf(p).officer, "project.ask_rebaseline",
             std::move(Of(p).Text("reason", "前期受阻，计划顺延（示例）")));
  const bool agreed = chance_.Percent(75);
  const Actor judge = chance_.Percent(50) ? leader_ : OfficeOf(p).head;
  In(static_cast<int>(chance_.Between(2, 9)), [this, &p, agreed, judge] {
    wire_.Send(judge, agreed ? "project.approve_rebaseline" : "project.reject_rebaseline",
               std::move(Of(p).Text("remark", agreed ? "同意（示例）" : "按原计划赶工（示例）")));
  });
}

// A start that was a ceremony: inspectors find a levelled site, the record is taken back, the true start comes later.
void World::FalseStart(Project& p) {
  Ground(p, p.leased ? "equipment_photo" : "works_photo", {}, [this, &p](const app::Answer& photo) {
    if (!p.leased) Ground(p, "works_contract");
    SendReach(p, kStarted, [this, &p, photo = photo.seq](const app::Answer& start) {
      const Day claimed = wire_.today();
      In(static_cast<int>(chance_.Between(20, 45)), [this, &p, photo, start = start.seq, claimed] {
        wire_.Send(project_office_, "project.correct_milestone",
                   std::move(Of(p)
                                 .Text("milestone", KeyOf(kStarted))
                                 .Number("corrects", static_cast<std::int64_t>(start))
                                 .Text("remark", "现场仅平整场地，无永久工程，开工不成立（示例）")));
        wire_.Send(
            project_office_, "project.withdraw_ground",
            std::move(Of(p).Number("corrects", static_cast<std::int64_t>(photo)).Text("remark", "照片为场平（示例）")));
        p.reached = kReady;
        truth_.Plant(
            "false_start",
            std::move(Of(p).Text("claimed_on", FormatDay(claimed)).Text("found_on", FormatDay(wire_.today()))));
        In(static_cast<int>(chance_.Between(30, 90)), [this, &p] { Reach(p, kStarted); });
      });
    });
  });
}

void World::Block(Project& p, int rung, Day solved_on) {
  if (p.aside || p.reached >= rung) return;
  static constexpr std::string_view kKinds[] = {"land", "demolition", "approval", "utilities", "funds"};
  const std::string_view kind = chance_.Pick(kKinds);
  const std::size_t department = Districts().size() + Parks().size() +
                                 (kind == "approval"    ? 2u
                                  : kind == "utilities" ? 4u
                                  : kind == "funds"     ? 5u
                                                        : 0u);
  const Day due = wire_.today() + days(chance_.Between(15, 40));
  wire_.Send(OfficeOf(p).officer, "project.raise_block",
             std::move(Of(p)
                           .Text("block", kind)
                           .Text("milestone", KeyOf(rung))
                           .Text("owner_unit", offices_[department].id)
                           .Text("due_on", FormatDay(due))
                           .On(wire_.today())
                           .Text("text", BlockText(kind))),
             [this, &p, solved_on, rung](const app::Answer& raised) {
               if (solved_on == Day{}) return;  // It stays.
               On(solved_on, [this, &p, seq = raised.seq, raised_on = wire_.today(), rung] {
                 wire_.Send(OfficeOf(p).officer, "project.solve_block",
                            std::move(Of(p)
                                          .Number("raised", static_cast<std::int64_t>(seq))
                                          .On(wire_.today())
                                          .Evidence(Paper("handling"))
                                          .Text("remark", "已协调解决（示例）")));
                 truth_.Plant("block_solved", std::move(Of(p)
                                                            .Text("rung", KeyOf(rung))
                                                            .Text("raised_on", FormatDay(raised_on))
                                                            .Text("solved_on", FormatDay(wire_.today()))));
               });
             });
  Owe({"problem", std::string(BlockText(kind)), &p, department, static_cast<int>((due - wire_.today()).count()),
       supervisor_, "inspection", "blockage"});
}

void World::PutAside(Project& p) {
  p.aside = true, p.aside_since = wire_.today();
  JoinBatch(p, {});
  if (p.style == Style::kEnded) {
    wire_.Send(project_office_, "project.terminate",
               std::move(Of(p)
                             .Text("reason", "investor_request")
                             .On(wire_.today())
                             .Text("remark", "投资方调整布局，协议解除（示例）")));
    truth_.Plant("ended", std::move(Of(p).Text("ended_on", FormatDay(wire_.today()))));
    return;
  }
  wire_.Send(OfficeOf(p).officer, "project.hold",
             std::move(Of(p).Text("reason", "market").On(wire_.today()).Text("remark", "市场变化，暂缓（示例）")));
  const bool resumes = chance_.Percent(60);
  truth_.Plant("held",
               std::move(Of(p).Text("held_on", FormatDay(wire_.today())).Raw("resumes", resumes ? "true" : "false")));
  if (!resumes) return;
  In(static_cast<int>(chance_.Between(60, 180)), [this, &p] {
    wire_.Send(OfficeOf(p).officer, "project.resume", std::move(Of(p).On(wire_.today())));
    p.aside = false;
    p.style = Style::kSteady;
    Replan(p, static_cast<int>((wire_.today() - p.aside_since).count()));
    Next(p);
  });
}

}  // namespace landfall::city
