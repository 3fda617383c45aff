// SPDX-License-Identifier: Apache-2.0
// The plan of a package of 25 matters, all of which apply: which apply, four schedules, critical path and slack, what
// each matter three days faster would move, papers merged. Without sentences and with them. The days are those of a
// walk from day to day beside it.
#include <map>
#include <set>

#include "app/guide.h"
#include "bench/bench.h"

namespace landfall::bench {
namespace {

// An enterprise that is founded, buys land, builds and has it accepted: 25 matters of the catalogue.
constexpr std::string_view kMatters[] = {"e-01",  "e-02",  "e-03",  "e-04", "e-05",  "e-06",  "e-07",  "p1-02", "p1-03",
                                         "l-02",  "p1-04", "p1-05", "x-01", "x-04",  "x-05",  "p2-01", "p2-02", "p3-01",
                                         "p3-02", "p3-03", "p3-04", "u-01", "p4-01", "p4-02", "p4-03"};
constexpr std::string_view kFacts =
    R"({"company_exists":false,"employs":true,"needs_invoices":true,"needs_seals":true,"investment_kind":"approval",)"
    R"("land":"auction","eia":"report","energy_tce":2000,"electricity_kwh":0,"land_m2":42000,"earthwork_m3":0,)"
    R"("special_fire":true})";

// When each matter is done as promised, counted from day to day.
std::map<std::string, Day> Walk(const app::ApprovalPlan& plan, const WorkCalendar& calendar) {
  std::map<std::string, Day> done;
  while (done.size() < plan.matters.size()) {
    const std::size_t before = done.size();
    for (const app::PlannedMatter& planned : plan.matters) {
      Day day = plan.promised.accepted;
      bool ready = !done.contains(planned.matter->id.value);
      for (const std::string& wait : planned.waits_for) {
        ready = ready && done.contains(wait);
        if (ready) day = std::max(day, done[wait]);
      }
      if (!ready) continue;
      const approval::Limit& limit = planned.matter->promised ? *planned.matter->promised : *planned.matter->statutory;
      const bool work_days = limit.unit == approval::LimitUnit::work_days;
      const auto works = [&] { return calendar.IsWorkDay(day).value().works; };
      for (std::int64_t left = limit.days.value; left > 0;) {
        day += std::chrono::days(1);
        if (!work_days || works()) --left;
      }
      while (!works()) day += std::chrono::days(1);
      done[planned.matter->id.value] = day;
    }
    LF_CHECK(done.size() > before);
  }
  return done;
}

void Check(const app::ApprovalPlan& plan, const WorkCalendar& calendar) {
  LF_CHECK(plan.matters.size() == std::size(kMatters) && plan.spared.empty());
  const std::map<std::string, Day> walked = Walk(plan, calendar);
  for (std::size_t i = 0; i < plan.matters.size(); ++i)
    LF_CHECK(plan.promised.steps[i].ends == walked.at(plan.matters[i].matter->id.value));
  LF_CHECK(!plan.gains.empty() && !plan.made.empty() && plan.asked.size() < plan.one_by_one);
  LF_CHECK(plan.promised.critical.size() > 3 && plan.serial.work_days > plan.parallel.work_days);
}

void Run(const Options& options) {
  Report report("plan");
  const approval::Catalogue& catalogue = app::BuiltInCatalogue();
  const WorkCalendar& calendar = app::BuiltInCatalogueCalendar();
  approval::Package package;
  package.id = {"bench"};
  for (const std::string_view id : kMatters) package.matters.items.push_back({std::string(id)});
  package.promised = approval::Limit{{200}};
  const rules::FactSet facts = approval::ReadCaseFacts(catalogue, kFacts).value();
  app::PlanRequest request{"bench", facts.view(), MakeDay(2024, 9, 27), 3, {}, &package};

  const auto measure = [&](std::string_view name, bool sentences, double base) {
    request.sentences = sentences;
    Check(app::PlanPackage(catalogue, calendar, request).value(), calendar);
    const int runs = options.quick ? 5 : 101, calls = options.quick ? 10 : 200;
    std::vector<double> us;
    for (int run = 0; run < runs; ++run) {
      std::size_t matters = 0;
      const Times times = Measure([&] {
        for (int i = 0; i < calls; ++i) {
          // Another day each time, so that nothing but the catalogue stays as it was.
          request.accepted = MakeDay(2024, 1, 1) + std::chrono::days((run * calls + i) % 600);
          matters += app::PlanPackage(catalogue, calendar, request).value().matters.size();
        }
      });
      LF_CHECK(matters == static_cast<std::size_t>(calls) * std::size(kMatters));
      us.push_back(times.cpu * 1e6 / calls);
    }
    const double median = Median(us);
    report.Figure(fmt::format("{}_cpu_p50", name), median, "µs", base > 0 ? "plan" : "", base > 0 ? base / median : 0);
    report.Figure(fmt::format("{}_cpu_p99", name), Quantile(us, 0.99), "µs");
    return median;
  };
  const double plan = measure("plan_25", false, 0);
  measure("plan_25_with_sentences", true, plan);
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
