// SPDX-License-Identifier: Apache-2.0
// A paper of a case, as it is told of.
#pragma once

#include "base/describe.h"
#include "cases/definition_events.h"

namespace landfall::cases {

// How a paper stands when it is told of: in hand; to follow (容缺) by a day; promised in writing (告知承诺).
enum class Handed : std::uint8_t { handed, later, promised };
BOOST_DESCRIBE_ENUM(Handed, handed, later, promised)

struct HandedPaper {
  Key<40> paper;
  Handed how = Handed::handed;
  std::optional<Digest> digest;
  std::optional<Day> valid_until;  // Of a paper in hand: its last day.
  std::optional<Day> due_on;       // Of one that follows.
};
BOOST_DESCRIBE_STRUCT(HandedPaper, (), (paper, how, digest, valid_until, due_on))

}  // namespace landfall::cases
