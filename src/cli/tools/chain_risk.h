// SPDX-License-Identifier: Apache-2.0
// The two tools of risk: input–output tables, and the systemic risk of firms. Answers are text, ready to print.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
}

namespace landfall::cli {

struct IoOptions {
  std::string table, encoding = "utf-8";
  std::vector<std::string> extract;  // Codes of sectors to take out together.
  std::string sort = "power";        // power, forward, loss, output or table.
  double tolerance = 1e-6;
  std::size_t top = 20;   // Rows of the printed table; 0: all.
  bool matrices = false;  // A, L and G in the JSON.
  bool json = false;
};
Result<std::string> RunIo(const IoOptions& options);

struct EsriToolOptions {
  std::string edges, firms, essential, encoding = "utf-8";
  std::string market = "none";    // none or sector.
  std::vector<std::string> fail;  // Names of firms; empty: each.
  double eps = 1e-2;
  unsigned threads = 0;
  std::size_t top = 20;
  bool losses = false;
  bool json = false;
};
Result<std::string> RunEsri(const EsriToolOptions& options);

void AddIo(CLI::App& chain, int& exit_code);
void AddEsri(CLI::App& chain, int& exit_code);

}  // namespace landfall::cli
