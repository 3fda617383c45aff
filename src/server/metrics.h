// SPDX-License-Identifier: Apache-2.0
// The counters of the server and its ledgers as Prometheus text (exposition format 0.0.4).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/engine.h"
#include "server/http.h"

namespace landfall::server {

struct LedgerMetrics {
  std::string code;
  app::Engine::Stats stats;
  std::uint64_t entries = 0;
  bool stopped = false;
  app::Engine::Standing standing;
  // Of a ledger that has witnesses: how far they are behind.
  struct Witnessed {
    std::uint64_t behind = 0;         // Entries that no witness has cosigned.
    std::uint64_t posix_seconds = 0;  // Of the newest cosignature; 0 where there is none.
  };
  std::optional<Witnessed> witnessed{};
};

// Bytes of this process that lie in memory; 0 where the system does not tell.
std::uint64_t ResidentBytes();

std::string PrometheusText(const Metrics& server, std::span<const LedgerMetrics> ledgers, std::size_t workers_queued);

}  // namespace landfall::server
