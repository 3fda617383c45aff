// SPDX-License-Identifier: Apache-2.0
// 重复项目: the same project promoted twice is linked, never deleted; it and its amounts count once, in the other.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"

namespace landfall::project {

struct DuplicateLinked {
  static constexpr EventInfo kInfo{"project.duplicate_linked", 1, EventClass::kInternal, false};
  ProjectId on;
  ProjectId counted_in;  // Counts for both.
};
BOOST_DESCRIBE_STRUCT(DuplicateLinked, (), (counted_in))

struct DuplicateUnlinked {
  static constexpr EventInfo kInfo{"project.duplicate_unlinked", 1, EventClass::kInternal, false};
  ProjectId on;
};
BOOST_DESCRIBE_STRUCT(DuplicateUnlinked, (), ())

// Somebody looked: alike, but two projects.
struct ToldApart {
  static constexpr EventInfo kInfo{"project.told_apart", 1, EventClass::kInternal, false};
  ProjectId on;
  ProjectId other;
};
BOOST_DESCRIBE_STRUCT(ToldApart, (), (other))

using DuplicateEvents = std::variant<DuplicateLinked, DuplicateUnlinked, ToldApart>;

}  // namespace landfall::project
