// SPDX-License-Identifier: Apache-2.0
// The search of a whole ledger of 10^6 projects: the first fill, what the next ask costs after one rename, and answers
// to a reader who sees everything and to one who sees one unit of a hundred. The peer is a walk over all titles. The
// answers are those of that walk.
#include "app/name_index.h"
#include "bench/bench.h"
#include "bench/world.h"

namespace landfall::bench {
namespace {

void Run(const Options& options) {
  Report report("find");
  WorldOptions world;
  world.projects = options.quick ? 2'000 : 1'000'000;
  world.obligations = 0;
  world.reached_min = world.reached_max = 0;
  app::State state;
  std::uint64_t seq = 0;
  World(world).Generate([&](const WorldEntry& entry) {
    ++seq;
    std::uint32_t at = 0;
    for (const app::AnyEvent& event : entry.events)
      app::ApplyEvent(state, Origin{seq, at++, entry.at, entry.by, false}, event);
  });
  const app::StateSource source = [&](const app::UseState& use) { use(state, seq); };
  app::NameIndex names;
  const Times fill = Measure([&] { names.CatchUp(source); });
  report.Figure("fill", static_cast<double>(world.projects) / fill.cpu / 1e3, "k names/s");
  report.Figure("bytes", static_cast<double>(names.Bytes()) / static_cast<double>(world.projects), "B/project");

  const Instant now{World::kToday};
  std::vector<double> ms;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const std::string title = fmt::format("重川示例园区{:03}", i);
    app::ApplyEvent(state, Origin{++seq, 0, now, Actor::System(), false},
                    project::ProjectNamed{ProjectId::FromIndex(i * 37), {title}});
    app::SearchResults found;
    ms.push_back(Measure([&] {
                   names.CatchUp(source);
                   found = names.Search(source, Actor::Local(), now, {title, std::nullopt, 5});
                 }).cpu *
                 1e3);
    LF_CHECK(!found.groups.empty() && found.groups[0].rows[0].name == title);
  }
  report.Figure("after_rename_p50", Quantile(ms, 0.5), "ms");
  report.Figure("after_rename_p99", Quantile(ms, 0.99), "ms");

  const std::string title(state.project.title.Get(world.projects / 2));
  // Somebody of one unit of a hundred: nothing stops such a search early.
  const AccountId own{3};
  for (const app::AnyEvent& event : {app::AnyEvent(admin::AccountCreated{own, {"own"}, UnitId{1}}),
                                     app::AnyEvent(admin::RoleGranted{own, admin::Role::unit_officer})})
    app::ApplyEvent(state, Origin{++seq, 0, now, Actor::System(), false}, event);
  const struct {
    std::string_view name;
    Actor reader;
  } readers[] = {{"all", Actor::Local()}, {"one_unit", Actor::Account(own)}};
  for (const auto& reader : readers) {
    std::vector<double> asked;
    std::size_t groups = 0;
    for (std::size_t i = 0; i < 200; ++i) {
      const std::string_view whole = state.project.title.Get((i * 7919) % world.projects);
      const std::size_t from = (i % 3) * 3;  // Two characters of a title.
      const std::string words(whole.substr(std::min(from, whole.size()), 6));
      asked.push_back(Measure([&] {
                        groups += names.Search(source, reader.reader, now, {words, std::nullopt, 5}).groups.size();
                      }).cpu *
                      1e3);
    }
    LF_CHECK(groups > 0);
    report.Figure(fmt::format("{}_p50", reader.name), Quantile(asked, 0.5), "ms");
    report.Figure(fmt::format("{}_p99", reader.name), Quantile(asked, 0.99), "ms");
  }
  std::size_t walked = 0;
  const Times walk = Measure([&] {
    for (std::size_t p = 0; p < state.project.size(); ++p)
      walked += state.project.title.Get(p).find(title) != std::string_view::npos;
  });
  LF_CHECK(walked >= 1);
  report.Figure("walk", walk.cpu * 1e3, "ms");
}

}  // namespace
}  // namespace landfall::bench

int main(int argc, char** argv) { landfall::bench::Run(landfall::bench::ParseOptions(argc, argv)); }
