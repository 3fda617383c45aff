// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/command.h"
#include "place/events.h"
#include "place/shape_commands.h"

namespace landfall::place {

struct AddRegion {
  static constexpr std::string_view kRefusals[] = {"region.code_taken", "region.unknown", "region.parent_closed"};
  static constexpr CommandInfo kInfo{"region.add", "place.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  Code<12> code;
  Text<60> name;
  std::optional<RegionId> parent;
  Day effective_on;
};
BOOST_DESCRIBE_STRUCT(AddRegion, (), (code, name, parent, effective_on))

struct RenameRegion {
  static constexpr std::string_view kRefusals[] = {"region.unknown"};
  static constexpr CommandInfo kInfo{"region.rename", "place.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  RegionId region;
  Text<60> name;
};
BOOST_DESCRIBE_STRUCT(RenameRegion, (), (region, name))

struct CloseRegion {
  static constexpr std::string_view kRefusals[] = {"region.unknown", "region.already_closed",
                                                   "region.closed_before_opened"};
  static constexpr CommandInfo kInfo{"region.close", "place.write", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  RegionId region;
  Day effective_on;
  std::optional<RegionId> successor;
};
BOOST_DESCRIBE_STRUCT(CloseRegion, (), (region, effective_on, successor))

using Commands = boost::mp11::mp_list<AddRegion, RenameRegion, CloseRegion, DrawRegion>;

}  // namespace landfall::place
