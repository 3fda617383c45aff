// SPDX-License-Identifier: Apache-2.0
// The package that the benches of cases share: twelve matters in three branches of four. Each matter of a branch needs
// the paper that the one before it makes; seven papers come from the applicant.
#pragma once

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/state.h"
#include "base/hash.h"

namespace landfall::bench {

inline constexpr int kBranches = 3, kRounds = 4, kCaseSteps = kBranches * kRounds, kCasePapers = 1 + 2 * kBranches;

// The step of a branch's round, both from 0; steps of a case are counted from 1 in this order.
constexpr int StepAt(int branch, int round) { return branch * kRounds + round; }
// Working days of a step, from 0.
constexpr int LimitOfStep(int step) { return 3 + step; }

inline std::string PaperKey(int paper) {
  return paper == 0 ? "form" : fmt::format("{}-{}", static_cast<char>('a' + (paper - 1) / 2), (paper - 1) % 2 + 1);
}
inline bool HasValidity(int paper) { return paper > 0 && paper % 2 == 0; }
// The form, and at the head of a branch its two papers.
inline std::vector<int> PapersOfStep(int step) {
  const int branch = step / kRounds;
  return step % kRounds == 0 ? std::vector<int>{0, 1 + 2 * branch, 2 + 2 * branch} : std::vector<int>{0};
}
inline Key<40> MatterKey(std::string_view package, int step) { return {fmt::format("{}-{}", package, step + 1)}; }

// Twelve definitions of matters, competent by branch, and that of the package.
inline std::vector<app::AnyCommand> DefinePackage(std::string_view name, UnitId lead,
                                                  const std::array<UnitId, kBranches>& competent, Day from) {
  std::vector<app::AnyCommand> commands;
  cases::DefinePackage package{{std::string(name)}, {1}, from, {"示例一件事"}, lead, {}, {}};
  package.promised = cases::Limit{{40}, cases::LimitUnit::work_days};
  for (int step = 0; step < kCaseSteps; ++step) {
    const int branch = step / kRounds, round = step % kRounds;
    cases::DefineMatter matter{};
    matter.matter = MatterKey(name, step);
    matter.version = {1};
    matter.from = from;
    matter.zh = {fmt::format("示例许可{}", step + 1)};
    matter.owner_unit = competent[static_cast<std::size_t>(branch)];
    matter.kind = cases::MatterKind::licence;
    matter.level = cases::Level::district;
    matter.promised = cases::Limit{{LimitOfStep(step)}, cases::LimitUnit::work_days};
    for (const int paper : PapersOfStep(step))
      matter.papers.items.push_back({{PaperKey(paper)},
                                     {"示例材料"},
                                     HasValidity(paper) ? std::optional(Int<1, 36500>{365}) : std::nullopt,
                                     {},
                                     {}});
    const auto made = [&](int by) { return Key<40>{fmt::format("{}-made-{}", name, by + 1)}; };
    if (round > 0) matter.papers.items.push_back({made(step - 1), {"前一环节的结果"}, {}, {}, {}});
    matter.makes.items.push_back(made(step));
    package.matters.items.push_back(matter.matter);
    commands.push_back(matter);
  }
  commands.push_back(package);
  return commands;
}

// All seven in hand.
inline List<cases::HandedPaper, cases::kCasePapersMax> HandedPapers(Day today) {
  List<cases::HandedPaper, cases::kCasePapersMax> papers;
  for (int paper = 0; paper < kCasePapers; ++paper)
    papers.items.push_back({{PaperKey(paper)},
                            cases::Handed::handed,
                            Sha256(PaperKey(paper)),
                            HasValidity(paper) ? std::optional(today + std::chrono::days(300)) : std::nullopt,
                            {}});
  return papers;
}

}  // namespace landfall::bench
