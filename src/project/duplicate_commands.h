// SPDX-License-Identifier: Apache-2.0
// 重复项目: link, undo, tell apart. Each with a reason; nothing is deleted.
#pragma once

#include "ledger/command.h"
#include "project/duplicate_events.h"

namespace landfall::project {

struct LinkDuplicate {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.same_project",
                                                   "project.duplicate_linked", "project.counts_elsewhere",
                                                   "project.has_duplicates"};
  static constexpr CommandInfo kInfo{"project.link_duplicate", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  ProjectId counted_in;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(LinkDuplicate, (), (project, counted_in, remark))

// The same as an outside register or report says it, beside the rows that it brought (RecordRow). Only an import may
// send it; undone as any other link.
struct RecordDuplicate {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.same_project",
                                                   "project.duplicate_linked", "project.counts_elsewhere",
                                                   "project.has_duplicates"};
  static constexpr CommandInfo kInfo{"project.record_duplicate", "import.run", Scope::kJurisdiction, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  ProjectId counted_in;
};
BOOST_DESCRIBE_STRUCT(RecordDuplicate, (), (project, counted_in))

struct UnlinkDuplicate {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.not_a_duplicate"};
  static constexpr CommandInfo kInfo{"project.unlink_duplicate", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(UnlinkDuplicate, (), (project, remark))

struct TellApart {
  static constexpr std::string_view kRefusals[] = {"project.unknown", "project.same_project",
                                                   "project.duplicate_linked", "project.told_apart"};
  static constexpr CommandInfo kInfo{"project.tell_apart", "project.correct", Scope::kProjectField, kRefusals};
  static constexpr std::string_view kName = kInfo.name;
  ProjectId project;
  ProjectId other;
  Text<500> remark;
};
BOOST_DESCRIBE_STRUCT(TellApart, (), (project, other, remark))

using DuplicateCommands = boost::mp11::mp_list<LinkDuplicate, UnlinkDuplicate, TellApart, RecordDuplicate>;

}  // namespace landfall::project
