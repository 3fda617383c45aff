// SPDX-License-Identifier: Apache-2.0
// 工作机制: define one, change it as a whole, end it. Its versions stay; a key that has ended is not given again.
#pragma once

#include "figure/mechanism_events.h"
#include "ledger/command.h"

namespace landfall::figure {

struct DefineMechanism {
  static constexpr std::string_view kRefusals[] = {"mechanism.key_taken", "unit.unknown", "figure.unknown"};
  static constexpr CommandInfo kInfo{"mechanism.define", "mechanism.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<60> mechanism;
  Text<60> name;
  std::optional<Text<1000>> about;
  std::optional<List<MechanismPart, kMechanismPartsMax>> parts;
  UnitId owner_unit;
  std::optional<Key<60>> figure;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(DefineMechanism, (), (mechanism, name, about, parts, owner_unit, figure, effective_on))

// The next version: what is left out is in it no more. It holds from `effective_on` on, which is not before the version
// before; two of one day: the later record counts.
struct ChangeMechanism {
  static constexpr std::string_view kRefusals[] = {"mechanism.unknown", "mechanism.ended_already",
                                                   "mechanism.out_of_order", "unit.unknown", "figure.unknown"};
  static constexpr CommandInfo kInfo{"mechanism.change", "mechanism.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<60> mechanism;
  Text<60> name;
  std::optional<Text<1000>> about;
  std::optional<List<MechanismPart, kMechanismPartsMax>> parts;
  UnitId owner_unit;
  std::optional<Key<60>> figure;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(ChangeMechanism, (), (mechanism, name, about, parts, owner_unit, figure, effective_on))

// `effective_on`: the first day without it.
struct EndMechanism {
  static constexpr std::string_view kRefusals[] = {"mechanism.unknown", "mechanism.ended_already",
                                                   "mechanism.out_of_order"};
  static constexpr CommandInfo kInfo{"mechanism.end", "mechanism.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Key<60> mechanism;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(EndMechanism, (), (mechanism, effective_on))

}  // namespace landfall::figure
