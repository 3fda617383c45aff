// SPDX-License-Identifier: Apache-2.0
// simulate: faults from a seed, and whether every promise is kept.
#include <fmt/core.h>

#include <chrono>
#include <memory>

#include "cli/cli.h"
#include "simulate/run_seeds.h"

namespace landfall::cli {

void AddSimulate(CLI::App& app, int& exit_code) {
  struct Given {
    std::string seeds, plant;
    bool power_cuts = false, json = false, trace = false;
  };
  auto given = std::make_shared<Given>();
  CLI::App* sub = app.add_subcommand(
      "simulate", "let faults strike a ledger in memory, from a seed, and look whether it keeps its promises");
  sub->add_option("--seeds", given->seeds, "one seed or a range, e.g. 1..1000; the same seed gives the same run")
      ->required();
  sub->add_flag("--power-cuts", given->power_cuts,
                "open every state in which a power cut can leave the disk of a seed's run");
  sub->add_flag("--json", given->json, "the report as JSON");
  sub->add_flag("--trace", given->trace, "print what happens, line by line: for one seed");
  // For the tests of the simulator itself: a fault that it must find. In no help.
  sub->add_option("--plant", given->plant)->check(CLI::IsMember({"lying-sync"}))->group("");
  sub->callback([given, &exit_code] {
    const auto range = simulate::ParseSeeds(given->seeds);
    if (!range) {
      exit_code = PrintRefusal(range.error());
      return;
    }
    simulate::SeedsOptions options;
    options.power_cuts = given->power_cuts;
    options.sync_lies = given->plant == "lying-sync";
    if (given->trace) options.tell = [](std::string_view line) { fmt::print("{}\n", line); };
    const auto start = std::chrono::steady_clock::now();
    const simulate::SeedsReport report = simulate::RunSeeds(
        *range, options, [](std::uint64_t done, std::uint64_t all) { ShowProgress("simulate", done, all); });
    EndProgress();
    if (given->json)
      fmt::print("{}\n", ToJson(report));
    else
      fmt::print("{}", ToText(report, options));
    // Beside the report: that is the same each time, this is not.
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    fmt::print(stderr, "{:.1f} s, {:.0f} seeds/s\n", seconds, static_cast<double>(report.seeds) / seconds);
    if (!report.violations.empty()) exit_code = kExitFindings;
  });
}

}  // namespace landfall::cli
