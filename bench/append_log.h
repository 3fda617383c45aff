// SPDX-License-Identifier: Apache-2.0
// Appending a sample to a log, on either engine.
#pragma once

#include <functional>
#include <memory>

#include "bench/append_sample.h"
#include "ledger/log.h"

namespace landfall::bench {

inline constexpr std::size_t kWarmUp = 2;  // Commits before the clock starts.

// A number of entries that is whole commits of `per_commit`.
inline std::size_t WholeCommits(std::size_t entries, std::size_t per_commit) {
  return (entries + per_commit - 1) / per_commit * per_commit;
}

// Seconds for `entries` entries, `per_commit` of them a commit. `open(create)` opens the store, which is empty. Checks
// that what is stored is what was given, and that the tree over it has the root that the log says.
inline double LogSeconds(const Sample& sample, std::size_t entries, std::size_t per_commit,
                         const std::function<std::unique_ptr<ledger::Store>(bool create)>& open) {
  auto log = ledger::Log::Open(open(true), SystemRandom()).value();
  std::size_t next = 0;
  const auto commit = [&] {
    for (std::size_t i = 0; i < per_commit; ++i, ++next)
      LF_CHECK(log->Add(sample.drafts[next % sample.drafts.size()]).ok());
    LF_CHECK(log->Flush().ok());
  };
  for (std::size_t i = 0; i < kWarmUp; ++i) commit();
  const Times times = Measure([&] {
    for (const std::size_t end = next + entries; next < end;) commit();
  });
  const Digest root = log->root();
  LF_CHECK(log->size() == next);
  auto again = ledger::Log::Open(open(false), SystemRandom()).value();
  LF_CHECK(again->size() == next && again->root() == root);
  return times.wall;
}

}  // namespace landfall::bench
