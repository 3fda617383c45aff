// SPDX-License-Identifier: Apache-2.0
// Many seeds, one answer: how many promises were kept, and for each seed that broke one the command that repeats it.
//
// Threads: one at a time in a process.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "simulate/simulator.h"

namespace landfall::simulate {

struct SeedRange {
  std::uint64_t first = 1, last = 1;  // Both are run.
};
// "7" or "1..100". Errors: simulate.bad_seeds.
Result<SeedRange> ParseSeeds(std::string_view text);

struct SeedsOptions {
  bool power_cuts = false;                       // Power-cut states of recorded runs, not simulations.
  bool sync_lies = false;                        // The planted fault.
  std::function<void(std::string_view)> tell{};  // The traces of simulations, line by line.
  std::size_t violations_max = 10;               // Then it stops: the first ones are those that are looked into.
};

struct Violation {
  std::uint64_t seed = 0;
  std::string what;
  std::string repeat;  // The command line.
};

struct SeedsReport {
  std::uint64_t seeds = 0;
  std::uint64_t trace = 0;                               // Over all seeds: equal for equal builds, seeds and options.
  SimulateCounts counts;                                 // Of simulations.
  std::uint64_t states = 0, changes = 0, under_way = 0;  // Of power cuts.
  std::vector<Violation> violations;
};
SeedsReport RunSeeds(const SeedRange& range, const SeedsOptions& options,
                     const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

std::string ToText(const SeedsReport& report, const SeedsOptions& options);
std::string ToJson(const SeedsReport& report);

}  // namespace landfall::simulate
