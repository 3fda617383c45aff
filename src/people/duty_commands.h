// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/command.h"
#include "people/duty_events.h"

namespace landfall::people {

struct AssignDuty {
  static constexpr std::string_view kRefusals[] = {"post.unknown", "project.unknown", "duty.held_already",
                                                   "duty.post_taken"};
  static constexpr CommandInfo kInfo{"duty.assign", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  DutyKind kind;
  PostId post;
  ProjectId project;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(AssignDuty, (), (kind, post, project, effective_on))

struct EndDuty {
  static constexpr std::string_view kRefusals[] = {"duty.unknown", "duty.ended_already", "post.out_of_order"};
  static constexpr CommandInfo kInfo{"duty.end", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  DutyId duty;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(EndDuty, (), (duty, effective_on))

// Somebody moves: every post this person holds becomes vacant on that day, with all duties on it, and goes to the
// successor where one is named; the person takes the new post where one is named. One entry, all or nothing.
struct MovePerson {
  static constexpr std::string_view kRefusals[] = {"person.unknown",       "post.unknown",
                                                   "person.holds_nothing", "person.successor_self",
                                                   "post.filled_already",  "post.out_of_order"};
  static constexpr CommandInfo kInfo{"person.move", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  PersonId person;
  Day effective_on;
  std::optional<PersonId> successor;
  std::optional<PostId> to_post;
};
BOOST_DESCRIBE_STRUCT(MovePerson, (), (person, effective_on, successor, to_post))

struct AppointActing {
  static constexpr std::string_view kRefusals[] = {"post.unknown", "person.unknown", "post.acting_reversed",
                                                   "post.acting_is_holder", "post.acting_overlaps"};
  static constexpr CommandInfo kInfo{"post.appoint_acting", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  PostId post;
  PersonId person;
  Day effective_on;
  Day until;
};
BOOST_DESCRIBE_STRUCT(AppointActing, (), (post, person, effective_on, until))

struct EndActing {
  static constexpr std::string_view kRefusals[] = {"post.unknown", "post.nobody_acting", "post.out_of_order"};
  static constexpr CommandInfo kInfo{"post.end_acting", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  PostId post;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(EndActing, (), (post, effective_on))

}  // namespace landfall::people
