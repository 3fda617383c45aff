// SPDX-License-Identifier: Apache-2.0
#include "cli/plan.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "app/approval_plan.h"
#include "calendar/calendar_book.h"
#include "cli/catalog.h"
#include "cli/tools/print.h"

namespace landfall::cli {
namespace {

using app::ApprovalPlan;
using approval::Catalogue;
using planning::Schedule;

struct Options {
  std::string package, facts, accepted, catalog, calendar = "cn", known_at;
  int faster = 3;
  bool json = false;
};

Result<Day> DayOr(const std::string& text, Day otherwise) {
  return text.empty() ? Result<Day>(otherwise) : ParseDay(text);
}

template <class T>
const std::string& NameOf(const T& row) {
  return Chinese() ? row.zh.value : row.en.value;
}

void AppendTotals(JsonWriter& out, std::string_view name, const Schedule& schedule) {
  out.Key(name).Open('{').Member("ends", FormatDay(schedule.ends)).Member("work_days", schedule.work_days);
  out.Member("calendar_days", schedule.calendar_days).Member("provisional", schedule.provisional).Close('}');
}

void AppendIds(JsonWriter& out, std::string_view name, const std::vector<std::string>& ids) {
  out.Key(name).Open('[');
  for (const std::string& id : ids) out.Value(std::string_view(id));
  out.Close(']');
}

void AppendTimes(JsonWriter& out, std::string_view name, const planning::StepTimes& times) {
  out.Key(name).Open('{').Member("begins", FormatDay(times.begins)).Member("ends", FormatDay(times.ends));
  out.Member("latest", FormatDay(times.latest)).Member("slack", times.slack).Member("critical", times.critical());
  out.Close('}');
}

std::string JsonOf(const ApprovalPlan& plan, const Catalogue& catalogue) {
  JsonWriter out;
  out.Open('{').Member("package", plan.package->id.value).Member("version", plan.package->version.value);
  out.Member("accepted", FormatDay(plan.promised.accepted));
  AppendTotals(out, "serial", plan.serial);
  AppendTotals(out, "parallel", plan.parallel);
  AppendTotals(out, "promised", plan.promised);
  if (plan.promise_ends) out.Member("package_promise_ends", FormatDay(*plan.promise_ends));
  out.Key("matters").Open('[');
  for (std::size_t i = 0; i < plan.matters.size(); ++i) {
    const app::PlannedMatter& planned = plan.matters[i];
    const approval::Matter& matter = *planned.matter;
    out.Open('{').Member("id", matter.id.value).Member("zh", matter.zh.value).Member("en", matter.en.value);
    out.Member("department", catalogue.FindDepartment(matter.department.value)->zh.value);
    out.Member("confirmed", matter.confirmed).Member("why_zh", planned.why.zh).Member("why_en", planned.why.en);
    AppendIds(out, "waits_for", planned.waits_for);
    AppendTimes(out, "promised", plan.promised.steps[i]);
    AppendTimes(out, "parallel", plan.parallel.steps[i]);
    out.Close('}');
  }
  out.Close(']').Key("spared").Open('[');
  for (const app::SparedMatter& spared : plan.spared)
    out.Open('{')
        .Member("id", spared.matter->id.value)
        .Member("why_zh", spared.why.zh)
        .Member("why_en", spared.why.en)
        .Close('}');
  out.Close(']').Key("critical").Open('[');
  for (const std::uint32_t step : plan.promised.critical) out.Value(plan.matters[step].matter->id.value);
  out.Close(']').Key("faster").Open('[');
  for (const planning::Gain& gain : plan.gains)
    out.Open('{')
        .Member("id", plan.matters[gain.step].matter->id.value)
        .Member("work_days", gain.work_days)
        .Member("ends", FormatDay(gain.ends))
        .Close('}');
  out.Close(']').Key("papers").Open('{').Member("one_by_one", static_cast<std::uint64_t>(plan.one_by_one));
  out.Key("asked").Open('[');
  for (const app::AskedPaper& paper : plan.asked) {
    out.Open('{').Member("id", paper.paper->id.value).Member("zh", paper.paper->zh.value);
    out.Member("en", paper.paper->en.value);
    AppendIds(out, "matters", paper.matters);
    out.Close('}');
  }
  out.Close(']').Key("made").Open('[');
  for (const app::AskedPaper& paper : plan.made) {
    out.Open('{').Member("id", paper.paper->id.value).Member("by", paper.made_by);
    AppendIds(out, "matters", paper.matters);
    out.Close('}');
  }
  out.Close(']').Close('}').Close('}');
  return out.text() + "\n";
}

std::string TotalsLine(std::string_view zh, std::string_view en, const Schedule& schedule) {
  return Chinese() ? fmt::format("{}：{}，{} 个工作日（{} 天）{}\n", zh, FormatDay(schedule.ends), schedule.work_days,
                                 schedule.calendar_days, schedule.provisional ? "，暂定：节假日安排尚未公布" : "")
                   : fmt::format("{}: {}, {} working days ({} calendar days){}\n", en, FormatDay(schedule.ends),
                                 schedule.work_days, schedule.calendar_days,
                                 schedule.provisional ? ", provisional: holidays not announced yet" : "");
}

std::string TextOf(const ApprovalPlan& plan, const Catalogue& catalogue, int faster) {
  const bool zh = Chinese();
  std::string out = NameOf(*plan.package) + "\n\n";
  TextTable table;
  table.Head(zh ? std::vector<std::string>{"事项", "名称", "部门", "开始", "承诺办结", "最迟", "机动", "等待"}
                : std::vector<std::string>{"matter", "name", "department", "begins", "promised", "latest", "slack",
                                           "waits for"});
  for (std::size_t i = 0; i < plan.matters.size(); ++i) {
    const approval::Matter& matter = *plan.matters[i].matter;
    const planning::StepTimes& times = plan.promised.steps[i];
    table.Row({matter.id.value,
               NameOf(matter) + (matter.confirmed ? ""
                                 : zh             ? "（未核实）"
                                                  : " (unconfirmed)"),
               NameOf(*catalogue.FindDepartment(matter.department.value)), FormatDay(times.begins),
               FormatDay(times.ends), FormatDay(times.latest), std::to_string(times.slack),
               fmt::format("{}", fmt::join(plan.matters[i].waits_for, " "))});
  }
  out += table.Text() + "\n";
  out += TotalsLine("依次办理（法定）", "one after the other (statutory)", plan.serial);
  out += TotalsLine("并联办理（法定）", "in parallel (statutory)", plan.parallel);
  out += TotalsLine("并联办理（承诺）", "in parallel (promised)", plan.promised);
  std::vector<std::string_view> path;
  for (const std::uint32_t step : plan.promised.critical) path.push_back(plan.matters[step].matter->id.value);
  out += fmt::format("{}{}\n", zh ? "关键路径：" : "critical path: ", fmt::join(path, " → "));
  for (const planning::Gain& gain : plan.gains)
    out += zh ? fmt::format("{} 快 {} 天，整体提前 {} 个工作日（{}）\n", plan.matters[gain.step].matter->id.value,
                            faster, gain.work_days, FormatDay(gain.ends))
              : fmt::format("{} faster by {} days: all done {} working days earlier ({})\n",
                            plan.matters[gain.step].matter->id.value, faster, gain.work_days, FormatDay(gain.ends));
  out += zh ? fmt::format("\n材料：逐件办理 {} 份，一次提交 {} 份，过程中产生 {} 份不再索要\n", plan.one_by_one,
                          plan.asked.size(), plan.made.size())
            : fmt::format("\npapers: {} one matter after the other, {} asked once, {} made on the way and not asked\n",
                          plan.one_by_one, plan.asked.size(), plan.made.size());
  for (const app::AskedPaper& paper : plan.asked)
    out += fmt::format("  {} ({})\n", NameOf(*paper.paper), fmt::join(paper.matters, " "));
  if (!plan.spared.empty()) out += zh ? "\n不需要办理\n" : "\nnot needed\n";
  for (const app::SparedMatter& spared : plan.spared)
    out += fmt::format("  {} {}{}{}\n", spared.matter->id.value, NameOf(*spared.matter), zh ? "：" : ": ",
                       zh ? spared.why.zh : spared.why.en);
  return out;
}

Result<std::string> RunPlan(const Options& options) {
  LF_ASSIGN(const Catalogue catalogue, LoadCatalogue(options.catalog));
  LF_ASSIGN(const Day accepted, ParseDay(options.accepted));
  LF_ASSIGN(const Day known_at, DayOr(options.known_at, kLastDay));
  LF_ASSIGN(const CalendarBook book, CalendarBook::Load(EmbeddedCatalog()));
  LF_ASSIGN(const auto calendar, book.At(options.calendar, known_at));
  std::string json = "{}";
  if (!options.facts.empty()) {
    LF_ASSIGN(json, ReadInput(options.facts, "facts"));
  }
  LF_ASSIGN(const rules::FactSet facts, approval::ReadCaseFacts(catalogue, json));
  LF_ASSIGN(const ApprovalPlan plan,
            app::PlanPackage(catalogue, *calendar, {options.package, facts.view(), accepted, options.faster}));
  return options.json ? JsonOf(plan, catalogue) : TextOf(plan, catalogue, options.faster);
}

}  // namespace

void AddPlan(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* plan = app.add_subcommand("plan", "the shortest lawful schedule of a package of approvals 一件事");
  plan->add_option("package", options->package, "id of the package, such as industrial_filing")->required();
  plan->add_option("--facts", options->facts, "JSON file with the facts of the case");
  plan->add_option("--accepted", options->accepted, "day of acceptance, not counted: YYYY-MM-DD")->required();
  plan->add_option("--faster", options->faster, "by how many days one matter alone is made faster")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  plan->add_option("--calendar", options->calendar, "id of the working-day calendar")->capture_default_str();
  plan->add_option("--known-at", options->known_at, "holidays as announced by the end of this day");
  plan->add_option("--catalog", options->catalog, kCatalogHelp);
  plan->add_flag("--json", options->json, "JSON");
  plan->callback([options, &exit_code] { exit_code = PrintAnswer(RunPlan(*options)); });
}

}  // namespace landfall::cli
