// SPDX-License-Identifier: Apache-2.0
#include "app/catalog.h"

#include "base/embedded.h"

namespace landfall::app {

Result<std::vector<AnyCommand>> BuiltInDefinitions(const std::vector<std::string>& ladders) {
  std::vector<AnyCommand> commands;
  std::vector<std::string> known;
  for (const EmbeddedFile& file : EmbeddedCatalog()) {
    if (!file.path.starts_with("ladders/")) continue;
    LF_ASSIGN(project::DefineLadder ladder, ReadJson<project::DefineLadder>(file.bytes));
    known.push_back(ladder.ladder.value);
    if (ladders.empty() || std::find(ladders.begin(), ladders.end(), ladder.ladder.value) != ladders.end())
      commands.emplace_back(std::move(ladder));
  }
  for (const std::string& wanted : ladders)
    if (std::find(known.begin(), known.end(), wanted) == known.end()) {
      std::string choices;
      for (const std::string& k : known) choices += (choices.empty() ? "" : ", ") + k;
      return Invalid("catalog.unknown_ladder", choices, "ladders");
    }
  for (const EmbeddedFile& file : EmbeddedCatalog()) {
    if (!file.path.starts_with("figures/")) continue;
    const std::string ladder(file.path.substr(8, file.path.size() - 8 - 5));
    if (!ladders.empty() && std::find(ladders.begin(), ladders.end(), ladder) == ladders.end()) continue;
    LF_ASSIGN(std::vector<figure::DefineFigure> figures, ReadJson<std::vector<figure::DefineFigure>>(file.bytes));
    for (figure::DefineFigure& figure : figures) commands.emplace_back(std::move(figure));
  }
  return commands;
}

}  // namespace landfall::app
