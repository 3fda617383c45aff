// SPDX-License-Identifier: Apache-2.0
// Questions to a state of 10^5 and of 10^6 projects (12 planned milestones each) with five obligations a project:
// resident memory and p50/p99 of a call. Answers are checked against what the questions must have in common, and
// against a plain walk over the state.
#include <malloc.h>

#include <algorithm>
#include <functional>

#include "app/queries.h"
#include "bench/bench.h"
#include "bench/world.h"

namespace landfall::bench {
namespace {

class Asker {
 public:
  Asker(Report& report, std::string size, int calls) : report_(report), size_(std::move(size)), calls_(calls) {}

  // Asks `calls` times after one call to warm up; prints p50 and p99 of what the caller waits, and p99 of the CPU it
  // took.
  template <class Ask>
  void Time(std::string_view what, Ask&& ask) {
    ask();
    std::vector<double> wall, cpu;
    for (int i = 0; i < calls_; ++i) {
      const Times times = Measure(ask);
      wall.push_back(times.wall * 1e3);
      cpu.push_back(times.cpu * 1e3);
    }
    const std::string name = std::string(what) + "." + size_;
    report_.Figure(name + ".p50", Quantile(wall, 0.5), "ms");
    report_.Figure(name + ".p99", Quantile(wall, 0.99), "ms");
    report_.Figure(name + ".cpu_p50", Quantile(cpu, 0.5), "ms");
    report_.Figure(name + ".cpu_p99", Quantile(cpu, 0.99), "ms");
  }

