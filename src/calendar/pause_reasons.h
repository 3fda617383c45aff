// SPDX-License-Identifier: Apache-2.0
// Why a clock may stand still and by how much it may be extended: declared data (catalog/calendar/reasons.json), each
// with the article it stands on. Without a reason from this table no office can stop its own clock.
//
// Threads: immutable after Load.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/limit.h"

namespace landfall {

struct PauseReason {
  std::string id;
  std::string zh, en;
  std::string basis;            // Law and article; empty where none was verified.
  bool verified = false;        // The article was read. Otherwise the reason is customary (未核实).
  std::optional<WorkDays> cap;  // Of all pauses for this reason on one clock together; beyond it the clock runs.
  std::string cap_basis;
  bool written_notice = true;  // The applicant must be told in writing (行政许可法 第45条).
};

struct ExtensionRule {
  std::string id;
  std::string zh, en;
  std::string basis;
  bool verified = false;
  int extra_max = 0;                     // Of all extensions of one clock together, in the clock's own unit.
  std::string approver_zh, approver_en;  // Whose approval the law asks for.
};

inline constexpr std::string_view kPauseReasonsPath = "calendar/reasons.json";

class PauseReasons {
 public:
  // Reads format landfall.pause_reasons/1 (docs/formats/calendar.md).
  // Errors: calendar.malformed, calendar.duplicate_id.
  static Result<PauseReasons> Load(std::string_view json);

  Result<PauseReason> Reason(std::string_view id) const;       // Errors: clock.unknown_reason.
  Result<ExtensionRule> Extension(std::string_view id) const;  // Errors: clock.unknown_extension_rule.
  const std::vector<PauseReason>& reasons() const { return reasons_; }
  const std::vector<ExtensionRule>& extensions() const { return extensions_; }

 private:
  std::vector<PauseReason> reasons_;
  std::vector<ExtensionRule> extensions_;
};

}  // namespace landfall
