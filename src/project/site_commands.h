// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/command.h"
#include "project/site_events.h"

namespace landfall::project {

struct LocateProject {
  static constexpr std::string_view kRefusals[] = {"project.unknown"};
  static constexpr CommandInfo kInfo{"project.locate", "project.write", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  LongitudeE7 longitude_e7;
  LatitudeE7 latitude_e7;
  LocatedBy how;
};
BOOST_DESCRIBE_STRUCT(LocateProject, (), (project, longitude_e7, latitude_e7, how))

}  // namespace landfall::project
