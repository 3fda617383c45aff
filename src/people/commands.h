// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/command.h"
#include "people/duty_commands.h"
#include "people/events.h"
#include "people/mandate_commands.h"
#include "people/power_commands.h"

namespace landfall::people {

struct CreateUnit {
  static constexpr std::string_view kRefusals[] = {"unit.code_taken", "unit.unknown"};
  static constexpr CommandInfo kInfo{"unit.create", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Code<40> code;
  Text<100> name;
  std::optional<UnitId> parent;
};
BOOST_DESCRIBE_STRUCT(CreateUnit, (), (code, name, parent))

struct RenameUnit {
  static constexpr std::string_view kRefusals[] = {"unit.unknown"};
  static constexpr CommandInfo kInfo{"unit.rename", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  UnitId unit;
  Text<100> name;
};
BOOST_DESCRIBE_STRUCT(RenameUnit, (), (unit, name))

struct CreatePost {
  static constexpr std::string_view kRefusals[] = {"unit.unknown"};
  static constexpr CommandInfo kInfo{"post.create", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  UnitId unit;
  Text<60> title;
};
BOOST_DESCRIBE_STRUCT(CreatePost, (), (unit, title))

struct RegisterPerson {
  static constexpr CommandInfo kInfo{"person.register", "people.write", Scope::kJurisdiction, {}};
  static constexpr std::string_view kName = kInfo.name;
  Text<60> name;
};
BOOST_DESCRIBE_STRUCT(RegisterPerson, (), (name))

struct FillPost {
  static constexpr std::string_view kRefusals[] = {"post.unknown", "person.unknown", "post.filled_already",
                                                   "post.out_of_order"};
  static constexpr CommandInfo kInfo{"post.fill", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  PostId post;
  PersonId person;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(FillPost, (), (post, person, effective_on))

struct VacatePost {
  static constexpr std::string_view kRefusals[] = {"post.unknown", "post.vacant", "post.out_of_order"};
  static constexpr CommandInfo kInfo{"post.vacate", "people.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  PostId post;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(VacatePost, (), (post, effective_on))

using Commands = boost::mp11::mp_list<CreateUnit, RenameUnit, CreatePost, RegisterPerson, FillPost, VacatePost,
                                      AssignDuty, EndDuty, MovePerson, AppointActing, EndActing, GrantDelegation,
                                      EndDelegation, GiveMandate, RevokeMandate>;

}  // namespace landfall::people
