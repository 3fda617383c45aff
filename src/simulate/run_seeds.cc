// SPDX-License-Identifier: Apache-2.0
#include "simulate/run_seeds.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

#include "base/json.h"
#include "simulate/power_cuts.h"

namespace landfall::simulate {
namespace {

// The counts by the names under which they are told.
template <class F>
void ForEachCount(const SimulateCounts& c, F&& f) {
  f("requests", c.requests), f("acknowledged", c.acknowledged), f("refused", c.refused), f("repeated", c.repeated);
  f("entries", c.entries), f("power_cuts", c.power_cuts), f("kills", c.kills), f("refused_calls", c.refused_calls);
  f("restarts", c.restarts), f("clock_jumps", c.clock_jumps), f("checks", c.checks);
}

bool ParseNumber(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string RepeatCommand(std::uint64_t seed, const SeedsOptions& options) {
  return fmt::format("landfall simulate --seeds {}..{}{}{}", seed, seed, options.power_cuts ? " --power-cuts" : "",
                     options.sync_lies ? " --plant lying-sync" : "");
}

}  // namespace

Result<SeedRange> ParseSeeds(std::string_view text) {
  SeedRange range;
  const std::size_t dots = text.find("..");
  const std::string_view first = text.substr(0, dots);
  const std::string_view last = dots == std::string_view::npos ? first : text.substr(dots + 2);
  if (!ParseNumber(first, range.first) || !ParseNumber(last, range.last) || range.first > range.last ||
      range.last == UINT64_MAX)
    return Invalid("simulate.bad_seeds", {}, "seeds");
  return range;
}

SeedsReport RunSeeds(const SeedRange& range, const SeedsOptions& options,
                     const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  SeedsReport report;
  for (std::uint64_t seed = range.first; seed <= range.last; ++seed) {
    std::string violation;
    std::uint64_t trace = 0;
    if (options.power_cuts) {
      PowerCutOptions power_cuts;
      power_cuts.sync_lies = options.sync_lies;
      PowerCutOutcome outcome = CheckPowerCuts(seed, power_cuts);
      report.states += outcome.states;
      report.changes += outcome.changes;
      report.under_way += outcome.under_way;
      trace = outcome.trace;
      violation = std::move(outcome.violation);
    } else {
      SeedOutcome outcome = Simulate(seed, {options.sync_lies, options.tell});
      report.counts.Add(outcome.counts);
      trace = outcome.trace;
      violation = std::move(outcome.violation);
    }
    ++report.seeds;
    report.trace = XXH3_64bits_withSeed(&trace, sizeof trace, report.trace);
    if (!violation.empty()) {
      report.violations.push_back({seed, std::move(violation), RepeatCommand(seed, options)});
      if (report.violations.size() >= options.violations_max) break;
    }
    if (progress) progress(report.seeds, range.last - range.first + 1);
  }
  return report;
}

std::string ToText(const SeedsReport& report, const SeedsOptions& options) {
  std::string text;
  for (const Violation& v : report.violations)
    text += fmt::format("seed {}: {}\n  repeat: {}\n", v.seed, v.what, v.repeat);
  text += fmt::format("{} seeds, {} broken promises, trace {:016x}\n", report.seeds, report.violations.size(),
                      report.trace);
  if (options.power_cuts) {
    text += fmt::format("{} power-cut states of {} recorded changes, {} with the commit that was under way\n",
                        report.states, report.changes, report.under_way);
    return text;
  }
  ForEachCount(report.counts, [&](std::string_view name, std::uint64_t n) { text += fmt::format("{} {}, ", name, n); });
  text.replace(text.size() - 2, 2, "\n");
  return text;
}

std::string ToJson(const SeedsReport& report) {
  std::string json = fmt::format("{{\"seeds\":{},\"trace\":\"{:016x}\"", report.seeds, report.trace);
  ForEachCount(report.counts,
               [&](std::string_view name, std::uint64_t n) { json += fmt::format(",\"{}\":{}", name, n); });
  json += fmt::format(",\"states\":{},\"changes\":{},\"under_way\":{},\"violations\":[", report.states, report.changes,
                      report.under_way);
  for (std::size_t i = 0; i < report.violations.size(); ++i) {
    const Violation& v = report.violations[i];
    json += fmt::format("{}{{\"seed\":{},\"what\":", i == 0 ? "" : ",", v.seed);
    AppendJsonString(json, v.what);
    json += ",\"repeat\":";
    AppendJsonString(json, v.repeat);
    json += "}";
  }
  return json + "]}";
}

}  // namespace landfall::simulate
