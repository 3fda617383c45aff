// SPDX-License-Identifier: Apache-2.0
// 卡点: what keeps a project from a rung of its ladder, above all land and 征拆. Who has to solve it, by when, and the
// day it was solved.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::project {

enum class BlockKind : std::uint8_t { land, demolition, approval, utilities, funds, other };
BOOST_DESCRIBE_ENUM(BlockKind, land, demolition, approval, utilities, funds, other)

// From that day on the project is red, and the milestone cannot be recorded, until the block is solved.
struct BlockRaised {
  static constexpr EventInfo kInfo{"project.block_raised", 1, EventClass::kInternal, false};
  ProjectId on;
  BlockKind block;
  Key<40> milestone;
  UnitId owner_unit;  // Who has to solve it.
  Day due_on;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(BlockRaised, (), (block, milestone, owner_unit, due_on, effective_on))

// What it is about, in words; belongs to the block before it in the same entry.
struct BlockWorded {
  static constexpr EventInfo kInfo{"project.block_worded", 1, EventClass::kInternal, true};
  ProjectId on;
  Text<500> text;
};
BOOST_DESCRIBE_STRUCT(BlockWorded, (), (text))

struct BlockSolved {
  static constexpr EventInfo kInfo{"project.block_solved", 1, EventClass::kInternal, false};
  ProjectId on;
  Int<1, INT64_MAX> raised;  // seq of the record that raised it
  Day effective_on;
  List<Digest, 20> evidence;
};
BOOST_DESCRIBE_STRUCT(BlockSolved, (), (raised, effective_on, evidence))

using BlockEvents = std::variant<BlockRaised, BlockWorded, BlockSolved>;

}  // namespace landfall::project
