// SPDX-License-Identifier: Apache-2.0
// Units, posts, and the persons who hold posts over dates. Duties hang on posts, never on persons.
#pragma once

#include "base/describe.h"
#include "ledger/event.h"
#include "people/duty_events.h"
#include "people/mandate_events.h"
#include "people/power_events.h"

namespace landfall::people {

struct UnitCreated {
  static constexpr EventInfo kInfo{"unit.created", 1, EventClass::kInternal, false};
  UnitId on;
  Code<40> code;
  std::optional<UnitId> parent;
};
BOOST_DESCRIBE_STRUCT(UnitCreated, (), (code, parent))

struct UnitNamed {
  static constexpr EventInfo kInfo{"unit.named", 1, EventClass::kInternal, true};
  UnitId on;
  Text<100> name;
};
BOOST_DESCRIBE_STRUCT(UnitNamed, (), (name))

struct PostCreated {
  static constexpr EventInfo kInfo{"post.created", 1, EventClass::kInternal, false};
  PostId on;
  UnitId unit;
};
BOOST_DESCRIBE_STRUCT(PostCreated, (), (unit))

struct PostNamed {
  static constexpr EventInfo kInfo{"post.named", 1, EventClass::kInternal, true};
  PostId on;
  Text<60> title;
};
BOOST_DESCRIBE_STRUCT(PostNamed, (), (title))

struct PersonRegistered {
  static constexpr EventInfo kInfo{"person.registered", 1, EventClass::kInternal, false};
  PersonId on;
};
BOOST_DESCRIBE_STRUCT(PersonRegistered, (), ())

struct PersonNamed {
  static constexpr EventInfo kInfo{"person.named", 1, EventClass::kPersonal, true};
  PersonId on;
  Text<60> name;
};
BOOST_DESCRIBE_STRUCT(PersonNamed, (), (name))

struct PostFilled {
  static constexpr EventInfo kInfo{"post.filled", 1, EventClass::kInternal, false};
  PostId on;
  PersonId person;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(PostFilled, (), (person, effective_on))

struct PostVacated {
  static constexpr EventInfo kInfo{"post.vacated", 1, EventClass::kInternal, false};
  PostId on;
  Day effective_on;  // The first day without this person.
};
BOOST_DESCRIBE_STRUCT(PostVacated, (), (effective_on))

using Event = std::variant<UnitCreated, UnitNamed, PostCreated, PostNamed, PersonRegistered, PersonNamed, PostFilled,
                           PostVacated, DutyAssigned, DutyEnded, ActingAppointed, ActingEnded, DelegationGranted,
                           DelegationEnded, DelegationUsed, MandateGiven, MandateRevoked>;

}  // namespace landfall::people
