// SPDX-License-Identifier: Apache-2.0
// What comes with each month: progress reports, corrections, money in place, closes and targets.
#include <fmt/format.h>

#include "words.h"
#include "world.h"

namespace landfall::city {
namespace {

using std::chrono::days;

bool IsDecember(Day period) { return static_cast<unsigned>(std::chrono::year_month_day(period).month()) == 12; }

}  // namespace

// `today` is the first working day of a month: the month before is reported, then closed on the 25th.
void World::BeginMonth(Day today) {
  const Period now = Period::Of(today), last = now.Plus(-1);
  MonthlyDuties();
  if (static_cast<unsigned>(std::chrono::year_month_day(today).month()) % 3 == 1) {
    static constexpr std::pair<std::string_view, int> kTargets[] = {
        {"attract", 170}, {"start", 120}, {"advance", 150}, {"complete", 80}};
    for (const auto& [batch, target] : kTargets)
      wire_.Send(project_office_, "list.set_target",
                 std::move(Body()
                               .Text("batch", batch)
                               .Text("first_period", now.ToString())
                               .Text("last_period", now.Plus(2).ToString())
                               .Number("projects", Scaled(target))));
  }
  if (last < Period::Of(first_)) return;
  for (Project& p : projects_) {
    const bool begun = p.reached >= kStarted && p.done[kStarted] <= last.Last();
    const bool over = p.reached >= kProduction && p.done[kProduction] < last.First();
    if (!begun || over || p.aside) continue;
    int wait = static_cast<int>(chance_.Below(5));
    if (OfficeOf(p).reports_late) {
      if (chance_.Percent(25)) {
        truth_.Plant("report_missing", std::move(Of(p).Text("period", last.ToString())));
        continue;
      }
      wait = static_cast<int>(chance_.Between(9, 12));
    }
    In(wait, [this, &p, period = last.First()] { Report(p, period); });
  }
  On(now.First() + days(24), [this, last] {
    wire_.Send(statistician_, "report.close_period", std::move(Body().Text("period", last.ToString())));
  });
}

// What was completed in a month: the real investment over the months of building, more at the end of a year.
std::int64_t World::MonthOf(Project& p, Day period) {
  const std::int64_t stated = p.wan * kFenPerWan, real = p.real_wan * kFenPerWan;
  const int months = std::max(4, static_cast<int>((p.plan[kCompleted] - p.done[kStarted]).count() / 30));
  std::int64_t month = real / months / 100 * chance_.Between(75, 125);
  const bool idle = p.style == Style::kStalled && p.stuck_rung == kCompleted && p.completed_fen > real / 3;
  if (idle) return 0;
  if (IsDecember(period)) month = month * 2;
  if (IsDecember(period) && p.reports >= 3 && chance_.Percent(8)) month *= 3;
  const std::int64_t left = std::min(stated, real) - p.completed_fen;
  if (left < month) month = left * 20 < month ? 0 : left;
  // Whole 万元, as people type them.
  return std::max<std::int64_t>(0, month / kFenPerWan * kFenPerWan);
}

void World::Report(Project& p, Day period) {
  if (p.aside) return;
  const std::int64_t month = MonthOf(p, period);
  const std::int64_t total = p.completed_fen + month;
  const std::int64_t real = p.real_wan * kFenPerWan;
  const int permille = static_cast<int>(std::min<std::int64_t>(1000, total / std::max<std::int64_t>(1, real / 1000)));
  const auto make = [&, month, total, permille] {
    Body body = Of(p);
    body.Text("period", Period::Of(period).ToString())
        .Text("completed_month_minor", std::to_string(month))
        .Text("completed_total_minor", std::to_string(total))
        .Number("physical_bp", permille * 10);
    return body;
  };
  Body body = make();
  const std::string words = ProgressText(chance_, permille);
  body.Text("image_progress", words);
  if (chance_.Percent(50)) body.Text("next_step", "按月度计划推进（示例）");
  if (month == 0 || chance_.Percent(10)) body.Text("difficulty", DifficultyText(chance_));
  if (chance_.Percent(40)) body.Raw("photos", ToJson(std::vector<Digest>{Photo()}));
  // A month that looks odd is looked at again, and said to be right.
  Body again = make();
  again.Text("image_progress", words).Raw("confirmed", "true");
  const auto keep = [&p, month, total](const app::Answer&) {
    p.completed_fen = total, p.last_month_fen = month;
    ++p.reports;
  };
  const auto confirm = [this, &p, again, keep, period](const Error& error) {
    if (error.code != "report.jump_suspect" && error.code != "report.unit_suspect" &&
        error.code != "report.percent_falls")
      return false;
    // Planted when it is one: of many a hurried month little was left to report.
    if (error.code == "report.jump_suspect" && IsDecember(period))
      truth_.Plant("december_jump", std::move(Of(p).Text("period", Period::Of(period).ToString())));
    wire_.Send(OfficeOf(p).officer, "report.submit", again, keep);
    return true;
  };
  wire_.Send(OfficeOf(p).officer, "report.submit", std::move(body), keep, confirm);
  if (!OfficeOf(p).reports_late && month > 0 && chance_.Percent(2))
    In(static_cast<int>(chance_.Between(2, 5)), [this, &p, period] { Correct(p, period); });
}

void World::Correct(Project& p, Day period) {
  const std::int64_t month = p.last_month_fen / kFenPerWan * 4 / 5 * kFenPerWan;
  const std::int64_t total = p.completed_fen - p.last_month_fen + month;
  if (month == p.last_month_fen || p.aside) return;
  const std::string text = Period::Of(period).ToString();
  wire_.Send(OfficeOf(p).officer, "report.correct",
             std::move(Of(p)
                           .Text("period", text)
                           .Text("completed_month_minor", std::to_string(month))
                           .Text("completed_total_minor", std::to_string(total))
                           .Text("reason", "误将设备预付款计入（示例）")));
  In(static_cast<int>(chance_.Between(1, 3)), [this, &p, text, month, total] {
    const bool agreed = chance_.Percent(80);
    Body verdict = Of(p);
    verdict.Text("period", text).Text("remark", agreed ? "同意更正（示例）" : "凭证不足（示例）");
    Body closed = verdict;
    const auto done = [this, &p, agreed, month, total, text](const app::Answer&) {
      if (agreed) p.completed_fen = total, p.last_month_fen = month;
      truth_.Plant("correction", std::move(Of(p).Text("period", text).Raw("agreed", agreed ? "true" : "false")));
    };
    wire_.Send(OfficeOf(p).head, agreed ? "report.approve_correction" : "report.reject_correction", std::move(verdict),
               done, [this, agreed, closed, done](const Error& error) {
                 if (error.code != "report.closed_needs_statistics") return false;
                 wire_.Send(statistician_,
                            agreed ? "report.approve_closed_correction" : "report.reject_closed_correction", closed,
                            done);
                 return true;
               });
  });
}

void World::ReceiveFunds(Project& p) {
  if (p.aside || p.reached >= kTrial || ++p.receipts > 8) return;
  const std::int64_t fen = p.real_wan * chance_.Between(80, 115) / 900 * kFenPerWan;
  static constexpr std::string_view kKinds[] = {"fixed_assets",    "fixed_assets",       "fixed_assets",
                                                "working_capital", "foreign_investment", "fiscal"};
  wire_.Send(OfficeOf(p).officer, "project.receive_funds",
             std::move(Of(p)
                           .Text("kind", chance_.Pick(kKinds))
                           .Text("amount_minor", std::to_string(std::max(fen, kFenPerWan)))
                           .On(wire_.today())
                           .Evidence(Paper("bank_slip"))),
             [this, &p, fen = std::max(fen, kFenPerWan)](const app::Answer& made) {
               if (!chance_.Percent(40)) return;
               In(static_cast<int>(chance_.Between(5, 20)), [this, &p, fen, seq = made.seq] {
                 wire_.Send(statistician_, "project.verify_funds",
                            std::move(Of(p)
                                          .Number("receipt", static_cast<std::int64_t>(seq))
                                          .Text("amount_minor", std::to_string(fen / 100 * chance_.Between(85, 100)))
                                          .Evidence(Paper("bank_slip"))));
                 wire_.Send(statistician_, "project.count_funds",
                            std::move(Of(p)
                                          .Number("receipt", static_cast<std::int64_t>(seq))
                                          .Text("amount_minor", std::to_string(fen / 100 * 80))));
               });
             });
  In(static_cast<int>(chance_.Between(35, 70)), [this, &p] { ReceiveFunds(p); });
}

}  // namespace landfall::city
