// SPDX-License-Identifier: Apache-2.0
// Something that is done on a disk whose k-th call fails, for k = 1, 2, 3 … until a run meets no failing call.
#pragma once

#include <functional>

#include "tests/support/fault_vfs.h"
#include "tests/support/ledger_fixture.h"

namespace landfall::app::test {

struct FaultScenario {
  std::function<void(std::uint64_t at)> prepare;  // Everything anew, on a disk that works.
  std::function<void()> act;                      // On the disk that fails.
  std::function<void(bool hit)> check;            // On a disk that works again; `hit`: a call has failed.
};

// Every stride-th k from `first`; prints how many those were. Stops at the first k whose run has failed.
inline void FailEach(landfall::test::FaultPlan plan, std::uint64_t first, std::uint64_t stride,
                     const FaultScenario& scenario) {
  landfall::test::RegisterFaultVfs();
  std::uint64_t struck = 0;
  for (plan.at = first;; plan.at += stride) {
    ASSERT_LT(plan.at, 100'000u) << "it never ends";
    const testing::ScopedTrace trace(__FILE__, __LINE__, "failing call " + std::to_string(plan.at));
    landfall::test::SetFault({});
    scenario.prepare(plan.at);
    landfall::test::SetFault(plan);
    scenario.act();
    const bool hit = landfall::test::FaultStruck();
    const std::uint64_t calls = landfall::test::FaultCalls();
    landfall::test::SetFault({});
    scenario.check(hit);
    struck += hit;
    if (testing::Test::HasFailure()) return;
    if (hit) continue;
    fmt::print("{} of {} calls failed, one in {} from {}\n", struck, calls, stride, first);
    break;
  }
  EXPECT_GT(struck, 0u);
}

// Every call with LANDFALL_TEST_ALL=1; else one in `usual`, which meets each kind of call many times.
inline std::uint64_t Stride(std::uint64_t usual) { return TestAll() ? 1 : usual; }

}  // namespace landfall::app::test
