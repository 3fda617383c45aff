// SPDX-License-Identifier: Apache-2.0
// Four eyes on the policy, also where one account should ever hold both offices.
#include <gtest/gtest.h>

#include "admin/state.h"

namespace landfall::admin {
namespace {

TEST(Policy, NobodyApprovesTheirOwnProposal) {
  State state;
  const Actor proposer = Actor::Account(AccountId{7});
  Apply(state, Origin{5, 0, {}, proposer, false},
        PolicyProposed{PolicyChangeId{1}, Role::supervisor, {"project.correct"}, PolicyReach::all});

  const auto by_proposer = Decide(state, DecideContext{{}, {}, proposer}, ApprovePolicy{PolicyChangeId{1}});
  const auto by_other =
      Decide(state, DecideContext{{}, {}, Actor::Account(AccountId{8})}, ApprovePolicy{PolicyChangeId{1}});

  ASSERT_FALSE(by_proposer);
  EXPECT_EQ(by_proposer.error().code, "policy.own_proposal");
  EXPECT_TRUE(by_other);
}

}  // namespace
}  // namespace landfall::admin
