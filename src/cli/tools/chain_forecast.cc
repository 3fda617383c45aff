// SPDX-License-Identifier: Apache-2.0
// landfall chain split|train|eval|predict|trial
#include "cli/tools/chain_forecast.h"

#include <CLI/CLI.hpp>

#include "cli/tools/tools.h"

namespace landfall::cli {

void AddChainForecast(CLI::App& chain, int& exit_code) {
  AddForecastSplit(chain, exit_code);
  const auto verb = [&](const char* name, const char* about) -> CLI::App& {
    CLI::App* command = chain.add_subcommand(name, about);
    command->require_subcommand(1);
    return *command;
  };
  CLI::App& train = verb("train", "Learn from the past: industry | upstream | firm");
  CLI::App& eval = verb("eval", "Measure a model on what it has not seen, beside plain ways");
  CLI::App& predict = verb("predict", "Rank candidates with reasons");
  CLI::App& trial = verb("trial", "Train and test over several cuts or seeds");
  AddIndustryForecast(train, eval, predict, trial, exit_code);
  AddChoiceForecast(train, eval, predict, trial, exit_code);
}

}  // namespace landfall::cli
