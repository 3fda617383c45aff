// SPDX-License-Identifier: Apache-2.0
// Who owes what to whom, through every life it can have; and people who move.
#include <fmt/format.h>

#include "world.h"

namespace landfall::city {
namespace {

using std::chrono::days;

}  // namespace

void World::Owe(const Owed& owed) {
  const Day due = wire_.today() + days(owed.days);
  Body body;
  body.Text("kind", owed.kind).Text("text", owed.text);
  if (owed.project != nullptr) body.Text("project", owed.project->id);
  body.Text("owner_unit", offices_[owed.office].id).Text("due_on", FormatDay(due));
  if (!owed.category.empty()) body.Text("list", "problem").Text("category", owed.category);
  wire_.Send(owed.by, "obligation.assign", std::move(body), [this, owed, due](const app::Answer& made) {
    const std::string& id = made.ids.at(0);
    if (!owed.source.empty()) {
      Body source;
      source.Text("obligation", id).Text("source", owed.source).Text("stated_on", FormatDay(wire_.today()));
      if (owed.source == "leader_instruction") source.Evidence(Paper("instruction"));
      wire_.Send(owed.by, "obligation.state_source", std::move(source));
    }
    Live(owed, id, due);
  });
}

// One of six courses: in time, late, sent back once, given more time, called off, or still open.
void World::Live(const Owed& owed, const std::string& id, Day due) {
  const Actor officer = offices_[owed.office].officer;
  const auto act = [this, id](const Actor& by, std::string_view command, Body extra) {
    wire_.Send(by, command, std::move(extra.Text("obligation", id)));
  };
  const bool accepts = owed.kind != "resolution" && owed.kind != "visit";
  const int given = owed.days;
  if (accepts) In(1, [act, officer] { act(officer, "obligation.accept", Body()); });
  if (accepts && chance_.Percent(40))
    In(std::max(2, given / 3), [act, officer] {
      act(officer, "obligation.note_progress", std::move(Body().Text("remark", "正在会商（示例）")));
    });
  const auto plant = [this, id, due](std::string_view kind) {
    truth_.Plant(kind, std::move(Body().Text("obligation", id).Text("due_on", FormatDay(due))));
  };
  const std::int64_t course = chance_.Below(100);
  if (course < 62) return Settle(owed, id, std::max(4, given - static_cast<int>(chance_.Below(8))), false);
  if (course < 70) return Settle(owed, id, std::max(4, given - 2), true);
  if (course < 74) {
    In(std::max(4, given - 3), [this, act, owed, id, due] {
      act(project_office_, "obligation.move_deadline",
          std::move(Body().Text("due_on", FormatDay(due + days(20))).Text("remark", "等待上级批复，延期（示例）")));
      Settle(owed, id, 15, false);
    });
    return;
  }
  if (course < 77)
    return In(std::max(4, given / 2), [this, act] {
      act(project_office_, "obligation.cancel", std::move(Body().Text("remark", "事项并入专班（示例）")));
    });
  const auto urge = [this, act](int in_days, std::string_view level) {
    In(in_days, [this, act, level] {
      act(supervisor_, "obligation.urge", std::move(Body().Text("level", level).Text("remark", "请尽快办理（示例）")));
    });
  };
  const auto escalate = [this, act](int in_days) {
    In(in_days, [this, act] {
      act(supervisor_, "obligation.escalate", std::move(Body().Text("remark", "逾期未办，提级督办（示例）")));
    });
  };
  urge(given + 3, "reminder");
  if (course < 90) {
    plant("settled_late");
    const bool escalated = chance_.Percent(40);
    if (escalated) escalate(given + 8);
    return Settle(owed, id, given + (escalated ? 12 : 7) + static_cast<int>(chance_.Below(25)), false);
  }
  urge(given + 9, "warning");
  escalate(given + 12);
  escalate(given + 40);
  // Nothing stays open for years: what is open at the end began in its last months.
  const int late = static_cast<int>(chance_.Between(60, 160));
  plant(due + days(late) + days(30) < options_.until ? "settled_very_late" : "left_open");
  if (due + days(late) + days(30) < options_.until) Settle(owed, id, given + late, false);
}

void World::Settle(const Owed& owed, const std::string& id, int in_days, bool returned_first) {
  In(in_days, [this, owed, id, returned_first] {
    wire_.Send(offices_[owed.office].officer, "obligation.report_done",
               std::move(Body()
                             .Text("obligation", id)
                             .On(wire_.today())
                             .Evidence(Paper("handling"))
                             .Text("remark", "已办结（示例）")));
    if (owed.kind == "visit") return;
    In(static_cast<int>(chance_.Between(1, 4)), [this, owed, id, returned_first] {
      if (returned_first) {
        wire_.Send(supervisor_, "obligation.return",
                   std::move(Body()
                                 .Text("obligation", id)
                                 .Text("due_on", FormatDay(wire_.today() + days(10)))
                                 .Text("remark", "佐证不足，退回补充（示例）")));
        truth_.Plant("returned", std::move(Body().Text("obligation", id)));
        // What comes back is taken up again where its kind asks for that.
        return Settle(owed, id, 6, false);
      }
      wire_.Send(supervisor_, "obligation.write_off", std::move(Body().Text("obligation", id)));
    });
  });
}

void World::MonthlyDuties() {
  std::vector<const Project*> running;
  for (const Project& p : projects_)
    if (p.reached >= kSigned && !p.aside) running.push_back(&p);
  const std::size_t places = Districts().size() + Parks().size();
  const auto some = [&](int count, std::string_view kind, std::string_view text, Actor by, std::string_view source,
                        bool departments) {
    for (int i = 0; i < count && !running.empty(); ++i) {
      const Project* p = chance_.Pick(std::span<const Project* const>(running));
      const std::size_t owner =
          departments && chance_.Percent(50)
              ? places + static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(offices_.size() - places)))
              : p->office;
      const int after = static_cast<int>(chance_.Below(18));
      const int given = static_cast<int>(chance_.Between(8, 35));
      In(after, [this, kind, text, p, owner, given, by, source] {
        if (!p->aside) Owe({kind, fmt::format("{}：{}（示例数据）", p->title, text), p, owner, given, by, source, {}});
      });
    }
  };
  some(Scaled(8), "resolution", "调度会议定事项，明确开工时间", project_office_, "meeting", true);
  some(Scaled(16), "request", "企业反映用电与用工问题", project_office_, "enterprise", true);
  some(Scaled(14), "visit", "走访企业", project_office_, {}, false);
  some(Scaled(10), "task", "补齐项目资料", project_office_, "own_review", false);
  some(Scaled(4), "task", "批示事项限期办理", leader_, "leader_instruction", true);
  some(Scaled(4), "problem", "现场检查发现堵点", supervisor_, "inspection", true);
  Move(static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(places))));
  if (chance_.Percent(40)) Acting(static_cast<std::size_t>(chance_.Below(static_cast<std::int64_t>(places))));
}

