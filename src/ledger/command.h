// SPDX-License-Identifier: Apache-2.0
// What a command type declares about itself: the one table of commands (DESIGN §3) is made of these.
#pragma once

#include <span>
#include <string_view>

namespace landfall {

// Whose unit decides whether an account with scope "own unit" may run the command.
enum class Scope : std::uint8_t {
  kJurisdiction,     // Nobody's in particular: only roles that hold the permission for the whole jurisdiction.
  kUnitField,        // The command's own field `owner_unit`.
  kProjectField,     // The owner unit of the project in field `project`.
  kObligationField,  // The unit that owes the obligation in field `obligation`.
  kCaseField,        // The lead unit of the package of the case in field `case_id`, or of the one in field `package`.
  kStepField         // The unit that is competent for step `step` of the case in field `case_id`.
};

// A command is a described struct with `static constexpr CommandInfo kInfo` and `kName` = kInfo.name.
struct CommandInfo {
  std::string_view name;        // Wire name: "project.reach_milestone"
  std::string_view permission;  // "project.write"
  Scope scope = Scope::kJurisdiction;
  std::span<const std::string_view> refusals;  // Codes that its Decide may give, beside those of the field types.
  // A second permission by which an enterprise's account may send it, for what is its own enterprise's; "" for none.
  std::string_view applicant = {};
};

}  // namespace landfall
