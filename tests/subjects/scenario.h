// SPDX-License-Identifier: Apache-2.0
// Runs scenario files: what a user could have written, checked byte for byte (tests/scenario/README.md says how to read
// them).
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace landfall::test {

// What one file did, for the tests that look at all of them together.
struct ScenarioRun {
  std::filesystem::path path;
  std::string expected;                                      // The file as it stands.
  std::string actual;                                        // The file as today's code would write it.
  std::vector<std::string> faults;                           // Of the file itself, or of the ledger it made.
  std::set<std::string> commands;                            // That were accepted.
  std::set<std::pair<std::string, std::string>> refusals;    // command, code
  std::set<std::string> changing_events, unchanging_events;  // Types whose Apply changed the state, or did not.
};

// Every file below tests/scenario, run once per process and in the order of their paths.
const std::vector<ScenarioRun>& AllScenarios();

}  // namespace landfall::test