// A cadre goes, and somebody else takes every post with all that hangs on it, in one act.
void World::Move(std::size_t office) {
  const bool lead = chance_.Percent(60);
  In(static_cast<int>(chance_.Between(3, 20)), [this, office, lead] {
    wire_.Send(project_office_, "person.register",
               std::move(Body().Text("name", fmt::format("示例干部{:03}", ++persons_))),
               [this, office, lead](const app::Answer& made) {
                 Office& o = offices_[office];
                 std::string& person = lead ? o.lead_person : o.commander_person;
                 const std::string successor = made.ids.at(0);
                 wire_.Send(project_office_, "person.move",
                            std::move(Body().Text("person", person).On(wire_.today()).Text("successor", successor)));
                 truth_.Plant("move", std::move(Body()
                                                    .Text("person", person)
                                                    .Text("successor", successor)
                                                    .Text("post", lead ? o.lead_post : o.commander_post)
                                                    .Text("moved_on", FormatDay(wire_.today()))));
                 person = successor;
               });
  });
}

void World::Acting(std::size_t office) {
  wire_.Send(project_office_, "person.register",
             std::move(Body().Text("name", fmt::format("示例干部{:03}", ++persons_))),
             [this, office](const app::Answer& made) {
               wire_.Send(project_office_, "post.appoint_acting",
                          std::move(Body()
                                        .Text("post", offices_[office].agent_post)
                                        .Text("person", made.ids.at(0))
                                        .On(wire_.today())
                                        .Text("until", FormatDay(wire_.today() + days(15)))));
             });
}

}  // namespace landfall::city