 private:
  Report& report_;
  std::string size_;
  int calls_;
};

std::int64_t Sum(const app::LightCounts& c) { return c.red + c.amber + c.green + c.done + c.idle; }

void Add(app::LightCounts& counts, app::Light light) {
  switch (light) {
    case app::Light::red:
      ++counts.red;
      break;
    case app::Light::amber:
      ++counts.amber;
      break;
    case app::Light::green:
      ++counts.green;
      break;
    case app::Light::done:
      ++counts.done;
      break;
    case app::Light::idle:
      ++counts.idle;
      break;
  }
}

// Lights of open obligations, one by one as a page shows them.
app::LightCounts LightsOneByOne(const app::Frame& frame) {
  app::LightCounts counts;
  for (std::size_t i = 0; i < frame.state.obligation.size(); ++i)
    if (obligation::IsOpen(static_cast<obligation::Life>(frame.state.obligation.life[i])))
      Add(counts, app::ObligationLight(frame, ObligationId::FromIndex(i)).light);
  return counts;
}

app::LightCounts ProjectLightsOneByOne(const app::Frame& frame) {
  app::LightCounts counts;
  for (std::size_t i = 0; i < frame.state.project.size(); ++i)
    Add(counts, app::ProjectLight(frame, ProjectId::FromIndex(i)).light);
  return counts;
}

void AskAll(const app::State& state, std::uint64_t seq, Asker& asker) {
  const auto projects = static_cast<std::int64_t>(state.project.size());
  const app::Frame frame{state, World::kToday, seq, {}, seq, {}};

  const app::Board board = app::QueryBoard(frame, {});
  LF_CHECK(board.projects == projects && Sum(board.lights) == projects);
  LF_CHECK(ToJson(board.lights) == ToJson(ProjectLightsOneByOne(frame)));
  LF_CHECK(ToJson(board.obligations) == ToJson(LightsOneByOne(frame)));
  asker.Time("board", [&] { LF_CHECK(app::QueryBoard(frame, {}).projects == projects); });

  std::int64_t of_units = 0;
  for (std::uint32_t u = 1; u <= 10; ++u) of_units += app::QueryBoard(frame, {UnitId{u}, {}, {}}).projects;
  LF_CHECK(of_units == projects);  // Ten units at the top, with all others below them.
  const std::int64_t scoped = app::QueryBoard(frame, {UnitId{3}, RegionId{5}, {}}).projects;
  LF_CHECK(scoped > 0);
  asker.Time("board_of_unit_and_region", [&] {
    LF_CHECK(app::QueryBoard(frame, {UnitId{3}, RegionId{5}, {}}).projects == scoped);
  });
  asker.Time("board_of_unit", [&] { LF_CHECK(app::QueryBoard(frame, {UnitId{3}, {}, {}}).projects > 0); });

  app::ProjectFilter filter;
  filter.region = RegionId{5};
  filter.light = app::Light::red;
  filter.min_investment = Money::FromMinor(10'000'000'000);
  filter.sort = app::ProjectSort::investment;
  filter.descending = true;
  const app::ProjectList list = app::QueryProjects(frame, filter).value();
  LF_CHECK(list.total > 0 && list.rows.size() == std::min<std::size_t>(50, static_cast<std::size_t>(list.total)));
  for (std::size_t i = 1; i < list.rows.size(); ++i)
    LF_CHECK(list.rows[i - 1].investment_minor >= list.rows[i].investment_minor);
  asker.Time("list_three_predicates_top_50",
             [&] { LF_CHECK(app::QueryProjects(frame, filter).value().total == list.total); });
  app::ProjectFilter all;
  all.sort = app::ProjectSort::next_due;
  asker.Time("list_all_by_next_due", [&] { LF_CHECK(app::QueryProjects(frame, all).value().total == projects); });

  app::ObligationFilter recorded;
  recorded.derived = false;
  LF_CHECK(ToJson(app::QueryObligations(frame, recorded).value().lights) == ToJson(board.obligations));
  asker.Time("lights_of_obligations",
             [&] { LF_CHECK(app::QueryObligations(frame, recorded).value().total == Sum(board.obligations)); });
  std::int64_t open_rungs = 0;
  for (std::size_t slot = 0; slot < state.project.planned.size(); ++slot)
    open_rungs += state.project.reached[slot] == project::kNoDay;
  const std::int64_t owed = open_rungs + Sum(board.obligations);
  asker.Time("lights_with_planned_milestones",
             [&] { LF_CHECK(app::QueryObligations(frame, {}).value().total == owed); });

  // The figure "signed, 1亿 and more": a month, and the year to date.
  const std::string figure = "signed_1yi_count";
  const auto in = [&](Day from, Day to) {
    app::FigureFilter period;
    period.from = from;
    period.to = to;
    return app::QueryFigure(frame, figure, period).value();
  };
  const Day year = MakeDay(2025, 1, 1), year_end = MakeDay(2025, 12, 31);
  std::int64_t months = 0;
  for (unsigned m = 1; m <= 12; ++m) {
    const Day begin = MakeDay(2025, m, 1), end = m == 12 ? MakeDay(2026, 1, 1) : MakeDay(2025, m + 1, 1);
    months += in(begin, end - std::chrono::days(1)).count;
  }
  LF_CHECK(months > 0 && months == in(year, year_end).count);
  asker.Time("figure_of_a_month", [&] { LF_CHECK(in(MakeDay(2025, 5, 1), MakeDay(2025, 5, 31)).count > 0); });
  asker.Time("figure_of_a_year", [&] { LF_CHECK(in(year, year_end).count == months); });
}

// An archive that looks at what the columns of a state take in memory, but for what malloc needs beside their pieces.
class ColumnSizes {
 public:
  template <class Column>
  void operator()(std::string_view name, const Column& column) {
    sizes_.emplace_back(static_cast<double>(BytesOf(column)) / 1e6, name);
  }
  // Those of at least one hundredth of all, largest first.
  void Tell(Report& report, const std::string& size) {
    std::ranges::sort(sizes_, std::greater());
    double all = 0;
    for (const auto& [mb, name] : sizes_) all += mb;
    report.Figure("columns." + size, all, "MB");
    for (const auto& [mb, name] : sizes_)
      if (mb * 100 >= all) report.Figure("column." + name + "." + size, mb, "MB");
  }

 private:
  template <class T>
  static std::size_t BytesOf(const std::vector<T>& column) {
    std::size_t sum = column.capacity() * sizeof(T);
    if constexpr (std::is_same_v<T, std::string>)
      for (const std::string& text : column) sum += text.capacity();
    return sum;
  }
  template <class Column>
  static std::size_t BytesOf(const Column& column) {
    if constexpr (requires { column.bytes(); })
      return column.bytes();
    else
      return sizeof column;
  }
  std::vector<std::pair<double, std::string>> sizes_;
};

void Run(const Options& options) {
  Report report("state");
  for (const std::size_t projects :
       options.quick ? std::vector<std::size_t>{20'000} : std::vector<std::size_t>{100'000, 1'000'000}) {
    const std::string size = fmt::format("{}_projects", projects);
    ::malloc_trim(0);
    const double before = RssMb();
    app::Replica replica;
    DirectFold fold{replica};
    const Times build = Measure([&] { World({.projects = projects}).Generate(std::ref(fold)); });
    LF_CHECK(replica.state.project.size() == projects && replica.state.obligation.size() == 5 * projects);
    report.Figure("build." + size, static_cast<double>(fold.events) / build.cpu, "events/s");
    // Vectors that have grown have room to spare; a copy, which is what stands beside the first one, has none.
    auto copy = std::make_unique<app::State>(replica.state);
    replica.state = std::move(*copy);
    copy.reset();
    ::malloc_trim(0);  // As the engine does when it has folded its ledger.
    report.Figure("rss." + size, RssMb() - before, "MB");
    ColumnSizes sizes;
    replica.state.Columns(sizes);
    sizes.Tell(report, size);
    Asker asker(report, size, options.quick ? 5 : 100);
    AskAll(replica.state, replica.seq, asker);
  }
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
